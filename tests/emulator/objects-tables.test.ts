import type { sheets_v4 } from '@googleapis/sheets';
import { expect, test } from 'vitest';
import { newSpreadsheet, openBench, refusal } from './clients.ts';

const bench = openBench();
type Request = sheets_v4.Schema$Request;

async function batch(spreadsheetId: string, ...requests: Request[]) {
  return (await bench.sheets.spreadsheets.batchUpdate({ spreadsheetId, requestBody: { requests } })).data;
}

async function write(spreadsheetId: string, range: string, values: unknown[][], valueInputOption = 'USER_ENTERED') {
  await bench.sheets.spreadsheets.values.update({ spreadsheetId, range, valueInputOption, requestBody: { values } });
}

async function read(spreadsheetId: string, range: string) {
  return (await bench.sheets.spreadsheets.values.get({ spreadsheetId, range })).data.values;
}

async function tables(spreadsheetId: string) {
  const { data } = await bench.sheets.spreadsheets.get({ spreadsheetId, fields: 'sheets.tables' });
  return data.sheets?.flatMap((sheet) => sheet.tables ?? []);
}

const range = (startRowIndex: number, endRowIndex: number, startColumnIndex: number, endColumnIndex: number) => ({
  startRowIndex,
  endRowIndex,
  startColumnIndex,
  endColumnIndex,
});
const oneOf = (...texts: string[]) => ({
  condition: { type: 'ONE_OF_LIST', values: texts.map((userEnteredValue) => ({ userEnteredValue })) },
});
const texts = (...values: string[]) => ({
  values: values.map((stringValue) => ({ userEnteredValue: { stringValue } })),
});

async function people(extra: sheets_v4.Schema$Table = {}): Promise<string> {
  const id = await newSpreadsheet(bench);
  await write(id, 'A1:D4', [
    ['Item', 'Amount', 'Flag', 'Status'],
    ['Ann', 1.5, 'maybe', 'x'],
    ['Bob', 2, '', 'y'],
    ['Cem', 3, 'TRUE', ''],
  ]);
  await batch(id, { addTable: { table: { tableId: 't1', name: 'People', range: range(0, 4, 0, 4), ...extra } } });
  return id;
}

test('a table names every column by its header, and typed columns without a name by number', async () => {
  const id = await people({
    columnProperties: [
      { columnIndex: 1, columnType: 'CURRENCY' },
      { columnIndex: 3, columnType: 'DROPDOWN', dataValidationRule: oneOf('x', 'y') },
    ],
  });
  expect(await tables(id)).toEqual([
    {
      tableId: 't1',
      name: 'People',
      range: range(0, 4, 0, 4),
      columnProperties: [
        { columnName: 'Item' },
        { columnIndex: 1, columnName: 'Column 1', columnType: 'CURRENCY' },
        { columnIndex: 2, columnName: 'Flag' },
        { columnIndex: 3, columnName: 'Column 2', columnType: 'DROPDOWN', dataValidationRule: oneOf('x', 'y') },
      ],
    },
  ]);
  expect(await read(id, 'A1:D2')).toEqual([
    ['Item', 'Column 1', 'Flag', 'Column 2'],
    ['Ann', '$1.50', 'maybe', 'x'],
  ]);
});

test('blank and repeated headers get names; names and header cells stay in step', async () => {
  const id = await newSpreadsheet(bench);
  await write(id, 'A1:D2', [
    ['Name', '', 'name', 'Column 2'],
    ['a', 'b', 'c', 'd'],
  ]);
  const { replies } = await batch(id, { addTable: { table: { range: range(0, 2, 0, 4) } } });
  const { tableId, name } = replies?.[0]?.addTable?.table ?? {};
  expect([tableId, name]).toEqual([expect.stringMatching(/^\d+$/), 'Table1']);
  expect(await read(id, 'A1:D1')).toEqual([['Name', 'Column 3', 'name 2', 'Column 2']]);
  await write(id, 'A1:B1', [['=1+1', 'Renamed']]);
  await bench.sheets.spreadsheets.values.clear({ spreadsheetId: id, range: 'C1' });
  expect(await read(id, 'A1:D1')).toEqual([['Column 1', 'Renamed', 'Column 3', 'Column 2']]);
  const columns = [0, 1, 2, 3].map((columnIndex) => ({ columnIndex, columnName: `n${columnIndex}` }));
  await batch(id, {
    updateTable: { table: { tableId: tableId ?? '', columnProperties: columns }, fields: 'columnProperties' },
  });
  expect(await read(id, 'A1:D1')).toEqual([['n0', 'n1', 'n2', 'n3']]);
  expect((await tables(id))?.[0]?.columnProperties?.map(({ columnName }) => columnName)).toEqual([
    'n0',
    'n1',
    'n2',
    'n3',
  ]);
});

