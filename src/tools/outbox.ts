// The backfill worker: makes queued writes once Google can be asked again, in order for each spreadsheet, by running
// their tools afresh. What fails for itself is set aside, what failed for the circumstances stays where it is.

import { abortable } from '../abort.ts';
import type { Clock } from '../clock.ts';
import { asServalError, type ErrorCode, ServalError } from '../errors.ts';
import type { Emit } from '../events.ts';
import type { Origin } from '../sheets/calls.ts';
import type { Image } from '../sheets/images.ts';
import type { Sheets, Writer } from '../sheets/sheets.ts';
import type { Turn, Turns } from '../sheets/turns.ts';
import type { StoredWrite, WriteStore } from '../store/write-store.ts';
import type { Tool, ToolContext } from './tool.ts';
import { storedError } from './write-errors.ts';

export interface OutboxOptions {
  readonly store: WriteStore;
  readonly turns: Turns;
  readonly tools: readonly Tool[];
  readonly sheetsFor: (origin: Origin, signal: AbortSignal, writer: Writer) => Sheets;
  readonly contextOf: (principal: string, sheets: Sheets) => ToolContext;
  /** Why a circuit would refuse a call for that spreadsheet now; undefined when none would. */
  readonly refusal: (spreadsheet: string | null) => ServalError | undefined;
  /** Whether the circuits let more than a probe through. */
  readonly healthy: (spreadsheet: string) => boolean;
  readonly isWorker: () => boolean;
  readonly deadlineMs: number;
  readonly maxAgeMs: number;
  /** What writes replace is kept. */
  readonly keepsImages: boolean;
  readonly clock: Clock;
  readonly emit: Emit;
}

export interface Outbox {
  readonly refusal: OutboxOptions['refusal'];
  /** Something has changed: tries what can be tried. */
  wake(): void;
  /** The same from time to time; expires what is too old. */
  tend(): Promise<void>;
  /** From the batch: these writes failed, and not for themselves; what comes after them must not overtake them. */
  failed(writes: readonly string[]): void;
  /** Whether nothing is queued for the spreadsheet, and nobody waits for what was. */
  isFree(spreadsheet: string): boolean;
  /** Whether a write that came before the one of that number is queued. */
  isBehind(spreadsheet: string, seq: number): boolean;
  /**
   * Resolves once no write that came before the one of that number is queued, nor waits here. While a caller waits,
   * entries of its spreadsheet go first, and those that came after it stay.
   */
  drained(spreadsheet: string, seq: number, signal: AbortSignal): Promise<void>;
  isReplaying(id: string): boolean;
  /** Tries again at once, also what was tried a moment ago. */
  hurry(): void;
  idle(): Promise<void>;
  close(): void;
}

/** Entries of one spreadsheet that are under way at once: as many as a few flushes hold. */
const WINDOW = 200;
const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 60_000;
const POLL_MS = 200;
/** A fault of ours is tried so often. */
const MOST_FAULTS = 3;
/** Google or the arguments say so: trying again changes nothing. */
const FINAL: ReadonlySet<ErrorCode> = new Set([
  'invalid_argument',
  'permission_denied',
  'not_found',
  'conflict',
  'precondition_failed',
  'too_large',
  'unsupported',
]);

