// How much read_format tells: everything in few words, never more than an answer holds, and what is left is named.

import { describe, expect, test } from 'vitest';
import { readFormat } from '../../src/sheets/read-format.ts';
import { reportWithin } from '../../src/tools/format-page.ts';
import { testApp } from '../support/app.ts';
import { createVerbs } from '../support/verbs.ts';

/** Characters of the most that a page holds by itself, and ever. */
const PAGE = 40_000;
const MAX_PAGE = 100_000;

/** A sheet S, 1000 rows and 26 columns unless grown, and what the API is told of it past the verbs. */
async function sheetOf(rows: readonly (readonly string[])[] = []) {
  const verbs = createVerbs();
  const id = await verbs.book(rows);
  const url = `http://emulator/v4/spreadsheets/${id}`;
  const { sheets } = await (await verbs.emulator.fetch(new Request(url))).json();
  const { sheetId } = sheets[0].properties;
  const read = (range: string) =>
    verbs.sheets.on(id, async (desk) => reportWithin(await readFormat(desk, range), desk.breathe));
  const cells = (row: number, column: number, lines: readonly (readonly object[])[], fields: string) => ({
    updateCells: {
      start: { sheetId, rowIndex: row, columnIndex: column },
      rows: lines.map((values) => ({ values })),
      fields,
    },
  });
  return { ...verbs, id, sheetId, read, cells, change: (...requests: object[]) => verbs.update(id, ...requests) };
}

test('a sheet without formats is told in few words', async () => {
  const { read } = await sheetOf([['a']]);
  expect(await read('S')).toEqual({ range: "'S'", formats: [] });
});

test.each([
  ['S', "'S'"],
  ['S!B:C', "'S'!B:C"],
  ['S!B2:C', "'S'!B2:C1000"],
  ['S!2:3', "'S'!2:3"],
  ['S!A1:Z1000', "'S'"],
  ['S!B2', "'S'!B2"],
])('%s is closed by the size of its sheet: %s', async (range, told) => {
  const { read } = await sheetOf();
  expect((await read(range)).range).toBe(told);
});

test('equal cells are one entry, whatever makes them equal', async () => {
  const { read, change, cells, sheetId } = await sheetOf();
  const bold = { userEnteredFormat: { textFormat: { bold: true } } };
  const spelled = { userEnteredFormat: { textFormat: { bold: true }, hyperlinkDisplayType: 'PLAIN_TEXT' } };
  await change(
    {
      repeatCell: {
        range: { sheetId, startColumnIndex: 1, endColumnIndex: 2 },
        cell: bold,
        fields: 'userEnteredFormat',
      },
    },
    cells(4, 1, [[spelled], [spelled]], 'userEnteredFormat'),
  );
  expect(await read('S')).toEqual({ range: "'S'", formats: [{ range: "'S'!B:B", text: { bold: true } }] });
});

test('of a larger whole that a range lies in, merges and rules are told with all of their cells', async () => {
  const { read, change, sheetId } = await sheetOf();
  const range = { sheetId, startRowIndex: 0, endRowIndex: 3, startColumnIndex: 0, endColumnIndex: 2 };
  const rule = { condition: { type: 'BLANK' }, format: { backgroundColor: { red: 1 } } };
  await change(
    { mergeCells: { range, mergeType: 'MERGE_ALL' } },
    { addConditionalFormatRule: { rule: { ranges: [range], booleanRule: rule }, index: 0 } },
  );
  expect(await read('S!B3:D9')).toEqual({
    range: "'S'!B3:D9",
    formats: [{ range: "'S'!A1:B3", merge: 'all' }],
    conditional: [{ index: 0, ranges: ["'S'!A1:B3"], rule: { type: 'blank', format: { background: '#ff0000' } } }],
  });
  expect(await read('S!C3:D9')).toEqual({ range: "'S'!C3:D9", formats: [] });
});

test('what there are no words for is named', async () => {
  const { read, change, cells, sheetId } = await sheetOf();
  const parts = {
    userEnteredValue: { stringValue: 'abc' },
    textFormatRuns: [{ startIndex: 1, format: { bold: true } }],
  };
  const turned = { userEnteredFormat: { textRotation: { angle: 45 }, padding: { top: 5 } } };
  const range = { sheetId, startRowIndex: 0, endRowIndex: 5, startColumnIndex: 0, endColumnIndex: 2 };
  const rowProperties = { firstBandColor: { red: 1 }, secondBandColor: { blue: 1 } };
  await change(cells(0, 0, [[parts, turned]], '*'), { addBanding: { bandedRange: { range, rowProperties } } });
  const { formats, warnings } = await read('S!A1:B1');
  expect(formats).toEqual([]);
  expect(warnings).toEqual([
    'Not told here, though some cells have it: formats within texts, padding, textRotation.',
    "Not told here: alternating colours beneath 'S'!A1:B5.",
  ]);
  expect((await read('S!A7:B8')).warnings).toBeUndefined();
});

