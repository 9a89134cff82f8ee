// What becomes of a sheet's parts in a copy of it: whatever has an id or a name gets one of its own, comments stay
// with the original. Maps no ranges.

import { newId } from './files.ts';
import type { Book, SheetParts } from './workbook.ts';

/** The parts for a copy that joins `book`; with a fresh book ids and names stay as they are. */
export function copiedObjects(book: Book, parts: SheetParts, random: () => number): SheetParts {
  const all = book.sheets.map((sheet) => sheet.parts);
  const ids = new Set<unknown>();
  const names = new Set<string | undefined>();
  for (const { charts = [], slicers = [], tables = [], ...features } of all) {
    for (const { filterViewId } of features.filterViews ?? []) ids.add(filterViewId);
    for (const { protectedRangeId } of features.protectedRanges ?? []) ids.add(protectedRangeId);
    for (const { bandedRangeId } of features.bandedRanges ?? []) ids.add(bandedRangeId);
    for (const { chartId } of charts) ids.add(chartId);
    for (const { slicerId } of slicers) ids.add(slicerId);
    for (const { tableId, name } of tables) {
      ids.add(tableId);
      names.add(name?.toLowerCase());
    }
  }
  const free = <T extends number | string>(old: T, made: (id: number) => T): T => {
    const id = ids.has(old) ? made(newId(random, (one) => ids.has(made(one)))) : old;
    ids.add(id);
    return id;
  };
  const freeName = (old: string): string => {
    let name = old;
    for (let n = 2; names.has(name.toLowerCase()); n++) name = `${old}_${n}`;
    names.add(name.toLowerCase());
    return name;
  };
  const { commentThreads: _, charts, slicers, tables, filterViews, protectedRanges, bandedRanges, ...rest } = parts;
  const number = (old: number | undefined) => free(old ?? 0, (id) => id);
  return {
    ...rest,
    ...(filterViews && {
      filterViews: filterViews.map((one) => ({ ...one, filterViewId: number(one.filterViewId) })),
    }),
    ...(protectedRanges && {
      protectedRanges: protectedRanges.map((one) => ({ ...one, protectedRangeId: number(one.protectedRangeId) })),
    }),
    ...(bandedRanges && {
      bandedRanges: bandedRanges.map((one) => ({ ...one, bandedRangeId: number(one.bandedRangeId) })),
    }),
    ...(charts && { charts: charts.map((one) => ({ ...one, chartId: number(one.chartId) })) }),
    ...(slicers && { slicers: slicers.map((one) => ({ ...one, slicerId: number(one.slicerId) })) }),
    ...(tables && {
      tables: tables.map((one) => ({
        ...one,
        tableId: free(one.tableId ?? '', String),
        name: freeName(one.name ?? ''),
      })),
    }),
  };
}
