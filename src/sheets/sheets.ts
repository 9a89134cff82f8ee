// The verbs that tools use. Binds a caller to the pipe; what each verb does stands in its own file.

import { setImmediate } from 'node:timers/promises';
import { abortError } from '../abort.ts';
import type { Send } from '../call.ts';
import { ServalError } from '../errors.ts';
import { parseGrid } from './a1.ts';
import { type Appended, appendRows, type NewRow } from './append.ts';
import { appendTableRows } from './append-table.ts';
import { createCall, type Origin, showsCells } from './calls.ts';
import { type Clearable, type Cleared, clearRanges } from './clear.ts';
import { type Description, describe } from './describe.ts';
import type { Desk, FileVerb, Verb } from './desk.ts';
import { type Created, createSpreadsheet, type FoundSpreadsheet, type NewSheet, searchSpreadsheets } from './drive.ts';
import type { Expectation } from './expect.ts';
import type { Image } from './images.ts';
import { MAX_MARKER } from './marker.ts';
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
import { readTables, type SheetTable } from './tables.ts';
import { FREE_TURN, type Turn } from './turns.ts';
import { type NewRecord, type Upserted, upsertRows } from './upsert.ts';
import type { Input } from './values.ts';
import { type RangeWrite, type Written, writeRanges } from './write.ts';

/** `spreadsheet` is an id or a URL throughout. Every verb rejects with a ServalError. */
export interface Sheets {
  describe(spreadsheet: string, sheets: readonly (string | number)[]): Promise<Description>;
  /** What its ranges may be called by; reads no cells. */
  names(spreadsheet: string): Promise<Names>;
  /** Ranges are resolved by name first, so that a wrong one is told with the right ones. */
  read(spreadsheet: string, ranges: readonly string[], render: Render): Promise<RangeValues[]>;
  /** What SQL reads as tables: sheets by title, named ranges, tables; of at most so many cells. */
  tables(spreadsheet: string, names: readonly string[], mostCells: number): Promise<SheetTable[]>;
  /** Only when all of `expect` holds; nothing of ours changes the cells between that look and the write. */
  write(
    spreadsheet: string,
    writes: readonly RangeWrite[],
    input: Input,
    expect?: readonly Expectation[],
  ): Promise<Written>;
  append(
    spreadsheet: string,
    target: string | number | { readonly table: string },
    rows: readonly NewRow[],
  ): Promise<Appended>;
  upsert(
    spreadsheet: string,
    sheet: string | number,
    key: readonly string[],
    rows: readonly NewRecord[],
  ): Promise<Upserted>;
  clear(spreadsheet: string, ranges: readonly string[], what: Clearable): Promise<Cleared>;
  /** Any other verb on a spreadsheet; `ranges` are those that it writes to. */
  on<T>(spreadsheet: string, verb: Verb<T>, ranges?: readonly string[]): Promise<T>;
  /** A verb that needs no names of sheets or ranges. */
  onFile<T>(spreadsheet: string, verb: FileVerb<T>): Promise<T>;
  create(title: string, sheets: readonly NewSheet[], folderId: string | undefined): Promise<Created>;
  search(
    query: string,
    limit: number,
    cursor: string | undefined,
  ): Promise<{ spreadsheets: FoundSpreadsheet[]; nextCursor?: string; incomplete?: true }>;
  /** The oldest that the reads so far were answered with; names of sheets and ranges do not count. */
  source(): Source;
}

/** Each in the order of the tabs, named ranges in Google's. */
export interface Names {
  readonly sheets: string[];
  readonly namedRanges: string[];
  readonly tables: string[];
}

export interface Source {
  readonly source: 'live' | 'cache' | 'stale';
  readonly ageMs?: number;
}

/** Where a reply came from; undefined for one from Google just now. */
export type SourceOf = (reply: unknown) => { readonly source: 'cache' | 'stale'; readonly ageMs: number } | undefined;

/** What a writer has beside its calls. */
export interface Writer {
  readonly turn: Turn;
  /** Told what its caller is answered should the reply be lost, before the call is handed on. */
  readonly foresee: (answer: object) => void;
  /** Keeps what the write replaces; absent where nobody wants that. */
  readonly keep?: (image: Image) => void;
}

/** How the work is done, beside on whose behalf. */
export interface Manner {
  /** Reads are never from memory. */
  readonly fresh: boolean;
  /** Nothing is written: answers say what would be. */
  readonly dryRun?: boolean;
  /** Formulas may fetch from elsewhere: default false. */
  readonly allowExternal?: boolean;
  /** The time on the scale of the deadline; absent where no work is long enough to ask. */
  readonly now?: () => number;
}

export const NO_WRITER: Writer = { turn: FREE_TURN, foresee: () => {} };

