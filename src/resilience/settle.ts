// Finding out what became of a flush whose answer was lost, and clearing markers away. The fence decides: a batch of
// the marker alone, under the same id; accepted, the flush did not apply and never can.

import type { Call, Send } from '../call.ts';
import type { Clock } from '../clock.ts';
import { asServalError, type ServalError } from '../errors.ts';
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
  /** Takes markers away that have done their work: where there are many of them, or in one spreadsheet however few. */
  collect(next: Send, scope?: string): Promise<void>;
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
/** What could not be found out is asked again no sooner and no later than this. */
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
  /** What failed is not asked again at once: flushes and spreadsheets, each with its growing wait. */
  const pauses = new Map<string, { readonly until: number; readonly waitMs: number }>();
  const closing = new AbortController();
  let watching = false;
  let collecting: Promise<void> | undefined;

  const originOf = (identity: string, priority: Call['priority']): Origin => ({
    principal: 'journal',
    identity,
    deadline: clock.now() + PATIENCE_MS,
    priority,
  });

  const paused = (key: string) => clock.now() < (pauses.get(key)?.until ?? 0);

  /** What a circuit refused cost nothing: it is asked again soon. */
  function pause(key: string, error?: ServalError): void {
    const before = error?.code === 'circuit_open' ? undefined : pauses.get(key)?.waitMs;
    const waitMs = Math.min(LONGEST_WAIT_MS, before === undefined ? FIRST_WAIT_MS : 2 * before);
    pauses.set(key, { until: clock.now() + waitMs, waitMs });
  }

  async function valueAt(flush: JournaledFlush, next: Send, origin: Origin): Promise<string | undefined> {
    try {
      const call = marker.lookUp(origin, flush.scope ?? '', flush.marker ?? 0);
      return marker.valueIn(await next(call, new AbortController().signal)) ?? 'another';
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
      const due = store.unsettled().filter(({ id }) => !busy.has(id) && !paused(id));
      const mine = due.filter((flush) => flush.own || isWorker());
      for (const [key, { until }] of pauses) if (until + LONGEST_WAIT_MS < clock.now()) pauses.delete(key);
      // One spreadsheet's flushes in order, the spreadsheets beside each other.
      const scopes = Map.groupBy(mine, (flush) => flush.scope);
      await Promise.all(
        [...scopes.values()].map(async (flushes) => {
          for (const flush of flushes) await end(flush, next);
        }),
      );
    },
    collect: async (next, scope) => {
      // Best effort: a ledger that cannot be read can be at the next time.
      if (scope !== undefined) return collect(next, scope).catch(() => {});
      if (!isWorker()) return;
      collecting ??= collect(next)
        .catch(() => {})
        .finally(() => {
          collecting = undefined;
        });
      await collecting;
    },
    watch: (next) => {
      if (!watching) void watch(next);
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
      if (found === undefined) return pause(flush.id);
      await store.ended(flush.id, found, true);
      if (found === 'applied') onSettled(flush.scope);
      emit({ type: 'settled', outcome: found });
    } catch (thrown) {
      const error = asServalError(thrown);
      pause(flush.id, error);
      if (isLost(error) && flush.ageMs > CERTAINLY_OVER_MS) await store.close(flush.id);
    } finally {
      busy.delete(flush.id);
    }
  }

  async function watch(next: Send): Promise<void> {
    watching = true;
    while (watching && !closing.signal.aborted) {
      try {
        await settler.sweep(next);
        watching = store.unsettled().some((flush) => flush.own);
      } catch {
        // The ledger cannot be read just now: what stands in it waits.
      }
      if (watching) await clock.sleep(FIRST_WAIT_MS, closing.signal).catch(() => {});
    }
  }

  async function collect(next: Send, scope?: string): Promise<void> {
    const over = store.marked().filter((flush) => !flush.doubted || flush.ageMs > CERTAINLY_OVER_MS);
    await store.collected(over.filter((flush) => flush.marker === null || flush.scope === null).map(({ id }) => id));
    const marked = over.filter((flush) => flush.marker !== null && (scope ?? flush.scope) === flush.scope);
    const groups = Map.groupBy(marked, (flush) => JSON.stringify([flush.identity, flush.scope]));
    for (const [key, group] of groups) {
      const ripe = group.length >= COLLECT_AT || (group[0]?.ageMs ?? 0) > COLLECT_AFTER_MS;
      if (scope === undefined && (!ripe || paused(key))) continue;
      try {
        await remove(group, next, scope === undefined ? 'background' : 'interactive');
      } catch (thrown) {
        pause(key);
        if (isLost(asServalError(thrown))) await store.collected(group.map(({ id }) => id));
      }
    }
  }

  /** Takes markers out of their spreadsheet. */
  async function remove(group: readonly JournaledFlush[], next: Send, priority: Call['priority']): Promise<void> {
    for (let from = 0; from < group.length; from += MOST_AT_ONCE) {
      const part = group.slice(from, from + MOST_AT_ONCE);
      const { identity = '', scope = '' } = part[0] ?? {};
      const ids = part.map((flush) => flush.marker ?? 0);
      await next(marker.removal(originOf(identity, priority), scope ?? '', ids), new AbortController().signal);
      await store.collected(part.map(({ id }) => id));
    }
  }

  return settler;
}

/** The spreadsheet is gone, or is not ours to see: nothing more can be found out or done there. */
function isLost({ code }: ServalError): boolean {
  return code === 'not_found' || code === 'permission_denied';
}
