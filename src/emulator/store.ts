// Workbooks and files on disk: one SQLite file, owned by one process, loaded lazily, written before a change is
// acknowledged. Knows rows and JSON, not what Sheets means by them.

import type { DatabaseSync } from 'node:sqlite';
import type { Clock } from '../clock.ts';
import { type Change, createChange, type Dirty } from './change.ts';
import { disown, own, unusable } from './database.ts';
import { type DriveFile, newBook, touch } from './files.ts';
import type { DeveloperMetadata } from './messages/cells.ts';
import type { CellFormat } from './messages/format.ts';
import { keyFinder, keysOf } from './row-keys.ts';
import { decodeRow, encodeRow } from './saved-rows.ts';
import type { Book, Sheet } from './workbook.ts';

export interface Store {
  readonly files: ReadonlyMap<string, DriveFile>;
  /** The workbook of a spreadsheet, read from disk at its first use; undefined when there is none. */
  book(id: string): Book | undefined;
  /** A number no file has. */
  newKey(): number;
  /**
   * Runs the work and writes what it changed in one SQLite transaction. When the work or the writing throws,
   * memory and disk are as before and the error is thrown on.
   */
  transact<T>(work: (change: Change) => T): T;
  close(): void;
}

/**
 * Opens or creates the store. Throws an Error that names the file and the cure when another process owns it, a newer
 * version wrote it, or it cannot be used.
 */
export function openStore(file: string, clock: Clock): Store {
  const db = own(file);
  try {
    return createStore(db, file, clock);
  } catch (error) {
    db.close();
    throw unusable(file, error);
  }
}

type SavedSheet = Pick<Sheet, 'properties' | 'parts' | 'rowKeys'>;

