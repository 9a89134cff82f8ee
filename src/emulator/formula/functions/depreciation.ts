// What an asset loses in value: SLN, SYD, DB, DDB, VDB. AMORLINC, which counts days, is securities.ts.

import { boolean, define, type FunctionSpec, integer, number, optional } from '../define.ts';
import { above, atLeast, notBeyond, outOfRange, zeroParameter } from './refusals.ts';

function asset(name: string, cost: number, salvage: number, life: number): void {
  atLeast(name, 1, cost, 0);
  atLeast(name, 2, salvage, 0);
  above(name, 3, life, 0);
  if (life > MOST_PERIODS) throw outOfRange(name, 3, life);
}

/** Periods that are walked one by one; nothing is used for longer. */
const MOST_PERIODS = 1_000_000;

/** Fixed declining balance, rates to three decimals; the first year has `month` months. */
function fixedDeclining(cost: number, salvage: number, life: number, period: number, month: number): number {
  const rate = Number((1 - (salvage / cost) ** (1 / life)).toFixed(3));
  const first = (cost * rate * month) / 12;
  if (period === 1) return first;
  let written = first;
  for (let year = 2; year < Math.min(period, life + 1); year++) written += (cost - written) * rate;
  const last = (cost - written) * rate;
  return period > life ? (last * (12 - month)) / 12 : last;
}

function declining(cost: number, salvage: number, life: number, period: number, factor: number): number {
  const rate = Math.min(factor / life, 1);
  const before = cost * (1 - rate) ** (period - 1);
  const after = cost * (1 - rate) ** period;
  return Math.max(0, before - Math.max(after, salvage));
}

/** From `start` to `end`, parts of periods by proportion; straight line as soon as that is more, unless refused. */
function variable(
  asset: { readonly cost: number; readonly salvage: number; readonly life: number; readonly factor: number },
  start: number,
  end: number,
  straight: boolean,
): number {
  const { cost, salvage, life, factor } = asset;
  let left = cost;
  let total = 0;
  let line = 0;
  for (let period = 1; period <= Math.ceil(end); period++) {
    const falling = declining(cost, salvage, life, period, factor);
    const even = (left - salvage) / Math.max(life - period + 1, 1);
    if (straight && line === 0 && even > falling) line = even;
    const loss = Math.max(0, Math.min(line > 0 ? line : falling, left - salvage));
    left -= loss;
    const share = Math.min(end, period) - Math.max(start, period - 1);
    if (share > 0) total += loss * share;
  }
  return total;
}

const currency = { shows: 'CURRENCY' } as const;

export const DEPRECIATION_FUNCTIONS: readonly FunctionSpec[] = [
  define(
    'SLN',
    [number, number, number],
    (_, cost, salvage, life) => {
      if (life === 0) throw zeroParameter('SLN', 3);
      return (cost - salvage) / life;
    },
    currency,
  ),
  define(
    'SYD',
    [number, number, number, number],
    (_, cost, salvage, life, period) => {
      above('SYD', 3, life, 0);
      above('SYD', 4, period, 0);
      notBeyond('SYD', 4, period, 3, life);
      return ((cost - salvage) * (life - period + 1) * 2) / (life * (life + 1));
    },
    currency,
  ),
  define(
    'DB',
    [number, number, number, integer, optional(integer, 12)],
    (_, cost, salvage, life, period, month) => {
      asset('DB', cost, salvage, life);
      atLeast('DB', 4, period, 1);
      if (month < 1 || month > 12) throw outOfRange('DB', 5, month);
      notBeyond('DB', 4, period, 3, month === 12 ? life : life + 1);
      return cost === 0 ? 0 : fixedDeclining(cost, salvage, life, period, month);
    },
    currency,
  ),
  define(
    'DDB',
    [number, number, number, number, optional(number, 2)],
    (_, cost, salvage, life, period, factor) => {
      asset('DDB', cost, salvage, life);
      above('DDB', 4, period, 0);
      notBeyond('DDB', 4, period, 3, life);
      above('DDB', 5, factor, 0);
      return declining(cost, salvage, life, period, factor);
    },
    currency,
  ),
  define(
    'VDB',
    [number, number, number, number, number, optional(number, 2), optional(boolean, false)],
    (_, cost, salvage, life, start, end, factor, noSwitch) => {
      asset('VDB', cost, salvage, life);
      atLeast('VDB', 4, start, 0);
      notBeyond('VDB', 4, start, 5, end);
      notBeyond('VDB', 5, end, 3, life);
      above('VDB', 6, factor, 0);
      return variable({ cost, salvage, life, factor }, start, end, !noSwitch);
    },
    currency,
  ),
];
