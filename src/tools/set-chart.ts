// Draws charts and changes them.

import { z } from 'zod';
import { setChart as set } from '../sheets/chart.ts';
import { CHART_TYPES, LEGENDS, SERIES_TYPES } from '../sheets/chart-spec.ts';
import { defineTool, MAX_NAME, spreadsheet, status, warnings } from './tool.ts';

const name = z.string().min(1).max(MAX_NAME);
const title = z.string().max(1_000).optional();
const pixels = z.number().int().min(50).max(10_000).optional();
const series = z.strictObject({
  column: name,
  type: z.enum(SERIES_TYPES).optional(),
  axis: z.enum(['left', 'right']).optional(),
});

export const setChart = defineTool({
  name: 'set_chart',
  title: 'Set a chart',
  description:
    'Draws a chart of data (a range with headers in its first row), or with chartId changes what is given. ' +
    'Columns go by header or letter.',
  toolset: 'objects',
  access: 'write',
  idempotent: false,
  input: z.strictObject({
    spreadsheet,
    chartId: z.number().int().min(0).max(2_147_483_647).optional(),
    type: z.enum(CHART_TYPES).optional(),
    data: name.optional(),
    domain: name.optional().describe('Default: first column'),
    series: z
      .array(
        z
          .union([name, series], { error: 'expected the header or letter of a column, or { column, type, axis }' })
          .describe('Column, or { column, type: line, axis: right }'),
      )
      .min(1)
      .max(100)
      .optional(),
    title,
    xTitle: title,
    yTitle: title,
    stacked: z.boolean().optional(),
    legend: z.enum(LEGENDS).optional(),
    position: name.optional().describe('Cell, or "new sheet"'),
    width: pixels,
    height: pixels,
  }),
  output: z.strictObject({
    status,
    chartId: z.number().int(),
    position: z.string().optional().describe('The cell under its corner, or the title of its own sheet'),
    warnings,
  }),
  example: {
    spreadsheet: '1mHIWnDvW9cALRMq9OdNfRwjAthCUFUOACPp0Lkyl7b4',
    type: 'combo',
    data: 'Sheet1!A1:F5',
    series: ['precipitation', { column: 'wind', type: 'line', axis: 'right' }],
    title: 'Rain and wind',
    position: 'Sheet1!H2',
  },
  run: ({ spreadsheet, width, height, ...changes }, { sheets }) =>
    sheets.on(spreadsheet, (desk) => set(desk, { ...changes, widthPixels: width, heightPixels: height })),
});
