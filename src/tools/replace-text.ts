// Replaces text in cells.

import { z } from 'zod';
import { replaceText as replace } from '../sheets/replace.ts';
import { defineTool, MAX_NAME, sheet, spreadsheet, status, warnings } from './tool.ts';

export const replaceText = defineTool({
  name: 'replace_text',
  title: 'Find and replace',
  description:
    'Replaces text in a range, a sheet, or else all sheets. Results are taken as if typed in; numbers are searched as shown.',
  toolset: 'structure',
  access: 'destroy',
  idempotent: false,
  queueable: true,
  undoable: true,
  rehearsable: true,
  input: z
    .strictObject({
      spreadsheet,
      find: z.string().min(1).max(1_000),
      replacement: z.string().max(50_000),
      sheet: sheet.optional(),
      range: z.string().min(1).max(MAX_NAME).optional(),
      regex: z.boolean().default(false).describe('As in Java, $1 too'),
      matchCase: z.boolean().default(false),
      wholeCell: z.boolean().default(false),
      formulas: z.boolean().default(false).describe('Search formulas too'),
    })
    .refine(({ sheet, range }) => sheet === undefined || range === undefined, 'give either sheet or range'),
  output: z.strictObject({
    status,
    occurrences: z.number().int().optional(),
    cells: z.number().int().optional(),
    sheets: z.number().int().optional(),
    warnings,
  }),
  example: {
    spreadsheet: '1mHIWnDvW9cALRMq9OdNfRwjAthCUFUOACPp0Lkyl7b4',
    find: 'Ltd.',
    replacement: 'Limited',
    sheet: 'Customers',
  },
  run: ({ spreadsheet, sheet, range, formulas, ...search }, { sheets }) =>
    sheets.on(
      spreadsheet,
      (desk) => replace(desk, search, { sheet, range }, formulas),
      range === undefined ? [] : [range],
    ),
});
