// Replies kept for a while: how long, for whom, how many; and the counters by which a reader never sees a value from
// before a write of its own.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Call, compose } from '../../src/call.ts';
import { ServalError } from '../../src/errors.ts';
import type { Event } from '../../src/events.ts';
import { createCache, createEpochs } from '../../src/resilience/cache.ts';
import { fallback } from '../../src/resilience/fallback.ts';
import { createProvenance } from '../../src/resilience/provenance.ts';
import { singleFlight } from '../../src/resilience/single-flight.ts';
import { CALLS, failureOf } from '../support/fake-google.ts';
import { createManualSend, createVirtualClock, settle } from '../support/virtual-clock.ts';

const TTL_MS = 10_000;
const never = () => new AbortController().signal;
const DOWN = new ServalError('unavailable', 'm');

function rig({ enabled = (): boolean => true, maxBytes = 100_000 } = {}) {
  const clock = createVirtualClock();
  const events: Event[] = [];
  const epochs = createEpochs();
  const provenance = createProvenance();
  const { send: transport, sent } = createManualSend();
  const cache = createCache({
    clock,
    emit: (event) => events.push(event),
    epochs,
    catchUp: () => {},
    aspectOf: (call) => String(call.scope),
    provenance,
    maxBytes,
    ttlMs: (call) => (call.method === 'spreadsheets.get' ? 6 * TTL_MS : TTL_MS),
    enabled,
  });
  const send = cache.policy(transport);
  const ask = (about: Partial<Call> = {}) => send({ ...CALLS.read, ...about }, never());
  return {
    clock,
    events,
    epochs,
    provenance,
    sent,
    cache,
    send,
    ask,
    /** Asks, and answers what was asked with `reply`. */
    fill: async (reply: unknown, about: Partial<Call> = {}) => {
      const work = ask(about);
      sent.at(-1)?.resolve(reply);
      return work;
    },
    results: () => events.map((event) => event.type === 'cache' && event.result),
  };
}

