// What Sheets asks of the titles and places of sheets, told before anything is sent. Pure: the names are handed in.

import { invalid } from '../errors.ts';
import { shown } from '../words.ts';
import type { Sheet, Spreadsheet } from './metadata.ts';

/** Google's limit on the title of a sheet. */
export const MAX_TITLE = 100;

/** Throws `invalid_argument` when another sheet than `self` has that title; case does not tell titles apart. */
export function checkTitle({ sheets }: Spreadsheet, title: string, self?: Sheet): void {
  const same = sheets.find((one) => one !== self && one.title.toLowerCase() === title.toLowerCase());
  if (same) throw invalid(`title: there is a sheet ${shown(same.title)} already.`, 'Choose another title.');
}

/** Throws `invalid_argument` for a place among the tabs, counted from 1, that would leave a gap behind `most`. */
export function checkIndex(index: number | undefined, most: number): void {
  if (index !== undefined && index > most) throw invalid(`index: the last place among the tabs here is ${most}.`);
}

/** Throws `invalid_argument` when no sheet would be seen without this one: Sheets keeps one visible. */
export function checkSeen({ sheets }: Spreadsheet, sheet: Sheet): void {
  const others = sheets.filter((one) => one !== sheet);
  if (others.some(({ reply }) => !reply.properties.hidden)) return;
  throw invalid(
    `${shown(sheet.title)} is the only ${others.length > 0 ? 'visible ' : ''}sheet: a spreadsheet keeps one that is seen.`,
    others.length > 0 ? 'Show another sheet first (update_sheet, hidden: false).' : 'Add another sheet first.',
  );
}
