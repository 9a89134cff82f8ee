// Updates the rows that a key finds and appends the others.

import { z } from 'zod';
import { cell, defineTool, MAX_NAME, sheet, spreadsheet, status, warnings } from './tool.ts';

export const upsertRows = defineTool({
  name: 'upsert_rows',
  title: 'Update or append rows',
  description:
    'Each row is a record by column name: where the sheet has a row with its key, the given columns of that row are ' +
    'written, else it is appended; all or none. null leaves a cell alone, "" clears it; cells are as in append_rows. ' +
    'A key that stands in several rows is refused.',
  toolset: 'core',
  access: 'destroy',
  idempotent: true,
  queueable: true,
  undoable: true,
  rehearsable: true,
  input: z.strictObject({
    spreadsheet,
    sheet,
    key: z.array(z.string().min(1).max(MAX_NAME)).min(1).max(5).describe('Columns that tell rows apart'),
    rows: z.array(z.record(z.string(), cell)).min(1).max(10_000),
  }),
  output: z.strictObject({
    status,
    updated: z.number().int(),
    appended: z.number().int(),
    appendedRange: z.string().optional(),
    warnings,
  }),
  example: {
    spreadsheet: '1mHIWnDvW9cALRMq9OdNfRwjAthCUFUOACPp0Lkyl7b4',
    sheet: 'Sheet1',
    key: ['date'],
    rows: [{ date: '2026-11-21', weather: 'rain' }],
  },
  run: ({ spreadsheet, sheet, key, rows }, { sheets }) => sheets.upsert(spreadsheet, sheet, key, rows),
});
