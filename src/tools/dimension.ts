// Arguments and answers that the tools on rows and columns share.

import { z } from 'zod';
import { sheet, spreadsheet, status, warnings } from './tool.ts';

/** The number of a row, the letter or the number of a column. */
export const position = z.union([z.string().min(1).max(10), z.number().int().min(1)], {
  error: 'expected a row number, or the letter or number of a column',
});

export const span = {
  spreadsheet,
  sheet,
  dimension: z.enum(['rows', 'columns']),
  index: position.describe('Row number, or column letter'),
  count: z.number().int().min(1).max(10_000_000).optional(),
};

export const resized = { status, range: z.string(), warnings };
