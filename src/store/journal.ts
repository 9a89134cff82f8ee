// The journal in the ledger: a row for each flush before it is sent, what became of it, and what that means for the
// writes that it carried. Decides nothing about Google.

import type { Area } from '../call.ts';
import { ServalError } from '../errors.ts';
import type { Ledger, Statements } from './ledger.ts';
import { ageMs, type FlushRow, type WriteRow } from './ledger-rows.ts';
import type { WriteStore } from './write-store.ts';

export interface NewFlush {
  readonly id: string;
  readonly scope: string | null;
  readonly identity: string;
  readonly marker: number | null;
  readonly areas: readonly Area[] | null;
  readonly sizeBytes: number;
  readonly writes: readonly string[];
}

export interface Flush extends Omit<FlushRow, 'areas' | 'doubted'> {
  readonly areas: readonly Area[] | null;
  readonly doubted: boolean;
  /** Since its last change, in milliseconds; never overrated. */
  readonly ageMs: number;
  /** Of this process. */
  readonly own: boolean;
}

export interface JournalStore {
  /** On disk when it returns. Throws `unavailable`: the ledger is, or a write is no longer ours to send. */
  begin(flush: NewFlush): void;
  /** No flush carries these writes any more: nothing of them was sent, whatever their callers were told meanwhile. */
  dropped(writes: readonly string[]): Promise<void>;
  /** It goes out under another marker: no attempt under the old one can still apply. On disk when it returns. */
  remark(id: string, marker: number): void;
  /** It applied, or it did not and never will. `doubted`: an attempt of it may still be under way. */
  ended(id: string, outcome: 'applied' | 'none', doubted: boolean): Promise<void>;
  /** Nothing is known of it yet; from now on it is the settler's. */
  leave(id: string): Promise<void>;
  /** Nothing will ever be known of it. */
  close(id: string): Promise<void>;
  /** Flushes of which nothing is known yet: of processes that are gone, and those that were left. */
  unsettled(): Flush[];
  /** Of one spreadsheet, in whatever process: flushes without marker that may still apply. */
  unmarked(scope: string): Flush[];
  /** Whether a flush that may touch cells of the spreadsheet is under way or unsettled, in whatever process. */
  disturbed(scope: string): boolean;
  /** Settled flushes, oldest first: the marker of each stands in its spreadsheet, where it has one. */
  marked(): Flush[];
  collected(ids: readonly string[]): Promise<void>;
  /** A number that differs whenever another process has changed the spreadsheet. */
  foreignChanges(scope: string): number;
}

