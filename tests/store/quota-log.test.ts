// The quota's places on disk: shared by processes, kept over restarts, and worked around when the file or the disk fails.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import fc from 'fast-check';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { Level } from '../../src/log.ts';
import { createQuota, type Place, type QuotaStore } from '../../src/resilience/quota.ts';
import { memoryQuotaLog, openQuotaLog } from '../../src/store/quota-log.ts';
import { ROOT } from '../support/app.ts';
import { CALLS } from '../support/fake-google.ts';
import { createVirtualClock, type VirtualClock } from '../support/virtual-clock.ts';

const MINUTE = 60_000;

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'quota-log-'));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

/** Logs on files, with one record of what they logged. */
function disk(path = join(folder(), 'quota.sqlite')) {
  const lines: { level: Level; message: string; fields: object }[] = [];
  const say =
    (level: Level) =>
    (message: string, fields: object = {}) =>
      void lines.push({ level, message, fields });
  const log = { error: say('ERROR'), warn: say('WARN'), info: say('INFO'), debug: say('DEBUG') };
  const open = (clock: VirtualClock = createVirtualClock()) => {
    const store = openQuotaLog({ file: path, clock, log });
    onTestFinished(() => store.close());
    return store;
  };
  return { path, lines, open };
}

/** Takes one place where fewer than `most` are held and nothing is paused. */
function takeOne(store: QuotaStore, bucket: string, now: number, most = Infinity, forMs = MINUTE): readonly number[] {
  return store.take([bucket], now, (held, pausedUntil) =>
    (held.get(bucket)?.length ?? 0) < most && !pausedUntil.has(bucket)
      ? [{ bucket, at: now, until: now + forMs, cost: 1 }]
      : [],
  );
}

function untilOf(store: QuotaStore, bucket: string, now: number): number[] {
  return (store.look([bucket], now).held.get(bucket) ?? []).map((place) => place.until);
}

function pauseOf(store: QuotaStore, bucket: string, now: number): number | undefined {
  return store.look([bucket], now).pausedUntil.get(bucket);
}

async function advanced(ms: number): Promise<VirtualClock> {
  const clock = createVirtualClock();
  await clock.advance(ms);
  return clock;
}

describe.each([
  { kind: 'in memory', open: () => memoryQuotaLog() },
  { kind: 'in a file', open: () => disk().open() },
])('a log $kind', ({ open }) => {
  test('shows what is held in the buckets asked for, and takes what is decided', () => {
    const store = open();
    const seen: object[] = [];
    const place = { bucket: 'a', at: 1, until: 100, cost: 5 };
    const ids = store.take(['a', 'b'], 1, (held, pausedUntil) => {
      seen.push(held, pausedUntil);
      return [place, { ...place, bucket: 'b' }, { ...place, bucket: 'c' }];
    });
    expect(seen).toEqual([
      new Map([
        ['a', []],
        ['b', []],
      ]),
      new Map(),
    ]);
    expect(new Set(ids).size).toBe(3);
    const { held } = store.look(['a', 'none'], 99);
    expect([...held.keys()]).toEqual(['a', 'none']);
    expect(held.get('a')).toEqual([expect.objectContaining(place)]);
    expect(store.take(['a'], 1, () => [])).toEqual([]);
    expect(store.degraded).toBe(false);
  });

  test('holds a place until its time and no longer', () => {
    const store = open();
    const [first = 0, second = 0] = [takeOne(store, 'a', 0), takeOne(store, 'a', 0)].flat();
    store.release([first, 12_345], 10);
    expect([untilOf(store, 'a', 9), untilOf(store, 'a', 10)]).toEqual([[10, MINUTE], [MINUTE]]);
    expect(takeOne(store, 'a', 10, 2)).toHaveLength(1);
    store.release([first], 99_999); // it is gone
    store.release([second], 20);
    store.release([], 20);
    expect(untilOf(store, 'a', 20)).toEqual([10 + MINUTE]);
  });

  test('never ends the place of another call by a late release', () => {
    const store = open();
    const late = takeOne(store, 'a', 0, Infinity, 10);
    takeOne(store, 'a', 20);
    store.release(late, 30);
    expect(untilOf(store, 'a', 30)).toEqual([20 + MINUTE]);
  });

  test('keeps the longest pause of a bucket while it is in force', () => {
    const store = open();
    store.pause('a', 50);
    store.pause('a', 40);
    expect([0, 49, 50].map((now) => pauseOf(store, 'a', now))).toEqual([50, 50, undefined]);
    expect(pauseOf(store, 'b', 0)).toBeUndefined();
    store.pause('a', 60);
    expect(pauseOf(store, 'a', 0)).toBe(60);
  });

  test('passes on what decide throws, having taken nothing', () => {
    const store = open();
    const fault = () => {
      throw new RangeError('ours');
    };
    expect(() => store.take(['a'], 0, fault)).toThrow('ours');
    expect(untilOf(store, 'a', 0)).toEqual([]);
    expect([takeOne(store, 'a', 0).length, store.degraded]).toEqual([1, false]);
  });

  test('takes no harm from a close', () => {
    const store = open();
    const ids = takeOne(store, 'a', 0);
    store.close();
    store.close();
    store.release(ids, 1);
    store.pause('a', 1);
  });
});

