// What the desk and undoing rely on: titles in every reply, what was entered told by it, states that come back whole.

import { z } from 'zod';
import { stateRequests } from '../../src/sheets/requests.ts';
import { at, cornerOf, own, put, text } from './cells.ts';
import { type Check, differs, unless } from './check.ts';

const titlesReply = z.object({
  updatedSpreadsheet: z.object({
    sheets: z.array(z.object({ properties: z.object({ sheetId: z.number().default(0), title: z.string() }) })),
  }),
});

export const tellsTitles: Check = {
  number: 40,
  sheets: 1,
  run: async (bench, sheets) => {
    const sheet = own(sheets);
    const reply = await bench.batch(
      [put(sheet, 0, 0, [['x']])],
      { includeSpreadsheetInResponse: true },
      'spreadsheetId,replies,updatedSpreadsheet.sheets(properties(sheetId,title))',
    );
    const titles = titlesReply.parse(reply).updatedSpreadsheet.sheets.map(({ properties }) => properties);
    const told = titles.find(({ sheetId }) => sheetId === sheet.id)?.title;
    return unless([differs('the title', told, sheet.title)], 'the reply tells id and title of every sheet');
  },
};

const enteredReply = z.object({
  responses: z.array(z.object({ updatedData: z.object({ values: z.array(z.array(z.unknown())) }) })),
});

export const tellsEntered: Check = {
  number: 41,
  sheets: 1,
  run: async (bench, sheets) => {
    const sheet = own(sheets);
    const data = [{ range: at(sheet, 'A1'), majorDimension: 'ROWS', values: [['5%', '=A1*2', 'TRUE', 'x']] }];
    const requestBody = {
      valueInputOption: 'USER_ENTERED',
      includeValuesInResponse: true,
      responseValueRenderOption: 'FORMULA',
      data,
    };
    const fields = 'spreadsheetId,responses.updatedData(range,values)';
    const reply = await bench.send(bench.call('spreadsheets.values.batchUpdate', { fields, requestBody }));
    const [first] = enteredReply.parse(reply).responses;
    return unless(
      [differs('the values', first?.updatedData.values, [[0.05, '=A1*2', true, 'x']])],
      'the reply tells what was entered: numbers as numbers, formulas as text',
    );
  },
};

const statesReply = z.object({
  sheets: z.array(
    z.object({ data: z.array(z.object({ rowData: z.array(z.object({ values: z.array(z.unknown()) })).default([]) })) }),
  ),
});

export const putsBack: Check = {
  number: 42,
  sheets: 1,
  run: async (bench, sheets) => {
    const sheet = own(sheets);
    const fields = 'userEnteredValue,userEnteredFormat,note,dataValidation';
    const condition = { type: 'ONE_OF_LIST', values: [{ userEnteredValue: 'x' }, { userEnteredValue: 'y' }] };
    const cell = {
      ...text('x'),
      note: 'kept',
      userEnteredFormat: { textFormat: { bold: true }, backgroundColor: { red: 1 } },
      dataValidation: { condition, strict: true },
    };
    await bench.batch([{ updateCells: { start: cornerOf(sheet), fields: '*', rows: [{ values: [cell] }] } }]);
    const look = async () => {
      const params = { ranges: [at(sheet, 'A1')], fields: `sheets.data.rowData.values(${fields})` };
      const reply = await bench.send(bench.call('spreadsheets.get', params));
      return statesReply.parse(reply).sheets[0]?.data[0]?.rowData[0]?.values[0];
    };
    const before = await look();
    const range = { sheetId: sheet.id, startRowIndex: 0, endRowIndex: 1, startColumnIndex: 0, endColumnIndex: 1 };
    await bench.batch([{ updateCells: { range, fields } }]);
    const cleared = await look();
    const block = { sheetId: sheet.id, row: 0, column: 0, cells: [[Object(before)]] };
    await bench.batch(stateRequests(block, fields));
    return unless(
      [
        differs('the cleared cell', Object.keys(Object(cleared)), []),
        differs('the cell put back', await look(), before),
      ],
      'value, format, note and validation came back as they were read',
    );
  },
};
