// Where values.append puts rows: the block of data that a range touches, as Google finds it. Alters nothing.

import type { Rect } from './ranges.ts';
import { lastColumn, lastRow } from './render.ts';
import { hasValue, type Sheet } from './workbook.ts';

interface Filled {
  /** One past the last row with anything in it. */
  readonly rows: number;
  /** What an array shows fills cells too. */
  at(row: number, column: number): boolean;
}

function filledOn(sheet: Sheet): Filled {
  const shown = sheet.book.calc.shown(sheet);
  return {
    rows: Math.max(sheet.rows.length, shown.endRow()),
    at: (row, column) => hasValue(sheet.rows[row]?.[column]) || shown.at(row, column) !== undefined,
  };
}

function rowFilled(filled: Filled, row: number, from: number, to: number): boolean {
  if (row < 0 || row >= filled.rows) return false;
  for (let c = Math.max(from, 0); c < to; c++) if (filled.at(row, c)) return true;
  return false;
}

function columnFilled(filled: Filled, column: number, from: number, to: number): boolean {
  if (column < 0) return false;
  for (let r = Math.max(from, 0); r < Math.min(to, filled.rows); r++) if (filled.at(r, column)) return true;
  return false;
}

/** The rectangle around a cell that grows until a ring of blank cells surrounds it. */
function regionAt(filled: Filled, row: number, column: number): Rect {
  let [startRow, endRow, startColumn, endColumn] = [row, row + 1, column, column + 1];
  for (let grew = true; grew; ) {
    grew = false;
    while (rowFilled(filled, startRow - 1, startColumn - 1, endColumn + 1)) {
      startRow--;
      grew = true;
    }
    while (rowFilled(filled, endRow, startColumn - 1, endColumn + 1)) {
      endRow++;
      grew = true;
    }
    while (columnFilled(filled, startColumn - 1, startRow - 1, endRow + 1)) {
      startColumn--;
      grew = true;
    }
    while (columnFilled(filled, endColumn, startRow - 1, endRow + 1)) {
      endColumn++;
      grew = true;
    }
  }
  return { startRow, endRow, startColumn, endColumn };
}

/**
 * The last block of data in the range; for a blank range the block whose rectangle holds its first cell; undefined
 * when there is neither, and values then go to the range's first cell.
 */
export function tableBlock(sheet: Sheet, rect: Rect): Rect | undefined {
  const filled = filledOn(sheet);
  for (let r = lastRow(sheet, rect) - 1; r >= rect.startRow; r--) {
    const end = lastColumn(sheet, rect, r);
    for (let c = rect.startColumn; c < end; c++) if (filled.at(r, c)) return regionAt(filled, r, c);
  }
  const { startRow, startColumn } = rect;
  for (let r = startRow - 1; r <= startRow + 1; r++) {
    for (let c = startColumn - 1; c <= startColumn + 1; c++) {
      if (r < 0 || c < 0 || !filled.at(r, c)) continue;
      const region = regionAt(filled, r, c);
      const inside =
        region.startRow <= startRow &&
        startRow < region.endRow &&
        region.startColumn <= startColumn &&
        startColumn < region.endColumn;
      if (inside) return region;
    }
  }
  return undefined;
}
