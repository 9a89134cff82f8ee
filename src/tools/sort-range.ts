// Sorts the rows of a range.

import { z } from 'zod';
import { sortRange as sort } from '../sheets/sort.ts';
import { defineTool, MAX_NAME, spreadsheet, status, warnings } from './tool.ts';

export const sortRange = defineTool({
  name: 'sort_range',
  title: 'Sort rows',
  description: 'Sorts the rows of a range. Columns go by header or letter.',
  toolset: 'structure',
  access: 'destroy',
  idempotent: true,
  undoable: true,
  input: z.strictObject({
    spreadsheet,
    range: z.string().min(1).max(MAX_NAME),
    by: z
      .array(
        z.strictObject({
          column: z.string().min(1).max(MAX_NAME),
          order: z.enum(['ascending', 'descending']).optional(),
        }),
      )
      .min(1)
      .max(50),
    header: z
      .boolean()
      .optional()
      .describe("Its first row stays. Default: the sheet's header row does, if inside; false: sort all"),
  }),
  output: z.strictObject({ status, range: z.string().describe('Rows that were sorted'), warnings }),
  example: {
    spreadsheet: '1mHIWnDvW9cALRMq9OdNfRwjAthCUFUOACPp0Lkyl7b4',
    range: 'Sheet1',
    by: [{ column: 'date', order: 'descending' }, { column: 'B' }],
  },
  run: ({ spreadsheet, range, by, header }, { sheets }) =>
    sheets.on(spreadsheet, (desk) => sort(desk, range, by, header), [range]),
});
