// References that change while the rest of a formula stays as a person typed it: spaces, case, quotes. A text that is no
// formula is left alone. Knows no workbook.

import { columnIndex, columnName, type Grid, MAX_COLUMNS } from '../../sheets/a1.ts';
import { type ReferenceToken, tokenize } from './tokens.ts';

/** A reference as it is written: cells, and the title of their sheet where one stands. */
export interface Written {
  readonly sheet: string | undefined;
  readonly grid: Grid;
}

/** What becomes of a reference: another one, nothing that exists (#REF!), or undefined for the same. */
export type Rewriting = (reference: Written) => Written | 'lost' | undefined;

const CORNER = /^(\$?)([A-Za-z]{1,3})?(\$?)(\d+)?$/;

interface Corner {
  readonly columnMark: string;
  readonly column: number | undefined;
  readonly rowMark: string;
  readonly row: number | undefined;
}

function cornerOf(text: string): Corner {
  const [, first = '', letters, second = '', digits] = CORNER.exec(text) ?? [];
  return {
    columnMark: letters === undefined ? '' : first,
    column: letters === undefined ? undefined : columnIndex(letters),
    rowMark: letters === undefined ? first : second,
    row: digits === undefined ? undefined : Number(digits) - 1,
  };
}

function printCorner({ columnMark, rowMark }: Corner, column: number | undefined, row: number | undefined): string {
  return `${column === undefined ? '' : `${columnMark}${columnName(column)}`}${row === undefined ? '' : `${rowMark}${row + 1}`}`;
}

/** The cells of a reference in the spelling it had. */
function printCells(written: string, grid: Grid): string {
  const [first = '', second] = written.replaceAll(/\s/g, '').split(':');
  const from = cornerOf(first);
  const { startRow, endRow, startColumn, endColumn } = grid;
  const last = (end: number | undefined) => (end === undefined ? undefined : end - 1);
  const begin = printCorner(from, startColumn, startRow);
  if (second === undefined) {
    const single = (endRow ?? 0) - (startRow ?? 0) === 1 && (endColumn ?? 0) - (startColumn ?? 0) === 1;
    return single ? begin : `${begin}:${printCorner(from, last(endColumn), last(endRow))}`;
  }
  return `${begin}:${printCorner(cornerOf(second), last(endColumn), last(endRow))}`;
}

/** Bare when it cannot be mistaken for anything else. */
function printSheet(title: string): string {
  return /^[\p{L}_][\p{L}\p{N}_]*$/u.test(title) && !/^[A-Za-z]{1,3}\d+$|^R\d*C\d*$/i.test(title)
    ? title
    : `'${title.replaceAll("'", "''")}'`;
}

function rewritten(text: string, locale: string, rewrite: (token: ReferenceToken) => string | undefined): string {
  if (!text.startsWith('=')) return text;
  const tokens = tokenize(text, locale);
  if (!tokens) return text;
  let out = '';
  let at = 0;
  for (const token of tokens) {
    const next = token.kind === 'reference' ? rewrite(token) : undefined;
    if (next === undefined) continue;
    out += text.slice(at, token.start) + next;
    at = token.end;
  }
  return out + text.slice(at);
}

export function mapReferences(text: string, locale: string, map: Rewriting): string {
  return rewritten(text, locale, (token) => {
    const next = map({ sheet: token.sheet, grid: token.grid });
    if (next === undefined) return undefined;
    if (next === 'lost') return '#REF!';
    const { start, cells, end } = token;
    const prefix =
      next.sheet === token.sheet
        ? text.slice(start, cells)
        : next.sheet === undefined
          ? ''
          : `${printSheet(next.sheet)}!`;
    return prefix + printCells(text.slice(cells, end), next.grid);
  });
}

/** What copying a formula so many rows down and columns to the right makes of it; `$` holds a part in its place. */
export function shiftReferences(text: string, locale: string, rows: number, columns: number): string {
  if (rows === 0 && columns === 0) return text;
  return rewritten(text, locale, ({ start, cells, end }) => {
    const corners = text.slice(cells, end).replaceAll(/\s/g, '').split(':').map(cornerOf);
    const moved = corners.map((corner) => ({
      corner,
      column: corner.column === undefined || corner.columnMark ? corner.column : corner.column + columns,
      row: corner.row === undefined || corner.rowMark ? corner.row : corner.row + rows,
    }));
    if (moved.some(({ column = 0, row = 0 }) => column < 0 || row < 0 || column >= MAX_COLUMNS)) return '#REF!';
    return (
      text.slice(start, cells) + moved.map(({ corner, column, row }) => printCorner(corner, column, row)).join(':')
    );
  });
}

export function renameSheet(text: string, locale: string, from: string, to: string): string {
  const lower = from.toLowerCase();
  return mapReferences(text, locale, ({ sheet, grid }) =>
    sheet?.toLowerCase() === lower ? { sheet: to, grid } : undefined,
  );
}
