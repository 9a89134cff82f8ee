// Moves rows or columns within their sheet.

import { z } from 'zod';
import { moveDimension as move } from '../sheets/dimensions.ts';
import { position, resized, span } from './dimension.ts';
import { defineTool } from './tool.ts';

export const moveDimension = defineTool({
  name: 'move_dimension',
  title: 'Move rows or columns',
  description: 'Moves rows or columns before another (to), as numbered before the move.',
  toolset: 'structure',
  access: 'write',
  idempotent: false,
  input: z.strictObject({
    ...span,
    to: position.describe('One past the last: the end'),
  }),
  output: z.strictObject({ ...resized, range: z.string().describe('Where they are now') }),
  example: {
    spreadsheet: '1mHIWnDvW9cALRMq9OdNfRwjAthCUFUOACPp0Lkyl7b4',
    sheet: 'Sheet1',
    dimension: 'rows',
    index: 9,
    to: 2,
  },
  run: ({ spreadsheet, sheet, dimension, index, count = 1, to }, { sheets }) =>
    sheets.on(spreadsheet, (desk) => move(desk, sheet, dimension, index, count, to)),
});
