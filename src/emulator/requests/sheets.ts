// Requests about sheets as a whole and about the spreadsheet's own properties.

import { pairColors, pairMask } from '../colors.ts';
import { DEFAULT_COLUMNS, DEFAULT_ROWS } from '../defaults.ts';
import { invalid } from '../errors.ts';
import { newId } from '../files.ts';
import { follow, rewriteFormulas } from '../follow.ts';
import { renameSheet } from '../formula/rewrite.ts';
import { checkSize, cutCells, growTo } from '../grid.ts';
import { apply, below } from '../mask.ts';
import { SheetProperties, SpreadsheetProperties } from '../messages/sheet.ts';
import { sheetOf } from '../metadata-table.ts';
import { gridById, hasGrid } from '../ranges.ts';
import { printSheetProperties } from '../spreadsheet.ts';
import { type Book, checkCells, type Sheet, sheetById } from '../workbook.ts';
import { type Context, fieldsOf, type Handler } from './context.ts';

const MAX_TITLE = 100;

export function checkTitle(book: Book, title: string, self?: Sheet): void {
  if (title === '') throw invalid('The sheet name cannot be empty.');
  if (title.length > MAX_TITLE) throw invalid(`The sheet name cannot be greater than ${MAX_TITLE} characters.`);
  const lower = title.toLowerCase();
  if (book.sheets.some((sheet) => sheet !== self && sheet.properties.title.toLowerCase() === lower)) {
    throw invalid(`A sheet with the name "${title}" already exists. Please enter another name.`);
  }
}

function freeTitle(book: Book): string {
  const taken = new Set(book.sheets.map((sheet) => sheet.properties.title.toLowerCase()));
  for (let n = book.sheets.length + 1; ; n++) if (!taken.has(`sheet${n}`)) return `Sheet${n}`;
}

/** The sheet with that id, or Google's refusal. */
function sheetToChange(book: Book, id: number | undefined): Sheet {
  const sheet = sheetById(book, id ?? 0);
  if (!sheet) throw invalid(`No sheet with id: ${id ?? 0}`);
  return sheet;
}

/** Adds an empty sheet at its index or at the end; title, id and size have Google's defaults. */
export function insertSheet({ book, change, random }: Context, given: SheetProperties): Sheet {
  const { sheetId, index, title, sheetType, gridProperties, dataSourceSheetProperties, ...rest } = given;
  if (sheetType !== undefined && sheetType !== 'GRID')
    throw invalid(`this backend has no sheets of type ${sheetType}.`);
  if (dataSourceSheetProperties) throw invalid('this backend has no data source sheets.');
  if (sheetId !== undefined && sheetId < 0) throw invalid('Sheet id must be non-negative.');
  if (sheetId !== undefined && sheetById(book, sheetId)) throw invalid(`Sheet with id ${sheetId} already exists.`);
  const name = title ?? freeTitle(book);
  checkTitle(book, name);
  const size = { ...gridProperties };
  const full = { ...size, rowCount: size.rowCount ?? DEFAULT_ROWS, columnCount: size.columnCount ?? DEFAULT_COLUMNS };
  checkSize(undefined, full);
  checkCells(book, full.rowCount * full.columnCount);
  const sheet: Sheet = {
    id: sheetId ?? newId(random, (id) => sheetById(book, id) !== undefined),
    book,
    properties: { title: name, sheetType: 'GRID', gridProperties: full, ...pairColors(rest) },
    parts: {},
    rows: [],
  };
  const at = Math.max(0, Math.min(index ?? book.sheets.length, book.sheets.length));
  change.setSheets(book, book.sheets.toSpliced(at, 0, sheet));
  return sheet;
}

export const addSheet: Handler<'addSheet'> = (context, { properties = {} }) => ({
  properties: printSheetProperties(insertSheet(context, properties)),
});

export const deleteSheet: Handler<'deleteSheet'> = ({ book, change }, { sheetId }) => {
  const sheet = sheetToChange(book, sheetId);
  const left = book.sheets.filter((each) => each !== sheet);
  if (left.length === 0) throw invalid("You can't remove all the sheets in a document.");
  if (left.every((each) => each.properties.hidden)) {
    throw invalid("You can't remove all the visible sheets in a document.");
  }
  change.setSheets(book, left);
  follow(change, book, { kind: 'gone', sheet });
  for (const { metadataId = 0, location = {} } of book.metadata.list()) {
    if (sheetOf(location) === sheet.id) change.setMetadata(book, metadataId, undefined);
  }
  const names = book.namedRanges.filter(({ range }) => (range?.sheetId ?? 0) !== sheet.id);
  if (names.length < book.namedRanges.length) change.setNamedRanges(book, names);
  return undefined;
};

