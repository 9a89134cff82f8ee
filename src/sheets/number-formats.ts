// Number formats as callers write them, by name or by pattern, and as the API has them. Pure.

import type { NumberFormat } from './requests.ts';

/** Each is a type of the API in lower case; its pattern is the one of the spreadsheet's locale. */
export const NUMBER_NAMES = [
  'text',
  'number',
  'percent',
  'currency',
  'date',
  'time',
  'date_time',
  'scientific',
] as const;
export type NumberName = (typeof NUMBER_NAMES)[number];

/** A name, a pattern whose type can be told by what it shows, or both. */
export type NumberStyle = string | { readonly type: NumberName; readonly pattern: string };

/** Texts that stand in a pattern for themselves. */
const VERBATIM = /"[^"]*"|\\.|[_*]./g;
/** Colours, conditions and currencies; durations such as `[h]` are none of these. */
const BRACKETS = /\[(?!(?:h+|m+|s+)\])[^\]]*\]/gi;
const CURRENCY = /\[\$|[$€£¥₹₩₪₽]/;

/** Whether a text is a name or may be a pattern; Google judges the rest. */
export function isNumberStyle(text: string): boolean {
  // A word that shows nothing of a number or a date is a name misspelt.
  const word = /^[a-z_ ]+$/i.test(text) && !/^[ymdhs ]+$/i.test(text);
  return !word || isName(text);
}

function isName(text: string): text is NumberName {
  return NUMBER_NAMES.some((name) => name === text);
}

/** The API's NumberFormat. */
export function numberFormatOf(style: NumberStyle): NumberFormat {
  if (typeof style === 'object') return { type: style.type.toUpperCase(), pattern: style.pattern };
  return isName(style) ? { type: style.toUpperCase() } : { type: typeOfPattern(style), pattern: style };
}

/** As short as it can be told and still be written back the same. */
export function numberStyleOf({ type, pattern }: NumberFormat): NumberStyle {
  const name = type.toLowerCase() as NumberName; // of the API's types, each has a name
  if (pattern === undefined || pattern === '') return name;
  return typeOfPattern(pattern) === type && isNumberStyle(pattern) && !isName(pattern)
    ? pattern
    : { type: name, pattern };
}

/** The API wants the type told beside the pattern: the type that Sheets' own menu gives such a pattern. */
function typeOfPattern(pattern: string): string {
  const bare = pattern.replaceAll(VERBATIM, '').replaceAll(BRACKETS, '');
  if (bare.trim() === '@') return 'TEXT';
  if (/[0#?]\.?E[+-]/i.test(bare)) return 'SCIENTIFIC';
  const time = /[hs]|am\/pm|a\/p/i.test(bare);
  // Beside hours or seconds `m` are minutes, unless it is a month's name.
  const date = /[yd]|mmm/i.test(bare) || (!time && /m/i.test(bare));
  if (date) return time ? 'DATE_TIME' : 'DATE';
  if (time) return 'TIME';
  if (bare.includes('%')) return 'PERCENT';
  return CURRENCY.test(pattern) ? 'CURRENCY' : 'NUMBER';
}
