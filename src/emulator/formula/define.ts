// How functions are written down: a name, typed parameters, the work. The evaluator reads each argument as its
// parameter says; a function never coerces by hand. Evaluates nothing itself.

import type { CellError, Lambda, Matrix, Operand, Reference, Scalar, Value } from './value.ts';

/** What a function may ask of the place it is computed in. */
export interface Scope {
  /** Where the formula stands. */
  readonly sheet: Reference['sheet'];
  readonly row: number;
  readonly column: number;
  /** The cells of a reference, read now; open sides end with the last row or column that holds anything. */
  readonly read: (reference: Reference) => Matrix;
  /** The text of the formula in the first cell of a reference; undefined when it holds a constant. */
  readonly formulaAt: (reference: Reference) => string | undefined;
  /** A reference from its text, as INDIRECT needs; undefined when there is no such place. */
  readonly resolve: (text: string) => Reference | undefined;
  /** Serial date-time of this recalculation in the spreadsheet's zone: the same for every cell of it. */
  readonly now: number;
  readonly random: () => number;
  readonly locale: string;
  /** The text a value shows under a number format pattern. */
  readonly format: (value: Value, pattern: string) => string;
  /** True within ARRAYFORMULA and its likes: scalar parameters that are given matrices are mapped over. */
  readonly arrays: boolean;
}

/**
 * How one argument is read. `lift`: a scalar is wanted, so that a matrix is mapped over cell by cell (in array
 * context) or its first cell or intersection is taken. Without `lift` the argument arrives whole.
 */
export interface Param<T> {
  readonly kind: ParamKind;
  readonly lift: boolean;
  readonly optional: boolean;
  /** Takes every remaining argument; the last parameter only. Two or more rest parameters repeat in turn. */
  readonly rest: boolean;
  /** Stands for an argument that is missing; an argument left empty, as in `F(1,,2)`, is blank and not missing. */
  readonly fallback?: T;
}

export type ParamKind =
  /** A number: blanks 0, booleans 1 and 0, texts that look like numbers or dates; else #VALUE!. */
  | 'number'
  /** The same cut to an integer towards zero. */
  | 'integer'
  | 'text'
  | 'boolean'
  /** Any scalar or blank; an error is the result of the call. */
  | 'value'
  /** Any scalar, blank or error. */
  | 'raw'
  /** A whole array, errors within it kept; a scalar is 1 x 1. */
  | 'matrix'
  /** As SUM reads: the numbers of an argument in order; texts, booleans and blanks within ranges are passed over, a
   * bare scalar is coerced; an error is the result. */
  | 'numbers'
  /** A reference to cells; anything else is #VALUE!... */
  | 'reference'
  /** As it comes: matrix, reference, lambda, scalar or error. */
  | 'operand'
  | 'lambda'
  /** Not evaluated until the function calls it. */
  | 'thunk';

const param = <T>(kind: ParamKind, lift: boolean): Param<T> => ({ kind, lift, optional: false, rest: false });

export const number = param<number>('number', true);
export const integer = param<number>('integer', true);
export const text = param<string>('text', true);
export const boolean = param<boolean>('boolean', true);
export const value = param<Scalar | null>('value', true);
export const raw = param<Value>('raw', true);
export const wholeMatrix = param<Matrix>('matrix', false);
export const numbers = param<readonly number[]>('numbers', false);
export const reference = param<Reference>('reference', false);
export const operand = param<Operand>('operand', false);
export const lambda = param<Lambda>('lambda', false);
export const thunk = param<() => Operand>('thunk', false);

export function optional<T>(of: Param<T>): Param<T | undefined>;
export function optional<T>(of: Param<T>, fallback: T): Param<T>;
export function optional<T>(of: Param<T>, fallback?: T): Param<T | undefined> {
  return { ...of, optional: true, ...(fallback !== undefined && { fallback }) };
}

/** The last parameter: any number of arguments, none too. They arrive as one list. */
export function rest<T>(of: Param<T>): Param<readonly T[]> {
  return { ...(of as Param<unknown>), optional: true, rest: true } as Param<readonly T[]>;
}

/** What a formula whose outermost call this is shows its result as, where the cell has no number format. */
export type Shows = 'DATE' | 'TIME' | 'DATE_TIME' | 'PERCENT' | 'CURRENCY' | 'NUMBER' | 'FIRST_ARGUMENT';

export interface FunctionSpec {
  readonly name: string;
  readonly params: readonly Param<unknown>[];
  /** Fewest and most arguments, derived from `params`. */
  readonly min: number;
  readonly max: number;
  readonly run: (scope: Scope, ...args: never[]) => Operand;
  /** Its arguments are evaluated in array context, as those of ARRAYFORMULA, FILTER, SORT, SUMPRODUCT. */
  readonly arrays: boolean;
  /** Computed anew at every recalculation: NOW, RAND. */
  readonly volatile: boolean;
  /** Its cells cannot be told from the formula's text: INDIRECT, OFFSET. */
  readonly dynamic: boolean;
  readonly shows: Shows | undefined;
}

type Arguments<P extends readonly Param<unknown>[]> = {
  -readonly [K in keyof P]: P[K] extends Param<infer T> ? T : never;
};

export interface FunctionOptions {
  readonly arrays?: boolean;
  readonly volatile?: boolean;
  readonly dynamic?: boolean;
  readonly shows?: Shows;
}

/**
 * `define('ROUND', [number, optional(integer, 0)], (scope, value, places) => ...)`. `run` returns a value, a matrix
 * (which spills) or a reference, or throws `fail(...)`.
 */
export function define<const P extends readonly Param<unknown>[]>(
  name: string,
  params: P,
  run: (scope: Scope, ...args: Arguments<P>) => Operand,
  options: FunctionOptions = {},
): FunctionSpec {
  return {
    name,
    params,
    min: params.filter((one) => !one.optional).length,
    max: params.some((one) => one.rest) ? Number.POSITIVE_INFINITY : params.length,
    run: run as FunctionSpec['run'],
    arrays: options.arrays ?? false,
    volatile: options.volatile ?? false,
    dynamic: options.dynamic ?? false,
    shows: options.shows,
  };
}

export type { CellError };
