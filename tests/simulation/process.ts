// One server process: the composed service over the real Google client, watched from above (its callers) and below,
// until it is closed or dies at any moment.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Call, Send } from '../../src/call.ts';
import type { Clock } from '../../src/clock.ts';
import { type Environment, parseConfig } from '../../src/config.ts';
import { createBus } from '../../src/events.ts';
import { createTransport } from '../../src/google/transport.ts';
import type { Log } from '../../src/log.ts';
import { createCircuits } from '../../src/resilience/circuits.ts';
import { createFlags } from '../../src/resilience/flags.ts';
import { createService } from '../../src/service.ts';
import type { Answer } from '../../src/tools/tool.ts';
import type { Backend } from './backend.ts';
import { onDisk } from './disk.ts';
import { createJudge } from './judge.ts';
import { type Life, never, type Point } from './network.ts';
import type { Report, Tally } from './report.ts';
import type { SimulatedClock } from './simulated-clock.ts';
import { createWire } from './wire.ts';
import { valuesIn, type Writes } from './writes.ts';

export interface World {
  readonly clock: SimulatedClock;
  readonly order: () => number;
  readonly report: Report;
  readonly tally: Tally;
  readonly writes: Writes;
  readonly backend: Backend;
  readonly identities: readonly [string, ...string[]];
  readonly identityOf: (principal: string) => string;
  /** Until when the grant of an identity is revoked. */
  readonly revokedUntil: Map<string, number>;
  /** When a write of a spreadsheet was last sent, ended or settled. */
  readonly written: Map<string | null, number>;
  /** Spreadsheets with room for few markers. */
  readonly full: Set<string>;
  /** Since when nothing has gone wrong but for too much to do; Infinity while it does. */
  fineSince: number;
  /** The same, but for a rare fault now and then. */
  mildSince: number;
  /** The principal that asks for more than can be had. */
  greedy: string | undefined;
}

const noLog: Log = { error: () => {}, warn: () => {}, info: () => {}, debug: () => {} };
const LONGEST_RETRY_MS = 11_000;
const TEND_MS = 5_000;

/** What callers of a process that dies are told: nothing, but the connection is gone. */
export class ConnectionLost extends Error {}

export type Process = ReturnType<typeof startProcess>;

