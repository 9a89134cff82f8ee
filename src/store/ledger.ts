// The ledger: what must outlive the process before an answer is given. Opens the file, opens it anew when the disk
// failed, and knows which processes share it. What is in it stands in writes.ts and journal.ts.

import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import type { Clock } from '../clock.ts';
import { ServalError } from '../errors.ts';
import type { Log } from '../log.ts';
import {
  createGroupCommit,
  damaged,
  type GroupCommit,
  isDamage,
  LedgerRefused,
  openLedgerFile,
} from './ledger-file.ts';
import { type FlushStatements, prepareFlushes } from './ledger-flushes.ts';
import { type ImageStatements, prepareImages } from './ledger-images.ts';
import { prepareWrites, type WriteStatements } from './ledger-writes.ts';
import { enterRoll, type ProcessLock, type Roll, tryLock } from './process-lock.ts';

export interface Statements {
  readonly writes: WriteStatements;
  readonly flushes: FlushStatements;
  readonly images: ImageStatements;
}

type Work<T> = (statements: Statements) => T;

export interface Ledger {
  /** This process, as the others know it. */
  readonly owner: string;
  /** On disk when it resolves, together with everything else of this turn. Rejects with `unavailable` naming the ledger. */
  soon<T>(work: Work<T>): Promise<T>;
  /** On disk when it returns. Throws `unavailable` naming the ledger. */
  now<T>(work: Work<T>): T;
  /** What has happened and must be told, though the disk may fail: done again when it can be written. */
  surely(work: Work<void>): Promise<void>;
  read<T>(work: Work<T>): T;
  status(): { readonly usable: boolean; readonly message: string };
  /** True in one of the processes that share the folder, as long as it lives. */
  isWorker(): boolean;
  isGone(owner: string): boolean;
  /** Processes that shared it, are gone and have not been struck off. */
  gone(): string[];
  strikeOff(owner: string): void;
  /** Wall and monotonic time, for ages. */
  times(): { readonly wall: number; readonly mono: number };
  close(): void;
}

export interface LedgerOptions {
  readonly folder: string;
  readonly owner: string;
  readonly clock: Clock;
  readonly log: Log;
  /** Runs its argument when this turn of the event loop has done what it can. */
  readonly afterTurn?: (work: () => void) => void;
}

/** How often a disk that failed is tried again, and how often that is logged. */
const RETRY_MS = 2_000;
const QUIET_MS = 600_000;
/** A disk that is nearly full takes something now and then: only what holds for so long is told as mended. */
const STEADY_MS = 10_000;

interface Connection extends Statements {
  readonly db: DatabaseSync;
  readonly commits: GroupCommit;
}

