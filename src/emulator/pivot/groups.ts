// What group of a pivot table a value falls in: its own, or the one a rule makes for it, with a label and a place in
// the order. Reads no cells.

import { dateOfSerial } from '../../sheets/values.ts';
import { compareValues, keyOf } from '../formula/functions/order.ts';
import type { Value } from '../formula/value.ts';
import type { ExtendedValue, PivotGroup, PivotGroupRule } from '../messages/pivot.ts';

export interface Bucket {
  readonly label: Value;
  /** What groups are sorted by. */
  readonly order: Value;
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const DAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];

const two = (of: number) => String(of).padStart(2, '0');

/** Google, "DateTimeRuleType": the label of each, and a number in its order. */
function dateBucket(type: string, serial: number): Bucket {
  const date = dateOfSerial(serial);
  const [year, month, day] = [date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate()];
  const [hour, minute] = [date.getUTCHours(), date.getUTCMinutes()];
  const quarter = Math.floor(month / 3) + 1;
  const named = (label: string, order: number): Bucket => ({ label, order });
  const plain = (of: number): Bucket => ({ label: of, order: of });
  switch (type) {
    case 'SECOND':
      return plain(date.getUTCSeconds());
    case 'MINUTE':
      return plain(minute);
    case 'HOUR':
      return plain(hour);
    case 'HOUR_MINUTE':
      return named(`${two(hour)}:${two(minute)}`, hour * 60 + minute);
    case 'HOUR_MINUTE_AMPM':
      return named(`${hour % 12 || 12}:${two(minute)} ${hour < 12 ? 'AM' : 'PM'}`, hour * 60 + minute);
    case 'DAY_OF_WEEK':
      return named(DAYS[date.getUTCDay()] ?? '', date.getUTCDay());
    case 'DAY_OF_YEAR':
      return plain(Math.floor((Date.UTC(year, month, day) - Date.UTC(year, 0, 1)) / 86_400_000) + 1);
    case 'DAY_OF_MONTH':
      return plain(day);
    case 'DAY_MONTH':
      return named(`${day}-${MONTHS[month]}`, month * 31 + day);
    case 'MONTH':
      return named(MONTHS[month] ?? '', month);
    case 'QUARTER':
      return named(`Q${quarter}`, quarter);
    case 'YEAR':
      return plain(year);
    case 'YEAR_MONTH':
      return named(`${year}-${MONTHS[month]}`, year * 12 + month);
    case 'YEAR_QUARTER':
      return named(`${year} Q${quarter}`, year * 4 + quarter);
    default:
      return named(`${year}-${two(month + 1)}-${two(day)}`, Math.floor(serial));
  }
}

/** Equal intervals from `start` or 0; what lies outside has one group on either side, and the end is in the last. */
function histogramBucket(rule: NonNullable<PivotGroupRule['histogramRule']>, value: number): Bucket {
  const { interval = 1, start, end } = rule;
  if (start !== undefined && value < start) return { label: `< ${start}`, order: Number.NEGATIVE_INFINITY };
  if (end !== undefined && value > end) return { label: `> ${end}`, order: Number.POSITIVE_INFINITY };
  const base = start ?? 0;
  let low = base + Math.floor((value - base) / interval) * interval;
  if (end !== undefined && low >= end && low > base) low -= interval;
  const next = low + interval;
  const last = end !== undefined && next >= end ? end : Number.isInteger(interval) ? next - 1 : next;
  return { label: `${low} - ${last}`, order: low };
}

function plainValue({ stringValue, numberValue, boolValue }: ExtendedValue): Value {
  return stringValue ?? numberValue ?? boolValue ?? null;
}

export function bucketOf({ groupRule = {} }: PivotGroup, value: Value): Bucket {
  const { dateTimeRule, histogramRule, manualRule } = groupRule;
  if (typeof value === 'number' && dateTimeRule) return dateBucket(dateTimeRule.type ?? '', value);
  if (typeof value === 'number' && histogramRule) return histogramBucket(histogramRule, value);
  const key = keyOf(value);
  for (const { groupName = {}, items = [] } of manualRule?.groups ?? []) {
    const label = plainValue(groupName);
    if (items.some((item) => keyOf(plainValue(item)) === key)) return { label, order: label };
  }
  return { label: value, order: value };
}

/** Blanks first, then numbers, texts, booleans. */
export function compareBuckets(a: Bucket, b: Bucket): number {
  if (a.order === null || b.order === null) return Number(a.order !== null) - Number(b.order !== null);
  return compareValues(a.order, b.order);
}

const RULE_NAMES: Readonly<Record<string, string>> = {
  SECOND: 'Second',
  MINUTE: 'Minute',
  HOUR: 'Hour',
  HOUR_MINUTE: 'Hour-Minute (24 hour)',
  HOUR_MINUTE_AMPM: 'Hour-Minute (12 hour)',
  DAY_OF_WEEK: 'Day of the week',
  DAY_OF_YEAR: 'Day of the year',
  DAY_OF_MONTH: 'Day of the month',
  DAY_MONTH: 'Day-Month',
  MONTH: 'Month',
  QUARTER: 'Quarter',
  YEAR: 'Year',
  YEAR_MONTH: 'Year-Month',
  YEAR_QUARTER: 'Year-Quarter',
  YEAR_MONTH_DAY: 'Year-Month-Day',
};

/** What stands above a group. */
export function headingOf({ label, groupRule = {} }: PivotGroup, heading: string): string {
  if (label) return label;
  const { dateTimeRule, histogramRule, manualRule } = groupRule;
  if (dateTimeRule) return `${heading} - ${RULE_NAMES[dateTimeRule.type ?? ''] ?? ''}`;
  return histogramRule || manualRule ? `Grouped ${heading}` : heading;
}
