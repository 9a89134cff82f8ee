// Aggregates, criteria, descriptive statistics, regression and database functions.

import { describe } from 'vitest';
import { check, down, refused, rows } from '../support/formula-cases.ts';

const FIVE = down(1, 2, 3, 4, 5);
const MIXED = down(1, 'text', true, false, 2);
const TIES = down(10, 20, 20, 30);
const PAIRS = rows([1, 2], [2, 4], [3, 5], [4, 4], [5, 5]);
const LINE = rows([1, 3], [2, 5], [3, 7], [4, 9]);

describe('aggregates', () => {
  check([
    ['=SUM(1, 2, 3)', 6],
    ['=SUM("1", "2", "3")', 6],
    ['=SUM({TRUE,FALSE,TRUE})', 0],
    ['=SUM(A1:A3)', 0, down('1', '2', '3')],
    ['=SUM(1, #N/A, 3)', refused('N_A')],
    ['=SUM(#N/A, 1/0)', refused('N_A')],
    ['=SUM(A1:A3)', refused('DIVIDE_BY_ZERO'), down(1, '=1/0', 3)],
    ['=PRODUCT({2,3,4})', 24],
    ['=PRODUCT({"2","3","4"})', 0],
    ['=AVERAGE(1, 2, 3, 4)', 2.5],
    ['=AVERAGE(TRUE, FALSE, TRUE)', 2 / 3],
    ['=AVERAGE(A1:A3)', 15, down(10, 'hello', 20)],
    ['=AVERAGE(A1:A3)', refused('DIVIDE_BY_ZERO', 'Evaluation of function AVERAGE caused a divide by zero error.')],
    ['=AVERAGE(1, #VALUE!, 3)', refused('VALUE')],
    ['=COUNT(A1:A5)', 2, MIXED],
    ['=COUNT(1, "2", "x", TRUE)', 3],
    ['=COUNT(1, #N/A, 3, #DIV/0!)', 2],
    ['=COUNTA(1, #N/A, 3, #DIV/0!)', 4],
    ['=COUNTA(A1:A3)', 3, down(1, '', 3)],
    ['=COUNTA(A1:A3)', 2, down(1, null, 3)],
    ['=COUNTBLANK(A1:A5)', 3, down(1, '', 'hello')],
    ['=COUNTUNIQUE(A1:A4, 2)', 3, down(1, 1, 'a', null)],
    ['=MAX(-3, -1, -7)', -1],
    ['=MIN(-3, -1, -7)', -7],
    ['=MAX(A1:A3)', 0],
    ['=MAX(1, #N/A, 3)', refused('N_A')],
    ['=MAXA(A1:A3)', 0, down(-5, 'hello', -10)],
    ['=MINA(2, 3, FALSE)', 0],
    ['=AVERAGEA(A1:A5)', 0.8, MIXED],
    ['=AVERAGEA(1, 2, TRUE)', 4 / 3],
    [
      '=AVERAGEA(1, "hello", 2)',
      refused(
        'VALUE',
        "Function AVERAGEA parameter 2 expects number values. But 'hello' is a text and cannot be coerced to a number.",
      ),
    ],
    ['=AVERAGE.WEIGHTED({1,2,3}, {1,2,3})', 7 / 3],
    ['=MEDIAN(1, 2, 3, 4)', 2.5],
    ['=MEDIAN(5, 1, 3, 2, 4)', 3],
    ['=STDEV(A1:A5)', 1.5811388300841898, FIVE],
    ['=STDEV.S(5)', refused('DIVIDE_BY_ZERO', 'Evaluation of function STDEV caused a divide by zero error.')],
    ['=STDEV.P(A1:A5)', Math.SQRT2, FIVE],
    ['=STDEVA(A1:A5)', 0.836660027, MIXED],
    ['=STDEVA(1, 2, TRUE)', 0.5773502691896258],
    ['=STDEVPA(1, 2, TRUE)', 0.4714045207910317],
    ['=VARA(1, 2, TRUE)', 0.3333333333333335],
    ['=VARPA(A1:A5)', 0.56, MIXED],
    ['=VAR(5, 5, 5)', 0],
    ['=VAR.P(2, 6)', 4],
    ['=SUMPRODUCT(A1:A4, B1:B4)', 70, LINE],
    ['=SUMPRODUCT(--({1,2,3}>1))', 2],
    ['=SUMPRODUCT((A1:A4>1)*B1:B4)', 21, LINE],
    ['=SUMPRODUCT({1,2}, {1;2})', refused('VALUE')],
    ['=SUBTOTAL(9, A1:A5)', 15, FIVE],
    ['=SUBTOTAL(101, A1:A5)', 3, FIVE],
    ['=SUBTOTAL(3, A1:A5)', 5, MIXED],
    ['=SUBTOTAL(12, A1:A5)', refused('VALUE'), FIVE],
    ['=AGGREGATE(9, 6, A1:A3)', refused('NAME', "Unknown function: 'AGGREGATE'."), FIVE],
  ]);
});

