// Group commit: what travels together and when, whose fault a refusal is, and what becomes of those who leave.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Call } from '../../src/call.ts';
import { ServalError } from '../../src/errors.ts';
import type { Event } from '../../src/events.ts';
import { createBatch, type Merger } from '../../src/resilience/batch.ts';
import { CALLS, failureOf } from '../support/fake-google.ts';
import { createManualSend, settle } from '../support/virtual-clock.ts';

const never = () => new AbortController().signal;
const gone = new ServalError('cancelled', 'bye');

/** Merges what has one group, eight at most; a call's parameters are its items, those in capitals are bad. */
const merger: Merger = {
  key: ({ params: { group } }) => (group === 'alone' ? undefined : String(group)),
  fits: (calls) => Math.min(8, calls.length),
  merge: (calls) => ({ ...(calls[0] ?? CALLS.read), params: { ...calls[0]?.params, items: calls.flatMap(itemsOf) } }),
  split: (reply) => (reply as { items: string[] }).items.map((item) => ({ items: [item] })),
  blame: ({ message }, calls) => {
    const index = Number(/^item\[(\d+)\]/.exec(message)?.[1] ?? -1);
    return calls[index] && { index, error: new ServalError('invalid_argument', 'item[0] is bad', { outcome: 'none' }) };
  },
};

const itemsOf = ({ params }: Call) => params.items as string[];
const isBad = (item: string) => item < 'a';

/** What Google says to a call with these items, some of them bad. */
const named = (items: string[]) =>
  new ServalError('invalid_argument', `item[${items.findIndex(isBad)}] is bad`, { outcome: 'none' });
const unnamed = () => new ServalError('invalid_argument', 'Something is bad.', { outcome: 'none' });

interface About extends Partial<Call> {
  /** Calls of one group may be merged; `alone`: this one never is. */
  readonly group?: string;
}

function call(kind: Call['kind'], item: string, { group = 'g', ...about }: About): Call {
  return { ...CALLS[kind], ...about, params: { items: [item], group } };
}
const write = (item: string, about: About = {}) => call('write', item, about);
const read = (item: string, about: About = {}) => call('read', item, about);

/** The policy over a transport in the test's hands; what reaches the transport counts as sent unless `holding`. */
function rig({
  enabled = (): boolean => true,
  room = async (_call: Call, _signal: AbortSignal) => {},
  holding = false,
} = {}) {
  const events: Event[] = [];
  const detached: Promise<void>[] = [];
  let ended = 0;
  const { send: transport, sent } = createManualSend();
  const batch = createBatch({
    merger,
    emit: (event) => events.push(event),
    enabled,
    room,
    onDetached: (end) => {
      detached.push(end);
      void end.then(() => ended++);
    },
  });
  const send = batch.policy((one, signal) => {
    if (!holding) batch.sent(signal);
    return transport(one, signal);
  });
  return {
    batch,
    events,
    detached,
    ended: () => ended,
    sent,
    /** The items of each call that was sent. */
    flushes: () => sent.map((one) => itemsOf(one.call).join('')),
    send: (one: Call, signal = never()) => send(one, signal),
    /** Answers the call of that place as Google would, and lets the consequences happen. */
    answer: async (at: number) => {
      const { call: one } = sent[at] ?? { call: CALLS.read };
      sent[at]?.resolve({ items: itemsOf(one).map((item) => `${item}!`) });
      await settle();
    },
    refuse: async (at: number, error: ServalError) => {
      sent[at]?.reject(error);
      await settle();
    },
  };
}

/** A `room` in the test's hands. */
function rooms() {
  const asked: { call: Call; signal: AbortSignal; grant: () => void; refuse: (error: ServalError) => void }[] = [];
  const room = (one: Call, signal: AbortSignal) =>
    new Promise<void>((grant, refuse) => {
      asked.push({ call: one, signal, grant, refuse });
      signal.addEventListener('abort', () => refuse(signal.reason));
    });
  return { asked, room };
}

