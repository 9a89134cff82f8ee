// The callers' writes in the ledger: idempotency keys, answers, the outbox. A write without a key has no row before it
// is sent or queued: until then it is known to its process alone.

import { ServalError } from '../errors.ts';
import type { Ledger, Statements } from './ledger.ts';
import type { ImageLimits } from './ledger-images.ts';
import { ageMs, type NewWrite, type RowState, type WriteRow } from './ledger-rows.ts';
import type { StoredError, StoredWrite, WriteStore } from './write-store.ts';

const NO_IMAGES: ImageLimits = { maxBytes: 0, maxAgeMs: 0 };

/** How long a key holds (a promise to callers). */
const KEY_LIFE_MS = 86_400_000;

export function createWriteStore(ledger: Ledger, imageLimits: ImageLimits = NO_IMAGES): WriteStore {
  /** Writes under way here; those without a row have what they need for one. */
  const live = new Map<string, { write: NewWrite | undefined; answer: string | null; image?: string }>();
  let seq = 0;

  function stored({ writes, flushes }: Statements, row: WriteRow): StoredWrite {
    const { answer, error, arguments: args, told: _, ...rest } = row;
    const queued = row.state === 'queued' && row.spreadsheet !== null;
    return {
      ...rest,
      state: row.state === 'applying' ? 'running' : row.state,
      answer: answer === null ? undefined : JSON.parse(answer),
      error: error === null ? undefined : JSON.parse(error),
      arguments: args === null ? undefined : JSON.parse(args),
      ageMs: ageMs(row, ledger.times()),
      position: queued ? writes.ahead(row.spreadsheet ?? '', row.seq, row.id) + 1 : 0,
      settling: row.flush !== null && ['sent', 'unknown'].includes(flushes.get(row.flush)?.state ?? ''),
    };
  }

  function insert({ writes }: Statements, write: NewWrite, answer: string | null): void {
    const { wall, mono } = ledger.times();
    writes.insert(write, ledger.owner, wall, mono, answer);
  }

  function putImage({ images }: Statements, id: string, image: string | undefined): void {
    if (image !== undefined) images.put(id, image, ledger.times(), imageLimits.maxBytes);
  }

  /** Gives the write its row, if it has none. */
  function ensure(statements: Statements, id: string): void {
    const own = live.get(id);
    if (!own?.write) return;
    insert(statements, own.write, own.answer);
    own.write = undefined;
  }

  /** The same for work that is done again when the disk failed: by then the write may not be live any more. */
  function ensuring(id: string): (statements: Statements) => void {
    const { write, answer = null } = live.get(id) ?? {};
    return (statements) => {
      if (write) insert(statements, write, answer);
    };
  }

  return {
    newSeq: () => {
      // What other processes have queued stands before what comes here from now on.
      seq = Math.max(
        seq,
        ledger.read(({ writes }) => writes.lastSeq()),
      );
      return ++seq;
    },
    note: (write) => void live.set(write.id, { write, answer: null }),
    foresee: (id, answer) => {
      const own = live.get(id);
      if (own) own.answer = JSON.stringify(answer);
    },
    keep: (id, image) => {
      const own = live.get(id);
      if (own) own.image = image;
    },
    image: (id) => ledger.read(({ images }) => images.get(id)),
    forget: (id) => void live.delete(id),
    isLive: (id) => live.has(id),
    claim: (write) =>
      ledger.soon((statements) => {
        const { writes } = statements;
        const row = writes.ofKey(write.principal, write.key);
        if (row) {
          const over = !['running', 'applying', 'queued'].includes(row.state);
          if (!over || ageMs(row, ledger.times()) < KEY_LIFE_MS) return stored(statements, row);
          writes.dropKey(row.id);
        }
        ensure(statements, write.id);
        return undefined;
      }),
    reclaim: (id, seq) =>
      ledger.soon(({ writes }) => {
        const row = writes.get(id);
        if (!row || !['failed', 'unknown'].includes(row.state)) return false;
        writes.takeOver(id, ledger.owner, seq);
        live.set(id, { write: undefined, answer: null });
        return true;
      }),
    isOurs: ({ writes }, id) => live.get(id)?.write !== undefined || writes.get(id)?.owner === ledger.owner,
    carry: (statements, id, flush) => {
      ensure(statements, id);
      statements.writes.carry(id, flush, live.get(id)?.answer ?? null);
      putImage(statements, id, live.get(id)?.image);
    },
    finish: (id, answer) => {
      const ensureRow = ensuring(id);
      const image = live.get(id)?.image;
      return ledger.surely((statements) => {
        ensureRow(statements);
        statements.writes.end(id, 'applied', JSON.stringify(answer));
        putImage(statements, id, image);
      });
    },
    release: (id, error) =>
      ledger.surely(({ writes }) => {
        const row = writes.get(id);
        // A part of it was applied: who asks again is told how it ended.
        if (row && wasApplied(row)) writes.end(id, 'applied', null, JSON.stringify(error));
        if (row?.state !== 'running') return;
        if (row.told === 1) writes.end(id, 'failed', null, JSON.stringify(error));
        else writes.remove(id);
      }),
    doubt: (id, error) => {
      const ensureRow = ensuring(id);
      return ledger.surely((statements) => {
        const { writes, flushes } = statements;
        ensureRow(statements);
        const row = writes.get(id);
        if (row && wasApplied(row)) return writes.end(id, 'applied', null, row.error);
        writes.tell(id, JSON.stringify(error));
        const carried = writes.get(id)?.flush ?? null;
        const state = carried === null ? undefined : flushes.get(carried)?.state;
        // Refused for sure, the flush has no row any more.
        if (carried !== null && (state === undefined || state === 'fenced')) {
          writes.end(id, 'failed', null, JSON.stringify(error));
        }
      });
    },
    enqueue: (id, args, max) =>
      ledger.soon((statements) => {
        const { writes, flushes } = statements;
        if (writes.queuedCount() >= max) return undefined;
        ensure(statements, id);
        const before = writes.get(id);
        if (!before) throw new ServalError('internal', 'A queued write is not in the ledger.', { outcome: 'unknown' });
        if (wasApplied(before)) {
          writes.end(id, 'applied', null, before.error);
          return stored(statements, { ...before, state: 'applied' });
        }
        writes.enqueue(id, JSON.stringify(args), null);
        // What carried it has surely not applied, or the worker will find out.
        const state = before.flush === null ? undefined : flushes.get(before.flush)?.state;
        if (state !== 'sent' && state !== 'unknown') writes.unbind(id);
        return stored(statements, writes.get(id) ?? before);
      }),
    get: (id) =>
      ledger.read((statements) => {
        const row = statements.writes.get(id);
        return row && stored(statements, row);
      }),
    backlog: (spreadsheet) => ledger.read(({ writes }) => writes.backlog(spreadsheet)),
    queued: (spreadsheet, limit) =>
      ledger.read((statements) => statements.writes.queued(spreadsheet, limit).map((row) => stored(statements, row))),
    waitingSpreadsheets: () => ledger.read(({ writes }) => writes.waitingSheets()),
    queuedCount: () => ledger.read(({ writes }) => writes.queuedCount()),
    oldestAgeMs: () =>
      ledger.read(({ writes }) => {
        const [row] = writes.queuedFirst(1);
        return row ? ageMs(row, ledger.times()) : 0;
      }),
    olderThan: (limitMs) =>
      ledger.read((statements) =>
        statements.writes
          .queuedFirst(SWEEP)
          .filter((row) => ageMs(row, ledger.times()) > limitMs)
          .map((row) => stored(statements, row)),
      ),
    page: (after, limit) =>
      ledger.read((statements) => ({
        entries: statements.writes.page(after ?? { seq: -1, id: '' }, limit).map((row) => stored(statements, row)),
        total: statements.writes.listedCount(),
      })),
    attempt: async (ids) => {
      await ledger.soon(({ writes }) => {
        for (const id of ids) writes.attempt(id, ledger.owner);
      });
      for (const id of ids) live.set(id, { write: undefined, answer: null });
    },
    canSettle: (id) =>
      ledger.read(({ writes, flushes }) => {
        const carried = writes.get(id)?.flush ?? null;
        return carried !== null && flushes.get(carried)?.marker !== null;
      }),
    stay: (id, error) => ledger.surely(({ writes }) => writes.note(id, JSON.stringify(error))),
    setAside: (id, state, error) => ledger.surely(({ writes }) => writes.setAside(id, state, JSON.stringify(error))),
    requeue: (id) =>
      ledger.soon(({ writes }) => {
        const { wall, mono } = ledger.times();
        writes.requeue(id, wall, mono);
      }),
    cancel: (id) => ledger.soon(({ writes }) => writes.end(id, 'cancelled', null, JSON.stringify(CANCELLED))),
    adopt: async () => {
      const known = ledger.read(({ writes, flushes }) => [...writes.owners(), ...flushes.owners()]);
      // Also those that nobody finds on the roll any more: it may not be as old as the ledger.
      const gone = new Set([...ledger.gone(), ...[...new Set(known)].filter(ledger.isGone)]);
      for (const owner of gone) {
        const left = await ledger.soon(({ writes, flushes }) => {
          for (const row of writes.ofOwner(owner, 'running')) {
            const state = row.flush === null ? undefined : flushes.get(row.flush)?.state;
            if (state === 'sent' || state === 'unknown') continue;
            // No flush carried it, or one that surely did not apply: it did nothing.
            if (row.told === 1) writes.end(row.id, 'failed', null, row.error);
            else writes.remove(row.id);
          }
          for (const row of writes.ofOwner(owner, 'applying')) writes.end(row.id, 'applied', null);
          flushes.forget(owner);
          return flushes.open().some((row) => row.owner === owner);
        });
        if (!left) ledger.strikeOff(owner);
      }
    },
    purge: (olderThanMs) =>
      ledger.soon(({ writes, images }) => {
        const purged = writes.purge(ledger.times(), olderThanMs);
        images.purge(ledger.times(), imageLimits.maxAgeMs);
        return purged;
      }),
  };
}

const wasApplied = ({ state }: { readonly state: RowState }) => state === 'applied' || state === 'applying';

/** Expired entries dealt with at once; the next sweep takes the others. */
const SWEEP = 1_000;

const CANCELLED: StoredError = {
  code: 'cancelled',
  message: 'The queued write was deleted from the outbox by the operator: it was not applied.',
  hint: 'Ask the operator.',
};
