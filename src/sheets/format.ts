// Formatting ranges: looks, borders, merges, sizes and notes. One atomic write; of each cell only what is given changes.

import { invalid, ServalError } from '../errors.ts';
import { listed } from '../words.ts';
import { columnName, type Grid } from './a1.ts';
import { type Borders, bordersRequest } from './borders.ts';
import { type CellStyle, cellFormatOf } from './cell-format.ts';
import { apply, type Desk, type Outcome } from './desk.ts';
import { type ImageArea, MAX_IMAGE_CELLS, readAreas } from './images.ts';
import { type Resolved, resolveRange } from './metadata.ts';
import { gridRange, type Request } from './requests.ts';

/** What a range is to look like; `null` takes a property away, an absent one stays as it is. */
export interface RangeFormat extends CellStyle {
  readonly range: string | readonly string[];
  readonly borders?: Borders | null | undefined;
  readonly merge?: Merge | null | undefined;
  /** Pixels; `null` is the usual size. */
  readonly columnWidth?: number | null | undefined;
  readonly rowHeight?: number | null | undefined;
  /** Of every cell. */
  readonly note?: string | null | undefined;
}

export const MERGES = ['all', 'rows', 'columns', 'none'] as const;
export type Merge = (typeof MERGES)[number];

/** Pixels of a row and a column that nobody resized (Google, new spreadsheets). */
export const USUAL_ROW_PIXELS = 21;
export const USUAL_COLUMN_PIXELS = 100;

export interface Formatted extends Outcome {
  /** In the order given. */
  readonly ranges: string[];
}

interface Place extends Resolved {
  readonly format: RangeFormat;
}

/**
 * Formats all ranges or none, in the order given. Throws `conflict` when a merge would lose what cells hold, and
 * `too_large` when that would take too many cells to find out.
 */
export async function formatRanges(desk: Desk, formats: readonly RangeFormat[]): Promise<Formatted> {
  const places = formats.flatMap((format) =>
    [format.range].flat().map((range): Place => ({ ...resolveRange(desk.spreadsheet, range), format })),
  );
  await checkMerges(desk, places);
  const requests = places.flatMap(requestsOf);
  if (requests.length === 0) throw invalid('Nothing is given that the ranges are to look like.');
  const answer: Formatted = { status: 'applied', ranges: places.map(({ a1 }) => a1) };
  return apply(desk, { requests, answer, sheets: places.map(({ sheet }) => sheet) });
}

function requestsOf({ sheet: { sheetId }, grid, format }: Place): Request[] {
  const { borders, merge, columnWidth, rowHeight, note } = format;
  const style = cellFormatOf(format);
  const fields = style.fields.map((field) => `userEnteredFormat.${field}`);
  if (note !== undefined) fields.push('note');
  const cell = { ...(style.fields.length > 0 && { userEnteredFormat: style.format }), ...(note && { note }) };
  const range = gridRange(sheetId, grid);
  return [
    ...(fields.length > 0 ? [{ repeatCell: { range, cell, fields: fields.join(',') } }] : []),
    ...(borders !== undefined ? [bordersRequest(sheetId, grid, borders)] : []),
    ...(merge !== undefined ? [mergeRequest(range, merge ?? 'none')] : []),
    ...(columnWidth !== undefined ? [sizeRequest(sheetId, 'COLUMNS', grid, columnWidth ?? USUAL_COLUMN_PIXELS)] : []),
    ...(rowHeight !== undefined ? [sizeRequest(sheetId, 'ROWS', grid, rowHeight ?? USUAL_ROW_PIXELS)] : []),
  ];
}

function mergeRequest(range: object, merge: Merge): Request {
  return merge === 'none'
    ? { unmergeCells: { range } }
    : { mergeCells: { range, mergeType: `MERGE_${merge.toUpperCase()}` } };
}

/** All rows or columns of the grid, whatever its other bounds. */
function sizeRequest(sheetId: number, dimension: 'ROWS' | 'COLUMNS', grid: Grid, pixelSize: number): Request {
  const rows = dimension === 'ROWS';
  const [start, end] = rows ? [grid.startRow, grid.endRow] : [grid.startColumn, grid.endColumn];
  const range = {
    sheetId,
    dimension,
    ...(start !== undefined && { startIndex: start }),
    ...(end !== undefined && { endIndex: end }),
  };
  return { updateDimensionProperties: { range, properties: { pixelSize }, fields: 'pixelSize' } };
}

/** Google keeps only the first cell of a merge and drops the others without a word. */
async function checkMerges(desk: Desk, places: readonly Place[]): Promise<void> {
  const merges = places.filter(({ format: { merge } }) => merge && merge !== 'none');
  if (merges.length === 0) return;
  await desk.alone();
  const areas = await readAreas(desk, merges, 'userEnteredValue');
  if (!areas) {
    throw new ServalError('too_large', `The ranges to merge hold more than ${MAX_IMAGE_CELLS} cells.`, {
      hint: 'Whether merging loses anything is looked at first: merge fewer cells in one call.',
      outcome: 'none',
    });
  }
  const lost = areas.flatMap((area, index) => covered(area, merges[index]?.format.merge ?? 'all'));
  if (lost.length === 0) return;
  throw new ServalError(
    'conflict',
    `Merging would lose what these cells hold: ${listed(lost)}. Nothing was formatted.`,
    {
      hint: 'A merge keeps only its top left cell: move or clear the others first (write_range, clear_range).',
      outcome: 'none',
    },
  );
}

/** Addresses of the cells that hold something and are not the first of their merge. */
function covered({ title, row, column, before }: ImageArea, merge: Merge): string[] {
  return before.flatMap((line, down) =>
    line.flatMap((cell, across) => {
      const first = (merge === 'rows' || down === 0) && (merge === 'columns' || across === 0);
      if (first || cell === null || Object.keys(cell).length === 0) return [];
      return [`${title}!${columnName(column + across)}${row + down + 1}`];
    }),
  );
}
