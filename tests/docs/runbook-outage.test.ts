// An outage of Google as the circuit breaker's runbook tells it, on the server as a process: what opens it, what it
// spares Google, how it recovers, and what a reset does.

import { expect, test } from 'vitest';
import { DEMO_SPREADSHEET_ID as demo } from '../../src/emulator/emulator.ts';
import { testApp } from '../support/app.ts';
import { OUTAGE, openWorld, read, type Server } from './runbook-stages.ts';

const STATE = 'circuit_breaker_state{circuit="google_sheets_api",service="google_sheets"}';
const messages = (server: Server) =>
  server
    .log()
    .trim()
    .split('\n')
    .filter((line) => line !== '')
    .map((line): { level: string; message: string } => JSON.parse(line))
    .filter(({ message }) => message.startsWith('circuit breaker google_sheets_api'))
    .map(({ level, message }) => `${level} ${message.replace('circuit breaker google_sheets_api ', '')}`);

async function openOutage(env: Record<string, string> = {}) {
  const world = await openWorld();
  const server = await world.start({ RETRY_ENABLED: 'false', CACHE_TTL_MS: '60000', ...env });
  let row = 1;
  await read(server);
  /** A read of what was not read before; the sheets' names are in memory, so it is one call to Google. */
  const next = () => read(server, `A${++row}`, demo, false);
  const state = async () => (await server.circuit()).state;
  const until = (wanted: string) => expect.poll(state, { timeout: 10_000 }).toBe(wanted);
  const logged = (line: string) => expect.poll(() => messages(server)).toContain(line);
  const open = async () => {
    await world.faults(OUTAGE);
    for (let call = 1; call <= 5; call++) await next();
    expect(await state()).toBe('open');
  };
  return { ...world, server, next, state, until, logged, open };
}

test('five 503s open it; open, it rejects without a call to Google, and JSON, metric and log say so', async () => {
  const { server, next, faults, fired, state, logged } = await openOutage();
  expect(await next()).toMatchObject({ status: 200 });
  await faults(OUTAGE);
  for (let call = 1; call <= 5; call++) {
    expect([await state(), await server.metric(STATE)]).toEqual(['closed', 0]);
    expect(await next()).toMatchObject({ status: 503, body: { code: 'unavailable' } });
    await logged(`WARN failure ${call} of 5`);
  }
  expect([await state(), await server.metric(STATE)]).toEqual(['open', 2]);
  await logged('ERROR state transitioned: closed -> open');

  const asked = await fired();
  const rejected = await Promise.all(Array.from({ length: 20 }, () => next()));
  for (const answer of rejected) {
    expect(answer).toMatchObject({ status: 503, body: { code: 'circuit_open', circuit: 'google_sheets_api' } });
    expect(answer.body.retryAfterMs).toBeGreaterThan(30_000);
  }
  expect(await fired()).toBe(asked);
  const labels = '{circuit="google_sheets_api",service="google_sheets"}';
  expect(await server.metric(`circuit_breaker_rejections_total${labels}`)).toBe(20);
  const refused = '{api="sheets",method="spreadsheets.values.batchGet",status="circuit_open"}';
  expect(await server.metric(`google_api_calls_total${refused}`)).toBe(20);
});

test('idle, it is half-open by the clock; a 404 counts for nothing, a failure reopens it, two successes close it', async () => {
  const { server, next, faults, fired, until, open, logged, state } = await openOutage({
    CIRCUIT_BREAKER_TIMEOUT: '500',
  });
  await open();
  const asked = await fired();
  await until('half_open');
  expect(await fired()).toBe(asked);
  expect(await server.metric(STATE)).toBe(1);
  await logged('INFO state transitioned: open -> half-open');

  expect(await next()).toMatchObject({ body: { code: 'unavailable' } });
  await logged('ERROR state transitioned: half-open -> open');
  await until('half_open');
  await faults({ fault: { status: 404 } });
  expect(await next()).toMatchObject({ status: 404 });
  expect(await state()).toBe('half_open');

  await faults();
  expect(await next()).toMatchObject({ status: 200 });
  await logged('INFO half-open probe succeeded 1 of 2');
  expect(await state()).toBe('half_open');
  expect(await next()).toMatchObject({ status: 200 });
  await logged('INFO half-open probe succeeded 2 of 2');
  await logged('INFO state transitioned: half-open -> closed');
  expect([await state(), await server.metric(STATE)]).toEqual(['closed', 0]);
});

