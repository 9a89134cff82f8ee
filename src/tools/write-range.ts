// Writes values into named places; says what it overwrote.

import { z } from 'zod';
import { cell, defineTool, MAX_NAME, spreadsheet, warnings } from './tool.ts';

export const writeRange = defineTool({
  name: 'write_range',
  title: 'Write cells',
  description:
    'Writes values at ranges, all or none. A single cell or a sheet title is the top left corner. ' +
    'null leaves a cell alone, "" clears it. typed (default): ISO dates become dates, numbers must be numbers, ' +
    'formulas are { formula: "=..." }; raw: texts stay texts; user_entered: as if typed into Sheets.',
  toolset: 'core',
  access: 'destroy',
  idempotent: true,
  input: z.strictObject({
    spreadsheet,
    writes: z
      .array(z.strictObject({ range: z.string().min(1).max(MAX_NAME), values: z.array(z.array(cell)).min(1) }))
      .min(1)
      .max(100),
    input: z.enum(['typed', 'user_entered', 'raw']).default('typed'),
  }),
  output: z.strictObject({
    status: z.enum(['applied', 'unchanged']),
    ranges: z.array(z.string()),
    cells: z.number().int().describe('Cells written'),
    overwritten: z.number().int().describe('Of these, cells that held something before'),
    grown: z.string().optional(),
    warnings,
  }),
  example: {
    spreadsheet: '1mHIWnDvW9cALRMq9OdNfRwjAthCUFUOACPp0Lkyl7b4',
    writes: [{ range: 'Sheet1!B2', values: [['2026-11-21', 12.5, { formula: '=C2*2' }]] }],
  },
  run: ({ spreadsheet, writes, input }, { sheets }) => sheets.write(spreadsheet, writes, input),
});
