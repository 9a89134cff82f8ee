// Where cells land and are found: appending, blocks of several ranges, a table's body, the sheet's edge.

import type { Bench, Sheet } from './bench.ts';
import { append, at, cornerOf, own, placeOf, put } from './cells.ts';
import { type Check, differs, notTried, unless } from './check.ts';
import { shownReply } from './replies.ts';

/** As the server asks for the place of appended rows (sheets/append.ts). */
const APPEND_MASK =
  'spreadsheetId,updatedSpreadsheet.sheets(properties(sheetId,title),tables(tableId,range),' +
  'data(startRow,startColumn,rowData.values.userEnteredValue))';

const THREE = ['1', '2', '3'].map((row) => ['A', 'B', 'C'].map((column) => column + row));

export const groupsBlocks: Check = {
  number: 1,
  sheets: 2,
  run: async (bench, sheets) => {
    const [a, b] = [own(sheets), own(sheets, 1)];
    await bench.batch([put(a, 0, 0, THREE), put(b, 0, 0, THREE)]);
    const asked = [at(b, 'B2'), at(a, 'C1'), at(b, 'A1'), at(a, 'A2:A3')];
    const found = await bench.grid(asked, 'userEnteredValue');
    const blocks = (sheet: Sheet) =>
      found.find((one) => one.properties.sheetId === sheet.id)?.data.map((one) => [one.startRow, one.startColumn]);
    return unless(
      [
        differs('blocks of one sheet', blocks(a), [
          [0, 2],
          [1, 0],
        ]),
        differs('of the other', blocks(b), [
          [1, 1],
          [0, 0],
        ]),
      ],
      'ranges C1 and A2:A3 of one sheet and B2 and A1 of another came in that order within each',
    );
  },
};

export const appendsBelow: Check = {
  number: 2,
  sheets: 3,
  run: async (bench, sheets) => {
    const [beside, gap, lead] = [own(sheets), own(sheets, 1), own(sheets, 2)];
    const bold = { userEnteredFormat: { textFormat: { bold: true } } };
    await bench.batch([
      put(beside, 0, 0, [['x']]),
      put(beside, 4, 2, [['beside']]),
      {
        updateCells: {
          start: cornerOf(beside, 14),
          fields: 'userEnteredFormat.textFormat.bold',
          rows: [{ values: [bold] }],
        },
      },
      put(gap, 0, 0, [['x']]),
      put(gap, 9, 0, [['y']]),
      put(lead, 0, 1, [['x']]),
      append({ sheetId: beside.id }, [['new', 'new']]),
      append({ sheetId: gap.id }, [['new']]),
      append({ sheetId: lead.id }, [[null, 'new']]),
    ]);
    const ranges = [at(beside, 'A1:H20'), at(gap, 'A1:H20'), at(lead, 'A1:H20')];
    const found = (await bench.values(ranges)).map(({ values }) => placeOf(values));
    const shown = await bench.grid([at(lead, 'A2')], 'userEnteredValue');
    const left = shown[0]?.data[0]?.rowData[0]?.values[0]?.userEnteredValue;
    return unless(
      [
        differs('with data beside in row 5 and a format in row 15', found[0], ['A6', 'B6']),
        differs('below a gap, last data in row 10', found[1], ['A11']),
        differs('with an empty leading cell', found[2], ['B2']),
        differs('in the empty leading cell', left, undefined),
      ],
      'with data beside, below a gap and with an empty leading cell the rows came after the last data, from column A on',
    );
  },
};

function shownAppend(bench: Bench, sheet: Sheet): Promise<unknown> {
  return bench.batch(
    [put(sheet, 0, 0, [['x'], ['y']]), append({ sheetId: sheet.id }, [['new'], ['new']])],
    { includeSpreadsheetInResponse: true, responseIncludeGridData: true, responseRanges: [at(sheet, 'A:A')] },
    APPEND_MASK,
  );
}

export const showsBatch: Check = {
  number: 3,
  sheets: 1,
  run: async (bench, sheets) => {
    const sheet = own(sheets);
    const cells = shownCells(await shownAppend(bench, sheet));
    return unless(
      [
        differs(
          'column A in the reply',
          cells.map(({ value }) => value),
          ['x', 'y', 'new', 'new'],
        ),
      ],
      'the reply showed the cells as the batch left them; that it can show nothing later was not tried',
    );
  },
};

