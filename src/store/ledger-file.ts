// The ledger's SQLite file: opening it, and one commit for all that is written in a turn of the event loop. Knows no
// tables but through what it is given to do.

import { chmodSync, statfsSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { SCHEMA_VERSION, UPGRADES } from './ledger-rows.ts';

/** The file cannot be used as it is, and will not be by waiting: its operator must do something. */
export class LedgerRefused extends Error {}

/** Other processes hold the lock for a turn of their event loop. Blocks ours. */
const BUSY_MS = 1_000;
/** SQLITE_CORRUPT and SQLITE_NOTADB, and SQLITE_ERROR: our statements fail as such only where the tables are not ours. */
const DAMAGED: readonly number[] = [11, 26, 1];

/** Magic numbers of file systems on other machines (linux/magic.h), whose locks and shared memory SQLite cannot trust. */
const REMOTE: Readonly<Record<number, string>> = {
  26985: 'NFS',
  20859: 'SMB',
  4266872130: 'SMB',
  4283649346: 'CIFS',
  12805120: 'Ceph',
  1397113167: 'AFS',
  198183888: 'Lustre',
};

/** The name of the network file system that `type` (of statfs) stands for; undefined for a local one. */
export function remoteFileSystem(type: number): string | undefined {
  return REMOTE[type >>> 0];
}

/** Opens or creates the file. Throws LedgerRefused with what to do, or SQLite's error when the disk fails. */
export function openLedgerFile(file: string): DatabaseSync {
  const remote = remoteFileSystem(statfsSync(dirname(file)).type);
  if (remote !== undefined) {
    throw new LedgerRefused(
      `the ledger ${file} is on ${remote}, where SQLite cannot lock files: set DATA_DIR to a folder on a local disk`,
    );
  }
  if (statSync(file, { throwIfNoEntry: false })?.isFile() === false) {
    throw new LedgerRefused(`the ledger ${file} is not a file: move it away, or set DATA_DIR to another folder`);
  }
  const db = new DatabaseSync(file, { timeout: BUSY_MS });
  try {
    judge(db, file);
    chmodSync(file, 0o600); // it holds cells
    prepare(db);
    return db;
  } catch (fault) {
    db.close();
    if (fault instanceof LedgerRefused || !isDamage(fault)) throw fault;
    throw damaged(file, fault.message);
  }
}

export function isDamage(fault: unknown): fault is Error {
  return fault instanceof Error && 'errcode' in fault && DAMAGED.includes(Number(fault.errcode) & 0xff);
}

export function damaged(file: string, reason: string): LedgerRefused {
  return new LedgerRefused(
    `the ledger ${file} is damaged or not a ledger (${reason}): put back a copy of it, or move it away to begin anew; ` +
      'what was queued in it and which idempotency keys were used is then forgotten',
  );
}

function versionOf(db: DatabaseSync): number {
  return Number(db.prepare('PRAGMA user_version').get()?.user_version);
}

/** Changes nothing, and keeps no other process from writing however long it takes. */
function judge(db: DatabaseSync, file: string): void {
  const version = versionOf(db);
  if (version > SCHEMA_VERSION) {
    throw new LedgerRefused(
      `the ledger ${file} has schema ${version}, and this version knows ${SCHEMA_VERSION}: ` +
        'use the newer ServalSheets that wrote it, or set DATA_DIR to another folder',
    );
  }
  const check = String(db.prepare('PRAGMA quick_check(1)').get()?.quick_check);
  if (check !== 'ok') throw damaged(file, check);
  // In one read, so that a ledger that another process makes meanwhile is seen with its version.
  const made = db
    .prepare(`SELECT user_version AS version, (SELECT count(*) FROM sqlite_schema) AS tables
    FROM pragma_user_version`)
    .get();
  if (made?.version === 0 && made.tables !== 0) throw damaged(file, 'it has tables of something else');
}

function prepare(db: DatabaseSync): void {
  useWal(db);
  db.exec('PRAGMA synchronous = FULL');
  db.exec('BEGIN IMMEDIATE');
  for (const upgrade of UPGRADES.slice(versionOf(db))) db.exec(upgrade);
  db.exec(`PRAGMA user_version = ${SCHEMA_VERSION}`); // always, so that a disk that takes no writes shows here
  db.exec('COMMIT');
}

/** Of processes that create the file at the same moment one is refused the switch; an empty transaction waits for it. */
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

export interface GroupCommit {
  /** Does the work in the transaction of this turn; resolves once that is on disk. What the work throws rejects it alone. */
  soon<T>(work: () => T): Promise<T>;
  /** The same, on disk when it returns, with everything else of this turn. */
  now<T>(work: () => T): T;
  /** Gives up what is not on disk; whoever waits for it is told that error. */
  abandon(error: unknown): void;
}

/** `afterTurn` runs its argument when this turn of the event loop has done what it can; `onFault` hears of SQLite's failures. */
export function createGroupCommit(
  db: DatabaseSync,
  afterTurn: (commit: () => void) => void,
  onFault: (fault: unknown) => unknown,
): GroupCommit {
  let waiting: { resolve(): void; reject(error: unknown): void }[] = [];
  let open = false;
  let over = false;

  function begin(): void {
    if (open) return;
    db.exec('BEGIN IMMEDIATE');
    open = true;
    afterTurn(commit);
  }

  function undo(): void {
    open = false;
    try {
      if (db.isTransaction) db.exec('ROLLBACK');
    } catch {
      // The connection is beyond use: it is closed by whoever hears of the fault.
    }
  }

  function rejectAll(error: unknown): void {
    const all = waiting;
    waiting = [];
    for (const one of all) one.reject(error);
  }

  function fail(fault: unknown): unknown {
    undo();
    const error = onFault(fault);
    rejectAll(error);
    return error;
  }

  function commit(): void {
    if (over || !open) return;
    try {
      db.exec('COMMIT');
    } catch (fault) {
      fail(fault);
      return;
    }
    open = false;
    const all = waiting;
    waiting = [];
    for (const one of all) one.resolve();
  }

  /** An error of ours undoes nothing: such work throws before it writes. One of SQLite takes the whole turn with it. */
  function attempt<T>(work: () => T): T {
    try {
      begin();
      return work();
    } catch (fault) {
      if (!(fault instanceof Error && 'code' in fault && fault.code === 'ERR_SQLITE_ERROR')) throw fault;
      throw fail(fault);
    }
  }

  return {
    soon: (work) =>
      new Promise((resolve, reject) => {
        const result = attempt(work);
        waiting.push({ resolve: () => resolve(result), reject });
      }),
    now: (work) => {
      const result = attempt(work);
      let failed: unknown;
      waiting.push({ resolve: () => {}, reject: (error) => (failed = error) });
      commit();
      if (failed !== undefined) throw failed;
      return result;
    },
    abandon: (error) => {
      over = true;
      undo();
      rejectAll(error);
    },
  };
}
