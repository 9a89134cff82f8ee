// The whole application on a virtual clock, over the real Google client, with the wire to the embedded backend in the
// test's hands. The world outlives an application: another one on the same folder is a restart.

import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { onTestFinished } from 'vitest';
import { createHttpApp } from '../../src/app.ts';
import { parseConfig } from '../../src/config.ts';
import { createEmulator } from '../../src/emulator/emulator.ts';
import type { Event } from '../../src/events.ts';
import { createLog } from '../../src/log.ts';
import { ROOT, temporaryFolder } from './app.ts';
import { createVirtualClock, settle } from './virtual-clock.ts';

/** Rounds of the event loop in which all that needs no time gets done, HTTP face and Google client included. */
const ROUNDS = 16;

export interface Sent {
  readonly at: number;
  readonly method: string;
  /** Path without the API's prefix, decoded. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly body: string;
  /** Kinds of the requests of a batchUpdate, in order. */
  readonly kinds: readonly string[];
}

/** Meets a request on the wire; what it returns is the answer, undefined lets it pass. */
type Meet = (sent: Sent, pass: () => Promise<Response>) => Promise<Response | undefined> | Response | undefined;

export type World = Awaited<ReturnType<typeof createWorld>>;

export async function createWorld() {
  // Loading the client takes real time, which a virtual clock would outrun.
  await Promise.all([import('@googleapis/sheets'), import('@googleapis/drive')]);
  const clock = createVirtualClock();
  const emulator = createEmulator({ file: ':memory:', clock });
  onTestFinished(() => emulator.close());
  const sent: Sent[] = [];
  let meet: Meet = () => undefined;

  const wire: typeof globalThis.fetch = async (input, init) => {
    const request = new Request(input, init);
    const body = typeof init?.body === 'string' ? init.body : '';
    const path = decodeURIComponent(new URL(request.url).pathname.replace(/^\/v4\/spreadsheets\/?/, ''));
    const query = new URL(request.url).searchParams;
    const one = { at: clock.now(), method: request.method, path, query, body, kinds: kindsOf(body) };
    sent.push(one);
    const pass = () => emulator.fetch(request);
    return (await meet(one, pass)) ?? pass();
  };

  /** A request past the application, as somebody else's. */
  async function direct(path: string, body?: object) {
    const init = body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) };
    const response = await emulator.fetch(new Request(`http://emulator/v4/spreadsheets${path}`, init));
    return { status: response.status, body: await response.json() };
  }

  async function pass(ms: number, stepMs = 50): Promise<void> {
    for (let left = ms; left > 0; left -= stepMs) {
      await clock.advance(Math.min(left, stepMs));
      for (let round = 0; round < ROUNDS; round++) await settle();
    }
  }

  return {
    clock,
    emulator,
    sent,
    wire,
    direct,
    /** From now on; without a function everything passes. */
    onWire: (next: Meet = () => undefined) => {
      meet = next;
    },
    /** Lets time pass, and everything that is due meanwhile be done. */
    pass,
    /** Lets time pass until the work is done; rejects when it is not within `limitMs` of virtual time. */
    async until<T>(work: Promise<T>, limitMs = 60_000, stepMs = 50): Promise<T> {
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
    },
    /** A new spreadsheet with one sheet S (id 7) that holds these rows. */
    async book(rows: readonly (readonly (string | number)[])[] = []): Promise<string> {
      const made = await direct('', { sheets: [{ properties: { title: 'S', sheetId: 7 } }] });
      const id: string = made.body.spreadsheetId;
      if (rows.length === 0) return id;
      const value = (cell: string | number) => ({
        userEnteredValue: typeof cell === 'number' ? { numberValue: cell } : { stringValue: cell },
      });
      const appendCells = {
        sheetId: 7,
        fields: 'userEnteredValue',
        rows: rows.map((row) => ({ values: row.map(value) })),
      };
      await direct(`/${id}:batchUpdate`, { requests: [{ appendCells }] });
      return id;
    },
    /** What the sheet holds now. */
    async rows(id: string, range = 'S'): Promise<unknown[][]> {
      const path = `/${id}/values/${encodeURIComponent(range)}?valueRenderOption=UNFORMATTED_VALUE`;
      return (await direct(path)).body.values ?? [];
    },
    /** Values of the markers in the spreadsheet by their ids. */
    async markers(id: string): Promise<Record<string, string>> {
      const dataFilters = [{ developerMetadataLookup: { metadataKey: 'ss' } }];
      const { body } = await direct(`/${id}/developerMetadata:search`, { dataFilters });
      const found: { developerMetadata: { metadataId: number; metadataValue: string } }[] =
        body.matchedDeveloperMetadata ?? [];
      return Object.fromEntries(found.map(({ developerMetadata: one }) => [String(one.metadataId), one.metadataValue]));
    },
    /** Writes on the wire: the batches that carry a marker of their own and more. */
    writes: () => sent.filter(({ kinds }) => kinds.length > 1 && kinds[0] === 'createDeveloperMetadata'),
    fences: () => sent.filter(({ kinds }) => kinds.length === 1 && kinds[0] === 'createDeveloperMetadata'),
    removals: () => sent.filter(({ kinds }) => kinds[0] === 'deleteDeveloperMetadata'),
    lookUps: () => sent.filter(({ path }) => path.includes('/developerMetadata/')),
  };
}

