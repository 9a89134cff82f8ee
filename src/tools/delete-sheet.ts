// Deletes a sheet with all that it holds.

import { z } from 'zod';
import { deleteSheet as remove } from '../sheets/delete-sheet.ts';
import { defineTool, sheet, spreadsheet, status, warnings } from './tool.ts';

export const deleteSheet = defineTool({
  name: 'delete_sheet',
  title: 'Delete a sheet',
  description: 'Deletes a sheet with all it holds. Cannot be undone here.',
  toolset: 'structure',
  access: 'destroy',
  idempotent: true,
  rehearsable: true,
  input: z.strictObject({ spreadsheet, sheet }),
  output: z.strictObject({
    status,
    title: z.string(),
    cells: z.number().int().optional().describe('In a dry run: filled cells that would go'),
    usedRange: z.string().optional(),
    warnings,
  }),
  example: { spreadsheet: '1mHIWnDvW9cALRMq9OdNfRwjAthCUFUOACPp0Lkyl7b4', sheet: 'Old' },
  run: ({ spreadsheet, sheet }, { sheets }) => sheets.on(spreadsheet, (desk) => remove(desk, sheet)),
});
