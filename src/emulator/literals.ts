// What a person means by typing a text into a cell: USER_ENTERED, as en_US and de_DE read it; other locales that write a
// decimal comma are read as de_DE, all others as en_US. Knows no cells.

import { serialOf } from '../sheets/values.ts';
import { hasDecimalComma } from './formula/tokens.ts';
import type { NumberFormat } from './messages/format.ts';

/** What was typed: a constant with the format it implies, or a formula. */
export type Literal =
  | { readonly value: string | number | boolean; readonly format?: NumberFormat }
  | { readonly formula: string };

const MONTHS = 'january february march april may june july august september october november december'.split(' ');

const GERMAN_MONTHS = 'januar februar märz april mai juni juli august september oktober november dezember'.split(' ');

const NUMBER = /^([+-]?)\s*([$€£¥]?)\s*([+-]?)\s*((?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d*)?|\.\d+)(e[+-]?\d{1,3})?\s*(%?)$/i;
const ISO_DATE = /^(\d{4})([-/.])(\d{1,2})\2(\d{1,2})$/;
const US_DATE = /^(\d{1,2})([-/])(\d{1,2})\2(\d{4}|\d{2})$/;
const US_DAY = /^(\d{1,2})([-/])(\d{1,2})$/;
const MONTH_FIRST = /^([a-z]{3,9})\.?\s+(\d{1,2})(?:,?\s+(\d{4}))?$/i;
const DAY_FIRST = /^(\d{1,2})[\s-]([a-z]{3,9})\.?[\s-,]+(\d{4})$/i;
const TIME = /^(\d{1,4}):(\d{2})(?::(\d{2}(?:\.\d{1,3})?))?\s*(am|pm|a|p)?$/i;

const GERMAN_NUMBER =
  /^([+-]?)\s*([$€£¥]?)\s*([+-]?)\s*((?:\d{1,3}(?:\.\d{3})+|\d+)(?:,\d*)?|,\d+)(e[+-]?\d{1,3})?\s*([%€]?)$/i;
const GERMAN_DATE = /^(\d{1,2})([./-])(\d{1,2})\2(\d{4}|\d{2})$/;
const GERMAN_DAY = /^(\d{1,2})\.(\d{1,2})\.?$/;
const GERMAN_WORDS = /^(\d{1,2})\.?\s+([a-zä]{3,9})\.?(?:\s+(\d{4}))?$/i;

/** 1 to 12 of a name or its first letters, three at least. */
function monthOf(name: string): number | undefined {
  const index = MONTHS.findIndex((month) => month.startsWith(name.toLowerCase()));
  return index < 0 ? undefined : index + 1;
}

/** Two-digit years are of this century up to 29, as Sheets has them. */
function fullYear(text: string): number {
  const year = Number(text);
  return text.length === 4 ? year : year < 30 ? 2000 + year : 1900 + year;
}

interface Moment {
  readonly serial: number;
  readonly pattern: string;
}

function dateOf(text: string, year: number): Moment | undefined {
  const moment = (y: number, m: number | undefined, d: string | undefined, pattern: string) => {
    const serial = m === undefined ? undefined : serialOf(y, m, Number(d));
    return serial === undefined ? undefined : { serial, pattern };
  };
  const iso = ISO_DATE.exec(text);
  if (iso) {
    const [, y = '', separator = '-', m = '', d = ''] = iso;
    const pattern = `yyyy${separator}${m.length > 1 ? 'mm' : 'm'}${separator}${d.length > 1 ? 'dd' : 'd'}`;
    return moment(Number(y), Number(m), d, pattern);
  }
  const us = US_DATE.exec(text);
  if (us) {
    const [, m = '', separator = '/', d = '', y = ''] = us;
    const pattern = `m${separator}d${separator}${y.length === 4 ? 'yyyy' : 'yy'}`;
    return moment(fullYear(y), Number(m), d, pattern);
  }
  const day = US_DAY.exec(text);
  if (day) return moment(year, Number(day[1]), day[3], `m${day[2]}d`);
  const first = MONTH_FIRST.exec(text);
  if (first) {
    return moment(
      first[3] ? Number(first[3]) : year,
      monthOf(first[1] ?? ''),
      first[2],
      first[3] ? 'mmm d, yyyy' : 'mmm d',
    );
  }
  const second = DAY_FIRST.exec(text);
  return second ? moment(Number(second[3]), monthOf(second[2] ?? ''), second[1], 'd mmm yyyy') : undefined;
}

/** A fraction of a day, or more than a day for durations such as 25:10:00. */
function timeOf(text: string): Moment | undefined {
  const match = TIME.exec(text);
  if (!match) return undefined;
  const [, h = '', m = '', s, half] = match;
  let hours = Number(h);
  if (Number(m) > 59 || Number(s ?? 0) >= 60) return undefined;
  if (half) {
    if (hours < 1 || hours > 12) return undefined;
    hours = (hours % 12) + (half.toLowerCase().startsWith('p') ? 12 : 0);
  }
  const serial = (hours * 3600 + Number(m) * 60 + Number(s ?? 0)) / 86_400;
  if (hours > 23) return { serial, pattern: '[h]:mm:ss' };
  return { serial, pattern: `h:mm${s === undefined ? '' : ':ss'}${half ? ' am/pm' : ''}` };
}

