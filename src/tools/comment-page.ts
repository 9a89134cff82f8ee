// Pages of comments: as many threads as fit, and a cursor that tells the last one given.

import { invalid } from '../errors.ts';
import { type Comment, placeOf } from '../sheets/comments.ts';
import { CHARACTERS_PER_TOKEN, MAX_PAGE_TOKENS, PAGE_TOKENS } from './page.ts';

export interface CommentPage {
  readonly comments: Comment[];
  readonly total: number;
  readonly nextCursor?: string;
  readonly warnings?: string[];
}

/** The page behind the cursor; a comment that was deleted since does no harm. `all` in their order. */
export function commentPage(all: readonly Comment[], cursor: string | undefined): CommentPage {
  const after = cursor === undefined ? '' : decoded(cursor);
  const left = all.filter((comment) => placeOf(comment) > after);
  const comments: Comment[] = [];
  let used = 0;
  for (const comment of left) {
    used += JSON.stringify(comment).length + 1;
    if (used > PAGE_TOKENS * CHARACTERS_PER_TOKEN && comments.length > 0) break;
    comments.push(comment);
  }
  const [first] = comments;
  const last = comments.at(-1);
  const more = last !== undefined && comments.length < left.length;
  const short = comments.length === 1 && first ? shortened(first) : undefined;
  return {
    comments: short ? [short] : comments,
    total: all.length,
    ...(more && { nextCursor: Buffer.from(placeOf(last)).toString('base64url') }),
    ...(short && first && { warnings: [leftOut(first, short)] }),
  };
}

/** A thread that is larger than an answer, with its last replies; undefined for one that fits. */
function shortened(comment: Comment): Comment | undefined {
  const most = MAX_PAGE_TOKENS * CHARACTERS_PER_TOKEN;
  const { replies = [] } = comment;
  let size = JSON.stringify(comment).length;
  if (size <= most) return undefined;
  let first = 0;
  for (; first < replies.length && size > most; first++) size -= JSON.stringify(replies[first]).length + 1;
  return { ...comment, replies: replies.slice(first) };
}

function leftOut({ id, replies: all = [] }: Comment, { replies = [] }: Comment): string {
  return `Comment ${id} is larger than an answer: of its ${all.length} replies only the last ${replies.length} are given.`;
}

function decoded(cursor: string): string {
  const place = Buffer.from(cursor, 'base64url').toString('utf8');
  if (/^\S* \S+$/.test(place)) return place;
  throw invalid('cursor is not one that this tool gave.', 'Pass nextCursor of the answer before, or leave cursor out.');
}
