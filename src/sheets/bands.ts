// Whole sheets and long ranges as pieces of which each is read by itself, so that memory holds only one at a time.

import { ServalError } from '../errors.ts';
import { cut, shown } from '../words.ts';
import { closeGrid, formatA1, type Grid } from './a1.ts';
import { type Google, type Resolved, readSpreadsheet, type Sheet } from './metadata.ts';
import { type RangeValues, type Render, readValues } from './read.ts';

/** Cells of one read: a reply of so many is some tens of megabytes, and Google gives it within its time limit. */
const MAX_CELLS_AT_ONCE = 500_000;
/** Cells of one piece of work: ten such reads one after the other come near the deadline of a call. */
export const MAX_CELLS = 5_000_000;

/** A piece of a sheet, with its values; `grid` of the values is closed. */
export interface Band {
  readonly sheet: Sheet;
  readonly read: RangeValues;
}

interface Piece {
  readonly sheet: Sheet;
  readonly grid: Required<Grid>;
}

/**
 * The values of the ranges, or of all sheets, from top to bottom, in few calls made one after the other. Open ranges
 * reach to the edge of their sheet. Rejects with `too_large` beyond MAX_CELLS, before any cell is read.
 */
export async function* readBands(
  google: Google,
  id: string,
  ranges: readonly Resolved[] | undefined,
  render: Render,
): AsyncGenerator<Band> {
  const pieces = await closed(google, id, ranges);
  refuseTooMany(pieces);
  for (const group of grouped(pieces.flatMap(divided))) {
    const texts = group.map(({ sheet, grid }) => formatA1(sheet.title, grid));
    const reads = await readValues(google, id, texts, render);
    for (const [index, { sheet }] of group.entries()) {
      const read = reads[index];
      if (read) yield { sheet, read };
    }
  }
}

/** Sizes are read only where a range is open, or so long that what of it lies beyond its sheet would count. */
async function closed(google: Google, id: string, ranges: readonly Resolved[] | undefined): Promise<Piece[]> {
  const isOpen = ({ grid }: Pick<Resolved, 'grid'>) => !isClosed(grid) || cellsOf(grid) > MAX_CELLS_AT_ONCE;
  const sized = !ranges || ranges.some(isOpen) ? (await readSpreadsheet(google, id, true)).sheets : [];
  return (ranges ?? sized.map((sheet) => ({ sheet, grid: {} }))).flatMap((range): Piece[] => {
    const { sheet, grid } = range;
    if (isClosed(grid) && !isOpen(range)) return [{ sheet, grid }];
    const size = sized.find((one) => one.sheetId === sheet.sheetId);
    // It is gone, or holds no cells: a chart on a sheet of its own.
    if (!size || size.rows === 0) return [];
    // The title is that of another sheet by now: who holds these names reads them again.
    if (size.title !== sheet.title) throw renamed(sheet);
    const whole = closeGrid(grid, size);
    return [
      {
        sheet: size,
        grid: {
          ...whole,
          endRow: Math.max(whole.startRow + 1, Math.min(whole.endRow, size.rows)),
          endColumn: Math.max(whole.startColumn + 1, Math.min(whole.endColumn, size.columns)),
        },
      },
    ];
  });
}

function renamed({ title }: Sheet): ServalError {
  return new ServalError('not_found', `The sheet ${shown(title)} was renamed or replaced.`);
}

function isClosed(grid: Grid): grid is Required<Grid> {
  return [grid.startRow, grid.endRow, grid.startColumn, grid.endColumn].every((bound) => bound !== undefined);
}

function cellsOf({ startRow, endRow, startColumn, endColumn }: Required<Grid>): number {
  return (endRow - startRow) * (endColumn - startColumn);
}

function refuseTooMany(pieces: readonly Piece[]): void {
  const cells = pieces.reduce((sum, { grid }) => sum + cellsOf(grid), 0);
  if (cells <= MAX_CELLS) return;
  const largest = pieces.toSorted((a, b) => cellsOf(b.grid) - cellsOf(a.grid)).slice(0, 3);
  throw new ServalError(
    'too_large',
    `There are ${cells} cells, blank ones included, and a call reads ${MAX_CELLS} at most.`,
    {
      hint: `Name a sheet or a range of fewer cells. The largest: ${largest
        .map(({ sheet, grid }) => `${cut(sheet.title)} (${cellsOf(grid)} cells)`)
        .join(', ')}.`,
    },
  );
}

/** Of at most MAX_CELLS_AT_ONCE each, whole rows. */
function divided({ sheet, grid }: Piece): Piece[] {
  const rows = Math.max(1, Math.floor(MAX_CELLS_AT_ONCE / (grid.endColumn - grid.startColumn)));
  const count = Math.ceil((grid.endRow - grid.startRow) / rows);
  return Array.from({ length: count }, (_, index) => {
    const startRow = grid.startRow + index * rows;
    return { sheet, grid: { ...grid, startRow, endRow: Math.min(startRow + rows, grid.endRow) } };
  });
}

/** Neighbours together, as long as they are MAX_CELLS_AT_ONCE at most. */
function grouped(pieces: readonly Piece[]): Piece[][] {
  const groups: Piece[][] = [];
  let room = 0;
  for (const piece of pieces) {
    const cells = cellsOf(piece.grid);
    if (cells > room) {
      groups.push([]);
      room = MAX_CELLS_AT_ONCE;
    }
    groups.at(-1)?.push(piece);
    room -= cells;
  }
  return groups;
}
