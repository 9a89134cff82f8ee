import { expect, test } from 'vitest';
import { newSpreadsheet, openBench, refusal } from './clients.ts';

const bench = openBench();
const { values } = bench.sheets.spreadsheets;

async function write(spreadsheetId: string, range: string, rows: unknown[][], valueInputOption = 'USER_ENTERED') {
  const { data } = await values.update({ spreadsheetId, range, valueInputOption, requestBody: { values: rows } });
  return data;
}

async function read(spreadsheetId: string, range: string, valueRenderOption = 'FORMATTED_VALUE') {
  return (await values.get({ spreadsheetId, range, valueRenderOption })).data;
}

test('RAW keeps strings as they are, USER_ENTERED reads them as typed', async () => {
  const id = await newSpreadsheet(bench);
  const typed = ['007', '5%', '$1,234.50', '2024-01-02', '1/2/2024 10:30', 'TRUE', "'42", '=A1', 'plain', '1,234'];
  await write(id, 'A1:J1', [typed], 'RAW');
  expect((await read(id, 'A1:J1', 'UNFORMATTED_VALUE')).values).toEqual([typed]);
  await write(id, 'A2', [typed]);
  expect((await read(id, 'A2:J2', 'UNFORMATTED_VALUE')).values).toEqual([
    [7, 0.05, 1234.5, 45293, 45293.4375, true, '42', '007', 'plain', 1234],
  ]);
  expect((await read(id, 'A2:J2')).values).toEqual([
    ['7', '5%', '$1,234.50', '2024-01-02', '1/2/2024 10:30', 'TRUE', '42', '007', 'plain', '1,234'],
  ]);
  expect((await read(id, 'H2', 'FORMULA')).values).toEqual([['=A1']]);
});

test('dates are serial numbers or shown texts, as asked', async () => {
  const id = await newSpreadsheet(bench);
  await write(id, 'A1', [['12/31/1999', 5]]);
  const get = async (dateTimeRenderOption: string) =>
    (
      await values.get({
        spreadsheetId: id,
        range: 'A1:B1',
        valueRenderOption: 'UNFORMATTED_VALUE',
        dateTimeRenderOption,
      })
    ).data.values;
  expect(await get('SERIAL_NUMBER')).toEqual([[36525, 5]]);
  expect(await get('FORMATTED_STRING')).toEqual([['12/31/1999', 5]]);
});

test('numbers without a format show ten digits', async () => {
  const id = await newSpreadsheet(bench);
  const numbers = [1 / 3, 100 / 3, 1e15, 12345678901234568, 0.1 + 0.2, -89.23450472, 1e-10, 123456789012];
  await write(id, 'A1', [numbers], 'RAW');
  expect((await read(id, 'A1:H1')).values).toEqual([
    ['0.3333333333', '33.33333333', '1E+15', '1.23457E+16', '0.3', '-89.23450472', '1E-10', '123456789012'],
  ]);
});

test('null skips, an empty text clears, and blanks at the ends are trimmed', async () => {
  const id = await newSpreadsheet(bench);
  await write(id, 'B2', [
    ['a', 'b'],
    ['c', 'd'],
  ]);
  expect(
    await write(id, 'B2', [
      [null, ''],
      ['', null],
    ]),
  ).toMatchObject({ updatedRange: 'Sheet1!B2:C3', updatedCells: 2 });
  expect((await read(id, 'A1:E5')).values).toEqual([[], ['', 'a'], ['', '', 'd']]);
  await values.clear({ spreadsheetId: id, range: 'Sheet1' });
  expect(await read(id, 'A1:E5')).toEqual({ range: 'Sheet1!A1:E5', majorDimension: 'ROWS' });
});

test('columns are the transposed rows', async () => {
  const id = await newSpreadsheet(bench);
  const requestBody = { majorDimension: 'COLUMNS', values: [['a', 'b', 'c'], ['d']] };
  await values.update({ spreadsheetId: id, range: 'A1', valueInputOption: 'RAW', requestBody });
  expect((await read(id, 'A1:C3')).values).toEqual([['a', 'd'], ['b'], ['c']]);
  const columns = await values.get({ spreadsheetId: id, range: 'A1:C3', majorDimension: 'COLUMNS' });
  expect(columns.data).toEqual({ range: 'Sheet1!A1:C3', majorDimension: 'COLUMNS', values: requestBody.values });
});

test('ranges come back normalised, titles quoted only where needed', async () => {
  const titles = ['Sales', "It's", 'x.y', 'A1', 'R1C1', 'Ünï', '2026', 'two words'];
  const id = await newSpreadsheet(
    bench,
    titles.map((title) => ({ properties: { title } })),
  );
  const ranges = ['A:A', 'sales!b2:a1', '2:3', 'Sales!B5:B', "'It''s'", 'x.y!A1', "'A1'!C1", "'R1C1'!A1", 'Ünï!A1'];
  const { data } = await values.batchGet({ spreadsheetId: id, ranges: [...ranges, "'2026'!A1", 'two words!A1:B9999'] });
  expect(data.valueRanges?.map(({ range }) => range)).toEqual([
    ...['Sales!A1:A1000', 'Sales!A1:B2', 'Sales!A2:Z3', 'Sales!B5:B1000', "'It''s'!A1:Z1000", 'x.y!A1', "'A1'!C1"],
    ...["'R1C1'!A1", "'Ünï'!A1", "'2026'!A1", "'two words'!A1:B1000"],
  ]);
});

