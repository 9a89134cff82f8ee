// Every setting that a runbook names changes what it says: the same thing is measured under two values of it.

import { expect, test } from 'vitest';
import { systemClock } from '../../src/clock.ts';
import { SETTINGS } from '../../src/config.ts';
import { createEmulator, DEMO_SPREADSHEET_ID as demo } from '../../src/emulator/emulator.ts';
import { ROOT, temporaryFolder, testApp } from '../support/app.ts';
import { run } from '../support/processes.ts';
import { readRunbooks } from './runbook-text.ts';

type Env = Record<string, string>;
type World = Awaited<ReturnType<typeof open>>;

const runbooks = readRunbooks();

/** The application, with the embedded backend as its Google, quick to fail. */
async function open(env: Env) {
  const google = createEmulator({ file: ':memory:', clock: systemClock, demo: { dataDir: `${ROOT}/data` } });
  let inFlight = 0;
  let most = 0;
  const fetchGoogle = async (input: string | URL | Request, init?: RequestInit) => {
    most = Math.max(most, ++inFlight);
    try {
      return await google.fetch(new Request(input, init));
    } finally {
      inFlight--;
    }
  };
  const base = { GOOGLE_API_ROOT_URL: 'http://google.test', GOOGLE_ACCESS_TOKEN: 'any', RETRY_ENABLED: 'false' };
  const app = await testApp({ ...base, ...env }, fetchGoogle);
  const faults = (...rules: object[]) => google.setFaults({ rules });
  const read = (range = 'A1', fresh = false, spreadsheet = demo) =>
    app.rest('read_range', { spreadsheet, ranges: [range], fresh });
  const circuit = () => {
    const found = app.circuits.snapshots().find(({ name }) => name === 'google_sheets_api');
    if (!found) throw new Error('no circuit');
    return found;
  };
  const metric = async (name: string) => {
    const lines = (await (await app.request('/metrics')).text()).split('\n');
    return Number(
      lines
        .find((line) => line.startsWith(`servalsheets_${name} `))
        ?.split(' ')
        .at(-1),
    );
  };
  const calls = () => google.observed().length;
  return { ...app, google, faults, read, circuit, metric, calls, most: () => most };
}

const OUTAGE = { fault: { status: 503 } };
const places = (kind: string, scope: string) => (world: World) =>
  world.metric(`quota_places{kind="${kind}",scope="${scope}"}`);

async function openMs({ read, faults, circuit }: World): Promise<number> {
  faults(OUTAGE);
  while (circuit().state === 'closed') await read();
  const { openedAt, nextAttemptAt } = circuit();
  return Math.round((Date.parse(nextAttemptAt ?? '') - Date.parse(openedAt ?? '')) / 100) * 100;
}

/** Calls to Google that a second, equal read makes. */
async function asksAgain({ read, calls }: World): Promise<number> {
  await read();
  const before = calls();
  await read();
  return Math.min(1, calls() - before);
}

/** A write while the circuit breaker is isolated. */
async function writeInIsolation({ rest, circuits }: World) {
  circuits.service('google_sheets_api').isolate();
  return rest('append_rows', { spreadsheet: demo, sheet: 'airports', rows: [['x']] });
}

/** Status of a read in an outage, after one that succeeded. */
async function readInOutage({ read, faults }: World): Promise<number> {
  await read();
  faults(OUTAGE);
  return (await read()).status;
}

interface Effect {
  /** What else has to be set to show it. */
  readonly env?: Env;
  readonly values: readonly [string, string];
  readonly measured: readonly [unknown, unknown];
  readonly measure: (world: World) => unknown;
}

