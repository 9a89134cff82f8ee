// A spreadsheet as a file.

import { z } from 'zod';
import { invalid, ServalError } from '../errors.ts';
import { convert, readRows } from '../sheets/export.ts';
import { shown } from '../words.ts';
import { CHARACTERS_PER_TOKEN, csvLines, MAX_PAGE_TOKENS } from './page.ts';
import { defineTool, fresh, sheet, spreadsheet } from './tool.ts';

/** In base64, which takes four characters for three bytes, as much as an answer may be. */
const DEFAULT_BYTES = (MAX_PAGE_TOKENS * CHARACTERS_PER_TOKEN * 3) / 4;
/** Drive's own limit of an export. */
const MAX_BYTES = 10_000_000;

const TEXT = {
  csv: { mimeType: 'text/csv', delimiter: ',' },
  tsv: { mimeType: 'text/tab-separated-values', delimiter: '\t' },
} as const;

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
      const { id, sheet: own, rows } = await sheets.on(spreadsheet, (desk) => readRows(desk, named, maxBytes));
      const text = rows && csvLines(rows, TEXT[format].delimiter).join('\n');
      const sizeBytes = Buffer.byteLength(text ?? '');
      if (text === undefined || sizeBytes > maxBytes) {
        throw tooLarge(
          `Sheet ${shown(own.title)} is larger as ${format} than maxBytes (${maxBytes}).`,
          `Read it in pages: read_range with ranges [${shown(own.title)}] and format csv; or over MCP as the resource ` +
            `sheets://${id}/${encodeURIComponent(own.title)}. Programs may raise maxBytes, who is signed in may open ` +
            `${linkOf(id, format)}&gid=${own.sheetId}`,
        );
      }
      return { mimeType: TEXT[format].mimeType, sheet: own.title, sizeBytes, text };
    }
    if (named !== undefined) {
      throw invalid(`sheet is for csv and tsv: ${format} holds all sheets.`, 'Leave sheet out.');
    }
    const { id, ...file } = await sheets.onFile(spreadsheet, (desk) => convert(desk, format));
    if (file.sizeBytes <= maxBytes) return file;
    throw tooLarge(
      `The ${format} file has ${file.sizeBytes} bytes, more than maxBytes (${maxBytes}).`,
      `Programs may raise maxBytes, who is signed in may open ${linkOf(id, format)}`,
    );
  },
});

function tooLarge(message: string, hint: string): ServalError {
  return new ServalError('too_large', message, { hint });
}

function linkOf(id: string, format: string): string {
  return `https://docs.google.com/spreadsheets/d/${id}/export?format=${format}`;
}
