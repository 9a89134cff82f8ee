// Calendar dates and times of day as serial numbers: made, taken apart, moved by months, read from texts. Working days
// are workdays.ts, the conventions of 360 days daycount.ts.

import { dateOfSerial, serialOf } from '../../../sheets/values.ts';
import { parseLiteral } from '../../literals.ts';
import { isDateFormat } from '../../number-format.ts';
import { boolean, define, type FunctionSpec, integer, number, optional, type Scope, text, value } from '../define.ts';
import { textFrom } from '../parameters.ts';
import { fail, type Scalar } from '../value.ts';
import { type Basis, dayOf, daysBetween, moved, yearFraction } from './daycount.ts';
import { notNegative, outOfRange, within } from './refusals.ts';

const DAY_SECONDS = 86_400;
/** Serial of 1970-01-01. */
const UNIX_EPOCH = 25_569;
/** The last day that exists: 9999-12-31. */
const LAST_DAY = 2_958_465;
/** Years below are counted from 1900. */
const FULL_YEARS_FROM = 1900;

const DATE = { shows: 'DATE' } as const;

/** A day however far month and day lie outside their ranges. */
function dateSerial(year: number, month: number, day: number): number {
  notNegative('DATE', 1, year);
  const date = new Date(0);
  date.setUTCFullYear(year < FULL_YEARS_FROM ? year + 1900 : year, month - 1, day);
  const serial = date.getTime() / (DAY_SECONDS * 1000) + UNIX_EPOCH;
  if (!(serial >= 0 && serial <= LAST_DAY)) {
    throw fail('NUM', 'Function DATE evaluates to an out of range value.');
  }
  return serial;
}

/** Throws for what lies further off than any date of the calendar, where numbers no longer tell days apart. */
export function checkDays(name: string, ...serials: readonly number[]): void {
  serials.forEach((serial, index) => {
    if (Math.abs(serial) > LAST_DAY) throw outOfRange(name, index + 1, serial);
  });
}

/** So many months later, on the same day or the last one of the month. */
function monthsLater(name: string, last: boolean): FunctionSpec {
  return define(
    name,
    [integer, integer],
    (_, start, months) => {
      checkDays(name, start, months);
      return moved(start, months, last);
    },
    DATE,
  );
}

function timeSerial(hour: number, minute: number, second: number): number {
  const seconds = hour * 3600 + minute * 60 + second;
  if (seconds < 0) throw fail('NUM', 'Function TIME evaluates to an out of range value.');
  return (seconds % DAY_SECONDS) / DAY_SECONDS;
}

/** What a text that reads like a date or a time means; undefined for any other. */
export function momentIn(scope: Scope, written: string): number | undefined {
  const literal = parseLiteral(written, dateOfSerial(scope.now).getUTCFullYear(), scope.locale);
  const isMoment = 'value' in literal && typeof literal.value === 'number' && isDateFormat(literal.format);
  return isMoment ? Number(literal.value) : undefined;
}

function parsed(name: string, scope: Scope, of: Scalar | null): number {
  const moment = typeof of === 'number' ? of : momentIn(scope, textFrom(of, scope.locale));
  if (moment === undefined) {
    throw fail('VALUE', `${name} parameter '${textFrom(of, scope.locale)}' cannot be parsed to date/time.`);
  }
  return moment;
}

/** Part of a day as a calendar and a clock have it. */
function part(name: string, of: (date: Date) => number): FunctionSpec {
  return define(name, [number], (_, serial) => {
    notNegative(name, 1, serial);
    return of(dateOfSerial(serial));
  });
}

const DISTANCES = ['Y', 'M', 'D', 'MD', 'YM', 'YD'] as const;

/** Whole months from one day to a later one. */
function monthsBetween(start: number, end: number): number {
  const [a, b] = [dayOf(start), dayOf(end)];
  return (b.year - a.year) * 12 + b.month - a.month - (b.day < a.day ? 1 : 0);
}

function distance(start: number, end: number, unit: string): number {
  checkDays('DATEDIF', start, end);
  if (start > end) {
    throw fail(
      'NUM',
      `Function DATEDIF parameter 1 (${start}) should be on or before Function DATEDIF parameter 2 (${end}).`,
    );
  }
  const months = monthsBetween(start, end);
  switch (DISTANCES.find((one) => one === unit.toUpperCase())) {
    case 'Y':
      return Math.floor(months / 12);
    case 'M':
      return months;
    case 'D':
      return end - start;
    case 'MD':
      return end - moved(start, months, false);
    case 'YM':
      return months % 12;
    case 'YD':
      return end - moved(start, months - (months % 12), false);
    default:
      throw fail(
        'NUM',
        `Function DATEDIF parameter 3 value '${unit}' is invalid. Valid values are ${DISTANCES.join(', ')}.`,
      );
  }
}

