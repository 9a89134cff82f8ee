// Calls that travel together: each must be given what it would have been given alone, against a slow model of Google's
// replies. Also how many fit into one call, and whose fault a refusal is.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Call } from '../../src/call.ts';
import { ServalError } from '../../src/errors.ts';
import { closeGrid, formatA1, parseA1, quoteSheet } from '../../src/sheets/a1.ts';
import { appendRows } from '../../src/sheets/append.ts';
import { createCall } from '../../src/sheets/calls.ts';
import type { Desk } from '../../src/sheets/desk.ts';
import { blame, fits, merge, mergeKey, split } from '../../src/sheets/merge.ts';
import type { Google, Sheet, Spreadsheet } from '../../src/sheets/metadata.ts';
import { startFakeGoogle, transportOver } from '../support/fake-google.ts';
import { settle } from '../support/virtual-clock.ts';

const ORIGIN = { principal: 'p', identity: 'shared', deadline: 1e9, priority: 'interactive' } as const;
const ID = '1BxiMVs0XRA5nFMdKvBdBZjgmUUqptlbs74OgvE2upms';
type Method = Parameters<typeof createCall>[1];
const callOf = (method: Method, params: object) => createCall(ORIGIN, method, ID, { spreadsheetId: ID, ...params });

const deskOf = (google: Google): Desk => ({
  google,
  spreadsheet: { id: ID, timeZone: 'Etc/GMT' } as Spreadsheet,
  alone: async () => {},
  breathe: async () => {},
  dryRun: false,
  allowExternal: false,
  newId: () => 1,
  keep: undefined,
});

const VALUES = { valueRenderOption: 'UNFORMATTED_VALUE', dateTimeRenderOption: 'FORMATTED_STRING' };
const FIELDS =
  'sheets(properties(sheetId,title,gridProperties),data(startRow,startColumn,rowData.values(effectiveValue)))';
const values = (...ranges: string[]) => callOf('spreadsheets.values.batchGet', { ranges, ...VALUES });
const blocks = (...ranges: string[]) => callOf('spreadsheets.get', { ranges, fields: FIELDS });
const update = (...requests: object[]) =>
  callOf('spreadsheets.batchUpdate', { fields: 'spreadsheetId', requestBody: { requests } });
const entered = (valueInputOption: string, ...ranges: string[]) =>
  callOf('spreadsheets.values.batchUpdate', {
    requestBody: { valueInputOption, data: ranges.map((range) => ({ range, values: [[range]] })) },
  });

type Value = string | number;
type Entered = { readonly userEnteredValue?: Readonly<Record<string, Value>> };
interface Rows {
  readonly rows: readonly { readonly values: readonly Entered[] }[];
}
interface Place {
  readonly sheetId?: number;
  readonly rowIndex?: number;
  readonly columnIndex?: number;
}
interface Request {
  readonly updateCells?: Rows & { readonly start: Place; readonly fields: string };
  readonly appendCells?: Rows & Place;
}
interface Asked {
  readonly ranges?: readonly string[];
  readonly requestBody?: {
    readonly requests?: readonly Request[];
    readonly includeSpreadsheetInResponse?: boolean;
    readonly responseRanges?: readonly string[];
  };
}

