// The quota log's SQLite file: its schema, its rows, what to do when it cannot be read. Knows no limits and keeps
// nothing in memory; a failure of SQLite is thrown on.

import { rmSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import type { Pause, Place, Row } from './quota-places.ts';

export interface QuotaFile {
  /** Runs the work in one transaction that excludes every other writer; what the work throws undoes it. */
  transact<T>(work: () => T): T;
  /** Changes whenever another connection has changed the file, and only then. */
  version(): number;
  rows(): Row[];
  pauses(): Pause[];
  /** The row's id; one with an id is left as it is when the file has it already. */
  insert(row: Place & { readonly id?: number }): number;
  setUntil(id: number, until: number): void;
  remove(id: number): void;
  /** A pause in force is never shortened. */
  pause(pause: Pause): void;
  close(): void;
}

const SCHEMA_VERSION = 1;
// AUTOINCREMENT: an id is never given twice, so that a late release cannot end the place of another call.
const SCHEMA = `
  CREATE TABLE places (id INTEGER PRIMARY KEY AUTOINCREMENT, bucket TEXT NOT NULL, at REAL NOT NULL,
    until REAL NOT NULL, cost REAL NOT NULL) STRICT;
  CREATE TABLE pauses (bucket TEXT PRIMARY KEY, at REAL NOT NULL, until REAL NOT NULL) STRICT, WITHOUT ROWID;
`;

/** Another process holds the lock for microseconds; one that holds it this long has stopped. Blocks the event loop. */
const BUSY_MS = 200;
/** Processes read the one clock, then wait for the lock: times so far ahead are still of this boot. */
const TOLERANCE_MS = 1_000;

/** SQLITE_CORRUPT, SQLITE_NOTADB, and SQLITE_ERROR: our statements fail as such only where the tables are not ours. */
const UNUSABLE: readonly number[] = [11, 26, 1];

/** Whether SQLite has thrown it; anything else is a fault of ours. */
export function isSqliteFault(thrown: unknown): thrown is Error {
  return thrown instanceof Error && 'code' in thrown && thrown.code === 'ERR_SQLITE_ERROR';
}

/** Whether the file's content cannot be used, as opposed to the disk or the lock. */
export function isUnusable(thrown: unknown): boolean {
  if (thrown instanceof UnusableFile) return true;
  if (!isSqliteFault(thrown) || !('errcode' in thrown)) return false;
  return UNUSABLE.includes(Number(thrown.errcode) & 0xff);
}

class UnusableFile extends Error {}

/** Removes the file with what SQLite keeps beside it. Processes that have it open go on with what they have. */
export function removeQuotaFile(file: string): void {
  for (const suffix of ['', '-wal', '-shm']) rmSync(file + suffix, { force: true });
}

/**
 * Opens or creates the file and ages rows of another boot of the machine, whose clock was ahead: they count as sent
 * at `now`. Throws when the file cannot be written or (`isUnusable`) its content cannot be used.
 */
export function openQuotaFile(file: string, now: number): QuotaFile {
  const db = new DatabaseSync(file, { timeout: BUSY_MS });
  try {
    return prepare(db, now);
  } catch (fault) {
    db.close();
    throw fault;
  }
}

/**
 * Of processes that create the file at the same moment, SQLite refuses the switch to one without waiting for the other
 * (2 of 300 openings, measured). An empty transaction does wait.
 */
function useWal(db: DatabaseSync): void {
  for (let tries = 1; ; tries++) {
    try {
      db.exec('PRAGMA journal_mode = WAL');
      return;
    } catch (fault) {
      if (tries === 5) throw fault;
      db.exec('BEGIN IMMEDIATE; COMMIT');
    }
  }
}

function prepare(db: DatabaseSync, now: number): QuotaFile {
  useWal(db);
  // Nothing is lost that matters when the machine stops: its requests stop with it.
  db.exec('PRAGMA synchronous = OFF');
  const transact = <T>(work: () => T): T => {
    db.exec('BEGIN IMMEDIATE');
    try {
      const result = work();
      db.exec('COMMIT');
      return result;
    } catch (fault) {
      if (db.isTransaction) db.exec('ROLLBACK');
      throw fault;
    }
  };
  transact(() => {
    const version = Number(db.prepare('PRAGMA user_version').get()?.user_version);
    if (version !== 0 && version !== SCHEMA_VERSION) {
      throw new UnusableFile(`it has schema ${version}, and this version knows ${SCHEMA_VERSION}`);
    }
    const check = String(db.prepare('PRAGMA quick_check(1)').get()?.quick_check);
    if (check !== 'ok') throw new UnusableFile(check);
    if (version === 0) db.exec(SCHEMA);
    db.exec(`PRAGMA user_version = ${SCHEMA_VERSION}`); // always, so that a disk that takes no writes shows here
    for (const table of ['places', 'pauses']) {
      db.prepare(`DELETE FROM ${table} WHERE until <= ?`).run(now);
      db.prepare(`UPDATE ${table} SET until = ?1 + until - at, at = ?1 WHERE at > ?2`).run(now, now + TOLERANCE_MS);
    }
  });

  const version = db.prepare('PRAGMA data_version');
  const rows = db.prepare('SELECT id, bucket, at, until, cost FROM places');
  const pauses = db.prepare('SELECT bucket, at, until FROM pauses');
  const insert = db.prepare('INSERT OR IGNORE INTO places (id, bucket, at, until, cost) VALUES (?, ?, ?, ?, ?)');
  const setUntil = db.prepare('UPDATE places SET until = ? WHERE id = ?');
  const remove = db.prepare('DELETE FROM places WHERE id = ?');
  const pause = db.prepare(`INSERT INTO pauses VALUES (?, ?, ?)
    ON CONFLICT DO UPDATE SET at = excluded.at, until = excluded.until WHERE excluded.until > until`);
  const endPauses = db.prepare('DELETE FROM pauses WHERE until <= ?');
  return {
    transact,
    version: () => Number(version.get()?.data_version),
    rows: () => rows.all() as unknown as Row[], // STRICT tables hold nothing else
    pauses: () => pauses.all() as unknown as Pause[],
    insert: (row) => Number(insert.run(row.id ?? null, row.bucket, row.at, row.until, row.cost).lastInsertRowid),
    setUntil: (id, until) => void setUntil.run(until, id),
    remove: (id) => void remove.run(id),
    pause({ bucket, at, until }) {
      endPauses.run(at);
      pause.run(bucket, at, until);
    },
    close: () => db.close(),
  };
}