describe('an idle lane', () => {
  test.each(['read', 'write'] as const)('sends at the end of the turn what came in it: one %s', async (kind) => {
    const { sent, send } = rig();
    void send(call(kind, 'a', {}));
    expect(sent).toEqual([]);
    await settle();
    expect(sent).toHaveLength(1);
  });

  test('sends the calls of one turn as one, and each is given its own part', async () => {
    const { flushes, send, answer, events } = rig();
    const all = Promise.all([send(write('a')), send(write('b')), send(write('c'))]);
    await settle();
    expect(flushes()).toEqual(['abc']);
    await answer(0);
    expect(await all).toEqual([{ items: ['a!'] }, { items: ['b!'] }, { items: ['c!'] }]);
    expect(events).toEqual([{ type: 'batch', kind: 'write', size: 3 }]);
  });

  test('passes a single call and its reply as they are', async () => {
    const { sent, send, events } = rig();
    const only = write('a');
    const reply = send(only);
    await settle();
    expect(sent[0]?.call).toBe(only);
    const given = { anything: 1 };
    sent[0]?.resolve(given);
    expect(await reply).toBe(given);
    expect(events).toEqual([{ type: 'batch', kind: 'write', size: 1 }]);
  });
});

describe('a busy lane', () => {
  test('gathers while a write is in flight, and sends it all with its end', async () => {
    const { flushes, send, answer } = rig();
    void send(write('a'));
    await settle();
    for (const item of ['b', 'c', 'd']) {
      void send(write(item));
      await settle();
    }
    expect(flushes()).toEqual(['a']);
    await answer(0);
    expect(flushes()).toEqual(['a', 'bcd']);
    await answer(1);
    expect(flushes()).toEqual(['a', 'bcd']);
  });

  test('gathers while it waits for room, and seals only then', async () => {
    const { asked, room } = rooms();
    const { flushes, send } = rig({ room });
    void send(write('a'));
    await settle();
    void send(write('b'));
    await settle();
    expect([flushes(), asked.length]).toEqual([[], 1]);
    asked[0]?.grant();
    await settle();
    expect(flushes()).toEqual(['ab']);
  });

  test('goes on with what waits after a failure', async () => {
    const { flushes, send, refuse } = rig();
    const failed = failureOf(send(write('a')));
    await settle();
    void send(write('b'));
    await refuse(0, new ServalError('unavailable', 'm', { outcome: 'none' }));
    expect((await failed).code).toBe('unavailable');
    expect(flushes()).toEqual(['a', 'b']);
  });

  test('has two flushes of reads in flight, and gathers for the third', async () => {
    const { flushes, send, answer } = rig();
    for (const item of ['a', 'b', 'c', 'd']) {
      void send(read(item));
      await settle();
    }
    expect(flushes()).toEqual(['a', 'b']);
    await answer(1);
    expect(flushes()).toEqual(['a', 'b', 'cd']);
  });

  test('asks for room once for all the reads that wait for it', async () => {
    const { asked, room } = rooms();
    const { flushes, send } = rig({ room });
    for (const item of ['a', 'b', 'c']) {
      void send(read(item));
      await settle();
    }
    expect(asked).toHaveLength(1);
    asked[0]?.grant();
    await settle();
    expect([flushes(), asked.length]).toEqual([['abc'], 1]);
  });

  test('sends what did not fit into the first flush of reads beside it, in the same turn', async () => {
    const { flushes, send } = rig();
    for (const item of 'abcdefghijklmnopqrst') void send(read(item));
    await settle();
    expect(flushes()).toEqual(['abcdefgh', 'ijklmnop']);
  });

  test('keeps nobody else waiting: other spreadsheets, identities, groups of reads, reads beside writes', async () => {
    const { flushes, send } = rig();
    void send(write('a'));
    await settle();
    void send(write('b', { scope: 'OTHER' }));
    void send(write('c', { identity: 'other' }));
    void send(read('d'));
    void send(read('e'));
    void send(read('f', { group: 'h' }));
    await settle();
    expect(flushes()).toEqual(['a', 'b', 'c', 'de', 'f']);
  });
});

