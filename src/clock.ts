// Time and chance, injected everywhere so that tests run on a virtual clock. No other file reads the
// system's clock, sleeps or draws random numbers.

export interface Clock {
  /**
   * Monotonic milliseconds; only differences mean anything. Deadlines are on this scale. All processes of one boot of
   * the machine share it, which is what lets them share a quota log.
   */
  now(): number;
  /** Wall-clock milliseconds since the epoch; for time-stamps people read. */
  wall(): number;
  /** Resolves after `ms`, rejects with the signal's reason as soon as it aborts. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
  /** Uniform in [0, 1). */
  random(): number;
}

export const systemClock: Clock = {
  now: () => Number(process.hrtime.bigint()) / 1e6,
  wall: () => Date.now(),
  random: () => Math.random(),
  sleep: (ms, signal) =>
    new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason);
      const onAbort = () => {
        clearTimeout(timer);
        reject(signal?.reason);
      };
      const timer = setTimeout(() => {
        signal?.removeEventListener('abort', onAbort);
        resolve();
      }, ms);
      signal?.addEventListener('abort', onAbort, { once: true });
    }),
};
