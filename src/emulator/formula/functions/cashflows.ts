// Series of payments: NPV, IRR, MIRR, and XNPV and XIRR, which know their dates.

import { define, type FunctionSpec, number, numbers, optional, rest, type Scope, wholeMatrix } from '../define.ts';
import { type ErrorType, fail, isError, type Matrix } from '../value.ts';
import { literalIn } from './criteria.ts';
import { flat } from './matrices.ts';
import type { Numbers } from './numbers.ts';
import { above, differentSizes, noInput, zeroParameter } from './refusals.ts';
import { findRoot } from './roots.ts';

function presentValue(rate: number, of: Numbers): number {
  return of.reduceRight((total, one) => (total + one) / (1 + rate), 0);
}

function needBothSigns(name: string, of: Numbers, type: ErrorType): void {
  if (of.some((one) => one > 0) && of.some((one) => one < 0)) return;
  throw fail(type, `In ${name} evaluation, the value array must include positive and negative numbers.`);
}

function solve(name: string, of: (rate: number) => number, guess: number): number {
  const found = findRoot(of, guess);
  if (found !== undefined) return found;
  const message = `${name} attempted to compute the internal rate of return, but it did not converge.`;
  throw fail('NUM', message);
}

interface Flow {
  readonly amount: number;
  /** In years of 365 days since the first. */
  readonly years: number;
}

function flowsOf(name: string, scope: Scope, amounts: Matrix, dates: Matrix, readsTexts: boolean): readonly Flow[] {
  const [a, d] = [flat(amounts), flat(dates)];
  if (a.length !== d.length) throw differentSizes(name, 'NUM');
  const numberOf = (value: (typeof a)[number]): number => {
    if (isError(value)) throw fail(value.type, value.message);
    const meant = typeof value === 'string' && readsTexts ? literalIn(scope, value) : value;
    if (typeof meant === 'number') return meant;
    if (meant === null) return 0;
    const message = `${name} expects number values. But '${String(value)}' is a text and`;
    throw fail('VALUE', `${message} cannot be coerced to a number.`);
  };
  const days = d.map(numberOf);
  const first = Math.trunc(days[0] ?? 0);
  if (days.some((day) => Math.trunc(day) < first)) {
    throw fail('NUM', `In ${name} evaluation, no date may be before the first.`);
  }
  return a.map((value, index) => ({ amount: numberOf(value), years: (Math.trunc(days[index] ?? 0) - first) / 365 }));
}

const dated = (flows: readonly Flow[], rate: number) =>
  flows.reduce((total, { amount, years }) => total + amount / (1 + rate) ** years, 0);

export const CASHFLOW_FUNCTIONS: readonly FunctionSpec[] = [
  define(
    'NPV',
    [number, numbers, rest(numbers)],
    (_, rate, first, more) => {
      if (rate === -1) throw zeroParameter('NPV', 1);
      return presentValue(rate, [first, ...more].flat());
    },
    { shows: 'CURRENCY' },
  ),
  define(
    'IRR',
    [numbers, optional(number, 0.1)],
    (_, of, guess) => {
      needBothSigns('IRR', of, 'NUM');
      return solve('IRR', (rate) => presentValue(rate, of), guess);
    },
    { shows: 'PERCENT' },
  ),
  define(
    'MIRR',
    [numbers, number, number],
    (_, of, financing, reinvesting) => {
      if (of.length === 0) throw noInput('MIRR');
      needBothSigns('MIRR', of, 'DIVIDE_BY_ZERO');
      const gains = presentValue(
        reinvesting,
        of.map((one) => Math.max(one, 0)),
      );
      const losses =
        presentValue(
          financing,
          of.map((one) => Math.min(one, 0)),
        ) *
        (1 + financing);
      return ((-gains * (1 + reinvesting) ** of.length) / losses) ** (1 / (of.length - 1)) - 1;
    },
    { shows: 'PERCENT' },
  ),
  define(
    'XNPV',
    [number, wholeMatrix, wholeMatrix],
    (scope, rate, amounts, dates) => {
      above('XNPV', 1, rate, -1);
      return dated(flowsOf('XNPV', scope, amounts, dates, false), rate);
    },
    { shows: 'CURRENCY' },
  ),
  define('XIRR', [wholeMatrix, wholeMatrix, optional(number, 0.1)], (scope, amounts, dates, guess) => {
    const flows = flowsOf('XIRR', scope, amounts, dates, true);
    needBothSigns(
      'XIRR',
      flows.map(({ amount }) => amount),
      'NUM',
    );
    return solve('XIRR', (rate) => dated(flows, rate), guess);
  }),
];