describe('what travels together', () => {
  test('is the longest run of compatible writes, and arrival stays the order', async () => {
    const { flushes, send, answer } = rig();
    const groups = { a: 'g', b: 'g', c: 'h', d: 'g', e: 'alone', f: 'alone', g: 'h', h: 'h' };
    for (const [item, group] of Object.entries(groups)) void send(write(item, { group }));
    await settle();
    for (let at = 0; at < 6; at++) await answer(at);
    expect(flushes()).toEqual(['ab', 'c', 'd', 'e', 'f', 'gh']);
  });

  test('is as much as fits, the rest goes next', async () => {
    const { flushes, send, answer } = rig();
    for (const item of 'abcdefghij') void send(write(item));
    await settle();
    await answer(0);
    expect(flushes()).toEqual(['abcdefgh', 'ij']);
  });

  test('never crosses an identity; principals of one identity share', async () => {
    const { flushes, send } = rig();
    void send(write('a', { identity: 'one', principal: 'p' }));
    void send(write('b', { identity: 'two', principal: 'p' }));
    void send(write('c', { identity: 'one', principal: 'q' }));
    await settle();
    expect(flushes()).toEqual(['ac', 'b']);
  });

  test('never is a read that goes alone, nor a call without a spreadsheet: they wait for nobody', async () => {
    const { flushes, send } = rig();
    void send(read('a', { group: 'alone' }));
    void send(read('b', { group: 'alone' }));
    void send(read('c', { scope: null }));
    void send(write('d', { scope: null, group: 'alone' }));
    void send(write('e', { scope: null, group: 'alone' }));
    await settle();
    expect(flushes()).toEqual(['a', 'b', 'c', 'd', 'e']);
  });

  test('has the latest deadline and the highest priority of all', async () => {
    const { sent, send } = rig();
    void send(write('a', { deadline: 100, priority: 'background' }));
    void send(write('b', { deadline: 300, priority: 'interactive' }));
    void send(write('c', { deadline: 200, priority: 'background' }));
    void send(write('d', { scope: 'OTHER', deadline: 7, priority: 'background' }));
    await settle();
    expect(sent.map(({ call: { deadline, priority } }) => [deadline, priority])).toEqual([
      [300, 'interactive'],
      [7, 'background'],
    ]);
    expect(Object.isFrozen(sent[0]?.call)).toBe(true);
  });

  test('asks for room with the urgency of all who wait', async () => {
    const { asked, room } = rooms();
    const { send } = rig({ room });
    void send(write('a', { deadline: 100, priority: 'background' }));
    void send(write('b', { deadline: 300, priority: 'interactive' }));
    await settle();
    expect(asked.map(({ call: { deadline, priority } }) => [deadline, priority])).toEqual([[300, 'interactive']]);
  });
});

describe('switched off', () => {
  test('reads pass at once, with their own signal', async () => {
    const { sent, send } = rig({ enabled: () => false });
    const signal = never();
    void send(read('a'), signal);
    void send(read('b'));
    expect(sent.map(({ call: one }) => itemsOf(one))).toEqual([['a'], ['b']]);
    expect(sent[0]?.signal).toBe(signal);
  });

  test('writes keep their order, one after the other, and nothing is merged or counted', async () => {
    const { asked, room } = rooms();
    const { flushes, send, answer, events } = rig({ enabled: () => false, room });
    for (const item of ['a', 'b', 'c']) void send(write(item));
    await settle();
    expect(flushes()).toEqual(['a']);
    await answer(0);
    await answer(1);
    expect([flushes(), events, asked]).toEqual([['a', 'b', 'c'], [], []]);
  });

  test('it can be at any time', async () => {
    let enabled = true;
    const { flushes, send, answer } = rig({ enabled: () => enabled });
    for (const item of ['a', 'b']) void send(write(item));
    await settle();
    for (const item of ['c', 'd']) void send(write(item));
    enabled = false;
    await answer(0);
    expect(flushes()).toEqual(['ab', 'c']);
  });
});

