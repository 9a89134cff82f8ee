// 20,000 x 10 cells: one page within the token limit, the total and a cursor; paging gives every row once.

import { expect, test } from 'vitest';
import { testApp } from '../support/app.ts';

const ROWS = 20_000;
const COLUMNS = 10;
const cells = (row: number) => Array.from({ length: COLUMNS }, (_, column) => `row ${row} col ${column}`);

type App = Awaited<ReturnType<typeof testApp>>;

async function bigSheet(app: App): Promise<string> {
  const { body } = await app.rest('create_spreadsheet', {
    title: 'Big',
    sheets: [{ title: 'Data', rows: [cells(1)] }],
  });
  for (let start = 2; start <= ROWS; start += 5_000) {
    const values = Array.from({ length: Math.min(5_000, ROWS - start + 1) }, (_, index) => cells(start + index));
    const { status } = await app.rest('write_range', {
      spreadsheet: body.id,
      writes: [{ range: `Data!A${start}`, values }],
    });
    expect(status).toBe(200);
  }
  return body.id;
}

async function page(app: App, input: object) {
  const { status, body } = await app.rest('read_range', input);
  expect(status).toBe(200);
  return { body, tokens: JSON.stringify(body).length / 4 };
}

test('a page holds the total and a cursor within its budget', async () => {
  const app = await testApp();
  const spreadsheet = await bigSheet(app);
  const first = await page(app, { spreadsheet, ranges: ['Data'] });
  expect(first.tokens).toBeLessThanOrEqual(10_000);
  expect(first.tokens).toBeGreaterThan(9_000);
  expect(first.body.ranges[0]).toMatchObject({ totalRows: ROWS, firstRow: 1 });
  expect(first.body.nextCursor).toMatch(/./);
  const largest = await page(app, { spreadsheet, ranges: ['Data'], limit: 100_000 });
  expect(largest.tokens).toBeLessThanOrEqual(25_000);
  expect(largest.tokens).toBeGreaterThan(24_000);

  const seen: number[] = [];
  let cursor: string | undefined;
  do {
    const { body } = await page(app, { spreadsheet, ranges: ['Data'], limit: 100_000, ...(cursor && { cursor }) });
    const [{ firstRow, rows }] = body.ranges;
    rows.forEach((row: string[], index: number) => {
      expect(row).toEqual(cells(firstRow + index));
      seen.push(firstRow + index);
    });
    cursor = body.nextCursor;
  } while (cursor !== undefined);
  expect(seen).toEqual(Array.from({ length: ROWS }, (_, index) => index + 1));
});

test('a cursor goes on by URL where it began by id', async () => {
  const app = await testApp();
  const { body } = await app.rest('create_spreadsheet', { title: 'T', sheets: [{ title: 'S', rows: [['a'], ['b']] }] });
  const input = { ranges: ['S'], limit: 1 };
  const first = await page(app, { spreadsheet: body.id, ...input });
  const next = await page(app, { spreadsheet: body.url, ...input, cursor: first.body.nextCursor });
  expect(next.body.ranges[0]).toMatchObject({ firstRow: 2, rows: [['b']] });
});

test('a change between two pages is told', async () => {
  const app = await testApp();
  const spreadsheet = await bigSheet(app);
  const input = { spreadsheet, ranges: ['Data'], limit: 10 };
  const { body } = await page(app, input);
  await app.rest('write_range', { spreadsheet, writes: [{ range: 'Data!A3', values: [['changed']] }] });
  const next = await page(app, { ...input, cursor: body.nextCursor });
  expect(next.body.warnings[0]).toMatch(/changed since the page before/);
});
