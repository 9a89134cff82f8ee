import type { sheets_v4 } from '@googleapis/sheets';
import { expect, test } from 'vitest';
import { newSpreadsheet, openBench, refusal } from './clients.ts';

const bench = openBench();

async function batch(spreadsheetId: string, ...requests: sheets_v4.Schema$Request[]) {
  return (await bench.sheets.spreadsheets.batchUpdate({ spreadsheetId, requestBody: { requests } })).data;
}

async function grid(spreadsheetId: string, fields?: string) {
  return (await bench.sheets.spreadsheets.get({ spreadsheetId, includeGridData: true, ...(fields && { fields }) }))
    .data;
}

const text = (stringValue: string) => ({ userEnteredValue: { stringValue } });
const bold = { userEnteredFormat: { textFormat: { bold: true } } };

test('a new sheet has the properties Google gives it', async () => {
  const id = await newSpreadsheet(bench);
  const { replies } = await batch(
    id,
    { addSheet: { properties: { title: 'Mine', sheetId: 7, index: 0, tabColor: { red: 1, green: 0 } } } },
    { addSheet: {} },
  );
  expect(replies?.[0]?.addSheet?.properties).toEqual({
    sheetId: 7,
    title: 'Mine',
    index: 0,
    sheetType: 'GRID',
    gridProperties: { rowCount: 1000, columnCount: 26 },
    tabColor: { red: 1 },
    tabColorStyle: { rgbColor: { red: 1 } },
  });
  expect(replies?.[1]?.addSheet?.properties).toMatchObject({ title: 'Sheet3', index: 2 });
});

test('sheets move to an index counted before they leave', async () => {
  const id = await newSpreadsheet(
    bench,
    ['a', 'b', 'c'].map((title, sheetId) => ({ properties: { title, sheetId } })),
  );
  await batch(id, { updateSheetProperties: { properties: { sheetId: 0, index: 2 }, fields: 'index' } });
  const { sheets } = await grid(id, 'sheets.properties(title,index)');
  expect(sheets?.map(({ properties }) => properties)).toEqual([
    { title: 'b', index: 0 },
    { title: 'a', index: 1 },
    { title: 'c', index: 2 },
  ]);
});

test('a smaller grid loses the cells beyond it', async () => {
  const id = await newSpreadsheet(bench);
  const update = (rowCount: number, columnCount: number) => ({
    updateSheetProperties: {
      properties: { sheetId: 0, gridProperties: { rowCount, columnCount } },
      fields: 'gridProperties/rowCount,gridProperties(columnCount)',
    },
  });
  const rows = [1, 2, 3].map(() => ({ values: [text('a'), text('b')] }));
  await batch(id, { updateCells: { start: { sheetId: 0 }, rows, fields: 'userEnteredValue' } });
  await batch(id, update(2, 1), update(3, 2));
  const { data } = await bench.sheets.spreadsheets.values.get({ spreadsheetId: id, range: 'Sheet1' });
  expect(data).toEqual({ range: 'Sheet1!A1:B3', majorDimension: 'ROWS', values: [['a'], ['a']] });
});

test('updateCells touches what the mask covers, and clears the rest of its range', async () => {
  const id = await newSpreadsheet(bench);
  const range = { sheetId: 0, startRowIndex: 0, endRowIndex: 2, startColumnIndex: 0, endColumnIndex: 2 };
  const cell = { ...text('old'), note: 'kept', ...bold };
  await batch(id, { repeatCell: { range, cell, fields: '*' } });
  await batch(id, { updateCells: { range, rows: [{ values: [text('new')] }], fields: 'userEnteredValue' } });
  const { sheets } = await grid(id, 'sheets.data.rowData.values(userEnteredValue,note,userEnteredFormat)');
  const blank = { note: 'kept', ...bold };
  expect(sheets?.[0]?.data?.[0]?.rowData).toEqual([
    { values: [{ ...blank, ...text('new') }, blank] },
    { values: [blank, blank] },
  ]);
  await batch(id, { updateCells: { range: { sheetId: 0 }, fields: '*' } });
  expect((await grid(id, 'sheets.data.rowData')).sheets).toEqual([{ data: [{}] }]);
});

test('a format mask changes one property and leaves the others', async () => {
  const id = await newSpreadsheet(bench);
  const put = (cell: sheets_v4.Schema$CellData, fields: string) =>
    batch(id, { repeatCell: { range: { sheetId: 0, endRowIndex: 1, endColumnIndex: 1 }, cell, fields } });
  await put({ userEnteredFormat: { textFormat: { bold: true, italic: true }, wrapStrategy: 'WRAP' } }, '*');
  await put(
    { userEnteredFormat: { backgroundColor: { blue: 1 } } },
    'userEnteredFormat(textFormat/bold,backgroundColor)',
  );
  const { sheets } = await grid(id, 'sheets.data.rowData.values.userEnteredFormat');
  expect(sheets?.[0]?.data?.[0]?.rowData?.[0]?.values?.[0]?.userEnteredFormat).toEqual({
    textFormat: { italic: true },
    wrapStrategy: 'WRAP',
    backgroundColor: { blue: 1 },
    backgroundColorStyle: { rgbColor: { blue: 1 } },
  });
});

