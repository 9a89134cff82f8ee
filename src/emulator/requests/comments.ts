// Requests about comments: the five of batchUpdate. The threads themselves are comments.ts.

import { rangeOf, requiredCell } from '../areas.ts';
import {
  addReply,
  addThread,
  deleteReply,
  deleteThread,
  editPost,
  findPost,
  findThread,
  printThread,
} from '../comments.ts';
import { ApiError, invalid } from '../errors.ts';
import type { CommentThread, Post } from '../messages/features.ts';
import { readRange } from '../render.ts';
import type { Book } from '../workbook.ts';
import type { Handler } from './context.ts';

/** Google counts bytes of UTF-8, for texts and addresses alike. */
const MAX_BYTES = 2048;

function checkBytes(name: string, text: string): void {
  if (new TextEncoder().encode(text).length > MAX_BYTES) {
    throw invalid(`The ${name} may not exceed ${MAX_BYTES} UTF-8 code units.`);
  }
}

function requiredThread(book: Book, commentId = ''): CommentThread {
  const thread = findThread(book, commentId);
  if (!thread) throw new ApiError(404, `Comment with ID ${commentId} does not exist.`);
  return thread;
}

function requiredPost(thread: CommentThread, postId = ''): Post {
  const post = findPost(thread, postId);
  if (!post) throw new ApiError(404, `Reply with ID ${postId} does not exist.`);
  return post;
}

export const insertComment: Handler<'insertComment'> = (context, payload) => {
  const { coordinate, content = '', assigneeEmailAddress: assignee = '' } = payload;
  const place = requiredCell(context.book, coordinate);
  if (content === '') throw invalid('Insert comment requests must specify non-empty post text.');
  checkBytes('content', content);
  checkBytes('assignee_email_address', assignee);
  const { values: [[shown = ''] = []] = [] } = readRange(place, {}) as { values?: unknown[][] };
  const { sheet, rect } = place;
  const thread = addThread(context, { content, assignee, quote: String(shown) }, sheet, rangeOf(sheet, rect));
  return { commentThread: printThread(thread) };
};

export const addCommentReply: Handler<'addCommentReply'> = (context, { commentId, post = {} }) => {
  const thread = requiredThread(context.book, commentId);
  const { content = '', commentAction, assigneeEmail: assignee = '' } = post;
  const action = commentAction === 'RESOLVE' || commentAction === 'REOPEN' ? commentAction : undefined;
  if (content === '' && !action) {
    const unless = 'if comment action is not RESOLVE or REOPEN.';
    throw invalid(`Add comment reply requests must specify a non-empty content ${unless}`);
  }
  checkBytes('content', content);
  checkBytes('assignee_email', assignee);
  if (assignee && action) throw invalid('An assignee cannot be set when resolving or reopening.');
  if (assignee && !thread.headPost?.assigneeEmail) {
    throw invalid(`Cannot reassign comment thread with ID ${commentId} whose head post does not have an assignment.`);
  }
  return { post: addReply(context, thread, { content, action, assignee }) };
};

export const updateCommentPost: Handler<'updateCommentPost'> = (context, { commentId, postId, content = '' }) => {
  const thread = requiredThread(context.book, commentId);
  const post = requiredPost(thread, postId);
  if (content === '') throw invalid('Update comment post requests must specify non-empty content.');
  checkBytes('content', content);
  editPost(context, thread, post, content);
  return undefined;
};

export const deleteComment: Handler<'deleteComment'> = (context, { commentId = '' }) => {
  const thread = findThread(context.book, commentId);
  if (!thread) throw new ApiError(404, `Comment thread with ID '${commentId}' was not found.`);
  deleteThread(context, thread);
  return undefined;
};

export const deleteCommentReply: Handler<'deleteCommentReply'> = (context, { commentId, postId }) => {
  const thread = requiredThread(context.book, commentId);
  const post = requiredPost({ ...thread, headPost: {} }, postId);
  if (post.commentAction === 'RESOLVE' || post.commentAction === 'REOPEN') {
    throw invalid('The reply post contains a comment action.');
  }
  if (post.assigneeEmail) throw invalid('The reply post contains an assignee.');
  deleteReply(context, thread, post);
  return undefined;
};
