// Calls of functions by operands: lifting over arrays, arguments as parameters want them, the count of arguments.
// Evaluates no tree.

import type { FunctionSpec, Param, Scope } from './define.ts';
import { NOT_THERE, scalarOf } from './functions/lifting.ts';
import type { Rows } from './functions/matrices.ts';
import { argumentFor } from './parameters.ts';
import {
  type CellError,
  FormulaError,
  isLambda,
  isMatrix,
  isReference,
  matrix,
  type Operand,
  type Value,
} from './value.ts';

/** Where a call is made. */
export interface Place {
  readonly scope: Scope;
}

export const error = (type: CellError['type'], message: string): CellError => ({ type, message });

/** What the work gives, an error that it throws included. */
export function guarded(work: () => Operand): Operand {
  try {
    return work();
  } catch (thrown) {
    if (thrown instanceof FormulaError) return thrown.value;
    throw thrown;
  }
}

/** Throws unless so many arguments may be given. */
export function counted(name: string, least: number, most: number, given: number): void {
  if (given >= least && given <= most) return;
  const open = most === Number.POSITIVE_INFINITY;
  const wanted = least === most ? `${least}` : open ? `at least ${least}` : `between ${least} and ${most}`;
  throw new FormulaError(countError(name, wanted, given));
}

export function countError(name: string, wanted: string, given: number): CellError {
  return error(
    'N_A',
    `Wrong number of arguments to ${name}. Expected ${wanted} arguments, but got ${given} arguments.`,
  );
}

/** One value: of a range the cell in the formula's own row or column. */
export function single(of: Operand, { scope }: Place): Value {
  if (isLambda(of)) return error('VALUE', 'A lambda is not a value.');
  return isReference(of) || isMatrix(of) ? scalarOf(scope, of) : of;
}

/** The parameter that takes the argument of this number; rest parameters repeat in turn. */
export function paramAt(params: readonly Param<unknown>[], index: number): Param<unknown> | undefined {
  const first = params.findIndex(({ rest }) => rest);
  if (first < 0 || index < first) return params[index];
  return params[first + ((index - first) % (params.length - first))];
}

export type Given = Operand | (() => Operand);

/** Lifts a call over the arrays among the arguments of its scalar parameters, or makes it once. */
export function run(spec: FunctionSpec, operands: readonly Given[], context: Place): Operand {
  const { scope } = context;
  const lifts = new Map<number, Rows>();
  const settled = operands.map((operand, index): Given => {
    if (typeof operand === 'function' || !paramAt(spec.params, index)?.lift) return operand;
    if (isMatrix(operand) || isReference(operand)) {
      const rows = manyOf(operand, context);
      if (rows) lifts.set(index, rows);
      else return isReference(operand) ? scalarOf(scope, operand) : (operand.rows[0]?.[0] ?? null);
    }
    return operand;
  });
  if (lifts.size === 0) return once(spec, settled, context);
  const all = [...lifts.values()];
  const height = Math.max(...all.map((rows) => rows.length));
  const width = Math.max(...all.map((rows) => rows[0]?.length ?? 0));
  const out: Value[][] = [];
  for (let r = 0; r < height; r++) {
    const line: Value[] = [];
    for (let c = 0; c < width; c++) {
      const cells = settled.map((operand, index): Given => {
        const rows = lifts.get(index);
        if (!rows) return operand;
        const row = rows[rows.length === 1 ? 0 : r];
        const value = row?.[row.length === 1 ? 0 : c];
        return value === undefined ? NOT_THERE : value;
      });
      line.push(
        single(
          guarded(() => once(spec, cells, context)),
          context,
        ),
      );
    }
    out.push(line);
  }
  return matrix(out);
}

/**
 * The cells of an argument that a scalar parameter is mapped over. A range outside array context stands for its cell
 * in the formula's row or column; only where there is none it is an array, too.
 */
function manyOf(operand: Operand, { scope }: Place): Rows | undefined {
  if (isReference(operand)) {
    const { startRow, endRow, startColumn, endColumn } = operand.rect;
    if (endRow - startRow === 1 && endColumn - startColumn === 1) return undefined;
    if (!scope.arrays) {
      const inRow = scope.row >= startRow && scope.row < endRow;
      const inColumn = scope.column >= startColumn && scope.column < endColumn;
      const meets = endColumn - startColumn === 1 ? inRow : endRow - startRow === 1 ? inColumn : inRow && inColumn;
      if (meets) return undefined;
    }
    return scope.read(operand).rows;
  }
  if (!isMatrix(operand)) return undefined;
  return operand.rows.length > 1 || (operand.rows[0]?.length ?? 0) > 1 ? operand.rows : undefined;
}

function once({ name, params, run: work }: FunctionSpec, operands: readonly Given[], { scope }: Place): Operand {
  const first = params.findIndex(({ rest }) => rest);
  const fixed = first < 0 ? params.length : first;
  const read = (param: Param<unknown>, index: number): unknown => {
    const given = operands[index];
    if (given === undefined) return param.fallback;
    if (typeof given === 'function') return given;
    return argumentFor(param, name, index + 1, scope, given);
  };
  const args: unknown[] = params.slice(0, fixed).map((param, index) => read(param, index));
  const lists: unknown[][] = params.slice(fixed).map(() => []);
  for (let index = fixed; index < operands.length && lists.length > 0; index++) {
    const turn = (index - fixed) % lists.length;
    const param = params[fixed + turn];
    if (param) lists[turn]?.push(read(param, index));
  }
  const result = work(scope, ...([...args, ...lists] as never[]));
  if (typeof result === 'number' && !Number.isFinite(result)) return error('NUM', 'Result was not a number.');
  return result;
}
