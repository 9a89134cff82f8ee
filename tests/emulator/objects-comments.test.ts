import type { sheets_v4 } from '@googleapis/sheets';
import { expect, test } from 'vitest';
import { type Clock, systemClock } from '../../src/clock.ts';
import { newSpreadsheet, openBench, refusal } from './clients.ts';

/** A clock whose wall time moves a second at each look. */
function tickingClock(): Clock {
  let wall = Date.UTC(2026, 0, 1);
  return { ...systemClock, wall: () => (wall += 1000) };
}

const bench = openBench({ clock: tickingClock() });
const { drive } = bench;
type Request = sheets_v4.Schema$Request;

async function batch(spreadsheetId: string, ...requests: Request[]) {
  return (await bench.sheets.spreadsheets.batchUpdate({ spreadsheetId, requestBody: { requests } })).data;
}

async function shown(spreadsheetId: string, more: { ranges?: string[] } = {}) {
  const commentsViewMode = 'COMMENTS_VIEW_MODE_INCLUDED';
  return (await bench.sheets.spreadsheets.get({ spreadsheetId, commentsViewMode, ...more })).data;
}

const at = (rowIndex: number, columnIndex: number) => ({ sheetId: 0, rowIndex, columnIndex });

async function commented(assigneeEmailAddress?: string) {
  const id = await newSpreadsheet(bench);
  await bench.sheets.spreadsheets.values.update({
    spreadsheetId: id,
    range: 'A1:B2',
    valueInputOption: 'USER_ENTERED',
    requestBody: {
      values: [
        ['Item', 'Cost'],
        ['Pen', '$1.50'],
      ],
    },
  });
  const insert = {
    coordinate: at(1, 1),
    content: 'Why <so> much?',
    ...(assigneeEmailAddress && { assigneeEmailAddress }),
  };
  const { replies } = await batch(id, { insertComment: insert });
  const thread = replies?.[0]?.insertComment?.commentThread ?? {};
  const commentId = thread.commentId ?? '';
  const reply = async (post: sheets_v4.Schema$Post) =>
    (await batch(id, { addCommentReply: { commentId, post } })).replies?.[0]?.addCommentReply?.post ?? {};
  return { id, thread, commentId, reply };
}

