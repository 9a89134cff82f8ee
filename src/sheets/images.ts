// What a write replaces and what it leaves: cells as they were, kept so that the write can be undone. Changes nothing.

import { z } from 'zod';
import { formatA1, type Grid } from './a1.ts';
import { decode } from './decode.ts';
import type { Desk } from './desk.ts';
import { type Google, type Resolved, readSpreadsheet, type Sheet } from './metadata.ts';
import { chunksByUrl } from './read.ts';

/** Parts of a cell, as the API has them; `{}` is a blank one. */
export type CellState = Readonly<Record<string, unknown>>;

export interface ImageArea {
  readonly sheetId: number;
  /** As it was called then; for words. */
  readonly title: string;
  /** Of its first cell, zero-based. */
  readonly row: number;
  readonly column: number;
  /** Rows of cells; `null` is a cell that the write left alone. */
  readonly before: readonly (readonly (CellState | null)[])[];
  /** What the write left, where that can be told. */
  readonly after?: readonly (readonly (CellState | null)[])[];
}

export interface Image {
  /** Field mask of the parts of a cell that are put back. */
  readonly fields: string;
  /** The parts by which it is seen whether a cell is as the write left it: names of fields at the top of a cell. */
  readonly compared: readonly string[];
  readonly areas: readonly ImageArea[];
}

/** Putting cells back is one request: Google advises at most 2 MB for one. */
const MAX_IMAGE_BYTES = 2_000_000;
/** Cells that are read to be kept; as many of a few characters are about MAX_IMAGE_BYTES. */
export const MAX_IMAGE_CELLS = 100_000;

/** Keeps the image, or says in a warning why the write cannot be undone. */
export function keepImage({ keep, dryRun }: Desk, image: Image): string[] {
  if (!keep) return [];
  const cells = image.areas.reduce((sum, { before }) => sum + before.reduce((all, row) => all + row.length, 0), 0);
  if (cells > MAX_IMAGE_CELLS || JSON.stringify(image).length > MAX_IMAGE_BYTES) return [notKept()];
  if (!dryRun) keep(image);
  return [];
}

export function notKept(): string {
  return `undo_write cannot undo this: more than ${MAX_IMAGE_CELLS} cells or ${MAX_IMAGE_BYTES / 1_000_000} MB are concerned.`;
}

/** The state of a cell that holds just this. */
export function valueState(userEnteredValue: object | undefined): CellState {
  return userEnteredValue === undefined ? {} : { userEnteredValue };
}

const stateBlock = z.object({
  startRow: z.number().default(0),
  startColumn: z.number().default(0),
  rowData: z.array(z.object({ values: z.custom<CellState[]>(Array.isArray).default([]) })).default([]),
});

const statesReply = z.object({
  sheets: z
    .array(
      z.object({
        properties: z.object({ sheetId: z.number().default(0) }).prefault({}),
        data: z.array(stateBlock).default([]),
      }),
    )
    .default([]),
});

export interface ClosedRange {
  readonly sheet: Sheet;
  readonly grid: Required<Grid>;
}

/** Rows of cells from a place on; blank ones at the ends are absent. */
export type StateBlock = z.output<typeof stateBlock>;

/** The parts of the cells of closed grids, read live: one block per range, in their order. */
export async function readStateBlocks(
  google: Google,
  id: string,
  ranges: readonly ClosedRange[],
  fields: string,
): Promise<(StateBlock | undefined)[]> {
  const parts = fields.split(',').map((field) => `values.${field}`);
  const named = ranges.map(({ sheet, grid }) => ({ sheet, text: formatA1(sheet.title, grid) }));
  const replies = await Promise.all(
    chunksByUrl(named, ({ text }) => text).map(async (chunk) => {
      const params = {
        spreadsheetId: id,
        ranges: chunk.map(({ text }) => text),
        fields: `sheets(properties(sheetId,title),data(startRow,startColumn,rowData(${parts.join(',')})))`,
      };
      const reply = await google('spreadsheets.get', id, params, { live: true });
      const { sheets } = decode(statesReply, reply, 'spreadsheets.get');
      const left = new Map(sheets.map(({ properties, data }) => [properties.sheetId, [...data]]));
      // Google groups the blocks by sheet and keeps the order of the ranges within each.
      return chunk.map(({ sheet }) => left.get(sheet.sheetId)?.shift());
    }),
  );
  return replies.flat();
}

/** The parts of all cells of closed grids, read live: rows and cells as many as the grids have. */
export async function readStates(
  google: Google,
  id: string,
  ranges: readonly ClosedRange[],
  fields: string,
): Promise<CellState[][][]> {
  const blocks = await readStateBlocks(google, id, ranges, fields);
  return ranges.map(({ grid }, index) => statesOf(blocks[index], grid));
}

/** All cells of a grid as a block shows them. */
export function statesOf(block: StateBlock | undefined, grid: Required<Grid>): CellState[][] {
  return Array.from({ length: grid.endRow - grid.startRow }, (_, down) =>
    Array.from(
      { length: grid.endColumn - grid.startColumn },
      (_, across): CellState =>
        block?.rowData[grid.startRow + down - block.startRow]?.values[grid.startColumn + across - block.startColumn] ??
        {},
    ),
  );
}

/**
 * The parts of the cells of ranges as areas of an image, read live; undefined when they are too many to be kept. What
 * of a range lies beyond the edge of its sheet is left out.
 */
export async function readAreas(
  { google, spreadsheet }: Desk,
  ranges: readonly Resolved[],
  fields: string,
): Promise<ImageArea[] | undefined> {
  const open = ranges.some(({ grid }) => grid.endRow === undefined || grid.endColumn === undefined);
  const sheets = open ? (await readSpreadsheet(google, spreadsheet.id, true, true)).sheets : [];
  const closed = ranges.map(({ sheet, grid }) => {
    const { startRow = 0, startColumn = 0, endRow, endColumn } = grid;
    const size = sheets.find((one) => one.sheetId === sheet.sheetId) ?? sheet;
    return {
      sheet,
      grid: { startRow, endRow: endRow ?? size.rows, startColumn, endColumn: endColumn ?? size.columns },
    };
  });
  const cells = closed.reduce(
    (sum, { grid }) => sum + (grid.endRow - grid.startRow) * (grid.endColumn - grid.startColumn),
    0,
  );
  if (cells > MAX_IMAGE_CELLS) return undefined;
  const states = await readStates(google, spreadsheet.id, closed, fields);
  return closed.map(({ sheet, grid }, index) => ({
    sheetId: sheet.sheetId,
    title: sheet.title,
    row: grid.startRow,
    column: grid.startColumn,
    before: states[index] ?? [],
  }));
}

const TEXT = /"(?:[^"]|"")*"|'(?:[^']|'')*'|[^"']+/g;

/** Equal for states that a reader would call the same: numbers to 15 digits, formulas but for case and blanks. */
export function keyOfState(state: CellState, compared: readonly string[]): string {
  return JSON.stringify(
    compared.map((name) => state[name] ?? null),
    (key, value: unknown) => {
      if (key === 'formulaValue' && typeof value === 'string') return plainFormula(value);
      if (typeof value === 'number') return Number.isInteger(value) ? value : Number(value.toPrecision(15));
      if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
      return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
    },
  );
}

/** Google prints a formula in its own way: names of functions in capitals, and blanks are kept or not. */
function plainFormula(formula: string): string {
  return formula.replace(TEXT, (part) => (/^["']/.test(part) ? part : part.replaceAll(/\s+/g, '').toUpperCase()));
}
