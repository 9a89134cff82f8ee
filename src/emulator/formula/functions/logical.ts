// Conditions and choices: IF, IFS, SWITCH, CHOOSE, IFERROR, AND and their likes. Branches are evaluated when they are
// taken; over arrays of conditions each branch is evaluated once, and only if some cell takes it.

import { boolean, define, type FunctionSpec, operand, optional, rest, type Scope, thunk } from '../define.ts';
import { numberFrom } from '../parameters.ts';
import {
  type CellError,
  fail,
  isError,
  isLambda,
  isMatrix,
  isReference,
  matrix,
  type Operand,
  type Scalar,
  type Value,
} from '../value.ts';
import { booleanOf, type Lazy, lifted, NOT_THERE, scalarOf, settle, valueAt } from './lifting.ts';
import { build, cellsOf, type Rows, sizeOf } from './matrices.ts';
import { compareValues } from './order.ts';
import { noInput, within } from './refusals.ts';

/** Which branch a value of the condition takes, or what stands there instead of any. */
type Choice = (value: Value) => number | CellError;

/**
 * The branch that one value takes, or over an array of values the branches' cells side by side: as large as the array
 * and every branch taken, single rows and columns repeated.
 */
function choose(scope: Scope, condition: Operand, branches: readonly Lazy[], choice: Choice): Operand {
  const grid = lifted(scope, condition);
  if (!grid) {
    const chosen = choice(scalarOf(scope, condition));
    return typeof chosen === 'number' ? (branches[chosen]?.() ?? null) : chosen;
  }
  const taken = grid.map((line) =>
    line.map((value) =>
      settle(
        () => choice(value),
        (error) => error,
      ),
    ),
  );
  const cells = new Map<number, Rows>();
  let rows = grid.length;
  let columns = grid[0]?.length ?? 0;
  for (const index of new Set(taken.flat())) {
    if (typeof index !== 'number') continue;
    const found = cellsOf(scope, branches[index]?.() ?? null);
    cells.set(index, found.rows);
    rows = Math.max(rows, found.rows.length);
    columns = Math.max(columns, sizeOf(found).columns);
  }
  return build(rows, columns, (row, column) => {
    const line = taken[taken.length === 1 ? 0 : row];
    const chosen = line?.[line.length === 1 ? 0 : column] ?? NOT_THERE;
    return typeof chosen === 'number' ? valueAt(cells.get(chosen) ?? [[null]], row, column) : chosen;
  });
}

/** Branch 0 where the condition holds, else branch 1. */
function ifTrue(name: string, parameter: number): Choice {
  return (value) => (isError(value) ? value : booleanOf(name, parameter, value) ? 0 : 1);
}

const NO_MATCH: CellError = { type: 'N_A', message: 'No match.' };

/** The first pair whose condition holds; a condition that is an array decides cell by cell. */
function firstThatHolds(scope: Scope, pairs: readonly Lazy[], at: number): Operand {
  const [condition, result] = pairs.slice(at, at + 2);
  if (!condition || !result) return NO_MATCH;
  return choose(scope, condition(), [result, () => firstThatHolds(scope, pairs, at + 2)], ifTrue('IFS', at + 1));
}

/** As `=` compares: a blank is the same as 0, an empty text and FALSE. */
function isSame(a: Scalar | null, b: Scalar | null): boolean {
  if (a === null || b === null) return [null, 0, '', false].includes(a ?? b);
  return typeof a === typeof b && compareValues(a, b) === 0;
}

/** Cases are compared in order and not evaluated beyond the first that is the same. */
function switched(scope: Scope, subject: Operand, cases: readonly Lazy[]): Operand {
  const count = Math.floor(cases.length / 2);
  const results = Array.from({ length: count }, (_, index) => cases[2 * index + 1] ?? (() => null));
  const wanted: Value[] = [];
  return choose(scope, subject, [...results, cases[2 * count] ?? (() => NO_MATCH)], (value) => {
    if (isError(value)) return value;
    for (let index = 0; index < count; index++) {
      if (wanted.length === index) wanted.push(scalarOf(scope, cases[2 * index]?.() ?? null));
      const known = wanted[index] ?? null;
      if (isError(known)) return known;
      if (isSame(value, known)) return index;
    }
    return count;
  });
}

