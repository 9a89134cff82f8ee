// One list of numbers: ranks, percentiles, modes, means of other kinds, shape. Two lists are regression.ts.

import {
  boolean,
  define,
  type FunctionSpec,
  integer,
  number,
  numbers,
  operand,
  optional,
  rest,
  wholeMatrix,
} from '../define.ts';
import { fail } from '../value.ts';
import { cellsOf, column, flat } from './matrices.ts';
import { ascending, least, mean, type Numbers, squares, sum, variance } from './numbers.ts';
import { above, atLeast, below, differentSizes, divideByZero, noInput, outOfRange } from './refusals.ts';

/** The k-th of the sorted values, between two of them by proportion; `place` counts from 0. */
function between(sorted: Numbers, place: number): number {
  const low = Math.floor(place);
  const left = sorted[low] ?? 0;
  const right = sorted[low + 1];
  return right === undefined ? left : left + (place - low) * (right - left);
}

function percentile(name: string, of: Numbers, part: number, exclusive: boolean, given = part): number {
  if (of.length === 0) throw noInput(name);
  const place = exclusive ? part * (of.length + 1) - 1 : part * (of.length - 1);
  if (!(place >= 0 && place <= of.length - 1)) throw outOfRange(name, 2, given);
  return between(ascending(of), place);
}

function percentileOf(name: string, exclusive: boolean): FunctionSpec {
  return define(name, [numbers, number], (_, of, part) => percentile(name, of, part, exclusive));
}

function quartileOf(name: string, exclusive: boolean): FunctionSpec {
  return define(name, [numbers, integer], (_, of, quarter) => {
    if (quarter < 0 || quarter > 4) throw outOfRange(name, 2, quarter);
    return percentile(name, of, quarter / 4, exclusive, quarter);
  });
}

function percentRankOf(name: string, exclusive: boolean): FunctionSpec {
  return define(name, [numbers, number, optional(integer, 3)], (_, of, value, digits) => {
    if (of.length === 0) throw noInput(name, 'N_A');
    atLeast(name, 3, digits, 1);
    const sorted = ascending(of);
    const at = sorted.findLastIndex((one) => one <= value);
    const low = sorted[at];
    if (low === undefined || value > sorted[sorted.length - 1]!) {
      throw fail('N_A', `Function ${name} parameter 2 value ${value} is out of range.`);
    }
    // Equal values share the place of the first of them.
    const first = sorted.indexOf(low);
    const place = value === low ? first : at + (value - low) / (sorted[at + 1]! - low);
    const part = exclusive ? (place + 1) / (of.length + 1) : of.length === 1 ? 1 : place / (of.length - 1);
    return Number(part.toFixed(Math.min(digits, 15)));
  });
}

function nth(name: string, largest: boolean): FunctionSpec {
  return define(name, [numbers, integer], (_, of, n) => {
    const found = ascending(of)[largest ? of.length - n : n - 1];
    if (found === undefined) throw outOfRange(name, 2, n);
    return found;
  });
}

function rankOf(name: string, averaged: boolean): FunctionSpec {
  return define(name, [number, numbers, optional(boolean, false)], (_, value, of, rising) => {
    const equal = of.filter((one) => one === value).length;
    if (equal === 0) throw noInput('RANK', 'N_A');
    const ahead = of.filter((one) => (rising ? one < value : one > value)).length;
    return ahead + 1 + (averaged ? (equal - 1) / 2 : 0);
  });
}

/** The values that occur most often, in the order of their first occurrence. */
function modes(of: Numbers): Numbers {
  const counts = new Map<number, number>();
  for (const one of of) counts.set(one, (counts.get(one) ?? 0) + 1);
  const most = [...counts.values()].reduce((a, b) => Math.max(a, b), 1);
  if (most === 1) throw fail('N_A', 'MODE cannot produce a result.  No values occur more than once.');
  return [...counts].filter(([, count]) => count === most).map(([value]) => value);
}

/** Sum of the cubed or fourth powers of distances from the mean, in units of the deviation. */
function moment(of: Numbers, power: 3 | 4, lost: 0 | 1, name: string): number {
  const deviation = Math.sqrt(variance(of, lost));
  if (deviation === 0) throw divideByZero(name);
  const centre = mean(of);
  return of.reduce((total, one) => total + ((one - centre) / deviation) ** power, 0);
}

function skew(of: Numbers): number {
  const n = of.length;
  if (n < 3) throw divideByZero('SKEW');
  return (moment(of, 3, 1, 'SKEW') * n) / ((n - 1) * (n - 2));
}

