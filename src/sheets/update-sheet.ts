// The properties of a sheet: title, place, visibility, frozen rows, colour, size. One read of them as they are, one
// write. A grid never shrinks over cells that hold something.

import { invalid, ServalError } from '../errors.ts';
import { columnName } from './a1.ts';
import { colorStyleOf } from './colors.ts';
import { apply, type Desk, type Outcome } from './desk.ts';
import { type FilledCell, liveSpreadsheet, scan } from './live.ts';
import { findSheet, type Sheet } from './metadata.ts';
import { growRequest, type Request } from './requests.ts';
import { checkIndex, checkSeen, checkTitle } from './sheet-names.ts';

export interface SheetChanges {
  readonly title?: string | undefined;
  /** Place among the tabs after the change, from 1. */
  readonly index?: number | undefined;
  readonly hidden?: boolean | undefined;
  readonly frozenRows?: number | undefined;
  readonly frozenColumns?: number | undefined;
  /** `#rrggbb`; null takes it away. */
  readonly tabColor?: string | null | undefined;
  readonly gridlines?: boolean | undefined;
  readonly rows?: number | undefined;
  readonly columns?: number | undefined;
}

/** Changes what is given. Throws `conflict` and changes nothing when rows or columns with content would go. */
export async function updateSheet(desk: Desk, name: string | number, changes: SheetChanges): Promise<Outcome> {
  if (Object.values(changes).every((value) => value === undefined)) {
    throw invalid('Nothing is given to change.', 'Give at least one property.');
  }
  const live = await liveSpreadsheet(desk);
  const sheet = findSheet(live, name);
  const { title, index, hidden } = changes;
  if (title !== undefined) checkTitle(live, title, sheet);
  checkIndex(index, live.sheets.length);
  if (hidden) checkSeen(live, sheet);
  const place = live.sheets.indexOf(sheet);
  // Google counts the place before the sheet leaves its old one.
  const target = index === undefined ? undefined : index - 1 > place ? index : index - 1;
  const requests = [
    ...growth(sheet, changes),
    ...propertyRequests(sheet, changes, target),
    ...(await shrinkage(desk, sheet, changes)),
  ];
  const answer: Outcome = { status: requests.length > 0 ? 'applied' : 'unchanged' };
  if (requests.length === 0) return answer;
  return apply(desk, { requests, answer, sheets: [{ ...sheet, title: title ?? sheet.title }] });
}

/** One request for all properties that are given, in the order of its mask. */
function propertyRequests({ sheetId }: Sheet, changes: SheetChanges, index: number | undefined): Request[] {
  const { title, hidden, tabColor, frozenRows, frozenColumns, gridlines } = changes;
  const grid = {
    frozenRowCount: frozenRows,
    frozenColumnCount: frozenColumns,
    hideGridlines: gridlines === undefined ? undefined : !gridlines,
  };
  const own = { title, index, hidden, tabColorStyle: tabColor };
  const given = (of: object, prefix = '') =>
    Object.entries(of).flatMap(([key, value]) => (value === undefined ? [] : [`${prefix}${key}`]));
  const fields = [...given(own), ...given(grid, 'gridProperties.')];
  if (fields.length === 0) return [];
  const properties = {
    sheetId,
    ...Object.fromEntries(Object.entries(own).filter(([, value]) => value !== undefined && value !== null)),
    ...(typeof tabColor === 'string' && { tabColorStyle: colorStyleOf(tabColor) }),
    gridProperties: Object.fromEntries(Object.entries(grid).filter(([, value]) => value !== undefined)),
  };
  return [{ updateSheetProperties: { properties, fields: fields.join(',') } }];
}

function growth(sheet: Sheet, { rows = 0, columns = 0 }: SheetChanges): Request[] {
  return [
    ...(rows > sheet.rows ? [growRequest(sheet.sheetId, 'ROWS', rows - sheet.rows)] : []),
    ...(columns > sheet.columns ? [growRequest(sheet.sheetId, 'COLUMNS', columns - sheet.columns)] : []),
  ];
}

/**
 * Takes away just the rows and columns that were looked at: those that somebody adds meanwhile stay. What counts as
 * content are values, formulas and notes.
 */
async function shrinkage(desk: Desk, sheet: Sheet, { rows, columns }: SheetChanges): Promise<Request[]> {
  const whole = { startRow: 0, endRow: sheet.rows, startColumn: 0, endColumn: sheet.columns };
  const cuts = [
    ...(rows !== undefined && rows < sheet.rows ? [{ sheet, grid: { ...whole, startRow: rows } }] : []),
    ...(columns !== undefined && columns < sheet.columns ? [{ sheet, grid: { ...whole, startColumn: columns } }] : []),
  ];
  for await (const cell of scan(desk, cuts, 'userEnteredValue,note')) throw wouldGo(cell);
  return cuts.map(({ grid }) => {
    const byRows = grid.startRow > 0;
    const [startIndex, endIndex] = byRows ? [grid.startRow, grid.endRow] : [grid.startColumn, grid.endColumn];
    const range = { sheetId: sheet.sheetId, dimension: byRows ? 'ROWS' : 'COLUMNS', startIndex, endIndex };
    return { deleteDimension: { range } };
  });
}

function wouldGo({ sheet, row, column }: FilledCell): ServalError {
  const cell = `${columnName(column)}${row + 1}`;
  return new ServalError(
    'conflict',
    `Cells with content would go, such as ${sheet.title}!${cell}: nothing was changed.`,
    {
      hint: 'Move or clear them first, or delete them with delete_dimension.',
      outcome: 'none',
    },
  );
}
