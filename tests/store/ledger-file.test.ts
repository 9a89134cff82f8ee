// The ledger's file: what is refused at start and left as it is, how a schema comes up, and one commit for a turn.

import { mkdirSync, readFileSync, statSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createGroupCommit, LedgerRefused, openLedgerFile, remoteFileSystem } from '../../src/store/ledger-file.ts';
import { SCHEMA_VERSION } from '../../src/store/ledger-rows.ts';
import { temporaryFolder } from '../support/app.ts';

const fileIn = (folder: string) => join(folder, 'ledger.sqlite');

function opened(file: string): DatabaseSync {
  const db = openLedgerFile(file);
  onTestFinished(() => {
    if (db.isOpen) db.close();
  });
  return db;
}

function pragma(db: DatabaseSync, name: string): unknown {
  return Object.values(db.prepare(`PRAGMA ${name}`).get() ?? {})[0];
}

const tablesOf = (db: DatabaseSync) =>
  db
    .prepare("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name")
    .all()
    .map(({ name }) => name);

/** What opening a file says; the file must be as it was. */
function refused(file: string): string {
  const before = readFileSync(file);
  const mode = statSync(file).mode;
  let said = '';
  try {
    openLedgerFile(file).close();
  } catch (fault) {
    expect(fault).toBeInstanceOf(LedgerRefused);
    said = fault instanceof Error ? fault.message : '';
  }
  expect(readFileSync(file).equals(before)).toBe(true);
  expect(statSync(file).mode).toBe(mode);
  return said;
}

describe('file systems', () => {
  test.each([
    ['NFS', 0x6969],
    ['SMB', 0xfe534d42],
    ['SMB', 0x517b],
    ['CIFS', 0xff534d42],
    ['CIFS', 0xff534d42 | 0],
    ['Ceph', 0x00c36400],
    ['AFS', 0x5346414f],
    ['Lustre', 0x0bd00bd0],
  ])('%s is on another machine', (name, type) => {
    expect(remoteFileSystem(type)).toBe(name);
  });

  test.each([
    ['ext4', 0xef53],
    ['tmpfs', 0x01021994],
    ['XFS', 0x58465342],
    ['Btrfs', 0x9123683e],
    ['Btrfs, as a signed number', 0x9123683e | 0],
    ['overlayfs', 0x794c7630],
    ['APFS', 0x1a],
  ])('%s is local', (_, type) => {
    expect(remoteFileSystem(type)).toBeUndefined();
  });
});

