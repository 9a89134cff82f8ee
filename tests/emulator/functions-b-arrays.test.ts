// Functions of whole arrays: reshaping, filtering, sorting, matrices.

import { describe } from 'vitest';
import { check, down, refused, rows } from '../support/formula-cases.ts';

const TABLE = rows(['b', 2], ['a', 3], ['C', 1], ['a', 1]);

describe('reshaping', () => {
  check([
    [
      '=TRANSPOSE({1,2;3,4})',
      [
        [1, 3],
        [2, 4],
      ],
    ],
    ['=TRANSPOSE(A1:C1)', [[1], [null], [3]], rows([1, null, 3])],
    ['=FLATTEN({1,2;3,4})', [[1], [2], [3], [4]]],
    ['=FLATTEN({1;2}, {3;4}, 5)', [[1], [2], [3], [4], [5]]],
    ['=TOCOL({1,2;3,4}, 0, FALSE)', [[1], [2], [3], [4]]],
    ['=TOCOL({1,2;3,4}, 0, TRUE)', [[1], [3], [2], [4]]],
    ['=TOCOL(A1:A3, 1)', [[1], [3]], down(1, null, 3)],
    ['=TOCOL({1;#N/A;3}, 2)', [[1], [3]]],
    ['=TOROW({1,2;3,4}, 0, TRUE)', [[1, 3, 2, 4]]],
    ['=TOROW(A1:C1, 1)', [[1, 3]], rows([1, null, 3])],
    [
      '=WRAPCOLS({1,2,3}, 2, "x")',
      [
        [1, 3],
        [2, 'x'],
      ],
    ],
    [
      '=WRAPCOLS({1,2,3,4,5,6}, 3)',
      [
        [1, 4],
        [2, 5],
        [3, 6],
      ],
    ],
    [
      '=WRAPROWS({1,2,3}, 2, "x")',
      [
        [1, 2],
        [3, 'x'],
      ],
    ],
    [
      '=WRAPROWS({1,2,3}, 2)',
      [
        [1, 2],
        [3, refused('N_A')],
      ],
    ],
    ['=WRAPROWS({1,2,3}, 3)', [[1, 2, 3]]],
    [
      '=ARRAY_CONSTRAIN({1,2,3;4,5,6}, 2, 2)',
      [
        [1, 2],
        [4, 5],
      ],
    ],
    ['=ARRAY_CONSTRAIN({1,2;3,4}, 1, 1)', 1],
    [
      '=ARRAY_CONSTRAIN({1,2;3,4}, 9, 9)',
      [
        [1, 2],
        [3, 4],
      ],
    ],
    ['=HSTACK(1, 2, 3)', [[1, 2, 3]]],
    ['=HSTACK(A1, 1/0)', [[1, refused('DIVIDE_BY_ZERO')]], { A1: 1 }],
    [
      '=HSTACK({1;2}, 3)',
      [
        [1, 3],
        [2, refused('N_A')],
      ],
    ],
    ['=VSTACK(1, 2, 3)', [[1], [2], [3]]],
    [
      '=VSTACK(A1:B1, A2:B2)',
      [
        [1, 2],
        [3, 4],
      ],
      rows([1, 2], [3, 4]),
    ],
    [
      '=CHOOSECOLS({1,2,3;4,5,6}, 1, 3)',
      [
        [1, 3],
        [4, 6],
      ],
    ],
    [
      '=CHOOSECOLS({1,2,3;4,5,6}, {-1,1})',
      [
        [3, 1],
        [6, 4],
      ],
    ],
    ['=CHOOSECOLS({1,2}, 3)', refused('NUM')],
    [
      '=CHOOSEROWS({1,2;3,4;5,6}, 1, 3)',
      [
        [1, 2],
        [5, 6],
      ],
    ],
    ['=CHOOSEROWS({1,2;3,4}, 0)', refused('NUM')],
  ]);
});

