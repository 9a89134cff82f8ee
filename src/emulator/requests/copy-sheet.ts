// A sheet copied into another workbook, as spreadsheets.sheets.copyTo does.

import type { Change } from '../change.ts';
import { invalid } from '../errors.ts';
import type { Book, Sheet } from '../workbook.ts';

/** Copies a sheet to the end of a workbook, which may be its own; the copy's title is "Copy of" the old one. */
export function copySheetTo(_change: Change, _sheet: Sheet, _target: Book, _random: () => number): Sheet {
  throw invalid('this backend does not copy sheets yet.');
}