describe('opening', () => {
  test('makes a ledger of the newest schema, safe against power loss, for its owner alone', () => {
    const file = fileIn(temporaryFolder());
    const db = opened(file);
    expect(pragma(db, 'user_version')).toBe(SCHEMA_VERSION);
    expect([pragma(db, 'journal_mode'), pragma(db, 'synchronous')]).toEqual(['wal', 2]);
    expect(tablesOf(db)).toEqual(['applied', 'flushes', 'image_bytes', 'images', 'writes']);
    db.exec("INSERT INTO applied VALUES ('s', 'o', 1)");
    expect(['', '-wal', '-shm'].map((suffix) => statSync(file + suffix).mode & 0o777)).toEqual([0o600, 0o600, 0o600]);
  });

  test('brings a ledger of an earlier schema up to the newest, and what is in one of the newest stays', () => {
    const file = fileIn(temporaryFolder());
    writeFileSync(file, ''); // SQLite's database of schema 0
    const first = opened(file);
    first.exec("INSERT INTO applied VALUES ('s', 'o', 7)");
    first.close();
    const second = opened(file);
    expect(pragma(second, 'user_version')).toBe(SCHEMA_VERSION);
    expect(second.prepare('SELECT count FROM applied').all()).toEqual([expect.objectContaining({ count: 7 })]);
  });

  test('a folder is refused in words', () => {
    const file = fileIn(temporaryFolder());
    mkdirSync(file);
    expect(() => openLedgerFile(file)).toThrow(LedgerRefused);
    expect(() => openLedgerFile(file)).toThrow(`${file} is not a file: move it away`);
  });

  test('a link to a file is as good as a file', () => {
    const folder = temporaryFolder();
    symlinkSync(join(folder, 'elsewhere.sqlite'), fileIn(folder));
    opened(fileIn(folder)).exec("INSERT INTO applied VALUES ('s', 'o', 1)");
    expect(statSync(join(folder, 'elsewhere.sqlite')).isFile()).toBe(true);
  });

  test('a newer schema is refused with what to use, and not touched', () => {
    const file = fileIn(temporaryFolder());
    const db = new DatabaseSync(file);
    db.exec('CREATE TABLE from_the_future (a); PRAGMA user_version = 99');
    db.close();
    expect(refused(file)).toMatch(/has schema 99, and this version knows 2: use the newer ServalSheets .*DATA_DIR/);
  });

  /** A ledger of many pages, closed. */
  function large(): string {
    const file = fileIn(temporaryFolder());
    const db = opened(file);
    const insert = db.prepare('INSERT INTO applied VALUES (?, ?, 1)');
    db.exec('BEGIN');
    for (let n = 0; n < 2_000; n++) insert.run(`scope ${n}`, 'x'.repeat(100));
    db.exec('COMMIT');
    db.close();
    return file;
  }

  function scribbled(): string {
    const file = large();
    const bytes = readFileSync(file);
    bytes.fill(0xa5, 8_192, 60_000); // whole pages in the middle
    writeFileSync(file, bytes);
    return file;
  }

  function truncated(): string {
    const file = large();
    truncateSync(file, Math.floor(statSync(file).size / 2));
    return file;
  }

  function holding(content: string | Buffer): string {
    const file = fileIn(temporaryFolder());
    writeFileSync(file, content);
    return file;
  }

  function otherDatabase(version: number): string {
    const file = fileIn(temporaryFolder());
    const db = new DatabaseSync(file);
    db.exec(`CREATE TABLE something (a); PRAGMA user_version = ${version}`);
    db.close();
    return file;
  }

  test.each([
    ['random bytes', () => holding(Buffer.from(Array.from({ length: 8_192 }, (_, n) => (n * 7_919 + 13) % 251)))],
    ['a text', () => holding('this is no database\n'.repeat(300))],
    ['pages of a ledger overwritten', scribbled],
    ['half of a ledger', truncated],
    ['a database of something else', () => otherDatabase(0)],
  ])('%s: refused with what to do, and not touched', (_, make) => {
    const file = make();
    const said = refused(file);
    expect(said).toContain(`the ledger ${file} is damaged or not a ledger (`);
    expect(said).toMatch(/put back a copy of it, or move it away to begin anew/);
  });
});

