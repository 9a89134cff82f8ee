// The routes of Drive v3 about comments and their replies: the threads of a spreadsheet (comments.ts) as Drive prints
// them.

import { type Context, Hono } from 'hono';
import type { Clock } from '../clock.ts';
import type { Change } from './change.ts';
import { addReply, addThread, type Desk, deleteReply, deleteThread, editPost, htmlOf, threadsOf } from './comments.ts';
import { checkFields, DRIVE_HEADERS, driveReply, fileNotFound, OWNER, parseBody } from './drive-file.ts';
import { pageOf } from './drive-pages.ts';
import { ApiError } from './errors.ts';
import type { CommentThread, Post } from './messages/features.ts';
import { searchParams } from './reply.ts';
import type { Store } from './store.ts';
import type { Book } from './workbook.ts';

const PAGES = { standard: 20, most: 100 };
/** What stands for `fields` where the reply is not cut: `fields` was given, or there is no reply. */
const ALL = '*';

const ACTIONS: Readonly<Record<string, 'RESOLVE' | 'REOPEN'>> = { resolve: 'RESOLVE', reopen: 'REOPEN' };

function printPost({ postId: id, createTime, updateTime, content = '', deleted = false }: Post): object {
  return {
    id,
    createdTime: createTime,
    modifiedTime: updateTime,
    author: { kind: OWNER.kind, displayName: OWNER.displayName, me: OWNER.me },
    deleted,
    ...(!deleted && { htmlContent: htmlOf(content), content }),
  };
}

function printReply(post: Post): object {
  const { commentAction, assigneeEmail } = post;
  const action = Object.entries(ACTIONS).find(([, each]) => each === commentAction)?.[0];
  return {
    kind: 'drive#reply',
    ...printPost(post),
    ...(action && { action }),
    ...(assigneeEmail && { assigneeEmailAddress: assigneeEmail }),
  };
}

function modifiedTime({ headPost, replies = [] }: CommentThread): string {
  const times = [headPost ?? {}, ...replies].map(({ updateTime = '' }) => updateTime);
  return times.sort().at(-1) ?? '';
}

function printComment(thread: CommentThread, includeDeleted: boolean): object {
  const { headPost = {}, anchorId, plainTextQuote, status } = thread;
  const replies = (thread.replies ?? []).filter(({ deleted }) => includeDeleted || !deleted);
  const acted = thread.replies?.some(({ commentAction }) => commentAction === 'RESOLVE' || commentAction === 'REOPEN');
  return {
    kind: 'drive#comment',
    ...printPost(headPost),
    modifiedTime: modifiedTime(thread),
    ...((anchorId !== undefined || acted) && { resolved: status === 'RESOLVED' }),
    ...(anchorId !== undefined && { anchor: anchorId }),
    ...(headPost.assigneeEmail && { assigneeEmailAddress: headPost.assigneeEmail }),
    ...(plainTextQuote !== undefined && { quotedFileContent: { mimeType: 'text/html', value: plainTextQuote } }),
    replies: replies.map(printReply),
  };
}

/** Drive gives nothing of a comment that is not asked for by name. Refused before anything is done. */
function requireFields(c: Context): void {
  if (searchParams(c).get('fields')) return checkFields(c);
  const message = "The 'fields' parameter is required for this method.";
  throw new ApiError(400, message, { reason: 'required', location: 'fields' });
}

function textOf(body: Readonly<Record<string, unknown>>, name: string): string | undefined {
  const text = body[name];
  if (text === undefined || text === null) return undefined;
  if (typeof text !== 'string') throw new ApiError(400, 'Invalid Value', { location: name });
  return text;
}

function requiredContent(body: Readonly<Record<string, unknown>>, kind: 'comment' | 'reply'): string {
  const content = textOf(body, 'content');
  if (!content) throw new ApiError(400, 'Required', { reason: 'required', location: `${kind}.content` });
  return content;
}

function actionOf(body: Readonly<Record<string, unknown>>): 'RESOLVE' | 'REOPEN' | undefined {
  const name = textOf(body, 'action');
  if (!name) return undefined;
  const action = Object.hasOwn(ACTIONS, name) ? ACTIONS[name] : undefined;
  if (!action) throw new ApiError(400, 'Invalid Value', { location: 'reply.action' });
  return action;
}

function quoteOf({ quotedFileContent: quoted }: Readonly<Record<string, unknown>>): string | undefined {
  if (typeof quoted !== 'object' || quoted === null) return undefined;
  return textOf({ ...quoted }, 'value');
}

