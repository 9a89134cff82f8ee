// Reads how cells look and what they accept.

import { z } from 'zod';
import { readFormat as read } from '../sheets/read-format.ts';
import { reportWithin } from './format-page.ts';
import { defineTool, fresh, MAX_NAME, spreadsheet, warnings } from './tool.ts';

/** Its shape is that of the tool's that takes it. */
const as = (tool: string) => z.custom<object>().meta({ type: 'object', description: `As ${tool} takes it` });
const ranges = z.union([z.string(), z.array(z.string())]);

export const readFormat = defineTool({
  name: 'read_format',
  title: 'Read formats',
  description:
    'Formats, notes, merges, sizes, validation and conditional rules of a range, each with the cells that have it, as ' +
    'format_range, set_validation and set_conditional_format take them. Read what rest names next.',
  toolset: 'format',
  access: 'read',
  idempotent: true,
  input: z.strictObject({ spreadsheet, range: z.string().min(1).max(MAX_NAME), fresh }),
  output: z.strictObject({
    range: z.string(),
    formats: z.array(as('format_range')),
    validation: z.array(z.strictObject({ range: ranges, rule: as('set_validation') })).optional(),
    conditional: z
      .array(
        z.strictObject({
          index: z.number().int(),
          ranges: z.array(z.string()),
          rule: as('set_conditional_format'),
        }),
      )
      .optional(),
    rest: z.string().optional().describe('Asked for, and not told for want of room'),
    warnings,
  }),
  example: { spreadsheet: '1mHIWnDvW9cALRMq9OdNfRwjAthCUFUOACPp0Lkyl7b4', range: 'Sheet1' },
  run: ({ spreadsheet, range }, { sheets }) =>
    sheets.on(spreadsheet, async (desk) => reportWithin(await read(desk, range), desk.breathe)),
});
