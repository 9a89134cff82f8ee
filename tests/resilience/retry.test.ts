// What is tried again, how long after, and what never is.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Call } from '../../src/call.ts';
import { ERROR_TABLE, type ErrorCode, type ErrorDetails, ServalError } from '../../src/errors.ts';
import type { Event } from '../../src/events.ts';
import { retry } from '../../src/resilience/retry.ts';
import { CALLS, failureOf } from '../support/fake-google.ts';
import { createManualSend, createVirtualClock, settle } from '../support/virtual-clock.ts';

const never = () => new AbortController().signal;
const gone = new ServalError('cancelled', 'bye');
const MARKED: Call = { ...CALLS.write, idempotence: 'marked' };
const down = (details: ErrorDetails = {}) => new ServalError('unavailable', 'down', details);

/** `random` stands in the place of chance. */
function rig({
  maxRetries = 3,
  enabled = (): boolean => true,
  random = undefined as (() => number) | undefined,
  seed = 1,
} = {}) {
  const clock = createVirtualClock({ seed });
  const events: Event[] = [];
  const { send: transport, sent } = createManualSend();
  const policy = retry({
    clock: random ? { ...clock, random } : clock,
    emit: (event) => events.push(event),
    maxRetries,
    enabled,
  });
  const send = policy(transport);
  return {
    clock,
    events,
    sent,
    send: (call: Call = CALLS.read, signal = never()) => send(call, signal),
    answer: async (error?: unknown) => {
      if (error === undefined) sent.at(-1)?.resolve({});
      else sent.at(-1)?.reject(error);
      await settle();
    },
  };
}

/** How often a call was sent that fails with this each time, over an hour. */
async function tries(call: Call, error: unknown, options: Parameters<typeof rig>[0] = {}): Promise<number> {
  const { clock, send, sent, answer } = rig(options);
  const failed = send(call).catch(() => {});
  for (let at = 0; at < sent.length; at++) {
    await answer(error);
    await clock.advance(3_600_000);
  }
  await failed;
  expect(clock.sleepers()).toBe(0);
  return sent.length;
}

describe('is repeated', () => {
  test.each([
    ['a read', CALLS.read, {}, 4],
    ['a marked write', MARKED, { outcome: 'unknown' }, 4],
    ['a write that surely was not applied', CALLS.write, { outcome: 'none' }, 4],
    ['never a write that may have been applied', CALLS.write, { outcome: 'unknown' }, 1],
    ['never a write of which nothing is known', CALLS.write, {}, 1],
  ] as [string, Call, ErrorDetails, number][])('%s', async (_, call, details, count) => {
    expect(await tries(call, down(details))).toBe(count);
    expect(await tries(call, new ServalError('timeout', 'm', details))).toBe(count);
  });

  test('whatever its code says is retryable, but for what a circuit refused', async () => {
    const codes = Object.keys(ERROR_TABLE) as ErrorCode[];
    const repeated: ErrorCode[] = [];
    for (const code of codes) if ((await tries(CALLS.read, new ServalError(code, 'm'))) > 1) repeated.push(code);
    expect(repeated).toEqual(['quota_exhausted', 'unavailable', 'timeout']);
  });

  test('never what our own quota refused, since its wait does not fit', async () => {
    const refused = new ServalError('quota_exhausted', 'm', { sent: false, outcome: 'none', retryAfterMs: 5 });
    for (const call of [CALLS.read, CALLS.write, MARKED]) expect(await tries(call, refused)).toBe(1);
  });

  test('what never reached Google, whatever it is', async () => {
    for (const call of [CALLS.read, CALLS.write]) {
      expect(await tries(call, down({ sent: false, outcome: 'none' }))).toBe(4);
    }
  });

  test('never a fault of ours', async () => {
    expect(await tries(CALLS.read, new TypeError('m'))).toBe(1);
  });

  test.each([0, 1, 10])('%d times at most after the first, as configured', async (maxRetries) => {
    expect(await tries(CALLS.read, down(), { maxRetries })).toBe(1 + maxRetries);
  });

  test('not while switched off, which can be at any time', async () => {
    expect(await tries(CALLS.read, down(), { enabled: () => false })).toBe(1);
    let on = true;
    const { clock, send, sent, answer } = rig({ enabled: () => on });
    const failed = failureOf(send());
    await answer(down());
    await clock.advance(1_000);
    on = false;
    await answer(down());
    await failed;
    expect(sent).toHaveLength(2);
  });

  test('until it succeeds: with that reply, and a number for each try', async () => {
    const { clock, send, sent, answer } = rig();
    const reply = send();
    await answer(down());
    await clock.advance(1_000);
    await answer(down());
    await clock.advance(2_000);
    sent[2]?.resolve({ third: true });
    expect(await reply).toEqual({ third: true });
    expect(sent.map(({ call }) => call)).toEqual([1, 2, 3].map((attempt) => ({ ...CALLS.read, attempt })));
    expect(sent.every(({ call }) => Object.isFrozen(call))).toBe(true);
  });

  test('or the last error is told', async () => {
    const { clock, send, answer } = rig({ maxRetries: 1 });
    const failed = failureOf(send());
    await answer(down());
    await clock.advance(1_000);
    const last = new ServalError('timeout', 'last');
    await answer(last);
    expect(await failed).toBe(last);
  });
});

