// Conditions and choices, what kind of value something is, and functions that call lambdas.

import { describe } from 'vitest';
import { check, down, refused, rows } from '../support/formula-cases.ts';

describe('conditions', () => {
  check([
    ['=IF(TRUE, 1, 2)', 1],
    ['=IF(2>3, TRUE)', false],
    ['=IF(1>2, "a", IF(3>2, "b", "c"))', 'b'],
    ['=IF(0.5, "yes", "no")', 'yes'],
    ['=IF("true", "yes", "no")', 'yes'],
    ['=IF(A1, "yes", "no")', 'no', down(null)],
    ['=ISBLANK(IF(,,))', true],
    ['=ISBLANK(IF(TRUE,,1))', true],
    ['=IF(#N/A, "yes", "no")', refused('N_A')],
    ['=IF(FALSE, #N/A, "ok")', 'ok'],
    ['=IF(TRUE, #N/A, "ok")', refused('N_A')],
    [
      '=IF("a", 1, 2)',
      refused(
        'VALUE',
        "Function IF parameter 1 expects boolean values. But 'a' is a text and cannot be coerced to a boolean.",
      ),
    ],
    ['=IF(TRUE, {1,2,3}, {10,20,30})', [[1, 2, 3]]],
    ['=IFS(FALSE, "a", TRUE, "b")', 'b'],
    ['=IFS(TRUE, "a", 1/0, "b")', 'a'],
    ['=IFS(FALSE, "a", FALSE, "b")', refused('N_A', 'No match.')],
    ['=IFS(FALSE, "a", TRUE)', refused('N_A')],
    ['=SWITCH(2, 1, "one", 2, "two")', 'two'],
    ['=SWITCH(99, 1, "one", "default")', 'default'],
    ['=SWITCH(1, 1, "yes")', 'yes'],
    ['=SWITCH("A", "a", 1, 2)', 1],
    ['=SWITCH(1, 1, "found", 1/0, "never asked")', 'found'],
    ['=SWITCH(99, 1, "one", 2, "two")', refused('N_A', 'No match.')],
    ['=CHOOSE(3, "a", "b", "c")', 'c'],
    ['=CHOOSE(1, "a", 1/0)', 'a'],
    [
      '=CHOOSE(5, "a", "b", "c")',
      refused('NUM', 'Function CHOOSE parameter 1 value is 5. Valid values are between 1 and 3 inclusive.'),
    ],
    ['=SUM(CHOOSE(2, A1:A2, B1:B2))', 7, rows([1, 3], [2, 4])],
  ]);
});

describe('truth of many', () => {
  check([
    ['=AND(TRUE, TRUE, TRUE)', true],
    ['=AND(1, 1, 0)', false],
    ['=AND()', refused('N_A', 'Wrong number of arguments to AND. Expected at least 1 arguments, but got 0 arguments.')],
    ['=AND(A1:A4)', true, down(true, null, 'x', 1)],
    ['=AND(A1:A2)', refused('VALUE'), down(null, 'x')],
    ['=AND(FALSE, 1/0)', refused('DIVIDE_BY_ZERO')],
    ['=AND("true", TRUE)', true],
    ['=OR("x", TRUE)', refused('VALUE')],
    ['=OR(0, 0, 1)', true],
    ['=OR(FALSE, FALSE)', false],
    ['=XOR(TRUE, TRUE, TRUE)', true],
    ['=XOR(TRUE, TRUE)', false],
    ['=NOT(FALSE)', true],
    ['=NOT(5)', false],
    ['=TRUE()', true],
    ['=FALSE()', false],
  ]);
});

describe('errors caught', () => {
  check([
    ['=IFERROR(1, "error")', 1],
    ['=IFERROR(1/0, "error")', 'error'],
    ['=IFERROR(IFERROR(1/0, 1/0), "both failed")', 'both failed'],
    ['=ISBLANK(IFERROR(1/0))', true],
    ['=IFERROR({1, #N/A, 3}, 0)', [[1, 0, 3]]],
    ['=IFERROR(10/{1,0,2}, -1)', [[10, -1, 5]]],
    ['=IFERROR(SEQUENCE(2), 0)', [[1], [2]]],
    ['=IFNA(#N/A, "caught")', 'caught'],
    ['=IFNA(1/0, "caught")', refused('DIVIDE_BY_ZERO', 'Function DIVIDE parameter 2 cannot be zero.')],
    ['=IFNA(MATCH(99, {1,2,3}, 0), "not found")', 'not found'],
  ]);
});

