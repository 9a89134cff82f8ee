// Pages of values for a reader who pays per token: as many rows as fit, the total, and a cursor for the rest.

import { createHash } from 'node:crypto';
import Papa from 'papaparse';
import { invalid, ServalError } from '../errors.ts';
import { headerNames } from '../sheets/header.ts';
import type { RangeValues, Value } from '../sheets/read.ts';

export type Format = 'rows' | 'records' | 'csv' | 'markdown';

/** One token is four characters of JSON (the usual rule of thumb; the budget of every answer is stated in it). */
export const CHARACTERS_PER_TOKEN = 4;
/** A page when the caller names no limit, and the most that a page may ever be. */
export const PAGE_TOKENS = 10_000;
export const MAX_PAGE_TOKENS = 25_000;
/** What a range costs beside its rows: names, row numbers, punctuation. */
const RANGE_CHARACTERS = 160;

export interface PagedRange {
  readonly range: string;
  /** Rows of the range that hold content, down to the last such row; without the header row for records. */
  readonly totalRows: number;
  /** The spreadsheet's own number of the first row of this page; absent when the page holds none of the range. */
  readonly firstRow?: number;
  readonly header?: string[];
  readonly rows?: Value[][];
  readonly records?: Record<string, Value>[];
  readonly csv?: string;
  readonly markdown?: string;
}

export interface Page {
  readonly ranges: PagedRange[];
  readonly nextCursor?: string;
  readonly warnings?: string[];
}

interface Position {
  /** Index of the range, and rows of it already given. */
  readonly range: number;
  readonly row: number;
  /** Digest of the request that the cursor belongs to, and of the values it was given for. */
  readonly request: string;
  readonly values: string;
}

/** The page that begins at the cursor. `request` is whatever the cursor must not outlive, as a string. */
export function pageOf(
  read: readonly RangeValues[],
  format: Format,
  limit: number | undefined,
  cursor: string | undefined,
  request: string,
): Page {
  const from = cursor === undefined ? undefined : decodeCursor(cursor, digest(request));
  const values = digest(JSON.stringify(read.map((one) => one.values)));
  const budget = (limit === undefined ? PAGE_TOKENS : MAX_PAGE_TOKENS) * CHARACTERS_PER_TOKEN;
  const ranges: PagedRange[] = [];
  let used = 0;
  let left = limit ?? Number.POSITIVE_INFINITY;
  for (let index = from?.range ?? 0; index < read.length; index++) {
    const table = tableOf(read[index], format);
    const start = index === from?.range ? Math.min(from.row, table.rows.length) : 0;
    used += RANGE_CHARACTERS + table.overhead;
    if (used > budget && ranges.length === 0) throw tooWide(table, 0, used, limit);
    let end = start;
    for (; end < table.rows.length && left > 0; end++, left--) {
      const size = table.size(end);
      if (used + size > budget && end === start && ranges.length === 0) throw tooWide(table, end, used + size, limit);
      if (used + size > budget) break;
      used += size;
    }
    const done = end === table.rows.length && used <= budget;
    if (end > start || done) ranges.push(table.slice(start, end));
    if (!done) {
      const next = { range: index, row: end, request: digest(request), values };
      return { ranges, nextCursor: encodeCursor(next), ...changed(from, values) };
    }
  }
  return { ranges, ...changed(from, values) };
}

function changed(from: Position | undefined, values: string): { warnings?: string[] } {
  if (from === undefined || from.values === values) return {};
  return {
    warnings: ['The cells have changed since the page before: start again without cursor for one consistent copy.'],
  };
}

function tooWide({ firstRow, columns }: Table, row: number, size: number, limit: number | undefined): ServalError {
  const tokens = Math.ceil(size / CHARACTERS_PER_TOKEN);
  const most = limit === undefined ? PAGE_TOKENS : MAX_PAGE_TOKENS;
  const hints = [
    ...(limit === undefined && tokens <= MAX_PAGE_TOKENS
      ? [`Pass limit: a page may then hold ${MAX_PAGE_TOKENS}.`]
      : []),
    ...(columns > 1 ? ['Read fewer columns at once.'] : []),
    ...(tokens > MAX_PAGE_TOKENS && columns === 1
      ? ['It is one cell: if a formula made it, render "formula" shows that; else split the text over several cells.']
      : []),
  ];
  const what = columns === 1 ? `The cell in row ${firstRow + row}` : `Row ${firstRow + row}`;
  return new ServalError('too_large', `${what} alone is about ${tokens} tokens, more than a page may hold (${most}).`, {
    hint: hints.join(' '),
  });
}

/** One range in its format, row by row. */
interface Table {
  readonly rows: readonly unknown[];
  /** The spreadsheet's number of the first row. */
  readonly firstRow: number;
  /** How many columns hold something. */
  readonly columns: number;
  /** Characters that every page of it costs. */
  readonly overhead: number;
  size(row: number): number;
  slice(start: number, end: number): PagedRange;
}