test.each([-1, 1.5, Number.NaN])('a number of retries that is none is refused: %d', (maxRetries) => {
  expect(() => rig({ maxRetries })).toThrow(`maxRetries must be 0 or more, got ${maxRetries}`);
});

describe('the wait', () => {
  test('is drawn from the whole of 1, 2, 4, 8 and from then on 10 s', async () => {
    for (const [random, waits] of [
      [0, [0, 0, 0, 0, 0, 0]],
      [0.5, [500, 1_000, 2_000, 4_000, 5_000, 5_000]],
      [0.999, [999, 1_998, 3_996, 7_992, 9_990, 9_990]],
    ] as const) {
      const { clock, events, send, sent, answer } = rig({ maxRetries: 6, random: () => random });
      const failed = failureOf(send());
      for (let attempt = 1; attempt <= waits.length; attempt++) {
        await answer(down());
        await clock.advance((waits[attempt - 1] ?? 0) - 1);
        if (random > 0) expect(sent).toHaveLength(attempt);
        await clock.advance(1);
        expect(sent).toHaveLength(attempt + 1);
      }
      await answer(down());
      await failed;
      expect(events).toEqual(
        waits.map((waitMs, at) => ({
          type: 'retry',
          method: 'spreadsheets.values.batchGet',
          attempt: at + 2,
          waitMs,
          code: 'unavailable',
          requests: [],
        })),
      );
    }
  });

  test('differs from caller to caller', async () => {
    const waits = new Set<number>();
    for (let seed = 1; seed <= 20; seed++) {
      const { clock, events, send, answer } = rig({ seed: seed * 7_919 });
      send().catch(() => {});
      await answer(down());
      for (const event of events) if (event.type === 'retry') waits.add(event.waitMs);
      await clock.advance(0);
    }
    expect(waits.size).toBe(20);
    expect(Math.max(...waits) - Math.min(...waits)).toBeGreaterThan(500);
  });

  test('is at least as long as Google asks', async () => {
    const { clock, send, sent, answer } = rig({ random: () => 0.5 });
    send().catch(() => {});
    await answer(down({ retryAfterMs: 7_000 }));
    await clock.advance(6_999);
    expect(sent).toHaveLength(1);
    await clock.advance(1);
    expect(sent).toHaveLength(2);
    await answer(down({ retryAfterMs: 10 }));
    await clock.advance(999);
    expect(sent).toHaveLength(2);
    await clock.advance(1);
    expect(sent).toHaveLength(3);
  });

  test("is none after Google's 429: admission knows when there is room", async () => {
    const { clock, events, send, sent, answer } = rig();
    send().catch(() => {});
    await answer(new ServalError('quota_exhausted', 'm', { retryAfterMs: 60_000, quota: { scope: 'user' } }));
    await clock.advance(0);
    expect([sent.length, events]).toEqual([2, [expect.objectContaining({ waitMs: 0, code: 'quota_exhausted' })]]);
  });

  test('never reaches the deadline: then the error is told at once', async () => {
    const call = { ...CALLS.read, deadline: 1_000 };
    const { clock, events, send, sent, answer } = rig({ random: () => 0.5 });
    const failed = failureOf(send(call));
    await answer(down());
    await clock.advance(500);
    const error = down({ retryAfterMs: 500 });
    await answer(error);
    expect([await failed, sent.length, events.length, clock.now()]).toEqual([error, 2, 1, 500]);
  });

  test('is not even none after the deadline', async () => {
    const { clock, send, sent, answer } = rig();
    const failed = failureOf(send({ ...CALLS.read, deadline: 1_000 }));
    await clock.advance(1_000);
    await answer(new ServalError('quota_exhausted', 'm'));
    await failed;
    expect(sent).toHaveLength(1);
  });

  test('ends at once when the caller leaves, and nothing is sent after it', async () => {
    const { clock, send, sent, answer } = rig();
    const leave = new AbortController();
    const failed = failureOf(send(CALLS.read, leave.signal));
    await answer(down());
    expect(clock.sleepers()).toBe(1);
    leave.abort(gone);
    expect([await failed, clock.sleepers()]).toEqual([gone, 0]);
    await clock.advance(60_000);
    expect(sent).toHaveLength(1);
  });

  test('is none for a caller who has left', async () => {
    const { clock, events, send, sent, answer } = rig();
    const leave = new AbortController();
    const error = down();
    const failed = failureOf(send(CALLS.read, leave.signal));
    sent[0]?.reject(error);
    leave.abort(gone);
    expect(await failed).toBe(error);
    await answer();
    expect([sent.length, events, clock.sleepers()]).toEqual([1, [], 0]);
  });
});