describe('FILTER, SORT, UNIQUE', () => {
  check([
    ['=FILTER({1;2;3;4;5}, {1;0;1;0;1})', [[1], [3], [5]]],
    ['=FILTER(SEQUENCE(5), SEQUENCE(5)>2)', [[3], [4], [5]]],
    ['=FILTER(A1:B4, B1:B4>1, A1:A4="a")', [['a', 3]], TABLE],
    ['=FILTER({1,2,3}, {TRUE,FALSE,TRUE})', [[1, 3]]],
    ['=FILTER({1,2;3,4}, {FALSE,TRUE})', [[2], [4]]],
    ['=FILTER({1;2}, {#N/A;TRUE})', 2],
    ['=FILTER({1;2;3}, {FALSE;FALSE;FALSE})', refused('N_A', 'No matches are found in FILTER evaluation.')],
    [
      '=FILTER({1;2;3}, {TRUE;FALSE})',
      refused(
        'N_A',
        'FILTER has mismatched range sizes. Expected row count: 3. column count: 1. Actual row count: 2, column count: 1.',
      ),
    ],
    ['=SORT({3;1;2})', [[1], [2], [3]]],
    ['=SORT(SEQUENCE(5), 1, -1)', [[1], [2], [3], [4], [5]]],
    ['=SORT({1;3;2}, 1, FALSE)', [[3], [2], [1]]],
    [
      '=SORT(A1:B4, 1, TRUE, 2, FALSE)',
      [
        ['a', 3],
        ['a', 1],
        ['b', 2],
        ['C', 1],
      ],
      TABLE,
    ],
    ['=SORT(A1:A4, B1:B4, TRUE)', [['C'], ['a'], ['b'], ['a']], TABLE],
    ['=SORT({"b";TRUE;2;"a";1})', [[1], [2], ['a'], ['b'], [true]]],
    ['=SORT(A1:A4, 1, FALSE)', [[3], [2], [1], [null]], down(1, null, 3, 2)],
    ['=SORT(A1:B4, 3, TRUE)', refused('VALUE'), TABLE],
    ['=SORT(FILTER({5;3;1;4;2}, {TRUE;TRUE;FALSE;TRUE;FALSE}))', [[3], [4], [5]]],
    ['=SORTN({3;1;2}, 2)', [[1], [2]]],
    ['=SORTN({3;1;1;2}, 1, 1, 1, TRUE)', [[1], [1]]],
    ['=SORTN({3;1;1;2}, 2, 2, 1, TRUE)', [[1], [2]]],
    ['=SORTN({3;1;1;2}, 2, 3, 1, TRUE)', [[1], [1], [2]]],
    ['=UNIQUE({1;2;1;3;2})', [[1], [2], [3]]],
    ['=UNIQUE({"Apple";"apple";"Apple"})', [['Apple'], ['apple']]],
    ['=UNIQUE({1,1,2}, TRUE)', [[1, 2]]],
    ['=UNIQUE({1;2;1;3}, FALSE, TRUE)', [[2], [3]]],
    ['=UNIQUE({5;5;5})', 5],
    ['=UNIQUE({1;"1"})', [[1], ['1']]],
  ]);
});

describe('matrices', () => {
  check([
    ['=MDETERM({1,2;3,4})', -2],
    ['=MDETERM({1,2;2,4})', 0],
    ['=MDETERM({0,1;1,0})', -1],
    ['=MDETERM({1,2,3})', refused('VALUE')],
    [
      '=MINVERSE({1,2;3,4})',
      [
        [-1.9999999999999998, 1],
        [1.4999999999999998, -0.49999999999999994],
      ],
    ],
    ['=MINVERSE({1,2;2,4})', refused('NUM')],
    [
      '=MMULT({1,2;3,4}, {5,6;7,8})',
      [
        [19, 22],
        [43, 50],
      ],
    ],
    ['=MMULT({1,2,3}, {4;5;6})', 32],
    ['=MMULT({1,2}, {1,2})', refused('VALUE')],
    ['=MMULT({1,"a"}, {1;2})', refused('VALUE')],
    ['=SUMX2MY2({1,2,3}, {4,5,6})', -63],
    ['=SUMX2PY2({1,2,3}, {4,5,6})', 91],
    ['=SUMXMY2({1,2,3}, {4,5,6})', 27],
    ['=FREQUENCY(A1:A5, B1:B2)', [[2], [2], [1]], rows([1, 2], [2, 4], [3], [4], [5])],
    ['=FREQUENCY({1;2;3;4;5}, {2;4})', [[2], [2], [1]]],
    ['=FREQUENCY(A1:A3, B1)', [[2], [1]], rows([1, 5], [5], [10])],
  ]);
});

describe('best fits', () => {
  check([
    ['=LINEST({1,2,3}, {1,2,3})', [[1, 0]]],
    ['=LINEST({2,4,6,8})', [[2, 0]]],
    ['=LOGEST({2,4,8,16}, {1,2,3,4})', [[2, 1]]],
    ['=TREND({1,2,3}, {1,2,3}, {4,5})', [[4, 5]]],
    ['=TREND({2,4,6,8})', [[2, 4, 6, 8]]],
    ['=TREND({1,2,3,4}, {1,2,3,4}, {5;6;7})', [[5], [6], [7]]],
    ['=GROWTH({2,4,8,16}, {1,2,3,4}, {5;6})', [[32], [64]]],
    ['=GROWTH({2,4,8,16})', [[2, 4, 8, 16]]],
    [
      '=LINEST({2;4;5;4;5}, {1;2;3;4;5}, TRUE, TRUE)',
      [
        [0.6, 2.2],
        [0.282842712, 0.938083152],
        [0.6, 0.894427191],
        [4.5, 3],
        [3.6, 2.4],
      ],
    ],
    ['=LINEST({3;5;8;12}, {1,2;2,1;3,5;4,4})', [[0, 3, -0.5]]],
    ['=TREND({3;5;7}, {1,0;2,0;3,1}, {4,1})', 9],
    ['=LINEST({1;2;3}, {2;4;6}, FALSE)', [[0.5, 0]]],
    ['=LOGEST({2,-4})', refused('NUM')],
  ]);
});
