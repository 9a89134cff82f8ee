// Functions that call a lambda for each value, row or column: MAP, REDUCE, SCAN, BYROW, BYCOL, MAKEARRAY. LAMBDA and
// LET themselves belong to the evaluator.

import { MAX_CELLS } from '../../workbook.ts';
import { define, type FunctionSpec, integer, lambda, operand, rest, type Scope } from '../define.ts';
import { fail, isError, isLambda, isReference, type Lambda, type Matrix, matrix, type Operand } from '../value.ts';
import { NOT_THERE } from './lifting.ts';
import { build, cellsOf, type Rows, sizeOf, transpose } from './matrices.ts';
import { atLeast } from './refusals.ts';

/** Throws unless the lambda names as many arguments as it will be given. */
function takes(name: string, of: Lambda, count: number): void {
  if (of.parameters.length === count) return;
  const wanted = `Wrong number of arguments to LAMBDA in ${name} evaluation. Expected ${count} arguments`;
  throw fail('N_A', `${wanted}, but got ${of.parameters.length} arguments.`);
}

/** Part of an argument; of a range it is a range again, so that the lambda can ask for its place. */
function part(of: Operand, cells: Matrix, row: number, column: number, rows = 1, columns = 1): Operand {
  if (isReference(of)) {
    const { startRow, startColumn } = of.rect;
    const [top, left] = [startRow + row, startColumn + column];
    return { ...of, rect: { startRow: top, endRow: top + rows, startColumn: left, endColumn: left + columns } };
  }
  if (rows === 1 && columns === 1) {
    const value = cells.rows[row]?.[column];
    return value === undefined ? NOT_THERE : value;
  }
  return matrix(cells.rows.slice(row, row + rows).map((line) => line.slice(column, column + columns)));
}

/** What a lambda gives, in cells; a lambda is not a value. */
function resultOf(scope: Scope, of: Operand): Rows {
  if (isLambda(of)) throw fail('VALUE', 'Single value expected. LAMBDA results are not supported.');
  return cellsOf(scope, of).rows;
}

function single(scope: Scope, of: Operand) {
  const rows = resultOf(scope, of);
  if (rows.length > 1 || (rows[0]?.length ?? 0) > 1) throw nested();
  return rows[0]?.[0] ?? null;
}

const nested = () => fail('VALUE', 'Single value expected. Nested array results are not supported.');

/** Results of one row each below each other, the shorter ones filled up with blanks. */
function stacked(results: readonly Rows[]): Rows {
  const width = Math.max(...results.map((rows) => rows[0]?.length ?? 0));
  return results.map((rows) => {
    const [row = []] = rows;
    if (rows.length > 1) throw nested();
    return row.length === width ? row : [...row, ...Array<null>(width - row.length).fill(null)];
  });
}

function byRow(scope: Scope, of: Operand, call: Lambda): Matrix {
  takes('BYROW', call, 1);
  const cells = cellsOf(scope, of);
  const { rows, columns } = sizeOf(cells);
  const each = Array.from({ length: rows }, (_, row) => call.call([part(of, cells, row, 0, 1, columns)]));
  return matrix(stacked(each.map((one) => resultOf(scope, one))));
}

function byColumn(scope: Scope, of: Operand, call: Lambda): Matrix {
  takes('BYCOL', call, 1);
  const cells = cellsOf(scope, of);
  const { rows, columns } = sizeOf(cells);
  const each = Array.from({ length: columns }, (_, column) => call.call([part(of, cells, 0, column, rows, 1)]));
  return matrix(transpose(stacked(each.map((one) => transpose(resultOf(scope, one))))));
}

/** Values side by side; along a column each may give a row, along a row each may give a column. */
function map(scope: Scope, args: readonly Operand[]): Matrix {
  const call = args.at(-1) ?? null;
  if (isError(call)) throw fail(call.type, call.message);
  if (!isLambda(call)) throw fail('N_A', 'Argument must be a LAMBDA.');
  const arrays = args.slice(0, -1);
  takes('MAP', call, arrays.length);
  const cells = arrays.map((one) => cellsOf(scope, one));
  const rows = Math.max(...cells.map((one) => one.rows.length));
  const columns = Math.max(...cells.map((one) => sizeOf(one).columns));
  const at = (row: number, column: number) =>
    call.call(
      arrays.map((one, index) => {
        const values = cells[index] ?? matrix([[]]);
        return values.rows[row]?.[column] === undefined ? NOT_THERE : part(one, values, row, column);
      }),
    );
  if (columns === 1) {
    return matrix(stacked(Array.from({ length: rows }, (_, row) => resultOf(scope, at(row, 0)))));
  }
  if (rows === 1) {
    const each = Array.from({ length: columns }, (_, column) => transpose(resultOf(scope, at(0, column))));
    return matrix(transpose(stacked(each)));
  }
  return build(rows, columns, (row, column) => single(scope, at(row, column)));
}

/** Calls the lambda with what it gave last and the next value, row after row; `seen` is told each result. */
function fold(scope: Scope, name: string, start: Operand, of: Operand, call: Lambda, seen?: (one: Operand) => void) {
  takes(name, call, 2);
  const cells = cellsOf(scope, of);
  let last = start;
  cells.rows.forEach((line, row) => {
    line.forEach((_, column) => {
      last = call.call([last, part(of, cells, row, column)]);
      seen?.(last);
    });
  });
  return last;
}

export const LAMBDA_FUNCTIONS: readonly FunctionSpec[] = [
  define('MAP', [operand, operand, rest(operand)], (scope, first, second, more) =>
    map(scope, [first, second, ...more]),
  ),
  define('REDUCE', [operand, operand, lambda], (scope, start, of, call) => fold(scope, 'REDUCE', start, of, call)),
  define('SCAN', [operand, operand, lambda], (scope, start, of, call) => {
    const results: Operand[] = [];
    fold(scope, 'SCAN', start, of, call, (one) => results.push(single(scope, one)));
    const { rows, columns } = sizeOf(cellsOf(scope, of));
    return build(rows, columns, (row, column) => single(scope, results[row * columns + column] ?? null));
  }),
  define('BYROW', [operand, lambda], byRow),
  define('BYCOL', [operand, lambda], byColumn),
  define('MAKEARRAY', [integer, integer, lambda], (scope, rows, columns, call) => {
    atLeast('MAKEARRAY', 1, rows, 1);
    atLeast('MAKEARRAY', 2, columns, 1);
    if (rows * columns > MAX_CELLS) throw fail('NUM', 'Result too large.');
    takes('MAKEARRAY', call, 2);
    return build(rows, columns, (row, column) => single(scope, call.call([row + 1, column + 1])));
  }),
];
