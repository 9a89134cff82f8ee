// One server process: the composed pipe over the real Google client, watched from above (its callers) and below.

import type { Call, Send } from '../../src/call.ts';
import type { Clock } from '../../src/clock.ts';
import { type Environment, parseConfig } from '../../src/config.ts';
import { asServalError, type ServalError } from '../../src/errors.ts';
import { createBus } from '../../src/events.ts';
import { createTransport } from '../../src/google/transport.ts';
import type { Log } from '../../src/log.ts';
import { createPipe } from '../../src/pipe.ts';
import { createCircuits } from '../../src/resilience/circuits.ts';
import { createFlags } from '../../src/resilience/flags.ts';
import type { Backend } from './backend.ts';
import type { Report, Tally } from './report.ts';
import type { SimulatedClock } from './simulated-clock.ts';
import { createWire, EPSILON_MS, laneOf } from './wire.ts';
import { valuesIn, type Writes } from './writes.ts';

export interface World {
  readonly clock: SimulatedClock;
  readonly order: () => number;
  readonly report: Report;
  readonly tally: Tally;
  readonly writes: Writes;
  readonly backend: Backend;
  readonly identities: readonly [string, ...string[]];
  /** Until when the grant of an identity is revoked. */
  readonly revokedUntil: Map<string, number>;
  /** Since when nothing has gone wrong but for too much to do; Infinity while it does. */
  fineSince: number;
  /** The same, but for a rare fault now and then. */
  mildSince: number;
  /** The principal that asks for more than can be had. */
  greedy: string | undefined;
}

const noLog: Log = { error: () => {}, warn: () => {}, info: () => {}, debug: () => {} };
/** Reads that end so are answered with the last known value. */
const STALE: ReadonlySet<string> = new Set(['circuit_open', 'unavailable', 'timeout']);
/** A hanging attempt, the open circuit that it leaves, and its two probes. */
export const AFTERMATH_MS = 20_000 + 60_000 + 20_000;
const LONGEST_RETRY_MS = 11_000;
const CLEAR: ReadonlySet<string> = new Set([
  'quota_exhausted',
  'circuit_open',
  'unavailable',
  'timeout',
  'outcome_unknown',
]);

export type Process = ReturnType<typeof startProcess>;