/** A workbook as Google might hold it, and Google's replies worked out cell by cell. */
function createBook(titles: readonly string[], rows = 40, columns = 8, padded = false) {
  const sheets = titles.map((title, sheetId) => ({ sheetId, title, cells: new Map<string, Value>() }));
  type Tab = (typeof sheets)[number];
  const at = (row: number, column: number) => `${row} ${column}`;
  const sheetOf = (sheetId: unknown) => sheets.find((sheet) => sheet.sheetId === (sheetId ?? 0)) ?? sheets[0]!;
  const place = (range: string) => {
    const { sheet = '', grid = {} } = parseA1(range) ?? {};
    const own = sheets.find(({ title }) => title === sheet);
    if (!own) throw new Error(`no sheet for ${range}`);
    return { sheet: own, ...closeGrid(grid, { rows, columns }) };
  };
  const lastRow = ({ cells }: Tab) => Math.max(-1, ...[...cells.keys()].map((key) => Number(key.split(' ')[0])));

  function set(sheet: Tab, row: number, column: number, cell: Entered): void {
    const [value] = Object.values(cell.userEnteredValue ?? {});
    if (value === undefined) sheet.cells.delete(at(row, column));
    else sheet.cells.set(at(row, column), value);
  }

  function valueRange(range: string) {
    const { sheet, startRow, endRow, startColumn, endColumn } = place(range);
    const table: Value[][] = [];
    for (let row = startRow; row < endRow; row++) {
      const line: Value[] = [];
      for (let column = startColumn; column < endColumn; column++) line.push(sheet.cells.get(at(row, column)) ?? '');
      while (line.at(-1) === '') line.pop();
      table.push(line);
    }
    while (table.at(-1)?.length === 0) table.pop();
    return { range, majorDimension: 'ROWS', ...(table.length > 0 && { values: table }) };
  }

  function block(range: string, kind: 'effectiveValue' | 'userEnteredValue') {
    const { sheet, startRow, endRow, startColumn, endColumn } = place(range);
    const rowData: { values?: object[] }[] = [];
    for (let row = startRow; row < endRow; row++) {
      const line = Array.from({ length: endColumn - startColumn }, (_, offset) => {
        const value = sheet.cells.get(at(row, startColumn + offset));
        if (value === undefined) return {};
        return { [kind]: typeof value === 'number' ? { numberValue: value } : { stringValue: value } };
      });
      rowData.push(line.some((cell) => Object.keys(cell).length > 0) ? { values: line } : {});
    }
    while (!padded && rowData.length > 0 && rowData.at(-1)?.values === undefined) rowData.pop();
    return {
      ...(startRow > 0 && { startRow }),
      ...(startColumn > 0 && { startColumn }),
      ...(rowData.length > 0 && { rowData }),
    };
  }

  function grids(ranges: readonly string[], kind: 'effectiveValue' | 'userEnteredValue') {
    const asked = sheets.filter((sheet) => ranges.some((range) => place(range).sheet === sheet));
    return asked.map((sheet) => ({
      properties: {
        ...(sheet.sheetId > 0 && { sheetId: sheet.sheetId }),
        title: sheet.title,
        gridProperties: { rowCount: rows, columnCount: columns },
      },
      data: ranges.filter((range) => place(range).sheet === sheet).map((range) => block(range, kind)),
    }));
  }

  function apply({ updateCells, appendCells }: Request): void {
    const { sheetId, rowIndex = 0, columnIndex = 0 } = updateCells?.start ?? appendCells ?? {};
    if (updateCells && updateCells.fields !== 'userEnteredValue') return;
    const sheet = sheetOf(sheetId);
    const top = appendCells ? lastRow(sheet) + 1 : rowIndex;
    for (const [down, line] of (updateCells ?? appendCells)?.rows.entries() ?? []) {
      for (const [across, cell] of line.values.entries()) set(sheet, top + down, columnIndex + across, cell);
    }
  }

  return {
    sheets,
    lastRow,
    fill: (cells: readonly (readonly [number, number, number, Value])[]) => {
      for (const [sheet, row, column, value] of cells) sheets[sheet]?.cells.set(at(row, column), value);
    },
    /** Performs a call and answers it. */
    answer: ({ method, params }: Call): object => {
      const { ranges = [], requestBody = {} } = params as Asked;
      if (method === 'spreadsheets.values.batchGet') return { spreadsheetId: ID, valueRanges: ranges.map(valueRange) };
      if (method === 'spreadsheets.get') return { sheets: grids(ranges, 'effectiveValue') };
      for (const request of requestBody.requests ?? []) apply(request);
      if (requestBody.includeSpreadsheetInResponse !== true) return { spreadsheetId: ID };
      return {
        spreadsheetId: ID,
        updatedSpreadsheet: { sheets: grids(requestBody.responseRanges ?? [], 'userEnteredValue') },
      };
    },
  };
}

const TITLES = ['Sheet1', "It's", 'A1', 'a!b (c)'];
const title = fc.constantFrom(...TITLES);
const range = fc
  .tuple(
    title,
    fc.nat(12),
    fc.nat(6),
    fc.nat(3),
    fc.nat(3),
    fc.constantFrom('cells', 'cells', 'cells', 'columns', 'all'),
  )
  .map(([sheet, row, column, height, width, shape]) => {
    const columns = { startColumn: column, endColumn: column + width + 1 };
    if (shape === 'all') return quoteSheet(sheet);
    return formatA1(sheet, shape === 'columns' ? columns : { startRow: row, endRow: row + height + 1, ...columns });
  });