/** What is given for errors that are caught, cell by cell in an array; anything else passes as it is. */
function guarded(scope: Scope, of: Operand, other: Lazy, caught: (value: Value) => boolean): Operand {
  if (isLambda(of)) return of;
  const whole = isReference(of) && !lifted(scope, of) ? scalarOf(scope, of) : of;
  if (!isMatrix(whole) && !isReference(whole)) return caught(whole) ? other() : whole;
  const { rows } = cellsOf(scope, whole);
  if (!rows.some((row) => row.some(caught))) return whole;
  const { rows: instead } = cellsOf(scope, other());
  return matrix(rows.map((row, r) => row.map((value, c) => (caught(value) ? valueAt(instead, r, c) : value))));
}

/** As AND reads: texts and blanks within ranges are passed over, a bare text must be TRUE or FALSE. */
function truths(name: string, scope: Scope, args: readonly Operand[]): readonly boolean[] {
  const found: boolean[] = [];
  args.forEach((one, index) => {
    const rows = cellsOf(scope, one).rows;
    const many = (isReference(one) || isMatrix(one)) && (rows.length > 1 || (rows[0]?.length ?? 0) > 1);
    for (const value of rows.flat()) {
      if (isError(value)) throw fail(value.type, value.message);
      if (value === null && (many || isReference(one))) continue;
      if (typeof value === 'string' && many) continue;
      found.push(booleanOf(name, index + 1, value));
    }
  });
  if (found.length === 0) throw noInput(name, 'VALUE');
  return found;
}

function logical(name: string, fold: (of: readonly boolean[]) => boolean): FunctionSpec {
  return define(name, [operand, rest(operand)], (scope, first, more) => fold(truths(name, scope, [first, ...more])));
}

const isNotAvailable = (value: Value) => isError(value) && value.type === 'N_A';

export const LOGICAL_FUNCTIONS: readonly FunctionSpec[] = [
  define('TRUE', [], () => true),
  define('FALSE', [], () => false),
  define('NOT', [boolean], (_, value) => !value),
  logical('AND', (of) => of.every((one) => one)),
  logical('OR', (of) => of.some((one) => one)),
  logical('XOR', (of) => of.filter((one) => one).length % 2 === 1),
  define('IF', [operand, thunk, optional(thunk)], (scope, condition, then, otherwise = () => false) =>
    choose(scope, condition, [then, otherwise], ifTrue('IF', 1)),
  ),
  define('IFS', [thunk, thunk, rest(thunk)], (scope, condition, value, more) => {
    if (more.length % 2 === 1) {
      const message = `Wrong number of arguments to IFS. Expected even number of arguments, but got ${more.length + 2}`;
      throw fail('N_A', `${message} arguments.`);
    }
    return firstThatHolds(scope, [condition, value, ...more], 0);
  }),
  define('SWITCH', [operand, thunk, thunk, rest(thunk)], (scope, subject, value, result, more) =>
    switched(scope, subject, [value, result, ...more]),
  ),
  define('CHOOSE', [operand, thunk, rest(thunk)], (scope, index, first, more) => {
    const choices = [first, ...more];
    return choose(scope, index, choices, (value) => {
      if (isError(value)) return value;
      const chosen = Math.trunc(numberFrom('CHOOSE', 1, scope, value));
      within('CHOOSE', 1, chosen, 1, choices.length);
      return chosen - 1;
    });
  }),
  define('IFERROR', [operand, optional(thunk)], (scope, value, other = () => null) =>
    guarded(scope, value, other, isError),
  ),
  define('IFNA', [operand, thunk], (scope, value, other) => guarded(scope, value, other, isNotAvailable)),
];
