// Comments: threads about cells, as Sheets keeps them. The Sheets API reads and writes them under the scope of cells
// alone; one about no cell only Drive can add.

import { z } from 'zod';
import { invalid, ServalError } from '../errors.ts';
import { cut } from '../words.ts';
import { formatA1 } from './a1.ts';
import { type Reply, sendRequests } from './batch-update.ts';
import { decode } from './decode.ts';
import type { Desk, FileDesk } from './desk.ts';
import { gridOf, resolveRange } from './metadata.ts';

export interface Post {
  readonly id: string;
  readonly author?: string;
  readonly time: string;
  /** Absent where a reply only resolves or reopens. */
  readonly text?: string;
  readonly assignee?: string;
}

export interface CommentReply extends Post {
  readonly action?: 'resolve' | 'reopen';
}

export interface Comment extends Post {
  /** The cell that it is about; absent for none, or for one that is gone. */
  readonly cell?: string;
  /** What that cell showed then, cut to a few words. */
  readonly quote?: string;
  readonly resolved?: true;
  readonly replies?: CommentReply[];
}

const post = z.object({
  postId: z.string().default(''),
  author: z.object({ displayName: z.string().optional() }).optional(),
  content: z.string().optional(),
  createTime: z.string().default(''),
  assigneeEmail: z.string().optional(),
  commentAction: z.string().optional(),
  deleted: z.boolean().optional(),
});

const commentsReply = z.object({
  comments: z
    .array(
      z.object({
        commentId: z.string(),
        anchorId: z.string().optional(),
        plainTextQuote: z.string().optional(),
        status: z.string().optional(),
        headPost: post.prefault({}),
        replies: z.array(post).default([]),
      }),
    )
    .default([]),
  sheets: z
    .array(
      z.object({
        properties: z.object({ title: z.string().default('') }).prefault({}),
        commentAnchors: z
          .array(
            z.object({
              anchorId: z.string(),
              range: z
                .object({
                  startRowIndex: z.number().default(0),
                  endRowIndex: z.number().default(0),
                  startColumnIndex: z.number().default(0),
                  endColumnIndex: z.number().default(0),
                })
                .optional(),
            }),
          )
          .default([]),
      }),
    )
    .default([]),
});

const POST = 'postId,author.displayName,content,createTime,assigneeEmail,commentAction,deleted';

/** All comments of the spreadsheet with their replies, in one call; the oldest first. */
export async function listComments({ google, id }: FileDesk): Promise<Comment[]> {
  const params = {
    spreadsheetId: id,
    commentsViewMode: 'COMMENTS_VIEW_MODE_INCLUDED',
    fields:
      `comments(commentId,anchorId,plainTextQuote,status,headPost(${POST}),replies(${POST})),` +
      'sheets(properties.title,commentAnchors)',
  };
  const { comments, sheets } = decode(commentsReply, await google('spreadsheets.get', id, params), 'spreadsheets.get');
  const cells = new Map(
    sheets.flatMap(({ properties: { title }, commentAnchors }) =>
      commentAnchors.flatMap(({ anchorId, range }): [string, string][] => {
        // The cells of an anchor with an empty range are gone.
        if (!range || range.endRowIndex <= range.startRowIndex || range.endColumnIndex <= range.startColumnIndex)
          return [];
        return [[anchorId, formatA1(title, gridOf({ sheetId: 0, ...range }))]];
      }),
    ),
  );
  return comments
    .filter(({ headPost }) => headPost.deleted !== true)
    .map(({ commentId, anchorId = '', plainTextQuote: quote, status, headPost, replies }): Comment => {
      const cell = cells.get(anchorId);
      const kept = replies.filter(({ deleted }) => deleted !== true).map(replyOf);
      return {
        ...postOf(headPost),
        id: commentId,
        ...(cell !== undefined && { cell }),
        ...(quote !== undefined && { quote: cut(quote) }),
        ...(status === 'RESOLVED' && { resolved: true as const }),
        ...(kept.length > 0 && { replies: kept }),
      };
    })
    .toSorted((a, b) => (placeOf(a) < placeOf(b) ? -1 : 1));
}

/** By what comments are ordered: no two are alike, and a new one comes last. */
export function placeOf({ time, id }: Pick<Comment, 'time' | 'id'>): string {
  return `${time} ${id}`;
}

