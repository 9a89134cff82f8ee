// Replies of reads for a short while, by identity. Never older than the reader's own writes: two counters per
// spreadsheet see to that.

import { LRUCache } from 'lru-cache';
import type { Call, Policy, Send } from '../call.ts';
import type { Clock } from '../clock.ts';
import type { Emit } from '../events.ts';
import type { ProvenanceNotes } from './provenance.ts';

/**
 * Counters by aspect, such as the cells of one spreadsheet.
 * `epoch` moves when a write is sent and when it completes: reads of an older one are not served and not joined.
 * `applied` moves when a write was applied or may have been: stale values from before it are not served either.
 */
export interface Epochs {
  epoch(aspect: string): number;
  applied(aspect: string): number;
  /** A write that touches the aspect is being sent. */
  sending(aspect: string): void;
  /** It has ended; `applied` when it was applied or may have been. */
  ended(aspect: string, applied: boolean): void;
}

/** Aspects whose counters are kept apart; beyond that all begin at the floor, which only moves up. */
const MAX_ASPECTS = 10_000;

export function createEpochs(): Epochs {
  const counters = new Map<string, { epoch: number; applied: number }>();
  let floor = 0;
  /** The highest number given away by the counters that were let go. */
  let forgotten = 0;
  const read = (aspect: string) => counters.get(aspect) ?? { epoch: forgotten, applied: forgotten };
  const move = (aspect: string, applied: boolean) => {
    const before = read(aspect);
    floor++;
    counters.set(aspect, { epoch: floor, applied: applied ? floor : before.applied });
    if (counters.size <= MAX_ASPECTS) return;
    counters.clear();
    forgotten = floor;
  };
  return {
    epoch: (aspect) => read(aspect).epoch,
    applied: (aspect) => read(aspect).applied,
    sending: (aspect) => move(aspect, false),
    ended: (aspect, applied) => move(aspect, applied),
  };
}

export interface CacheOptions {
  readonly clock: Clock;
  readonly emit: Emit;
  readonly epochs: Epochs;
  /** What of its spreadsheet a read shows, as the name under which writes move the counters. */
  readonly aspectOf: (call: Call) => string;
  readonly provenance: ProvenanceNotes;
  readonly maxBytes: number;
  /** How long a reply may be served, by what it shows. */
  readonly ttlMs: (call: Call) => number;
  readonly enabled: () => boolean;
  /** Moves the counters for what others are known to have changed meanwhile. */
  readonly catchUp: (call: Call) => void;
}

export interface Cached {
  readonly reply: unknown;
  readonly at: number;
  readonly epoch: number;
  readonly applied: number;
}

export interface Cache {
  readonly policy: Policy;
  /** The last known reply, however old: for the fallback. */
  last(call: Call): Cached | undefined;
  bytes(): number;
}

export function createCache(options: CacheOptions): Cache {
  const { clock, emit, epochs, aspectOf, provenance, maxBytes, ttlMs, enabled, catchUp } = options;
  const entries = new LRUCache<string, Cached>({
    maxSize: maxBytes,
    maxEntrySize: Math.ceil(maxBytes / 4),
    sizeCalculation: ({ reply }, key) => key.length + sizeOf(reply),
  });
  /** Questions that are open, by key and epoch: who comes later may be given the answer to one (single flight). */
  const open = new Map<string, { readonly at: number; readers: number }>();
  const keyOf = (call: Call) => `${call.identity}|${call.key}`;

  /** The reply, and when it was asked for at the earliest: its age counts from then. */
  async function ask(next: Send, call: Call, signal: AbortSignal, epoch: number) {
    if (call.live) return { at: clock.now(), reply: await next(call, signal) };
    const key = `${epoch}|${keyOf(call)}`;
    const question = open.get(key) ?? { at: clock.now(), readers: 0 };
    open.set(key, question);
    question.readers++;
    try {
      return { at: question.at, reply: await next(call, signal) };
    } finally {
      if (--question.readers === 0) open.delete(key);
    }
  }

  const policy: Policy = (next) => async (call, signal) => {
    if (call.kind === 'write') return next(call, signal);
    catchUp(call);
    const key = keyOf(call);
    const aspect = aspectOf(call);
    const epoch = epochs.epoch(aspect);
    if (enabled() && !call.live) {
      const found = entries.get(key);
      // The time to live is absolute: a hit does not extend it.
      if (found && found.epoch === epoch && clock.now() - found.at < ttlMs(call)) {
        emit({ type: 'cache', result: 'hit' });
        return provenance.mark(found.reply, { source: 'cache', ageMs: Math.round(clock.now() - found.at) });
      }
      emit({ type: 'cache', result: 'miss' });
    }
    const applied = epochs.applied(aspect);
    const { at, reply } = await ask(next, call, signal, epoch);
    // A fill that began before a write is of nobody's use.
    if (epochs.epoch(aspect) === epoch) entries.set(key, { reply, at, epoch, applied });
    return reply;
  };

  return { policy, last: (call) => entries.peek(keyOf(call)), bytes: () => entries.calculatedSize };
}

/** Bytes of a reply, roughly: two for a character, as V8 stores most texts in one or two. */
function sizeOf(reply: unknown): number {
  return Math.max(1, JSON.stringify(reply).length);
}
