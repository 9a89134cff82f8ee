// What exactly once costs: the same writes through two servers, EXACTLY_ONCE=markers and off, in turn in one run; each
// with the embedded backend as its Google, in a process of its own and 80 ms away. Upstream calls and latency.

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir, totalmem } from 'node:os';
import { join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '..');
const folder = mkdtempSync(join(tmpdir(), 'servalsheets-bench-'));
const children: ChildProcess[] = [];
const AWAY_MS = 80;
const ROUNDS = 5;
const ROOMY = Object.fromEntries(
  ['READS', 'WRITES'].flatMap((kind) =>
    ['USER', 'PROJECT'].map((scope) => [`QUOTA_${kind}_PER_MINUTE_PER_${scope}`, '1000000']),
  ),
);

/** A process of ours; resolves with the first address that it prints. */
async function start(args: readonly string[], env: Record<string, string>): Promise<string> {
  const child = spawn(process.execPath, [join(root, 'src/main.ts'), ...args], {
    env: { PATH: process.env.PATH, HOME: folder, LOG_LEVEL: 'ERROR', ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  children.push(child);
  for await (const chunk of child.stdout) {
    const url = / at (http:[^;\s]+)/.exec(String(chunk))?.[1];
    if (url !== undefined) return url;
  }
  throw new Error(`${args[0]} ended`);
}

async function open(exactlyOnce: string) {
  const google = await start(['emulator', '--port', '0'], { DATA_DIR: join(folder, `google-${exactlyOnce}`) });
  await fetch(`${google}/_faults`, {
    method: 'PUT',
    body: JSON.stringify({ rules: [{ fault: { latencyMs: AWAY_MS } }] }),
  });
  const url = await start(['serve'], {
    PORT: '0',
    DATA_DIR: join(folder, exactlyOnce),
    GOOGLE_API_ROOT_URL: google,
    GOOGLE_ACCESS_TOKEN: 'any',
    EXACTLY_ONCE: exactlyOnce,
    ...ROOMY,
  });
  const call = async (tool: string, input: object, key?: string) => {
    const headers = key === undefined ? {} : { 'Idempotency-Key': key };
    const response = await fetch(`${url}/v1/tools/${tool}`, { method: 'POST', body: JSON.stringify(input), headers });
    const body = await response.json();
    if (response.status !== 200) throw new Error(JSON.stringify(body));
    return body;
  };
  const { id } = await call('create_spreadsheet', { title: 'B', sheets: [{ title: 'S', rows: [['who', 'n']] }] });
  const calls = async () => {
    const text = await (await fetch(`${url}/metrics`)).text();
    const counts = text.matchAll(/google_api_calls_total\{[^}]*method="([^"]+)",status="success"\} (\d+)/g);
    return Object.fromEntries([...counts].map(([, method = '', count]) => [method, Number(count)]));
  };
  return { call, calls, spreadsheet: String(id) };
}

type Server = Awaited<ReturnType<typeof open>>;

let made = 0;
const append = ({ call, spreadsheet }: Server, key?: string) =>
  call('append_rows', { spreadsheet, sheet: 'S', rows: [[`row ${++made}`, made]] }, key);
const write = ({ call, spreadsheet }: Server) =>
  call('write_range', { spreadsheet, writes: [{ range: `S!D${1 + (++made % 20)}`, values: [[made]] }] });

async function inTurn(count: number, one: () => Promise<unknown>): Promise<number[]> {
  const times: number[] = [];
  for (let n = 0; n < count; n++) {
    const begin = performance.now();
    await one();
    times.push(performance.now() - begin);
  }
  return times;
}

const CASES: Record<string, (server: Server) => Promise<number[]>> = {
  '20 appends, one after another': (server) => inTurn(20, () => append(server)),
  '20 appends with keys, one after another': (server) => inTurn(20, () => append(server, `key ${++made}`)),
  '20 writes of a cell, one after another': (server) => inTurn(20, () => write(server)),
  '100 appends at once': async (server) => {
    const begin = performance.now();
    await Promise.all(Array.from({ length: 100 }, () => append(server)));
    return [performance.now() - begin];
  },
};

const median = (numbers: readonly number[]) => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? 0;

async function main() {
  const servers = { markers: await open('markers'), off: await open('off') };
  const times = new Map<string, number[]>();
  const calls = new Map<string, number>();
  for (const run of Object.values(CASES)) for (const server of Object.values(servers)) await run(server); // warms up
  for (let round = 0; round < ROUNDS; round++) {
    for (const [name, run] of Object.entries(CASES)) {
      for (const [mode, server] of Object.entries(servers)) {
        const before = await server.calls();
        const took = await run(server);
        const after = await server.calls();
        const key = `${name}|${mode}`;
        times.set(key, [...(times.get(key) ?? []), ...took]);
        const sum = Object.keys(after).reduce((all, method) => all + (after[method] ?? 0) - (before[method] ?? 0), 0);
        calls.set(key, (calls.get(key) ?? 0) + sum);
      }
    }
  }
  const total = async (server: Server) => Object.values(await server.calls()).reduce((all, count) => all + count, 0);
  const [withMarkers, without] = [await total(servers.markers), await total(servers.off)];
  const overall = { markers: withMarkers, off: without, ratio: Number((withMarkers / without).toFixed(3)) };
  const rows = Object.keys(CASES).map((name) => {
    const of = (mode: string) => ({
      medianMs: Number(median(times.get(`${name}|${mode}`) ?? []).toFixed(1)),
      upstreamCalls: calls.get(`${name}|${mode}`) ?? 0,
    });
    const [markers, off] = [of('markers'), of('off')];
    return {
      name,
      markers,
      off,
      latencyRatio: Number((markers.medianMs / off.medianMs).toFixed(3)),
      callsRatio: Number((markers.upstreamCalls / off.upstreamCalls).toFixed(3)),
    };
  });
  return { rows, upstreamCallsOfTheWholeRun: overall };
}

try {
  const measured = await main();
  const result = {
    what: `writes with EXACTLY_ONCE=markers beside off, ${ROUNDS} rounds in turn; Google ${AWAY_MS} ms away; the calls of the whole run include the removal of markers`,
    date: new Date().toISOString().slice(0, 10),
    machine: `${cpus().length} x ${cpus()[0]?.model}, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.version}`,
    ...measured,
  };
  writeFileSync(join(root, 'bench/results/writes.json'), `${JSON.stringify(result, null, 2)}\n`);
  process.stdout.write(`${JSON.stringify(result, null, 2)}\n`);
} finally {
  for (const child of children) {
    child.kill('SIGKILL');
    if (child.exitCode === null && child.signalCode === null) await once(child, 'close');
  }
  rmSync(folder, { recursive: true, force: true });
}
