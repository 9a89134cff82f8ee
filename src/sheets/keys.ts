// Which rows of a sheet the rows of a call mean, by key columns. Pure, linear in both; sends and reads nothing.

import { invalid, ServalError } from '../errors.ts';
import { listed, shown } from '../words.ts';
import type { GridCell } from './decode.ts';
import { type Cell, type ExtendedValue, keyOfValue } from './values.ts';

/** One part of a key: what it is, and what it is written or shown as. */
interface Part {
  readonly value: string | undefined;
  readonly text: string | undefined;
}

/** The key of a call's row; of each column the cell as given and as it would be written. */
export type GivenKey = readonly { readonly cell: Cell; readonly value: ExtendedValue | undefined }[];

export interface Keys {
  /**
   * The row of the sheet that each given row means, undefined where it has none. A row matches by values; only where
   * none does, by texts as well. `rows` are the sheet's from `firstRow` on, the cells of the key columns each.
   * Throws `conflict` when several rows match, `invalid_argument` when one row is meant twice.
   */
  find(rows: Iterable<readonly (GridCell | undefined)[]>, firstRow: number): (number | undefined)[];
}

/** Refuses two given rows with one key: `rows[i]`. */
export function createKeys(given: readonly GivenKey[], sheetTitle: string): Keys {
  const keys = given.map((key) => key.map(({ cell, value }) => ({ value: keyOfValue(value), text: textOf(cell) })));
  const classes = (keys[0] ?? []).map((_, column) => createClasses(keys.flatMap((key) => key[column] ?? [])));
  const classesOf = (parts: readonly Part[]) => parts.map((part, column) => classes[column]?.(part) ?? []);
  /** Given rows by the classes of their keys: what is alike is among them. */
  const byClass = new Map<string, number[]>();
  for (const [index, key] of keys.entries()) {
    for (const name of namesOf(classesOf(key))) {
      const others = byClass.get(name) ?? [];
      const same = others.find((other) => likeness(key, keys[other] ?? []) !== undefined);
      if (same !== undefined) throw twice(index, same);
      byClass.set(name, [...others, index]);
    }
  }

  return {
    find: (rows, firstRow) => {
      const byValue = given.map((): number[] => []);
      const byText = given.map((): number[] => []);
      let row = firstRow - 1;
      for (const cells of rows) {
        row++;
        const parts = classes.map((_, column) => partOf(cells[column]));
        const candidates = new Set(namesOf(classesOf(parts)).flatMap((name) => byClass.get(name) ?? []));
        for (const index of candidates) {
          const like = likeness(keys[index] ?? [], parts);
          if (like !== undefined) (like === 'value' ? byValue : byText)[index]?.push(row);
        }
      }
      const meant = new Map<number, number>();
      return given.map((key, index) => {
        const exact = byValue[index] ?? [];
        const found = exact.length > 0 ? exact : (byText[index] ?? []);
        if (found.length > 1) throw ambiguous(index, key, found, sheetTitle);
        const [at] = found;
        if (at === undefined) return undefined;
        const owner = meant.get(at);
        if (owner !== undefined) throw twice(index, owner, `: both mean row ${at + 1} of ${sheetTitle}`);
        meant.set(at, index);
        return at;
      });
    },
  };
}

/**
 * Classes of the parts of one column: parts that are alike have one in common. A part has as many as its value and its
 * text are in: one, hardly ever two, and none in most cells of a sheet.
 */
function createClasses(given: readonly Part[]): (part: Part) => readonly number[] {
  const members = new Map<string, number>();
  const classes = (part: Part) => [...new Set(atomsOf(part).flatMap((atom) => members.get(atom) ?? []))];
  for (const [index, part] of given.entries()) {
    const [id = index] = classes(part);
    for (const atom of atomsOf(part)) if (!members.has(atom)) members.set(atom, id);
  }
  return classes;
}

function atomsOf({ value, text }: Part): string[] {
  // Marked, so that no text is taken for a value.
  return [...(value === undefined ? [] : [value]), ...(text === undefined ? [] : [`x${text}`])];
}

/** Every choice of one class per column, as one text: hardly ever more than one, none where a column has no class. */
function namesOf(classes: readonly (readonly number[])[]): string[] {
  let names = [''];
  for (const own of classes) {
    if (own.length === 0) return [];
    names = names.flatMap((name) => own.map((id) => `${name} ${id}`));
  }
  return names;
}

/** Whether two keys are the same by their values, or by values and texts; undefined when they are not. */
function likeness(key: readonly Part[], other: readonly Part[]): 'value' | 'text' | undefined {
  let like: 'value' | 'text' = 'value';
  for (const [column, { value, text }] of key.entries()) {
    if (value !== undefined && value === other[column]?.value) continue;
    if (text === undefined || text !== other[column]?.text) return undefined;
    like = 'text';
  }
  return like;
}

function partOf(cell: GridCell | undefined): Part {
  return { value: keyOfValue(cell?.effectiveValue), text: cell?.formattedValue || undefined };
}

/** As Sheets would show it without a format. */
function textOf(cell: Cell): string | undefined {
  if (typeof cell === 'boolean') return cell ? 'TRUE' : 'FALSE';
  return typeof cell === 'object' ? undefined : String(cell);
}

function twice(index: number, owner: number, why = ''): ServalError {
  return invalid(`rows[${index}] has the same key as rows[${owner}]${why}.`, 'Give each key once.');
}

function ambiguous(index: number, key: GivenKey, rows: readonly number[], sheetTitle: string): ServalError {
  const parts = key.map(({ cell }) => shown(cell)).join(', ');
  const numbers = listed(rows.map((row) => String(row + 1)));
  return new ServalError(
    'conflict',
    `rows[${index}]: the key ${parts} stands in several rows of ${sheetTitle}: ${numbers}. Nothing was written.`,
    { hint: 'Make the key unique in the sheet, or name more columns in key.', outcome: 'none' },
  );
}
