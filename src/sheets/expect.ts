// What a writer expects to find: cells compared with what a live read shows. Reads nothing itself.

import { createHash } from 'node:crypto';
import { invalid, ServalError } from '../errors.ts';
import { shown } from '../words.ts';
import { formatA1 } from './a1.ts';
import type { GridBlock, GridCell } from './decode.ts';
import { type Resolved, resolveRange, type Spreadsheet } from './metadata.ts';
import { blockCell } from './read.ts';
import { type Cell, keyOfValue, literalOf } from './values.ts';

export interface Expectation {
  readonly range: string;
  /** What the range shows; `null` is anything, `''` and what is not given blank. A single cell is the corner of them. */
  readonly values?: readonly (readonly Cell[])[] | undefined;
  /** SHA-256 in hex of the compact JSON of the range's rows as `readValues` gives them, formatted. */
  readonly hash?: string | undefined;
}

/** An expectation with the cells that it is about. */
export interface Expected extends Resolved {
  readonly index: number;
  readonly values?: readonly (readonly Cell[])[] | undefined;
  readonly hash?: string | undefined;
}

/** Where the expectations are to be read; refuses values that do not fit their range. */
export function placeExpected(spreadsheet: Spreadsheet, expect: readonly Expectation[]): Expected[] {
  return expect.map(({ range, values, hash }, index) => {
    const { sheet, grid, a1 } = resolveRange(spreadsheet, range);
    if (!values) return { sheet, grid, a1, index, hash };
    const { startRow = 0, startColumn = 0, endRow, endColumn } = grid;
    const height = values.length;
    const width = values.reduce((widest, row) => Math.max(widest, row.length), 1);
    if (endRow === startRow + 1 && endColumn === startColumn + 1) {
      const block = { startRow, endRow: startRow + height, startColumn, endColumn: startColumn + width };
      return { sheet, grid: block, a1: formatA1(sheet.title, block), index, values };
    }
    if (
      startRow + height > (endRow ?? Number.POSITIVE_INFINITY) ||
      startColumn + width > (endColumn ?? width + startColumn)
    ) {
      throw invalid(
        `expect[${index}].values has ${height} rows of up to ${width} cells, more than ${a1} holds.`,
        'Give the top left cell alone as the range, or a range of the size of the values.',
      );
    }
    return { sheet, grid, a1, index, values };
  });
}

/** Throws `precondition_failed` at the first expectation that does not hold; blocks in the order of the expectations. */
export function checkExpected(expected: readonly Expected[], blocks: readonly GridBlock[], timeZone: string): void {
  for (const [at, one] of expected.entries()) {
    const block = blocks[at] ?? { startRow: 0, startColumn: 0, rowData: [] };
    if (one.hash !== undefined) checkHash(one, one.hash, block);
    else checkValues(one, block, timeZone);
  }
}

function checkValues({ sheet, grid, index, values = [] }: Expected, block: GridBlock, timeZone: string): void {
  const { startRow: top = 0, startColumn: left = 0 } = grid;
  const height = Math.max(values.length, block.startRow - top + block.rowData.length);
  for (let down = 0; down < height; down++) {
    const line = values[down] ?? [];
    const shownCells = block.rowData[top + down - block.startRow]?.values.length ?? 0;
    const width = Math.max(line.length, block.startColumn - left + shownCells);
    for (let across = 0; across < width; across++) {
      const wanted = across < line.length ? (line[across] ?? null) : '';
      const cell = blockCell(block, top + down, left + across);
      if (holds(wanted, cell, timeZone)) continue;
      const where = formatA1(sheet.title, {
        startRow: top + down,
        endRow: top + down + 1,
        startColumn: left + across,
        endColumn: left + across + 1,
      });
      throw unmet(index, `${where} holds ${found(cell, wanted)}, expected ${wording(wanted)}`);
    }
  }
}

function holds(wanted: Cell, cell: GridCell | undefined, timeZone: string): boolean {
  if (wanted === null) return true;
  if (typeof wanted === 'object') return cell?.userEnteredValue?.formulaValue === wanted.formula;
  if (typeof wanted === 'string' && wanted === (cell?.formattedValue ?? '')) return true;
  const key = keyOfValue(literalOf(wanted, 'typed', timeZone).value);
  return key !== undefined && key === keyOfValue(cell?.effectiveValue);
}

function wording(wanted: Cell): string {
  if (wanted === '') return 'nothing';
  return typeof wanted === 'object' && wanted !== null ? `the formula ${shown(wanted.formula)}` : shown(wanted);
}

function found(cell: GridCell | undefined, wanted: Cell): string {
  const { userEnteredValue, effectiveValue = {}, formattedValue: text = '' } = cell ?? {};
  const formula = userEnteredValue?.formulaValue;
  if (typeof wanted === 'object' && formula !== undefined) return `the formula ${shown(formula)}`;
  const value = Object.entries(effectiveValue).find(([kind]) => kind !== 'errorValue')?.[1] ?? text;
  if (value === '') return 'nothing';
  return typeof value === 'boolean' || String(value) === text
    ? shown(value)
    : `${shown(value)} (shown as ${shown(text)})`;
}

function checkHash({ a1, index }: Expected, hash: string, block: GridBlock): void {
  const lines = block.rowData.map((row) => row.values);
  // Whether a formula that shows nothing at the end of a row is a blank there differs between the ways of reading.
  const blanks = [
    (cell: GridCell) => (cell.formattedValue ?? '') === '',
    (cell: GridCell) => cell.effectiveValue === undefined,
  ];
  const hashes = blanks.map((blank) =>
    createHash('sha256')
      .update(JSON.stringify(textRows(lines, blank)))
      .digest('hex'),
  );
  if (!hashes.includes(hash)) throw unmet(index, `${a1} has the hash ${hashes[0]}, expected ${shown(hash)}`);
}

/** Rows without their trailing blanks, down to the last that has content. */
function textRows(lines: readonly GridCell[][], blank: (cell: GridCell) => boolean): string[][] {
  const rows = lines.map((cells) =>
    cells.slice(0, cells.findLastIndex((cell) => !blank(cell)) + 1).map((cell) => cell.formattedValue ?? ''),
  );
  return rows.slice(0, rows.findLastIndex((row) => row.length > 0) + 1);
}

function unmet(index: number, what: string): ServalError {
  return new ServalError('precondition_failed', `expect[${index}] does not hold: ${what}. Nothing was written.`, {
    outcome: 'none',
  });
}
