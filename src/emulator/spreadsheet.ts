// A workbook as the Spreadsheet message: properties, sheets, grid data under a field mask. Alters nothing.

import { gridData } from './grid-data.ts';
import type { Mask } from './mask.ts';
import type { SheetProperties } from './messages/sheet.ts';
import { metadataOf } from './metadata.ts';
import { printFeatures } from './print-features.ts';
import { printComments, printObjects, type ShowOptions } from './print-objects.ts';
import { hasGrid, type Place, printGridRange, resolveRange } from './ranges.ts';
import type { Book, Sheet } from './workbook.ts';

/** Sheet properties as printed: sheetId, title and index always, whatever is false or 0 beside them not. */
export function printSheetProperties(sheet: Sheet): SheetProperties {
  const { title, sheetType, gridProperties, ...rest } = sheet.properties;
  const set = (value: object) => Object.fromEntries(Object.entries(value).filter(([, v]) => v !== false && v !== 0));
  return {
    sheetId: sheet.id,
    title,
    index: sheet.book.sheets.indexOf(sheet),
    sheetType: sheetType ?? 'GRID',
    ...(hasGrid(sheet) && { gridProperties: set(gridProperties) }),
    ...set(rest),
  };
}

function wholeGrid(sheet: Sheet): Place {
  const { rowCount, columnCount } = sheet.properties.gridProperties;
  return { sheet, asked: {}, rect: { startRow: 0, endRow: rowCount, startColumn: 0, endColumn: columnCount } };
}

function printSheet(sheet: Sheet, places: readonly Place[], cells: Mask | undefined, options: ShowOptions): object {
  const developerMetadata = metadataOf(sheet.book, sheet);
  return {
    properties: printSheetProperties(sheet),
    ...(cells !== undefined && hasGrid(sheet) && { data: places.map((place) => gridData(sheet, place.rect, cells)) }),
    ...printFeatures(sheet),
    ...printObjects(sheet, options),
    ...(developerMetadata.length > 0 && { developerMetadata }),
  };
}

/**
 * spreadsheets.get: with ranges only the sheets they touch. `cells` is the mask of GridData, undefined for none; the
 * caller picks from the rest.
 */
export function printSpreadsheet(
  book: Book,
  title: string,
  ranges: readonly (string | Place)[],
  cells: Mask | undefined,
  options: ShowOptions = {},
): object {
  const asked = ranges.map((range) => (typeof range === 'string' ? resolveRange(book, range) : range));
  const sheets = asked.length > 0 ? book.sheets.filter((s) => asked.some((p) => p.sheet === s)) : book.sheets;
  const developerMetadata = metadataOf(book);
  return {
    spreadsheetId: book.id,
    properties: { title, ...book.properties },
    sheets: sheets.map((sheet) => {
      const places = asked.length > 0 ? asked.filter((place) => place.sheet === sheet) : [wholeGrid(sheet)];
      return printSheet(sheet, places, cells, options);
    }),
    ...(book.namedRanges.length > 0 && {
      namedRanges: book.namedRanges.map((each) => ({ ...each, range: printGridRange(each.range ?? {}) })),
    }),
    ...printComments(book, asked, options),
    spreadsheetUrl: `https://docs.google.com/spreadsheets/d/${book.id}/edit`,
    ...(developerMetadata.length > 0 && { developerMetadata }),
  };
}
