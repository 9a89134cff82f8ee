// Statements on flushes, the journal, and on what each process has changed. Each does one thing inside a transaction
// that is its caller's.

import type { DatabaseSync } from 'node:sqlite';
import type { FlushRow } from './ledger-rows.ts';

export type FlushStatements = ReturnType<typeof prepareFlushes>;

export function prepareFlushes(db: DatabaseSync) {
  const insert = db.prepare(`INSERT INTO flushes (id, scope, identity, marker, areas, sizeBytes, state, doubted, owner,
    wall, mono) VALUES (?, ?, ?, ?, ?, ?, 'sent', 0, ?, ?, ?)`);
  const byId = db.prepare('SELECT * FROM flushes WHERE id = ?');
  const remark = db.prepare('UPDATE flushes SET marker = ? WHERE id = ?');
  const setState = db.prepare(
    'UPDATE flushes SET state = ?, doubted = max(doubted, ?), wall = ?, mono = ? WHERE id = ?',
  );
  const remove = db.prepare('DELETE FROM flushes WHERE id = ?');
  const open = db.prepare("SELECT * FROM flushes WHERE state IN ('sent', 'unknown') ORDER BY wall");
  const openIn = db.prepare("SELECT * FROM flushes WHERE scope = ? AND state IN ('sent', 'unknown')");
  const over = db.prepare("SELECT * FROM flushes WHERE state IN ('applied', 'fenced') ORDER BY wall");
  const applied = db.prepare(`INSERT INTO applied VALUES (?, ?, 1)
    ON CONFLICT DO UPDATE SET count = count + 1`);
  const foreign = db.prepare('SELECT coalesce(sum(count), 0) AS count FROM applied WHERE scope = ? AND owner <> ?');
  const inherit = db.prepare(`INSERT INTO applied SELECT scope, '', count FROM applied WHERE owner = ?
    ON CONFLICT DO UPDATE SET count = count + excluded.count`);
  const forget = db.prepare('DELETE FROM applied WHERE owner = ?');
  const owners = db.prepare(`SELECT owner FROM flushes WHERE state IN ('sent', 'unknown')
    UNION SELECT owner FROM applied WHERE owner <> ''`);
  const version = db.prepare('PRAGMA data_version');
  const rows = (found: unknown) => found as FlushRow[]; // STRICT tables hold nothing else

  return {
    insert: (flush: Omit<FlushRow, 'state' | 'doubted'>) => {
      const { id, scope, identity, marker, areas, sizeBytes, owner, wall, mono } = flush;
      insert.run(id, scope, identity, marker, areas, sizeBytes, owner, wall, mono);
    },
    get: (id: string) => byId.get(id) as FlushRow | undefined,
    remark: (id: string, marker: number) => void remark.run(marker, id),
    /** Its times become those of this change: ages count from the last attempt. */
    setState: (id: string, state: FlushRow['state'], doubted: boolean, wall: number, mono: number) =>
      void setState.run(state, doubted ? 1 : 0, wall, mono, id),
    remove: (id: string) => void remove.run(id),
    open: () => rows(open.all()),
    openIn: (scope: string) => rows(openIn.all(scope)),
    over: () => rows(over.all()),
    applied: (scope: string, owner: string) => void applied.run(scope, owner),
    /** How much processes other than this one have changed: another number, another state. */
    foreign: (scope: string, owner: string) => Number((foreign.get(scope, owner) as { count: number }).count),
    /** Its changes become nobody's; they count on, or as many of another process would go unseen. */
    forget: (owner: string) => {
      inherit.run(owner);
      forget.run(owner);
    },
    /** Processes that have left something here. */
    owners: () => (owners.all() as { owner: string }[]).map((row) => row.owner),
    /** Changes whenever another connection has changed the file. */
    version: () => Number((version.get() as { data_version: number }).data_version),
  };
}
