// Functions about places rather than values: INDEX, OFFSET, INDIRECT, ADDRESS, ROW, COLUMN and their likes. What is
// given as a reference stays one, so that `INDEX(...):B9` and formats follow.

import { columnName } from '../../../sheets/a1.ts';
import { printTitle } from '../../ranges.ts';
import {
  boolean,
  define,
  type FunctionSpec,
  integer,
  operand,
  optional,
  reference,
  rest,
  type Scope,
  text,
  value,
} from '../define.ts';
import { fail, isReference, type Operand, type Reference } from '../value.ts';
import { build, cellsOf, sizeOf } from './matrices.ts';
import { atLeast, outOfRange, type Size } from './refusals.ts';

function areaOf(scope: Scope, of: Operand): Size {
  if (!isReference(of)) return sizeOf(cellsOf(scope, of));
  const { startRow, endRow, startColumn, endColumn } = of.rect;
  return { rows: endRow - startRow, columns: endColumn - startColumn };
}

function within(of: Reference, row: number, column: number, rows: number, columns: number): Reference {
  const startRow = of.rect.startRow + row;
  const startColumn = of.rect.startColumn + column;
  const rect = { startRow, endRow: startRow + rows, startColumn, endColumn: startColumn + columns };
  return { kind: 'reference', sheet: of.sheet, rect };
}

function index(scope: Scope, of: Operand, givenRow: number, givenColumn: number | undefined): Operand {
  const size = areaOf(scope, of);
  const lying = size.rows === 1 && givenColumn === undefined;
  const row = lying ? 0 : givenRow;
  const column = lying ? givenRow : (givenColumn ?? 0);
  atLeast('INDEX', 2, givenRow, 0);
  atLeast('INDEX', 3, givenColumn ?? 0, 0);
  if (row > size.rows) throw outOfRange('INDEX', 2, row);
  if (column > size.columns) throw outOfRange('INDEX', lying ? 2 : 3, column);
  const [top, rows] = row === 0 ? [0, size.rows] : [row - 1, 1];
  const [left, columns] = column === 0 ? [0, size.columns] : [column - 1, 1];
  if (isReference(of)) return within(of, top, left, rows, columns);
  const cells = cellsOf(scope, of);
  if (rows === 1 && columns === 1) return cells.rows[top]?.[left] ?? null;
  return build(rows, columns, (r, c) => cells.rows[top + r]?.[left + c] ?? null);
}

/** R1C1 notation as A1 notation, relative to where the formula stands; undefined when it is not such. */
function fromR1C1(scope: Scope, given: string): string | undefined {
  const mark = given.lastIndexOf('!') + 1;
  const cells = given
    .slice(mark)
    .split(':')
    .map((one) => {
      const match = /^R(\d+|\[-?\d+\])?C(\d+|\[-?\d+\])?$/i.exec(one.trim());
      if (!match) return undefined;
      const place = (part: string | undefined, own: number) => {
        if (part === undefined) return own;
        return part.startsWith('[') ? own + Number(part.slice(1, -1)) : Number(part) - 1;
      };
      const row = place(match[1], scope.row);
      const column = place(match[2], scope.column);
      return row < 0 || column < 0 ? undefined : `${columnName(column)}${row + 1}`;
    });
  return cells.includes(undefined) ? undefined : given.slice(0, mark) + cells.join(':');
}

function address(row: number, column: number, mode: number, a1: boolean, sheet: string | undefined): string {
  atLeast('ADDRESS', 1, row, 1);
  atLeast('ADDRESS', 2, column, 1);
  if (mode < 1 || mode > 4) throw outOfRange('ADDRESS', 3, mode);
  const fixedRow = mode === 1 || mode === 2;
  const fixedColumn = mode === 1 || mode === 3;
  const cell = a1
    ? `${fixedColumn ? '$' : ''}${columnName(column - 1)}${fixedRow ? '$' : ''}${row}`
    : `R${fixedRow ? row : `[${row}]`}C${fixedColumn ? column : `[${column}]`}`;
  return sheet === undefined ? cell : `${printTitle(sheet)}!${cell}`;
}

/** ROW and COLUMN: the first number of a range, all of them in array context. */
function position(name: 'ROW' | 'COLUMN'): FunctionSpec {
  const down = name === 'ROW';
  return define(name, [optional(reference)], (scope, of) => {
    if (of === undefined) return (down ? scope.row : scope.column) + 1;
    const first = (down ? of.rect.startRow : of.rect.startColumn) + 1;
    const count = down ? of.rect.endRow - of.rect.startRow : of.rect.endColumn - of.rect.startColumn;
    if (!scope.arrays || count === 1) return first;
    return build(down ? count : 1, down ? 1 : count, (row, column) => first + (down ? row : column));
  });
}

function extent(name: 'ROWS' | 'COLUMNS', key: keyof Size): FunctionSpec {
  return define(name, [operand], (scope, of) => areaOf(scope, of)[key]);
}

export const REFERENCE_FUNCTIONS: readonly FunctionSpec[] = [
  define('INDEX', [operand, optional(integer, 0), optional(integer)], index, { arrays: true }),
  define(
    'OFFSET',
    [reference, integer, integer, optional(integer), optional(integer)],
    (_, of, down, right, height, width) => {
      const rows = height ?? of.rect.endRow - of.rect.startRow;
      const columns = width ?? of.rect.endColumn - of.rect.startColumn;
      atLeast('OFFSET', 4, rows, 1);
      atLeast('OFFSET', 5, columns, 1);
      const moved = within(of, down, right, rows, columns);
      const { startRow, startColumn, endRow, endColumn } = moved.rect;
      const { rowCount, columnCount } = of.sheet.properties.gridProperties;
      if (startRow < 0 || startColumn < 0 || endRow > rowCount || endColumn > columnCount) {
        throw fail('REF', 'OFFSET evaluates to an out of bounds range.');
      }
      return moved;
    },
    { dynamic: true },
  ),
  define(
    'INDIRECT',
    [text, optional(boolean, true)],
    (scope, given, a1) => {
      const name = a1 ? given : fromR1C1(scope, given);
      const found = name === undefined ? undefined : scope.resolve(name);
      if (found) return found;
      const message = `Function INDIRECT parameter 1 value is '${given}'. It is not a valid cell/range reference.`;
      throw fail('REF', message);
    },
    { dynamic: true },
  ),
  define(
    'ADDRESS',
    [integer, integer, optional(integer, 1), optional(boolean, true), optional(text)],
    (_, row, column, mode, a1, sheet) => address(row, column, mode, a1, sheet),
  ),
  position('ROW'),
  position('COLUMN'),
  extent('ROWS', 'rows'),
  extent('COLUMNS', 'columns'),
  define('GETPIVOTDATA', [value, reference, rest(value)], () => {
    throw fail('REF', 'There is no pivot table at the given cell: the embedded backend reads none.');
  }),
];
