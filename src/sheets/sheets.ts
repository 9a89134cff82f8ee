// The verbs that tools use. Binds a caller to the pipe; what each verb does stands in its own file.

import type { Send } from '../call.ts';
import { type Appended, appendRows, type NewRow } from './append.ts';
import { createCall, type Origin } from './calls.ts';
import { type Description, describe } from './describe.ts';
import { type Created, createSpreadsheet, type FoundSpreadsheet, type NewSheet, searchSpreadsheets } from './drive.ts';
import { findSheet, type Google, parseSpreadsheetId, readSpreadsheet, resolveRange } from './metadata.ts';
import type { RangeValues, Render } from './read.ts';
import { readValues } from './read.ts';
import type { Input } from './values.ts';
import { type RangeWrite, type Written, writeRanges } from './write.ts';

/** `spreadsheet` is an id or a URL throughout. Every verb rejects with a ServalError. */
export interface Sheets {
  describe(spreadsheet: string, sheets: readonly (string | number)[]): Promise<Description>;
  /** Ranges are resolved by name first, so that a wrong one is told with the right ones. */
  read(spreadsheet: string, ranges: readonly string[], render: Render): Promise<RangeValues[]>;
  write(spreadsheet: string, writes: readonly RangeWrite[], input: Input): Promise<Written>;
  append(spreadsheet: string, sheet: string | number, rows: readonly NewRow[]): Promise<Appended>;
  create(title: string, sheets: readonly NewSheet[], folderId: string | undefined): Promise<Created>;
  search(
    query: string,
    limit: number,
    cursor: string | undefined,
  ): Promise<{ spreadsheets: FoundSpreadsheet[]; nextCursor?: string; incomplete?: true }>;
}

/** The verbs for one caller; the signal ends the waiting of all of them. */
export function createSheets(send: Send, origin: Origin, signal: AbortSignal): Sheets {
  const google: Google = (method, scope, params) => send(createCall(origin, method, scope, params), signal);
  return {
    describe: async (spreadsheet, sheets) => describe(google, parseSpreadsheetId(spreadsheet), sheets),
    read: async (spreadsheet, ranges, render) => {
      const names = await readSpreadsheet(google, parseSpreadsheetId(spreadsheet));
      const resolved = ranges.map((range) => resolveRange(names, range).a1);
      return readValues(google, names.id, resolved, render);
    },
    write: async (spreadsheet, writes, input) =>
      writeRanges(google, await readSpreadsheet(google, parseSpreadsheetId(spreadsheet)), writes, input),
    append: async (spreadsheet, sheet, rows) => {
      const names = await readSpreadsheet(google, parseSpreadsheetId(spreadsheet));
      return appendRows(google, names, findSheet(names, sheet), rows);
    },
    create: (title, sheets, folderId) => createSpreadsheet(google, title, sheets, folderId),
    search: (query, limit, cursor) => searchSpreadsheets(google, query, limit, cursor),
  };
}