describe('one file', () => {
  test('two logs on it show the same as one in memory, whatever is done to either', () => {
    const bucket = fc.constantFrom('a', 'b');
    const action = fc.record({
      log: fc.nat(1),
      passMs: fc.nat(20),
      act: fc.constantFrom('take', 'take', 'release', 'pause', 'look', 'reopen'),
      bucket,
      forMs: fc.nat(60),
    });
    const property = fc.asyncProperty(fc.array(action, { maxLength: 80, size: 'max' }), async (actions) => {
      const { open } = disk();
      const clock = createVirtualClock();
      const logs = [open(clock), open(clock)];
      const model = memoryQuotaLog();
      const tickets: { real: readonly number[]; ideal: readonly number[]; until: number }[] = [];
      for (const { log, passMs, act, bucket, forMs } of actions) {
        await clock.advance(passMs);
        const now = clock.now();
        const store = logs[log] ?? model;
        if (act === 'take') {
          const real = takeOne(store, bucket, now, 4, forMs);
          tickets.push({ real, ideal: takeOne(model, bucket, now, 4, forMs), until: now + forMs });
        } else if (act === 'release') {
          // One that has ended may be deleted already or not.
          const { real, ideal, until } = tickets.shift() ?? { real: [], ideal: [], until: Infinity };
          if (until <= now) continue;
          store.release(real, now + forMs);
          model.release(ideal, now + forMs);
        } else if (act === 'pause') {
          store.pause(bucket, now + forMs);
          model.pause(bucket, now + forMs);
        } else if (act === 'reopen') {
          store.close();
          logs[log] = open(clock);
        }
        const shown = (one: QuotaStore) => {
          const { held, pausedUntil } = one.look(['a', 'b'], now);
          const times = [...held].map(([name, places]) => [name, places.map(({ at, until }) => [at, until]).sort()]);
          return { times, paused: [...pausedUntil] };
        };
        for (const one of logs) expect(shown(one)).toEqual(shown(model));
      }
      for (const one of logs) one.close();
    });
    return fc.assert(property, { numRuns: 25 });
  });

  test('a restart forgets nothing', async () => {
    const { path, lines, open } = disk();
    const first = open();
    takeOne(first, 'a', 0);
    first.pause('b', 30_000);
    first.close();
    const again = open(await advanced(1_000));
    expect([untilOf(again, 'a', 1_000), pauseOf(again, 'b', 1_000)]).toEqual([[MINUTE], 30_000]);
    again.close();
    const later = open(await advanced(MINUTE));
    expect([untilOf(later, 'a', MINUTE), pauseOf(later, 'b', MINUTE), lines]).toEqual([[], undefined, []]);
    later.close();
    const rows = new DatabaseSync(path);
    expect(rows.prepare('SELECT (SELECT count(*) FROM places) + (SELECT count(*) FROM pauses) AS n').get()).toEqual({
      n: 0,
    });
    rows.close();
  });

  test('does not grow: what has ended is deleted as others come', () => {
    const { path, open } = disk();
    const store = open();
    for (let now = 0; now < 1_000; now++) {
      takeOne(store, `a${now % 7}`, now, Infinity, 10);
      store.pause(`b${now}`, now + 10);
    }
    store.close();
    const rows = new DatabaseSync(path);
    expect(rows.prepare('SELECT count(*) AS n FROM places').get()).toEqual({ n: 10 });
    expect(rows.prepare('SELECT count(*) AS n FROM pauses').get()?.n).toBeLessThan(1_001);
    rows.close();
  });

  test('rows from the future are of another boot and count as begun now', async () => {
    const { open, lines } = disk();
    const boot = await advanced(5_000_000);
    const before = open(boot);
    takeOne(before, 'a', 5_000_000, 1, 80_000);
    before.pause('b', 5_000_000 + MINUTE);
    before.close();
    const clock = await advanced(100);
    const after = open(clock);
    expect([untilOf(after, 'a', 100), pauseOf(after, 'b', 100)]).toEqual([[80_100], MINUTE + 100]);
    await clock.advance(50_000);
    const third = open(clock); // they have been aged once and for all
    expect([untilOf(third, 'a', 50_100), pauseOf(third, 'b', 50_100), lines]).toEqual([[80_100], MINUTE + 100, []]);
  });

  test('a row that is ahead by the wait for a lock is of this boot', async () => {
    const { open } = disk();
    takeOne(open(await advanced(1_500)), 'a', 1_500);
    expect(untilOf(open(await advanced(1_000)), 'a', 1_000)).toEqual([1_500 + MINUTE]);
  });

  test.each([
    { what: 'is no database', spoil: (path: string) => writeFileSync(path, 'garbage '.repeat(2_000)) },
    {
      what: 'has a damaged page',
      spoil: (path: string) => {
        const bytes = readFileSync(path);
        writeFileSync(path, bytes.fill(0xa5, 4_096));
      },
    },
    {
      what: 'has damage where only a take would meet it',
      spoil: (path: string) => {
        const database = new DatabaseSync(path);
        const found = database.prepare("SELECT rootpage FROM sqlite_schema WHERE name = 'sqlite_sequence'").get();
        database.close();
        const page = Number(found?.rootpage) * 4_096;
        writeFileSync(path, readFileSync(path).fill(0xa5, page - 4_096, page));
      },
    },
    {
      what: 'holds other tables',
      spoil: (path: string) => {
        const other = new DatabaseSync(path);
        other.exec('DROP TABLE places; CREATE TABLE places (name TEXT)');
        other.close();
      },
    },
    {
      what: 'is of another version',
      spoil: (path: string) => {
        const newer = new DatabaseSync(path);
        newer.exec('PRAGMA user_version = 99');
        newer.close();
      },
    },
  ])('that $what is begun anew, and everything waits for a minute', async ({ spoil }) => {
    const { path, lines, open } = disk();
    const first = open();
    takeOne(first, 'a', 0);
    first.close();
    spoil(path);
    const store = open(await advanced(7_000));
    expect([untilOf(store, 'a', 7_000), store.degraded]).toEqual([[], false]);
    expect(['a', 'never seen'].map((bucket) => pauseOf(store, bucket, 7_000))).toEqual([67_000, 67_000]);
    expect(takeOne(store, 'a', 66_999)).toEqual([]);
    expect(takeOne(store, 'a', 67_000)).toHaveLength(1);
    expect(lines.map(({ level, message }) => [level, message])).toEqual([
      ['WARN', 'The quota log could not be read and was begun anew; calls to Google wait for a minute.'],
    ]);
    const other = open(await advanced(67_000));
    expect([untilOf(other, 'a', 67_000), lines.length]).toEqual([[127_000], 1]);
  });

  test('that turns out to be damaged while in use is begun anew, and what this process held stays held', () => {
    const { path, lines, open } = disk();
    const store = open();
    const ids = takeOne(store, 'a', 0);
    const saboteur = new DatabaseSync(path);
    saboteur.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    writeFileSync(path, readFileSync(path).fill(0xa5, 0, 8_192));
    // A change by another connection, so that the pages are read again.
    try {
      saboteur.exec('DELETE FROM pauses');
    } catch {
      // It may have seen the damage first.
    }
    saboteur.close();
    expect(takeOne(store, 'b', 1)).toEqual([]);
    expect([untilOf(store, 'a', 1), pauseOf(store, 'a', 1), store.degraded]).toEqual([[MINUTE], MINUTE + 1, false]);
    store.release(ids, 30_000);
    expect(untilOf(open(), 'a', 1)).toEqual([30_000]);
    expect(lines).toHaveLength(1);
  });
});

