// Protects cells and sheets.

import { z } from 'zod';
import { setProtection as set } from '../sheets/protection.ts';
import { defineTool, MAX_NAME, sheet, spreadsheet, status, warnings } from './tool.ts';

const range = z.string().min(1).max(MAX_NAME);

export const setProtection = defineTool({
  name: 'set_protection',
  title: 'Protect cells',
  description:
    'Protects a range or a sheet, in place of any protection of just that. The owner and you can always edit.',
  toolset: 'objects',
  access: 'write',
  idempotent: true,
  input: z.strictObject({
    spreadsheet,
    range: range.optional(),
    sheet: sheet.optional(),
    editors: z
      .array(
        z
          .string()
          .max(320)
          .regex(/^\S+@\S+$/, 'expected an e-mail address'),
      )
      .max(200)
      .optional()
      .describe('E-mail addresses'),
    warningOnly: z.boolean().optional(),
    except: z.array(range).max(100).optional().describe('Ranges of the sheet left open'),
    description: z.string().max(1_000).optional(),
  }),
  output: z.strictObject({
    status,
    protectedRangeId: z.number().int(),
    range: z.string(),
    replaced: z.literal(true).optional(),
    warnings,
  }),
  example: {
    spreadsheet: '1mHIWnDvW9cALRMq9OdNfRwjAthCUFUOACPp0Lkyl7b4',
    range: 'Sheet1!A1:F1',
    editors: ['ada@example.com'],
  },
  run: ({ spreadsheet, ...wanted }, { sheets }) => sheets.on(spreadsheet, (desk) => set(desk, wanted)),
});