describe('a reply', () => {
  test('is given again without asking, and said to be from memory and how old', async () => {
    const { clock, fill, ask, sent, provenance, results } = rig();
    const first = await fill({ values: [1] });
    await clock.advance(2_345);
    const second = await ask();
    expect([second, sent.length]).toEqual([{ values: [1] }, 1]);
    expect([provenance.of(first), provenance.of(second)]).toEqual([undefined, { source: 'cache', ageMs: 2_345 }]);
    expect(results()).toEqual(['miss', 'hit']);
  });

  test('of which the caller changes the top is not changed for the next', async () => {
    const { fill, ask } = rig();
    await fill({ values: [1] });
    Object.assign((await ask()) as object, { values: [2] });
    expect(await ask()).toEqual({ values: [1] });
  });

  test('lives from its question on, and hits do not prolong that', async () => {
    const { clock, ask, sent } = rig();
    const slow = ask();
    await clock.advance(4_000);
    sent[0]?.resolve({});
    await slow;
    for (let at = 4_000; at < TTL_MS - 1; at += 1_000) {
      await ask();
      await clock.advance(1_000);
    }
    await clock.advance(TTL_MS - 1 - clock.now());
    await ask();
    expect(sent).toHaveLength(1);
    await clock.advance(1);
    void ask();
    expect(sent).toHaveLength(2);
  });

  test.each([true, false])('that others wait for too is as old as the first question: %s', async (stays) => {
    const { clock, cache, provenance } = rig();
    const { send: transport, sent } = createManualSend();
    const send = compose([cache.policy, singleFlight({ epochOf: () => 0 })], transport);
    const leave = new AbortController();
    const first = send(CALLS.read, leave.signal).catch(() => {});
    await clock.advance(3_000);
    const second = send(CALLS.read, never());
    if (!stays) leave.abort();
    await settle();
    await clock.advance(500);
    const third = send(CALLS.read, never());
    sent[0]?.resolve({});
    await Promise.all([first, second, third]);
    await clock.advance(1_000);
    expect(provenance.of(await send(CALLS.read, never()))).toEqual({ source: 'cache', ageMs: 4_500 });
    // What is asked after that answer is as old as its own question.
    await clock.advance(TTL_MS);
    const later = send(CALLS.read, never());
    sent[1]?.resolve({});
    await later;
    expect(provenance.of(await send(CALLS.read, never()))).toEqual({ source: 'cache', ageMs: 0 });
  });

  test('lives as long as what it shows', async () => {
    const { clock, fill, ask, sent } = rig();
    const names = { method: 'spreadsheets.get', key: 'names' };
    await fill({}, names);
    await clock.advance(6 * TTL_MS - 1);
    await ask(names);
    expect(sent).toHaveLength(1);
    await clock.advance(1);
    void ask(names);
    expect(sent).toHaveLength(2);
  });

  test('is that of one identity and one question', async () => {
    const { fill, ask, sent } = rig();
    await fill({});
    void ask({ identity: 'other' });
    void ask({ key: 'other' });
    expect(sent).toHaveLength(3);
    await ask({ principal: 'other' });
    expect(sent).toHaveLength(3);
  });

  test('is not given to a live read, but is renewed by it', async () => {
    const { clock, fill, ask, sent, results } = rig();
    await fill({ values: [1] });
    await clock.advance(TTL_MS - 1);
    await fill({ values: [2] }, { live: true });
    await clock.advance(1);
    expect([await ask(), sent.length, results()]).toEqual([{ values: [2] }, 2, ['miss', 'hit']]);
  });

  test('of a live read is as old as that, whoever waits already', async () => {
    const { clock, ask, fill, provenance } = rig();
    void ask();
    await clock.advance(3_000);
    await fill({}, { live: true });
    await clock.advance(1_000);
    expect(provenance.of(await ask())).toEqual({ source: 'cache', ageMs: 1_000 });
  });

  test('that is an error is not kept', async () => {
    const { ask, sent, cache } = rig();
    const failed = failureOf(ask());
    sent[0]?.reject(DOWN);
    expect(await failed).toBe(DOWN);
    void ask();
    expect([sent.length, cache.last(CALLS.read)]).toEqual([2, undefined]);
  });

  test('is not given while switched off, but kept for the worst', async () => {
    let enabled = false;
    const { fill, ask, sent, cache, events } = rig({ enabled: () => enabled });
    await fill({ values: [1] });
    await fill({ values: [2] });
    expect([sent.length, cache.last(CALLS.read)?.reply, events]).toEqual([2, { values: [2] }, []]);
    enabled = true;
    expect([await ask(), sent.length]).toEqual([{ values: [2] }, 2]);
  });

  test('of a write is never kept', async () => {
    const { send, sent, events, cache } = rig();
    const signal = never();
    for (let count = 0; count < 2; count++) {
      const work = send(CALLS.write, signal);
      sent[count]?.resolve({});
      await work;
    }
    expect([sent.length, sent[0]?.signal, events, cache.bytes()]).toEqual([2, signal, [], 0]);
  });
});

describe('memory', () => {
  const text = (length: number) => ({ text: 'x'.repeat(length) });

  test('is bounded in bytes: what was used longest ago goes', async () => {
    const { fill, ask, sent, cache } = rig({ maxBytes: 10_000 });
    for (let at = 0; at < 5; at++) await fill(text(1_900), { key: `${at}` });
    await ask({ key: '0' });
    await fill(text(1_900), { key: '5' });
    expect(cache.bytes()).toBeLessThanOrEqual(10_000);
    await ask({ key: '0' });
    expect(sent).toHaveLength(6);
    void ask({ key: '1' });
    expect(sent).toHaveLength(7);
  });

  test('is not given to one reply of more than a quarter of it', async () => {
    const { fill, cache } = rig({ maxBytes: 10_000 });
    await fill(text(1_000), { key: 'a' });
    const before = cache.bytes();
    expect(before).toBeGreaterThan(1_000);
    await fill(text(2_600), { key: 'b' });
    expect([cache.bytes(), cache.last({ ...CALLS.read, key: 'b' })]).toEqual([before, undefined]);
  });

  test('never exceeds it', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.nat(20), fc.nat(3_000)), { maxLength: 60, size: 'max' }),
        async (replies) => {
          const { fill, cache } = rig({ maxBytes: 5_000 });
          for (const [key, length] of replies) {
            await fill(text(length), { key: `${key}`, live: true });
            expect(cache.bytes()).toBeLessThanOrEqual(5_000);
          }
        },
      ),
      { numRuns: 50 },
    );
  });
});

