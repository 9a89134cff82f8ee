// Developer metadata: which entries a data filter matches, where they belong in a reply, their budget. Alters nothing.

import { ApiError, invalid } from './errors.ts';
import type { DeveloperMetadata, DeveloperMetadataLocation as MetadataLocation } from './messages/cells.ts';
import type { DataFilter } from './messages/metadata.ts';
import { sheetOf, sizeOf } from './metadata-table.ts';
import { type Rect, resolveGridRange, resolveRange } from './ranges.ts';
import { type Book, type Sheet, sheetById } from './workbook.ts';

/** Characters of keys and values together, for the spreadsheet and for each sheet (Google, "Developer metadata"). */
const BUDGET_CHARACTERS = 30_000;

type Lookup = NonNullable<DataFilter['developerMetadataLookup']>;

export function locationType(location: MetadataLocation): NonNullable<MetadataLocation['locationType']> {
  if (location.dimensionRange) return location.dimensionRange.dimension === 'COLUMNS' ? 'COLUMN' : 'ROW';
  return location.sheetId === undefined ? 'SPREADSHEET' : 'SHEET';
}

/** The location completed and checked: it names one row, one column, a sheet or the spreadsheet. */
export function checkedLocation(book: Book, location: MetadataLocation): MetadataLocation {
  const { spreadsheet, sheetId, dimensionRange } = location;
  const given = [spreadsheet || undefined, sheetId, dimensionRange].filter((each) => each !== undefined);
  if (given.length !== 1) throw invalid('Exactly one location must be specified for developer metadata.');
  const id = sheetOf(location);
  if (id !== undefined && !sheetById(book, id)) throw invalid(`No sheet with id: ${id}`);
  const type = locationType(location);
  if (!dimensionRange) return { locationType: type, ...(id === undefined ? { spreadsheet: true } : { sheetId: id }) };
  const { startIndex = 0, endIndex, dimension } = dimensionRange;
  if (endIndex !== startIndex + 1 || (dimension !== 'ROWS' && dimension !== 'COLUMNS')) {
    throw invalid('The dimension range of developer metadata must be one row or one column.');
  }
  return { locationType: type, dimensionRange: { ...(id ? { sheetId: id } : {}), dimension, startIndex, endIndex } };
}

/** Refuses an entry that exceeds the budget of its sheet or of the spreadsheet. */
export function checkBudget(book: Book, added: DeveloperMetadata): void {
  if (book.metadata.used(sheetOf(added.location ?? {})) + sizeOf(added) > BUDGET_CHARACTERS) {
    throw invalid(`The total size of developer metadata exceeds the limit of ${BUDGET_CHARACTERS} characters.`);
  }
}

function sameOrInside(location: MetadataLocation, wanted: MetadataLocation, exact: boolean): boolean {
  const type = locationType(wanted);
  if (type === 'SPREADSHEET') return exact ? locationType(location) === type : true;
  if (sheetOf(location) !== sheetOf(wanted)) return false;
  if (type === 'SHEET') return exact ? locationType(location) === type : true;
  const [a, b] = [location.dimensionRange, wanted.dimensionRange];
  if (!a || !b || a.dimension !== b.dimension) return false;
  const [from, to] = [b.startIndex ?? 0, b.endIndex ?? Number.POSITIVE_INFINITY];
  const at = a.startIndex ?? 0;
  return exact ? at === from && a.endIndex === to : at >= from && at < to;
}

function matchesLookup(one: DeveloperMetadata, lookup: Lookup): boolean {
  const location = one.location ?? {};
  if (lookup.metadataId !== undefined && lookup.metadataId !== one.metadataId) return false;
  if (lookup.metadataKey !== undefined && lookup.metadataKey !== one.metadataKey) return false;
  if (lookup.metadataValue !== undefined && lookup.metadataValue !== (one.metadataValue ?? '')) return false;
  if (lookup.visibility !== undefined && lookup.visibility !== one.visibility) return false;
  if (lookup.locationType !== undefined && lookup.locationType !== locationType(location)) return false;
  if (!lookup.metadataLocation) return true;
  const exact = lookup.locationMatchingStrategy !== 'INTERSECTING_LOCATION';
  return sameOrInside(location, lookup.metadataLocation, exact);
}

function within(location: MetadataLocation, sheet: Sheet, rect: Rect): boolean {
  if (sheetOf(location) !== sheet.id) return false;
  const { dimensionRange } = location;
  if (!dimensionRange) return true;
  const at = dimensionRange.startIndex ?? 0;
  return dimensionRange.dimension === 'ROWS'
    ? at >= rect.startRow && at < rect.endRow
    : at >= rect.startColumn && at < rect.endColumn;
}

/** Entries that a filter selects, by id. */
export function matching(book: Book, filter: DataFilter): DeveloperMetadata[] {
  const { developerMetadataLookup: lookup, a1Range, gridRange } = filter;
  if (lookup?.metadataId !== undefined) {
    // A collection deletes hundreds by id in one batch: none of them looks at the others.
    const named = book.metadata.get(lookup.metadataId);
    return named && matchesLookup(named, lookup) ? [named] : [];
  }
  const all = book.metadata.list();
  if (lookup) return all.filter((one) => matchesLookup(one, lookup));
  if (a1Range === undefined && gridRange === undefined) throw invalid('dataFilter.filter must be specified.');
  const { sheet, rect } = a1Range === undefined ? resolveGridRange(book, gridRange ?? {}) : resolveRange(book, a1Range);
  return all.filter((one) => within(one.location ?? {}, sheet, rect));
}

/** developerMetadata.get */
export function getMetadata(book: Book, id: number): DeveloperMetadata {
  const found = book.metadata.get(id);
  if (!found) throw new ApiError(404, `No developer metadata with ID ${id}.`);
  return found;
}

/** developerMetadata.search: each entry once, with the filters that selected it. */
export function searchMetadata(book: Book, filters: readonly DataFilter[]): object {
  if (filters.length === 0) throw invalid('Must specify at least one dataFilter.');
  const found = new Map<DeveloperMetadata, DataFilter[]>();
  for (const filter of filters) {
    for (const one of matching(book, filter)) found.set(one, [...(found.get(one) ?? []), filter]);
  }
  if (found.size === 0) return {};
  return {
    matchedDeveloperMetadata: [...found].map(([developerMetadata, dataFilters]) => ({
      developerMetadata,
      dataFilters,
    })),
  };
}

/** What belongs to the spreadsheet itself (no sheet given) or to one sheet as a whole. */
export function metadataOf(book: Book, sheet?: Sheet): DeveloperMetadata[] {
  return book.metadata.list().filter(({ location = {} }) => !location.dimensionRange && location.sheetId === sheet?.id);
}

/** Entries of a sheet's rows or columns by index. */
export function metadataOfDimension(sheet: Sheet, name: 'ROWS' | 'COLUMNS'): Map<number, DeveloperMetadata[]> {
  const marked = new Map<number, DeveloperMetadata[]>();
  for (const one of sheet.book.metadata.list()) {
    const range = one.location?.dimensionRange;
    if (!range || range.dimension !== name || (range.sheetId ?? 0) !== sheet.id) continue;
    const at = range.startIndex ?? 0;
    marked.set(at, [...(marked.get(at) ?? []), one]);
  }
  return marked;
}
