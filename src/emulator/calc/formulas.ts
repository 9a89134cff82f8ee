// The formulas of a workbook as the calculation sees them: where each stands, what it read, what came out; one layer
// per sheet. Data only: marking and evaluating are elsewhere.

import type { Shows } from '../formula/define.ts';
import type { Value } from '../formula/value.ts';
import type { Rect } from '../ranges.ts';
import type { Cell, Row, Sheet } from '../workbook.ts';
import type { Program } from './language.ts';
import { type RangeEntry, RangeIndex } from './range-index.ts';

/** Cells that an array result takes, its own cell at the corner. */
export interface Claim {
  readonly rect: Rect;
  readonly rows: readonly (readonly Value[])[];
  /**
   * `shown`: the cells show the array. `blocked`: something is in the way. `circular`: they show nothing, and whoever
   * reads them depends on the formula all the same, else the circle would break and close for ever.
   */
  readonly state: 'shown' | 'blocked' | 'circular';
}

/** A rectangle a formula has read, registered with the layer it lies on. */
export interface Read {
  readonly layer: Layer;
  readonly entry: RangeEntry<Formula>;
}

export interface Formula {
  readonly layer: Layer;
  row: number;
  readonly column: number;
  /** As typed, with its `=`. */
  readonly text: string;
  /** Parsed at its first evaluation. */
  program: Program | undefined;
  /** Of the last evaluation: a change elsewhere cannot alter the result. */
  reads: readonly Read[];
  /** What its own cell shows; null is blank. */
  value: Value;
  shows: Shows | undefined;
  link: string | undefined;
  claim: Claim | undefined;
  /** To be evaluated before anybody reads it. All that read a dirty formula are dirty. */
  isDirty: boolean;
  /** Its cell holds something else now. */
  isGone: boolean;
  /** Its value may be read although it is dirty: a round of iterative calculation is under way. */
  isProvisional: boolean;
  /** Tarjan's numbers during a walk; 0 is not visited. */
  order: number;
  low: number;
  isOpen: boolean;
}

type Line = (Formula | undefined)[];

export interface Layer {
  readonly sheet: Sheet;
  /** Formulas by row and column, sparse as the sheet's rows are. */
  lines: (Line | undefined)[];
  readonly index: RangeIndex<Formula>;
  /** The formulas with a claim, by each row of it, the one that begins first before the others. */
  readonly claims: Map<number, Formula[]>;
  /** Formulas whose array has no claim because it leaves the grid, or would if it did not feed on itself. */
  readonly cramped: Set<Formula>;
}

export function newLayer(sheet: Sheet): Layer {
  return { sheet, lines: [], index: new RangeIndex(), claims: new Map(), cramped: new Set() };
}

export function newFormula(layer: Layer, row: number, column: number, text: string): Formula {
  const formula: Formula = {
    layer,
    row,
    column,
    text,
    program: undefined,
    reads: [],
    value: null,
    shows: undefined,
    link: undefined,
    claim: undefined,
    isDirty: true,
    isGone: false,
    isProvisional: false,
    order: 0,
    low: 0,
    isOpen: false,
  };
  const line: Line = layer.lines[row] ?? [];
  line[column] = formula;
  layer.lines[row] = line;
  return formula;
}

export function formulaAt(layer: Layer, row: number, column: number): Formula | undefined {
  return layer.lines[row]?.[column];
}

/** Marks the text of a pivot table, which is its message in JSON; no formula begins so. */
export const PIVOT = '\u0000';

/** What a cell computes: its formula, or the pivot table that it anchors; undefined for anything else. */
export function programTextOf(one: Cell | undefined): string | undefined {
  if (one?.formula !== undefined) return one.formula;
  return one?.extra?.pivotTable ? PIVOT + JSON.stringify(one.extra.pivotTable) : undefined;
}

/** Every formula of a row of cells. */
export function eachFormula(row: Row, visit: (column: number, text: string) => void): void {
  row.forEach((one, column) => {
    const text = programTextOf(one);
    if (text !== undefined) visit(column, text);
  });
}

