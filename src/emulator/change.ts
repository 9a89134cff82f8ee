// The one gate through which workbooks and files change: each primitive does one thing, records its inverse, tells
// the calculation and marks what must be written. Decides nothing and checks nothing: callers have done so.

import type { DriveFile } from './files.ts';
import type { DeveloperMetadata } from './messages/cells.ts';
import type { NamedRange } from './messages/features.ts';
import type { SpreadsheetProperties } from './messages/sheet.ts';
import { type KeyRun, keysOf, PLAIN_KEYS } from './row-keys.ts';
import { deletion, insertion, type Move, moving } from './row-moves.ts';
import type { Book, Row, Sheet, SheetParts } from './workbook.ts';

/** What the store must write when the change is kept. */
export interface Dirty {
  readonly files: Set<string>;
  readonly removedFiles: Set<DriveFile>;
  readonly books: Set<Book>;
  readonly sheets: Set<Sheet>;
  /** Ids, not sheets: a new sheet may carry the id of a removed one. Removals are written first. */
  readonly removedSheets: Map<Book, Set<number>>;
  /** By where the rows stand now. */
  readonly rows: Map<Sheet, Set<number>>;
  /** Keys of rows that were deleted with their place. */
  readonly goneRows: Map<Sheet, KeyRun[]>;
  /** Sheets whose rows are all written anew, under new keys. */
  readonly rekeyed: Set<Sheet>;
  readonly metadata: Map<Book, Set<number>>;
}

export interface Change {
  readonly dirty: Dirty;
  /** Puts the row in place; undefined or an empty one clears it. */
  setRow(sheet: Sheet, index: number, row: Row | undefined): void;
  /** Moves the rows from `at` down by `count`; does not grow the grid. */
  insertRows(sheet: Sheet, at: number, count: number): void;
  /** Takes `count` rows from `at` away and moves those below up; does not shrink the grid. */
  deleteRows(sheet: Sheet, at: number, count: number): void;
  /** Puts `count` rows from `from` before the row that stands at `to`, which is none of them but may follow them. */
  moveRows(sheet: Sheet, from: number, count: number, to: number): void;
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
  trim(sheet.rows);
}

function trim(rows: Sheet['rows']): void {
  let end = rows.length;
  while (end > 0 && !rows[end - 1]) end--;
  rows.length = end;
}

function shift(indices: Set<number>, place: (index: number) => number | undefined): Set<number> {
  const moved = new Set<number>();
  for (const index of indices) {
    const now = place(index);
    if (now !== undefined) moved.add(now);
  }
  return moved;
}

/** Beyond this many runs of keys, the rows of a sheet are written once under new keys. */
const MAX_RUNS = 1000;

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
    goneRows: new Map(),
    rekeyed: new Set(),
    metadata: new Map(),
  };

  /** `tell` is told what was there and what is there now, also when it is undone. */
  function assign<T extends object, K extends keyof T>(
    target: T,
    key: K,
    value: T[K],
    tell: (before: T[K], after: T[K]) => void = () => undefined,
  ): void {
    const before = target[key];
    inverses.push(() => {
      target[key] = before;
      tell(value, before);
    });
    target[key] = value;
    tell(before, value);
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

  function moveAll(sheet: Sheet, { first, arrange, back, place, keys, gone }: Move): void {
    const [before, rows] = [sheet.rows, arrange(sheet.rows)];
    trim(rows);
    const { calc } = sheet.book;
    inverses.push(() => {
      sheet.rows = before;
      calc.rowsArranged(sheet, first, back);
      before.forEach((row, index) => {
        if (place(index) === undefined) calc.rowChanged(sheet, index, undefined, row);
      });
    });
    sheet.rows = rows;
    calc.rowsArranged(sheet, first, arrange);
    dirty.rows.set(sheet, shift(entry(dirty.rows, sheet), place));
    if (gone) dirty.goneRows.set(sheet, [...(dirty.goneRows.get(sheet) ?? []), ...gone]);
    dirty.sheets.add(sheet);
    const scattered = keys.runs.length > MAX_RUNS;
    assign(sheet, 'rowKeys', scattered ? PLAIN_KEYS : keys);
    if (!scattered) return;
    dirty.rekeyed.add(sheet);
    rows.forEach((_, index) => {
      entry(dirty.rows, sheet).add(index);
    });
  }

  return {
    dirty,
    setRow: (sheet, index, row) => {
      const before = sheet.rows[index];
      const after = row?.some((one) => one !== undefined) ? row : undefined;
      if (!before && !after) return;
      const put = (old: Row | undefined, now: Row | undefined) => {
        placeRow(sheet, index, now);
        sheet.book.calc.rowChanged(sheet, index, old, now);
      };
      inverses.push(() => put(after, before));
      put(before, after);
      entry(dirty.rows, sheet).add(index);
    },
    insertRows: (sheet, at, count) => {
      if (at < sheet.rows.length) moveAll(sheet, insertion(keysOf(sheet), at, count));
    },
    deleteRows: (sheet, at, count) => {
      if (at < sheet.rows.length) moveAll(sheet, deletion(keysOf(sheet), at, count));
    },
    moveRows: (sheet, from, count, to) => {
      const stays = to >= from && to <= from + count;
      if (!stays && Math.min(from, to) < sheet.rows.length) moveAll(sheet, moving(keysOf(sheet), from, count, to));
    },
    setSheetProperties: (sheet, properties) => {
      const { calc } = sheet.book;
      assign(sheet, 'properties', properties, (before, after) => {
        if (before.title !== after.title) calc.reset();
        else calc.resized(sheet, before, after);
      });
      dirty.sheets.add(sheet);
    },
    setParts: (sheet, parts) => {
      assign(sheet, 'parts', parts, (before, after) => {
        if (before.tables !== after.tables) sheet.book.calc.altered('names');
        if (before.rowRuns !== after.rowRuns) sheet.book.calc.altered('hidden');
      });
      dirty.sheets.add(sheet);
    },
    setSheets: (book, sheets) => {
      for (const sheet of book.sheets) {
        if (!sheets.includes(sheet)) entry(dirty.removedSheets, book).add(sheet.id);
      }
      for (const sheet of sheets) dirty.sheets.add(sheet);
      assign(book, 'sheets', sheets, book.calc.reset);
      dirty.books.add(book);
    },
    setProperties: (book, properties) => {
      assign(book, 'properties', properties, book.calc.reset);
      dirty.books.add(book);
    },
    setNamedRanges: (book, ranges) => {
      assign(book, 'namedRanges', ranges, () => book.calc.altered('names'));
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
