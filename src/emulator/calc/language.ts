// Between the calculation and the language of formulas: evaluates one formula of a workbook, with cells read as the
// attempt reads them. Decides no order.

import { parseA1 } from '../../sheets/a1.ts';
import type { Scope, Shows } from '../formula/define.ts';
import { type Context, evaluateNode, type Names } from '../formula/evaluate.ts';
import { type Node, parseFormula } from '../formula/parse.ts';
import { functionOf } from '../formula/registry.ts';
import {
  type ErrorType,
  isError,
  isLambda,
  isMatrix,
  isReference,
  matrix,
  type Reference,
  type Value,
} from '../formula/value.ts';
import type { PivotTable } from '../messages/pivot.ts';
import { formatValue } from '../number-format.ts';
import { drawPivot, pivotSource } from '../pivot/draw.ts';
import { resolveRange } from '../ranges.ts';
import type { Book, Sheet } from '../workbook.ts';
import { type Formula, formulaAt, type Layer, PIVOT } from './formulas.ts';
import { closed, namesOf } from './names.ts';
import { type Attempt, type Cache, NOT_READY, noteCell, noteRead, readRect } from './read.ts';
import { showsOf } from './shows.ts';

/** What a result may depend on beside the cells that were read: grid sizes, names and tables, hidden rows. */
export type Ask = 'size' | 'names' | 'hidden';

/** A formula once it is parsed; no tree is "Formula parse error.". */
export interface Program {
  readonly tree: Node | undefined;
  readonly isVolatile: boolean;
  readonly asks: ReadonlySet<Ask>;
}

export interface Evaluation {
  readonly value: Value;
  /** An array of more than one cell. */
  readonly rows: readonly (readonly Value[])[] | undefined;
  /** An array, be it of one cell, or an error where one may stand another time. */
  readonly mayExpand: boolean;
  readonly shows: Shows | undefined;
  readonly link: string | undefined;
}

export interface Surroundings {
  readonly book: Book;
  readonly layers: ReadonlyMap<Sheet, Layer>;
  readonly cache: Cache;
  readonly now: number;
  readonly random: () => number;
  readonly noteVolatile: (formula: Formula) => void;
  /** What names mean on each sheet. */
  readonly names: Map<Sheet, Names>;
}

function partsOf(node: Node): readonly Node[] {
  switch (node.kind) {
    case 'call':
      return node.args;
    case 'apply':
      return [node.callee, ...node.args];
    case 'span':
      return [node.from, node.to];
    case 'array':
      return node.rows.flat();
    default:
      return [];
  }
}

const NO_ASKS: ReadonlySet<Ask> = new Set();

function programOf(formula: Formula, locale: string): Program {
  const tree = parseFormula(formula.text, locale);
  const asks = new Set<Ask>();
  let isVolatile = false;
  // On a list of its own: a sum of thousands is as deep as it is long.
  const nodes = tree ? [tree] : [];
  for (let node = nodes.pop(); node; node = nodes.pop()) {
    nodes.push(...partsOf(node));
    if (node.kind === 'reference' && (node.grid.endRow === undefined || node.grid.endColumn === undefined)) {
      asks.add('size');
    }
    const spec = node.kind === 'call' ? functionOf(node.name) : undefined;
    if (node.kind === 'name' || node.kind === 'table' || spec?.dynamic) asks.add('names').add('size');
    if (spec?.name === 'SUBTOTAL') asks.add('hidden');
    if (spec?.volatile) isVolatile = true;
  }
  return { tree, isVolatile, asks: asks.size > 0 ? asks : NO_ASKS };
}

function namesOn(own: Sheet, { book, names }: Surroundings): Names {
  let known = names.get(own);
  if (!known) names.set(own, (known = namesOf(book, own)));
  return known;
}

function scopeOf(attempt: Attempt, { book, layers, cache, now, random }: Surroundings): Scope {
  const { formula } = attempt;
  const { sheet } = formula.layer;
  const locale = book.properties.locale ?? 'en_US';
  return {
    sheet,
    row: formula.row,
    column: formula.column,
    read: ({ sheet: of, rect }) => {
      const layer = layers.get(of);
      return matrix(layer ? readRect(attempt, cache, layer, rect) : [[null]]);
    },
    formulaAt: ({ sheet: of, rect: { startRow, startColumn } }) => {
      const layer = layers.get(of);
      if (layer) noteCell(attempt, layer, startRow, startColumn);
      return of.rows[startRow]?.[startColumn]?.formula;
    },
    resolve: (text) => {
      const titled = parseA1(text);
      if (!titled) return undefined;
      try {
        const place =
          titled.sheet === undefined ? { sheet, rect: closed(sheet, titled.grid) } : resolveRange(book, text);
        return { kind: 'reference', sheet: place.sheet, rect: place.rect };
      } catch {
        return undefined;
      }
    },
    now,
    random,
    locale,
    format: (value, pattern) => formatValue(value ?? undefined, { type: 'NUMBER', pattern }, locale),
    arrays: false,
  };
}

