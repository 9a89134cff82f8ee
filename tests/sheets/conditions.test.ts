// Conditions as callers write them and as the API has them, there and back.

import { expect, test } from 'vitest';
import { conditionText, filterCondition, type Operator } from '../../src/sheets/conditions.ts';

test.each<[Operator, (string | number)[], string, string]>([
  ['=', [5], 'NUMBER_EQ 5', '= 5'],
  ['=', ['5'], 'TEXT_EQ 5', '= 5'],
  ['=', ['2026-02-03'], 'DATE_EQ 2026-02-03', '= 2026-02-03'],
  ['=', ['2026-02-30'], 'TEXT_EQ 2026-02-30', '= 2026-02-30'],
  ['!=', [-0.5], 'NUMBER_NOT_EQ -0.5', '!= -0.5'],
  ['>', ['2026-02-03'], 'DATE_AFTER 2026-02-03', '> 2026-02-03'],
  ['<', ['2026-02-03'], 'DATE_BEFORE 2026-02-03', '< 2026-02-03'],
  ['between', [1, 2], 'NUMBER_BETWEEN 1,2', 'between 1 and 2'],
  ['contains', [5], 'TEXT_CONTAINS 5', 'contains 5'],
  ['starts_with', ['2026-02-03'], 'TEXT_STARTS_WITH 2026-02-03', 'starts_with 2026-02-03'],
  ['blank', [], 'BLANK', 'blank'],
  ['formula', ['=A2>1'], 'CUSTOM_FORMULA =A2>1', 'formula =A2>1'],
])('%s %j', (op, given, type, text) => {
  const condition = filterCondition(op, given, 'en_US', 'x');
  const values = (condition.values ?? []).map(({ userEnteredValue }) => userEnteredValue);
  expect([condition.type, values.join()].filter(Boolean).join(' ')).toBe(type);
  expect(conditionText({ type: condition.type, values: condition.values ?? [] })).toBe(text);
});

test.each([
  ['en_US', '1.5'],
  ['en_GB', '1.5'],
  ['de_DE', '1,5'],
  ['fr_FR', '1,5'],
  ['pt_BR', '1,5'],
  ['no-such-locale-at-all', '1.5'],
  ['', '1.5'],
])('a fraction is typed as in %j', (locale, text) => {
  expect(filterCondition('>', [1.5], locale, 'x').values).toEqual([{ userEnteredValue: text }]);
});

test('what has no operator here is told by its own name', () => {
  expect(conditionText({ type: 'DATE_AFTER', values: [{ relativeDate: 'TODAY' }] })).toBe('> TODAY');
  expect(conditionText({ type: 'TEXT_IS_EMAIL', values: [] })).toBe('text_is_email');
});

test.each<[Operator, (string | number)[], RegExp]>([
  ['>', ['abc'], /no filter > "abc"/],
  ['between', [1, '2026-02-03'], /no filter between 1 and "2026-02-03"/],
  ['>', [], /> takes one value/],
  ['blank', [1], /blank takes no value/],
])('%s %j is refused', (op, given, words) => {
  expect(() => filterCondition(op, given, 'en_US', 'x')).toThrow(words);
});
