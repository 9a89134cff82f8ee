// The composition root: configuration and ports in, a running application out. Nothing else knows all the parts.

import { mkdirSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { compose } from './call.ts';
import type { Clock } from './clock.ts';
import type { Config } from './config.ts';
import { createBus, type Emit, type Event } from './events.ts';
import { createCredentials, noCredentials } from './google/credentials.ts';
import { createTransport } from './google/transport.ts';
import type { Log } from './log.ts';
import { attemptTimeout } from './resilience/attempt-timeout.ts';
import { deadline } from './resilience/deadline.ts';
import { outcome } from './resilience/outcome.ts';
import type { Check } from './server/ops.ts';
import { METHODS } from './sheets/calls.ts';
import { createSheets } from './sheets/sheets.ts';
import { TOOLS } from './tools/index.ts';
import { createRunner, type Runner } from './tools/run.ts';

export interface Ports {
  readonly clock: Clock;
  readonly log: Log;
  /** Reaches Google; the embedded backend is reached without it. */
  readonly fetch: typeof globalThis.fetch;
  readonly version: string;
  /** Folder of the demo's CSV files. */
  readonly demoDir: string;
}

export interface App {
  readonly runner: Runner;
  subscribe(listener: Emit): void;
  checks(): readonly Check[];
  /** Id of the demo spreadsheet on the embedded backend. */
  readonly demo: string | undefined;
  /** Resolves once no tool call is under way and every write that was sent has its end. */
  idle(): Promise<void>;
  close(): void;
}

/** The account that all principals share while the server has one credential. */
const SHARED_IDENTITY = 'shared';

export async function createApp(config: Config, ports: Ports): Promise<App> {
  const { clock, log, version } = ports;
  const bus = createBus((fault) => log.error('a listener failed', { fault }));
  const backend = await openBackend(config, ports);
  const detached = new Set<Promise<void>>();
  const auth = watchAuth(config, clock);
  bus.subscribe(auth.observe);
  bus.subscribe(logEvents(log));

  const transport = createTransport({ ...backend, version, clock, emit: bus.emit });
  const send = compose(
    [
      deadline({ clock }),
      outcome({ onDetached: (end) => detached.add(end) && end.then(() => detached.delete(end)) }),
      attemptTimeout({ clock, timeoutMs: config.API_TIMEOUT_MS }),
    ],
    transport,
  );
  const runner = createRunner({
    tools: TOOLS,
    sheetsFor: (origin, signal) => createSheets(send, origin, signal),
    identityOf: () => SHARED_IDENTITY,
    deadlineMs: config.REQUEST_DEADLINE_MS,
    clock,
    emit: bus.emit,
  });

  return {
    runner,
    subscribe: bus.subscribe,
    checks: () => [auth.check()],
    demo: backend.demo,
    idle: async () => {
      await runner.idle();
      while (detached.size > 0) await Promise.allSettled(detached);
    },
    close: backend.close,
  };
}

/** The embedded backend on its file in DATA_DIR; throws when another process holds that. */
export async function openEmulator(config: Config, { clock, log, demoDir }: Pick<Ports, 'clock' | 'log' | 'demoDir'>) {
  const { createEmulator, DEMO_SPREADSHEET_ID } = await import('./emulator/emulator.ts');
  mkdirSync(config.DATA_DIR, { recursive: true, mode: 0o700 });
  const file = join(config.DATA_DIR, 'workbooks.sqlite');
  const onFault = (fault: unknown) => log.error('the embedded backend failed', { fault });
  const emulator = createEmulator({ file, clock, demo: { dataDir: demoDir }, onFault });
  return { emulator, file, demo: DEMO_SPREADSHEET_ID };
}

/** Where calls go and with which credential. */
async function openBackend(config: Config, ports: Ports) {
  if (config.backend.kind === 'google') {
    const rootUrl = config.GOOGLE_API_ROOT_URL;
    return {
      credentials: createCredentials(config.backend.credential, ports.fetch),
      fetch: ports.fetch,
      ...(rootUrl !== undefined && { rootUrl: rootUrl.endsWith('/') ? rootUrl : `${rootUrl}/` }),
      demo: undefined,
      close: () => {},
    };
  }
  const { emulator, demo } = await openEmulator(config, ports);
  return {
    credentials: noCredentials,
    fetch: (input: string | URL | Request, init?: RequestInit) => emulator.fetch(new Request(input, init)),
    demo,
    close: () => emulator.close(),
  };
}

/** The `auth` check: what the last use of the credential showed. Passive; nothing is asked for its sake. */
function watchAuth(config: Config, clock: Clock): { observe: Emit; check(): Check } {
  let failure: { message: string; at: number } | undefined;
  let used = false;
  return {
    observe: (event: Event) => {
      if (event.type === 'operation') return;
      if (event.type === 'token_failed') failure = { message: event.message, at: clock.wall() };
      else if (event.code === 'unauthenticated') failure = { message: 'Google refused the token.', at: clock.wall() };
      else if (event.status === 'success') failure = undefined;
      used = true;
    },
    check: () => {
      const up = (message: string): Check => ({ name: 'auth', status: 'up', message, latencyMs: 0 });
      if (config.backend.kind === 'embedded') return up('no credentials needed');
      if (!failure) return up(`${config.backend.why}${used ? '' : '; not used yet'}`);
      const since = new Date(failure.at).toISOString();
      return { name: 'auth', status: 'down', message: `${failure.message} Since ${since}.`, latencyMs: 0 };
    },
  };
}

function logEvents(log: Log): Emit {
  return (event) => {
    if (event.type === 'token_failed') log.error('no access token', { code: event.code, reason: event.message });
    else if (event.type === 'api_call') {
      const { type: _, ...fields } = event;
      if (event.status === 'success') log.debug('google api call', fields);
      else log.warn('google api call failed', fields);
    } else {
      const { type: _, error, ...fields } = event;
      if (!error) return log.info('tool call', fields);
      const failed = { ...fields, code: error.code, reason: error.message };
      if (error.code === 'internal') log.error('tool call failed', { ...failed, cause: error.details.cause });
      else if (error.row.status >= 500) log.error('tool call failed', failed);
      else log.warn('tool call failed', failed);
    }
  };
}

/** The application with its HTTP edge and metrics on top. */
export async function createHttpApp(config: Config, ports: Ports) {
  const app = await createApp(config, ports);
  const [{ createHttp }, { createMetrics }] = await Promise.all([import('./server/http.ts'), import('./metrics.ts')]);
  const calls = Object.entries(METHODS).map(([method, { api }]) => ({ method, api }));
  const metrics = createMetrics(
    calls,
    app.runner.tools.map((tool) => tool.name),
  );
  app.subscribe(metrics.observe);
  const { clock, log, version } = ports;
  const instance = `${hostname()}:${process.pid}`;
  const http = createHttp({ runner: app.runner, version, log, ops: { clock, instance, metrics, checks: app.checks } });
  return { ...app, fetch: http.fetch, endStreams: http.close };
}