function germanDate(text: string, year: number): Moment | undefined {
  const moment = (y: number, m: number, d: string | undefined, pattern: string) => {
    const serial = serialOf(y, m, Number(d));
    return serial === undefined ? undefined : { serial, pattern };
  };
  const full = GERMAN_DATE.exec(text);
  if (full) {
    const [, d, separator = '.', m, y = ''] = full;
    const long = y.length === 4 ? 'yyyy' : 'yy';
    return moment(fullYear(y), Number(m), d, `dd${separator}mm${separator}${long}`);
  }
  const day = GERMAN_DAY.exec(text);
  if (day?.[0].endsWith('.')) return moment(year, Number(day[2]), day[1], 'dd.mm.');
  const words = GERMAN_WORDS.exec(text);
  const month = words ? GERMAN_MONTHS.findIndex((name) => name.startsWith((words[2] ?? '').toLowerCase())) + 1 : 0;
  if (!words || month === 0) return undefined;
  return moment(words[3] ? Number(words[3]) : year, month, words[1], words[3] ? 'd. mmmm yyyy' : 'd. mmmm');
}

function momentOf(text: string, year: number, comma: boolean): Literal | undefined {
  if (!/\d/.test(text)) return undefined;
  const dateIn = (part: string) =>
    comma ? (germanDate(part, year) ?? (ISO_DATE.test(part) ? dateOf(part, year) : undefined)) : dateOf(part, year);
  const date = dateIn(text);
  if (date) return { value: date.serial, format: { type: 'DATE', pattern: date.pattern } };
  const time = timeOf(text);
  if (time) return { value: time.serial, format: { type: 'TIME', pattern: time.pattern } };
  const gap = /^(.*\d\.?)(?:\s+|T)(\d{1,2}:.+)$/.exec(text);
  const day = gap?.[1] !== undefined ? dateIn(gap[1]) : undefined;
  const hour = gap?.[2] !== undefined ? timeOf(gap[2]) : undefined;
  if (!day || !hour || hour.serial >= 1) return undefined;
  return {
    value: day.serial + hour.serial,
    format: { type: 'DATE_TIME', pattern: `${day.pattern} ${hour.pattern}` },
  };
}

function numberOf(text: string, comma: boolean): Literal | undefined {
  if (comma) return germanNumber(text);
  const match = NUMBER.exec(text);
  if (!match) return undefined;
  const [, outer = '', dollar, inner = '', digits = '', exponent = '', percent] = match;
  if ((outer !== '' && inner !== '') || (dollar && (percent || exponent))) return undefined;
  const sign = outer === '-' || inner === '-' ? -1 : 1;
  const value = sign * Number(digits.replaceAll(',', '') + exponent);
  const decimals = /\.\d/.test(digits);
  // A product such as 12.3 * 0.01 is not the double nearest to 0.123.
  if (percent) {
    return {
      value: Number(`${value}e-2`),
      format: { type: 'PERCENT', pattern: decimals ? '0.00%' : '0%' },
    };
  }
  const mark = dollar === '$' ? '"$"' : `[$${dollar}]`;
  if (dollar) return { value, format: { type: 'CURRENCY', pattern: decimals ? `${mark}#,##0.00` : `${mark}#,##0` } };
  if (exponent) return { value, format: { type: 'SCIENTIFIC', pattern: '0.00E+00' } };
  if (digits.includes(',')) return { value, format: { type: 'NUMBER', pattern: decimals ? '#,##0.00' : '#,##0' } };
  return { value };
}

function germanNumber(text: string): Literal | undefined {
  const match = GERMAN_NUMBER.exec(text);
  if (!match) return undefined;
  const [, outer = '', before = '', inner = '', digits = '', exponent = '', after = ''] = match;
  if ((outer !== '' && inner !== '') || (before !== '' && after !== '')) return undefined;
  const sign = outer === '-' || inner === '-' ? -1 : 1;
  const value = sign * Number(digits.replaceAll('.', '').replace(',', '.') + exponent);
  const decimals = /,\d/.test(digits);
  if (after === '%') {
    return { value: Number(`${value}e-2`), format: { type: 'PERCENT', pattern: decimals ? '0.00%' : '0%' } };
  }
  const currency = before || after;
  if (currency !== '') {
    return { value, format: { type: 'CURRENCY', pattern: `${decimals ? '#,##0.00' : '#,##0'} [$${currency}]` } };
  }
  if (exponent) return { value, format: { type: 'SCIENTIFIC', pattern: '0.00E+00' } };
  if (digits.includes('.')) return { value, format: { type: 'NUMBER', pattern: decimals ? '#,##0.00' : '#,##0' } };
  return { value };
}

/** `year` completes dates typed without one. Texts nothing recognises stay texts. */
export function parseLiteral(text: string, year: number, locale = 'en_US'): Literal {
  const comma = hasDecimalComma(locale);
  if (text.startsWith("'")) return { value: text.slice(1) };
  if (text.length > 1 && text.startsWith('=')) return { formula: text };
  const trimmed = text.trim();
  if (trimmed.length === 0 || trimmed.length > 40) return { value: text };
  const lower = trimmed.toLowerCase();
  if (lower === 'true' || lower === 'false') return { value: lower === 'true' };
  if (comma && (lower === 'wahr' || lower === 'falsch')) return { value: lower === 'wahr' };
  const parenthesised = /^\(([^-+()]+)\)$/.exec(trimmed);
  const negative = parenthesised?.[1] !== undefined ? numberOf(`-${parenthesised[1]}`, comma) : undefined;
  return negative ?? numberOf(trimmed, comma) ?? momentOf(trimmed, year, comma) ?? { value: text };
}
