// Requests that put CellData into cells under a field mask: updateCells, repeatCell, appendCells, and the initial
// data of a new spreadsheet.

import type { Change } from '../change.ts';
import { pairColors, pairMask, type Theme, themeOf } from '../colors.ts';
import { invalid } from '../errors.ts';
import { fillCells } from '../fill.ts';
import { shiftReferences } from '../formula/rewrite.ts';
import { growTo } from '../grid.ts';
import { apply, below, type Mask } from '../mask.ts';
import { CellData } from '../messages/cells.ts';
import type { ExtendedValue } from '../messages/pivot.ts';
import { checkedPivot } from '../pivot/check.ts';
import { gridById, type Rect, resolveGridRange } from '../ranges.ts';
import { checkedChipRuns, checkedFormatRuns } from '../text-runs.ts';
import type { Scalar, Sheet } from '../workbook.ts';
import { type Book, type Cell, type CellExtra, cell, checkText, lastValueRow, withoutRuns } from '../workbook.ts';
import { trimmed } from '../write.ts';
import { tidyFormat } from './borders.ts';
import { fieldsOf, type Handler } from './context.ts';
import { checkedRule } from './validation.ts';

const EXTRAS = ['note', 'textFormatRuns', 'dataValidation', 'pivotTable', 'chipRuns'] as const;

const NOTHING = { value: undefined, formula: undefined };

type Entered = { readonly value: Scalar | undefined; readonly formula: string | undefined };

function entered(given: ExtendedValue | undefined): Entered {
  const { numberValue, stringValue, boolValue, formulaValue } = given ?? {};
  const text = formulaValue ?? stringValue;
  if (text !== undefined) checkText(text);
  if (formulaValue !== undefined) {
    return { value: undefined, formula: formulaValue.startsWith('=') ? formulaValue : `=${formulaValue}` };
  }
  return { value: numberValue ?? boolValue ?? (stringValue === '' ? undefined : stringValue), formula: undefined };
}

/** What stays of the parts of a cell whose value is replaced: runs belong to the text, a pivot table to its anchor. */
function besideValue(extra: CellExtra | undefined, isBlank: boolean): CellExtra | undefined {
  const kept = withoutRuns(extra);
  if (isBlank || !kept?.pivotTable) return kept;
  const { pivotTable: _, ...rest } = kept;
  return Object.keys(rest).length > 0 ? rest : undefined;
}

/** One part of CellData as it is kept; undefined takes it away. */
function checkedPart(
  book: Book,
  name: (typeof EXTRAS)[number],
  data: CellData,
  value: Scalar | undefined,
  theme: Theme,
): CellExtra[keyof CellExtra] {
  switch (name) {
    case 'textFormatRuns':
      return data.textFormatRuns?.length ? checkedFormatRuns(value, data.textFormatRuns, theme) : undefined;
    case 'chipRuns':
      return data.chipRuns?.length ? checkedChipRuns(value, data.chipRuns) : undefined;
    case 'dataValidation':
      return data.dataValidation && checkedRule(book, data.dataValidation);
    case 'pivotTable':
      return data.pivotTable && checkedPivot(book, data.pivotTable);
    default:
      return data.note || undefined;
  }
}

/** A function that puts CellData into a cell, taking only what the mask covers. */
function editor(book: Book, mask: Mask): (present: Cell | undefined, data: CellData) => Cell | undefined {
  const values = below(mask, 'userEnteredValue') !== undefined;
  const format = below(mask, 'userEnteredFormat');
  const formatMask = format === undefined ? undefined : pairMask(format);
  const extras = EXTRAS.filter((name) => below(mask, name) !== undefined);
  const pivots = extras.includes('pivotTable');
  const theme = themeOf(book.properties);
  // Runs of cells share one format object in a decoded body and one base: the last result is mostly the next.
  let last: { base: number; given: CellData['userEnteredFormat']; id: number } | undefined;
  const formatId = (base: number, given: CellData['userEnteredFormat']): number => {
    if (formatMask === undefined) return base;
    if (last && last.base === base && last.given === given) return last.id;
    const next = apply(formatMask, book.formats.get(base) ?? {}, pairColors(given ?? {}, theme));
    const id = book.formats.idOf(tidyFormat(next));
    last = { base, given, id };
    return id;
  };
  return (present, data) => {
    const { value, formula } =
      pivots && data.pivotTable
        ? NOTHING
        : values
          ? entered(data.userEnteredValue)
          : { value: present?.value, formula: present?.formula };
    const isBlank = value === undefined && formula === undefined;
    let extra = values ? besideValue(present?.extra, isBlank) : present?.extra;
    if (extras.length > 0) {
      const next: CellExtra = { ...extra };
      for (const name of extras) {
        const part = checkedPart(book, name, data, value, theme);
        if (part === undefined) delete next[name];
        else Object.assign(next, { [name]: part });
      }
      extra = Object.keys(next).length > 0 ? next : undefined;
    }
    return cell(value, formula, formatId(present?.format ?? 0, data.userEnteredFormat), extra);
  };
}

