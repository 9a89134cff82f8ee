// Requests about what a sheet shows and allows: merges, borders, rules, filters, protection, rows and columns: the table of their handlers.

import type { Handlers } from './context.ts';

export const FEATURE_KINDS: Handlers = {};
