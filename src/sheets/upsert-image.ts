// What an upsert replaces: the cells of the rows that it updates, read in one call however far apart they are.

import type { Grid } from './a1.ts';
import type { GridCell } from './decode.ts';
import type { Desk } from './desk.ts';
import { type CellState, type Image, type ImageArea, MAX_IMAGE_CELLS, readStates, valueState } from './images.ts';
import type { Sheet } from './metadata.ts';
import type { Line } from './places.ts';

/** Ranges of one read; rows that are near each other share one. */
const MAX_RANGES = 40;

/**
 * The image of the updated rows, without areas where there are none. Undefined when it is not wanted, or when the rows
 * lie so far apart that too much would have to be read. `known` tells cells that were read already.
 */
export async function updatedImage(
  desk: Desk,
  sheet: Sheet,
  column: number,
  updates: ReadonlyMap<number, Line>,
  known?: (row: number, column: number) => GridCell | undefined,
): Promise<Image | undefined> {
  if (!desk.keep && !desk.dryRun) return undefined;
  const dated = [...updates.values()].some((line) => line.some((literal) => literal?.date !== undefined));
  const fields = `userEnteredValue${dated ? ',userEnteredFormat.numberFormat' : ''}`;
  const compared = ['userEnteredValue'];
  const width = Math.max(0, ...[...updates.values()].map((line) => line.length));
  const spans = spansOf([...updates.keys()], MAX_RANGES);
  const cells = spans.reduce((sum, [from, to]) => sum + (to - from) * width, 0);
  if (cells > MAX_IMAGE_CELLS) return undefined;
  if (spans.length === 0) return { fields, compared, areas: [] };
  const ranges = spans.map(([startRow, endRow]) => ({
    sheet,
    grid: { startRow, endRow, startColumn: column, endColumn: column + width },
  }));
  const states = known
    ? ranges.map(({ grid }) => statesOf(grid, known))
    : await readStates(desk.google, desk.spreadsheet.id, ranges, fields);
  const areas = spans.map(([from], index): ImageArea => {
    const rows = states[index] ?? [];
    const of = (stateOf: (down: number, across: number) => CellState) =>
      rows.map((line, down) =>
        line.map((_, across) => (updates.get(from + down)?.[across] ? stateOf(down, across) : null)),
      );
    return {
      sheetId: sheet.sheetId,
      title: sheet.title,
      row: from,
      column,
      before: of((down, across) => rows[down]?.[across] ?? {}),
      after: of((down, across) => valueState(updates.get(from + down)?.[across]?.value)),
    };
  });
  return { fields, compared, areas };
}

function statesOf(grid: Required<Grid>, known: (row: number, column: number) => GridCell | undefined): CellState[][] {
  return Array.from({ length: grid.endRow - grid.startRow }, (_, down) =>
    Array.from({ length: grid.endColumn - grid.startColumn }, (_, across): CellState => {
      const { userEnteredValue, userEnteredFormat } = known(grid.startRow + down, grid.startColumn + across) ?? {};
      return { ...valueState(userEnteredValue), ...(userEnteredFormat && { userEnteredFormat }) };
    }),
  );
}

/** The rows as at most so many half-open spans: those with the smallest gaps between them are joined. */
export function spansOf(rows: readonly number[], most: number): [number, number][] {
  const sorted = rows.toSorted((a, b) => a - b);
  const gaps = sorted.map((row, index) => row - (sorted[index - 1] ?? row)).sort((a, b) => b - a);
  const widest = Math.max(1, gaps[most - 1] ?? 1);
  const spans: [number, number][] = [];
  for (const row of sorted) {
    const last = spans.at(-1);
    if (last && row - last[1] < widest) last[1] = row + 1;
    else spans.push([row, row + 1]);
  }
  return spans;
}
