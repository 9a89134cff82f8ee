// Bonds, bills and notes: coupons, prices, yields, durations, accrued interest. Day counts are daycount.ts.

import { define, type FunctionSpec, integer, number, optional } from '../define.ts';
import { fail } from '../value.ts';
import { type Basis, type Coupons, couponsOf, yearFraction } from './daycount.ts';
import { above, atLeast, atMost, before, outOfRange, zeroParameter } from './refusals.ts';
import { findRoot } from './roots.ts';

const basis = optional(integer, 0);

function basisOf(name: string, parameter: number, given: number): Basis {
  if (given === 0 || given === 1 || given === 2 || given === 3 || given === 4) return given;
  throw outOfRange(name, parameter, given);
}

function frequencyOf(name: string, parameter: number, given: number): number {
  if (given === 1 || given === 2 || given === 4) return given;
  throw outOfRange(name, parameter, given);
}

/** 31 December 9999. */
const LAST_DAY = 2_958_465;

/** Two dates that follow each other, given as these parameters. */
function dates(name: string, first: number, early: number, second: number, late: number): void {
  atLeast(name, first, early, 0);
  atMost(name, second, late, LAST_DAY);
  before(name, first, early, second, late);
}

/** Years from settlement to maturity of a paper without coupons. */
function term(name: string, settlement: number, maturity: number, parameter: number, given: number): number {
  dates(name, 1, settlement, 2, maturity);
  return yearFraction(settlement, maturity, basisOf(name, parameter, given));
}

function coupon(name: string, shows: 'DATE' | undefined, of: (coupons: Coupons) => number): FunctionSpec {
  return define(
    name,
    [integer, integer, integer, basis],
    (_, settlement, maturity, frequency, convention) => {
      dates(name, 1, settlement, 2, maturity);
      const each = frequencyOf(name, 3, frequency);
      return of(couponsOf(settlement, maturity, each, basisOf(name, 4, convention)));
    },
    shows ? { shows } : {},
  );
}

interface Bond {
  readonly coupons: Coupons;
  readonly frequency: number;
  /** Paid each period, of a face value of 100. */
  readonly coupon: number;
  readonly redemption: number;
}

/** Clean price of a face value of 100 at a yearly yield (Securities Industry Association, standard formulas). */
function priceAt({ coupons, frequency, coupon, redemption }: Bond, annual: number): number {
  const { count, period, before, after } = coupons;
  const accrued = (coupon * before) / period;
  const rate = annual / frequency;
  if (count === 1) return (coupon + redemption) / (1 + (rate * after) / period) - accrued;
  const first = after / period;
  let price = redemption / (1 + rate) ** (count - 1 + first) - accrued;
  for (let at = 0; at < count; at++) price += coupon / (1 + rate) ** (at + first);
  return price;
}

function yieldAt(bond: Bond, price: number): number {
  const { coupons, frequency, coupon, redemption } = bond;
  if (coupons.count === 1) {
    const cost = price + (coupon * coupons.before) / coupons.period;
    return (((coupon + redemption - cost) / cost) * (frequency * coupons.period)) / coupons.after;
  }
  const found = findRoot((annual) => priceAt(bond, annual) - price, 0.05);
  if (found === undefined) throw fail('NUM', 'YIELD attempted to compute the yield, but it did not converge.');
  return found;
}

function bondOf(
  name: string,
  days: readonly [number, number],
  rate: number,
  redemption: number,
  frequency: readonly [parameter: number, given: number],
  convention: number,
): Bond {
  const [settlement, maturity] = days;
  dates(name, 1, settlement, 2, maturity);
  atLeast(name, 3, rate, 0);
  const each = frequencyOf(name, ...frequency);
  const coupons = couponsOf(settlement, maturity, each, basisOf(name, frequency[0] + 1, convention));
  return { coupons, frequency: each, coupon: (100 * rate) / each, redemption };
}