export function createJournalStore(ledger: Ledger, own: WriteStore): JournalStore {
  /** Flushes that this process has under way: their ends are told by it. */
  const live = new Set<string>();
  /** As of which version of the file, seen through which connection, `foreign` holds. */
  let seen: { readonly statements: Statements; readonly version: number } | undefined;
  const foreign = new Map<string, number>();

  const decoded = ({ areas, doubted, ...row }: FlushRow): Flush => ({
    ...row,
    areas: areas === null ? null : JSON.parse(areas),
    doubted: doubted === 1,
    ageMs: ageMs(row, ledger.times()),
    own: row.owner === ledger.owner,
  });

  /**
   * What the end of a flush means for a write of it. That it applied is noted in the same commit, with the answer that
   * was foreseen: once the row of the flush is gone nothing else tells. Who answers for it here overwrites that, and
   * until then nobody else is told.
   */
  function settle({ writes }: Statements, row: WriteRow, applied: boolean): void {
    const underWay = row.state === 'running' || row.state === 'applying';
    const here = underWay && row.owner === ledger.owner && own.isLive(row.id);
    // Of a write that makes two calls the first may have been applied though the second was not.
    if (row.state === 'applied' || (row.state === 'applying' && !applied)) return;
    if (applied) writes.end(row.id, here ? 'applying' : 'applied', null);
    else if (row.state === 'queued') writes.unbind(row.id);
    else if (here) return;
    else if (row.state === 'unknown' || row.told === 1) writes.end(row.id, 'failed', null, NOT_APPLIED);
    else if (row.state === 'running') writes.remove(row.id);
  }

  return {
    begin: ({ id, scope, identity, marker, areas, sizeBytes, writes }) => {
      ledger.now((statements) => {
        // Before anything is written: an error undoes nothing of what stands in the transaction already.
        if (!writes.every((write) => own.isOurs(statements, write))) {
          throw new ServalError(
            'unavailable',
            'Another process has taken this write over: nothing was sent from here.',
            {
              hint: 'Ask for it with get_write.',
              sent: false,
              outcome: 'none',
            },
          );
        }
        for (const write of writes) own.carry(statements, write, id);
        statements.flushes.insert({
          id,
          scope,
          identity,
          marker,
          areas: areas === null ? null : JSON.stringify(areas),
          sizeBytes,
          owner: ledger.owner,
          ...ledger.times(),
        });
      });
      live.add(id);
    },
    dropped: (ids) =>
      ledger.surely(({ writes }) => {
        for (const id of ids) {
          const row = writes.get(id);
          if (row?.state === 'unknown' && row.flush === null) writes.end(id, 'failed', null, NOT_APPLIED);
        }
      }),
    remark: (id, marker) => ledger.now(({ flushes }) => flushes.remark(id, marker)),
    ended: async (id, outcome, doubted) => {
      await ledger.surely((statements) => {
        const { flushes, writes } = statements;
        const row = flushes.get(id);
        if (!row) return;
        const { wall, mono } = ledger.times();
        // A batch that was refused leaves no marker; where an attempt is in doubt a fence stands in its place.
        const gone = outcome === 'none' && (row.marker === null || (!doubted && row.doubted === 0));
        for (const write of writes.ofFlush(id)) settle(statements, write, outcome === 'applied');
        if (gone) flushes.remove(id);
        else flushes.setState(id, outcome === 'applied' ? 'applied' : 'fenced', doubted, wall, mono);
        if (outcome === 'applied' && row.scope !== null) flushes.applied(row.scope, ledger.owner);
      });
      live.delete(id);
    },
    leave: async (id) => {
      await ledger.surely(({ flushes }) => {
        const { wall, mono } = ledger.times();
        if (flushes.get(id)) flushes.setState(id, 'unknown', true, wall, mono);
      });
      live.delete(id);
    },
    close: (id) =>
      ledger.surely(({ flushes, writes }) => {
        for (const { id: write, state } of writes.ofFlush(id)) {
          if (state === 'running' || state === 'queued') writes.tell(write, FOREVER_UNKNOWN);
        }
        flushes.remove(id);
      }),
    unsettled: () => {
      const open = ledger.read(({ flushes }) => flushes.open()).filter((row) => !live.has(row.id));
      const owners = new Map([...new Set(open.map((row) => row.owner))].map((owner) => [owner, ledger.isGone(owner)]));
      return open.filter((row) => row.owner === ledger.owner || owners.get(row.owner)).map(decoded);
    },
    unmarked: (scope) =>
      ledger
        .read(({ flushes }) => flushes.openIn(scope))
        .filter((row) => row.marker === null && !live.has(row.id))
        .map(decoded),
    disturbed: (scope) => ledger.read(({ flushes }) => flushes.openIn(scope)).some(({ areas }) => areas !== '[]'),
    marked: () => ledger.read(({ flushes }) => flushes.over()).map(decoded),
    collected: (ids) =>
      ledger.surely(({ flushes }) => {
        for (const id of ids) flushes.remove(id);
      }),
    foreignChanges: (scope) => {
      try {
        return ledger.read((statements) => {
          const { flushes } = statements;
          const version = flushes.version();
          if (version !== seen?.version || statements !== seen.statements) foreign.clear();
          seen = { statements, version };
          const known = foreign.get(scope) ?? flushes.foreign(scope, ledger.owner);
          foreign.set(scope, known);
          return known;
        });
      } catch {
        // Reads go on without the ledger: then only what was known counts.
        return foreign.get(scope) ?? 0;
      }
    },
  };
}

const NOT_APPLIED = JSON.stringify({
  code: 'unavailable',
  message: 'The write was sent, its answer was lost, and it has turned out that it was not applied.',
  hint: 'Repeat it; with its idempotency key, if it has one.',
});
const FOREVER_UNKNOWN = JSON.stringify({
  code: 'outcome_unknown',
  message: 'The write was sent, its answer was lost, and nothing can tell any more whether it was applied.',
  hint: 'Read the cells before repeating it.',
});
