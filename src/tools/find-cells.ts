// Finds cells by their text.

import { z } from 'zod';
import { findCells as find, SHOWN_CHARACTERS } from '../sheets/find.ts';
import { CHARACTERS_PER_TOKEN, MAX_PAGE_TOKENS } from './page.ts';
import { defineTool, MAX_NAME, sheet, spreadsheet } from './tool.ts';

const flag = z.boolean().optional();

export const findCells = defineTool({
  name: 'find_cells',
  title: 'Find cells',
  description: 'Cells whose shown text, or formula, has query.',
  toolset: 'core',
  access: 'read',
  idempotent: true,
  input: z.strictObject({
    spreadsheet,
    query: z.string().min(1).max(MAX_NAME),
    sheet: sheet.optional(),
    range: z.string().min(1).max(MAX_NAME).optional(),
    regex: flag,
    matchCase: flag,
    wholeCell: flag,
    in: z.enum(['values', 'formulas']).default('values'),
    limit: z.number().int().min(1).max(1_000).default(100),
    fresh: flag,
  }),
  output: z.strictObject({
    matches: z.array(
      z.strictObject({
        sheet: z.string(),
        cells: z
          .record(z.string(), z.string())
          .describe(`By address; a text of more than ${SHOWN_CHARACTERS} characters ends in …`),
      }),
    ),
    total: z.number().int(),
    more: z.literal(true).optional().describe('Not all are listed: raise limit, or name a range'),
  }),
  example: { spreadsheet: '1mHIWnDvW9cALRMq9OdNfRwjAthCUFUOACPp0Lkyl7b4', query: 'overdue' },
  run: ({ spreadsheet, ...search }, { sheets }) =>
    sheets.on(spreadsheet, (desk) => find(desk, search, MAX_PAGE_TOKENS * CHARACTERS_PER_TOKEN)),
});