function postOf({ postId: id, author, content, createTime: time, assigneeEmail }: z.output<typeof post>): Post {
  return {
    id,
    ...(author?.displayName !== undefined && { author: author.displayName }),
    time,
    ...(content !== undefined && { text: content }),
    ...(assigneeEmail !== undefined && { assignee: assigneeEmail }),
  };
}

function replyOf(given: z.output<typeof post>): CommentReply {
  const { commentAction: action } = given;
  return {
    ...postOf(given),
    ...(action === 'RESOLVE' && { action: 'resolve' as const }),
    ...(action === 'REOPEN' && { action: 'reopen' as const }),
  };
}

export interface AddedComment {
  readonly status: 'applied';
  readonly commentId: string;
  readonly replyId?: string;
}

const insertedReply = z.object({ insertComment: z.object({ commentThread: z.object({ commentId: z.string() }) }) });
const repliedReply = z.object({ addCommentReply: z.object({ post: z.object({ postId: z.string() }) }) });
const createdReply = z.object({ id: z.string() });

/** Google's limit of one comment or reply, in bytes of UTF-8. */
const MAX_TEXT_BYTES = 2_048;

/** Throws `invalid_argument` for a text that Google would refuse. */
export function checkCommentText(text: string): void {
  const bytes = Buffer.byteLength(text);
  if (bytes <= MAX_TEXT_BYTES) return;
  throw invalid(`text has ${bytes} bytes, and a comment takes ${MAX_TEXT_BYTES} at most.`, 'Write it in several.');
}

/** A comment about the cell that `anchor` names. */
export async function addCommentAt(desk: Desk, text: string, anchor: string): Promise<AddedComment> {
  const { sheet, grid, a1 } = resolveRange(desk.spreadsheet, anchor);
  const { startRow: rowIndex, endRow, startColumn: columnIndex, endColumn } = grid;
  if (rowIndex === undefined || columnIndex === undefined || endRow !== rowIndex + 1 || endColumn !== columnIndex + 1) {
    throw invalid(`anchor must be one cell, and ${a1} is not.`, 'Name the first cell of what the comment is about.');
  }
  const coordinate = { sheetId: sheet.sheetId, rowIndex, columnIndex };
  const file = { ...desk, id: desk.spreadsheet.id };
  const reply = await sendOne(file, { insertComment: { coordinate, content: text } });
  const { insertComment } = decode(insertedReply, reply, 'insertComment', true);
  return { status: 'applied', commentId: insertComment.commentThread.commentId };
}

/** A reply to the comment of that id. */
export async function addReply(file: FileDesk, text: string, commentId: string): Promise<AddedComment> {
  const request = { addCommentReply: { commentId, post: { content: text } } };
  const reply = await sendOne(file, request).catch((error) => {
    if (!(error instanceof ServalError) || !/^Comment with ID/.test(error.message)) throw error;
    throw new ServalError(error.code, error.message, { ...error.details, hint: 'list_comments tells the ids.' });
  });
  const { addCommentReply } = decode(repliedReply, reply, 'addCommentReply', true);
  return { status: 'applied', commentId, replyId: addCommentReply.post.postId };
}

/** A comment about the spreadsheet as a whole. */
export async function addCommentAtAll({ google, id }: FileDesk, text: string): Promise<AddedComment> {
  const params = { fileId: id, fields: 'id', requestBody: { content: text } };
  const reply = await google('comments.create', id, params, { answer: { status: 'applied' } }).catch(wantsAnchor);
  return { status: 'applied', commentId: decode(createdReply, reply, 'comments.create', true).id };
}

/** What Drive refuses for want of a scope, the Sheets API may do. */
function wantsAnchor(error: unknown): never {
  if (!(error instanceof ServalError) || !['permission_denied', 'not_found'].includes(error.code)) throw error;
  const hint = `A comment about no cell goes through Drive: give anchor, a cell, to do without. ${error.hint}`;
  throw new ServalError(error.code, error.message, { ...error.details, hint });
}

async function sendOne(file: FileDesk, request: Reply): Promise<Reply> {
  const { replies } = await sendRequests(file, [request], { status: 'applied' });
  return replies[0] ?? {};
}
