// Trouble stays where it belongs: a sick spreadsheet, a revoked grant or an account without quota stops nobody else;
// an unreachable Google stops everyone at once.

import { expect, test } from 'vitest';
import { revoked, tokenOf, virtualPipe } from '../support/virtual-pipe.ts';

/** Neither repeats nor memory, so that each call tells what became of it. */
const PLAIN = { RETRY_ENABLED: 'false', CACHE_ENABLED: 'false', FALLBACK_ENABLED: 'false', THROTTLE_ENABLED: 'false' };

test.each([
  ['answers 503', { status: 503 }],
  ['hangs for ever', { hang: true }],
])('one spreadsheet that %s does not stop another', async (_, fault) => {
  const { create, read, outcomeOf, emulator, circuits } = await virtualPipe({ env: PLAIN });
  const [sick, well] = [await create(), await create()];
  emulator.setFaults({ rules: [{ spreadsheet: sick, fault }] });
  expect(await outcomeOf(read('a', well))).toBe('ok');
  for (let n = 0; n < 12; n++) {
    await outcomeOf(read('a', sick));
    expect(await outcomeOf(read('b', well)), `after ${n + 1} failures`).toBe('ok');
  }
  expect(await outcomeOf(read('a', sick))).toBe('circuit_open');
  expect(circuits.find(`spreadsheet:${sick}`)?.closed()).toBe(false);
  expect(circuits.find('google_sheets_api')?.closed()).toBe(true);
});

test('a Google that cannot be reached stops all at once', async () => {
  let asked = 0;
  const down = async () => {
    asked++;
    throw Object.assign(new TypeError('fetch failed'), {
      cause: Object.assign(new Error('refused'), { code: 'ECONNREFUSED' }),
    });
  };
  const { create, read, outcomeOf, circuits } = await virtualPipe({ env: PLAIN, fetch: () => down });
  const books = [await create(), await create(), await create()];
  for (let n = 0; n < 5; n++) expect(await outcomeOf(read('a', books[0] ?? ''))).toBe('unavailable');
  expect(circuits.find('google_sheets_api')?.closed()).toBe(false);
  expect(asked).toBe(5);
  for (const book of books) expect(await outcomeOf(read('b', book))).toBe('circuit_open');
  expect(asked).toBe(5);
});

test("five calls with somebody's revoked grant stop nobody else", async () => {
  const { create, read, outcomeOf, circuits } = await virtualPipe({
    env: PLAIN,
    identities: { a: revoked, b: tokenOf('b') },
  });
  const book = await create();
  for (let n = 0; n < 6; n++) {
    expect(await outcomeOf(read('a', book))).toBe('unauthenticated');
    expect(await outcomeOf(read('b', book))).toBe('ok');
  }
  expect(circuits.snapshots().map(({ state, failureCount }) => [state, failureCount])).toEqual(
    circuits.snapshots().map(() => ['closed', 0]),
  );
});

test("one account's exhausted quota stops nobody else", async () => {
  const env = { ...PLAIN, THROTTLE_ENABLED: 'true' };
  const { create, read, outcomeOf, emulator, circuits, clock } = await virtualPipe({ env });
  const book = await create();
  emulator.setFaults({ rules: [{ count: 1, fault: { status: 429, reason: 'user' } }] });
  expect(await outcomeOf(read('a', book))).toBe('quota_exhausted');
  expect(await outcomeOf(read('b', book))).toBe('ok');
  expect(circuits.find('google_sheets_api')?.closed()).toBe(true);
  // The bucket pauses for a minute, longer than the deadline: refused at once, without asking Google.
  const before = clock.now();
  expect(await outcomeOf(read('a', book))).toBe('quota_exhausted');
  expect(clock.now()).toBe(before);
  expect(await outcomeOf(read('b', book))).toBe('ok');
  await clock.advance(60_000);
  expect(await outcomeOf(read('a', book))).toBe('ok');
});

test('50 callers of 50 spreadsheets on a half-open circuit: one probe at a time, the others turned away at once', async () => {
  const { create, read, outcomeOf, emulator, circuits, clock } = await virtualPipe({ env: PLAIN });
  const books = await Promise.all(Array.from({ length: 50 }, create));
  emulator.setFaults({ rules: [{ fault: { status: 503 } }] });
  for (const book of books.slice(0, 5)) await outcomeOf(read('a', book));
  expect(circuits.find('google_sheets_api')?.snapshot().state).toBe('open');
  const sent = emulator.observed().length;
  for (const book of books) expect(await outcomeOf(read('a', book))).toBe('circuit_open');
  expect(emulator.observed().length).toBe(sent);

  await clock.advance(60_000);
  expect(circuits.find('google_sheets_api')?.snapshot().state).toBe('half_open');
  emulator.setFaults({ rules: [{ fault: { latencyMs: 1_000 } }] });
  for (const round of [1, 2]) {
    const asked = emulator.observed().length;
    const start = clock.now();
    const calls = books.slice(5).map((book) => outcomeOf(read('b', book)));
    const outcomes = await Promise.all(calls);
    expect(
      outcomes.filter((one) => one === 'ok'),
      `round ${round}`,
    ).toHaveLength(1);
    expect(outcomes.filter((one) => one === 'circuit_open')).toHaveLength(44);
    expect(emulator.observed().length).toBe(asked + 1);
    expect(clock.now() - start).toBeGreaterThanOrEqual(1_000);
  }
  expect(circuits.find('google_sheets_api')?.snapshot().state).toBe('closed');
});

test('a stale value is said to be stale, and none from before an own write is given', async () => {
  const { create, read, outcomeOf, emulator, pipe } = await virtualPipe({
    env: { ...PLAIN, CACHE_ENABLED: 'true', FALLBACK_ENABLED: 'true', CACHE_TTL_MS: '0' },
  });
  const book = await create();
  expect(await outcomeOf(read('a', book))).toBe('ok');
  emulator.setFaults({ rules: [{ fault: { status: 503 } }] });
  const reply = read('a', book);
  expect(await outcomeOf(reply)).toBe('ok');
  expect(pipe.sourceOf(await reply)).toMatchObject({ source: 'stale' });
  expect(await outcomeOf(read('b', book))).toBe('unavailable');
});