function linkOf(tree: Node, context: Context): string | undefined {
  if (tree.kind !== 'call' || tree.name !== 'HYPERLINK' || !tree.args[0]) return undefined;
  const url = evaluateNode(tree.args[0], context);
  return typeof url === 'string' ? url : undefined;
}

/** A pivot table's figures from its anchor on; an anchor within its source would feed on itself. */
function evaluatePivot(attempt: Attempt, { book, layers, cache }: Surroundings): Evaluation {
  const pivot: PivotTable = JSON.parse(attempt.formula.text.slice(PIVOT.length));
  const source = pivotSource(book, pivot);
  const layer = source && layers.get(source.sheet);
  const rows = source && layer && readRect(attempt, cache, layer, source.rect);
  const read = (_: Sheet, row: number, column: number) =>
    rows?.[row - (source?.rect.startRow ?? 0)]?.[column - (source?.rect.startColumn ?? 0)] ?? undefined;
  const drawn = drawPivot(book, pivot, read);
  const plain = { mayExpand: true, shows: undefined, link: undefined };
  const single = drawn.length === 1 && drawn[0]?.length === 1;
  return single ? { value: drawn[0]?.[0] ?? null, rows: undefined, ...plain } : { value: null, rows: drawn, ...plain };
}

const PLAIN = { rows: undefined, mayExpand: false, shows: undefined, link: undefined };

function refused(type: ErrorType, message: string): Evaluation {
  return { value: { type, message }, ...PLAIN };
}

/** The cell that is read before all others, where the tree alone tells. */
function firstCell(tree: Node, names: Names): Reference | undefined {
  let node: Node | undefined = tree;
  while (node?.kind === 'call' && node.operator) node = node.args[0];
  const place = node?.kind === 'reference' ? names.place(node.sheet, node.grid) : undefined;
  if (!place) return undefined;
  const { startRow, endRow, startColumn, endColumn } = place.rect;
  return endRow - startRow === 1 && endColumn - startColumn === 1 ? place : undefined;
}

/** Says what throwing would say for a tenth of the time: a chain read from its end waits at every link. */
function isWaiting(attempt: Attempt, tree: Node, around: Surroundings): boolean {
  const first = firstCell(tree, namesOn(attempt.formula.layer.sheet, around));
  const layer = first && around.layers.get(first.sheet);
  if (!first || !layer) return false;
  const formula = formulaAt(layer, first.rect.startRow, first.rect.startColumn);
  if (!formula?.isDirty || formula.isProvisional) return false;
  noteRead(attempt, layer, first.rect);
  attempt.waits.push(formula);
  return true;
}

/**
 * Evaluates the attempt's formula. When it reads a cell that is not known yet, the attempt says which, and NOT_READY
 * is thrown or nothing returned; it throws nothing else.
 */
export function evaluate(attempt: Attempt, around: Surroundings): Evaluation | undefined {
  try {
    return attempt.formula.text.startsWith(PIVOT) ? evaluatePivot(attempt, around) : compute(attempt, around);
  } catch (thrown) {
    if (thrown === NOT_READY) throw thrown;
    const why = thrown instanceof Error ? thrown.message : String(thrown);
    return refused('ERROR', `The embedded backend cannot compute this formula (${why}).`);
  }
}

function compute(attempt: Attempt, around: Surroundings): Evaluation | undefined {
  const { formula } = attempt;
  formula.program ??= programOf(formula, around.book.properties.locale ?? 'en_US');
  const { tree, isVolatile } = formula.program;
  if (isVolatile) around.noteVolatile(formula);
  if (!tree) return refused('ERROR', 'Formula parse error.');
  if (isWaiting(attempt, tree, around)) return undefined;
  const scope = scopeOf(attempt, around);
  const names = namesOn(formula.layer.sheet, around);
  const locale = around.book.properties.locale ?? 'en_US';
  const context: Context = {
    scope,
    names,
    variables: new Map(),
    shownAs: (node) => showsOf(node, names, around.layers),
    formatAs: (value, shows) =>
      formatValue(value ?? undefined, shows === 'FIRST_ARGUMENT' ? undefined : { type: shows }, locale),
    depth: 0,
  };
  const result = evaluateNode(tree, context);
  const cells = isReference(result) ? scope.read(result) : result;
  const shows = showsOf(tree, names, around.layers);
  const link = linkOf(tree, context);
  if (isLambda(cells)) {
    return refused('N_A', 'Function LAMBDA should be followed by a call containing the actual values.');
  }
  if (!isMatrix(cells)) {
    const failed = isError(cells);
    return { value: cells, rows: undefined, mayExpand: failed, shows: failed ? undefined : shows, link };
  }
  const { rows } = cells;
  if (rows.length === 1 && rows[0]?.length === 1) {
    return { value: rows[0][0] ?? null, rows: undefined, mayExpand: !isReference(result), shows, link };
  }
  return { value: null, rows, mayExpand: true, shows, link };
}
