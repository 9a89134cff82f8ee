// Arithmetic of single numbers: powers, roots, logarithms, remainders, bases, bits, and random numbers. Rounding,
// counting arrangements and angles are files of their own; sums of many are aggregate.ts.

import { MAX_CELLS } from '../../workbook.ts';
import { define, type FunctionSpec, integer, number, numbers, optional, rest, text, wholeMatrix } from '../define.ts';
import { fail, isError, type Value } from '../value.ts';
import { build, flat } from './matrices.ts';
import { textOf } from './order.ts';
import {
  above,
  atLeast,
  before,
  divideByZero,
  notNegative,
  notNumber,
  outOfRange,
  within,
  zeroParameter,
} from './refusals.ts';
import { clean } from './rounding.ts';

const BITS = 48;

/** Throws for what no cell can hold. */
export function finite(value: number): number {
  if (Number.isNaN(value)) throw fail('NUM', 'Result of the calculation is not a number.');
  if (Number.isFinite(value)) return value;
  throw fail('NUM', 'Numeric value is greater than 1.79769E+308 and cannot be displayed properly.');
}

/** The sign is that of the divisor. */
function modulo(value: number, divisor: number): number {
  if (divisor === 0) throw zeroParameter('MOD', 2);
  const rest = value % divisor;
  return (rest !== 0 && rest < 0 !== divisor < 0 ? rest + divisor : rest) + 0;
}

/** Throws for a root of a negative number and for 0 to a negative power. */
export function power(base: number, exponent: number): number {
  if (base === 0 && exponent < 0) throw divideByZero('POWER');
  if (base < 0 && !Number.isInteger(exponent)) {
    throw fail('NUM', `POWER(${base},${exponent}) evaluates to an imaginary number.`);
  }
  return finite(base ** exponent);
}

function logarithm(value: number, base: number): number {
  above('LOG', 1, value, 0);
  above('LOG', 2, base, 0);
  if (base === 1) throw divideByZero('LOG');
  if (base === 10) return Math.log10(value);
  return base === 2 ? Math.log2(value) : Math.log(value) / Math.log(base);
}

function positive(name: string, of: (value: number) => number): FunctionSpec {
  return define(name, [number], (_, value) => {
    above(name, 1, value, 0);
    return of(value);
  });
}

function root(name: string, factor: number): FunctionSpec {
  return define(name, [number], (_, value) => {
    notNegative(name, 1, value);
    return Math.sqrt(value * factor);
  });
}

/** Bits of a whole number from 0 to 2 ^ 48 - 1. */
function bits(name: string, parameter: number, value: number): bigint {
  if (!Number.isInteger(value) || value < 0 || value >= 2 ** BITS) throw outOfRange(name, parameter, value);
  return BigInt(value);
}

function bitwise(name: string, of: (a: bigint, b: bigint) => bigint): FunctionSpec {
  return define(name, [number, number], (_, a, b) => Number(of(bits(name, 1, a), bits(name, 2, b))));
}

function shift(name: string, value: number, count: number): number {
  within(name, 2, count, -53, 53);
  const moved = count < 0 ? bits(name, 1, value) >> BigInt(-count) : bits(name, 1, value) << BigInt(count);
  if (moved >= 1n << BigInt(BITS)) throw fail('NUM', `Result of ${name} is out of range.`);
  return Number(moved);
}

function toBase(value: number, base: number, length: number): string {
  notNegative('BASE', 1, value);
  within('BASE', 2, base, 2, 36);
  within('BASE', 3, length, 0, 255);
  return value.toString(base).toUpperCase().padStart(length, '0');
}

function fromBase(written: string, base: number): number {
  within('DECIMAL', 2, base, 2, 36);
  let value = 0;
  for (const digit of written.trim()) {
    const worth = Number.parseInt(digit, 36);
    if (Number.isNaN(worth) || worth >= base) {
      throw fail('NUM', `Function DECIMAL parameter 1 value '${written}' is not a valid number of base ${base}.`);
    }
    value = value * base + worth;
  }
  return finite(value);
}

