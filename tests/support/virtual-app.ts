// The whole application on a virtual clock, embedded backend included: minutes pass in moments, nothing sleeps.

import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { createApp } from '../../src/app.ts';
import { parseConfig } from '../../src/config.ts';
import { createLog } from '../../src/log.ts';
import { ROOT, temporaryFolder } from './app.ts';
import { createVirtualClock, settle } from './virtual-clock.ts';

/** Rounds of the event loop that the Google client needs at most to get an answer of the embedded backend in process. */
const ROUNDS = 12;

export async function virtualApp(env: Record<string, string> = {}) {
  // Loading the client takes real time, which a virtual clock would outrun.
  await Promise.all([import('@googleapis/sheets'), import('@googleapis/drive')]);
  const clock = createVirtualClock();
  const { config } = parseConfig({ DATA_DIR: temporaryFolder(), LOG_LEVEL: 'DEBUG', ...env }, () => '');
  const lines: string[] = [];
  const app = await createApp(config, {
    clock,
    log: createLog(config.LOG_LEVEL, clock, (line) => lines.push(line)),
    fetch,
    version: '0.0.0-test',
    demoDir: join(ROOT, 'data'),
  });
  onTestFinished(() => app.close());
  let requests = 0;
  const run = (tool: string, input: object, signal = new AbortController().signal) =>
    app.runner.run(tool, input, { face: 'rest', principal: 'p', requestId: String(requests++), signal });

  /** Lets time pass until the work is done; rejects when it is not within `limitMs` of virtual time. */
  async function until<T>(work: Promise<T>, limitMs: number, stepMs = 50): Promise<T> {
    let done = false;
    const end = () => {
      done = true;
    };
    work.then(end, end);
    const start = clock.now();
    for (;;) {
      for (let round = 0; round < ROUNDS && !done; round++) await settle();
      if (done) return work;
      if (clock.now() - start > limitMs) throw new Error(`not done within ${limitMs} ms of virtual time`);
      await clock.advance(stepMs);
    }
  }

  return { ...app, clock, lines, run, until };
}
