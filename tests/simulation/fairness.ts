// Who must be served although others want much, or lack something: probes beside them, counted and timed.

import type { Spreadsheet } from './backend.ts';
import type { Process, World } from './process.ts';
import { probe } from './recovery.ts';
import type { Weather } from './weather.ts';

/** Half a minute for the head of the queue, and a little for what is under way. */
const MODEST_MS = 35_000;
const DEADLINE_MS = 50_000;

/** What one spreadsheet or one grant lacks stops nobody else. */
export async function watchOthers(
  world: World,
  processes: readonly Process[],
  spreadsheets: readonly Spreadsheet[],
  weather: Weather,
  end: number,
): Promise<void> {
  const { clock, identities, report } = world;
  // Circuits that earlier weather has opened are closed again by then.
  await clock.runUntil(clock.now() + 75_000);
  const well = spreadsheets.filter((_, index) => index !== weather.sick);
  const served = identities.filter((_, index) => index !== weather.revoked);
  let all = 0;
  let done = 0;
  while (clock.now() < end) {
    for (const process of processes) {
      const spreadsheet = well[all % well.length];
      if (!spreadsheet) continue;
      const work = probe(world, process, spreadsheet, served[all++ % served.length] ?? identities[0]);
      work.then((code) => code === 'ok' && done++);
    }
    await clock.runUntil(clock.now() + 8_000);
  }
  await clock.runUntil(clock.now() + DEADLINE_MS);
  if (done < 0.8 * all) report('others go on', `${done} of ${all} were served during: ${weather.name}`);
}

/** Whoever asks little waits little, however much another principal of the same account asks for. */
export async function watchModest(
  world: World,
  process: Process,
  spreadsheets: readonly Spreadsheet[],
  identity: string,
  end: number,
): Promise<void> {
  const { clock, tally, report } = world;
  const waits: number[] = [];
  for (let beat = 0; clock.now() < end; beat++) {
    const spreadsheet = spreadsheets[beat % spreadsheets.length];
    const start = clock.now();
    if (spreadsheet) probe(world, process, spreadsheet, identity).then(() => waits.push(clock.now() - start));
    await clock.runUntil(start + 7_000);
  }
  await clock.runUntil(clock.now() + DEADLINE_MS);
  const longest = Math.max(...waits);
  tally.peak('longest wait beside greed, s', Math.round(longest / 1000));
  if (longest > MODEST_MS) report('nobody starves', `a read waited ${longest} ms while ${world.greedy} was greedy`);
}
