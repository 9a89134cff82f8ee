// The checker finds what it is there for: each kind of fault is planted once in a run in which all was well.

import { expect, test } from 'vitest';
import { type Contents, check } from './checker.ts';
import type { Recorded } from './record.ts';
import type { Kind } from './workload.ts';

const BOOK = 'book';

/** A write of client 1: asked for first at `firstSent`, acknowledged at `sent`, or not at all. */
function write(id: string, kind: Kind, place: string, firstSent: number, sent?: number, lastSent = sent): Recorded {
  const number = Number(/\d+$/.exec(id)?.[0]);
  const acknowledged = sent === undefined ? undefined : ({ sent, how: 'applied', writeId: id, afterMs: 1 } as const);
  const about = { client: 1, number, spreadsheet: BOOK, once: false, tool: '', body: '' };
  return {
    write: { id, kind, place, ...about },
    firstSent,
    lastSent: lastSent ?? firstSent,
    attempts: 1,
    acknowledged,
  };
}

const RECORDED = [
  write('a1', 'append', '', 1, 1),
  write('a2', 'append', '', 2, 6),
  write('a3', 'append', '', 3, 3),
  write('a4', 'append', '', 7),
  write('a5', 'append', '', 8, 12),
  write('a6', 'append', '', 9, 10),
  write('u1', 'upsert', 'k1', 11, 11),
  write('u2', 'upsert', 'k1', 12, 15),
  write('u3', 'upsert', 'k1', 14),
  write('u4', 'upsert', 'k2', 16),
  write('w1', 'cell', 'B1', 21, 21),
  write('w2', 'cell', 'B1', 22, 24),
  write('w3', 'cell', 'B1', 23, 23),
  write('w4', 'cell', 'B3', 25, 25),
];

const appended = (...ids: string[]) => ids.map((id) => [id, 1, Number(id.slice(1))]);
const WELL: Contents = {
  appended: appended('a1', 'a3', 'a2', 'a5', 'a6'),
  keyed: [['k1', 'u2', 1]],
  cells: [['', 'w2'], [], ['', 'w4']],
};

function found(contents: Partial<Contents>): string[] {
  return check(RECORDED, new Map([[BOOK, { ...WELL, ...contents }]])).map(
    ({ finding, words }) => `${finding}: ${words}`,
  );
}

test('a run in which all was well has no finding, whatever became of what was not acknowledged', () => {
  expect(found({})).toEqual([]);
  expect(found({ appended: appended('a1', 'a3', 'a2', 'a4', 'a6', 'a5') })).toEqual([]);
  // Without an order between two requests either value may be the last.
  expect(found({ keyed: [['k1', 'u3', 1]] })).toEqual([]);
  expect(found({ keyed: [...WELL.keyed, ['k2', 'u4', 1]] })).toEqual([]);
  expect(found({ cells: [['', 'w3'], [], ['', 'w4']] })).toEqual([]);
});

test.each<[string, Partial<Contents>, string]>([
  ['a row twice', { appended: appended('a1', 'a3', 'a2', 'a5', 'a6', 'a1') }, 'duplicate: a1 is there 2 times'],
  [
    'an unacknowledged row twice',
    { appended: appended('a1', 'a3', 'a2', 'a4', 'a4', 'a5', 'a6') },
    'duplicate: a4 is there 2 times',
  ],
  ['a row missing', { appended: appended('a1', 'a2', 'a5', 'a6') }, 'lost: a3 was applied and is not there'],
  [
    'a row above one that came before',
    { appended: appended('a3', 'a1', 'a2', 'a5', 'a6') },
    'order: a1 came before a3 and stands below it',
  ],
  [
    'a row above one of several',
    { appended: appended('a1', 'a2', 'a5', 'a3', 'a6') },
    'order: a3 came before a5 and stands below it',
  ],
  [
    'a row that nobody wrote',
    { appended: appended('a1', 'a3', 'a2', 'a9', 'a5', 'a6') },
    'foreign: rows 5 hold a9 as nobody wrote it',
  ],
  [
    'a row half written',
    { appended: [['a1'], ...appended('a3', 'a2', 'a5', 'a6')] },
    'foreign: rows 2 hold a1 as nobody wrote it',
  ],
  [
    'a blank row',
    { appended: [...appended('a1', 'a3'), [], ...appended('a2', 'a5', 'a6')] },
    'foreign: rows 4 hold undefined as nobody wrote it',
  ],
  [
    'a key in two rows',
    {
      keyed: [
        ['k1', 'u2', 1],
        ['k1', 'u2', 1],
      ],
    },
    'duplicate: k1 is there 2 times: u2,u2',
  ],
  ['a key missing', { keyed: [] }, 'lost: k1 is empty, and u1 was written there'],
  ['an older value of a key', { keyed: [['k1', 'u1', 1]] }, 'order: k1 holds u1, and u2 came after it'],
  ['a value of another key', { keyed: [['k1', 'u4', 1]] }, 'foreign: k1 holds u4, which nobody wrote there'],
  [
    'a key that nobody wrote',
    { keyed: [...WELL.keyed, ['k9', 'u2', 1]] },
    'foreign: k9 holds u2, and nobody wrote there',
  ],
  ['an older value of a cell', { cells: [['', 'w1'], [], ['', 'w4']] }, 'order: B1 holds w1, and w2 came after it'],
  ['a cell missing', { cells: [['', 'w2']] }, 'lost: B3 is empty, and w4 was written there'],
  [
    'a cell that nobody wrote',
    {
      cells: [
        ['', 'w2'],
        ['', 'w2'],
        ['', 'w4'],
      ],
    },
    'foreign: B2 holds w2, and nobody wrote there',
  ],
])('%s is found', (_, contents, finding) => {
  expect(found(contents)).toEqual([finding]);
});

test('what was never acknowledged and surely came before must not stand where an acknowledged one should', () => {
  const recorded = [write('u1', 'upsert', 'k1', 1, undefined, 4), write('u2', 'upsert', 'k1', 5, 6)];
  const contents = { appended: [], keyed: [['k1', 'u1', 1]], cells: [] };
  expect(check(recorded, new Map([[BOOK, contents]])).map(({ finding }) => finding)).toEqual(['order']);
});
