// The SQLite file of the workbooks: its tables, their versions, the lock that one process holds. Reads and writes no
// workbook.

import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';

const SCHEMA_VERSION = 2;
/** The row of a row is its key (row-keys.ts). */
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

/** What makes a file of a version one of the next. */
const UPGRADES: Readonly<Record<number, string>> = {
  1: "UPDATE sheets SET json = json_object('properties', json(json), 'parts', json('{}'))",
};

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
    if (version === 0) db.exec(SCHEMA);
    else for (let from = version; from < SCHEMA_VERSION; from++) db.exec(UPGRADES[from] ?? '');
    if (version !== SCHEMA_VERSION) db.exec(`PRAGMA user_version = ${SCHEMA_VERSION}`);
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
export function unusable(file: string, thrown: unknown): unknown {
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
export function own(file: string): DatabaseSync {
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

/** Gives the file up. */
export function disown(db: DatabaseSync, file: string): void {
  db.close();
  if (file !== ':memory:') rmSync(`${file}.pid`, { force: true });
}
