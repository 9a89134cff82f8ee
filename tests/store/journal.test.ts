// The journal in the ledger: what stands on disk at every moment, seen by the process that takes over.

import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, onTestFinished, test } from 'vitest';
import { ServalError } from '../../src/errors.ts';
import { createJournalStore } from '../../src/store/journal.ts';
import { openLedger } from '../../src/store/ledger.ts';
import { createWriteStore } from '../../src/store/writes.ts';
import { temporaryFolder } from '../support/app.ts';
import { noLog } from '../support/ledger.ts';
import { createVirtualClock } from '../support/virtual-clock.ts';

const REFUSED = { code: 'unavailable', message: 'refused', hint: 'repeat' } as const;
const AREA = { plane: 7, startRow: 1, endRow: 2 };

let names = 0;

/** A process on a folder. */
function processOn(folder: string, clock = createVirtualClock()) {
  const ledger = openLedger({ folder, owner: `process${++names}`, clock, log: noLog });
  onTestFinished(() => ledger.close());
  const writes = createWriteStore(ledger);
  const journal = createJournalStore(ledger, writes);
  const about = { principal: 'ann', identity: 'shared', tool: 'append_rows', spreadsheet: 'S1', digest: 'd' };
  return {
    clock,
    ledger,
    writes,
    journal,
    owner: ledger.owner,
    /** A write under way, with its key where it has one. */
    write: async (key: string | null = null) => {
      const write = { ...about, id: `write${++names}`, seq: writes.newSeq(), key };
      writes.note(write);
      if (key !== null) expect(await writes.claim({ ...write, key })).toBeUndefined();
      return write.id;
    },
    begin: (id: string, ids: readonly string[], more: { scope?: string | null; marker?: number | null } = {}) =>
      journal.begin({
        id,
        scope: 'S1',
        identity: 'shared',
        marker: 7,
        areas: [AREA],
        sizeBytes: 10,
        writes: ids,
        ...more,
      }),
    /** As `kill -9`: what is under way is left. */
    die: () => ledger.close(),
  };
}

type Process = ReturnType<typeof processOn>;

/** Rows as they are on disk. */
function onDisk(folder: string, table: 'writes' | 'flushes') {
  const db = new DatabaseSync(join(folder, 'ledger.sqlite'), { readOnly: true });
  try {
    return db.prepare(`SELECT * FROM ${table} ORDER BY id`).all();
  } finally {
    db.close();
  }
}

const idsOf = (flushes: readonly { readonly id: string }[]) => flushes.map(({ id }) => id);

describe('beginning', () => {
  test('is on disk, with every write that the flush carries, before it returns', async () => {
    const folder = temporaryFolder();
    const process = processOn(folder);
    const [keyed, plain] = [await process.write('k'), await process.write()];
    process.writes.foresee(plain, { status: 'applied' });
    process.begin('flush', [keyed, plain]);
    expect(onDisk(folder, 'flushes')).toEqual([
      expect.objectContaining({ id: 'flush', state: 'sent', marker: 7, owner: process.owner, doubted: 0 }),
    ]);
    expect(onDisk(folder, 'writes')).toEqual([
      expect.objectContaining({ id: keyed, flush: 'flush', state: 'running', answer: null }),
      expect.objectContaining({ id: plain, flush: 'flush', state: 'running', answer: '{"status":"applied"}' }),
    ]);
  });

  test('refuses a write that another process has taken over, and leaves nothing of the flush', async () => {
    const folder = temporaryFolder();
    const [one, other] = [processOn(folder), processOn(folder)];
    const queued = await one.write();
    await one.writes.enqueue(queued, {}, 10);
    const plain = await one.write();
    await other.writes.attempt([queued]);
    const error = catchError(() => one.begin('flush', [plain, queued]));
    expect(error).toMatchObject({ code: 'unavailable', details: { sent: false, outcome: 'none' } });
    expect(error.message).toMatch(/Another process/);
    await one.ledger.soon(() => {});
    expect([onDisk(folder, 'flushes'), onDisk(folder, 'writes')]).toEqual([
      [],
      [expect.objectContaining({ id: queued, owner: other.owner, flush: null })],
    ]);
    other.begin('flush', [queued]);
    expect(onDisk(folder, 'flushes')).toHaveLength(1);
  });

  test('refuses a write whose row is gone', async () => {
    const folder = temporaryFolder();
    const [one, other] = [processOn(folder), processOn(folder)];
    const keyed = await one.write('k');
    await other.ledger.soon(({ writes }) => writes.remove(keyed));
    expect(catchError(() => one.begin('flush', [keyed])).message).toMatch(/Another process/);
  });

  test('carries a write a second time, where its tool makes two calls', async () => {
    const process = processOn(temporaryFolder());
    const id = await process.write('k');
    process.begin('first', [id], { scope: null, marker: null });
    await process.journal.ended('first', 'applied', false);
    process.begin('second', [id]);
    expect(process.writes.get(id)?.flush).toBe('second');
  });

  test('takes another marker', async () => {
    const folder = temporaryFolder();
    const process = processOn(folder);
    process.begin('flush', [await process.write()]);
    process.journal.remark('flush', 8);
    expect(onDisk(folder, 'flushes')).toMatchObject([{ id: 'flush', marker: 8, state: 'sent' }]);
  });
});

