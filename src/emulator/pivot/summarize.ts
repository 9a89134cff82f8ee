// One figure of a pivot table from the values behind it, and which rows its filters keep. Reads no cells.

import { ascending, greatest, least, mean, type Numbers, sum, variance } from '../formula/functions/numbers.ts';
import { keyOf } from '../formula/functions/order.ts';
import { type CellError, isError, type Value } from '../formula/value.ts';
import type { PivotFilterSpec } from '../messages/pivot.ts';
import type { BooleanCondition } from '../messages/rules.ts';

export const DIVIDED_BY_ZERO: CellError = {
  type: 'DIVIDE_BY_ZERO',
  message: 'Evaluation of this figure caused a divide by zero error.',
};

function median(of: Numbers): Value {
  const sorted = ascending(of);
  const middle = Math.floor(sorted.length / 2);
  if (sorted.length % 2 === 1) return sorted[middle] ?? null;
  return ((sorted[middle - 1] ?? 0) + (sorted[middle] ?? 0)) / 2;
}

const spread = (of: Numbers, lost: 0 | 1): Value => (of.length <= lost ? DIVIDED_BY_ZERO : variance(of, lost));
const rooted = (of: Value): Value => (typeof of === 'number' ? Math.sqrt(of) : of);

const OF_NUMBERS: Readonly<Record<string, (of: Numbers) => Value>> = {
  SUM: sum,
  AVERAGE: (of) => (of.length === 0 ? DIVIDED_BY_ZERO : mean(of)),
  MAX: (of) => (of.length === 0 ? 0 : greatest(of)),
  MIN: (of) => (of.length === 0 ? 0 : least(of)),
  MEDIAN: (of) => (of.length === 0 ? { type: 'NUM', message: 'MEDIAN has no valid input data.' } : median(of)),
  PRODUCT: (of) => (of.length === 0 ? 0 : of.reduce((a, b) => a * b, 1)),
  STDEV: (of) => rooted(spread(of, 1)),
  STDEVP: (of) => rooted(spread(of, 0)),
  VAR: (of) => spread(of, 1),
  VARP: (of) => spread(of, 0),
};

/** Undefined for a function that is not known here. An error among the values is the result, unless they are counted. */
export function summarize(name: string, values: readonly Value[]): Value | undefined {
  const filled = values.filter((value) => value !== null);
  if (name === 'COUNTA') return filled.length;
  if (name === 'COUNTUNIQUE') return new Set(filled.map(keyOf)).size;
  const numbers = filled.filter((value) => typeof value === 'number');
  if (name === 'COUNT') return numbers.length;
  const fold = Object.hasOwn(OF_NUMBERS, name) ? OF_NUMBERS[name] : undefined;
  return fold && (filled.find(isError) ?? fold(numbers));
}

type Test = (value: Value, shown: string, given: readonly string[], numbers: readonly number[]) => boolean;

const number = (holds: (of: number, a: number, b: number) => boolean): Test => {
  return (value, _, __, [a = Number.NaN, b = Number.NaN]) => typeof value === 'number' && holds(value, a, b);
};
const text = (holds: (of: string, given: string) => boolean): Test => {
  return (_, shown, [given = '']) => holds(shown.toLowerCase(), given.toLowerCase());
};

/** Conditions that need neither the calendar nor a formula. */
const TESTS: Readonly<Record<string, Test>> = {
  NUMBER_GREATER: number((of, a) => of > a),
  NUMBER_GREATER_THAN_EQ: number((of, a) => of >= a),
  NUMBER_LESS: number((of, a) => of < a),
  NUMBER_LESS_THAN_EQ: number((of, a) => of <= a),
  NUMBER_EQ: number((of, a) => of === a),
  NUMBER_NOT_EQ: number((of, a) => of !== a),
  NUMBER_BETWEEN: number((of, a, b) => of >= a && of <= b),
  NUMBER_NOT_BETWEEN: number((of, a, b) => of < a || of > b),
  TEXT_CONTAINS: text((of, given) => of.includes(given)),
  TEXT_NOT_CONTAINS: text((of, given) => !of.includes(given)),
  TEXT_STARTS_WITH: text((of, given) => of.startsWith(given)),
  TEXT_ENDS_WITH: text((of, given) => of.endsWith(given)),
  TEXT_EQ: text((of, given) => of === given),
  BLANK: (value) => value === null,
  NOT_BLANK: (value) => value !== null,
};

/** False when the condition cannot be tested here: dates, and values that are formulas. */
export function isTestable({ type, values = [] }: BooleanCondition): boolean {
  return (
    Object.hasOwn(TESTS, type ?? '') && values.every(({ userEnteredValue = '' }) => !userEnteredValue.startsWith('='))
  );
}

/** Listed values pass where there is a list, and what meets the condition where there is one: both if both. */
export function passes({ filterCriteria = {} }: PivotFilterSpec, value: Value, shown: string): boolean {
  const { condition, visibleByDefault = false, visibleValues = [] } = filterCriteria;
  if (!visibleByDefault && !visibleValues.includes(shown)) return false;
  if (!condition) return true;
  const given = (condition.values ?? []).map(({ userEnteredValue = '' }) => userEnteredValue);
  return TESTS[condition.type ?? '']?.(value, shown, given, given.map(Number)) ?? false;
}
