// Formats ranges: what is given of each, and nothing else.

import { z } from 'zod';
import { formatRanges } from '../sheets/format.ts';
import { rangeFormats } from './format-input.ts';
import { defineTool, spreadsheet, status, warnings } from './tool.ts';

export const formatRange = defineTool({
  name: 'format_range',
  title: 'Format cells',
  description:
    'Formats ranges, all or none. What is absent stays, null clears. ' +
    'A merge that would lose what cells hold is refused. Not undone by undo_write.',
  toolset: 'format',
  access: 'write',
  idempotent: true,
  queueable: true,
  input: z.strictObject({ spreadsheet, formats: rangeFormats }),
  output: z.strictObject({ status, ranges: z.array(z.string()), warnings }),
  example: {
    spreadsheet: '1mHIWnDvW9cALRMq9OdNfRwjAthCUFUOACPp0Lkyl7b4',
    formats: [
      { range: 'Sheet1!1:1', text: { bold: true }, background: '#d9ead3', borders: { bottom: 'medium' } },
      { range: 'Sheet1!B2:B', number: 'currency', align: 'right' },
    ],
  },
  run: ({ spreadsheet, formats }, { sheets }) =>
    sheets.on(
      spreadsheet,
      (desk) => formatRanges(desk, formats),
      formats.flatMap(({ range }) => range),
    ),
});
