// A pivot table of a workbook: its source read through the caller's eyes, and drawn. The calculation calls it for an
// anchor cell and spills the matrix, as it does with a formula's.

import { rectOf } from '../areas.ts';
import type { Effective } from '../evaluate.ts';
import type { Value } from '../formula/value.ts';
import type { PivotTable } from '../messages/pivot.ts';
import { formatValue } from '../number-format.ts';
import type { Rect } from '../ranges.ts';
import { type Book, type Sheet, sheetById } from '../workbook.ts';
import { pivotValues } from './values.ts';

/** The cells a pivot table depends on; undefined when their sheet is gone. */
export function pivotSource(book: Book, { source }: PivotTable): { sheet: Sheet; rect: Rect } | undefined {
  const sheet = source && sheetById(book, source.sheetId ?? 0);
  return sheet && { sheet, rect: rectOf(sheet, source) };
}

/** Rows of equal length from the anchor on; `read` gives the effective value of a place. */
export function drawPivot(
  book: Book,
  pivot: PivotTable,
  read: (sheet: Sheet, row: number, column: number) => Effective,
): readonly (readonly Value[])[] {
  const found = pivotSource(book, pivot);
  if (!found) return [[{ type: 'REF', message: 'Reference does not exist.' }]];
  const { sheet, rect } = found;
  const width = rect.endColumn - rect.startColumn;
  const rows = Array.from({ length: rect.endRow - rect.startRow }, (_, r) =>
    Array.from({ length: width }, (__, c): Value => read(sheet, rect.startRow + r, rect.startColumn + c) ?? null),
  );
  const shown = (r: number, c: number) => {
    const format = sheet.rows[rect.startRow + r]?.[rect.startColumn + c]?.format ?? 0;
    const { locale = 'en_US' } = book.properties;
    return formatValue(rows[r]?.[c] ?? undefined, book.formats.get(format)?.numberFormat, locale);
  };
  return pivotValues(pivot, { rows, shown });
}
