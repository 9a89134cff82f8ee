// How securities count days: the five day count conventions and coupon dates. Dates are serial days.

import { dateOfSerial, serialOf } from '../../../sheets/values.ts';

/** 0 US 30/360, 1 actual/actual, 2 actual/360, 3 actual/365, 4 European 30/360. */
export type Basis = 0 | 1 | 2 | 3 | 4;

export interface Day {
  readonly year: number;
  readonly month: number;
  readonly day: number;
}

export function dayOf(serial: number): Day {
  const date = dateOfSerial(Math.trunc(serial));
  return { year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate() };
}

const isLeap = (year: number) => (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;

function lengthOf(year: number, month: number): number {
  return month === 2 ? (isLeap(year) ? 29 : 28) : [4, 6, 9, 11].includes(month) ? 30 : 31;
}

const isLast = ({ year, month, day }: Day) => day === lengthOf(year, month);

function days360(start: number, end: number, european: boolean): number {
  const [a, b] = [dayOf(start), dayOf(end)];
  const distance = (first: number, last: number) => (b.year - a.year) * 360 + (b.month - a.month) * 30 + last - first;
  if (european) return distance(Math.min(a.day, 30), Math.min(b.day, 30));
  const endOfFebruary = a.month === 2 && isLast(a);
  const first = endOfFebruary ? 30 : Math.min(a.day, 30);
  const both = endOfFebruary && b.month === 2 && isLast(b);
  return distance(first, both || (b.day === 31 && first === 30) ? 30 : b.day);
}

/** Days between two dates as a convention counts them. */
export function daysBetween(start: number, end: number, basis: Basis): number {
  return basis === 0 || basis === 4 ? days360(start, end, basis === 4) : Math.trunc(end) - Math.trunc(start);
}

/** Length of the year by actual/actual: with 29 February when it lies between dates of one year, else the average. */
function actualYear(start: number, end: number): number {
  const [a, b] = [dayOf(start), dayOf(end)];
  const within =
    b.year === a.year || (b.year === a.year + 1 && (b.month < a.month || (b.month === a.month && b.day <= a.day)));
  if (!within) {
    let days = 0;
    for (let year = a.year; year <= b.year; year++) days += isLeap(year) ? 366 : 365;
    return days / (b.year - a.year + 1);
  }
  if (a.year === b.year) return isLeap(a.year) ? 366 : 365;
  const holds = (year: number) => {
    const leapDay = isLeap(year) ? serialOf(year, 2, 29) : undefined;
    return leapDay !== undefined && leapDay >= Math.trunc(start) && leapDay <= Math.trunc(end);
  };
  return holds(a.year) || holds(b.year) ? 366 : 365;
}

/** Years from one date to a later one. */
export function yearFraction(start: number, end: number, basis: Basis): number {
  const days = daysBetween(start, end, basis);
  if (basis === 1) return days / actualYear(start, end);
  return days / (basis === 3 ? 365 : 360);
}

/** `months` later or earlier; days that a month lacks are its last, and so they stay when `last` is asked for. */
export function moved(serial: number, months: number, last: boolean): number {
  const { year, month, day } = dayOf(serial);
  const at = year * 12 + month - 1 + months;
  const [toYear, toMonth] = [Math.floor(at / 12), (((at % 12) + 12) % 12) + 1];
  const length = lengthOf(toYear, toMonth);
  return serialOf(toYear, toMonth, last ? length : Math.min(day, length)) ?? serial;
}

export interface Coupons {
  /** The coupon date on or before the settlement and the one after it. */
  readonly previous: number;
  readonly next: number;
  /** Coupons still to be paid. */
  readonly count: number;
  /** Days by the convention: of the whole period, from its start to the settlement, from there to its end. */
  readonly period: number;
  readonly before: number;
  readonly after: number;
}

/** Coupon dates lie whole periods before the maturity; `frequency` is 1, 2 or 4 a year. */
export function couponsOf(settlement: number, maturity: number, frequency: number, basis: Basis): Coupons {
  const step = 12 / frequency;
  const last = isLast(dayOf(maturity));
  const back = (count: number) => moved(maturity, -step * count, last);
  const [s, m] = [dayOf(settlement), dayOf(maturity)];
  let count = Math.max(0, Math.floor(((m.year - s.year) * 12 + m.month - s.month) / step) - 1);
  while (back(count) > settlement) count++;
  const [previous, next] = [back(count), back(count - 1)];
  const period = basis === 1 ? next - previous : (basis === 3 ? 365 : 360) / frequency;
  const before = daysBetween(previous, settlement, basis);
  const after = basis === 0 || basis === 4 ? period - before : daysBetween(settlement, next, basis);
  return { previous, next, count, period, before, after };
}
