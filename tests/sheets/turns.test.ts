// The order of writers of one spreadsheet: none overtakes, none is left waiting, whoever leaves.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createTurns, FREE_TURN } from '../../src/sheets/turns.ts';
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
  /** From now on earlier writes can still change the cells, until that is resolved. */
  const disturb = () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    quiet = promise;
    return resolve;
  };
  return { turns, log, noted, disturb };
}

describe('ready', () => {
  test('comes once every earlier writer has handed on or has ended', async () => {
    const { turns, log, noted } = setUp();
    const [first, second, third] = [turns.take('s'), turns.take('s'), turns.take('s')];
    void noted('first', first.ready(STAY));
    void noted('third', third.ready(STAY));
    await settle();
    expect(log).toEqual(['first']);
    const reply = Promise.withResolvers<string>();
    void noted(
      'reply',
      first.handOn(() => reply.promise),
    );
    await settle();
    expect(log).toEqual(['first']);
    second.end();
    await settle();
    expect(log).toEqual(['first', 'third']);
    reply.resolve('done');
    await settle();
    expect(log).toEqual(['first', 'third', 'reply']);
  });

  test('does not wait for writers of another spreadsheet', async () => {
    const { turns, log, noted } = setUp();
    turns.take('s');
    await noted('other', turns.take('t').ready(STAY));
    expect(log).toEqual(['other']);
  });

  test('is given up with the reason of who waits; those behind still wait for those before', async () => {
    const { turns, log, noted } = setUp();
    const [first, second, third] = [turns.take('s'), turns.take('s'), turns.take('s')];
    const leaving = new AbortController();
    void noted('second', second.ready(leaving.signal));
    void noted('third', third.ready(STAY));
    leaving.abort();
    second.end();
    await settle();
    expect(log).toEqual(['second: cancelled']);
    first.end();
    await settle();
    expect(log).toEqual(['second: cancelled', 'third']);
  });
});

describe('alone', () => {
  test('comes once earlier calls are settled and quiet; who comes later waits for it to hand on', async () => {
    const { turns, log, noted, disturb } = setUp();
    const [first, second, third] = [turns.take('s'), turns.take('s'), turns.take('s')];
    const calm = disturb();
    void noted('second alone', second.alone(STAY));
    void noted('third ready', third.ready(STAY));
    await first.handOn(async () => {});
    await settle();
    expect(log).toEqual([]);
    first.end();
    await settle();
    expect(log).toEqual(['quiet s']);
    calm();
    await settle();
    expect(log).toEqual(['quiet s', 'second alone']);
    void second.handOn(async () => {});
    await settle();
    expect(log).toEqual(['quiet s', 'second alone', 'third ready']);
  });

  test('can be had again before anything was handed on, and not after', async () => {
    const { turns, log, noted } = setUp();
    const turn = turns.take('s');
    await noted('once', turn.alone(STAY));
    await noted('twice', turn.alone(STAY));
    await turn.handOn(async () => {});
    await noted('late', turn.alone(STAY));
    expect(log).toEqual(['quiet s', 'once', 'quiet s', 'twice', 'late: conflict']);
    await expect(turn.alone(STAY)).rejects.toMatchObject({ details: { outcome: 'none' } });
  });

  test('is given up with the reason of who waits', async () => {
    const { turns, log, noted } = setUp();
    turns.take('s');
    const leaving = new AbortController();
    const waiting = noted('second', turns.take('s').alone(leaving.signal));
    leaving.abort();
    await waiting;
    expect(log).toEqual(['second: cancelled']);
  });
});

test('a call that fails at once does not hold up who comes after, and ending twice ends nobody else', async () => {
  const { turns, log, noted } = setUp();
  const [first, second, third] = [turns.take('s'), turns.take('s'), turns.take('s')];
  await expect(first.handOn(() => Promise.reject(new Error('refused')))).rejects.toThrow('refused');
  await noted('second', second.ready(STAY));
  first.end();
  first.end();
  void noted('third', third.ready(STAY));
  await settle();
  expect(log).toEqual(['second']);
});

test('who comes when nobody is left waits for nobody', async () => {
  const { turns, log, noted } = setUp();
  turns.take('s').end();
  await noted('next', turns.take('s').ready(STAY));
  await noted('free', FREE_TURN.ready(STAY));
  expect(log).toEqual(['next', 'free']);
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
          await turn.ready(leaving.signal);
          await turn.handOn(async () => {
            expect([undefined, index]).toContain(holder);
            holder = undefined;
            sent.push(index);
            inFlight++;
            await ticks(takes);
            inFlight--;
          });
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
