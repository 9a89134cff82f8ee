// The ledger over the failures of its disk: one commit a turn, what must be told is told later, one line in the log.

import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { Level } from '../../src/log.ts';
import { openLedger, type Statements } from '../../src/store/ledger.ts';
import { LedgerRefused } from '../../src/store/ledger-file.ts';
import { ageMs } from '../../src/store/ledger-rows.ts';
import { temporaryFolder } from '../support/app.ts';
import { failureOf } from '../support/fake-google.ts';
import { createVirtualClock } from '../support/virtual-clock.ts';

const BROKEN = 'broken on purpose';

/** A folder that can be taken away and put back, and ledgers in it; turns end when the test says so. */
function disk() {
  const folder = join(temporaryFolder(), 'data');
  const away = `${folder}-away`;
  const clock = createVirtualClock();
  const lines: { level: Level; message: string; fields: Record<string, unknown> }[] = [];
  const say =
    (level: Level) =>
    (message: string, fields: object = {}) =>
      void lines.push({ level, message, fields: { ...fields } });
  const log = { error: say('ERROR'), warn: say('WARN'), info: say('INFO'), debug: say('DEBUG') };
  const turns: (() => void)[] = [];
  let owners = 0;
  const open = (afterTurn: (commit: () => void) => void = (commit) => turns.push(commit)) => {
    const ledger = openLedger({ folder, owner: `owner${++owners}`, clock, log, afterTurn });
    onTestFinished(() => ledger.close());
    return ledger;
  };
  renameSync(temporaryFolder(), folder);
  onTestFinished(() => rmSync(away, { recursive: true, force: true }));
  return {
    folder,
    clock,
    lines,
    turns,
    open,
    endTurn: () => {
      for (const commit of turns.splice(0)) commit();
    },
    /** Whoever opens the ledger now fails. */
    takeAway: () => renameSync(folder, away),
    putBack: () => renameSync(away, folder),
    /** Scopes on disk, as another process sees them. */
    scopes: () => {
      const db = new DatabaseSync(join(folder, 'ledger.sqlite'), { readOnly: true });
      try {
        return db
          .prepare('SELECT scope FROM applied ORDER BY scope')
          .all()
          .map(({ scope }) => scope);
      } finally {
        db.close();
      }
    },
  };
}

const put =
  (scope: string) =>
  ({ flushes }: Statements): string => {
    flushes.applied(scope, 'somebody');
    return scope;
  };

/** What SQLite throws when the disk fails. */
function fail(): never {
  const db = new DatabaseSync(':memory:');
  try {
    db.exec(BROKEN);
  } finally {
    db.close();
  }
  throw new Error('not broken');
}

describe('what is written', () => {
  test('is one commit for each turn, whoever asks', async () => {
    const { open, turns, endTurn, scopes } = disk();
    const ledger = open();
    const works = [ledger.soon(put('a')), ledger.soon(put('b')), ledger.surely((s) => void put('c')(s))];
    expect([turns.length, scopes()]).toEqual([1, []]);
    endTurn();
    expect(scopes()).toEqual(['a', 'b', 'c']);
    expect(await Promise.all(works)).toEqual(['a', 'b', undefined]);
  });

  test('is on disk when `now` returns, with what was pending', async () => {
    const { open, scopes } = disk();
    const ledger = open();
    const pending = ledger.soon(put('a'));
    expect(ledger.now(put('b'))).toBe('b');
    expect(scopes()).toEqual(['a', 'b']);
    expect(await pending).toBe('a');
  });

  test('fails alone for an error of its own, and nobody else is kept from writing', async () => {
    const { open, endTurn, scopes, lines } = disk();
    const [ledger, other] = [open(), open()];
    const wrong = ledger.soon(() => {
      throw new RangeError('of its own');
    });
    const right = ledger.soon(put('a'));
    await expect(wrong).rejects.toThrow(RangeError);
    endTurn();
    expect(await right).toBe('a');
    expect(other.now(put('b'))).toBe('b');
    expect([scopes(), lines, ledger.status().usable]).toEqual([['a', 'b'], [], true]);
  });

  test('by default ends its turn by itself', async () => {
    const { folder, clock, scopes } = disk();
    const log = { error: () => {}, warn: () => {}, info: () => {}, debug: () => {} };
    const ledger = openLedger({ folder, owner: 'o', clock, log });
    onTestFinished(() => ledger.close());
    expect(await ledger.soon(put('a'))).toBe('a');
    expect(scopes()).toEqual(['a']);
  });
});

