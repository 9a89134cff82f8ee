// The whole application in process on a fresh embedded backend: what most tests go through.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { onTestFinished } from 'vitest';
import { createHttpApp } from '../../src/app.ts';
import { systemClock } from '../../src/clock.ts';
import { parseConfig } from '../../src/config.ts';
import { createLog } from '../../src/log.ts';

export const ROOT = resolve(import.meta.dirname, '../..');

/** A folder that is gone when the test ends. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'servalsheets-test-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** The application as `serve` builds it, without a socket, until the test ends; `lines` are its log. */
export async function testApp(env: Record<string, string> = {}, fetchGoogle: typeof fetch = fetch) {
  const app = await openApp({ DATA_DIR: temporaryFolder(), ...env }, fetchGoogle);
  onTestFinished(app.end);
  return app;
}

/** The same for who ends it himself. */
export async function openApp(env: Record<string, string>, fetchGoogle: typeof fetch = fetch) {
  const { config } = parseConfig({ LOG_LEVEL: 'DEBUG', ...env }, () => {
    throw new Error('no files');
  });
  const lines: string[] = [];
  const app = await createHttpApp(config, {
    clock: systemClock,
    log: createLog(config.LOG_LEVEL, systemClock, (line) => lines.push(line)),
    fetch: fetchGoogle,
    version: '0.0.0-test',
    demoDir: join(ROOT, 'data'),
  });
  const end = async () => {
    await app.endStreams();
    app.close();
  };
  const request = (path: string, init: RequestInit = {}) => app.fetch(new Request(`http://127.0.0.1${path}`, init));
  /** A tool over REST: status and JSON body. */
  const rest = async (tool: string, input: unknown) => {
    const response = await request(`/v1/tools/${tool}`, { method: 'POST', body: JSON.stringify(input) });
    return { status: response.status, body: await response.json() };
  };
  return { ...app, config, lines, request, rest, end };
}
