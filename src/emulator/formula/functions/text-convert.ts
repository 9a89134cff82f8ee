// Numbers from and to texts: TEXT, VALUE, FIXED, DOLLAR, ROMAN, the TO_ family, and texts as addresses on the web.
// Number formats are drawn by the scope.

import { boolean, define, type FunctionSpec, integer, number, optional, type Scope, text, value } from '../define.ts';
import { textFrom } from '../parameters.ts';
import { fail, type Scalar } from '../value.ts';
import { literalIn } from './criteria.ts';
import { within } from './refusals.ts';
import { fromRoman, narrowed, toRoman } from './roman.ts';
import { round } from './rounding.ts';

type Shown = 'DATE' | 'PERCENT' | 'CURRENCY' | 'NUMBER';

/** Numbers are shown as the name says; anything else passes as it is. */
function shownAs(name: string, shows: Shown): FunctionSpec {
  return define(name, [value], (_, of) => of, { shows });
}

/** A pattern with so many decimals, none for a negative number of places. */
function decimals(pattern: string, places: number): string {
  return places > 0 ? `${pattern}.${'0'.repeat(places)}` : pattern;
}

/** Most decimals a number is written with. */
const MOST_PLACES = 127;

function numberIn(scope: Scope, of: Scalar | null): number {
  if (of === null || of === '') return 0;
  const found = typeof of === 'string' ? literalIn(scope, of) : of;
  if (typeof found === 'number') return found;
  throw fail('VALUE', `VALUE parameter '${textFrom(of, scope.locale)}' cannot be parsed to number.`);
}

const HOST = String.raw`(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,24}`;
const URL_PATTERN = new RegExp(
  String.raw`^(?:(?:https?|ftp|gopher|telnet|news|aim|file)://)?${HOST}(?::\d{1,5})?(?:[/?#]\S*)?$|^mailto:\S+@${HOST}$`,
  'i',
);
const EMAIL_PATTERN = new RegExp(String.raw`^[\w!#$%&'*+/=?^{|}~-]+(?:\.[\w!#$%&'*+/=?^{|}~-]+)*@${HOST}$`, 'i');
/** Longer addresses are none. */
const LONGEST_ADDRESS = 2048;

const matches = (of: Scalar | null, pattern: RegExp) =>
  typeof of === 'string' && of.length <= LONGEST_ADDRESS && pattern.test(of.trim());

export const TEXT_CONVERT_FUNCTIONS: readonly FunctionSpec[] = [
  define('TEXT', [value, text], (scope, of, pattern) => {
    const meant = typeof of === 'string' ? literalIn(scope, of) : of;
    if (typeof meant === 'boolean') return textFrom(meant, scope.locale);
    return scope.format(typeof meant === 'string' ? of : (meant ?? 0), pattern);
  }),
  define('VALUE', [value], (scope, of) => numberIn(scope, of)),
  define('FIXED', [number, optional(integer, 2), optional(boolean, false)], (scope, of, places, plain) => {
    within('FIXED', 2, places, -MOST_PLACES, MOST_PLACES);
    return scope.format(round(of, places), decimals(plain ? '0' : '#,##0', places));
  }),
  define('DOLLAR', [number, optional(integer, 2)], (scope, of, places) => {
    within('DOLLAR', 2, places, -MOST_PLACES, MOST_PLACES);
    return scope.format(round(of, places), decimals('"$"#,##0', places));
  }),
  define('T', [value], (_, of) => (typeof of === 'string' ? of : '')),
  define('N', [value], (_, of) => (typeof of === 'string' ? 0 : Number(of))),
  define('ASC', [text], (_, of) => narrowed(of)),
  define('ARABIC', [text], (_, written) => {
    const found = fromRoman(written);
    if (found === undefined) throw fail('VALUE', 'Invalid roman numeral in ARABIC evaluation.');
    return found;
  }),
  define('ROMAN', [integer, optional(integer, 0)], (_, of, form) => {
    within('ROMAN', 1, of, 1, 3999, 'VALUE');
    within('ROMAN', 2, form, 0, 4, 'VALUE');
    return toRoman(of, form);
  }),
  shownAs('TO_DATE', 'DATE'),
  shownAs('TO_PERCENT', 'PERCENT'),
  shownAs('TO_DOLLARS', 'CURRENCY'),
  shownAs('TO_PURE_NUMBER', 'NUMBER'),
  define('TO_TEXT', [value], (scope, of) => textFrom(of, scope.locale)),
  define('ENCODEURL', [text], (_, of) =>
    encodeURIComponent(of.toWellFormed()).replace(
      /[!'()*]/g,
      (one) => `%${one.charCodeAt(0).toString(16).toUpperCase()}`,
    ),
  ),
  define('ISURL', [value], (_, of) => matches(of, URL_PATTERN)),
  define('ISEMAIL', [value], (_, of) => matches(of, EMAIL_PATTERN)),
];
