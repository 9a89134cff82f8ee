// Deleting a sheet, by its name as it is now: nothing of it is kept. A dry run counts what would go.

import { formatGrid } from './a1.ts';
import { apply, type Desk, type Outcome } from './desk.ts';
import { countFilled, liveSpreadsheet } from './live.ts';
import { findSheet } from './metadata.ts';
import { checkSeen } from './sheet-names.ts';

export interface Deleted extends Outcome {
  readonly title: string;
  /** In a dry run: filled cells, and the range from A1 to the last of them. */
  readonly cells?: number;
  readonly usedRange?: string;
}

/** Throws `invalid_argument` for the last sheet that can be seen. */
export async function deleteSheet(desk: Desk, name: string | number): Promise<Deleted> {
  const live = await liveSpreadsheet(desk);
  const sheet = findSheet(live, name);
  checkSeen(live, sheet);
  const { sheetId, title, rows, columns } = sheet;
  const answer: Deleted = { status: 'applied', title };
  if (desk.dryRun) {
    const whole = { startRow: 0, endRow: rows, startColumn: 0, endColumn: columns };
    const { cells, lastRow, lastColumn } = await countFilled(desk, sheet, whole);
    const used = { startRow: 0, endRow: lastRow + 1, startColumn: 0, endColumn: lastColumn + 1 };
    return apply<Deleted>(desk, {
      requests: [],
      answer: { ...answer, cells, ...(cells > 0 && { usedRange: formatGrid(used) }) },
      sheets: [],
    });
  }
  return apply<Deleted>(desk, { requests: [{ deleteSheet: { sheetId } }], answer, sheets: [] });
}
