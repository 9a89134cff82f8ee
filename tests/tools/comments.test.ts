// Comments: what is added is listed, where it is and by whom, page by page; what is refused and what a lost answer means.

import { expect, test } from 'vitest';
import { failureOf } from '../support/fake-google.ts';
import { createVerbs } from '../support/verbs.ts';
import { createWorld, startApp } from '../support/wired-app.ts';

async function start(env: Record<string, string> = {}) {
  const world = await createWorld();
  const app = await startApp(world, { TOOLSETS: 'all', ...env });
  const id = await world.book([
    ['what', 'cost'],
    ['rent', 900],
  ]);
  const run = (tool: string, input: object) => world.until(app.run(tool, { spreadsheet: id, ...input }));
  return {
    world,
    app,
    id,
    add: (input: object) => run('add_comment', input),
    list: (input: object = {}) => run('list_comments', input),
    change: (...requests: object[]) => world.direct(`/${id}:batchUpdate`, { requests }),
  };
}

test('a comment on a cell, its replies and one on the whole are listed with what they are about', async () => {
  const { world, add, list, change } = await start();
  expect(await list()).toEqual({ comments: [], total: 0, source: 'live' });
  const first = await add({ text: 'Why so much?', anchor: 'S!B2' });
  expect(first).toEqual({ status: 'applied', commentId: expect.any(String), writeId: expect.any(String) });
  await world.pass(1_000);
  const whole = await add({ text: 'All <fine>?' });
  await world.pass(1_000);
  const reply = await add({ text: 'Because.', replyTo: first.commentId });
  expect(reply).toEqual({ ...first, replyId: expect.any(String), writeId: expect.any(String) });
  const post = { postId: undefined, commentAction: 'RESOLVE' };
  await change({ addCommentReply: { commentId: first.commentId, post } });
  const time = expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/);
  expect(await list({ fresh: true })).toEqual({
    comments: [
      {
        id: first.commentId,
        author: 'You',
        time,
        text: 'Why so much?',
        cell: "'S'!B2",
        quote: '900',
        resolved: true,
        replies: [
          { id: reply.replyId, author: 'You', time, text: 'Because.' },
          { id: expect.any(String), author: 'You', time, action: 'resolve' },
        ],
      },
      { id: whole.commentId, author: 'You', time, text: 'All <fine>?' },
    ],
    total: 2,
    source: 'live',
  });
});

test('a list is from memory until something of ours is added', async () => {
  const { add, list } = await start();
  await add({ text: 'a', anchor: 'S!A1' });
  expect((await list()).source).toBe('live');
  expect((await list()).source).toBe('cache');
  await add({ text: 'b', anchor: 'S!A1' });
  expect(await list()).toMatchObject({ total: 2, source: 'live' });
  await add({ text: 'c' });
  expect(await list()).toMatchObject({ total: 3, source: 'live' });
});

test('where a comment is follows its cell, and is gone with it; what is deleted is not listed', async () => {
  const { world, add, list, change } = await start();
  const first = await add({ text: 'a', anchor: 'S!B2' });
  await world.pass(1_000);
  await add({ text: 'b', anchor: 'S!A1' });
  await change({ insertDimension: { range: { sheetId: 7, dimension: 'ROWS', startIndex: 0, endIndex: 3 } } });
  const places = async () => ((await list({ fresh: true })).comments as { cell?: string }[]).map(({ cell }) => cell);
  expect(await places()).toEqual(["'S'!B5", "'S'!A4"]);
  await change({ deleteDimension: { range: { sheetId: 7, dimension: 'ROWS', startIndex: 3, endIndex: 4 } } });
  expect(await places()).toEqual(["'S'!B4", undefined]);
  await change({ deleteComment: { commentId: first.commentId } });
  expect(await places()).toEqual([undefined]);
});

test.each<[string, object, string, string, string]>([
  [
    'a range',
    { anchor: 'S!A1:B2' },
    'invalid_argument',
    "anchor must be one cell, and 'S'!A1:B2 is not.",
    'first cell',
  ],
  ['a sheet', { anchor: 'S' }, 'invalid_argument', 'anchor must be one cell', 'first cell'],
  ['an unknown sheet', { anchor: 'T!A1' }, 'not_found', 'There is no sheet "T".', 'Sheets: S.'],
  ['a cell beyond the sheet', { anchor: 'S!A5000' }, 'invalid_argument', 'requests[0].insertComment', ''],
  ['two places', { anchor: 'S!A1', replyTo: 'x' }, 'invalid_argument', 'Give anchor or replyTo, not both', ''],
  ['a reply to nothing', { replyTo: 'nope' }, 'not_found', 'Comment with ID nope does not exist.', 'list_comments'],
  ['more bytes than Google takes', { text: 'ä'.repeat(1_100) }, 'invalid_argument', 'text has 2200 bytes', 'several'],
])('%s is refused, and nothing is added', async (_, input, code, message, hint) => {
  const { add, list } = await start();
  const error = await failureOf(add({ text: 'x', ...input }));
  expect([error.code, error.message, error.hint]).toEqual([
    code,
    expect.stringContaining(message),
    expect.stringContaining(hint),
  ]);
  expect(await list()).toMatchObject({ total: 0 });
});

