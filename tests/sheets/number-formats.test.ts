// Patterns and names of number formats: which type Google is told, and that every format can be told and written back.

import { describe, expect, test } from 'vitest';
import { isNumberStyle, NUMBER_NAMES, numberFormatOf, numberStyleOf } from '../../src/sheets/number-formats.ts';

/** Patterns with the type that Sheets' own menu gives them. */
const PATTERNS: readonly (readonly [pattern: string, type: string])[] = [
  ['0.00', 'NUMBER'],
  ['#,##0.00', 'NUMBER'],
  ['#,##0_);(#,##0)', 'NUMBER'],
  ['[color50]0;[red]-0', 'NUMBER'],
  ['[>100]0;0.0', 'NUMBER'],
  ['0.0,,"M"', 'NUMBER'],
  ['0" days"', 'NUMBER'],
  ['0 \\d', 'NUMBER'],
  ['# ?/?', 'NUMBER'],
  ['0%', 'PERCENT'],
  ['0.0%', 'PERCENT'],
  ['0" %"', 'NUMBER'],
  ['"$"#,##0.00', 'CURRENCY'],
  ['$#,##0', 'CURRENCY'],
  ['[$€-407] #,##0.00', 'CURRENCY'],
  ['#,##0.00 "€"', 'CURRENCY'],
  ['£#,##0', 'CURRENCY'],
  ['_("$"* #,##0.00_);_("$"* \\(#,##0.00\\);_("$"* "-"??_);_(@_)', 'CURRENCY'],
  ['yyyy-mm-dd', 'DATE'],
  ['dddd', 'DATE'],
  ['mmm yyyy', 'DATE'],
  ['mmmm', 'DATE'],
  ['mm', 'DATE'],
  ['yyyy"年"m"月"d"日"', 'DATE'],
  ['h:mm:ss am/pm', 'TIME'],
  ['hh:mm', 'TIME'],
  ['[h]:mm:ss', 'TIME'],
  ['mm:ss', 'TIME'],
  ['m/d/yyyy h:mm:ss', 'DATE_TIME'],
  ['mmm h', 'DATE_TIME'],
  ['0.00E+00', 'SCIENTIFIC'],
  ['##0.0E+0', 'SCIENTIFIC'],
  ['@', 'TEXT'],
];

describe('a pattern', () => {
  test.each(PATTERNS)('%s is of type %s, and is told by itself', (pattern, type) => {
    expect(isNumberStyle(pattern)).toBe(true);
    expect(numberFormatOf(pattern)).toEqual({ type, pattern });
    expect(numberStyleOf({ type, pattern })).toBe(pattern);
  });

  test('of another type than it looks like is told with its type', () => {
    const told = numberStyleOf({ type: 'NUMBER', pattern: 'yyyy' });
    expect(told).toEqual({ type: 'number', pattern: 'yyyy' });
    expect(numberFormatOf(told)).toEqual({ type: 'NUMBER', pattern: 'yyyy' });
  });
});

test.each(NUMBER_NAMES)('the name %s leaves the pattern to the locale', (name) => {
  expect(isNumberStyle(name)).toBe(true);
  expect(numberFormatOf(name)).toEqual({ type: name.toUpperCase() });
  expect(numberStyleOf({ type: name.toUpperCase() })).toBe(name);
});

test.each(['currncy', 'General', 'plain', 'date time', 'Currency'])('%s is a name misspelt', (text) => {
  expect(isNumberStyle(text)).toBe(false);
});
