// Functions that rearrange whole arrays: stacking, flattening, wrapping, choosing and transposing. Computes nothing.

import { MAX_CELLS } from '../../workbook.ts';
import {
  boolean,
  define,
  type FunctionSpec,
  integer,
  operand,
  optional,
  raw,
  rest,
  type Scope,
  wholeMatrix,
} from '../define.ts';
import { type CellError, fail, isError, type Matrix, matrix, type Operand, type Value } from '../value.ts';
import { build, cellsOf, column, flat, type Rows, sizeOf, transpose } from './matrices.ts';
import { textOf } from './order.ts';
import { atLeast, notNumber, outOfRange } from './refusals.ts';

const MISSING: CellError = { type: 'N_A', message: '' };

/** Below each other, narrower ones padded; beside each other by way of transposing. */
function stack(parts: readonly Matrix[]): Rows {
  const width = Math.max(...parts.map((part) => sizeOf(part).columns));
  return parts.flatMap(({ rows }) =>
    rows.map((row) => (row.length === width ? row : [...row, ...Array<Value>(width - row.length).fill(MISSING)])),
  );
}

/** The chosen lines, counted from 1, or from the end when negative. */
function choose(name: string, rows: Rows, choices: readonly Matrix[]): Rows {
  return choices.flatMap((one, argument) =>
    flat(one).map((choice) => {
      if (isError(choice)) throw fail(choice.type, choice.message);
      const wanted = Math.trunc(Number(choice));
      if (Number.isNaN(wanted)) throw notNumber(name, argument + 2, textOf(choice));
      const line = rows[wanted > 0 ? wanted - 1 : rows.length + wanted];
      if (wanted === 0 || !line) throw outOfRange(name, argument + 2, wanted);
      return line;
    }),
  );
}

/** The values TOROW and TOCOL keep, in their order. */
function unroll(name: string, of: Matrix, ignore: number, byColumn: boolean): readonly Value[] {
  if (ignore < 0 || ignore > 3) throw outOfRange(name, 2, ignore, 'VALUE');
  const values = (byColumn ? transpose(of.rows) : of.rows).flat();
  const kept = values.filter((one) => !((ignore & 1 && one === null) || (ignore & 2 && isError(one))));
  if (kept.length === 0) throw fail('N_A', `${name} has no values left after those to ignore.`);
  return kept;
}

function wrap(name: string, of: Matrix, count: number, pad: Value | undefined): Rows {
  atLeast(name, 2, count, 1);
  const values = flat(of);
  if (count > MAX_CELLS) throw outOfRange(name, 2, count);
  return Array.from({ length: Math.ceil(values.length / count) }, (_, line) =>
    Array.from({ length: count }, (__, place) => {
      const at = line * count + place;
      return at < values.length ? (values[at] ?? null) : pad === undefined ? MISSING : pad;
    }),
  );
}

const matricesOf = (scope: Scope, of: readonly Operand[]) => of.map((one) => cellsOf(scope, one));

export const ARRAY_FUNCTIONS: readonly FunctionSpec[] = [
  define('TRANSPOSE', [wholeMatrix], (_, of) => matrix(transpose(of.rows)), { arrays: true }),
  define(
    'FLATTEN',
    [operand, rest(operand)],
    (scope, first, more) => column(matricesOf(scope, [first, ...more]).flatMap(flat)),
    { arrays: true },
  ),
  define('ARRAY_CONSTRAIN', [wholeMatrix, integer, integer], (_, of, rows, columns) => {
    atLeast('ARRAY_CONSTRAIN', 2, rows, 1);
    atLeast('ARRAY_CONSTRAIN', 3, columns, 1);
    const size = sizeOf(of);
    const at = (row: number, one: number) => of.rows[row]?.[one] ?? null;
    return build(Math.min(rows, size.rows), Math.min(columns, size.columns), at);
  }),
  define(
    'HSTACK',
    [operand, rest(operand)],
    (scope, first, more) => {
      const parts = matricesOf(scope, [first, ...more]).map(({ rows }) => matrix(transpose(rows)));
      return matrix(transpose(stack(parts)));
    },
    { arrays: true },
  ),
  define(
    'VSTACK',
    [operand, rest(operand)],
    (scope, first, more) => matrix(stack(matricesOf(scope, [first, ...more]))),
    {
      arrays: true,
    },
  ),
  define('CHOOSECOLS', [wholeMatrix, wholeMatrix, rest(wholeMatrix)], (_, of, first, more) =>
    matrix(transpose(choose('CHOOSECOLS', transpose(of.rows), [first, ...more]))),
  ),
  define('CHOOSEROWS', [wholeMatrix, wholeMatrix, rest(wholeMatrix)], (_, of, first, more) =>
    matrix(choose('CHOOSEROWS', of.rows, [first, ...more])),
  ),
  define('WRAPROWS', [wholeMatrix, integer, optional(raw)], (_, of, count, pad) =>
    matrix(wrap('WRAPROWS', of, count, pad)),
  ),
  define('WRAPCOLS', [wholeMatrix, integer, optional(raw)], (_, of, count, pad) =>
    matrix(transpose(wrap('WRAPCOLS', of, count, pad))),
  ),
  define('TOROW', [wholeMatrix, optional(integer, 0), optional(boolean, false)], (_, of, ignore, byColumn) =>
    matrix([unroll('TOROW', of, ignore, byColumn)]),
  ),
  define('TOCOL', [wholeMatrix, optional(integer, 0), optional(boolean, false)], (_, of, ignore, byColumn) =>
    column(unroll('TOCOL', of, ignore, byColumn)),
  ),
];