describe('criteria', () => {
  const words = down('Apples', 'bananas', 'Almonds', 'a*b', 5, '5', true, null, '');
  check([
    ['=COUNTIF(A1:A5, ">2")', 3, FIVE],
    ['=COUNTIF(A1:A5, "<>2")', 4, FIVE],
    ['=COUNTIF(A1:A5, "<=2")', 2, FIVE],
    ['=COUNTIF(A1:A9, "a*")', 3, words],
    ['=COUNTIF(A1:A9, "=APPLES")', 1, words],
    ['=COUNTIF(A1:A9, "a~*b")', 1, words],
    [`=COUNTIF({"${'a'.repeat(60)}"}, "${'*a'.repeat(20)}*b")`, 0],
    ['=COUNTIF({"xabyabz"}, "x*ab?")', 1],
    ['=COUNTIF(A1:A9, "?anana?")', 1, words],
    ['=COUNTIF(A1:A9, "<>a*")', 6, words],
    ['=COUNTIF(A1:A9, ">b")', 1, words],
    ['=COUNTIF(A1:A9, TRUE)', 1, words],
    ['=COUNTIF(A1:A9, "")', 2, words],
    ['=COUNTIF(A1:A9, "=")', 1, words],
    ['=COUNTIF(A1:A9, "<>")', 8, words],
    ['=COUNTIF(A1:A3, ">1/1/2024")', 2, down(45291, 45293, 45300)],
    ['=COUNTIF(A1:A3, "50%")', 1, down(0.5, 50, '50')],
    ['=PERCENTIF(A1:A5, ">2")', 0.6, FIVE],
    ['=SUMIF(A1:A3, ">1")', 5, FIVE],
    ['=SUMIF(A1:A4, ">2", B1)', 16, LINE],
    ['=SUMIF(A1:A4, ">2", B1:B4)', 16, LINE],
    ['=SUMIFS(A1:A4, B1:B4, "=A*")', 20, rows([5, 'Apples'], [4, 'Bananas'], [15, 'Almonds'], [22, 'Yoni'])],
    ['=SUMIFS(A1:A4, B1:B3, 1)', refused('VALUE', 'Array arguments to SUMIFS are of different size.'), LINE],
    ['=SUMIFS(A1:A3, B1:B3, 1)', 1, rows([1, 1], ['=1/0', 2], [3, 3])],
    ['=COUNTIFS(A1:A4, ">1", B1:B4, "<9")', 2, LINE],
    ['=AVERAGEIF(A1:A5, ">2")', 4, FIVE],
    [
      '=AVERAGEIF(A1:A3, ">100")',
      refused('DIVIDE_BY_ZERO', 'Evaluation of function AVERAGEIF caused a divide by zero error.'),
      FIVE,
    ],
    ['=AVERAGEIFS(B1:B4, A1:A4, ">1", B1:B4, ">5")', 8, LINE],
    ['=MAXIFS(A1:A5, A1:A5, "<4")', 3, FIVE],
    ['=MINIFS(A1:A3, A1:A3, ">100")', 0, FIVE],
    ['=COUNTUNIQUEIFS(A1:A4, B1:B4, "x")', 2, rows([1, 'x'], [1, 'x'], [2, 'x'], [3, 'y'])],
  ]);
});

