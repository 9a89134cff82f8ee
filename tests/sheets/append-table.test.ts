// Appending to a table: what is sent to Google, and what is told of the rows. The embedded backend has no tables.

import { expect, test } from 'vitest';
import { createSheets } from '../../src/sheets/sheets.ts';
import { failureOf, startFakeGoogle, transportOver } from '../support/fake-google.ts';

const ID = '1mHIWnDvW9cALRMq9OdNfRwjAthCUFUOACPp0Lkyl7b4';
const PATH = `/v4/spreadsheets/${ID}`;
const range = { sheetId: 5, startRowIndex: 2, endRowIndex: 5, startColumnIndex: 1, endColumnIndex: 4 };
const columnProperties = [
  { columnName: 'name' },
  { columnIndex: 1, columnName: 'day' },
  { columnIndex: 2, columnName: 'n' },
];
const NAMES = {
  spreadsheetId: ID,
  properties: { title: 'T', timeZone: 'Etc/GMT' },
  sheets: [
    { properties: { sheetId: 4, title: 'Other' }, tables: [{ tableId: 't0', name: 'Visits', range: { sheetId: 4 } }] },
    { properties: { sheetId: 5, title: 'S' }, tables: [{ tableId: 't1', name: 'Guests', range, columnProperties }] },
  ],
};

const text = (value: string) => ({ values: [{ userEnteredValue: { stringValue: value } }] });

/** What Google shows of column B after the append, from its first row on; `endRow` is where the table ends then. */
const updated = (column: object[], endRow?: number) => ({
  spreadsheetId: ID,
  updatedSpreadsheet: {
    sheets: [
      {
        properties: { sheetId: 5, title: 'S' },
        ...(endRow !== undefined && { tables: [{ tableId: 't1', range: { ...range, endRowIndex: endRow } }] }),
        data: [{ startColumn: 1, rowData: column }],
      },
    ],
  },
});

/** A Google that has the table; `reply` is its answer to the append. */
async function setUp(reply: object, blocks: object = {}) {
  const google = await startFakeGoogle();
  google.answer(PATH, ({ url }) => ({ status: 200, body: url.includes('rowData') ? blocks : NAMES }));
  google.answer(`${PATH}:batchUpdate`, { status: 200, body: reply });
  const origin = { principal: 'p', identity: 'a', deadline: Number.MAX_VALUE, priority: 'interactive' } as const;
  const { send } = transportOver(google);
  const reads: boolean[] = [];
  const noting: typeof send = (call, signal) => {
    if (call.kind === 'read') reads.push(call.live);
    return send(call, signal);
  };
  const sheets = createSheets(
    noting,
    { ...origin, fresh: false, random: Math.random },
    new AbortController().signal,
    () => undefined,
  );
  const bodies = () => google.requests.filter(({ method }) => method === 'POST').map(({ body }) => JSON.parse(body));
  return { google, sheets, reads, bodies, [Symbol.asyncDispose]: () => google[Symbol.asyncDispose]() };
}

test('rows go to the table by its id, from its first column on, records by its column names', async () => {
  await using fake = await setUp(updated([{}, {}, text('name'), text('x'), text('y'), text('a'), text('b')], 7));
  const answer = await fake.sheets.append(ID, { table: 'guests' }, [{ n: 3, name: 'a' }, ['b', null, 4]]);
  expect(answer).toEqual({ status: 'applied', rows: 2, updatedRange: "'S'!B6:D7" });
  expect(fake.bodies()).toEqual([
    {
      requests: [
        {
          appendCells: {
            tableId: 't1',
            fields: 'userEnteredValue',
            rows: [
              { values: [{ userEnteredValue: { stringValue: 'a' } }, {}, { userEnteredValue: { numberValue: 3 } }] },
              { values: [{ userEnteredValue: { stringValue: 'b' } }, {}, { userEnteredValue: { numberValue: 4 } }] },
            ],
          },
        },
      ],
      includeSpreadsheetInResponse: true,
      responseIncludeGridData: true,
      responseRanges: ["'S'!B:B"],
    },
  ]);
  expect(fake.google.requests).toHaveLength(2);
});

