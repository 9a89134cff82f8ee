// Reading cells for a formula that is being evaluated: what they show now, and which formulas must be evaluated first.
// Notes every rectangle that is read; evaluates nothing.

import { covers } from '../areas.ts';
import type { Value } from '../formula/value.ts';
import type { Rect } from '../ranges.ts';
import type { Cell } from '../workbook.ts';
import { claimantAt, type Formula, formulaAt, type Layer, sameRect } from './formulas.ts';

/** Thrown through a function that read a cell which is not known yet; the evaluation starts again later. */
export const NOT_READY = Symbol('not ready');

/** One attempt to evaluate a formula. */
export interface Attempt {
  readonly formula: Formula;
  readonly reads: { readonly layer: Layer; readonly rect: Rect }[];
  /** The rectangles in `reads`, once there are many. */
  readonly noted: Set<string>;
  /** What it waits for, once it has thrown NOT_READY. */
  readonly waits: Formula[];
}

function keyOf({ startRow, startColumn, endRow, endColumn }: Rect): string {
  return `${startRow},${startColumn},${endRow},${endColumn}`;
}

const FEW_READS = 8;

/** Notes that the result depends on the rectangle. */
export function noteRead({ reads, noted }: Attempt, layer: Layer, rect: Rect): void {
  if (reads.length < FEW_READS) {
    if (!reads.some((one) => one.layer === layer && sameRect(one.rect, rect))) reads.push({ layer, rect });
    return;
  }
  const key = `${layer.sheet.id}:${keyOf(rect)}`;
  if (noted.has(key)) return;
  noted.add(key);
  reads.push({ layer, rect });
}

/** The same of one cell, unless a rectangle holds it that has been noted. */
export function noteCell(attempt: Attempt, layer: Layer, row: number, column: number): void {
  const holds = attempt.reads.some((one) => one.layer === layer && covers(one.rect, row, column));
  if (holds) return;
  noteRead(attempt, layer, { startRow: row, endRow: row + 1, startColumn: column, endColumn: column + 1 });
}

type Line = readonly Value[];

/** What large rectangles showed, row by row, of use as long as nothing changes but by evaluation. */
export interface Cache {
  get(layer: Layer, rect: Rect): readonly Line[] | undefined;
  /** `cells` that were read for it and are in no other. */
  put(layer: Layer, rect: Rect, rows: readonly Line[], cells: number): void;
  /** By row: the values between two columns, shared by all rectangles that have them as their sides. */
  lines(layer: Layer, rect: Rect): (Line | undefined)[];
  clear(): void;
}

/** Smaller rectangles are read as fast as they are found. */
const CACHED_FROM_ROWS = 16;
const CACHED_CELLS = 4_000_000;

/** Forgets everything whenever `stamp` has changed. */
export function createCache(stamp: () => number): Cache {
  let rects = new Map<string, readonly Line[]>();
  let sides = new Map<string, (Line | undefined)[]>();
  let since = stamp();
  let cells = 0;
  function clear(): void {
    rects = new Map();
    sides = new Map();
    since = stamp();
    cells = 0;
  }
  const keyIn = (layer: Layer, rect: Rect) => `${layer.sheet.id}:${keyOf(rect)}`;
  return {
    clear,
    get: (layer, rect) => {
      if (rect.endRow - rect.startRow < CACHED_FROM_ROWS) return undefined;
      if (since !== stamp()) clear();
      return rects.get(keyIn(layer, rect));
    },
    put: (layer, rect, rows, added) => {
      if (rows.length < CACHED_FROM_ROWS) return;
      cells += rows.length + added;
      if (since !== stamp() || cells > CACHED_CELLS) clear();
      rects.set(keyIn(layer, rect), rows);
    },
    lines: (layer, { startRow, endRow, startColumn, endColumn }) => {
      if (endRow - startRow < CACHED_FROM_ROWS) return [];
      if (since !== stamp()) clear();
      const key = `${layer.sheet.id}:${startColumn},${endColumn}`;
      let lines = sides.get(key);
      if (!lines) sides.set(key, (lines = []));
      return lines;
    },
  };
}

/** What a cell shows. A formula that is not ready, whose cell or array it is, is added to `waits`. */
export function valueAt(
  layer: Layer,
  row: number,
  column: number,
  one: Cell | undefined,
  reader: Formula | undefined,
  waits: Formula[],
): Value {
  if (one?.formula !== undefined || one?.extra?.pivotTable) {
    const formula = formulaAt(layer, row, column);
    if (!formula) return null;
    if (formula.isDirty && !formula.isProvisional) waits.push(formula);
    return formula.value;
  }
  if (one?.value !== undefined) return one.value;
  const owner = claimantAt(layer, row, column);
  // Its own cells are blank to the formula: what it showed before is of no account.
  if (!owner?.claim || owner === reader) return null;
  if (owner.isDirty && !owner.isProvisional) waits.push(owner);
  if (owner.claim.state !== 'shown') return null;
  const { rect, rows } = owner.claim;
  return rows[row - rect.startRow]?.[column - rect.startColumn] ?? null;
}

function blanks(width: number): Line {
  return Array<Value>(width).fill(null);
}

/** The values of a rectangle, row by row; throws NOT_READY when some are not known yet. */
export function readRect(attempt: Attempt, cache: Cache, layer: Layer, rect: Rect): readonly Line[] {
  const { formula, waits } = attempt;
  noteRead(attempt, layer, rect);
  const cached = cache.get(layer, rect);
  if (cached) return cached;
  const { startRow, endRow, startColumn, endColumn } = rect;
  if (endRow - startRow === 1 && endColumn - startColumn === 1) {
    const one = layer.sheet.rows[startRow]?.[startColumn];
    const value = valueAt(layer, startRow, startColumn, one, formula, waits);
    if (waits.length > 0) throw NOT_READY;
    return [[value]];
  }
  const blank = blanks(endColumn - startColumn);
  const hasClaims = layer.claims.size > 0;
  // A formula with an array sees its own cells as blank, which nobody else does.
  const shared = formula.claim ? undefined : cache.lines(layer, rect);
  const isShared = shared !== undefined && endRow - startRow >= CACHED_FROM_ROWS;
  const rows: Line[] = [];
  let read = 0;
  for (let row = startRow; row < endRow; row++) {
    const cells = layer.sheet.rows[row];
    if (!cells && !(hasClaims && layer.claims.has(row))) {
      rows.push(blank);
      continue;
    }
    const known = isShared ? shared[row] : undefined;
    if (known) {
      rows.push(known);
      continue;
    }
    const line: Value[] = [];
    const waiting = waits.length;
    for (let column = startColumn; column < endColumn; column++) {
      line.push(valueAt(layer, row, column, cells?.[column], formula, waits));
    }
    read += line.length;
    if (isShared && waits.length === waiting) shared[row] = line;
    rows.push(line);
  }
  if (waits.length > 0) throw NOT_READY;
  if (shared) cache.put(layer, rect, rows, read);
  return rows;
}
