// Requests that work on values in place: find, sort, trim, split: the table of their handlers.

import type { Handlers } from './context.ts';
import { deleteDuplicates, findReplace, pasteData, textToColumns, trimWhitespace } from './data.ts';
import { randomizeRange, sortRange } from './sort.ts';

export const DATA_KINDS: Handlers = {
  deleteDuplicates,
  findReplace,
  pasteData,
  randomizeRange,
  sortRange,
  textToColumns,
  trimWhitespace,
};
