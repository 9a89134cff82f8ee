// The cheap first look at a spreadsheet.

import { z } from 'zod';
import { outlineOf } from './outline.ts';
import { defineTool, fresh, sheet, spreadsheet, warnings } from './tool.ts';

const words = z.array(z.string()).optional();

export const describeSpreadsheet = defineTool({
  name: 'describe_spreadsheet',
  title: 'Describe a spreadsheet',
  description:
    'What a spreadsheet holds, per sheet: size, used range, header row, columns with type and sample, frozen rows, ' +
    'tables, protected ranges, charts, pivot tables, filters; and the named ranges. Call it first.',
  toolset: 'core',
  access: 'read',
  idempotent: true,
  input: z.strictObject({
    spreadsheet,
    sheets: z.array(sheet).max(200).optional().describe('Only these; all when absent'),
    fresh,
  }),
  output: z.strictObject({
    id: z.string(),
    title: z.string(),
    url: z.string(),
    locale: z.string(),
    timeZone: z.string(),
    sheets: z.array(
      z.strictObject({
        title: z.string(),
        sheetId: z.number().int(),
        type: z.string().optional(),
        hidden: z.literal(true).optional(),
        tabColor: z.string().optional(),
        gridlines: z.literal(false).optional(),
        rows: z.number().int(),
        columns: z.number().int(),
        usedRange: z.string().optional(),
        measuredBy: z.string().optional().describe('The one column by which a very large sheet was measured'),
        headerRow: z.number().int().optional(),
        fields: z
          .array(
            z.strictObject({
              column: z.string(),
              name: z.string().optional(),
              type: z.enum(['number', 'date', 'boolean', 'text', 'error', 'mixed', 'empty']),
              sample: z.string().optional(),
            }),
          )
          .optional(),
        frozenRows: z.number().int().optional(),
        frozenColumns: z.number().int().optional(),
        tables: words,
        protectedRanges: words,
        charts: words,
        pivotTables: words.describe('Those anchored in the first 20 rows'),
        filter: z.string().optional(),
        filterViews: words,
      }),
    ),
    namedRanges: words,
    warnings,
  }),
  example: { spreadsheet: '1mHIWnDvW9cALRMq9OdNfRwjAthCUFUOACPp0Lkyl7b4' },
  run: async ({ spreadsheet, sheets: only }, { sheets }) => outlineOf(await sheets.describe(spreadsheet, only ?? [])),
});
