// The three ways in which the rows of a sheet change places: what each does to any list that goes by rows, to indices
// and to keys. Changes nothing itself.

import { deleteKeys, insertKeys, type KeyRun, moveKeys, type RowKeys } from './row-keys.ts';

/** The same for cells, formulas and whatever else stands in rows. */
export type Arrange = <T>(rows: readonly (T | undefined)[]) => (T | undefined)[];

export interface Move {
  /** Before it all stays as it is. */
  readonly first: number;
  readonly arrange: Arrange;
  /** What undoes it; rows that went are blank then. */
  readonly back: Arrange;
  /** Where the row of an index is afterwards, undefined when it is gone. */
  readonly place: (index: number) => number | undefined;
  readonly keys: RowKeys;
  /** The keys of rows that are gone. */
  readonly gone?: readonly KeyRun[];
}

function withGap<T>(rows: readonly (T | undefined)[], at: number, count: number): (T | undefined)[] {
  const gap: undefined[] = [];
  gap.length = count;
  return rows.slice(0, at).concat(gap, rows.slice(at));
}

function without<T>(rows: readonly (T | undefined)[], at: number, count: number): (T | undefined)[] {
  return rows.slice(0, at).concat(rows.slice(at + count));
}

/** `target` is the index of the first of them afterwards. */
function withMoved<T>(
  rows: readonly (T | undefined)[],
  from: number,
  count: number,
  target: number,
): (T | undefined)[] {
  const left = rows.slice();
  left.length = Math.max(left.length, from + count, target + count);
  const moved = left.splice(from, count);
  return left.slice(0, target).concat(moved, left.slice(target));
}

export function insertion(keys: RowKeys, at: number, count: number): Move {
  return {
    first: at,
    arrange: (rows) => withGap(rows, at, count),
    back: (rows) => without(rows, at, count),
    place: (index) => (index < at ? index : index + count),
    keys: insertKeys(keys, at, count),
  };
}

export function deletion(keys: RowKeys, at: number, count: number): Move {
  return {
    first: at,
    arrange: (rows) => without(rows, at, count),
    back: (rows) => withGap(rows, at, count),
    place: (index) => (index < at ? index : index < at + count ? undefined : index - count),
    ...deleteKeys(keys, at, count),
  };
}

/** The rows before the one that stands at `to` now, which is none of them. */
export function moving(keys: RowKeys, from: number, count: number, to: number): Move {
  const target = to > from ? to - count : to;
  return {
    first: Math.min(from, to),
    arrange: (rows) => withMoved(rows, from, count, target),
    back: (rows) => withMoved(rows, target, count, from),
    place: (index) => {
      if (index >= from && index < from + count) return index - from + target;
      const closed = index < from ? index : index - count;
      return closed < target ? closed : closed + count;
    },
    keys: moveKeys(keys, from, count, to),
  };
}