export function createOutbox(options: OutboxOptions): Outbox {
  const { store, turns, tools, clock, emit } = options;
  /** Spreadsheets being worked on, and when one that failed is tried again. */
  const busy = new Map<string, Promise<void>>();
  const pauses = new Map<string, { readonly until: number; readonly waitMs: number }>();
  /** Numbers of the writes whose callers wait for a spreadsheet. */
  const waiters = new Map<string, Set<number>>();
  /** Entries under way, each with what takes back those behind it that were not sent. */
  const replaying = new Map<string, (reason: ServalError) => void>();
  let closed = false;

  function wake(): void {
    if (closed || !options.isWorker()) return;
    for (const spreadsheet of waitingSpreadsheets()) {
      if (busy.has(spreadsheet) || clock.now() < (pauses.get(spreadsheet)?.until ?? 0)) continue;
      const work = drain(spreadsheet)
        .catch(() => {})
        .finally(() => busy.delete(spreadsheet));
      busy.set(spreadsheet, work);
    }
  }

  /** None while the ledger cannot be read: the next time tells. */
  function waitingSpreadsheets(): string[] {
    try {
      return store.waitingSpreadsheets();
    } catch {
      return [];
    }
  }

  /** Replays entries in order until none is left, or one could not be made. */
  async function drain(spreadsheet: string): Promise<void> {
    while (!closed && options.isWorker() && !options.refusal(spreadsheet)) {
      // A circuit that is not closed lets one call through: more would be turned away.
      const all = store.queued(spreadsheet, options.healthy(spreadsheet) ? WINDOW : 1);
      const first = Math.min(...(waiters.get(spreadsheet) ?? []));
      const entries = all.filter((entry) => entry.seq < first);
      // Where one may have been applied already, that is found out first.
      const unsettled = entries.findIndex((entry) => entry.settling);
      const settled = unsettled < 0 ? entries : entries.slice(0, unsettled);
      // Calls of two accounts go beside each other: only those of one keep their order.
      const other = settled.findIndex(({ identity }) => identity !== settled[0]?.identity);
      const next = other < 0 ? settled : settled.slice(0, other);
      if (next.length === 0) {
        if (unsettled >= 0) pauses.set(spreadsheet, { until: clock.now() + FIRST_WAIT_MS, waitMs: FIRST_WAIT_MS });
        return;
      }
      const window = next.map((entry) => ({ entry, leave: new AbortController() }));
      for (const [index, { entry }] of window.entries()) {
        replaying.set(entry.id, (reason) => {
          for (const { leave } of window.slice(index + 1)) leave.abort(reason);
        });
      }
      let stayed = false;
      try {
        await store.attempt(next.map(({ id }) => id));
        const ends = await Promise.all(window.map(({ entry, leave }) => replay(entry, leave.signal)));
        stayed = ends.includes(false);
      } finally {
        for (const { id } of next) replaying.delete(id);
        for (const { id } of next) store.forget(id);
      }
      const waitMs = Math.min(LONGEST_WAIT_MS, 2 * (pauses.get(spreadsheet)?.waitMs ?? FIRST_WAIT_MS / 2));
      if (stayed) return void pauses.set(spreadsheet, { until: clock.now() + waitMs, waitMs });
      pauses.delete(spreadsheet);
    }
  }

  function isBehind(spreadsheet: string, seq: number): boolean {
    if (store.backlog(spreadsheet) === 0) return false;
    return (store.queued(spreadsheet, 1)[0]?.seq ?? seq) < seq;
  }

  /** Makes one queued write. False when it stays queued. */
  function replay(entry: StoredWrite, signal: AbortSignal): Promise<boolean> {
    const { id, spreadsheet, principal, identity } = entry;
    const turn = turns.take(spreadsheet ?? '');
    const origin: Origin = {
      principal,
      identity,
      deadline: clock.now() + options.deadlineMs,
      priority: waiters.has(spreadsheet ?? '') ? 'interactive' : 'backfill',
      writes: [id],
    };
    const handOn: Turn['handOn'] = (make, until) =>
      turn.handOn(async () => {
        // One that came before may have been queued since, by a caller whose write failed late.
        const [first] = store.queued(spreadsheet ?? '', 1);
        if (first && first.seq < entry.seq && !replaying.has(first.id)) throw earlierFirst();
        return make();
      }, until);
    const foresee = (answer: object) => store.foresee(id, { ...answer, writeId: id });
    const keep = (image: Image) => store.keep(id, JSON.stringify(image));
    const run = async () => {
      const tool = tools.find(({ name }) => name === entry.tool);
      const writer = { turn: { ...turn, handOn }, foresee, ...(options.keepsImages && tool?.undoable && { keep }) };
      if (!tool) throw new ServalError('unsupported', `There is no tool ${entry.tool} in this version.`);
      const call = tool.prepare(entry.arguments);
      return call.run(options.contextOf(principal, options.sheetsFor(origin, signal, writer)));
    };
    return run()
      .then(
        async (answer) => {
          await store.finish(id, { ...answer, writeId: id });
          emit({ type: 'outbox', result: 'applied', writeId: id, tool: entry.tool });
          return true;
        },
        (thrown) => failedAlone(entry, asServalError(thrown)),
      )
      .finally(() => turn.end());
  }

  async function failedAlone(entry: StoredWrite, error: ServalError): Promise<boolean> {
    const { id, tool } = entry;
    const unknown = error.code === 'outcome_unknown' || error.details.outcome === 'unknown';
    const final = FINAL.has(error.code) || (error.code === 'internal' && entry.attempts + 1 >= MOST_FAULTS);
    if (unknown || !final) {
      failed([id]);
      await store.stay(id, storedError(error));
      return false;
    }
    await store.setAside(id, 'set_aside', storedError(error));
    const { code, message } = error;
    emit({ type: 'outbox', result: 'set_aside', writeId: id, tool, error: { code, message } });
    return true;
  }

  function failed(writes: readonly string[]): void {
    for (const id of writes) replaying.get(id)?.(earlierFirst());
  }

  async function expire(): Promise<void> {
    for (const { id, tool, settling } of store.olderThan(options.maxAgeMs)) {
      if (replaying.has(id) || settling) continue;
      const hours = Math.round(options.maxAgeMs / 360_000) / 10;
      const message = `The write waited ${hours} hours in the outbox and was given up: it was not applied.`;
      const error = { code: 'unavailable', message, hint: 'Make it again if it is still wanted.' } as const;
      await store.setAside(id, 'expired', error);
      emit({ type: 'outbox', result: 'expired', writeId: id, tool, error });
    }
  }

  return {
    refusal: options.refusal,
    wake,
    failed,
    isReplaying: (id) => replaying.has(id),
    hurry: () => {
      pauses.clear();
      wake();
    },
    tend: async () => {
      if (closed || !options.isWorker()) return;
      await expire();
      wake();
    },
    isFree: (spreadsheet) => !waiters.has(spreadsheet) && store.backlog(spreadsheet) === 0,
    isBehind,
    drained: async (spreadsheet, seq, signal) => {
      const waiting = waiters.get(spreadsheet) ?? new Set();
      waiters.set(spreadsheet, waiting.add(seq));
      try {
        while (Math.min(...waiting) < seq || isBehind(spreadsheet, seq)) {
          const refused = options.refusal(spreadsheet);
          if (refused) throw refused;
          wake();
          await abortable(clock.sleep(POLL_MS, signal), signal);
        }
      } finally {
        waiting.delete(seq);
        if (waiting.size === 0) waiters.delete(spreadsheet);
      }
    },
    idle: async () => {
      await Promise.allSettled(busy.values());
    },
    close: () => {
      closed = true;
    },
  };
}

function earlierFirst(): ServalError {
  return new ServalError('unavailable', 'An earlier queued write could not be made yet.', {
    sent: false,
    outcome: 'none',
  });
}
