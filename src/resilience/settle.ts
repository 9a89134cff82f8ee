// Finding out what became of a flush whose answer was lost, and clearing markers away. The fence decides: a batch of
// the marker alone, under the same id; accepted, the flush did not apply and never can.

import type { Call, Send } from '../call.ts';
import type { Clock } from '../clock.ts';
import { asServalError } from '../errors.ts';
import type { Emit } from '../events.ts';
import type { JournaledFlush, JournalPort, MarkerPort, Origin } from './journal-ports.ts';

export interface SettlerOptions {
  readonly clock: Clock;
  readonly emit: Emit;
  readonly store: JournalPort;
  readonly marker: MarkerPort;
  /** A settled flush may have changed this spreadsheet since its answer was lost. */
  readonly onSettled: (scope: string) => void;
  /** Whether this process looks after what others have left. */
  readonly isWorker: () => boolean;
}

export interface Settler {
  /** One try. Undefined: it cannot be told yet. Rejects when Google could not be asked. */
  settle(flush: JournaledFlush, next: Send, origin: Origin): Promise<'applied' | 'none' | undefined>;
  /** Settles what can be settled now; resolves when each has been tried. */
  sweep(next: Send): Promise<void>;
  /** Takes markers out of spreadsheets that have done their work; `all`: however few. */
  collect(next: Send, all?: boolean): Promise<void>;
  /** A flush was left: tries until the end of every own one is known. */
  watch(next: Send): void;
  /** Resolves once the spreadsheet has no unsettled flush; rejects with the reason of the signal. */
  quiet(scope: string, signal: AbortSignal): Promise<void>;
  /** Resolves when no markers are being removed. */
  idle(): Promise<void>;
  close(): void;
}

/** Google ends a request after this long at the latest (Sheets API, usage limits). */
export const PROCESSING_CAP_MS = 180_000;
/** An attempt that was never answered is surely over after this long. */
const CERTAINLY_OVER_MS = 600_000;
/** Questions about a flush come no faster and no slower than this. */
const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 15_000;
/** A call for settling or collecting may wait so long for its turn. */
const PATIENCE_MS = 30_000;
/** So many markers are worth a call of their own; fewer wait for a while. */
const COLLECT_AT = 100;
const COLLECT_AFTER_MS = 60_000;
const MOST_AT_ONCE = 500;
const QUIET_POLL_MS = 100;

export function createSettler(options: SettlerOptions): Settler {
  const { clock, emit, store, marker, onSettled, isWorker } = options;
  const busy = new Set<string>();
  const closing = new AbortController();
  let watching: Promise<void> | undefined;
  let collecting: Promise<void> | undefined;

  const originOf = (identity: string, priority: Call['priority']): Origin => ({
    principal: 'journal',
    identity,
    deadline: clock.now() + PATIENCE_MS,
    priority,
  });

  async function valueAt(flush: JournaledFlush, next: Send, origin: Origin): Promise<string | undefined> {
    try {
      const call = marker.lookUp(origin, flush.scope ?? '', flush.marker ?? 0);
      return marker.valueOf(await next(call, new AbortController().signal)) ?? 'another';
    } catch (thrown) {
      if (asServalError(thrown).code === 'not_found') return undefined;
      throw thrown;
    }
  }

  const settler: Settler = {
    settle: async (flush, next, origin) => {
      if (flush.scope === null || flush.marker === null) return undefined;
      try {
        const call = marker.fence(origin, flush.scope, flush.marker, `!${flush.id}`);
        await next(call, new AbortController().signal);
        return 'none';
      } catch (thrown) {
        const error = asServalError(thrown);
        if (error.code !== 'invalid_argument') throw error;
        const value = await valueAt(flush, next, origin);
        if (value === flush.id) return 'applied';
        if (value === `!${flush.id}`) return 'none';
        // No marker of ours, and no room for one: only time tells that nothing of it is under way any more.
        return flush.ageMs > CERTAINLY_OVER_MS ? 'none' : undefined;
      }
    },
    sweep: async (next) => {
      const mine = store.unsettled().filter((flush) => !busy.has(flush.id) && (flush.own || isWorker()));
      // One spreadsheet's flushes in order, the spreadsheets beside each other.
      const scopes = Map.groupBy(mine, (flush) => flush.scope);
      await Promise.all(
        [...scopes.values()].map(async (flushes) => {
          for (const flush of flushes) await end(flush, next);
        }),
      );
    },
    collect: async (next, all = false) => {
      if (!all && !isWorker()) return;
      collecting ??= collect(next, all).finally(() => {
        collecting = undefined;
      });
      await collecting;
    },
    watch: (next) => {
      watching ??= watch(next).finally(() => {
        watching = undefined;
      });
    },
    quiet: async (scope, signal) => {
      while (store.disturbed(scope)) await clock.sleep(QUIET_POLL_MS, signal);
    },
    idle: async () => {
      await collecting;
    },
    close: () => closing.abort(),
  };

  /** Writes down what is found out about a flush that nobody waits for. */
  async function end(flush: JournaledFlush, next: Send): Promise<void> {
    busy.add(flush.id);
    try {
      if (flush.marker === null || flush.scope === null) {
        if (flush.ageMs > PROCESSING_CAP_MS) await store.close(flush.id);
        return;
      }
      const found = await settler.settle(flush, next, originOf(flush.identity, 'backfill'));
      if (found === undefined) return;
      await store.ended(flush.id, found, true);
      if (found === 'applied') onSettled(flush.scope);
      emit({ type: 'settled', outcome: found });
    } catch (thrown) {
      const { code } = asServalError(thrown);
      // Nobody who may ask can be told any more: the spreadsheet is gone, or is not ours to see.
      const lost = code === 'not_found' || code === 'permission_denied';
      if (lost && flush.ageMs > CERTAINLY_OVER_MS) await store.close(flush.id);
    } finally {
      busy.delete(flush.id);
    }
  }

  async function watch(next: Send): Promise<void> {
    for (let waitMs = FIRST_WAIT_MS; store.unsettled().some((flush) => flush.own); waitMs *= 2) {
      await settler.sweep(next);
      if (!store.unsettled().some((flush) => flush.own)) return;
      await clock.sleep(Math.min(waitMs, LONGEST_WAIT_MS), closing.signal).catch(() => {});
      if (closing.signal.aborted) return;
    }
  }

  async function collect(next: Send, all: boolean): Promise<void> {
    const over = store.marked().filter((flush) => !flush.doubted || flush.ageMs > CERTAINLY_OVER_MS);
    await store.collected(over.filter((flush) => flush.marker === null || flush.scope === null).map(({ id }) => id));
    const groups = Map.groupBy(
      over.filter((flush) => flush.marker !== null && flush.scope !== null),
      (flush) => JSON.stringify([flush.identity, flush.scope]),
    );
    for (const group of groups.values()) {
      const [first] = group;
      const ripe = all || group.length >= COLLECT_AT || (first?.ageMs ?? 0) > COLLECT_AFTER_MS;
      if (!first?.scope || !ripe) continue;
      for (let from = 0; from < group.length; from += MOST_AT_ONCE) {
        const part = group.slice(from, from + MOST_AT_ONCE);
        const ids = part.map((flush) => flush.marker ?? 0);
        try {
          const call = marker.removal(originOf(first.identity, all ? 'interactive' : 'background'), first.scope, ids);
          await next(call, new AbortController().signal);
          await store.collected(part.map(({ id }) => id));
        } catch {
          // Best effort: they are tried again at the next time.
          break;
        }
      }
    }
  }

  return settler;
}
