// Many callers at once on one spreadsheet, cold, through the front door: few calls upstream, each caller its own answer.

import { expect, test } from 'vitest';
import type { Event } from '../../src/events.ts';
import { testApp } from '../support/app.ts';

type App = Awaited<ReturnType<typeof testApp>>;

function upstream(app: App): string[] {
  const methods: string[] = [];
  app.subscribe((event: Event) => {
    if (event.type === 'api_call') methods.push(event.method);
  });
  return methods;
}

const count = (methods: readonly string[], method: string) => methods.filter((one) => one === method).length;

async function sheetOf(app: App, rows: (string | number)[][]): Promise<string> {
  const { body } = await app.rest('create_spreadsheet', { title: 'T', sheets: [{ title: 'S', rows }] });
  return body.id;
}

const NUMBERS = Array.from({ length: 40 }, (_, row) => [`row ${row + 1}`, row + 1]);

test('200 readers of 40 ranges cost one call for names and at most three for values', async () => {
  const app = await testApp();
  const spreadsheet = await sheetOf(app, NUMBERS);
  const methods = upstream(app);
  const answers = await Promise.all(
    Array.from({ length: 200 }, (_, n) =>
      app.rest('read_range', { spreadsheet, ranges: [`S!A${(n % 40) + 1}:B${(n % 40) + 1}`], render: 'unformatted' }),
    ),
  );
  for (const [n, { body }] of answers.entries()) expect(body.ranges[0].rows).toEqual([NUMBERS[n % 40]]);
  expect(count(methods, 'spreadsheets.get')).toBe(1);
  expect(count(methods, 'spreadsheets.values.batchGet')).toBeLessThanOrEqual(3);
});

test('a bad range among them fails alone', async () => {
  const app = await testApp();
  const spreadsheet = await sheetOf(app, NUMBERS);
  const methods = upstream(app);
  const answers = await Promise.all(
    Array.from({ length: 200 }, (_, n) =>
      app.rest('read_range', { spreadsheet, ranges: [n === 77 ? 'S!ZZ5000' : `S!A${(n % 40) + 1}`] }),
    ),
  );
  for (const [n, { status, body }] of answers.entries()) {
    if (n === 77) expect({ status, code: body.code }).toEqual({ status: 400, code: 'invalid_argument' });
    else expect(body.ranges[0].rows).toEqual([[`row ${(n % 40) + 1}`]]);
  }
  expect(count(methods, 'spreadsheets.values.batchGet')).toBeLessThanOrEqual(4);
});

test('100 writers to distinct ranges of one sheet cost at most five writes', async () => {
  const app = await testApp();
  const spreadsheet = await sheetOf(app, [['x']]);
  const methods = upstream(app);
  const answers = await Promise.all(
    Array.from({ length: 100 }, (_, n) =>
      app.rest('write_range', { spreadsheet, writes: [{ range: `S!B${n + 1}`, values: [[n]] }] }),
    ),
  );
  for (const [n, { body }] of answers.entries())
    expect(body).toMatchObject({ status: 'applied', ranges: [`'S'!B${n + 1}`] });
  expect(count(methods, 'spreadsheets.batchUpdate')).toBeLessThanOrEqual(5);
  expect(methods.length).toBeLessThanOrEqual(12);
  const { body } = await app.rest('read_range', { spreadsheet, ranges: ['S!B1:B100'], render: 'unformatted' });
  expect(body.ranges[0].rows).toEqual(Array.from({ length: 100 }, (_, n) => [n]));
});

test('writers to one cell are applied in the order in which they came', async () => {
  const app = await testApp();
  const spreadsheet = await sheetOf(app, [['x']]);
  await app.rest('read_range', { spreadsheet, ranges: ['S'] });
  const order: number[] = [];
  await Promise.all(
    Array.from({ length: 50 }, async (_, n) => {
      await app.rest('write_range', { spreadsheet, writes: [{ range: 'S!A1', values: [[n]] }] });
      order.push(n);
    }),
  );
  const { body } = await app.rest('read_range', { spreadsheet, ranges: ['S!A1'], render: 'unformatted' });
  expect(body.ranges[0].rows).toEqual([[order.at(-1)]]);
  expect(order).toEqual(order.toSorted((a, b) => a - b));
});