export const masksReply: Check = {
  number: 4,
  sheets: 1,
  run: async (bench, sheets) => {
    const sheet = own(sheets);
    const cells = shownCells(await shownAppend(bench, sheet));
    const keys = [...new Set(cells.flatMap((cell) => cell.keys))];
    return unless(
      [differs('fields of the cells', keys, ['userEnteredValue']), cells.length !== 4 && `${cells.length} cells of 4`],
      'the cells came with userEnteredValue and nothing else',
    );
  },
};

/** The first column of the first sheet that a reply shows, and which fields its cells have. */
function shownCells(reply: unknown): { value: unknown; keys: string[] }[] {
  const { rowData = [] } = shownReply.parse(reply).updatedSpreadsheet.sheets[0]?.data[0] ?? {};
  return rowData.map(({ values: [cell = {}] }) => {
    return { value: cell.userEnteredValue?.stringValue, keys: Object.keys(cell) };
  });
}

export const cutsRanges: Check = {
  number: 10,
  sheets: 1,
  run: async (bench, sheets) => {
    const sheet = own(sheets);
    await bench.batch([put(sheet, 19, 7, [['last']])]);
    const range = at(sheet, 'H15:Z40');
    const [read] = await bench.values([range]);
    const [shown] = await bench.grid([range], 'userEnteredValue');
    const rows = shown?.data[0]?.rowData.at(-1)?.values.map((cell) => cell.userEnteredValue?.stringValue);
    return unless(
      [
        differs('the last row of values.batchGet', read?.values.at(-1), ['last']),
        differs('the last row of spreadsheets.get', rows, ['last']),
      ],
      `H15:Z40 of a sheet of 20 rows and 8 columns was read as ${read?.range}`,
    );
  },
};

export const tellsBlocks: Check = {
  number: 12,
  sheets: 1,
  run: async (bench, sheets) => {
    const sheet = own(sheets);
    const reply = await bench.batch(
      [put(sheet, 0, 0, THREE)],
      {
        includeSpreadsheetInResponse: true,
        responseIncludeGridData: true,
        responseRanges: ['C:C', 'A:A'].map((one) => at(sheet, one)),
      },
      APPEND_MASK,
    );
    const blocks = shownReply.parse(reply).updatedSpreadsheet.sheets[0]?.data ?? [];
    const columns = blocks.map(({ startColumn }) => startColumn).sort();
    return unless([differs('start columns', columns, [0, 2])], 'two response ranges came as two blocks');
  },
};

export const appendsToTable: Check = {
  number: 28,
  sheets: 1,
  run: async (bench, sheets) => {
    const sheet = own(sheets);
    const range = { sheetId: sheet.id, startRowIndex: 1, endRowIndex: 4, startColumnIndex: 1, endColumnIndex: 3 };
    const tableId = `ss${bench.newId()}`;
    const columnProperties = ['one', 'two'].map((columnName, columnIndex) => ({ columnIndex, columnName }));
    const table = { tableId, name: bench.rangeName('table'), range, columnProperties };
    const begun = await bench.attempt(
      bench.batch([
        put(sheet, 1, 1, [
          ['one', 'two'],
          ['a', 'b'],
          ['c', 'd'],
        ]),
        put(sheet, 9, 0, [['x']]),
        { addTable: { table } },
      ]),
    );
    if (!begun.ok) return notTried(`no table could be made: ${begun.words}`);
    const reply = await bench.batch(
      [append({ tableId }, [['new', 'new']])],
      { includeSpreadsheetInResponse: true, responseIncludeGridData: true, responseRanges: [at(sheet, 'B:B')] },
      APPEND_MASK,
    );
    const [read] = await bench.values([at(sheet, 'A1:H20')]);
    const [shown] = shownReply.parse(reply).updatedSpreadsheet.sheets;
    return unless(
      [
        differs('the row', placeOf(read?.values ?? []), ['B5', 'C5']),
        differs('the end of the table in the reply', shown?.tables[0]?.range.endRowIndex, 5),
      ],
      'the row came below the last row of a table at B2:C4, which grew; data in row 10 was not in its way',
    );
  },
};
