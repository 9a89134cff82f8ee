// Any sequence of structural requests against a slow, obviously right model: a table of cells that each carry a name
// of their own, spliced by hand. Formulas on another sheet must go on pointing at the same cells.

import type { sheets_v4 } from '@googleapis/sheets';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Bench, newSpreadsheet, openBench } from '../emulator/clients.ts';

type Grid = (string | null)[][];

const DATA = 0;
const FORMULAS = 1;
const SEED = 5;
const RUNS = 60;

const letter = (column: number) => String.fromCharCode(65 + column);

interface Op {
  readonly kind: 'insert' | 'delete' | 'move' | 'insertRange' | 'deleteRange' | 'cut' | 'rename';
  readonly rows: boolean;
  /** Fractions of whatever they are measured by. */
  readonly at: number;
  readonly size: number;
  readonly other: number;
}

const op: fc.Arbitrary<Op> = fc.record({
  kind: fc.constantFrom('insert', 'delete', 'move', 'insertRange', 'deleteRange', 'cut', 'rename'),
  rows: fc.boolean(),
  at: fc.double({ min: 0, max: 0.999, noNaN: true }),
  size: fc.double({ min: 0, max: 0.999, noNaN: true }),
  other: fc.double({ min: 0, max: 0.999, noNaN: true }),
});

function transposed(grid: Grid): Grid {
  return (grid[0] ?? []).map((_, column) => grid.map((row) => row[column] ?? null));
}

/** What the operation does to the table, rows only; columns are rows of the table on its side. */
function inserted(grid: Grid, at: number, count: number): Grid {
  const blank = () => Array<null>(grid[0]?.length ?? 0).fill(null);
  return [...grid.slice(0, at), ...Array.from({ length: count }, blank), ...grid.slice(at)];
}

function shifted(grid: Grid, at: number, count: number, from: number, to: number, insert: boolean): Grid {
  const columns = transposed(grid).map((column, index) => {
    if (index < from || index >= to) return [...column];
    if (!insert) return [...column.slice(0, at), ...column.slice(at + count), ...Array<null>(count).fill(null)];
    const gap = Array<null>(count).fill(null);
    return [...column.slice(0, at), ...gap, ...column.slice(at)];
  });
  const height = Math.max(grid.length, ...columns.map((column) => column.findLastIndex((name) => name !== null) + 1));
  const even = columns.map((column) => Array.from({ length: height }, (_, row) => column[row] ?? null));
  return transposed(even);
}

/** The request and the table afterwards; undefined when the operation does not apply to such a table. */
function perform(
  grid: Grid,
  { kind, rows, at, size, other }: Op,
  title: string,
): { request: sheets_v4.Schema$Request; after: Grid } | undefined {
  const turn = (table: Grid) => (rows ? table : transposed(table));
  const table = turn(grid);
  const [height, width] = [table.length, table[0]?.length ?? 0];
  const dimension = rows ? 'ROWS' : 'COLUMNS';
  const start = Math.floor(at * height);
  const count = 1 + Math.floor(size * Math.min(3, height - start));
  const range = { sheetId: DATA, dimension, startIndex: start, endIndex: start + count };
  const from = Math.floor(other * width);
  const to = Math.min(width, from + 1 + Math.floor(size * 2));
  const area = rows
    ? { sheetId: DATA, startRowIndex: start, endRowIndex: start + count, startColumnIndex: from, endColumnIndex: to }
    : { sheetId: DATA, startColumnIndex: start, endColumnIndex: start + count, startRowIndex: from, endRowIndex: to };
  switch (kind) {
    case 'insert':
      return { request: { insertDimension: { range } }, after: turn(inserted(table, start, count)) };
    case 'delete':
      if (count >= height) return undefined;
      return {
        request: { deleteDimension: { range } },
        after: turn([...table.slice(0, start), ...table.slice(start + count)]),
      };
    case 'move': {
      const destinationIndex = Math.floor(other * (height + 1));
      if (destinationIndex > start && destinationIndex < start + count) return undefined;
      const left = [...table.slice(0, start), ...table.slice(start + count)];
      const target = destinationIndex > start ? destinationIndex - count : destinationIndex;
      const moved = table.slice(start, start + count);
      const clamped = Math.max(0, Math.min(target, left.length));
      const after =
        destinationIndex === start || destinationIndex === start + count
          ? table
          : [...left.slice(0, clamped), ...moved, ...left.slice(clamped)];
      return { request: { moveDimension: { source: range, destinationIndex } }, after: turn(after) };
    }
    case 'insertRange':
    case 'deleteRange': {
      const insert = kind === 'insertRange';
      const request = insert
        ? { insertRange: { range: area, shiftDimension: dimension } }
        : { deleteRange: { range: area, shiftDimension: dimension } };
      return { request, after: turn(shifted(table, start, count, from, to, insert)) };
    }
    case 'cut': {
      const [row, column] = [Math.floor(other * (height - count + 1)), Math.floor(at * (width - (to - from) + 1))];
      const block = Array.from({ length: count }, (_, r) => table[start + r]?.slice(from, to) ?? []);
      const after = table.map((line) => [...line]);
      for (let r = 0; r < count; r++) for (let c = from; c < to; c++) (after[start + r] ?? [])[c] = null;
      block.forEach((line, r) => {
        line.forEach((name, c) => {
          (after[row + r] ?? [])[column + c] = name;
        });
      });
      const [rowIndex, columnIndex] = rows ? [row, column] : [column, row];
      const destination = { sheetId: DATA, rowIndex, columnIndex };
      return { request: { cutPaste: { source: area, destination, pasteType: 'PASTE_NORMAL' } }, after: turn(after) };
    }
    default: {
      const properties = { sheetId: DATA, title: `${title}${Math.floor(at * 10)} x` };
      return { request: { updateSheetProperties: { properties, fields: 'title' } }, after: grid };
    }
  }
}

