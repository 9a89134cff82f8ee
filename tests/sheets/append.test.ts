// What an append is told of its rows when its reply came, came late or was lost.

import { expect, test } from 'vitest';
import type { Call, Policy, Send } from '../../src/call.ts';
import { createCall } from '../../src/sheets/calls.ts';
import { createVerbs } from '../support/verbs.ts';

const LOST = /reply was lost.*where is not told/;
const isAppend = ({ params }: Call) => JSON.stringify(params).includes('appendCells');
const sheetOf = ({ params }: Call) => Number(/"sheetId":(\d+)/.exec(JSON.stringify(params))?.[1]);

/** The reply of an append is lost; it is given the spreadsheet as it is once `meanwhile` is done. */
const losing =
  (meanwhile: (next: Send, call: Call, signal: AbortSignal) => Promise<void>): Policy =>
  (next) =>
  async (call, signal) => {
    if (!isAppend(call)) return next(call, signal);
    await next(call, signal);
    await meanwhile(next, call, signal);
    const { requestBody } = call.params;
    const [range] = (requestBody as { responseRanges: string[] }).responseRanges;
    const params = {
      spreadsheetId: call.scope,
      ranges: [range],
      fields:
        'sheets(properties(sheetId,title),tables(tableId,range),data(startRow,startColumn,rowData.values.userEnteredValue))',
    };
    const updatedSpreadsheet = await next(createCall(call, 'spreadsheets.get', call.scope, params), signal);
    return { spreadsheetId: call.scope, updatedSpreadsheet, reread: true };
  };

/** One more row below everything, by somebody else. */
const appending = (value: string) => async (next: Send, call: Call, signal: AbortSignal) => {
  const rows = [{ values: [{ userEnteredValue: { stringValue: value } }] }];
  const requests = [{ appendCells: { sheetId: sheetOf(call), fields: 'userEnteredValue', rows } }];
  const params = { spreadsheetId: call.scope, requestBody: { requests } };
  await next(createCall(call, 'spreadsheets.batchUpdate', call.scope, params), signal);
};

test('the answer of a lost append is known before it is sent, without a place', async () => {
  const { sheets, writing, book, foreseen } = createVerbs();
  const id = await book([['name', 'n']]);
  const answer = await writing(id, ({ append }) => append(id, 'S', [['=a', 1], { name: 'b' }]));
  expect(answer).toEqual({
    status: 'applied',
    rows: 2,
    updatedRange: "'S'!A2:B3",
    warnings: [expect.stringMatching(/^rows\[0\], column A: /)],
  });
  const [told, ...rest] = foreseen;
  expect(rest).toEqual([]);
  expect(told).toEqual({
    status: 'applied',
    rows: 2,
    warnings: [expect.stringMatching(/^rows\[0\], column A: /), expect.stringMatching(LOST)],
  });
  expect(await sheets.read(id, ['S'], 'unformatted')).toHaveLength(1);
});

test('rows whose reply was read again are found where their values stand once, others below them', async () => {
  const { writing, book } = createVerbs(losing(appending('c')));
  const id = await book([
    ['name', 'n'],
    ['a', 9],
  ]);
  const answer = await writing(id, ({ append }) =>
    append(id, 'S', [
      ['a', 1],
      ['b', 2],
    ]),
  );
  expect(answer).toEqual({ status: 'applied', rows: 2, updatedRange: "'S'!A3:B4" });
});

test('rows whose values stand twice when read again are not told, since either may be theirs', async () => {
  const { writing, book } = createVerbs(losing(appending('a')));
  const id = await book([['name', 'n']]);
  const answer = await writing(id, ({ append }) => append(id, 'S', [['a']]));
  expect(answer).toEqual({ status: 'applied', rows: 1, warnings: [expect.stringMatching(LOST)] });
});

test('the last rows are not taken for those of a reply that was read again', async () => {
  const { writing, book } = createVerbs(losing(appending('b')));
  const id = await book([['name'], ['a'], ['b']]);
  const answer = await writing(id, ({ append }) => append(id, 'S', [['b']]));
  expect(answer).not.toHaveProperty('updatedRange');
});

test('rows that are gone when read again are not told', async () => {
  const clearing = async (next: Send, call: Call, signal: AbortSignal) => {
    const requests = [
      { updateCells: { range: { sheetId: sheetOf(call), startRowIndex: 1 }, fields: 'userEnteredValue' } },
    ];
    const params = { spreadsheetId: call.scope, requestBody: { requests } };
    await next(createCall(call, 'spreadsheets.batchUpdate', call.scope, params), signal);
  };
  const { writing, book } = createVerbs(losing(clearing));
  const id = await book([['name']]);
  const answer = await writing(id, ({ append }) => append(id, 'S', [['b']]));
  expect(answer).toEqual({ status: 'applied', rows: 1, warnings: [expect.stringMatching(LOST)] });
});
