// Texts: put together, cut, searched, split, converted. Values and messages as Sheets gives them.

import { describe } from 'vitest';
import { check, down, refused, rows } from '../support/formula-cases.ts';

const tooLong = (name: string) =>
  refused('VALUE', `Text result of ${name} is longer than the limit of 50000 characters.`);

describe('putting together', () => {
  check([
    ['=CONCATENATE(A1, A2, A3, "!")', 'Hello my World!', down('Hello', ' my ', 'World')],
    ['=CONCATENATE(A1:A3, 1, TRUE)', 'ab1TRUE', down('a', null, 'b')],
    ['=CONCATENATE("a", 1/0)', refused('DIVIDE_BY_ZERO')],
    ['=CONCAT("value:", 42)', 'value:42'],
    ['=CONCAT("a", "b", "c")', refused('N_A')],
    ['=JOIN("-", {"a","b","c"})', 'a-b-c'],
    ['=JOIN(",", {1,2,3})', '1,2,3'],
    ['=JOIN("", {"a","b","c"})', 'abc'],
    ['=JOIN("-", {"solo"})', 'solo'],
    ['=JOIN("-", A1:A3, "x")', 'a--c-x', down('a', null, 'c')],
    ['=JOIN("-", {1,2;3,4})', refused('VALUE', 'JOIN range must be a single row or a single column.')],
    ['=TEXTJOIN(", ", TRUE, A1:A3)', 'Monday, Tuesday', down('Monday', null, 'Tuesday')],
    ['=TEXTJOIN("-", FALSE, A1:A3)', 'a--c', down('a', null, 'c')],
    ['=TEXTJOIN({"-","+"}, TRUE, {"a","b","c","d"})', 'a-b+c-d'],
    ['=TEXTJOIN(",", TRUE, A1:A2)', '', down(null, null)],
    ['=REPT("ha", 3)', 'hahaha'],
    ['=REPT("ha", 0)', ''],
    [
      '=REPT("ha", -1)',
      refused('VALUE', 'Function REPT parameter 2 value is negative. It should be positive or zero.'),
    ],
    ['=REPT("ha", 25001)', tooLong('REPT')],
    ['=CONCATENATE(REPT("a", 50000), "b")', tooLong('CONCATENATE')],
    ['=SUBSTITUTE(REPT("a", 30000), "a", "bb")', tooLong('SUBSTITUTE')],
  ]);
});

describe('cutting', () => {
  check([
    ['=LEFT("Sale Price", 4)', 'Sale'],
    ['=LEFT("Sweden")', 'S'],
    ['=LEFT("ab", 9)', 'ab'],
    ['=LEFT("a", -1)', refused('VALUE', 'Function LEFT parameter 2 value is negative. It should be positive or zero.')],
    ['=LEFT(12345, 2)', '12'],
    ['=RIGHT("Sale Price", 5)', 'Price'],
    ['=RIGHT("Stock Number")', 'r'],
    ['=RIGHT("ab", 0)', ''],
    ['=MID("Romain", 3, 4)', 'main'],
    ['=MID("Romain", 3, 6)', 'main'],
    [
      '=MID("Romain", 0, 3)',
      refused('NUM', 'Function MID parameter 2 value is 0. It should be greater than or equal to 1.'),
    ],
    [
      '=MID("Romain", 1, -1)',
      refused('VALUE', 'Function MID parameter 3 value is negative. It should be positive or zero.'),
    ],
    ['=REPLACE("abcdefghijk", 6, 5, "*")', 'abcde*k'],
    ['=REPLACE("2009", 3, 2, "10")', '2010'],
    ['=LEN("Phoenix, AZ")', 11],
    ['=LEN("")', 0],
    ['=LEN(A1)', 0, down(null)],
    ['=TRIM("  First   Quarter Earnings ")', 'First Quarter Earnings'],
    ['=CLEAN("a" & CHAR(9) & "b" & CHAR(10))', 'ab'],
    ['=EXACT("Word", "word")', false],
    ['=EXACT("word", "word")', true],
    ['=UPPER("total")', 'TOTAL'],
    ['=LOWER("E. E. Cummings")', 'e. e. cummings'],
    ['=PROPER("THIS IS A TITLE")', 'This Is A Title'],
    ['=PROPER("76BudGet")', '76Budget'],
    ['=PROPER("o\'brien")', "O'Brien"],
  ]);
});

