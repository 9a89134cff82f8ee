// Appends rows below what a sheet holds, or to a table; never overwrites.

import { z } from 'zod';
import { invalid } from '../errors.ts';
import { cell, defineTool, MAX_NAME, sheet, spreadsheet, status, warnings } from './tool.ts';

export const appendRows = defineTool({
  name: 'append_rows',
  title: 'Append rows',
  description:
    "Adds rows after a sheet's last row with data, under the header's columns, or to a table; overwrites nothing. " +
    'A row is an array, or a record by column name. ISO dates become dates; formulas are { formula: "=..." }.',
  toolset: 'core',
  access: 'write',
  idempotent: false,
  queueable: true,
  undoable: true,
  rehearsable: true,
  input: z.strictObject({
    spreadsheet,
    sheet: sheet.optional(),
    table: z.string().min(1).max(MAX_NAME).optional().describe('Name or id of a table, in place of sheet'),
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
    status,
    rows: z.number().int(),
    updatedRange: z.string().optional(),
    warnings,
  }),
  example: {
    spreadsheet: '1mHIWnDvW9cALRMq9OdNfRwjAthCUFUOACPp0Lkyl7b4',
    sheet: 'Sheet1',
    rows: [{ date: '2026-11-21', weather: 'rain' }],
  },
  run: async ({ spreadsheet, sheet, table, rows }, { sheets }) => {
    if (sheet !== undefined && table === undefined) return sheets.append(spreadsheet, sheet, rows);
    if (sheet === undefined && table !== undefined) return sheets.append(spreadsheet, { table }, rows);
    throw invalid(
      `append_rows: ${sheet === undefined ? 'neither sheet nor table is given' : 'both sheet and table are given'}.`,
      'Give the one that the rows are for: sheet, or table.',
    );
  },
});