test('an anchor goes where its name is now: renamed, or moved with the rows of a named range', async () => {
  const { update, book, sheets, writing } = createVerbs();
  const { addCommentAt, listComments } = await import('../../src/sheets/comments.ts');
  const id = await book([['a'], ['b'], ['c']]);
  const [sheet] = (await sheets.describe(id, [])).sheets;
  const sheetId = sheet?.sheetId ?? 0;
  const range = { sheetId, startRowIndex: 1, endRowIndex: 2, startColumnIndex: 0, endColumnIndex: 1 };
  await update(id, { addNamedRange: { namedRange: { name: 'Mine', range } } });
  const add = (anchor: string) =>
    writing(id, (verbs) => verbs.on(id, (desk) => addCommentAt(desk, 'x', anchor), [anchor]));
  await add('Mine');
  await update(id, { insertDimension: { range: { sheetId, dimension: 'ROWS', startIndex: 0, endIndex: 4 } } });
  await update(id, { updateSheetProperties: { properties: { sheetId, title: 'Now' }, fields: 'title' } });
  await add('mine');
  expect((await failureOf(add('S!A1'))).code).toBe('not_found');
  const listed = await sheets.onFile(id, listComments);
  expect(listed.map(({ cell }) => cell)).toEqual(["'Now'!A6", "'Now'!A6"]);
});

test('many are given page by page, and one that is deleted meanwhile does no harm', async () => {
  const { world, list, change } = await start();
  const insert = (n: number) => ({
    insertComment: { coordinate: { sheetId: 7, rowIndex: 0, columnIndex: 0 }, content: `${n} ${'x'.repeat(1_500)}` },
  });
  const ids: string[] = [];
  for (let n = 0; n < 60; n++) {
    const { body } = await change(insert(n));
    ids.push(body.replies[0].insertComment.commentThread.commentId);
    await world.pass(10, 10);
  }
  const seen: string[] = [];
  let cursor: unknown;
  let pages = 0;
  do {
    const page = await list({ fresh: true, ...(cursor !== undefined && { cursor }) });
    expect(JSON.stringify(page).length).toBeLessThan(41_000);
    const comments = page.comments as { id: string }[];
    seen.push(...comments.map(({ id }) => id));
    // The last one given is gone before the next page is asked for.
    if (pages++ === 0) await change({ deleteComment: { commentId: seen.at(-1) } });
    cursor = page.nextCursor;
  } while (cursor !== undefined);
  expect([seen, pages]).toEqual([ids, 3]);
  const error = await failureOf(list({ cursor: 'nonsense' }));
  expect([error.code, error.message]).toEqual(['invalid_argument', 'cursor is not one that this tool gave.']);
});

test('a thread that is larger than an answer is given with its last replies, and says so', async () => {
  const { add, list, change } = await start();
  const { commentId } = await add({ text: 'long', anchor: 'S!A1' });
  for (let n = 0; n < 10; n++) {
    const replies = Array.from({ length: 8 }, (_, m) => ({
      addCommentReply: { commentId, post: { content: `${n * 8 + m} ${'x'.repeat(1_900)}` } },
    }));
    await change(...replies);
  }
  const { comments, warnings } = await list({ fresh: true });
  const [{ replies } = { replies: [] }] = comments as { replies: { text: string }[] }[];
  expect(warnings).toEqual([
    `Comment ${commentId} is larger than an answer: of its 80 replies only the last ${replies.length} are given.`,
  ]);
  expect([replies.at(-1)?.text.slice(0, 2), replies.length > 40]).toEqual(['79', true]);
});

test('one whose answer is lost is not sent again, list_comments shows it, and its key does not double it', async () => {
  const { world, app, id, list } = await start();
  let sent = 0;
  world.onWire(async ({ kinds, path }, pass) => {
    if (!kinds.includes('insertComment') && !path.endsWith('/comments')) return pass();
    sent++;
    await pass();
    return new Response('no', { status: 503 });
  });
  for (const place of [{ anchor: 'S!A1' }, {}]) {
    const input = { spreadsheet: id, text: 'once', ...place };
    const add = () => world.until(app.run('add_comment', input, { key: JSON.stringify(place) }));
    const error = await failureOf(add());
    expect([error.code, error.hint]).toEqual(['outcome_unknown', 'To find out: list_comments: it may be there.']);
    expect((await failureOf(add())).code).toBe('outcome_unknown');
  }
  expect([sent, (await list({ fresh: true })).total]).toEqual([2, 2]);
  // Nobody else waits for them.
  const write = {
    spreadsheet: id,
    writes: [{ range: 'S!A1', values: [['x']] }],
    expect: [{ range: 'S!B2', values: [[900]] }],
  };
  const begun = world.clock.now();
  expect(await world.until(app.run('write_range', write))).toMatchObject({ status: 'applied' });
  expect(world.clock.now() - begun).toBeLessThan(5_000);
});

test('a comment on the whole says what to do where Drive may not be used', async () => {
  const { world, add } = await start();
  const refusal = {
    code: 403,
    message: 'Request had insufficient authentication scopes.',
    errors: [{ reason: 'insufficientPermissions' }],
  };
  world.onWire(({ path }) =>
    path.endsWith('/comments') ? Response.json({ error: refusal }, { status: 403 }) : undefined,
  );
  const error = await failureOf(add({ text: 'x' }));
  expect([error.code, error.hint]).toEqual(['permission_denied', expect.stringContaining('give anchor, a cell')]);
  expect(await add({ text: 'x', anchor: 'S!A1' })).toMatchObject({ status: 'applied' });
});
