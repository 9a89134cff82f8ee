// Where appended rows stand, told by one column of their sheet. Pure; claims a place only when it can be no other.

import type { GridCell } from './decode.ts';
import type { Literal } from './values.ts';

export type Entered = GridCell['userEnteredValue'];
export type Line = readonly (Literal | null)[];

/** The column by which new rows are found again: filled in every new row if there is such, else in the last. */
export function probeColumn(cells: readonly Line[]): number {
  const last = cells.at(-1) ?? [];
  const everywhere = last.findIndex((_, column) => cells.every((row) => row[column]?.value !== undefined));
  return everywhere >= 0 ? everywhere : last.findIndex((cell) => cell?.value !== undefined);
}

/** The first of the new rows in a column that is as the append left it, new rows last: undefined when they are not. */
export function rowsAtEnd(column: readonly Entered[], cells: readonly Line[], probe: number): number | undefined {
  const start = column.findLastIndex((value) => value !== undefined) + 1 - cells.length;
  const there = cells.every((row, index) => keyOf(column[start + index]) === keyOf(row[probe]?.value));
  return start >= 0 && there ? start : undefined;
}

/**
 * The first of the new rows in a column that others may have written to since: where all their values stand, if that
 * is in one place only. Linear in both: Knuth, Morris and Pratt.
 */
export function onlyRows(column: readonly Entered[], cells: readonly Line[], probe: number): number | undefined {
  const text = column.map(keyOf);
  const sought = cells.map((row) => keyOf(row[probe]?.value));
  const borders = [0];
  for (let at = 1, border = 0; at < sought.length; at++) {
    while (border > 0 && sought[at] !== sought[border]) border = borders[border - 1] ?? 0;
    if (sought[at] === sought[border]) border++;
    borders.push(border);
  }
  let found: number | undefined;
  for (let at = 0, length = 0; at < text.length; at++) {
    while (length > 0 && (length === sought.length || text[at] !== sought[length])) length = borders[length - 1] ?? 0;
    if (text[at] === sought[length]) length++;
    if (length < sought.length) continue;
    if (found !== undefined) return undefined;
    found = at + 1 - sought.length;
  }
  return found;
}

/** Equal for equal values of one kind; the same for every blank. */
function keyOf(value: Entered | Literal['value']): string {
  const [sent] = Object.entries(value ?? {});
  return sent === undefined ? '' : `${sent[0]} ${JSON.stringify(sent[1])}`;
}