/** Throws an Error with what to do when the file can never be used as it is; a disk that fails is tried again later. */
export function openLedger({ folder, owner, clock, log, afterTurn = setImmediate }: LedgerOptions): Ledger {
  const file = join(folder, 'ledger.sqlite');
  let connection: Connection | undefined;
  /** Kept while the disk fails: whoever is not on it counts as gone. */
  let roll: Roll | undefined;
  let worker: ProcessLock | undefined;
  let closed = false;
  let opened = false;
  let retryAt = Number.NEGATIVE_INFINITY;
  let quietUntil = Number.NEGATIVE_INFINITY;
  let steadyAt = Number.NEGATIVE_INFINITY;
  let reason = '';
  const owed: Work<void>[] = [];
  /** Why the file can never be used as it is. */
  let refusal: LedgerRefused | undefined;

  function unusable(): ServalError {
    return new ServalError('unavailable', `The ledger cannot be used (${reason}): nothing was sent.`, {
      hint: 'The operator must make DATA_DIR writable again; reads go on meanwhile.',
      retryAfterMs: RETRY_MS,
      sent: false,
      outcome: 'none',
      store: 'ledger',
    });
  }

  function giveUp(fault: unknown): ServalError {
    reason = fault instanceof Error ? fault.message : 'unknown reason';
    retryAt = clock.now() + RETRY_MS;
    const was = connection;
    connection = undefined;
    was?.commits.abandon(unusable());
    try {
      was?.db.close();
    } catch {
      // A statement under way keeps it open until that ends.
    }
    // What is refused at start ends the process, which says so.
    const told = closed || (refusal !== undefined && !opened);
    if (clock.now() >= quietUntil && !told) {
      quietUntil = clock.now() + QUIET_MS;
      log.error('the ledger cannot be used: writes are refused until it can', { file, reason });
    }
    return unusable();
  }

  function connect(): Connection {
    if (connection) return steady(connection);
    if (closed || clock.now() < retryAt) throw unusable();
    try {
      connection = connectionTo(openLedgerFile(file));
    } catch (fault) {
      if (fault instanceof LedgerRefused) refusal = fault;
      throw giveUp(fault);
    }
    opened = true;
    steadyAt = clock.now() + STEADY_MS;
    payDebts(connection);
    return connection;
  }

  function steady(target: Connection): Connection {
    if (quietUntil !== Number.NEGATIVE_INFINITY && clock.now() >= steadyAt) {
      log.info('the ledger can be used again', { file });
      quietUntil = Number.NEGATIVE_INFINITY;
    }
    return target;
  }

  function connectionTo(db: DatabaseSync): Connection {
    try {
      const statements = { writes: prepareWrites(db), flushes: prepareFlushes(db), images: prepareImages(db) };
      if (!roll?.stands()) {
        roll?.close(false);
        roll = undefined;
        roll = enterRoll(join(folder, 'processes'), owner);
      }
      return { db, commits: createGroupCommit(db, afterTurn, giveUp), ...statements };
    } catch (fault) {
      db.close();
      throw isDamage(fault) ? damaged(file, fault.message) : fault;
    }
  }

  function payDebts(target: Connection): void {
    const debts = owed.splice(0);
    for (const work of debts) target.commits.soon(() => work(target)).catch(() => owed.push(work));
  }

  /** Only a fault of SQLite closes the connection; any other is the work's own. */
  function guard<T>(work: (connection: Connection) => T): T {
    const target = connect();
    try {
      return work(target);
    } catch (fault) {
      if (isDamage(fault) || (fault instanceof Error && 'errcode' in fault)) throw giveUp(fault);
      throw fault;
    }
  }

  /** Whether nobody has to look after anything of this process once it is gone. */
  function leavesNothing({ db, writes, flushes }: Connection): boolean {
    try {
      db.exec('BEGIN IMMEDIATE');
      flushes.forget(owner);
      db.exec('COMMIT');
      return !writes.owners().includes(owner) && !flushes.owners().includes(owner);
    } catch {
      return false;
    }
  }

  const ledger: Ledger = {
    owner,
    soon: async (work) => {
      const target = connect();
      return target.commits.soon(() => work(target));
    },
    now: (work) => {
      const target = connect();
      return target.commits.now(() => work(target));
    },
    surely: async (work) => {
      try {
        await ledger.soon(work);
      } catch (fault) {
        if (!(fault instanceof ServalError)) throw fault;
        owed.push(work);
      }
    },
    read: (work) => guard(work),
    status: () => {
      try {
        guard(({ writes }) => writes.queuedCount());
        return { usable: true, message: 'writable' };
      } catch {
        return { usable: false, message: `cannot be used: ${reason}; make ${folder} writable` };
      }
    },
    isWorker: () => {
      try {
        worker ??= closed ? undefined : tryLock(join(folder, 'worker.lock'));
      } catch {
        return false;
      }
      return worker !== undefined;
    },
    isGone: (name) => guard(() => roll?.isGone(name) ?? false),
    gone: () => guard(() => roll?.gone() ?? []),
    strikeOff: (name) => guard(() => roll?.strikeOff(name)),
    times: () => ({ wall: clock.wall(), mono: clock.now() }),
    close: () => {
      if (closed) return;
      closed = true;
      connection?.commits.abandon(unusable());
      const clean = connection !== undefined && leavesNothing(connection);
      worker?.release();
      worker = undefined;
      connection?.db.close();
      connection = undefined;
      roll?.close(clean);
    },
  };
  try {
    ledger.read(() => {});
  } catch (fault) {
    if (refusal !== undefined) throw refusal;
    if (!(fault instanceof ServalError)) throw fault;
  }
  return ledger;
}