/** The verbs for one caller; the signal ends the waiting of all of them. `random` is from 0 to below 1, for ids. */
export function createSheets(
  send: Send,
  origin: Origin & Manner & { readonly random: () => number },
  signal: AbortSignal,
  sourceOf: SourceOf,
  { turn, foresee, keep }: Writer = NO_WRITER,
): Sheets {
  const { fresh, dryRun = false, allowExternal = false, now = () => 0, random, ...own } = origin;
  let source: Source = { source: 'live' };
  const alone = () => turn.alone(signal);
  const breathe = async () => {
    await setImmediate();
    if (signal.aborted) throw abortError(signal);
    if (now() > own.deadline) {
      throw new ServalError('timeout', 'The work was not done when the deadline of the request came.', {
        hint: 'Ask for less at once: a smaller range, a simpler expression.',
      });
    }
  };
  const newId = () => 1 + Math.floor(random() * (MAX_MARKER - 1));
  const google: Google = async (method, scope, params, { live = false, answer, areas } = {}) => {
    const call = createCall(own, method, scope, params, live || fresh, areas);
    if (call.kind === 'write') {
      if (dryRun) throw new ServalError('internal', 'A dry run must not write.', { sent: false, outcome: 'none' });
      if (answer !== undefined) foresee(answer);
      return turn.handOn(() => send(call, signal), signal);
    }
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
  const deskOf = (names: Spreadsheet): Desk => ({
    google,
    spreadsheet: names,
    alone,
    breathe,
    dryRun,
    allowExternal,
    newId,
    keep,
  });
  const on = <T>(spreadsheet: string, verb: Verb<T>, ranges: readonly string[] = []): Promise<T> =>
    withNames(google, spreadsheet, (names) => verb(deskOf(names)), { written: ranges });
  return {
    on,
    onFile: async (spreadsheet, verb) => verb({ google, id: parseSpreadsheetId(spreadsheet), alone }),
    describe: async (spreadsheet, sheets) => describe(google, parseSpreadsheetId(spreadsheet), sheets),
    names: async (spreadsheet) => {
      const { sheets, namedRanges } = await readSpreadsheet(google, parseSpreadsheetId(spreadsheet));
      return {
        sheets: sheets.map(({ title }) => title),
        namedRanges: namedRanges.map(({ name }) => name),
        tables: sheets.flatMap(({ reply }) => reply.tables.map(({ name }) => name)),
      };
    },
    read: (spreadsheet, ranges, render) =>
      on(spreadsheet, ({ spreadsheet: names }) =>
        readValues(
          google,
          names.id,
          ranges.map((range) => resolveRange(names, range).a1),
          render,
        ),
      ),
    tables: (spreadsheet, names, mostCells) =>
      withNames(google, spreadsheet, (sized) => readTables(google, sized, names, mostCells), { sizes: true }),
    write: (spreadsheet, writes, input, expect = []) =>
      on(
        spreadsheet,
        (desk) => writeRanges(desk, writes, input, expect),
        [...writes, ...expect].map(({ range }) => range),
      ),
    append: async (spreadsheet, target, rows) => {
      if (typeof target !== 'object') {
        return on(spreadsheet, (desk) => appendRows(desk, findSheet(desk.spreadsheet, target), rows));
      }
      // Nothing of a table is taken from memory: its columns may have moved meanwhile.
      const names = await readSpreadsheet(google, parseSpreadsheetId(spreadsheet), false, true);
      return appendTableRows(deskOf(names), target.table, rows);
    },
    upsert: (spreadsheet, sheet, key, rows) =>
      on(spreadsheet, (desk) => upsertRows(desk, findSheet(desk.spreadsheet, sheet), key, rows)),
    clear: (spreadsheet, ranges, what) => on(spreadsheet, (desk) => clearRanges(desk, ranges, what), ranges),
    create: (title, sheets, folderId) => createSpreadsheet(google, title, sheets, folderId),
    search: (query, limit, cursor) => searchSpreadsheets(google, query, limit, cursor),
    source: () => source,
  };
}

/** Refusals that a name or id which is gone meanwhile would explain. Nothing has been done when they come. */
const GONE = /Unable to parse range|No grid with id/;
/** And of what is read by sizes. */
const GONE_OR_SMALLER = new RegExp(`${GONE.source}|exceeds grid limits`);

/**
 * Does the work with the names as they are in memory, and once more with fresh ones where those prove out of date.
 * `written` are the ranges that it writes to: what of them can move is looked up at once, since that proves nothing.
 * `sizes` adds what changes with the cells.
 */
async function withNames<T>(
  google: Google,
  spreadsheet: string,
  work: (names: Spreadsheet) => Promise<T>,
  { written = [], sizes = false }: { readonly written?: readonly string[]; readonly sizes?: boolean },
): Promise<T> {
  const id = parseSpreadsheetId(spreadsheet);
  const cached = await readSpreadsheet(google, id, sizes);
  const known = written.some((range) => canMove(range, cached))
    ? await readSpreadsheet(google, id, sizes, true)
    : cached;
  try {
    return await work(known);
  } catch (error) {
    if (!(error instanceof ServalError)) throw error;
    const gone = sizes ? GONE_OR_SMALLER : GONE;
    const stale = error.code === 'not_found' || (error.code === 'invalid_argument' && gone.test(error.message));
    if (!stale) throw error;
    const fresh = await readSpreadsheet(google, id, sizes, true);
    if (JSON.stringify(fresh) === JSON.stringify(known)) throw error;
    return work(fresh);
  }
}

/** Whether a range is told by a named range or a table, whose cells move with what is inserted beside them. */
function canMove(range: string, { sheets }: Spreadsheet): boolean {
  const name = range.trim();
  return !/[!']/.test(name) && parseGrid(name) === undefined && !sheets.some(({ title }) => title === name);
}