describe('a write', () => {
  test('hides what was read before, from its sending on', async () => {
    const { fill, ask, sent, epochs } = rig();
    await fill({ values: [1] });
    epochs.sending('ID');
    await fill({ values: [1] });
    expect(sent).toHaveLength(2);
    epochs.ended('ID', true);
    void ask();
    expect(sent).toHaveLength(3);
  });

  test('of another spreadsheet hides nothing', async () => {
    const { fill, ask, sent, epochs } = rig();
    await fill({ values: [1] });
    epochs.sending('OTHER');
    epochs.ended('OTHER', true);
    await ask();
    expect(sent).toHaveLength(1);
  });

  test.each(['sending', 'ended'] as const)('makes a fill useless that began before its %s', async (moment) => {
    const { ask, sent, epochs, cache } = rig();
    if (moment === 'ended') epochs.sending('ID');
    const fill = ask();
    if (moment === 'sending') epochs.sending('ID');
    else epochs.ended('ID', true);
    sent[0]?.resolve({ values: ['old'] });
    expect(await fill).toEqual({ values: ['old'] });
    expect(cache.last(CALLS.read)).toBeUndefined();
    void ask();
    expect(sent).toHaveLength(2);
  });
});

describe('the last known reply', () => {
  test('is there however old it is, with its time and what was applied by then', async () => {
    const { clock, fill, cache, epochs } = rig();
    epochs.sending('ID');
    epochs.ended('ID', true);
    await clock.advance(500);
    await fill({ values: [1] });
    await clock.advance(1e9);
    expect(cache.last(CALLS.read)).toEqual({
      reply: { values: [1] },
      at: 500,
      epoch: epochs.epoch('ID'),
      applied: epochs.applied('ID'),
    });
    expect(cache.last({ ...CALLS.read, identity: 'other' })).toBeUndefined();
  });
});

describe('the counters', () => {
  test('epoch moves with the sending and the end of a write, applied only when it may have been applied', () => {
    const { epoch, applied, sending, ended } = createEpochs();
    const steps: [number, number][] = [];
    const note = () => steps.push([epoch('a'), applied('a')]);
    note();
    sending('a');
    note();
    ended('a', false);
    note();
    sending('a');
    ended('a', true);
    note();
    const [before, sent, refused, done] = steps;
    expect(new Set(steps.map(([one]) => one)).size).toBe(4);
    expect([sent?.[1], refused?.[1], done?.[1]]).toEqual([before?.[1], before?.[1], expect.any(Number)]);
    expect(done?.[1]).not.toBe(before?.[1]);
    expect([epoch('b'), applied('b')]).toEqual(before);
  });

  test('that are too many are let go, but none ever shows a number again that it has shown before', () => {
    const epochs = createEpochs();
    const aspects = ['a', 'b', 'never'];
    const shown = aspects.map((aspect) => new Set([epochs.epoch(aspect)]));
    for (let round = 0; round < 4; round++) {
      epochs.sending('a');
      epochs.ended('a', true);
      for (const [at, aspect] of aspects.entries()) {
        const now = epochs.epoch(aspect);
        if (aspect === 'a') expect(shown[at]?.has(now)).toBe(false);
        shown[at]?.add(now);
      }
      const before = epochs.applied('b');
      for (let other = 0; other < 12_000; other++) epochs.sending(`${round} ${other}`);
      expect(epochs.applied('b')).not.toBe(before);
      expect(epochs.epoch('a')).toBeGreaterThanOrEqual(Math.max(...(shown[0] ?? [])));
    }
  });
});

