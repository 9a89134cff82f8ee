// The calculation of one workbook: told by the gate what changes, asked by readers what cells show. Between the two
// it only marks; the first reader has everything that is marked evaluated.

import type { Clock } from '../../clock.ts';
import type { CellError, Scalar } from '../formula/value.ts';
import type { NumberFormat } from '../messages/format.ts';
import type { Arrange } from '../row-moves.ts';
import type { Book, Row, Sheet } from '../workbook.ts';
import { claimantAt, type Formula, formulaAt, type Layer, newFormula, newLayer } from './formulas.ts';
import { type Ask, type Evaluation, evaluate, type Surroundings } from './language.ts';
import { createMarks, type Marks } from './marks.ts';
import { type Cache, createCache, valueAt } from './read.ts';
import { settle } from './settle.ts';
import { serialIn } from './zone.ts';

/** Undefined for a blank cell. */
export type Effective = Scalar | CellError | undefined;

/** What a sheet shows, once everything is evaluated; good until the next change. */
export interface Shown {
  /** Constant, result, or what spilled there. */
  at(row: number, column: number): Effective;
  /** How a formula's result is shown where its cell has no number format. */
  formatAt(row: number, column: number): NumberFormat | undefined;
  linkAt(row: number, column: number): string | undefined;
  /** One past the last row in which an array shows. */
  endRow(): number;
  /** One past the last column of the row in which an array shows. */
  endColumn(row: number): number;
}

export interface Calculation {
  rowChanged(sheet: Sheet, row: number, before: Row | undefined, after: Row | undefined): void;
  /** Rows from `first` on changed places as `arrange` does it to any list by rows; what is left out is gone. */
  rowsArranged(sheet: Sheet, first: number, arrange: Arrange): void;
  resized(sheet: Sheet, before: Sheet['properties'], after: Sheet['properties']): void;
  /** Something else changed that formulas may ask for. */
  altered(what: Ask): void;
  /** Sheets, their titles, the locale or the like changed: all formulas are read anew. */
  reset(): void;
  /** A change was kept: volatile formulas are due. */
  changed(): void;
  shown(sheet: Sheet): Shown;
  /** What a formula would give in a place where it does not stand, the first cell of an array: for conditions. */
  tried(sheet: Sheet, row: number, column: number, text: string): Effective;
  /** How many formulas have been evaluated. */
  evaluations(): number;
}

const PERIODS_MS: Readonly<Record<string, number>> = { MINUTE: 60_000, HOUR: 3_600_000 };
const NOTHING: Formula[] = [];

function shownOn(layer: Layer): Shown {
  return {
    at: (row, column) => {
      const one = layer.sheet.rows[row]?.[column];
      return valueAt(layer, row, column, one, undefined, NOTHING) ?? undefined;
    },
    formatAt: (row, column) => {
      const shows = (formulaAt(layer, row, column) ?? claimantAt(layer, row, column))?.shows;
      return shows === undefined || shows === 'FIRST_ARGUMENT' ? undefined : { type: shows };
    },
    linkAt: (row, column) => formulaAt(layer, row, column)?.link,
    endRow: () => {
      let end = 0;
      for (const [row, formulas] of layer.claims) {
        if (row >= end && formulas.some(({ claim }) => claim?.state === 'shown')) end = row + 1;
      }
      return end;
    },
    endColumn: (row) => {
      let end = 0;
      for (const { claim } of layer.claims.get(row) ?? NOTHING) {
        if (claim?.state === 'shown') end = Math.max(end, claim.rect.endColumn);
      }
      return end;
    },
  };
}

export function createCalculation(clock: Clock): Calculation {
  /** Undefined until somebody reads, and after a reset: nothing is kept up to date for nobody. */
  let marks: Marks | undefined;
  let changedAtMs = clock.wall();
  /** The stamp of the marks when everything was evaluated last. */
  let settledAt = 0;
  let evaluations = 0;
  const volatile = new Set<Formula>();
  const shownOf = new WeakMap<Layer, Shown>();
  let tryings: { readonly marks: Marks; readonly cache: Cache } | undefined;

  function surroundingsOf(
    book: Book,
    { layers }: Marks,
    cache: Cache,
    noteVolatile: Surroundings['noteVolatile'],
  ): Surroundings {
    const now = serialIn(book.properties.timeZone ?? 'UTC', changedAtMs);
    return { book, layers, cache, now, random: () => clock.random(), noteVolatile, names: new Map() };
  }

  function markVolatile(): void {
    changedAtMs = clock.wall();
    for (const one of volatile) {
      if (one.isGone) volatile.delete(one);
      else marks?.mark(one);
    }
  }

  function build(book: Book): Marks {
    const made = createMarks();
    for (const sheet of book.sheets) made.addSheet(sheet);
    volatile.clear();
    return made;
  }

  function settled(book: Book): Marks {
    const { autoRecalc, iterativeCalculationSettings: iteration } = book.properties;
    const periodMs = PERIODS_MS[autoRecalc ?? ''];
    if (periodMs !== undefined && clock.wall() - changedAtMs >= periodMs) markVolatile();
    marks ??= build(book);
    const current = marks;
    if (current.dirty.length === 0 && (current.knots.size === 0 || settledAt === current.stamp())) return current;
    const cache = createCache(current.stamp);
    const surroundings = surroundingsOf(book, current, cache, (formula) => volatile.add(formula));
    settle({
      marks: current,
      cache,
      evaluate: (attempt): Evaluation | undefined => {
        const result = evaluate(attempt, surroundings);
        if (result) evaluations++;
        return result;
      },
      iteration: iteration && {
        maxIterations: iteration.maxIterations ?? 1,
        convergenceThreshold: iteration.convergenceThreshold ?? 0,
      },
    });
    settledAt = current.stamp();
    return current;
  }

  const altered = (what: Ask) => marks?.markAll(({ program }) => program?.asks.has(what) ?? false);

  return {
    altered,
    rowChanged: (...row) => marks?.rowChanged(...row),
    rowsArranged: (...rows) => marks?.rowsArranged(...rows),
    resized: (sheet, { gridProperties: before }, { gridProperties: after }) => {
      if (before.rowCount === after.rowCount && before.columnCount === after.columnCount) return;
      marks?.resized(sheet, before, after);
      altered('size');
    },
    reset: () => {
      marks = undefined;
    },
    changed: markVolatile,
    evaluations: () => evaluations,
    tried: (sheet, row, column, text) => {
      const current = settled(sheet.book);
      if (tryings?.marks !== current) tryings = { marks: current, cache: createCache(current.stamp) };
      const around = surroundingsOf(sheet.book, current, tryings.cache, () => undefined);
      // It stands on a layer of its own, so that nobody finds it.
      const formula = newFormula(newLayer(sheet), row, column, text);
      const { value, rows } = evaluate({ formula, reads: [], noted: new Set(), waits: [] }, around) ?? {};
      return (rows ? rows[0]?.[0] : value) ?? undefined;
    },
    shown: (sheet) => {
      const layer = settled(sheet.book).layers.get(sheet);
      if (!layer) throw new Error('a sheet that is in no workbook shows nothing');
      let shown = shownOf.get(layer);
      if (!shown) shownOf.set(layer, (shown = shownOn(layer)));
      return shown;
    },
  };
}