function catchError(work: () => unknown): ServalError {
  try {
    work();
  } catch (thrown) {
    if (thrown instanceof ServalError) return thrown;
    throw thrown;
  }
  throw new Error('did not throw');
}

describe('a flush that applied', () => {
  test('has its writes noted in the same commit: a process that dies then frees no key', async () => {
    const folder = temporaryFolder();
    const process = processOn(folder);
    const id = await process.write('k');
    process.writes.foresee(id, { status: 'applied', rows: 1 });
    process.begin('flush', [id]);
    const ended = process.journal.ended('flush', 'applied', false);
    expect(onDisk(folder, 'flushes')).toMatchObject([{ state: 'sent' }]);
    expect(onDisk(folder, 'writes')).toMatchObject([{ state: 'running' }]);
    await ended;
    expect(onDisk(folder, 'flushes')).toMatchObject([{ state: 'applied' }]);
    expect(onDisk(folder, 'writes')).toMatchObject([{ state: 'applying' }]);
    process.die();
    const next = processOn(folder);
    expect(next.journal.unsettled()).toEqual([]);
    await next.writes.adopt();
    expect(next.ledger.gone()).toEqual([]);
    await next.journal.collected(idsOf(next.journal.marked()));
    await next.writes.adopt();
    expect(onDisk(folder, 'flushes')).toEqual([]);
    expect(next.writes.get(id)).toMatchObject({ state: 'applied', key: 'k', answer: { status: 'applied', rows: 1 } });
  });

  test('and died before that was written, is settled by the next process: applied', async () => {
    const folder = temporaryFolder();
    const process = processOn(folder);
    const id = await process.write('k');
    process.writes.foresee(id, { rows: 1 });
    process.begin('flush', [id]);
    process.die();
    const next = processOn(folder);
    expect(idsOf(next.journal.unsettled())).toEqual(['flush']);
    await next.journal.ended('flush', 'applied', true);
    await next.writes.adopt();
    expect(next.writes.get(id)).toMatchObject({ state: 'applied', answer: { rows: 1 } });
    expect(next.journal.unsettled()).toEqual([]);
  });

  test('whose end the disk did not take, has it once the disk works', async () => {
    const folder = temporaryFolder();
    const process = processOn(folder);
    const id = await process.write('k');
    process.begin('flush', [id]);
    const broken = process.ledger.soon(() => new DatabaseSync(':memory:').exec('broken on purpose'));
    const told = process.journal.ended('flush', 'applied', false);
    await expect(broken).rejects.toThrow('The ledger cannot be used');
    await told;
    expect(onDisk(folder, 'flushes')).toMatchObject([{ state: 'sent' }]);
    await process.clock.advance(2_000);
    expect(process.journal.unsettled()).toEqual([]);
    await process.writes.finish(id, {});
    expect(process.writes.get(id)?.state).toBe('applied');
  });

  test('is told to nobody before its answer is made, which is not the one that was foreseen', async () => {
    const folder = temporaryFolder();
    const [process, other] = [processOn(folder), processOn(folder)];
    const id = await process.write('k');
    process.writes.foresee(id, { foreseen: true });
    process.begin('flush', [id]);
    await process.journal.ended('flush', 'applied', false);
    await other.writes.adopt();
    expect([process.writes.get(id)?.state, other.writes.get(id)?.state]).toEqual(['running', 'running']);
    await process.writes.finish(id, { real: true });
    expect(other.writes.get(id)).toMatchObject({ state: 'applied', answer: { real: true } });
  });

  test.each([
    ['is released for the call that failed', 'release', REFUSED],
    ['is doubted', 'doubt', undefined],
    ['would be queued', 'enqueue', undefined],
  ] as const)('and whose write %s, is told as applied', async (_, how, error) => {
    const process = processOn(temporaryFolder());
    const id = await process.write('k');
    process.writes.foresee(id, { foreseen: true });
    process.begin('flush', [id]);
    await process.journal.ended('flush', 'applied', false);
    if (how === 'enqueue') expect(await process.writes.enqueue(id, {}, 10)).toMatchObject({ state: 'applied' });
    else await process.writes[how](id, REFUSED);
    expect(process.writes.get(id)).toMatchObject({ state: 'applied', answer: { foreseen: true }, error });
  });

  test.each(['here', 'by the next process'])(
    'of a write of two calls, the second refused %s: it stays applied',
    async (where) => {
      const folder = temporaryFolder();
      const process = processOn(folder);
      const id = await process.write('k');
      await process.writes.doubt(id, REFUSED);
      await process.writes.reclaim(id, 9);
      process.begin('first', [id], { scope: null, marker: null });
      await process.journal.ended('first', 'applied', false);
      process.begin('second', [id]);
      if (where === 'here') {
        await process.journal.ended('second', 'none', false);
        expect(process.writes.get(id)?.state).toBe('running');
        await process.writes.release(id, REFUSED);
        expect(process.writes.get(id)).toMatchObject({ state: 'applied', error: REFUSED });
        return;
      }
      process.die();
      const next = processOn(folder);
      await next.journal.ended('second', 'none', false);
      await next.writes.adopt();
      expect(next.writes.get(id)).toMatchObject({ state: 'applied', key: 'k' });
    },
  );

  test('finds a queued write that was carried before: it is not made again', async () => {
    const process = processOn(temporaryFolder());
    const id = await process.write();
    process.begin('flush', [id]);
    await process.journal.leave('flush');
    await process.writes.enqueue(id, {}, 10);
    expect(process.writes.get(id)).toMatchObject({ state: 'queued', settling: true });
    await process.journal.ended('flush', 'applied', true);
    expect([process.writes.get(id)?.state, process.writes.queuedCount()]).toEqual(['applied', 0]);
  });
});