/** Macaulay's duration in years. */
function durationAt({ coupons, frequency, coupon, redemption }: Bond, annual: number): number {
  const first = coupons.after / coupons.period;
  let weighted = 0;
  let total = 0;
  for (let at = 0; at < coupons.count; at++) {
    const paid = coupon + (at === coupons.count - 1 ? redemption : 0);
    const worth = paid / (1 + annual / frequency) ** (at + first);
    weighted += worth * (at + first);
    total += worth;
  }
  return weighted / total / frequency;
}

function duration(name: string, modified: boolean): FunctionSpec {
  return define(
    name,
    [integer, integer, number, number, integer, basis],
    (_, settlement, maturity, rate, annual, frequency, convention) => {
      const bond = bondOf(name, [settlement, maturity], rate, 100, [5, frequency], convention);
      atLeast(name, 4, annual, 0);
      return durationAt(bond, annual) / (modified ? 1 + annual / bond.frequency : 1);
    },
  );
}

/** A paper without coupons: settlement, maturity, two amounts, and a rate or amount that follows from the years. */
function discounted(name: string, of: (a: number, b: number, years: number) => number): FunctionSpec {
  return define(name, [integer, integer, number, number, basis], (_, settlement, maturity, a, b, convention) => {
    above(name, 3, a, 0);
    above(name, 4, b, 0);
    return of(a, b, term(name, settlement, maturity, 5, convention));
  });
}

/** A paper that pays its interest at maturity: its years from issue to settlement, to maturity, and between these. */
function atMaturity(
  name: string,
  of: (rate: number, other: number, held: number, whole: number, left: number) => number,
): FunctionSpec {
  return define(
    name,
    [integer, integer, integer, number, number, basis],
    (_, settlement, maturity, issue, rate, other, convention) => {
      dates(name, 1, settlement, 2, maturity);
      dates(name, 3, issue, 1, settlement);
      atLeast(name, 4, rate, 0);
      const by = basisOf(name, 6, convention);
      const years = (from: number, to: number) => yearFraction(from, to, by);
      return of(rate, other, years(issue, settlement), years(issue, maturity), years(settlement, maturity));
    },
  );
}

/** A Treasury bill of at most a year, by the days it has left. */
function bill(name: string, of: (given: number, days: number) => number): FunctionSpec {
  return define(name, [integer, integer, number], (_, settlement, maturity, given) => {
    dates(name, 1, settlement, 2, maturity);
    if (maturity - settlement > 366) throw outOfRange(name, 2, maturity);
    above(name, 3, given, 0);
    return of(given, maturity - settlement);
  });
}

function billEquivalent(rate: number, days: number): number {
  if (days <= 182) return (365 * rate) / (360 - rate * days);
  const price = 1 - (rate * days) / 360;
  const part = days / (days === 366 ? 366 : 365);
  return (-2 * part + 2 * Math.sqrt(part ** 2 - (2 * part - 1) * (1 - 1 / price))) / (2 * part - 1);
}

function linear(cost: number, salvage: number, period: number, rate: number, part: number): number {
  const each = cost * rate;
  const first = each * part;
  const full = Math.trunc((cost - salvage - first) / each);
  if (period === 0) return first;
  if (period <= full) return each;
  return period === full + 1 ? Math.max(0, cost - salvage - each * full - first) : 0;
}

/** Prices such as 1.02, read as one and two sixteenths: how many decimals the numerator has. */
function scale(name: string, unit: number): readonly [unit: number, power: number] {
  const whole = Math.trunc(unit);
  if (whole === 0) throw zeroParameter(name, 2);
  atLeast(name, 2, whole, 1);
  return [whole, 10 ** Math.ceil(Math.log10(whole))];
}

