// Loans and savings with equal payments: PMT, PV, FV, NPER, RATE and what follows from them. Payments out are
// negative; `due` is 1 when they fall at the beginning of a period.

import { define, type FunctionSpec, number, numbers, optional } from '../define.ts';
import { fail } from '../value.ts';
import { above, atLeast, below, notBeyond, outOfRange, zeroParameter } from './refusals.ts';
import { findRoot } from './roots.ts';

/** Sum of `count` payments of 1 with their interest at the end. */
function annuity(rate: number, count: number, due: number): number {
  if (rate === 0) return count;
  return (1 + rate * due) * (((1 + rate) ** count - 1) / rate);
}

function futureValue(rate: number, count: number, payment: number, present: number, due: number): number {
  return -(present * (1 + rate) ** count + payment * annuity(rate, count, due));
}

function payment(rate: number, count: number, present: number, future: number, due: number): number {
  return -(present * (1 + rate) ** count + future) / annuity(rate, count, due);
}

function interest(rate: number, period: number, count: number, present: number, future: number, due: number): number {
  const paid = payment(rate, count, present, future, due);
  if (due === 0) return futureValue(rate, period - 1, paid, present, due) * rate;
  return period <= 1 ? 0 : (futureValue(rate, period - 2, paid, present, due) - paid) * rate;
}

/** Payment, interest or principal of one period of a loan. */
type Part = (rate: number, period: number, count: number, present: number, future: number, due: number) => number;

const principal: Part = (rate, period, count, present, future, due) =>
  payment(rate, count, present, future, due) - interest(rate, period, count, present, future, due);

/** Any number but 0 stands for the beginning of periods. */
const dueOf = (given: number) => Number(given !== 0);

function periodic(name: string, part: Part): FunctionSpec {
  return define(
    name,
    [number, number, number, number, optional(number, 0), optional(number, 0)],
    (_, rate, period, count, present, future, due) => {
      if (period < 1) throw outOfRange(name, 2, period);
      below(name, 2, period, count + 1);
      return part(rate, period, count, present, future, dueOf(due));
    },
    { shows: 'CURRENCY' },
  );
}

/** Periods that are walked one by one; nobody's loan is longer. */
const MOST_PERIODS = 100_000;

function cumulated(name: string, part: Part): FunctionSpec {
  return define(name, [number, number, number, number, number, number], (_, rate, count, present, first, last, due) => {
    above(name, 1, rate, 0);
    above(name, 2, count, 0);
    above(name, 3, present, 0);
    atLeast(name, 4, first, 1);
    notBeyond(name, 4, first, 5, last);
    notBeyond(name, 5, last, 2, count);
    if (last > MOST_PERIODS) throw outOfRange(name, 5, last);
    let total = 0;
    for (let at = Math.trunc(first); at <= last; at++) total += part(rate, at, count, present, 0, dueOf(due));
    return total;
  });
}

function periods(rate: number, paid: number, present: number, future: number, due: number): number {
  if (rate === 0) {
    if (paid === 0) throw zeroParameter('NPER', 2);
    return -(present + future) / paid;
  }
  const level = paid * (1 + rate * due);
  const found = Math.log((level - future * rate) / (level + present * rate)) / Math.log1p(rate);
  if (!Number.isFinite(found)) throw fail('NUM', 'The payments of NPER never reach the future value.');
  return found;
}

const NO_RATE = 'RATE attempted to compute the interest rate, but the calculation did not converge.';

export const ANNUITY_FUNCTIONS: readonly FunctionSpec[] = [
  define(
    'PMT',
    [number, number, number, optional(number, 0), optional(number, 0)],
    (_, rate, count, present, future, due) => {
      if (count === 0) throw zeroParameter('PMT', 2);
      return payment(rate, count, present, future, dueOf(due));
    },
    { shows: 'CURRENCY' },
  ),
  define(
    'FV',
    [number, number, number, optional(number, 0), optional(number, 0)],
    (_, rate, count, paid, present, due) => futureValue(rate, count, paid, present, dueOf(due)),
    { shows: 'CURRENCY' },
  ),
  define(
    'PV',
    [number, number, number, optional(number, 0), optional(number, 0)],
    (_, rate, count, paid, future, due) => {
      return -(future + paid * annuity(rate, count, dueOf(due))) / (1 + rate) ** count;
    },
    { shows: 'CURRENCY' },
  ),
  define(
    'NPER',
    [number, number, number, optional(number, 0), optional(number, 0)],
    (_, rate, paid, present, future, due) => periods(rate, paid, present, future, dueOf(due)),
  ),
  define(
    'RATE',
    [number, number, number, optional(number, 0), optional(number, 0), optional(number, 0.1)],
    (_, count, paid, present, future, due, guess) => {
      above('RATE', 1, count, 0);
      const begins = dueOf(due);
      const gap = (rate: number) => present * (1 + rate) ** count + paid * annuity(rate, count, begins) + future;
      const found = findRoot(gap, guess);
      if (found === undefined) throw fail('NUM', NO_RATE);
      return found;
    },
    { shows: 'PERCENT' },
  ),
  periodic('IPMT', interest),
  periodic('PPMT', principal),
  cumulated('CUMIPMT', interest),
  cumulated('CUMPRINC', principal),
  define('ISPMT', [number, number, number, number], (_, rate, period, count, present) => {
    if (count === 0) throw zeroParameter('ISPMT', 3);
    return -present * rate * (1 - period / count) || 0;
  }),
  define('RRI', [number, number, number], (_, count, present, future) => {
    if (count === 0) throw zeroParameter('RRI', 1);
    if (present === 0) throw zeroParameter('RRI', 2);
    const found = (future / present) ** (1 / count) - 1;
    if (!Number.isFinite(found)) throw outOfRange('RRI', 3, future);
    return found;
  }),
  define('PDURATION', [number, number, number], (_, rate, present, future) => {
    above('PDURATION', 1, rate, 0);
    above('PDURATION', 2, present, 0);
    above('PDURATION', 3, future, 0);
    return (Math.log(future) - Math.log(present)) / Math.log(1 + rate);
  }),
  define('EFFECT', [number, number], (_, rate, count) => {
    above('EFFECT', 1, rate, 0);
    atLeast('EFFECT', 2, count, 1);
    return (1 + rate / Math.trunc(count)) ** Math.trunc(count) - 1;
  }),
  define('NOMINAL', [number, number], (_, rate, count) => {
    above('NOMINAL', 1, rate, 0);
    atLeast('NOMINAL', 2, count, 1);
    return ((1 + rate) ** (1 / Math.trunc(count)) - 1) * Math.trunc(count);
  }),
  define('FVSCHEDULE', [number, numbers], (_, present, rates) => rates.reduce((t, rate) => t * (1 + rate), present)),
];
