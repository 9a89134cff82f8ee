// The resilience layer put together: the list of policies stands here and reads as a sentence.

import { join } from 'node:path';
import { type Call, compose, type Policy, type Send } from './call.ts';
import type { Clock } from './clock.ts';
import type { Config } from './config.ts';
import type { ServalError } from './errors.ts';
import type { Emit } from './events.ts';
import { newId } from './ids.ts';
import type { Log } from './log.ts';
import { createAdmission } from './resilience/admission.ts';
import { attemptTimeout } from './resilience/attempt-timeout.ts';
import { createBatch } from './resilience/batch.ts';
import { createCache, createEpochs } from './resilience/cache.ts';
import type { Circuits } from './resilience/circuits.ts';
import { deadline } from './resilience/deadline.ts';
import { fallback } from './resilience/fallback.ts';
import type { Flags } from './resilience/flags.ts';
import { createJournal } from './resilience/journal.ts';
import { outcome } from './resilience/outcome.ts';
import { createProvenance, type Provenance } from './resilience/provenance.ts';
import { createQuota, type QuotaUsage } from './resilience/quota.ts';
import { retry } from './resilience/retry.ts';
import { createSettler } from './resilience/settle.ts';
import { singleFlight } from './resilience/single-flight.ts';
import { aspectOf, showsCells, touchedBy } from './sheets/calls.ts';
import * as marker from './sheets/marker.ts';
import { blame, fits, merge, mergeKey, split } from './sheets/merge.ts';
import type { JournalStore } from './store/journal.ts';
import { openQuotaLog } from './store/quota-log.ts';

export interface PipeParts {
  readonly clock: Clock;
  readonly log: Log;
  readonly emit: Emit;
  readonly subscribe: (listener: Emit) => void;
  readonly circuits: Circuits;
  readonly flags: Flags;
  readonly transport: Send;
  readonly journal: JournalStore;
  readonly isWorker: () => boolean;
  /** Told, before anything behind them is sent, of writes that failed without being refused for themselves. */
  readonly onFailed?: (writes: readonly string[], error: ServalError) => void;
}

export interface Gauges {
  readonly admissionWaiting: () => number;
  readonly cacheBytes: () => number;
  readonly quota: () => readonly QuotaUsage[];
}

export interface Pipe {
  readonly send: Send;
  readonly sourceOf: (reply: unknown) => Provenance | undefined;
  readonly gauges: Gauges;
  /** The order of the policies, outermost first. */
  readonly order: readonly string[];
  /** Resolves once every write whose caller has left has its end. */
  idle(): Promise<void>;
  /** Resolves once no earlier write to the spreadsheet can still change it. */
  quiet(spreadsheet: string, signal: AbortSignal): Promise<void>;
  /** Settles what was left, takes away markers that have done their work; to be called from time to time. */
  tend(): Promise<void>;
  close(): void;
}

/**
 * Titles and ids are looked up for every call and change rarely; a name that is gone is refused by Google and then
 * looked up again (sheets.ts), so they may be kept for longer than values.
 */
const NAMES_TTL_MS = 60_000;