describe('a marked write of which an attempt was lost', () => {
  const lost = down({ outcome: 'unknown' });

  test.each([
    new ServalError('circuit_open', 'm', { circuit: 'c', sent: false, outcome: 'none' }),
    new ServalError('invalid_argument', 'm', { outcome: 'none' }),
  ])('is in doubt, whatever refuses the next one: $code', async (refusal) => {
    const { clock, send, answer } = rig();
    const failed = failureOf(send(MARKED));
    await answer(lost);
    await clock.advance(1_000);
    await answer(refusal);
    const { code, details } = await failed;
    expect([code, details.outcome, details.sent]).toEqual([refusal.code, 'unknown', undefined]);
  });

  test('is in doubt when the caller leaves in between', async () => {
    const { send, answer } = rig();
    const leave = new AbortController();
    const failed = failureOf(send(MARKED, leave.signal));
    await answer(lost);
    leave.abort(gone);
    expect((await failed).details.outcome).toBeUndefined();
  });

  test('and which then succeeds is not', async () => {
    const { clock, send, answer } = rig();
    const reply = send(MARKED);
    await answer(lost);
    await clock.advance(1_000);
    await answer();
    expect(await reply).toEqual({});
  });
});

describe('the budget', () => {
  /** Calls that come one after the other, each answered as `answers` says, and how many attempts they cost. */
  async function load(calls: number, error: (call: number) => unknown): Promise<number> {
    const clock = createVirtualClock();
    let attempts = 0;
    const send = retry({ clock, emit: () => {}, maxRetries: 3, enabled: () => true })(async (call) => {
      attempts++;
      const fault = error(Number(call.key));
      if (fault !== undefined) throw fault;
      return {};
    });
    for (let at = 0; at < calls; at++) {
      void send({ ...CALLS.read, key: String(at) }, never()).catch(() => {});
      await clock.advance(60_000);
    }
    return attempts;
  }

  test('bounds what an outage costs', async () => {
    expect(await load(500, () => down())).toBe(500 + 20);
  });

  test('is earned again by successes, a tenth of a retry each', async () => {
    // The first ten calls use it up; a thousand that succeed could earn a hundred, twenty are kept.
    const all = await load(1_100, (call) => (call < 10 || call >= 1_010 ? down() : undefined));
    expect(all).toBe(1_100 + 20 + 20);
    expect(await load(165, (call) => (call < 10 || call >= 115 ? down() : undefined))).toBe(165 + 20 + 10);
  });

  test('is not for quotas: those are paced, and spend none of it', async () => {
    const quota = new ServalError('quota_exhausted', 'm');
    expect(await load(50, () => quota)).toBe(50 * 4);
    expect(await load(60, (call) => (call < 50 ? quota : down()))).toBe(50 * 4 + 10 + 20);
  });

  test('never lets retries exceed it, whatever fails', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.boolean(), { maxLength: 200, size: 'max' }), async (fails) => {
        const successes = fails.filter((fail) => !fail).length;
        const attempts = await load(fails.length, (call) => (fails[call] ? down() : undefined));
        expect(attempts - fails.length).toBeLessThanOrEqual(20 + successes * 0.1 + 1e-9);
      }),
      { numRuns: 15 },
    );
  });
});
