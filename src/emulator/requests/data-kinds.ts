// Requests that work on values in place: find, sort, trim, split: the table of their handlers.

import type { Handlers } from './context.ts';

export const DATA_KINDS: Handlers = {};
