import { describe, expect, test } from 'vitest';
import { parseLiteral } from '../../src/emulator/literals.ts';

type Row = readonly [text: string, value: string | number | boolean, type?: string, pattern?: string];

function check(locale: string, rows: readonly Row[]): void {
  const cases = rows.map((row) => [...row] as [string, Row[1], string?, string?]);
  test.each(cases)('%s', (text, value, type, pattern) => {
    const literal = parseLiteral(text, 2026, locale);
    expect(literal).toEqual({ value, ...(type !== undefined && { format: { type, pattern } }) });
  });
}

describe('en_US', () => {
  check('en_US', [
    ['42', 42],
    ['007', 7],
    ['-1.5', -1.5],
    ['(3)', -3],
    ['1,234', 1234, 'NUMBER', '#,##0'],
    ['1,234.50', 1234.5, 'NUMBER', '#,##0.00'],
    ['1.234,5', '1.234,5'],
    ['5%', 0.05, 'PERCENT', '0%'],
    ['$1,234.50', 1234.5, 'CURRENCY', '"$"#,##0.00'],
    ['€5', 5, 'CURRENCY', '[$€]#,##0'],
    ['1e3', 1000, 'SCIENTIFIC', '0.00E+00'],
    ['2024-02-29', 45351, 'DATE', 'yyyy-mm-dd'],
    ['2024-02-30', '2024-02-30'],
    ['1/2/2024', 45293, 'DATE', 'm/d/yyyy'],
    ['Jan 15, 2020', 43845, 'DATE', 'mmm d, yyyy'],
    ['13:30', 0.5625, 'TIME', 'h:mm'],
    ['25:00:00', 25 / 24, 'TIME', '[h]:mm:ss'],
    ['TRUE', true],
    ['wahr', 'wahr'],
    ["'007", '007'],
    ['plain', 'plain'],
  ]);
});

describe('de_DE', () => {
  check('de_DE', [
    ['42', 42],
    ['1,5', 1.5],
    ['1.234', 1234, 'NUMBER', '#,##0'],
    ['1.234,50', 1234.5, 'NUMBER', '#,##0.00'],
    ['1,234.50', '1,234.50'],
    ['12,5%', 0.125, 'PERCENT', '0.00%'],
    ['1.234,50 €', 1234.5, 'CURRENCY', '#,##0.00 [$€]'],
    ['15.01.2020', 43845, 'DATE', 'dd.mm.yyyy'],
    ['15.1.20', 43845, 'DATE', 'dd.mm.yy'],
    ['15. Januar 2020', 43845, 'DATE', 'd. mmmm yyyy'],
    ['2020-01-15', 43845, 'DATE', 'yyyy-mm-dd'],
    ['15.01.2020 13:30', 43845.5625, 'DATE_TIME', 'dd.mm.yyyy h:mm'],
    ['31.02.2020', '31.02.2020'],
    ['WAHR', true],
    ['FALSCH', false],
    ['TRUE', true],
  ]);
});

test('formulas are taken as they are in every locale', () => {
  expect(parseLiteral('=SUMME(A1;B1)', 2026, 'de_DE')).toEqual({ formula: '=SUMME(A1;B1)' });
});
