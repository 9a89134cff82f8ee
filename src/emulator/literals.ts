// What a person means by typing a text into a cell of an en_US sheet: USER_ENTERED. Knows no cells.

import { serialOf } from '../sheets/values.ts';
import type { NumberFormat } from './messages/format.ts';

/** What was typed: a constant with the format it implies, or a formula. */
export type Literal =
  | { readonly value: string | number | boolean; readonly format?: NumberFormat }
  | { readonly formula: string };

const MONTHS = 'january february march april may june july august september october november december'.split(' ');

const NUMBER = /^([+-]?)\s*(\$?)\s*([+-]?)\s*((?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d*)?|\.\d+)(e[+-]?\d{1,3})?\s*(%?)$/i;
const ISO_DATE = /^(\d{4})([-/.])(\d{1,2})\2(\d{1,2})$/;
const US_DATE = /^(\d{1,2})([-/])(\d{1,2})\2(\d{4}|\d{2})$/;
const US_DAY = /^(\d{1,2})([-/])(\d{1,2})$/;
const MONTH_FIRST = /^([a-z]{3,9})\.?\s+(\d{1,2})(?:,?\s+(\d{4}))?$/i;
const DAY_FIRST = /^(\d{1,2})[\s-]([a-z]{3,9})\.?[\s-,]+(\d{4})$/i;
const TIME = /^(\d{1,4}):(\d{2})(?::(\d{2}(?:\.\d{1,3})?))?\s*(am|pm|a|p)?$/i;

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

function momentOf(text: string, year: number): Literal | undefined {
  if (!/\d/.test(text)) return undefined;
  const date = dateOf(text, year);
  if (date) return { value: date.serial, format: { type: 'DATE', pattern: date.pattern } };
  const time = timeOf(text);
  if (time) return { value: time.serial, format: { type: 'TIME', pattern: time.pattern } };
  const gap = /^(.*\d)(?:\s+|T)(\d{1,2}:.+)$/.exec(text);
  const day = gap?.[1] !== undefined ? dateOf(gap[1], year) : undefined;
  const hour = gap?.[2] !== undefined ? timeOf(gap[2]) : undefined;
  if (!day || !hour || hour.serial >= 1) return undefined;
  return {
    value: day.serial + hour.serial,
    format: { type: 'DATE_TIME', pattern: `${day.pattern} ${hour.pattern}` },
  };
}

function numberOf(text: string): Literal | undefined {
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
  if (dollar) return { value, format: { type: 'CURRENCY', pattern: decimals ? '"$"#,##0.00' : '"$"#,##0' } };
  if (exponent) return { value, format: { type: 'SCIENTIFIC', pattern: '0.00E+00' } };
  if (digits.includes(',')) return { value, format: { type: 'NUMBER', pattern: decimals ? '#,##0.00' : '#,##0' } };
  return { value };
}

/** `year` completes dates typed without one. Texts nothing recognises stay texts. */
export function parseLiteral(text: string, year: number): Literal {
  if (text.startsWith("'")) return { value: text.slice(1) };
  if (text.length > 1 && text.startsWith('=')) return { formula: text };
  const trimmed = text.trim();
  if (trimmed.length === 0 || trimmed.length > 40) return { value: text };
  const lower = trimmed.toLowerCase();
  if (lower === 'true' || lower === 'false') return { value: lower === 'true' };
  const parenthesised = /^\(([^-+()]+)\)$/.exec(trimmed);
  const negative = parenthesised?.[1] !== undefined ? numberOf(`-${parenthesised[1]}`) : undefined;
  return negative ?? numberOf(trimmed) ?? momentOf(trimmed, year) ?? { value: text };
}