test('appendCells goes below the last value of the sheet and grows the grid', async () => {
  const properties = { sheetId: 0, title: 'S', gridProperties: { rowCount: 4, columnCount: 2 } };
  const id = await newSpreadsheet(bench, [{ properties }]);
  await batch(id, {
    updateCells: { start: { sheetId: 0, rowIndex: 2, columnIndex: 1 }, rows: [{ values: [text('x')] }], fields: '*' },
  });
  const rows = [{ values: [text('a'), text('b'), text('c')] }, { values: [text('d')] }];
  const { data } = await bench.sheets.spreadsheets.batchUpdate({
    spreadsheetId: id,
    fields: 'replies,updatedSpreadsheet(sheets(properties.sheetId,data(startRow,rowData.values.formattedValue)))',
    requestBody: {
      requests: [{ appendCells: { sheetId: 0, rows, fields: 'userEnteredValue' } }],
      includeSpreadsheetInResponse: true,
      responseRanges: ['S!A4:C'],
    },
  });
  const shown = (...texts: string[]) => ({ values: texts.map((formattedValue) => ({ formattedValue })) });
  expect(data).toEqual({
    replies: [{}],
    updatedSpreadsheet: {
      sheets: [{ properties: { sheetId: 0 }, data: [{ startRow: 3, rowData: [shown('a', 'b', 'c'), shown('d')] }] }],
    },
  });
});

test('a failing batch leaves everything as it was', async () => {
  const id = await newSpreadsheet(bench, [{ properties: { sheetId: 0, title: 'A' } }, { properties: { sheetId: 5 } }]);
  const rows = [{ values: [text('before')] }];
  const marker = { metadataId: 9, metadataKey: 'k', location: { spreadsheet: true }, visibility: 'DOCUMENT' };
  await batch(
    id,
    { updateCells: { start: { sheetId: 0 }, rows, fields: '*' } },
    { createDeveloperMetadata: { developerMetadata: marker } },
    { addNamedRange: { namedRange: { name: 'spot', range: { sheetId: 5, endRowIndex: 1, endColumnIndex: 1 } } } },
  );
  const state = async () => [
    (await bench.call('GET', `/v4/spreadsheets/${id}?includeGridData=true`)).text,
    (await bench.call('GET', `/drive/v3/files/${id}?fields=*`)).text,
  ];
  const before = await state();
  const range = { sheetId: 0, startRowIndex: 0, endRowIndex: 30, startColumnIndex: 0, endColumnIndex: 20 };
  const everything: sheets_v4.Schema$Request[] = [
    { repeatCell: { range, cell: { ...text('after'), ...bold }, fields: '*' } },
    {
      updateSpreadsheetProperties: {
        properties: { title: 'After', timeZone: 'Europe/Paris' },
        fields: 'title,timeZone',
      },
    },
    { deleteDeveloperMetadata: { dataFilter: { developerMetadataLookup: { metadataId: 9 } } } },
    { createDeveloperMetadata: { developerMetadata: { ...marker, metadataId: 10 } } },
    { deleteSheet: { sheetId: 5 } },
    { addSheet: { properties: { sheetId: 5, title: 'Other' } } },
    { appendCells: { sheetId: 0, rows, fields: '*' } },
    { appendDimension: { sheetId: 0, dimension: 'COLUMNS', length: 3 } },
    { updateSheetProperties: { properties: { sheetId: 0, title: 'B', index: 2 }, fields: 'title,index' } },
    { updateCells: { start: { sheetId: 999_999 }, rows, fields: '*' } },
  ];
  expect(await refusal(batch(id, ...everything))).toEqual({
    status: 400,
    message: 'Invalid requests[9].updateCells: No grid with id: 999999',
  });
  expect(await state()).toEqual(before);
  await batch(id, ...everything.slice(0, -1));
  expect(await state()).not.toEqual(before);
});

