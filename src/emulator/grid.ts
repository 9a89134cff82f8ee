// The size of a sheet's grid: growing, cutting, and the limits on both. Works through the gate.

import { MAX_COLUMNS } from '../sheets/a1.ts';
import type { Change } from './change.ts';
import { invalid } from './errors.ts';
import { checkCells, type GridSize, type Sheet } from './workbook.ts';

/** Google's limits and rules for a grid; the old size is what the spreadsheet's cells are counted with. */
export function checkSize(sheet: Sheet | undefined, size: GridSize): void {
  const { rowCount, columnCount, frozenRowCount = 0, frozenColumnCount = 0 } = size;
  if (rowCount < 1) throw invalid('gridProperties.rowCount must be greater than 0');
  if (columnCount < 1) throw invalid('gridProperties.columnCount must be greater than 0');
  if (columnCount > MAX_COLUMNS) {
    throw invalid(
      `This action would increase the number of columns in the sheet above the limit of ${MAX_COLUMNS} columns.`,
    );
  }
  if (frozenRowCount >= rowCount) throw invalid("You can't freeze all visible rows on the sheet.");
  if (frozenColumnCount >= columnCount) throw invalid("You can't freeze all visible columns on the sheet.");
  if (!sheet) return;
  const old = sheet.properties.gridProperties;
  checkCells(sheet.book, rowCount * columnCount - old.rowCount * old.columnCount);
}

/** Gives the grid at least that many rows and columns. */
export function growTo(change: Change, sheet: Sheet, rows: number, columns: number): void {
  const old = sheet.properties.gridProperties;
  const size = { ...old, rowCount: Math.max(old.rowCount, rows), columnCount: Math.max(old.columnCount, columns) };
  if (size.rowCount === old.rowCount && size.columnCount === old.columnCount) return;
  checkSize(sheet, size);
  change.setSheetProperties(sheet, { ...sheet.properties, gridProperties: size });
}

/** Removes the cells beyond a smaller grid. */
export function cutCells(change: Change, sheet: Sheet, size: GridSize): void {
  for (let r = sheet.rows.length - 1; r >= size.rowCount; r--) change.setRow(sheet, r, undefined);
  sheet.rows.forEach((row, r) => {
    if (row && row.length > size.columnCount) change.setRow(sheet, r, row.slice(0, size.columnCount));
  });
}
