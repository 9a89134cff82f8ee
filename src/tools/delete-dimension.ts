// Deletes rows or columns with all that they hold.

import { z } from 'zod';
import { deleteDimension as remove } from '../sheets/dimensions.ts';
import { resized, span } from './dimension.ts';
import { defineTool } from './tool.ts';

export const deleteDimension = defineTool({
  name: 'delete_dimension',
  title: 'Delete rows or columns',
  description: 'Deletes rows or columns from index on. Cannot be undone here.',
  toolset: 'structure',
  access: 'destroy',
  idempotent: false,
  rehearsable: true,
  input: z.strictObject(span),
  output: z.strictObject({
    ...resized,
    cells: z.number().int().optional().describe('In a dry run: filled cells that would go'),
  }),
  example: {
    spreadsheet: '1mHIWnDvW9cALRMq9OdNfRwjAthCUFUOACPp0Lkyl7b4',
    sheet: 'Sheet1',
    dimension: 'rows',
    index: 5,
    count: 3,
  },
  run: ({ spreadsheet, sheet, dimension, index, count = 1 }, { sheets }) =>
    sheets.on(spreadsheet, (desk) => remove(desk, sheet, dimension, index, count)),
});
