// autoFill: cells continued as a person would by dragging their corner: numbers, dates and counted texts go on, formulas
// shift, everything else repeats.

import { contains, requiredPlace } from '../areas.ts';
import type { Change } from '../change.ts';
import { invalid } from '../errors.ts';
import { shiftReferences } from '../formula/rewrite.ts';
import { exceeds, type Rect } from '../ranges.ts';
import { type Book, type Cell, cell, type Sheet } from '../workbook.ts';
import { trimmed } from '../write.ts';
import type { Handler } from './context.ts';

const NAMES: readonly (readonly string[])[] = [
  ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'],
  ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'],
  [
    'January',
    'February',
    'March',
    'April',
    'May',
    'June',
    'July',
    'August',
    'September',
    'October',
    'November',
    'December',
  ],
  ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'],
];

/** The value `offset` cells behind the first of a line of source cells; undefined repeats the source. */
type Series = (offset: number) => string | number | undefined;

function seriesOf(line: readonly (Cell | undefined)[], alternate: boolean): Series {
  const values = line.map((one) => one?.value);
  const numbers = values.filter((value): value is number => typeof value === 'number');
  if (numbers.length === values.length && numbers.length > 0) {
    const [first = 0, second] = numbers;
    // One number alone repeats, unless the other series is asked for; several give the least-squares line.
    if (second === undefined) return alternate ? (offset) => first + offset : () => undefined;
    const mean = numbers.reduce((sum, value) => sum + value, 0) / numbers.length;
    const middle = (numbers.length - 1) / 2;
    const slope =
      numbers.reduce((sum, value, at) => sum + (at - middle) * (value - mean), 0) /
      numbers.reduce((sum, _, at) => sum + (at - middle) ** 2, 0);
    return (offset) => Number((mean + slope * (offset - middle)).toPrecision(15));
  }
  const [text] = values;
  if (values.length !== 1 || typeof text !== 'string') return () => undefined;
  for (const names of NAMES) {
    const at = names.findIndex((name) => name.toLowerCase() === text.toLowerCase());
    if (at >= 0) return (offset) => names[(((at + offset) % names.length) + names.length) % names.length];
  }
  const counted = /^(.*?)(\d+)$/s.exec(text);
  if (!counted) return () => undefined;
  const [, head = '', digits = ''] = counted;
  return (offset) =>
    `${head}${String(Math.abs(Number(digits) + offset)).padStart(digits.startsWith('0') ? digits.length : 0, '0')}`;
}

interface Fill {
  readonly sheet: Sheet;
  readonly source: Rect;
  readonly rows: boolean;
  /** Negative fills backwards. */
  readonly length: number;
  readonly alternate: boolean;
}

function fill(change: Change, book: Book, { sheet, source, rows, length, alternate }: Fill): void {
  const { rowCount, columnCount } = sheet.properties.gridProperties;
  const size = rows ? source.endRow - source.startRow : source.endColumn - source.startColumn;
  const lines = rows ? source.endColumn - source.startColumn : source.endRow - source.startRow;
  const offsets = Array.from({ length: Math.abs(length) }, (_, n) => (length < 0 ? -1 - n : size + n));
  const end = {
    ...source,
    endRow: rows ? source.endRow + Math.max(0, length) : source.endRow,
    endColumn: rows ? source.endColumn : source.endColumn + Math.max(0, length),
  };
  const first = (rows ? source.startRow : source.startColumn) + Math.min(0, length);
  if (end.endRow > rowCount || end.endColumn > columnCount || first < 0) throw exceeds(sheet, end);
  const locale = book.properties.locale ?? 'en_US';
  const at = (line: number, offset: number) =>
    rows
      ? { row: source.startRow + offset, column: source.startColumn + line }
      : { row: source.startRow + line, column: source.startColumn + offset };
  for (let line = 0; line < lines; line++) {
    const cells = Array.from({ length: size }, (_, offset) => {
      const { row, column } = at(line, offset);
      return sheet.rows[row]?.[column];
    });
    const series = seriesOf(cells, alternate);
    for (const offset of offsets) {
      const from = ((offset % size) + size) % size;
      const one = cells[from];
      const away = offset - from;
      const formula =
        one?.formula === undefined ? undefined : shiftReferences(one.formula, locale, rows ? away : 0, rows ? 0 : away);
      const value = formula === undefined ? (series(offset) ?? one?.value) : undefined;
      const { row, column } = at(line, offset);
      const target = sheet.rows[row]?.slice() ?? [];
      target[column] = cell(value, formula, one?.format ?? 0, one?.extra);
      change.setRow(sheet, row, trimmed(Array.from(target)));
    }
  }
}

export const autoFill: Handler<'autoFill'> = (
  { book, change },
  { range, sourceAndDestination, useAlternateSeries },
) => {
  const alternate = useAlternateSeries === true;
  if (range && sourceAndDestination) throw invalid('Only one of range and sourceAndDestination may be set.');
  if (sourceAndDestination) {
    const { source, dimension, fillLength = 0 } = sourceAndDestination;
    const { sheet, rect } = requiredPlace(book, source);
    if (dimension !== 'ROWS' && dimension !== 'COLUMNS') throw invalid('dimension must be specified.');
    fill(change, book, { sheet, source: rect, rows: dimension === 'ROWS', length: fillLength, alternate });
    return undefined;
  }
  // The part of the range that holds something is continued into the rest of it.
  const { sheet, rect } = requiredPlace(book, range);
  let [endRow, endColumn] = [rect.startRow, rect.startColumn];
  for (let row = rect.startRow; row < Math.min(rect.endRow, sheet.rows.length); row++) {
    for (let column = rect.startColumn; column < rect.endColumn; column++) {
      const one = sheet.rows[row]?.[column];
      if (one?.value === undefined && one?.formula === undefined) continue;
      endRow = Math.max(endRow, row + 1);
      endColumn = Math.max(endColumn, column + 1);
    }
  }
  const source = { ...rect, endRow, endColumn };
  if (endRow === rect.startRow || !contains(rect, source)) return undefined;
  const rows = endRow < rect.endRow;
  const length = rows ? rect.endRow - endRow : rect.endColumn - endColumn;
  fill(change, book, {
    sheet,
    source: rows ? { ...source, endColumn: rect.endColumn } : source,
    rows,
    length,
    alternate,
  });
  return undefined;
};