function tableOf(read: RangeValues | undefined, format: Format): Table {
  const { range = '', grid = {}, values = [] } = read ?? {};
  const top = (grid.startRow ?? 0) + 1;
  const width = values.reduce((widest, row) => Math.max(widest, row.length), 0);
  const base = (start: number, end: number, total: number, first: number) => ({
    range,
    totalRows: total,
    ...(end > start && { firstRow: first + start }),
  });
  if (format === 'records') {
    const header = headerNames(padded(values[0] ?? [], width), grid.startColumn ?? 0);
    const records = values.slice(1).map((row) => recordOf(header, row));
    return {
      rows: records,
      firstRow: top + 1,
      columns: width,
      overhead: records.length === 0 ? JSON.stringify(header).length : 0,
      size: (row) => JSON.stringify(records[row]).length + 1,
      slice: (start, end) => ({
        ...base(start, end, records.length, top + 1),
        ...(records.length === 0 && values.length > 0 && { header }),
        records: records.slice(start, end),
      }),
    };
  }
  if (format === 'rows') {
    return {
      rows: values,
      firstRow: top,
      columns: width,
      overhead: 0,
      size: (row) => JSON.stringify(values[row]).length + 1,
      slice: (start, end) => ({ ...base(start, end, values.length, top), rows: values.slice(start, end) }),
    };
  }
  const lines = format === 'csv' ? csvLines(values) : values.map((row) => markdownLine(padded(row, width)));
  // A Markdown table needs its first row and the rule on every page, or it is not one.
  const [head = ''] = lines;
  const rule = `|${'---|'.repeat(width)}`;
  return {
    rows: lines,
    firstRow: top,
    columns: width,
    overhead: format === 'markdown' ? JSON.stringify(head).length + rule.length : 0,
    size: (row) => JSON.stringify(lines[row]).length,
    slice: (start, end) => {
      const own = lines.slice(start, end);
      const text = format === 'markdown' ? [...(start === 0 ? [] : [head]), ...own] : own;
      if (format === 'markdown' && text.length > 0) text.splice(1, 0, rule);
      return { ...base(start, end, values.length, top), [format]: text.join('\n') };
    },
  };
}

function padded(row: readonly Value[], width: number): Value[] {
  return Array.from({ length: width }, (_, column) => row[column] ?? '');
}

/** Blank cells are left out: a reader pays for every name. */
function recordOf(header: readonly string[], row: readonly Value[]): Record<string, Value> {
  const cells = header.flatMap((name, column): [string, Value][] => {
    const value = row[column];
    return value === undefined || value === '' ? [] : [[name, value]];
  });
  return Object.fromEntries(cells);
}

/** One line for each row, all as long as the longest. */
export function csvLines(values: readonly (readonly Value[])[], delimiter = ','): string[] {
  const width = values.reduce((widest, row) => Math.max(widest, row.length), 0);
  return values.map((row) => csvLine(padded(row, width), delimiter));
}

function csvLine(row: readonly Value[], delimiter: string): string {
  return Papa.unparse([row.map((value) => (value === '' ? null : value))], { delimiter, newline: '\n' });
}

function markdownLine(row: readonly Value[]): string {
  const cells = row.map((value) =>
    String(value)
      .replaceAll(/[\\|]/g, '\\$&')
      .replaceAll(/\r\n|\r|\n/g, '<br>'),
  );
  return `|${cells.join('|')}|`;
}

/** Of the ranges of a request those that a page with this cursor has not given to their end. */
export function unfinished(ranges: readonly string[], nextCursor: string): readonly string[] {
  return ranges.slice(positionOf(nextCursor).range);
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('base64url').slice(0, 12);
}

function encodeCursor({ range, row, request, values }: Position): string {
  return Buffer.from(JSON.stringify([range, row, request, values])).toString('base64url');
}

const AGAIN = 'Pass nextCursor of the answer before with the same arguments, or leave cursor out.';

function decodeCursor(cursor: string, request: string): Position {
  const position = positionOf(cursor);
  if (position.request !== request) throw invalid('cursor belongs to a read with other arguments.', AGAIN);
  return position;
}

function positionOf(cursor: string): Position {
  let parts: unknown;
  try {
    parts = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
  } catch {
    throw invalid('cursor is not one that this tool gave.', AGAIN);
  }
  const [range, row, request, values] = Array.isArray(parts) ? parts : [];
  const valid = [range, row].every((part) => Number.isSafeInteger(part) && part >= 0);
  if (!valid || typeof request !== 'string' || typeof values !== 'string') {
    throw invalid('cursor is not one that this tool gave.', AGAIN);
  }
  return { range, row, request, values };
}