test('developer metadata: the id of the caller is kept, a used one refused, entries found by lookup', async () => {
  const id = await newSpreadsheet(bench);
  const developerMetadata = {
    metadataId: 77,
    metadataKey: 'marker',
    metadataValue: 'one',
    location: { spreadsheet: true },
    visibility: 'DOCUMENT',
  };
  const created = await batch(id, { createDeveloperMetadata: { developerMetadata } });
  const stored = { ...developerMetadata, location: { locationType: 'SPREADSHEET', spreadsheet: true } };
  expect(created.replies?.[0]?.createDeveloperMetadata?.developerMetadata).toEqual(stored);
  const again = await refusal(batch(id, { addSheet: {} }, { createDeveloperMetadata: { developerMetadata } }));
  expect(again.message).toMatch(/^Invalid requests\[1\]\.createDeveloperMetadata: .*77/);
  expect((await grid(id, 'sheets.properties.title')).sheets).toHaveLength(1);
  const location = { dimensionRange: { sheetId: 0, dimension: 'ROWS', startIndex: 3, endIndex: 4 } };
  await batch(id, {
    createDeveloperMetadata: { developerMetadata: { metadataKey: 'row', location, visibility: 'PROJECT' } },
  });

  const methods = bench.sheets.spreadsheets.developerMetadata;
  expect((await methods.get({ spreadsheetId: id, metadataId: 77 })).data).toEqual(stored);
  expect(await refusal(methods.get({ spreadsheetId: id, metadataId: 78 }))).toMatchObject({ status: 404 });
  const search = async (filter: sheets_v4.Schema$DataFilter) => {
    const { data } = await methods.search({ spreadsheetId: id, requestBody: { dataFilters: [filter] } });
    return data.matchedDeveloperMetadata?.map((match) => match.developerMetadata?.metadataKey);
  };
  expect(await search({ developerMetadataLookup: { metadataKey: 'marker', metadataValue: 'one' } })).toEqual([
    'marker',
  ]);
  expect(await search({ developerMetadataLookup: { metadataKey: 'marker', metadataValue: 'two' } })).toBeUndefined();
  expect(await search({ developerMetadataLookup: { locationType: 'ROW' } })).toEqual(['row']);
  expect(await search({ developerMetadataLookup: { visibility: 'DOCUMENT' } })).toEqual(['marker']);
  expect(await search({ a1Range: 'Sheet1!A1:A4' })).toEqual(['row']);
  expect(await search({ gridRange: { sheetId: 0, startRowIndex: 4, endRowIndex: 9 } })).toBeUndefined();
  const deleted = await batch(id, {
    deleteDeveloperMetadata: { dataFilter: { developerMetadataLookup: { metadataKey: 'marker' } } },
  });
  expect(deleted.replies).toEqual([{ deleteDeveloperMetadata: { deletedDeveloperMetadata: [stored] } }]);
});

test('named ranges can be read by name', async () => {
  const id = await newSpreadsheet(bench);
  const range = { sheetId: 0, startRowIndex: 1, endRowIndex: 3, startColumnIndex: 1, endColumnIndex: 2 };
  const { replies } = await batch(id, { addNamedRange: { namedRange: { name: 'totals', range } } });
  const { data } = await bench.sheets.spreadsheets.values.get({ spreadsheetId: id, range: 'Totals' });
  expect(data.range).toBe('Sheet1!B2:B3');
  await batch(id, { deleteNamedRange: { namedRangeId: replies?.[0]?.addNamedRange?.namedRange?.namedRangeId ?? '' } });
  expect((await refusal(bench.sheets.spreadsheets.values.get({ spreadsheetId: id, range: 'totals' }))).status).toBe(
    400,
  );
});

const noFields = "At least one field must be listed in 'fields'. (Use '*' to indicate all fields.)";
test.each<[string, sheets_v4.Schema$Request, string]>([
  [
    'duplicate title',
    { addSheet: { properties: { title: 'sheet1' } } },
    'addSheet: A sheet with the name "sheet1" already exists. Please enter another name.',
  ],
  ['used sheet id', { addSheet: { properties: { sheetId: 0 } } }, 'addSheet: Sheet with id 0 already exists.'],
  ['last sheet', { deleteSheet: { sheetId: 0 } }, "deleteSheet: You can't remove all the sheets in a document."],
  ['unknown sheet', { deleteSheet: { sheetId: 4 } }, 'deleteSheet: No sheet with id: 4'],
  ['unknown grid', { repeatCell: { range: { sheetId: 4 }, cell: {}, fields: '*' } }, 'repeatCell: No grid with id: 4'],
  ['no mask', { updateCells: { range: { sheetId: 0 } } }, `updateCells: ${noFields}`],
  ['no mask', { updateSheetProperties: { properties: { title: 'x' } } }, `updateSheetProperties: ${noFields}`],
  [
    'frozen rows',
    {
      updateSheetProperties: {
        properties: { gridProperties: { frozenRowCount: 1000 } },
        fields: 'gridProperties.frozenRowCount',
      },
    },
    "updateSheetProperties: You can't freeze all visible rows on the sheet.",
  ],
  [
    'ten million cells',
    { appendDimension: { sheetId: 0, dimension: 'ROWS', length: 400_000 } },
    'appendDimension: This action would increase the number of cells in the workbook above the limit of 10000000 cells.',
  ],
  [
    'rows at the end that look like what comes after',
    { insertDimension: { range: { sheetId: 0, dimension: 'ROWS', startIndex: 1000, endIndex: 1001 } } },
    'insertDimension: range.startIndex must be less than the grid size (1000) if inheritFromBefore is false.',
  ],
  [
    'outside the grid',
    { updateCells: { start: { sheetId: 0, columnIndex: 25 }, rows: [{ values: [{}, {}] }], fields: '*' } },
    'updateCells: Attempting to write column: 26, beyond the last requested column of: 25',
  ],
])('refused: %s', async (_, request, message) => {
  const id = await newSpreadsheet(bench);
  expect(await refusal(batch(id, request))).toEqual({ status: 400, message: `Invalid requests[0].${message}` });
});