describe('a flush that did not apply', () => {
  test('leaves no row where every attempt was refused, and its writes to their callers', async () => {
    const folder = temporaryFolder();
    const process = processOn(folder);
    const id = await process.write('k');
    process.begin('flush', [id]);
    await process.journal.ended('flush', 'none', false);
    expect(onDisk(folder, 'flushes')).toEqual([]);
    expect(process.writes.get(id)).toMatchObject({ state: 'running' });
  });

  test.each([
    ['an attempt in doubt', 7, true, ['fenced']],
    ['no attempt in doubt', 7, false, []],
    ['no marker that could stand there', null, true, []],
  ])('with %s: what is left', async (_, marker, doubted, states) => {
    const folder = temporaryFolder();
    const process = processOn(folder);
    process.begin('flush', [await process.write()], { marker });
    await process.journal.ended('flush', 'none', doubted);
    expect(onDisk(folder, 'flushes').map(({ state }) => state)).toEqual(states);
  });

  test('that was in doubt once stays so, whatever its last attempt was', async () => {
    const folder = temporaryFolder();
    const process = processOn(folder);
    process.begin('flush', [await process.write()]);
    await process.journal.leave('flush');
    await process.journal.ended('flush', 'none', false);
    expect(onDisk(folder, 'flushes')).toMatchObject([{ state: 'fenced', doubted: 1 }]);
  });

  test('gives a queued write back to the worker', async () => {
    const process = processOn(temporaryFolder());
    const id = await process.write();
    process.begin('flush', [id]);
    await process.journal.leave('flush');
    await process.writes.enqueue(id, {}, 10);
    await process.journal.ended('flush', 'none', true);
    expect(process.writes.get(id)).toMatchObject({ state: 'queued', settling: false, flush: null });
  });

  test('frees the keys of a process that is gone', async () => {
    const folder = temporaryFolder();
    const process = processOn(folder);
    const id = await process.write('k');
    process.begin('flush', [id]);
    process.die();
    const next = processOn(folder);
    await next.journal.ended('flush', 'none', true);
    expect(next.writes.get(id)).toBeUndefined();
    await next.write('k');
  });

  test('tells whoever had been told that nothing was known', async () => {
    const process = processOn(temporaryFolder());
    const id = await process.write('k');
    process.begin('flush', [id]);
    await process.journal.leave('flush');
    await process.writes.doubt(id, REFUSED);
    process.writes.forget(id);
    await process.journal.ended('flush', 'none', true);
    expect(process.writes.get(id)).toMatchObject({
      state: 'failed',
      error: { code: 'unavailable', message: expect.stringMatching(/turned out that it was not applied/) },
    });
  });
});

