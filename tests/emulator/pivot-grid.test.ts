import { expect, test } from 'vitest';
import { newSpreadsheet, openBench } from './clients.ts';

test("a pivot table's figures show on the grid and follow their source", async () => {
  const bench = openBench();
  const spreadsheetId = await newSpreadsheet(bench, [
    { properties: { sheetId: 0, title: 'Data' } },
    { properties: { sheetId: 1, title: 'Pivot' } },
  ]);
  const { values } = bench.sheets.spreadsheets;
  const write = (range: string, rows: unknown[][]) =>
    values.update({ spreadsheetId, range, valueInputOption: 'RAW', requestBody: { values: rows } });
  const read = async () =>
    (await values.get({ spreadsheetId, range: 'Pivot!A1:C6', valueRenderOption: 'UNFORMATTED_VALUE' })).data.values;
  await write('Data!A1', [
    ['town', 'sum'],
    ['Ulm', 1],
    ['Kiel', 2],
    ['Ulm', 3],
  ]);
  const pivotTable = {
    source: { sheetId: 0, startRowIndex: 0, endRowIndex: 4, startColumnIndex: 0, endColumnIndex: 2 },
    rows: [{ sourceColumnOffset: 0, showTotals: true, sortOrder: 'ASCENDING' }],
    values: [{ sourceColumnOffset: 1, summarizeFunction: 'SUM', name: 'total' }],
  };
  const start = { sheetId: 1, rowIndex: 0, columnIndex: 0 };
  const put = (cell: object) =>
    bench.sheets.spreadsheets.batchUpdate({
      spreadsheetId,
      requestBody: { requests: [{ updateCells: { start, rows: [{ values: [cell] }], fields: 'pivotTable' } }] },
    });
  await put({ pivotTable });
  expect(await read()).toEqual([
    ['town', 'total'],
    ['Kiel', 2],
    ['Ulm', 4],
    ['Grand Total', 6],
  ]);
  await write('Data!B2', [[10]]);
  expect((await read())?.at(-1)).toEqual(['Grand Total', 15]);
  await write('Pivot!D1', [['=B4*2']]);
  await put({});
  expect(await read()).toBeUndefined();
});
