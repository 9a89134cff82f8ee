// Everything that refers to cells follows a structural edit: formulas of every sheet, names, what sheets have beside
// their cells, developer metadata. Works through the gate; moves no cells itself.

import type { Change } from './change.ts';
import { type Edit, placeOf, spotAfter, stretchAfter } from './edits.ts';
import { moveFilterColumns } from './filtering.ts';
import { mapReferences } from './formula/rewrite.ts';
import type { DimensionRange, GridRange } from './messages/base.ts';
import { replaceParts } from './parts.ts';
import { moveTableColumns } from './tables.ts';
import {
  type Book,
  type Cell,
  type CellExtra,
  cell,
  type DimensionRun,
  type Sheet,
  type SheetParts,
  sheetById,
  sheetByTitle,
} from './workbook.ts';

const LOST = Symbol('lost');

function gridRangeAfter(book: Book, edit: Edit, range: GridRange): GridRange | typeof LOST {
  const sheet =
    sheetById(book, range.sheetId ?? 0) ?? (edit.sheet.id === (range.sheetId ?? 0) ? edit.sheet : undefined);
  if (!sheet) return range;
  const { startRowIndex, endRowIndex, startColumnIndex, endColumnIndex } = range;
  const grid = {
    ...(startRowIndex !== undefined && { startRow: startRowIndex }),
    ...(endRowIndex !== undefined && { endRow: endRowIndex }),
    ...(startColumnIndex !== undefined && { startColumn: startColumnIndex }),
    ...(endColumnIndex !== undefined && { endColumn: endColumnIndex }),
  };
  const after = spotAfter(edit, { sheet, grid });
  if (after === undefined) return range;
  if (after === 'lost') return LOST;
  const { startRow, endRow, startColumn, endColumn } = after.grid;
  return {
    ...('sheetId' in range || after.sheet.id !== 0 ? { sheetId: after.sheet.id } : {}),
    ...(startRow !== undefined && { startRowIndex: startRow }),
    ...(endRow !== undefined && { endRowIndex: endRow }),
    ...(startColumn !== undefined && { startColumnIndex: startColumn }),
    ...(endColumn !== undefined && { endColumnIndex: endColumn }),
  };
}

function dimensionRangeAfter(edit: Edit, range: DimensionRange): DimensionRange | typeof LOST {
  if ((range.sheetId ?? 0) !== edit.sheet.id) return range;
  if (edit.kind === 'gone') return LOST;
  if (edit.kind === 'cut' || (edit.kind !== 'move' && edit.strip) || edit.axis !== range.dimension) return range;
  const after = stretchAfter(edit, [range.startIndex ?? 0, range.endIndex ?? Number.POSITIVE_INFINITY]);
  if (!after) return LOST;
  const [startIndex, endIndex] = after;
  return { ...range, startIndex, ...(Number.isFinite(endIndex) && { endIndex }) };
}

const GRID_KEYS = ['startRowIndex', 'endRowIndex', 'startColumnIndex', 'endColumnIndex'];

/** Ranges, coordinates and formulas anywhere within a part; a list loses what is lost, an object goes with its range. */
function deepAfter(book: Book, edit: Edit, sheet: Sheet, value: unknown): unknown {
  const inner = (each: unknown) => deepAfter(book, edit, sheet, each);
  if (typeof value === 'string') return value.startsWith('=') ? formulaAfter(book, edit, sheet, value) : value;
  if (Array.isArray(value)) {
    const after = value.map(inner);
    const left = after.filter((each) => each !== LOST);
    return left.length === value.length && left.every((each, at) => each === value[at]) ? value : left;
  }
  if (typeof value !== 'object' || value === null) return value;
  const given = value as Record<string, unknown>;
  if (GRID_KEYS.some((key) => key in given)) return gridRangeAfter(book, edit, given as GridRange);
  if ('dimension' in given && ('startIndex' in given || 'endIndex' in given)) return dimensionRangeAfter(edit, given);
  if ('rowIndex' in given || 'columnIndex' in given) {
    if (!('sheetId' in given)) return value;
    const { rowIndex = 0, columnIndex = 0 } = given as { rowIndex?: number; columnIndex?: number };
    const range = {
      startRowIndex: rowIndex,
      endRowIndex: rowIndex + 1,
      startColumnIndex: columnIndex,
      endColumnIndex: columnIndex + 1,
    };
    const after = gridRangeAfter(book, edit, { sheetId: Number(given.sheetId), ...range });
    if (after === LOST) return value;
    return {
      ...given,
      sheetId: after.sheetId ?? 0,
      rowIndex: after.startRowIndex ?? 0,
      columnIndex: after.startColumnIndex ?? 0,
    };
  }
  const after: Record<string, unknown> = {};
  let changed = false;
  for (const [key, each] of Object.entries(given)) {
    const next = inner(each);
    if (next === LOST && (key === 'range' || key === 'dataRange')) return LOST;
    if (next !== each) changed = true;
    if (next !== LOST) after[key] = next;
    if (key === 'ranges' && Array.isArray(next) && next.length === 0) return LOST;
  }
  return changed ? after : value;
}