/** The cells whose contents a formula decides. */
export function reachOf({ row, column, claim }: Formula): Rect {
  if (claim && claim.state !== 'blocked') return claim.rect;
  return { startRow: row, endRow: row + 1, startColumn: column, endColumn: column + 1 };
}

/** Formulas whose claims touch the rectangle. */
export function claimants(layer: Layer, rect: Rect): Set<Formula> {
  const found = new Set<Formula>();
  if (layer.claims.size === 0) return found;
  const check = (formulas: readonly Formula[] | undefined) => {
    for (const one of formulas ?? []) {
      const { startColumn = 0, endColumn = 0 } = one.claim?.rect ?? {};
      if (startColumn < rect.endColumn && endColumn > rect.startColumn) found.add(one);
    }
  };
  if (rect.endRow - rect.startRow < layer.claims.size) {
    for (let row = rect.startRow; row < rect.endRow; row++) check(layer.claims.get(row));
  } else {
    for (const [row, formulas] of layer.claims) if (row >= rect.startRow && row < rect.endRow) check(formulas);
  }
  return found;
}

/** Of two arrays that want the same cells, the one that begins first, by rows, has them: whatever came first. */
export function isBefore(a: Formula, b: Formula): boolean {
  return a.row < b.row || (a.row === b.row && a.column < b.column);
}

export function byPosition(a: Formula, b: Formula): number {
  const [one, other] = [a.layer.sheet, b.layer.sheet];
  if (one !== other) return one.book.sheets.indexOf(one) - one.book.sheets.indexOf(other);
  return a.row - b.row || a.column - b.column;
}

/** The formula whose array shows in a cell; the cell itself must be blank. */
export function claimantAt(layer: Layer, row: number, column: number): Formula | undefined {
  if (layer.claims.size === 0) return undefined;
  return layer.claims.get(row)?.find(({ claim }) => {
    if (!claim || claim.state === 'blocked') return false;
    return column >= claim.rect.startColumn && column < claim.rect.endColumn;
  });
}

export function sameRect(a: Rect, b: Rect): boolean {
  return (
    a.startRow === b.startRow && a.endRow === b.endRow && a.startColumn === b.startColumn && a.endColumn === b.endColumn
  );
}

/** Replaces the claim and nothing else. */
export function setClaim(formula: Formula, claim: Claim | undefined): void {
  const { claims } = formula.layer;
  const before = formula.claim;
  formula.claim = claim;
  if (before && claim && sameRect(before.rect, claim.rect)) return;
  if (before) {
    for (let row = before.rect.startRow; row < before.rect.endRow; row++) {
      const left = claims.get(row)?.filter((one) => one !== formula) ?? [];
      if (left.length > 0) claims.set(row, left);
      else claims.delete(row);
    }
  }
  if (!claim) return;
  for (let row = claim.rect.startRow; row < claim.rect.endRow; row++) {
    const present = claims.get(row);
    if (!present) claims.set(row, [formula]);
    else present.splice(present.filter((one) => isBefore(one, formula)).length, 0, formula);
  }
}

/** Replaces what the formula is known to have read. */
export function setReads(formula: Formula, rects: readonly { readonly layer: Layer; readonly rect: Rect }[]): void {
  const { reads } = formula;
  const same = (index: number) => {
    const [old, now] = [reads[index], rects[index]];
    if (!old || !now || old.layer !== now.layer) return false;
    return sameRect(old.entry.rect, now.rect);
  };
  if (reads.length === rects.length && rects.every((_, index) => same(index))) return;
  // The new ones first: entries both have are then never taken down.
  const next = rects.map(({ layer, rect }) => ({ layer, entry: layer.index.add(rect, formula) }));
  const kept = new Set(next.map(({ entry }) => entry));
  for (const { layer, entry } of reads) if (!kept.has(entry)) layer.index.remove(entry, formula);
  formula.reads = next;
}
