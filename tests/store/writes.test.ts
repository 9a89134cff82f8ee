// Idempotency keys and the callers' writes in the ledger: who has a key, for how long, and what frees it.

import { DatabaseSync } from 'node:sqlite';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createJournalStore } from '../../src/store/journal.ts';
import { type Ledger, openLedger } from '../../src/store/ledger.ts';
import type { NewWrite, StoredError } from '../../src/store/write-store.ts';
import { createWriteStore } from '../../src/store/writes.ts';
import { temporaryFolder } from '../support/app.ts';
import { noLog } from '../support/ledger.ts';
import { createVirtualClock, type VirtualClock } from '../support/virtual-clock.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

const REFUSED: StoredError = { code: 'unavailable', message: 'refused', hint: 'repeat' };
const LOST: StoredError = { code: 'outcome_unknown', message: 'lost', hint: 'ask' };

let names = 0;

/** A process on a folder; `setWall` sets the wall clock of its machine. */
function processOn(folder: string, clock: VirtualClock = createVirtualClock()) {
  let wallOffset = 0;
  const own = { ...clock, wall: () => clock.wall() + wallOffset };
  const ledger = openLedger({ folder, owner: `process${++names}`, clock: own, log: noLog });
  onTestFinished(() => ledger.close());
  const writes = createWriteStore(ledger);
  const fresh = (key: string | null, more: Partial<NewWrite> = {}): NewWrite => {
    const write: NewWrite = {
      id: `write${++names}`,
      seq: writes.newSeq(),
      principal: 'ann',
      identity: 'shared',
      tool: 'append_rows',
      spreadsheet: 'S1',
      key,
      digest: 'digest',
      ...more,
    };
    writes.note(write);
    return write;
  };
  return {
    clock,
    ledger,
    writes,
    journal: createJournalStore(ledger, writes),
    setWall: (byMs: number) => {
      wallOffset += byMs;
    },
    /** A write without key, under way and without row. */
    fresh,
    /** A write that asks for a key: its id, and what is known under that key. */
    claim: async (key: string, more: Partial<NewWrite> = {}) => {
      const write = fresh(key, more);
      return { id: write.id, known: await writes.claim({ ...write, key }) };
    },
    /** As `kill -9`: what is under way is left. */
    die: () => ledger.close(),
  };
}

type Process = ReturnType<typeof processOn>;

const flushOf = (id: string, writes: readonly string[], marker: number | null = 7) => ({
  id,
  scope: 'S1',
  identity: 'shared',
  marker,
  areas: null,
  sizeBytes: 10,
  writes,
});

/** A write in each way of being over. */
const applied = (process: Process, id: string) => process.writes.finish(id, { status: 'applied', writeId: id });

