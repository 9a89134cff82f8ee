// Requests that insert, delete and move whole rows and columns, and ranges of cells with what lies beside them.

import { contains, overlaps, requiredPlace, requiredSpan } from '../areas.ts';
import type { Change } from '../change.ts';
import { type Axis, placeOf, type Resizing } from '../edits.ts';
import { invalid } from '../errors.ts';
import { follow } from '../follow.ts';
import { checkSize } from '../grid.ts';
import type { Payload } from '../messages/requests.ts';
import type { Rect } from '../ranges.ts';
import { type Book, type Cell, cell, type Row, type Sheet } from '../workbook.ts';
import { trimmed } from '../write.ts';
import type { Handler } from './context.ts';

const nounOf = (axis: Axis) => (axis === 'ROWS' ? 'rows' : 'columns');

function sizeAlong(sheet: Sheet, axis: Axis): number {
  const { rowCount, columnCount } = sheet.properties.gridProperties;
  return axis === 'ROWS' ? rowCount : columnCount;
}

/** The grid with so many rows or columns more; frozen ones within the change come or go with it. */
function resize(change: Change, sheet: Sheet, axis: Axis, added: number, frozen: number): void {
  const old = sheet.properties.gridProperties;
  const { rowCount, columnCount, frozenRowCount = 0, frozenColumnCount = 0 } = old;
  const size =
    axis === 'ROWS'
      ? { ...old, rowCount: rowCount + added, ...(frozenRowCount > 0 && { frozenRowCount: frozenRowCount + frozen }) }
      : {
          ...old,
          columnCount: columnCount + added,
          ...(frozenColumnCount > 0 && { frozenColumnCount: frozenColumnCount + frozen }),
        };
  checkSize(sheet, size);
  change.setSheetProperties(sheet, { ...sheet.properties, gridProperties: size });
}

function mapRows(
  change: Change,
  sheet: Sheet,
  from: number,
  to: number,
  map: (row: Row) => (Cell | undefined)[],
): void {
  for (let index = from; index < Math.min(to, sheet.rows.length); index++) {
    const row = sheet.rows[index];
    if (row) change.setRow(sheet, index, trimmed(map(row)));
  }
}

function gap(count: number): (Cell | undefined)[] {
  return Array<Cell | undefined>(count).fill(undefined);
}

const formatOnly = (one: Cell | undefined) => one && cell(undefined, undefined, one.format, undefined);

/** New rows or columns look like the ones before or after them. */
function inherit(change: Change, sheet: Sheet, axis: Axis, at: number, count: number, from: number): void {
  if (axis === 'ROWS') {
    const formats = sheet.rows[from]?.map(formatOnly);
    const row = formats && trimmed([...formats]);
    for (let index = at; row && index < at + count; index++) change.setRow(sheet, index, row);
    return;
  }
  mapRows(change, sheet, 0, sheet.rows.length, (row) => {
    const format = formatOnly(row[from]);
    const next = row.slice();
    for (let index = at; format && index < at + count; index++) next[index] = format;
    return next;
  });
}

export const insertDimension: Handler<'insertDimension'> = ({ book, change }, { range, inheritFromBefore }) => {
  if (!range) throw invalid('No range specified.');
  const { sheetId, dimension, startIndex: start = 0, endIndex } = range;
  if (endIndex === undefined) throw invalid('range.endIndex must be specified.');
  const count = endIndex - start;
  const { sheet } = requiredSpan(book, { ...(sheetId !== undefined && { sheetId }), ...(dimension && { dimension }) });
  const axis: Axis = dimension === 'COLUMNS' ? 'COLUMNS' : 'ROWS';
  const size = sizeAlong(sheet, axis);
  if (start < 0 || count <= 0)
    throw invalid(`DimensionRange.startIndex[${start}] or endIndex[${endIndex}] is not a valid range`);
  if (start > size) {
    throw invalid(`range.startIndex[${start}] is too large: the sheet has ${size} ${nounOf(axis)}.`);
  }
  if (start === size && !inheritFromBefore) {
    throw invalid(`range.startIndex must be less than the grid size (${size}) if inheritFromBefore is false.`);
  }
  if (inheritFromBefore && start === 0) {
    throw invalid('inheritFromBefore cannot be set to true if inserting at the first row or column.');
  }
  const { frozenRowCount = 0, frozenColumnCount = 0 } = sheet.properties.gridProperties;
  const frozen = axis === 'ROWS' ? frozenRowCount : frozenColumnCount;
  resize(change, sheet, axis, count, start < frozen ? count : 0);
  if (axis === 'ROWS') change.insertRows(sheet, start, count);
  else
    mapRows(change, sheet, 0, sheet.rows.length, (row) =>
      row.length <= start ? [...row] : [...row.slice(0, start), ...gap(count), ...row.slice(start)],
    );
  follow(change, book, { kind: 'insert', sheet, axis, at: start, count });
  const from = inheritFromBefore ? start - 1 : start + count;
  inherit(change, sheet, axis, start, count, from);
  return undefined;
};

