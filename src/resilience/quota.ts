// The quota: whether a call may be sent now, and when at the earliest, so that no window of Google's ever holds more
// than its limit. Owns the rules and what 429s taught; keeps places only through its store, sends and waits for nothing.
// What was learned is in this process's memory; pauses are in the store and so hold for every process.

import type { Call } from '../call.ts';
import type { Clock } from '../clock.ts';
import type { ServalError } from '../errors.ts';
import { earliestSend, type Limit, type Place, placesAt, WINDOW_MS } from './sliding-log.ts';

export type { Place };

/** The places held in each bucket (every bucket asked for is in it), and until when buckets are paused. */
export interface QuotaView {
  readonly held: ReadonlyMap<string, readonly Place[]>;
  readonly pausedUntil: ReadonlyMap<string, number>;
}

/** Durable, shared by the processes of one machine. Every function is synchronous; none throws on a broken disk. */
export interface QuotaStore {
  /**
   * In one atomic step across processes: shows `decide` the places still held in these buckets at `now` and the pauses
   * in force, inserts the places it returns and returns their ids. `decide` must be free of effects: when the disk
   * fails it is asked again.
   */
  take(
    buckets: readonly string[],
    now: number,
    decide: (held: QuotaView['held'], pausedUntil: QuotaView['pausedUntil']) => readonly Place[],
  ): readonly number[];
  /** What decide would see, taking nothing. */
  look(buckets: readonly string[], now: number): QuotaView;
  /** The places end at `until` instead; ids that are gone are left out. */
  release(ids: readonly number[], until: number): void;
  pause(bucket: string, until: number): void;
  /** True while it cannot write and works from memory: the caller then uses half the places. */
  readonly degraded: boolean;
  close(): void;
}

export interface QuotaLimits {
  readonly readsPerMinutePerUser: number;
  readonly writesPerMinutePerUser: number;
  readonly readsPerMinutePerProject: number;
  readonly writesPerMinutePerProject: number;
  /** The part of Google's limits that is used, 0 < headroom <= 1. */
  readonly headroom: number;
}

export interface Ticket {
  /**
   * The attempt has its reply or its end: its places are held for 60 s more (counted from the attempt's timeout when
   * the error leaves open whether Google has yet to count it). A 429 pauses its bucket for 60 s and lowers its limit.
   */
  release(error?: ServalError): void;
}

export interface QuotaUsage {
  readonly kind: Call['kind'];
  readonly scope: 'user' | 'project';
  readonly places: number;
  readonly used: number;
}

export interface Quota {
  /**
   * 0 when the call may be sent now as far as quota goes, else whole ms until it may at the earliest, if no other is
   * sent meanwhile; Infinity when it costs more than its bucket has. Takes nothing.
   */
  waitMs(call: Call): number;
  /** All places of the call at once, or undefined when there is no room (any more: another process may be faster). */
  take(call: Call): Ticket | undefined;
  /** For gauges; of `user` the fullest identity that this process has sent for. */
  usage(): readonly QuotaUsage[];
}

export interface QuotaOptions {
  readonly clock: Clock;
  readonly store: QuotaStore;
  readonly limits: QuotaLimits;
  readonly attemptTimeoutMs: number;
  /** The flag `throttle`: while false nothing waits and nothing is recorded. */
  readonly enabled: () => boolean;
  readonly onRateLimited?: (fact: {
    readonly type: 'rate_limited';
    readonly limit: 'user' | 'project';
    readonly kind: Call['kind'];
  }) => void;
}

/** Drive counts units (get 5, edit 50, list 100). Its oldest quota, 12,000 a minute, is the smallest that exists. */
const DRIVE_UNITS_PER_MINUTE = 12_000;
/** What is left of the limit after a 429 that does not tell it. */
const LOWERED = 0.7;
/** Errors that do not tell whether Google has counted the request or has yet to. */
const SILENT: ReadonlySet<string> = new Set(['cancelled', 'timeout', 'outcome_unknown']);
/** Identities remembered for `usage` before idle ones are forgotten. */
const REMEMBERED = 1_000;

interface Bucket {
  readonly name: string;
  readonly configured: number;
}

type Learned = NonNullable<Limit['learned']> & { readonly at: number };

