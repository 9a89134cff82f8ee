// Rows and columns as a whole: inserting, deleting and moving them. One read of the sheet's size, one write; Sheets
// itself makes formulas, merges and objects follow.

import { invalid } from '../errors.ts';
import { shown } from '../words.ts';
import { columnIndex, columnName, formatA1, type Grid } from './a1.ts';
import { apply, type Desk, type Outcome } from './desk.ts';
import { countFilled, findGrid, liveSpreadsheet } from './live.ts';
import type { Sheet } from './metadata.ts';

export type Dimension = 'rows' | 'columns';

/** As callers write it: the number of a row, the letter or number of a column, from 1 on. */
export type Position = string | number;

export interface Resized extends Outcome {
  /** The rows or columns concerned; moved ones where they are now. */
  readonly range: string;
  /** Of a deletion: filled cells in them; absent where that was not looked at. */
  readonly cells?: number;
}

interface Place {
  readonly sheet: Sheet;
  readonly dimension: Dimension;
  /** Zero-based. */
  readonly start: number;
  /** Rows or columns of the sheet. */
  readonly size: number;
  readonly frozen: number;
}

async function placeOf(desk: Desk, name: string | number, dimension: Dimension, index: Position): Promise<Place> {
  const start = parsePosition(dimension, index, 'index');
  const sheet = findGrid(await liveSpreadsheet(desk), name);
  const { frozenRowCount, frozenColumnCount } = sheet.reply.properties.gridProperties;
  const [size, frozen] = dimension === 'rows' ? [sheet.rows, frozenRowCount] : [sheet.columns, frozenColumnCount];
  return { sheet, dimension, start, size, frozen };
}

/** Zero-based. Throws `invalid_argument` for what is no row number, or no column. */
export function parsePosition(dimension: Dimension, given: Position, argument: string): number {
  const text = String(given).trim();
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text) - 1;
  if (dimension === 'columns' && /^[A-Za-z]{1,3}$/.test(text)) return columnIndex(text);
  throw dimension === 'rows'
    ? invalid(`${argument}: ${shown(given)} is no row number.`, 'Rows are numbered as at the left margin, from 1.')
    : invalid(`${argument}: ${shown(given)} is no column.`, 'Give its letter, or its number from 1.');
}

/** New rows or columns before `index`; one past the last puts them at the end. They look like those after or before them. */
export async function insertDimension(
  desk: Desk,
  name: string | number,
  dimension: Dimension,
  index: Position,
  count: number,
  inherit: 'before' | 'after' | undefined,
): Promise<Resized> {
  const place = await placeOf(desk, name, dimension, index);
  const { sheet, start, size } = place;
  if (start > size) throw beyond(place, 'index', size + 1);
  const fromBefore = (inherit ?? (start === size ? 'before' : 'after')) === 'before';
  if (fromBefore && start === 0) throw invalid(`inherit: nothing comes before ${oneOf(dimension, 0)}.`, 'Use after.');
  if (!fromBefore && start === size) {
    throw invalid(`inherit: nothing comes after ${oneOf(dimension, size - 1)}.`, 'Use before.');
  }
  const range = { sheetId: sheet.sheetId, dimension: axis(dimension), startIndex: start, endIndex: start + count };
  return apply<Resized>(desk, {
    requests: [{ insertDimension: { range, inheritFromBefore: fromBefore } }],
    answer: { status: 'applied', range: rangeOf(place, start, count) },
    sheets: [sheet],
  });
}

/** A dry run counts the filled cells in them. */
export async function deleteDimension(
  desk: Desk,
  name: string | number,
  dimension: Dimension,
  index: Position,
  count: number,
): Promise<Resized> {
  const place = await placeOf(desk, name, dimension, index);
  const { sheet, start, size, frozen } = place;
  const end = start + count;
  if (end > size) throw beyond(place, 'index and count', size);
  if (count === size) throw invalid(`These are all ${dimension} of ${sheet.title}: a sheet keeps at least one.`);
  if (frozen > 0 && start <= frozen && end === size) {
    throw invalid(`These are all ${dimension} of ${sheet.title} that are not frozen.`, 'Unfreeze some first.');
  }
  const { cells } = desk.dryRun ? await countFilled(desk, sheet, closed(place, start, count)) : {};
  const range = { sheetId: sheet.sheetId, dimension: axis(dimension), startIndex: start, endIndex: end };
  return apply<Resized>(desk, {
    requests: [{ deleteDimension: { range } }],
    answer: { status: 'applied', range: rangeOf(place, start, count), ...(cells !== undefined && { cells }) },
    sheets: [sheet],
  });
}

/** `to` is where they go before, as numbered before the move; one past the last is the end. */
export async function moveDimension(
  desk: Desk,
  name: string | number,
  dimension: Dimension,
  index: Position,
  count: number,
  to: Position,
): Promise<Resized> {
  const target = parsePosition(dimension, to, 'to');
  const place = await placeOf(desk, name, dimension, index);
  const { sheet, start, size } = place;
  const end = start + count;
  if (end > size) throw beyond(place, 'index and count', size);
  if (target > size) throw beyond(place, 'to', size + 1);
  if (target > start && target < end) throw invalid(`to: ${oneOf(dimension, target)} is one of those that move.`);
  if (target === start || target === end) return { status: 'unchanged', range: rangeOf(place, start, count) };
  const source = { sheetId: sheet.sheetId, dimension: axis(dimension), startIndex: start, endIndex: end };
  return apply<Resized>(desk, {
    requests: [{ moveDimension: { source, destinationIndex: target } }],
    answer: { status: 'applied', range: rangeOf(place, target > start ? target - count : target, count) },
    sheets: [sheet],
  });
}

const axis = (dimension: Dimension) => (dimension === 'rows' ? 'ROWS' : 'COLUMNS');

function spanOf({ dimension }: Place, start: number, count: number): Grid {
  const end = start + count;
  return dimension === 'rows' ? { startRow: start, endRow: end } : { startColumn: start, endColumn: end };
}

function closed(place: Place, start: number, count: number): Required<Grid> {
  const { rows, columns } = place.sheet;
  return { startRow: 0, endRow: rows, startColumn: 0, endColumn: columns, ...spanOf(place, start, count) };
}

function rangeOf(place: Place, start: number, count: number): string {
  return formatA1(place.sheet.title, spanOf(place, start, count));
}

/** `row 5`, `column E`. */
function oneOf(dimension: Dimension, index: number): string {
  return dimension === 'rows' ? `row ${index + 1}` : `column ${columnName(index)}`;
}

function beyond({ sheet, dimension, size }: Place, argument: string, most: number) {
  return invalid(
    `${argument}: ${sheet.title} ends at ${oneOf(dimension, size - 1)}.`,
    `The most here is ${oneOf(dimension, most - 1)}.`,
  );
}
