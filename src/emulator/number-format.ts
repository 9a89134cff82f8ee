// How a value is shown: Google's automatic format, the default patterns of each format type, everything else by
// numfmt. Knows neither cells nor sheets.

import { format as formatPattern } from 'numfmt';
import { type Effective, errorText } from './evaluate.ts';
import type { NumberFormat } from './messages/format.ts';

/** Patterns of the types without one, for en_US (Google, "Date and number formats"). */
const DEFAULT_PATTERNS: Readonly<Record<string, string>> = {
  NUMBER: '#,##0.00',
  PERCENT: '0.00%',
  CURRENCY: '"$"#,##0.00',
  DATE: 'm/d/yyyy',
  TIME: 'h:mm:ss am/pm',
  DATE_TIME: 'm/d/yyyy h:mm:ss',
  SCIENTIFIC: '0.00E+00',
};
const GERMAN_PATTERNS: Readonly<Record<string, string>> = {
  ...DEFAULT_PATTERNS,
  CURRENCY: '#,##0.00 "€"',
  DATE: 'dd.mm.yyyy',
  TIME: 'hh:mm:ss',
  DATE_TIME: 'dd.mm.yyyy hh:mm:ss',
};

const DATE_TYPES = new Set(['DATE', 'TIME', 'DATE_TIME']);
/** Integers from here on are shown in scientific notation. */
const SCIENTIFIC_FROM = 1e15;
const SCIENTIFIC_BELOW = 1e-9;
const SHOWN_DIGITS = 10;

/** True for formats whose numbers are serial dates: dateTimeRenderOption applies to them. */
export function isDateFormat(format: NumberFormat | undefined): boolean {
  return format?.type !== undefined && DATE_TYPES.has(format.type);
}

export function defaultPattern(type: string, locale: string): string | undefined {
  return (locale.startsWith('de') ? GERMAN_PATTERNS : DEFAULT_PATTERNS)[type];
}

function scientific(value: number): string {
  const [mantissa = '', exponent = ''] = value.toExponential(5).split('e');
  const sign = exponent.startsWith('-') ? '-' : '+';
  const digits = exponent.slice(1).padStart(2, '0');
  return `${mantissa.includes('.') ? mantissa.replace(/\.?0+$/, '') : mantissa}E${sign}${digits}`;
}

/** A number without a format: ten significant digits, integers in full up to fifteen. */
export function automatic(value: number, locale: string): string {
  if (Number.isInteger(value) && Math.abs(value) < SCIENTIFIC_FROM) return String(value === 0 ? 0 : value);
  const size = Math.abs(value);
  if (size >= SCIENTIFIC_FROM || size < SCIENTIFIC_BELOW) return scientific(value);
  const integerDigits = Math.max(1, Math.floor(Math.log10(size)) + 1);
  const decimals = size < 1 ? SHOWN_DIGITS - 1 - Math.floor(Math.log10(size)) : SHOWN_DIGITS - integerDigits;
  const fixed = value.toFixed(Math.min(Math.max(decimals, 0), 20));
  const short = fixed.includes('.') ? fixed.replace(/\.?0+$/, '') : fixed;
  return locale.startsWith('de') ? short.replace('.', ',') : short;
}

/** The text a cell shows; empty for a blank one. A pattern numfmt refuses shows the value as it is. */
export function formatValue(value: Effective, format: NumberFormat | undefined, locale: string): string {
  if (value === undefined) return '';
  if (typeof value === 'boolean') return value ? 'TRUE' : 'FALSE';
  if (typeof value === 'object') return errorText(value);
  const pattern = format?.pattern || (format?.type && defaultPattern(format.type, locale));
  if (!pattern || format?.type === 'TEXT') return typeof value === 'number' ? automatic(value, locale) : value;
  if (typeof value === 'string' && !pattern.includes('@')) return value;
  try {
    return formatPattern(pattern, value, { locale: locale.replace('_', '-'), leap1900: false });
  } catch {
    return typeof value === 'number' ? automatic(value, locale) : value;
  }
}
