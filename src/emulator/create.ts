// Making files: spreadsheets from a Spreadsheet message, Drive files, copies. Works through the gate.

import type { Clock } from '../clock.ts';
import type { Change } from './change.ts';
import { type DriveFile, newBook, newFileId, ROOT_FOLDER, SPREADSHEET } from './files.ts';
import { growTo } from './grid.ts';
import { EVERYTHING } from './mask.ts';
import type { Spreadsheet } from './messages/sheet.ts';
import { copiedObjects } from './object-copies.ts';
import { putRows } from './requests/cells.ts';
import { insertMetadata } from './requests/developer-metadata.ts';
import { addChart, addSlicer } from './requests/embedded.ts';
import { createFeatures } from './requests/initial-features.ts';
import { addNamedRange } from './requests/names.ts';
import { insertSheet } from './requests/sheets.ts';
import { addTable } from './requests/tables.ts';
import type { Of } from './schema.ts';
import type { Store } from './store.ts';
import type { Book } from './workbook.ts';

export interface Making {
  readonly store: Store;
  readonly change: Change;
  readonly clock: Clock;
}

/** Adds a Drive file; what is not given has Drive's defaults. */
export function createFile({ store, change, clock }: Making, given: Partial<DriveFile>): DriveFile {
  const now = new Date(clock.wall()).toISOString();
  const file: DriveFile = {
    name: 'Untitled',
    mimeType: 'application/octet-stream',
    parents: [ROOT_FOLDER],
    trashed: false,
    starred: false,
    ...given,
    id: given.id ?? newFileId(() => clock.random()),
    key: store.newKey(),
    createdTime: now,
    modifiedTime: now,
    version: 1,
  };
  change.setFile(file);
  return file;
}

/** A workbook without sheets under a new spreadsheet file. */
function createBook(making: Making, given: Partial<DriveFile>): Book {
  const book = newBook(createFile(making, { ...given, mimeType: SPREADSHEET }), making.clock);
  making.change.addBook(book);
  return book;
}

/** A new spreadsheet with one empty sheet, as Drive makes it. */
export function createBlank(making: Making, given: Partial<DriveFile>): Book {
  const book = createBook(making, given);
  insertSheet(contextOf(making, book), { sheetId: 0, title: 'Sheet1' });
  return book;
}

function contextOf({ change, clock }: Making, book: Book) {
  return { book, change, random: () => clock.random(), now: () => clock.wall(), rename: () => undefined };
}

/** spreadsheets.create: the message's properties, sheets with their cells, names and metadata. */
export function createSpreadsheet(making: Making, body: Of<typeof Spreadsheet>, given: Partial<DriveFile> = {}): Book {
  const { title = 'Untitled spreadsheet', ...properties } = body.properties ?? {};
  const { change } = making;
  const book = createBook(making, { ...given, name: title });
  const context = contextOf(making, book);
  change.setProperties(book, { ...book.properties, ...properties });
  const made = (body.sheets ?? []).map((message) => {
    const { properties: sheetProperties = {}, data = [] } = message;
    const sheet = insertSheet(context, sheetProperties);
    for (const { startRow: row = 0, startColumn: column = 0, rowData = [] } of data) {
      const width = rowData.reduce((most, { values = [] }) => Math.max(most, values.length), 0);
      growTo(change, sheet, row + rowData.length, column + width);
      putRows(change, sheet, { row, column }, rowData, EVERYTHING);
    }
    return { sheet, message };
  });
  if (book.sheets.length === 0) insertSheet(context, { sheetId: 0, title: 'Sheet1' });
  for (const namedRange of body.namedRanges ?? []) addNamedRange(context, { namedRange });
  for (const entry of body.developerMetadata ?? []) insertMetadata(context, entry);
  for (const { charts = [], slicers = [], tables = [] } of body.sheets ?? []) {
    for (const table of tables) addTable(context, { table });
    for (const chart of charts) addChart(context, { chart });
    for (const slicer of slicers) addSlicer(context, { slicer });
  }
  for (const { sheet, message } of made) createFeatures(context, sheet, message);
  return book;
}

/** A copy of a spreadsheet: cells, formats, names and metadata as they are now. */
export function copyBook(making: Making, source: Book, given: Partial<DriveFile>): Book {
  const { change } = making;
  const book = createBook(making, given);
  change.setProperties(book, source.properties);
  change.setNamedRanges(book, source.namedRanges);
  for (let id = 1; id < source.formats.size; id++) book.formats.idOf(source.formats.get(id));
  const random = () => making.clock.random();
  const sheets = source.sheets.map(({ id, properties, parts }) => {
    return { id, book, properties, parts: copiedObjects(book, parts, random), rows: [] };
  });
  change.setSheets(book, sheets);
  source.sheets.forEach(({ rows }, index) => {
    const target = sheets[index];
    for (const [r, row] of rows.entries()) if (target && row) change.setRow(target, r, row);
  });
  for (const entry of source.metadata.list()) change.setMetadata(book, entry.metadataId ?? 0, entry);
  return book;
}
