// Rows of cells as the texts in which they are kept on disk, and back. Knows no tables.

import { type Cell, type CellExtra, cell, type Row, type Scalar } from './workbook.ts';

/** A cell on disk: column, format, value, formula, extra; nulls at the end are left out. */
type SavedCell = [number, number, (Scalar | null)?, (string | null)?, (CellExtra | null)?];

export function encodeRow(row: Row): string {
  const saved: SavedCell[] = [];
  row.forEach((one, column) => {
    if (!one) return;
    const { format, value, formula, extra } = one;
    if (extra) saved.push([column, format, value ?? null, formula ?? null, extra]);
    else if (formula !== undefined) saved.push([column, format, null, formula]);
    else saved.push([column, format, value ?? null]);
  });
  return JSON.stringify(saved);
}

export function decodeRow(text: string): Row {
  const row: (Cell | undefined)[] = [];
  for (const [column, format, value, formula, extra] of JSON.parse(text) as SavedCell[]) {
    row[column] = cell(value ?? undefined, formula ?? undefined, format, extra ?? undefined);
  }
  return row;
}
