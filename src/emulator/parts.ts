// What a sheet has beside its cells, replaced part by part, and the ids of such parts. Works through the gate.

import type { Change } from './change.ts';
import { invalid } from './errors.ts';
import { newId } from './files.ts';
import type { Book, Sheet, SheetParts } from './workbook.ts';

type Parts = { readonly [K in keyof SheetParts]: SheetParts[K] | undefined };

/** The given parts in the place of the old ones; what is undefined or an empty list is taken away. */
export function replaceParts(change: Change, sheet: Sheet, parts: Parts): void {
  const next: Record<string, unknown> = { ...sheet.parts };
  for (const [name, part] of Object.entries(parts)) {
    if (part === undefined || (Array.isArray(part) && part.length === 0)) delete next[name];
    else next[name] = part;
  }
  change.setParts(sheet, next);
}

/** The caller's id, or a new one; refuses one that is used. `what` names the kind of part in the refusal. */
export function idFor(
  wanted: number | undefined,
  taken: (id: number) => boolean,
  random: () => number,
  what: string,
): number {
  if (!wanted) return newId(random, taken);
  if (wanted < 0) throw invalid(`The id of a ${what} must be non-negative.`);
  if (taken(wanted)) throw invalid(`Cannot add ${what} with id: ${wanted}, a ${what} with that id already exists.`);
  return wanted;
}

/** The sheet and the index of the part that `matches`, in the lists that `of` picks. */
export function findPart<T>(
  book: Book,
  of: (parts: SheetParts) => readonly T[] | undefined,
  matches: (part: T) => boolean,
): { readonly sheet: Sheet; readonly parts: readonly T[]; readonly index: number; readonly part: T } | undefined {
  for (const sheet of book.sheets) {
    const parts = of(sheet.parts) ?? [];
    const index = parts.findIndex(matches);
    const part = parts[index];
    if (part !== undefined) return { sheet, parts, index, part };
  }
  return undefined;
}
