// Places of the quota in memory: all there is, or the mirror of a file. Decides nothing about limits, does no I/O.

/** The room of one call in one bucket; times are ms on `Clock.now()`'s scale. */
export interface Place {
  readonly bucket: string;
  readonly at: number;
  /** Held while now < until. */
  readonly until: number;
  readonly cost: number;
}

export interface Row extends Place {
  readonly id: number;
}

export interface Pause {
  readonly bucket: string;
  /** When it began. */
  readonly at: number;
  readonly until: number;
}

export interface View {
  /** Every bucket asked for is in it. */
  readonly held: ReadonlyMap<string, readonly Place[]>;
  /** Only pauses in force. */
  readonly pausedUntil: ReadonlyMap<string, number>;
}

/** Must be free of effects: it is asked again when the disk fails. */
export type Decide = (held: View['held'], pausedUntil: View['pausedUntil']) => readonly Place[];

/** Stands for every bucket in a pause. */
export const EVERY_BUCKET = '*';

export interface Places {
  all(): Row[];
  pauses(): Pause[];
  add(row: Row): void;
  /** Does nothing for an id that is gone. */
  setUntil(id: number, until: number): void;
  /** A pause in force is never shortened. */
  pause(pause: Pause): void;
  view(buckets: readonly string[], now: number): View;
  /** Forgets what has ended and tells the ids of the places. */
  expire(now: number): number[];
}

export function createPlaces(rows: readonly Row[] = [], pausesBefore: readonly Pause[] = []): Places {
  const buckets = new Map<string, Map<number, Row>>();
  const bucketOf = new Map<number, string>();
  const pauses = new Map(pausesBefore.map((pause) => [pause.bucket, pause]));
  /** No place ends earlier. */
  let nextEnd = Infinity;

  function add(row: Row): void {
    const bucket = buckets.get(row.bucket) ?? new Map<number, Row>();
    buckets.set(row.bucket, bucket.set(row.id, row));
    bucketOf.set(row.id, row.bucket);
    nextEnd = Math.min(nextEnd, row.until);
  }
  for (const row of rows) add(row);

  const all = () => [...buckets.values()].flatMap((bucket) => [...bucket.values()]);
  const pauseOf = (bucket: string) => pauses.get(bucket)?.until ?? -Infinity;

  return {
    all,
    pauses: () => [...pauses.values()],
    add,
    setUntil(id, until) {
      const row = buckets.get(bucketOf.get(id) ?? '')?.get(id);
      if (row) add({ ...row, until });
    },
    pause(pause) {
      if (pause.until > pauseOf(pause.bucket)) pauses.set(pause.bucket, pause);
    },
    view(asked, now) {
      const rowsOf = (name: string) => [...(buckets.get(name)?.values() ?? [])].filter((row) => row.until > now);
      const paused = asked.map((name) => [name, Math.max(pauseOf(name), pauseOf(EVERY_BUCKET))] as const);
      return {
        held: new Map(asked.map((name) => [name, rowsOf(name)])),
        pausedUntil: new Map(paused.filter(([, until]) => until > now)),
      };
    },
    expire(now) {
      for (const { bucket, until } of pauses.values()) if (until <= now) pauses.delete(bucket);
      if (now < nextEnd) return [];
      const ended = all().filter((row) => row.until <= now);
      for (const { id, bucket: name } of ended) {
        const bucket = buckets.get(name);
        bucket?.delete(id);
        if (bucket?.size === 0) buckets.delete(name);
        bucketOf.delete(id);
      }
      nextEnd = all().reduce((least, row) => Math.min(least, row.until), Infinity);
      return ended.map((row) => row.id);
    },
  };
}