describe('a key', () => {
  test('is taken once; who comes later is told whose it is, and by the digest for what', async () => {
    const process = processOn(temporaryFolder());
    const first = await process.claim('k');
    expect(first.known).toBeUndefined();
    const second = await process.claim('k', { digest: 'another' });
    expect(second.known).toMatchObject({ id: first.id, digest: 'digest', state: 'running', key: 'k' });
    await applied(process, first.id);
    const third = await process.claim('k');
    expect(third.known).toMatchObject({ id: first.id, state: 'applied', answer: { writeId: first.id } });
  });

  test('is a principal’s own', async () => {
    const process = processOn(temporaryFolder());
    await process.claim('k');
    expect((await process.claim('k', { principal: 'bob' })).known).toBeUndefined();
    expect((await process.claim('K')).known).toBeUndefined();
  });

  test('of two that ask at once one gets it, also of two processes', async () => {
    const folder = temporaryFolder();
    const [one, other] = [processOn(folder), processOn(folder)];
    const claims = await Promise.all([one.claim('k'), one.claim('k')]);
    claims.push(await other.claim('k'));
    expect(claims.map(({ known }) => known?.id)).toEqual([undefined, claims[0]?.id, claims[0]?.id]);
  });

  test('outlives its process', async () => {
    const folder = temporaryFolder();
    const process = processOn(folder);
    const { id } = await process.claim('k');
    await applied(process, id);
    process.die();
    expect((await processOn(folder).claim('k')).known).toMatchObject({ id, state: 'applied' });
  });

  test('holds for 24 hours and no longer', async () => {
    const process = processOn(temporaryFolder());
    const first = await process.claim('k');
    await applied(process, first.id);
    await process.clock.advance(DAY - 1);
    expect((await process.claim('k')).known?.id).toBe(first.id);
    await process.clock.advance(1);
    expect((await process.claim('k')).known).toBeUndefined();
    // The earlier write is still known by its id.
    expect(process.writes.get(first.id)).toMatchObject({ state: 'applied', key: null });
  });

  test.each(['running', 'queued'])('of a write that is %s is never given away', async (state) => {
    const process = processOn(temporaryFolder());
    const { id } = await process.claim('k');
    if (state === 'queued') await process.writes.enqueue(id, {}, 10);
    await process.clock.advance(10 * DAY);
    expect((await process.claim('k')).known).toMatchObject({ id, state });
  });

  test.each([
    ['forward by a day', DAY],
    ['back by a day', -DAY],
    ['forward by a year', 365 * DAY],
  ])('does not mind that the wall clock is set %s', async (_, byMs) => {
    const process = processOn(temporaryFolder());
    const { id } = await process.claim('k');
    await applied(process, id);
    await process.clock.advance(HOUR);
    process.setWall(byMs);
    expect((await process.claim('k')).known?.id).toBe(id);
    expect(process.writes.get(id)?.ageMs).toBe(HOUR);
    // Set right again, it ends when it should.
    process.setWall(-byMs);
    await process.clock.advance(23 * HOUR);
    expect((await process.claim('k')).known).toBeUndefined();
  });

  test('after a reboot goes by the wall clock', async () => {
    const folder = temporaryFolder();
    const wall = Date.UTC(2026, 0, 1);
    const clock = createVirtualClock({ wall });
    await clock.advance(2 * DAY);
    const before = processOn(folder, clock);
    const { id } = await before.claim('k');
    await applied(before, id);
    before.die();
    const early = processOn(folder, createVirtualClock({ wall: wall + 3 * DAY - 1 }));
    expect((await early.claim('k')).known?.id).toBe(id);
    early.die();
    const late = processOn(folder, createVirtualClock({ wall: wall + 3 * DAY }));
    expect((await late.claim('k')).known).toBeUndefined();
  });
});

describe('a write that surely was not applied', () => {
  test('frees its key', async () => {
    const process = processOn(temporaryFolder());
    const { id } = await process.claim('k');
    await process.writes.release(id, REFUSED);
    expect(process.writes.get(id)).toBeUndefined();
    expect((await process.claim('k')).known).toBeUndefined();
  });

  test('stays known where its caller had been told otherwise, and is made again under its own id, by one', async () => {
    const process = processOn(temporaryFolder());
    const { id } = await process.claim('k');
    process.journal.begin(flushOf('flush', [id]));
    await process.journal.leave('flush');
    await process.writes.doubt(id, LOST);
    process.writes.forget(id);
    expect((await process.claim('k')).known).toMatchObject({ id, state: 'unknown', settling: true, error: LOST });
    await process.journal.ended('flush', 'none', true);
    expect((await process.claim('k')).known).toMatchObject({ id, state: 'failed', settling: false });
    expect([await process.writes.reclaim(id, 90), await process.writes.reclaim(id, 91)]).toEqual([true, false]);
    expect(process.writes.get(id)).toMatchObject({ state: 'running', seq: 90, error: undefined, flush: null });
    expect(process.writes.isLive(id)).toBe(true);
    await process.writes.release(id, REFUSED);
    expect(process.writes.get(id)).toMatchObject({ state: 'failed', error: REFUSED });
  });

  test('of which a part was applied keeps its key, and how it ended', async () => {
    const process = processOn(temporaryFolder());
    const { id } = await process.claim('k');
    process.journal.begin(flushOf('flush', [id]));
    await process.journal.ended('flush', 'applied', false);
    await process.writes.release(id, REFUSED);
    expect((await process.claim('k')).known).toMatchObject({ id, state: 'applied', error: REFUSED });
  });

  test('is not made again by a process that has not asked for it', async () => {
    const folder = temporaryFolder();
    const [one, other] = [processOn(folder), processOn(folder)];
    const { id } = await one.claim('k');
    expect([await other.writes.reclaim(id, 1), await other.writes.reclaim('none', 1)]).toEqual([false, false]);
  });
});