describe('one list', () => {
  const none = 'MODE cannot produce a result.  No values occur more than once.';
  check([
    ['=LARGE({3,1,4,1,5,9}, 3)', 4],
    ['=SMALL({3,1,4,1,5,9}, 2)', 1],
    ['=LARGE({1,2,3}, 5)', refused('NUM', 'Function LARGE parameter 2 value 5 is out of range.')],
    ['=SMALL({1,2,3}, 0)', refused('NUM', 'Function SMALL parameter 2 value 0 is out of range.')],
    ['=MODE(A1:A5)', 2, down(1, 2, 2, 3, 3)],
    ['=MODE.MULT(A1:A5)', [[2], [3]], down(1, 2, 2, 3, 3)],
    ['=MODE.SNGL(1, 2, 3)', refused('N_A', none)],
    ['=PERCENTILE(A1:A5, 0.25)', 2, FIVE],
    ['=PERCENTILE.EXC(A1:A5, 0.75)', 4.5, FIVE],
    ['=PERCENTILE.EXC({1,2,3,4,5}, 0)', refused('NUM')],
    ['=PERCENTILE(A1:A5, 0.1)', 1.4, FIVE],
    ['=QUARTILE(A1:A5, 3)', 4, FIVE],
    ['=QUARTILE.EXC(A1:A5, 1)', 1.5, FIVE],
    ['=QUARTILE({1,2,3,4,5}, 5)', refused('NUM')],
    ['=QUARTILE.EXC({1,2,3}, 0)', refused('NUM', 'Function QUARTILE.EXC parameter 2 value 0 is out of range.')],
    ['=PERCENTRANK(A1:A5, 3)', 0.5, FIVE],
    ['=PERCENTRANK(A1:A5, 2.5)', 0.375, FIVE],
    ['=PERCENTRANK.INC(A1:A5, 1)', 0, FIVE],
    ['=PERCENTRANK.EXC(A1:A5, 1)', 0.167, FIVE],
    ['=PERCENTRANK.EXC(A1:A5, 2)', 0.333, FIVE],
    ['=PERCENTRANK(A1:A5, 9)', refused('N_A'), FIVE],
    ['=RANK(20, A1:A4)', 2, TIES],
    ['=RANK(20, A1:A4, 1)', 2, TIES],
    ['=RANK.AVG(20, A1:A4)', 2.5, TIES],
    ['=RANK(5, A1:A3)', refused('N_A', 'RANK has no valid input data.'), TIES],
    ['=GEOMEAN(2, 8)', 4],
    ['=GEOMEAN(0, 2, 4)', refused('NUM')],
    ['=HARMEAN(A1:A5)', 2.18978102189781, FIVE],
    [
      '=HARMEAN(0, 2, 4)',
      refused('NUM', 'HARMEAN requires inputs greater than 0, but one of the values entered is 0.'),
    ],
    ['=DEVSQ(A1:A5)', 10, FIVE],
    ['=AVEDEV(1, 2, 3, 4, 5)', 1.2],
    ['=KURT(3, 4, 5, 2, 3, 4, 5, 6, 4, 7)', -0.151799637],
    ['=KURT(A1:A5)', -1.2, FIVE],
    ['=SKEW(3, 4, 5, 2, 3, 4, 5, 6, 4, 7)', 0.359543071],
    ['=SKEW.P(A1:A5)', 1.32859212, down(1, 1, 2, 3, 10)],
    ['=SKEW(1, 2)', refused('DIVIDE_BY_ZERO')],
    ['=TRIMMEAN({1,2,3,4,100}, 0.4)', 3],
    ['=TRIMMEAN({1,2,3}, 1)', refused('NUM')],
    ['=STANDARDIZE(6, 10, 2)', -2],
    [
      '=STANDARDIZE(5, 10, 0)',
      refused('NUM', 'Function STANDARDIZE parameter 3 value is 0. It should be greater than 0.'),
    ],
    ['=PROB({1,2,3,4,5}, {0.2,0.2,0.2,0.2,0.2}, 2, 4)', 0.6],
    ['=PROB({1,2,3,4,5}, {0.2,0.2,0.2,0.2,0.2}, 3)', 0.2],
    ['=PROB({1,2}, {0.2,0.2}, 1)', refused('NUM')],
  ]);
});