export const deleteDimension: Handler<'deleteDimension'> = ({ book, change }, { range }) => {
  const { sheet, dimension: axis, start, end } = requiredSpan(book, range);
  const count = end - start;
  if (count >= sizeAlong(sheet, axis)) throw invalid(`You can't delete all the ${nounOf(axis)} on the sheet.`);
  const { frozenRowCount = 0, frozenColumnCount = 0 } = sheet.properties.gridProperties;
  const frozen = axis === 'ROWS' ? frozenRowCount : frozenColumnCount;
  if (frozen > 0 && start <= frozen && end >= sizeAlong(sheet, axis)) {
    throw invalid(`You can't delete all the non-frozen ${nounOf(axis)} on the sheet.`);
  }
  if (axis === 'ROWS') change.deleteRows(sheet, start, count);
  else mapRows(change, sheet, 0, sheet.rows.length, (row) => [...row.slice(0, start), ...row.slice(end)]);
  follow(change, book, { kind: 'delete', sheet, axis, at: start, count });
  resize(change, sheet, axis, -count, -Math.max(0, Math.min(end, frozen) - start));
  return undefined;
};

export const moveDimension: Handler<'moveDimension'> = ({ book, change }, { source, destinationIndex }) => {
  const { sheet, dimension: axis, start, end } = requiredSpan(book, source);
  const destination = destinationIndex ?? 0;
  const size = sizeAlong(sheet, axis);
  if (destination < 0 || destination > size) {
    throw invalid(`destinationIndex[${destination}] is not valid: the sheet has ${size} ${nounOf(axis)}.`);
  }
  if (destination > start && destination < end) throw invalid('The destination is within the source.');
  if (destination === start || destination === end) return undefined;
  for (const merge of sheet.parts.merges ?? []) {
    const [from = 0, to = 0] =
      axis === 'ROWS' ? [merge.startRowIndex, merge.endRowIndex] : [merge.startColumnIndex, merge.endColumnIndex];
    const split = (index: number) => from < index && to > index;
    if (split(start) || split(end) || split(destination)) throw invalid("You can't move part of a merged cell.");
  }
  const count = end - start;
  const to = destination > start ? destination - count : destination;
  if (axis === 'ROWS') change.moveRows(sheet, start, count, destination);
  else {
    mapRows(change, sheet, 0, sheet.rows.length, (row) => {
      const left = row.slice();
      left.length = Math.max(left.length, end, to + count);
      const moved = left.splice(start, count);
      return [...left.slice(0, to), ...moved, ...left.slice(to)];
    });
  }
  follow(change, book, { kind: 'move', sheet, axis, from: start, count, to });
  return undefined;
};

function axisOf(shiftDimension: string | undefined): Axis {
  if (shiftDimension === 'ROWS' || shiftDimension === 'COLUMNS') return shiftDimension;
  throw invalid('shiftDimension must be specified.');
}

/** The strip of cells that moves when cells come or go at a range. */
function stripOf(sheet: Sheet, rect: Rect, axis: Axis): Rect {
  const { rowCount, columnCount } = sheet.properties.gridProperties;
  return axis === 'ROWS' ? { ...rect, endRow: rowCount } : { ...rect, endColumn: columnCount };
}

