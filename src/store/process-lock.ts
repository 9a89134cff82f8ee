// Locks that live exactly as long as their process, `kill -9` included: the system lets go of them. No clock, no
// heartbeat; a process that is stopped keeps its locks.

import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

export interface ProcessLock {
  release(): void;
}

/** Takes the lock on a file, which is made if need be; undefined while another holds it. Throws where none can be had. */
export function tryLock(file: string): ProcessLock | undefined {
  const db = new DatabaseSync(file);
  try {
    // Nothing is ever written: the lock of the transaction that stays open is all that is wanted, and no journal, which
    // would outlive the process as a file.
    db.exec('PRAGMA journal_mode = MEMORY; PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE');
  } catch (fault) {
    db.close();
    if (fault instanceof Error && 'errcode' in fault && (Number(fault.errcode) & 0xff) === SQLITE_BUSY)
      return undefined;
    throw fault;
  }
  return { release: () => db.close() };
}

const SQLITE_BUSY = 5;

export interface Roll {
  /** Whether a process that was once on the roll is gone. */
  isGone(owner: string): boolean;
  /** Processes that are gone and have not been struck off. */
  gone(): string[];
  strikeOff(owner: string): void;
  /** False once somebody has taken the entry of this process away. */
  stands(): boolean;
  /** `struckOff`: nothing is left of this process; else it is then one of those that are gone. */
  close(struckOff: boolean): void;
}

/** Enters this process in the roll of the folder, under its own name. */
export function enterRoll(folder: string, owner: string): Roll {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const fileOf = (name: string) => join(folder, `${name}.lock`);
  // Locked before it can be seen: nobody may take this process for one that is gone.
  const made = join(folder, `${owner}.new`);
  const own = tryLock(made);
  if (!own) throw new Error(`the lock ${made} is held by another process`);
  const inodeOf = (file: string) => statSync(file, { throwIfNoEntry: false })?.ino;
  const inode = inodeOf(made);
  try {
    renameSync(made, fileOf(owner));
  } catch (fault) {
    own.release();
    throw fault;
  }
  const isGone = (name: string) => {
    if (name === owner) return false;
    if (!existsSync(fileOf(name))) return true;
    const lock = tryLock(fileOf(name));
    lock?.release();
    return lock !== undefined;
  };
  return {
    isGone,
    gone: () =>
      readdirSync(folder)
        .filter((name) => name.endsWith('.lock'))
        .map((name) => name.slice(0, -'.lock'.length))
        .filter(isGone),
    strikeOff: (name) => rmSync(fileOf(name), { force: true }),
    stands: () => inodeOf(fileOf(owner)) === inode,
    close: (struckOff) => {
      own.release();
      if (struckOff) rmSync(fileOf(owner), { force: true });
    },
  };
}
