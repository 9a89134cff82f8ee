// Every kind of request there is, one valid one each: done, or refused by name.

import type { sheets_v4 } from '@googleapis/sheets';
import { expect, test } from 'vitest';
import { Payloads } from '../../src/emulator/messages/requests.ts';
import { EVERY_KIND, type Kind, OF_COMMENT, REFUSED_KINDS, SPREADSHEET } from '../support/every-kind.ts';
import { newSpreadsheet, openBench, refusal } from './clients.ts';

const bench = openBench();

async function open() {
  const spreadsheetId = await newSpreadsheet(bench, SPREADSHEET.sheets ?? []);
  const batch = (...requests: sheets_v4.Schema$Request[]) =>
    bench.sheets.spreadsheets.batchUpdate({ spreadsheetId, requestBody: { requests } });
  return { spreadsheetId, batch };
}

test('the list is complete', () => {
  const listed = [...Object.keys(EVERY_KIND), ...Object.keys(OF_COMMENT)].sort();
  expect(listed).toEqual([...Object.keys(Payloads), ...REFUSED_KINDS].sort());
  expect(listed).toHaveLength(74);
});

test.each(Object.entries(EVERY_KIND).filter(([kind]) => !REFUSED_KINDS.includes(kind as Kind)))(
  '%s is done',
  async (_, requests) => {
    const { batch } = await open();
    expect((await batch(...requests)).data.replies).toHaveLength(requests.length);
  },
);

test('requests about comments are done', async () => {
  const { batch } = await open();
  const [inserted] = (await batch(...EVERY_KIND.insertComment)).data.replies ?? [];
  const commentId = inserted?.insertComment?.commentThread?.commentId ?? '';
  const [replied] = (await batch(OF_COMMENT.addCommentReply(commentId, ''))).data.replies ?? [];
  const postId = replied?.addCommentReply?.post?.postId ?? '';
  for (const kind of ['updateCommentPost', 'deleteCommentReply', 'deleteComment'] as const) {
    expect((await batch(OF_COMMENT[kind](commentId, postId))).status).toBe(200);
  }
});

test.each(REFUSED_KINDS)('%s is refused by name', async (kind) => {
  const { batch } = await open();
  const [request = {}] = (EVERY_KIND as Record<string, readonly sheets_v4.Schema$Request[]>)[kind] ?? [];
  const { status, message } = await refusal(batch(request));
  expect([status, message]).toEqual([400, expect.stringContaining(`Invalid requests[0].${kind}: `)]);
});
