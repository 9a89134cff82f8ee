// What a spreadsheet is in memory: sparse rows of immutable cells, shared formats, the limits. Anyone may read it;
// only change.ts may alter it.

import type { Calculation } from './calc/calculation.ts';
import { invalid } from './errors.ts';
import type { GridRange } from './messages/base.ts';
import type { CellData, DimensionProperties } from './messages/cells.ts';
import type { EmbeddedChart, Slicer } from './messages/embedded.ts';
import type {
  BandedRange,
  CommentThread,
  DimensionGroup,
  NamedRange,
  ProtectedRange,
  Table,
} from './messages/features.ts';
import type { CellFormat } from './messages/format.ts';
import type { BasicFilter, ConditionalFormatRule, FilterView } from './messages/rules.ts';
import type { SheetProperties, SpreadsheetProperties } from './messages/sheet.ts';
import type { MetadataTable } from './metadata-table.ts';
import type { RowKeys } from './row-keys.ts';

export type Scalar = string | number | boolean;

/** Parts of CellData that most cells lack. */
export type CellExtra = Pick<
  CellData,
  'note' | 'hyperlink' | 'textFormatRuns' | 'dataValidation' | 'pivotTable' | 'chipRuns'
>;

/** Never altered once it stands in a row: an undo log may hold it. */
export interface Cell {
  /** The constant that was entered; absent for a formula and for a cell with formats or notes only. */
  readonly value: Scalar | undefined;
  /** As typed, with its `=`. */
  readonly formula: string | undefined;
  /** Index into the workbook's formats; 0 is none. */
  readonly format: number;
  readonly extra: CellExtra | undefined;
}

/** Sparse; a blank cell is a hole or undefined, never an empty Cell. Never altered once it stands in a sheet. */
export type Row = readonly (Cell | undefined)[];

export interface Sheet {
  readonly id: number;
  readonly book: Book;
  /** Without sheetId and index: the first never changes, the second is the place in `book.sheets`. */
  properties: SheetProperties & { title: string; gridProperties: GridSize };
  /** Never altered, only replaced (change.setParts). */
  parts: SheetParts;
  /** Sparse; its length is at most one past the last row that holds anything. */
  rows: (Row | undefined)[];
  /** Under which keys the rows are on disk; absent until rows have moved. */
  rowKeys?: RowKeys | undefined;
}

/** Rows or columns from start to end (exclusive) that share properties other than the default ones. */
export interface DimensionRun {
  readonly start: number;
  readonly end: number;
  readonly properties: DimensionProperties;
}

/**
 * What a sheet has beside cells and properties, as Google prints it, ranges closed within the grid; absent when there
 * is none. Whatever holds a range here follows structural edits (requests/move-parts.ts).
 */
export interface SheetParts {
  readonly merges?: readonly GridRange[];
  readonly conditionalFormats?: readonly ConditionalFormatRule[];
  readonly basicFilter?: BasicFilter;
  readonly filterViews?: readonly FilterView[];
  readonly protectedRanges?: readonly ProtectedRange[];
  readonly bandedRanges?: readonly BandedRange[];
  readonly tables?: readonly Table[];
  readonly charts?: readonly EmbeddedChart[];
  readonly slicers?: readonly Slicer[];
  readonly rowGroups?: readonly DimensionGroup[];
  readonly columnGroups?: readonly DimensionGroup[];
  readonly commentThreads?: readonly AnchoredThread[];
  /** Sorted by start, disjoint. */
  readonly rowRuns?: readonly DimensionRun[];
  readonly columnRuns?: readonly DimensionRun[];
}

/** A comment and the cells it is about. */
export interface AnchoredThread {
  readonly thread: CommentThread;
  /** Empty, start equal to end, once its cells are deleted; absent when it never had any. */
  readonly range?: GridRange;
}

export type GridSize = NonNullable<SheetProperties['gridProperties']> & { rowCount: number; columnCount: number };

export interface Book {
  /** The number the store knows it by. */
  readonly key: number;
  readonly id: string;
  /** Without title, which is the file's name. */
  properties: SpreadsheetProperties;
  namedRanges: readonly NamedRange[];
  sheets: readonly Sheet[];
  readonly metadata: MetadataTable;
  readonly formats: FormatTable;
  readonly calc: Calculation;
}

/** Equal formats share one number; numbers are never reused, so that undo need not touch them. */
export class FormatTable {
  readonly #formats: (CellFormat | undefined)[] = [undefined];
  readonly #ids = new Map<string, number>();