export const updateSheetProperties: Handler<'updateSheetProperties'> = (
  { book, change },
  { properties = {}, fields },
) => {
  const sheet = sheetToChange(book, properties.sheetId);
  const mask = fieldsOf(fields, SheetProperties);
  const old = sheet.properties;
  const { sheetId: _, index, ...wanted } = apply(pairMask(mask), { ...old } as SheetProperties, pairColors(properties));
  const title = wanted.title ?? (below(mask, 'title') === undefined ? old.title : '');
  if (title !== old.title) checkTitle(book, title, sheet);
  const { rowCount = old.gridProperties.rowCount, columnCount = old.gridProperties.columnCount } =
    wanted.gridProperties ?? {};
  const gridProperties = { ...wanted.gridProperties, rowCount, columnCount };
  if (hasGrid(sheet)) checkSize(sheet, gridProperties);
  else if (below(mask, 'gridProperties') !== undefined && properties.gridProperties) {
    throw invalid(`Sheet with id ${sheet.id} has no grid.`);
  }
  if (wanted.hidden && book.sheets.every((each) => each === sheet || each.properties.hidden)) {
    throw invalid("You can't hide all the sheets in a document.");
  }
  cutCells(change, sheet, gridProperties);
  const { sheetType = 'GRID' } = old;
  change.setSheetProperties(sheet, { ...wanted, title, sheetType, gridProperties });
  const { rowCount: rows, columnCount: columns } = old.gridProperties;
  if (rowCount < rows)
    follow(change, book, { kind: 'delete', sheet, axis: 'ROWS', at: rowCount, count: rows - rowCount });
  if (columnCount < columns) {
    follow(change, book, { kind: 'delete', sheet, axis: 'COLUMNS', at: columnCount, count: columns - columnCount });
  }
  if (title !== old.title) {
    const locale = book.properties.locale ?? 'en_US';
    rewriteFormulas(change, book, (text) => renameSheet(text, locale, old.title, title));
  }
  if (below(mask, 'index') !== undefined && index !== undefined) {
    // Google counts the index before the sheet leaves its place.
    const from = book.sheets.indexOf(sheet);
    const to = Math.max(0, Math.min(index > from ? index - 1 : index, book.sheets.length - 1));
    if (to !== from) change.setSheets(book, book.sheets.toSpliced(from, 1).toSpliced(to, 0, sheet));
  }
  return undefined;
};

export const updateSpreadsheetProperties: Handler<'updateSpreadsheetProperties'> = (context, payload) => {
  const { book, change, rename } = context;
  const { properties = {}, fields } = payload;
  const mask = fieldsOf(fields, SpreadsheetProperties);
  if (below(mask, 'title') !== undefined) {
    if (!properties.title) throw invalid('The spreadsheet title cannot be empty.');
    rename(properties.title);
  }
  const { title: _, ...wanted } = apply(pairMask(mask), book.properties, pairColors(properties));
  const { locale = book.properties.locale ?? '', timeZone = book.properties.timeZone ?? '' } = wanted;
  if (!/^[a-z]{2,3}([_-][A-Za-z]{2,4})?$/.test(locale)) throw invalid(`Invalid locale: ${locale}`);
  const { defaultFormat, spreadsheetTheme, autoRecalc } = book.properties;
  const kept = Object.fromEntries(
    Object.entries({ defaultFormat, spreadsheetTheme, autoRecalc }).filter(([, value]) => value !== undefined),
  );
  change.setProperties(book, { ...kept, ...wanted, locale, timeZone });
  return undefined;
};

export const appendDimension: Handler<'appendDimension'> = ({ book, change }, { sheetId, dimension, length = 0 }) => {
  const sheet = gridById(book, sheetId);
  if (length <= 0) throw invalid('length must be greater than 0');
  if (dimension !== 'ROWS' && dimension !== 'COLUMNS') throw invalid('dimension must be specified.');
  const { rowCount, columnCount } = sheet.properties.gridProperties;
  if (dimension === 'ROWS') growTo(change, sheet, rowCount + length, columnCount);
  else growTo(change, sheet, rowCount, columnCount + length);
  return undefined;
};
