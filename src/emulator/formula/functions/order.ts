// How values compare, sort and are told apart: numbers before texts before booleans, texts without regard to case.
// Coerces nothing.

import { isError, type Value } from '../value.ts';

const collator = new Intl.Collator('en', { sensitivity: 'accent' });

/** Numbers 0, texts 1, booleans 2, errors 3, blanks last. */
export function rankOf(value: Value): number {
  if (typeof value === 'number') return 0;
  if (typeof value === 'string') return 1;
  if (typeof value === 'boolean') return 2;
  return value === null ? 4 : 3;
}

/** Negative, zero or positive; values of different types stand in the order of their types. */
export function compareValues(a: Value, b: Value): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  if (typeof a === 'string' && typeof b === 'string') return a === b ? 0 : collator.compare(a, b);
  if (typeof a === 'boolean' && typeof b === 'boolean') return Number(a) - Number(b);
  return rankOf(a) - rankOf(b);
}

/** A text that two values share when UNIQUE would call them the same: case and type count. */
export function keyOf(value: Value): string {
  if (typeof value === 'number') return `n${value}`;
  if (typeof value === 'string') return `s${value}`;
  if (typeof value === 'boolean') return `b${value}`;
  return value === null ? '' : `e${value.type}`;
}

/** As a message quotes a value. */
export function textOf(value: Value): string {
  if (typeof value === 'boolean') return value ? 'TRUE' : 'FALSE';
  return value === null || isError(value) ? '' : String(value);
}
