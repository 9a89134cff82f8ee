// The whole application, its HTTP edge included, on a virtual clock before an emulator with Google's quota: a world in
// which an hour's outage takes seconds, and in which people edit the sheet meanwhile.

import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { createHttpApp } from '../../src/app.ts';
import { parseConfig } from '../../src/config.ts';
import { createEmulator } from '../../src/emulator/emulator.ts';
import { createLog } from '../../src/log.ts';
import { ROOT, temporaryFolder } from '../support/app.ts';
import { createVirtualClock, settle } from '../support/virtual-clock.ts';

/** Rounds of the event loop that the Google client needs at most to get an answer in process. */
const ROUNDS = 12;

export interface Told {
  readonly status: number;
  readonly fallback: boolean;
  readonly body: Readonly<Record<string, unknown>>;
}

export type World = Awaited<ReturnType<typeof createWorld>>;

export async function createWorld() {
  // Loading the client takes real time, which a virtual clock would outrun.
  await Promise.all([import('@googleapis/sheets'), import('@googleapis/drive')]);
  const folder = temporaryFolder();
  const dataDir = join(folder, 'server');
  mkdirSync(dataDir);
  const clock = createVirtualClock();
  const emulator = createEmulator({ file: join(folder, 'workbooks.sqlite'), clock, faults: { quota: true } });
  const { config } = parseConfig(
    { DATA_DIR: dataDir, GOOGLE_ACCESS_TOKEN: 'server', GOOGLE_API_ROOT_URL: 'http://127.0.0.1:9/' },
    () => '',
  );
  const lines: string[] = [];
  let down = false;
  let askedInVain = 0;
  const app = await createHttpApp(config, {
    clock,
    log: createLog(config.LOG_LEVEL, clock, (line) => lines.push(line)),
    fetch: async (input, init) => {
      if (!down) return emulator.fetch(new Request(input, init));
      askedInVain++;
      return new Response('{"error":{"code":503,"message":"The service is currently unavailable."}}', { status: 503 });
    },
    version: '0.0.0-test',
    demoDir: join(ROOT, 'data'),
  });
  app.start();
  onTestFinished(async () => {
    await app.endStreams();
    app.close();
    emulator.close();
  });

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

  /** Lets so much time pass, slowly enough for what is answered in process to be answered. */
  async function pass(ms: number, stepMs = 100): Promise<void> {
    for (let left = ms; left > 0; left -= stepMs) {
      for (let round = 0; round < ROUNDS; round++) await settle();
      await clock.advance(Math.min(left, stepMs));
    }
  }

  async function request(path: string, init: RequestInit = {}): Promise<Told> {
    const response = await until(app.fetch(new Request(`http://127.0.0.1${path}`, init)), 120_000);
    const body: Told['body'] = JSON.parse(await response.text());
    return { status: response.status, fallback: response.headers.get('x-fallback-mode') === 'true', body };
  }

  /** The emulator as people reach it, whatever the server's network is like. */
  async function people(method: string, path: string, body?: object): Promise<Readonly<Record<string, unknown>>> {
    const headers = { authorization: 'Bearer people' };
    const init = { method, headers, ...(body && { body: JSON.stringify(body) }) };
    const response = await emulator.fetch(new Request(`http://127.0.0.1/v4/spreadsheets${path}`, init));
    if (!response.ok) throw new Error(`the emulator answered ${response.status}: ${await response.text()}`);
    return JSON.parse(await response.text());
  }

  return {
    clock,
    emulator,
    lines,
    dataDir,
    request,
    people,
    pass,
    tool: (name: string, input: object, key?: string) =>
      request(`/v1/tools/${name}`, {
        method: 'POST',
        body: JSON.stringify(input),
        headers: key === undefined ? {} : { 'idempotency-key': key },
      }),
    /** Google answers 503 to everything, or is back. */
    setDown: (now: boolean) => {
      down = now;
    },
    askedInVain: () => askedInVain,
    /** What people see in a sheet: its rows as values. */
    rows: async (spreadsheet: string, range: string): Promise<unknown[][]> => {
      const { values = [] } = await people(
        'GET',
        `/${spreadsheet}/values/${encodeURIComponent(range)}?valueRenderOption=UNFORMATTED_VALUE`,
      );
      return Array.isArray(values) ? values : [];
    },
    createBook: async (sheets: Readonly<Record<string, readonly (readonly (string | number)[])[]>>) => {
      const cellOf = (value: string | number) => ({
        userEnteredValue: typeof value === 'number' ? { numberValue: value } : { stringValue: value },
      });
      const body = Object.entries(sheets).map(([title, rows], sheetId) => ({
        properties: { title, sheetId },
        data: [{ rowData: rows.map((row) => ({ values: row.map(cellOf) })) }],
      }));
      return String((await people('POST', '', { properties: { title: 'T' }, sheets: body })).spreadsheetId);
    },
  };
}
