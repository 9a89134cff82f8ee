// Lookup and reference functions.

import { describe } from 'vitest';
import { check, down, refused, rows } from '../support/formula-cases.ts';

const FRUIT = rows([1, 'apple', 'red'], [2, 'banana', 'yellow'], [3, 'cherry', 'red']);
const ACROSS = rows([1, 2, 3], ['apple', 'banana', 'cherry'], ['red', 'yellow', 'red']);
const TENS = down(10, 20, 30);
const SCATTERED = down('b', 'a', null, 'B', 5, 'c*', true);

describe('VLOOKUP and HLOOKUP', () => {
  check([
    ['=VLOOKUP(2, A1:B3, 2, FALSE)', 'banana', FRUIT],
    ['=VLOOKUP(99, A1:B2, 2, FALSE)', refused('N_A', "Did not find value '99' in VLOOKUP evaluation."), FRUIT],
    ['=VLOOKUP("missing", {1,2;3,4}, 2, FALSE)', refused('N_A', "Did not find value 'missing' in VLOOKUP evaluation.")],
    ['=ARRAYFORMULA(VLOOKUP(2, A1:C3, {2,3}, FALSE))', [['banana', 'yellow']], FRUIT],
    ['=ARRAYFORMULA(HLOOKUP(2, A1:C3, {2;3}, FALSE))', [['banana'], ['yellow']], ACROSS],
    ['=HLOOKUP(2, A1:C2, 2, FALSE)', 'banana', ACROSS],
    ['=VLOOKUP(2.5, A1:C3, 3)', 'yellow', FRUIT],
    ['=VLOOKUP(0, A1:C3, 3)', refused('N_A'), FRUIT],
    ['=VLOOKUP(1, A1:C3, 4, FALSE)', refused('REF', 'VLOOKUP evaluates to an out of bounds range.'), FRUIT],
    ['=VLOOKUP(1, A1:C3, 0, FALSE)', refused('VALUE'), FRUIT],
    ['=VLOOKUP("BAN*", B1:C3, 2, FALSE)', 'yellow', FRUIT],
    ['=VLOOKUP("c~*", A1:B7, 1, FALSE)', 'c*', SCATTERED],
    ['=VLOOKUP("A", A1:A7, 1, FALSE)', 'a', SCATTERED],
    ['=VLOOKUP(TRUE, A1:A7, 1, FALSE)', true, SCATTERED],
    ['=ISBLANK(VLOOKUP(1, A1:B1, 2, FALSE))', true, { A1: 1 }],
    ['=VLOOKUP(#REF!, A1:B3, 2, FALSE)', refused('REF'), FRUIT],
  ]);
});

describe('MATCH and XMATCH', () => {
  check([
    ['=MATCH(20, A1:A3, 0)', 2, TENS],
    ['=MATCH(99, {1,2,3}, 0)', refused('N_A', "Did not find value '99' in MATCH evaluation.")],
    ['=MATCH(25, A1:A3, 1)', 2, TENS],
    ['=MATCH(25, A1:A3)', 2, TENS],
    ['=MATCH(25, {30;20;10}, -1)', 1],
    ['=MATCH("B", A1:A7, 0)', 1, SCATTERED],
    ['=MATCH(2, {1,2;3,4}, 0)', refused('N_A')],
    ['=MATCH(2, {1;2;2;2;3})', 4],
    ['=XMATCH(20, A1:A3)', 2, TENS],
    ['=XMATCH(99, {1,2,3})', refused('N_A', "Did not find value '99' in XMATCH evaluation.")],
    ['=XMATCH(25, A1:A3, 1)', 3, TENS],
    ['=XMATCH(25, A1:A3, -1)', 2, TENS],
    ['=XMATCH(2, {2;1;2}, 0, -1)', 3],
    ['=XMATCH(25, {10;20;30}, -1, 2)', 2],
    ['=XMATCH(25, {30;20;10}, 1, -2)', 1],
    ['=XMATCH("a*", {"b";"ab"}, 2)', 2],
  ]);
});

