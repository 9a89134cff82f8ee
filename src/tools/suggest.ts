// Names to choose from while somebody types: spreadsheets, sheets, ranges. Help that may fail; it reads as little as
// it can.

import { parseSpreadsheetId } from '../sheets/metadata.ts';
import type { Sheets } from '../sheets/sheets.ts';
import type { Reading } from './run.ts';

/** The most that are told at once (the limit of MCP's completions). */
const MAX_VALUES = 100;
/** Longer than what is searched for by title. */
const MAX_QUERY = 200;

export interface Suggestions {
  readonly values: readonly string[];
  /** How many there are, where that is known. */
  readonly total?: number;
  readonly hasMore: boolean;
}

export const NO_SUGGESTIONS: Suggestions = { values: [], hasMore: false };

/**
 * Spreadsheets whose title has words that begin so, newest first, by id or by title; by id also those whose id begins
 * so, of the newest.
 */
export function spreadsheetsLike(typed: string, by: 'id' | 'title'): Reading<Suggestions> {
  return {
    operation: 'complete',
    beside: 'search_spreadsheets',
    bestEffort: true,
    run: async ({ sheets }) => {
      if (typed.length > MAX_QUERY) return NO_SUGGESTIONS;
      const { spreadsheets, nextCursor } = await sheets.search(typed, MAX_VALUES, undefined);
      const values = [...new Set(spreadsheets.map((one) => one[by]))];
      if (values.length > 0 || by === 'title') return { values, hasMore: nextCursor !== undefined };
      const newest = await sheets.search('', MAX_VALUES, undefined);
      return some(newest.spreadsheets.map(({ id }) => id).filter((id) => id.startsWith(typed)));
    },
  };
}

/**
 * Sheets, named ranges and tables of a spreadsheet, which is told by its id, or by title, id or URL; once a sheet and
 * `!` are typed, the cells of it that are used.
 */
export function rangesLike(spreadsheet: string, typed: string, by: 'id' | 'title'): Reading<Suggestions> {
  return {
    operation: 'complete',
    beside: 'describe_spreadsheet',
    bestEffort: true,
    run: async ({ sheets }) => {
      const id = by === 'id' ? parseSpreadsheetId(spreadsheet) : await idOf(sheets, spreadsheet);
      const names = await sheets.names(id);
      const mark = typed.lastIndexOf('!');
      if (mark < 0) return matching([...names.sheets, ...names.namedRanges, ...names.tables], typed);
      const written = typed.slice(0, mark);
      const bare = /^'(.*)'$/s.exec(written)?.[1]?.replaceAll("''", "'");
      const title = names.sheets.find((one) => one === written) ?? names.sheets.find((one) => one === bare);
      if (title === undefined) return NO_SUGGESTIONS;
      const { usedRange } = (await sheets.describe(id, [title])).sheets[0] ?? {};
      return matching(usedRange === undefined ? [] : [`${written}!${usedRange}`], typed);
    },
  };
}

/** Longer than a title that is one word; what is shorter may be both, and is a title where there is one. */
const SURE_ID = /^[\w-]{40,}$/;

async function idOf(sheets: Sheets, spreadsheet: string): Promise<string> {
  if (spreadsheet.includes('/') || SURE_ID.test(spreadsheet)) return parseSpreadsheetId(spreadsheet);
  const { spreadsheets } = await sheets.search(spreadsheet.slice(0, MAX_QUERY), MAX_VALUES, undefined);
  return spreadsheets.find(({ title }) => title === spreadsheet)?.id ?? parseSpreadsheetId(spreadsheet);
}

/** Those that begin as typed, then those that have it in them; case does not matter. */
function matching(names: readonly string[], typed: string): Suggestions {
  const wanted = typed.toLowerCase();
  const place = (name: string) => name.toLowerCase().indexOf(wanted);
  const found = [...new Set(names)].filter((name) => place(name) >= 0);
  return some([...found.filter((name) => place(name) === 0), ...found.filter((name) => place(name) > 0)]);
}

function some(all: readonly string[]): Suggestions {
  return { values: all.slice(0, MAX_VALUES), total: all.length, hasMore: all.length > MAX_VALUES };
}
