// Statements on the callers' writes: their keys, their states, the outbox. Each does one thing inside a transaction
// that is its caller's.

import type { DatabaseSync } from 'node:sqlite';
import type { NewWrite, RowState, WriteRow } from './ledger-rows.ts';

export type WriteStatements = ReturnType<typeof prepareWrites>;

/** States in which a write is over. */
const OVER = "('applied', 'failed', 'set_aside', 'expired', 'cancelled')";

export function prepareWrites(db: DatabaseSync) {
  const insert = db.prepare(`INSERT INTO writes (id, seq, principal, identity, tool, spreadsheet, key, digest, state,
    told, answer, owner, attempts, wall, mono) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 0, ?, ?, 0, ?, ?)`);
  const byId = db.prepare('SELECT * FROM writes WHERE id = ?');
  const byKey = db.prepare('SELECT * FROM writes WHERE principal = ? AND key = ?');
  const byFlush = db.prepare('SELECT * FROM writes WHERE flush = ?');
  const byOwner = db.prepare('SELECT * FROM writes WHERE owner = ? AND state = ?');
  const remove = db.prepare('DELETE FROM writes WHERE id = ?');
  const dropKey = db.prepare('UPDATE writes SET key = NULL WHERE id = ?');
  const takeOver = db.prepare(
    "UPDATE writes SET state = 'running', owner = ?, seq = ?, flush = NULL, error = NULL WHERE id = ?",
  );
  const carry = db.prepare('UPDATE writes SET flush = ?, answer = ? WHERE id = ?');
  const end = db.prepare(
    'UPDATE writes SET state = ?, answer = coalesce(?, answer), error = ?, arguments = NULL WHERE id = ?',
  );
  const tell = db.prepare("UPDATE writes SET state = 'unknown', told = 1, error = ? WHERE id = ?");
  const enqueue = db.prepare("UPDATE writes SET state = 'queued', told = 1, arguments = ?, error = ? WHERE id = ?");
  const setAside = db.prepare('UPDATE writes SET state = ?, error = ? WHERE id = ?');
  const requeue = db.prepare(
    "UPDATE writes SET state = 'queued', error = NULL, attempts = 0, wall = ?, mono = ? WHERE id = ?",
  );
  const unbind = db.prepare('UPDATE writes SET flush = NULL WHERE id = ?');
  const attempt = db.prepare('UPDATE writes SET owner = ?, attempts = attempts + 1 WHERE id = ?');
  const note = db.prepare('UPDATE writes SET error = ? WHERE id = ?');
  const backlog = db.prepare("SELECT count(*) AS count FROM writes WHERE state = 'queued' AND spreadsheet = ?");
  const ahead = db.prepare(
    "SELECT count(*) AS count FROM writes WHERE state = 'queued' AND spreadsheet = ? AND (seq, id) < (?, ?)",
  );
  const queuedCount = db.prepare("SELECT count(*) AS count FROM writes WHERE state = 'queued'");
  const queued = db.prepare("SELECT * FROM writes WHERE state = 'queued' AND spreadsheet = ? ORDER BY seq, id LIMIT ?");
  const waitingSheets = db.prepare("SELECT DISTINCT spreadsheet FROM writes WHERE state = 'queued'");
  // The first of many are picked by the index alone: their rows hold cells, and reading all takes half a second.
  const picked = (which: string) =>
    db.prepare(`SELECT * FROM writes WHERE id IN (SELECT id FROM writes WHERE ${which} ORDER BY seq, id LIMIT ?)
      ORDER BY seq, id`);
  const queuedFirst = picked("state = 'queued'");
  const page = picked("state IN ('queued', 'set_aside', 'expired') AND (seq, id) > (?, ?)");
  const listedCount = db.prepare(
    "SELECT count(*) AS count FROM writes WHERE state IN ('queued', 'set_aside', 'expired')",
  );
  const lastSeq = db.prepare('SELECT coalesce(max(seq), 0) AS seq FROM writes');
  const owners = db.prepare("SELECT DISTINCT owner FROM writes WHERE state IN ('running', 'applying')");
  // Ages as in ageMs: a wall clock that was set forward must not free keys.
  const purge = db.prepare(`DELETE FROM writes WHERE iif(mono > ?2, wall < ?1, mono < ?3) AND (state IN ${OVER} OR
    (state = 'unknown' AND (flush IS NULL OR flush NOT IN (SELECT id FROM flushes))))`);
  const count = (row: unknown) => Number((row as { count: number }).count);
  const rows = (found: unknown) => found as WriteRow[]; // STRICT tables hold nothing else

  return {
    insert: (write: NewWrite, owner: string, wall: number, mono: number, answer: string | null = null) => {
      const { id, seq, principal, identity, tool, spreadsheet, key, digest } = write;
      insert.run(id, seq, principal, identity, tool, spreadsheet, key, digest, 'running', answer, owner, wall, mono);
    },
    get: (id: string) => byId.get(id) as WriteRow | undefined,
    ofKey: (principal: string, key: string) => byKey.get(principal, key) as WriteRow | undefined,
    ofFlush: (flush: string) => rows(byFlush.all(flush)),
    ofOwner: (owner: string, state: RowState) => rows(byOwner.all(owner, state)),
    remove: (id: string) => void remove.run(id),
    dropKey: (id: string) => void dropKey.run(id),
    takeOver: (id: string, owner: string, seq: number) => void takeOver.run(owner, seq, id),
    carry: (id: string, flush: string, answer: string | null) => void carry.run(flush, answer, id),
    /** Without an answer the one that was foreseen stands. */
    end: (id: string, state: RowState, answer: string | null, error: string | null = null) =>
      void end.run(state, answer, error, id),
    tell: (id: string, error: string) => void tell.run(error, id),
    enqueue: (id: string, args: string, error: string | null) => void enqueue.run(args, error, id),
    /** Keeps its arguments, so that it can be tried again. */
    setAside: (id: string, state: 'set_aside' | 'expired', error: string) => void setAside.run(state, error, id),
    /** Its age begins anew, or it would expire again at once. */
    requeue: (id: string, wall: number, mono: number) => void requeue.run(wall, mono, id),
    unbind: (id: string) => void unbind.run(id),
    attempt: (id: string, owner: string) => void attempt.run(owner, id),
    note: (id: string, error: string) => void note.run(error, id),
    backlog: (spreadsheet: string) => count(backlog.get(spreadsheet)),
    ahead: (spreadsheet: string, seq: number, id: string) => count(ahead.get(spreadsheet, seq, id)),
    queuedCount: () => count(queuedCount.get()),
    queued: (spreadsheet: string, limit: number) => rows(queued.all(spreadsheet, limit)),
    waitingSheets: () => (waitingSheets.all() as { spreadsheet: string }[]).map((row) => row.spreadsheet),
    /** Those that came first, of all spreadsheets. */
    queuedFirst: (limit: number) => rows(queuedFirst.all(limit)),
    /** Queued ones and those that were set aside, from after a place on. */
    page: (after: { seq: number; id: string }, limit: number) => rows(page.all(after.seq, after.id, limit)),
    listedCount: () => count(listedCount.get()),
    lastSeq: () => Number((lastSeq.get() as { seq: number }).seq),
    /** Processes that have writes under way. */
    owners: () => (owners.all() as { owner: string }[]).map((row) => row.owner),
    purge: (now: { wall: number; mono: number }, olderThanMs: number) =>
      Number(purge.run(now.wall - olderThanMs, now.mono, now.mono - olderThanMs).changes),
  };
}
