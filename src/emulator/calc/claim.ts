// Array results: which cells one takes, what is in its way, who must look again. Evaluates nothing.

import { formatGrid } from '../../sheets/a1.ts';
import type { CellError, Value } from '../formula/value.ts';
import type { Rect } from '../ranges.ts';
import { hasValue } from '../workbook.ts';
import { byPosition, type Claim, claimants, type Formula, isBefore, sameRect, setClaim } from './formulas.ts';
import type { Marks } from './marks.ts';

export const CIRCULAR: CellError = {
  type: 'REF',
  message: 'Circular dependency detected. To resolve with iterative calculation, see File > Settings.',
};

type Rows = readonly (readonly Value[])[];

function overlaps(a: Rect, b: Rect): boolean {
  return a.startRow < b.endRow && b.startRow < a.endRow && a.startColumn < b.endColumn && b.startColumn < a.endColumn;
}

function missing(formula: Formula, rect: Rect): CellError | undefined {
  const { rowCount, columnCount } = formula.layer.sheet.properties.gridProperties;
  const refuse = (what: string, count: number): CellError => ({
    type: 'REF',
    message: `Result was not automatically expanded, please insert more ${what} (${count}).`,
  });
  if (rect.endColumn > columnCount) return refuse('columns', rect.endColumn - columnCount);
  return rect.endRow > rowCount ? refuse('rows', rect.endRow - rowCount) : undefined;
}

/** The arrays that come before this one and have some of its cells. */
function rivalsOf(formula: Formula, rect: Rect): Formula[] {
  return [...claimants(formula.layer, rect)].filter(
    (one) => one !== formula && one.claim?.state !== 'blocked' && isBefore(one, formula),
  );
}

function rectOf({ row, column }: Formula, rows: Rows): Rect {
  return { startRow: row, endRow: row + rows.length, startColumn: column, endColumn: column + (rows[0]?.length ?? 0) };
}

/** The arrays that must be evaluated before anybody can tell whether this one may expand. */
export function dirtyRivals(formula: Formula, rows: Rows): Formula[] {
  const dirty = rivalsOf(formula, rectOf(formula, rows)).filter(({ isDirty }) => isDirty);
  return dirty.sort(byPosition);
}

/** The first cell, by rows, that is not free for the array. */
function obstacle(formula: Formula, rect: Rect): { row: number; column: number } | undefined {
  const { layer } = formula;
  const rivals = rivalsOf(formula, rect);
  for (let row = rect.startRow; row < rect.endRow; row++) {
    const cells = layer.sheet.rows[row];
    if (!cells && rivals.length === 0) continue;
    for (let column = rect.startColumn; column < rect.endColumn; column++) {
      if (row === formula.row && column === formula.column) continue;
      const cell = { startRow: row, endRow: row + 1, startColumn: column, endColumn: column + 1 };
      if (hasValue(cells?.[column]) || rivals.some((one) => one.claim && overlaps(one.claim.rect, cell))) {
        return { row, column };
      }
    }
  }
  return undefined;
}

/** Nothing stands between the formula and the first of these cells that it could take. */
function isOpenTo({ layer, row, column }: Formula, rect: Rect): boolean {
  if (rect.endRow <= row || rect.endColumn <= column) return false;
  const [lastRow, lastColumn] = [Math.max(row, rect.startRow), Math.max(column, rect.startColumn)];
  for (let at = row; at <= lastRow; at++) {
    const cells = layer.sheet.rows[at];
    for (let one = column; one <= lastColumn; one++) {
      if (hasValue(cells?.[one]) && (at !== row || one !== column)) return false;
    }
  }
  return true;
}

/**
 * Arrays whose cells the formula has read and that have read cells it might take, now or another time: which of them
 * expands depends on which is looked at first.
 */
export function contenders(formula: Formula): Formula[] {
  const { layer, reads } = formula;
  const others = new Set(reads.flatMap((read) => [...claimants(read.layer, read.entry.rect)]));
  return [...others].filter(
    (one) => one !== formula && one.reads.some((read) => read.layer === layer && isOpenTo(formula, read.entry.rect)),
  );
}

/** The claim in place of the old one; arrays that begin later look again wherever anything has changed. */
export function replaceClaim(marks: Marks, formula: Formula, claim: Claim | undefined): void {
  const before = formula.claim;
  setClaim(formula, claim);
  marks.touch();
  if (before && claim && before.state === claim.state && sameRect(before.rect, claim.rect)) return;
  for (const one of [before, claim]) {
    if (!one) continue;
    for (const other of claimants(formula.layer, one.rect)) {
      if (other !== formula && isBefore(formula, other)) marks.mark(other);
    }
  }
}

/** Gives the formula an array of more than one cell, or what stands in its cell instead. Its reads must be set. */
export function showArray(marks: Marks, formula: Formula, rows: Rows): void {
  const { row, column, layer, reads } = formula;
  const rect = rectOf(formula, rows);
  const refusal = missing(formula, rect);
  const eatsItself = reads.some((read) => read.layer === layer && overlaps(read.entry.rect, rect));
  if (refusal || eatsItself) {
    showValue(marks, formula, refusal ?? CIRCULAR);
    layer.cramped.add(formula);
    return;
  }
  layer.cramped.delete(formula);
  const blocker = obstacle(formula, rect);
  replaceClaim(marks, formula, blocker ? { rect, rows: [], state: 'blocked' } : { rect, rows, state: 'shown' });
  if (blocker) {
    const { row: startRow, column: startColumn } = blocker;
    const at = formatGrid({ startRow, endRow: startRow + 1, startColumn, endColumn: startColumn + 1 });
    formula.value = {
      type: 'REF',
      message: `Array result was not expanded because it would overwrite data in ${at}.`,
    };
    return;
  }
  formula.value = rows[0]?.[0] ?? null;
  // Whoever reads the formula's own cell is dirty already; whoever asks only what stands there must not be.
  if (rect.endColumn > column + 1) marks.markReaders(layer, { ...rect, endRow: row + 1, startColumn: column + 1 });
  if (rect.endRow > row + 1) marks.markReaders(layer, { ...rect, startRow: row + 1 });
}

export function showValue(marks: Marks, formula: Formula, value: Value): void {
  formula.layer.cramped.delete(formula);
  formula.value = value;
  if (formula.claim) replaceClaim(marks, formula, undefined);
}

/** Part of a circle; an array keeps its cells, which show nothing, so that the circle stays what it is. */
export function showCircular(marks: Marks, formula: Formula): void {
  formula.value = CIRCULAR;
  if (formula.claim?.state !== 'shown') return;
  replaceClaim(marks, formula, { rect: formula.claim.rect, rows: [], state: 'circular' });
}
