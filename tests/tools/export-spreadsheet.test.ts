// A sheet as text: every row and column of it, one sheet by name, bounded and never cut; and what the backend lacks.

import Papa from 'papaparse';
import { expect, test } from 'vitest';
import { testApp } from '../support/app.ts';
import { createVerbs } from '../support/verbs.ts';

async function start(rows: unknown[][]) {
  const app = await testApp({ TOOLSETS: 'all' });
  const sheets = [{ title: 'First', rows }, { title: "It's", rows: [['only']] }, { title: 'Empty' }];
  const { body: made } = await app.rest('create_spreadsheet', { title: 'T', sheets });
  const id: string = made.id;
  return { app, id, give: async (input: object) => app.rest('export_spreadsheet', { spreadsheet: id, ...input }) };
}

const ROWS = [
  ['name', 'text', 'sum'],
  ['a', 'x, "y"', { formula: '=1/4' }],
  [],
  ['b', 'two\nlines', '', 'far'],
  ['tab', 'a\tb', true],
];

test('csv: the first sheet, cells as shown, lines of one length', async () => {
  const { give } = await start(ROWS);
  const { body } = await give({ format: 'csv' });
  const text = 'name,text,sum,\na,"x, ""y""",0.25,\n,,,\nb,"two\nlines",,far\ntab,a\tb,TRUE,';
  expect(body).toEqual({ mimeType: 'text/csv', sheet: 'First', sizeBytes: text.length, text, source: 'live' });
  expect(Papa.parse(body.text).data).toHaveLength(5);
});

test('tsv, and another sheet by title or id', async () => {
  const { app, id, give } = await start(ROWS);
  const { body } = await give({ format: 'tsv' });
  expect([body.mimeType, Papa.parse(body.text, { delimiter: '\t' }).data]).toEqual([
    'text/tab-separated-values',
    [
      ['name', 'text', 'sum', ''],
      ['a', 'x, "y"', '0.25', ''],
      ['', '', '', ''],
      ['b', 'two\nlines', '', 'far'],
      ['tab', 'a\tb', 'TRUE', ''],
    ],
  ]);
  const { body: described } = await app.rest('describe_spreadsheet', { spreadsheet: id });
  for (const sheet of ["It's", described.sheets[1].sheetId]) {
    expect((await give({ format: 'csv', sheet })).body).toMatchObject({ sheet: "It's", text: 'only', sizeBytes: 4 });
  }
  expect((await give({ format: 'csv', sheet: 'Empty' })).body).toMatchObject({ text: '', sizeBytes: 0 });
});

test('is refused beyond maxBytes, by its size in UTF-8, with the way to read it', async () => {
  const { id, give } = await start([['ä€𝄞'], ['x']]);
  expect((await give({ format: 'csv', maxBytes: 11 })).body).toMatchObject({ text: 'ä€𝄞\nx', sizeBytes: 11 });
  const { status, body } = await give({ format: 'csv', maxBytes: 10 });
  expect([status, body.detail, body.hint]).toEqual([
    413,
    'Sheet "First" is larger as csv than maxBytes (10).',
    expect.stringMatching(
      new RegExp(
        `^Read it in pages: read_range with ranges \\["First"\\] and format csv; or .* resource sheets://${id}/First\\. ` +
          `.*/d/${id}/export\\?format=csv&gid=\\d+$`,
      ),
    ),
  ]);
});

test('the largest that is given unasked is as large as an answer may be', async () => {
  const { give } = await start(Array.from({ length: 800 }, (_, n) => [`${n} ${'x'.repeat(90)}`]));
  expect((await give({ format: 'csv', maxBytes: 100_000 })).body.sizeBytes).toBeGreaterThan(75_000);
  expect((await give({ format: 'csv' })).body.code).toBe('too_large');
});

test('a long sheet is read in pieces, blank rows between them kept, and no further than the bound', async () => {
  const { update, book, sheets, sent } = createVerbs();
  const { readRows } = await import('../../src/sheets/export.ts');
  const id = await book([['abc']]);
  const [sheet] = (await sheets.describe(id, [])).sheets;
  const cell = (rowIndex: number) => ({
    updateCells: {
      start: { sheetId: sheet?.sheetId, rowIndex, columnIndex: 1 },
      rows: [{ values: [{ userEnteredValue: { stringValue: 'z' } }] }],
      fields: 'userEnteredValue',
    },
  });
  await update(id, { appendDimension: { sheetId: sheet?.sheetId, dimension: 'ROWS', length: 39_000 } }, cell(30_000));
  const give = async (most: number) => (await sheets.on(id, (desk) => readRows(desk, undefined, most))).rows;
  const from = sent.length;
  const rows = (await give(1_000_000)) ?? [];
  expect([rows.length, rows[0], rows[1], rows[19_230], rows[30_000]]).toEqual([30_001, ['abc'], [], [], ['', 'z']]);
  expect(sent.slice(from).filter(({ method }) => method.endsWith('batchGet'))).toHaveLength(3);
  const before = sent.length;
  expect(await give(1)).toBeUndefined();
  expect(sent.slice(before).filter(({ method }) => method.endsWith('batchGet'))).toHaveLength(1);
});

test.each(['xlsx', 'pdf', 'ods'])('the embedded backend refuses %s by name', async (format) => {
  const { give } = await start(ROWS);
  const { status, body } = await give({ format });
  expect([status, body.code, body.detail, body.hint]).toEqual([
    501,
    'unsupported',
    `This backend does not export ${format}: The requested conversion is not supported.`,
    expect.stringContaining('csv and tsv'),
  ]);
});

test.each<[string, object, string, string]>([
  ['a sheet of a whole file', { format: 'pdf', sheet: 'First' }, 'invalid_argument', 'sheet is for csv and tsv'],
  ['an unknown sheet', { format: 'csv', sheet: 'Firs' }, 'not_found', 'There is no sheet "Firs".'],
  ['an unknown format', { format: 'doc' }, 'invalid_argument', 'format: Invalid option'],
  ['more than Drive exports', { format: 'csv', maxBytes: 20_000_000 }, 'invalid_argument', 'maxBytes: Too big'],
])('%s is refused', async (_, input, code, detail) => {
  const { give } = await start(ROWS);
  expect((await give(input)).body).toMatchObject({ code, detail: expect.stringContaining(detail) });
});
