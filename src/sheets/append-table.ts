// Appending rows to a table by its name or id. The names must be read afresh: columns may have moved meanwhile.

import { ServalError } from '../errors.ts';
import { listed, nearest, shown } from '../words.ts';
import { formatA1 } from './a1.ts';
import { type Appended, append, lastFormats, type NewRow } from './append.ts';
import type { Desk } from './desk.ts';
import { HEAD_ROWS, headerNames } from './header.ts';
import { gridOf, type Sheet, type Spreadsheet } from './metadata.ts';
import { readBlocks } from './read.ts';

/** Appends all rows or none, to the table's body; records are placed by the table's column names. */
export async function appendTableRows(desk: Desk, name: string, rows: readonly NewRow[]): Promise<Appended> {
  const { google, spreadsheet } = desk;
  const { sheet, table } = findTable(spreadsheet, name);
  const { startRow = 0, startColumn: column = 0, endRow, endColumn } = gridOf(table.range);
  const width = (endColumn ?? column + table.columnProperties.length) - column;
  const titles = Array.from(
    { length: width },
    (_, index) => table.columnProperties.find((one) => one.columnIndex === index)?.columnName,
  );
  const { answer } = await append(desk, rows, {
    sheet,
    column,
    names: headerNames(titles, column),
    width,
    request: { column, place: { tableId: table.tableId } },
    formats: async () => {
      const top = {
        startRow: startRow + 1,
        endRow: Math.min(endRow ?? Number.POSITIVE_INFINITY, startRow + HEAD_ROWS),
      };
      if (top.endRow <= top.startRow) return [];
      const grid = { ...top, startColumn: column, endColumn: column + width };
      const [block] = await readBlocks(
        google,
        spreadsheet.id,
        [{ sheet, grid, a1: formatA1(sheet.title, grid) }],
        true,
      );
      return lastFormats(block?.rowData.map((row) => row.values) ?? []);
    },
  });
  return answer;
}

/** The table of that name, case apart, else of that id. */
function findTable({ sheets }: Spreadsheet, name: string) {
  const all = sheets.flatMap((sheet: Sheet) => sheet.reply.tables.map((table) => ({ sheet, table })));
  const found =
    all.find(({ table }) => table.name.toLowerCase() === name.toLowerCase()) ??
    all.find(({ table }) => table.tableId === name);
  if (found) return found;
  const names = all.map(({ table }) => table.name);
  const meant = nearest(name, names);
  throw new ServalError('not_found', `There is no table ${shown(name)}.`, {
    hint:
      names.length === 0
        ? 'The spreadsheet has no tables: give a sheet instead.'
        : `${meant === undefined ? '' : `Did you mean ${shown(meant)}? `}Tables: ${listed(names)}.`,
  });
}