export function commentRoutes(store: Store, clock: Clock): Hono {
  const app = new Hono();
  const root = '/drive/v3/files/:id/comments';
  const noContent = () => new Response(null, { status: 204, headers: DRIVE_HEADERS });

  function bookOf(c: Context): Book {
    const id = c.req.param('id') ?? '';
    const book = store.book(id);
    if (book) return book;
    if (!store.files.has(id)) throw fileNotFound(id);
    throw new ApiError(400, 'This backend keeps comments of spreadsheets only.', { reason: 'badRequest' });
  }

  function threadOf(c: Context): CommentThread {
    const id = c.req.param('comment') ?? '';
    const deleted = searchParams(c).get('includeDeleted') === 'true' && c.req.method === 'GET';
    const found = threadsOf(bookOf(c), deleted).find(({ thread }) => thread.commentId === id);
    if (found) return found.thread;
    throw new ApiError(404, `Comment not found: ${id}.`, { location: 'commentId' });
  }

  function replyOf(c: Context, { replies = [] }: CommentThread): Post {
    const id = c.req.param('reply') ?? '';
    const deleted = searchParams(c).get('includeDeleted') === 'true' && c.req.method === 'GET';
    const found = replies.find((each) => each.postId === id && (deleted || !each.deleted));
    if (found) return found;
    throw new ApiError(404, `Reply not found: ${id}.`, { location: 'replyId' });
  }

  const deskOf = (book: Book, change: Change): Desk => {
    return { book, change, random: () => clock.random(), now: () => clock.wall() };
  };

  function write<T>(c: Context, work: (desk: Desk) => T): T {
    const book = bookOf(c);
    return store.transact((change) => work(deskOf(book, change)));
  }

  app.get(root, (c) => {
    requireFields(c);
    const params = searchParams(c);
    const deleted = params.get('includeDeleted') === 'true';
    const since = params.get('startModifiedTime');
    const from = since === null ? 0 : Date.parse(since);
    if (Number.isNaN(from)) throw new ApiError(400, 'Invalid Value', { location: 'startModifiedTime' });
    const found = threadsOf(bookOf(c), deleted)
      .map(({ thread }) => ({ thread, time: modifiedTime(thread) }))
      .filter(({ time }) => Date.parse(time) >= from)
      .sort((a, b) => (a.time < b.time ? 1 : a.time > b.time ? -1 : 0));
    const { items, more } = pageOf(params, found, PAGES);
    const comments = items.map(({ thread }) => printComment(thread, deleted));
    return driveReply(c, { kind: 'drive#commentList', ...more, comments }, ALL);
  });

  app.post(root, async (c) => {
    requireFields(c);
    const body = parseBody(await c.req.text());
    const content = requiredContent(body, 'comment');
    const given = { content, quote: quoteOf(body), anchor: textOf(body, 'anchor') };
    return driveReply(
      c,
      printComment(
        write(c, (desk) => addThread(desk, given)),
        false,
      ),
      ALL,
    );
  });

  app.get(`${root}/:comment`, (c) => {
    requireFields(c);
    return driveReply(c, printComment(threadOf(c), searchParams(c).get('includeDeleted') === 'true'), ALL);
  });

  app.patch(`${root}/:comment`, async (c) => {
    requireFields(c);
    const body = parseBody(await c.req.text());
    const thread = threadOf(c);
    const content = requiredContent(body, 'comment');
    write(c, (desk) => editPost(desk, thread, thread.headPost ?? {}, content));
    return driveReply(c, printComment(threadOf(c), false), ALL);
  });

  app.delete(`${root}/:comment`, (c) => {
    const thread = threadOf(c);
    write(c, (desk) => deleteThread(desk, thread));
    return noContent();
  });

  app.get(`${root}/:comment/replies`, (c) => {
    requireFields(c);
    const params = searchParams(c);
    const deleted = params.get('includeDeleted') === 'true';
    const found = (threadOf(c).replies ?? []).filter((reply) => deleted || !reply.deleted);
    const { items, more } = pageOf(params, found, PAGES);
    return driveReply(c, { kind: 'drive#replyList', ...more, replies: items.map(printReply) }, ALL);
  });

  app.post(`${root}/:comment/replies`, async (c) => {
    requireFields(c);
    const body = parseBody(await c.req.text());
    const thread = threadOf(c);
    const action = actionOf(body);
    const content = action ? (textOf(body, 'content') ?? '') : requiredContent(body, 'reply');
    const post = write(c, (desk) => addReply(desk, thread, { content, action }));
    return driveReply(c, printReply(post), ALL);
  });

  app.get(`${root}/:comment/replies/:reply`, (c) => {
    requireFields(c);
    return driveReply(c, printReply(replyOf(c, threadOf(c))), ALL);
  });

  app.patch(`${root}/:comment/replies/:reply`, async (c) => {
    requireFields(c);
    const body = parseBody(await c.req.text());
    const thread = threadOf(c);
    const reply = replyOf(c, thread);
    const content = requiredContent(body, 'reply');
    write(c, (desk) => editPost(desk, thread, reply, content));
    return driveReply(c, printReply(replyOf(c, threadOf(c))), ALL);
  });

  app.delete(`${root}/:comment/replies/:reply`, (c) => {
    const thread = threadOf(c);
    const reply = replyOf(c, thread);
    write(c, (desk) => deleteReply(desk, thread, reply));
    return noContent();
  });

  return app;
}