export function createPipe(config: Config, parts: PipeParts): Pipe {
  const { clock, log, emit, circuits, flags, transport } = parts;
  const epochs = createEpochs();
  const provenance = createProvenance();
  const detached = new Set<Promise<void>>();
  const enabled = (flag: string) => () => flags.enabled(flag);
  const exactlyOnce = config.EXACTLY_ONCE === 'markers';
  /** Who else has changed a spreadsheet, as far as it was noticed. */
  const noticed = new Map<string, number>();
  const changed = (scope: string) => {
    for (const aspect of ['files', `${scope} cells`, `${scope} names`]) epochs.ended(aspect, true);
  };
  const catchUp = ({ scope }: Call) => {
    if (scope === null) return;
    const changes = parts.journal.foreignChanges(scope);
    if ((noticed.get(scope) ?? changes) !== changes) changed(scope);
    noticed.set(scope, changes);
  };
  // The embedded backend in this process has no quota of its own, unless faults are to be tried on it.
  const limited = config.backend.kind === 'google' || config.EMULATOR_FAULTS !== undefined;
  const store = openQuotaLog({ file: join(config.DATA_DIR, 'quota.sqlite'), clock, log });
  const quota = createQuota({
    clock,
    store,
    limits: {
      readsPerMinutePerUser: config.QUOTA_READS_PER_MINUTE_PER_USER,
      writesPerMinutePerUser: config.QUOTA_WRITES_PER_MINUTE_PER_USER,
      readsPerMinutePerProject: config.QUOTA_READS_PER_MINUTE_PER_PROJECT,
      writesPerMinutePerProject: config.QUOTA_WRITES_PER_MINUTE_PER_PROJECT,
      headroom: config.QUOTA_HEADROOM,
    },
    attemptTimeoutMs: config.API_TIMEOUT_MS,
    enabled: () => limited && flags.enabled('throttle'),
    onRateLimited: ({ kind, limit }) => emit({ type: 'rate_limited', limit: `${kind}_${limit}` }),
  });
  const cache = createCache({
    clock,
    emit,
    epochs,
    aspectOf,
    provenance,
    maxBytes: config.CACHE_MAX_BYTES,
    ttlMs: (call) => (showsCells(call) ? config.CACHE_TTL_MS : Math.max(config.CACHE_TTL_MS, NAMES_TTL_MS)),
    enabled: enabled('cache'),
    catchUp,
  });
  /** Calls of which it was told that they wait for the quota. */
  const held = new WeakSet<Call>();
  const waitMs = (call: Call) => {
    const ms = quota.waitMs(call);
    if (ms > 0 && call.requests.length > 0 && !held.has(call)) {
      held.add(call);
      emit({ type: 'held', waitMs: ms, requests: call.requests });
    }
    return ms;
  };
  const admission = createAdmission({
    clock,
    emit,
    circuits,
    quota: { waitMs, take: quota.take },
    maxConcurrent: config.MAX_CONCURRENT_REQUESTS,
    lastAttempt: () => (flags.enabled('retry') ? config.RETRY_MAX_ATTEMPTS : 0) + 1,
    onSend: (call, signal) => {
      batch.sent(signal);
      if (call.kind === 'write') for (const aspect of touchedBy(call)) epochs.sending(aspect);
    },
    onEnd: (call, error) => {
      const applied = error === undefined || error.details.outcome !== 'none';
      if (call.kind === 'write') for (const aspect of touchedBy(call)) epochs.ended(aspect, applied);
    },
  });
  parts.subscribe((event) => {
    if (event.type === 'circuit_transition') admission.review();
  });
  const batch = createBatch({
    merger: { key: mergeKey, fits, merge, split, blame },
    emit,
    enabled: enabled('batching'),
    room: admission.room,
    onDetached: (end) => detached.add(end) && end.then(() => detached.delete(end)),
    ...(parts.onFailed && { onFailed: parts.onFailed }),
  });
  const upstream: readonly (readonly [string, Policy])[] = [
    [
      'retry',
      retry({
        clock,
        emit,
        maxRetries: config.RETRY_MAX_ATTEMPTS,
        enabled: enabled('retry'),
        onLost: (signal) => journal.lost(signal),
      }),
    ],
    ['admission', admission.policy],
    ['attempt timeout', attemptTimeout({ clock, timeoutMs: config.API_TIMEOUT_MS })],
  ];
  /** What is below the journal: its own questions go this way. */
  const below = compose(
    upstream.map(([, policy]) => policy),
    transport,
  );
  const settler = createSettler({
    clock,
    emit,
    store: parts.journal,
    marker,
    onSettled: changed,
    isWorker: parts.isWorker,
  });
  const journal = createJournal({
    clock,
    store: parts.journal,
    marker,
    settler,
    newId: () => newId(clock.random),
    onSettled: changed,
  });

  const policies: readonly (readonly [string, Policy])[] = [
    [
      'fallback',
      fallback({
        clock,
        emit,
        last: cache.last,
        epochs,
        aspectOf,
        provenance,
        maxStaleMs: config.FALLBACK_MAX_STALE_MS,
        enabled: enabled('fallback'),
      }),
    ],
    ['deadline', deadline({ clock })],
    ['cache', cache.policy],
    ['single flight', singleFlight({ epochOf: (call) => epochs.epoch(aspectOf(call)) })],
    ['batch', batch.policy],
    exactlyOnce ? ['journal', journal.policy] : ['outcome', outcome()],
    ...upstream,
  ];

  return {
    send: compose(
      policies.map(([, policy]) => policy),
      transport,
    ),
    sourceOf: provenance.of,
    gauges: { admissionWaiting: admission.waiting, cacheBytes: cache.bytes, quota: quota.usage },
    order: policies.map(([name]) => name),
    idle: async () => {
      while (detached.size > 0) await Promise.allSettled(detached);
      await settler.idle();
    },
    quiet: settler.quiet,
    tend: async () => {
      await settler.sweep(below);
      await settler.collect(below);
    },
    close: () => {
      settler.close();
      store.close();
    },
  };
}
