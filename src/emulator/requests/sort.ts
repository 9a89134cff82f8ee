// Requests that put the rows of a range into another order: sortRange and randomizeRange; and how a basic filter sorts.

import { contains, overlaps, rectOf, requiredPlace } from '../areas.ts';
import type { Change } from '../change.ts';
import { invalid } from '../errors.ts';
import { type Effective, effectiveAt } from '../evaluate.ts';
import { compareValues } from '../formula/functions/order.ts';
import { shiftReferences } from '../formula/rewrite.ts';
import type { SortSpec } from '../messages/rules.ts';
import type { Rect } from '../ranges.ts';
import { type Cell, cell, type Sheet } from '../workbook.ts';
import { trimmed } from '../write.ts';
import type { Handler } from './context.ts';

function checkMerges(sheet: Sheet, rect: Rect): void {
  for (const merge of sheet.parts.merges ?? []) {
    const one = rectOf(sheet, merge);
    if (overlaps(rect, one) && (!contains(rect, one) || one.endRow - one.startRow > 1)) {
      throw invalid("You can't sort a range with vertically merged cells.");
    }
  }
}

/** Puts the rows of a range into an order, as indices of before; formulas move as copies do, within their row. */
function arrange(change: Change, sheet: Sheet, rect: Rect, order: readonly number[]): void {
  const locale = sheet.book.properties.locale ?? 'en_US';
  const before = order.map((from) => sheet.rows[from]);
  order.forEach((from, at) => {
    const to = rect.startRow + at;
    if (from === to) return;
    const row: (Cell | undefined)[] = sheet.rows[to]?.slice() ?? [];
    for (let column = rect.startColumn; column < rect.endColumn; column++) {
      const one = before[at]?.[column];
      const formula = one?.formula === undefined ? undefined : shiftReferences(one.formula, locale, to - from, 0);
      row[column] = one && cell(one.value, formula, one.format, one.extra);
    }
    change.setRow(sheet, to, trimmed(Array.from(row)));
  });
}

const isBlank = (value: Effective) => value === undefined || value === '';

/** Numbers before texts before booleans before errors; blanks last in either direction. */
function compare(a: Effective, b: Effective, descending: boolean): number {
  if (isBlank(a) || isBlank(b)) return Number(isBlank(a)) - Number(isBlank(b));
  const order = compareValues(a ?? null, b ?? null);
  return descending ? -order : order;
}

/** Sorts rows by columns given by their absolute index; equal rows keep their order. */
export function sortRows(change: Change, sheet: Sheet, rect: Rect, specs: readonly SortSpec[]): void {
  checkMerges(sheet, rect);
  for (const {
    dimensionIndex = 0,
    backgroundColorStyle,
    foregroundColorStyle,
    backgroundColor,
    foregroundColor,
  } of specs) {
    if (backgroundColor ?? backgroundColorStyle ?? foregroundColor ?? foregroundColorStyle) {
      throw invalid('this backend does not sort by colour.');
    }
    if (dimensionIndex < rect.startColumn || dimensionIndex >= rect.endColumn) {
      throw invalid(`sortSpec.dimensionIndex[${dimensionIndex}] is outside of the range to sort.`);
    }
  }
  const rows = Array.from({ length: rect.endRow - rect.startRow }, (_, at) => rect.startRow + at);
  const keys = new Map(
    rows.map((row) => [row, specs.map(({ dimensionIndex = 0 }) => effectiveAt(sheet, row, dimensionIndex))]),
  );
  const order = rows.toSorted((a, b) => {
    for (const [at, { sortOrder }] of specs.entries()) {
      const by = compare(keys.get(a)?.[at], keys.get(b)?.[at], sortOrder === 'DESCENDING');
      if (by !== 0) return by;
    }
    return a - b;
  });
  arrange(change, sheet, rect, order);
}

export const sortRange: Handler<'sortRange'> = ({ book, change }, { range, sortSpecs = [] }) => {
  const { sheet, rect } = requiredPlace(book, range);
  if (sortSpecs.length === 0) throw invalid('At least one sortSpec must be specified.');
  sortRows(change, sheet, rect, sortSpecs);
  return undefined;
};

export const randomizeRange: Handler<'randomizeRange'> = ({ book, change, random }, { range }) => {
  const { sheet, rect } = requiredPlace(book, range);
  checkMerges(sheet, rect);
  const order = Array.from({ length: rect.endRow - rect.startRow }, (_, at) => rect.startRow + at);
  for (let at = order.length - 1; at > 0; at--) {
    const other = Math.floor(random() * (at + 1));
    const [a = 0, b = 0] = [order[at], order[other]];
    order[at] = b;
    order[other] = a;
  }
  arrange(change, sheet, rect, order);
  return undefined;
};
