// Writing values: what RAW and USER_ENTERED make of a body's values, and which cells they reach. Works through the
// gate; HTTP and replies are elsewhere.

import { columnName } from '../sheets/a1.ts';
import type { Change } from './change.ts';
import { invalid } from './errors.ts';
import { parseLiteral } from './literals.ts';
import type { CellFormat, NumberFormat } from './messages/format.ts';
import { isDateFormat } from './number-format.ts';
import { exceeds, type Place, printRange, type Rect } from './ranges.ts';
import { type Book, type Cell, cell, checkText, type Row, type Scalar, type Sheet, withoutRuns } from './workbook.ts';

export interface Input {
  readonly option: string | undefined;
  /** Completes dates typed without a year. */
  readonly year: number;
}

/** What was written: the rectangle the values span, and the cells that were not skipped. */
export interface Written {
  readonly rect: Rect;
  readonly rows: number;
  readonly columns: number;
  readonly cells: number;
}

export function requireInputOption(option: string | undefined): string {
  if (option === 'RAW' || option === 'USER_ENTERED') return option;
  throw invalid("'valueInputOption' is required but not specified");
}

/** The dump Google's message shows of a value that is no scalar. */
function dump(value: unknown, indent: string): string {
  const inner = `${indent}  `;
  if (Array.isArray(value)) {
    return value.map((item) => `${indent}values {\n${dump(item, inner)}${indent}}\n`).join('');
  }
  if (typeof value === 'object' && value !== null) {
    const fields = Object.entries(value).map(
      ([key, item]) =>
        `${indent}fields {\n${inner}key: ${JSON.stringify(key)}\n${inner}value {\n${dump(item, `${inner}  `)}${inner}}\n${indent}}\n`,
    );
    return fields.join('');
  }
  if (typeof value === 'number') return `${indent}number_value: ${Number.isInteger(value) ? `${value}.0` : value}\n`;
  if (typeof value === 'string') return `${indent}string_value: ${JSON.stringify(value)}\n`;
  return value === null ? `${indent}null_value: NULL_VALUE\n` : `${indent}bool_value: ${value}\n`;
}

function scalarAt(value: unknown, row: number, column: number): Scalar {
  if (typeof value === 'string') {
    checkText(value);
    return value;
  }
  if (typeof value === 'number' || typeof value === 'boolean') return value;
  const kind = Array.isArray(value) ? 'list_value' : 'struct_value';
  throw invalid(`Invalid values[${row}][${column}]: ${kind} {\n${dump(value, '  ')}}\n`);
}

/** A typed format is taken where the cell shows numbers automatically, or shows a date as a number and vice versa. */
function formatOf(book: Book, present: number, typed: NumberFormat | undefined): number {
  if (!typed) return present;
  const format: CellFormat = book.formats.get(present) ?? {};
  const old = format.numberFormat;
  if (old && isDateFormat(old) === isDateFormat(typed)) return present;
  return book.formats.idOf({ ...format, numberFormat: typed });
}

/** The cell after a value was put into it; an empty text clears the value and keeps format and note. */
export function enter(book: Book, present: Cell | undefined, value: Scalar, input: Input): Cell | undefined {
  const format = present?.format ?? 0;
  const extra = withoutRuns(present?.extra);
  if (value === '') return cell(undefined, undefined, format, extra);
  const asText = format !== 0 && book.formats.get(format)?.numberFormat?.type === 'TEXT';
  if (input.option !== 'USER_ENTERED' || typeof value !== 'string') return cell(value, undefined, format, extra);
  const literal = parseLiteral(value, input.year, book.properties.locale);
  if ('formula' in literal) return cell(undefined, literal.formula, format, extra);
  if (asText && typeof literal.value !== 'string') return cell(value, undefined, format, extra);
  if (literal.value === '') return cell(undefined, undefined, format, extra);
  return cell(literal.value, undefined, formatOf(book, format, literal.format), extra);
}

/** A body's values by rows, whatever its major dimension. */
export function toRows(values: readonly (readonly unknown[])[], majorDimension: string | undefined): unknown[][] {
  if (majorDimension !== 'COLUMNS') return values as unknown[][];
  const height = values.reduce((most, column) => Math.max(most, column.length), 0);
  // A column that ends early leaves the cells below it alone, as null does.
  return Array.from({ length: height }, (_, r) => values.map((column) => column[r] ?? null));
}

/** Puts values at a corner; null skips a cell. The grid must be large enough. */
export function writeAt(
  change: Change,
  sheet: Sheet,
  corner: { readonly row: number; readonly column: number },
  values: readonly (readonly unknown[])[],
  input: Input,
): Written {
  let cells = 0;
  let columns = 0;
  values.forEach((given, r) => {
    columns = Math.max(columns, given.length);
    const index = corner.row + r;
    const row: (Cell | undefined)[] = sheet.rows[index]?.slice() ?? [];
    given.forEach((value, c) => {
      if (value === null || value === undefined) return;
      const at = corner.column + c;
      const entered = enter(sheet.book, row[at], scalarAt(value, r, c), input);
      if (entered || row[at]) row[at] = entered;
      cells++;
    });
    change.setRow(sheet, index, trimmed(row));
  });
  const rect = {
    startRow: corner.row,
    endRow: corner.row + Math.max(values.length, 1),
    startColumn: corner.column,
    endColumn: corner.column + Math.max(columns, 1),
  };
  return { rect, rows: values.length, columns, cells };
}

/** The row without blank cells at its end; undefined when nothing is left. */
export function trimmed(row: (Cell | undefined)[]): Row | undefined {
  let end = row.length;
  while (end > 0 && row[end - 1] === undefined) end--;
  row.length = end;
  return end === 0 ? undefined : row;
}

/** Refuses values that do not fit the range; one cell is a start from which they run to the edge of the grid. */
export function checkFit({ sheet, rect, asked }: Place, values: readonly (readonly unknown[])[]): void {
  const { rowCount, columnCount } = sheet.properties.gridProperties;
  const width = values.reduce((most, row) => Math.max(most, row.length), 0);
  const lastRow = rect.startRow + values.length;
  const lastColumn = rect.startColumn + width;
  const oneCell = asked.endRow === rect.startRow + 1 && asked.endColumn === rect.startColumn + 1;
  if (oneCell) {
    if (lastRow > rowCount || lastColumn > columnCount) {
      throw exceeds(sheet, { ...rect, endRow: lastRow, endColumn: lastColumn });
    }
    return;
  }
  const range = `Requested writing within range [${printRange(sheet, rect)}], but tried writing to`;
  if (lastRow > rect.endRow) throw invalid(`${range} row [${rect.endRow + 1}]`);
  if (lastColumn > rect.endColumn) throw invalid(`${range} column [${columnName(rect.endColumn)}]`);
}

/** Takes the values away and leaves formats and notes. */
export function clearValues(change: Change, { sheet, rect }: Pick<Place, 'sheet' | 'rect'>): void {
  const end = Math.min(rect.endRow, sheet.rows.length);
  for (let r = rect.startRow; r < end; r++) {
    const present = sheet.rows[r];
    if (!present) continue;
    const row = present.slice();
    for (let c = rect.startColumn; c < Math.min(rect.endColumn, row.length); c++) {
      const one = row[c];
      if (one) row[c] = cell(undefined, undefined, one.format, withoutRuns(one.extra));
    }
    change.setRow(sheet, r, trimmed(row));
  }
}
