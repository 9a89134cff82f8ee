// Who shares a read that is in flight, and what happens when some of them leave.

import { describe, expect, test } from 'vitest';
import type { Call } from '../../src/call.ts';
import { ServalError } from '../../src/errors.ts';
import { singleFlight } from '../../src/resilience/single-flight.ts';
import { CALLS, failureOf } from '../support/fake-google.ts';
import { createManualSend, settle } from '../support/virtual-clock.ts';

const never = () => new AbortController().signal;
const gone = new ServalError('cancelled', 'bye');
const later = new ServalError('timeout', 'later');

function rig() {
  const { send: transport, sent } = createManualSend();
  let epoch = 0;
  const send = singleFlight({ epochOf: () => epoch })(transport);
  return {
    sent,
    moveEpoch: () => epoch++,
    send: (about: Partial<Call> = {}, signal = never()) => send({ ...CALLS.read, deadline: 10_000, ...about }, signal),
  };
}

describe('a read in flight', () => {
  test('is shared: one call, one reply for all', async () => {
    const { sent, send } = rig();
    const all = Promise.all([send(), send(), send({ principal: 'other' })]);
    await settle();
    expect(sent).toHaveLength(1);
    const reply = {};
    sent[0]?.resolve(reply);
    const replies = await all;
    expect(replies.every((one) => one === reply)).toBe(true);
  });

  test('that fails, fails for all', async () => {
    const { sent, send } = rig();
    const errors = Promise.all([failureOf(send()), failureOf(send())]);
    const error = new ServalError('unavailable', 'm');
    sent[0]?.reject(error);
    expect(await errors).toEqual([error, error]);
  });

  test('is joined no more once it has ended, well or not', async () => {
    const { sent, send } = rig();
    const first = send();
    sent[0]?.resolve({});
    await first;
    const second = failureOf(send());
    sent[1]?.reject(later);
    await second;
    void send();
    expect(sent).toHaveLength(3);
  });

  test.each([
    ['another identity', { identity: 'other' }],
    ['another question', { key: 'other' }],
    ['a live read', { live: true }],
    ['a much later deadline', { deadline: 15_001 }],
  ] as [string, Partial<Call>][])('is not joined by %s', (_, about) => {
    const { sent, send } = rig();
    void send();
    void send(about);
    expect(sent.map(({ call }) => call)).toEqual([
      { ...CALLS.read, deadline: 10_000 },
      { ...CALLS.read, deadline: 10_000, ...about },
    ]);
  });

  test('is not joined by who came after a write', () => {
    const { sent, send, moveEpoch } = rig();
    void send();
    moveEpoch();
    void send();
    void send();
    expect(sent).toHaveLength(2);
  });

  test('that is live is joined by nobody, nor does it join', () => {
    const { sent, send } = rig();
    void send({ live: true });
    void send({ live: true });
    void send();
    expect(sent).toHaveLength(3);
  });

  test('is joined by who has a little more time, and by who has less: each leaves by its own', async () => {
    const { sent, send } = rig();
    void send();
    void send({ deadline: 15_000 });
    const leave = new AbortController();
    const brief = failureOf(send({ deadline: 1 }, leave.signal));
    leave.abort(later);
    expect([sent.length, await brief]).toEqual([1, later]);
  });

  test('in the background is not joined by who is in a hurry; the other way round it is', () => {
    const { sent, send } = rig();
    void send({ priority: 'background' });
    void send({ priority: 'interactive' });
    void send({ priority: 'background' });
    expect(sent.map(({ call }) => call.priority)).toEqual(['background', 'interactive']);
  });

  test('is never one that writes', () => {
    const { send: transport, sent } = createManualSend();
    const send = singleFlight({ epochOf: () => 0 })(transport);
    const signal = never();
    void send(CALLS.write, signal);
    void send(CALLS.write, signal);
    expect(sent.map((one) => one.signal)).toEqual([signal, signal]);
  });
});

describe('who leaves', () => {
  test('is answered at once and cancels nothing while others wait', async () => {
    const { sent, send } = rig();
    const leave = new AbortController();
    const left = failureOf(send({}, leave.signal));
    const stays = send();
    leave.abort(gone);
    expect([await left, sent[0]?.signal.aborted]).toEqual([gone, false]);
    sent[0]?.resolve({ still: 1 });
    expect(await stays).toEqual({ still: 1 });
  });

  test('last aborts it, with its reason', async () => {
    const { sent, send } = rig();
    const leaves = [new AbortController(), new AbortController()] as const;
    const errors = Promise.all(leaves.map((leave) => failureOf(send({}, leave.signal))));
    leaves[0].abort(gone);
    await settle();
    expect(sent[0]?.signal.aborted).toBe(false);
    leaves[1].abort(later);
    await settle();
    expect([sent[0]?.signal.aborted, sent[0]?.signal.reason]).toEqual([true, later]);
    expect(await errors).toEqual([gone, later]);
  });

  test('last leaves nothing to join, and when that ends it hides no other', async () => {
    const ends: ((reply: unknown) => void)[] = [];
    // Slow to end: it does not hear of the abort.
    const send = singleFlight({ epochOf: () => 0 })(() => new Promise((resolve) => ends.push(resolve)));
    const leave = new AbortController();
    const left = failureOf(send(CALLS.read, leave.signal));
    leave.abort(gone);
    await left;
    void send(CALLS.read, never());
    expect(ends).toHaveLength(2);
    ends[0]?.({});
    await settle();
    void send(CALLS.read, never());
    expect(ends).toHaveLength(2);
  });

  test('before it came asks nothing', async () => {
    const { sent, send } = rig();
    expect(await failureOf(send({}, AbortSignal.abort(gone)))).toBe(gone);
    expect(sent).toEqual([]);
  });
});