describe('a disk that fails', () => {
  test('rejects all of the turn as unavailable, naming the ledger: nothing was sent', async () => {
    const { open, scopes, lines } = disk();
    const ledger = open();
    const works = [ledger.soon(put('a')), ledger.soon(fail), ledger.soon(put('b'))];
    for (const work of works) {
      const error = await failureOf(work);
      expect(error.code).toBe('unavailable');
      expect(error.message).toContain(BROKEN.split(' ')[0]);
      expect(error.details).toMatchObject({ store: 'ledger', sent: false, outcome: 'none', retryAfterMs: 2_000 });
    }
    expect(() => ledger.now(put('c'))).toThrow('The ledger cannot be used');
    expect(() => ledger.read(() => 1)).toThrow('The ledger cannot be used');
    expect([scopes(), ledger.status().usable]).toEqual([[], false]);
    expect(lines.map(({ level }) => level)).toEqual(['ERROR']);
  });

  test('seen by a read, fails what is pending with the same reason, and its turn ends without harm', async () => {
    const { open, endTurn, clock } = disk();
    const ledger = open();
    const pending = ledger.soon(put('a'));
    expect(() => ledger.read(fail)).toThrow('The ledger cannot be used');
    expect((await failureOf(pending)).message).toContain('broken');
    await clock.advance(2_000);
    expect(ledger.now(put('b'))).toBe('b');
    endTurn();
    expect(ledger.status()).toEqual({ usable: true, message: 'writable' });
  });

  test('is tried again every 2 s at most, and works again without a restart', async () => {
    const { open, clock, takeAway, putBack, scopes, lines } = disk();
    const ledger = open();
    takeAway();
    expect(() => ledger.now(fail)).toThrow('The ledger cannot be used');
    putBack();
    await clock.advance(1_999);
    expect(ledger.status().usable).toBe(false);
    takeAway();
    await clock.advance(1);
    expect(ledger.status()).toEqual({ usable: false, message: expect.stringMatching(/ENOENT.*make .* writable/) });
    putBack();
    await clock.advance(1_999);
    expect(() => ledger.now(put('a'))).toThrow('The ledger cannot be used');
    await clock.advance(1);
    expect(ledger.now(put('a'))).toBe('a');
    expect([scopes(), ledger.status().usable]).toEqual([['a'], true]);
    expect(lines.map(({ level }) => level)).toEqual(['ERROR']);
    await clock.advance(10_000);
    ledger.now(put('b'));
    expect(lines.map(({ level, message }) => [level, message])).toEqual([
      ['ERROR', 'the ledger cannot be used: writes are refused until it can'],
      ['INFO', 'the ledger can be used again'],
    ]);
  });

  test('now and then, as one that is nearly full does, is one time that it fails', async () => {
    const { open, clock, lines } = disk();
    const ledger = open();
    for (let n = 0; n < 20; n++) {
      expect(() => ledger.now(fail)).toThrow();
      await clock.advance(2_000);
      ledger.now(put(`${n}`));
      await clock.advance(9_999);
      ledger.now(put(`${n}`));
    }
    expect(lines.map(({ level }) => level)).toEqual(['ERROR']);
  });

  test('is logged once for each time that it fails, and again after 10 minutes', async () => {
    const { open, clock, takeAway, putBack, lines, folder } = disk();
    const ledger = open();
    takeAway();
    expect(() => ledger.now(fail)).toThrow();
    const fail10Minutes = async (step: number) => {
      for (let ms = 0; ms < 600_000 - step; ms += step) {
        await clock.advance(step);
        expect(() => ledger.now(put('a'))).toThrow();
      }
    };
    await fail10Minutes(5_000);
    expect(lines).toEqual([
      {
        level: 'ERROR',
        message: 'the ledger cannot be used: writes are refused until it can',
        fields: { file: join(folder, 'ledger.sqlite'), reason: expect.stringContaining('broken') },
      },
    ]);
    await clock.advance(5_000);
    expect(ledger.status().usable).toBe(false);
    expect(lines.map(({ level }) => level)).toEqual(['ERROR', 'ERROR']);
    putBack();
    await clock.advance(2_000);
    ledger.now(put('b'));
    await clock.advance(10_000);
    ledger.now(put('b'));
    expect(() => ledger.now(fail)).toThrow();
    expect(lines.map(({ level }) => level)).toEqual(['ERROR', 'ERROR', 'INFO', 'ERROR']);
  });

  test('does what must be told once it works again, in order', async () => {
    const { open, clock, takeAway, putBack, endTurn, scopes } = disk();
    const ledger = open();
    const order: string[] = [];
    const tell = (name: string) =>
      ledger.surely((statements) => {
        order.push(name);
        put(name)(statements);
      });
    takeAway();
    expect(() => ledger.now(fail)).toThrow();
    await Promise.all([tell('a'), tell('b')]);
    await clock.advance(2_000);
    await tell('c');
    expect(order).toEqual([]);
    putBack();
    await clock.advance(2_000);
    expect(ledger.status().usable).toBe(true);
    endTurn();
    expect([order, scopes()]).toEqual([
      ['a', 'b', 'c'],
      ['a', 'b', 'c'],
    ]);
  });

  test('which fails again while that is done: it is done once more', async () => {
    const { open, clock, endTurn, scopes } = disk();
    const ledger = open();
    expect(() => ledger.now(fail)).toThrow();
    let tries = 0;
    await ledger.surely((statements) => {
      put('a')(statements);
      if (++tries === 1) fail();
    });
    await clock.advance(2_000);
    expect(() => ledger.now(put('b'))).toThrow();
    await clock.advance(2_000);
    expect(ledger.now(put('c'))).toBe('c');
    endTurn();
    expect([tries, scopes()]).toEqual([2, ['a', 'c']]);
  });

  test('an error of the work itself is not taken for the disk', async () => {
    const { open, endTurn, lines } = disk();
    const ledger = open();
    const told = ledger.surely(() => {
      throw new RangeError('of its own');
    });
    await expect(told).rejects.toThrow(RangeError);
    endTurn();
    expect([ledger.status().usable, lines]).toEqual([true, []]);
  });

  test('at start it is no reason not to start', async () => {
    const { open, clock, takeAway, putBack, lines } = disk();
    takeAway();
    const ledger = open();
    expect([ledger.status().usable, ledger.isWorker()]).toEqual([false, false]);
    expect(lines.map(({ level }) => level)).toEqual(['ERROR']);
    putBack();
    await clock.advance(2_000);
    expect([ledger.now(put('a')), ledger.isWorker()]).toEqual(['a', true]);
  });

  test('a process stays on the roll meanwhile: the others do not take it for gone', async () => {
    const { open, clock } = disk();
    const [ledger, other] = [open(), open()];
    expect(() => ledger.now(fail)).toThrow();
    expect([other.isGone(ledger.owner), other.gone()]).toEqual([false, []]);
    await clock.advance(2_000);
    ledger.now(put('a'));
    expect([other.isGone(ledger.owner), other.gone()]).toEqual([false, []]);
  });

  test('a roll that was taken away is entered again', async () => {
    const { open, clock, folder } = disk();
    const [ledger, other] = [open(), open()];
    rmSync(join(folder, 'processes'), { recursive: true });
    expect(() => ledger.now(fail)).toThrow();
    expect(() => other.now(fail)).toThrow();
    await clock.advance(2_000);
    ledger.now(put('a'));
    other.now(put('b'));
    expect([other.isGone(ledger.owner), ledger.isGone(other.owner), ledger.gone()]).toEqual([false, false, []]);
  });
});

