// Google's replies for a reader who pays per token: whole where they fit, else the ids that are needed to go on.

import type { Reply } from '../sheets/batch-update.ts';
import { CHARACTERS_PER_TOKEN, MAX_PAGE_TOKENS } from './page.ts';

const MOST_CHARACTERS = MAX_PAGE_TOKENS * CHARACTERS_PER_TOKEN;

export interface ShownReplies {
  /** One per request; absent when even the ids are too large. */
  readonly replies?: Reply[];
  readonly warnings?: string[];
}

/** The replies as far as an answer holds them, with a warning where that is not all. */
export function shownReplies(replies: readonly Reply[]): ShownReplies {
  if (fits(replies)) return { replies: [...replies] };
  const ids = replies.map((reply) => onlyIds(reply));
  const what = `The replies are larger than an answer may be (${MAX_PAGE_TOKENS} tokens)`;
  if (fits(ids)) return { replies: ids, warnings: [`${what}: only their ids are given.`] };
  return { warnings: [`${what}, their ids too: they are left out. describe_spreadsheet shows what there is.`] };
}

function fits(value: unknown): boolean {
  return JSON.stringify(value).length <= MOST_CHARACTERS;
}

/** Ids and the objects that they stand in; lists are left out. */
function onlyIds(value: Reply): Reply {
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, part]): [string, unknown][] => {
      if (typeof part !== 'object') return /Id$/.test(key) ? [[key, part]] : [];
      const inner = part === null || Array.isArray(part) ? {} : onlyIds({ ...part });
      return Object.keys(inner).length > 0 ? [[key, inner]] : [];
    }),
  );
}
