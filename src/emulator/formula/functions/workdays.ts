// Days on which people work: WORKDAY and NETWORKDAYS with weekends and holidays. Dates are whole serial numbers.

import { define, type FunctionSpec, integer, operand, optional, type Scope, value } from '../define.ts';
import { fail, isError, type Operand, type Scalar } from '../value.ts';
import { checkDays, sinceMonday } from './dates.ts';
import { cellsOf } from './matrices.ts';

/** True at the days of a week, from Monday, on which nobody works. */
type Weekend = readonly boolean[];

/** Weekends 1 to 7 are two days, from Saturday and Sunday onwards; 11 to 17 one day, from Sunday onwards. */
function numbered(kind: number): Weekend | undefined {
  if (kind >= 1 && kind <= 7) {
    const first = (kind + 4) % 7;
    return Array.from({ length: 7 }, (_, day) => day === first || day === (first + 1) % 7);
  }
  if (kind < 11 || kind > 17) return undefined;
  return Array.from({ length: 7 }, (_, day) => day === (kind - 5) % 7);
}

function weekendOf(name: string, kind: Scalar | null): Weekend {
  const found =
    typeof kind === 'string'
      ? /^[01]{7}$/.test(kind)
        ? [...kind].map((day) => day === '1')
        : undefined
      : numbered(Math.trunc(Number(kind)));
  if (!found) throw fail('NUM', `Function ${name} parameter 3 value '${kind}' is not a valid weekend.`);
  if (found.every((free) => free)) throw fail('VALUE', `Function ${name} parameter 3 leaves no working day.`);
  return found;
}

/** The numbers among the holidays; texts are refused though they read like dates. */
function holidaysOf(name: string, scope: Scope, of: Operand): ReadonlySet<number> {
  const days = new Set<number>();
  for (const day of cellsOf(scope, of).rows.flat()) {
    if (isError(day)) throw fail(day.type, day.message);
    if (day === null || day === '') continue;
    if (typeof day !== 'number') {
      const what = typeof day === 'string' ? `'${day}' is a text` : `'${day ? 'TRUE' : 'FALSE'}' is a boolean`;
      throw fail('VALUE', `${name} expects number values. But ${what} and cannot be coerced to a number.`);
    }
    days.add(Math.floor(day));
  }
  return days;
}

/** Working days from one to the other, both included; negative when the second lies before the first. */
function count(start: number, end: number, weekend: Weekend, holidays: ReadonlySet<number>): number {
  checkDays('NETWORKDAYS', start, end);
  const [first, last] = start <= end ? [start, end] : [end, start];
  const works = (day: number) => !weekend[sinceMonday(day)];
  const weeks = Math.floor((last - first + 1) / 7);
  let days = weeks * weekend.filter((free) => !free).length;
  for (let day = first + weeks * 7; day <= last; day++) if (works(day)) days++;
  for (const day of holidays) if (day >= first && day <= last && works(day)) days--;
  return start <= end ? days : -days + 0;
}

/** The day that lies `distance` working days after or before a day. */
function walk(start: number, distance: number, weekend: Weekend, holidays: ReadonlySet<number>): number {
  checkDays('WORKDAY', start, distance);
  const step = Math.sign(distance);
  const weekly = weekend.filter((free) => !free).length;
  // Whole weeks at once, then day by day; holidays passed over on the way have to be made up for.
  const weeks = Math.max(0, Math.floor(Math.abs(distance) / weekly) - 1);
  let day = start + step * weeks * 7;
  let left = Math.abs(distance) - weeks * weekly;
  for (const holiday of holidays) {
    const passed = (holiday - start) * step > 0 && (day - holiday) * step >= 0;
    if (passed && !weekend[sinceMonday(holiday)]) left++;
  }
  while (left > 0) {
    day += step;
    if (!weekend[sinceMonday(day)] && !holidays.has(day)) left--;
  }
  return day;
}

const DATE = { shows: 'DATE' } as const;

export const WORKDAY_FUNCTIONS: readonly FunctionSpec[] = [
  define('NETWORKDAYS', [integer, integer, optional(operand)], (scope, start, end, holidays = null) =>
    count(start, end, weekendOf('NETWORKDAYS', 1), holidaysOf('NETWORKDAYS', scope, holidays)),
  ),
  define(
    'NETWORKDAYS.INTL',
    [integer, integer, optional(value, 1), optional(operand)],
    (scope, start, end, weekend, holidays = null) =>
      count(start, end, weekendOf('NETWORKDAYS.INTL', weekend), holidaysOf('NETWORKDAYS.INTL', scope, holidays)),
  ),
  define(
    'WORKDAY',
    [integer, integer, optional(operand)],
    (scope, start, distance, holidays = null) =>
      walk(start, distance, weekendOf('WORKDAY', 1), holidaysOf('WORKDAY', scope, holidays)),
    DATE,
  ),
  define(
    'WORKDAY.INTL',
    [integer, integer, optional(value, 1), optional(operand)],
    (scope, start, distance, weekend, holidays = null) =>
      walk(start, distance, weekendOf('WORKDAY.INTL', weekend), holidaysOf('WORKDAY.INTL', scope, holidays)),
    DATE,
  ),
];