/** Few of them, so that callers ask for the same and for overlapping ones. */
const someRanges = fc.array(range, { minLength: 1, maxLength: 6 });
const cells = fc.array(fc.tuple(fc.nat(3), fc.nat(14), fc.nat(7), fc.oneof(fc.integer(), fc.constantFrom('x', 'y'))), {
  maxLength: 60,
  size: 'max',
});

describe('merged reads', () => {
  test.each([
    ['values', values, 'valueRanges'],
    ['blocks', blocks, 'sheets'],
  ] as const)('give each caller what it would have been given alone: %s', (_, readOf, part) => {
    fc.assert(
      fc.property(
        cells,
        someRanges.chain((pool) =>
          fc.array(fc.array(fc.constantFrom(...pool), { minLength: 1, maxLength: 4 }), {
            minLength: 2,
            maxLength: 8,
            size: 'max',
          }),
        ),
        (filled, asked) => {
          const book = createBook(TITLES);
          book.fill(filled);
          const calls = asked.map((ranges) => readOf(...ranges));
          const merged = merge(calls);
          const { ranges } = merged.params as { ranges: string[] };
          expect(new Set(ranges).size).toBe(ranges.length);
          const replies = split(book.answer(merged), calls);
          expect(replies).toEqual(
            calls.map((call) => ({ [part]: (book.answer(call) as Record<string, unknown>)[part] })),
          );
        },
      ),
      { numRuns: 300 },
    );
  });

  test('keep what the first asked for beside the ranges, and have a key of their own', () => {
    const merged = merge([values("'S'!A1", "'S'!B1"), values("'S'!B1", "'S'!C1")]);
    expect(merged.params).toEqual({ spreadsheetId: ID, ranges: ["'S'!A1", "'S'!B1", "'S'!C1"], ...VALUES });
    expect([merged.method, merged.key === values("'S'!A1").key]).toEqual(['spreadsheets.values.batchGet', false]);
  });

  test('are given what their sheets show beside cells', () => {
    const beside = (sheetId: number) => ({ properties: { sheetId, title: `S${sheetId}` }, merges: [{ sheetId }] });
    const data = ['a', 'b', 'c'].map((note) => ({ rowData: [{ values: [{ note }] }] }));
    const reply = {
      sheets: [
        { ...beside(1), data: data.slice(0, 2) },
        { ...beside(2), data: data.slice(2) },
      ],
    };
    expect(split(reply, [blocks("'S1'!A1"), blocks("'S2'!A1"), blocks("'S1'!B1")])).toEqual([
      { sheets: [{ ...beside(1), data: [data[0]] }] },
      { sheets: [{ ...beside(2), data: [data[2]] }] },
      { sheets: [{ ...beside(1), data: [data[1]] }] },
    ]);
  });

  test('of a sheet that the reply does not show are given none', () => {
    expect(split({}, [blocks("'S'!A1"), blocks("'T'!A1")])).toEqual([{ sheets: [] }, { sheets: [] }]);
  });
});

