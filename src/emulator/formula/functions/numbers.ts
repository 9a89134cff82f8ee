// The numbers among arguments, as the A functions and COUNT read them, and what is computed of lists of numbers.
// Refuses nothing by name: callers know what an empty list means.

import type { Scope } from '../define.ts';
import { fail, isError, isMatrix, isReference, type Operand } from '../value.ts';
import { literalIn } from './criteria.ts';
import { cellsOf } from './matrices.ts';
import { notNumber } from './refusals.ts';

export type Numbers = readonly number[];

/** A bare argument as a number: booleans count, texts that look like numbers too; undefined for other texts. */
export function bareNumber(scope: Scope, of: string | number | boolean): number | undefined {
  if (typeof of !== 'string') return Number(of);
  const meant = literalIn(scope, of.trim());
  return typeof meant === 'number' ? meant : undefined;
}

/** As AVERAGEA reads: within ranges and arrays texts are 0, booleans 1 and 0, blanks are passed over. */
export function numbersWithTexts(name: string, scope: Scope, args: readonly Operand[]): Numbers {
  return args.flatMap((one, index): Numbers => {
    if (!isReference(one) && !isMatrix(one)) {
      const bare = cellsOf(scope, one).rows[0]?.[0] ?? null;
      if (bare === null) return [0];
      if (isError(bare)) throw fail(bare.type, bare.message);
      const number = bareNumber(scope, bare);
      if (number === undefined) throw notNumber(name, index + 1, String(bare));
      return [number];
    }
    const found: number[] = [];
    for (const row of cellsOf(scope, one).rows) {
      for (const value of row) {
        if (isError(value)) throw fail(value.type, value.message);
        if (value !== null) found.push(typeof value === 'string' ? 0 : Number(value));
      }
    }
    return found;
  });
}

export function sum(of: Numbers): number {
  let total = 0;
  for (const one of of) total += one;
  return total;
}

export function mean(of: Numbers): number {
  return sum(of) / of.length;
}

/** Sum of squared distances from the mean. */
export function squares(of: Numbers): number {
  const centre = mean(of);
  let total = 0;
  for (const one of of) total += (one - centre) ** 2;
  return total;
}

/** `lost` is 1 for a sample, 0 for a whole population. */
export function variance(of: Numbers, lost: 0 | 1): number {
  return squares(of) / (of.length - lost);
}

/** Math.min and Math.max take no more arguments than fit the stack. */
export function least(of: Numbers): number {
  return of.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
}

export function greatest(of: Numbers): number {
  return of.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
}

export function ascending(of: Numbers): number[] {
  return [...of].sort((a, b) => a - b);
}
