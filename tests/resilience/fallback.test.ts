// The last known value in place of an answer: when, how old, and how it is said.

import { describe, expect, test } from 'vitest';
import type { Call } from '../../src/call.ts';
import { ERROR_TABLE, type ErrorCode, ServalError } from '../../src/errors.ts';
import type { Event } from '../../src/events.ts';
import { createEpochs } from '../../src/resilience/cache.ts';
import { fallback } from '../../src/resilience/fallback.ts';
import { createProvenance } from '../../src/resilience/provenance.ts';
import { CALLS, failureOf } from '../support/fake-google.ts';
import { createVirtualClock } from '../support/virtual-clock.ts';

const MAX_STALE_MS = 60_000;
const never = () => new AbortController().signal;
const DOWN = new ServalError('unavailable', 'm');

/** A read of 1,000 ms ago is known, and Google fails. */
async function rig({ error = DOWN as unknown, known = true, enabled = true } = {}) {
  const clock = createVirtualClock();
  const events: Event[] = [];
  const epochs = createEpochs();
  const provenance = createProvenance();
  const remembered = { reply: { values: [1] }, at: 0, epoch: 0, applied: 0 };
  const policy = fallback({
    clock,
    emit: (event) => events.push(event),
    last: (call) => (known && call.key === CALLS.read.key ? remembered : undefined),
    epochs,
    aspectOf: (call) => String(call.scope),
    provenance,
    maxStaleMs: MAX_STALE_MS,
    enabled: () => enabled,
  });
  const send = policy(async () => {
    if (error === null) return { fresh: true };
    throw error;
  });
  await clock.advance(1_000);
  return {
    clock,
    events,
    epochs,
    provenance,
    remembered,
    send: (about: Partial<Call> = {}, signal = never()) => send({ ...CALLS.read, ...about }, signal),
  };
}

test('an answer is passed on as it is', async () => {
  const { send, events, provenance } = await rig({ error: null });
  const reply = await send();
  expect([reply, events, provenance.of(reply)]).toEqual([{ fresh: true }, [], undefined]);
});

describe('the last known value', () => {
  test('is given when Google fails, and said to be stale and how old', async () => {
    const { send, events, provenance, remembered } = await rig();
    const reply = await send();
    expect(reply).toEqual(remembered.reply);
    expect(provenance.of(reply)).toEqual({ source: 'stale', ageMs: 1_000 });
    expect(provenance.of(remembered.reply)).toBeUndefined();
    expect(events).toEqual([{ type: 'cache', result: 'stale' }]);
  });

  test('is given for three codes only', async () => {
    const given: ErrorCode[] = [];
    for (const code of Object.keys(ERROR_TABLE) as ErrorCode[]) {
      const { send } = await rig({ error: new ServalError(code, 'm') });
      await send().then(
        () => given.push(code),
        () => {},
      );
    }
    expect(given).toEqual(['circuit_open', 'unavailable', 'timeout']);
    const { send } = await rig({ error: new TypeError('m') });
    expect((await failureOf(send())).code).toBe('internal');
  });

  test.each([
    ['a write', { ...CALLS.write, key: CALLS.read.key }],
    ['a live read', { live: true }],
    ['a read of which nothing is known', { key: 'other' }],
  ] as [string, Partial<Call>][])('is never for %s', async (_, about) => {
    const { send, events } = await rig();
    expect([await failureOf(send(about)), events]).toEqual([DOWN, []]);
  });

  test('is never for a caller who has left', async () => {
    const { send } = await rig();
    expect(await failureOf(send({}, AbortSignal.abort()))).toBe(DOWN);
  });

  test('is not given when switched off', async () => {
    const { send } = await rig({ enabled: false });
    expect(await failureOf(send())).toBe(DOWN);
  });

  test('is not given when it is too old', async () => {
    const { clock, send } = await rig();
    await clock.advance(MAX_STALE_MS - 1_000);
    expect(await send()).toEqual({ values: [1] });
    await clock.advance(1);
    expect(await failureOf(send())).toBe(DOWN);
  });

  test('is not given once a write was applied, or may have been', async () => {
    const { epochs, send } = await rig();
    epochs.sending('ID');
    epochs.ended('ID', true);
    expect(await failureOf(send())).toBe(DOWN);
  });

  test('is given in spite of a write that was refused, and of one to another spreadsheet', async () => {
    const { epochs, send } = await rig();
    epochs.sending('ID');
    epochs.ended('ID', false);
    epochs.sending('OTHER');
    epochs.ended('OTHER', true);
    expect(await send()).toEqual({ values: [1] });
  });
});
