// The situations that the runbooks speak of, brought about on real servers: `serve` as a process, and as its Google the
// embedded backend as another one, whose faults are scripted.

import { generateKeyPairSync } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { DEMO_SPREADSHEET_ID as demo } from '../../src/emulator/emulator.ts';
import { temporaryFolder } from '../support/app.ts';
import { closedPort, startFakeGoogle } from '../support/fake-google.ts';
import { printed, run } from '../support/processes.ts';
import type { Stage } from './runbook-shell.ts';

export interface Server extends Stage {
  /** A tool over REST; what comes back is kept as something the server showed. */
  tool(name: string, input: object): Promise<{ status: number; body: Record<string, unknown> }>;
  get(path: string): Promise<string>;
  /** State of the circuit breaker in the JSON. */
  circuit(name?: string): Promise<{ state: string; failureCount: number; nextAttemptAt: string | null }>;
  metric(line: string): Promise<number>;
  post(path: string, body: object): Promise<unknown>;
}

export type Stages = Readonly<Record<string, () => Promise<Stage>>>;

/** The tests of other things than quota must not wait for it. */
const ROOMY = { QUOTA_READS_PER_MINUTE_PER_USER: '100000', QUOTA_READS_PER_MINUTE_PER_PROJECT: '100000' };

export async function openWorld() {
  const emulator = run(['emulator', '--port', '0'], { DATA_DIR: temporaryFolder() });
  const [, googleUrl = ''] = await printed(emulator, / at (http:[^;\s]+)/);
  const shown: string[] = [];
  const faults = async (...rules: object[]) => {
    const response = await fetch(`${googleUrl}/_faults`, { method: 'PUT', body: JSON.stringify({ rules }) });
    expect(response.status).toBe(200);
  };
  /** How many requests the first rule has met. */
  const fired = async (): Promise<number> => (await (await fetch(`${googleUrl}/_faults`)).json()).fired[0];

  async function start(env: Record<string, string> = {}): Promise<Server> {
    const credential = env.GOOGLE_ACCESS_TOKEN === '' ? {} : { GOOGLE_ACCESS_TOKEN: 'any' };
    const own = {
      DATA_DIR: temporaryFolder(),
      CACHE_TTL_MS: '20',
      GOOGLE_API_ROOT_URL: googleUrl,
      ...ROOMY,
      ...credential,
    };
    const running = run(['serve'], { PORT: '0', ...own, ...env });
    const [, url = ''] = await printed(running, / at (http:\S+)/);
    const keep = async (response: Response) => {
      const text = await response.text();
      shown.push([...response.headers].map(([name, value]) => `${name}: ${value}`).join('\n'), text);
      return text;
    };
    const get = async (path: string) => keep(await fetch(url + path));
    const post = async (path: string, body: object) => {
      const response = await fetch(url + path, { method: 'POST', body: JSON.stringify(body) });
      return { status: response.status, body: JSON.parse(await keep(response)) };
    };
    return {
      url,
      googleUrl,
      log: running.stderr,
      get,
      post,
      tool: (name, input) => post(`/v1/tools/${name}`, input),
      circuit: async (name = 'google_sheets_api') => {
        const all = JSON.parse(await get('/metrics/circuit-breakers')).circuitBreakers;
        return all.find((one: { name: string }) => one.name === name);
      },
      metric: async (line) => {
        const found = (await get('/metrics')).split('\n').find((one) => one.startsWith(`servalsheets_${line} `));
        return Number(found?.split(' ').at(-1));
      },
    };
  }

  /** What every server has shown beside its log. */
  return { googleUrl, shown: () => shown.join('\n'), faults, fired, start };
}

type World = Awaited<ReturnType<typeof openWorld>>;

export const read = (server: Server, range = 'A1', spreadsheet = demo, fresh = true) =>
  server.tool('read_range', { spreadsheet, ranges: [range], fresh });

export const OUTAGE = { path: '/v4/', fault: { status: 503 } };

/** Starts once, whoever asks first. */
function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => (made ??= make());
}

const OPEN_MS = 1_200;