describe('bytes: wide characters are two, but not in MIDB and REPLACEB', () => {
  check([
    ['=LENB("hello")', 5],
    ['=LENB("あ")', 2],
    ['=LEFTB("あいう", 2)', 'あ'],
    ['=LEFTB("あいう", 3)', 'あ'],
    ['=LEFTB("hello", 0)', ''],
    ['=RIGHTB("あいう", 2)', 'う'],
    ['=RIGHTB("Sale Price", 5)', 'Price'],
    ['=MIDB("あいう", 3, 2)', 'う'],
    ['=REPLACEB("あいう", 3, 2, "X")', 'あいX'],
    ['=FINDB("い", "あいう")', 3],
    ['=FINDB("z", "hello")', refused('VALUE', "In FINDB evaluation, cannot find 'z' within 'hello'.")],
    ['=SEARCHB("い", "あいう")', 3],
    ['=SEARCHB("M", "Miriam McGovern", 3)', 6],
  ]);
});

describe('searching', () => {
  check([
    ['=FIND("M", "Miriam McGovern")', 1],
    ['=FIND("m", "Miriam McGovern")', 6],
    ['=FIND("M", "Miriam McGovern", 3)', 8],
    ['=FIND("", "abc")', 1],
    ['=FIND("B", "Miriam")', refused('VALUE', "In FIND evaluation, cannot find 'B' within 'Miriam'.")],
    ['=FIND("a", "abc", 0)', refused('NUM')],
    ['=SEARCH("m", "Miriam McGovern", 3)', 6],
    ['=SEARCH("m?r", "Miriam McGovern")', 1],
    ['=SEARCH("M*n", "Miriam McGovern")', 1],
    ['=SEARCH("g*v?r", "Miriam McGovern")', 10],
    ['=SEARCH("~*", "a*b")', 2],
    ['=SEARCH("a*z", "abc")', refused('VALUE')],
    ['=SEARCH("z", "Miriam")', refused('VALUE', "In SEARCH evaluation, cannot find 'z' within 'Miriam'.")],
    ['=SUBSTITUTE("abcabc", "a", "x")', 'xbcxbc'],
    ['=SUBSTITUTE("abcabc", "a", "x", 2)', 'abcxbc'],
    ['=SUBSTITUTE("abcabc", "a", "x", 3)', 'abcabc'],
    ['=SUBSTITUTE("abc", "", "x")', 'abc'],
    ['=SUBSTITUTE("a$b", "$", "$&")', 'a$&b'],
  ]);
});

describe('splitting', () => {
  check([
    ['=SPLIT("a,b,c", ",")', [['a', 'b', 'c']]],
    ['=SPLIT("a-b_c", "-_")', [['a', 'b', 'c']]],
    ['=SPLIT("a-_b-c", "-_", FALSE)', [['a', 'b-c']]],
    ['=SPLIT("hello", ",")', 'hello'],
    ['=SPLIT("a,,b", ",")', [['a', 'b']]],
    ['=SPLIT("a,,b", ",", TRUE, FALSE)', [['a', null, 'b']]],
    ['=SPLIT("1,2.5,TRUE, x", ",")', [[1, 2.5, true, ' x']]],
    ['=SPLIT("a", "")', refused('VALUE', 'Function SPLIT parameter 2 value should be non-empty.')],
    ['=SPLIT("", ",")', refused('VALUE', 'Function SPLIT parameter 1 value should be non-empty.')],
    [
      '=ARRAYFORMULA(SPLIT(A1:A3, ","))',
      [
        ['a', 'b', null],
        [refused('VALUE'), null, null],
        ['c', 'd', 'e'],
      ],
      down('a,b', null, 'c,d,e'),
    ],
  ]);
});

describe('characters', () => {
  check([
    ['=CHAR(65)', 'A'],
    ['=CHAR(0)', refused('NUM', 'Function CHAR parameter 1 value 0 is out of range.')],
    ['=UNICHAR(9731)', '☃'],
    ['=UNICHAR(128512)', '😀'],
    ['=UNICHAR(0)', refused('VALUE', 'UNICHAR requires inputs greater than 0, but one of the values entered is 0.')],
    ['=UNICHAR(55296)', refused('VALUE')],
    ['=CODE("Alphabet")', 65],
    ['=CODE("")', refused('VALUE')],
    ['=UNICODE("☃")', 9731],
    ['=UNICODE("😀")', 128512],
    ['=UNICODE("")', refused('VALUE', 'Function UNICODE parameter 1 value should be non-empty.')],
    ['=ASC("ＡＢＣ１２３")', 'ABC123'],
    ['=ASC("ガパ")', 'ｶﾞﾊﾟ'],
    ['=ASC("hello")', 'hello'],
  ]);
});

