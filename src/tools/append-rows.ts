// Appends rows below what a sheet holds; never overwrites.

import { z } from 'zod';
import { cell, defineTool, sheet, spreadsheet, warnings } from './tool.ts';

export const appendRows = defineTool({
  name: 'append_rows',
  title: 'Append rows',
  description:
    "Adds rows after the sheet's last row with data, under the header's columns; overwrites nothing. " +
    'A row is an array, or a record by column name. ISO dates become dates; formulas are { formula: "=..." }.',
  toolset: 'core',
  access: 'write',
  idempotent: false,
  input: z.strictObject({
    spreadsheet,
    sheet,
    rows: z
      .array(
        z.union([z.array(cell), z.record(z.string(), cell)], {
          error: 'expected an array of cells, or a record by column name',
        }),
      )
      .min(1)
      .max(10_000),
  }),
  output: z.strictObject({
    status: z.literal('applied'),
    rows: z.number().int(),
    updatedRange: z.string().optional(),
    warnings,
  }),
  example: {
    spreadsheet: '1mHIWnDvW9cALRMq9OdNfRwjAthCUFUOACPp0Lkyl7b4',
    sheet: 'Sheet1',
    rows: [{ date: '2026-11-21', weather: 'rain' }],
  },
  run: ({ spreadsheet, sheet, rows }, { sheets }) => sheets.append(spreadsheet, sheet, rows),
});
