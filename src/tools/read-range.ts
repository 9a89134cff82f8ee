// Reads cells, page by page; never cut in silence.

import { z } from 'zod';
import { parseSpreadsheetId } from '../sheets/metadata.ts';
import { MAX_PAGE_TOKENS, PAGE_TOKENS, pageOf } from './page.ts';
import { defineTool, fresh, MAX_CURSOR, MAX_NAME, spreadsheet, warnings } from './tool.ts';

const value = z.union([z.string(), z.number(), z.boolean()]);

export const readRange = defineTool({
  name: 'read_range',
  title: 'Read cells',
  description:
    `Reads ranges: A1, 'My sheet'!A1:C9, a sheet's title, a named range, a table or Table[Column]. ` +
    `An answer holds about ${PAGE_TOKENS} tokens, with limit up to ${MAX_PAGE_TOKENS}; go on with nextCursor until there is none. ` +
    'records uses the first row of each range as names and leaves blanks out.',
  toolset: 'core',
  access: 'read',
  idempotent: true,
  input: z.strictObject({
    spreadsheet,
    ranges: z.array(z.string().min(1).max(MAX_NAME)).min(1).max(50),
    format: z.enum(['rows', 'records', 'csv', 'markdown']).default('rows'),
    render: z
      .enum(['formatted', 'unformatted', 'formula'])
      .default('formatted')
      .describe('formatted: as shown; unformatted: plain numbers; formula: formulas'),
    limit: z.number().int().min(1).max(100_000).optional().describe('Most rows in the answer'),
    cursor: z.string().max(MAX_CURSOR).optional().describe('nextCursor of the page before, other arguments unchanged'),
    fresh,
  }),
  output: z.strictObject({
    ranges: z.array(
      z.strictObject({
        range: z.string(),
        totalRows: z.number().int(),
        firstRow: z.number().int().optional(),
        header: z.array(z.string()).optional(),
        rows: z.array(z.array(value)).optional(),
        records: z.array(z.record(z.string(), value)).optional(),
        csv: z.string().optional(),
        markdown: z.string().optional(),
      }),
    ),
    nextCursor: z.string().optional(),
    warnings,
  }),
  example: {
    spreadsheet: '1mHIWnDvW9cALRMq9OdNfRwjAthCUFUOACPp0Lkyl7b4',
    ranges: ['Sheet1!A1:C10'],
    format: 'records',
  },
  async run({ spreadsheet, ranges, format, render, limit, cursor }, { sheets }) {
    const id = parseSpreadsheetId(spreadsheet); // a cursor goes on by id where it began by URL
    const read = await sheets.read(spreadsheet, ranges, render);
    return pageOf(read, format, limit, cursor, JSON.stringify([id, ranges, format, render]));
  },
});
