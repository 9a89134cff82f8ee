// Who holds places of the quota, kept where every process of this machine sees it and a restart does not forget it.
// Decides nothing about limits. It is a cache of the last minute: a file that cannot be read is replaced, and while
// the disk cannot be written, this process counts alone.

import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import { isSqliteFault, isUnusable, openQuotaFile, type QuotaFile, removeQuotaFile } from './quota-file.ts';
import { createPlaces, type Decide, EVERY_BUCKET, type Places, type View } from './quota-places.ts';

export interface QuotaLog {
  /**
   * In one atomic step across processes: shows `decide` what is held in these buckets at `now`, inserts the places it
   * returns and returns their ids.
   */
  take(buckets: readonly string[], now: number, decide: Decide): readonly number[];
  look(buckets: readonly string[], now: number): View;
  /** The places end at `until` instead; ids that are gone are left out. */
  release(ids: readonly number[], until: number): void;
  /** A pause in force is never shortened. */
  pause(bucket: string, until: number): void;
  /** True while nothing can be written, and other processes do not see what is taken here. */
  readonly degraded: boolean;
  close(): void;
}

/** So long may requests that a lost file knew of count at Google. */
const WINDOW_MS = 60_000;
/** How often a disk that failed is tried again. */
const RETRY_MS = 10_000;
/** A disk that fails again and again is logged this often. */
const QUIET_MS = 600_000;

/** A log of this process alone, forgotten with it. */
export function memoryQuotaLog(): QuotaLog {
  const places = createPlaces();
  const newId = countDown();
  return {
    take: (buckets, now, decide) => takeIn(places, buckets, now, decide, newId),
    look: places.view,
    release(ids, until) {
      for (const id of ids) places.setUntil(id, until);
    },
    pause: (bucket, until) => places.pause({ bucket, at: until, until }),
    degraded: false,
    close() {},
  };
}

/** Negative ids, which are never those of a file. */
function countDown(): () => number {
  let last = 0;
  return () => --last;
}

function takeIn(places: Places, buckets: readonly string[], now: number, decide: Decide, newId: () => number) {
  places.expire(now);
  const { held, pausedUntil } = places.view(buckets, now);
  const rows = decide(held, pausedUntil).map((place) => ({ ...place, id: newId() }));
  for (const row of rows) places.add(row);
  return rows.map((row) => row.id);
}

/** The log in a SQLite file; its folder must exist. Never throws for the file or the disk: see `degraded`. */
export function openQuotaLog({ file, clock, log }: { file: string; clock: Clock; log: Log }): QuotaLog {
  /** What the file held when its version was `seen`, and what this process has written since; or all there is. */
  let places = createPlaces();
  let seen: number | undefined;
  let disk: QuotaFile | undefined;
  let closed = false;
  let retryAt = -Infinity;
  let quietUntil = -Infinity;
  let announced = false;
  const newId = countDown();

  function refresh(from: QuotaFile): void {
    const version = from.version();
    if (version === seen) return;
    places = createPlaces(from.rows(), from.pauses());
    seen = version;
  }

  function openOrReplace(now: number): QuotaFile {
    try {
      return openQuotaFile(file, now);
    } catch (fault) {
      if (!isUnusable(fault)) throw fault;
      removeQuotaFile(file);
      const fresh = openQuotaFile(file, now);
      fresh.pause({ bucket: EVERY_BUCKET, at: now, until: now + WINDOW_MS });
      log.warn('The quota log could not be read and was begun anew; calls to Google wait for a minute.', {
        file,
        reason: wordsOf(fault),
      });
      return fresh;
    }
  }

  /** Opens the file unless it failed just now. What was taken without it is written into it. */
  function connect(now: number): QuotaFile | undefined {
    if (disk || closed || now < retryAt) return disk;
    let opened: QuotaFile | undefined;
    try {
      const target = (opened = openOrReplace(now));
      target.transact(() => {
        // A row with a file's id is there already, unless the file is a new one.
        for (const { id, ...place } of places.all()) target.insert(id > 0 ? { ...place, id } : place);
        for (const pause of places.pauses()) target.pause(pause);
      });
      seen = undefined;
      refresh(target);
      disk = target;
      if (announced) log.info('The quota log can be written again.', { file });
      announced = false;
    } catch (fault) {
      opened?.close();
      giveUp(fault, now);
    }
    return disk;
  }

  function giveUp(fault: unknown, now: number): void {
    retryAt = now + RETRY_MS;
    if (now < quietUntil) return;
    quietUntil = now + QUIET_MS;
    announced = true;
    log.warn('The quota log cannot be written: until it can, this process counts alone and sends half as much.', {
      file,
      reason: wordsOf(fault),
    });
  }

  /** A file that takes no writes may still tell what the other processes have taken. */
  function disconnect(from: QuotaFile): void {
    try {
      refresh(from);
    } catch {
      // Then what was known of them must do.
    }
    from.close();
    disk = undefined;
  }

  /** Does it with the file, or in memory where that fails. */
  function either<T>(now: number, onDisk: (disk: QuotaFile) => T, inMemory: () => T): T {
    // Twice, since a file whose content turns out to be unusable is replaced at once.
    for (let tries = 0; tries < 2; tries++) {
      const current = connect(now);
      if (!current) break;
      try {
        return onDisk(current);
      } catch (fault) {
        if (!isSqliteFault(fault)) throw fault;
        disconnect(current);
        if (tries > 0 || !isUnusable(fault)) giveUp(fault, now);
      }
    }
    return inMemory();
  }

  const quotaLog: QuotaLog = {
    take: (buckets, now, decide) =>
      either(
        now,
        (disk) => {
          const rows = disk.transact(() => {
            refresh(disk);
            for (const id of places.expire(now)) disk.remove(id);
            const { held, pausedUntil } = places.view(buckets, now);
            return decide(held, pausedUntil).map((place) => ({ ...place, id: disk.insert(place) }));
          });
          for (const row of rows) places.add(row);
          return rows.map((row) => row.id);
        },
        () => takeIn(places, buckets, now, decide, newId),
      ),
    look: (buckets, now) =>
      either(
        now,
        (disk) => {
          refresh(disk);
          return places.view(buckets, now);
        },
        () => places.view(buckets, now),
      ),
    release(ids, until) {
      const change = (target: { setUntil(id: number, until: number): void }) => {
        for (const id of ids) target.setUntil(id, until);
      };
      if (ids.length > 0) {
        either(
          clock.now(),
          (disk) => disk.transact(() => change(disk)),
          () => {},
        );
      }
      change(places);
    },
    pause(bucket, until) {
      const now = clock.now();
      const pause = { bucket, at: now, until };
      either(
        now,
        (disk) => disk.transact(() => disk.pause(pause)),
        () => {},
      );
      places.pause(pause);
    },
    get degraded() {
      return disk === undefined;
    },
    close() {
      disk?.close();
      disk = undefined;
      closed = true;
    },
  };
  connect(clock.now());
  return quotaLog;
}

function wordsOf(fault: unknown): string {
  return fault instanceof Error ? fault.message : 'unknown';
}
