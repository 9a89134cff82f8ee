// What becomes of a write whose answer does not come: unknown stays unknown, and what was sent is never aborted.

import { describe, expect, test } from 'vitest';
import { type Call, compose, type Policy } from '../../src/call.ts';
import { ServalError } from '../../src/errors.ts';
import { attemptTimeout } from '../../src/resilience/attempt-timeout.ts';
import { createBatch } from '../../src/resilience/batch.ts';
import { deadline } from '../../src/resilience/deadline.ts';
import { outcome } from '../../src/resilience/outcome.ts';
import { CALLS, failureOf } from '../support/fake-google.ts';
import { createManualSend, createVirtualClock, settle } from '../support/virtual-clock.ts';

const first = (calls: readonly Call[]): Call => calls[0] ?? CALLS.write;
const never = () => new AbortController().signal;

/** The policies of the application around a transport in the test's hands; the ends of detached writes are counted. */
function pipe({ timeoutMs }: { timeoutMs?: number } = {}) {
  const clock = createVirtualClock();
  const { send: transport, sent } = createManualSend();
  const detached: Promise<void>[] = [];
  let ended = 0;
  const onDetached = (end: Promise<void>) => {
    detached.push(end);
    void end.then(() => ended++);
  };
  const merger = { key: () => undefined, fits: () => 1, merge: first, split: () => [], blame: () => undefined };
  const batch = createBatch({ merger, emit: () => {}, enabled: () => true, room: async () => {}, onDetached });
  const sending: Policy = (next) => (call, signal) => {
    batch.sent(signal);
    return next(call, signal);
  };
  const policies = [
    deadline({ clock }),
    batch.policy,
    outcome(),
    sending,
    ...(timeoutMs === undefined ? [] : [attemptTimeout({ clock, timeoutMs })]),
  ];
  const send = compose(policies, transport);
  return { clock, sent, detached, ended: () => ended, send: (call: Call, signal = never()) => send(call, signal) };
}

describe('a read', () => {
  test('passes with its own signal, reply and error', async () => {
    const { sent, send, detached } = pipe();
    const leave = new AbortController();
    const left = failureOf(send(CALLS.read, leave.signal));
    const failed = failureOf(send(CALLS.read));
    const error = new ServalError('unavailable', 'm');
    const reason = new ServalError('cancelled', 'bye');
    sent[1]?.reject(error);
    leave.abort(reason);
    expect([await left, await failed]).toEqual([reason, error]);
    expect([sent[0]?.signal.aborted, detached.length]).toEqual([true, 0]);
  });
});

describe('a write', () => {
  test('gives its reply', async () => {
    const { sent, send } = pipe();
    const reply = send(CALLS.write);
    await settle();
    sent[0]?.resolve({ replies: [] });
    expect(await reply).toEqual({ replies: [] });
  });

  test.each(['invalid_argument', 'quota_exhausted', 'unavailable', 'timeout'] as const)(
    'that was surely not applied keeps its error: %s',
    async (code) => {
      const { sent, send } = pipe();
      const failed = failureOf(send(CALLS.write));
      await settle();
      const error = new ServalError(code, 'm', { outcome: 'none', hint: 'h', retryAfterMs: 5 });
      sent[0]?.reject(error);
      expect(await failed).toBe(error);
    },
  );

  test.each([
    ['says it is unknown', new ServalError('unavailable', 'The connection broke.', { outcome: 'unknown' })],
    ['says nothing', new ServalError('timeout', 'The connection broke.')],
  ])('whose error %s is outcome_unknown, with the spreadsheet and the cause', async (_, error) => {
    const { sent, send } = pipe();
    const failed = failureOf(send(CALLS.write));
    await settle();
    sent[0]?.reject(error);
    const told = await failed;
    expect([told.code, told.details.outcome, told.cause]).toEqual(['outcome_unknown', 'unknown', error]);
    expect(told.message).toBe(
      'The write to spreadsheet ID was sent, but whether it was applied is unknown: The connection broke.',
    );
  });

  test('that fails with a fault of ours is outcome_unknown too, and hides its words', async () => {
    const { sent, send } = pipe();
    const failed = failureOf(send({ ...CALLS.write, scope: null }));
    await settle();
    sent[0]?.reject(new TypeError('x of undefined'));
    const told = await failed;
    expect(told.code).toBe('outcome_unknown');
    expect(told.message).toBe('The write was sent, but whether it was applied is unknown: Unexpected fault.');
  });

  test('whose caller has left before is not sent', async () => {
    const { sent, send, detached, clock } = pipe();
    const error = await failureOf(send(CALLS.write, AbortSignal.abort()));
    expect([error.code, error.details.outcome]).toEqual(['cancelled', 'none']);
    expect([sent.length, detached.length, clock.sleepers()]).toEqual([0, 0, 0]);
  });
});