const EFFECTS: Readonly<Record<string, Effect>> = {
  CIRCUIT_BREAKER_FAILURE_THRESHOLD: {
    values: ['2', '4'],
    measured: [2, 4],
    measure: async ({ read, faults, circuit, calls }) => {
      faults(OUTAGE);
      while (circuit().state === 'closed') await read();
      return calls();
    },
  },
  CIRCUIT_BREAKER_SUCCESS_THRESHOLD: {
    env: { CIRCUIT_BREAKER_FAILURE_THRESHOLD: '1', CIRCUIT_BREAKER_TIMEOUT: '20' },
    values: ['1', '3'],
    measured: [1, 3],
    measure: async ({ read, faults, circuit, calls }) => {
      await read();
      faults({ count: 1, ...OUTAGE });
      await read('B1');
      await expect.poll(() => circuit().state).toBe('half_open');
      const before = calls();
      for (let row = 1; circuit().state !== 'closed'; row++) await read(`A${row + 1}`);
      return calls() - before;
    },
  },
  CIRCUIT_BREAKER_TIMEOUT: { values: ['1000', '5000'], measured: [1_000, 5_000], measure: openMs },
  CIRCUIT_BREAKER_RESET_TIMEOUT: {
    values: ['50', '60000'],
    measured: [0, 1],
    measure: async ({ read, faults, circuit }) => {
      faults(OUTAGE);
      await read();
      expect(circuit().failureCount).toBe(1);
      const forgets = circuit().config.resetTimeout === 50;
      if (forgets) await expect.poll(() => circuit().failureCount).toBe(0);
      return circuit().failureCount;
    },
  },
  API_TIMEOUT_MS: {
    values: ['100', '200'],
    measured: [
      'Google did not answer spreadsheets.get within 100 ms.',
      'Google did not answer spreadsheets.get within 200 ms.',
    ],
    measure: async ({ read, faults }) => {
      faults({ fault: { hang: true } });
      return (await read()).body.detail;
    },
  },
  REQUEST_DEADLINE_MS: {
    values: ['100', '20000'],
    measured: [504, 200],
    measure: async ({ read, faults }) => {
      faults({ fault: { latencyMs: 300 } });
      return (await read()).status;
    },
  },
  RETRY_ENABLED: {
    values: ['true', 'false'],
    measured: [200, 503],
    measure: async ({ read, faults }) => {
      faults({ count: 1, ...OUTAGE });
      return (await read()).status;
    },
  },
  RETRY_MAX_ATTEMPTS: {
    env: { RETRY_ENABLED: 'true' },
    values: ['0', '1'],
    measured: [1, 2],
    measure: async ({ read, faults, calls }) => {
      faults(OUTAGE);
      await read();
      return calls();
    },
  },
  CACHE_ENABLED: { values: ['true', 'false'], measured: [0, 1], measure: asksAgain },
  CACHE_TTL_MS: { values: ['60000', '0'], measured: [0, 1], measure: asksAgain },
  ADAPTIVE_BATCHING: {
    env: { CACHE_ENABLED: 'false' },
    values: ['true', 'false'],
    measured: [true, false],
    measure: async ({ read, metric }) => {
      await Promise.all(Array.from({ length: 10 }, (_, row) => read(`A${row + 1}`)));
      return (await metric('batched_calls_saved_total{kind="read"}')) > 0;
    },
  },
  MAX_CONCURRENT_REQUESTS: {
    values: ['1', '3'],
    measured: [1, 3],
    measure: async ({ read, faults, rest, most }) => {
      const made = await Promise.all(
        Array.from({ length: 6 }, (_, n) => rest('create_spreadsheet', { title: `S${n}` })),
      );
      faults({ fault: { latencyMs: 30 } });
      await Promise.all(made.map(({ body }) => read('A1', true, body.id)));
      return most();
    },
  },
  FALLBACK_ENABLED: {
    env: { CACHE_TTL_MS: '0', CIRCUIT_BREAKER_FAILURE_THRESHOLD: '1' },
    values: ['true', 'false'],
    measured: [
      [200, 200, 'degraded'],
      [503, 503, 'unavailable'],
    ],
    measure: async (world) => {
      const status = await readInOutage(world);
      const ready = await world.request('/health/ready');
      return [status, ready.status, (await ready.json()).status];
    },
  },
  FALLBACK_MAX_STALE_MS: {
    env: { CACHE_TTL_MS: '0' },
    values: ['3600000', '0'],
    measured: [200, 503],
    measure: readInOutage,
  },
  QUOTA_HEADROOM: { values: ['0.9', '0.7'], measured: [54, 42], measure: places('read', 'user') },
  QUOTA_READS_PER_MINUTE_PER_USER: { values: ['60', '120'], measured: [54, 108], measure: places('read', 'user') },
  QUOTA_WRITES_PER_MINUTE_PER_USER: { values: ['60', '120'], measured: [54, 108], measure: places('write', 'user') },
  QUOTA_READS_PER_MINUTE_PER_PROJECT: {
    values: ['300', '600'],
    measured: [270, 540],
    measure: places('read', 'project'),
  },
  QUOTA_WRITES_PER_MINUTE_PER_PROJECT: {
    values: ['300', '600'],
    measured: [270, 540],
    measure: places('write', 'project'),
  },
  THROTTLE_ENABLED: {
    env: { QUOTA_READS_PER_MINUTE_PER_USER: '1', REQUEST_DEADLINE_MS: '5000', CACHE_ENABLED: 'false' },
    values: ['true', 'false'],
    measured: [429, 200],
    measure: async ({ read }) => {
      await read('A1', true);
      return (await read('A2', true)).status;
    },
  },
  OUTBOX_MAX_ENTRIES: {
    values: ['100000', '1'],
    measured: [
      [202, 202],
      [202, 503],
    ],
    measure: async (world) => [(await writeInIsolation(world)).status, (await writeInIsolation(world)).status],
  },
  OUTBOX_MAX_AGE_MS: {
    values: ['86400000', '1000'],
    measured: ['queued', 'expired'],
    measure: async (world) => {
      const { body } = await writeInIsolation(world);
      const stateOf = async () => (await world.rest('get_write', { writeId: body.writeId })).body.state;
      const start = systemClock.now();
      while (systemClock.now() < start + 1_300 && (await stateOf()) === 'queued') {
        await systemClock.sleep(50);
        await world.tend();
      }
      return stateOf();
    },
  },
  LOG_LEVEL: {
    values: ['INFO', 'DEBUG'],
    measured: [false, true],
    measure: async ({ read, lines }) => {
      await read();
      return lines.some((line) => line.includes('"message":"google api call"'));
    },
  },
};

