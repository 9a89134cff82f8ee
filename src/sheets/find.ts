// Finding cells by their text: what they show, or their formulas. Reads band by band and keeps only what was found.

import { invalid } from '../errors.ts';
import { cut, shown } from '../words.ts';
import { columnName, formatA1, parseGrid } from './a1.ts';
import { readBands } from './bands.ts';
import type { Desk } from './desk.ts';
import { matcherOf, type Wanted } from './matcher.ts';
import { findSheet, type Resolved, resolveRange } from './metadata.ts';

export interface Search extends Wanted {
  readonly sheet?: string | number | undefined;
  readonly range?: string | undefined;
  readonly in: 'values' | 'formulas';
  /** Most cells that are listed. */
  readonly limit: number;
}

export interface Found {
  /** By sheet, in the order of the tabs; cells by their address, row by row, with what they show or their formula. */
  readonly matches: { readonly sheet: string; readonly cells: Record<string, string> }[];
  /** All that were found. */
  readonly total: number;
  /** There are more than those that are listed. */
  readonly more?: true;
}

/** Characters of a cell that are shown; a longer text ends in an ellipsis. */
export const SHOWN_CHARACTERS = 200;
/** What an address costs a reader, with its punctuation. */
const ADDRESS_CHARACTERS = 12;
/** Steps of matching after which others have their turn: mostly less than a millisecond, 15 at the worst. */
const SLICE_STEPS = 200_000;

/** All cells that match; those that are listed take `characters` at most. */
export async function findCells(desk: Desk, search: Search, characters: number): Promise<Found> {
  const matcher = matcherOf(search);
  const ranges = placesOf(desk, search);
  const render = search.in === 'formulas' ? 'formula' : 'formatted';
  const matches = new Map<string, Record<string, string>>();
  let [total, listed, left, steps] = [0, 0, characters, 0];
  for await (const { sheet, read } of readBands(desk.google, desk.spreadsheet.id, ranges, render)) {
    const { startRow = 0, startColumn = 0 } = read.grid;
    for (const [down, row] of read.values.entries()) {
      for (const [across, value] of row.entries()) {
        const text = String(value);
        if (text === '' || (search.in === 'formulas' && !text.startsWith('='))) continue;
        steps += text.length * matcher.steps;
        if (steps > SLICE_STEPS) {
          steps = 0;
          await desk.breathe();
        }
        if (!matcher.matches(text)) continue;
        total++;
        if (listed >= search.limit || left <= 0) continue;
        const told = cut(text, SHOWN_CHARACTERS);
        left -= JSON.stringify(told).length + ADDRESS_CHARACTERS;
        listed++;
        const cells = matches.get(sheet.title) ?? {};
        matches.set(sheet.title, cells);
        cells[`${columnName(startColumn + across)}${startRow + down + 1}`] = told;
      }
    }
  }
  return {
    matches: [...matches].map(([sheet, cells]) => ({ sheet, cells })),
    total,
    ...(total > listed && { more: true as const }),
  };
}

/** A sheet, or a range, which may be of the sheet that is named beside it; undefined: everything. */
function placesOf({ spreadsheet }: Desk, { sheet, range }: Search): Resolved[] | undefined {
  if (sheet === undefined) return range === undefined ? undefined : [resolveRange(spreadsheet, range)];
  const named = findSheet(spreadsheet, sheet);
  const grid = range === undefined ? {} : parseGrid(range);
  if (grid || range === undefined) return [{ sheet: named, grid: grid ?? {}, a1: formatA1(named.title, grid ?? {}) }];
  const found = resolveRange(spreadsheet, range);
  if (found.sheet.sheetId === named.sheetId) return [found];
  throw invalid(`range ${shown(range)} is not on sheet ${shown(named.title)}.`, 'Give one of the two.');
}
