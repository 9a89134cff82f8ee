// Lists comments with their replies.

import { z } from 'zod';
import { listComments as list } from '../sheets/comments.ts';
import { commentPage } from './comment-page.ts';
import { defineTool, fresh, MAX_CURSOR, spreadsheet, warnings } from './tool.ts';

const text = z.string().optional();
const post = { id: z.string(), author: text, time: z.string(), text, assignee: text };

export const listComments = defineTool({
  name: 'list_comments',
  title: 'List comments',
  description: 'Comments with their replies, the oldest first, resolved ones too.',
  toolset: 'share',
  access: 'read',
  idempotent: true,
  input: z.strictObject({ spreadsheet, cursor: z.string().max(MAX_CURSOR).optional(), fresh }),
  output: z.strictObject({
    comments: z.array(
      z.strictObject({
        ...post,
        cell: text,
        quote: text.describe('What the cell showed then'),
        resolved: z.literal(true).optional(),
        replies: z.array(z.strictObject({ ...post, action: z.enum(['resolve', 'reopen']).optional() })).optional(),
      }),
    ),
    total: z.number().int(),
    nextCursor: text,
    warnings,
  }),
  example: { spreadsheet: '1mHIWnDvW9cALRMq9OdNfRwjAthCUFUOACPp0Lkyl7b4' },
  async run({ spreadsheet, cursor }, { sheets }) {
    return commentPage(await sheets.onFile(spreadsheet, list), cursor);
  },
});