  get size(): number {
    return this.#formats.length;
  }

  get(id: number): CellFormat | undefined {
    return this.#formats[id];
  }

  idOf(format: CellFormat | undefined): number {
    if (!format || Object.keys(format).length === 0) return 0;
    const text = JSON.stringify(format);
    const known = this.#ids.get(text);
    if (known !== undefined) return known;
    this.#ids.set(text, this.#formats.length);
    return this.#formats.push(format) - 1;
  }
}

/** Google's limit for one spreadsheet, grid cells counted, empty or not. */
export const MAX_CELLS = 10_000_000;
/** Google's limit for the text of one cell. */
export const MAX_CELL_CHARACTERS = 50_000;

/** Constants of late by a number made of them, so that equal ones mostly share one cell. */
const constants: (Cell | undefined)[] = [];
const CONSTANTS = 2 ** 14;
/** Longer texts are mostly different, and must not be kept for cells that are gone. */
const SHARED_LETTERS = 32;

function placeOf(value: Scalar, format: number): number {
  let sum = format;
  if (typeof value === 'string') {
    for (let index = 0; index < value.length; index++) sum = (sum * 31 + value.charCodeAt(index)) | 0;
  } else sum += Number(value) * 31;
  return (sum | 0) & (CONSTANTS - 1);
}

function constant(value: Scalar, format: number): Cell {
  const place = placeOf(value, format);
  const known = constants[place];
  if (known && Object.is(known.value, value) && known.format === format) return known;
  const made = { value, formula: undefined, format, extra: undefined };
  constants[place] = made;
  return made;
}

/** Undefined when nothing would be left of the cell. */
export function cell(
  value: Scalar | undefined,
  formula: string | undefined,
  format: number,
  extra: CellExtra | undefined,
): Cell | undefined {
  if (formula === undefined && extra === undefined) {
    if (value === undefined && format === 0) return undefined;
    const shares = value !== undefined && (typeof value !== 'string' || value.length <= SHARED_LETTERS);
    if (shares) return constant(value, format);
  }
  return { value, formula, format, extra };
}

/** What stays with a cell whose value is replaced: runs and chips belong to the text, a pivot table stands in its place. */
export function withoutRuns(extra: CellExtra | undefined): CellExtra | undefined {
  if (!extra?.textFormatRuns && !extra?.chipRuns && !extra?.pivotTable) return extra;
  const { textFormatRuns: _, chipRuns: __, pivotTable: ___, ...rest } = extra;
  return Object.keys(rest).length > 0 ? rest : undefined;
}

/** True when a reader sees something: formats and notes alone leave a cell blank. */
export function hasValue(one: Cell | undefined): one is Cell {
  return one !== undefined && (one.value !== undefined || one.formula !== undefined);
}

function rowHasValue(row: Row | undefined): boolean {
  return row?.some(hasValue) ?? false;
}

/** One past the last row with a value, an array's too; 0 for a blank sheet. */
export function lastValueRow(sheet: Sheet): number {
  let end = sheet.rows.length;
  while (end > 0 && !rowHasValue(sheet.rows[end - 1])) end--;
  return Math.max(end, sheet.book.calc.shown(sheet).endRow());
}

export function sheetById(book: Book, id: number): Sheet | undefined {
  return book.sheets.find((sheet) => sheet.id === id);
}

/** Titles are unique without regard to case, and found so. */
export function sheetByTitle(book: Book, title: string): Sheet | undefined {
  const wanted = title.toLowerCase();
  return (
    book.sheets.find((sheet) => sheet.properties.title === title) ??
    book.sheets.find((sheet) => sheet.properties.title.toLowerCase() === wanted)
  );
}

/** Throws Google's refusal when the spreadsheet would hold too many grid cells after growing by `added`. */
export function checkCells(book: Book, added: number): void {
  let cells = added;
  for (const { properties } of book.sheets) {
    cells += properties.gridProperties.rowCount * properties.gridProperties.columnCount;
  }
  if (added > 0 && cells > MAX_CELLS) {
    throw invalid(
      `This action would increase the number of cells in the workbook above the limit of ${MAX_CELLS} cells.`,
    );
  }
}

export function checkText(text: string): void {
  if (text.length > MAX_CELL_CHARACTERS) {
    throw invalid(`Your input contains more than the maximum of ${MAX_CELL_CHARACTERS} characters in a single cell.`);
  }
}
