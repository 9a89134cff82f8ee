// A1 notation and grid ranges: the only place that parses or prints them. Knows nothing of any one spreadsheet.

/**
 * Zero-based, half-open, as in the API's GridRange without its sheetId. A bound that is absent is open:
 * `A:B` has no rows, `2:3` no columns, a whole sheet neither.
 */
export interface Grid {
  readonly startRow?: number;
  readonly endRow?: number;
  readonly startColumn?: number;
  readonly endColumn?: number;
}

/** A parsed reference: the sheet's title where one was written, and the cells. */
export interface A1 {
  readonly sheet?: string;
  readonly grid: Grid;
}

/** Sheets' widest sheet: columns A to ZZZ. */
export const MAX_COLUMNS = 18_278;

/** 0 -> A, 25 -> Z, 26 -> AA. */
export function columnName(index: number): string {
  let name = '';
  for (let n = index + 1; n > 0; n = Math.floor((n - 1) / 26)) name = String.fromCharCode(65 + ((n - 1) % 26)) + name;
  return name;
}

/** A -> 0, AA -> 26; case does not matter. */
export function columnIndex(name: string): number {
  let n = 0;
  for (const letter of name.toUpperCase()) n = n * 26 + letter.charCodeAt(0) - 64;
  return n - 1;
}

/** Quoted always, quotes doubled: `'It''s'`. */
export function quoteSheet(title: string): string {
  return `'${title.replaceAll("'", "''")}'`;
}

const CELLS = /^\$?([A-Za-z]{1,3})?\$?([1-9]\d{0,9})?(?::\$?([A-Za-z]{1,3})?\$?([1-9]\d{0,9})?)?$/;

/** The cells of `B2`, `A1:C3`, `A:B`, `2:3`, `A2:A`, `C3:B` (corners in any order); undefined if it is not such. */
export function parseGrid(text: string): Grid | undefined {
  const match = CELLS.exec(text.trim());
  if (!match) return undefined;
  const [, column1, row1, column2, row2] = match;
  if (!text.includes(':')) {
    if (!column1 || !row1) return undefined;
    const row = Number(row1) - 1;
    const column = columnIndex(column1);
    if (column >= MAX_COLUMNS) return undefined;
    return { startRow: row, endRow: row + 1, startColumn: column, endColumn: column + 1 };
  }
  const rows = bounds(row1 && Number(row1) - 1, row2 && Number(row2) - 1);
  const columns = bounds(column1 && columnIndex(column1), column2 && columnIndex(column2));
  if (!(column1 || row1) || !(column2 || row2)) return undefined;
  if ((columns[1] ?? 0) > MAX_COLUMNS) return undefined;
  if (columns[0] === undefined && rows[0] === undefined) return undefined;
  return {
    ...(rows[0] !== undefined && { startRow: rows[0] }),
    ...(rows[1] !== undefined && { endRow: rows[1] }),
    ...(columns[0] !== undefined && { startColumn: columns[0] }),
    ...(columns[1] !== undefined && { endColumn: columns[1] }),
  };
}

type Bound = number | '' | undefined;

/** Two corners on one axis as half-open bounds; one missing corner leaves the end open. */
function bounds(first: Bound, second: Bound): readonly [number | undefined, number | undefined] {
  const a = typeof first === 'number' ? first : undefined;
  const b = typeof second === 'number' ? second : undefined;
  if (a !== undefined && b !== undefined) return [Math.min(a, b), Math.max(a, b) + 1];
  return [a ?? b, undefined];
}

/**
 * Splits `'My sheet'!A1:B2`. A text without `!` that is not a cell range comes back as a sheet title with an
 * open grid: whether it is a title, a named range or a table only the spreadsheet can tell. Undefined when the
 * quotes or the cells after `!` are malformed.
 */
export function parseA1(text: string): A1 | undefined {
  const trimmed = text.trim();
  if (trimmed.startsWith("'")) {
    const match = /^'((?:[^']|'')+)'(?:!(.+))?$/s.exec(trimmed);
    if (!match) return undefined;
    const grid = match[2] === undefined ? {} : parseGrid(match[2]);
    return grid && { sheet: (match[1] ?? '').replaceAll("''", "'"), grid };
  }
  const mark = trimmed.lastIndexOf('!');
  if (mark > 0) {
    const grid = parseGrid(trimmed.slice(mark + 1));
    return grid && { sheet: trimmed.slice(0, mark), grid };
  }
  const grid = parseGrid(trimmed);
  if (grid) return { grid };
  return trimmed === '' ? undefined : { sheet: trimmed, grid: {} };
}

/** `A1:B2`, `A1` for one cell, `A:B`, `2:3`, `A2:B` for an open end; empty for a whole sheet. */
export function formatGrid(grid: Grid): string {
  const { startRow, endRow, startColumn, endColumn } = grid;
  if (startRow === undefined && endRow === undefined && startColumn === undefined && endColumn === undefined) return '';
  const hasRows = startRow !== undefined || endRow !== undefined;
  // Rows that are open below can only be written with columns: there is no `2:`.
  const hasColumns = startColumn !== undefined || endColumn !== undefined || endRow === undefined;
  const from = (hasColumns ? columnName(startColumn ?? 0) : '') + (hasRows ? (startRow ?? 0) + 1 : '');
  const to =
    (hasColumns ? columnName((endColumn ?? MAX_COLUMNS) - 1) : '') + (endRow !== undefined ? String(endRow) : '');
  return hasRows && hasColumns && from === to ? from : `${from}:${to}`;
}

/** `'Sheet'!A1:B2`; the title alone, quoted, when the grid is the whole sheet. */
export function formatA1(sheet: string, grid: Grid): string {
  const cells = formatGrid(grid);
  return cells === '' ? quoteSheet(sheet) : `${quoteSheet(sheet)}!${cells}`;
}

/** A grid with every bound closed by the size of its sheet; bounds beyond the sheet are kept as written. */
export function closeGrid(grid: Grid, size: { rows: number; columns: number }): Required<Grid> {
  const startRow = grid.startRow ?? 0;
  const startColumn = grid.startColumn ?? 0;
  return {
    startRow,
    endRow: Math.max(grid.endRow ?? size.rows, startRow),
    startColumn,
    endColumn: Math.max(grid.endColumn ?? size.columns, startColumn),
  };
}
