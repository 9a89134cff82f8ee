// Reading: a rectangle of cells as the values of a ValueRange. Alters nothing.

import { effectiveAt, errorText } from './evaluate.ts';
import type { NumberFormat } from './messages/format.ts';
import type { ValueRange } from './messages/values.ts';
import { formatValue, isDateFormat } from './number-format.ts';
import { type Place, printRange, type Rect } from './ranges.ts';
import type { Scalar, Sheet } from './workbook.ts';

export interface RenderOptions {
  readonly majorDimension?: string | undefined;
  /** FORMATTED_VALUE unless given. */
  readonly valueRenderOption?: string | undefined;
  /** SERIAL_NUMBER unless given; of no effect on formatted values. */
  readonly dateTimeRenderOption?: string | undefined;
}

/** The number format a cell shows its value in: its own, or the one its formula suggests. */
export function numberFormatAt(sheet: Sheet, row: number, column: number): NumberFormat | undefined {
  const { book, rows } = sheet;
  const format = rows[row]?.[column]?.format ?? 0;
  const own = format === 0 ? undefined : book.formats.get(format)?.numberFormat;
  return own ?? book.calc.shown(sheet).formatAt(row, column);
}

/** The text a cell shows. */
export function shownText(sheet: Sheet, row: number, column: number): string {
  const value = effectiveAt(sheet, row, column);
  const format = numberFormatAt(sheet, row, column);
  if (typeof value === 'string' && !format) return value;
  return formatValue(value, format, sheet.book.properties.locale ?? 'en_US');
}

function renderer(sheet: Sheet, options: RenderOptions): (row: number, column: number) => Scalar {
  const option = options.valueRenderOption ?? 'FORMATTED_VALUE';
  if (option === 'FORMATTED_VALUE') return (row, column) => shownText(sheet, row, column);
  const dates = options.dateTimeRenderOption === 'FORMATTED_STRING';
  return (row, column) => {
    const formula = option === 'FORMULA' ? sheet.rows[row]?.[column]?.formula : undefined;
    if (formula !== undefined) return formula;
    const value = effectiveAt(sheet, row, column);
    if (typeof value === 'object') return errorText(value);
    if (dates && typeof value === 'number' && isDateFormat(numberFormatAt(sheet, row, column))) {
      return shownText(sheet, row, column);
    }
    return value ?? '';
  };
}

/** One past the last row of the rectangle that may show something. */
export function lastRow(sheet: Sheet, rect: Rect): number {
  return Math.min(rect.endRow, Math.max(sheet.rows.length, sheet.book.calc.shown(sheet).endRow()));
}

/** One past the last column of the rectangle in which the row may show something. */
export function lastColumn(sheet: Sheet, rect: Rect, row: number): number {
  const spilled = sheet.book.calc.shown(sheet).endColumn(row);
  return Math.min(rect.endColumn, Math.max(sheet.rows[row]?.length ?? 0, spilled));
}

/** Rows of the rectangle without trailing blanks; a blank between others is an empty text. */
function byRows(sheet: Sheet, rect: Rect, render: (row: number, column: number) => Scalar): Scalar[][] {
  const values: Scalar[][] = [];
  const end = lastRow(sheet, rect);
  let filled = 0;
  for (let row = rect.startRow; row < end; row++) {
    const out: Scalar[] = [];
    values.push(out);
    const last = lastColumn(sheet, rect, row);
    for (let column = rect.startColumn; column < last; column++) {
      const value = render(row, column);
      // An empty text that a formula gave fills its place; a blank cell does not.
      if (value === '' && effectiveAt(sheet, row, column) !== '') continue;
      while (out.length < column - rect.startColumn) out.push('');
      out.push(value);
    }
    if (out.length > 0) filled = values.length;
  }
  values.length = filled;
  return values;
}

function transpose(rows: readonly Scalar[][]): Scalar[][] {
  const width = rows.reduce((most, row) => Math.max(most, row.length), 0);
  return Array.from({ length: width }, (_, c) => {
    let height = rows.length;
    while (height > 0 && (rows[height - 1]?.[c] ?? '') === '') height--;
    return Array.from({ length: height }, (_, r) => rows[r]?.[c] ?? '');
  });
}

/** A ValueRange; `values` is absent when all is blank. */
export function readRange({ sheet, rect }: Pick<Place, 'sheet' | 'rect'>, options: RenderOptions): ValueRange {
  const columns = options.majorDimension === 'COLUMNS';
  const rows = byRows(sheet, rect, renderer(sheet, options));
  const values = columns ? transpose(rows) : rows;
  return {
    range: printRange(sheet, rect),
    majorDimension: columns ? 'COLUMNS' : 'ROWS',
    ...(values.length > 0 && { values }),
  };
}