test('a list of columns replaces the whole list; booleans and lists do to cells what Google does', async () => {
  const id = await people({
    columnProperties: [
      { columnIndex: 1, columnName: 'Amount', columnType: 'CURRENCY' },
      { columnIndex: 3, columnName: 'Status', columnType: 'DROPDOWN', dataValidationRule: oneOf('x') },
    ],
  });
  await write(id, 'C4', [[true]]);
  const dataValidation = { condition: { type: 'ONE_OF_LIST', values: [{ userEnteredValue: 'z' }] } };
  const rows = [{ values: [{ dataValidation }] }];
  const start = { sheetId: 0, rowIndex: 1, columnIndex: 3 };
  await batch(id, { updateCells: { start, rows, fields: 'dataValidation' } });
  const ownRule = async () => {
    const { data } = await bench.sheets.spreadsheets.get({ spreadsheetId: id, ranges: ['D2'], includeGridData: true });
    return data.sheets?.[0]?.data?.[0]?.rowData?.[0]?.values?.[0]?.dataValidation;
  };
  expect(await ownRule()).toEqual(dataValidation);
  const boolean = { columnIndex: 2, columnName: 'Flag', columnType: 'BOOLEAN' };
  await batch(id, {
    updateTable: { table: { tableId: 't1', columnProperties: [boolean] }, fields: 'columnProperties' },
  });
  expect((await tables(id))?.[0]?.columnProperties).toEqual([
    { columnName: 'Item' },
    { columnIndex: 1, columnName: 'Amount' },
    boolean,
    { columnIndex: 3, columnName: 'Status' },
  ]);
  expect(await read(id, 'C2:C4')).toEqual([['FALSE'], ['FALSE'], ['TRUE']]);
  const list = { columnIndex: 3, columnName: 'Status', columnType: 'DROPDOWN', dataValidationRule: oneOf('x') };
  await batch(id, { updateTable: { table: { tableId: 't1', columnProperties: [list] }, fields: 'columnProperties' } });
  expect(await ownRule()).toBeUndefined();
});

test.each<[string, string, sheets_v4.Schema$Table]>([
  [
    'a list without values',
    'Condition must be set for dropdown column type.',
    { range: range(6, 8, 0, 2), columnProperties: [{ columnIndex: 0, columnType: 'DROPDOWN' }] },
  ],
  [
    'a list on a number column',
    'Cannot set condition for non-dropdown column type.',
    { range: range(6, 8, 0, 2), columnProperties: [{ columnType: 'DOUBLE', dataValidationRule: oneOf('x') }] },
  ],
  [
    'a column outside',
    'Invalid TableColumnProperties.columnIndex: 2',
    { range: range(6, 8, 0, 2), columnProperties: [{ columnIndex: 2, columnName: 'x' }] },
  ],
  ['no range', 'No range specified.', {}],
  ['a used id', 'Table with id t1 already exists.', { tableId: 't1', range: range(6, 8, 0, 2) }],
  ['a used name', 'A table with the name "people" already exists.', { name: 'people', range: range(6, 8, 0, 2) }],
  ['a formula above', 'Formulas are not supported in a table header row.', { range: range(8, 9, 0, 2) }],
  [
    'cells of another table',
    'You cannot add alternating background colors to a range that already has alternating background colors.',
    { range: range(3, 6, 3, 5) },
  ],
  [
    'rows beyond the grid',
    'GridRange.endRowIndex[1000] is after last row in grid[999]',
    { range: range(0, 1001, 9, 10) },
  ],
])('a table is refused: %s', async (_, message, table) => {
  const id = await people();
  await write(id, 'A9', [['=1+1']]);
  const before = await bench.call('GET', `/v4/spreadsheets/${id}?includeGridData=true`);
  expect(await refusal(batch(id, { addTable: { table } }))).toEqual({
    status: 400,
    message: `Invalid requests[0].addTable: ${message}`,
  });
  expect((await bench.call('GET', `/v4/spreadsheets/${id}?includeGridData=true`)).body).toEqual(before.body);
});

test.each<[string, string, Request]>([
  [
    'no fields',
    "updateTable: At least one field must be listed in 'fields'.",
    { updateTable: { table: { tableId: 't1' } } },
  ],
  ['an unknown id', 'updateTable: No table with id: t9', { updateTable: { table: { tableId: 't9' }, fields: 'name' } }],
  [
    'a column without a name',
    'updateTable: Table header row cell must have a value.',
    { updateTable: { table: { tableId: 't1', columnProperties: [{ columnIndex: 1 }] }, fields: 'columnProperties' } },
  ],
  [
    'no name',
    'updateTable: The table name cannot be empty.',
    { updateTable: { table: { tableId: 't1' }, fields: 'name' } },
  ],
  ['a table that is not there', 'deleteTable: No table with id: t9', { deleteTable: { tableId: 't9' } }],
  [
    'rows wider than the table',
    'appendCells: Attempting to write column: 4, beyond the last requested column of: 3',
    { appendCells: { tableId: 't1', rows: [texts('a', 'b', 'c', 'd', 'e')], fields: '*' } },
  ],
])('a change of a table is refused: %s', async (_, message, request) => {
  const id = await people();
  const refused = await refusal(batch(id, request));
  expect(refused).toEqual({ status: 400, message: expect.stringContaining(`Invalid requests[0].${message}`) });
});

