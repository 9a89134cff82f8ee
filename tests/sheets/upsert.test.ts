// Upserting at the level of the verbs: what is read and sent, what others change meanwhile, and several at once.

import { describe, expect, test } from 'vitest';
import type { Call, Policy } from '../../src/call.ts';
import { failureOf } from '../support/fake-google.ts';
import { createVerbs } from '../support/verbs.ts';

const ROWS = [
  ['id', 'name', 'day'],
  [1, 'a', '2026-01-01'],
  [2, 'b', '2026-01-02'],
];
const requestsOf = (sent: readonly Call[]) => (sent.at(-1)?.params.requestBody ?? {}) as { requests?: object[] };
const isWrite = ({ kind }: Call) => kind === 'write';

test('two reads and one write, told in full before it is sent', async () => {
  const { writing, book, calls, sent, foreseen } = createVerbs();
  const id = await book(ROWS);
  let answer: unknown;
  const rows = [
    { id: 2, name: '=B', day: '2026-02-02' },
    { id: 3, name: 'c' },
  ];
  const upsert = async () => {
    answer = await writing(id, (verbs) => verbs.upsert(id, 'S', ['id'], rows));
  };
  expect(await calls(upsert)).toEqual(['get', 'get', 'get', 'batchUpdate']); // the first for the names
  expect(answer).toEqual({
    status: 'applied',
    updated: 1,
    appended: 1,
    appendedRange: "'S'!A4:C4",
    warnings: [expect.stringMatching(/^rows\[0\], column B: /)],
  });
  const { appendedRange: _, ...told } = Object(answer); // only the reply tells it
  expect(foreseen).toEqual([told]);
  const sheetId = sent.at(-1)?.areas?.[0]?.plane;
  expect(requestsOf(sent).requests).toEqual([
    {
      updateCells: {
        start: { sheetId, rowIndex: 2, columnIndex: 1 },
        fields: 'userEnteredValue',
        rows: [
          { values: [{ userEnteredValue: { stringValue: '=B' } }, { userEnteredValue: { numberValue: 46_055 } }] },
        ],
      },
    },
    {
      appendCells: {
        sheetId,
        fields: 'userEnteredValue',
        rows: [{ values: [{ userEnteredValue: { numberValue: 3 } }, { userEnteredValue: { stringValue: 'c' } }, {}] }],
      },
    },
  ]);
});

test('rows that follow each other travel as one request, others apart', async () => {
  const { writing, book, sent } = createVerbs();
  const id = await book([['id', 'n', 'm'], ...[1, 2, 3, 4, 5].map((n) => [n, 0, 0])]);
  const rows = [5, 1, 2, 3].map((n) => ({ n, id: n }));
  expect(await writing(id, ({ upsert }) => upsert(id, 'S', ['id'], rows))).toMatchObject({ updated: 4, appended: 0 });
  expect(requestsOf(sent).requests).toMatchObject([
    { updateCells: { start: { rowIndex: 1, columnIndex: 1 }, rows: { length: 3 } } },
    { updateCells: { start: { rowIndex: 5, columnIndex: 1 }, rows: { length: 1 } } },
  ]);
});