describe('merged writes', () => {
  const set = (sheetId: number, row: number, column: number, value: number) => ({
    updateCells: {
      start: { sheetId, rowIndex: row, columnIndex: column },
      fields: 'userEnteredValue',
      rows: [{ values: [{ userEnteredValue: { numberValue: value } }] }],
    },
  });

  test('are all requests in order of arrival', () => {
    const calls = [update(set(0, 1, 1, 1), set(0, 2, 2, 2)), update(set(0, 1, 1, 3))];
    expect(merge(calls).params).toEqual({
      spreadsheetId: ID,
      fields: 'spreadsheetId',
      requestBody: { requests: [set(0, 1, 1, 1), set(0, 2, 2, 2), set(0, 1, 1, 3)] },
    });
    expect(split({ spreadsheetId: ID }, calls)).toEqual([{ spreadsheetId: ID }, { spreadsheetId: ID }]);
  });

  test('of user-entered values are all data in order of arrival', () => {
    const calls = [entered('USER_ENTERED', 'A1', 'B1'), entered('USER_ENTERED', 'A1')];
    expect(merge(calls).params.requestBody).toEqual({
      valueInputOption: 'USER_ENTERED',
      data: ['A1', 'B1', 'A1'].map((one) => ({ range: one, values: [[one]] })),
    });
    expect(split({ spreadsheetId: ID, responses: [] }, calls)).toEqual([{ spreadsheetId: ID }, { spreadsheetId: ID }]);
  });

  test('may be values, formats, borders, validation and sizes of several callers; each is told of itself', () => {
    const range = { sheetId: 0, startRowIndex: 0, endRowIndex: 2 };
    const format = { repeatCell: { range, cell: { note: 'n' }, fields: 'note' } };
    const borders = { updateBorders: { range, top: { style: 'SOLID' } } };
    const validation = { setDataValidation: { range, rule: { condition: { type: 'BOOLEAN' } } } };
    const size = { updateDimensionProperties: { range: { sheetId: 0, dimension: 'ROWS' }, fields: 'pixelSize' } };
    const calls = [update(set(0, 1, 1, 1)), update(format, borders), update(validation), update(size)].map((call) => ({
      ...call,
      params: {
        ...call.params,
        fields: 'spreadsheetId,replies,updatedSpreadsheet.sheets(properties(sheetId,title))',
        requestBody: { ...(call.params.requestBody as object), includeSpreadsheetInResponse: true },
      },
    }));
    expect(new Set(calls.map(mergeKey))).toEqual(new Set(['cells']));
    expect(fits(calls)).toBe(4);
    const merged = merge(calls);
    expect(merged.params.requestBody).toMatchObject({ requests: [set(0, 1, 1, 1), format, borders, validation, size] });
    expect(merged.areas?.length).toBe(5);
    const titles = { sheets: [{ properties: { sheetId: 0, title: 'S' } }] };
    const reply = { spreadsheetId: ID, replies: [{}, {}, {}, {}, {}], updatedSpreadsheet: titles };
    expect(split(reply, calls)).toEqual(calls.map(() => ({ spreadsheetId: ID, updatedSpreadsheet: titles })));
    const error = new ServalError('invalid_argument', 'Invalid requests[3].setDataValidation: typed columns.');
    const found = blame(error, calls);
    expect([found?.index, found?.error.message]).toEqual([2, 'Invalid requests[0].setDataValidation: typed columns.']);
  });

  test('confirm nothing that the reply does not confirm', () => {
    expect(split(null, [update(), update()])).toEqual([{ spreadsheetId: undefined }, { spreadsheetId: undefined }]);
  });

  test('ask for the reply that one of them asks for; who did not ask is given none of it', () => {
    const fields = 'spreadsheetId,updatedSpreadsheet';
    const asking = callOf('spreadsheets.batchUpdate', {
      fields,
      requestBody: { requests: [], includeSpreadsheetInResponse: true, responseRanges: ["'Sheet1'!A:A"] },
    });
    const calls = [update(), asking];
    expect(merge(calls).params).toMatchObject({ fields, requestBody: { responseRanges: ["'Sheet1'!A:A"] } });
    const reply = { spreadsheetId: ID, updatedSpreadsheet: { sheets: [] } };
    expect(split(reply, calls)).toEqual([{ spreadsheetId: ID }, { spreadsheetId: ID }]);
  });

  test('nothing is merged of nothing', () => {
    expect(() => merge([])).toThrow('nothing to merge');
  });
});

