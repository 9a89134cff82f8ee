// What comes after an outage: with calls coming, every circuit is closed again after one open time and two probes.

import { asServalError } from '../../src/errors.ts';
import { createCall } from '../../src/sheets/calls.ts';
import type { Spreadsheet } from './backend.ts';
import type { Process, World } from './process.ts';

const OPEN_MS = 60_000;
const ATTEMPT_MS = 20_000;
const BEAT_MS = 3_000;

/** One live read; its error's code, or `ok`. */
export async function probe(
  world: World,
  process: Process,
  { id }: Spreadsheet,
  identity: string,
  principal = 'heart',
): Promise<string> {
  const origin = {
    principal,
    identity,
    deadline: world.clock.now() + 50_000,
    priority: 'interactive',
  } as const;
  const params = {
    ranges: ["'Data'!A1"],
    valueRenderOption: 'UNFORMATTED_VALUE',
    dateTimeRenderOption: 'FORMATTED_STRING',
  };
  const call = createCall(origin, 'spreadsheets.values.batchGet', id, { spreadsheetId: id, ...params }, true);
  return process.send(call, new AbortController().signal).then(
    () => 'ok',
    (error) => asServalError(error).code,
  );
}

/** Passes the time until all must be well again, with a read every three seconds, each spreadsheet in turn. */
export async function watchRecovery(
  world: World,
  processes: readonly Process[],
  spreadsheets: readonly Spreadsheet[],
): Promise<void> {
  const { clock, report, tally, identities } = world;
  const start = clock.now();
  // An attempt from before the end of the outage may fail so late, and be a probe; then two probes of each circuit.
  const until = start + ATTEMPT_MS + OPEN_MS + 3 * BEAT_MS * spreadsheets.length;
  let recovered = 0;
  for (let beat = 0; clock.now() < until; beat++) {
    for (const process of processes) {
      const spreadsheet = spreadsheets[beat % spreadsheets.length];
      if (spreadsheet) void probe(world, process, spreadsheet, identities[beat % identities.length] ?? identities[0]);
    }
    await clock.runUntil(clock.now() + BEAT_MS);
    const broken = processes.some((process) => process.wire.broken().length > 0);
    if (broken) recovered = 0;
    else recovered ||= clock.now() - start;
  }
  tally.add('outages');
  tally.peak('slowest recovery, s', Math.round((recovered || until - start) / 1000));
  for (const process of processes) {
    for (const [name, { state }] of process.wire.broken()) {
      report('recovery', `${name} is ${state} ${(clock.now() - start) / 1000} s after the end of the outage`);
    }
    for (const spreadsheet of spreadsheets) {
      const work = probe(world, process, spreadsheet, identities[0]);
      await clock.runUntil(clock.now() + 50_000);
      const code = await work;
      if (code !== 'ok' && code !== 'quota_exhausted') report('recovery', `a read ends with ${code} after the outage`);
    }
  }
}
