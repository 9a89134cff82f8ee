// Data filters as ranges, and the methods that take ranges as data filters. HTTP is routes.ts.

import type { Change } from './change.ts';
import { ApiError, invalid, prefixed } from './errors.ts';
import type { DataFilter } from './messages/metadata.ts';
import type { BatchUpdateByDataFilter } from './messages/values.ts';
import { matching } from './metadata.ts';
import { sheetOf } from './metadata-table.ts';
import { type Place, printRange, resolveGridRange, resolveRange } from './ranges.ts';
import { type RenderOptions, readRange } from './render.ts';
import type { Of } from './schema.ts';
import { type Echo, writeRanges } from './values.ts';
import type { Book } from './workbook.ts';
import { clearValues, type Input } from './write.ts';

/** The cells a filter selects: a range, or the rows, columns and sheets to which matching metadata belongs. */
export function placesOf(book: Book, filter: DataFilter): Place[] {
  if (filter.a1Range !== undefined) return [resolveRange(book, filter.a1Range)];
  if (filter.gridRange !== undefined) return [resolveGridRange(book, filter.gridRange)];
  return matching(book, filter).flatMap(({ location = {} }) => {
    const sheetId = sheetOf(location);
    if (sheetId === undefined) return [];
    const { dimension, startIndex = 0, endIndex = startIndex + 1 } = location.dimensionRange ?? {};
    if (dimension === undefined) return [resolveGridRange(book, { sheetId })];
    const range =
      dimension === 'ROWS'
        ? { startRowIndex: startIndex, endRowIndex: endIndex }
        : { startColumnIndex: startIndex, endColumnIndex: endIndex };
    return [resolveGridRange(book, { sheetId, ...range })];
  });
}

interface Matched {
  readonly place: Place;
  readonly dataFilters: DataFilter[];
}

/** Each place once, with every filter that selected it, in the order of the filters. */
function matchedPlaces(book: Book, filters: readonly DataFilter[]): Matched[] {
  if (filters.length === 0) throw invalid('Must specify at least one dataFilter.');
  const found = new Map<string, Matched>();
  filters.forEach((filter, index) => {
    try {
      for (const place of placesOf(book, filter)) {
        const key = `${place.sheet.id}!${Object.values(place.rect).join()}`;
        const known = found.get(key);
        if (known) known.dataFilters.push(filter);
        else found.set(key, { place, dataFilters: [filter] });
      }
    } catch (error) {
      throw prefixed(`Invalid dataFilters[${index}]`, error);
    }
  });
  return [...found.values()];
}

/** values.batchGetByDataFilter */
export function batchGetByDataFilter(book: Book, filters: readonly DataFilter[], options: RenderOptions): object {
  const valueRanges = matchedPlaces(book, filters).map(({ place, dataFilters }) => ({
    valueRange: readRange(place, options),
    dataFilters,
  }));
  return { spreadsheetId: book.id, ...(valueRanges.length > 0 && { valueRanges }) };
}

/** values.batchClearByDataFilter */
export function batchClearByDataFilter(change: Change, book: Book, filters: readonly DataFilter[]): object {
  const places = matchedPlaces(book, filters).map(({ place }) => place);
  for (const place of places) clearValues(change, place);
  const clearedRanges = places.map(({ sheet, rect }) => printRange(sheet, rect));
  return { spreadsheetId: book.id, ...(clearedRanges.length > 0 && { clearedRanges }) };
}

/** values.batchUpdateByDataFilter: a filter that selects several places writes each of them. */
export function batchUpdateByDataFilter(
  change: Change,
  book: Book,
  body: Of<typeof BatchUpdateByDataFilter>,
  input: Input,
  echo: Echo,
): object {
  const items = (body.data ?? []).flatMap(({ dataFilter, ...range }, index) => {
    if (!dataFilter) throw new ApiError(400, `Invalid data[${index}]: dataFilter must be specified.`);
    try {
      return placesOf(book, dataFilter).map((place) => ({ place, range, index, more: { dataFilter } }));
    } catch (error) {
      throw prefixed(`Invalid data[${index}]`, error);
    }
  });
  return writeRanges(change, book, items, input, echo);
}

/** The sheets and ranges that spreadsheets.getByDataFilter prints. */
export function rangesOf(book: Book, filters: readonly DataFilter[]): Place[] {
  return matchedPlaces(book, filters).map(({ place }) => place);
}