describe('a flush about which nothing will be known', () => {
  test('is closed, and its writes say so for good', async () => {
    const folder = temporaryFolder();
    const process = processOn(folder);
    const [id, told] = [await process.write('k'), await process.write()];
    process.begin('flush', [id, told], { marker: null });
    process.die();
    const next = processOn(folder);
    await next.journal.close('flush');
    await next.writes.adopt();
    expect(onDisk(folder, 'flushes')).toEqual([]);
    for (const one of [id, told]) {
      expect(next.writes.get(one)).toMatchObject({ state: 'unknown', error: { code: 'outcome_unknown' } });
    }
    expect(next.ledger.gone()).toEqual([]);
  });
});

describe('what is unsettled', () => {
  test('is what was left here, and what processes have left that are gone; not what is under way', async () => {
    const folder = temporaryFolder();
    const [one, other] = [processOn(folder), processOn(folder)];
    one.begin('one: under way', [await one.write()]);
    one.begin('one: left', [await one.write()]);
    await one.journal.leave('one: left');
    other.begin('other: under way', [await other.write()]);
    expect(one.journal.unsettled()).toMatchObject([{ id: 'one: left', own: true, doubted: true, areas: [AREA] }]);
    expect(other.journal.unsettled()).toEqual([]);
    other.die();
    expect(idsOf(one.journal.unsettled()).sort()).toEqual(['one: left', 'other: under way']);
    expect(one.journal.unsettled().find(({ own }) => !own)).toMatchObject({ id: 'other: under way', doubted: false });
    await one.journal.ended('one: under way', 'applied', false);
    await one.journal.ended('one: left', 'none', true);
    expect(idsOf(one.journal.unsettled())).toEqual(['other: under way']);
  });

  test('is as old as its last change', async () => {
    const process = processOn(temporaryFolder());
    process.begin('flush', [await process.write()]);
    await process.clock.advance(5_000);
    await process.journal.leave('flush');
    await process.clock.advance(300);
    expect(process.journal.unsettled()).toMatchObject([{ ageMs: 300 }]);
  });
});

