// Which cells a write touches, told by its requests. Pure; what cannot be told is `null`: it may touch any.

import type { Area } from '../call.ts';
import { COMMENT_KINDS } from './request-kinds.ts';

type Params = Readonly<Record<string, unknown>>;

/** The cells that the requests of a `spreadsheets.batchUpdate` touch; null when one of them may shift or touch any. */
export function areasOf(params: Params): readonly Area[] | null {
  const requests = list(record(params.requestBody).requests).map(record);
  const areas = requests.filter((request) => !COMMENT_KINDS.has(Object.keys(request)[0] ?? '')).map(areaOf);
  return areas.every((area) => area !== undefined) ? areas : null;
}

/** Kinds that touch the cells of their range and no others; a border is none of a cell's values. */
const ON_RANGE = new Set(['repeatCell', 'updateBorders', 'setDataValidation', 'mergeCells', 'unmergeCells']);

function areaOf(request: Params): Area | undefined {
  const [kind, payload] = Object.entries(request)[0] ?? [];
  const { start, range, sheetId, rows, tableId } = record(payload);
  // A table is not told by its sheet, and what stands below it gives way.
  if (tableId !== undefined) return undefined;
  // New rows go below everything: where that is depends on what the sheet holds.
  if (kind === 'appendCells' || kind === 'appendDimension') return { plane: Number(sheetId ?? 0) };
  if (kind !== undefined && ON_RANGE.has(kind)) return gridArea(record(range));
  if (kind === 'updateDimensionProperties') return dimensionArea(record(range));
  if (kind !== 'updateCells') return undefined;
  if (start === undefined) return gridArea(record(range));
  const { sheetId: plane = 0, rowIndex = 0, columnIndex = 0 } = record(start);
  const lines = list(rows).map((row) => list(record(row).values).length);
  return {
    plane: Number(plane),
    startRow: Number(rowIndex),
    endRow: Number(rowIndex) + lines.length,
    startColumn: Number(columnIndex),
    endColumn: Number(columnIndex) + lines.reduce((widest, width) => Math.max(widest, width), 0),
  };
}

/** An API GridRange as an area. */
function gridArea(range: Params): Area {
  const { sheetId = 0, startRowIndex, endRowIndex, startColumnIndex, endColumnIndex } = range;
  return {
    plane: Number(sheetId),
    ...(startRowIndex !== undefined && { startRow: Number(startRowIndex) }),
    ...(endRowIndex !== undefined && { endRow: Number(endRowIndex) }),
    ...(startColumnIndex !== undefined && { startColumn: Number(startColumnIndex) }),
    ...(endColumnIndex !== undefined && { endColumn: Number(endColumnIndex) }),
  };
}

/** An API DimensionRange as an area. */
function dimensionArea({ sheetId = 0, dimension, startIndex, endIndex }: Params): Area {
  const axis = dimension === 'COLUMNS' ? 'Column' : 'Row';
  return {
    plane: Number(sheetId),
    ...(startIndex !== undefined && { [`start${axis}`]: Number(startIndex) }),
    ...(endIndex !== undefined && { [`end${axis}`]: Number(endIndex) }),
  };
}

function record(value: unknown): Params {
  return typeof value === 'object' && value !== null ? (value as Params) : {};
}

function list(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}
