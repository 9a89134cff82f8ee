// A spreadsheet as a file.

import { z } from 'zod';
import { invalid } from '../errors.ts';
import { exportFile, exportText } from '../sheets/export.ts';
import { CHARACTERS_PER_TOKEN, MAX_PAGE_TOKENS } from './page.ts';
import { defineTool, fresh, sheet, spreadsheet } from './tool.ts';

/** In base64, which takes four characters for three bytes, as much as an answer may be. */
const DEFAULT_BYTES = (MAX_PAGE_TOKENS * CHARACTERS_PER_TOKEN * 3) / 4;
/** Drive's own limit of an export. */
const MAX_BYTES = 10_000_000;

export const exportSpreadsheet = defineTool({
  name: 'export_spreadsheet',
  title: 'Export a spreadsheet',
  description:
    'A file of at most maxBytes. csv and tsv: one sheet as text, the first unless sheet is given. ' +
    'xlsx, pdf and ods: all sheets, in base64; for programs.',
  toolset: 'share',
  access: 'read',
  idempotent: true,
  input: z.strictObject({
    spreadsheet,
    format: z.enum(['csv', 'tsv', 'xlsx', 'pdf', 'ods']),
    sheet: sheet.optional(),
    maxBytes: z.number().int().min(1).max(MAX_BYTES).default(DEFAULT_BYTES),
    fresh,
  }),
  output: z.strictObject({
    mimeType: z.string(),
    sheet: z.string().optional(),
    sizeBytes: z.number().int(),
    text: z.string().optional(),
    base64: z.string().optional(),
  }),
  example: { spreadsheet: '1mHIWnDvW9cALRMq9OdNfRwjAthCUFUOACPp0Lkyl7b4', format: 'csv', sheet: 'Sheet1' },
  async run({ spreadsheet, format, sheet: named, maxBytes }, { sheets }) {
    if (format === 'csv' || format === 'tsv') {
      return sheets.on(spreadsheet, (desk) => exportText(desk, format, named, maxBytes));
    }
    if (named !== undefined) {
      throw invalid(`sheet is for csv and tsv: ${format} holds all sheets.`, 'Leave sheet out.');
    }
    return sheets.onFile(spreadsheet, (file) => exportFile(file, format, maxBytes));
  },
});