/**
 * A formula on a sheet after the edit, as typed but for its references. `now` is the sheet it stands on afterwards, if
 * that is another one: references without a title then get one.
 */
export function formulaAfter(book: Book, edit: Edit, sheet: Sheet, text: string, now: Sheet = sheet): string {
  return mapReferences(text, book.properties.locale ?? 'en_US', ({ sheet: title, grid }) => {
    const of =
      title === undefined
        ? sheet
        : (sheetByTitle(book, title) ?? (sameTitle(edit.sheet, title) ? edit.sheet : undefined));
    if (!of) return undefined;
    const after = spotAfter(edit, { sheet: of, grid });
    if (after === 'lost') return after;
    const spot = after ?? { sheet: of, grid };
    if (title === undefined && spot.sheet === now) return after && { sheet: undefined, grid: spot.grid };
    if (after === undefined && title !== undefined) return undefined;
    const same = spot.sheet === of && title !== undefined;
    return { sheet: same ? title : spot.sheet.properties.title, grid: spot.grid };
  });
}

function sameTitle(sheet: Sheet, title: string): boolean {
  return sheet.properties.title.toLowerCase() === title.toLowerCase();
}

function extraAfter(book: Book, edit: Edit, sheet: Sheet, extra: CellExtra | undefined): CellExtra | undefined {
  if (!extra?.dataValidation && !extra?.pivotTable) return extra;
  const { dataValidation, pivotTable, ...rest } = extra;
  const rule = deepAfter(book, edit, sheet, dataValidation);
  const pivot = deepAfter(book, edit, sheet, pivotTable);
  if (rule === dataValidation && pivot === pivotTable) return extra;
  return {
    ...rest,
    ...(rule !== LOST && rule ? { dataValidation: rule } : {}),
    ...(pivot !== LOST && pivot ? { pivotTable: pivot } : {}),
  } as CellExtra;
}

function followCells(change: Change, book: Book, edit: Edit, sheet: Sheet): void {
  for (const [index, row] of sheet.rows.entries()) {
    if (!row) continue;
    let next: (Cell | undefined)[] | undefined;
    row.forEach((one, column) => {
      if (!one || (one.formula === undefined && !one.extra)) return;
      const formula = one.formula === undefined ? undefined : formulaAfter(book, edit, sheet, one.formula);
      const extra = extraAfter(book, edit, sheet, one.extra);
      if (formula === one.formula && extra === one.extra) return;
      next ??= row.slice();
      next[column] = cell(one.value, formula, one.format, extra);
    });
    if (next) change.setRow(sheet, index, next);
  }
}

function runsAfter(edit: Edit, sheet: Sheet, axis: 'ROWS' | 'COLUMNS', runs: readonly DimensionRun[] | undefined) {
  if (!runs || edit.sheet !== sheet || edit.kind === 'cut' || edit.kind === 'gone') return runs;
  if (edit.axis !== axis || (edit.kind !== 'move' && edit.strip)) return runs;
  return runs
    .flatMap((run) => {
      if (edit.kind !== 'move') {
        const after = stretchAfter(edit, [run.start, run.end]);
        return after ? [{ ...run, start: after[0], end: after[1] }] : [];
      }
      return Array.from({ length: run.end - run.start }, (_, offset) => {
        const at = placeOf(edit, run.start + offset) ?? 0;
        return { ...run, start: at, end: at + 1 };
      });
    })
    .sort((a, b) => a.start - b.start);
}

/** Criteria and sorting speak of columns by their index. */
function filtersAfter(edit: Edit, sheet: Sheet, { basicFilter, filterViews }: SheetParts): SheetParts {
  if (edit.kind === 'cut' || edit.kind === 'gone' || edit.sheet !== sheet || edit.axis !== 'COLUMNS') return {};
  if (edit.kind !== 'move' && edit.strip) return {};
  const place = (column: number) => placeOf(edit, column);
  return {
    ...(basicFilter && { basicFilter: moveFilterColumns(basicFilter, place) }),
    ...(filterViews && { filterViews: filterViews.map((view) => moveFilterColumns(view, place)) }),
  };
}

