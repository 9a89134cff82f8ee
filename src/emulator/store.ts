// Workbooks and files on disk: one SQLite file, owned by one process, loaded lazily, written before a change is
// acknowledged. Knows rows and JSON, not what Sheets means by them.

import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import type { Clock } from '../clock.ts';
import { type Change, createChange, type Dirty } from './change.ts';
import { type DriveFile, newBook, touch } from './files.ts';
import type { DeveloperMetadata } from './messages/cells.ts';
import type { CellFormat } from './messages/format.ts';
import { type Book, type Cell, type CellExtra, cell, type Row, type Scalar, type Sheet } from './workbook.ts';

const SCHEMA_VERSION = 2;
const SCHEMA = `
  CREATE TABLE files (key INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, json TEXT NOT NULL);
  CREATE TABLE books (book INTEGER PRIMARY KEY, json TEXT NOT NULL);
  CREATE TABLE sheets (book INTEGER, sheet INTEGER, position INTEGER, json TEXT NOT NULL,
    PRIMARY KEY (book, sheet)) WITHOUT ROWID;
  CREATE TABLE rows (book INTEGER, sheet INTEGER, row INTEGER, cells TEXT NOT NULL,
    PRIMARY KEY (book, sheet, row)) WITHOUT ROWID;
  CREATE TABLE formats (book INTEGER, id INTEGER, json TEXT NOT NULL, PRIMARY KEY (book, id)) WITHOUT ROWID;
  CREATE TABLE metadata (book INTEGER, id INTEGER, json TEXT NOT NULL, PRIMARY KEY (book, id)) WITHOUT ROWID;
`;

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

/** A cell on disk: column, format, value, formula, extra; nulls at the end are left out. */
type SavedCell = [number, number, (Scalar | null)?, (string | null)?, (CellExtra | null)?];

function encodeRow(row: Row): string {
  const saved: SavedCell[] = [];
  row.forEach((one, column) => {
    if (!one) return;
    const { format, value, formula, extra } = one;
    if (extra) saved.push([column, format, value ?? null, formula ?? null, extra]);
    else if (formula !== undefined) saved.push([column, format, null, formula]);
    else saved.push([column, format, value ?? null]);
  });
  return JSON.stringify(saved);
}

function decodeRow(text: string): Row {
  const row: (Cell | undefined)[] = [];
  for (const [column, format, value, formula, extra] of JSON.parse(text) as SavedCell[]) {
    row[column] = cell(value ?? undefined, formula ?? undefined, format, extra ?? undefined);
  }
  return row;
}

function openDatabase(file: string): DatabaseSync {
  const db = new DatabaseSync(file);
  try {
    db.exec('PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;');
    // The lock is taken by the first write and then kept until the file is closed.
    db.exec('BEGIN EXCLUSIVE');
    const version = Number(db.prepare('PRAGMA user_version').get()?.user_version ?? 0);
    if (version > SCHEMA_VERSION) {
      throw new Error(
        `the workbooks in ${file} have schema ${version}, and this version knows ${SCHEMA_VERSION}: ` +
          'use the newer ServalSheets that wrote them, or set DATA_DIR to another folder',
      );
    }
    if (version === 0) db.exec(`${SCHEMA} PRAGMA user_version = ${SCHEMA_VERSION};`);
    db.exec('COMMIT');
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

/** SQLITE_CORRUPT and SQLITE_NOTADB. */
const DAMAGED = [11, 26];
/** SQLITE_ERROR: our own statements fail as such only where the tables are not ours. */
const FOREIGN = 1;

/** What an operator is told of a file that cannot be used; an Error of ours is told as it is. */
function unusable(file: string, thrown: unknown): unknown {
  if (!(thrown instanceof Error) || !('code' in thrown || thrown instanceof SyntaxError)) return thrown;
  const sqlite = 'errcode' in thrown ? Number(thrown.errcode) & 0xff : undefined;
  const damaged = thrown instanceof SyntaxError || (sqlite !== undefined && [...DAMAGED, FOREIGN].includes(sqlite));
  const cure = damaged
    ? 'it is damaged or not a workbook file: put back a copy, or move it away to begin with new workbooks'
    : 'it must be a file, in a folder, that this user may read and write: correct that';
  const words = `the workbooks in ${file} cannot be opened (${thrown.message}): ${cure}, or set DATA_DIR to another folder`;
  return new Error(words, { cause: thrown });
}

/** The database of the file with its lock held, or an Error that names the process that holds it. */
function own(file: string): DatabaseSync {
  const pidFile = `${file}.pid`;
  let db: DatabaseSync | undefined;
  try {
    db = openDatabase(file);
    if (file !== ':memory:') writeFileSync(pidFile, `${process.pid}\n`);
    return db;
  } catch (error) {
    db?.close();
    if (!(error instanceof Error) || !/locked|busy/i.test(error.message)) throw unusable(file, error);
    let owner = 'another process';
    try {
      owner = `process ${readFileSync(pidFile, 'utf8').trim()}`;
    } catch {
      // No side file: the lock alone tells that someone is there.
    }
    throw new Error(
      `the workbooks in ${file} are in use by ${owner}: stop it, or set DATA_DIR to another folder, ` +
        'or send your calls to the running server',
      { cause: error },
    );
  }
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
    const book: Book = { ...newBook(one), properties, namedRanges };
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
      ...(JSON.parse(String(json)) as Pick<Sheet, 'properties' | 'parts'>),
      rows: [],
    }));
    for (const sheet of book.sheets) {
      const rows = db.prepare('SELECT row, cells FROM rows WHERE book = ? AND sheet = ? ORDER BY row');
      for (const { row, cells } of rows.iterate(one.key, sheet.id)) sheet.rows[Number(row)] = decodeRow(String(cells));
    }
    return book;
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
      if (position >= 0)
        put.sheet.run(
          sheet.book.key,
          sheet.id,
          position,
          JSON.stringify({ properties: sheet.properties, parts: sheet.parts }),
        );
    }
    for (const [sheet, indices] of dirty.rows) {
      const { id, book, rows } = sheet;
      if (!book.sheets.includes(sheet)) continue;
      for (const index of indices) {
        const row = rows[index];
        if (row) put.row.run(book.key, id, index, encodeRow(row));
        else drop.row.run(book.key, id, index);
      }
      for (let at = savedFormats.get(book) ?? 1; at < book.formats.size; at++) {
        put.format.run(book.key, at, JSON.stringify(book.formats.get(at)));
      }
    }
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
        for (const book of reached) savedFormats.set(book, book.formats.size);
        return result;
      } catch (error) {
        if (begun && db.isTransaction) db.exec('ROLLBACK');
        change.undo();
        throw error;
      }
    },
    close: () => {
      db.close();
      if (file !== ':memory:') rmSync(`${file}.pid`, { force: true });
    },
  };
}
