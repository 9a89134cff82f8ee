// The circuit around the token endpoint: what counts, and what an open one says.

import { describe, expect, test } from 'vitest';
import { createCircuit } from '../../src/resilience/circuit.ts';
import { guardFetch } from '../../src/resilience/guard.ts';
import { failureOf } from '../support/fake-google.ts';
import { createVirtualClock } from '../support/virtual-clock.ts';

const URL = 'https://oauth2.googleapis.com/token';

/** The endpoint answers with these statuses, one after the other; 0 is a network failure. */
function rig(...statuses: number[]) {
  const clock = createVirtualClock();
  const asked: unknown[] = [];
  const thresholds = { failureThreshold: 3, successThreshold: 1, openMs: 60_000, resetMs: 30_000 };
  const circuit = createCircuit({
    ...thresholds,
    name: 'google_oauth',
    service: 'google_oauth',
    spread: true,
    clock,
    emit: () => {},
  });
  const fetch: typeof globalThis.fetch = async (input, init) => {
    asked.push([input, init]);
    const status = statuses.shift() ?? 200;
    if (status === 0) throw new TypeError('fetch failed');
    return new Response('{}', { status });
  };
  const guarded = guardFetch(circuit, fetch);
  return {
    clock,
    asked,
    circuit,
    guarded,
    /** The status, or the words of the failure. */
    ask: () => guarded(URL).then(({ status }) => status, String),
  };
}

describe('the token endpoint', () => {
  test('is asked as it was, and its answer is passed on', async () => {
    const { asked, guarded } = rig(200);
    const init = { method: 'POST', body: 'x' };
    expect(await (await guarded(URL, init)).json()).toEqual({});
    expect(asked).toEqual([[URL, init]]);
  });

  test('opens its circuit by answers of 500 and more, and by network failures', async () => {
    for (const bad of [500, 503, 599, 0]) {
      const { ask, circuit } = rig(bad, bad, bad);
      for (let count = 0; count < 3; count++) expect(await ask()).toBe(bad === 0 ? 'TypeError: fetch failed' : bad);
      expect([bad, circuit.snapshot().state]).toEqual([bad, 'open']);
      expect(circuit.snapshot().lastFailure?.message).toBe(
        `Google's token endpoint failed (${bad === 0 ? 'no answer' : `status ${bad}`}).`,
      );
    }
  });

  test.each([200, 302, 400, 401, 403, 429, 499])('is well when it answers %d', async (status) => {
    const { ask, circuit } = rig(503, 503, status, 503, 503);
    for (let count = 0; count < 5; count++) await ask();
    expect([circuit.snapshot().state, circuit.snapshot().failureCount]).toEqual(['closed', 2]);
  });

  test('is not blamed for a caller who leaves', async () => {
    const { guarded, circuit } = rig(0, 0, 0);
    for (let count = 0; count < 3; count++) {
      await expect(guarded(URL, { signal: AbortSignal.abort() })).rejects.toThrow('fetch failed');
    }
    expect(circuit.snapshot().failureCount).toBe(0);
  });
});

describe('its open circuit', () => {
  test('refuses without asking: nothing was sent, and by whose fault', async () => {
    const { clock, ask, asked, guarded, circuit } = rig(0, 0, 0);
    for (let count = 0; count < 3; count++) await ask();
    await clock.advance(20_000);
    const { code, message, details } = await failureOf(guarded(URL));
    expect([code, message, asked.length, circuit.snapshot().rejectedCount]).toEqual([
      'circuit_open',
      'The circuit breaker google_oauth is open: no access token can be had.',
      3,
      1,
    ]);
    expect(details).toEqual({
      circuit: 'google_oauth',
      since: '2026-01-01T00:00:00.000Z',
      retryAfterMs: 40_000,
      service: 'google_oauth',
      sent: false,
      outcome: 'none',
      cause: expect.any(Error),
    });
  });

  test('lets one through when its time is over, and closes when that is answered', async () => {
    const { clock, ask, asked, circuit } = rig(0, 0, 0, 200);
    for (let count = 0; count < 3; count++) await ask();
    await clock.advance(60_000);
    const answers = await Promise.all([ask(), ask()]);
    expect([answers[0], String(answers[1]), asked.length]).toEqual([
      200,
      expect.stringContaining('google_oauth is open'),
      4,
    ]);
    expect(circuit.snapshot().state).toBe('closed');
  });
});
