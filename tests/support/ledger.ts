// A ledger in a folder, as the application has it, for tests that build the pipe themselves.

import type { Clock } from '../../src/clock.ts';
import { newId } from '../../src/ids.ts';
import type { Log } from '../../src/log.ts';
import { createJournalStore } from '../../src/store/journal.ts';
import { openLedger } from '../../src/store/ledger.ts';
import { createWriteStore } from '../../src/store/writes.ts';

export const noLog: Log = { error: () => {}, warn: () => {}, info: () => {}, debug: () => {} };

export function ledgerIn(folder: string, clock: Clock, log: Log = noLog) {
  const ledger = openLedger({ folder, owner: newId(Math.random), clock, log });
  const writes = createWriteStore(ledger);
  return { ledger, writes, journal: createJournalStore(ledger, writes), isWorker: ledger.isWorker };
}
