// One edit done to every cell of a rectangle. Works through the gate; decides nothing.

import type { Change } from './change.ts';
import type { Rect } from './ranges.ts';
import type { Cell, Row, Sheet } from './workbook.ts';
import { trimmed } from './write.ts';

/**
 * Gives each cell to `edit`, which must depend on nothing but the cell. Rows that were empty share one object, so that
 * formatting a whole grid costs no memory. `skips` leaves rows alone.
 */
export function fillCells(
  change: Change,
  sheet: Sheet,
  rect: Rect,
  edit: (present: Cell | undefined) => Cell | undefined,
  skips: (row: number) => boolean = () => false,
): void {
  const blank = edit(undefined);
  const filled: Row | undefined = trimmed(
    Array.from({ length: blank ? rect.endColumn : 0 }, (_, c) => (c < rect.startColumn ? undefined : blank)),
  );
  const end = blank ? rect.endRow : Math.min(rect.endRow, sheet.rows.length);
  for (let r = rect.startRow; r < end; r++) {
    if (skips(r)) continue;
    const present = sheet.rows[r];
    if (!present) {
      if (filled) change.setRow(sheet, r, filled);
      continue;
    }
    const row = present.slice();
    const last = blank ? rect.endColumn : Math.min(rect.endColumn, row.length);
    for (let c = rect.startColumn; c < last; c++) row[c] = row[c] ? edit(row[c]) : blank;
    change.setRow(sheet, r, trimmed(row));
  }
}
