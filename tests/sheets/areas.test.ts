// What is told of the cells that a batch of requests touches: exact, or that it may be any.

import { expect, test } from 'vitest';
import { areasOf } from '../../src/sheets/areas.ts';

const SHEET = 7;
const areas = (...requests: object[]) => areasOf({ spreadsheetId: 'x', requestBody: { requests } });
const range = { sheetId: SHEET, startRowIndex: 1, endRowIndex: 3, startColumnIndex: 0, endColumnIndex: 2 };
const area = { plane: SHEET, startRow: 1, endRow: 3, startColumn: 0, endColumn: 2 };
const row = (cells: number) => ({ values: Array.from({ length: cells }, () => ({})) });

test.each<[string, object, object]>([
  [
    'cells from a start on reach as far as their widest row',
    { updateCells: { start: { sheetId: SHEET, rowIndex: 4, columnIndex: 2 }, rows: [row(1), row(3), row(2)] } },
    { plane: SHEET, startRow: 4, endRow: 7, startColumn: 2, endColumn: 5 },
  ],
  [
    'a start without indices is the first cell of the first sheet',
    { updateCells: { start: {}, rows: [row(1)] } },
    { plane: 0, startRow: 0, endRow: 1, startColumn: 0, endColumn: 1 },
  ],
  ['cells of a range are that range, however few rows are given', { updateCells: { range, rows: [row(1)] } }, area],
  ['a range without rows is cleared', { updateCells: { range, fields: 'userEnteredValue' } }, area],
  ['a repeated cell is its range', { repeatCell: { range, cell: {} } }, area],
  [
    'an open range stays open',
    { repeatCell: { range: { sheetId: SHEET, startRowIndex: 5, endColumnIndex: 1 } } },
    { plane: SHEET, startRow: 5, endColumn: 1 },
  ],
  ['a range without a sheet is on the first', { repeatCell: { range: {} } }, { plane: 0 }],
  [
    'appended rows may be anywhere in their sheet',
    { appendCells: { sheetId: SHEET, rows: [row(1)] } },
    { plane: SHEET },
  ],
  ['borders are of their range', { updateBorders: { range, top: {} } }, area],
  ['so is validation', { setDataValidation: { range } }, area],
  ['so are merges', { mergeCells: { range, mergeType: 'MERGE_ALL' } }, area],
  ['so are cells that are parted', { unmergeCells: { range } }, area],
  [
    'heights are of whole rows',
    { updateDimensionProperties: { range: { sheetId: SHEET, dimension: 'ROWS', startIndex: 2, endIndex: 4 } } },
    { plane: SHEET, startRow: 2, endRow: 4 },
  ],
  [
    'widths are of whole columns, of all without bounds',
    { updateDimensionProperties: { range: { sheetId: SHEET, dimension: 'COLUMNS', startIndex: 3 } } },
    { plane: SHEET, startColumn: 3 },
  ],
  ['so may added rows', { appendDimension: { sheetId: SHEET, dimension: 'ROWS', length: 2 } }, { plane: SHEET }],
])('%s', (_, request, expected) => {
  expect(areas(request)).toEqual([expected]);
});

test('a batch touches what its requests touch, in their order', () => {
  expect(areas({ repeatCell: { range } }, { appendCells: { sheetId: 1 } })).toEqual([area, { plane: 1 }]);
  expect(areas()).toEqual([]);
});

test.each([
  ['rows are inserted', { insertDimension: { range: {} } }],
  ['rows are appended to a table, whose sheet is not told', { appendCells: { tableId: 't', rows: [row(1)] } }],
  ['a request has no kind', {}],
  ['a sheet is deleted', { deleteSheet: { sheetId: SHEET } }],
])('it may touch any when %s', (_, request) => {
  expect(areas({ repeatCell: { range } }, request)).toBeNull();
});
