// Regular expressions of RE2 as Sheets has them, and that no pattern takes long.

import { describe, expect, it } from 'vitest';
import { patternOf } from '../../src/emulator/formula/pattern/machine.ts';
import { type Case, check, down, refused } from '../support/formula-cases.ts';

function invalid(pattern: string): Case {
  const quoted = pattern.replaceAll('"', '""');
  const message = `Function REGEXMATCH parameter 2 value "${pattern}" is not a valid regular expression.`;
  return [`=REGEXMATCH("a", "${quoted}")`, refused('REF', message)];
}

describe('REGEXMATCH', () => {
  check([
    ['=REGEXMATCH("hello world", "world")', true],
    ['=REGEXMATCH("hello", "^hello$")', true],
    ['=REGEXMATCH("hello world", "^hello$")', false],
    ['=REGEXMATCH("abc123", "[a-z]{3}\\d{3}")', true],
    ['=REGEXMATCH("ab", "a{2,3}b")', false],
    ['=REGEXMATCH("aab", "a{2,3}b")', true],
    ['=REGEXMATCH("aaab", "^a{2}b")', false],
    ['=REGEXMATCH("dog", "cat|dog")', true],
    ['=REGEXMATCH("helloworld", "\\bworld\\b")', false],
    ['=REGEXMATCH("hello world", "\\bworld\\b")', true],
    ['=REGEXMATCH("HELLO", "hello")', false],
    ['=REGEXMATCH("HELLO", "(?i)hello")', true],
    ['=REGEXMATCH("CAFÉ", "(?i)café")', true],
    ['=REGEXMATCH("Ab", "(?i:a)b")', true],
    ['=REGEXMATCH("AB", "(?i:a)b")', false],
    ['=REGEXMATCH("Q", "(?i)[a-z]")', true],
    ['=REGEXMATCH("a]", "[]]")', true],
    ['=REGEXMATCH("x-y", "[a-]")', true],
    ['=REGEXMATCH("x", "[^[:digit:]]")', true],
    ['=REGEXMATCH("5", "[[:^digit:]]")', false],
    ['=REGEXMATCH("5", "[\\D]")', false],
    ['=REGEXMATCH("A", "\\x41")', true],
    ['=REGEXMATCH("☃", "^\\x{2603}$")', true],
    ['=REGEXMATCH("😀", "^.$")', true],
    ['=REGEXMATCH("a.c", "\\Qa.c\\E")', true],
    ['=REGEXMATCH("abc", "\\Qa.c\\E")', false],
    ['=REGEXMATCH("a{", "a{")', true],
    ['=REGEXMATCH("x", "")', true],
    ['=REGEXMATCH("a"&CHAR(10)&"b", "a.b")', false],
    ['=REGEXMATCH("a"&CHAR(10)&"b", "(?s)a.b")', true],
    ['=REGEXMATCH("a"&CHAR(10)&"b", "^b")', false],
    ['=REGEXMATCH("a"&CHAR(10)&"b", "(?m)^b$")', true],
    [
      '=REGEXMATCH(123, "1")',
      refused(
        'VALUE',
        "Function REGEXMATCH parameter 1 expects text values. But '123' is a number and cannot be coerced to a text.",
      ),
    ],
    ['=REGEXMATCH(A1, "^$")', true, down(null)],
    ['=ARRAYFORMULA(REGEXMATCH({"a1";"b"}, "\\d"))', [[true], [false]]],
  ]);
});

describe('what RE2 refuses', () => {
  check(
    [
      '(?<=hel)lo',
      'foo(?=bar)',
      'foo(?!baz)',
      '(?>a)',
      '(a)\\1',
      '\\p{L}+',
      'a**',
      'a++',
      '+a',
      '(a',
      'a)',
      '[a',
      '[b-a]',
      '[[:nothing:]]',
      'a{1001}',
      'a{3,2}',
      '\\',
      '\\y',
      '\\Z',
      '\\x{110000}',
      '((a{100}){100}){100}',
      `${'('.repeat(5000)}a${')'.repeat(5000)}`,
    ].map(invalid),
  );
});