describe('a disk that cannot be written', () => {
  const WARNING = 'The quota log cannot be written: until it can, this process counts alone and sends half as much.';

  test('leaves a log in memory, one line in the log, and half of the places', async () => {
    const inTheWay = join(folder(), 'file');
    writeFileSync(inTheWay, '');
    const { lines, open } = disk(join(inTheWay, 'quota.sqlite'));
    const clock = createVirtualClock();
    const store = open(clock);
    expect(store.degraded).toBe(true);
    const ids = takeOne(store, 'a', 0, 1);
    expect(takeOne(store, 'a', 1, 1)).toEqual([]);
    store.release(ids, 500);
    store.pause('b', 500);
    expect([untilOf(store, 'a', 1), pauseOf(store, 'b', 1)]).toEqual([[500], 500]);
    const limits = {
      readsPerMinutePerUser: 60,
      writesPerMinutePerUser: 60,
      readsPerMinutePerProject: 300,
      writesPerMinutePerProject: 300,
      headroom: 0.9,
    };
    const quota = createQuota({ clock, store, limits, attemptTimeoutMs: 20_000, enabled: () => true });
    for (let i = 0; i < 240; i++) {
      await clock.advance(250);
      quota.take(CALLS.read);
    }
    expect(quota.usage()[0]).toEqual({ kind: 'read', scope: 'user', places: 27, used: 27 });
    expect(lines).toEqual([
      { level: 'WARN', message: WARNING, fields: expect.objectContaining({ reason: expect.any(String) }) },
    ]);
  });

  test.skipIf(process.getuid?.() === 0)('a folder that is read-only is such a disk', () => {
    const path = folder();
    chmodSync(path, 0o500);
    const { lines, open } = disk(join(path, 'quota.sqlite'));
    const store = open();
    expect([store.degraded, takeOne(store, 'a', 0).length, lines.length]).toEqual([true, 1, 1]);
  });

  test('is tried again, and what was taken meanwhile is then on it', async () => {
    const parent = join(folder(), 'later');
    const { path, lines, open } = disk(join(parent, 'quota.sqlite'));
    const clock = createVirtualClock();
    const store = open(clock);
    const ids = takeOne(store, 'a', 0);
    store.pause('b', 40_000);
    mkdirSync(parent);
    await clock.advance(9_999);
    takeOne(store, 'a', 9_999);
    expect([store.degraded, existsSync(path)]).toEqual([true, false]);
    await clock.advance(1);
    expect(untilOf(store, 'a', 10_000)).toEqual([MINUTE, MINUTE + 9_999]);
    expect(store.degraded).toBe(false);
    const other = open(clock);
    expect([untilOf(other, 'a', 10_000), pauseOf(other, 'b', 10_000)]).toEqual([[MINUTE, MINUTE + 9_999], 40_000]);
    store.release(ids, 11_000); // unknown to the file: it stays as it was
    expect(untilOf(store, 'a', 12_000)).toHaveLength(2);
    expect(lines.map(({ level }) => level)).toEqual(['WARN', 'INFO']);
  });

  test('in the midst of its work: what the file held is still counted; failing again is not logged again', async () => {
    const { path, lines, open } = disk();
    const clock = createVirtualClock();
    const store = open(clock);
    const ids = takeOne(store, 'a', 0);
    takeOne(open(clock), 'a', 0);
    const stopped = new DatabaseSync(path);
    stopped.exec('BEGIN IMMEDIATE'); // a process that was stopped while it held the lock
    expect(takeOne(store, 'a', 0, 3)).toHaveLength(1);
    expect(takeOne(store, 'a', 0, 3)).toEqual([]);
    expect([store.degraded, untilOf(store, 'a', 0).length]).toEqual([true, 3]);
    store.release(ids, 100);
    await clock.advance(10_000);
    expect(takeOne(store, 'a', 10_000, 3)).toHaveLength(1);
    expect([store.degraded, lines.map(({ message }) => message)]).toEqual([true, [WARNING]]);
    stopped.exec('COMMIT');
    stopped.close();
    await clock.advance(10_000);
    // The release that the file did not see is forgotten: held for longer, never for less.
    expect(untilOf(store, 'a', 20_000)).toHaveLength(4);
    expect([store.degraded, lines.map(({ level }) => level)]).toEqual([false, ['WARN', 'INFO']]);
  });
});

