// The order of writers of one spreadsheet: none overtakes, none is left waiting, whoever leaves.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createTurns, FREE_TURN, type Turn } from '../../src/sheets/turns.ts';
import { settle } from '../support/virtual-clock.ts';

const STAY = new AbortController().signal;

/** Turns whose quiet is in the test's hands; `log` is what happened, in order. */
function setUp() {
  const log: string[] = [];
  let quiet = Promise.resolve();
  const turns = createTurns({
    quiet: async (spreadsheet) => {
      log.push(`quiet ${spreadsheet}`);
      await quiet;
    },
  });
  const noted = async (name: string, work: Promise<unknown>) => {
    await work.then(
      () => log.push(name),
      (error) => log.push(`${name}: ${error.code ?? error}`),
    );
  };
  return {
    turns,
    log,
    noted,
    /** Hands on a call that says when it is made and when it is done. */
    handOn: (name: string, turn: Turn, { signal = STAY, reply = Promise.resolve() as Promise<unknown> } = {}) =>
      noted(
        `${name} done`,
        turn.handOn(() => {
          log.push(name);
          return reply;
        }, signal),
      ),
    /** From now on earlier writes can still change the cells, until that is resolved. */
    disturb: () => {
      const { promise, resolve } = Promise.withResolvers<void>();
      quiet = promise;
      return resolve;
    },
    take: (count: number) => Array.from({ length: count }, () => turns.take('s')) as [Turn, Turn, Turn],
  };
}

describe('a call', () => {
  test('is made once every earlier writer has made its own or has ended, however long theirs are under way', async () => {
    const { take, log, handOn } = setUp();
    const [first, second, third] = take(3);
    const reply = Promise.withResolvers<unknown>();
    void handOn('third', third);
    await settle();
    expect(log).toEqual([]);
    void handOn('first', first, { reply: reply.promise });
    await settle();
    expect(log).toEqual(['first']);
    second.end();
    await settle();
    expect(log).toEqual(['first', 'third', 'third done']);
    reply.resolve('done');
    await settle();
    expect(log.at(-1)).toBe('first done');
  });

  test('is made in one step with those before it that wait for the same', () => {
    const { take, log, handOn } = setUp();
    const [first, second, third] = take(3);
    void handOn('third', third);
    void handOn('second', second);
    void handOn('first', first);
    expect(log).toEqual(['first', 'second', 'third']);
  });

  test('does not wait for writers of another spreadsheet', async () => {
    const { take, turns, log, handOn } = setUp();
    take(1);
    await handOn('other', turns.take('t'));
    expect(log).toEqual(['other', 'other done']);
  });

  test('of who leaves is not made; those behind still wait for those before', async () => {
    const { take, log, handOn } = setUp();
    const [first, second, third] = take(3);
    const leaving = new AbortController();
    void handOn('second', second, { signal: leaving.signal });
    void handOn('third', third);
    leaving.abort();
    await settle();
    expect(log).toEqual(['second done: cancelled']);
    second.end();
    await settle();
    expect(log).toHaveLength(1);
    first.end();
    await settle();
    expect(log).toEqual(['second done: cancelled', 'third', 'third done']);
  });

  test('of who has left already is not made', async () => {
    const { take, log, handOn } = setUp();
    await handOn('first', take(1)[0], { signal: AbortSignal.abort() });
    expect(log).toEqual(['first done: cancelled']);
  });

  test('that fails, at once or later, is its writer’s failure and holds up nobody', async () => {
    const { take, log, noted, handOn } = setUp();
    const [first, second, third] = take(3);
    void handOn('third', third);
    const broken = () => {
      throw new Error('broken');
    };
    void noted('second', second.handOn(broken, STAY));
    void noted(
      'first',
      first.handOn(() => Promise.reject(new Error('refused')), STAY),
    );
    await settle();
    expect(log.toSorted()).toEqual(['first: Error: refused', 'second: Error: broken', 'third', 'third done']);
  });

  test('of a writer that has made one goes out at once', async () => {
    const { take, log, handOn } = setUp();
    const [first, second] = take(3);
    await handOn('first', first);
    void second;
    await handOn('first again', first);
    expect(log).toEqual(['first', 'first done', 'first again', 'first again done']);
  });
});

