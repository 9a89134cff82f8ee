// The deadline of a call and the time limit of an attempt, on the virtual clock.

import { describe, expect, test } from 'vitest';
import { ServalError } from '../../src/errors.ts';
import { attemptTimeout } from '../../src/resilience/attempt-timeout.ts';
import { deadline } from '../../src/resilience/deadline.ts';
import { CALLS, failureOf } from '../support/fake-google.ts';
import { createManualSend, createVirtualClock, settle } from '../support/virtual-clock.ts';

const never = () => new AbortController().signal;

describe('the virtual clock', () => {
  test('wakes sleepers in the order of their time, each with its consequences before the next', async () => {
    const clock = createVirtualClock();
    const heard: string[] = [];
    const nap = async (name: string, ms: number) => {
      await clock.sleep(ms);
      heard.push(`${name} at ${clock.now()}`);
    };
    void nap('c', 30);
    void nap('a', 10).then(() => nap('b', 5));
    void nap('d', 30);
    await clock.advance(29);
    expect(heard).toEqual(['a at 10', 'b at 15']);
    await clock.advance(1);
    expect([heard.slice(2), clock.now(), clock.sleepers()]).toEqual([['c at 30', 'd at 30'], 30, 0]);
  });

  test('lets a sleeper leave by its signal', async () => {
    const clock = createVirtualClock();
    const leave = new AbortController();
    const slept = clock.sleep(10, leave.signal);
    leave.abort('why');
    await expect(slept).rejects.toBe('why');
    await expect(clock.sleep(10, leave.signal)).rejects.toBe('why');
    expect(clock.sleepers()).toBe(0);
  });
});

describe('deadline', () => {
  function under() {
    const clock = createVirtualClock();
    const below = createManualSend();
    return { clock, sent: below.sent, send: deadline({ clock })(below.send) };
  }

  test.each([
    ['read', CALLS.read, undefined],
    ['write', CALLS.write, 'none'],
  ])('refuses at once a %s whose time has passed: nothing is sent', async (_, call, outcome) => {
    const { clock, sent, send } = under();
    await clock.advance(1000);
    for (const at of [999, 1000]) {
      const error = await failureOf(send({ ...call, deadline: at }, never()));
      expect([error.code, error.details.outcome]).toEqual(['timeout', outcome]);
    }
    expect([sent.length, clock.sleepers()]).toEqual([0, 0]);
  });

  test('aborts what is below when the time has come, and not before', async () => {
    const { clock, sent, send } = under();
    await clock.advance(400);
    const failed = failureOf(send({ ...CALLS.read, deadline: 1000 }, never()));
    await clock.advance(599);
    expect(sent[0]?.signal.aborted).toBe(false);
    await clock.advance(1);
    const error = await failed;
    expect([error.code, error.message]).toEqual([
      'timeout',
      'spreadsheets.values.batchGet was not answered before the deadline of the request.',
    ]);
    expect(sent[0]?.signal.reason).toBe(error);
  });

  test('leaves no timer behind, whether the call succeeds, fails or is left', async () => {
    const { clock, sent, send } = under();
    const call = { ...CALLS.read, deadline: 1000 };
    const leave = new AbortController();
    const ends = [send(call, never()), send(call, never()), send(call, leave.signal)];
    expect(clock.sleepers()).toBe(3);
    sent[0]?.resolve('reply');
    sent[1]?.reject(new ServalError('conflict', 'm'));
    leave.abort(new ServalError('cancelled', 'm'));
    expect((await Promise.allSettled(ends)).map((end) => end.status)).toEqual(['fulfilled', 'rejected', 'rejected']);
    expect(clock.sleepers()).toBe(0);
    await clock.advance(2000);
    expect(sent[0]?.signal.aborted).toBe(false);
  });

  test("hands the reply, the error and the caller's own abort through", async () => {
    const { sent, send } = under();
    const call = { ...CALLS.read, deadline: 1000 };
    const replied = send(call, never());
    const error = new ServalError('not_found', 'm');
    const failed = failureOf(send(call, never()));
    const leave = new AbortController();
    const left = failureOf(send(call, leave.signal));
    const reason = new ServalError('cancelled', 'bye');
    sent[0]?.resolve({ a: 1 });
    sent[1]?.reject(error);
    leave.abort(reason);
    expect([await replied, await failed, await left]).toEqual([{ a: 1 }, error, reason]);
    expect(sent[0]?.call).toBe(call);
  });
});

describe('attempt timeout', () => {
  test.each([0, -1, Number.NaN])('refuses timeoutMs %d when it is built', (timeoutMs) => {
    expect(() => attemptTimeout({ clock: createVirtualClock(), timeoutMs })).toThrow(RangeError);
  });

  test('gives every attempt the same time, and says how long that was', async () => {
    const clock = createVirtualClock();
    const { send, sent } = createManualSend();
    const limited = attemptTimeout({ clock, timeoutMs: 250 })(send);
    for (const attempt of [1, 2]) {
      const failed = failureOf(limited(CALLS.read, never()));
      await clock.advance(249);
      expect(sent[attempt - 1]?.signal.aborted).toBe(false);
      await clock.advance(1);
      const error = await failed;
      expect([error.code, error.message]).toEqual([
        'timeout',
        'Google did not answer spreadsheets.values.batchGet within 250 ms.',
      ]);
    }
    expect([sent.length, clock.sleepers()]).toEqual([2, 0]);
  });

  test('leaves no timer behind when the attempt ends in time', async () => {
    const clock = createVirtualClock();
    const { send, sent } = createManualSend();
    const reply = attemptTimeout({ clock, timeoutMs: 250 })(send)(CALLS.read, never());
    sent[0]?.resolve('reply');
    expect(await reply).toBe('reply');
    await settle();
    expect(clock.sleepers()).toBe(0);
  });
});
