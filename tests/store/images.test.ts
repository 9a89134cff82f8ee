// What writes replace, in the ledger: on disk before the write is sent, bounded, and gone with its age or its write.

import { expect, onTestFinished, test } from 'vitest';
import { createJournalStore } from '../../src/store/journal.ts';
import { openLedger } from '../../src/store/ledger.ts';
import { createWriteStore } from '../../src/store/writes.ts';
import { temporaryFolder } from '../support/app.ts';
import { noLog } from '../support/ledger.ts';
import { createVirtualClock } from '../support/virtual-clock.ts';

const HOUR = 3_600_000;

function processOn(folder: string, maxBytes = 1_000, clock = createVirtualClock()) {
  const ledger = openLedger({ folder, owner: `process${Math.random()}`, clock, log: noLog });
  onTestFinished(() => ledger.close());
  const writes = createWriteStore(ledger, { maxBytes, maxAgeMs: HOUR });
  const journal = createJournalStore(ledger, writes);
  const note = (id: string) =>
    writes.note({
      id,
      seq: writes.newSeq(),
      principal: 'ann',
      identity: 'shared',
      tool: 'write_range',
      spreadsheet: 'S1',
      key: null,
      digest: 'd',
    });
  const finish = async (id: string, image: string) => {
    note(id);
    writes.keep(id, image);
    await writes.finish(id, { status: 'applied' });
    writes.forget(id);
  };
  return { clock, ledger, writes, journal, note, finish };
}

test('it is on disk with the flush, before anything is sent: whoever comes after a crash has it', () => {
  const folder = temporaryFolder();
  const first = processOn(folder);
  first.note('w1');
  first.writes.keep('w1', 'before');
  expect(first.writes.image('w1')).toBeUndefined();
  first.journal.begin({
    id: 'f1',
    scope: 'S1',
    identity: 'shared',
    marker: 7,
    areas: null,
    sizeBytes: 1,
    writes: ['w1'],
  });
  first.ledger.close();
  expect(processOn(folder).writes.image('w1')).toBe('before');
});

test('what the reply adds takes its place; a write that was refused has none', async () => {
  const { writes, note } = processOn(temporaryFolder());
  note('w1');
  writes.keep('w1', 'before');
  writes.keep('w1', 'before and after');
  await writes.finish('w1', { status: 'applied' });
  expect(writes.image('w1')).toBe('before and after');
  note('w2');
  writes.keep('w2', 'before');
  await writes.release('w2', { code: 'invalid_argument', message: 'm', hint: 'h' });
  expect(writes.image('w2')).toBeUndefined();
});

test('the oldest make room, and one that is larger than all the room is not kept', async () => {
  const { writes, finish, clock } = processOn(temporaryFolder(), 100);
  for (const id of ['w1', 'w2', 'w3']) {
    await finish(id, id.repeat(20));
    await clock.advance(1_000);
  }
  expect(['w1', 'w2', 'w3'].map((id) => writes.image(id)?.length)).toEqual([undefined, 40, 40]);
  await finish('w4', 'x'.repeat(101));
  expect(['w2', 'w3', 'w4'].map((id) => writes.image(id)?.length)).toEqual([40, 40, undefined]);
  await finish('w5', 'y'.repeat(100));
  expect(['w2', 'w3', 'w5'].map((id) => writes.image(id)?.length)).toEqual([undefined, undefined, 100]);
});

test('what is too old is purged, and what is left of a write that is', async () => {
  const { writes, finish, clock } = processOn(temporaryFolder());
  await finish('w1', 'old');
  await clock.advance(HOUR / 2);
  await finish('w2', 'new');
  await clock.advance(HOUR / 2 + 1);
  await writes.purge(24 * HOUR);
  expect([writes.image('w1'), writes.image('w2')]).toEqual([undefined, 'new']);
  await writes.purge(0);
  expect(writes.image('w2')).toBeUndefined();
});