describe('what stands in the way', () => {
  test('of a spreadsheet are flushes without marker that are not under way here, in every process', async () => {
    const folder = temporaryFolder();
    const [one, other] = [processOn(folder), processOn(folder)];
    one.begin('marked', [await one.write()]);
    one.begin('unmarked', [await one.write()], { marker: null });
    one.begin('unmarked elsewhere', [await one.write()], { marker: null, scope: 'S2' });
    expect([idsOf(one.journal.unmarked('S1')), idsOf(other.journal.unmarked('S1'))]).toEqual([[], ['unmarked']]);
    await one.journal.leave('unmarked');
    expect(idsOf(one.journal.unmarked('S1'))).toEqual(['unmarked']);
    await one.journal.ended('unmarked', 'none', true);
    expect([one.journal.unmarked('S1'), other.journal.unmarked('S1')]).toEqual([[], []]);
  });

  test('a spreadsheet is disturbed from the beginning of a flush to its end, for every process', async () => {
    const folder = temporaryFolder();
    const [one, other] = [processOn(folder), processOn(folder)];
    const seen = () => [one.journal.disturbed('S1'), other.journal.disturbed('S1'), one.journal.disturbed('S2')];
    expect(seen()).toEqual([false, false, false]);
    one.begin('flush', [await one.write()]);
    expect(seen()).toEqual([true, true, false]);
    await one.journal.leave('flush');
    expect(seen()).toEqual([true, true, false]);
    await other.journal.ended('flush', 'applied', true);
    expect(seen()).toEqual([false, false, false]);
  });
});

describe('markers', () => {
  test('that have done their work are told, oldest first, and forgotten once collected', async () => {
    const process = processOn(temporaryFolder());
    for (const [index, outcome] of (['applied', 'none', 'applied'] as const).entries()) {
      process.begin(`flush${index}`, [await process.write()], { marker: index + 1 });
      await process.journal.ended(`flush${index}`, outcome, index === 1);
      await process.clock.advance(10);
    }
    expect(process.journal.marked().map(({ id, marker, doubted }) => [id, marker, doubted])).toEqual([
      ['flush0', 1, false],
      ['flush1', 2, true],
      ['flush2', 3, false],
    ]);
    await process.journal.collected(['flush0', 'flush1']);
    expect(idsOf(process.journal.marked())).toEqual(['flush2']);
  });
});

describe('changes of other processes', () => {
  const change = async (process: Process, scope = 'S1') => {
    const id = `flush${++names}`;
    process.begin(id, [await process.write()], { scope });
    await process.journal.ended(id, 'applied', false);
  };

  test('show as another number, own ones and those of other spreadsheets do not', async () => {
    const folder = temporaryFolder();
    const [one, other] = [processOn(folder), processOn(folder)];
    const number = () => one.journal.foreignChanges('S1');
    const first = number();
    await change(one);
    await change(other, 'S2');
    expect(number()).toBe(first);
    await change(other);
    const second = number();
    expect(second).not.toBe(first);
    await change(other);
    expect([first, second]).not.toContain(number());
  });

  test('that were settled to have applied count as well', async () => {
    const folder = temporaryFolder();
    const [one, other] = [processOn(folder), processOn(folder)];
    const first = one.journal.foreignChanges('S1');
    other.begin('flush', [await other.write()]);
    await other.journal.leave('flush');
    expect(one.journal.foreignChanges('S1')).toBe(first);
    await other.journal.ended('flush', 'applied', true);
    expect(one.journal.foreignChanges('S1')).not.toBe(first);
  });

  test('are not made up for by a process that is forgotten', async () => {
    const folder = temporaryFolder();
    const [one, early] = [processOn(folder), processOn(folder)];
    await change(early);
    const first = one.journal.foreignChanges('S1');
    early.die();
    await one.writes.adopt();
    await change(processOn(folder));
    expect(one.journal.foreignChanges('S1')).not.toBe(first);
  });

  test('are seen through a connection that was opened anew', async () => {
    const folder = temporaryFolder();
    const [one, other] = [processOn(folder), processOn(folder)];
    const fail = () => new DatabaseSync(':memory:').exec('broken on purpose');
    for (let round = 0; round < 5; round++) {
      const before = one.journal.foreignChanges('S1');
      expect(() => one.ledger.now(fail)).toThrow('The ledger cannot be used');
      // Without the ledger what was known counts.
      expect(one.journal.foreignChanges('S1')).toBe(before);
      await change(other);
      await one.clock.advance(2_000);
      expect(one.journal.foreignChanges('S1'), `round ${round}`).not.toBe(before);
    }
  });
});
