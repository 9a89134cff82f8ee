// Columns as callers name them beside a range: by the name in the header, or by the letter. Pure.

import { invalid } from '../errors.ts';
import { listed, shown } from '../words.ts';
import { columnIndex, columnName } from './a1.ts';

export interface NamedColumns {
  /** Zero-based bounds of the columns that may be named. */
  readonly start: number;
  readonly end: number;
  /** Names from the header, by column of the sheet from `from` on. */
  readonly names: readonly string[];
  readonly from: number;
}

/** Zero-based. A name wins over a letter that is spelled alike. Throws `invalid_argument`; `where` is the argument. */
export function findColumn(given: string, { start, end, names, from }: NamedColumns, where: string): number {
  const named = names.indexOf(given);
  const letter = /^[A-Za-z]{1,3}$/.test(given) ? columnIndex(given) : undefined;
  const column = named >= 0 ? from + named : letter;
  if (column !== undefined && column >= start && column < end) return column;
  const inside = names.filter((_, at) => from + at >= start && from + at < end);
  throw invalid(
    `${where}: ${shown(given)} is no column of the range, which has ${columnName(start)} to ${columnName(end - 1)}.`,
    inside.length > 0 ? `Columns: ${listed(inside)}.` : 'It has no header: name columns by letter.',
  );
}
