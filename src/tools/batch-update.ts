// Any request of the Sheets API, for what no other tool does.

import { z } from 'zod';
import { checkedRequests, sendRequests } from '../sheets/batch-update.ts';
import { shownReplies } from './replies.ts';
import { defineTool, spreadsheet, warnings } from './tool.ts';

/** As many replies with nothing but ids still fit into an answer. */
const MAX_REQUESTS = 1_000;
/** Twice as deep as Google's deepest request; whoever walks through one does it by recursion. */
const MAX_DEPTH = 50;
const LOST = "Google's reply was lost, though the requests were applied: of the replies only chosen ids are known.";

const request = z
  .record(z.string(), z.unknown(), { error: 'expected an object such as { "addSheet": { ... } }' })
  .refine((one) => isWithin(one, MAX_DEPTH), { error: `objects within objects, more than ${MAX_DEPTH} deep` });

export const batchUpdate = defineTool({
  name: 'batch_update',
  title: 'Raw requests',
  description:
    "What no other tool does: requests of Google's Sheets API reference, spreadsheets.batchUpdate. All or none, no undo.",
  toolset: 'core',
  access: 'destroy',
  idempotent: false,
  guarantee: {
    level: 'exactly once',
    exception: 'requests about comments: at most once, since Google may lose comments of a batch that it applies',
    unsure: 'get_write with its writeId: it is found out behind the answer; with comments, list_comments',
  },
  input: z.strictObject({
    spreadsheet,
    requests: z.array(request).min(1).max(MAX_REQUESTS),
  }),
  output: z.strictObject({
    status: z.literal('applied'),
    replies: z
      .array(z.record(z.string(), z.unknown()))
      .optional()
      .describe('One per request; {} where Google says nothing'),
    warnings,
  }),
  example: {
    spreadsheet: '1mHIWnDvW9cALRMq9OdNfRwjAthCUFUOACPp0Lkyl7b4',
    requests: [{ autoResizeDimensions: { dimensions: { sheetId: 0, dimension: 'COLUMNS' } } }],
  },
  async run({ spreadsheet, requests }, { sheets }) {
    const checked = checkedRequests(requests);
    const foreseen = { status: 'applied', warnings: [LOST] } as const;
    const { replies, lost } = await sheets.onFile(spreadsheet, (file) => sendRequests(file, checked, foreseen));
    const told = shownReplies(replies);
    const words = [...(lost ? [LOST] : []), ...(told.warnings ?? [])];
    return { status: 'applied' as const, ...told, ...(words.length > 0 && { warnings: words }) };
  },
});

function isWithin(value: unknown, depth: number): boolean {
  if (typeof value !== 'object' || value === null) return true;
  return depth > 0 && Object.values(value).every((part) => isWithin(part, depth - 1));
}
