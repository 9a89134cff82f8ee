// What stands in a spreadsheet at this moment, for writes that depend on it: sheets with their sizes, cells that are
// filled. Reads live only, once no earlier write of ours can still change it.

import { invalid } from '../errors.ts';
import { shown } from '../words.ts';
import type { Grid } from './a1.ts';
import type { Desk } from './desk.ts';
import { type CellState, type ClosedRange, readStateBlocks } from './images.ts';
import { findSheet, readSpreadsheet, type Sheet, type Spreadsheet } from './metadata.ts';

/** The spreadsheet with the sizes and objects of its sheets. */
export async function liveSpreadsheet({ google, spreadsheet, alone }: Desk): Promise<Spreadsheet> {
  await alone();
  return readSpreadsheet(google, spreadsheet.id, true, true);
}

/** A sheet of cells by title or id; throws `not_found`, and `invalid_argument` for one that holds a chart or the like. */
export function findGrid(spreadsheet: Spreadsheet, name: string | number): Sheet {
  const sheet = findSheet(spreadsheet, name);
  if (sheet.reply.properties.sheetType === 'GRID') return sheet;
  throw invalid(`${shown(sheet.title)} is no sheet of cells.`);
}

export interface FilledCell {
  readonly sheet: Sheet;
  /** Zero-based. */
  readonly row: number;
  readonly column: number;
  readonly state: CellState;
}

/** Cells of the grid that one read asks for; most of them are blank. */
const SCANNED_CELLS = 500_000;

/**
 * The cells of the ranges that hold a value, a formula or one of the other `fields`, in several reads where they are
 * many, so that who has seen enough can stop. A value that comes from the formula of another cell does not count.
 */
export async function* scan(
  { google, spreadsheet }: Desk,
  ranges: readonly ClosedRange[],
  fields: string,
): AsyncGenerator<FilledCell> {
  for (const pack of packs(ranges)) {
    const blocks = await readStateBlocks(google, spreadsheet.id, pack, fields);
    for (const [index, block] of blocks.entries()) {
      const sheet = pack[index]?.sheet;
      if (!block || !sheet) continue;
      for (const [down, { values }] of block.rowData.entries()) {
        for (const [across, state] of values.entries()) {
          const { formattedValue: _, userEnteredFormat: __, ...content } = state;
          if (Object.keys(content).length === 0) continue;
          yield { sheet, row: block.startRow + down, column: block.startColumn + across, state };
        }
      }
    }
  }
}

/** The ranges in packs of at most SCANNED_CELLS, high ones cut into pieces. */
function packs(ranges: readonly ClosedRange[]): ClosedRange[][] {
  const made: ClosedRange[][] = [];
  let room = 0;
  for (const { sheet, grid } of ranges) {
    const width = Math.max(1, grid.endColumn - grid.startColumn);
    for (let row = grid.startRow; row < grid.endRow; ) {
      if (room < width) {
        made.push([]);
        room = Math.max(width, SCANNED_CELLS);
      }
      const endRow = Math.min(grid.endRow, row + Math.floor(room / width));
      made.at(-1)?.push({ sheet, grid: { ...grid, startRow: row, endRow } });
      room -= (endRow - row) * width;
      row = endRow;
    }
  }
  return made;
}

/** How many cells are filled, and where the last row and column of them are; zero-based, -1 where none is. */
export async function countFilled(desk: Desk, sheet: Sheet, grid: Required<Grid>, fields = 'userEnteredValue') {
  const found = { cells: 0, lastRow: -1, lastColumn: -1 };
  for await (const { row, column } of scan(desk, [{ sheet, grid }], fields)) {
    found.cells++;
    found.lastRow = Math.max(found.lastRow, row);
    found.lastColumn = Math.max(found.lastColumn, column);
  }
  return found;
}
