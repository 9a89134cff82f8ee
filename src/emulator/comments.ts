// Comment threads of a workbook, one store for Sheets and Drive: finding, adding, answering, editing, deleting.
// Works through the gate; what each API calls them is requests/comments.ts and drive-comments.ts.

import type { Change } from './change.ts';
import { OWNER } from './drive-file.ts';
import type { GridRange } from './messages/base.ts';
import type { CommentThread, Post } from './messages/features.ts';
import { findPart, replaceParts } from './parts.ts';
import type { Book, Sheet } from './workbook.ts';

/** Who writes, where and when. */
export interface Desk {
  readonly book: Book;
  readonly change: Change;
  readonly random: () => number;
  /** Wall time in milliseconds. */
  readonly now: () => number;
}

const ID_LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

/** Eleven characters, as Google's ids of comments and replies have. */
function newCommentId(random: () => number): string {
  let id = 'AAAB';
  while (id.length < 11) id += ID_LETTERS[Math.floor(random() * 64)];
  return id;
}

function timeOf({ now }: Desk): string {
  return new Date(now()).toISOString();
}

export function htmlOf(text: string): string {
  const escapes: Readonly<Record<string, string>> = {
    '&': '&amp;',
    '<': '&lt;',
    '>': '&gt;',
    '"': '&quot;',
    "'": '&#39;',
  };
  return text.replaceAll(/[&<>"']/g, (letter) => escapes[letter] ?? '').replaceAll('\n', '<br>');
}

function newPost(
  desk: Desk,
  content: string,
  assigneeEmail: string | undefined,
  commentAction: NonNullable<Post['commentAction']> = 'NO_COMMENT_ACTION_CHANGE',
): Post {
  const time = timeOf(desk);
  return {
    postId: newCommentId(desk.random),
    ...(content !== '' && { content, contentHtml: htmlOf(content) }),
    commentAction,
    ...(assigneeEmail && { assigneeEmail }),
    author: { displayName: OWNER.displayName, me: true, user: `users/${OWNER.permissionId}` },
    createTime: time,
    updateTime: time,
  };
}

/** False for a range whose cells are gone, and for none. */
export function isAnchored({
  startRowIndex = 0,
  endRowIndex = 0,
  startColumnIndex = 0,
  endColumnIndex = 0,
}: GridRange) {
  return endRowIndex > startRowIndex && endColumnIndex > startColumnIndex;
}

export interface KeptThread {
  readonly sheet: Sheet;
  readonly range?: GridRange;
  readonly thread: CommentThread;
}

/** Sheet by sheet, oldest first; deleted ones only on demand. */
export function threadsOf(book: Book, includeDeleted = false): KeptThread[] {
  const all = book.sheets.flatMap((sheet) => (sheet.parts.commentThreads ?? []).map((one) => ({ sheet, ...one })));
  return all.filter(({ thread }) => includeDeleted || !thread.headPost?.deleted);
}

/** Undefined for one that is deleted. */
export function findThread(book: Book, id: string): CommentThread | undefined {
  return threadsOf(book).find(({ thread }) => thread.commentId === id)?.thread;
}

/** A post of a thread that is not deleted: the head, whose id is the thread's, or a reply. */
export function findPost({ headPost, replies = [] }: CommentThread, id: string): Post | undefined {
  return [headPost ?? {}, ...replies].find(({ postId, deleted }) => postId === id && !deleted);
}

function putThread({ book, change }: Pick<Desk, 'book' | 'change'>, next: CommentThread): void {
  const found = findPart(
    book,
    (parts) => parts.commentThreads,
    ({ thread }) => thread.commentId === next.commentId,
  );
  if (!found) return;
  replaceParts(change, found.sheet, {
    commentThreads: found.parts.with(found.index, { ...found.part, thread: next }),
  });
}

export interface NewThread {
  readonly content: string;
  readonly assignee?: string | undefined;
  /** What the cells show, or what Drive's caller quotes. */
  readonly quote?: string | undefined;
  /** Drive's caller may give one of its own; it then names no cells. */
  readonly anchor?: string | undefined;
}

/** Adds a thread about cells of a sheet; without a range it is about none and kept on the first sheet. */
export function addThread(desk: Desk, given: NewThread, sheet?: Sheet, range?: GridRange): CommentThread {
  const { book, change } = desk;
  const place = sheet ?? book.sheets[0];
  const headPost = newPost(desk, given.content, given.assignee);
  const anchorId = range ? newCommentId(desk.random) : given.anchor;
  const thread: CommentThread = {
    commentId: headPost.postId ?? '',
    ...(anchorId !== undefined && { anchorId }),
    status: 'OPEN',
    ...(given.quote && { plainTextQuote: given.quote }),
    headPost,
  };
  if (place) {
    const added = { thread, ...(range && { range }) };
    replaceParts(change, place, { commentThreads: [...(place.parts.commentThreads ?? []), added] });
  }
  return thread;
}

export interface NewReply {
  readonly content: string;
  readonly action?: 'RESOLVE' | 'REOPEN' | undefined;
  readonly assignee?: string | undefined;
}

const STATUS_AFTER = { RESOLVE: 'RESOLVED', REOPEN: 'OPEN' } as const;

export function addReply(desk: Desk, thread: CommentThread, { content, action, assignee }: NewReply): Post {
  const post = newPost(desk, content, assignee, action);
  putThread(desk, {
    ...thread,
    ...(action && { status: STATUS_AFTER[action] }),
    // A new assignee is a change of the comment itself.
    ...(assignee && { headPost: { ...thread.headPost, updateTime: timeOf(desk) } }),
    replies: [...(thread.replies ?? []), post],
  });
  return post;
}

function replacePost(desk: Desk, thread: CommentThread, post: Post): void {
  if (post.postId === thread.headPost?.postId) putThread(desk, { ...thread, headPost: post });
  else {
    const replies = (thread.replies ?? []).map((reply) => (reply.postId === post.postId ? post : reply));
    putThread(desk, { ...thread, replies });
  }
}

export function editPost(desk: Desk, thread: CommentThread, post: Post, content: string): void {
  replacePost(desk, thread, { ...post, content, contentHtml: htmlOf(content), updateTime: timeOf(desk) });
}

/** What Drive still lists of a post on demand. */
function tombstone(desk: Desk, { postId, createTime }: Post): Post {
  return {
    ...(postId !== undefined && { postId }),
    ...(createTime !== undefined && { createTime }),
    updateTime: timeOf(desk),
    deleted: true,
  };
}

export function deleteReply(desk: Desk, thread: CommentThread, post: Post): void {
  replacePost(desk, thread, tombstone(desk, post));
}

export function deleteThread(desk: Desk, { commentId, status, headPost = {} }: CommentThread): void {
  putThread(desk, {
    ...(commentId !== undefined && { commentId }),
    ...(status !== undefined && { status }),
    headPost: tombstone(desk, headPost),
  });
}

/** As Sheets shows a thread: without deleted replies. */
export function printThread({ replies = [], ...thread }: CommentThread): CommentThread {
  const shown = replies.filter(({ deleted }) => !deleted);
  return { ...thread, ...(shown.length > 0 && { replies: shown }) };
}