describe('XLOOKUP and LOOKUP', () => {
  check([
    ['=XLOOKUP(2, A1:A3, B1:B3)', 'banana', FRUIT],
    ['=XLOOKUP(99, A1:A2, B1:B2, "missing")', 'missing', FRUIT],
    ['=XLOOKUP(99, A1:A2, B1:B2)', refused('N_A', "Did not find value '99' in XLOOKUP evaluation."), FRUIT],
    ['=XLOOKUP(2, A1:A3, B1:C3)', [['banana', 'yellow']], FRUIT],
    ['=XLOOKUP(2, A1:C1, A2:C3)', [['banana'], ['yellow']], ACROSS],
    ['=XLOOKUP(2.5, A1:A3, B1:B3, "none", -1)', 'banana', FRUIT],
    ['=XLOOKUP(2, A1:A3, B1:B2)', refused('VALUE', 'Array arguments to XLOOKUP are of different size.'), FRUIT],
    ['=LOOKUP(2, A1:A3, B1:B3)', 'banana', FRUIT],
    ['=LOOKUP(4, {1;3;5}, {"low";"mid";"high"})', 'mid'],
    ['=LOOKUP(20, A1:A3)', 20, TENS],
    ['=LOOKUP(5, A1:A3, A1:A3)', refused('N_A', "Did not find value '5' in LOOKUP evaluation."), TENS],
    ['=LOOKUP(99, A1:A3, B1:B3)', 'cherry', FRUIT],
    ['=LOOKUP(2, {1,2,3;"a","b","c"})', 'b'],
  ]);
});

describe('places', () => {
  check([
    ['=INDEX(A1:B2, 2, 1)', 3, rows([1, 2], [3, 4])],
    ['=INDEX(A1:A3, 2)', 20, TENS],
    ['=INDEX(A1:A2, 5)', refused('NUM', 'Function INDEX parameter 2 value 5 is out of range.'), TENS],
    ['=INDEX(A1:A2, 1, 2)', refused('NUM', 'Function INDEX parameter 3 value 2 is out of range.'), TENS],
    ['=INDEX({10,20,30}, 2)', 20],
    ['=INDEX(SEQUENCE(5, 5), 3, 4)', 14],
    ['=INDEX(A1:B2, 0, 2)', [[2], [4]], rows([1, 2], [3, 4])],
    ['=INDEX(A1:B2, 2, 0)', [[3, 4]], rows([1, 2], [3, 4])],
    ['=SUM(INDEX(A1:B2, 0, 2))', 6, rows([1, 2], [3, 4])],
    ['=INDEX(A1:A3*10)', [[100], [200], [300]], TENS],
    [
      '=INDEX({1,2,3}+{10;20;30})',
      [
        [11, 12, 13],
        [21, 22, 23],
        [31, 32, 33],
      ],
    ],
    ['=OFFSET(A1,1,0)+0', 20, TENS],
    ['=OFFSET(A3,-2,0)+0', 10, TENS],
    ['=SUM(OFFSET(A1,0,0,2,2))', 10, rows([1, 2], [3, 4])],
    ['=SUM(OFFSET(A1,1,0,3,1))', 30, down(0, 5, 10, 15)],
    ['=OFFSET(A1,-1,0)', refused('REF', 'OFFSET evaluates to an out of bounds range.'), TENS],
    ['=INDIRECT("A1")', 42, { A1: 42 }],
    ['=INDIRECT("A" & 5)', 99, { A5: 99 }],
    ['=SUM(INDIRECT("A1:A3"))', 60, TENS],
    [
      '=INDIRECT("not a ref")',
      refused('REF', "Function INDIRECT parameter 1 value is 'not a ref'. It is not a valid cell/range reference."),
    ],
    ['=INDIRECT("R1C1", FALSE)', 7, { A1: 7 }],
    ['=INDIRECT("R[1]C1", FALSE)', 8, { A2: 8 }],
    ['=ADDRESS(1,1)', '$A$1'],
    ['=ADDRESS(1,1,4)', 'A1'],
    ['=ADDRESS(2,3,2)', 'C$2'],
    ['=ADDRESS(2,3,3)', '$C2'],
    ['=ADDRESS(1,27,4)', 'AA1'],
    ['=ADDRESS(2,3,1,FALSE)', 'R2C3'],
    ['=ADDRESS(2,3,4,FALSE)', 'R[2]C[3]'],
    ['=ADDRESS(1,1,1,TRUE,"Sheet2")', 'Sheet2!$A$1'],
    ['=ADDRESS(1,1,1,TRUE,"My Sheet")', "'My Sheet'!$A$1"],
    ['=ADDRESS(0,1)', refused('NUM')],
    ['=ROW(C10)', 10],
    ['=ROW(B7:D9)', 7],
    ['=ARRAYFORMULA(ROW(B7:D9))', [[7], [8], [9]]],
    ['=COLUMN(D2:F4)', 4],
    ['=ARRAYFORMULA(COLUMN(D2:F4))', [[4, 5, 6]]],
    ['=ROWS(B2:D10)', 9],
    ['=ROWS({1,2;3,4;5,6})', 3],
    ['=COLUMNS(B2:D10)', 3],
    ['=COLUMNS({1,2,3,4,5})', 5],
    ['=GETPIVOTDATA("Sales", A1)', refused('REF')],
  ]);
});
