// Makes tables and changes them.

import { z } from 'zod';
import { COLUMN_TYPES, setTable as set } from '../sheets/table.ts';
import { defineTool, MAX_NAME, spreadsheet, status, warnings } from './tool.ts';

const name = z.string().min(1).max(MAX_NAME);
const options = z.array(z.string().min(1).max(1_000)).min(1).max(500);

export const setTable = defineTool({
  name: 'set_table',
  title: 'Set a table',
  description: 'Makes a range, from its header row on, a table; with tableId changes what is given.',
  toolset: 'objects',
  access: 'write',
  idempotent: true,
  input: z.strictObject({
    spreadsheet,
    tableId: name.optional().describe('Id or name'),
    range: name.optional(),
    name: name.optional(),
    columns: z
      .record(
        z.string(),
        z.union([z.enum(COLUMN_TYPES), options], {
          error: `expected one of ${COLUMN_TYPES.join(', ')}, or a list of options`,
        }),
      )
      .optional()
      .describe('By header or letter; a list is a dropdown'),
  }),
  output: z.strictObject({ status, tableId: z.string(), name: z.string(), range: z.string(), warnings }),
  example: {
    spreadsheet: '1mHIWnDvW9cALRMq9OdNfRwjAthCUFUOACPp0Lkyl7b4',
    range: 'Sheet1!A1:F5',
    name: 'Weather',
    columns: { date: 'date', weather: ['rain', 'sun', 'drizzle'] },
  },
  run: ({ spreadsheet, ...changes }, { sheets }) => sheets.on(spreadsheet, (desk) => set(desk, changes)),
});