/** A coefficient of a series: blanks are 0. */
function coefficient(value: Value): number {
  if (isError(value)) throw fail(value.type, value.message);
  if (typeof value === 'string') throw notNumber('SERIESSUM', 4, textOf(value));
  return Number(value);
}

/** Throws unless an array of this size can be made. */
function checkSize(name: string, rows: number, columns: number): void {
  atLeast(name, 1, rows, 1);
  atLeast(name, 2, columns, 1);
  if (rows * columns > MAX_CELLS) throw fail('NUM', 'Result too large.');
}

const VOLATILE = { volatile: true } as const;

export const MATH_FUNCTIONS: readonly FunctionSpec[] = [
  define('ABS', [number], (_, value) => Math.abs(value)),
  define('SIGN', [number], (_, value) => Math.sign(value)),
  define('PI', [], () => Math.PI),
  define('EXP', [number], (_, value) => finite(Math.exp(value))),
  define('MOD', [number, number], (_, value, divisor) => modulo(value, divisor)),
  define('QUOTIENT', [number, number], (_, value, divisor) => {
    if (divisor === 0) throw zeroParameter('QUOTIENT', 2);
    return Math.trunc(clean(value / divisor)) + 0;
  }),
  define('POWER', [number, number], (_, base, exponent) => power(base, exponent)),
  root('SQRT', 1),
  root('SQRTPI', Math.PI),
  positive('LN', Math.log),
  positive('LOG10', Math.log10),
  define('LOG', [number, optional(number, 10)], (_, value, base) => logarithm(value, base)),
  define('SUMSQ', [numbers, rest(numbers)], (_, first, more) => [first, ...more].flat().reduce((a, b) => a + b * b, 0)),
  define('SERIESSUM', [number, number, number, wholeMatrix], (_, x, first, step, coefficients) =>
    finite(flat(coefficients).reduce<number>((sum, a, i) => sum + coefficient(a) * x ** (first + i * step), 0)),
  ),
  define('BASE', [integer, integer, optional(integer, 0)], (_, value, base, length) => toBase(value, base, length)),
  define('DECIMAL', [text, integer], (_, written, base) => fromBase(written, base)),
  bitwise('BITAND', (a, b) => a & b),
  bitwise('BITOR', (a, b) => a | b),
  bitwise('BITXOR', (a, b) => a ^ b),
  define('BITLSHIFT', [number, integer], (_, value, count) => shift('BITLSHIFT', value, count)),
  define('BITRSHIFT', [number, integer], (_, value, count) => shift('BITRSHIFT', value, -count)),
  define(
    'SEQUENCE',
    [integer, optional(integer, 1), optional(number, 1), optional(number, 1)],
    (_, rows, columns, start, step) => {
      checkSize('SEQUENCE', rows, columns);
      return build(rows, columns, (row, column) => start + (row * columns + column) * step);
    },
  ),
  define('MUNIT', [integer], (_, size) => {
    checkSize('MUNIT', size, size);
    return build(size, size, (row, column) => Number(row === column));
  }),
  define('RAND', [], (scope) => scope.random(), VOLATILE),
  define(
    'RANDBETWEEN',
    [number, number],
    (scope, low, high) => {
      const [least, most] = [Math.ceil(low), Math.floor(high)];
      if (least > most) before('RANDBETWEEN', 1, low, 2, high);
      return Math.min(most, least + Math.floor(scope.random() * (most - least + 1)));
    },
    VOLATILE,
  ),
  define(
    'RANDARRAY',
    [optional(integer, 1), optional(integer, 1)],
    (scope, rows, columns) => {
      checkSize('RANDARRAY', rows, columns);
      return build(rows, columns, () => scope.random());
    },
    VOLATILE,
  ),
];