describe('a header that somebody moves between the looks', () => {
  /** Does that before each of the first `times` reads of key columns. */
  const moving =
    (times: number, move: (id: string) => Promise<void>): Policy =>
    (next) =>
    async (call, signal) => {
      const ranges = (call.params.ranges ?? []) as string[];
      if (ranges.length > 1 && times-- > 0) await move(String(call.scope));
      return next(call, signal);
    };
  const rows = [{ id: 2, name: 'new' }];

  test('is noticed, and the rows are written where it is now', async () => {
    const sheetOf = async (id: string) => (await verbs.sheets.describe(id, [])).sheets[0]?.sheetId;
    const verbs = createVerbs(
      moving(1, async (id) => {
        const cells = [['x'], ['name', '', 'id', 'z'], ['a', '', 1], ['b', '', 2]];
        const values = cells.map((row) => ({
          values: row.map((one) => ({
            userEnteredValue: typeof one === 'number' ? { numberValue: one } : { stringValue: one },
          })),
        }));
        const range = { sheetId: await sheetOf(id) };
        await verbs.update(id, { updateCells: { range, fields: '*', rows: values } });
      }),
    );
    const id = await verbs.book(ROWS);
    const answer = await verbs.writing(id, ({ upsert }) => upsert(id, 'S', ['id'], rows));
    expect(answer).toEqual({ status: 'applied', updated: 1, appended: 0 });
    expect(await verbs.rows(id)).toEqual([['x'], ['name', '', 'id', 'z'], ['a', '', 1], ['new', '', 2]]);
  });

  test('again and again is a conflict, nothing written', async () => {
    let names = 0;
    const verbs = createVerbs(
      moving(5, async (id) => {
        const { sheetId } = (await verbs.sheets.describe(id, [])).sheets[0] ?? {};
        const start = { sheetId, rowIndex: 0, columnIndex: 1 };
        const value = { userEnteredValue: { stringValue: `name${names++}` } };
        await verbs.update(id, { updateCells: { start, fields: 'userEnteredValue', rows: [{ values: [value] }] } });
      }),
    );
    const id = await verbs.book(ROWS);
    const from = verbs.sent.length;
    const error = await failureOf(verbs.writing(id, ({ upsert }) => upsert(id, 'S', ['id'], [{ id: 2, day: 5 }])));
    expect({ code: error.code, outcome: error.details.outcome }).toEqual({ code: 'conflict', outcome: 'none' });
    expect(verbs.sent.slice(from).filter(isWrite)).toEqual([]);
  });

  test('so that a key column is gone is refused as if it had never been there', async () => {
    const verbs = createVerbs(
      moving(1, async (id) => {
        const { sheetId } = (await verbs.sheets.describe(id, [])).sheets[0] ?? {};
        const start = { sheetId, rowIndex: 0, columnIndex: 0 };
        const value = { userEnteredValue: { stringValue: 'number' } };
        await verbs.update(id, { updateCells: { start, fields: 'userEnteredValue', rows: [{ values: [value] }] } });
      }),
    );
    const id = await verbs.book(ROWS);
    const error = await failureOf(verbs.writing(id, ({ upsert }) => upsert(id, 'S', ['id'], rows)));
    expect(error.message).toBe('key names a column "id" that does not exist.');
  });
});

describe('several at once', () => {
  test('upserts of one new key are one row', async () => {
    const { writing, book, rows } = createVerbs();
    const id = await book([['id', 'name', 'n']]);
    const answers = await Promise.all(
      Array.from({ length: 6 }, (_, n) =>
        writing(id, ({ upsert }) => upsert(id, 'S', ['id'], [{ id: 'k', [n % 2 ? 'name' : 'n']: n }])),
      ),
    );
    expect(answers.filter(({ appended }) => appended === 1)).toHaveLength(1);
    expect(answers.filter(({ updated }) => updated === 1)).toHaveLength(5);
    expect(await rows(id)).toEqual([
      ['id', 'name', 'n'],
      ['k', 5, 4],
    ]);
  });

  test('an upsert behind an append of its key updates that row, however long the append is under way', async () => {
    const gate = Promise.withResolvers<void>();
    const { writing, book, rows } = createVerbs((next) => async (call, signal) => {
      if (JSON.stringify(call.params).includes('"first"')) await gate.promise;
      return next(call, signal);
    });
    const id = await book([['id', 'name']]);
    const append = writing(id, (verbs) => verbs.append(id, 'S', [['k', 'first']]));
    const upsert = writing(id, (verbs) => verbs.upsert(id, 'S', ['id'], [{ id: 'k', name: 'second' }]));
    const behind = writing(id, (verbs) => verbs.append(id, 'S', [['l', 'third']]));
    setImmediate(() => gate.resolve());
    expect(await upsert).toEqual({ status: 'applied', updated: 1, appended: 0 });
    await Promise.all([append, behind]);
    expect(await rows(id)).toEqual([
      ['id', 'name'],
      ['k', 'second'],
      ['l', 'third'],
    ]);
  });
});

test('a large sheet and many rows take no more than their size', async () => {
  const { writing, book, rows, sent } = createVerbs();
  const HEIGHT = 50_000;
  const id = await book([['id', 'n'], ...Array.from({ length: HEIGHT }, (_, n) => [n, 0])]);
  // Every key once, half of them there; with a look at the sheet for each this takes minutes.
  const given = Array.from({ length: 1_000 }, (_, n) => ({ id: n % 2 ? HEIGHT + n : n * 49, n: 1 }));
  const answer = await writing(id, ({ upsert }) => upsert(id, 'S', ['id'], given));
  expect(answer).toEqual({ status: 'applied', updated: 500, appended: 500, appendedRange: "'S'!A50002:B50501" });
  expect(sent.filter(isWrite)).toHaveLength(2);
  expect((await rows(id, 'S!B2:B')).filter(([n]) => n === 1)).toHaveLength(1_000);
}, 30_000);