test('50 callers of 50 spreadsheets meet half-open with one probe', async () => {
  const env = { CIRCUIT_BREAKER_TIMEOUT: '300', CACHE_ENABLED: 'false' };
  const { server, faults, fired, googleUrl, open, until } = await openOutage(env);
  const ids = await Promise.all(
    Array.from({ length: 50 }, async () => {
      const response = await fetch(`${googleUrl}/v4/spreadsheets`, { method: 'POST', body: '{}' });
      return (await response.json()).spreadsheetId as string;
    }),
  );
  await open();
  // Slow enough that all 50 have come and gone while the probe is under way.
  await faults({ path: '/v4/', fault: { latencyMs: 1_000 } });
  await until('half_open');
  let answered = 0;
  const work = ids.map((id) => read(server, 'A1', id).finally(() => answered++));
  await expect.poll(() => answered, { timeout: 5_000 }).toBe(49);
  expect(await fired()).toBe(1);
  const answers = await Promise.all(work);
  const statuses = answers.map(({ status, body }) => `${status} ${body.code ?? ''}`).sort();
  expect(statuses).toEqual(['200 ', ...Array.from({ length: 49 }, () => '503 circuit_open')]);
});

test('a reset closes it with its spreadsheet, warns after a failed probe, and one failure does not reopen it', async () => {
  const { server, next, until, open, state } = await openOutage({ CIRCUIT_BREAKER_TIMEOUT: '500' });
  await open();
  expect(await server.post('/circuit-breakers/reset', { circuit: 'google_sheets_api' })).toEqual({
    status: 200,
    body: {
      reset: ['google_sheets_api', `spreadsheet:${demo}`].map((circuit) => ({ circuit, from: 'open', to: 'closed' })),
    },
  });
  expect(await next()).toMatchObject({ body: { code: 'unavailable' } });
  expect(await server.circuit()).toMatchObject({ state: 'closed', failureCount: 1 });
  for (let call = 2; call <= 5; call++) await next();
  expect(await state()).toBe('open');
  await until('half_open');
  await next();
  expect(await server.post('/circuit-breakers/reset', { circuit: 'google_sheets_api' })).toMatchObject({
    body: { hint: expect.stringContaining('The last probe of google_sheets_api') },
  });
});

test('a write whose answer is lost counts as a failure, and applies once all the same', async () => {
  const EMULATOR_FAULTS = JSON.stringify({ rules: [{ method: 'POST', count: 1, fault: { reset: 'after' } }] });
  const { rest, subscribe, demo: spreadsheet } = await testApp({ EMULATOR_FAULTS });
  const failures: number[] = [];
  subscribe((event) => event.type === 'circuit_failure' && failures.push(event.count));
  const { status, body } = await rest('append_rows', { spreadsheet, sheet: 'airports', rows: [['lost and found']] });
  expect({ status, body }).toMatchObject({
    status: 200,
    body: { status: 'applied', updatedRange: "'airports'!A3378" },
  });
  expect(failures).toEqual([1, 1]);
  const read = await rest('read_range', { spreadsheet, ranges: ['airports!A3378:A3379'] });
  expect(read.body.ranges[0].rows).toEqual([['lost and found']]);
});

test.each([
  ['user', 0],
  ['project', 1],
])('a 429 of the %s on the last attempt counts as %i failures', async (reason, failures) => {
  const EMULATOR_FAULTS = JSON.stringify({ rules: [{ path: '/v4/', fault: { status: 429, reason } }] });
  const { rest, circuits, demo: spreadsheet } = await testApp({ EMULATOR_FAULTS, RETRY_MAX_ATTEMPTS: '0' });
  expect(await rest('read_range', { spreadsheet, ranges: ['A1'] })).toMatchObject({ status: 429 });
  expect(circuits.find('google_sheets_api')?.snapshot().failureCount).toBe(failures);
});

// What the log is asked for in an outage is its cause; refused calls are the consequence, and there are many of them.
test('the last 50 ERROR lines of a busy outage hold its cause', async () => {
  const {
    rest,
    lines,
    demo: spreadsheet,
  } = await testApp({
    EMULATOR_FAULTS: JSON.stringify({ rules: [OUTAGE] }),
    RETRY_ENABLED: 'false',
  });
  const call = () => rest('read_range', { spreadsheet, ranges: ['A1'] });
  for (let count = 1; count <= 65; count++) await call();
  const errors = lines.filter((line) => line.includes('"level":"ERROR"')).slice(-50);
  expect(errors.some((line) => line.includes('"code":"unavailable"'))).toBe(true);
});