test('dates take the format of the row above, of every column the one that it has there', async () => {
  const day = {
    userEnteredFormat: { numberFormat: { type: 'DATE', pattern: 'd mmm' } },
    effectiveValue: { numberValue: 1 },
  };
  const money = { userEnteredFormat: { numberFormat: { type: 'CURRENCY' } } };
  const blocks = {
    sheets: [
      { properties: { sheetId: 5, title: 'S' }, data: [{ startRow: 3, rowData: [{ values: [{}, day, money] }] }] },
    ],
  };
  await using fake = await setUp(updated([text('a')]), blocks);
  await fake.sheets.append(ID, { table: 't1' }, [['a', '2026-11-21', 4]]);
  expect(fake.reads).toEqual([true, true]);
  const read = new URL(fake.google.requests[1]?.url ?? '', fake.google.url);
  expect(read.searchParams.getAll('ranges')).toEqual(["'S'!B4:D5"]);
  expect(fake.bodies()[0].requests[0].appendCells).toEqual({
    tableId: 't1',
    fields: 'userEnteredValue,userEnteredFormat.numberFormat',
    rows: [
      {
        values: [
          { userEnteredValue: { stringValue: 'a' } },
          { userEnteredValue: { numberValue: 46_347 }, userEnteredFormat: day.userEnteredFormat },
          { userEnteredValue: { numberValue: 4 }, userEnteredFormat: money.userEnteredFormat },
        ],
      },
    ],
  });
});

test('data below the table is not taken for the rows', async () => {
  await using fake = await setUp(updated([{}, {}, text('name'), text('a'), text('a'), {}, text('a')], 5));
  expect(await fake.sheets.append(ID, { table: 'Guests' }, [['a']])).toMatchObject({ updatedRange: "'S'!B5" });
});

test.each<[string, object[], number | undefined, string | undefined]>([
  [
    'the end of the table is not told, but the values stand in one place',
    [{}, text('a'), text('z')],
    undefined,
    "'S'!B2",
  ],
  ['the table ends in a footer, but the values stand in one place', [text('a'), text('sum')], 2, "'S'!B1"],
  ['the end of the table is not told and the values stand twice', [text('a'), text('a')], undefined, undefined],
  ['the table ends in something else and the values stand twice', [text('a'), text('a'), text('sum')], 3, undefined],
  ['nothing is told', [], undefined, undefined],
])('when %s', async (_, column, endRow, updatedRange) => {
  await using fake = await setUp(updated(column, endRow));
  const answer = await fake.sheets.append(ID, { table: 'Guests' }, [['a']]);
  expect(answer).toEqual({
    status: 'applied',
    rows: 1,
    ...(updatedRange === undefined
      ? { warnings: [expect.stringMatching(/does not tell where the rows are/)] }
      : { updatedRange }),
  });
});

test.each<[string, string, Parameters<Awaited<ReturnType<typeof setUp>>['sheets']['append']>[2], string, string]>([
  ['an unknown table', 'Guestz', [['a']], 'not_found', 'There is no table "Guestz".'],
  [
    'an unknown column',
    'Guests',
    [{ age: 1 }],
    'invalid_argument',
    'rows[0] names a column "age" that does not exist.',
  ],
  [
    'a row wider than the table',
    'Guests',
    [['a'], [1, 2, 3, 4]],
    'invalid_argument',
    'rows[1] has 4 cells, but the table has 3 columns.',
  ],
])('%s is refused before anything is sent', async (_, table, rows, code, message) => {
  await using fake = await setUp(updated([]));
  const error = await failureOf(fake.sheets.append(ID, { table }, rows));
  expect({ code: error.code, message: error.message }).toEqual({ code, message });
  expect(fake.bodies()).toEqual([]);
});

test('an unknown table is told with those that there are', async () => {
  await using fake = await setUp(updated([]));
  const error = await failureOf(fake.sheets.append(ID, { table: 'Guestz' }, [['a']]));
  expect(error.hint).toBe('Did you mean "Guests"? Tables: Visits, Guests.');
});