describe('a write whose caller leaves after it was sent', () => {
  const reasons: [string, (leave: AbortController) => void][] = [
    ['without a reason', (leave) => leave.abort()],
    ['with a reason of its own', (leave) => leave.abort('client went away')],
    [
      'with an error of ours',
      (leave) => leave.abort(new ServalError('cancelled', 'The caller cancelled the request.')),
    ],
  ];

  test.each(reasons)('%s is outcome_unknown at once', async (_, abort) => {
    const { send, sent } = pipe();
    const leave = new AbortController();
    const failed = failureOf(send(CALLS.write, leave.signal));
    await settle();
    abort(leave);
    const error = await failed;
    expect([error.code, error.details.outcome]).toEqual(['outcome_unknown', 'unknown']);
    expect(error.message).toContain('The caller cancelled the request.');
    expect(sent).toHaveLength(1);
  });

  test.each(reasons)('%s goes on: its signal is not aborted', async (_, abort) => {
    const { send, sent } = pipe();
    const leave = new AbortController();
    const failed = failureOf(send(CALLS.write, leave.signal));
    await settle();
    abort(leave);
    await failed;
    expect(sent[0]?.signal.aborted).toBe(false);
  });

  test.each(reasons)('%s is watched to its end, which a shutdown can wait for', async (_, abort) => {
    const { send, sent, detached, ended } = pipe();
    const leave = new AbortController();
    const failed = failureOf(send(CALLS.write, leave.signal));
    await settle();
    abort(leave);
    await failed;
    expect([detached.length, ended()]).toEqual([1, 0]);
    sent[0]?.resolve({});
    await settle();
    expect(ended()).toBe(1);
  });

  test('and which then fails ends its watch without an error', async () => {
    const { send, sent, detached } = pipe();
    const leave = new AbortController();
    const failed = failureOf(send(CALLS.write, leave.signal));
    await settle();
    leave.abort(new ServalError('cancelled', 'bye'));
    await failed;
    sent[0]?.reject(new ServalError('unavailable', 'late'));
    await expect(Promise.all(detached)).resolves.toEqual([undefined]);
  });
});

describe('the deadline over the outcome over the time limit of an attempt', () => {
  const call = { ...CALLS.write, deadline: 1000 };

  test('a write not answered by the deadline is outcome_unknown, still on its way, and watched', async () => {
    const { clock, send, sent, detached, ended } = pipe({ timeoutMs: 5000 });
    const failed = failureOf(send(call));
    await clock.advance(1000);
    const error = await failed;
    expect([error.code, error.details.outcome]).toEqual(['outcome_unknown', 'unknown']);
    expect(error.message).toContain('was not answered before the deadline of the request.');
    expect([sent[0]?.signal.aborted, detached.length, ended()]).toEqual([false, 1, 0]);
    await clock.advance(3999);
    expect([sent[0]?.signal.aborted, ended()]).toEqual([false, 0]);
    await clock.advance(1);
    expect([sent[0]?.signal.aborted, ended(), clock.sleepers()]).toEqual([true, 1, 0]);
  });

  test('a write whose attempt takes too long is outcome_unknown; nobody needs to watch it', async () => {
    const { clock, send, sent, detached } = pipe({ timeoutMs: 200 });
    const failed = failureOf(send(call));
    await clock.advance(200);
    const error = await failed;
    expect([error.code, error.details.outcome]).toEqual(['outcome_unknown', 'unknown']);
    expect(error.message).toContain('within 200 ms');
    expect([sent[0]?.signal.aborted, detached.length, clock.sleepers()]).toEqual([true, 0, 0]);
  });

  test('a read is ended by whichever comes first', async () => {
    for (const [timeoutMs, words] of [
      [200, 'within 200 ms'],
      [5000, 'before the deadline'],
    ] as const) {
      const { clock, send, sent } = pipe({ timeoutMs });
      const failed = failureOf(send({ ...CALLS.read, deadline: 1000 }));
      await clock.advance(1000);
      const error = await failed;
      expect([error.code, error.message]).toEqual(['timeout', expect.stringContaining(words)]);
      expect([sent[0]?.signal.aborted, clock.sleepers()]).toEqual([true, 0]);
    }
  });

  test('a write that came after its deadline was surely not applied', async () => {
    const { clock, send, sent } = pipe({ timeoutMs: 200 });
    await clock.advance(1000);
    const error = await failureOf(send(call));
    expect([error.code, error.details.outcome, sent.length]).toEqual(['timeout', 'none', 0]);
  });
});

test('policies are composed outermost first', async () => {
  const order: string[] = [];
  const policy =
    (name: string): Policy =>
    (next) =>
    async (call, signal) => {
      order.push(`${name} in`);
      const reply = await next(call, signal);
      order.push(`${name} out`);
      return reply;
    };
  const send = compose([policy('outer'), policy('inner')], async () => order.push('sent'));
  await send(CALLS.read, never());
  expect(order).toEqual(['outer in', 'inner in', 'sent', 'inner out', 'outer out']);
});