describe('appends in one flush', () => {
  type Row = readonly (Value | null)[];
  type Step =
    | { readonly do: 'append'; readonly sheet: number; readonly rows: readonly Row[] }
    | {
        readonly do: 'write';
        readonly sheet: number;
        readonly row: number;
        readonly column: number;
        readonly value: Value;
      };

  const rowsOf = (range: string) => {
    const { sheet, grid } = parseA1(range) ?? {};
    return [sheet, grid?.startRow, grid?.endRow];
  };

  /** Runs the writes as flushes, as the batch would, and returns what each append is told beside the truth. */
  async function run(
    steps: readonly Step[],
    padded: boolean,
    filled: readonly (readonly [number, number, number, Value])[],
  ) {
    const book = createBook(TITLES, 400, 8, padded);
    const alone = createBook(TITLES, 400, 8, padded);
    book.fill(filled);
    alone.fill(filled);
    const queue: { call: Call; resolve: (reply: unknown) => void }[] = [];
    const google: Google = async (method, _scope, params) => {
      const call = callOf(method, params);
      if (call.kind === 'read') return book.answer(call);
      return new Promise((resolve) => queue.push({ call, resolve }));
    };
    const told: Promise<unknown>[] = [];
    const truth: unknown[] = [];
    for (const step of steps) {
      const sheet = { sheetId: step.sheet, title: TITLES[step.sheet] ?? '' } as Sheet;
      const own = alone.sheets[step.sheet]!;
      if (step.do === 'append') {
        const work = appendRows(deskOf(google), sheet, step.rows);
        told.push(work.then(({ updatedRange }) => rowsOf(updatedRange ?? '')));
        await settle();
        const start = alone.lastRow(own) + 1;
        truth.push([sheet.title, start, start + step.rows.length]);
      } else {
        const value = typeof step.value === 'number' ? { numberValue: step.value } : { stringValue: step.value };
        const request = {
          updateCells: {
            start: { sheetId: step.sheet, rowIndex: step.row, columnIndex: step.column },
            fields: 'userEnteredValue',
            rows: [{ values: [{ userEnteredValue: value }] }],
          },
        };
        queue.push({ call: update(request), resolve: () => {} });
      }
      alone.answer(queue.at(-1)!.call);
    }
    let flushes = 0;
    while (queue.length > 0) {
      const calls = queue.map(({ call }) => call);
      const count = fits(calls);
      expect(count).toBeGreaterThan(0);
      const flush = queue.splice(0, count);
      const own = calls.slice(0, count);
      const reply = book.answer(count === 1 ? own[0]! : merge(own));
      const replies = count === 1 ? [reply] : split(reply, own);
      for (const [index, { resolve }] of flush.entries()) resolve(replies[index]);
      flushes++;
    }
    expect(book.sheets).toEqual(alone.sheets);
    return { told: await Promise.all(told), truth, flushes };
  }

  const row = fc
    .array(fc.constantFrom(null, 'x', 'y', 7), { minLength: 1, maxLength: 4 })
    .filter((cells) => cells.some((cell) => cell !== null));
  const append = fc.record({
    do: fc.constant('append' as const),
    sheet: fc.constantFrom(0, 0, 1),
    rows: fc.array(row, { minLength: 1, maxLength: 3 }),
  });
  const write = fc.record({
    do: fc.constant('write' as const),
    sheet: fc.constantFrom(0, 1),
    row: fc.constantFrom(0, 3, 20, 21, 60),
    column: fc.nat(3),
    value: fc.constantFrom<Value>('x', 'y', 7),
  });
  const filled = fc.array(fc.tuple(fc.nat(1), fc.nat(9), fc.nat(3), fc.constantFrom<Value>('x', 'y', 7)), {
    maxLength: 12,
  });

  test('are each told their own rows, and all go at once', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(append, { maxLength: 8, size: 'max' }),
        fc.boolean(),
        filled,
        async (steps, padded, before) => {
          const { told, truth, flushes } = await run(steps, padded, before);
          expect(told).toEqual(truth);
          expect(flushes).toBe(Math.min(1, steps.length));
        },
      ),
      { numRuns: 200 },
    );
  });

  test('are never told rows that are not theirs, whatever is written beside them', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.oneof(append, write), { maxLength: 10, size: 'max' }),
        fc.boolean(),
        filled,
        async (steps, padded, before) => {
          const { told, truth } = await run(steps, padded, before);
          expect(told).toEqual(truth);
        },
      ),
      { numRuns: 300 },
    );
  });

  test('go before a value that is written to their sheet, not with it; formats and other sheets may come along', () => {
    const own = (sheetId: number) =>
      callOf('spreadsheets.batchUpdate', {
        fields: 'spreadsheetId,updatedSpreadsheet',
        requestBody: {
          requests: [{ appendCells: { sheetId, fields: 'userEnteredValue', rows: [{ values: [{}] }] } }],
          includeSpreadsheetInResponse: true,
          responseRanges: ["'Sheet1'!A:A"],
        },
      });
    const cell = (sheetId: number, fields: string) => update({ updateCells: { start: { sheetId }, fields, rows: [] } });
    expect(fits([own(0), own(0), cell(0, 'userEnteredFormat.numberFormat'), cell(1, 'userEnteredValue')])).toBe(4);
    expect(fits([own(0), own(0), cell(0, 'userEnteredValue'), own(0)])).toBe(2);
    expect(fits([cell(0, 'userEnteredValue'), own(0)])).toBe(2);
    expect(fits([own(0), update({ appendDimension: { sheetId: 0, dimension: 'ROWS', length: 1 } })])).toBe(2);
    const repeat = (sheetId: number, fields: string) =>
      update({ repeatCell: { range: { sheetId }, cell: {}, fields } });
    const looks = 'userEnteredFormat.textFormat.bold,userEnteredFormat.borders,note,dataValidation';
    expect(fits([own(0), repeat(0, looks), cell(0, 'note'), repeat(1, 'userEnteredValue')])).toBe(4);
    for (const fields of ['userEnteredValue', 'note,userEnteredValue', '*', 'notes']) {
      expect([fields, fits([own(0), repeat(0, fields)])]).toEqual([fields, 1]);
    }
  });
});

