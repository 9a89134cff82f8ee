// The one gate through which workbooks and files change: each primitive does one thing, records its inverse and
// marks what must be written. Decides nothing and checks nothing: callers have done so.

import type { DriveFile } from './files.ts';
import type { DeveloperMetadata } from './messages/cells.ts';
import type { NamedRange } from './messages/features.ts';
import type { SpreadsheetProperties } from './messages/sheet.ts';
import type { Book, Row, Sheet, SheetParts } from './workbook.ts';

/** What the store must write when the change is kept. */
export interface Dirty {
  readonly files: Set<string>;
  readonly removedFiles: Set<DriveFile>;
  readonly books: Set<Book>;
  readonly sheets: Set<Sheet>;
  /** Ids, not sheets: a new sheet may carry the id of a removed one. Removals are written first. */
  readonly removedSheets: Map<Book, Set<number>>;
  readonly rows: Map<Sheet, Set<number>>;
  readonly metadata: Map<Book, Set<number>>;
}

export interface Change {
  readonly dirty: Dirty;
  /** Puts the row in place; undefined or an empty one clears it. */
  setRow(sheet: Sheet, index: number, row: Row | undefined): void;
  /** Moves the rows from `at` down by `count`; does not grow the grid. */
  insertRows(sheet: Sheet, at: number, count: number): void;
  setSheetProperties(sheet: Sheet, properties: Sheet['properties']): void;
  setParts(sheet: Sheet, parts: SheetParts): void;
  /** The order and membership of sheets; each must belong to the book. */
  setSheets(book: Book, sheets: readonly Sheet[]): void;
  setProperties(book: Book, properties: SpreadsheetProperties): void;
  setNamedRanges(book: Book, ranges: readonly NamedRange[]): void;
  setMetadata(book: Book, id: number, value: DeveloperMetadata | undefined): void;
  setFile(file: DriveFile): void;
  removeFile(file: DriveFile): void;
  /** A new workbook; its file is set apart. */
  addBook(book: Book): void;
  /** Runs the inverses, last first: afterwards nothing has changed. */
  undo(): void;
}

/** What a Map and the workbook's own tables have in common. */
interface Table<K, V> {
  get(key: K): V | undefined;
  set(key: K, value: V): unknown;
  delete(key: K): unknown;
}

function entry<K, V>(map: Map<K, Set<V>>, key: K): Set<V> {
  let set = map.get(key);
  if (!set) map.set(key, (set = new Set()));
  return set;
}

function placeRow(sheet: Sheet, index: number, row: Row | undefined): void {
  if (row) {
    sheet.rows[index] = row;
    return;
  }
  if (index >= sheet.rows.length) return;
  delete sheet.rows[index];
  if (index < sheet.rows.length - 1) return;
  let end = index;
  while (end > 0 && !sheet.rows[end - 1]) end--;
  sheet.rows.length = end;
}

/** One change of the given files and workbooks, open until it is written or undone. */
export function createChange(files: Map<string, DriveFile>, books: Map<string, Book>): Change {
  const inverses: (() => void)[] = [];
  const dirty: Dirty = {
    files: new Set(),
    removedFiles: new Set(),
    books: new Set(),
    sheets: new Set(),
    removedSheets: new Map(),
    rows: new Map(),
    metadata: new Map(),
  };

  function assign<T extends object, K extends keyof T>(target: T, key: K, value: T[K]): void {
    const before = target[key];
    inverses.push(() => {
      target[key] = before;
    });
    target[key] = value;
  }

  function replace<K, V>(map: Table<K, V>, key: K, value: V | undefined): void {
    const before = map.get(key);
    inverses.push(() => {
      if (before === undefined) map.delete(key);
      else map.set(key, before);
    });
    if (value === undefined) map.delete(key);
    else map.set(key, value);
  }

  return {
    dirty,
    setRow: (sheet, index, row) => {
      const before = sheet.rows[index];
      const after = row?.some((one) => one !== undefined) ? row : undefined;
      if (!before && !after) return;
      inverses.push(() => placeRow(sheet, index, before));
      placeRow(sheet, index, after);
      entry(dirty.rows, sheet).add(index);
    },
    insertRows: (sheet, at, count) => {
      const before = sheet.rows;
      if (at >= before.length) return;
      inverses.push(() => {
        sheet.rows = before;
      });
      const gap: (Row | undefined)[] = [];
      gap.length = count;
      sheet.rows = [...before.slice(0, at), ...gap, ...before.slice(at)];
      const touched = entry(dirty.rows, sheet);
      for (let index = at; index < sheet.rows.length; index++) touched.add(index);
    },
    setSheetProperties: (sheet, properties) => {
      assign(sheet, 'properties', properties);
      dirty.sheets.add(sheet);
    },
    setParts: (sheet, parts) => {
      assign(sheet, 'parts', parts);
      dirty.sheets.add(sheet);
    },
    setSheets: (book, sheets) => {
      for (const sheet of book.sheets) {
        if (!sheets.includes(sheet)) entry(dirty.removedSheets, book).add(sheet.id);
      }
      for (const sheet of sheets) dirty.sheets.add(sheet);
      assign(book, 'sheets', sheets);
      dirty.books.add(book);
    },
    setProperties: (book, properties) => {
      assign(book, 'properties', properties);
      dirty.books.add(book);
    },
    setNamedRanges: (book, ranges) => {
      assign(book, 'namedRanges', ranges);
      dirty.books.add(book);
    },
    setMetadata: (book, id, value) => {
      replace(book.metadata, id, value);
      entry(dirty.metadata, book).add(id);
    },
    setFile: (file) => {
      replace(files, file.id, file);
      dirty.files.add(file.id);
    },
    removeFile: (file) => {
      replace(files, file.id, undefined);
      replace(books, file.id, undefined);
      dirty.removedFiles.add(file);
    },
    addBook: (book) => {
      replace(books, book.id, book);
      dirty.books.add(book);
    },
    undo: () => {
      for (const inverse of inverses.reverse()) inverse();
      inverses.length = 0;
    },
  };
}
