// Names ranges.

import { z } from 'zod';
import { setNamedRange as set } from '../sheets/named-range.ts';
import { defineTool, MAX_NAME, spreadsheet, status, warnings } from './tool.ts';

const text = z.string().min(1).max(MAX_NAME);

export const setNamedRange = defineTool({
  name: 'set_named_range',
  title: 'Name a range',
  description: 'Creates a named range, or moves the one of that name.',
  toolset: 'objects',
  access: 'write',
  idempotent: true,
  input: z.strictObject({ spreadsheet, name: text, range: text }),
  output: z.strictObject({
    status,
    name: z.string(),
    range: z.string(),
    namedRangeId: z.string(),
    previousRange: z.string().optional(),
    warnings,
  }),
  example: { spreadsheet: '1mHIWnDvW9cALRMq9OdNfRwjAthCUFUOACPp0Lkyl7b4', name: 'wind', range: 'Sheet1!E2:E5' },
  run: ({ spreadsheet, name, range }, { sheets }) => sheets.on(spreadsheet, (desk) => set(desk, name, range)),
});