function kurtosis(of: Numbers): number {
  const n = of.length;
  if (n < 4) throw divideByZero('KURT');
  const scaled = (moment(of, 4, 1, 'KURT') * n * (n + 1)) / ((n - 1) * (n - 2) * (n - 3));
  return scaled - (3 * (n - 1) ** 2) / ((n - 2) * (n - 3));
}

function positive(name: string, of: Numbers): Numbers {
  const low = least(of);
  if (of.length === 0) throw noInput(name);
  if (low > 0) return of;
  throw fail('NUM', `${name} requires inputs greater than 0, but one of the values entered is ${low}.`);
}

function some(name: string, of: Numbers): Numbers {
  if (of.length === 0) throw noInput(name);
  return of;
}

function list(name: string, fold: (of: Numbers) => number): FunctionSpec {
  return define(name, [numbers, rest(numbers)], (_, first, more) => fold([first, ...more].flat()));
}

function frequency(data: Numbers, bins: Numbers): Numbers {
  const edges = ascending(bins);
  const counts = Array<number>(edges.length + 1).fill(0);
  for (const one of data) {
    let low = 0;
    for (let high = edges.length; low < high; ) {
      const middle = (low + high) >> 1;
      if (one <= edges[middle]!) high = middle;
      else low = middle + 1;
    }
    counts[low]!++;
  }
  return counts;
}

export const STATISTICS_FUNCTIONS: readonly FunctionSpec[] = [
  percentileOf('PERCENTILE', false),
  percentileOf('PERCENTILE.INC', false),
  percentileOf('PERCENTILE.EXC', true),
  quartileOf('QUARTILE', false),
  quartileOf('QUARTILE.INC', false),
  quartileOf('QUARTILE.EXC', true),
  percentRankOf('PERCENTRANK', false),
  percentRankOf('PERCENTRANK.INC', false),
  percentRankOf('PERCENTRANK.EXC', true),
  nth('LARGE', true),
  nth('SMALL', false),
  rankOf('RANK', false),
  rankOf('RANK.EQ', false),
  rankOf('RANK.AVG', true),
  list('MODE', (of) => modes(of)[0] ?? 0),
  list('MODE.SNGL', (of) => modes(of)[0] ?? 0),
  define('MODE.MULT', [numbers, rest(numbers)], (_, first, more) => column(modes([first, ...more].flat()))),
  list('GEOMEAN', (of) => Math.exp(mean(positive('GEOMEAN', of).map(Math.log)))),
  list('HARMEAN', (of) => of.length / sum(positive('HARMEAN', of).map((one) => 1 / one))),
  list('DEVSQ', (of) => squares(some('DEVSQ', of))),
  list('AVEDEV', (of) => {
    const centre = mean(some('AVEDEV', of));
    return mean(of.map((one) => Math.abs(one - centre)));
  }),
  list('SKEW', skew),
  list('SKEW.P', (of) => {
    if (of.length < 3) throw divideByZero('SKEW.P');
    return moment(of, 3, 0, 'SKEW.P') / of.length;
  }),
  list('KURT', kurtosis),
  define('TRIMMEAN', [numbers, number], (_, of, part) => {
    atLeast('TRIMMEAN', 2, part, 0);
    below('TRIMMEAN', 2, part, 1);
    const cut = Math.floor((some('TRIMMEAN', of).length * part) / 2);
    return mean(ascending(of).slice(cut, of.length - cut));
  }),
  define('STANDARDIZE', [number, number, number], (_, value, centre, deviation) => {
    above('STANDARDIZE', 3, deviation, 0);
    return (value - centre) / deviation;
  }),
  define('FREQUENCY', [numbers, numbers], (_, data, bins) => column(frequency(data, bins))),
  define('PROB', [wholeMatrix, operand, number, optional(number)], (scope, of, chances, low, high = low) => {
    const values = flat(of);
    const parts = flat(cellsOf(scope, chances));
    if (values.length !== parts.length) throw differentSizes('PROB');
    let total = 0;
    let all = 0;
    values.forEach((value, index) => {
      const part = parts[index] ?? null;
      if (typeof value !== 'number' || typeof part !== 'number') return;
      if (part < 0 || part > 1) throw outOfRange('PROB', 2, part);
      all += part;
      if (value >= low && value <= high) total += part;
    });
    if (Math.abs(all - 1) > 1e-9) throw outOfRange('PROB', 2, all);
    return total;
  }),
];