type Rows = readonly { values?: readonly CellData[] }[];

/** Puts rows of cells at a corner of a grid that is large enough. */
export function putRows(
  change: Change,
  sheet: Sheet,
  corner: { readonly row: number; readonly column: number },
  rows: Rows,
  mask: Mask,
): void {
  const edit = editor(sheet.book, mask);
  rows.forEach(({ values = [] }, r) => {
    if (values.length === 0) return;
    const row: (Cell | undefined)[] = sheet.rows[corner.row + r]?.slice() ?? [];
    values.forEach((data, c) => {
      const at = corner.column + c;
      const next = edit(row[at], data);
      if (next || row[at]) row[at] = next;
    });
    change.setRow(sheet, corner.row + r, trimmed(row));
  });
}

function checkFit(rows: Rows, rect: Rect): void {
  const refuse = (what: 'row' | 'column', at: number, last: number) =>
    invalid(`Attempting to write ${what}: ${at}, beyond the last requested ${what} of: ${last}`);
  if (rect.startRow + rows.length > rect.endRow) throw refuse('row', rect.endRow, rect.endRow - 1);
  const width = rows.reduce((most, { values = [] }) => Math.max(most, values.length), 0);
  if (rect.startColumn + width > rect.endColumn) throw refuse('column', rect.endColumn, rect.endColumn - 1);
}

export const updateCells: Handler<'updateCells'> = ({ book, change }, { rows = [], fields, start, range }) => {
  if (start) {
    const sheet = gridById(book, start.sheetId);
    const mask = fieldsOf(fields, CellData);
    const { rowCount, columnCount } = sheet.properties.gridProperties;
    const { rowIndex: row = 0, columnIndex: column = 0 } = start;
    const last = (name: string, index: number, size: number) => {
      if (index < 0 || index >= size) {
        const axis = name.replace('Index', '');
        throw invalid(`GridCoordinate.${name}[${index}] is after last ${axis} in grid[${size - 1}]`);
      }
    };
    last('rowIndex', row, rowCount);
    last('columnIndex', column, columnCount);
    checkFit(rows, { startRow: row, endRow: rowCount, startColumn: column, endColumn: columnCount });
    putRows(change, sheet, { row, column }, rows, mask);
    return undefined;
  }
  if (!range) throw invalid('One of start or range must be specified.');
  const { sheet, rect } = resolveGridRange(book, range);
  const mask = fieldsOf(fields, CellData);
  checkFit(rows, rect);
  const edit = editor(book, mask);
  // Beyond the given rows and the present ones there is nothing to clear.
  const end = Math.min(rect.endRow, Math.max(sheet.rows.length, rect.startRow + rows.length));
  for (let r = rect.startRow; r < end; r++) {
    const given = rows[r - rect.startRow]?.values ?? [];
    const row: (Cell | undefined)[] = sheet.rows[r]?.slice() ?? [];
    const lastColumn = Math.min(rect.endColumn, Math.max(row.length, rect.startColumn + given.length));
    for (let c = rect.startColumn; c < lastColumn; c++) {
      const next = edit(row[c], given[c - rect.startColumn] ?? {});
      if (next || row[c]) row[c] = next;
    }
    change.setRow(sheet, r, trimmed(row));
  }
  return undefined;
};

/** A formula is that of the first cell; its references shift from there. */
export const repeatCell: Handler<'repeatCell'> = ({ book, change }, { range = {}, cell: data = {}, fields }) => {
  const { sheet, rect } = resolveGridRange(book, range);
  const mask = fieldsOf(fields, CellData);
  const edit = editor(book, mask);
  const formula = below(mask, 'userEnteredValue') === undefined ? undefined : data.userEnteredValue?.formulaValue;
  if (formula === undefined) {
    fillCells(change, sheet, rect, (present) => edit(present, data));
    return undefined;
  }
  const first = formula.startsWith('=') ? formula : `=${formula}`;
  const locale = book.properties.locale ?? 'en_US';
  for (let r = rect.startRow; r < rect.endRow; r++) {
    const row = sheet.rows[r]?.slice() ?? [];
    for (let c = rect.startColumn; c < rect.endColumn; c++) {
      const shifted = shiftReferences(first, locale, r - rect.startRow, c - rect.startColumn);
      row[c] = edit(row[c], { ...data, userEnteredValue: { formulaValue: shifted } });
    }
    change.setRow(sheet, r, trimmed(Array.from(row)));
  }
  return undefined;
};

/** After the last row of the sheet that holds anything; appending to a table is requests/tables.ts. */
export const appendCells: Handler<'appendCells'> = ({ book, change }, { sheetId, rows = [], fields }) => {
  const sheet = gridById(book, sheetId);
  const mask = fieldsOf(fields, CellData);
  const row = lastValueRow(sheet);
  const width = rows.reduce((most, { values = [] }) => Math.max(most, values.length), 0);
  growTo(change, sheet, row + rows.length, width);
  putRows(change, sheet, { row, column: 0 }, rows, mask);
  return undefined;
};