describe('over arrays', () => {
  check([
    ['=ARRAYFORMULA(IF({TRUE,FALSE,TRUE}, 1, 2))', [[1, 2, 1]]],
    ['=ARRAYFORMULA(IF({TRUE,FALSE,TRUE}, {10,20,30}, {-1,-2,-3}))', [[10, -2, 30]]],
    ['=ARRAYFORMULA(IF(A1:A3="", "none", A1:A3))', [['x'], ['none'], ['z']], down('x', null, 'z')],
    ['=ARRAYFORMULA(IF({TRUE;"x"}, 1, 2))', [[1], [refused('VALUE')]]],
    [
      '=ARRAYFORMULA(IF({1,0}, {1;2}, {3;4}))',
      [
        [1, 3],
        [2, 4],
      ],
    ],
    ['=ARRAYFORMULA(IFS({1,2,3}>2, "x", TRUE, "y"))', [['y', 'y', 'x']]],
    ['=ARRAYFORMULA(SWITCH({1,2,3}, 1, "a", 2, "b", "c"))', [['a', 'b', 'c']]],
    [
      '=ARRAYFORMULA(CHOOSE({1,2}, {1;2;3}, {4;5;6}))',
      [
        [1, 4],
        [2, 5],
        [3, 6],
      ],
    ],
    ['=ARRAYFORMULA(NOT({TRUE,FALSE}))', [[false, true]]],
  ]);
});

describe('kinds of values', () => {
  check([
    ['=ISNUMBER("42")', false],
    ['=ISNUMBER(TRUE)', false],
    ['=ISNUMBER(A1)', true, down(100)],
    ['=ISTEXT("")', true],
    ['=ISTEXT(A1)', false, down(null)],
    ['=ISNONTEXT(1/0)', true],
    ['=ISNONTEXT(A1)', true, down(null)],
    ['=ISLOGICAL(FALSE)', true],
    ['=ISLOGICAL("TRUE")', false],
    ['=ISBLANK(A1)', true, down(null)],
    ['=ISBLANK("")', false],
    ['=ISERR(NA())', false],
    ['=ISERR(1/0)', true],
    ['=ISERROR(NA())', true],
    ['=ISNA(1/0)', false],
    ['=ISNA(NA())', true],
    ['=NA()+1', refused('N_A')],
    ['=ISEVEN(-2)', true],
    ['=ISODD(-3)', true],
    ['=ISEVEN(2.9)', true],
    ['=ISFORMULA(A1)', true, { A1: '=1+1' }],
    ['=ISFORMULA(A1)', false, down(42)],
    ['=FORMULATEXT(A1)', '=1+1', { A1: '=1+1' }],
    ['=FORMULATEXT(A1)', refused('N_A'), down(42)],
    ['=ISREF(A1)', true],
    ['=ISREF(A1:A3)', true],
    ['=ISREF(42)', false],
    ['=ISREF("A1")', false],
    ['=ISREF(INDIRECT("A1"))', true],
    ['=ISDATE("2024-01-15")', true],
    ['=ISDATE(42)', false],
    ['=ISDATE("hello")', false],
    ['=ISDATE(DATE(2024,1,15))', true],
    ['=ISDATE(A1)', true, { A1: '=DATE(2024,1,15)' }],
    ['=TYPE(42)', 1],
    ['=TYPE("hello")', 2],
    ['=TYPE(TRUE)', 4],
    ['=TYPE(1/0)', 16],
    ['=TYPE({1,2,3})', 64],
    ['=TYPE(A1)', 1, down(null)],
    ['=ERROR.TYPE(1/0)', 2],
    ['=ERROR.TYPE("a"+1)', 3],
    ['=ERROR.TYPE(INDIRECT("ZZZZ99999999"))', 4],
    ['=ERROR.TYPE(NA())', 7],
    ['=ERROR.TYPE(42)', refused('N_A')],
    ['=CELL("address", A1)', '$A$1', down(42)],
    ['=CELL("contents", A1)', 42, down(42)],
    ['=CELL("row", B3)', 3],
    ['=CELL("col", B3:C9)', 2],
    ['=CELL("type", A1)', 'l', down('hello')],
    ['=CELL("type", A1)', 'b', down(null)],
    ['=CELL("type", A1)', 'v', down(1)],
    ['=CELL("width", A1)', 13],
    ['=CELL("format", A1)', refused('VALUE'), down(42)],
    ['=SHEET()', 1],
    ['=SHEETS()', 1],
  ]);
});

