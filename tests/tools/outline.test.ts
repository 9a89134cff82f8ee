// A description stays within its budget whatever the spreadsheet holds, and says what it leaves out.

import { describe, expect, test } from 'vitest';
import type { SheetDescription } from '../../src/sheets/describe.ts';
import { outlineOf } from '../../src/tools/outline.ts';
import { testApp } from '../support/app.ts';

const TOKENS = 25_000;
const tokens = (answer: unknown) => JSON.stringify(answer).length / 4;

const fields = (count: number) =>
  Array.from({ length: count }, (_, column) => ({
    column: `C${column}`,
    name: `A rather long name of a column, number ${column}`,
    type: 'text' as const,
    sample: 'x'.repeat(40),
  }));
const sheet = (index: number, columns: number, more: Partial<SheetDescription> = {}): SheetDescription => ({
  title: `Sheet ${index}`,
  sheetId: index,
  rows: 1000,
  columns,
  usedRange: 'A1:Z99',
  ...(columns > 0 && { fields: fields(columns) }),
  ...more,
});
const book = (sheets: SheetDescription[], namedRanges?: string[]) =>
  outlineOf({
    id: 'id',
    title: 'Book',
    url: 'https://x',
    locale: 'en_US',
    timeZone: 'Etc/GMT',
    sheets,
    ...(namedRanges && { namedRanges }),
  });

test('of a small spreadsheet is whole and has no warning', () => {
  const sheets = [sheet(1, 3, { tables: ['T: A1:B2'] }), sheet(2, 0)];
  expect(book(sheets, ['N: A1'])).toMatchObject({ sheets, namedRanges: ['N: A1'] });
  expect(book(sheets)).not.toHaveProperty('warnings');
});

test('of a very wide sheet tells its first 200 columns', () => {
  const answer = book([sheet(1, 18_278), sheet(2, 200)]);
  expect(answer.sheets.map((one) => one.fields?.length)).toEqual([200, 200]);
  expect(answer.warnings).toEqual([expect.stringMatching(/first 200 fields are told of: Sheet 1\..*header row/)]);
  expect(tokens(answer)).toBeLessThan(TOKENS);
});

test('of many sheets leaves the fields of the last ones out, and names those', () => {
  const answer = book(Array.from({ length: 60 }, (_, index) => sheet(index, 50)));
  const told = answer.sheets.filter((one) => one.fields);
  expect(answer.sheets).toHaveLength(60);
  expect(told.length).toBeGreaterThan(8);
  expect(told).toEqual(answer.sheets.slice(0, told.length));
  expect(answer.warnings).toEqual([
    expect.stringContaining(`Without fields, for want of room: Sheet ${told.length}, `),
  ]);
  expect(answer.warnings?.[0]).toContain('Pass these as sheets');
  expect(tokens(answer)).toBeLessThan(TOKENS);
  expect(book([sheet(59, 50)]).sheets[0]?.fields).toHaveLength(50);
});

test('of thousands of sheets, objects and named ranges counts those beyond', () => {
  const list = Array.from({ length: 5_000 }, (_, index) => `Object ${index}: A1:B2 ${'x'.repeat(80)}`);
  const sheets = Array.from({ length: 5_000 }, (_, index) => sheet(index, 5, { tables: list, charts: list }));
  const answer = book(sheets, list);
  expect(tokens(answer)).toBeLessThan(TOKENS);
  expect(answer.namedRanges?.at(-1)).toBe('and 4960 more');
  expect(answer.warnings?.at(-1)).toBe(
    `${5_000 - answer.sheets.length} more sheets are left out, for want of room. Pass their titles or ids as sheets.`,
  );
});

describe('describe_spreadsheet', () => {
  test('answers within the budget for forty wide sheets, and for a sheet by its name', async () => {
    const app = await testApp();
    const header = fields(60).map((field) => field.name);
    const { body } = await app.rest('create_spreadsheet', {
      title: 'Wide',
      sheets: Array.from({ length: 40 }, (_, index) => ({ title: `Sheet ${index}`, rows: [header] })),
    });
    const whole = await app.rest('describe_spreadsheet', { spreadsheet: body.id });
    expect(whole.status).toBe(200);
    expect(tokens(whole.body)).toBeLessThan(TOKENS);
    expect(whole.body.sheets).toHaveLength(40);
    expect(whole.body.sheets[39]).not.toHaveProperty('fields');
    expect(whole.body.warnings[0]).toMatch(/Sheet 39/);
    const one = await app.rest('describe_spreadsheet', { spreadsheet: body.id, sheets: ['Sheet 39'] });
    expect(one.body.sheets[0].fields).toHaveLength(60);
    expect(one.body.warnings).toBeUndefined();
  });

  test('measures the small sheets exactly and the others by one column when they are too large together', async () => {
    const app = await testApp();
    const wide = (title: string, columns: number) => ({
      title,
      rows: [Array.from({ length: columns }, () => 'name'), ...Array.from({ length: 30 }, () => ['x'])],
    });
    const { body } = await app.rest('create_spreadsheet', {
      title: 'Large together',
      sheets: [wide('600 000 cells', 600), wide('500 000 cells', 500), wide('26 000 cells', 2)],
    });
    const { body: told } = await app.rest('describe_spreadsheet', { spreadsheet: body.id });
    expect(
      told.sheets.map((one: SheetDescription) => [one.measuredBy, one.usedRange?.split(':')[1]?.slice(-2)]),
    ).toEqual([
      ['A', '31'],
      [undefined, '31'],
      [undefined, '31'],
    ]);
  });
});
