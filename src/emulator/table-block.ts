// Where values.append puts rows: the block of data that a range touches, as Google finds it. Alters nothing.

import type { Rect } from './ranges.ts';
import { hasValue, type Sheet } from './workbook.ts';

function filled(sheet: Sheet, row: number, column: number): boolean {
  return hasValue(sheet.rows[row]?.[column]);
}

function rowFilled(sheet: Sheet, row: number, from: number, to: number): boolean {
  if (row < 0 || row >= sheet.rows.length) return false;
  for (let c = Math.max(from, 0); c < to; c++) if (filled(sheet, row, c)) return true;
  return false;
}

function columnFilled(sheet: Sheet, column: number, from: number, to: number): boolean {
  if (column < 0) return false;
  for (let r = Math.max(from, 0); r < Math.min(to, sheet.rows.length); r++) if (filled(sheet, r, column)) return true;
  return false;
}

/** The rectangle around a cell that grows until a ring of blank cells surrounds it. */
function regionAt(sheet: Sheet, row: number, column: number): Rect {
  let [startRow, endRow, startColumn, endColumn] = [row, row + 1, column, column + 1];
  for (let grew = true; grew; ) {
    grew = false;
    while (rowFilled(sheet, startRow - 1, startColumn - 1, endColumn + 1)) {
      startRow--;
      grew = true;
    }
    while (rowFilled(sheet, endRow, startColumn - 1, endColumn + 1)) {
      endRow++;
      grew = true;
    }
    while (columnFilled(sheet, startColumn - 1, startRow - 1, endRow + 1)) {
      startColumn--;
      grew = true;
    }
    while (columnFilled(sheet, endColumn, startRow - 1, endRow + 1)) {
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
  for (let r = Math.min(rect.endRow, sheet.rows.length) - 1; r >= rect.startRow; r--) {
    const row = sheet.rows[r];
    if (!row) continue;
    for (let c = rect.startColumn; c < Math.min(rect.endColumn, row.length); c++) {
      if (hasValue(row[c])) return regionAt(sheet, r, c);
    }
  }
  const { startRow, startColumn } = rect;
  for (let r = startRow - 1; r <= startRow + 1; r++) {
    for (let c = startColumn - 1; c <= startColumn + 1; c++) {
      if (r < 0 || c < 0 || !filled(sheet, r, c)) continue;
      const region = regionAt(sheet, r, c);
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
