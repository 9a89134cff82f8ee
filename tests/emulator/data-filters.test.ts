import { expect, test } from 'vitest';
import { newSpreadsheet, openBench, refusal } from './clients.ts';

async function marked() {
  const bench = openBench();
  const spreadsheetId = await newSpreadsheet(bench, [
    { properties: { sheetId: 0, title: 'Sheet1', gridProperties: { rowCount: 10, columnCount: 4 } } },
    { properties: { sheetId: 5, title: 'Two', gridProperties: { rowCount: 3, columnCount: 2 } } },
  ]);
  const { sheets } = bench;
  await sheets.spreadsheets.values.update({
    spreadsheetId,
    range: 'Sheet1!A1:B4',
    valueInputOption: 'RAW',
    requestBody: {
      values: [
        ['k', 'v'],
        ['a', 1],
        ['b', 2],
        ['c', 3],
      ],
    },
  });
  const create = (metadataId: number, metadataKey: string, location: object) => ({
    createDeveloperMetadata: {
      developerMetadata: { metadataId, metadataKey, location, visibility: 'DOCUMENT' },
    },
  });
  const rowAt = (startIndex: number) => ({
    dimensionRange: { sheetId: 0, dimension: 'ROWS', startIndex, endIndex: startIndex + 1 },
  });
  await sheets.spreadsheets.batchUpdate({
    spreadsheetId,
    requestBody: {
      requests: [create(1, 'row', rowAt(2)), create(2, 'row', rowAt(3)), create(3, 'two', { sheetId: 5 })],
    },
  });
  return { ...bench, spreadsheetId };
}

test('values are read by range, grid range and metadata; a place matched twice comes once with both filters', async () => {
  const { sheets, spreadsheetId } = await marked();
  const dataFilters = [
    { developerMetadataLookup: { metadataKey: 'row' } },
    { a1Range: 'Sheet1!A3:D3' },
    { gridRange: { sheetId: 0, startRowIndex: 1, endRowIndex: 2, startColumnIndex: 1, endColumnIndex: 2 } },
  ];
  const { data } = await sheets.spreadsheets.values.batchGetByDataFilter({
    spreadsheetId,
    requestBody: { dataFilters, valueRenderOption: 'UNFORMATTED_VALUE' },
  });
  expect(data.valueRanges).toEqual([
    {
      valueRange: { range: 'Sheet1!A3:D3', majorDimension: 'ROWS', values: [['b', 2]] },
      dataFilters: [dataFilters[0], dataFilters[1]],
    },
    {
      valueRange: { range: 'Sheet1!A4:D4', majorDimension: 'ROWS', values: [['c', 3]] },
      dataFilters: [dataFilters[0]],
    },
    {
      valueRange: { range: 'Sheet1!B2', majorDimension: 'ROWS', values: [[1]] },
      dataFilters: [dataFilters[2]],
    },
  ]);
});

test('values are written and cleared by filter, and the response names it', async () => {
  const { sheets, spreadsheetId } = await marked();
  const dataFilter = { developerMetadataLookup: { metadataId: 2 } };
  const written = await sheets.spreadsheets.values.batchUpdateByDataFilter({
    spreadsheetId,
    requestBody: { valueInputOption: 'RAW', data: [{ dataFilter, values: [['z', 9]] }] },
  });
  expect(written.data).toEqual({
    spreadsheetId,
    totalUpdatedRows: 1,
    totalUpdatedColumns: 2,
    totalUpdatedCells: 2,
    totalUpdatedSheets: 1,
    responses: [{ updatedRange: 'Sheet1!A4:B4', updatedRows: 1, updatedColumns: 2, updatedCells: 2, dataFilter }],
  });
  const cleared = await sheets.spreadsheets.values.batchClearByDataFilter({
    spreadsheetId,
    requestBody: { dataFilters: [{ developerMetadataLookup: { metadataId: 1 } }, { a1Range: 'Two!A1' }] },
  });
  expect(cleared.data).toEqual({ spreadsheetId, clearedRanges: ['Sheet1!A3:D3', 'Two!A1'] });
  const { data } = await sheets.spreadsheets.values.get({ spreadsheetId, range: 'Sheet1' });
  expect(data.values).toEqual([['k', 'v'], ['a', '1'], [], ['z', '9']]);
});

test('a spreadsheet is printed by filter: the sheets and cells that match', async () => {
  const { sheets, spreadsheetId } = await marked();
  const { data } = await sheets.spreadsheets.getByDataFilter({
    spreadsheetId,
    fields: 'sheets(properties.title,data(startRow,rowData.values.userEnteredValue))',
    requestBody: { dataFilters: [{ developerMetadataLookup: { metadataKey: 'row' } }] },
  });
  const value = (stringValue: string, numberValue: number) => ({
    values: [{ userEnteredValue: { stringValue } }, { userEnteredValue: { numberValue } }],
  });
  expect(data.sheets).toEqual([
    {
      properties: { title: 'Sheet1' },
      data: [
        { startRow: 2, rowData: [value('b', 2)] },
        { startRow: 3, rowData: [value('c', 3)] },
      ],
    },
  ]);
});

test('a filter that cannot be read is named by its number, and nothing is written', async () => {
  const { sheets, spreadsheetId } = await marked();
  const values = [['x']];
  const requestBody = {
    valueInputOption: 'RAW',
    data: [
      { dataFilter: { a1Range: 'Sheet1!A1' }, values },
      { dataFilter: { a1Range: 'Nope!A1' }, values },
    ],
  };
  expect(await refusal(sheets.spreadsheets.values.batchUpdateByDataFilter({ spreadsheetId, requestBody }))).toEqual({
    status: 400,
    message: 'Invalid data[1]: Unable to parse range: Nope!A1',
  });
  const { data } = await sheets.spreadsheets.values.get({ spreadsheetId, range: 'Sheet1!A1' });
  expect(data.values).toEqual([['k']]);
  const none = sheets.spreadsheets.values.batchGetByDataFilter({ spreadsheetId, requestBody: {} });
  expect((await refusal(none)).message).toBe('Must specify at least one dataFilter.');
});
