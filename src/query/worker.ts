// The thread in which SQL is run: takes tables, then a question, and replies. It may be ended at any moment.

import { parentPort } from 'node:worker_threads';
import type { Fault, Replied, Reply, Running, ToWorker } from './messages.ts';
import { type Database, openSqlite } from './sqlite.ts';

const sqlite = await openSqlite();
let database: Database | undefined;
/** What went wrong while tables were taken in: told when the question comes. */
let failed: Fault | undefined;

function take(message: ToWorker): Reply | undefined {
  try {
    database ??= sqlite.open();
    if (message.kind === 'table') database.create(message.name, message.columns);
    else if (message.kind === 'rows') database.insert(message.rows);
    else {
      const running: Running = { kind: 'running' };
      parentPort?.postMessage(running);
      return failed ?? database.answer(message.question);
    }
  } catch (thrown) {
    failed ??= sqlite.faultOf(thrown);
    return message.kind === 'ask' ? failed : undefined;
  }
  return undefined;
}

parentPort?.on('message', (message: ToWorker) => {
  if (failed && message.kind !== 'ask') return;
  const reply = take(message);
  if (reply === undefined) return;
  database?.close();
  database = undefined;
  failed = undefined;
  const replied: Replied = { ...reply, memoryBytes: sqlite.memoryBytes() };
  parentPort?.postMessage(replied);
});