async function seeGrid(bench: Bench, id: string, title: string): Promise<Grid> {
  const range = `'${title}'`;
  const { data } = await bench.sheets.spreadsheets.values.get({ spreadsheetId: id, range });
  return data.values ?? [];
}

const blanksGone = (grid: readonly (readonly unknown[])[]) => {
  const rows = grid.map((row) => {
    const cells = row.map((value) => value ?? '');
    while (cells.at(-1) === '') cells.pop();
    return cells;
  });
  while (rows.at(-1)?.length === 0) rows.pop();
  return rows;
};

test(`formulas point at the same cells after any structural edits (seed ${SEED})`, async () => {
  const bench = openBench();
  let done = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(op, { minLength: 1, maxLength: 8 }), async (ops) => {
      let grid: Grid = Array.from({ length: 5 }, (_, r) => Array.from({ length: 4 }, (__, c) => `n${r}x${c}`));
      let title = 'Data';
      const id = await newSpreadsheet(bench, [
        { properties: { sheetId: DATA, title, gridProperties: { rowCount: 5, columnCount: 4 } } },
        { properties: { sheetId: FORMULAS, title: 'Formulas' } },
      ]);
      const names = grid.flat();
      const formulas = names.map((_, at) => {
        const [row, column] = [Math.floor(at / 4), at % 4];
        const marks = [
          `${letter(column)}${row + 1}`,
          `$${letter(column)}${row + 1}`,
          `${letter(column)}$${row + 1}`,
          `$${letter(column)}$${row + 1}`,
        ];
        return [`= Data!${marks[at % 4]} & ""`];
      });
      const values = (range: string, rows: unknown[][]) =>
        bench.sheets.spreadsheets.values.update({
          spreadsheetId: id,
          range,
          valueInputOption: 'USER_ENTERED',
          requestBody: { values: rows },
        });
      await values('Data!A1', grid);
      await values('Formulas!A1', formulas);
      for (const one of ops) {
        const step = perform(grid, one, title);
        if (!step) continue;
        await bench.sheets.spreadsheets.batchUpdate({ spreadsheetId: id, requestBody: { requests: [step.request] } });
        grid = step.after;
        title = step.request.updateSheetProperties?.properties?.title ?? title;
        done++;
        expect(blanksGone(await seeGrid(bench, id, title))).toEqual(blanksGone(grid));
        const left = new Set(grid.flat());
        const { data } = await bench.sheets.spreadsheets.values.get({ spreadsheetId: id, range: 'Formulas!A1:A20' });
        expect(data.values?.flat()).toEqual(names.map((name) => (left.has(name) ? name : '#REF!')));
      }
    }),
    { seed: SEED, numRuns: RUNS },
  );
  expect(done).toBeGreaterThan(RUNS);
}, 60_000);

test('a failed batch changes nothing, byte for byte', async () => {
  const bench = openBench();
  await fc.assert(
    fc.asyncProperty(fc.array(op, { minLength: 1, maxLength: 5 }), async (ops) => {
      let grid: Grid = Array.from({ length: 5 }, (_, r) => Array.from({ length: 4 }, (__, c) => `n${r}x${c}`));
      const id = await newSpreadsheet(bench, [
        { properties: { sheetId: DATA, title: 'Data', gridProperties: { rowCount: 5, columnCount: 4 } } },
        { properties: { sheetId: FORMULAS, title: 'Formulas' } },
      ]);
      await bench.sheets.spreadsheets.values.batchUpdate({
        spreadsheetId: id,
        requestBody: {
          valueInputOption: 'USER_ENTERED',
          data: [
            { range: 'Data!A1', values: grid },
            { range: 'Formulas!A1', values: [['=Data!B2&Data!$C3', '=COUNTA(Data!A2:C4)']] },
          ],
        },
      });
      const requests: sheets_v4.Schema$Request[] = [
        {
          addNamedRange: {
            namedRange: {
              name: 'Block',
              range: { sheetId: DATA, startRowIndex: 1, endRowIndex: 3, startColumnIndex: 1, endColumnIndex: 3 },
            },
          },
        },
      ];
      for (const one of ops) {
        const step = perform(grid, one, 'Data');
        if (!step) continue;
        grid = step.after;
        requests.push(step.request);
      }
      const look = async () => (await bench.call('GET', `/v4/spreadsheets/${id}?includeGridData=true`)).text;
      const before = await look();
      const answer = await bench.call('POST', `/v4/spreadsheets/${id}:batchUpdate`, {
        requests: [...requests, { deleteSheet: { sheetId: 77 } }],
      });
      expect(answer.text).toContain(`Invalid requests[${requests.length}].deleteSheet`);
      expect(await look()).toBe(before);
    }),
    { seed: SEED, numRuns: 40 },
  );
}, 60_000);
