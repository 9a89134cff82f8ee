// Counting arrangements, and divisors: factorials, combinations, permutations, GCD and LCM.

import { define, type FunctionSpec, integer, numbers, rest } from '../define.ts';
import { finite } from './math.ts';
import { atLeast, notBeyond, notNegative, outOfRange } from './refusals.ts';

/** The greatest whose factorial is a number. */
const MOST_FACTORIAL = 170;

function product(from: number, to: number, step = 1): number {
  let result = 1;
  for (let factor = from; factor <= to && Number.isFinite(result); factor += step) result *= factor;
  return result;
}

function factorial(name: string, value: number): number {
  notNegative(name, 1, value);
  if (value > MOST_FACTORIAL) throw outOfRange(name, 1, value);
  return product(2, value);
}

/** Ways to choose `k` of `n`; whole numbers throughout while they are exact. */
function combinations(n: number, k: number): number {
  const least = Math.min(k, n - k);
  let result = 1;
  for (let step = 1; step <= least && Number.isFinite(result); step++) {
    const next = (result * (n - least + step)) / step;
    result = Number.isSafeInteger(result * (n - least + step)) ? next : result * ((n - least + step) / step);
  }
  return finite(result < Number.MAX_SAFE_INTEGER ? Math.round(result) : result);
}

/** Throws unless 0 <= k <= n. */
function checkChoice(name: string, n: number, k: number): void {
  notNegative(name, 1, n);
  notNegative(name, 2, k);
  notBeyond(name, 2, k, 1, n);
}

function greatestDivisor(a: number, b: number): number {
  let [x, y] = [a, b];
  while (y !== 0) [x, y] = [y, x % y];
  return x;
}

function leastMultiple(a: number, b: number): number {
  return a === 0 || b === 0 ? 0 : (a / greatestDivisor(a, b)) * b;
}

function folded(name: string, fold: (a: number, b: number) => number): FunctionSpec {
  return define(name, [numbers, rest(numbers)], (_, first, more) => {
    const all = [first, ...more].flatMap((list, index) =>
      list.map((value) => {
        notNegative(name, index + 1, value);
        return Math.trunc(value);
      }),
    );
    return finite(all.length === 0 ? 0 : all.reduce(fold));
  });
}

export const COMBINATORICS_FUNCTIONS: readonly FunctionSpec[] = [
  define('FACT', [integer], (_, value) => factorial('FACT', value)),
  define('FACTDOUBLE', [integer], (_, value) => {
    notNegative('FACTDOUBLE', 1, value);
    return finite(product(value % 2 === 0 ? 2 : 1, value, 2));
  }),
  define('COMBIN', [integer, integer], (_, n, k) => {
    checkChoice('COMBIN', n, k);
    return combinations(n, k);
  }),
  define('COMBINA', [integer, integer], (_, n, k) => {
    notNegative('COMBINA', 1, n);
    notNegative('COMBINA', 2, k);
    if (k === 0) return 1;
    atLeast('COMBINA', 1, n, 1);
    return combinations(n + k - 1, k);
  }),
  define('PERMUT', [integer, integer], (_, n, k) => {
    checkChoice('PERMUT', n, k);
    return finite(product(n - k + 1, n));
  }),
  define('PERMUTATIONA', [integer, integer], (_, n, k) => {
    notNegative('PERMUTATIONA', 1, n);
    notNegative('PERMUTATIONA', 2, k);
    return finite(n ** k);
  }),
  define('MULTINOMIAL', [numbers, rest(numbers)], (_, first, more) => {
    let total = 0;
    let result = 1;
    for (const value of [first, ...more].flat()) {
      notNegative('MULTINOMIAL', 1, value);
      const count = Math.trunc(value);
      total += count;
      result *= combinations(total, count);
    }
    return finite(result);
  }),
  folded('GCD', greatestDivisor),
  folded('LCM', leastMultiple),
];
