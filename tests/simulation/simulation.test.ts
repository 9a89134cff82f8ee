// The whole resilience layer over the real Google client and the embedded backend, for thousands of virtual minutes.
// A failure names its seed; `SIMULATION_SEEDS=17,23 SIMULATION_MINUTES=100` replays such runs alone.

import { afterAll, expect, test } from 'vitest';
import { temporaryFolder } from '../support/app.ts';
import { createTally } from './report.ts';
import { simulate } from './simulation.ts';

const MINUTES = Number(process.env.SIMULATION_MINUTES ?? 40);
const SEEDS = process.env.SIMULATION_SEEDS?.split(',').map(Number) ?? Array.from({ length: 10 }, (_, at) => at + 1);

// Loading the client takes real time, which the clock would outrun.
await Promise.all([import('@googleapis/sheets'), import('@googleapis/drive')]);

const total = createTally();

test.each(SEEDS)('seed %i', { timeout: 120_000 }, async (seed) => {
  const { violations, counts, minutes } = await simulate(seed, MINUTES, temporaryFolder());
  for (const [name, count] of Object.entries(counts)) total.add(name, count);
  total.add('virtual minutes', minutes);
  expect(violations, `SIMULATION_SEEDS=${seed} SIMULATION_MINUTES=${MINUTES}`).toEqual([]);
});

afterAll(() => {
  if (process.env.SIMULATION_COUNTS) process.stderr.write(`${JSON.stringify(total.all(), undefined, 2)}\n`);
});
