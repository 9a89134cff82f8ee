// The disk under the ledgers of the simulated processes. They share one thread, where none can wait for another's
// commit; a commit takes no time, but time waits for it; and the disk can fail.

import { DatabaseSync } from 'node:sqlite';
import { vi } from 'vitest';

/** Commits of processes that have written in this turn of the event loop. */
const underWay = new Set<() => void>();
let failing = false;

const { exec } = DatabaseSync.prototype;

DatabaseSync.prototype.exec = function execOnDisk(this: DatabaseSync, sql: string): void {
  // No machine fails here, only processes: what the system has taken is safe.
  if (sql === 'PRAGMA synchronous = FULL') return exec.call(this, 'PRAGMA synchronous = OFF');
  if (this.location()?.endsWith('ledger.sqlite')) {
    if (sql === 'BEGIN IMMEDIATE') for (const commit of [...underWay]) commit();
    if (failing && (sql === 'BEGIN IMMEDIATE' || sql === 'COMMIT')) throw full();
  }
  exec.call(this, sql);
};

function full(): Error {
  return Object.assign(new Error('database or disk is full'), { code: 'ERR_SQLITE_ERROR', errcode: 13 });
}

/** While it fails nothing is written and nothing that was begun is kept. */
export function failDisk(now: boolean): void {
  failing = now;
}

/**
 * Opens a ledger. `begun` is called when something is written; what it returns makes the commit, at the end of the turn
 * or when another process is to write.
 */
export function onDisk<T>(begun: () => (commit: () => void) => void, open: () => T): T {
  const { setImmediate } = globalThis;
  vi.stubGlobal('setImmediate', (commit: () => void) => {
    const run = begun();
    const once = () => {
      if (underWay.delete(once)) run(commit);
    };
    underWay.add(once);
    setImmediate(once);
  });
  try {
    return open();
  } finally {
    vi.unstubAllGlobals();
  }
}