describe('what may travel together', () => {
  test('reads of the same rendering or the same fields, writes that shift nothing', () => {
    const cell = { updateCells: {} };
    const keys = {
      unformatted: values('A1'),
      formatted: callOf('spreadsheets.values.batchGet', { ranges: ['A1'], valueRenderOption: 'FORMATTED_VALUE' }),
      blocks: blocks('A1'),
      otherBlocks: callOf('spreadsheets.get', { ranges: ['A1'], fields: 'sheets.data' }),
      cells: update(
        cell,
        { appendCells: {} },
        { appendDimension: {} },
        { repeatCell: {} },
        { updateBorders: {} },
        { setDataValidation: {} },
        { updateDimensionProperties: {} },
      ),
      entered: entered('USER_ENTERED', 'A1'),
      raw: entered('RAW', 'A1'),
    };
    const all = Object.values(keys).map(mergeKey);
    expect(all.every((key) => key !== undefined)).toBe(true);
    expect(new Set(all).size).toBe(all.length);
    expect(mergeKey(values('B2'))).toBe(mergeKey(values('A1')));
    expect(mergeKey(update(cell))).toBe(mergeKey(keys.cells));
  });

  test.each([
    ['names', callOf('spreadsheets.get', { fields: 'sheets.properties' })],
    ['a new spreadsheet', callOf('spreadsheets.create', { requestBody: {} })],
    ['files', callOf('files.list', { q: 'x' })],
    ['rows that are inserted', update({ updateCells: {} }, { insertDimension: {} })],
    ['a new sheet', update({ addSheet: {} })],
    ['cells that are merged, since values go', update({ repeatCell: {} }, { mergeCells: {} })],
    ['cells that are parted', update({ unmergeCells: {} })],
    ['a rule that has an index', update({ addConditionalFormatRule: {} })],
    ['a pivot table, which is looked for in the reply', update({ updateCells: { fields: 'pivotTable' } })],
    ['a request of no kind', update({})],
  ])('never %s', (_, call) => {
    expect(mergeKey(call)).toBeUndefined();
  });
});

