// Requests that move cells or whole sheets about: the table of their handlers.

import type { Handlers } from './context.ts';

export const STRUCTURE_KINDS: Handlers = {};