/** Days since the Monday before or on that day. */
export function sinceMonday(serial: number): number {
  return (((Math.floor(serial) - 2) % 7) + 7) % 7;
}

/** Number of the week that has the most days of a year, weeks starting on Mondays. */
function isoWeek(serial: number): number {
  const thursday = Math.floor(serial) - sinceMonday(serial) + 3;
  const first = serialOf(dayOf(thursday).year, 1, 1) ?? 0;
  return Math.floor((thursday - first) / 7) + 1;
}

/** Days after Monday on which weeks begin, by type; 21 is ISO. */
const WEEK_STARTS: Readonly<Record<number, number>> = { 1: 6, 2: 0, 11: 0, 12: 1, 13: 2, 14: 3, 15: 4, 16: 5, 17: 6 };

function week(serial: number, type: number): number {
  if (type === 21) return isoWeek(serial);
  const start = WEEK_STARTS[type];
  if (start === undefined) {
    throw fail('NUM', `Function WEEKNUM parameter 2 value is ${type}. Valid values are 1, 2, 11 to 17 and 21.`);
  }
  const first = serialOf(dayOf(serial).year, 1, 1) ?? 0;
  const lead = (sinceMonday(first) - start + 7) % 7;
  return Math.floor((Math.floor(serial) - first + lead) / 7) + 1;
}

function isBasis(value: number): value is Basis {
  return [0, 1, 2, 3, 4].includes(value);
}

/** How many of a unit are a second: seconds, milliseconds, microseconds. */
const UNITS = [1, 1000, 1_000_000];

export const DATE_FUNCTIONS: readonly FunctionSpec[] = [
  define('DATE', [integer, integer, integer], (_, year, month, day) => dateSerial(year, month, day), DATE),
  define('TIME', [integer, integer, integer], (_, hour, minute, second) => timeSerial(hour, minute, second), {
    shows: 'TIME',
  }),
  define('TODAY', [], (scope) => Math.floor(scope.now), { ...DATE, volatile: true }),
  define('NOW', [], (scope) => scope.now, { shows: 'DATE_TIME', volatile: true }),
  define('DATEVALUE', [value], (scope, of) => Math.floor(parsed('DATEVALUE', scope, of))),
  define('TIMEVALUE', [value], (scope, of) => {
    const moment = parsed('TIMEVALUE', scope, of);
    return moment - Math.floor(moment);
  }),
  part('YEAR', (date) => date.getUTCFullYear()),
  part('MONTH', (date) => date.getUTCMonth() + 1),
  part('DAY', (date) => date.getUTCDate()),
  part('HOUR', (date) => date.getUTCHours()),
  part('MINUTE', (date) => date.getUTCMinutes()),
  part('SECOND', (date) => date.getUTCSeconds()),
  monthsLater('EDATE', false),
  monthsLater('EOMONTH', true),
  define('DATEDIF', [integer, integer, text], (_, start, end, unit) => distance(start, end, unit)),
  define('DAYS', [integer, integer], (_, end, start) => end - start),
  define('DAYS360', [integer, integer, optional(boolean, false)], (_, start, end, european) => {
    checkDays('DAYS360', start, end);
    return daysBetween(start, end, european ? 4 : 0);
  }),
  define('YEARFRAC', [integer, integer, optional(integer, 0)], (_, start, end, basis) => {
    checkDays('YEARFRAC', start, end);
    if (!isBasis(basis)) {
      throw fail('NUM', `Function YEARFRAC parameter 3 value is ${basis}. Valid values are between 0 and 4 inclusive.`);
    }
    return yearFraction(Math.min(start, end), Math.max(start, end), basis);
  }),
  define('WEEKDAY', [integer, optional(integer, 1)], (_, day, type) => {
    within('WEEKDAY', 2, type, 1, 3);
    const monday = sinceMonday(day);
    return type === 1 ? ((monday + 1) % 7) + 1 : type === 2 ? monday + 1 : monday;
  }),
  define('WEEKNUM', [integer, optional(integer, 1)], (_, day, type) => week(day, type)),
  define('ISOWEEKNUM', [integer], (_, day) => isoWeek(day)),
  define(
    'EPOCHTODATE',
    [number, optional(integer, 1)],
    (_, moment, unit) => {
      within('EPOCHTODATE', 2, unit, 1, 3);
      notNegative('EPOCHTODATE', 1, moment);
      return moment / (UNITS[unit - 1] ?? 1) / DAY_SECONDS + UNIX_EPOCH;
    },
    { shows: 'DATE_TIME' },
  ),
];
