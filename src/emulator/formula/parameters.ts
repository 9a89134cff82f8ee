// Arguments as parameters want them: coercion with Google's words where a value cannot be one. Calls no function.

import type { Param, Scope } from './define.ts';
import { literalIn } from './functions/criteria.ts';
import { booleanOf } from './functions/lifting.ts';
import { cellsOf } from './functions/matrices.ts';
import { notNumber } from './functions/refusals.ts';
import { hasDecimalComma } from './tokens.ts';
import { FormulaError, fail, isError, isLambda, isMatrix, isReference, type Operand, type Value } from './value.ts';

/** A number as concatenation shows it: fifteen digits, the locale's decimal mark. */
function textOfNumber(value: number, locale: string): string {
  const text = String(Number(value.toPrecision(15)))
    .replace(/e([+-])(\d)$/, 'E$10$2')
    .replace('e', 'E');
  return hasDecimalComma(locale) ? text.replace('.', ',') : text;
}

export function textFrom(value: Value, locale: string): string {
  if (value === null) return '';
  if (typeof value === 'boolean') return value ? 'TRUE' : 'FALSE';
  if (typeof value === 'number') return textOfNumber(value, locale);
  if (typeof value === 'string') return value;
  throw new FormulaError(value);
}

export function numberFrom(name: string, parameter: number, scope: Scope, value: Value): number {
  if (typeof value === 'number') return value;
  if (value === null) return 0;
  if (typeof value === 'boolean') return Number(value);
  if (isError(value)) throw new FormulaError(value);
  const meant = value === '' ? value : literalIn(scope, value);
  if (typeof meant !== 'number') throw notNumber(name, parameter, value);
  return meant;
}

function scalarFrom(param: Param<unknown>, name: string, parameter: number, scope: Scope, value: Value): unknown {
  if (param.kind === 'raw') return value;
  if (isError(value)) throw new FormulaError(value);
  switch (param.kind) {
    case 'number':
      return numberFrom(name, parameter, scope, value);
    case 'integer':
      return Math.trunc(numberFrom(name, parameter, scope, value));
    case 'text':
      return textFrom(value, scope.locale);
    case 'boolean':
      return booleanOf(name, parameter, value);
    default:
      return value;
  }
}

/** As SUM reads an argument. */
function numbersFrom(name: string, parameter: number, scope: Scope, operand: Operand): readonly number[] {
  if (!isReference(operand) && !isMatrix(operand)) {
    if (isLambda(operand)) throw fail('VALUE', 'A lambda is not a number.');
    return [numberFrom(name, parameter, scope, operand)];
  }
  const found: number[] = [];
  for (const row of cellsOf(scope, operand).rows) {
    for (const value of row) {
      if (typeof value === 'number') found.push(value);
      else if (isError(value)) throw new FormulaError(value);
    }
  }
  return found;
}

/** One argument as its parameter says; `operand` is a scalar where the parameter lifts. Throws a FormulaError. */
export function argumentFor(
  param: Param<unknown>,
  name: string,
  parameter: number,
  scope: Scope,
  operand: Operand,
): unknown {
  if (param.lift) {
    if (isLambda(operand)) throw fail('VALUE', 'A lambda is not a value.');
    const value = isReference(operand) || isMatrix(operand) ? (cellsOf(scope, operand).rows[0]?.[0] ?? null) : operand;
    return scalarFrom(param, name, parameter, scope, value);
  }
  switch (param.kind) {
    case 'matrix':
      if (isError(operand)) throw new FormulaError(operand);
      return cellsOf(scope, operand);
    case 'numbers':
      return numbersFrom(name, parameter, scope, operand);
    case 'reference':
      if (isReference(operand)) return operand;
      if (isError(operand)) throw new FormulaError(operand);
      throw fail('N_A', 'Argument must be a range.');
    case 'lambda':
      if (isLambda(operand)) return operand;
      if (isError(operand)) throw new FormulaError(operand);
      throw fail('N_A', 'Argument must be a LAMBDA.');
    default:
      return operand;
  }
}
