// Adds a comment or a reply to one.

import { z } from 'zod';
import { invalid } from '../errors.ts';
import { addCommentAt, addCommentAtAll, addReply, checkCommentText } from '../sheets/comments.ts';
import { defineTool, MAX_NAME, spreadsheet } from './tool.ts';

export const addComment = defineTool({
  name: 'add_comment',
  title: 'Add a comment',
  description: 'Comments on the cell anchor, or replies to the comment with id replyTo; with neither, on the whole.',
  toolset: 'share',
  access: 'write',
  idempotent: false,
  guarantee: {
    level: 'at most once',
    unsure: 'list_comments: it may be there',
  },
  input: z.strictObject({
    spreadsheet,
    text: z.string().min(1).max(2_048),
    anchor: z.string().min(1).max(MAX_NAME).optional(),
    replyTo: z.string().min(1).max(200).optional(),
  }),
  output: z.strictObject({
    status: z.literal('applied'),
    commentId: z.string(),
    replyId: z.string().optional(),
  }),
  example: { spreadsheet: '1mHIWnDvW9cALRMq9OdNfRwjAthCUFUOACPp0Lkyl7b4', text: 'Is this right?', anchor: 'Sheet1!B3' },
  async run({ spreadsheet, text, anchor, replyTo }, { sheets }) {
    checkCommentText(text);
    if (anchor !== undefined && replyTo !== undefined) {
      throw invalid('Give anchor or replyTo, not both: a reply is where its comment is.');
    }
    if (anchor !== undefined) return sheets.on(spreadsheet, (desk) => addCommentAt(desk, text, anchor), [anchor]);
    return sheets.onFile(spreadsheet, (file) =>
      replyTo === undefined ? addCommentAtAll(file, text) : addReply(file, text, replyTo),
    );
  },
});
