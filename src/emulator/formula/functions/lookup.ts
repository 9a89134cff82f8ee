// Looking values up: VLOOKUP, HLOOKUP, LOOKUP, MATCH and their X successors. Searching itself is search.ts.

import { boolean, define, type FunctionSpec, integer, operand, optional, type Scope, value } from '../define.ts';
import { fail, isReference, type Matrix, type Operand, type Reference, type Scalar, type Value } from '../value.ts';
import { cellsOf, sizeOf, transpose } from './matrices.ts';
import { textOf } from './order.ts';
import { differentSizes, notFound } from './refusals.ts';
import { findExact, findLastExact, findMatch, findNearest, findSorted, type Line, lineOf } from './search.ts';

/** One column of a reference, counted from 0; nothing else of it is read. */
function columnAt({ sheet, rect }: Reference, index: number): Reference {
  const startColumn = rect.startColumn + index;
  return { kind: 'reference', sheet, rect: { ...rect, startColumn, endColumn: startColumn + 1 } };
}

function rowAt({ sheet, rect }: Reference, index: number): Reference {
  const startRow = rect.startRow + index;
  return { kind: 'reference', sheet, rect: { ...rect, startRow, endRow: startRow + 1 } };
}

interface Table {
  readonly lines: number;
  /** Line by line: the columns of VLOOKUP, the rows of HLOOKUP. */
  readonly line: (index: number) => Line;
}

function tableOf(scope: Scope, of: Operand, across: boolean): Table {
  if (isReference(of)) {
    const { startRow, endRow, startColumn, endColumn } = of.rect;
    return {
      lines: across ? endRow - startRow : endColumn - startColumn,
      line: (index) => lineOf(scope.read(across ? rowAt(of, index) : columnAt(of, index))) ?? [],
    };
  }
  const { rows } = cellsOf(scope, of);
  const lines = across ? rows : transpose(rows);
  return { lines: lines.length, line: (index) => lines[index] ?? [] };
}

function lookUp(name: string, across: boolean): FunctionSpec {
  return define(name, [value, operand, integer, optional(boolean, true)], (scope, key, range, index, sorted) => {
    const table = tableOf(scope, range, across);
    if (index < 1) {
      const message = `Function ${name} parameter 3 value is ${index}. It should be greater than or equal to 1.`;
      throw fail('VALUE', message);
    }
    if (index > table.lines) throw fail('REF', `${name} evaluates to an out of bounds range.`);
    const at = key === null ? -1 : (sorted ? findSorted : findMatch)(table.line(0), key);
    if (at < 0) throw notFound(name, textOf(key));
    return table.line(index - 1)[at] ?? null;
  });
}

/** A line or Google's refusal of what has more than one row and more than one column. */
function lineFor(of: Matrix, refusal: string): Line {
  const line = lineOf(of);
  if (!line) throw fail('N_A', refusal);
  return line;
}

function lookup(scope: Scope, key: Scalar | null, searched: Operand, result: Operand | undefined): Operand {
  const cells = cellsOf(scope, searched);
  const { rows, columns } = sizeOf(cells);
  const wide = columns > rows;
  const first = wide ? (cells.rows[0] ?? []) : cells.rows.map((row) => row[0] ?? null);
  const at = key === null ? -1 : findSorted(first, key);
  if (at < 0) throw notFound('LOOKUP', textOf(key));
  if (result !== undefined) {
    return lineFor(cellsOf(scope, result), 'LOOKUP result range must be a single row or a single column.')[at] ?? null;
  }
  return (wide ? cells.rows[rows - 1]?.[at] : cells.rows[at]?.[columns - 1]) ?? null;
}

type MatchMode = -1 | 0 | 1 | 2;

function modeOf(name: string, parameter: number, given: number, allowed: readonly number[]): number {
  if (allowed.includes(given)) return given;
  const message = `Function ${name} parameter ${parameter} value is ${given}. Valid values are ${allowed.join(', ')}.`;
  throw fail('VALUE', message);
}

/** The place that XLOOKUP and XMATCH find; -1 when there is none. */
function extendedFind(name: string, line: Line, key: Value, modes: readonly [number, number, number]): number {
  const [parameter, matching, searching] = modes;
  const mode = modeOf(name, parameter, matching, [0, 1, -1, 2]) as MatchMode;
  const search = modeOf(name, parameter + 1, searching, [1, -1, 2, -2]);
  if (key === null || typeof key === 'object') return line.indexOf(null);
  if (Math.abs(search) === 2) {
    const direction = search > 0 ? 1 : -1;
    const at = findSorted(line, key, direction);
    const exact = findExact(at < 0 ? [] : [line[at] ?? null], key) === 0;
    if (exact) return at;
    // Of two neighbours in an ascending line the left one is the smaller; in a descending line it is the larger.
    if (mode === 0 || mode === 2) return -1;
    if (mode === -direction) return at;
    return at + 1 < line.length ? at + 1 : -1;
  }
  const last = search === -1;
  if (mode === 2) return findMatch(line, key, last);
  const at = last ? findLastExact(line, key) : findExact(line, key);
  return at >= 0 || mode === 0 ? at : findNearest(line, key, mode, last);
}

const LINE_ONLY = 'Lookup range should be singular row or column.';

export const LOOKUP_FUNCTIONS: readonly FunctionSpec[] = [
  lookUp('VLOOKUP', false),
  lookUp('HLOOKUP', true),
  define('LOOKUP', [value, operand, optional(operand)], lookup),
  define('MATCH', [value, operand, optional(integer, 1)], (scope, key, range, type) => {
    const line = lineFor(cellsOf(scope, range), 'MATCH range must be a single row or a single column.');
    let at = -1;
    if (key !== null) at = type === 0 ? findMatch(line, key) : findSorted(line, key, type > 0 ? 1 : -1);
    if (at < 0) throw notFound('MATCH', textOf(key));
    return at + 1;
  }),
  define('XMATCH', [value, operand, optional(integer, 0), optional(integer, 1)], (scope, key, range, match, search) => {
    const line = lineFor(cellsOf(scope, range), LINE_ONLY);
    const at = extendedFind('XMATCH', line, key, [3, match, search]);
    if (at < 0) throw notFound('XMATCH', textOf(key));
    return at + 1;
  }),
  define(
    'XLOOKUP',
    [value, operand, operand, optional(operand), optional(integer, 0), optional(integer, 1)],
    (scope, key, range, result, missing, match, search) => {
      const cells = cellsOf(scope, range);
      const line = lineFor(cells, LINE_ONLY);
      const results = cellsOf(scope, result);
      const size = sizeOf(results);
      const down = cells.rows.length > 1 || (line.length === 1 && size.rows === 1);
      if (line.length > 1 && (down ? size.rows : size.columns) !== line.length) throw differentSizes('XLOOKUP');
      const at = extendedFind('XLOOKUP', line, key, [5, match, search]);
      if (at < 0) {
        if (missing === undefined) throw notFound('XLOOKUP', textOf(key));
        return missing;
      }
      const rows = down ? [results.rows[at] ?? []] : results.rows.map((row) => [row[at] ?? null]);
      return rows.length === 1 && rows[0]?.length === 1 ? (rows[0][0] ?? null) : { kind: 'matrix', rows };
    },
  ),
];
