// Between the calculation and the language of formulas: evaluates one formula of a workbook, with cells read as the
// attempt reads them. Decides no order.

import { type Grid, parseA1 } from '../../sheets/a1.ts';
import type { FunctionSpec, Scope, Shows } from '../formula/define.ts';
import { type Context, evaluateNode, type Names } from '../formula/evaluate.ts';
import { type Node, parseFormula } from '../formula/parse.ts';
import { functionOf } from '../formula/registry.ts';
import { isError, isLambda, isMatrix, isReference, matrix, type Reference, type Value } from '../formula/value.ts';
import type { PivotTable } from '../messages/pivot.ts';
import { formatValue } from '../number-format.ts';
import { drawPivot, pivotSource } from '../pivot/draw.ts';
import { type Rect, resolveRange } from '../ranges.ts';
import { type Book, type Sheet, sheetById, sheetByTitle } from '../workbook.ts';
import { type Formula, formulaAt, type Layer, PIVOT } from './formulas.ts';
import { type Attempt, type Cache, readRect } from './read.ts';

/** A formula once it is parsed; no tree is "Formula parse error.". */
export interface Program {
  readonly tree: Node | undefined;
  readonly isVolatile: boolean;
}

export interface Evaluation {
  readonly value: Value;
  /** An array of more than one cell. */
  readonly rows: readonly (readonly Value[])[] | undefined;
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
}

function someCall(node: Node, test: (spec: FunctionSpec) => boolean): boolean {
  switch (node.kind) {
    case 'call': {
      const spec = functionOf(node.name);
      return (spec !== undefined && test(spec)) || node.args.some((each) => someCall(each, test));
    }
    case 'apply':
      return someCall(node.callee, test) || node.args.some((each) => someCall(each, test));
    case 'span':
      return someCall(node.from, test) || someCall(node.to, test);
    case 'array':
      return node.rows.some((row) => row.some((each) => someCall(each, test)));
    default:
      return false;
  }
}

function programOf(formula: Formula, locale: string): Program {
  const tree = parseFormula(formula.text, locale);
  return { tree, isVolatile: tree !== undefined && someCall(tree, (spec) => spec.volatile) };
}

function closed(sheet: Sheet, grid: Grid): Rect {
  const { rowCount, columnCount } = sheet.properties.gridProperties;
  const { startRow = 0, startColumn = 0, endRow = rowCount, endColumn = columnCount } = grid;
  return {
    startRow,
    endRow: Math.max(endRow, startRow + 1),
    startColumn,
    endColumn: Math.max(endColumn, startColumn + 1),
  };
}

function namesOf(book: Book, own: Sheet): Names {
  const at = (sheet: Sheet | undefined, grid: Grid): Reference | undefined =>
    sheet && { kind: 'reference', sheet, rect: closed(sheet, grid) };
  return {
    place: (title, grid) => at(title === undefined ? own : sheetByTitle(book, title), grid),
    named: (name) => {
      const lower = name.toLowerCase();
      const { range } = book.namedRanges.find((one) => one.name?.toLowerCase() === lower) ?? {};
      if (!range) return undefined;
      const { startRowIndex, endRowIndex, startColumnIndex, endColumnIndex } = range;
      return at(sheetById(book, range.sheetId ?? 0), {
        ...(startRowIndex !== undefined && { startRow: startRowIndex }),
        ...(endRowIndex !== undefined && { endRow: endRowIndex }),
        ...(startColumnIndex !== undefined && { startColumn: startColumnIndex }),
        ...(endColumnIndex !== undefined && { endColumn: endColumnIndex }),
      });
    },
    table: (name, area) => tableArea(book, name, area),
  };
}