test('append finds the connected block, as the guide of Google shows it', async () => {
  const id = await newSpreadsheet(bench);
  await write(id, 'A1', [
    ['x', 'y', 'z'],
    ['x', 'y', 'z'],
  ]);
  await write(id, 'B4', [
    ['x', 'y'],
    ['', 'y', 'z'],
    ['x', 'y', 'z'],
  ]);
  const places: Record<string, [string | undefined, string]> = {
    Sheet1: ['Sheet1!B4:D6', 'Sheet1!B7:C7'],
    B4: ['Sheet1!B4:D6', 'Sheet1!B7:C7'],
    'C5:D5': ['Sheet1!B4:D6', 'Sheet1!B7:C7'],
    'B2:D4': ['Sheet1!B4:D6', 'Sheet1!B7:C7'],
    'A3:G10': ['Sheet1!B4:D6', 'Sheet1!B7:C7'],
    A1: ['Sheet1!A1:C2', 'Sheet1!A3:B3'],
    D4: ['Sheet1!B4:D6', 'Sheet1!B7:C7'],
    E4: [undefined, 'Sheet1!E4:F4'],
  };
  for (const [range, [tableRange, updatedRange]] of Object.entries(places)) {
    const copy = (await bench.drive.files.copy({ fileId: id })).data.id ?? '';
    const requestBody = { values: [['new', 'row']] };
    const { data } = await values.append({ spreadsheetId: copy, range, valueInputOption: 'RAW', requestBody });
    expect([range, data.tableRange, data.updates?.updatedRange]).toEqual([range, tableRange, updatedRange]);
  }
});

test('append grows the grid, and INSERT_ROWS pushes down what lies below', async () => {
  const gridProperties = { rowCount: 3, columnCount: 2 };
  const id = await newSpreadsheet(bench, [{ properties: { sheetId: 0, title: 'S', gridProperties } }]);
  await write(id, 'S!A1', [['a'], [''], ['below']]);
  const append = async (insertDataOption: string) =>
    values.append({
      spreadsheetId: id,
      range: 'S!A1',
      valueInputOption: 'RAW',
      insertDataOption,
      includeValuesInResponse: true,
      requestBody: { values: [['b', 1, true], ['c']] },
    });
  const { data } = await append('INSERT_ROWS');
  expect(data.updates?.updatedData?.values).toEqual([['b', '1', 'TRUE'], ['c']]);
  expect((await read(id, 'S')).values).toEqual([['a'], ['b', '1', 'TRUE'], ['c'], [], ['below']]);
  expect((await read(id, 'S')).range).toBe('S!A1:C5');
  await append('OVERWRITE');
  expect((await read(id, 'S!A4:A6')).values).toEqual([['b'], ['c']]);
});

test('batchUpdate writes all or nothing and counts what it wrote', async () => {
  const id = await newSpreadsheet(bench);
  const batch = (...ranges: string[]) =>
    values.batchUpdate({
      spreadsheetId: id,
      requestBody: { valueInputOption: 'RAW', data: ranges.map((range) => ({ range, values: [['v', 'w']] })) },
    });
  expect((await batch('A1:B1', 'B1:C1', 'A9')).data).toMatchObject({
    totalUpdatedRows: 2,
    totalUpdatedColumns: 3,
    totalUpdatedCells: 6,
    totalUpdatedSheets: 1,
  });
  const before = (await read(id, 'Sheet1')).values;
  expect((await refusal(batch('D1', 'Nowhere!A1'))).message).toBe('Invalid data[1]: Unable to parse range: Nowhere!A1');
  expect((await read(id, 'Sheet1')).values).toEqual(before);
});

test('batchClear clears values and keeps formats', async () => {
  const id = await newSpreadsheet(bench);
  await write(id, 'A1', [['5%', 'x']]);
  const { data } = await values.batchClear({ spreadsheetId: id, requestBody: { ranges: ['A1:A5', 'B:B'] } });
  expect(data.clearedRanges).toEqual(['Sheet1!A1:A5', 'Sheet1!B1:B1000']);
  await write(id, 'A1', [[0.5]], 'RAW');
  expect((await read(id, 'A1')).values).toEqual([['50%']]);
});

test.each([
  ['NOPE!A5:F15', [['x']], 'Unable to parse range: NOPE!A5:F15'],
  ['Sheet1!AB1', [['x']], 'Range (Sheet1!AB1) exceeds grid limits. Max rows: 1000, max columns: 26'],
  ['A1:B1', [[1, 2, 3]], 'Requested writing within range [Sheet1!A1:B1], but tried writing to column [C]'],
  ['A1:B1', [[1], [2]], 'Requested writing within range [Sheet1!A1:B1], but tried writing to row [2]'],
  ['A1', [['x'.repeat(50_001)]], 'Your input contains more than the maximum of 50000 characters in a single cell.'],
  ['A1', [[['a']]], 'Invalid values[0][0]: list_value {\n  values {\n    string_value: "a"\n  }\n}\n'],
])('update of %s is refused with the message Google gives', async (range, rows, message) => {
  const id = await newSpreadsheet(bench);
  expect(await refusal(write(id, range, rows))).toEqual({ status: 400, message });
  expect((await read(id, 'Sheet1')).values).toBeUndefined();
});