describe('calling lambdas', () => {
  check([
    ['=MAP({1;2;3}, LAMBDA(x, x*2))', [[2], [4], [6]]],
    ['=MAP({1,2,3}, LAMBDA(x, x*10))', [[10, 20, 30]]],
    ['=MAP({1;2;3}, {10;20;30}, LAMBDA(a, b, a+b))', [[11], [22], [33]]],
    [
      '=MAP({1,2;3,4}, LAMBDA(x, x+1))',
      [
        [2, 3],
        [4, 5],
      ],
    ],
    ['=MAP({1;2}, {1}, LAMBDA(a, b, IFNA(b, "-")))', [[1], ['-']]],
    ['=MAP(A1:A2, LAMBDA(x, ROW(x)))', [[1], [2]]],
    [
      '=MAP({"a,b";"c"}, LAMBDA(x, SPLIT(x, ",")))',
      [
        ['a', 'b'],
        ['c', null],
      ],
    ],
    ['=MAP({1,2;3,4}, LAMBDA(x, {x,x}))', refused('VALUE')],
    ['=MAP({1;2}, LAMBDA(a, b, a))', refused('N_A')],
    ['=MAP({1;2}, 3)', refused('N_A')],
    ['=REDUCE(0, {1;2;3;4;5}, LAMBDA(acc, x, acc+x))', 15],
    ['=REDUCE("", {"a";"b";"c"}, LAMBDA(acc, x, acc&x))', 'abc'],
    ['=REDUCE(0, A1:B2, LAMBDA(acc, x, acc+x))', 10, rows([1, 2], [3, 4])],
    ['=REDUCE({0}, {1;2}, LAMBDA(acc, x, VSTACK(acc, x)))', [[0], [1], [2]]],
    ['=SCAN(0, {1;2;3;4;5}, LAMBDA(acc, x, acc+x))', [[1], [3], [6], [10], [15]]],
    [
      '=SCAN(0, {1,2;3,4}, LAMBDA(acc, x, acc+x))',
      [
        [1, 3],
        [6, 10],
      ],
    ],
    ['=BYROW({1,2,3;4,5,6}, LAMBDA(row, SUM(row)))', [[6], [15]]],
    [
      '=BYROW({1,2;3,4}, LAMBDA(row, {SUM(row),MAX(row)}))',
      [
        [3, 2],
        [7, 4],
      ],
    ],
    ['=BYROW({1;2}, LAMBDA(row, {1;2}))', refused('VALUE')],
    ['=BYCOL({1,2,3;4,5,6}, LAMBDA(col, SUM(col)))', [[5, 7, 9]]],
    ['=BYROW(A1:B2, LAMBDA(r, COUNTIF(r, ">2")))', [[0], [2]], rows([1, 2], [3, 4])],
    ['=BYROW(A1:B2, LAMBDA(r, ROW(INDEX(r, 1, 1))))', [[1], [2]]],
    ['=BYCOL(A1:B2, LAMBDA(c, COLUMN(INDEX(c, 1, 1))))', [[1, 2]]],
    [
      '=MAKEARRAY(2, 3, LAMBDA(r, c, r*c))',
      [
        [1, 2, 3],
        [2, 4, 6],
      ],
    ],
    ['=MAKEARRAY(0, 3, LAMBDA(r, c, r))', refused('NUM')],
  ]);
});
