// Sorting the rows of a range. What stood there is kept before, and what stands there after is told by the reply, so
// that it can be undone.

import { invalid } from '../errors.ts';
import { formatA1, type Grid } from './a1.ts';
import { findColumn, type NamedColumns } from './columns.ts';
import { apply, type ChangedReply, type Desk, type Outcome, withWarnings } from './desk.ts';
import { findHeader, HEAD_ROWS, headerNames } from './header.ts';
import { type CellState, type Image, type ImageArea, keepImage, notKept, readStateBlocks, statesOf } from './images.ts';
import { type Resolved, resolveRange } from './metadata.ts';
import { readBlocksWithin, type SizedBlock } from './read.ts';
import { gridRange } from './requests.ts';

export interface SortKey {
  /** Name in the header, or letter. */
  readonly column: string;
  readonly order?: 'ascending' | 'descending' | undefined;
}

export interface Sorted extends Outcome {
  /** Without the header. */
  readonly range: string;
}

/** What moves with a cell. */
const FIELDS = 'userEnteredValue,userEnteredFormat,note,dataValidation,textFormatRuns';
const COMPARED = ['userEnteredValue'];
/** Cells of the range, blank ones included, that are read to be kept. */
const MAX_READ_CELLS = 500_000;

/**
 * Sorts by the columns, the first first. Without `header` the row that is the sheet's header stays where it is, with
 * all above it, when it lies in the range; true: the first row of the range stays; false: all rows are sorted.
 */
export async function sortRange(
  desk: Desk,
  range: string,
  by: readonly SortKey[],
  header: boolean | undefined,
): Promise<Sorted> {
  const resolved = resolveRange(desk.spreadsheet, range);
  const { sheet } = resolved;
  await desk.alone();
  const { grid, columns } = await placed(desk, resolved, header);
  const sortSpecs = by.map(({ column, order }, index) => ({
    dimensionIndex: findColumn(column, columns, `by[${index}].column`),
    sortOrder: order === 'descending' ? 'DESCENDING' : 'ASCENDING',
  }));
  const before = desk.keep ? await stateBefore(desk, resolved, grid) : undefined;
  const kept = before ? keepImage(desk, imageOf(before)) : desk.keep ? [notKept()] : [];
  const seen = before && before.before.length > 0 && kept.length === 0 ? before : undefined;
  const answer: Sorted = { status: 'applied', range: formatA1(sheet.title, grid) };
  const told = await apply<Sorted>(desk, {
    requests: [{ sortRange: { range: gridRange(sheet.sheetId, grid), sortSpecs } }],
    answer,
    sheets: [sheet],
    ...(seen && {
      show: {
        ranges: [formatA1(sheet.title, gridOf(seen))],
        fields: 'data(startRow,startColumn,rowData.values.userEnteredValue)',
      },
    }),
    told: (reply) => {
      const after = seen && statesAfter(seen, reply);
      if (seen && after) keepImage(desk, imageOf(seen, after));
      return answer;
    },
  });
  return withWarnings(told, kept);
}

/** The rows that are sorted, and the names of their columns. */
async function placed(
  { google, spreadsheet }: Desk,
  { sheet, grid }: Resolved,
  header: boolean | undefined,
): Promise<{ grid: Required<Grid>; columns: NamedColumns }> {
  const { startRow = 0, startColumn = 0 } = grid;
  const rangeAt = (own: Grid): Resolved => ({ sheet, grid: own, a1: formatA1(sheet.title, own) });
  const [head, top] = await readBlocksWithin(google, spreadsheet.id, [
    rangeAt({ startRow: 0, endRow: HEAD_ROWS }),
    rangeAt({ ...grid, startRow, endRow: startRow + 1 }),
  ]);
  const size = head ?? { rows: 0, columns: 0 };
  const endRow = Math.min(grid.endRow ?? size.rows, size.rows);
  const endColumn = Math.min(grid.endColumn ?? size.columns, size.columns);
  const found = findHeader(cellsOf(head), 0, 0);
  const inside = found !== undefined && found.row >= startRow && found.row < endRow;
  const first = header === true ? startRow + 1 : header === undefined && inside ? found.row + 1 : startRow;
  if (first >= endRow || startColumn >= endColumn) {
    throw invalid(`range: there are no rows to sort in ${formatA1(sheet.title, grid)}.`);
  }
  const [line = []] = cellsOf(top);
  const names =
    header === true
      ? {
          names: headerNames(
            line.map((cell) => cell.formattedValue),
            startColumn,
          ),
          from: startColumn,
        }
      : found && !(header === false && inside)
        ? { names: found.names, from: found.column }
        : { names: [], from: 0 };
  const rows = { startRow: first, endRow, startColumn, endColumn };
  return { grid: rows, columns: { start: startColumn, end: endColumn, ...names } };
}

function cellsOf(block: SizedBlock | undefined) {
  return block?.rowData.map(({ values }) => values) ?? [];
}

/**
 * The cells down to the last row that holds something: the blank ones below it stay blank. Undefined when they are too
 * many to be read.
 */
async function stateBefore(desk: Desk, { sheet }: Resolved, grid: Required<Grid>): Promise<ImageArea | undefined> {
  const { startRow: row, startColumn: column } = grid;
  if ((grid.endRow - row) * (grid.endColumn - column) > MAX_READ_CELLS) return undefined;
  const [block] = await readStateBlocks(desk.google, desk.spreadsheet.id, [{ sheet, grid }], FIELDS);
  const last = block?.rowData.findLastIndex(({ values }) => values.some((cell) => cell.userEnteredValue !== undefined));
  const endRow = (block?.startRow ?? row) + (last ?? -1) + 1;
  const before = statesOf(block, { ...grid, endRow: Math.max(row, endRow) });
  return { sheetId: sheet.sheetId, title: sheet.title, row, column, before };
}

/** What the reply shows of these cells; undefined where it was lost, since others may have changed them. */
function statesAfter(area: ImageArea, { reread, updatedSpreadsheet }: ChangedReply): CellState[][] | undefined {
  const block = updatedSpreadsheet?.sheets.find(({ properties }) => properties.sheetId === area.sheetId)?.data[0];
  return reread || !block ? undefined : statesOf(block, gridOf(area));
}

/** Without `after` the cells can be put back by force only: what the write left is not known. */
function imageOf(area: ImageArea, after?: ImageArea['after']): Image {
  return {
    fields: FIELDS,
    compared: COMPARED,
    areas: area.before.length === 0 ? [] : [{ ...area, ...(after && { after }) }],
  };
}

function gridOf({ row, column, before }: ImageArea): Required<Grid> {
  return {
    startRow: row,
    endRow: row + before.length,
    startColumn: column,
    endColumn: column + (before[0]?.length ?? 0),
  };
}
