// Creates a spreadsheet with its sheets and first rows.

import { z } from 'zod';
import { cell, defineTool, warnings } from './tool.ts';

export const createSpreadsheet = defineTool({
  name: 'create_spreadsheet',
  title: 'Create a spreadsheet',
  description: 'Creates a spreadsheet, with sheets and their first rows if given. Cells are as in append_rows.',
  toolset: 'core',
  access: 'write',
  idempotent: false,
  guarantee: {
    level: 'at most once',
    unsure: 'search_spreadsheets with its title: it may have been created',
  },
  input: z.strictObject({
    title: z.string().min(1).max(500),
    sheets: z
      .array(z.strictObject({ title: z.string().min(1).max(100), rows: z.array(z.array(cell)).max(10_000).optional() }))
      .max(200)
      .optional(),
    folderId: z.string().min(1).max(200).optional().describe('Drive folder to put it into'),
  }),
  output: z.strictObject({
    status: z.literal('applied'),
    id: z.string(),
    url: z.string(),
    sheets: z.array(z.strictObject({ title: z.string(), sheetId: z.number().int() })),
    warnings,
  }),
  example: {
    title: 'Budget 2027',
    sheets: [
      {
        title: 'January',
        rows: [
          ['item', 'cost'],
          ['rent', 900],
        ],
      },
    ],
  },
  run: ({ title, sheets: wanted, folderId }, { sheets }) => sheets.create(title, wanted ?? [], folderId),
});