describe('a refusal', () => {
  test('that names a part is that callers alone, with its own index; the rest is sent again', async () => {
    const { flushes, send, answer, refuse } = rig();
    const [a, b, c] = [send(write('a')), failureOf(send(write('B'))), send(write('c'))];
    await settle();
    await refuse(0, named(['a', 'B', 'c']));
    expect((await b).message).toBe('item[0] is bad');
    expect(flushes()).toEqual(['aBc', 'ac']);
    await answer(1);
    expect(await Promise.all([a, c])).toEqual([{ items: ['a!'] }, { items: ['c!'] }]);
  });

  test('that names several, one after the other, leaves the good ones', async () => {
    const { flushes, sent, send, answer, refuse } = rig();
    const all = Promise.allSettled([...'AbCD'].map((item) => send(write(item))));
    for (let at = 0; at < 3; at++) {
      await settle();
      await refuse(at, named(itemsOf(sent[at]?.call ?? CALLS.read)));
    }
    await answer(3);
    expect(flushes()).toEqual(['AbCD', 'bCD', 'bD', 'b']);
    expect((await all).map(({ status }) => status)).toEqual(['rejected', 'fulfilled', 'rejected', 'rejected']);
  });

  test('holds the writes behind it until the resent ones are done', async () => {
    const { flushes, send, answer, refuse } = rig();
    for (const item of ['a', 'B']) send(write(item)).catch(() => {});
    await settle();
    void send(write('c'));
    await refuse(0, named(['a', 'B']));
    expect(flushes()).toEqual(['aB', 'a']);
    await answer(1);
    expect(flushes()).toEqual(['aB', 'a', 'c']);
  });

  test.each([
    'permission_denied',
    'not_found',
    'conflict',
    'unavailable',
    'quota_exhausted',
    'outcome_unknown',
  ] as const)('that is about the whole is everyones: %s', async (code) => {
    const { flushes, send, refuse } = rig();
    const errors = Promise.all(['a', 'b'].map((item) => failureOf(send(write(item)))));
    await settle();
    const error = new ServalError(code, 'item[0] is bad');
    await refuse(0, error);
    expect(await errors).toEqual([error, error]);
    expect(flushes()).toEqual(['ab']);
  });

  test('of a single call is its own, whatever it names', async () => {
    const { flushes, send, refuse } = rig();
    const failed = failureOf(send(write('A')));
    await settle();
    const error = unnamed();
    await refuse(0, error);
    expect(await failed).toBe(error);
    expect(flushes()).toEqual(['A']);
  });

  test.each([2, 3, 4, 5, 7, 8])('that names none is found among %d by halving', async (count) => {
    for (let bad = 0; bad < count; bad++) {
      const { flushes, sent, send, answer, refuse } = rig();
      const items = [...'abcdefgh'.slice(0, count)].map((item, at) => (at === bad ? item.toUpperCase() : item));
      const all = Promise.allSettled(items.map((item) => send(write(item))));
      await settle();
      for (let at = 0; at < sent.length; at++) {
        const own = itemsOf(sent[at]?.call ?? CALLS.read);
        if (own.some(isBad)) await refuse(at, unnamed());
        else await answer(at);
      }
      const ends = await all;
      expect(ends.map(({ status }, at) => [at, status])).toEqual(
        items.map((_, at) => [at, at === bad ? 'rejected' : 'fulfilled']),
      );
      // The call that was refused, the bad one by itself, the rest, and between them a search.
      expect([flushes(), sent.length <= 3 + Math.ceil(Math.log2(count))]).toEqual([flushes(), true]);
      const applied = flushes().filter((flush) => flush === flush.toLowerCase());
      expect(applied.join('')).toBe(items.filter((_, at) => at !== bad).join(''));
    }
  });

  test('by our own admission of a flush not yet sealed is that of all who waited, not of who came since', async () => {
    const { asked, room } = rooms();
    const { flushes, send } = rig({ room });
    const errors = Promise.all(['a', 'b'].map((item) => failureOf(send(write(item)))));
    await settle();
    void send(write('c'));
    const error = new ServalError('circuit_open', 'm', { sent: false, outcome: 'none' });
    asked[0]?.refuse(error);
    expect(await errors).toEqual([error, error]);
    await settle();
    expect([asked.length, flushes()]).toEqual([2, []]);
    asked[1]?.grant();
    await settle();
    expect(flushes()).toEqual(['c']);
  });

  test('is no answer to a reply that does not divide: of a write it is unknown what was applied', async () => {
    const { sent, send } = rig();
    const errors = Promise.all([read('a'), read('b'), write('c'), write('d')].map((one) => failureOf(send(one))));
    await settle();
    for (const { resolve } of sent) resolve({ items: ['a!'] });
    expect((await errors).map(({ code }) => code)).toEqual([
      'internal',
      'internal',
      'outcome_unknown',
      'outcome_unknown',
    ]);
  });
});

