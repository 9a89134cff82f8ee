// Inserts empty rows or columns.

import { z } from 'zod';
import { insertDimension as insert } from '../sheets/dimensions.ts';
import { resized, span } from './dimension.ts';
import { defineTool } from './tool.ts';

export const insertDimension = defineTool({
  name: 'insert_dimension',
  title: 'Insert rows or columns',
  description: 'Inserts empty rows or columns before index; one past the last: at the end.',
  toolset: 'structure',
  access: 'write',
  idempotent: false,
  input: z.strictObject({
    ...span,
    inherit: z.enum(['before', 'after']).optional().describe('Whose format; default after'),
  }),
  output: z.strictObject(resized),
  example: {
    spreadsheet: '1mHIWnDvW9cALRMq9OdNfRwjAthCUFUOACPp0Lkyl7b4',
    sheet: 'Sheet1',
    dimension: 'columns',
    index: 'C',
    count: 2,
  },
  run: ({ spreadsheet, sheet, dimension, index, count = 1, inherit }, { sheets }) =>
    sheets.on(spreadsheet, (desk) => insert(desk, sheet, dimension, index, count, inherit)),
});
