// What kind of value something is, and facts about cells and sheets: ISBLANK to TYPE, CELL, SHEET. Computes nothing.

import { columnName } from '../../../sheets/a1.ts';
import { printTitle } from '../../ranges.ts';
import {
  define,
  type FunctionSpec,
  number,
  operand,
  optional,
  raw,
  reference,
  type Scope,
  text,
  value,
} from '../define.ts';
import {
  type ErrorType,
  fail,
  isError,
  isLambda,
  isReference,
  type Operand,
  type Reference,
  type Value,
} from '../value.ts';
import { momentIn } from './dates.ts';
import { cellsOf, sizeOf } from './matrices.ts';

function test(name: string, holds: (of: Value) => boolean): FunctionSpec {
  return define(name, [raw], (_, of) => holds(of));
}

const ERROR_NUMBERS: Readonly<Record<ErrorType, number>> = {
  NULL_VALUE: 1,
  DIVIDE_BY_ZERO: 2,
  VALUE: 3,
  REF: 4,
  NAME: 5,
  NUM: 6,
  N_A: 7,
  ERROR: 8,
  LOADING: 8,
};

/** 1 numbers and blanks, 2 texts, 4 booleans, 16 errors, 64 arrays, 128 anything else. */
function typeOf(scope: Scope, of: Operand): number {
  if (isLambda(of)) return 128;
  const cells = cellsOf(scope, of);
  const { rows, columns } = sizeOf(cells);
  if (rows * columns > 1) return 64;
  const single = cells.rows[0]?.[0] ?? null;
  if (isError(single)) return 16;
  return typeof single === 'string' ? 2 : typeof single === 'boolean' ? 4 : 1;
}

/** The format of the first cell of a range. */
function formatOf({ sheet, rect }: Reference) {
  const cell = sheet.rows[rect.startRow]?.[rect.startColumn];
  return cell && sheet.book.formats.get(cell.format);
}

const PREFIXES: Readonly<Record<string, string>> = { LEFT: "'", CENTER: '^', RIGHT: '"' };
/** Pixels a character takes up in a column's width. */
const CHARACTER_PIXELS = 8;
const DEFAULT_WIDTH_PIXELS = 100;

/** What CELL tells of the first cell of a range; Sheets knows no others. */
const FACTS: Readonly<Record<string, (scope: Scope, of: Reference, first: Value) => Value>> = {
  address: (scope, { sheet, rect }) => {
    const title = sheet === scope.sheet ? '' : `${printTitle(sheet.properties.title)}!`;
    return `${title}$${columnName(rect.startColumn)}$${rect.startRow + 1}`;
  },
  col: (_, { rect }) => rect.startColumn + 1,
  row: (_, { rect }) => rect.startRow + 1,
  color: (_, of) => Number(/\[(?:red|color)/i.test(formatOf(of)?.numberFormat?.pattern ?? '')),
  contents: (_, __, first) => first,
  prefix: (_, of, first) =>
    typeof first === 'string' ? (PREFIXES[formatOf(of)?.horizontalAlignment ?? ''] ?? '') : '',
  type: (_, __, first) => (first === null ? 'b' : typeof first === 'string' ? 'l' : 'v'),
  width: (_, { sheet, rect: { startColumn } }) => {
    const run = sheet.parts.columnRuns?.find((one) => startColumn >= one.start && startColumn < one.end);
    return Math.round((run?.properties.pixelSize ?? DEFAULT_WIDTH_PIXELS) / CHARACTER_PIXELS);
  },
};

function cellFact(scope: Scope, asked: string, of: Reference): Value {
  const fact = Object.hasOwn(FACTS, asked.toLowerCase()) ? FACTS[asked.toLowerCase()] : undefined;
  if (!fact) throw fail('VALUE', `Function CELL parameter 1 value '${asked}' is not a valid info type.`);
  const { startRow, startColumn } = of.rect;
  const rect = { startRow, endRow: startRow + 1, startColumn, endColumn: startColumn + 1 };
  return fact(scope, of, scope.read({ ...of, rect }).rows[0]?.[0] ?? null);
}

/** Sheets count from 1; a text is a sheet's title. */
function sheetNumber(scope: Scope, of: Operand | undefined): number {
  const { sheets } = scope.sheet.book;
  const sheet =
    of === undefined
      ? scope.sheet
      : isReference(of)
        ? of.sheet
        : sheets.find((one) => one.properties.title.toLowerCase() === String(of).toLowerCase());
  const index = sheet ? sheets.indexOf(sheet) : -1;
  if (index < 0) throw fail('N_A', 'Function SHEET parameter 1 is not a sheet of this spreadsheet.');
  return index + 1;
}

export const INFO_FUNCTIONS: readonly FunctionSpec[] = [
  test('ISBLANK', (of) => of === null),
  test('ISERR', (of) => isError(of) && of.type !== 'N_A'),
  test('ISERROR', isError),
  test('ISNA', (of) => isError(of) && of.type === 'N_A'),
  test('ISLOGICAL', (of) => typeof of === 'boolean'),
  test('ISTEXT', (of) => typeof of === 'string'),
  test('ISNONTEXT', (of) => typeof of !== 'string'),
  test('ISNUMBER', (of) => typeof of === 'number'),
  define('ISREF', [operand], (_, of) => isReference(of)),
  // Numbers that are shown as dates are known to the evaluator.
  define('ISDATE', [raw], (scope, of) => typeof of === 'string' && momentIn(scope, of) !== undefined),
  define('ISEVEN', [number], (_, of) => Math.trunc(of) % 2 === 0),
  define('ISODD', [number], (_, of) => Math.trunc(of) % 2 !== 0),
  define('ISFORMULA', [reference], (scope, of) => scope.formulaAt(of) !== undefined),
  define('FORMULATEXT', [reference], (scope, of) => {
    const formula = scope.formulaAt(of);
    if (formula === undefined) throw fail('N_A', 'Function FORMULATEXT parameter 1 has no formula.');
    return formula;
  }),
  define('ERROR.TYPE', [raw], (_, of) => {
    if (isError(of)) return ERROR_NUMBERS[of.type];
    throw fail('N_A', 'Function ERROR.TYPE parameter 1 is not an error.');
  }),
  define('TYPE', [operand], typeOf),
  define('NA', [], () => ({ type: 'N_A', message: '' })),
  define('CELL', [text, reference], cellFact),
  // Sheets come and go without any cell changing.
  define('SHEET', [optional(operand)], sheetNumber, { volatile: true }),
  define('SHEETS', [optional(value)], (scope, of) => (of === undefined ? scope.sheet.book.sheets.length : 1), {
    volatile: true,
  }),
];
