// The verbs that tools use. Binds a caller to the pipe; what each verb does stands in its own file.

import type { Send } from '../call.ts';
import { ServalError } from '../errors.ts';
import { type Appended, appendRows, type NewRow } from './append.ts';
import { createCall, type Origin, showsCells } from './calls.ts';
import { type Description, describe } from './describe.ts';
import { type Created, createSpreadsheet, type FoundSpreadsheet, type NewSheet, searchSpreadsheets } from './drive.ts';
import {
  findSheet,
  type Google,
  parseSpreadsheetId,
  readSpreadsheet,
  resolveRange,
  type Spreadsheet,
} from './metadata.ts';
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
  /** The oldest that the reads so far were answered with; names of sheets and ranges do not count. */
  source(): Source;
}

export interface Source {
  readonly source: 'live' | 'cache' | 'stale';
  readonly ageMs?: number;
}

/** Where a reply came from; undefined for one from Google just now. */
export type SourceOf = (reply: unknown) => { readonly source: 'cache' | 'stale'; readonly ageMs: number } | undefined;

/** The verbs for one caller; the signal ends the waiting of all of them. `fresh` reads are never from memory. */
export function createSheets(
  send: Send,
  origin: Origin & { readonly fresh: boolean },
  signal: AbortSignal,
  sourceOf: SourceOf,
): Sheets {
  const { fresh, ...own } = origin;
  let source: Source = { source: 'live' };
  const google: Google = async (method, scope, params, live = false) => {
    const call = createCall(own, method, scope, params, live || fresh);
    const reply = await send(call, signal);
    const from = sourceOf(reply);
    if (from && showsCells(call) && (source.source !== 'stale' || from.source === 'stale')) {
      source = {
        source: from.source,
        ageMs: Math.max(from.ageMs, source.source === from.source ? (source.ageMs ?? 0) : 0),
      };
    }
    return reply;
  };
  return {
    describe: async (spreadsheet, sheets) => describe(google, parseSpreadsheetId(spreadsheet), sheets),
    read: (spreadsheet, ranges, render) =>
      withNames(google, spreadsheet, (names) =>
        readValues(
          google,
          names.id,
          ranges.map((range) => resolveRange(names, range).a1),
          render,
        ),
      ),
    write: (spreadsheet, writes, input) =>
      withNames(google, spreadsheet, (names) => writeRanges(google, names, writes, input)),
    append: (spreadsheet, sheet, rows) =>
      withNames(google, spreadsheet, (names) => appendRows(google, names, findSheet(names, sheet), rows)),
    create: (title, sheets, folderId) => createSpreadsheet(google, title, sheets, folderId),
    search: (query, limit, cursor) => searchSpreadsheets(google, query, limit, cursor),
    source: () => source,
  };
}

/** Refusals that a name or id which is gone meanwhile would explain. Nothing has been done when they come. */
const GONE = /Unable to parse range|No grid with id/;

/** Does the work with the names as they are in memory, and once more with fresh ones where those prove out of date. */
async function withNames<T>(google: Google, spreadsheet: string, work: (names: Spreadsheet) => Promise<T>): Promise<T> {
  const id = parseSpreadsheetId(spreadsheet);
  const known = await readSpreadsheet(google, id);
  try {
    return await work(known);
  } catch (error) {
    if (!(error instanceof ServalError)) throw error;
    const stale = error.code === 'not_found' || (error.code === 'invalid_argument' && GONE.test(error.message));
    if (!stale) throw error;
    const fresh = await readSpreadsheet(google, id, false, true);
    if (JSON.stringify(fresh) === JSON.stringify(known)) throw error;
    return work(fresh);
  }
}
