// Cell values as Sheets counts them: serial dates and what a literal means. Shared with the embedded backend.

const DAY_MS = 86_400_000;
/** Serial 0 is 1899-12-30 (Google, "About date and time values": the Lotus 1-2-3 epoch). */
const EPOCH_MS = Date.UTC(1899, 11, 30);

/** Days since 1899-12-30 of a calendar date-time without zone; undefined when no such day or time exists. */
export function serialOf(
  year: number,
  month: number,
  day: number,
  hour = 0,
  minute = 0,
  second = 0,
): number | undefined {
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) return undefined;
  if (hour > 23 || minute > 59 || second >= 60) return undefined;
  return (date.getTime() - EPOCH_MS) / DAY_MS + (hour * 3600 + minute * 60 + second) / 86_400;
}

/** The UTC fields of the returned date are the calendar fields of the serial; rounded to milliseconds. */
export function dateOfSerial(serial: number): Date {
  return new Date(EPOCH_MS + Math.round(serial * DAY_MS));
}

/** What a caller may put into a cell. `null` leaves it alone, `''` clears it. */
export type Cell = string | number | boolean | null | { readonly formula: string };

/** How strings are taken: `typed` reads ISO dates, `raw` nothing, `user_entered` leaves it to Sheets, as if typed in. */
export type Input = 'typed' | 'raw' | 'user_entered';

/** The API's ExtendedValue, as far as it is written. */
export type ExtendedValue =
  | { readonly stringValue: string }
  | { readonly numberValue: number }
  | { readonly boolValue: boolean }
  | { readonly formulaValue: string };

/** What a cell holds that `values` shows so under FORMULA; undefined for a blank one. */
export function extended(shown: string | number | boolean | undefined): ExtendedValue | undefined {
  if (shown === undefined || shown === '') return undefined;
  if (typeof shown === 'number') return { numberValue: shown };
  if (typeof shown === 'boolean') return { boolValue: shown };
  return shown.startsWith('=') ? { formulaValue: shown } : { stringValue: shown };
}

/** Significant digits in which values that were worked out in different ways agree; times of day are such. */
const COMPARED_DIGITS = 15;

/**
 * Equal for two plain values that a reader would call the same; whole numbers are told apart in full, since they may
 * be ids. Undefined for what has none: blanks, errors, formulas.
 */
export function keyOfValue(value: Readonly<Record<string, unknown>> | undefined): string | undefined {
  const { numberValue: number, stringValue, boolValue } = value ?? {};
  if (typeof number === 'number') {
    return `n${Number.isInteger(number) ? number : Number(number.toPrecision(COMPARED_DIGITS))}`;
  }
  if (typeof stringValue === 'string') return `s${stringValue}`;
  return typeof boolValue === 'boolean' ? `b${boolValue}` : undefined;
}

export type DateType = 'DATE' | 'DATE_TIME';

export interface Literal {
  /** Absent: the cell is cleared. */
  readonly value?: ExtendedValue;
  readonly date?: DateType;
  /** A word to the caller about how this value was taken. */
  readonly note?: 'formula_as_text' | 'converted_to_time_zone';
}

const ISO = /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2}(?:\.\d{1,9})?))?\s?(Z|[+-]\d{2}:?\d{2})?)?$/;
/** Offsets in use reach from -12:00 to +14:00; anything a clock could show is taken. */
const OFFSET = /^(Z|[+-](?:[01]\d|2[0-3]):?[0-5]\d)$/;

/** What a cell that is not null means under `typed` or `raw`. `timeZone` is the spreadsheet's (IANA name). */
export function literalOf(cell: Exclude<Cell, null>, input: 'typed' | 'raw', timeZone: string): Literal {
  if (typeof cell === 'number') return { value: { numberValue: cell } };
  if (typeof cell === 'boolean') return { value: { boolValue: cell } };
  if (typeof cell === 'object') return { value: { formulaValue: cell.formula } };
  if (cell === '') return {};
  const date = input === 'typed' ? isoDate(cell, timeZone) : undefined;
  if (date !== undefined) return date;
  const value = { stringValue: cell };
  return cell.startsWith('=') ? { value, note: 'formula_as_text' } : { value };
}

function isoDate(text: string, timeZone: string): Literal | undefined {
  const match = ISO.exec(text);
  if (!match) return undefined;
  const [year, month, day, hour, minute, second] = match.slice(1, 7).map((part) => Number(part ?? 0));
  const serial = serialOf(year ?? 0, month ?? 0, day ?? 0, hour, minute, second);
  if (serial === undefined || year === 0) return undefined;
  if (match[4] === undefined) return { value: { numberValue: serial }, date: 'DATE' };
  const offset = match[7];
  if (offset !== undefined && !OFFSET.test(offset)) return undefined;
  if (offset === undefined) return { value: { numberValue: serial }, date: 'DATE_TIME' };
  const instant = dateOfSerial(serial).getTime() - offsetMs(offset);
  const local = serialInZone(instant, timeZone);
  if (local === undefined) return undefined;
  return { value: { numberValue: local }, date: 'DATE_TIME', note: 'converted_to_time_zone' };
}

function offsetMs(offset: string): number {
  if (offset === 'Z') return 0;
  const sign = offset.startsWith('-') ? -1 : 1;
  return sign * (Number(offset.slice(1, 3)) * 60 + Number(offset.slice(-2))) * 60_000;
}

/** One per time zone that spreadsheets have: making one takes as long as a hundred conversions. */
const formats = new Map<string, Intl.DateTimeFormat>();

function formatOf(timeZone: string): Intl.DateTimeFormat {
  const known = formats.get(timeZone);
  if (known) return known;
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone,
    calendar: 'gregory',
    hourCycle: 'h23',
    era: 'short',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
    fractionalSecondDigits: 3,
  });
  formats.set(timeZone, format);
  return format;
}

/** The wall-clock serial that an instant has in a time zone; undefined outside the years 1 to 9999, which ISO dates write. */
function serialInZone(instant: number, timeZone: string): number | undefined {
  const parts = formatOf(timeZone).formatToParts(instant);
  const part = (type: string) => Number(parts.find((one) => one.type === type)?.value ?? 0);
  // Without its era 1 BC would be the year 1.
  if (parts.find((one) => one.type === 'era')?.value !== 'AD' || part('year') > 9999) return undefined;
  const second = part('second') + part('fractionalSecond') / 1000;
  return serialOf(part('year'), part('month'), part('day'), part('hour'), part('minute'), second);
}
