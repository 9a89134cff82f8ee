// What a sheet of a new spreadsheet is given beside its cells: made by the same functions as later requests make it.

import type { GridRange } from '../messages/base.ts';
import type { DimensionProperties } from '../messages/cells.ts';
import type { DimensionGroup } from '../messages/features.ts';
import type { Sheet as SheetMessage } from '../messages/sheet.ts';
import type { Sheet } from '../workbook.ts';
import { insertBanding } from './banding.ts';
import type { Context } from './context.ts';
import { insertMetadata } from './developer-metadata.ts';
import { setDimensions } from './dimension-properties.ts';
import { insertFilterView, putBasicFilter } from './filters.ts';
import { addDimensionGroup, updateDimensionGroup } from './groups.ts';
import { mergeCells } from './merges.ts';
import { insertProtection } from './protection.ts';
import { insertRule } from './rules.ts';

function createGroups(context: Context, sheet: Sheet, groups: readonly DimensionGroup[]): void {
  const own = groups.map((group) => ({ ...group, range: { ...group.range, sheetId: sheet.id } }));
  for (const { range } of own) addDimensionGroup(context, { range });
  for (const { range, depth = 1, collapsed } of own) {
    if (!collapsed) continue;
    updateDimensionGroup(context, { dimensionGroup: { range, depth, collapsed }, fields: 'collapsed' });
  }
}

function createDimensions(context: Context, sheet: Sheet, { data = [] }: SheetMessage): void {
  const set = (dimension: 'ROWS' | 'COLUMNS', start: number, properties: readonly DimensionProperties[]) => {
    if (properties.length > 0) setDimensions(context, sheet, dimension, start, properties);
  };
  for (const { startRow = 0, startColumn = 0, rowMetadata = [], columnMetadata = [] } of data) {
    set('ROWS', startRow, rowMetadata);
    set('COLUMNS', startColumn, columnMetadata);
  }
}

/** Ranges without a sheetId are of the sheet at hand. Throws the refusals of the requests. */
export function createFeatures(context: Context, sheet: Sheet, given: SheetMessage): void {
  const own = (range: GridRange): GridRange => ({ sheetId: sheet.id, ...range });
  const placed = <T extends { range?: GridRange }>(part: T): T =>
    part.range ? { ...part, range: own(part.range) } : part;
  createDimensions(context, sheet, given);
  for (const range of given.merges ?? []) mergeCells(context, { range: own(range) });
  (given.conditionalFormats ?? []).forEach((rule, index) => {
    insertRule(context, { ...rule, ranges: (rule.ranges ?? []).map(own) }, index);
  });
  for (const view of given.filterViews ?? []) insertFilterView(context, placed(view));
  for (const protection of given.protectedRanges ?? []) {
    const { unprotectedRanges = [], ...rest } = protection;
    insertProtection(context, { ...placed(rest), unprotectedRanges: unprotectedRanges.map(own) });
  }
  for (const banding of given.bandedRanges ?? []) insertBanding(context, placed(banding));
  createGroups(context, sheet, given.rowGroups ?? []);
  createGroups(context, sheet, given.columnGroups ?? []);
  if (given.basicFilter) putBasicFilter(context, placed(given.basicFilter));
  for (const entry of given.developerMetadata ?? []) {
    insertMetadata(context, { ...entry, location: entry.location ?? { sheetId: sheet.id } });
  }
}
