// Reading: a rectangle of cells as the values of a ValueRange. Alters nothing.

import { effectiveValue, errorText } from './evaluate.ts';
import type { ValueRange } from './messages/values.ts';
import { formatValue, isDateFormat } from './number-format.ts';
import { type Place, printRange, type Rect } from './ranges.ts';
import type { Book, Cell, Scalar, Sheet } from './workbook.ts';

export interface RenderOptions {
  readonly majorDimension?: string | undefined;
  /** FORMATTED_VALUE unless given. */
  readonly valueRenderOption?: string | undefined;
  /** SERIAL_NUMBER unless given; of no effect on formatted values. */
  readonly dateTimeRenderOption?: string | undefined;
}

/** The text a cell shows. */
export function shownText(book: Book, cell: Cell): string {
  const format = cell.format === 0 ? undefined : book.formats.get(cell.format)?.numberFormat;
  if (cell.formula === undefined && typeof cell.value === 'string' && !format) return cell.value;
  return formatValue(effectiveValue(cell), format, book.properties.locale ?? 'en_US');
}

function renderer(book: Book, options: RenderOptions): (cell: Cell) => Scalar {
  const option = options.valueRenderOption ?? 'FORMATTED_VALUE';
  if (option === 'FORMATTED_VALUE') return (cell) => shownText(book, cell);
  const dates = options.dateTimeRenderOption === 'FORMATTED_STRING';
  return (cell) => {
    if (option === 'FORMULA' && cell.formula !== undefined) return cell.formula;
    const value = effectiveValue(cell);
    if (typeof value === 'object') return errorText(value);
    if (dates && typeof value === 'number' && isDateFormat(book.formats.get(cell.format)?.numberFormat)) {
      return shownText(book, cell);
    }
    return value ?? '';
  };
}

/** Rows of the rectangle without trailing blanks; a blank between others is an empty text. */
function byRows(sheet: Sheet, rect: Rect, render: (cell: Cell) => Scalar): Scalar[][] {
  const values: Scalar[][] = [];
  const end = Math.min(rect.endRow, sheet.rows.length);
  let filled = 0;
  for (let r = rect.startRow; r < end; r++) {
    const row = sheet.rows[r];
    const out: Scalar[] = [];
    values.push(out);
    if (!row) continue;
    const last = Math.min(rect.endColumn, row.length);
    for (let c = rect.startColumn; c < last; c++) {
      const cell = row[c];
      if (!cell) continue;
      const value = render(cell);
      if (value === '') continue;
      while (out.length < c - rect.startColumn) out.push('');
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
  const rows = byRows(sheet, rect, renderer(sheet.book, options));
  const values = columns ? transpose(rows) : rows;
  return {
    range: printRange(sheet, rect),
    majorDimension: columns ? 'COLUMNS' : 'ROWS',
    ...(values.length > 0 && { values }),
  };
}