describe('a doubt', () => {
  const told = async (outcome: 'applied' | 'none' | 'left') => {
    const process = processOn(temporaryFolder());
    const { id } = await process.claim('k');
    process.writes.foresee(id, { status: 'applied', foreseen: true });
    process.journal.begin(flushOf('flush', [id]));
    if (outcome === 'left') await process.journal.leave('flush');
    else await process.journal.ended('flush', outcome, true);
    await process.writes.doubt(id, LOST);
    return process.writes.get(id);
  };

  test('loses against an end that was found out meanwhile', async () => {
    expect(await told('applied')).toMatchObject({ state: 'applied', answer: { foreseen: true }, error: undefined });
    expect(await told('none')).toMatchObject({ state: 'failed' });
    expect(await told('left')).toMatchObject({ state: 'unknown', settling: true, error: LOST });
  });

  test('ends with what its flush came to, with the answer that was foreseen', async () => {
    const process = processOn(temporaryFolder());
    const { id } = await process.claim('k');
    process.writes.foresee(id, { status: 'applied', foreseen: true });
    process.journal.begin(flushOf('flush', [id]));
    await process.journal.leave('flush');
    await process.writes.doubt(id, LOST);
    await process.journal.ended('flush', 'applied', true);
    expect(process.writes.get(id)).toMatchObject({ state: 'applied', answer: { foreseen: true }, error: undefined });
  });

  test('about which nothing can be found out stays one, and its key is held', async () => {
    const process = processOn(temporaryFolder());
    const { id } = await process.claim('k');
    process.journal.begin(flushOf('flush', [id], null));
    await process.journal.leave('flush');
    await process.writes.doubt(id, LOST);
    await process.journal.close('flush');
    expect((await process.claim('k')).known).toMatchObject({ id, state: 'unknown', settling: false });
  });
});

describe('a write without a key', () => {
  test('has no row before it is carried or queued', async () => {
    const process = processOn(temporaryFolder());
    const { id } = process.fresh(null);
    expect([process.writes.get(id), process.writes.isLive(id)]).toEqual([undefined, true]);
    process.journal.begin(flushOf('flush', [id]));
    expect(process.writes.get(id)).toMatchObject({ state: 'running', key: null, flush: 'flush' });
  });

  test('that nothing carries has one once it is over', async () => {
    const process = processOn(temporaryFolder());
    const [done, lost, refused] = [process.fresh(null).id, process.fresh(null).id, process.fresh(null).id];
    await process.writes.finish(done, { status: 'applied' });
    await process.writes.doubt(lost, LOST);
    await process.writes.release(refused, REFUSED);
    expect([done, lost, refused].map((id) => process.writes.get(id)?.state)).toEqual(['applied', 'unknown', undefined]);
  });

  test('has it though the disk failed when it was over, and it is live no more when it works again', async () => {
    const process = processOn(temporaryFolder());
    const { id } = process.fresh(null);
    const failed = breakDisk(process.ledger);
    await process.writes.finish(id, { status: 'applied' });
    process.writes.forget(id);
    await failed;
    await process.clock.advance(2_000);
    expect(process.writes.get(id)).toMatchObject({ state: 'applied', answer: { status: 'applied' } });
  });
});

