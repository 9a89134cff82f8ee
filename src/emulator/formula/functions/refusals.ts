// The sentences with which functions refuse numbers, as Sheets words them. Decides nothing.

import { type ErrorType, type FormulaError, fail } from '../value.ts';

export function outOfRange(name: string, parameter: number, value: number, type: ErrorType = 'NUM'): FormulaError {
  return fail(type, `Function ${name} parameter ${parameter} value ${value} is out of range.`);
}

function wanted(name: string, parameter: number, value: number, want: string): FormulaError {
  return fail('NUM', `Function ${name} parameter ${parameter} value is ${value}. It should be ${want}.`);
}

/** Throws unless the value is `least` or more. */
export function atLeast(name: string, parameter: number, value: number, least: number): void {
  if (!(value >= least)) throw wanted(name, parameter, value, `greater than or equal to ${least}`);
}

/** Throws unless the value is 0 or more; texts and counts are refused as #VALUE!. */
export function notNegative(name: string, parameter: number, value: number, type: ErrorType = 'NUM'): void {
  if (value >= 0) return;
  throw fail(type, `Function ${name} parameter ${parameter} value is negative. It should be positive or zero.`);
}

/** Throws unless the value lies between two bounds, both included. */
export function within(
  name: string,
  parameter: number,
  value: number,
  least: number,
  most: number,
  type: ErrorType = 'NUM',
): void {
  if (value >= least && value <= most) return;
  const message = `Function ${name} parameter ${parameter} value is ${value}.`;
  throw fail(type, `${message} Valid values are between ${least} and ${most} inclusive.`);
}

/** Throws unless the value is more than `bound`. */
export function above(name: string, parameter: number, value: number, bound: number): void {
  if (!(value > bound)) throw wanted(name, parameter, value, `greater than ${bound}`);
}

/** Throws unless the value is `most` or less. */
export function atMost(name: string, parameter: number, value: number, most: number): void {
  if (!(value <= most)) throw wanted(name, parameter, value, `less than or equal to ${most}`);
}

/** Throws unless the value is less than `bound`. */
export function below(name: string, parameter: number, value: number, bound: number): void {
  if (!(value < bound)) throw wanted(name, parameter, value, `less than ${bound}`);
}

/** Throws unless one parameter's value is no more than another's. */
export function notBeyond(name: string, parameter: number, value: number, other: number, limit: number): void {
  if (value <= limit) return;
  throw wanted(
    name,
    parameter,
    value,
    `less than or equal to value of Function ${name} parameter ${other} with ${limit}`,
  );
}

/** Throws unless one parameter's value is less than another's. */
export function before(name: string, parameter: number, value: number, other: number, limit: number): void {
  if (value < limit) return;
  throw wanted(name, parameter, value, `less than value of Function ${name} parameter ${other} with ${limit}`);
}

export function zeroParameter(name: string, parameter: number): FormulaError {
  return fail('DIVIDE_BY_ZERO', `Function ${name} parameter ${parameter} cannot be zero.`);
}

export function divideByZero(name: string): FormulaError {
  return fail('DIVIDE_BY_ZERO', `Evaluation of function ${name} caused a divide by zero error.`);
}

export function notFound(name: string, wantedText: string): FormulaError {
  return fail('N_A', `Did not find value '${wantedText}' in ${name} evaluation.`);
}

/** Arrays that are walked side by side and differ in size. */
export function differentSizes(name: string, type: ErrorType = 'VALUE'): FormulaError {
  return fail(type, `Array arguments to ${name} are of different size.`);
}

/** The same in FILTER, SUMPRODUCT and their likes, which say the sizes. */
export function mismatched(name: string, want: Size, got: Size, type: ErrorType): FormulaError {
  const size = (one: Size, separator: string) => `row count: ${one.rows}${separator} column count: ${one.columns}.`;
  return fail(type, `${name} has mismatched range sizes. Expected ${size(want, '.')} Actual ${size(got, ',')}`);
}

export interface Size {
  readonly rows: number;
  readonly columns: number;
}

export function noInput(name: string, type: ErrorType = 'NUM'): FormulaError {
  return fail(type, `${name} has no valid input data.`);
}

export function notNumber(name: string, parameter: number, value: string | null): FormulaError {
  const what = value === null ? "'' is a empty" : `'${value}' is a text`;
  const message = `Function ${name} parameter ${parameter} expects number values. But ${what} and`;
  return fail('VALUE', `${message} cannot be coerced to a number.`);
}
