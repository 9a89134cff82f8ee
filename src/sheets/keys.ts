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
  const owners = new Map<string, number>();
  /** Per key column, what any given key has there: a cell that has none of it is passed over at once. */
  const known = (given[0] ?? []).map(() => new Set<string>());
  for (const [index, key] of given.entries()) {
    const parts = key.map(({ cell, value }): Part => ({ value: keyOfValue(value), text: textOf(cell) }));
    for (const { key } of spellings(parts)) {
      const owner = owners.get(key);
      if (owner !== undefined && owner !== index) throw twice(index, owner);
      owners.set(key, index);
    }
    for (const [column, part] of parts.entries()) for (const atom of atomsOf(part)) known[column]?.add(atom);
  }

  function partsOf(cells: readonly (GridCell | undefined)[]): Part[] | undefined {
    const parts: Part[] = [];
    for (const [column, atoms] of known.entries()) {
      const cell = cells[column];
      const [value, text] = [keyOfValue(cell?.effectiveValue), cell?.formattedValue || undefined];
      const part = {
        value: value !== undefined && atoms.has(value) ? value : undefined,
        text: text !== undefined && atoms.has(asText(text)) ? text : undefined,
      };
      if (part.value === undefined && part.text === undefined) return undefined;
      parts.push(part);
    }
    return parts;
  }

  return {
    find: (rows, firstRow) => {
      const byValue = given.map((): number[] => []);
      const byText = given.map((): number[] => []);
      let row = firstRow - 1;
      for (const cells of rows) {
        row++;
        const parts = partsOf(cells);
        if (!parts) continue;
        const hits = new Map<number, boolean>();
        for (const { key, exact } of spellings(parts)) {
          const owner = owners.get(key);
          if (owner !== undefined) hits.set(owner, exact || hits.get(owner) === true);
        }
        for (const [owner, exact] of hits) (exact ? byValue : byText)[owner]?.push(row);
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

/** Every way to write a key as one text, each part by value or by text; `exact` for the one of values alone. */
function spellings(parts: readonly Part[]): { key: string; exact: boolean }[] {
  let all = [{ key: '', exact: true }];
  for (const part of parts) {
    all = all.flatMap(({ key, exact }) =>
      // With its length before it no part can be taken for the beginning of the next.
      atomsOf(part).map((atom) => ({
        key: `${key}${atom.length} ${atom}`,
        exact: exact && atom === part.value,
      })),
    );
  }
  return all;
}

function atomsOf({ value, text }: Part): string[] {
  return [...(value === undefined ? [] : [value]), ...(text === undefined ? [] : [asText(text)])];
}

/** Told apart from every key of a value. */
function asText(text: string): string {
  return `x${text}`;
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
