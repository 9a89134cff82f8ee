// SUMIF, COUNTIFS, MAXIFS and their families: aggregates of the cells whose neighbours pass tests. The tests
// themselves are criteria.ts.

import { define, type FunctionSpec, operand, optional, rest, type Scope, value, wholeMatrix } from '../define.ts';
import { fail, isError, isReference, type Matrix, type Operand, type Scalar, type Value } from '../value.ts';
import { criterion, type Test } from './criteria.ts';
import { cellsOf, sameSize } from './matrices.ts';
import { greatest, least, mean, type Numbers, sum } from './numbers.ts';
import { keyOf } from './order.ts';
import { differentSizes, divideByZero } from './refusals.ts';

interface Condition {
  readonly cells: Matrix;
  readonly test: Test;
}

/** Calls `take` with each cell of `of` whose counterparts pass every test. */
function each(name: string, of: Matrix, conditions: readonly Condition[], take: (value: Value) => void): void {
  for (const { cells } of conditions) if (!sameSize(of, cells)) throw differentSizes(name);
  of.rows.forEach((row, down) => {
    row.forEach((cell, right) => {
      for (const { cells, test } of conditions) if (!test(cells.rows[down]?.[right] ?? null)) return;
      take(cell);
    });
  });
}

function numbersWhere(name: string, of: Matrix, conditions: readonly Condition[]): Numbers {
  const found: number[] = [];
  each(name, of, conditions, (cell) => {
    if (isError(cell)) throw fail(cell.type, cell.message);
    if (typeof cell === 'number') found.push(cell);
  });
  return found;
}

type Fold = (of: Numbers, name: string) => number;

const average: Fold = (of, name) => {
  if (of.length === 0) throw divideByZero(name);
  return mean(of);
};

/** The cells summed lie as the tested ones do, from the first cell of the range that is given. */
function alongside(scope: Scope, tested: Operand, given: Operand | undefined): Matrix {
  const shape = cellsOf(scope, tested);
  if (given === undefined) return shape;
  if (!isReference(given)) return cellsOf(scope, given);
  const { startRow, startColumn } = given.rect;
  const endRow = startRow + shape.rows.length;
  const endColumn = startColumn + (shape.rows[0]?.length ?? 0);
  const area = { startRow, startColumn, endRow, endColumn };
  const { rows } = scope.read({ kind: 'reference', sheet: given.sheet, rect: area });
  // Cells beyond the sheet are blank.
  const full = shape.rows.map((row, down) => {
    const own = rows[down] ?? [];
    return own.length === row.length ? own : row.map((_, right) => own[right] ?? null);
  });
  return { kind: 'matrix', rows: full };
}

/** SUMIF and AVERAGEIF. */
function one(name: string, fold: Fold): FunctionSpec {
  return define(name, [operand, value, optional(operand)], (scope, tested, of, summed) => {
    const condition = { cells: cellsOf(scope, tested), test: criterion(scope, of) };
    return fold(numbersWhere(name, alongside(scope, tested, summed), [condition]), name);
  });
}

/** The ranges and criteria that follow each other in the arguments of the plural forms. */
function pairs(
  scope: Scope,
  first: readonly [Matrix, Scalar | null],
  cells: readonly Matrix[],
  criteria: readonly (Scalar | null)[],
): readonly Condition[] {
  const more = cells.map((matrix, index) => ({ cells: matrix, test: criterion(scope, criteria[index] ?? null) }));
  return [{ cells: first[0], test: criterion(scope, first[1]) }, ...more];
}

/** SUMIFS and its likes: what is folded comes first. */
function several(name: string, fold: Fold): FunctionSpec {
  return define(
    name,
    [wholeMatrix, wholeMatrix, value, rest(wholeMatrix), rest(value)],
    (scope, of, cells, test, more, tests) =>
      fold(numbersWhere(name, of, pairs(scope, [cells, test], more, tests)), name),
  );
}

export const CONDITIONAL_FUNCTIONS: readonly FunctionSpec[] = [
  one('SUMIF', sum),
  one('AVERAGEIF', average),
  several('SUMIFS', sum),
  several('AVERAGEIFS', average),
  several('MINIFS', (of) => (of.length === 0 ? 0 : least(of))),
  several('MAXIFS', (of) => (of.length === 0 ? 0 : greatest(of))),
  define('COUNTIF', [wholeMatrix, value], (scope, cells, of) => {
    let found = 0;
    each('COUNTIF', cells, [{ cells, test: criterion(scope, of) }], () => found++);
    return found;
  }),
  define(
    'PERCENTIF',
    [wholeMatrix, value],
    (scope, cells, of) => {
      let found = 0;
      each('PERCENTIF', cells, [{ cells, test: criterion(scope, of) }], () => found++);
      return found / (cells.rows.length * (cells.rows[0]?.length ?? 1));
    },
    { shows: 'PERCENT' },
  ),
  define('COUNTIFS', [wholeMatrix, value, rest(wholeMatrix), rest(value)], (scope, cells, of, more, tests) => {
    let found = 0;
    each('COUNTIFS', cells, pairs(scope, [cells, of], more, tests), () => found++);
    return found;
  }),
  define(
    'COUNTUNIQUEIFS',
    [wholeMatrix, wholeMatrix, value, rest(wholeMatrix), rest(value)],
    (scope, of, cells, test, more, tests) => {
      const found = new Set<string>();
      each('COUNTUNIQUEIFS', of, pairs(scope, [cells, test], more, tests), (cell) => {
        if (cell !== null) found.add(keyOf(cell));
      });
      return found.size;
    },
  ),
];