describe('who leaves', () => {
  test('while others wait cancels nothing for them, and is answered at once', async () => {
    for (const kind of ['read', 'write'] as const) {
      const { sent, send, answer } = rig();
      const leave = new AbortController();
      const left = failureOf(send(call(kind, 'a', {}), leave.signal));
      const stays = send(call(kind, 'b', {}));
      await settle();
      leave.abort(gone);
      expect((await left).code).toBe(kind === 'read' ? 'cancelled' : 'outcome_unknown');
      expect(sent[0]?.signal.aborted).toBe(false);
      await answer(0);
      expect(await stays).toEqual({ items: ['b!'] });
    }
  });

  test('last of a read aborts it', async () => {
    const { sent, send } = rig();
    const leaves = [new AbortController(), new AbortController()] as const;
    const errors = Promise.all(leaves.map((leave, at) => failureOf(send(read(`${at}`), leave.signal))));
    await settle();
    leaves[0].abort(gone);
    expect(sent[0]?.signal.aborted).toBe(false);
    leaves[1].abort(gone);
    expect(sent[0]?.signal.aborted).toBe(true);
    expect(await errors).toEqual([gone, gone]);
  });

  test('last of a write that was sent leaves it going, told outcome_unknown, and its end is watched', async () => {
    const { sent, send, answer, detached, ended } = rig();
    const leave = new AbortController();
    const errors = Promise.all(['a', 'b'].map((item) => failureOf(send(write(item), leave.signal))));
    await settle();
    leave.abort(gone);
    expect((await errors).map(({ code, details }) => [code, details.outcome])).toEqual(
      Array(2).fill(['outcome_unknown', 'unknown']),
    );
    expect([sent[0]?.signal.aborted, detached.length > 0, ended()]).toEqual([false, true, 0]);
    await answer(0);
    expect(ended()).toBe(detached.length);
  });

  test('last of a write that was sealed and not yet sent takes it back', async () => {
    const { sent, send, detached } = rig({ holding: true });
    const leave = new AbortController();
    const errors = Promise.all(['a', 'b'].map((item) => failureOf(send(write(item), leave.signal))));
    await settle();
    leave.abort(gone);
    expect(sent[0]?.signal.aborted).toBe(true);
    // The first to leave cannot know that the others will: of the last one it is sure that nothing was sent.
    const told = (await errors).map(({ code, details }) => [code, details.sent, details.outcome]);
    expect(told).toEqual([
      ['outcome_unknown', undefined, 'unknown'],
      ['cancelled', false, 'none'],
    ]);
    expect(detached).toHaveLength(1);
  });

  test('while it is still queued is never sent, and nobody else is concerned', async () => {
    const { flushes, send, answer, detached } = rig();
    const leave = new AbortController();
    void send(write('a'));
    await settle();
    const left = failureOf(send(write('b'), leave.signal));
    void send(write('c'));
    leave.abort(gone);
    const { code, message, details } = await left;
    expect([code, message, details.sent, details.outcome]).toEqual(['cancelled', 'bye', false, 'none']);
    await answer(0);
    expect([flushes(), detached]).toEqual([['a', 'c'], []]);
  });

  test('before it came is not sent', async () => {
    const { sent, send } = rig();
    const errors = await Promise.all([
      failureOf(send(read('a'), AbortSignal.abort(gone))),
      failureOf(send(write('b'), AbortSignal.abort(gone))),
    ]);
    await settle();
    expect(errors.map(({ code, details }) => [code, details.outcome])).toEqual([
      ['cancelled', undefined],
      ['cancelled', 'none'],
    ]);
    expect(sent).toEqual([]);
  });

  test.each(['read', 'write'] as const)('last of those for whom room is asked ends the asking: %s', async (kind) => {
    const { asked, room } = rooms();
    const { flushes, send } = rig({ room });
    const leaves = [new AbortController(), new AbortController()] as const;
    const errors = Promise.all(leaves.map((leave, at) => failureOf(send(call(kind, `${at}`, {}), leave.signal))));
    await settle();
    leaves[0].abort(gone);
    expect(asked.map(({ signal }) => signal.aborted)).toEqual([false]);
    leaves[1].abort(gone);
    expect((await errors).map(({ code }) => code)).toEqual(['cancelled', 'cancelled']);
    expect(asked.map(({ signal }) => signal.aborted)).toEqual(asked.map(() => true));
    void send(call(kind, 'c', {}));
    await settle();
    asked.at(-1)?.grant();
    await settle();
    expect(flushes()).toEqual(['c']);
  });

  test('while a refusal is sorted out is not sent again, and told that nothing was applied', async () => {
    const { flushes, send, answer, refuse } = rig();
    const leave = new AbortController();
    const all = [...'aBcd'].map((item) => send(write(item), item === 'd' ? leave.signal : never()));
    const ends = Promise.allSettled(all);
    await settle();
    await refuse(0, unnamed());
    expect(flushes()).toEqual(['aBcd', 'aB']);
    leave.abort(gone);
    expect((await failureOf(all[3] ?? Promise.resolve())).details.outcome).toBe('none');
    await refuse(1, unnamed());
    await answer(2);
    await refuse(3, unnamed());
    await answer(4);
    expect(flushes()).toEqual(['aBcd', 'aB', 'a', 'B', 'c']);
    expect((await ends).map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled', 'rejected']);
  });

  test('while its refused flush was in flight is not sent again', async () => {
    const { flushes, send, answer, refuse } = rig();
    const leave = new AbortController();
    for (const item of ['a', 'b', 'C']) send(write(item), item === 'b' ? leave.signal : never()).catch(() => {});
    await settle();
    leave.abort(gone);
    await refuse(0, unnamed());
    await answer(1);
    expect(flushes()).toEqual(['abC', 'a', 'C']);
  });
});

/** One caller of the random runs below, and what it was told. */
interface Caller {
  readonly item: string;
  readonly call: Call;
  readonly leave: AbortController;
  left: boolean;
  told?: { readonly ok: unknown } | { readonly error: ServalError };
  answers: number;
}

/** A call below the policy: waiting for admission, or sent. */
interface Flying {
  readonly call: Call;
  readonly signal: AbortSignal;
  sent: boolean;
  over: boolean;
  resolve(reply: unknown): void;
  reject(error: ServalError): void;
}

/** The policy between random callers and a Google that applies, refuses and loses what it is sent. */
function world({ names, batching }: { names: boolean; batching: boolean }) {
  const callers: Caller[] = [];
  const flying: Flying[] = [];
  const asked: { signal: AbortSignal; grant: () => void; refuse: (error: ServalError) => void; over: boolean }[] = [];
  const applied: string[] = [];
  const callerOf = (item: string) => callers.find((one) => one.item === item);
  const laneOf = ({ identity, scope, kind, params }: Call) =>
    `${identity} ${scope} ${kind === 'write' || params.group}`;

  const batch = createBatch({
    merger,
    emit: () => {},
    enabled: () => batching,
    room: (_, signal) =>
      new Promise((grant, refuse) => {
        const one = { signal, grant, refuse, over: false };
        asked.push(one);
        signal.addEventListener('abort', () => {
          one.over = true;
          refuse(signal.reason);
        });
      }),
    onDetached: () => {},
  });

  const faults: unknown[] = [];
  /** What is thrown down there would be taken for an answer. */
  const holds = (actual: unknown, expected: unknown) => {
    try {
      expect(actual).toEqual(expected);
    } catch (fault) {
      faults.push(fault);
    }
  };

  const send = batch.policy((call, signal) => {
    const items = itemsOf(call);
    // Nothing is sent for nobody, nothing twice, nothing across identities, spreadsheets, groups or kinds.
    holds(
      items.map((item) => [item, callerOf(item)?.left]),
      items.map((item) => [item, false]),
    );
    holds(
      items.filter((item) => applied.includes(item)),
      [],
    );
    const others = flying.filter((one) => !one.over && laneOf(one.call) === laneOf(call));
    holds(
      others.flatMap((one) => itemsOf(one.call)).filter((item) => items.includes(item)),
      [],
    );
    const alike = items.map((item) => callerOf(item)?.call).map((own) => own && [laneOf(own), own.params.group]);
    holds(
      alike,
      items.map(() => [laneOf(call), call.params.group]),
    );
    if (call.kind === 'write') holds(others, []);
    else if (batching && call.params.group !== 'alone') holds(others.length < 2, true);
    if (!batching || call.params.group === 'alone') holds(items.length, 1);
    const waiters = items.map((item) => callerOf(item)?.call.deadline ?? 0);
    holds(call.deadline, Math.max(...waiters));
    return new Promise((resolve, reject) => {
      const one: Flying = {
        call,
        signal,
        sent: false,
        over: false,
        resolve: (reply) => {
          one.over = true;
          resolve(reply);
        },
        reject: (error) => {
          one.over = true;
          reject(error);
        },
      };
      flying.push(one);
      signal.addEventListener('abort', () => {
        // A write that was sent is never aborted; a shared call only when all have left.
        holds([call.kind === 'write' && one.sent, items.every((item) => callerOf(item)?.left)], [false, true]);
        if (!one.over) one.reject(new ServalError('cancelled', 'aborted', { outcome: 'none' }));
      });
    });
  });

  const pick = <T>(list: readonly T[], which: number): T | undefined => list[which % Math.max(1, list.length)];
  const under = (sent: boolean) => flying.filter((one) => !one.over && one.sent === sent);

  return {
    callers,
    applied,
    faults,
    busy: () => flying.some((one) => !one.over) || asked.some((one) => !one.over),
    arrive: (about: { kind: Call['kind']; group: string; bad: boolean; identity: string; scope: string }) => {
      const { kind, group, bad, ...rest } = about;
      // Small letters sort behind capitals: the first letter tells the bad ones, the number their order.
      const item = `${bad ? 'B' : 'g'}${String(callers.length).padStart(3, '0')}`;
      const one = call(kind, item, { group, ...rest, deadline: 1_000 + ((callers.length * 7) % 11) });
      const caller: Caller = { item, call: one, leave: new AbortController(), left: false, answers: 0 };
      callers.push(caller);
      send(one, caller.leave.signal).then(
        (ok) => {
          caller.answers++;
          caller.told = { ok };
        },
        (error) => {
          caller.answers++;
          caller.told = { error };
        },
      );
    },
    leave: (which: number) => {
      const caller = pick(
        callers.filter((one) => !one.left && !one.told),
        which,
      );
      if (!caller) return;
      caller.left = true;
      caller.leave.abort(gone);
    },
    room: (which: number, open: boolean) => {
      const one = pick(
        asked.filter((each) => !each.over),
        which,
      );
      if (!one) return;
      one.over = true;
      if (open) one.grant();
      else one.refuse(new ServalError('circuit_open', 'm', { sent: false, outcome: 'none' }));
    },
    admit: (which: number, open: boolean) => {
      const one = pick(under(false), which);
      if (!one) return;
      if (!open) return one.reject(new ServalError('circuit_open', 'm', { sent: false, outcome: 'none' }));
      one.sent = true;
      batch.sent(one.signal);
    },
    answer: (which: number, how: 'judge' | 'forbid' | 'lose') => {
      const one = pick(under(true), which);
      if (!one) return;
      const items = itemsOf(one.call);
      if (how === 'forbid') return one.reject(new ServalError('permission_denied', 'm', { outcome: 'none' }));
      if (how === 'judge' && items.some(isBad)) return one.reject(names ? named(items) : unnamed());
      if (one.call.kind === 'write') applied.push(...items);
      if (how === 'lose') return one.reject(new ServalError('outcome_unknown', 'm', { outcome: 'unknown' }));
      one.resolve({ items: items.map((item) => `${item}!`) });
    },
  };
}

const which = fc.nat(1000);
const step = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('arrive' as const),
      kind: fc.constantFrom('read' as const, 'write' as const, 'write' as const),
      group: fc.constantFrom('g', 'g', 'g', 'h', 'alone'),
      bad: fc.constantFrom(false, false, true),
      identity: fc.constantFrom('one', 'one', 'two'),
      scope: fc.constantFrom('A', 'A', 'B'),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('turn' as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('leave' as const), which }) },
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constant('room' as const), which, open: fc.constantFrom(true, true, false) }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constant('admit' as const), which, open: fc.constantFrom(true, true, true, false) }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('answer' as const),
      which,
      how: fc.constantFrom('judge' as const, 'judge' as const, 'judge' as const, 'forbid' as const, 'lose' as const),
    }),
  },
);