export function startProcess(world: World, number: number, env: Environment) {
  const { order, report, tally, writes, backend, identities } = world;
  /** Sleepers of this process, not yet woken. */
  let sleepers = 0;
  const clock: Clock = {
    ...world.clock,
    sleep: (ms, signal) => {
      sleepers++;
      return world.clock.sleep(ms, signal).finally(() => sleepers--);
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
  const flags = createFlags({ batching: true, cache: true, fallback: true, retry: true, throttle: true }, clock);
  const transports = new Map<string, Send>(
    identities.map((identity) => {
      const headers = async () => {
        const refusal = { response: { status: 400, data: { error: 'invalid_grant' } } };
        if (clock.now() < (world.revokedUntil.get(identity) ?? 0))
          throw Object.assign(new Error('invalid_grant'), refusal);
        return { authorization: `Bearer ${identity}` };
      };
      const credentials = { headers, renew: () => false };
      const fetch = backend.network(number, identity);
      return [identity, createTransport({ credentials, fetch, version: '0', clock, emit: bus.emit })];
    }),
  );
  /** How many callers wait for a range (or a whole read) now, and when one last left. */
  const waiting = new Map<string, { count: number; left: number }>();
  const wantsOf = ({ identity, scope, method, params, key }: Call) =>
    Array.isArray(params.ranges)
      ? params.ranges.map((range) => `${identity}|${scope}|${method}|${range}`)
      : [`${identity}|${key}`];
  const wire = createWire({
    clock: world.clock,
    report,
    circuits,
    attemptMs: config.API_TIMEOUT_MS,
    maxConcurrent: config.MAX_CONCURRENT_REQUESTS,
    wanted: (call) =>
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
  });
  const parts = { clock, log: noLog, emit: bus.emit, subscribe: bus.subscribe, circuits, flags };
  const pipe = createPipe(config, { ...parts, transport: wire.send });
  /** The latest deadline so far of those who may share. */
  const latest = new Map<string, number>();
  let open = 0;
  let lastEnd = 0;
  /** Reads that Google has answered: when they began, for the fallback must know what no write has come after. */
  const known = new Map<string, number>();

  function want(call: Call, by: 1 | -1): void {
    for (const key of wantsOf(call)) {
      const own = waiting.get(key) ?? { count: 0, left: -1 };
      waiting.set(key, { count: own.count + by, left: by < 0 ? clock.now() : own.left });
    }
  }

  /** The pipe as its callers see it; every answer is judged. */
  const send: Send = async (call, signal) => {
    const start = clock.now();
    const value = call.kind === 'write' ? valuesIn(JSON.stringify(call.params))[0] : undefined;
    const write = value === undefined ? undefined : writes.find(value);
    if (write) write.arrival = order();
    latest.set(laneOf(call), Math.max(call.deadline, latest.get(laneOf(call)) ?? 0));
    tally.add(`calls: ${call.kind}s`);
    open++;
    let gone = false;
    const leave = () => {
      if (gone) return;
      gone = true;
      want(call, -1);
    };
    want(call, 1);
    signal.addEventListener('abort', leave);
    try {
      const reply = await pipe.send(call, signal);
      judgeReply(call, reply, start);
      if (call.kind === 'read' && !pipe.sourceOf(reply)) known.set(keyOf(call), start);
      if (write) writes.answered(write, 'applied');
      return reply;
    } catch (thrown) {
      const error = asServalError(thrown);
      judgeError(call, error, start, signal.aborted);
      if (write) writes.answered(write, error.code === 'outcome_unknown' ? 'unknown' : 'none');
      throw error;
    } finally {
      signal.removeEventListener('abort', leave);
      leave();
      open--;
      const end = clock.now();
      lastEnd = end;
      if (end > Math.max(start, call.deadline) + EPSILON_MS)
        report('deadline', `${call.method} ended ${end - call.deadline} ms after it`);
      // Whoever shares with a caller that can wait longer waits along, as long as it can.
      const alone = call.deadline >= (latest.get(laneOf(call)) ?? 0);
      if (end - start > 1_000 && alone && wire.pausedBeyond(call, start)) {
        report('refused at once', `${call.method} waited ${end - start} ms for a quota that could not come in time`);
      }
    }
  };

  function judgeReply(call: Call, reply: unknown, start: number): void {
    const { source = 'google', ageMs = 0 } = pipe.sourceOf(reply) ?? {};
    if (call.live && source !== 'google') report('live is live', `${call.method} was answered from ${source}`);
    if (call.kind === 'read' && wire.answered(call) < start - ageMs - EPSILON_MS) {
      report('own identity', `${call.method} was answered though ${call.identity} had no reply from Google`);
    }
    if (source === 'cache' && ageMs > 60_000) report('short memory', `${call.method} from memory, ${ageMs} ms old`);
    if (source === 'stale' && ageMs > config.FALLBACK_MAX_STALE_MS) report('short memory', `stale for ${ageMs} ms`);
    tally.add(`answers: ${source}`);
  }

  function judgeError(call: Call, { code, details, message }: ServalError, start: number, left: boolean): void {
    tally.add(`answers: ${code}`);
    const words = `${call.principal} ${call.method}: ${code} ${message} ${JSON.stringify(call.params).slice(0, 200)}`;
    if (call.kind === 'write' && code !== 'outcome_unknown' && details.outcome !== 'none') report('outcome', words);
    const expected =
      CLEAR.has(code) ||
      (code === 'cancelled' && left) ||
      (code === 'unauthenticated' && clock.now() < (world.revokedUntil.get(call.identity) ?? 0) + 60_000) ||
      (code === 'invalid_argument' && call.principal.endsWith(' errs'));
    if (!expected) report('clear answer', words);
    // What earlier weather has left is over by then; who has all the time there is waits for quota at most.
    const calm = world.fineSince + AFTERMATH_MS;
    const fine = start > calm && call.deadline - start > 49_000 && call.principal !== world.greedy;
    // A circuit that nobody has asked since may still be half-open, with one probe at a time.
    const opened = wire.broken().some(([, { state, at }]) => state === 'open' && at > calm);
    const failed = CLEAR.has(code) && code !== 'quota_exhausted' && (code !== 'circuit_open' || opened);
    if (fine && !left && failed) report('served in fine weather', words);
    const mild = start > world.mildSince + AFTERMATH_MS && flags.enabled('retry');
    if (mild && call.kind === 'read' && code === 'unavailable') report('repeated until well', words);
    const replaceable = call.kind === 'read' && !call.live && !left && flags.enabled('fallback');
    const last = replaceable && STALE.has(code) ? known.get(keyOf(call)) : undefined;
    if (last === undefined || clock.now() - last > config.FALLBACK_MAX_STALE_MS || wire.writtenAt(call) >= last) return;
    report('last known value', `${words}, answered ${clock.now() - last} ms ago and not written since`);
  }

  return {
    number,
    send,
    sourceOf: pipe.sourceOf,
    circuits,
    flags,
    wire,
    idle: pipe.idle,
    close: pipe.close,
    /** What is left of it when nobody asks anything; undefined while somebody does, or did a moment ago. */
    leftovers: () => {
      // A write whose caller has left may wait to be repeated.
      const moment = Math.max(lastEnd, wire.lastEnd()) > clock.now() - LONGEST_RETRY_MS;
      if (open > 0 || wire.total() > 0 || moment) return undefined;
      const timers = wire.broken().filter(([, { state }]) => state === 'open').length;
      return {
        'waiting for admission': pipe.gauges.admissionWaiting(),
        'timers beside those of open circuits': sleepers - timers,
      };
    },
  };
}

function keyOf({ identity, key }: Call): string {
  return `${identity}|${key}`;
}
