// One chaos run from start to verdict: emulator, proxy, server, clients and storm together, then calm, then the look at
// what is there. Ends every process it started, and itself in bounded time.

import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { seeded } from '../simulation/seeded.ts';
import { createBackend, describeRequest } from './backend.ts';
import { type Contents, check, type Finding } from './checker.ts';
import { runClient } from './clients.ts';
import { createOperator } from './operator.ts';
import { startEmulator, startServer } from './processes.ts';
import { startProxy } from './proxy.ts';
import { createRecorder, type Recorded } from './record.ts';
import { blackouts, faultPlan, kills, QUOTA, QUOTA_PER_MINUTE, type Storm } from './storm.ts';
import { KINDS, type Kind, planWrites } from './workload.ts';

export interface ChaosOptions {
  readonly seed: number;
  readonly writes: number;
  readonly kills: number;
  readonly exactlyOnce: 'markers' | 'off';
  /** All of it, from the first process to the verdict, ends within about this. */
  readonly limitMs: number;
  readonly storm: Storm;
  /** Milliseconds that the server gives one attempt, and one call. */
  readonly attemptMs: number;
  readonly deadlineMs: number;
  /** How long a client waits after a write of its was queued. */
  readonly queuedMs: readonly [number, number];
  readonly kinds?: readonly [Kind, ...Kind[]];
  /** Leaves the folder with the logs and databases also when all is well. */
  readonly keep?: boolean;
}

export interface ChaosResult {
  readonly options: ChaosOptions;
  readonly recorded: readonly Recorded[];
  readonly planned: number;
  readonly findings: readonly Finding[];
  /** Answers that break the contract, and whatever kept the run from its end. */
  readonly faults: readonly string[];
  readonly refusals: Readonly<Record<string, number>>;
  readonly kills: number;
  /** What was done to requests by the proxy, and by the emulator. */
  readonly troubles: Readonly<Record<string, number>>;
  readonly injected: Readonly<Record<string, number>>;
  readonly requests: Readonly<Record<string, number>>;
  readonly statuses: Readonly<Record<string, number>>;
  /** Per spreadsheet. */
  readonly markers: readonly number[];
  /** With clients, and until all was settled. */
  readonly clientsMs: number;
  readonly totalMs: number;
  /** Of the logs and databases; gone unless it was to be kept. */
  readonly folder: string;
}

const CLIENTS = 20;
const SPREADSHEETS = 4;
const WINDOW = 5;

export async function runChaos(options: ChaosOptions): Promise<ChaosResult> {
  const { seed, storm, limitMs } = options;
  const start = performance.now();
  const random = seeded(seed);
  const folder = mkdtempSync(join(tmpdir(), 'servalsheets-chaos-'));
  const [emulatorDir, serverDir] = ['emulator', 'server'].map((name) => join(folder, name));
  for (const name of [emulatorDir, serverDir]) mkdirSync(name ?? folder);
  const faults: string[] = [];

  await using emulator = await startEmulator(emulatorDir ?? folder, join(folder, 'emulator.log'));
  const backend = createBackend(emulator.url);
  const spreadsheets = await backend.create(SPREADSHEETS);
  const { odds, delayMs } = storm;
  const wire = { target: emulator.port, describe: describeRequest };
  await using network = await startProxy({ ...wire, odds, delayMs, random: random.fork() });
  const env = serverSettings(options, serverDir ?? folder, network.url);
  await using server = await startServer(env, join(folder, 'server.log'));
  await backend.setFaults(faultPlan(storm, random.fork(), limitMs));

  const recorder = createRecorder(() => performance.now());
  const lists = planWrites({
    random: random.fork(),
    spreadsheets,
    clients: CLIENTS,
    writes: options.writes,
    kinds: options.kinds ?? KINDS,
    perPlace: 5,
    once: 0.03,
  });
  const limit = AbortSignal.any([AbortSignal.timeout(limitMs), server.ownEnd]);
  const stormEnd = new AbortController();
  const stormy = AbortSignal.any([limit, stormEnd.signal]);
  const progress = () => recorder.acknowledgedCount() / options.writes;
  const killing = kills(server, options.kills, progress, random.fork(), stormy);
  const darkening = blackouts(network, storm, random.fork(), stormy);
  await Promise.all(
    lists.map((writes, client) =>
      runClient({
        writes,
        port: server.port,
        recorder,
        random: random.fork(),
        window: WINDOW,
        backoffMs: [50, 600],
        queuedMs: options.queuedMs,
        waits: client % 4 !== 0,
        silentMs: options.deadlineMs + 5_000,
        again: 0.03,
        signal: limit,
      }),
    ),
  );
  const clientsMs = performance.now() - start;
  stormEnd.abort();
  network.calm();
  const [killed] = await Promise.all([killing, darkening]);
  const injected = await backend.injected();
  await backend.setFaults({ quota: QUOTA });
  if (limit.aborted) faults.push(`not finished: ${limit.reason}`);

  const recorded = recorder.all();
  const operator = createOperator(server.url);
  const graceMs = limit.aborted ? 5_000 : Math.max(30_000, limitMs / 4);
  faults.push(...(await operator.settled(recorded, AbortSignal.any([AbortSignal.timeout(graceMs), server.ownEnd]))));
  // What was sent before the calm is done late at the latest by then.
  await sleep(Math.max(storm.lateMs[1], storm.delayMs[1]) + 500);
  const code = await server.stop();
  if (code !== 0) faults.push(`the server ended with ${code} when it was asked to stop`);

  const contents = new Map<string, Contents>();
  const markers: number[] = [];
  for (const spreadsheet of spreadsheets) {
    contents.set(spreadsheet, await backend.contents(spreadsheet));
    markers.push(await backend.markers(spreadsheet));
  }
  const findings = check(recorded, contents);
  const { troubles, requests, statuses } = network;
  faults.push(...recorder.faults);
  const unexpected = options.exactlyOnce === 'markers' && findings.length + faults.length > 0;
  if (!options.keep && !unexpected) rmSync(folder, { recursive: true, force: true });
  return {
    options,
    recorded,
    planned: lists.flat().length,
    findings,
    faults,
    refusals: recorder.refusals,
    kills: killed,
    troubles,
    injected,
    requests,
    statuses,
    markers,
    clientsMs,
    totalMs: performance.now() - start,
    folder,
  };
}

function serverSettings(options: ChaosOptions, dataDir: string, rootUrl: string): Record<string, string> {
  return {
    DATA_DIR: dataDir,
    GOOGLE_API_ROOT_URL: rootUrl,
    GOOGLE_ACCESS_TOKEN: 'chaos',
    EXACTLY_ONCE: options.exactlyOnce,
    API_TIMEOUT_MS: String(options.attemptMs),
    REQUEST_DEADLINE_MS: String(options.deadlineMs),
    QUOTA_READS_PER_MINUTE_PER_USER: String(QUOTA_PER_MINUTE),
    QUOTA_WRITES_PER_MINUTE_PER_USER: String(QUOTA_PER_MINUTE),
    QUOTA_READS_PER_MINUTE_PER_PROJECT: String(QUOTA_PER_MINUTE),
    QUOTA_WRITES_PER_MINUTE_PER_PROJECT: String(QUOTA_PER_MINUTE),
    CIRCUIT_BREAKER_TIMEOUT: '2000',
  };
}