describe('numbers from and to texts', () => {
  check([
    ['=TEXT(1234.5, "#,##0.00")', '1,234.50'],
    ['=TEXT(1234, "0000000")', '0001234'],
    ['=TEXT(0.25, "0.0%")', '25.0%'],
    ['=TEXT(DATE(2024,1,15), "yyyy-mm-dd")', '2024-01-15'],
    ['=TEXT(1234.5, "$#,##0.00")', '$1,234.50'],
    ['=TEXT("5", "0.00")', '5.00'],
    ['=TEXT("abc", "0.00")', 'abc'],
    ['=TEXT(TRUE, "0")', 'TRUE'],
    ['=VALUE("123.45")', 123.45],
    ['=VALUE("-100")', -100],
    ['=VALUE("$1,000")', 1000],
    ['=VALUE("2025-03-15")', 45731],
    ['=VALUE("")', 0],
    ['=VALUE(A1)', 0, down(null)],
    ['=VALUE("hello")', refused('VALUE', "VALUE parameter 'hello' cannot be parsed to number.")],
    ['=VALUE("TRUE")', refused('VALUE', "VALUE parameter 'TRUE' cannot be parsed to number.")],
    ['=FIXED(1234.567, 1)', '1,234.6'],
    ['=FIXED(1234.567, 1, TRUE)', '1234.6'],
    ['=FIXED(1234.567)', '1,234.57'],
    ['=FIXED(1234.567, -1)', '1,230'],
    ['=DOLLAR(1234.567)', '$1,234.57'],
    ['=DOLLAR(1234.567, 0)', '$1,235'],
    ['=DOLLAR(-1234.5, 2)', '-$1,234.50'],
    ['=T("hello")', 'hello'],
    ['=T(42)', ''],
    ['=T(TRUE)', ''],
    ['=N(42)', 42],
    ['=N("hello")', 0],
    ['=N(TRUE)', 1],
    ['=N(A1)', 0, down(null)],
    ['=N(1/0)', refused('DIVIDE_BY_ZERO')],
    ['=ARRAYFORMULA(N({TRUE,FALSE,"x"}))', [[1, 0, 0]]],
    ['=ARABIC("XIV")', 14],
    ['=ARABIC("mcmxciv")', 1994],
    ['=ARABIC("-IV")', -4],
    ['=ARABIC("")', 0],
    ['=ARABIC("hello")', refused('VALUE', 'Invalid roman numeral in ARABIC evaluation.')],
    ['=ROMAN(1994)', 'MCMXCIV'],
    ['=ROMAN(499, 0)', 'CDXCIX'],
    ['=ROMAN(499, 1)', 'LDVLIV'],
    ['=ROMAN(499, 2)', 'XDIX'],
    ['=ROMAN(499, 3)', 'VDIV'],
    ['=ROMAN(499, 4)', 'ID'],
    ['=ROMAN(0)', refused('VALUE')],
    ['=TO_DATE(44000)', 44000],
    ['=TO_DATE("not-a-date")', 'not-a-date'],
    ['=TO_PERCENT("0.5")', '0.5'],
    ['=TO_DOLLARS(TRUE)', true],
    ['=TO_PURE_NUMBER(0.25)', 0.25],
    ['=TO_TEXT(-1234.5)', '-1234.5'],
    ['=TO_TEXT(TRUE)', 'TRUE'],
    ['=TO_TEXT(A1)', '1/15/2024', { A1: '=DATE(2024, 1, 15)' }],
  ]);
});

describe('addresses', () => {
  check([
    ['=ENCODEURL("hello world/?&=")', 'hello%20world%2F%3F%26%3D'],
    ['=ISURL("https://example.com")', true],
    ['=ISURL("www.example.com/a?b=c")', true],
    ['=ISURL("mailto:a@example.com")', true],
    ['=ISURL("not a url")', false],
    ['=ISURL(42)', false],
    ['=ISEMAIL("user@example.com")', true],
    ['=ISEMAIL("not-an-email")', false],
    ['=ISEMAIL(A1)', false, rows([null])],
  ]);
});
