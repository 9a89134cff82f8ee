// Requests that merge cells and part them again.

import { contains, overlaps, rangeOf, rectOf, requiredPlace } from '../areas.ts';
import type { Change } from '../change.ts';
import { invalid } from '../errors.ts';
import { replaceParts } from '../parts.ts';
import type { Rect } from '../ranges.ts';
import { cell, type Sheet, withoutRuns } from '../workbook.ts';
import { trimmed } from '../write.ts';
import type { Handler } from './context.ts';

/** The merges outside of the rectangle; those within it are gone, one that it cuts is Google's refusal. */
function mergesOutside(sheet: Sheet, rect: Rect) {
  return (sheet.parts.merges ?? []).filter((merge) => {
    const merged = rectOf(sheet, merge);
    if (!overlaps(merged, rect)) return true;
    if (!contains(rect, merged)) {
      throw invalid('You must select all cells in a merged range to merge or unmerge them.');
    }
    return false;
  });
}

/** The rectangles that a merge of that type makes of one; single cells are not merged. */
function pieces(rect: Rect, type: string): Rect[] {
  const { startRow, endRow, startColumn, endColumn } = rect;
  const rows = endRow - startRow;
  const columns = endColumn - startColumn;
  if (rows * columns === 0) return [];
  if (type === 'MERGE_ROWS') {
    if (columns === 1) return [];
    return Array.from({ length: rows }, (_, r) => ({ ...rect, startRow: startRow + r, endRow: startRow + r + 1 }));
  }
  if (type === 'MERGE_COLUMNS') {
    if (rows === 1) return [];
    return Array.from({ length: columns }, (_, c) => {
      return { ...rect, startColumn: startColumn + c, endColumn: startColumn + c + 1 };
    });
  }
  return rows * columns === 1 ? [] : [rect];
}

function checkFrozen(sheet: Sheet, { startRow, endRow, startColumn, endColumn }: Rect): void {
  const { frozenRowCount = 0, frozenColumnCount = 0 } = sheet.properties.gridProperties;
  if (startRow < frozenRowCount && endRow > frozenRowCount) {
    throw invalid("You can't merge frozen and non-frozen rows.");
  }
  if (startColumn < frozenColumnCount && endColumn > frozenColumnCount) {
    throw invalid("You can't merge frozen and non-frozen columns.");
  }
}

/** Takes the values away but for the top left one of each piece; the pieces are of one size and side by side. */
function clearCovered(change: Change, sheet: Sheet, all: Rect, type: string): void {
  for (let r = all.startRow; r < Math.min(all.endRow, sheet.rows.length); r++) {
    const present = sheet.rows[r];
    if (!present) continue;
    const row = present.slice();
    for (let c = all.startColumn; c < Math.min(all.endColumn, row.length); c++) {
      const keepsRow = type === 'MERGE_ROWS' || r === all.startRow;
      const keepsColumn = type === 'MERGE_COLUMNS' || c === all.startColumn;
      const one = row[c];
      if (!one || (keepsRow && keepsColumn)) continue;
      row[c] = cell(undefined, undefined, one.format, withoutRuns(one.extra));
    }
    change.setRow(sheet, r, trimmed(row));
  }
}

export const mergeCells: Handler<'mergeCells'> = ({ book, change }, { range, mergeType = 'MERGE_ALL' }) => {
  const { sheet, rect } = requiredPlace(book, range);
  const outside = mergesOutside(sheet, rect);
  const merged = pieces(rect, mergeType);
  for (const piece of merged) checkFrozen(sheet, piece);
  for (let r = rect.startRow; r < Math.min(rect.endRow, sheet.rows.length); r++) {
    const cells = sheet.rows[r]?.slice(rect.startColumn, rect.endColumn);
    if (cells?.some((one) => one?.extra?.pivotTable)) {
      throw invalid("You can't merge cells that are part of a pivot table.");
    }
  }
  if (merged.length > 0) clearCovered(change, sheet, rect, mergeType);
  replaceParts(change, sheet, { merges: [...outside, ...merged.map((piece) => rangeOf(sheet, piece))] });
  return undefined;
};

export const unmergeCells: Handler<'unmergeCells'> = ({ book, change }, { range }) => {
  const { sheet, rect } = requiredPlace(book, range);
  const outside = mergesOutside(sheet, rect);
  if (outside.length < (sheet.parts.merges?.length ?? 0)) replaceParts(change, sheet, { merges: outside });
  return undefined;
};