describe('whatever the order of reads, writes and failures', () => {
  const which = fc.nat(100);
  const step = fc.oneof(
    {
      weight: 5,
      arbitrary: fc.record({
        do: fc.constant('read' as const),
        key: fc.constantFrom('k', 'k', 'l'),
        identity: fc.constantFrom('one', 'one', 'two'),
        live: fc.constantFrom(false, false, false, true),
      }),
    },
    { weight: 2, arbitrary: fc.record({ do: fc.constant('look' as const), which }) },
    {
      weight: 4,
      arbitrary: fc.record({ do: fc.constant('reply' as const), which, well: fc.constantFrom(true, true, false) }),
    },
    { weight: 3, arbitrary: fc.record({ do: fc.constant('send' as const) }) },
    { weight: 2, arbitrary: fc.record({ do: fc.constant('apply' as const), which }) },
    { weight: 3, arbitrary: fc.record({ do: fc.constant('end' as const), which }) },
    { weight: 2, arbitrary: fc.record({ do: fc.constant('pass' as const), ms: fc.constantFrom(10, 3_000, 20_000) }) },
  );

  test('no reader is given a value older than a write that had ended and was applied, nor too old a one', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 80, size: 'max' }), async (steps) => {
        const { clock, epochs, provenance, cache } = rig();
        const { send: transport, sent } = createManualSend();
        const aspectOf = (call: Call) => String(call.scope);
        const send = compose(
          [
            fallback({
              clock,
              emit: () => {},
              last: cache.last,
              epochs,
              aspectOf,
              provenance,
              maxStaleMs: 3 * TTL_MS,
              enabled: () => true,
            }),
            cache.policy,
            singleFlight({ epochOf: (call) => epochs.epoch(aspectOf(call)) }),
          ],
          transport,
        );

        /** What Google holds: the number of writes applied. */
        let version = 0;
        /** The version that every later reader must see at least. */
        let settled = 0;
        const writes: { applied: boolean; version: number; over: boolean }[] = [];
        /** What Google saw when it looked at each read that was sent. */
        const looked = new Map<number, { version: number; at: number }>();
        const replied = new Set<number>();
        const reads: Promise<void>[] = [];
        const pick = <T>(list: readonly T[], at: number): T | undefined => list[at % Math.max(1, list.length)];
        const open = () => sent.flatMap((_, at) => (replied.has(at) ? [] : [at]));
        const look = (at: number) => {
          const seen = looked.get(at) ?? { version, at: clock.now() };
          looked.set(at, seen);
          return seen;
        };

        for (const one of steps) {
          if (one.do === 'read') {
            const { do: _, ...about } = one;
            const atLeast = settled;
            const began = clock.now();
            const asked = sent.length;
            const call = { ...CALLS.read, ...about };
            const check = (reply: unknown) => {
              const { of: mine, version: given, at } = reply as { of: Partial<Call>; version: number; at: number };
              const source = provenance.of(reply)?.source;
              expect([mine.key, mine.identity]).toEqual([call.key, call.identity]);
              expect([source, given >= atLeast]).toEqual([source, true]);
              if (source === 'cache') expect(began - at).toBeLessThan(TTL_MS);
              if (source === 'stale') expect(clock.now() - at).toBeLessThanOrEqual(3 * TTL_MS);
              if (call.live) expect([source, at >= began, sent.length > asked]).toEqual([undefined, true, true]);
            };
            const read = send(call, never()).then(check, (error: unknown) => {
              if (error !== DOWN) throw error;
            });
            // Looked at in the end.
            read.catch(() => {});
            reads.push(read);
          } else if (one.do === 'look') {
            const at = pick(open(), one.which);
            if (at !== undefined) look(at);
          } else if (one.do === 'reply') {
            const at = pick(open(), one.which);
            if (at === undefined) continue;
            replied.add(at);
            if (one.well) sent[at]?.resolve({ of: sent[at]?.call, ...look(at) });
            else sent[at]?.reject(DOWN);
          } else if (one.do === 'send') {
            writes.push({ applied: false, version: 0, over: false });
            epochs.sending('ID');
          } else if (one.do === 'apply') {
            const write = pick(
              writes.filter(({ applied, over }) => !applied && !over),
              one.which,
            );
            if (write) Object.assign(write, { applied: true, version: ++version });
          } else if (one.do === 'end') {
            const write = pick(
              writes.filter(({ over }) => !over),
              one.which,
            );
            if (!write) continue;
            write.over = true;
            epochs.ended('ID', write.applied);
            settled = Math.max(settled, write.version);
          } else await clock.advance(one.ms);
          await settle();
        }
        for (const at of open()) {
          replied.add(at);
          sent[at]?.resolve({ of: sent[at]?.call, ...look(at) });
        }
        await Promise.all(reads);
      }),
      { numRuns: 800 },
    );
  });
});
