// What a mask covers, and what a format without a pattern looks like.

import { clearRequest } from '../../src/sheets/requests.ts';
import type { Sheet } from './bench.ts';
import { at, cornerOf, own, text } from './cells.ts';
import { type Check, differs, fails, holds, unless } from './check.ts';
import { formatReply } from './replies.ts';

export const masksFormat: Check = {
  number: 5,
  sheets: 1,
  run: async (bench, sheets) => {
    const sheet = own(sheets);
    const styled = {
      ...text('kept'),
      note: 'kept',
      userEnteredFormat: {
        textFormat: { bold: true, italic: true },
        backgroundColor: { red: 1 },
        wrapStrategy: 'WRAP',
        numberFormat: { type: 'NUMBER', pattern: '0.00' },
      },
    };
    const both = [{ values: [styled, styled] }];
    await bench.batch([{ updateCells: { start: cornerOf(sheet), fields: '*', rows: both } }]);
    const look = async () => {
      const { sheets: shown } = formatReply.parse(await bench.send(bench.call('spreadsheets.get', FORMATS(sheet))));
      return shown[0]?.data[0]?.rowData[0]?.values ?? [];
    };
    const [a, b] = await look();
    const date = [{ values: [{ userEnteredFormat: { numberFormat: { type: 'DATE' } } }] }];
    const fields = 'userEnteredFormat.numberFormat';
    await bench.batch([{ updateCells: { start: cornerOf(sheet), fields, rows: date } }]);
    const [changed, beside] = await look();
    const without = (cell = a) => {
      const { numberFormat: _, ...format } = cell?.userEnteredFormat ?? {};
      return { ...cell, userEnteredFormat: format };
    };
    return unless(
      [
        differs('the format', changed?.userEnteredFormat?.numberFormat?.type, 'DATE'),
        differs('the rest of the cell', without(changed), without(a)),
        differs('the cell beside it', beside, b),
      ],
      'value, note and other formats of the cell stayed, and the cell beside it',
    );
  },
};

const FORMATS = (sheet: Sheet) => ({
  ranges: [at(sheet, 'A1:B1')],
  fields: 'sheets.data.rowData.values(userEnteredValue,note,userEnteredFormat)',
});

export const formatsDates: Check = {
  number: 6,
  sheets: 1,
  run: async (bench, sheets) => {
    const sheet = own(sheets);
    const day = { userEnteredValue: { numberValue: 45_000 }, userEnteredFormat: { numberFormat: { type: 'DATE' } } };
    const fields = 'userEnteredValue,userEnteredFormat.numberFormat';
    await bench.batch([{ updateCells: { start: cornerOf(sheet), fields, rows: [{ values: [day] }] } }]);
    const [shown] = await bench.grid([at(sheet, 'A1')], 'formattedValue,userEnteredFormat.numberFormat');
    const cell = shown?.data[0]?.rowData[0]?.values[0];
    const seen = `serial 45000 (15 March 2023) is shown as ${JSON.stringify(cell?.formattedValue)}`;
    return /\b(20)?23\b/.test(cell?.formattedValue ?? '') ? holds(seen) : fails(seen);
  },
};

/** All that sheets/clear.ts names. */
const EVERYTHING = 'userEnteredValue,userEnteredFormat,note,dataValidation';

export const clears: Check = {
  number: 29,
  sheets: 1,
  run: async (bench, sheets) => {
    const sheet = own(sheets);
    const cell = { ...text('x'), note: 'kept', userEnteredFormat: { textFormat: { bold: true } } };
    const rows = [1, 2, 3].map(() => ({ values: [cell, cell, cell] }));
    await bench.batch([{ updateCells: { start: cornerOf(sheet), fields: '*', rows } }]);
    await bench.batch([
      clearRequest(sheet.id, { startRow: 0, endRow: 2, startColumn: 0, endColumn: 2 }, 'userEnteredValue'),
      clearRequest(sheet.id, { startRow: 2, endRow: 3, startColumn: 0, endColumn: 1 }, EVERYTHING),
    ]);
    const params = { ...FORMATS(sheet), ranges: [at(sheet, 'A1:C3')] };
    const [shown] = formatReply.parse(await bench.send(bench.call('spreadsheets.get', params))).sheets;
    const all = (shown?.data[0]?.rowData ?? []).map(({ values }) =>
      values.map(({ userEnteredValue, note, userEnteredFormat }) =>
        [userEnteredValue && 'value', note && 'note', userEnteredFormat?.textFormat && 'format'].filter(Boolean).join(),
      ),
    );
    const [whole, bare] = ['value,note,format', 'note,format'];
    const expected = [
      [bare, bare, whole],
      [bare, bare, whole],
      ['', whole, whole],
    ];
    return unless(
      [differs('cells', all, expected)],
      'of A1:B2 the values were gone and notes and formats stayed, of A3 all was gone, and of no other cell anything',
    );
  },
};