describe('how many fit', () => {
  test('is so many that the URL stays within 2,048 bytes, as the real client writes it', async () => {
    await using google = await startFakeGoogle();
    google.answer('/v4', { status: 200, body: {} });
    const { send } = transportOver(google);
    for (const [readOf, sheet] of [
      [values, 'Sheet1'],
      [values, "It's (*) a! ü"],
      [values, '表'],
      [blocks, "It's (*) a! ü"],
      [blocks, 'S'],
    ] as const) {
      const calls = Array.from({ length: 400 }, (_, at) => readOf(formatA1(sheet, { startRow: at, endRow: at + 2 })));
      const count = fits(calls);
      await send(merge(calls.slice(0, count)));
      await send(merge(calls.slice(0, count + 6)));
      const [most = '', more = ''] = google.requests.slice(-2).map(({ url }) => url);
      const bytes = (url: string) => `https://sheets.googleapis.com${url}`.length;
      expect([sheet, bytes(most) <= 2_048, bytes(more) > 2_048]).toEqual([sheet, true, true]);
    }
  });

  test('counts a range that several ask for once', () => {
    const calls = Array.from({ length: 300 }, (_, at) => values(`'S'!A${(at % 3) + 1}`));
    expect(fits(calls)).toBe(300);
  });

  test('is 2 MB of writes at most, in bytes', () => {
    const text = (length: number, letter: string) =>
      update({ updateCells: { rows: [{ values: [{ userEnteredValue: { stringValue: letter.repeat(length) } }] }] } });
    expect(fits([text(900_000, 'x'), text(900_000, 'x'), text(900_000, 'x')])).toBe(2);
    expect(fits([text(900_000, '€'), text(900_000, '€')])).toBe(1);
  });

  test('is 500 calls at most, and always one', () => {
    expect(fits(Array.from({ length: 501 }, () => update()))).toBe(500);
    expect(fits([values(...Array.from({ length: 900 }, (_, at) => `A${at + 1}`)), values('A1')])).toBe(1);
  });

  test('is never none, never more than there are, and no more for fewer', () => {
    fc.assert(
      fc.property(
        fc.array(fc.array(range, { minLength: 1, maxLength: 30, size: 'max' }), {
          minLength: 1,
          maxLength: 20,
          size: 'max',
        }),
        (asked) => {
          const calls = asked.map((ranges) => values(...ranges));
          const count = fits(calls);
          expect(count >= 1 && count <= calls.length).toBe(true);
          expect(fits(calls.slice(0, count))).toBe(count);
        },
      ),
      { numRuns: 100 },
    );
  });
});

describe('the blame', () => {
  const bad = (message: string) => new ServalError('invalid_argument', message, { outcome: 'none', hint: 'h' });
  const three = [update({ a: 1 }, { a: 2 }), update({ a: 3 }), update({ a: 4 }, { a: 5 })];

  test.each([
    [0, 0, 'Invalid requests[0].updateCells: No grid with id: 7'],
    [1, 0, 'Invalid requests[1].updateCells: No grid with id: 7'],
    [2, 1, 'Invalid requests[0].updateCells: No grid with id: 7'],
    [3, 2, 'Invalid requests[0].updateCells: No grid with id: 7'],
    [4, 2, 'Invalid requests[1].updateCells: No grid with id: 7'],
  ])('of requests[%d] is the %dth caller, told by its own index', (at, index, message) => {
    const found = blame(bad(`Invalid requests[${at}].updateCells: No grid with id: 7`), three);
    expect([found?.index, found?.error.message]).toEqual([index, message]);
    expect(found?.error).toMatchObject({ code: 'invalid_argument', details: { outcome: 'none', hint: 'h' } });
  });

  test('of data[N] is the caller whose data that is', () => {
    const calls = [entered('RAW', 'A1', 'B1'), entered('RAW', 'C1'), entered('RAW', 'D1')];
    const found = blame(bad('Invalid data[3]: Unable to parse range: D1'), calls);
    expect([found?.index, found?.error.message]).toEqual([2, 'Invalid data[0]: Unable to parse range: D1']);
  });

  test.each([
    ["Unable to parse range: 'No'!A1", 1],
    ['Unable to parse range: No!A1', 1],
    ["Range ('Big'!A1:A9999) exceeds grid limits. Max rows: 1000, max columns: 26", 2],
    ['Range (Big!A1:A9999) exceeds grid limits. Max rows: 1000, max columns: 26', 2],
    ["Unable to parse range: 'data[0] requests[1]'!A1", 3],
  ])('of a range is the caller who asked for it: %s', (message, index) => {
    const asked = [["'S'!A1"], ["'S'!A1", "'No'!A1"], ["'Big'!A1:A9999"], ["'data[0] requests[1]'!A1"]];
    for (const readOf of [values, blocks]) {
      const error = bad(message);
      expect(
        blame(
          error,
          asked.map((ranges) => readOf(...ranges)),
        ),
      ).toEqual({ index, error });
    }
  });

  test('is nobodys when several have asked for that range, when none has, or when nothing is named', () => {
    const calls = [values("'No'!A1"), values("'No'!A1"), values("'S'!A1")];
    for (const message of ["Unable to parse range: 'No'!A1", "Unable to parse range: 'T'!A1", 'Bad.', '']) {
      expect(blame(bad(message), calls)).toBeUndefined();
    }
    expect(blame(bad('Invalid requests[5]: x'), three)).toBeUndefined();
    expect(blame(bad('Invalid data[0]: x'), three)).toBeUndefined();
  });
});
