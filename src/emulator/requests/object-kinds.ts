// Requests about tables, charts, slicers, comments: the table of their handlers.

import type { Handlers } from './context.ts';

export const OBJECT_KINDS: Handlers = {};