function createStore(db: DatabaseSync, file: string, clock: Clock): Store {
  const put = {
    file: db.prepare('INSERT OR REPLACE INTO files VALUES (?, ?, ?)'),
    book: db.prepare('INSERT OR REPLACE INTO books VALUES (?, ?)'),
    sheet: db.prepare('INSERT OR REPLACE INTO sheets VALUES (?, ?, ?, ?)'),
    row: db.prepare('INSERT OR REPLACE INTO rows VALUES (?, ?, ?, ?)'),
    format: db.prepare('INSERT OR REPLACE INTO formats VALUES (?, ?, ?)'),
    metadata: db.prepare('INSERT OR REPLACE INTO metadata VALUES (?, ?, ?)'),
  };
  const drop = {
    file: db.prepare('DELETE FROM files WHERE key = ?'),
    sheet: db.prepare('DELETE FROM sheets WHERE book = ? AND sheet = ?'),
    rows: db.prepare('DELETE FROM rows WHERE book = ? AND sheet = ?'),
    row: db.prepare('DELETE FROM rows WHERE book = ? AND sheet = ? AND row = ?'),
    rowRun: db.prepare('DELETE FROM rows WHERE book = ? AND sheet = ? AND row >= ? AND row < ?'),
    metadata: db.prepare('DELETE FROM metadata WHERE book = ? AND id = ?'),
    book: ['books', 'sheets', 'rows', 'formats', 'metadata'].map((table) =>
      db.prepare(`DELETE FROM ${table} WHERE book = ?`),
    ),
  };
  const files = new Map<string, DriveFile>();
  for (const { json } of db.prepare('SELECT json FROM files ORDER BY key').all()) {
    const one = JSON.parse(String(json)) as DriveFile;
    files.set(one.id, one);
  }
  const books = new Map<string, Book>();
  /** How many formats of each workbook are on disk. */
  const savedFormats = new WeakMap<Book, number>();
  let lastKey = [...files.values()].reduce((last, one) => Math.max(last, one.key), 0);

  function load(one: DriveFile): Book | undefined {
    const saved = db.prepare('SELECT json FROM books WHERE book = ?').get(one.key);
    if (!saved) return undefined;
    const { properties, namedRanges } = JSON.parse(String(saved.json)) as Pick<Book, 'properties' | 'namedRanges'>;
    const book: Book = { ...newBook(one, clock), properties, namedRanges };
    const all = (sql: string) => db.prepare(sql).all(one.key);
    for (const { json } of all('SELECT json FROM formats WHERE book = ? ORDER BY id')) {
      book.formats.idOf(JSON.parse(String(json)) as CellFormat);
    }
    savedFormats.set(book, book.formats.size);
    for (const { id, json } of all('SELECT id, json FROM metadata WHERE book = ? ORDER BY id')) {
      book.metadata.set(Number(id), JSON.parse(String(json)) as DeveloperMetadata);
    }
    book.sheets = all('SELECT sheet, json FROM sheets WHERE book = ? ORDER BY position').map(({ sheet, json }) => ({
      id: Number(sheet),
      book,
      ...(JSON.parse(String(json)) as SavedSheet),
      rows: [],
    }));
    const sql = 'SELECT row, cells FROM rows WHERE book = ? AND sheet = ? AND row >= ? AND row < ? ORDER BY row';
    const run = db.prepare(sql);
    for (const sheet of book.sheets) {
      // In the order of the rows, so that their array stays dense.
      let start = 0;
      for (const { key, count } of keysOf(sheet).runs) {
        for (const { row, cells } of run.iterate(one.key, sheet.id, key, key + count)) {
          sheet.rows[start + Number(row) - key] = decodeRow(String(cells));
        }
        start += count;
      }
    }
    return book;
  }

  function writeRows(dirty: Dirty): void {
    const kept = (sheet: Sheet) => sheet.book.sheets.includes(sheet);
    for (const { book, id } of [...dirty.rekeyed].filter(kept)) drop.rows.run(book.key, id);
    for (const [sheet, runs] of dirty.goneRows) {
      if (!kept(sheet)) continue;
      for (const { key, count } of runs) drop.rowRun.run(sheet.book.key, sheet.id, key, key + count);
    }
    for (const [sheet, indices] of dirty.rows) {
      if (!kept(sheet)) continue;
      const { id, book, rows } = sheet;
      const keyOf = keyFinder(keysOf(sheet));
      for (const index of indices) {
        const row = rows[index];
        const key = keyOf(index) ?? index;
        if (row) put.row.run(book.key, id, key, encodeRow(row));
        else drop.row.run(book.key, id, key);
      }
      for (let at = savedFormats.get(book) ?? 1; at < book.formats.size; at++) {
        put.format.run(book.key, at, JSON.stringify(book.formats.get(at)));
      }
    }
  }

  function write(dirty: Dirty): void {
    for (const one of dirty.removedFiles) {
      drop.file.run(one.key);
      for (const statement of drop.book) statement.run(one.key);
    }
    for (const id of dirty.files) {
      const one = files.get(id);
      if (one) put.file.run(one.key, id, JSON.stringify(one));
    }
    for (const [book, ids] of dirty.removedSheets) {
      for (const id of ids) {
        drop.sheet.run(book.key, id);
        drop.rows.run(book.key, id);
      }
    }
    for (const book of dirty.books) {
      if (!books.has(book.id)) continue;
      const { properties, namedRanges } = book;
      put.book.run(book.key, JSON.stringify({ properties, namedRanges }));
    }
    for (const sheet of dirty.sheets) {
      const position = sheet.book.sheets.indexOf(sheet);
      if (position < 0) continue;
      const { properties, parts, rowKeys } = sheet;
      const saved: SavedSheet = { properties, parts, ...(rowKeys && { rowKeys }) };
      put.sheet.run(sheet.book.key, sheet.id, position, JSON.stringify(saved));
    }
    writeRows(dirty);
    for (const [book, ids] of dirty.metadata) {
      for (const id of ids) {
        const one = book.metadata.get(id);
        if (one) put.metadata.run(book.key, id, JSON.stringify(one));
        else drop.metadata.run(book.key, id);
      }
    }
  }

  /** The workbooks a change reached: their files' modified time moves. */
  function touched({ books: changed, sheets, rows, metadata }: Dirty): Set<Book> {
    const owners = [...sheets, ...rows.keys()].map((sheet) => sheet.book);
    return new Set([...changed, ...owners, ...metadata.keys()]);
  }

  return {
    files,
    book: (id) => {
      const known = books.get(id);
      if (known) return known;
      const one = files.get(id);
      const loaded = one && load(one);
      if (loaded) books.set(id, loaded);
      return loaded;
    },
    newKey: () => ++lastKey,
    transact: (work) => {
      const change = createChange(files, books);
      let begun = false;
      try {
        const result = work(change);
        const reached = touched(change.dirty);
        for (const { id } of reached) {
          const one = files.get(id);
          if (one) touch(change, one, clock.wall());
        }
        db.exec('BEGIN IMMEDIATE');
        begun = true;
        write(change.dirty);
        db.exec('COMMIT');
        for (const book of reached) {
          savedFormats.set(book, book.formats.size);
          book.calc.changed();
        }
        return result;
      } catch (error) {
        if (begun && db.isTransaction) db.exec('ROLLBACK');
        change.undo();
        throw error;
      }
    },
    close: () => disown(db, file),
  };
}