function kindsOf(body: string): string[] {
  const { requests = [] } = body.startsWith('{') ? JSON.parse(body) : {};
  return requests.flatMap((request: object) => Object.keys(request));
}

interface Run {
  readonly principal?: string;
  readonly key?: string;
  readonly signal?: AbortSignal;
}

/** Starts an application in the world, as `serve` does but for the socket. */
export async function startApp(world: World, env: Record<string, string> = {}, folder = temporaryFolder()) {
  const { clock } = world;
  const given = { DATA_DIR: folder, GOOGLE_ACCESS_TOKEN: 'token', LOG_LEVEL: 'DEBUG', THROTTLE_ENABLED: 'false' };
  const { config } = parseConfig({ ...given, ...env }, () => '');
  const lines: string[] = [];
  const app = await createHttpApp(config, {
    clock,
    log: createLog(config.LOG_LEVEL, clock, (line) => lines.push(line)),
    fetch: world.wire,
    version: '0.0.0-test',
    demoDir: join(ROOT, 'data'),
  });
  const events: Event[] = [];
  app.subscribe((event) => events.push(event));
  let closed = false;
  const close = () => {
    if (!closed) app.close();
    closed = true;
  };
  onTestFinished(close);
  app.start();
  let requests = 0;
  const request = (path: string, init: RequestInit = {}) => app.fetch(new Request(`http://127.0.0.1${path}`, init));
  const json = async (path: string, init: RequestInit = {}) => {
    const response = await world.until(request(path, init));
    return { status: response.status, headers: response.headers, body: await response.json() };
  };
  return {
    ...app,
    folder,
    lines,
    events,
    /** As `kill -9` would end it: whatever is under way is never told. */
    close,
    request,
    /** A tool for a principal; a rejection that nobody waits for yet does no harm. */
    run: (tool: string, input: object, { principal = 'p', key, signal = new AbortController().signal }: Run = {}) => {
      const about = { face: 'rest', principal, requestId: String(requests++), signal } as const;
      const work = app.runner.run(tool, input, { ...about, ...(key !== undefined && { idempotencyKey: key }) });
      work.catch(() => {});
      return work;
    },
    json,
    /** A tool over REST: status, headers and JSON body. */
    rest: (tool: string, input: object, headers: Record<string, string> = {}) =>
      json(`/v1/tools/${tool}`, { method: 'POST', headers, body: JSON.stringify(input) }),
    post: (path: string, body: object = {}) => json(path, { method: 'POST', body: JSON.stringify(body) }),
    /** Rows of a table of the ledger, as another process would see them. */
    ledgerRows: (table: 'writes' | 'flushes') => ledgerRows(folder, table),
  };
}

/** What is committed, seen through a connection of its own. */
export function ledgerRows(folder: string, table: 'writes' | 'flushes'): Record<string, unknown>[] {
  const db = new DatabaseSync(join(folder, 'ledger.sqlite'), { readOnly: true });
  try {
    return db.prepare(`SELECT * FROM ${table} ORDER BY wall`).all();
  } finally {
    db.close();
  }
}
