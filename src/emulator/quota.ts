// Google's request quota: fixed windows of one minute whose phase the caller does not know, reads and writes apart,
// per user and per project. Counts and decides; the refusal's text is in fault-answers.ts.

import type { Clock } from '../clock.ts';
import { createRing, type Ring, type Seen } from './seen.ts';

/** Requests a minute. */
export interface QuotaLimits {
  readonly readsPerMinutePerUser: number;
  readonly writesPerMinutePerUser: number;
  readonly readsPerMinutePerProject: number;
  readonly writesPerMinutePerProject: number;
}

/** What a project has unless it asked for more: developers.google.com/workspace/sheets/api/limits. */
export const GOOGLE_LIMITS: QuotaLimits = {
  readsPerMinutePerUser: 60,
  writesPerMinutePerUser: 60,
  readsPerMinutePerProject: 300,
  writesPerMinutePerProject: 300,
};
export const WINDOW_MS = 60_000;
const COUNTED_LIMIT = 100_000;

export interface Refusal {
  readonly per: 'user' | 'project';
  readonly limit: number;
}

export interface Counted {
  readonly user: string;
  readonly kind: Seen['kind'];
  /** `Clock.now()` of each counted request, in order; the last 100,000. */
  readonly times: readonly number[];
}

export interface Quota {
  /**
   * Limits from now on, or none. A window begins at `phaseMs` on the clock and every minute after. What was counted
   * under the limits that these replace counts on; after a time without any, counting begins anew.
   */
  enforce(limits: (QuotaLimits & { readonly phaseMs: number }) | undefined): void;
  /** Counts a request of the Sheets API, or says which limit refuses it; a refused one is not counted. */
  take(request: Seen): Refusal | undefined;
  /** Everything counted, with limits or without. */
  counted(): readonly Counted[];
}

/** The bucket that every user shares. */
const PROJECT = Symbol('project');
const KINDS = ['read', 'write'] as const;
const perKind = <T>(make: () => T) => ({ read: make(), write: make() });

export function createQuota(clock: Clock): Quota {
  let limits: (QuotaLimits & { readonly phaseMs: number }) | undefined;
  const all = perKind(() => new Map<string, Ring<number>>());
  /** Times of the last minute, ascending, counted while there were limits. */
  let recent = perKind(() => new Map<string | typeof PROJECT, number[]>());

  /** What a bucket holds in the window at hand. */
  function held(kind: Seen['kind'], bucket: string | typeof PROJECT, phaseMs: number): number {
    const times = recent[kind].get(bucket) ?? [];
    const now = clock.now();
    while (times[0] !== undefined && times[0] <= now - WINDOW_MS) times.shift();
    const start = Math.floor((now - phaseMs) / WINDOW_MS) * WINDOW_MS + phaseMs;
    return times.length - 1 - times.findLastIndex((at) => at < start);
  }

  function full(kind: Seen['kind'], user: string): Refusal | undefined {
    if (!limits) return undefined;
    const read = kind === 'read';
    const perUser = read ? limits.readsPerMinutePerUser : limits.writesPerMinutePerUser;
    if (held(kind, user, limits.phaseMs) >= perUser) return { per: 'user', limit: perUser };
    const perProject = read ? limits.readsPerMinutePerProject : limits.writesPerMinutePerProject;
    return held(kind, PROJECT, limits.phaseMs) >= perProject ? { per: 'project', limit: perProject } : undefined;
  }

  return {
    enforce: (next) => {
      if (!limits) recent = perKind(() => new Map());
      limits = next;
    },
    take: ({ api, user, kind }) => {
      if (api !== 'sheets') return undefined;
      const refusal = full(kind, user);
      if (refusal) return refusal;
      for (const bucket of limits ? ([user, PROJECT] as const) : []) {
        const times = recent[kind].get(bucket) ?? [];
        times.push(clock.now());
        recent[kind].set(bucket, times);
      }
      const ring = all[kind].get(user) ?? createRing<number>(COUNTED_LIMIT);
      ring.push(clock.now());
      all[kind].set(user, ring);
      return undefined;
    },
    counted: () => KINDS.flatMap((kind) => [...all[kind]].map(([user, ring]) => ({ user, kind, times: ring.list() }))),
  };
}
