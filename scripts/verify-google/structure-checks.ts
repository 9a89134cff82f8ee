// What the tools on sheets, rows and columns rely on: where new rows may stand, places of tabs, find and replace,
// what moves when rows are sorted.

import { z } from 'zod';
import { at, cornerOf, own, put, text } from './cells.ts';
import { type Check, differs, fails, unless } from './check.ts';
import { repliesReply } from './replies.ts';

export const insertsAtEnd: Check = {
  number: 46,
  sheets: 1,
  run: async (bench, sheets) => {
    const sheet = own(sheets);
    const range = { sheetId: sheet.id, dimension: 'ROWS', startIndex: 20, endIndex: 22 };
    const insert = (inheritFromBefore: boolean) => bench.batch([{ insertDimension: { range, inheritFromBefore } }]);
    const refused = await bench.attempt(insert(false));
    if (refused.ok) return fails('rows at the end were taken without inheritFromBefore');
    await insert(true);
    const [shown] = await bench.grid([at(sheet, 'A1')], 'userEnteredValue');
    return unless([differs('the rows', shown?.properties.gridProperties?.rowCount, 22)], refused.words);
  },
};

const tabsReply = z.object({
  sheets: z.array(z.object({ properties: z.object({ sheetId: z.number().default(0), index: z.number().default(0) }) })),
});

export const countsPlaces: Check = {
  number: 47,
  sheets: 3,
  run: async (bench, sheets) => {
    const ids = sheets.map(({ id }) => id);
    const order = async () => {
      const reply = await bench.send(bench.call('spreadsheets.get', { fields: 'sheets.properties(sheetId,index)' }));
      const own = tabsReply.parse(reply).sheets.filter(({ properties }) => ids.includes(properties.sheetId));
      return own.map(({ properties }) => properties).toSorted((a, b) => a.index - b.index);
    };
    const [first, , last] = await order();
    const move = (sheetId: number, index: number) =>
      bench.batch([{ updateSheetProperties: { properties: { sheetId, index }, fields: 'index' } }]);
    await move(first?.sheetId ?? 0, (last?.index ?? 0) + 1);
    const moved = (await order()).map(({ sheetId }) => sheetId);
    return unless(
      [differs('the last of three', moved[2], first?.sheetId), differs('the second', moved[1], last?.sheetId)],
      'a sheet goes before the one that has the index before the move',
    );
  },
};

export const replacesText: Check = {
  number: 48,
  sheets: 1,
  run: async (bench, sheets) => {
    const sheet = own(sheets);
    const entered = ['ab AB', '=12&"ab"', '12.5', '1/12/2026', "'12"];
    await bench.enter([{ range: at(sheet, 'A1:E1'), values: [entered] }]);
    const replace = async (find: string, more: object = {}) => {
      const findReplace = { sheetId: sheet.id, find, replacement: find.toUpperCase(), ...more };
      const { replies } = repliesReply.parse(await bench.batch([{ findReplace }]));
      return countsReply.parse(replies[0]).findReplace;
    };
    const cells = ({ valuesChanged = 0, formulasChanged = 0, occurrencesChanged = 0 }) =>
      [valuesChanged, formulasChanged, occurrencesChanged].join(' ');
    return unless(
      [
        differs('ab, whatever the case', cells(await replace('ab')), '1 0 2'),
        differs('the same with formulas', cells(await replace('ab', { includeFormulas: true })), '1 1 3'),
        differs('12 in numbers, dates and texts', cells(await replace('12')), '3 0 3'),
        differs('a pattern for whole cells', cells(await replace('[125.]+', PATTERN)), '2 0 2'),
      ],
      'values, formulas and occurrences are counted as the dry run counts them',
    );
  },
};

const PATTERN = { searchByRegex: true, matchEntireCell: true, replacement: 'x' };
const count = z.number().optional();
const countsReply = z.object({
  findReplace: z.object({ valuesChanged: count, formulasChanged: count, occurrencesChanged: count }),
});

const notesReply = z.object({
  sheets: z.array(
    z.object({
      data: z.array(
        z.object({
          rowData: z
            .array(z.object({ values: z.array(z.object({ note: z.string().optional() })).default([]) }))
            .default([]),
        }),
      ),
    }),
  ),
});

export const sortsRows: Check = {
  number: 49,
  sheets: 1,
  run: async (bench, sheets) => {
    const sheet = own(sheets);
    const noted = { ...text('b'), note: 'mine' };
    await bench.batch([
      put(sheet, 0, 0, [
        ['b', '1'],
        ['c', '2'],
        [null, '3'],
        ['b', '4'],
      ]),
      { updateCells: { start: cornerOf(sheet), fields: '*', rows: [{ values: [noted] }] } },
    ]);
    const range = { sheetId: sheet.id, startRowIndex: 0, endRowIndex: 20, startColumnIndex: 0, endColumnIndex: 2 };
    const sortSpecs = [{ dimensionIndex: 0, sortOrder: 'DESCENDING' }];
    await bench.batch([{ sortRange: { range, sortSpecs } }]);
    const [values] = await bench.values([at(sheet, 'A1:B20')]);
    const params = { ranges: [at(sheet, 'A1:A3')], fields: 'sheets.data.rowData.values.note' };
    const notes = notesReply.parse(await bench.send(bench.call('spreadsheets.get', params)));
    const noteRows = notes.sheets[0]?.data[0]?.rowData.map(({ values: [cell] }) => cell?.note ?? '');
    return unless(
      [
        differs('the rows', values?.values, [
          ['c', '2'],
          ['b', '1'],
          ['b', '4'],
          ['', '3'],
        ]),
        differs('the notes', noteRows?.slice(0, 2), ['', 'mine']),
      ],
      'blanks come last, what is equal keeps its order, and a note moves along',
    );
  },
};