test('a comment quotes its cell, and its first post has its id', async () => {
  const { id, thread, commentId } = await commented();
  expect(thread).toEqual({
    commentId,
    anchorId: expect.any(String),
    status: 'OPEN',
    plainTextQuote: '$1.50',
    headPost: {
      postId: commentId,
      content: 'Why <so> much?',
      contentHtml: 'Why &lt;so&gt; much?',
      commentAction: 'NO_COMMENT_ACTION_CHANGE',
      author: { displayName: 'You', me: true, user: expect.stringMatching(/^users\//) },
      createTime: expect.stringMatching(/Z$/),
      updateTime: thread.headPost?.createTime,
    },
  });
  const spreadsheet = await shown(id);
  expect(spreadsheet.comments).toEqual([thread]);
  expect(spreadsheet.commentsViewMode).toBe('COMMENTS_VIEW_MODE_INCLUDED');
  expect(spreadsheet.sheets?.[0]?.commentAnchors).toEqual([
    {
      anchorId: thread.anchorId,
      range: { startRowIndex: 1, endRowIndex: 2, startColumnIndex: 1, endColumnIndex: 2 },
    },
  ]);
  const usual = (await bench.sheets.spreadsheets.get({ spreadsheetId: id })).data;
  expect(JSON.stringify(usual)).not.toContain('omment');
});

test('comments are shown only on request, by range, and a mask may not ask for them otherwise', async () => {
  const { id, thread } = await commented();
  await batch(id, { insertComment: { coordinate: at(0, 0), content: 'A first one' } });
  expect((await shown(id, { ranges: ['B2:C9'] })).comments).toEqual([thread]);
  expect((await shown(id, { ranges: ['D4'] })).comments).toBeUndefined();
  const message = 'Field mask may not contain comment-specific fields if comments are not requested';
  for (const fields of ['comments', 'sheets.commentAnchors', 'sheets(properties,commentAnchors/range)']) {
    const get = bench.sheets.spreadsheets.get({ spreadsheetId: id, fields });
    expect(await refusal(get)).toEqual({ status: 400, message });
  }
  const wrong = bench.sheets.spreadsheets.get({ spreadsheetId: id, commentsViewMode: 'SOME' });
  expect((await refusal(wrong)).message).toContain('CommentsViewMode');
});

test('replies resolve and reopen, posts are edited and deleted; the reply says that all is saved', async () => {
  const { id, thread, commentId, reply } = await commented();
  const first = await reply({ content: 'Ink.' });
  await reply({ commentAction: 'RESOLVE' });
  expect((await shown(id)).comments?.[0]?.status).toBe('RESOLVED');
  await reply({ commentAction: 'REOPEN', content: 'Not yet' });
  const answer = await batch(
    id,
    { updateCommentPost: { commentId, postId: commentId, content: 'Why?' } },
    { updateCommentPost: { commentId, postId: first.postId ?? '', content: 'Gold ink.' } },
  );
  expect(answer).toMatchObject({ replies: [{}, {}], commentUpdateState: 'ALL_SAVED' });
  expect((await shown(id)).comments).toMatchObject([
    {
      status: 'OPEN',
      headPost: { content: 'Why?', createTime: thread.headPost?.createTime },
      replies: [
        { content: 'Gold ink.' },
        { commentAction: 'RESOLVE' },
        { commentAction: 'REOPEN', content: 'Not yet' },
      ],
    },
  ]);
  await batch(id, { deleteCommentReply: { commentId, postId: first.postId ?? '' } });
  expect((await shown(id)).comments?.[0]?.replies).toHaveLength(2);
  await batch(id, { deleteComment: { commentId } });
  expect(await shown(id)).not.toHaveProperty('comments');
  expect((await shown(id)).sheets?.[0]).not.toHaveProperty('commentAnchors');
  const plain = await batch(id, { addSheet: {} });
  expect(plain).not.toHaveProperty('commentUpdateState');
});

test('a new assignee changes the comment, and there must have been one', async () => {
  const { id, thread, reply } = await commented('ann@example.com');
  expect(thread.headPost?.assigneeEmail).toBe('ann@example.com');
  await reply({ content: 'Yours', assigneeEmail: 'bob@example.com' });
  const { headPost, replies } = (await shown(id)).comments?.[0] ?? {};
  expect(replies?.[0]?.assigneeEmail).toBe('bob@example.com');
  expect(Date.parse(headPost?.updateTime ?? '')).toBeGreaterThan(Date.parse(thread.headPost?.updateTime ?? ''));
});

test.each<[string, number, string, (commentId: string) => Request]>([
  [
    'an empty comment',
    400,
    'Invalid requests[0].insertComment: Insert comment requests must specify non-empty post text.',
    () => ({ insertComment: { coordinate: at(0, 0), content: '' } }),
  ],
  [
    'a long comment',
    400,
    'Invalid requests[0].insertComment: The content may not exceed 2048 UTF-8 code units.',
    () => ({ insertComment: { coordinate: at(0, 0), content: 'é'.repeat(1025) } }),
  ],
  [
    'a cell beyond the grid',
    400,
    'Invalid requests[0].insertComment: GridCoordinate.columnIndex[26] is after last column in grid[25]',
    () => ({ insertComment: { coordinate: at(0, 26), content: 'x' } }),
  ],
  [
    'an unknown grid',
    400,
    'Invalid requests[0].insertComment: No grid with id: 9',
    () => ({ insertComment: { coordinate: { sheetId: 9 }, content: 'x' } }),
  ],
  [
    'an empty reply',
    400,
    'Invalid requests[0].addCommentReply: Add comment reply requests must specify a non-empty content if comment action is not RESOLVE or REOPEN.',
    (commentId) => ({ addCommentReply: { commentId, post: {} } }),
  ],
  [
    'an unknown comment',
    404,
    'Comment with ID AAAA does not exist.',
    () => ({ addCommentReply: { commentId: 'AAAA', post: { content: 'x' } } }),
  ],
  [
    'an unknown post',
    404,
    'Reply with ID AAAA does not exist.',
    (commentId) => ({ updateCommentPost: { commentId, postId: 'AAAA', content: 'x' } }),
  ],
  [
    'a comment to delete',
    404,
    "Comment thread with ID 'AAAA' was not found.",
    () => ({ deleteComment: { commentId: 'AAAA' } }),
  ],
  [
    'a reply to delete',
    404,
    'Reply with ID BBBB does not exist.',
    (commentId) => ({ deleteCommentReply: { commentId, postId: 'BBBB' } }),
  ],
  [
    'an edit without text',
    400,
    'Update comment post requests must specify non-empty content.',
    (commentId) => ({ updateCommentPost: { commentId, postId: commentId } }),
  ],
  [
    'an assignee where there was none',
    400,
    'whose head post does not have an assignment.',
    (commentId) => ({ addCommentReply: { commentId, post: { content: 'x', assigneeEmail: 'a@example.com' } } }),
  ],
])('refused: %s', async (_, status, message, request) => {
  const { id, commentId } = await commented();
  const before = await shown(id);
  const refused = await refusal(batch(id, { addSheet: { properties: { title: 'gone' } } }, request(commentId)));
  const whole = message.replace('requests[0]', 'requests[1]');
  expect(refused).toEqual({ status, message: status === 404 ? whole : expect.stringContaining(whole) });
  expect(await shown(id)).toEqual(before);
});

test('a reply that resolved is not deleted, and the first post is none', async () => {
  const { id, commentId, reply } = await commented();
  const first = await refusal(batch(id, { deleteCommentReply: { commentId, postId: commentId } }));
  expect(first).toEqual({ status: 404, message: `Reply with ID ${commentId} does not exist.` });
  const { postId = '' } = await reply({ commentAction: 'RESOLVE' });
  const refused = await refusal(batch(id, { deleteCommentReply: { commentId, postId: postId ?? '' } }));
  expect(refused.message).toContain('The reply post contains a comment action.');
});

test('Drive sees the comments of Sheets, and Sheets those of Drive', async () => {
  const { id, thread, commentId } = await commented();
  const fields = '*';
  const comment = (await drive.comments.get({ fileId: id, commentId, fields })).data;
  expect(comment).toEqual({
    kind: 'drive#comment',
    id: commentId,
    createdTime: thread.headPost?.createTime,
    modifiedTime: thread.headPost?.updateTime,
    author: { kind: 'drive#user', displayName: 'You', me: true },
    deleted: false,
    htmlContent: 'Why &lt;so&gt; much?',
    content: 'Why <so> much?',
    resolved: false,
    anchor: thread.anchorId,
    quotedFileContent: { mimeType: 'text/html', value: '$1.50' },
    replies: [],
  });
  const quotedFileContent = { value: 'Pen' };
  const made = await drive.comments.create({ fileId: id, fields, requestBody: { content: 'Hi', quotedFileContent } });
  expect(made.data).not.toHaveProperty('anchor');
  expect(made.data).not.toHaveProperty('resolved');
  expect((await shown(id)).comments?.map(({ headPost }) => headPost?.content)).toEqual(['Why <so> much?', 'Hi']);
  expect((await shown(id)).sheets?.[0]?.commentAnchors).toHaveLength(1);
  expect((await shown(id, { ranges: ['Sheet1'] })).comments).toHaveLength(1);
});

test('replies of Drive resolve and reopen; what is deleted is listed on demand', async () => {
  const { id, commentId } = await commented();
  const where = { fileId: id, commentId, fields: '*' };
  const resolved = await drive.replies.create({ ...where, requestBody: { action: 'resolve' } });
  expect(resolved.data).toMatchObject({ kind: 'drive#reply', action: 'resolve', content: '' });
  expect((await drive.comments.get(where)).data.resolved).toBe(true);
  const reopened = await drive.replies.create({ ...where, requestBody: { action: 'reopen', content: 'No' } });
  const replyId = reopened.data.id ?? '';
  expect((await drive.replies.update({ ...where, replyId, requestBody: { content: 'Nope' } })).data.content).toBe(
    'Nope',
  );
  expect((await drive.replies.get({ ...where, replyId })).data).toMatchObject({ action: 'reopen', content: 'Nope' });
  await drive.replies.delete({ fileId: id, commentId, replyId });
  expect((await drive.replies.list(where)).data.replies).toHaveLength(1);
  const all = (await drive.replies.list({ ...where, includeDeleted: true })).data.replies;
  expect(all?.[1]).toMatchObject({ id: replyId, deleted: true });
  expect(all?.[1]).not.toHaveProperty('content');
  await drive.comments.update({ ...where, requestBody: { content: 'Edited' } });
  expect((await shown(id)).comments?.[0]?.headPost?.content).toBe('Edited');
  await drive.comments.delete({ fileId: id, commentId });
  expect((await drive.comments.list({ fileId: id, fields: '*' })).data.comments).toEqual([]);
  const deleted = (await drive.comments.list({ fileId: id, fields: '*', includeDeleted: true })).data.comments;
  expect(deleted).toMatchObject([{ id: commentId, deleted: true, replies: [] }]);
  expect(await refusal(drive.comments.get(where))).toEqual({
    status: 404,
    message: `Comment not found: ${commentId}.`,
  });
  expect((await drive.comments.get({ ...where, includeDeleted: true })).data.deleted).toBe(true);
});

test('comments come in pages, the last changed first', async () => {
  const id = await newSpreadsheet(bench);
  const create = async (content: string) =>
    (await drive.comments.create({ fileId: id, fields: 'id,createdTime', requestBody: { content } })).data;
  const [a, , c] = [await create('a'), await create('b'), await create('c')];
  await drive.replies.create({ fileId: id, commentId: a.id ?? '', fields: 'id', requestBody: { content: 'x' } });
  const page = async (more: object) =>
    (await drive.comments.list({ fileId: id, fields: 'nextPageToken,comments(content)', pageSize: 2, ...more })).data;
  const first = await page({});
  const second = await page({ pageToken: first.nextPageToken });
  const contents = [first, second].map(({ comments }) => comments?.map(({ content }) => content));
  expect(contents).toEqual([['a', 'c'], ['b']]);
  expect(second.nextPageToken).toBeUndefined();
  const since = await page({ startModifiedTime: c.createdTime });
  expect(since.comments?.map(({ content }) => content)).toEqual(['a', 'c']);
});

test('Drive refuses what it refuses, and does nothing then', async () => {
  const { id, commentId } = await commented();
  const path = `/drive/v3/files/${id}/comments`;
  const error = async (method: string, where: string, body?: unknown) => {
    const answer = await bench.call(method, where, body);
    const { errors, message } = (answer.body as { error: { errors: object[]; message: string } }).error;
    return [answer.status, message, errors[0]];
  };
  const required = "The 'fields' parameter is required for this method.";
  for (const [method, where] of [
    ['GET', path],
    ['POST', path],
    ['GET', `${path}/${commentId}`],
    ['PATCH', `${path}/${commentId}`],
    ['GET', `${path}/${commentId}/replies`],
    ['POST', `${path}/${commentId}/replies`],
  ] as const) {
    const body = method === 'GET' ? undefined : { content: 'x' };
    expect(await error(method, where, body)).toMatchObject([400, required, { reason: 'required', location: 'fields' }]);
  }
  expect((await error('POST', `${path}?fields=a(`, { content: 'x' }))[0]).toBe(400);
  expect((await error('POST', `${path}?fields=*`, {}))[0]).toBe(400);
  expect((await error('POST', `${path}?fields=*`, { content: 5 }))[0]).toBe(400);
  expect((await error('POST', `${path}/${commentId}/replies?fields=*`, { action: 'toString' }))[0]).toBe(400);
  expect((await error('GET', `${path}?fields=*&pageSize=101`))[0]).toBe(400);
  expect((await error('GET', `${path}?fields=*&pageToken=x`))[0]).toBe(400);
  expect((await error('GET', `${path}?fields=*&startModifiedTime=x`))[0]).toBe(400);
  expect((await error('GET', '/drive/v3/files/nope/comments?fields=*'))[1]).toBe('File not found: nope.');
  expect((await error('DELETE', `${path}/nope`))[1]).toBe('Comment not found: nope.');
  expect((await error('DELETE', `${path}/${commentId}/replies/nope`))[1]).toBe('Reply not found: nope.');
  const folder = await drive.files.create({ requestBody: { mimeType: 'application/vnd.google-apps.folder' } });
  expect((await error('GET', `/drive/v3/files/${folder.data.id}/comments?fields=*`))[0]).toBe(400);
  expect((await shown(id)).comments).toHaveLength(1);
});

test('comments stay behind when the file is copied', async () => {
  const { id } = await commented();
  const copy = (await drive.files.copy({ fileId: id, requestBody: {} })).data.id ?? '';
  expect(await shown(copy)).not.toHaveProperty('comments');
});
