// Writing ranges at the level of the verbs: what is known before the write is sent, and expectations under concurrency.

import { describe, expect, test } from 'vitest';
import { failureOf } from '../support/fake-google.ts';
import { createVerbs } from '../support/verbs.ts';
import { settle } from '../support/virtual-clock.ts';

const writes = [
  {
    range: 'S!A1:B2',
    values: [
      ['=x', null],
      [1, 2],
    ],
  },
  { range: 'S!D9', values: [[true]] },
];

test.each(['typed', 'raw', 'user_entered'] as const)(
  'the answer to %s values is known before they are sent',
  async (input) => {
    const { writing, book, foreseen } = createVerbs();
    const id = await book([['a', 'b']]);
    const answer = await writing(id, ({ write }) => write(id, writes, input));
    expect(foreseen).toEqual([answer]);
    expect(answer).toMatchObject({ status: 'applied', ranges: ["'S'!A1:B2", "'S'!D9"], cells: 4, overwritten: 1 });
  },
);

test('values as if typed in tell the cells that they touch', async () => {
  const { writing, book, sent } = createVerbs();
  const id = await book([['a']]);
  const typedIn = [
    { range: 'S!A1:B2', values: [['x', 1]] },
    { range: 'S!C3', values: [['x']] },
  ];
  await writing(id, ({ write }) => write(id, typedIn, 'user_entered'));
  const call = sent.find(({ method }) => method === 'spreadsheets.values.batchUpdate');
  const plane = call?.areas?.[0]?.plane;
  expect(plane).toEqual(expect.any(Number));
  expect(call?.areas).toEqual([
    { plane, startRow: 0, endRow: 1, startColumn: 0, endColumn: 2 },
    { plane, startRow: 2, endRow: 3, startColumn: 2, endColumn: 3 },
  ]);
});

describe('expectations', () => {
  test('are read with the cells that are written over, in one call', async () => {
    const { writing, book, calls, sent } = createVerbs();
    const id = await book([['a', 'b']]);
    const expected = [
      { range: 'S!A1', values: [['a']] },
      { range: 'S!B1:C1', values: [['b']] },
    ];
    const write = () =>
      writing(id, (verbs) => verbs.write(id, [{ range: 'S!A1', values: [['c']] }], 'typed', expected));
    expect(await calls(write)).toEqual(['get', 'get', 'batchUpdate']);
    expect(sent.at(-2)).toMatchObject({ live: true, params: { ranges: ["'S'!A1", "'S'!B1:C1"] } });
  });

  test('see what an earlier write of ours leaves, however long that is under way', async () => {
    const gate = Promise.withResolvers<void>();
    const { writing, book, rows, sent } = createVerbs((next) => async (call, signal) => {
      if (JSON.stringify(call.params).includes('"first"')) await gate.promise;
      return next(call, signal);
    });
    const id = await book([['old', 'b']]);
    const first = writing(id, ({ write }) => write(id, [{ range: 'S!A1', values: [['first']] }], 'typed'));
    const second = failureOf(
      writing(id, ({ write }) =>
        write(id, [{ range: 'S!B1', values: [['second']] }], 'typed', [{ range: 'S!A1', values: [['old']] }]),
      ),
    );
    for (let round = 0; round < 50; round++) await settle();
    expect(sent.filter(({ kind }) => kind === 'write')).toHaveLength(2);
    gate.resolve();
    expect(await first).toMatchObject({ status: 'applied' });
    expect(await second).toMatchObject({
      code: 'precondition_failed',
      message: `expect[0] does not hold: 'S'!A1 holds "first", expected "old". Nothing was written.`,
      details: { outcome: 'none' },
    });
    expect(await rows(id)).toEqual([['first', 'b']]);
  });

  test('of several writers that compare and set the same cell are met for exactly one', async () => {
    const { writing, book, rows } = createVerbs();
    const id = await book([['0']]);
    const ends = await Promise.allSettled(
      Array.from({ length: 6 }, (_, n) =>
        writing(id, ({ write }) =>
          write(id, [{ range: 'S!A1', values: [[`w${n}`]] }], 'typed', [{ range: 'S!A1', values: [['0']] }]),
        ),
      ),
    );
    const winners = ends.flatMap(({ status }, n) => (status === 'fulfilled' ? [`w${n}`] : []));
    expect(winners).toHaveLength(1);
    expect(await rows(id)).toEqual([winners]);
  });

  test('do not hold when the sheet they were looked up on is gone, and nothing is written', async () => {
    const { writing, book, update, sheets, sent } = createVerbs();
    const id = await book([['a']]);
    await sheets.read(id, ['S'], 'formatted');
    const plane = Number(/"sheetId":(\d+)/.exec(JSON.stringify(await sheets.describe(id, [])))?.[1]);
    await update(id, { addSheet: { properties: { title: 'Other' } } }, { deleteSheet: { sheetId: plane } });
    const from = sent.length;
    const error = await failureOf(
      writing(id, ({ write }) =>
        write(id, [{ range: 'S!A1', values: [['x']] }], 'typed', [{ range: 'S!A1', values: [['a']] }]),
      ),
    );
    expect(error.code).toBe('not_found');
    expect(sent.slice(from).filter(({ kind }) => kind === 'write')).toEqual([]);
  });
});
