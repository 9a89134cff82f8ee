// What a sheet shows and allows beside its cells, as Google prints it. Alters nothing.

import { printOn } from './areas.ts';
import { currentRange } from './backing.ts';
import type { GridRange } from './messages/base.ts';
import type { BandedRange, DimensionGroup, ProtectedRange } from './messages/features.ts';
import type { BasicFilter, ConditionalFormatRule, FilterView } from './messages/rules.ts';
import type { Sheet } from './workbook.ts';

export function printBandedRange(sheet: Sheet, banding: BandedRange): BandedRange {
  return { ...banding, range: printOn(sheet, banding.range ?? {}) };
}

/** Groups of one dimension; a sheetId of 0 is left out. */
export function printGroups({ id }: Sheet, groups: readonly DimensionGroup[]): DimensionGroup[] {
  return groups.map(({ range = {}, ...rest }) => {
    const { sheetId: _, ...bounds } = range;
    return { range: id === 0 ? bounds : { sheetId: id, ...bounds }, ...rest };
  });
}

export function printProtectedRange(sheet: Sheet, protection: ProtectedRange): ProtectedRange {
  const { protectedRangeId = 0, range: _, unprotectedRanges, editors = {}, ...rest } = protection;
  return {
    protectedRangeId,
    range: printOn(sheet, currentRange(sheet.book, protection)),
    ...rest,
    requestingUserCanEdit: true,
    ...(unprotectedRanges && { unprotectedRanges: unprotectedRanges.map((one) => printOn(sheet, one)) }),
    editors,
  };
}

export function printRule(sheet: Sheet, rule: ConditionalFormatRule): ConditionalFormatRule {
  return { ...rule, ranges: (rule.ranges ?? []).map((range) => printOn(sheet, range)) };
}

/** Criteria in both spellings, the map by column and the list. */
function printCriteria({
  filterSpecs = [],
}: Pick<BasicFilter, 'filterSpecs'>): Pick<BasicFilter, 'criteria' | 'filterSpecs'> {
  if (filterSpecs.length === 0) return {};
  const criteria = filterSpecs.map(({ columnIndex = 0, filterCriteria = {} }) => [columnIndex, filterCriteria]);
  return { criteria: Object.fromEntries(criteria), filterSpecs };
}

function printBasicFilter(sheet: Sheet, filter: BasicFilter): BasicFilter {
  const { sortSpecs, tableId } = filter;
  return {
    range: printOn(sheet, currentRange(sheet.book, filter)),
    ...(sortSpecs && { sortSpecs }),
    ...printCriteria(filter),
    ...(tableId !== undefined && { tableId }),
  };
}

export function printFilterView(sheet: Sheet, view: FilterView): FilterView {
  const { filterViewId = 0, title = '', sortSpecs, namedRangeId, tableId } = view;
  return {
    filterViewId,
    ...(title !== '' && { title }),
    range: printOn(sheet, currentRange(sheet.book, view)),
    ...(namedRangeId !== undefined && { namedRangeId }),
    ...(sortSpecs && { sortSpecs }),
    ...printCriteria(view),
    ...(tableId !== undefined && { tableId }),
  };
}

function each<T, P>(parts: readonly T[] | undefined, name: string, print: (part: T) => P): object {
  return parts && parts.length > 0 ? { [name]: parts.map(print) } : {};
}

/** The parts of a Sheet message that this file knows; absent where there are none. */
export function printFeatures(sheet: Sheet): object {
  const { parts } = sheet;
  return {
    ...each(parts.merges, 'merges', (merge: GridRange) => printOn(sheet, merge)),
    ...each(parts.conditionalFormats, 'conditionalFormats', (rule) => printRule(sheet, rule)),
    ...each(parts.filterViews, 'filterViews', (view) => printFilterView(sheet, view)),
    ...each(parts.protectedRanges, 'protectedRanges', (one) => printProtectedRange(sheet, one)),
    ...(parts.basicFilter && { basicFilter: printBasicFilter(sheet, parts.basicFilter) }),
    ...each(parts.bandedRanges, 'bandedRanges', (banding) => printBandedRange(sheet, banding)),
    ...(parts.rowGroups && { rowGroups: printGroups(sheet, parts.rowGroups) }),
    ...(parts.columnGroups && { columnGroups: printGroups(sheet, parts.columnGroups) }),
  };
}