describe('REGEXEXTRACT', () => {
  check([
    ['=REGEXEXTRACT("abc 123 def", "\\d+")', '123'],
    ['=REGEXEXTRACT("one 1 two 2", "\\d+")', '1'],
    ['=REGEXEXTRACT("Price: $100", "\\$(\\d+)")', '100'],
    ['=REGEXEXTRACT("2025-03-01", "(\\d{4})-(\\d{2})-(\\d{2})")', [['2025', '03', '01']]],
    ['=REGEXEXTRACT("key: val", "(?P<k>\\w+): (\\w+)")', [['key', 'val']]],
    ['=REGEXEXTRACT("xaby", "(a)(b)?(c)?")', [['a', 'b', '']]],
    ['=REGEXEXTRACT("aaa", "a+?")', 'a'],
    ['=REGEXEXTRACT("aaa", "(?U)a+")', 'a'],
    ['=REGEXEXTRACT("foobar", "foo|foobar")', 'foo'],
    ['=REGEXEXTRACT("aab", "(a+)(a*)b")', [['aa', '']]],
    ['=REGEXEXTRACT("abab", "(?:(ab)|c)*")', 'ab'],
    ['=REGEXEXTRACT("résumé template", "résumé")', 'résumé'],
    [
      '=REGEXEXTRACT("hello", "\\d+")',
      refused(
        'N_A',
        'Function REGEXEXTRACT parameter 2 value "\\d+" does not match text of Function REGEXEXTRACT parameter 1 value "hello".',
      ),
    ],
    ['=REGEXEXTRACT("", "\\d+")', refused('N_A')],
    ['=REGEXEXTRACT("a1 b2 c3", "\\d+", 1)', refused('N_A')],
    [
      '=ARRAYFORMULA(REGEXEXTRACT({"a1";"b2"}, "(.)(.)"))',
      [
        ['a', '1'],
        ['b', '2'],
      ],
    ],
  ]);
});

describe('REGEXREPLACE', () => {
  check([
    ['=REGEXREPLACE("a1b2c3", "\\d", "x")', 'axbxcx'],
    ['=REGEXREPLACE("aabbaa", "a+", "x")', 'xbbx'],
    ['=REGEXREPLACE("hello", "\\d+", "x")', 'hello'],
    ['=REGEXREPLACE("", "\\d+", "x")', ''],
    ['=REGEXREPLACE("hello world", "(\\w+)", "[$1]")', '[hello] [world]'],
    ['=REGEXREPLACE("John Smith", "(\\w+) (\\w+)", "$2, $1")', 'Smith, John'],
    ['=REGEXREPLACE("2025-03-01", "(\\d+)-(\\d+)-(\\d+)", "$3/$2/$1")', '01/03/2025'],
    ['=REGEXREPLACE("Hello WORLD hello", "(?i)hello", "hi")', 'hi WORLD hi'],
    ['=REGEXREPLACE("5", "\\d", "\\$0")', '$0'],
    ['=REGEXREPLACE("5", "\\d", "<$0>")', '<5>'],
    ['=REGEXREPLACE("abc", "", "-")', '-a-b-c-'],
    ['=REGEXREPLACE("baa", "a*", "X")', 'XbX'],
    ['=REGEXREPLACE("a😀b", "😀", "")', 'ab'],
  ]);
});

// Backtracking engines take longer than the universe will last for some of these.
describe('time grows with text and pattern only', () => {
  const codes = Array.from('a'.repeat(50_000), (one) => one.charCodeAt(0));
  it.each(['(a*)*b', '(a+)+b', '(a|aa)+b', '(.*)(.*)(.*)x', '(a?){50}a{50}b'])('%s', (source) => {
    const pattern = patternOf(source);
    expect(pattern).toBeDefined();
    expect(pattern?.find(codes, 0)).toBeUndefined();
  });
});