export const SECURITY_FUNCTIONS: readonly FunctionSpec[] = [
  coupon('COUPDAYBS', undefined, (coupons) => coupons.before),
  coupon('COUPDAYS', undefined, ({ period }) => period),
  coupon('COUPDAYSNC', undefined, ({ after }) => after),
  coupon('COUPNCD', 'DATE', ({ next }) => next),
  coupon('COUPNUM', undefined, ({ count }) => count),
  coupon('COUPPCD', 'DATE', ({ previous }) => previous),
  define(
    'PRICE',
    [integer, integer, number, number, number, integer, basis],
    (_, settlement, maturity, rate, annual, redemption, frequency, convention) => {
      atLeast('PRICE', 4, annual, 0);
      above('PRICE', 5, redemption, 0);
      return priceAt(bondOf('PRICE', [settlement, maturity], rate, redemption, [6, frequency], convention), annual);
    },
  ),
  define(
    'YIELD',
    [integer, integer, number, number, number, integer, basis],
    (_, settlement, maturity, rate, price, redemption, frequency, convention) => {
      above('YIELD', 4, price, 0);
      above('YIELD', 5, redemption, 0);
      return yieldAt(bondOf('YIELD', [settlement, maturity], rate, redemption, [6, frequency], convention), price);
    },
  ),
  duration('DURATION', false),
  duration('MDURATION', true),
  discounted('DISC', (price, redemption, years) => (redemption - price) / redemption / years),
  discounted('INTRATE', (paid, redemption, years) => (redemption - paid) / paid / years),
  discounted('YIELDDISC', (price, redemption, years) => (redemption - price) / price / years),
  discounted('PRICEDISC', (rate, redemption, years) => redemption * (1 - rate * years)),
  discounted('RECEIVED', (paid, rate, years) => paid / (1 - rate * years)),
  atMaturity('PRICEMAT', (rate, annual, held, whole, left) => {
    return 100 * ((1 + whole * rate) / (1 + left * annual) - held * rate);
  }),
  atMaturity('YIELDMAT', (rate, price, held, whole, left) => {
    return ((1 + whole * rate) / (price / 100 + held * rate) - 1) / left;
  }),
  bill('TBILLEQ', billEquivalent),
  bill('TBILLPRICE', (rate, days) => 100 * (1 - (rate * days) / 360)),
  bill('TBILLYIELD', (price, days) => ((100 - price) / price) * (360 / days)),
  define(
    'ACCRINT',
    [integer, integer, integer, number, number, integer, basis],
    (_, issue, __, settlement, rate, face, frequency, convention) => {
      dates('ACCRINT', 1, issue, 3, settlement);
      above('ACCRINT', 4, rate, 0);
      above('ACCRINT', 5, face, 0);
      frequencyOf('ACCRINT', 6, frequency);
      return face * rate * yearFraction(issue, settlement, basisOf('ACCRINT', 7, convention));
    },
  ),
  define('ACCRINTM', [integer, integer, number, number, basis], (_, issue, maturity, rate, face, convention) => {
    above('ACCRINTM', 3, rate, 0);
    above('ACCRINTM', 4, face, 0);
    return face * rate * term('ACCRINTM', issue, maturity, 5, convention);
  }),
  define(
    'AMORLINC',
    [number, integer, integer, number, integer, number, basis],
    (_, cost, bought, first, salvage, period, rate, convention) => {
      atLeast('AMORLINC', 5, period, 0);
      above('AMORLINC', 6, rate, 0);
      dates('AMORLINC', 2, bought, 3, first + 1);
      const by = basisOf('AMORLINC', 7, convention);
      return linear(cost, salvage, period, rate, yearFraction(bought, first, by));
    },
  ),
  define('DOLLARDE', [number, number], (_, price, unit) => {
    const [parts, power] = scale('DOLLARDE', unit);
    const whole = Math.trunc(price);
    return whole + ((price - whole) * power) / parts;
  }),
  define('DOLLARFR', [number, number], (_, price, unit) => {
    const [parts, power] = scale('DOLLARFR', unit);
    const whole = Math.trunc(price);
    return whole + ((price - whole) * parts) / power;
  }),
];