/** `Table[Column]`, `Table[#ALL]`, `Table[[#TOTALS],[Column]]`; the area is what stands in the outer brackets. */
function tableArea(book: Book, name: string, area: string): Reference | undefined {
  const lower = name.toLowerCase();
  for (const sheet of book.sheets) {
    const table = sheet.parts.tables?.find((one) => one.name?.toLowerCase() === lower);
    const range = table?.range;
    if (!table || !range) continue;
    const parts = /^\[/.test(area) ? [...area.matchAll(/\[([^\]]*)\]/g)].map(([, part = '']) => part) : [area];
    const special = parts.find((part) => part.startsWith('#'))?.toUpperCase();
    const wanted = parts.find((part) => !part.startsWith('#') && part !== '')?.toLowerCase();
    const { startRowIndex = 0, endRowIndex = 0, startColumnIndex = 0, endColumnIndex = 0 } = range;
    const index = table.columnProperties?.find((one) => one.columnName?.toLowerCase() === wanted)?.columnIndex ?? 0;
    if (wanted !== undefined && !table.columnProperties?.some((one) => one.columnName?.toLowerCase() === wanted)) {
      return undefined;
    }
    const columns =
      wanted === undefined
        ? { startColumn: startColumnIndex, endColumn: endColumnIndex }
        : { startColumn: startColumnIndex + index, endColumn: startColumnIndex + index + 1 };
    const hasFooter = table.rowsProperties?.footerColorStyle !== undefined;
    const lastData = hasFooter ? endRowIndex - 1 : endRowIndex;
    const rows: Readonly<Record<string, readonly [number, number]>> = {
      '#ALL': [startRowIndex, endRowIndex],
      '#HEADERS': [startRowIndex, startRowIndex + 1],
      '#TOTALS': [lastData, endRowIndex],
    };
    const [startRow, endRow] = rows[special ?? ''] ?? [startRowIndex + 1, lastData];
    return { kind: 'reference', sheet, rect: { startRow, endRow: Math.max(endRow, startRow + 1), ...columns } };
  }
  return undefined;
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
    formulaAt: ({ sheet: of, rect }) => of.rows[rect.startRow]?.[rect.startColumn]?.formula,
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

const DATES = new Set(['DATE', 'TIME', 'DATE_TIME']);

/** How the result of a tree is shown: a function's own kind, or that of its first argument. */
function showsOf(tree: Node, names: Names, layers: ReadonlyMap<Sheet, Layer>): Shows | undefined {
  if (tree.kind === 'reference') {
    const place = names.place(tree.sheet, tree.grid);
    return place && formatAt(place, layers);
  }
  if (tree.kind !== 'call') return undefined;
  const [first, second] = tree.args;
  if (tree.name === 'ARRAYFORMULA') return first && showsOf(first, names, layers);
  const shows = functionOf(tree.name)?.shows;
  if (shows !== 'FIRST_ARGUMENT') return shows;
  const [a, b] = [first && showsOf(first, names, layers), second && showsOf(second, names, layers)];
  // A day from a day is a number of days.
  if (tree.name === 'MINUS' && a !== undefined && DATES.has(a) && a === b) return undefined;
  return a ?? (tree.operator ? b : undefined);
}

function formatAt({ sheet, rect }: Reference, layers: ReadonlyMap<Sheet, Layer>): Shows | undefined {
  const format = sheet.rows[rect.startRow]?.[rect.startColumn]?.format ?? 0;
  const type = format === 0 ? undefined : sheet.book.formats.get(format)?.numberFormat?.type;
  const layer = layers.get(sheet);
  if (type === undefined && layer) return formulaAt(layer, rect.startRow, rect.startColumn)?.shows;
  return type && (DATES.has(type) || type === 'PERCENT' || type === 'CURRENCY') ? (type as Shows) : undefined;
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
  const plain = { shows: undefined, link: undefined };
  const single = drawn.length === 1 && drawn[0]?.length === 1;
  return single ? { value: drawn[0]?.[0] ?? null, rows: undefined, ...plain } : { value: null, rows: drawn, ...plain };
}

const NO_TREE = { type: 'ERROR', message: 'Formula parse error.' } as const;

/** Evaluates the attempt's formula; throws NOT_READY when it reads a cell that is not known yet. */
export function evaluate(attempt: Attempt, around: Surroundings): Evaluation {
  const { formula } = attempt;
  formula.program ??= programOf(formula, around.book.properties.locale ?? 'en_US');
  const { tree, isVolatile } = formula.program;
  const plain = { rows: undefined, shows: undefined, link: undefined };
  if (formula.text.startsWith(PIVOT)) return evaluatePivot(attempt, around);
  if (isVolatile) around.noteVolatile(formula);
  if (!tree) return { value: NO_TREE, ...plain };
  const scope = scopeOf(attempt, around);
  const names = namesOf(around.book, formula.layer.sheet);
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
  let result = evaluateNode(tree, context);
  if (isReference(result)) result = scope.read(result);
  const shows = showsOf(tree, names, around.layers);
  const link = linkOf(tree, context);
  if (isLambda(result)) {
    const message = 'Function LAMBDA should be followed by a call containing the actual values.';
    return { value: { type: 'N_A', message }, ...plain };
  }
  if (!isMatrix(result)) return { value: result, rows: undefined, shows: isError(result) ? undefined : shows, link };
  const { rows } = result;
  if (rows.length === 1 && rows[0]?.length === 1) return { value: rows[0][0] ?? null, rows: undefined, shows, link };
  return { value: null, rows, shows, link };
}