export function createQuota(options: QuotaOptions): Quota {
  const { clock, store, limits, attemptTimeoutMs, enabled, onRateLimited = () => {} } = options;
  if (!(limits.headroom > 0 && limits.headroom <= 1)) {
    throw new RangeError(`headroom must be over 0 and at most 1, got ${limits.headroom}`);
  }
  if (!(attemptTimeoutMs > 0 && attemptTimeoutMs < Infinity)) {
    throw new RangeError(`attemptTimeoutMs must be positive, got ${attemptTimeoutMs}`);
  }
  const withHeadroom = (perMinute: number) => {
    if (!(perMinute >= 1 && perMinute < Infinity)) throw new RangeError(`a limit must be 1 or more, got ${perMinute}`);
    return Math.max(1, Math.floor(perMinute * limits.headroom));
  };
  const configured = {
    read: {
      user: withHeadroom(limits.readsPerMinutePerUser),
      project: withHeadroom(limits.readsPerMinutePerProject),
    },
    write: {
      user: withHeadroom(limits.writesPerMinutePerUser),
      project: withHeadroom(limits.writesPerMinutePerProject),
    },
    drive: withHeadroom(DRIVE_UNITS_PER_MINUTE),
  };
  const learned = new Map<string, Learned>();
  /** User buckets of Sheets that may hold places of ours, with the time of their last send. */
  const sentFor = { read: new Map<string, number>(), write: new Map<string, number>() };

  const projectOf = (kind: Call['kind']) => ({ name: `project:${kind}`, configured: configured[kind].project });

  /** The user's, then the project's where there is one. */
  function bucketsOf({ api, kind, identity }: Call): readonly [Bucket, ...Bucket[]] {
    if (api === 'drive') return [{ name: `drive:${identity}`, configured: configured.drive }];
    return [{ name: `user:${kind}:${identity}`, configured: configured[kind].user }, projectOf(kind)];
  }

  function limitOf(bucket: Bucket): Limit {
    const own = learned.get(bucket.name);
    return { configured: bucket.configured, share: store.degraded ? 0.5 : 1, ...(own && { learned: own }) };
  }

  function earliest(buckets: readonly Bucket[], cost: number, now: number, { held, pausedUntil }: QuotaView): number {
    return Math.max(
      ...buckets.map((bucket) =>
        earliestSend(held.get(bucket.name) ?? [], limitOf(bucket), cost, now, pausedUntil.get(bucket.name) ?? now),
      ),
    );
  }

  function learn(bucket: Bucket, sentAt: number, now: number, limitValue: number | undefined): void {
    store.pause(bucket.name, now + WINDOW_MS);
    const before = learned.get(bucket.name);
    // Calls in flight when the limit was lowered belong to the same excess: they must not lower it again.
    if (before && sentAt <= before.at) return;
    const unshared = { ...limitOf(bucket), share: 1 };
    const told =
      limitValue !== undefined && limitValue > 0 ? limitValue * limits.headroom : placesAt(unshared, now) * LOWERED;
    const places = Math.max(1, Math.min(bucket.configured, Math.floor(told)));
    if (places === bucket.configured) learned.delete(bucket.name);
    // Minutes are clean from the end of the pause on.
    else learned.set(bucket.name, { places, since: now + WINDOW_MS, at: now });
  }

  function remember({ api, kind }: Call, bucket: Bucket, now: number): void {
    if (api !== 'sheets') return;
    const known = sentFor[kind];
    known.set(bucket.name, now);
    if (known.size <= REMEMBERED) return;
    for (const [name, at] of known) if (at < now - attemptTimeoutMs - WINDOW_MS) known.delete(name);
  }

  function ticket(call: Call, ids: readonly number[], at: number): Ticket {
    let released = false;
    return {
      release(error) {
        if (released) return;
        released = true;
        const now = clock.now();
        store.release(ids, (isAnswered(error) ? now : Math.max(at + attemptTimeoutMs, now)) + WINDOW_MS);
        if (error?.code !== 'quota_exhausted') return;
        const { scope: limit, limitValue } = error.details.quota ?? { scope: 'user' as const };
        onRateLimited({ type: 'rate_limited', limit, kind: call.kind });
        const [user, project = user] = bucketsOf(call);
        if (ids.length > 0) learn(limit === 'project' ? project : user, at, now, limitValue);
      },
    };
  }

  function usageOf(kind: Call['kind'], scope: QuotaUsage['scope'], buckets: readonly Bucket[]): QuotaUsage {
    const now = clock.now();
    const { held } = store.look(namesOf(buckets), now);
    const each = buckets.map((bucket) => ({
      places: placesAt(limitOf(bucket), now),
      used: (held.get(bucket.name) ?? []).reduce((sum, place) => sum + place.cost, 0),
    }));
    const [fullest] = each.sort((a, b) => b.used / b.places - a.used / a.places);
    return { kind, scope, ...(fullest ?? { places: configured[kind][scope], used: 0 }) };
  }

  return {
    waitMs(call) {
      if (!enabled()) return 0;
      const buckets = bucketsOf(call);
      const now = clock.now();
      const open = earliest(buckets, call.cost, now, store.look(namesOf(buckets), now));
      // Timers know whole milliseconds only, and waking one early would find no room.
      const wait = Math.ceil(open - now);
      return now + wait < open ? wait + 1 : wait;
    },
    take(call) {
      const now = clock.now();
      if (!enabled()) return ticket(call, [], now);
      const buckets = bucketsOf(call);
      const names = namesOf(buckets);
      const until = now + attemptTimeoutMs + WINDOW_MS;
      const ids = store.take(names, now, (held, pausedUntil) =>
        earliest(buckets, call.cost, now, { held, pausedUntil }) > now
          ? []
          : names.map((bucket) => ({ bucket, at: now, until, cost: call.cost })),
      );
      if (ids.length === 0) return undefined;
      remember(call, buckets[0], now);
      return ticket(call, ids, now);
    },
    usage: () =>
      (['read', 'write'] as const).flatMap((kind) => [
        usageOf(
          kind,
          'user',
          [...sentFor[kind].keys()].map((name) => ({ name, configured: configured[kind].user })),
        ),
        usageOf(kind, 'project', [projectOf(kind)]),
      ]),
  };
}

function namesOf(buckets: readonly Bucket[]): readonly string[] {
  return buckets.map((bucket) => bucket.name);
}

/** Whether Google can no longer count this attempt later: it has answered, or never got it. */
function isAnswered(error: ServalError | undefined): boolean {
  if (!error || error.details.sent === false) return true;
  return !SILENT.has(error.code) && error.details.cause === undefined;
}