describe('three processes on one file', () => {
  /** Takes as fast as it can for a while, or until it has failed often; prints what it took. */
  const WORKER = `
    import { systemClock as clock } from '${ROOT}/src/clock.ts';
    import { openQuotaLog } from '${ROOT}/src/store/quota-log.ts';
    const [file, places, forMs, runMs] = process.argv.slice(1);
    const say = (message) => process.stderr.write(message + '\\n');
    const log = { error: say, warn: say, info: say, debug: say };
    const store = openQuotaLog({ file, clock, log });
    const taken = [];
    const end = clock.now() + Number(runMs);
    while (clock.now() < end) {
      const at = clock.now();
      const place = { bucket: 'a', at, until: at + Number(forMs), cost: 1 };
      const room = (held) => held.get('a').length < Number(places);
      const ids = store.take(['a'], at, (held) => (room(held) ? [place] : []));
      // What is sent is sent now, after a wait for the lock perhaps.
      if (ids.length > 0) taken.push([clock.now(), place.until]);
      await clock.sleep(clock.random() * 3);
    }
    store.close();
    process.stdout.write(JSON.stringify(taken));
  `;

  async function work(file: string, places: number, forMs: number, runMs: number) {
    const args = ['--input-type=module-typescript', '-e', WORKER, file, ...[places, forMs, runMs].map(String)];
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'], env: { NODE_NO_WARNINGS: '1' } });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    onTestFinished(() => void child.kill('SIGKILL'));
    await once(child, 'close');
    const taken: [at: number, until: number][] = stdout === '' ? [] : JSON.parse(stdout);
    return { taken, stderr };
  }

  async function together(places: number, forMs: number, runMs: number) {
    const file = join(folder(), 'quota.sqlite');
    const workers = await Promise.all([1, 2, 3].map(() => work(file, places, forMs, runMs)));
    expect(workers.map(({ stderr }) => stderr)).toEqual(['', '', '']);
    return { all: workers.flatMap(({ taken }) => taken), each: workers.map(({ taken }) => taken.length) };
  }

  test('take the places once, not three times', async () => {
    expect((await together(54, MINUTE, 700)).all).toHaveLength(54);
  });

  test('never hold more than the places at any time, while places end and are taken again', async () => {
    const { all, each } = await together(20, 150, 1_200);
    const heldAt = (time: number) => all.filter(([at, until]) => at <= time && until > time).length;
    const most = Math.max(...all.map(([at]) => heldAt(at)));
    expect([most <= 20, most > 10]).toEqual([true, true]);
    expect(Math.min(...each)).toBeGreaterThan(0);
  });
});

test('a place is what both sides call so', () => {
  const place: Place = { bucket: 'a', at: 0, until: 1, cost: 1 };
  const store: QuotaStore = memoryQuotaLog();
  expect(store.take(['a'], 0, () => [place])).toHaveLength(1);
});