describe('group commit', () => {
  /** Commits in the test's hands; what another connection sees is on disk. */
  function commits() {
    const file = fileIn(temporaryFolder());
    const db = opened(file);
    const other = new DatabaseSync(file, { readOnly: true });
    onTestFinished(() => other.close());
    const turns: (() => void)[] = [];
    const faults: unknown[] = [];
    const group = createGroupCommit(
      db,
      (commit) => turns.push(commit),
      (fault) => {
        faults.push(fault);
        return new Error('told');
      },
    );
    const put = (scope: string) => {
      db.prepare('INSERT INTO applied VALUES (?, ?, 1)').run(scope, 'o');
      return scope;
    };
    return {
      db,
      group,
      put,
      turns,
      faults,
      endTurn: () => {
        for (const commit of turns.splice(0)) commit();
      },
      onDisk: () =>
        other
          .prepare('SELECT scope FROM applied ORDER BY scope')
          .all()
          .map(({ scope }) => scope),
    };
  }

  /** What has become of a promise by the end of this turn. */
  async function endOf(work: Promise<unknown>): Promise<unknown> {
    const pending = Promise.resolve('pending');
    await pending;
    return Promise.race([work.catch((error: unknown) => error), pending]);
  }

  test('all of a turn is one commit: nothing before, everything after', async () => {
    const { db, group, put, turns, endTurn, onDisk } = commits();
    const works = ['a', 'b', 'c'].map((name) => group.soon(() => put(name)));
    expect([turns.length, onDisk(), db.isTransaction]).toEqual([1, [], true]);
    expect(await Promise.all(works.map(endOf))).toEqual(['pending', 'pending', 'pending']);
    endTurn();
    expect(onDisk()).toEqual(['a', 'b', 'c']);
    expect(await Promise.all(works)).toEqual(['a', 'b', 'c']);
    expect(db.isTransaction).toBe(false);
    const next = group.soon(() => put('d'));
    expect(turns.length).toBe(1);
    endTurn();
    expect(await next).toBe('d');
  });

  test('an error of the work rejects it alone', async () => {
    const { db, group, put, endTurn, onDisk, faults } = commits();
    const first = group.soon(() => put('a'));
    const wrong = group.soon(() => {
      throw new Error('of its own');
    });
    const last = group.soon(() => put('b'));
    await expect(wrong).rejects.toThrow('of its own');
    endTurn();
    expect(await Promise.all([first, last])).toEqual(['a', 'b']);
    expect([onDisk(), faults, db.isTransaction]).toEqual([['a', 'b'], [], false]);
  });

  test('a failure of SQLite takes the whole turn with it, and leaves no transaction', async () => {
    const { db, group, put, turns, endTurn, onDisk, faults } = commits();
    const first = group.soon(() => put('a'));
    const wrong = group.soon(() => db.exec('INSERT INTO nowhere VALUES (1)'));
    await expect(first).rejects.toThrow('told');
    await expect(wrong).rejects.toThrow('told');
    expect([faults.length, db.isTransaction]).toEqual([1, false]);
    // The end of that turn comes all the same, and commits what began anew.
    const later = group.soon(() => put('b'));
    expect(turns.length).toBe(2);
    endTurn();
    expect(await later).toBe('b');
    expect([onDisk(), faults.length]).toEqual([['b'], 1]);
  });

  test('a commit that fails rejects all of its turn', async () => {
    const { db, group, put, endTurn, onDisk, faults } = commits();
    // A violation that shows at the commit only.
    db.exec('CREATE TABLE parent (id INTEGER PRIMARY KEY); PRAGMA foreign_keys = ON');
    db.exec('CREATE TABLE child (id REFERENCES parent DEFERRABLE INITIALLY DEFERRED)');
    const works = [group.soon(() => put('a')), group.soon(() => db.exec('INSERT INTO child VALUES (1)'))];
    endTurn();
    for (const work of works) await expect(work).rejects.toThrow('told');
    expect([onDisk(), faults.length, db.isTransaction]).toEqual([[], 1, false]);
    expect(() => group.now(() => db.exec('INSERT INTO child VALUES (1)'))).toThrow('told');
    expect(db.isTransaction).toBe(false);
    expect(group.now(() => put('b'))).toBe('b');
    endTurn();
    expect(onDisk()).toEqual(['b']);
  });

  test('`now` commits at once, together with what is pending', async () => {
    const { db, group, put, endTurn, onDisk } = commits();
    const pending = group.soon(() => put('a'));
    expect(group.now(() => put('b'))).toBe('b');
    expect([onDisk(), db.isTransaction]).toEqual([['a', 'b'], false]);
    expect(await pending).toBe('a');
    endTurn();
    expect(onDisk()).toEqual(['a', 'b']);
  });

  test('`now` with an error of its own commits nothing early and loses nothing', async () => {
    const { db, group, put, endTurn, onDisk } = commits();
    const pending = group.soon(() => put('a'));
    expect(() =>
      group.now(() => {
        throw new Error('of its own');
      }),
    ).toThrow('of its own');
    endTurn();
    expect(await pending).toBe('a');
    expect([onDisk(), db.isTransaction]).toEqual([['a'], false]);
  });

  test('given up, nothing of the turn is on disk and everybody is told', async () => {
    const { db, group, put, endTurn, onDisk, faults } = commits();
    const pending = group.soon(() => put('a'));
    group.abandon(new Error('given up'));
    await expect(pending).rejects.toThrow('given up');
    endTurn();
    expect([onDisk(), db.isTransaction, faults]).toEqual([[], false, []]);
  });
});
