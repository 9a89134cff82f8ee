// Reading cells: values of ranges, and blocks of cells with their formats. Never cuts; paging is the tool's.

import { ServalError } from '../errors.ts';
import { shown } from '../words.ts';
import { formatA1, type Grid, parseA1 } from './a1.ts';
import { decode, type GridBlock, type GridCell, gridReply, type Value, valuesReply } from './decode.ts';
import { HEAD_ROWS } from './header.ts';
import { type Google, type Resolved, readSpreadsheet, type Sheet } from './metadata.ts';

export type { Value };

export type Render = 'formatted' | 'unformatted' | 'formula';

const RENDER_OPTION = { formatted: 'FORMATTED_VALUE', unformatted: 'UNFORMATTED_VALUE', formula: 'FORMULA' } as const;

export interface RangeValues {
  /** As Google names it: closed by the size of the sheet. */
  readonly range: string;
  readonly grid: Grid;
  /** Rows without their trailing blanks, up to the last row that has content; blanks inside are `''`. */
  readonly values: Value[][];
}

/** Google's Java and Python clients change to POST above this many bytes of URL; we split instead. */
const MAX_RANGES_BYTES = 1_800;

interface ValuesOptions {
  /** What `unformatted` makes of dates, times and durations: text as their cells show it, or plain numbers. */
  readonly dates?: 'FORMATTED_STRING' | 'SERIAL_NUMBER';
  readonly live?: boolean;
}

/** Values of each range, in order; dates as they are formatted, unless told otherwise. */
export async function readValues(
  google: Google,
  id: string,
  ranges: readonly string[],
  render: Render,
  { dates = 'FORMATTED_STRING', live = false }: ValuesOptions = {},
): Promise<RangeValues[]> {
  const replies = await Promise.all(
    chunksByUrl(ranges, (range) => range).map((chunk) =>
      google(
        'spreadsheets.values.batchGet',
        id,
        {
          spreadsheetId: id,
          ranges: chunk,
          valueRenderOption: RENDER_OPTION[render],
          dateTimeRenderOption: dates,
        },
        { live },
      ),
    ),
  );
  return replies
    .flatMap((reply) => decode(valuesReply, reply, 'spreadsheets.values.batchGet').valueRanges)
    .map(({ range, values }) => ({ range, values, grid: parseA1(range)?.grid ?? {} }));
}

/** In pieces of which each fits into one URL. */
export function chunksByUrl<T>(ranges: readonly T[], textOf: (range: T) => string): T[][] {
  const chunks: T[][] = [];
  let bytes = Number.POSITIVE_INFINITY;
  for (const range of ranges) {
    const size = encodeURIComponent(textOf(range)).length + '&ranges='.length;
    if (bytes + size > MAX_RANGES_BYTES) {
      chunks.push([]);
      bytes = 0;
    }
    chunks.at(-1)?.push(range);
    bytes += size;
  }
  return chunks;
}

/**
 * Parts of each cell that block reads ask for: what was entered, what it shows, its number format, the pivot table that
 * it anchors. One list for all
 * of them, so that those of one spreadsheet can travel together.
 */
const CELL =
  'userEnteredValue,effectiveValue,formattedValue,userEnteredFormat.numberFormat,effectiveFormat.numberFormat.type,' +
  'pivotTable';

/** A block of cells, and the size of the sheet that it is of. */
export interface SizedBlock extends GridBlock {
  readonly rows: number;
  readonly columns: number;
}

/** One block of cells per range, in the order of the ranges; `live` as for every read on behalf of a write. */
export async function readBlocks(
  google: Google,
  id: string,
  ranges: readonly Resolved[],
  live: boolean,
): Promise<SizedBlock[]> {
  const chunks = chunksByUrl(ranges, (range) => range.a1);
  const blocks = await Promise.all(chunks.map((chunk) => readChunk(google, id, chunk, live)));
  return blocks.flat();
}

/**
 * The same, read live, for ranges that may reach beyond the edge of their sheet or lie there: of each the part inside.
 * A range that is named twice is read once.
 */
export async function readBlocksWithin(google: Google, id: string, ranges: readonly Resolved[]): Promise<SizedBlock[]> {
  const distinct = [...new Map(ranges.map((range) => [range.a1, range])).values()];
  const blocks = await readInside(google, id, distinct);
  const byRange = new Map(distinct.map((range, index) => [range.a1, blocks[index]]));
  return ranges.map(({ a1 }) => byRange.get(a1) ?? { ...NOTHING, rows: 0, columns: 0 });
}

const NOTHING: GridBlock = { startRow: 0, startColumn: 0, rowData: [] };

async function readInside(google: Google, id: string, ranges: readonly Resolved[]): Promise<SizedBlock[]> {
  try {
    return await readBlocks(google, id, ranges, true);
  } catch (error) {
    // Google refuses to read what begins beyond the edge of a sheet: only then the sizes are asked for first.
    if (!(error instanceof ServalError) || !/exceeds grid limits/.test(error.message)) throw error;
  }
  const { sheets } = await readSpreadsheet(google, id, true, true);
  const sized = ranges.map((range) => {
    const { rows, columns } = sheets.find((one) => one.sheetId === range.sheet.sheetId) ?? range.sheet;
    const { startRow = 0, startColumn = 0 } = range.grid;
    return { range, rows, columns, inside: startRow < rows && startColumn < columns };
  });
  const asked = sized.filter(({ inside }) => inside).map(({ range }) => range);
  const blocks = await readBlocks(google, id, asked, true);
  return sized.map(({ inside, rows, columns }) => (inside && blocks.shift()) || { ...NOTHING, rows, columns });
}

async function readChunk(
  google: Google,
  id: string,
  ranges: readonly Resolved[],
  live: boolean,
): Promise<SizedBlock[]> {
  const params = {
    spreadsheetId: id,
    ranges: ranges.map((range) => range.a1),
    fields: `sheets(properties(sheetId,title,gridProperties),data(startRow,startColumn,rowData.values(${CELL})))`,
  };
  const { sheets } = decode(gridReply, await google('spreadsheets.get', id, params, { live }), 'spreadsheets.get');
  const left = new Map(sheets.map(({ properties, data }) => [properties.sheetId, { ...properties, data: [...data] }]));
  const moved = ranges.find(({ sheet }) => !left.has(sheet.sheetId));
  // The title is that of another sheet by now: who holds these names reads them again.
  if (moved) throw new ServalError('not_found', `The sheet ${shown(moved.sheet.title)} was renamed or replaced.`);
  // Google groups the blocks by sheet and keeps the order of the ranges within each.
  return ranges.map(({ sheet }) => {
    const own = left.get(sheet.sheetId);
    const { rowCount: rows = 0, columnCount: columns = 0 } = own?.gridProperties ?? {};
    return { ...(own?.data.shift() ?? NOTHING), rows, columns };
  });
}

/** The top rows of each sheet, as cells. */
export async function readHeads(
  google: Google,
  id: string,
  sheets: readonly Sheet[],
  live: boolean,
): Promise<GridCell[][][]> {
  const grid = { startRow: 0, endRow: HEAD_ROWS };
  const ranges = sheets.map((sheet) => ({ sheet, grid, a1: formatA1(sheet.title, grid) }));
  const blocks = await readBlocks(google, id, ranges, live);
  return blocks.map((block) => block.rowData.map((row) => row.values));
}

/** Cells of a block by absolute position. */
export function blockCell(block: GridBlock, row: number, column: number) {
  return block.rowData[row - block.startRow]?.values[column - block.startColumn];
}