describe('what does not fit', () => {
  /** Reads on from what is left, until nothing is. */
  async function readAll(read: (range: string) => ReturnType<typeof reportWithin>, range: string) {
    const answers = [await read(range)];
    for (let rest = answers[0]?.rest; rest !== undefined; rest = answers.at(-1)?.rest) answers.push(await read(rest));
    return answers;
  }

  test('is named, and reading that goes on to the end', async () => {
    const { read, change, cells } = await sheetOf();
    const note = (row: number) => `note ${row} ${'x'.repeat(row % 90)}`;
    await change(
      cells(
        0,
        1,
        Array.from({ length: 1000 }, (_, row) => [{ note: note(row) }]),
        'note',
      ),
    );
    const answers = await readAll(read, 'S!B:C');
    expect(answers.length).toBeGreaterThan(2);
    for (const answer of answers) {
      expect(JSON.stringify(answer).length).toBeLessThan(PAGE);
      if (answer.rest) expect(JSON.stringify(answer).length).toBeGreaterThan(PAGE * 0.9);
    }
    const told = answers.flatMap(({ formats }) => formats);
    expect(told).toEqual(Array.from({ length: 1000 }, (_, row) => ({ range: `'S'!B${row + 1}`, note: note(row) })));
    expect(answers[0]?.rest).toMatch(/^'S'!B\d+:C1000$/);
  });

  test('in one row may be more than a page, and is refused when it is more than an answer holds', async () => {
    const { read, change, cells } = await sheetOf();
    const line = (length: number) =>
      Array.from({ length: 20 }, (_, column) => ({ note: `${column}${'x'.repeat(length)}` }));
    await change(cells(0, 0, [line(3_000), line(9_000)], 'note'));
    const first = await read('S!A1:T9');
    expect([first.range, first.rest]).toEqual(["'S'!A1:T1", "'S'!A2:T9"]);
    expect(JSON.stringify(first).length).toBeGreaterThan(PAGE);
    expect(JSON.stringify(first).length).toBeLessThan(MAX_PAGE);
    await expect(read(first.rest ?? '')).rejects.toMatchObject({
      code: 'too_large',
      message: expect.stringMatching(/^Formats of 'S'!A2:T2 are about 4\d{4} tokens/),
      details: { hint: 'Read fewer columns at once.' },
    });
    expect((await read('S!A2:D2')).formats).toHaveLength(4);
  });

  test('of a large sheet is read as it is asked for', async () => {
    const { read, change, sheetId, sent } = await sheetOf();
    const range = { sheetId, startColumnIndex: 2, endColumnIndex: 3 };
    await change(
      { appendDimension: { sheetId, dimension: 'ROWS', length: 9_000 } },
      { repeatCell: { range, cell: { userEnteredFormat: { wrapStrategy: 'CLIP' } }, fields: 'userEnteredFormat' } },
    );
    expect(await read('S')).toEqual({
      range: "'S'!1:1923",
      formats: [{ range: "'S'!C1:C1923", wrap: 'clip' }],
      rest: "'S'!A1924:Z10000",
    });
    expect(sent.at(-1)?.params.ranges).toEqual(["'S'!A1:Z1923"]);
    expect(await read('S!B:C')).toEqual({ range: "'S'!B:C", formats: [{ range: "'S'!C:C", wrap: 'clip' }] });
  });

  test('of rules takes half of an answer at most, and those left out are counted', async () => {
    const { read, change, sheetId } = await sheetOf();
    const ranges = Array.from({ length: 10 }, (_, at) => ({ sheetId, startRowIndex: at * 2, endRowIndex: at * 2 + 1 }));
    const rule = (text: string) => ({
      ranges,
      booleanRule: {
        condition: { type: 'TEXT_EQ', values: [{ userEnteredValue: text }] },
        format: { backgroundColor: {} },
      },
    });
    await change(
      ...Array.from({ length: 100 }, (_, index) => ({
        addConditionalFormatRule: { rule: rule(String(index).repeat(50)), index },
      })),
    );
    const { conditional = [], warnings } = await read('S!A1');
    expect(JSON.stringify(conditional).length).toBeLessThan(PAGE / 2 + conditional.length + 2);
    expect(conditional.map(({ index }) => index)).toEqual(conditional.map((_, index) => index));
    expect(warnings).toEqual([`${100 - conditional.length} of 100 conditional rules are left out: read fewer cells.`]);
  });
});

test('two readers at once are each told their own, in one call', async () => {
  const app = await testApp();
  const { body } = await app.rest('create_spreadsheet', { title: 'T', sheets: [{ title: 'S' }, { title: 'T' }] });
  const spreadsheet: string = body.id;
  const rule = { type: 'blank', format: { background: '#ff0000' } };
  await app.rest('format_range', {
    spreadsheet,
    formats: [
      { range: 'S!A1:B1', merge: 'all' },
      { range: 'T!A1', wrap: 'clip' },
    ],
  });
  await app.rest('set_conditional_format', { spreadsheet, ranges: ['T!A1:B2'], rule });
  const read = async (range: string) => (await app.rest('read_format', { spreadsheet, range })).body;
  const methods: string[] = [];
  app.subscribe((event) => void (event.type === 'api_call' && methods.push(event.method)));
  const [one, two, three] = await Promise.all([read('S!A1:C2'), read('T!A1:C2'), read('S!B1')]);
  expect([one, two, three]).toMatchObject([
    { formats: [{ range: "'S'!A1:B1", merge: 'all' }] },
    { formats: [{ range: "'T'!A1", wrap: 'clip' }], conditional: [{ index: 0, ranges: ["'T'!A1:B2"], rule }] },
    { range: "'S'!B1", formats: [{ range: "'S'!A1:B1", merge: 'all' }] },
  ]);
  expect(methods.length).toBeLessThanOrEqual(2);
});