describe('alone', () => {
  test('comes once earlier calls are settled and quiet; who comes later waits for it to hand on', async () => {
    const { take, log, noted, handOn, disturb } = setUp();
    const [first, second, third] = take(3);
    const calm = disturb();
    void noted('second alone', second.alone(STAY));
    void handOn('third', third);
    await handOn('first', first);
    await settle();
    expect(log).toEqual(['first', 'first done']);
    first.end();
    await settle();
    expect(log).toEqual(['first', 'first done', 'quiet s']);
    calm();
    await settle();
    expect(log.slice(3)).toEqual(['second alone']);
    void handOn('second', second);
    await settle();
    expect(log.slice(4, 6)).toEqual(['second', 'third']);
  });

  test('can be had again before anything was handed on, and not after', async () => {
    const { take, log, noted, handOn } = setUp();
    const [turn] = take(1);
    await noted('once', turn.alone(STAY));
    await noted('twice', turn.alone(STAY));
    await handOn('call', turn);
    await noted('late', turn.alone(STAY));
    expect(log).toEqual(['quiet s', 'once', 'quiet s', 'twice', 'call', 'call done', 'late: conflict']);
    await expect(turn.alone(STAY)).rejects.toMatchObject({ details: { outcome: 'none' } });
  });

  test('is given up with the reason of who waits', async () => {
    const { take, log, noted } = setUp();
    const [, second] = take(2);
    const leaving = new AbortController();
    const waiting = noted('second', second.alone(leaving.signal));
    leaving.abort();
    await waiting;
    expect(log).toEqual(['second: cancelled']);
  });
});

test('ending twice ends nobody else', async () => {
  const { take, log, handOn } = setUp();
  const [first, , third] = take(3);
  first.end();
  first.end();
  void handOn('third', third);
  await settle();
  expect(log).toEqual([]);
});

test('who comes when nobody is left waits for nobody', async () => {
  const { take, log, handOn } = setUp();
  take(1)[0].end();
  await handOn('next', take(1)[0]);
  await handOn('free', FREE_TURN);
  expect(log).toEqual(['next', 'next done', 'free', 'free done']);
});

test('whatever writers do, calls go out in the order of the turns and nobody changes the cells beside one alone', async () => {
  const writer = fc.record({
    alone: fc.boolean(),
    thinks: fc.nat(4),
    takes: fc.nat(4),
    leaves: fc.constantFrom('no', 'no', 'no', 'before', 'waiting'),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(writer, { maxLength: 12 }), async (writers) => {
      const turns = createTurns({ quiet: async () => {} });
      const sent: number[] = [];
      let inFlight = 0;
      let holder: number | undefined;
      const ticks = async (count: number) => {
        for (let tick = 0; tick < count; tick++) await settle();
      };
      const run = async (index: number, { alone, thinks, takes, leaves }: (typeof writers)[number]) => {
        const turn = turns.take('s');
        const leaving = new AbortController();
        try {
          if (leaves === 'before') return;
          if (leaves === 'waiting') leaving.abort();
          if (alone) {
            await turn.alone(leaving.signal);
            expect(inFlight).toBe(0);
            holder = index;
          }
          await ticks(thinks);
          await turn.handOn(async () => {
            expect([undefined, index]).toContain(holder);
            holder = undefined;
            sent.push(index);
            inFlight++;
            await ticks(takes);
            inFlight--;
          }, leaving.signal);
        } finally {
          if (holder === index) holder = undefined;
          turn.end();
        }
      };
      const ends = await Promise.allSettled(writers.map((one, index) => run(index, one)));
      const failed = ends.filter((end) => end.status === 'rejected').map(({ reason }) => reason.code ?? reason);
      expect(failed.filter((code) => code !== 'cancelled')).toEqual([]);
      expect(sent).toEqual(writers.flatMap(({ leaves }, index) => (leaves === 'no' ? [index] : [])));
    }),
    { numRuns: 100 },
  );
});
