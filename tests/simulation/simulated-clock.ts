// One clock for the pipe, the backend and the agents. Time moves only when nothing can happen without it: the real
// Google client needs several rounds of the event loop for one answer, and those must not be outrun.

import type { Clock } from '../../src/clock.ts';
import type { Random } from './seeded.ts';

export interface SimulatedClock extends Clock {
  /** Lets time pass; sleepers wake one by one, each with its consequences before the next. */
  runUntil(at: number): Promise<void>;
  /** Something begins that needs no time but rounds of the event loop: time waits for it while it runs. */
  work(): Work;
  /** Moves the clock for people, as a time server does. */
  jump(ms: number): void;
  /** Sleepers not yet woken. */
  sleepers(): number;
}

export interface Work {
  /** It waits for the clock itself, then goes on. */
  asleep(): void;
  awake(): void;
  end(): void;
}

interface Sleeper {
  readonly at: number;
  readonly order: number;
  readonly wake: () => void;
  gone: boolean;
}

/** Rounds of the event loop after which work that has not ended is taken to hang: 5 times what one answer needs. */
const PATIENCE = 60;
/** Rounds in which nothing is at work, before time moves on. */
const QUIET = 2;

export function createSimulatedClock(random: Random): SimulatedClock {
  let now = 0;
  let wall = Date.UTC(2026, 0, 1);
  let order = 0;
  let sleeping = 0;
  /** What time waits for. */
  const running = new Set<Work>();
  const heap: Sleeper[] = [];

  const before = (a: Sleeper, b: Sleeper) => a.at < b.at || (a.at === b.at && a.order < b.order);

  function push(sleeper: Sleeper): void {
    let at = heap.push(sleeper) - 1;
    for (;;) {
      const parent = (at - 1) >> 1;
      const above = heap[parent];
      if (at === 0 || !above || !before(sleeper, above)) break;
      heap[at] = above;
      at = parent;
    }
    heap[at] = sleeper;
  }

  function pop(): void {
    const last = heap.pop();
    if (!last || heap.length === 0) return;
    let at = 0;
    for (;;) {
      const left = 2 * at + 1;
      const [a, b] = [heap[left], heap[left + 1]];
      const child = a && b && before(b, a) ? left + 1 : left;
      const below = heap[child];
      if (!below || !before(below, last)) break;
      heap[at] = below;
      at = child;
    }
    heap[at] = last;
  }

  function earliest(): Sleeper | undefined {
    while (heap[0]?.gone) pop();
    return heap[0];
  }

  async function settle(): Promise<void> {
    for (let quiet = 0, rounds = 0; quiet < QUIET; rounds++) {
      await new Promise((resolve) => setImmediate(resolve));
      if (rounds > PATIENCE) running.clear();
      quiet = running.size > 0 ? 0 : quiet + 1;
    }
  }

  return {
    now: () => now,
    wall: () => wall + now,
    random: random.next,
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        if (signal?.aborted) return reject(signal.reason);
        const onAbort = () => {
          sleeper.gone = true;
          sleeping--;
          reject(signal?.reason);
        };
        const sleeper: Sleeper = {
          at: now + Math.max(0, ms),
          order: order++,
          gone: false,
          wake: () => {
            signal?.removeEventListener('abort', onAbort);
            sleeper.gone = true;
            sleeping--;
            resolve();
          },
        };
        sleeping++;
        push(sleeper);
        signal?.addEventListener('abort', onAbort, { once: true });
      }),
    async runUntil(at) {
      await settle();
      for (let due = earliest(); due !== undefined && due.at <= at; due = earliest()) {
        now = due.at;
        due.wake();
        await settle();
      }
      now = at;
    },
    work: () => {
      let over = false;
      const work: Work = {
        asleep: () => void running.delete(work),
        awake: () => void (over || running.add(work)),
        end: () => {
          over = true;
          running.delete(work);
        },
      };
      running.add(work);
      return work;
    },
    jump: (ms) => {
      wall += ms;
    },
    sleepers: () => sleeping,
  };
}
