// Sets or takes away the filter of a sheet, or a filter view.

import { z } from 'zod';
import { OPERATORS } from '../sheets/conditions.ts';
import { setFilter as set } from '../sheets/filter.ts';
import { defineTool, MAX_NAME, spreadsheet, status, warnings } from './tool.ts';

type Scalar = string | number;

const scalar = z.union([z.string().max(MAX_NAME), z.number()]);
/** Its kinds go without saying. */
const value = z
  .custom<Scalar | Scalar[]>((given) => z.union([scalar, z.array(scalar).max(2)]).safeParse(given).success, {
    error: 'expected a text, a number, or a list of two',
  })
  .meta({ description: 'Two for between' });

export const setFilter = defineTool({
  name: 'set_filter',
  title: 'Filter rows',
  description: 'Sets the filter of a sheet, in place of any before. Columns go by header or letter.',
  toolset: 'structure',
  access: 'write',
  idempotent: true,
  input: z.strictObject({
    spreadsheet,
    range: z.string().min(1).max(MAX_NAME),
    criteria: z
      .array(
        z.strictObject({
          column: z.string().min(1).max(MAX_NAME),
          op: z.enum(OPERATORS).optional(),
          value: value.optional(),
          hide: z.array(z.string().max(50_000)).max(1_000).optional(),
        }),
      )
      .max(200)
      .nullable()
      .optional()
      .describe('null removes the filter'),
    view: z.string().min(1).max(MAX_NAME).optional().describe('Title: a filter view instead'),
  }),
  output: z.strictObject({
    status,
    range: z.string().optional(),
    filterViewId: z.number().int().optional(),
    warnings,
  }),
  example: {
    spreadsheet: '1mHIWnDvW9cALRMq9OdNfRwjAthCUFUOACPp0Lkyl7b4',
    range: 'Sheet1',
    criteria: [
      { column: 'cost', op: '>=', value: 100 },
      { column: 'state', hide: ['done'] },
    ],
  },
  run: ({ spreadsheet, range, criteria = [], view }, { sheets }) =>
    sheets.on(spreadsheet, (desk) => set(desk, range, criteria, view)),
});