describe('two lists', () => {
  check([
    ['=CORREL(A1:A5, B1:B5)', 0.7745966692414834, PAIRS],
    ['=CORREL({1,2,3}, {6,4,2})', -1],
    ['=PEARSON(A1:A5, B1:B5)', 0.7745966692414834, PAIRS],
    ['=RSQ(B1:B5, A1:A5)', 0.6, PAIRS],
    ['=COVAR(A1:A5, B1:B5)', 1.2, PAIRS],
    ['=COVARIANCE.S(A1:A5, B1:B5)', 1.5, PAIRS],
    ['=SLOPE(B1:B5, A1:A5)', 0.6, PAIRS],
    ['=INTERCEPT(B1:B5, A1:A5)', 2.2, PAIRS],
    ['=STEYX(B1:B5, A1:A5)', 0.894427191, PAIRS],
    ['=STEYX(B1:B4, A1:A4)', 0, LINE],
    ['=FORECAST(6, B1:B5, A1:A5)', 5.8, PAIRS],
    ['=FORECAST.LINEAR(5, B1:B4, A1:A4)', 11, LINE],
    ['=CORREL({1,2}, {1,2,3})', refused('N_A')],
    ['=SLOPE({1,2}, {3,3})', refused('DIVIDE_BY_ZERO')],
  ]);
});

describe('databases', () => {
  const shop = {
    ...rows(
      ['Product', 'Region', 'Price', 'Units', null, 'Product', 'Region', 'Price'],
      ['Apple', 'East', 10, 5, null, 'Apple', 'East', '>6'],
      ['Apple', 'West', 12, 3],
      ['Banana', 'East', 5, 8],
      ['Banana', 'West', 6, 4],
    ),
    F3: 'Banana',
    F5: 'Product',
    F6: 'Cherry',
  };
  check([
    ['=DSUM(A1:D5, "Price", F1:F2)', 22, shop],
    ['=DSUM(A1:D5, 4, F1:F3)', 20, shop],
    ['=DSUM(A1:D5, "Units", H1:H2)', 8, shop],
    ['=DSUM(A1:D5, "Price", F1:H2)', 10, shop],
    ['=DSUM(A1:D5, "Price", F5:F6)', 0, shop],
    ['=DSUM(A1:D5, "Weight", F1:F2)', refused('VALUE'), shop],
    ['=DCOUNT(A1:D5, "Product", F1:F2)', 0, shop],
    ['=DCOUNT(A1:D5, "Price", F1:F2)', 2, shop],
    ['=DCOUNTA(A1:D5, "Product", F1:F2)', 2, shop],
    ['=DGET(A1:D5, "Price", F1:G2)', 10, shop],
    ['=DGET(A1:D5, "Price", F1:F2)', refused('NUM'), shop],
    ['=DGET(A1:D5, "Price", F5:F6)', refused('VALUE'), shop],
    ['=DMAX(A1:D5, 4, G1:G2)', 8, shop],
    ['=DMIN(A1:D5, "Price", F1:F2)', 10, shop],
    ['=DPRODUCT(A1:D5, "Price", F1:F2)', 120, shop],
    ['=DPRODUCT(A1:D5, "Price", F5:F6)', 0, shop],
    ['=DAVERAGE(A1:D5, 3, G1:G2)', 7.5, shop],
    ['=DSTDEV(A1:D5, "Price", F1:F2)', Math.SQRT2, shop],
    ['=DSTDEVP(A1:D5, 3, F1:F2)', 1, shop],
    ['=DVAR(A1:D5, "Price", F1:F2)', 2, shop],
    ['=DVARP(A1:D5, "Price", F1:F2)', 1, shop],
  ]);
});
