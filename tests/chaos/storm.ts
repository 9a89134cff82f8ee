// What goes wrong in a run, and how much of it: odds, fault plans, blackouts, kills. Drawn from the run's seed.

import { setTimeout as sleep } from 'node:timers/promises';
import type { Random } from '../simulation/seeded.ts';
import type { Server } from './processes.ts';
import type { Network, Odds } from './proxy.ts';

/** Requests a minute, in the emulator as in the server's settings: enough to end in time, and enforced. */
export const QUOTA_PER_MINUTE = 1_200;
export const QUOTA = {
  readsPerMinutePerUser: QUOTA_PER_MINUTE,
  writesPerMinutePerUser: QUOTA_PER_MINUTE,
  readsPerMinutePerProject: QUOTA_PER_MINUTE,
  writesPerMinutePerProject: QUOTA_PER_MINUTE,
};

/** How hard it blows. */
export interface Storm {
  /** Of the proxy. */
  readonly odds: Odds;
  /** A write that was refused or lost is done so much later all the same. */
  readonly lateMs: readonly [number, number];
  /** Delays of the proxy: the longer ones outlast the server's patience. */
  readonly delayMs: readonly [number, number];
  /** Between two outages, and how long one lasts; long enough to open the circuit. */
  readonly calmMs: readonly [number, number];
  readonly outageMs: readonly [number, number];
  readonly blackoutMs: readonly [number, number];
}

/** The emulator's faults for as long as `limitMs`, outages of the whole service among them. */
export function faultPlan({ lateMs, calmMs, outageMs }: Storm, random: Random, limitMs: number): object {
  const outages: object[] = [];
  for (let from = random.between(...calmMs); from < limitMs; ) {
    const until = from + random.between(...outageMs);
    outages.push({ from, until, fault: { status: 503 } });
    from = until + random.between(...calmMs);
  }
  const write = (probability: number, fault: object) => ({ method: 'POST', path: 'batchUpdate', probability, fault });
  const rules = [
    { fault: { latencyMs: [5, 30] } },
    ...outages,
    write(0.015, { lateMs, reply: 503 }),
    write(0.015, { lateMs, reply: 'reset' }),
    write(0.015, { status: 503, applied: true }),
    write(0.01, { truncate: true }),
    write(0.004, { hang: true, applied: true }),
    { method: 'GET', probability: 0.01, fault: { status: 503 } },
    { probability: 0.005, fault: { html: true } },
  ];
  return { seed: random.below(2 ** 31), quota: QUOTA, rules };
}

/** The network goes dark now and then, until the signal; resolves when it is light again. */
export async function blackouts(proxy: Network, storm: Storm, random: Random, signal: AbortSignal): Promise<void> {
  for (let turn = 0; ; turn++) {
    await sleep(random.between(...storm.calmMs), undefined, { signal }).catch(() => {});
    if (signal.aborted) return;
    await proxy.blackout(random.between(...storm.blackoutMs), turn % 2 === 0 ? 'refuse' : 'reset');
  }
}

/** `kills` kills, spread over the run by its progress (0 to 1), some while the server comes up; tells how many. */
export async function kills(
  server: Server,
  count: number,
  progress: () => number,
  random: Random,
  signal: AbortSignal,
): Promise<number> {
  let done = 0;
  const wait = async (ms: number) => {
    await sleep(ms, undefined, { signal }).catch(() => {});
  };
  while (done < count && !signal.aborted) {
    // One in three dies again on its way up, without having done anything for anyone.
    const comingUp = done > 0 && done % 3 === 0;
    if (!comingUp) while (progress() < (done + 0.5) / (count + 1) && !signal.aborted) await wait(20);
    await wait(random.between(0, comingUp ? 900 : 500));
    if (signal.aborted) break;
    await server.kill();
    done++;
    await wait(random.between(0, 200));
    await server.start();
  }
  return done;
}
