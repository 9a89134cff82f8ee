// The geometry of structural edits: what an edit makes of a stretch of rows or columns, and of a rectangle. Pure; what
// refers to cells is follow.ts.

import type { Grid } from '../sheets/a1.ts';
import { contains } from './areas.ts';
import type { Rect } from './ranges.ts';
import type { Sheet } from './workbook.ts';

export type Axis = 'ROWS' | 'COLUMNS';

/** Rows or columns that come or go, all along the other axis or within a strip of it (insertRange, deleteRange). */
export interface Resizing {
  readonly kind: 'insert' | 'delete';
  readonly sheet: Sheet;
  readonly axis: Axis;
  readonly at: number;
  readonly count: number;
  /** Only what lies wholly within moves. */
  readonly strip?: Rect;
}

/** Rows or columns that change places. */
export interface Moving {
  readonly kind: 'move';
  readonly sheet: Sheet;
  readonly axis: Axis;
  readonly from: number;
  readonly count: number;
  /** Index of the first of them afterwards. */
  readonly to: number;
}

/** A rectangle taken elsewhere; what it lands on is gone. */
export interface Cut {
  readonly kind: 'cut';
  readonly sheet: Sheet;
  readonly rect: Rect;
  readonly target: Sheet;
  readonly row: number;
  readonly column: number;
}

export type Edit = Resizing | Moving | Cut | { readonly kind: 'gone'; readonly sheet: Sheet };

export type Stretch = readonly [start: number, end: number];

/** Where one index stands afterwards; undefined when it is gone. */
export function placeOf(edit: Resizing | Moving, index: number): number | undefined {
  if (edit.kind === 'move') {
    const { from, count, to } = edit;
    if (index >= from && index < from + count) return index - from + to;
    const closed = index < from ? index : index - count;
    return closed < to ? closed : closed + count;
  }
  const { at, count } = edit;
  if (index < at) return index;
  if (edit.kind === 'insert') return index + count;
  return index < at + count ? undefined : index - count;
}

/** A stretch afterwards; what is inserted at its very start lies before it, at its end behind it. */
export function stretchAfter(edit: Resizing | Moving, [start, end]: Stretch): Stretch | undefined {
  if (edit.kind === 'move') {
    if (end === Number.POSITIVE_INFINITY) return [start, end];
    const { from, count, to } = edit;
    const inside = start >= from && end <= from + count;
    // A stretch that holds all that moves, and keeps it, stays what it is.
    if (!inside && start <= from && end >= from + count && to >= start && to + count <= end) return [start, end];
    const [a = start, b = end - 1] = [placeOf(edit, start), placeOf(edit, end - 1)];
    return [Math.min(a, b), Math.max(a, b) + 1];
  }
  const { at, count } = edit;
  if (edit.kind === 'insert') {
    if (at <= start) return [start + count, end + count];
    return at < end ? [start, end + count] : [start, end];
  }
  const cut = (index: number) => (index <= at ? index : Math.max(at, index - count));
  const [from, to] = [cut(start), cut(end)];
  return to > from ? [from, to] : undefined;
}

/** A place on a sheet, sides open where they are undefined. */
export interface Spot {
  readonly sheet: Sheet;
  readonly grid: Grid;
}

function along(
  axis: Axis,
  { startRow, endRow, startColumn, endColumn }: Grid,
): [number | undefined, number | undefined] {
  return axis === 'ROWS' ? [startRow, endRow] : [startColumn, endColumn];
}

function withAlong(axis: Axis, grid: Grid, start: number | undefined, end: number | undefined): Grid {
  const { startRow, endRow, startColumn, endColumn } = grid;
  const [row0, row1] = axis === 'ROWS' ? [start, end] : [startRow, endRow];
  const [column0, column1] = axis === 'ROWS' ? [startColumn, endColumn] : [start, end];
  return {
    ...(row0 !== undefined && { startRow: row0 }),
    ...(row1 !== undefined && { endRow: row1 }),
    ...(column0 !== undefined && { startColumn: column0 }),
    ...(column1 !== undefined && { endColumn: column1 }),
  };
}

function closed({ sheet, grid }: Spot): Rect {
  const { rowCount, columnCount } = sheet.properties.gridProperties;
  const { startRow = 0, endRow = rowCount, startColumn = 0, endColumn = columnCount } = grid;
  return { startRow, endRow, startColumn, endColumn };
}

function within(strip: Rect, axis: Axis, rect: Rect): boolean {
  if (axis === 'ROWS') return rect.startColumn >= strip.startColumn && rect.endColumn <= strip.endColumn;
  return rect.startRow >= strip.startRow && rect.endRow <= strip.endRow;
}

/** The same cells afterwards: undefined when nothing changed for them, 'lost' when none is left. */
export function spotAfter(edit: Edit, spot: Spot): Spot | 'lost' | undefined {
  if (edit.kind === 'gone') return spot.sheet === edit.sheet ? 'lost' : undefined;
  if (edit.kind === 'cut') {
    const rect = closed(spot);
    const { row, column, target } = edit;
    if (spot.sheet === edit.sheet && contains(edit.rect, rect)) {
      const [down, right] = [row - edit.rect.startRow, column - edit.rect.startColumn];
      const grid = {
        startRow: rect.startRow + down,
        endRow: rect.endRow + down,
        startColumn: rect.startColumn + right,
        endColumn: rect.endColumn + right,
      };
      return { sheet: target, grid };
    }
    const { startRow, endRow, startColumn, endColumn } = edit.rect;
    const landing = {
      startRow: row,
      endRow: row + endRow - startRow,
      startColumn: column,
      endColumn: column + endColumn - startColumn,
    };
    return spot.sheet === target && contains(landing, rect) ? 'lost' : undefined;
  }
  if (spot.sheet !== edit.sheet) return undefined;
  if (edit.kind !== 'move' && edit.strip && !within(edit.strip, edit.axis, closed(spot))) return undefined;
  const [start, end] = along(edit.axis, spot.grid);
  if (start === undefined && end === undefined) return undefined;
  const after = stretchAfter(edit, [start ?? 0, end ?? Number.POSITIVE_INFINITY]);
  if (!after) return 'lost';
  const [from, to] = [start === undefined ? undefined : after[0], end === undefined ? undefined : after[1]];
  if (from === start && to === end) return undefined;
  return { sheet: spot.sheet, grid: withAlong(edit.axis, spot.grid, from, to) };
}