function checkMerges(sheet: Sheet, strip: Rect): void {
  for (const merge of sheet.parts.merges ?? []) {
    const { startRowIndex = 0, endRowIndex = 0, startColumnIndex = 0, endColumnIndex = 0 } = merge;
    const rect = {
      startRow: startRowIndex,
      endRow: endRowIndex,
      startColumn: startColumnIndex,
      endColumn: endColumnIndex,
    };
    if (overlaps(strip, rect) && !contains(strip, rect))
      throw invalid('This operation would break apart a merged cell.');
  }
}

/** Moves the cells of a strip by one edit; `place` says where each index along the axis goes. */
function shiftCells(change: Change, edit: Resizing & { readonly strip: Rect }): void {
  const { sheet, axis, strip } = edit;
  const { startRow, startColumn, endColumn } = strip;
  if (axis === 'COLUMNS') {
    mapRows(change, sheet, startRow, strip.endRow, (row) => {
      const next = row.slice(0, startColumn);
      row.forEach((one, column) => {
        const to = column < startColumn ? undefined : placeOf(edit, column);
        if (to !== undefined) next[to] = one;
      });
      return Array.from(next);
    });
    return;
  }
  const before = sheet.rows.slice();
  const last = Math.min(strip.endRow, before.length);
  const moved = new Map<number, Row>();
  for (let index = startRow; index < last; index++) {
    const row = before[index];
    const to = placeOf(edit, index);
    if (row && to !== undefined) moved.set(to, row);
  }
  const end = Math.max(last, ...[...moved.keys()].map((index) => index + 1));
  for (let index = startRow; index < end; index++) {
    const own = before[index] ?? [];
    const from = moved.get(index) ?? [];
    const next: (Cell | undefined)[] = Array.from({ length: Math.max(own.length, from.length) }, (_, column) =>
      column >= startColumn && column < endColumn ? from[column] : own[column],
    );
    change.setRow(sheet, index, trimmed(next));
  }
}

/** The edit that a request to insert or delete cells stands for. */
function stripEdit(book: Book, kind: Resizing['kind'], { range, shiftDimension }: Payload<'insertRange'>) {
  const { sheet, rect } = requiredPlace(book, range);
  const axis = axisOf(shiftDimension);
  const strip = stripOf(sheet, rect, axis);
  checkMerges(sheet, strip);
  const [at, end] = axis === 'ROWS' ? [rect.startRow, rect.endRow] : [rect.startColumn, rect.endColumn];
  return { kind, sheet, axis, at, count: end - at, strip };
}

export const insertRange: Handler<'insertRange'> = ({ book, change }, payload) => {
  const edit = stripEdit(book, 'insert', payload);
  const { sheet, axis, at, count, strip } = edit;
  const end = lastFilled(sheet, strip, axis);
  const over = end + count - sizeAlong(sheet, axis);
  const grows = end > at && over > 0;
  if (grows) resize(change, sheet, axis, over, 0);
  const grown = grows ? { ...edit, strip: stripOf(sheet, strip, axis) } : edit;
  shiftCells(change, grown);
  follow(change, book, grown);
  return undefined;
};

/** One past the last row or column of the strip that holds anything. */
function lastFilled(sheet: Sheet, strip: Rect, axis: Axis): number {
  let end = 0;
  for (let index = strip.startRow; index < Math.min(strip.endRow, sheet.rows.length); index++) {
    const row = sheet.rows[index];
    for (let column = strip.startColumn; column < Math.min(strip.endColumn, row?.length ?? 0); column++) {
      if (row?.[column]) end = Math.max(end, axis === 'ROWS' ? index + 1 : column + 1);
    }
  }
  return end;
}

export const deleteRange: Handler<'deleteRange'> = ({ book, change }, payload) => {
  const edit = stripEdit(book, 'delete', payload);
  shiftCells(change, edit);
  follow(change, book, edit);
  return undefined;
};
