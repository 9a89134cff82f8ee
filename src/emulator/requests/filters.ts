// Requests about the basic filter of a sheet and about its filter views. What a filter is made of and which rows it
// hides is filtering.ts.

import { rangeOf, rectOf, requiredPlace } from '../areas.ts';
import { backedSheet, currentRange } from '../backing.ts';
import { invalid } from '../errors.ts';
import { applyFilter, checkedRules, checkMerges } from '../filtering.ts';
import { apply, type Mask } from '../mask.ts';
import { type BasicFilter, FilterView } from '../messages/rules.ts';
import { findPart, idFor, replaceParts } from '../parts.ts';
import { printFilterView } from '../print-features.ts';
import { gridById, type Rect } from '../ranges.ts';
import type { Book, Sheet } from '../workbook.ts';
import { type Context, fieldsOf, type Handler } from './context.ts';
import { sortRows } from './sort.ts';

/** The sheet and the cells that a filter covers, by its range, its named range or its table. */
function coveredBy(book: Book, given: FilterView): { sheet: Sheet; rect: Rect } {
  const backing = backedSheet(book, given);
  if (!backing) return requiredPlace(book, given.range);
  return { sheet: backing, rect: rectOf(backing, currentRange(book, given)) };
}

/** Sets the basic filter in the place of the old one; its own sorting moves the rows below the header. */
export function putBasicFilter({ book, change }: Context, given: BasicFilter): void {
  const { sheet, rect } = coveredBy(book, given);
  checkMerges(sheet, rect);
  const rules = checkedRules(book, rect, given);
  const { tableId } = given;
  if (rules.sortSpecs) sortRows(change, sheet, { ...rect, startRow: rect.startRow + 1 }, rules.sortSpecs);
  const basicFilter = { ...(tableId ? { tableId } : { range: rangeOf(sheet, rect) }), ...rules };
  replaceParts(change, sheet, { basicFilter });
  applyFilter(change, sheet);
}

export const setBasicFilter: Handler<'setBasicFilter'> = (context, { filter }) => {
  if (!filter) throw invalid('No filter specified.');
  putBasicFilter(context, filter);
  return undefined;
};

export const clearBasicFilter: Handler<'clearBasicFilter'> = ({ book, change }, { sheetId }) => {
  const sheet = gridById(book, sheetId);
  if (!sheet.parts.basicFilter) return undefined;
  replaceParts(change, sheet, { basicFilter: undefined });
  applyFilter(change, sheet);
  return undefined;
};

const findView = (book: Book, id: number) =>
  findPart(
    book,
    (parts) => parts.filterViews,
    (one) => one.filterViewId === id,
  );

function requiredView(book: Book, id = 0) {
  const found = findView(book, id);
  if (!found) throw invalid(`No filter view with id: ${id}`);
  return found;
}

function freeTitle(book: Book): string {
  const views = book.sheets.flatMap(({ parts }) => parts.filterViews ?? []);
  const taken = new Set(views.map(({ title }) => title));
  for (let n = 1; ; n++) if (!taken.has(`Filter ${n}`)) return `Filter ${n}`;
}

/** The view as it is kept, and its sheet. Throws Google's refusals. */
function checkedView(book: Book, given: FilterView, filterViewId: number): { sheet: Sheet; kept: FilterView } {
  const { sheet, rect } = coveredBy(book, given);
  checkMerges(sheet, rect);
  const { namedRangeId, tableId, title } = given;
  const kept: FilterView = {
    filterViewId,
    title: title || freeTitle(book),
    ...(namedRangeId && { namedRangeId }),
    ...(tableId && { tableId }),
    ...(!namedRangeId && !tableId && { range: rangeOf(sheet, rect) }),
    ...checkedRules(book, rect, given),
  };
  return { sheet, kept };
}

/** Adds a view under the caller's id or a new one. */
export function insertFilterView({ book, change, random }: Context, given: FilterView): FilterView {
  const id = idFor(given.filterViewId, (taken) => findView(book, taken) !== undefined, random, 'filter view');
  const { sheet, kept } = checkedView(book, given, id);
  replaceParts(change, sheet, { filterViews: [...(sheet.parts.filterViews ?? []), kept] });
  return printFilterView(sheet, kept);
}

export const addFilterView: Handler<'addFilterView'> = (context, { filter }) => {
  if (!filter) throw invalid('No filter specified.');
  return { filter: insertFilterView(context, filter) };
};

/** The mask with both spellings of the criteria where it has one: only the list is kept. */
function withSpecs(mask: Mask): Mask {
  if (mask === true || !(mask.has('criteria') || mask.has('filterSpecs'))) return mask;
  return new Map<string, Mask>([...mask, ['criteria', true], ['filterSpecs', true]]);
}

export const updateFilterView: Handler<'updateFilterView'> = ({ book, change }, { filter = {}, fields }) => {
  const { sheet, parts, index, part } = requiredView(book, filter.filterViewId);
  const mask = fieldsOf(fields, FilterView);
  const { range, namedRangeId, tableId, ...wanted } = apply(withSpecs(mask), part, filter);
  // Where it lies now takes the place of where it lay.
  const isMoved = mask === true || ['range', 'namedRangeId', 'tableId'].some((name) => mask.has(name));
  const source = isMoved ? filter : part;
  const area: FilterView = {
    ...(range && source.range && { range }),
    ...(namedRangeId && source.namedRangeId && { namedRangeId }),
    ...(tableId && source.tableId && { tableId }),
  };
  const next = checkedView(book, { ...wanted, ...area }, part.filterViewId ?? 0);
  if (next.sheet !== sheet) throw invalid('A filter view cannot move to another sheet.');
  replaceParts(change, sheet, { filterViews: parts.with(index, next.kept) });
  return undefined;
};

export const duplicateFilterView: Handler<'duplicateFilterView'> = ({ book, change, random }, { filterId }) => {
  const { sheet, parts, part } = requiredView(book, filterId);
  const filterViewId = idFor(undefined, (taken) => findView(book, taken) !== undefined, random, 'filter view');
  const copy = { ...part, filterViewId, title: `Copy of ${part.title ?? ''}` };
  replaceParts(change, sheet, { filterViews: [...parts, copy] });
  return { filter: printFilterView(sheet, copy) };
};

export const deleteFilterView: Handler<'deleteFilterView'> = ({ book, change }, { filterId }) => {
  const { sheet, parts, index } = requiredView(book, filterId);
  replaceParts(change, sheet, { filterViews: parts.toSpliced(index, 1) });
  return undefined;
};
