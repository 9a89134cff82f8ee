// Sets or takes away the filter of a sheet, or a filter view.

import { z } from 'zod';
import { setFilter as set } from '../sheets/filter.ts';
import { filterCriterion } from './format-input.ts';
import { defineTool, MAX_NAME, spreadsheet, status, warnings } from './tool.ts';

export const setFilter = defineTool({
  name: 'set_filter',
  title: 'Filter rows',
  description: 'Sets the filter of a sheet, in place of any before.',
  toolset: 'structure',
  access: 'write',
  idempotent: true,
  input: z.strictObject({
    spreadsheet,
    range: z.string().min(1).max(MAX_NAME),
    criteria: z.array(filterCriterion).max(200).nullable().optional().describe('null removes the filter'),
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
      { column: 'cost', type: 'number_greater', values: [100] },
      { column: 'state', hide: ['done'] },
    ],
  },
  run: ({ spreadsheet, range, criteria = [], view }, { sheets }) =>
    sheets.on(spreadsheet, (desk) => set(desk, range, criteria, view)),
});
