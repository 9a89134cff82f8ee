// Which formulas must be evaluated anew: what reads a changed cell, what reads that, and so on. Evaluates nothing.

import type { Rect } from '../ranges.ts';
import type { Arrange } from '../row-moves.ts';
import type { Cell, Row, Sheet } from '../workbook.ts';
import {
  claimants,
  eachFormula,
  type Formula,
  formulaAt,
  type Layer,
  newFormula,
  newLayer,
  programTextOf,
  reachOf,
  setClaim,
  setReads,
} from './formulas.ts';
import { ALL_COLUMNS, ALL_ROWS } from './range-index.ts';

export interface Marks {
  readonly layers: ReadonlyMap<Sheet, Layer>;
  /** Formulas that have become dirty, evaluated or gone since, in no order. */
  readonly dirty: Formula[];
  /** Arrays that depend on the cells they take: what they come to is found anew after every change. */
  knots: Set<Formula>;
  /** Grows with every change that is not the evaluation of a dirty formula. */
  readonly stamp: () => number;
  /** What cells show changed beside: the stamp grows. */
  touch(): void;
  /** All formulas of the sheet are new. */
  addSheet(sheet: Sheet): void;
  mark(formula: Formula): void;
  /** Whoever reads a cell of the rectangle. */
  markReaders(layer: Layer, rect: Rect): void;
  markAll(which: (formula: Formula) => boolean): void;
  rowChanged(sheet: Sheet, row: number, before: Row | undefined, after: Row | undefined): void;
  /** Rows from `first` on changed places as `arrange` does it to any list by rows; what is left out is gone. */
  rowsArranged(sheet: Sheet, first: number, arrange: Arrange): void;
  resized(sheet: Sheet, before: Size, after: Size): void;
}

interface Size {
  readonly rowCount: number;
  readonly columnCount: number;
}

/** Formulas look at values and at what kind of number a format makes them. */
function sameContent({ book }: Sheet, a: Cell | undefined, b: Cell | undefined): boolean {
  if (a === b) return true;
  const kind = (one: Cell | undefined) => book.formats.get(one?.format ?? 0)?.numberFormat?.type;
  if (a?.format !== b?.format && kind(a) !== kind(b)) return false;
  return a?.value === b?.value && a?.formula === b?.formula && a?.extra?.pivotTable === b?.extra?.pivotTable;
}

export function createMarks(): Marks {
  const layers = new Map<Sheet, Layer>();
  const dirty: Formula[] = [];
  let stamp = 0;

  function mark(formula: Formula): void {
    if (formula.isDirty) return;
    stamp++;
    const waiting = [formula];
    for (let one = waiting.pop(); one; one = waiting.pop()) {
      if (one.isDirty) continue;
      one.isDirty = true;
      dirty.push(one);
      one.layer.index.visit(reachOf(one), (reader) => {
        if (!reader.isDirty) waiting.push(reader);
      });
    }
  }

  const markReaders = (layer: Layer, rect: Rect) => layer.index.visit(rect, mark);

  function add(layer: Layer, row: number, column: number, text: string): void {
    dirty.push(newFormula(layer, row, column, text));
  }

  function forget(formula: Formula): void {
    formula.isGone = true;
    const { layer, claim } = formula;
    setReads(formula, []);
    layer.cramped.delete(formula);
    if (!claim) return;
    if (claim.state !== 'blocked') markReaders(layer, claim.rect);
    setClaim(formula, undefined);
    for (const one of claimants(layer, claim.rect)) mark(one);
  }

  function markClaimants(layer: Layer, rect: Rect): void {
    for (const one of claimants(layer, rect)) mark(one);
  }

  function rowChanged(sheet: Sheet, row: number, before: Row | undefined, after: Row | undefined): void {
    const layer = layers.get(sheet);
    if (!layer) return;
    stamp++;
    const width = Math.max(before?.length ?? 0, after?.length ?? 0);
    let from = -1;
    for (let column = 0; column <= width; column++) {
      const [old, now] = [before?.[column], after?.[column]];
      if (!sameContent(sheet, old, now)) {
        if (from < 0) from = column;
        const formula = programTextOf(old) === undefined ? undefined : formulaAt(layer, row, column);
        if (formula) {
          const line = layer.lines[row];
          if (line) line[column] = undefined;
          forget(formula);
        }
        const text = programTextOf(now);
        if (text !== undefined) add(layer, row, column, text);
      } else if (from >= 0) {
        const rect = { startRow: row, endRow: row + 1, startColumn: from, endColumn: column };
        markReaders(layer, rect);
        markClaimants(layer, rect);
        from = -1;
      }
    }
  }

  return {
    layers,
    dirty,
    knots: new Set(),
    stamp: () => stamp,
    touch: () => {
      stamp++;
    },
    mark,
    markReaders,
    rowChanged,
    addSheet: (sheet) => {
      const layer = newLayer(sheet);
      layers.set(sheet, layer);
      sheet.rows.forEach((cells, row) => {
        if (cells) eachFormula(cells, (column, text) => add(layer, row, column, text));
      });
    },
    markAll: (which) => {
      for (const { lines } of layers.values()) {
        lines.forEach((line) => {
          line?.forEach((one) => {
            if (one && which(one)) mark(one);
          });
        });
      }
    },
    rowsArranged: (sheet, first, arrange) => {
      const layer = layers.get(sheet);
      if (!layer) return;
      stamp++;
      const below = { startRow: first, endRow: ALL_ROWS, startColumn: 0, endColumn: ALL_COLUMNS };
      markReaders(layer, below);
      // Claims that reach down among the moved rows are made anew; those of moved formulas too.
      for (const one of claimants(layer, below)) {
        mark(one);
        setClaim(one, undefined);
      }
      const before = layer.lines.slice(first);
      layer.lines = arrange(layer.lines);
      const kept = new Set<Formula>();
      layer.lines.forEach((line, row) => {
        if (row < first) return;
        line?.forEach((one) => {
          if (!one) return;
          kept.add(one);
          one.row = row;
          mark(one);
        });
      });
      before.forEach((line) => {
        line?.forEach((one) => {
          if (one && !kept.has(one)) forget(one);
        });
      });
    },
    resized: (sheet, before, after) => {
      const layer = layers.get(sheet);
      if (!layer) return;
      stamp++;
      // From the last line both grids have: what is read to the edge goes with it.
      const marked = (rect: Rect) => {
        markReaders(layer, rect);
        markClaimants(layer, rect);
      };
      const startRow = Math.min(before.rowCount, after.rowCount) - 1;
      const startColumn = Math.min(before.columnCount, after.columnCount) - 1;
      const all = { startRow: 0, endRow: ALL_ROWS, startColumn: 0, endColumn: ALL_COLUMNS };
      if (before.rowCount !== after.rowCount) marked({ ...all, startRow });
      if (before.columnCount !== after.columnCount) marked({ ...all, startColumn });
      for (const one of layer.cramped) mark(one);
    },
  };
}