/** Played as situations of the runbooks. */
const PLAYED = [
  'DATA_DIR',
  'LEDGER_RETENTION_MS',
  'GOOGLE_ACCESS_TOKEN',
  'GOOGLE_APPLICATION_CREDENTIALS',
  'GOOGLE_SERVICE_ACCOUNT_KEY',
];

test('every setting that a runbook names is shown here or played', () => {
  const named = Object.keys(SETTINGS).filter((name) =>
    runbooks.some(({ text }) => new RegExp(`\\b${name}\\b`).test(text)),
  );
  expect(named.filter((name) => !PLAYED.includes(name)).sort()).toEqual(Object.keys(EFFECTS).sort());
});

test.each(Object.entries(EFFECTS))('%s changes what it says', async (name, { env, values, measured, measure }) => {
  const results: unknown[] = [];
  for (const value of values) results.push(await measure(await open({ ...env, [name]: value })));
  expect(results).toEqual(measured);
});

test('LEDGER_RETENTION_MS is what the command goes by', async () => {
  for (const days of [7, 3]) {
    const env = { DATA_DIR: temporaryFolder(), LEDGER_RETENTION_MS: String(days * 86_400_000) };
    const purge = run(['ledger', 'purge'], env);
    expect([await purge.exit, purge.stdout()]).toEqual([0, expect.stringContaining(`older than ${days} days`)]);
  }
});

test.each(['aggressive', 'conservative'])('the %s settings are in force as they are written', async (label) => {
  const [block] = runbooks.flatMap(({ blocks }) => blocks).filter((one) => one.label === label);
  const env = Object.fromEntries(
    [...(block?.body ?? '').matchAll(/^([A-Z_]+)=(\S+)/gm)].map(([, name, value]) => [name, value]),
  );
  const world = await open(env as Env);
  expect(world.circuit().config).toMatchObject({
    failureThreshold: Number(env.CIRCUIT_BREAKER_FAILURE_THRESHOLD),
    successThreshold: Number(env.CIRCUIT_BREAKER_SUCCESS_THRESHOLD ?? 2),
    timeout: Number(env.CIRCUIT_BREAKER_TIMEOUT),
  });
  expect(await openMs(world)).toBe(Number(env.CIRCUIT_BREAKER_TIMEOUT));
  expect(world.calls()).toBe(Number(env.CIRCUIT_BREAKER_FAILURE_THRESHOLD));
});

test('a restart brings no fresh quota', async () => {
  const env = { DATA_DIR: temporaryFolder() };
  const used = 'quota_places_used{kind="read",scope="project"}';
  const first = await open(env);
  await first.read();
  const before = await first.metric(used);
  expect(before).toBeGreaterThan(0);
  expect(await (await open(env)).metric(used)).toBe(before);
});

test('two credentials at once are refused by name', async () => {
  await expect(open({ GOOGLE_SERVICE_ACCOUNT_KEY: '{}' })).rejects.toThrow(
    'GOOGLE_ACCESS_TOKEN: GOOGLE_SERVICE_ACCOUNT_KEY is set too',
  );
});