/** The transaction of this turn fails, with what is written in it by then. */
async function breakDisk(ledger: Ledger): Promise<void> {
  await Promise.resolve();
  await expect(ledger.soon(() => new DatabaseSync(':memory:').exec('broken on purpose'))).rejects.toThrow('broken');
}

describe('order and room', () => {
  test('numbers grow over all processes that have written theirs down', async () => {
    const folder = temporaryFolder();
    const [one, other] = [processOn(folder), processOn(folder)];
    const first = one.fresh('a');
    await one.writes.claim({ ...first, key: 'a' });
    const second = other.fresh(null);
    const third = other.fresh(null);
    expect(second.seq).toBeGreaterThan(first.seq);
    expect(third.seq).toBeGreaterThan(second.seq);
  });

  test('the outbox takes so many and no more, in order, each spreadsheet for itself', async () => {
    const process = processOn(temporaryFolder());
    const queue = (spreadsheet: string) => {
      const { id } = process.fresh(null, { spreadsheet });
      return process.writes.enqueue(id, { of: id }, 3);
    };
    const kept = [await queue('S1'), await queue('S2'), await queue('S1')];
    expect(kept.map((write) => write?.position)).toEqual([1, 1, 2]);
    expect(await queue('S1')).toBeUndefined();
    expect(process.writes.queued('S1', 10).map(({ id }) => id)).toEqual([kept[0]?.id, kept[2]?.id]);
    expect(process.writes.queued('S1', 1)[0]?.arguments).toEqual({ of: kept[0]?.id });
    expect([process.writes.queuedCount(), process.writes.backlog('S1'), process.writes.backlog('S3')]).toEqual([
      3, 2, 0,
    ]);
    expect(process.writes.waitingSpreadsheets().sort()).toEqual(['S1', 'S2']);
  });

  test('what has waited too long is told by the clock that cannot be set', async () => {
    const process = processOn(temporaryFolder());
    const { id } = process.fresh(null);
    await process.writes.enqueue(id, {}, 3);
    process.setWall(2 * DAY);
    expect([process.writes.olderThan(DAY), process.writes.oldestAgeMs()]).toEqual([[], 0]);
    await process.clock.advance(DAY + 1);
    expect(process.writes.olderThan(DAY).map((write) => write.id)).toEqual([id]);
  });
});

describe('what a process that is gone has left', () => {
  test('and was never sent, frees its keys', async () => {
    const folder = temporaryFolder();
    const process = processOn(folder);
    await process.claim('k');
    process.die();
    const next = processOn(folder);
    expect((await next.claim('k')).known?.state).toBe('running');
    await next.writes.adopt();
    expect((await next.claim('k')).known).toBeUndefined();
    expect(next.ledger.gone()).toEqual([]);
  });

  test('and may have been sent, waits for its settling, and its process stays on the roll until then', async () => {
    const folder = temporaryFolder();
    const process = processOn(folder);
    const { id } = await process.claim('k');
    process.journal.begin(flushOf('flush', [id]));
    process.die();
    const next = processOn(folder);
    await next.writes.adopt();
    expect((await next.claim('k')).known).toMatchObject({ id, state: 'running', settling: true });
    expect(next.ledger.gone()).toEqual([process.ledger.owner]);
    await next.journal.ended('flush', 'none', true);
    await next.writes.adopt();
    expect((await next.claim('k')).known).toBeUndefined();
    expect(next.ledger.gone()).toEqual([]);
  });

  test('and was refused, in the moment before its caller was told, frees its keys', async () => {
    const folder = temporaryFolder();
    const process = processOn(folder);
    const { id } = await process.claim('k');
    process.journal.begin(flushOf('flush', [id]));
    await process.journal.ended('flush', 'none', true);
    process.die();
    const next = processOn(folder);
    await next.writes.adopt();
    expect((await next.claim('k')).known).toBeUndefined();
  });

  test('and was tried again after its caller had been told, is told as failed', async () => {
    const folder = temporaryFolder();
    const process = processOn(folder);
    const { id } = await process.claim('k');
    await process.writes.doubt(id, LOST);
    await process.writes.reclaim(id, 5);
    process.die();
    const next = processOn(folder);
    await next.writes.adopt();
    expect(next.writes.get(id)?.state).toBe('failed');
  });

  test('is found without the roll, and what is queued stays', async () => {
    const folder = temporaryFolder();
    const process = processOn(folder);
    await process.claim('k');
    const queued = process.fresh(null);
    await process.writes.enqueue(queued.id, {}, 3);
    process.die();
    const next = processOn(folder);
    next.ledger.strikeOff(process.ledger.owner);
    expect(next.ledger.gone()).toEqual([]);
    await next.writes.adopt();
    expect((await next.claim('k')).known).toBeUndefined();
    expect(next.writes.get(queued.id)?.state).toBe('queued');
  });

  test('does not concern what a living one has under way', async () => {
    const folder = temporaryFolder();
    const [one, other] = [processOn(folder), processOn(folder)];
    const { id } = await one.claim('k');
    await other.writes.adopt();
    await one.writes.adopt();
    expect(one.writes.get(id)?.state).toBe('running');
  });
});