export function circuitStages({ start, faults, googleUrl }: World): Stages {
  const main = once(() =>
    start({ CIRCUIT_BREAKER_TIMEOUT: String(OPEN_MS), RETRY_ENABLED: 'false', API_TIMEOUT_MS: '5000' }),
  );
  const lonely = once(async () => {
    const port = await closedPort();
    const server = await start({ GOOGLE_API_ROOT_URL: `http://127.0.0.1:${port}`, RETRY_ENABLED: 'false' });
    await read(server);
    return { ...server, googleUrl };
  });
  const until = (server: Server, state: string) =>
    expect.poll(async () => (await server.circuit()).state, { timeout: 5_000 }).toBe(state);

  async function open(): Promise<Server> {
    const server = await main();
    const { state, nextAttemptAt } = await server.circuit();
    if (state === 'open' && Date.parse(nextAttemptAt ?? '') - Date.now() > OPEN_MS / 2) return server;
    if (state === 'closed') {
      await faults();
      await read(server, 'A1', demo, false); // what is known last
    }
    await faults(OUTAGE);
    if (state === 'open') await until(server, 'half_open');
    for (let call = 0; call < 5 && (await server.circuit()).state !== 'open'; call++) await read(server);
    await until(server, 'open');
    await read(server);
    await read(server, 'A1', demo, false);
    await server.get('/health/ready');
    return server;
  }

  async function halfOpen(): Promise<Server> {
    const server = await main();
    if ((await server.circuit()).state === 'closed') await open();
    await faults();
    await until(server, 'half_open');
    return server;
  }

  return {
    open,
    'half-open': halfOpen,
    calm: async () => {
      const server = await main();
      await faults();
      const { state } = await server.circuit();
      // What a command of the same block has isolated stays so for the next one.
      if (state !== 'closed') await server.post('/circuit-breakers/reset', { all: true });
      return server;
    },
    recovered: async () => {
      const server = await main();
      if ((await server.circuit()).state === 'closed') return server;
      await halfOpen();
      for (let call = 0; call < 2; call++) await read(server);
      await until(server, 'closed');
      return server;
    },
    unreachable: lonely,
    slow: once(async () => {
      await faults({ fault: { hang: true } });
      const server = await start({ API_TIMEOUT_MS: '200', RETRY_ENABLED: 'false' });
      await read(server);
      return server;
    }),
  };
}

export function quotaStages({ start, faults }: World): Stages {
  const busy = once(async () => {
    const server = await start({ QUOTA_READS_PER_MINUTE_PER_USER: '20', CACHE_TTL_MS: '10000' });
    // Half of the places go at once, the others one by one.
    const used = () => server.metric('quota_places_used{kind="read",scope="user"}');
    for (let row = 1; (await used()) < 9; row++) await read(server, `A${row}`);
    return server;
  });
  let row = 100;
  return {
    calm: once(() => start()),
    near: async () => {
      const server = await busy();
      if ((await server.metric('admission_waiting')) === 0) {
        read(server, `A${row++}`).catch(() => {}); // waits, and is cut off when the server ends
        await expect.poll(() => server.metric('admission_waiting')).toBe(1);
      }
      return server;
    },
    hit: once(async () => {
      const server = await start();
      await faults({ count: 1, fault: { status: 429 } });
      expect(await read(server)).toMatchObject({ status: 429 });
      return server;
    }),
  };
}

export function googleErrorStages({ start, faults }: World): Stages {
  const patient = { RETRY_MAX_ATTEMPTS: '1', CIRCUIT_BREAKER_FAILURE_THRESHOLD: '1000' };
  const main = once(() => start(patient));
  const hasty = once(() => start({ ...patient, API_TIMEOUT_MS: '200' }));
  const disabled = { fault: { status: 403, reason: 'SERVICE_DISABLED' } };
  /** A situation that holds once `bring` was done; the faults stay. */
  const situation = (rules: object[], bring: (server: Server) => Promise<unknown>, server = main) => {
    const brought = once(async () => bring(await server()));
    return async () => {
      await faults(...rules);
      await brought();
      return server();
    };
  };
  const append = (server: Server) =>
    server.tool('append_rows', { spreadsheet: demo, sheet: 'airports', rows: [['x']] });
  return {
    failing: situation([OUTAGE], read),
    slow: situation([{ fault: { hang: true } }], read, hasty),
    disabled: situation([disabled], read),
    lost: situation([{ method: 'POST', fault: { reset: 'after' } }], append),
    calm: situation([], read),
  };
}