export function startProcess(world: World, number: number, env: Environment & { DATA_DIR: string }) {
  const { report, tally, writes, backend, identities } = world;
  let dead = false;
  /** Where it is to die, and how often it passes there before. */
  let doom: { point: Point; passes: number } | undefined;
  /** Callers who wait for it. */
  const callers = new Set<() => void>();
  const life: Life = {
    number,
    dead: () => dead,
    deaths: new Set(),
    at: (point) => {
      if (doom?.point === point && doom.passes-- <= 0) die(point);
    },
  };
  /** Sleepers of this process, not yet woken. */
  let sleepers = 0;
  const clock: Clock = {
    ...world.clock,
    sleep: (ms, signal) => {
      if (dead) return never();
      sleepers++;
      return world.clock.sleep(ms, signal).then(
        () => {
          sleepers--;
          return dead ? never() : undefined;
        },
        (reason) => {
          sleepers--;
          throw reason;
        },
      );
    },
  };
  const { config } = parseConfig({ GOOGLE_ACCESS_TOKEN: 'unused', ...env }, () => '');
  const bus = createBus((fault) => report('listener', String(fault)));
  const circuits = createCircuits({
    failureThreshold: config.CIRCUIT_BREAKER_FAILURE_THRESHOLD,
    successThreshold: config.CIRCUIT_BREAKER_SUCCESS_THRESHOLD,
    openMs: config.CIRCUIT_BREAKER_TIMEOUT,
    resetMs: config.CIRCUIT_BREAKER_RESET_TIMEOUT,
    clock,
    emit: bus.emit,
  });
  const flags = createFlags(
    { writes: true, batching: true, cache: true, fallback: true, retry: true, throttle: true },
    clock,
  );
  const transports = new Map<string, Send>(
    identities.map((identity) => {
      const headers = async () => {
        const refusal = { response: { status: 400, data: { error: 'invalid_grant' } } };
        if (clock.now() < (world.revokedUntil.get(identity) ?? 0))
          throw Object.assign(new Error('invalid_grant'), refusal);
        return { authorization: `Bearer ${identity}` };
      };
      const credentials = { headers, renew: () => false, account: () => ({}) };
      const fetch = backend.network.between(life, identity);
      return [identity, createTransport({ credentials, fetch, version: '0', clock, emit: bus.emit })];
    }),
  );
  /** How many callers wait for a range (or a whole read) now, and when one last left. */
  const waiting = new Map<string, { count: number; left: number }>();
  const wantsOf = ({ identity, scope, method, params, key }: Call) =>
    Array.isArray(params.ranges)
      ? params.ranges.map((range) => `${identity}|${scope}|${method}|${range}`)
      : [`${identity}|${key}`];
  let open = 0;
  let lastEnd = 0;
  /** Tools that are at work: what they read is not known here. */
  let tools = 0;
  const wire = createWire({
    clock: world.clock,
    report,
    circuits,
    attemptMs: config.API_TIMEOUT_MS,
    maxConcurrent: config.MAX_CONCURRENT_REQUESTS,
    life,
    written: world.written,
    wanted: (call) =>
      tools > 0 ||
      lastEnd === clock.now() ||
      call.principal === 'journal' ||
      mayReplay() ||
      wantsOf(call).some((want) => {
        const own = waiting.get(want);
        return own !== undefined && (own.count > 0 || own.left === clock.now());
      }),
    transport: (call, signal) => {
      const transport = transports.get(call.identity);
      if (!transport) throw new Error(`no identity ${call.identity}`);
      return transport(call, signal);
    },
  });
  bus.subscribe(wire.observe);
  bus.subscribe((event) => {
    if (event.type === 'circuit_transition') tally.add(`circuits ${event.to}`);
    if (event.type === 'batch' && event.size > 1) tally.add('merged calls', event.size);
    if (event.type === 'retry') tally.add('retries');
    if (event.type === 'rate_limited') tally.add('rate limited');
    if (event.type === 'cache') tally.add(`cache ${event.result}`);
    if (event.type === 'settled') tally.add(`settled: ${event.outcome}`);
    if (event.type === 'outbox') tally.add(`outbox: ${event.result}`);
  });
  const parts = { clock, log: noLog, emit: bus.emit, subscribe: bus.subscribe, circuits, flags };
  const service = onDisk(begun, () =>
    createService(config, { ...parts, transport: wire.send, identityOf: world.identityOf, reach: () => 'all' }),
  );
  const { pipe, store, ledger } = service;

  /** Whether queued writes may be at work; nothing is known while the ledger cannot be used. */
  function mayReplay(): boolean {
    return !ledger.status().usable || store.queuedCount() > 0;
  }

  /** Time waits for what is written. */
  function begun(): (commit: () => void) => void {
    const work = world.clock.work();
    return (commit) => {
      life.at('commit');
      commit();
      life.at('committed');
      work.end();
    };
  }

  function close(): void {
    dead = true;
    wire.die();
    service.close();
    for (const gone of [...life.deaths]) gone();
    for (const gone of [...callers]) gone();
  }

  function die(cause: string): void {
    if (dead) return;
    tally.add(`deaths: ${cause}`);
    close();
    // A process that is killed does not strike itself off the roll.
    writeFileSync(join(env.DATA_DIR, 'processes', `${ledger.owner}.lock`), '');
  }

  function want(call: Call, by: 1 | -1): void {
    for (const key of wantsOf(call)) {
      const own = waiting.get(key) ?? { count: 0, left: -1 };
      waiting.set(key, { count: own.count + by, left: by < 0 ? clock.now() : own.left });
    }
  }

  /** What the process answers, unless it dies before. */
  function connected<T>(work: () => Promise<T>): Promise<T> {
    if (dead) return Promise.reject(new ConnectionLost());
    open++;
    return new Promise((resolve, reject) => {
      const gone = () => reject(new ConnectionLost());
      callers.add(gone);
      const end = () => {
        callers.delete(gone);
        open--;
        lastEnd = clock.now();
      };
      work().then(
        (value) => {
          end();
          resolve(value);
        },
        (reason) => {
          end();
          reject(reason);
        },
      );
    });
  }

  const judged = createJudge(world, { config, pipe, flags, wire, want, atWork: () => tools > 0, dead: life.dead });
  let tending = false;

  /** As the application does from time to time. */
  async function tend(): Promise<void> {
    while (!dead) {
      tending = true;
      await service.tend();
      tending = false;
      await clock.sleep(TEND_MS);
    }
  }
  void tend();

  let requests = 0;
  let unsettledBefore = false;
  return {
    number,
    dead: life.dead,
    /** A call of the pipe itself. */
    send: ((call, signal) =>
      connected(() => judged(call, signal)).catch((error) => {
        const value = call.kind === 'write' ? valuesIn(JSON.stringify(call.params))[0] : undefined;
        const write = value === undefined ? undefined : writes.find(value);
        if (error instanceof ConnectionLost && write) writes.answered(write, 'unknown');
        throw error;
      })) satisfies Send,
    /** A call of a tool. Rejects with ConnectionLost when the process dies. */
    run: (name: string, input: object, principal: string, signal: AbortSignal): Promise<Answer> => {
      tools++;
      const request = { face: 'rest', principal, requestId: `${number}-${requests++}`, signal } as const;
      return connected(() => service.runner.run(name, input, request)).finally(() => tools--);
    },
    sourceOf: pipe.sourceOf,
    circuits,
    flags,
    wire,
    store,
    /** It will die when it comes to that point for the next time but `passes`. */
    doom: (point: Point, passes: number) => {
      doom = { point, passes };
    },
    die,
    idle: service.idle,
    close,
    /** Flushes of which nothing is known yet. */
    unsettled: () => ledger.read(({ flushes }) => flushes.open()),
    /** What is left of it when nobody asks anything; undefined while somebody does, or did a moment ago. */
    leftovers: () => {
      // A write whose caller has left may wait to be repeated.
      const moment = Math.max(lastEnd, wire.lastEnd()) > clock.now() - LONGEST_RETRY_MS;
      const replays = mayReplay();
      const unsettled = replays || ledger.read(({ flushes }) => flushes.open()).length > 0;
      const watched = unsettledBefore ? 1 : 0;
      unsettledBefore = unsettled;
      if (open > 0 || wire.total() > 0 || moment || tending || unsettled) return undefined;
      const timers = wire.broken().filter(([, { state }]) => state === 'open').length;
      return {
        'waiting for admission': pipe.gauges.admissionWaiting(),
        // One to look after what was left; one more may not have seen yet that its flushes are settled.
        'timers beside those of open circuits': Math.max(0, sleepers - timers - 1 - watched),
      };
    },
  };
}
