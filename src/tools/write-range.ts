// Writes values into named places, if they hold what is expected; says what it overwrote.

import { z } from 'zod';
import { cell, defineTool, MAX_NAME, spreadsheet, status, warnings } from './tool.ts';

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
  queueable: true,
  undoable: true,
  rehearsable: true,
  guarantee: {
    level: 'exactly once',
    exception: 'input user_entered: at most once, since Google takes no marker with it',
    unsure: 'get_write with its writeId: it is found out behind the answer; with user_entered, the cells themselves',
  },
  input: z.strictObject({
    spreadsheet,
    writes: z
      .array(z.strictObject({ range: z.string().min(1).max(MAX_NAME), values: z.array(z.array(cell)).min(1) }))
      .min(1)
      .max(100),
    input: z.enum(['typed', 'user_entered', 'raw']).default('typed'),
    expect: z
      .array(
        z
          .strictObject({
            range: z.string().min(1).max(MAX_NAME),
            values: z.array(z.array(cell)).min(1).optional().describe('null: anything'),
            hash: z
              .string()
              .regex(/^[0-9a-f]{64}$/, 'expected a SHA-256 in lower-case hex')
              .optional()
              .describe("SHA-256 of JSON.stringify(rows), all of read_range's rows"),
          })
          .refine(({ values, hash }) => (values === undefined) !== (hash === undefined), 'give either values or hash'),
      )
      .max(50)
      .optional()
      .describe('What must stand there, or nothing is written'),
  }),
  output: z.strictObject({
    status,
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
  run: ({ spreadsheet, writes, input, expect }, { sheets }) => sheets.write(spreadsheet, writes, input, expect),
});
