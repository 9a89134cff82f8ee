// Draws pivot tables.

import { z } from 'zod';
import { DATE_GROUPS, SUMMARIZE, setPivotTable as set } from '../sheets/pivot.ts';
import { defineTool, MAX_NAME, spreadsheet, status, warnings } from './tool.ts';

const name = z.string().min(1).max(MAX_NAME);
const group = z.strictObject({
  column: name,
  order: z.enum(['asc', 'desc']).optional(),
  byValue: z.number().int().min(1).optional(),
  totals: z.boolean().optional(),
  date: z.enum(DATE_GROUPS).optional(),
  limit: z.number().int().min(1).max(100_000).optional(),
});
const groups = (description: string) =>
  z
    .array(
      z
        .union([name, group], { error: 'expected the header or letter of a column, or { column, order, ... }' })
        .describe(description),
    )
    .max(20)
    .optional();

export const setPivotTable = defineTool({
  name: 'set_pivot_table',
  title: 'Set a pivot table',
  description:
    'Draws a pivot table of source (headers in its first row) from the cell anchor on, or replaces the one there. ' +
    'Other content is never overwritten. Columns go by header or letter.',
  toolset: 'objects',
  access: 'write',
  idempotent: true,
  input: z.strictObject({
    spreadsheet,
    anchor: name,
    source: name,
    rows: groups(
      'Column, or { column, order: desc, byValue: 1 (order by first value), totals: false, limit, date: year_month }',
    ),
    columns: groups('As in rows'),
    values: z
      .array(
        z
          .strictObject({
            column: name,
            summarize: z.enum(SUMMARIZE).optional(),
            name: z.string().min(1).max(1_000).optional(),
            percentOf: z.enum(['row', 'column', 'total']).optional(),
          })
          .describe('column, summarize: sum (default), count, count_unique, average, max, ...; name, percentOf: total'),
      )
      .max(50)
      .optional(),
    filter: z
      .record(z.string(), z.array(z.string().max(50_000)).min(1).max(1_000))
      .optional()
      .describe('Column: [values kept]'),
  }),
  output: z.strictObject({
    status,
    anchor: z.string(),
    replaced: z.literal(true).optional(),
    warnings,
  }),
  example: {
    spreadsheet: '1mHIWnDvW9cALRMq9OdNfRwjAthCUFUOACPp0Lkyl7b4',
    anchor: 'Sheet1!H2',
    source: 'Sheet1!A1:F5',
    rows: ['weather', { column: 'date', date: 'year_month' }],
    values: [{ column: 'precipitation', summarize: 'average' }],
    filter: { weather: ['rain', 'sun'] },
  },
  run: ({ spreadsheet, anchor, ...pivot }, { sheets }) => sheets.on(spreadsheet, (desk) => set(desk, anchor, pivot)),
});
