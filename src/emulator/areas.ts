// Areas of a sheet: grid ranges of the API as closed rectangles and back, and what two rectangles share. Decides
// nothing but that a range must be given.

import { invalid } from './errors.ts';
import type { DimensionRange, GridCoordinate, GridRange } from './messages/base.ts';
import { gridById, type Place, type Rect, resolveGridRange } from './ranges.ts';
import type { Book, Sheet } from './workbook.ts';

/** The cells a request names, one at least; a range left out altogether is refused. */
export function requiredPlace(book: Book, range: GridRange | undefined): Place {
  if (!range) throw invalid('No range specified.');
  const place = resolveGridRange(book, range);
  const { startRow, endRow, startColumn, endColumn } = place.rect;
  const refuse = (name: string, index: number) =>
    invalid(`GridRange.start${name}Index[${index}] or end${name}Index[${index}] is not a valid range`);
  if (startRow === endRow) throw refuse('Row', startRow);
  if (startColumn === endColumn) throw refuse('Column', startColumn);
  return place;
}

/** The one cell a request names; it must lie within the grid. */
export function requiredCell(book: Book, coordinate: GridCoordinate | undefined): Place {
  if (!coordinate) throw invalid('No coordinate specified.');
  const { sheetId, rowIndex: row = 0, columnIndex: column = 0 } = coordinate;
  const sheet = gridById(book, sheetId);
  const { rowCount, columnCount } = sheet.properties.gridProperties;
  const within = (name: 'row' | 'column', index: number, size: number) => {
    if (index >= 0 && index < size) return;
    throw invalid(`GridCoordinate.${name}Index[${index}] is after last ${name} in grid[${size - 1}]`);
  };
  within('row', row, rowCount);
  within('column', column, columnCount);
  const rect = { startRow: row, endRow: row + 1, startColumn: column, endColumn: column + 1 };
  return { sheet, rect, asked: rect };
}

/** Closed on all sides, its sheetId always there: how ranges are kept. */
export function rangeOf({ id }: Pick<Sheet, 'id'>, rect: Rect): Required<GridRange> {
  return {
    sheetId: id,
    startRowIndex: rect.startRow,
    endRowIndex: rect.endRow,
    startColumnIndex: rect.startColumn,
    endColumnIndex: rect.endColumn,
  };
}

/** A kept range as a rectangle; sides left open end with the grid. */
export function rectOf(sheet: Sheet, range: GridRange): Rect {
  const { rowCount, columnCount } = sheet.properties.gridProperties;
  return {
    startRow: range.startRowIndex ?? 0,
    endRow: range.endRowIndex ?? rowCount,
    startColumn: range.startColumnIndex ?? 0,
    endColumn: range.endColumnIndex ?? columnCount,
  };
}

/** As Google prints a range of this sheet: a sheetId of 0 is left out, starts of 0 are not. */
export function printOn({ id }: Pick<Sheet, 'id'>, range: GridRange): GridRange {
  const { sheetId: _, ...bounds } = range;
  return id === 0 ? bounds : { sheetId: id, ...bounds };
}

export function overlaps(a: Rect, b: Rect): boolean {
  return a.startRow < b.endRow && b.startRow < a.endRow && a.startColumn < b.endColumn && b.startColumn < a.endColumn;
}

export function contains(outer: Rect, inner: Rect): boolean {
  return (
    outer.startRow <= inner.startRow &&
    outer.endRow >= inner.endRow &&
    outer.startColumn <= inner.startColumn &&
    outer.endColumn >= inner.endColumn
  );
}

export function covers(rect: Rect, row: number, column: number): boolean {
  return row >= rect.startRow && row < rect.endRow && column >= rect.startColumn && column < rect.endColumn;
}

/** Rows or columns of one sheet, closed: `start` to `end`, exclusive. */
export interface Span {
  readonly sheet: Sheet;
  readonly dimension: 'ROWS' | 'COLUMNS';
  readonly start: number;
  readonly end: number;
}

/** The rows or columns a request names; every bound that is given must lie within the grid. */
export function requiredSpan(book: Book, range: DimensionRange | undefined): Span {
  if (!range) throw invalid('No range specified.');
  const sheet = gridById(book, range.sheetId);
  const { dimension, startIndex: start = 0, endIndex } = range;
  if (dimension !== 'ROWS' && dimension !== 'COLUMNS') throw invalid('dimension must be specified.');
  const { rowCount, columnCount } = sheet.properties.gridProperties;
  const size = dimension === 'ROWS' ? rowCount : columnCount;
  const end = endIndex ?? size;
  if (start < 0 || end <= start) {
    throw invalid(`DimensionRange.startIndex[${start}] or endIndex[${end}] is not a valid range`);
  }
  if (end > size) {
    const last = `is after last ${dimension === 'ROWS' ? 'row' : 'column'} in grid[${size - 1}]`;
    throw invalid(`DimensionRange.endIndex[${end - 1}] ${last}`);
  }
  return { sheet, dimension, start, end };
}