describe('whatever arrives, leaves, is refused or lost', () => {
  test('every caller gets exactly one answer, its own; writes are applied once at most, in order of arrival', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { maxLength: 60, size: 'max' }),
        fc.record({ names: fc.boolean(), batching: fc.constantFrom(true, true, true, false) }),
        async (steps, options) => {
          const run = world(options);
          for (const one of steps) {
            if (one.do === 'arrive') run.arrive(one);
            else if (one.do === 'leave') run.leave(one.which);
            else if (one.do === 'room') run.room(one.which, one.open);
            else if (one.do === 'admit') run.admit(one.which, one.open);
            else if (one.do === 'answer') run.answer(one.which, one.how);
            if (one.do !== 'arrive') await settle();
          }
          await settle();
          for (let more = 0; run.busy(); more++) {
            expect(more).toBeLessThan(2_000);
            run.room(0, true);
            run.admit(0, true);
            run.answer(0, 'judge');
            await settle();
          }
          if (run.faults.length > 0) throw run.faults[0];
          for (const { item, call: own, left, told, answers } of run.callers) {
            const label = `${item} ${JSON.stringify(told)}`;
            const wasApplied = run.applied.filter((one) => one === item).length;
            expect([label, answers, wasApplied <= 1]).toEqual([label, 1, true]);
            if (told && 'ok' in told) expect(told.ok).toEqual({ items: [`${item}!`] });
            const error = told && 'error' in told ? told.error : undefined;
            if (error?.code === 'cancelled') expect([label, left]).toEqual([label, true]);
            if (error?.code === 'invalid_argument') expect([label, isBad(item)]).toEqual([label, true]);
            if (own.kind === 'read') continue;
            if (!error) expect([label, wasApplied]).toEqual([label, 1]);
            else if (error.details.outcome === 'none') expect([label, wasApplied]).toEqual([label, 0]);
            else expect([label, error.code]).toEqual([label, 'outcome_unknown']);
          }
          for (const identity of ['one', 'two']) {
            for (const scope of ['A', 'B']) {
              const order = run.applied.filter((item) => {
                const own = run.callers.find((one) => one.item === item)?.call;
                return own?.identity === identity && own.scope === scope;
              });
              expect(order.map((item) => item.slice(1))).toEqual(order.map((item) => item.slice(1)).toSorted());
            }
          }
        },
      ),
      { numRuns: 1500 },
    );
  });
});
