// What stands behind the references of formulas: cells of a sheet, named ranges, tables. Reads no cells.

import type { Grid } from '../../sheets/a1.ts';
import type { Names } from '../formula/evaluate.ts';
import type { Reference } from '../formula/value.ts';
import type { Rect } from '../ranges.ts';
import { type Book, type Sheet, sheetById, sheetByTitle } from '../workbook.ts';

/** The cells of a grid reference; sides left open end with the sheet's grid. */
export function closed(sheet: Sheet, grid: Grid): Rect {
  const { rowCount, columnCount } = sheet.properties.gridProperties;
  const { startRow = 0, startColumn = 0, endRow = rowCount, endColumn = columnCount } = grid;
  return {
    startRow,
    endRow: Math.max(endRow, startRow + 1),
    startColumn,
    endColumn: Math.max(endColumn, startColumn + 1),
  };
}

export function namesOf(book: Book, own: Sheet): Names {
  const at = (sheet: Sheet | undefined, grid: Grid): Reference | undefined =>
    sheet && { kind: 'reference', sheet, rect: closed(sheet, grid) };
  return {
    place: (title, grid) => at(title === undefined ? own : sheetByTitle(book, title), grid),
    named: (name) => {
      const lower = name.toLowerCase();
      const { range } = book.namedRanges.find((one) => one.name?.toLowerCase() === lower) ?? {};
      if (!range) return undefined;
      const { startRowIndex, endRowIndex, startColumnIndex, endColumnIndex } = range;
      return at(sheetById(book, range.sheetId ?? 0), {
        ...(startRowIndex !== undefined && { startRow: startRowIndex }),
        ...(endRowIndex !== undefined && { endRow: endRowIndex }),
        ...(startColumnIndex !== undefined && { startColumn: startColumnIndex }),
        ...(endColumnIndex !== undefined && { endColumn: endColumnIndex }),
      });
    },
    table: (name, area) => tableArea(book, name, area),
  };
}

/** `Table[Column]`, `Table[#ALL]`, `Table[[#TOTALS],[Column]]`; the area is what stands in the outer brackets. */
function tableArea(book: Book, name: string, area: string): Reference | undefined {
  const lower = name.toLowerCase();
  for (const sheet of book.sheets) {
    const table = sheet.parts.tables?.find((one) => one.name?.toLowerCase() === lower);
    const range = table?.range;
    if (!table || !range) continue;
    const parts = /^\[/.test(area) ? [...area.matchAll(/\[([^\]]*)\]/g)].map(([, part = '']) => part) : [area];
    const special = parts.find((part) => part.startsWith('#'))?.toUpperCase();
    const wanted = parts.find((part) => !part.startsWith('#') && part !== '')?.toLowerCase();
    const { startRowIndex = 0, endRowIndex = 0, startColumnIndex = 0, endColumnIndex = 0 } = range;
    const index = table.columnProperties?.find((one) => one.columnName?.toLowerCase() === wanted)?.columnIndex ?? 0;
    if (wanted !== undefined && !table.columnProperties?.some((one) => one.columnName?.toLowerCase() === wanted)) {
      return undefined;
    }
    const columns =
      wanted === undefined
        ? { startColumn: startColumnIndex, endColumn: endColumnIndex }
        : { startColumn: startColumnIndex + index, endColumn: startColumnIndex + index + 1 };
    const hasFooter = table.rowsProperties?.footerColorStyle !== undefined;
    const lastData = hasFooter ? endRowIndex - 1 : endRowIndex;
    const rows: Readonly<Record<string, readonly [number, number]>> = {
      '#ALL': [startRowIndex, endRowIndex],
      '#HEADERS': [startRowIndex, startRowIndex + 1],
      '#TOTALS': [lastData, endRowIndex],
    };
    const [startRow, endRow] = rows[special ?? ''] ?? [startRowIndex + 1, lastData];
    return { kind: 'reference', sheet, rect: { startRow, endRow: Math.max(endRow, startRow + 1), ...columns } };
  }
  return undefined;
}
