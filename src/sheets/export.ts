// A spreadsheet as a file: one sheet as lines of text from its values, or the whole as Drive converts it. Bounded, and
// never cut.

import Papa from 'papaparse';
import { z } from 'zod';
import { ServalError } from '../errors.ts';
import { cut, shown } from '../words.ts';
import { readBands } from './bands.ts';
import { decode, type Value } from './decode.ts';
import type { Desk, FileDesk } from './desk.ts';
import { findSheet, type Sheet } from './metadata.ts';

/** How a sheet becomes text. */
const TEXT = {
  csv: { mimeType: 'text/csv', delimiter: ',' },
  tsv: { mimeType: 'text/tab-separated-values', delimiter: '\t' },
} as const;

/** What Drive converts a spreadsheet to (Drive, "Export MIME types"). */
const CONVERTED = {
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  pdf: 'application/pdf',
  ods: 'application/vnd.oasis.opendocument.spreadsheet',
} as const;

export type TextFormat = keyof typeof TEXT;
export type FileFormat = keyof typeof CONVERTED;

export interface TextFile {
  readonly mimeType: string;
  /** The sheet that it is made of. */
  readonly sheet: string;
  readonly sizeBytes: number;
  readonly text: string;
}

/** One sheet, the first where none is named: cells as shown, every line as long as the longest. */
export async function exportText(
  desk: Desk,
  format: TextFormat,
  sheet: string | number | undefined,
  maxBytes: number,
): Promise<TextFile> {
  const chosen = sheet === undefined ? desk.spreadsheet.sheets[0] : findSheet(desk.spreadsheet, sheet);
  if (!chosen) throw new ServalError('not_found', 'The spreadsheet has no sheets.');
  const { mimeType, delimiter } = TEXT[format];
  const rows: Value[][] = [];
  // Of every value its characters and what follows it, of the last nothing.
  let [width, atLeast, { title }] = [0, -1, chosen];
  const range = { sheet: chosen, grid: {}, a1: '' };
  for await (const { sheet: now, read } of readBands(desk.google, desk.spreadsheet.id, [range], 'formatted')) {
    title = now.title;
    // Blank rows at the end of a piece are not told by it.
    while (rows.length < (read.grid.startRow ?? 0) && read.values.length > 0) rows.push([]);
    for (const row of read.values) {
      width = Math.max(width, row.length);
      atLeast += row.reduce<number>((sum, value) => sum + String(value).length + 1, 0);
      rows.push(row);
    }
    // The file is no shorter: there is no use in reading on.
    if (atLeast > maxBytes) throw tooLargeText(desk.spreadsheet.id, chosen, format, maxBytes);
  }
  const full = rows.map((row) => Array.from({ length: width }, (_, column) => row[column] ?? ''));
  const text = Papa.unparse(full, { delimiter, newline: '\n' });
  const sizeBytes = Buffer.byteLength(text);
  if (sizeBytes > maxBytes) throw tooLargeText(desk.spreadsheet.id, chosen, format, maxBytes);
  return { mimeType, sheet: title, sizeBytes, text };
}

export interface ConvertedFile {
  readonly mimeType: string;
  readonly sizeBytes: number;
  readonly base64: string;
}

const fileReply = z.object({ mimeType: z.string(), base64: z.string() });

/** The whole spreadsheet as Drive converts it. */
export async function exportFile(
  { google, id }: FileDesk,
  format: FileFormat,
  maxBytes: number,
): Promise<ConvertedFile> {
  const mimeType = CONVERTED[format];
  const reply = await google('files.export', id, { fileId: id, mimeType }).catch((error) => cannot(error, format));
  const { base64 } = decode(fileReply, reply, 'files.export');
  const sizeBytes = Buffer.byteLength(base64, 'base64');
  if (sizeBytes > maxBytes) throw tooLargeFile(id, format, sizeBytes, maxBytes);
  return { mimeType, sizeBytes, base64 };
}

/** A backend that does not convert to that format says so in Drive's words. */
function cannot(error: unknown, format: FileFormat): never {
  if (!(error instanceof ServalError) || !/conversion is not supported/.test(error.message)) throw error;
  throw new ServalError('unsupported', `This backend does not export ${format}: ${error.message}`, {
    hint: 'csv and tsv are made of any backend.',
  });
}

function tooLargeText(id: string, { title, sheetId }: Sheet, format: TextFormat, maxBytes: number): ServalError {
  return new ServalError('too_large', `Sheet ${shown(title)} is larger as ${format} than maxBytes (${maxBytes}).`, {
    hint: `Read it in pages: read_range with ranges [${shown(title)}] and format csv. Or raise maxBytes, or open ${linkOf(id, format)}&gid=${sheetId}`,
  });
}

function tooLargeFile(id: string, format: FileFormat, sizeBytes: number, maxBytes: number): ServalError {
  return new ServalError('too_large', `The ${format} file has ${sizeBytes} bytes, more than maxBytes (${maxBytes}).`, {
    hint: `Raise maxBytes, where the answer is read by a program; or open ${linkOf(id, format)}`,
  });
}

/** Where who is signed in to Google downloads it. */
function linkOf(id: string, format: string): string {
  return `https://docs.google.com/spreadsheets/d/${cut(id)}/export?format=${format}`;
}
