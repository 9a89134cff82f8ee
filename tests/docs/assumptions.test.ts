// docs/assumptions.md against the code: files that are there, and a check in npm run verify:google for each row that
// claims one, both ways.

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parseAssumptions } from '../../scripts/verify-google/assumptions.ts';
import { CHECKS } from '../../scripts/verify-google/checks.ts';
import { ROOT } from '../support/app.ts';

const text = readFileSync(join(ROOT, 'docs/assumptions.md'), 'utf8');
const rows = parseAssumptions(text);

test('the rows are numbered from 1 on without a gap, since the numbers are names', () => {
  expect(rows.map(({ number }) => number)).toEqual(rows.map((_, index) => index + 1));
  expect(rows.length).toBeGreaterThanOrEqual(37);
});

test('each row names files that are there', () => {
  expect(rows.filter(({ reliedOnBy }) => reliedOnBy.length === 0)).toEqual([]);
  const missing = rows.flatMap(({ number, reliedOnBy }) =>
    reliedOnBy.filter((file) => !existsSync(join(ROOT, 'src', file))).map((file) => `${number}: ${file}`),
  );
  expect(missing).toEqual([]);
});

test('each row that claims a check has one, and each check its row', () => {
  const claimed = rows.filter(({ tried }) => tried !== undefined).map(({ number }) => number);
  expect(CHECKS.map(({ number }) => number).sort((a, b) => a - b)).toEqual(claimed);
});

test('a row says which option its check needs', () => {
  const wrong = CHECKS.filter(({ number, option }) => {
    const tried = rows.find((row) => row.number === number)?.tried ?? '';
    return (/--([a-z-]+)/.exec(tried)?.[1] ?? undefined) !== option;
  });
  expect(wrong.map(({ number }) => number)).toEqual([]);
});

test('a state is "not verified" or says when it was', () => {
  expect(rows.filter(({ state }) => !/^not verified$|^verified on \d{4}-\d{2}-\d{2}$/.test(state))).toEqual([]);
});

test('the fixed numbers of the code keep their meaning', () => {
  const said = (number: number) => rows.find((row) => row.number === number)?.text ?? '';
  expect(said(19)).toContain('180 s');
  expect(said(20)).toContain('10 minutes');
  expect(said(21)).toMatch(/30,000 characters.* 24/);
});

test.each([
  ['a cell too few', '| 1 | text | `a.ts` | tried: so |'],
  ['a cell too many', '| 1 | text | `a.ts` | tried: so | not verified | more |'],
  ['neither tried nor cannot', '| 1 | text | `a.ts` | maybe | not verified |'],
  ['no number', '| 1a | text | `a.ts` | tried: so | not verified |'],
])('a row with %s is refused by its text', (_, row) => {
  expect(() => parseAssumptions(row)).toThrow(row);
});
