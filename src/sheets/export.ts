// A spreadsheet as a file: all rows of one sheet, or the whole as Drive converts it. Bounded, and never cut.

import { z } from 'zod';
import { ServalError } from '../errors.ts';
import { readBands } from './bands.ts';
import { decode, type Value } from './decode.ts';
import type { Desk, FileDesk } from './desk.ts';
import { findSheet, type Sheet } from './metadata.ts';

/** What Drive converts a spreadsheet to (Drive, "Export MIME types"). */
const CONVERTED = {
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  pdf: 'application/pdf',
  ods: 'application/vnd.oasis.opendocument.spreadsheet',
} as const;

export type FileFormat = keyof typeof CONVERTED;

export interface SheetRows {
  readonly id: string;
  readonly sheet: Sheet;
  /** Cells as shown, down to the last row with content; undefined when they alone have more characters than asked for. */
  readonly rows: readonly (readonly Value[])[] | undefined;
}

/** All rows of a sheet, the first where none is named; `most` bounds the characters of its cells and what divides them. */
export async function readRows(desk: Desk, named: string | number | undefined, most: number): Promise<SheetRows> {
  const { id, sheets } = desk.spreadsheet;
  const chosen = named === undefined ? sheets[0] : findSheet(desk.spreadsheet, named);
  if (!chosen) throw new ServalError('not_found', 'The spreadsheet has no sheets.');
  const rows: Value[][] = [];
  // Behind the last cell there is nothing.
  let characters = -1;
  for await (const { read } of readBands(desk.google, id, [{ sheet: chosen, grid: {}, a1: '' }], 'formatted')) {
    // Blank rows at the end of a piece are not told by it.
    while (rows.length < (read.grid.startRow ?? 0) && read.values.length > 0) rows.push([]);
    for (const row of read.values) {
      characters += row.reduce<number>((sum, value) => sum + String(value).length + 1, 0);
      rows.push(row);
    }
    if (characters > most) return { id, sheet: chosen, rows: undefined };
  }
  return { id, sheet: chosen, rows };
}

export interface ConvertedFile {
  readonly id: string;
  readonly mimeType: string;
  readonly sizeBytes: number;
  readonly base64: string;
}

const fileReply = z.object({ mimeType: z.string(), base64: z.string() });

/** The whole spreadsheet as Drive converts it. */
export async function convert({ google, id }: FileDesk, format: FileFormat): Promise<ConvertedFile> {
  const mimeType = CONVERTED[format];
  const reply = await google('files.export', id, { fileId: id, mimeType }).catch((error) => cannot(error, format));
  const { base64 } = decode(fileReply, reply, 'files.export');
  return { id, mimeType, sizeBytes: Buffer.byteLength(base64, 'base64'), base64 };
}

/** A backend that does not convert to that format says so in Drive's words. */
function cannot(error: unknown, format: FileFormat): never {
  if (!(error instanceof ServalError) || !/conversion is not supported/.test(error.message)) throw error;
  throw new ServalError('unsupported', `This backend does not export ${format}: ${error.message}`, {
    hint: 'csv and tsv are made of any backend.',
  });
}
