// The composition root: configuration and ports in, a running application out. Nothing else knows all the parts.

import { mkdirSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import type { Clock } from './clock.ts';
import type { Config } from './config.ts';
import { logEvents } from './event-log.ts';
import { createBus, type Emit, type Event } from './events.ts';
import { createCredentials, noCredentials } from './google/credentials.ts';
import { createTransport } from './google/transport.ts';
import type { Log } from './log.ts';
import { createCircuits } from './resilience/circuits.ts';
import { createFlags } from './resilience/flags.ts';
import { guardFetch } from './resilience/guard.ts';
import type { Check } from './server/ops.ts';
import { createService } from './service.ts';
import { METHODS } from './sheets/calls.ts';
import { TOOLS } from './tools/index.ts';
import { READINGS } from './tools/run.ts';

export interface Ports {
  readonly clock: Clock;
  readonly log: Log;
  /** Reaches Google; the embedded backend is reached without it. */
  readonly fetch: typeof globalThis.fetch;
  readonly version: string;
  /** Folder of the demo's CSV files. */
  readonly demoDir: string;
}

/** The account that all principals share while the server has one credential. */
const SHARED_IDENTITY = 'shared';

export type App = Awaited<ReturnType<typeof createApp>>;

export async function createApp(config: Config, ports: Ports) {
  const { clock, log, version } = ports;
  const bus = createBus((fault) => log.error('a listener failed', { fault }));
  bus.subscribe(logEvents(log));
  const auth = watchAuth(config, clock);
  bus.subscribe(auth.observe);

  const flags = createFlags(
    {
      writes: true,
      batching: config.ADAPTIVE_BATCHING,
      cache: config.CACHE_ENABLED,
      fallback: config.FALLBACK_ENABLED,
      retry: config.RETRY_ENABLED,
      throttle: config.THROTTLE_ENABLED,
      ...Object.fromEntries(TOOLS.map((tool) => [`tool:${tool.name}`, true])),
    },
    clock,
  );
  const circuits = createCircuits({
    failureThreshold: config.CIRCUIT_BREAKER_FAILURE_THRESHOLD,
    successThreshold: config.CIRCUIT_BREAKER_SUCCESS_THRESHOLD,
    openMs: config.CIRCUIT_BREAKER_TIMEOUT,
    resetMs: config.CIRCUIT_BREAKER_RESET_TIMEOUT,
    clock,
    emit: bus.emit,
  });
  makeFolder(config.DATA_DIR);
  const tokenFetch = guardFetch(circuits.service('google_oauth'), ports.fetch);
  const backend = await openBackend(config, { ...ports, tokenFetch });
  const transport = createTransport({ ...backend, version, clock, emit: bus.emit });
  const reach = () => backend.credentials.account().reach;
  const parts = { clock, log, emit: bus.emit, subscribe: bus.subscribe, circuits, flags, transport, reach };
  const service = openService();

  return {
    runner: service.runner,
    subscribe: bus.subscribe,
    emit: bus.emit,
    circuits,
    flags,
    store: service.store,
    outbox: service.outbox,
    gauges: {
      ...service.pipe.gauges,
      outbox: () => {
        try {
          return { entries: service.store.queuedCount(), oldestAgeMs: service.store.oldestAgeMs() };
        } catch {
          return undefined; // a ledger that cannot be read shows in the health checks
        }
      },
    },
    checks: (): readonly Check[] => {
      const ledger = ledgerCheck();
      return [auth.check(), ...circuitChecks(ledger.status === 'up'), ledger];
    },
    /** Begins to look after what earlier processes have left. */
    start: service.start,
    tend: service.tend,
    /** Id of the demo spreadsheet on the embedded backend. */
    demo: backend.demo,
    /** Resolves once no tool call is under way and every write that was sent has its end. */
    idle: service.idle,
    close: () => {
      service.close();
      backend.close();
    },
  };

  function openService() {
    try {
      return createService(config, { ...parts, identityOf: () => SHARED_IDENTITY });
    } catch (error) {
      backend.close();
      throw error;
    }
  }

  /** Without it reads go on; with a circuit open beside it nothing is left. */
  function ledgerCheck(): Check {
    const { usable, message } = service.ledger.status();
    const open = circuits.service('google_sheets_api').refusal(null) !== undefined;
    return { name: 'ledger', status: usable ? 'up' : open ? 'down' : 'degraded', message, latencyMs: 0 };
  }

  /** An open circuit is `down` only when requests have no defined answer without Google. */
  function circuitChecks(ledger: boolean): Check[] {
    const open = flags.enabled('fallback') && ledger ? 'degraded' : 'down';
    return circuits
      .snapshots()
      .filter(({ name }) => !name.startsWith('spreadsheet:'))
      .map(({ name, state, isolated }) => ({
        name,
        status: state === 'closed' ? 'up' : state === 'open' ? open : 'degraded',
        message: isolated ? 'isolated by an operator' : `circuit ${state.replace('_', '-')}`,
        latencyMs: 0,
      }));
  }
}

/** The embedded backend on its file in DATA_DIR; throws when another process holds that or EMULATOR_FAULTS is wrong. */
export async function openEmulator(config: Config, { clock, log, demoDir }: Pick<Ports, 'clock' | 'log' | 'demoDir'>) {
  const { checkPlan, createEmulator, DEMO_SPREADSHEET_ID } = await import('./emulator/emulator.ts');
  checkPlan(config.faultPlan, 'EMULATOR_FAULTS');
  makeFolder(config.DATA_DIR);
  const file = join(config.DATA_DIR, 'workbooks.sqlite');
  const onFault = (fault: unknown) => log.error('the embedded backend failed', { fault });
  const emulator = createEmulator({ file, clock, demo: { dataDir: demoDir }, onFault, faults: config.faultPlan });
  return { emulator, file, demo: DEMO_SPREADSHEET_ID };
}

function makeFolder(path: string): void {
  try {
    mkdirSync(path, { recursive: true, mode: 0o700 });
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : 'unknown';
    throw new Error(
      `DATA_DIR ${path} cannot be used (${code}): it must be a folder that this user may write; correct it`,
    );
  }
}

/** Where calls go and with which credential. */
async function openBackend(config: Config, ports: Ports & { tokenFetch: typeof globalThis.fetch }) {
  if (config.backend.kind === 'google') {
    const rootUrl = config.GOOGLE_API_ROOT_URL;
    return {
      credentials: createCredentials(config.backend.credential, ports.tokenFetch, config.TOOLSETS.includes('share')),
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
      if (event.type === 'token_failed') failure = { message: event.message, at: clock.wall() };
      else if (event.type !== 'api_call' || event.status === 'circuit_open') return;
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

/** The application with its HTTP edge and metrics on top. */
export async function createHttpApp(config: Config, ports: Ports) {
  const app = await createApp(config, ports);
  const [{ createHttp }, { createMetrics }] = await Promise.all([import('./server/http.ts'), import('./metrics.ts')]);
  const { clock, log, version } = ports;
  const metrics = createMetrics({
    calls: Object.entries(METHODS).map(([method, { api }]) => ({ method, api })),
    operations: [...app.runner.tools.map((tool) => tool.name), ...READINGS],
    maxRetries: config.RETRY_MAX_ATTEMPTS,
    circuits: app.circuits.snapshots,
    gauges: app.gauges,
  });
  app.subscribe(metrics.observe);
  const instance = `${hostname()}:${process.pid}`;
  const { checks, circuits, flags, store, outbox } = app;
  const ops = { clock, instance, metrics, checks, circuits, flags, store, outbox, emit: app.emit };
  const http = createHttp({ runner: app.runner, version, log, ops });
  return { ...app, fetch: http.fetch, endStreams: http.close };
}
