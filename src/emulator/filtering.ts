// What a filter is made of, checked and as it is kept, and the rows that it hides. The requests are
// requests/filters.ts.

import { overlaps, rectOf } from './areas.ts';
import { currentRange } from './backing.ts';
import type { Change } from './change.ts';
import { colorText, pairColors, themeOf } from './colors.ts';
import { conditionHolds } from './condition-tests.ts';
import { checkedCondition } from './conditions.ts';
import { invalid } from './errors.ts';
import type { BasicFilter, FilterCriteria, FilterSpec, SortSpec } from './messages/rules.ts';
import { replaceParts } from './parts.ts';
import type { Rect } from './ranges.ts';
import { shownText } from './render.ts';
import { editEach, editRuns, runsOf } from './runs.ts';
import type { Book, Sheet } from './workbook.ts';

type Rules = Pick<BasicFilter, 'criteria' | 'filterSpecs' | 'sortSpecs'>;

function checkColumn(rect: Rect, column: number, name: string): void {
  if (column >= rect.startColumn && column < rect.endColumn) return;
  throw invalid(`${name}[${column}] is not in the range of the filter[${rect.startColumn}, ${rect.endColumn}).`);
}

function checkedCriteria(book: Book, given: FilterCriteria): FilterCriteria {
  const { condition, hiddenValues, ...colors } = given;
  const paired = pairColors(colors, themeOf(book.properties));
  if (paired.visibleBackgroundColor && paired.visibleForegroundColor) {
    throw invalid('Only one of visibleBackgroundColor or visibleForegroundColor may be set.');
  }
  return {
    ...(hiddenValues && hiddenValues.length > 0 && { hiddenValues }),
    ...(condition && { condition: checkedCondition(book, condition, 'filter') }),
    ...paired,
  };
}

/** The criteria by column, from either spelling; the list wins over the map. */
function specsOf({ criteria = {}, filterSpecs }: Rules): FilterSpec[] {
  if (filterSpecs && filterSpecs.length > 0) return filterSpecs;
  return Object.entries(criteria).map(([key, filterCriteria]) => {
    if (!/^\d{1,9}$/.test(key)) throw invalid(`Invalid column index in criteria: ${key}`);
    return { columnIndex: Number(key), filterCriteria };
  });
}

function checkedSort(book: Book, rect: Rect, spec: SortSpec): SortSpec {
  const { dimensionIndex = 0, sortOrder, dataSourceColumnReference, ...colors } = spec;
  if (dataSourceColumnReference) throw invalid('this backend has no data source sheets.');
  checkColumn(rect, dimensionIndex, 'SortSpec.dimensionIndex');
  const paired = pairColors(colors, themeOf(book.properties));
  if (paired.backgroundColor && paired.foregroundColor) {
    throw invalid('Only one of backgroundColor or foregroundColor may be set.');
  }
  return { dimensionIndex, sortOrder: sortOrder === 'DESCENDING' ? 'DESCENDING' : 'ASCENDING', ...paired };
}

/** Criteria and sorting as they are kept: one spec per column, by column. */
export function checkedRules(book: Book, rect: Rect, given: Rules): Pick<BasicFilter, 'filterSpecs' | 'sortSpecs'> {
  const specs = new Map<number, FilterSpec>();
  for (const { columnIndex = 0, filterCriteria = {}, dataSourceColumnReference } of specsOf(given)) {
    if (dataSourceColumnReference) throw invalid('this backend has no data source sheets.');
    checkColumn(rect, columnIndex, 'FilterSpec.columnIndex');
    specs.set(columnIndex, { filterCriteria: checkedCriteria(book, filterCriteria), columnIndex });
  }
  const filterSpecs = [...specs.values()].sort((a, b) => (a.columnIndex ?? 0) - (b.columnIndex ?? 0));
  const sortSpecs = (given.sortSpecs ?? []).map((spec) => checkedSort(book, rect, spec));
  return {
    ...(sortSpecs.length > 0 && { sortSpecs }),
    ...(filterSpecs.length > 0 && { filterSpecs }),
  };
}

/** Rows of a merge cannot be hidden one by one. */
export function checkMerges(sheet: Sheet, rect: Rect): void {
  for (const merge of sheet.parts.merges ?? []) {
    const merged = rectOf(sheet, merge);
    if (overlaps(merged, rect) && merged.endRow - merged.startRow > 1) {
      throw invalid("You can't create a filter over a range containing vertical merges.");
    }
  }
}

const WHITE = { red: 1, green: 1, blue: 1 };

/** True when the criteria let the cell be seen. */
function passes(sheet: Sheet, criteria: FilterCriteria, first: number, row: number, column: number): boolean {
  const { condition, hiddenValues = [], visibleBackgroundColor, visibleForegroundColor } = criteria;
  if (hiddenValues.includes(shownText(sheet, row, column))) return false;
  const { formats } = sheet.book;
  const { backgroundColor = WHITE, textFormat = {} } = formats.get(sheet.rows[row]?.[column]?.format ?? 0) ?? {};
  if (visibleBackgroundColor && colorText(visibleBackgroundColor) !== colorText(backgroundColor)) return false;
  const { foregroundColor = {} } = textFormat;
  if (visibleForegroundColor && colorText(visibleForegroundColor) !== colorText(foregroundColor)) return false;
  return condition === undefined || conditionHolds(sheet, condition, { row: first, column }, row, column);
}

/** Hides the rows that the basic filter does not let through, as they are now, and shows all others. */
export function applyFilter(change: Change, sheet: Sheet): void {
  const { basicFilter } = sheet.parts;
  const { rowCount } = sheet.properties.gridProperties;
  const shown = editRuns(runsOf(sheet, 'ROWS'), 0, rowCount, ({ hiddenByFilter: _, ...rest }) => rest);
  const specs = basicFilter?.filterSpecs;
  if (!basicFilter || !specs) {
    replaceParts(change, sheet, { rowRuns: shown });
    return;
  }
  const rect = rectOf(sheet, currentRange(sheet.book, basicFilter));
  const first = rect.startRow + 1;
  const rowRuns = editEach(shown, first, Math.max(first, rect.endRow), (properties, row) =>
    specs.every(({ columnIndex = 0, filterCriteria = {} }) => passes(sheet, filterCriteria, first, row, columnIndex))
      ? properties
      : { ...properties, hiddenByFilter: true },
  );
  replaceParts(change, sheet, { rowRuns });
}

/** The filter after its columns changed places; what was said of a column that is gone is gone. */
export function moveFilterColumns<T extends Pick<BasicFilter, 'filterSpecs' | 'sortSpecs'>>(
  filter: T,
  place: (column: number) => number | undefined,
): T {
  const { filterSpecs, sortSpecs, ...rest } = filter;
  const specs = (filterSpecs ?? []).flatMap((spec) => {
    const columnIndex = place(spec.columnIndex ?? 0);
    return columnIndex === undefined ? [] : [{ ...spec, columnIndex }];
  });
  const sorts = (sortSpecs ?? []).flatMap((spec) => {
    const dimensionIndex = place(spec.dimensionIndex ?? 0);
    return dimensionIndex === undefined ? [] : [{ ...spec, dimensionIndex }];
  });
  return {
    ...rest,
    ...(sorts.length > 0 && { sortSpecs: sorts }),
    ...(specs.length > 0 && { filterSpecs: specs }),
  } as T;
}