test('name, range and footer change; a footer takes a row of its own', async () => {
  const id = await people();
  const footer = { rowsProperties: { footerColorStyle: { rgbColor: { red: 1 } } } };
  await batch(id, {
    updateTable: { table: { tableId: 't1', name: 'Folk', ...footer }, fields: 'name,rowsProperties' },
  });
  expect(await tables(id)).toMatchObject([{ name: 'Folk', range: range(0, 5, 0, 4), ...footer }]);
  await batch(id, { updateTable: { table: { tableId: 't1' }, fields: 'rowsProperties' } });
  expect((await tables(id))?.[0]).toMatchObject({ range: range(0, 4, 0, 4) });
  expect((await tables(id))?.[0]).not.toHaveProperty('rowsProperties');
  await batch(id, { updateTable: { table: { tableId: 't1', range: range(0, 7, 0, 5) }, fields: 'range' } });
  expect((await tables(id))?.[0]?.columnProperties?.[4]).toEqual({ columnIndex: 4, columnName: 'Column 5' });
});

test('deleting a table takes its cells and the rules about nothing else', async () => {
  const id = await people();
  await write(id, 'A5', [['below']]);
  const { data } = await bench.sheets.spreadsheets.get({ spreadsheetId: id });
  expect(data.sheets?.[0]?.tables).toHaveLength(1);
  await batch(id, { deleteTable: { tableId: 't1' } });
  expect(await tables(id)).toEqual([]);
  expect(await read(id, 'A1:D9')).toEqual([[], [], [], [], ['below']]);
});

test('tables stand among the banded ranges unless they are excluded', async () => {
  const id = await people();
  const banded = async (more: { excludeTablesInBandedRanges?: boolean }) =>
    (await bench.sheets.spreadsheets.get({ spreadsheetId: id, ...more })).data.sheets?.[0]?.bandedRanges;
  expect(await banded({})).toMatchObject([{ bandedRangeReference: 't1', range: range(0, 4, 0, 4) }]);
  expect(await banded({ excludeTablesInBandedRanges: true })).toBeUndefined();
});

test('cells are appended to the body of a table, which grows', async () => {
  const id = await people({ range: range(0, 6, 0, 4) });
  const append = (...rows: ReturnType<typeof texts>[]): Request => ({
    appendCells: { tableId: 't1', rows, fields: 'userEnteredValue' },
  });
  await write(id, 'F9', [['beside']]);
  await batch(id, append(texts('Dan', '4')));
  expect((await tables(id))?.[0]?.range).toEqual(range(0, 6, 0, 4));
  expect(await read(id, 'A5:B6')).toEqual([['Dan', '4']]);
  await batch(id, append(texts('Eva'), texts('Fay')));
  expect((await tables(id))?.[0]?.range).toEqual(range(0, 7, 0, 4));
  expect(await read(id, 'A6:A8')).toEqual([['Eva'], ['Fay']]);
});

test('what stands below a table moves down when it grows', async () => {
  const id = await people();
  await write(id, 'A5', [['below']]);
  await batch(id, { appendCells: { tableId: 't1', rows: [texts('Dan')], fields: 'userEnteredValue' } });
  expect(await read(id, 'A4:A6')).toEqual([['Cem'], ['Dan'], ['below']]);
  expect((await tables(id))?.[0]?.range).toEqual(range(0, 5, 0, 4));
});

test('rows go above the footer of a table', async () => {
  const id = await people({ rowsProperties: { footerColorStyle: { rgbColor: { red: 1 } } } });
  await batch(id, { appendCells: { tableId: 't1', rows: [texts('Dan')], fields: 'userEnteredValue' } });
  expect(await read(id, 'A3:A5')).toEqual([['Bob'], ['Dan'], ['Cem']]);
  expect((await tables(id))?.[0]?.range).toEqual(range(0, 5, 0, 4));
});

test('values that are appended right below a table belong to it, typed as its columns', async () => {
  const id = await people({ columnProperties: [{ columnIndex: 1, columnName: 'Amount', columnType: 'CURRENCY' }] });
  await bench.sheets.spreadsheets.values.append({
    spreadsheetId: id,
    range: 'A1',
    valueInputOption: 'RAW',
    requestBody: { values: [['Dan', 4]] },
  });
  expect((await tables(id))?.[0]?.range).toEqual(range(0, 5, 0, 4));
  expect(await read(id, 'A5:B5')).toEqual([['Dan', '$4.00']]);
});
