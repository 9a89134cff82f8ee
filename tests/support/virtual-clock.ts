// A Clock whose time stands still until a test advances it. Owns virtual time only: real timers never run here.

import type { Call, Send } from '../../src/call.ts';
import type { Clock } from '../../src/clock.ts';

export interface VirtualClock extends Clock {
  /** Lets `ms` pass: due sleepers wake one by one, the earliest first, each with its consequences before the next. */
  advance(ms: number): Promise<void>;
  /** Sleepers not yet woken; 0 when no timer was left behind. */
  sleepers(): number;
}

interface Sleeper {
  readonly at: number;
  readonly wake: () => void;
}

/** Time begins at 0 on the monotonic scale and at `wall` for people; `random` is a fixed sequence from `seed`. */
export function createVirtualClock({ wall = Date.UTC(2026, 0, 1), seed = 1 } = {}): VirtualClock {
  let now = 0;
  let state = seed;
  const sleeping: Sleeper[] = [];

  function nextDue(until: number): Sleeper | undefined {
    const earliest = Math.min(...sleeping.map((sleeper) => sleeper.at));
    if (earliest > until) return undefined;
    const index = sleeping.findIndex((sleeper) => sleeper.at === earliest);
    return sleeping.splice(index, 1)[0];
  }

  return {
    now: () => now,
    wall: () => wall + now,
    // Park and Miller's minimal standard generator.
    random: () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647,
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        if (signal?.aborted) return reject(signal.reason);
        const onAbort = () => {
          sleeping.splice(sleeping.indexOf(sleeper), 1);
          reject(signal?.reason);
        };
        const sleeper: Sleeper = {
          at: now + Math.max(0, ms),
          wake: () => {
            signal?.removeEventListener('abort', onAbort);
            resolve();
          },
        };
        sleeping.push(sleeper);
        signal?.addEventListener('abort', onAbort, { once: true });
      }),
    async advance(ms) {
      const until = now + ms;
      await settle();
      for (let due = nextDue(until); due !== undefined; due = nextDue(until)) {
        now = due.at;
        due.wake();
        await settle();
      }
      now = until;
    },
    sleepers: () => sleeping.length,
  };
}

/** Resolves once every promise that can settle by itself has. */
export function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

export interface ManualSend {
  readonly send: Send;
  /** The calls that were sent, in order, each to be ended by the test. */
  readonly sent: {
    readonly call: Call;
    readonly signal: AbortSignal;
    resolve(reply: unknown): void;
    reject(error: unknown): void;
  }[];
}

/** A transport in the test's hands. Like the real one it rejects with the signal's reason once that aborts. */
export function createManualSend(): ManualSend {
  const sent: ManualSend['sent'] = [];
  const send: Send = (call, signal) => {
    const { promise, resolve, reject } = Promise.withResolvers<unknown>();
    sent.push({ call, signal, resolve, reject });
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
    return promise;
  };
  return { send, sent };
}
