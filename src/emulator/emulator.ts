// The embedded backend: store, routes and demo put together behind one fetch handler. No sockets, no environment.

import { Hono } from 'hono';
import type { Clock } from '../clock.ts';
import { createDemo, DEMO_SPREADSHEET_ID } from './demo.ts';
import { driveRoutes } from './drive.ts';
import { ApiError, asApiError, driveBody, sheetsBody } from './errors.ts';
import { checkPlan, type Plan } from './faults.ts';
import { createFaults } from './inject.ts';
import type { Counted } from './quota.ts';
import { jsonResponse, printJson } from './reply.ts';
import { sheetsRoutes } from './routes.ts';
import { type Observed, pathOf } from './seen.ts';
import { openStore, type Store } from './store.ts';
import { settleTables } from './tables.ts';

export { checkPlan, DEMO_SPREADSHEET_ID };

export interface EmulatorOptions {
  /** SQLite file; ':memory:' keeps nothing. */
  file: string;
  clock: Clock;
  /** Creates the demo spreadsheet when the store holds no file at all. `dataDir` holds the CSV files. */
  demo?: { dataDir: string };
  /** Told of exceptions that are our own fault; the caller only sees Google's 500. */
  onFault?: (error: unknown) => void;
  /** A fault plan (faults.ts) from the start; nothing goes wrong without one. */
  faults?: unknown;
}

export interface Emulator {
  /** The whole REST surface as a fetch handler. */
  fetch(request: Request): Promise<Response>;
  /** Replaces the fault plan; undefined or {} clears it. Throws an Error that names the wrong key. */
  setFaults(plan: unknown): void;
  /** The fault plan and how often each of its rules has applied. */
  faults(): { readonly plan: Plan; readonly fired: readonly number[] };
  /** The last 100,000 requests, in the order in which they were answered or done. */
  observed(): readonly Observed[];
  clearObserved(): void;
  /** The requests that Google's quota counts, by user and kind; counted whether a limit is enforced or not. */
  counted(): readonly Counted[];
  close(): void;
}

/** Long GETs come as POST with the query in a form body. */
async function overridden(request: Request): Promise<Request> {
  const method = request.headers.get('X-HTTP-Method-Override')?.toUpperCase();
  if (request.method !== 'POST' || method === undefined || method === 'POST') return request;
  const headers = new Headers(request.headers);
  headers.delete('X-HTTP-Method-Override');
  if (method !== 'GET') return new Request(request, { method, headers });
  headers.delete('Content-Type');
  headers.delete('Content-Length');
  const url = new URL(request.url);
  for (const [name, value] of new URLSearchParams(await request.text())) url.searchParams.append(name, value);
  return new Request(url, { method, headers });
}

/**
 * Opens the store and serves Sheets v4 and Drive v3 on it. Throws an Error with a clear message when another process
 * owns the file, a newer version wrote it or the fault plan is wrong.
 */
export function createEmulator({ file, clock, demo, onFault, faults: plan }: EmulatorOptions): Emulator {
  const app = new Hono({ getPath: pathOf });
  const faults = createFaults(clock, async (request) => app.fetch(request));
  faults.set(plan);
  const opened = openStore(file, clock);
  const store: Store = {
    ...opened,
    // The columns of tables follow their header cells, whatever changed them.
    transact: (work) =>
      opened.transact((change) => {
        const result = work(change);
        settleTables(change);
        return result;
      }),
  };
  if (demo && store.files.size === 0) {
    try {
      store.transact((change) => createDemo({ store, change, clock }, demo.dataDir));
    } catch (error) {
      store.close();
      throw error;
    }
  }

  app.route('/', sheetsRoutes(store, clock));
  app.route('/', driveRoutes(store, clock));
  const refuse = (request: Request, error: ApiError) => {
    const body = pathOf(request).includes('/drive/') ? driveBody(error) : sheetsBody(error);
    return jsonResponse(printJson(body, true), error.status);
  };
  app.notFound((c) => refuse(c.req.raw, new ApiError(404, 'Method not found.')));
  app.onError((error, c) => {
    if (!(error instanceof ApiError)) onFault?.(error);
    return refuse(c.req.raw, asApiError(error));
  });

  return {
    fetch: async (request) => faults.serve(await overridden(request), request),
    setFaults: faults.set,
    faults: faults.state,
    observed: faults.observed,
    clearObserved: faults.clearObserved,
    counted: faults.counted,
    close: () => {
      faults.close();
      store.close();
    },
  };
}