function followParts(change: Change, book: Book, edit: Edit, sheet: Sheet): void {
  const { rowRuns, columnRuns, tables, commentThreads, ...parts } = sheet.parts;
  const after = deepAfter(book, edit, sheet, parts) as Record<string, unknown>;
  const merges = sheet.parts.merges && (after.merges as readonly GridRange[]);
  const isLarge = (one: GridRange) =>
    ((one.endRowIndex ?? 0) - (one.startRowIndex ?? 0)) * ((one.endColumnIndex ?? 0) - (one.startColumnIndex ?? 0)) > 1;
  const movedTables = tables?.flatMap((table) => {
    const range = gridRangeAfter(book, edit, { sheetId: sheet.id, ...table.range });
    if (range === LOST) return [];
    if (
      edit.kind === 'cut' ||
      edit.kind === 'gone' ||
      edit.axis !== 'COLUMNS' ||
      edit.sheet !== sheet ||
      range === table.range
    ) {
      return [{ ...table, range }];
    }
    const columnProperties = moveTableColumns(table, range.startColumnIndex ?? 0, (column) => placeOf(edit, column));
    return [{ ...table, range, columnProperties }];
  });
  const threads = commentThreads?.map((one) => {
    if (!one.range) return one;
    const range = gridRangeAfter(book, edit, one.range);
    const { startRowIndex = 0, startColumnIndex = 0 } = one.range;
    const empty = { ...one.range, endRowIndex: startRowIndex, endColumnIndex: startColumnIndex };
    return range === one.range ? one : { ...one, range: range === LOST ? empty : range };
  });
  const next = {
    ...after,
    ...filtersAfter(edit, sheet, after),
    ...(merges && { merges: merges.filter(isLarge) }),
    ...(tables && { tables: movedTables }),
    ...(commentThreads && { commentThreads: threads }),
    rowRuns: runsAfter(edit, sheet, 'ROWS', rowRuns),
    columnRuns: runsAfter(edit, sheet, 'COLUMNS', columnRuns),
  };
  const gone = Object.keys(sheet.parts).filter((key) => !(key in next));
  replaceParts(change, sheet, { ...next, ...Object.fromEntries(gone.map((key) => [key, undefined])) });
}

function followNames(change: Change, book: Book, edit: Edit): void {
  const names = book.namedRanges.flatMap((one) => {
    const range = one.range && gridRangeAfter(book, edit, one.range);
    return range === LOST ? [] : [range === one.range ? one : { ...one, range: range ?? {} }];
  });
  if (names.length !== book.namedRanges.length || names.some((one, at) => one !== book.namedRanges[at])) {
    change.setNamedRanges(book, names);
  }
}

function followMetadata(change: Change, book: Book, edit: Edit): void {
  for (const entry of [...book.metadata.list()]) {
    const { metadataId = 0, location = {} } = entry;
    if (!location.dimensionRange) continue;
    const range = dimensionRangeAfter(edit, location.dimensionRange);
    if (range === location.dimensionRange) continue;
    change.setMetadata(
      book,
      metadataId,
      range === LOST ? undefined : { ...entry, location: { ...location, dimensionRange: range } },
    );
  }
}

/** Lets all that refers to cells follow; the cells themselves have been moved already. */
export function follow(change: Change, book: Book, edit: Edit): void {
  for (const sheet of book.sheets) {
    followCells(change, book, edit, sheet);
    if (Object.keys(sheet.parts).length > 0) followParts(change, book, edit, sheet);
  }
  followNames(change, book, edit);
  followMetadata(change, book, edit);
}

/** Formulas everywhere, and those within parts, mapped by their text. */
export function rewriteFormulas(change: Change, book: Book, rewrite: (text: string) => string): void {
  const deep = (value: unknown): unknown => {
    if (typeof value === 'string') return value.startsWith('=') ? rewrite(value) : value;
    if (Array.isArray(value)) return value.map(deep);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, deep(each)]));
  };
  for (const sheet of book.sheets) {
    for (const [index, row] of sheet.rows.entries()) {
      if (!row?.some((one) => one?.formula !== undefined || one?.extra?.dataValidation)) continue;
      const next = row.map((one) => {
        if (!one || (one.formula === undefined && !one.extra?.dataValidation)) return one;
        const formula = one.formula === undefined ? undefined : rewrite(one.formula);
        return cell(one.value, formula, one.format, one.extra && (deep(one.extra) as CellExtra));
      });
      change.setRow(sheet, index, next);
    }
    const { conditionalFormats, basicFilter, filterViews } = sheet.parts;
    const ruled = { conditionalFormats, basicFilter, filterViews };
    if (conditionalFormats || basicFilter || filterViews) replaceParts(change, sheet, deep(ruled) as typeof ruled);
  }
}