test('50 appends to one sheet travel together and each is told its own rows', async () => {
  const app = await testApp();
  const spreadsheet = await sheetOf(app, [['who', 'n']]);
  const methods = upstream(app);
  const answers = await Promise.all(
    Array.from({ length: 50 }, (_, n) =>
      app.rest('append_rows', {
        spreadsheet,
        sheet: 'S',
        rows: [
          [`w${n}`, n],
          [`w${n}`, n + 0.5],
        ],
      }),
    ),
  );
  expect(count(methods, 'spreadsheets.batchUpdate')).toBeLessThanOrEqual(5);
  const { body } = await app.rest('read_range', { spreadsheet, ranges: ['S'], render: 'unformatted' });
  for (const [n, { body: told }] of answers.entries()) {
    const row = Number(/A(\d+):/.exec(told.updatedRange)?.[1]) - 1;
    expect(body.ranges[0].rows.slice(row, row + 2)).toEqual([
      [`w${n}`, n],
      [`w${n}`, n + 0.5],
    ]);
  }
});

test('a call on an idle server waits for nothing', async () => {
  const app = await testApp();
  const spreadsheet = await sheetOf(app, [['x']]);
  const waits: number[] = [];
  app.subscribe((event: Event) => {
    if (event.type === 'admitted') waits.push(event.waitMs);
  });
  await app.rest('read_range', { spreadsheet, ranges: ['S'], fresh: true });
  await app.rest('write_range', { spreadsheet, writes: [{ range: 'S!A1', values: [[1]] }] });
  expect(waits.length).toBeGreaterThan(2);
  for (const wait of waits) expect(wait).toBeLessThan(5);
});

test('what is in memory answers again, is said to be so, and never outlives a write', async () => {
  const app = await testApp();
  const spreadsheet = await sheetOf(app, [['old']]);
  const read = async (more: object = {}) =>
    (await app.rest('read_range', { spreadsheet, ranges: ['S'], ...more })).body;
  expect(await read()).toMatchObject({ source: 'live', ranges: [{ rows: [['old']] }] });
  const methods = upstream(app);
  expect(await read()).toMatchObject({ source: 'cache', ranges: [{ rows: [['old']] }] });
  expect(methods).toEqual([]);
  expect(await read({ fresh: true })).toMatchObject({ source: 'live' });
  expect(methods.length).toBe(2);
  await app.rest('write_range', { spreadsheet, writes: [{ range: 'S!A1', values: [['new']] }] });
  expect(await read()).toMatchObject({ source: 'live', ranges: [{ rows: [['new']] }] });
});

test.each(['ADAPTIVE_BATCHING', 'CACHE_ENABLED', 'RETRY_ENABLED', 'THROTTLE_ENABLED', 'FALLBACK_ENABLED'])(
  'a server with %s=false works',
  async (variable) => {
    const app = await testApp({ [variable]: 'false' });
    const spreadsheet = await sheetOf(app, [['who', 'n']]);
    const writes = Array.from({ length: 10 }, (_, n) =>
      app.rest('append_rows', { spreadsheet, sheet: 'S', rows: [[`w${n}`, n]] }),
    );
    expect((await Promise.all(writes)).map(({ status }) => status)).toEqual(Array(10).fill(200));
    const { body } = await app.rest('read_range', { spreadsheet, ranges: ['S'] });
    expect(body.ranges[0].totalRows).toBe(11);
  },
);

test('each switch can be turned at run time, and back by itself', async () => {
  const app = await testApp();
  const put = (name: string, body: object) =>
    app.request(`/flags/${name}`, { method: 'PUT', body: JSON.stringify(body) });
  const spreadsheet = await sheetOf(app, [['x']]);
  for (const name of ['batching', 'cache', 'fallback', 'retry', 'throttle']) {
    expect(await (await put(name, { enabled: false })).json()).toEqual({ [name]: { enabled: false, until: null } });
    expect((await app.rest('read_range', { spreadsheet, ranges: ['S'] })).status).toBe(200);
    await put(name, { enabled: true });
  }
  await put('writes', { enabled: false, forMs: 60_000 });
  const refused = await app.rest('append_rows', { spreadsheet, sheet: 'S', rows: [['y']] });
  expect(refused).toMatchObject({ status: 503, body: { detail: expect.stringMatching(/switched off writes/) } });
  await put('writes', { enabled: true });
  await put('tool:append_rows', { enabled: false });
  expect((await app.rest('append_rows', { spreadsheet, sheet: 'S', rows: [['y']] })).status).toBe(503);
  expect((await put('nothing', { enabled: true })).status).toBe(404);
  expect((await put('cache', { on: true })).status).toBe(400);
});