export function errorRateStages({ start, faults }: World): Stages {
  const main = once(() => start({ RETRY_ENABLED: 'false' }));
  const mixed = once(async () => {
    const server = await main();
    await faults();
    await server.tool('read_range', { spreadsheet: demo, ranges: 'A1' });
    await read(server, 'A1', 'no_such_spreadsheet_at_all');
    await faults(OUTAGE);
    await read(server);
    return server;
  });
  return {
    mixed,
    calm: async () => {
      await faults();
      return main();
    },
  };
}

export function authStages({ start, faults }: World): Stages {
  const unauthenticated = once(async () => {
    await faults({ fault: { status: 401 } });
    const server = await start();
    await read(server);
    return server;
  });
  /** A server whose token endpoint gives this answer, as Google's would over the same fetch. */
  const withToken = (status: number, body: object) =>
    once(async () => {
      const google = await startFakeGoogle();
      google.answer('/token', { status, body });
      const hook = join(temporaryFolder(), 'token-endpoint.mjs');
      writeFileSync(
        hook,
        `const real = fetch; globalThis.fetch = (input, init) =>
          real(String(input).startsWith('https://oauth2.googleapis.com/') ? '${google.url}/token' : input, init);`,
      );
      const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
      const key = {
        client_email: 'sheets@tests.iam.gserviceaccount.com',
        private_key: privateKey.export({ type: 'pkcs8', format: 'pem' }),
      };
      const server = await start({
        GOOGLE_ACCESS_TOKEN: '',
        GOOGLE_SERVICE_ACCOUNT_KEY: JSON.stringify(key),
        NODE_OPTIONS: `--import ${hook}`,
        RETRY_ENABLED: 'false',
      });
      await faults();
      for (let call = 0; call < 5; call++) await read(server);
      await google[Symbol.asyncDispose]();
      return server;
    });
  return {
    refused: unauthenticated,
    revoked: withToken(400, { error: 'invalid_grant' }),
    'no-tokens': withToken(503, {}),
    missing: once(async () => {
      const nowhere = join(temporaryFolder(), 'credentials.json');
      const server = await start({ GOOGLE_ACCESS_TOKEN: '', GOOGLE_APPLICATION_CREDENTIALS: nowhere });
      await read(server);
      return server;
    }),
    restarted: once(async () => {
      await faults();
      return start();
    }),
  };
}

export function outboxStages({ start, faults }: World): Stages {
  const append = (server: Server, sheet: string | number) =>
    server.tool('append_rows', { spreadsheet: demo, sheet, rows: [['kept']] });
  const isolate = (server: Server) => server.post('/circuit-breakers/isolate', { circuit: 'google_sheets_api' });
  const queued = once(async () => {
    const server = await start();
    await faults();
    await read(server, 'A1', demo, false);
    await isolate(server);
    return server;
  });
  return {
    queued: async () => {
      const server = await queued();
      while ((await server.metric('outbox_entries')) < 2) await append(server, 'airports');
      return server;
    },
    'set-aside': once(async () => {
      const server = await start();
      await faults();
      await isolate(server);
      await append(server, 'No such sheet');
      await server.post('/circuit-breakers/release', { circuit: 'google_sheets_api' });
      await expect.poll(() => server.metric('outbox_replayed_total{result="set_aside"}'), { timeout: 10_000 }).toBe(1);
      return server;
    }),
    expired: once(async () => {
      const server = await start({ OUTBOX_MAX_AGE_MS: '1000' });
      await isolate(server);
      await append(server, 'airports');
      await expect.poll(() => server.metric('outbox_replayed_total{result="expired"}'), { timeout: 10_000 }).toBe(1);
      return server;
    }),
    'no-ledger': once(async () => {
      const folder = temporaryFolder();
      // Something stands where the ledger needs a folder: like a disk that takes nothing.
      writeFileSync(join(folder, 'processes'), '');
      const server = await start({ DATA_DIR: folder });
      await append(server, 'airports');
      return server;
    }),
    calm: once(() => start()),
  };
}