describe('a file that can never be used', () => {
  test('ends the start with what to do, without a second voice in the log', () => {
    const { open, folder, lines } = disk();
    writeFileSync(join(folder, 'ledger.sqlite'), 'no database\n'.repeat(500));
    expect(() => open()).toThrow(LedgerRefused);
    expect(() => open()).toThrow(/put back a copy/);
    expect(lines).toEqual([]);
  });

  test('also when it has the right schema number and other tables', () => {
    const { open, folder } = disk();
    const db = new DatabaseSync(join(folder, 'ledger.sqlite'));
    db.exec('CREATE TABLE something (a); PRAGMA user_version = 1');
    db.close();
    expect(() => open()).toThrow(/damaged or not a ledger \(no such table/);
  });

  test('while the process runs, refuses writes and says what to do', async () => {
    const { open, folder, clock, lines } = disk();
    const ledger = open();
    expect(() => ledger.now(fail)).toThrow();
    for (const suffix of ['', '-wal', '-shm']) rmSync(join(folder, `ledger.sqlite${suffix}`), { force: true });
    writeFileSync(join(folder, 'ledger.sqlite'), 'no database\n'.repeat(500));
    await clock.advance(2_000);
    expect(() => ledger.now(put('a'))).toThrow(/put back a copy/);
    expect(ledger.status().usable).toBe(false);
    expect(lines.map(({ level }) => level)).toEqual(['ERROR']);
  });
});

describe('closed', () => {
  test('it gives up what is not on disk and is on no roll', async () => {
    const { open, scopes, lines, endTurn } = disk();
    const [ledger, other] = [open(), open()];
    const pending = ledger.soon(put('a'));
    ledger.close();
    expect((await failureOf(pending)).code).toBe('unavailable');
    endTurn();
    expect([scopes(), lines, other.gone(), other.isGone(ledger.owner)]).toEqual([[], [], [], true]);
    expect(() => ledger.now(put('b'))).toThrow('The ledger cannot be used');
  });

  test('it hands the worker on', () => {
    const { open } = disk();
    const [ledger, other] = [open(), open()];
    expect([ledger.isWorker(), other.isWorker(), ledger.isWorker()]).toEqual([true, false, true]);
    ledger.close();
    expect([other.isWorker(), ledger.isWorker()]).toEqual([true, false]);
  });
});

describe('ages', () => {
  const HOUR = 3_600_000;
  const row = { wall: 100 * HOUR, mono: 10 * HOUR };

  test.each([
    ['one hour by both clocks', { wall: 101 * HOUR, mono: 11 * HOUR }, HOUR],
    ['the wall clock set forward by a day', { wall: 125 * HOUR, mono: 11 * HOUR }, HOUR],
    ['the wall clock set back by a day', { wall: 77 * HOUR, mono: 11 * HOUR }, HOUR],
    ['after a reboot the wall clock alone counts', { wall: 105 * HOUR, mono: HOUR }, 5 * HOUR],
    ['after a reboot with the wall clock set back', { wall: 99 * HOUR, mono: HOUR }, 0],
    [
      'a boot that has lasted longer than the earlier one had: too young rather than too old',
      { wall: 130 * HOUR, mono: 12 * HOUR },
      2 * HOUR,
    ],
  ])('%s', (_, now, age) => {
    expect(ageMs(row, now)).toBe(age);
  });
});
