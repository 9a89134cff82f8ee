// Clears ranges: their values, or what else their cells have.

import { z } from 'zod';
import { defineTool, MAX_NAME, spreadsheet, status, warnings } from './tool.ts';

export const clearRange = defineTool({
  name: 'clear_range',
  title: 'Clear cells',
  description:
    'Clears ranges, all or none; ranges are as in read_range. what: values (default), formats, notes, validation, or ' +
    'all of these. Cells stay where they are.',
  toolset: 'core',
  access: 'destroy',
  idempotent: true,
  queueable: true,
  undoable: true,
  rehearsable: true,
  input: z.strictObject({
    spreadsheet,
    ranges: z.array(z.string().min(1).max(MAX_NAME)).min(1).max(100),
    what: z.enum(['values', 'formats', 'notes', 'validation', 'all']).default('values'),
  }),
  output: z.strictObject({
    status,
    ranges: z.array(z.string()),
    cells: z.number().int().optional().describe('Cells that held what was cleared'),
    warnings,
  }),
  example: { spreadsheet: '1mHIWnDvW9cALRMq9OdNfRwjAthCUFUOACPp0Lkyl7b4', ranges: ['Sheet1!B2:C9'] },
  run: ({ spreadsheet, ranges, what }, { sheets }) => sheets.clear(spreadsheet, ranges, what),
});
