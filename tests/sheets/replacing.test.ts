// What find and replace finds and makes, and when that is not told because Java may read it differently.

import { describe, expect, test } from 'vitest';
import { createReplacer, type Search } from '../../src/sheets/replacing.ts';

const search = (find: string, more: Partial<Search> = {}): Search => ({
  find,
  replacement: '<>',
  regex: false,
  matchCase: false,
  wholeCell: false,
  ...more,
});

async function replaced(given: Search, text: string): Promise<unknown> {
  const found = (await createReplacer(given))?.replace(text);
  return found && `${found.occurrences} ${found.text}`;
}

describe('plain text', () => {
  test.each<[string, Partial<Search>, string, string]>([
    ['a.b', {}, 'A.B axb a.b', '2 <> axb <>'],
    ['a.b', { matchCase: true }, 'A.B a.b', '1 A.B <>'],
    ['aa', {}, 'aaaaa', '2 <><>a'],
    ['É', {}, 'née', '1 n<>e'],
    ['x', { wholeCell: true }, 'X', '1 <>'],
    ['x', { wholeCell: true }, 'xx', '0 xx'],
    ['a$(', { replacement: '$1\\' }, 'a$(b', '1 $1\\b'],
    ['\\d', {}, '5 \\d', '1 5 <>'],
    ['😀', { replacement: '😁' }, 'a😀b😀', '2 a😁b😁'],
  ])('%j %j in %j', async (find, more, text, told) => {
    expect(await replaced(search(find, more), text)).toBe(told);
  });

  test('letters with more than two cases are not told, but by case', async () => {
    expect(await replaced(search('k'), '\u212a')).toBeUndefined();
    expect(await replaced(search('k', { matchCase: true }), '\u212a')).toBe('0 \u212a');
  });
});

const pattern = (find: string, more: Partial<Search> = {}) => search(find, { regex: true, matchCase: true, ...more });

describe('a pattern', () => {
  test.each<[string, Partial<Search>, string, string]>([
    ['a+', {}, 'baac', '1 b<>c'],
    ['a+', { matchCase: false }, 'bAac', '1 b<>c'],
    // Google's own example.
    ['o.* (.*)', { replacement: '$1 Rocks' }, 'Google Sheets', '1 GSheets Rocks'],
    ['(a)(b)?', { replacement: '[$2$1]' }, 'ab a', '2 [ba] [a]'],
    ['(?<one>a)', { replacement: '$'.concat('{one}$10') }, 'a', '1 aa0'],
    ['(\\d)-(\\d)', { replacement: '\\$$2\\\\' }, '1-2', '1 $2\\'],
    ['[a-z]+', { wholeCell: true }, 'ab1', '0 ab1'],
    ['a|ab', { wholeCell: true }, 'ab', '1 <>'],
    ['\\p{Lu}', {}, 'aÄb', '1 a<>b'],
    ['x{2,3}', {}, 'xxxx', '1 <>x'],
    ['\\{x\\}', {}, '{x}', '1 <>'],
    ['a.c', {}, 'abc', '1 <>'],
    ['\\bb', {}, 'a b', '1 a <>'],
    ['c$', {}, 'abc', '1 ab<>'],
  ])('%j %j in %j', async (find, more, text, told) => {
    expect(await replaced(pattern(find, more), text)).toBe(told);
  });

  test.each([
    ['lookahead', '(?=a)'],
    ['lookbehind', '(?<=a)b'],
    ['a backreference', '(a)\\1'],
    ['a possessive count', 'a*+'],
    ['a name as Python has it', '(?P<n>a)'],
    ['the flag U', '(?U)a'],
    ['an intersection', '[a-z&&[^b]]'],
    ['a class in a class', '[[:alpha:]]'],
    ['a bracket first in a class', '[^]]'],
    ['a script', '\\p{Greek}'],
    ['\\v', '\\v'],
    ['\\h', '\\h'],
    ['a brace that counts nothing', 'a{,3}'],
    ['what is no pattern', '('],
    ['too long a repetition', '(a{100}){100}'],
  ])('is not told with %s', async (_, find) => {
    expect(await createReplacer(pattern(find))).toBeUndefined();
  });

  test.each([
    ['beyond ASCII whatever the case', 'é'],
    ['of a category whatever the case', '\\p{Lu}'],
  ])('is not told for letters %s', async (_, find) => {
    expect(await createReplacer(pattern(find, { matchCase: false }))).toBeUndefined();
  });

  test.each([
    ['an empty match', 'a*', 'baac'],
    ['a word boundary beside letters beyond ASCII', 'a\\b', 'aé'],
    ['a dot beside a line end that only Java has', 'a.c', 'a\u2028c'],
    ['an end before the last line end', 'a$', 'a\n'],
    ['white space that only Java has', '\\s', 'a\vb'],
  ])('is not told with %s', async (_, find, text) => {
    expect(await replaced(pattern(find), text)).toBeUndefined();
  });

  test('steps grow with text and pattern', async () => {
    const short = await createReplacer(pattern('a'));
    const long = await createReplacer(pattern('a{500}'));
    expect(short?.steps('x'.repeat(1_000))).toBeLessThan(10_000);
    expect(long?.steps('x'.repeat(1_000))).toBeGreaterThan(500_000);
  });
});