describe('forgetting', () => {
  test('takes what is over and old; queued, unsettled and running writes stay', async () => {
    const process = processOn(temporaryFolder());
    const { writes, journal } = process;
    const named: Record<string, string> = {};
    for (const name of ['applied', 'failed', 'set_aside', 'expired', 'cancelled', 'unknown for good', 'unsettled']) {
      named[name] = (await process.claim(name)).id;
    }
    const id = (name: string) => named[name] ?? '';
    await applied(process, id('applied'));
    journal.begin(flushOf('refused', [id('failed')]));
    await journal.ended('refused', 'none', true);
    await writes.doubt(id('failed'), LOST);
    for (const state of ['set_aside', 'expired'] as const) {
      await writes.enqueue(id(state), {}, 10);
      await writes.setAside(id(state), state, REFUSED);
    }
    await writes.enqueue(id('cancelled'), {}, 10);
    await writes.cancel(id('cancelled'));
    await writes.doubt(id('unknown for good'), LOST);
    journal.begin(flushOf('open', [id('unsettled')]));
    await journal.leave('open');
    await writes.doubt(id('unsettled'), LOST);
    const running = (await process.claim('running')).id;
    const queued = (await process.claim('queued')).id;
    await writes.enqueue(queued, {}, 10);
    await process.clock.advance(2 * DAY);
    const young = (await process.claim('young')).id;
    await applied(process, young);
    expect(await writes.purge(3 * DAY)).toBe(0);
    expect(await writes.purge(DAY)).toBe(6);
    const kept = [id('unsettled'), running, queued, young];
    expect(kept.map((one) => writes.get(one)?.state)).toEqual(['unknown', 'running', 'queued', 'applied']);
    expect(Object.values(named).filter((one) => writes.get(one))).toEqual([id('unsettled')]);
  });

  test.each([
    ['forward', 30 * DAY],
    ['back', -30 * DAY],
  ])('frees no key when the wall clock is set %s', async (_, byMs) => {
    const process = processOn(temporaryFolder());
    const { id } = await process.claim('k');
    await applied(process, id);
    process.setWall(byMs);
    expect(await process.writes.purge(DAY)).toBe(0);
    expect((await process.claim('k')).known?.id).toBe(id);
  });

  test('goes by the wall clock after a reboot', async () => {
    const folder = temporaryFolder();
    const wall = Date.UTC(2026, 0, 1);
    const clock = createVirtualClock({ wall });
    await clock.advance(DAY);
    const before = processOn(folder, clock);
    await applied(before, (await before.claim('k')).id);
    before.die();
    const next = processOn(folder, createVirtualClock({ wall: wall + 8 * DAY + 1 }));
    expect([await next.writes.purge(8 * DAY), await next.writes.purge(7 * DAY)]).toEqual([0, 1]);
  });
});
