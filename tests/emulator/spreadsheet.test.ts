import { expect, test } from 'vitest';
import { newSpreadsheet, openBench } from './clients.ts';

const bench = openBench();

test('a new spreadsheet reads as Google prints one', async () => {
  const id = await newSpreadsheet(bench);
  const { text, status } = await bench.call('GET', `/v4/spreadsheets/${id}?includeGridData=false`);
  expect(status).toBe(200);
  expect(text).toMatch(/^\{\n {2}"spreadsheetId": "1[\w-]{43}",\n {2}"properties": \{\n {4}"title": "Test",\n/);
  expect(text.endsWith(`"spreadsheetUrl": "https://docs.google.com/spreadsheets/d/${id}/edit"\n}\n`)).toBe(true);
  const { properties, sheets } = JSON.parse(text);
  expect(Object.keys(properties)).toEqual([
    ...['title', 'locale', 'autoRecalc', 'timeZone', 'defaultFormat', 'spreadsheetTheme'],
  ]);
  expect(sheets).toEqual([
    {
      properties: {
        sheetId: 0,
        title: 'Sheet1',
        index: 0,
        sheetType: 'GRID',
        gridProperties: { rowCount: 1000, columnCount: 26 },
      },
    },
  ]);
});

test('grid data: sparse rows, effective values and formats, only what the mask asks for', async () => {
  const id = await newSpreadsheet(bench);
  const body = { values: [['a', null, '12.5%'], [], ['=1/0']] };
  await bench.call('PUT', `/v4/spreadsheets/${id}/values/B2?valueInputOption=USER_ENTERED`, body);
  const get = async (query: string) => (await bench.call('GET', `/v4/spreadsheets/${id}?${query}`)).body;
  const numberFormat = { type: 'PERCENT', pattern: '0.00%' };
  expect(
    await get(
      'ranges=A1:D4&fields=sheets.data(startRow,rowData/values(userEnteredValue,effectiveValue,formattedValue,userEnteredFormat))',
    ),
  ).toEqual({
    sheets: [
      {
        data: [
          {
            rowData: [
              {},
              {
                values: [
                  {},
                  {
                    userEnteredValue: { stringValue: 'a' },
                    effectiveValue: { stringValue: 'a' },
                    formattedValue: 'a',
                  },
                  {},
                  {
                    userEnteredValue: { numberValue: 0.125 },
                    effectiveValue: { numberValue: 0.125 },
                    formattedValue: '12.50%',
                    userEnteredFormat: { numberFormat },
                  },
                ],
              },
              {},
              {
                values: [
                  {},
                  {
                    userEnteredValue: { formulaValue: '=1/0' },
                    effectiveValue: {
                      errorValue: { type: 'DIVIDE_BY_ZERO', message: 'Function DIVIDE parameter 2 cannot be zero.' },
                    },
                    formattedValue: '#DIV/0!',
                  },
                ],
              },
            ],
          },
        ],
      },
    ],
  });
  const effective =
    'sheets(data(startRow,startColumn,rowData(values(effectiveFormat(numberFormat,horizontalAlignment,textFormat/fontFamily)))))';
  expect(await get(`ranges=D2&fields=${effective}`)).toEqual({
    sheets: [
      {
        data: [
          {
            startRow: 1,
            startColumn: 3,
            rowData: [
              {
                values: [
                  {
                    effectiveFormat: {
                      numberFormat,
                      horizontalAlignment: 'RIGHT',
                      textFormat: { fontFamily: 'Arial' },
                    },
                  },
                ],
              },
            ],
          },
        ],
      },
    ],
  });
  expect(await get('fields=spreadsheetId,properties(title)&includeGridData=true')).toEqual({
    spreadsheetId: id,
    properties: { title: 'Test' },
  });
  expect(JSON.stringify(await get('includeGridData=true&fields=*'))).toContain('rowMetadata');
});

test('values given on creation are there', async () => {
  const { data } = await bench.sheets.spreadsheets.create({
    requestBody: {
      properties: { title: 'Filled', locale: 'de_DE' },
      sheets: [
        {
          properties: { title: 'One', gridProperties: { rowCount: 2, columnCount: 1, frozenRowCount: 1 } },
          data: [
            {
              startRow: 1,
              rowData: [
                { values: [{ userEnteredValue: { numberValue: 1.5 } }, { userEnteredValue: { boolValue: true } }] },
                { values: [{ userEnteredValue: { formulaValue: '=1+1' }, note: 'n' }] },
              ],
            },
          ],
        },
      ],
    },
  });
  expect(data.properties?.locale).toBe('de_DE');
  expect(data.sheets?.[0]?.properties?.gridProperties).toEqual({ rowCount: 3, columnCount: 2, frozenRowCount: 1 });
  const spreadsheetId = data.spreadsheetId ?? '';
  const read = await bench.sheets.spreadsheets.values.get({
    spreadsheetId,
    range: 'One',
    valueRenderOption: 'FORMULA',
  });
  expect(read.data.values).toEqual([[], [1.5, true], ['=1+1']]);
  const shown = await bench.sheets.spreadsheets.values.get({ spreadsheetId, range: 'One!A2' });
  expect(shown.data.values).toEqual([['1,5']]);
});
