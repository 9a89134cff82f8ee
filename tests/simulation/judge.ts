// The pipe as its callers see it: every answer and every error is judged.

import type { Call, Send } from '../../src/call.ts';
import type { Config } from '../../src/config.ts';
import { asServalError, type ServalError } from '../../src/errors.ts';
import type { Pipe } from '../../src/pipe.ts';
import type { Flags } from '../../src/resilience/flags.ts';
import { never } from './network.ts';
import type { World } from './process.ts';
import { EPSILON_MS, laneOf, type Wire } from './wire.ts';
import { valuesIn } from './writes.ts';

/** Reads that end so are answered with the last known value. */
const STALE: ReadonlySet<string> = new Set(['circuit_open', 'unavailable', 'timeout']);
/** A hanging attempt, the open circuit that it leaves, and its two probes. */
export const AFTERMATH_MS = 20_000 + 60_000 + 20_000;
/** A write that carries no marker and was not answered stops others until it is surely over. */
export const WRITES_AFTERMATH_MS = AFTERMATH_MS + 180_000;
/** Refusals for the circumstances. */
export const CLEAR: ReadonlySet<string> = new Set([
  'quota_exhausted',
  'circuit_open',
  'unavailable',
  'timeout',
  'outcome_unknown',
]);

export interface Judged {
  readonly config: Config;
  readonly pipe: Pipe;
  readonly flags: Flags;
  readonly wire: Wire;
  /** Notes that somebody does, or no longer does, wait for what the call asks. */
  readonly want: (call: Call, by: 1 | -1) => void;
  /** Whether tools are at work, whose calls others may share. */
  readonly atWork: () => boolean;
  /** What a dead process is still told reaches nobody. */
  readonly dead: () => boolean;
}

export function createJudge(world: World, { config, pipe, flags, wire, want, atWork, dead }: Judged) {
  const { clock, order, report, tally, writes } = world;
  /** The latest deadline so far of those who may share. */
  const latest = new Map<string, number>();
  /** Reads that Google has answered: when they began, for the fallback must know what no write has come after. */
  const known = new Map<string, number>();

  const send: Send = async (call, signal) => {
    const start = clock.now();
    const shared = atWork();
    const value = call.kind === 'write' ? valuesIn(JSON.stringify(call.params))[0] : undefined;
    const write = value === undefined ? undefined : writes.find(value);
    if (write) write.arrival = order();
    latest.set(laneOf(call), Math.max(call.deadline, latest.get(laneOf(call)) ?? 0));
    tally.add(`calls: ${call.kind}s`);
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
      if (dead()) return never();
      judgeReply(call, reply, start);
      if (call.kind === 'read' && !pipe.sourceOf(reply)) known.set(keyOf(call), start);
      if (write) writes.answered(write, 'applied');
      return reply;
    } catch (thrown) {
      if (dead()) return never();
      const error = asServalError(thrown);
      judgeError(call, error, start, signal.aborted);
      if (write) writes.answered(write, error.code === 'outcome_unknown' ? 'unknown' : 'none');
      throw error;
    } finally {
      signal.removeEventListener('abort', leave);
      leave();
      const end = clock.now();
      if (!dead() && end > Math.max(start, call.deadline) + EPSILON_MS)
        report('deadline', `${call.method} ended ${end - call.deadline} ms after it`);
      // Whoever shares with a caller that can wait longer waits along, as long as it can.
      const alone = !shared && !atWork() && call.deadline >= (latest.get(laneOf(call)) ?? 0);
      if (!dead() && end - start > 1_000 && alone && wire.pausedBeyond(call, start)) {
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

  function judgeError(call: Call, error: ServalError, start: number, left: boolean): void {
    const { code, details, message } = error;
    tally.add(`answers: ${code}`);
    const words = `${call.principal} ${call.method}: ${code} ${message} ${JSON.stringify(call.params).slice(0, 200)}`;
    if (call.kind === 'write' && code !== 'outcome_unknown' && details.outcome !== 'none') report('outcome', words);
    const expected =
      isExpected(world, error, call.identity, call.scope, left) ||
      (code === 'invalid_argument' && call.principal.endsWith(' errs'));
    if (!expected) report('clear answer', `${words} ${String(details.cause)}`);
    // What earlier weather has left is over by then; who has all the time there is waits for quota at most.
    const calm = world.fineSince + (call.kind === 'write' ? WRITES_AFTERMATH_MS : AFTERMATH_MS);
    const fine = start > calm && call.deadline - start > 49_000 && call.principal !== world.greedy;
    // A circuit that nobody has asked since may still be half-open, with one probe at a time.
    const opened = wire.broken().some(([, { state, at }]) => state === 'open' && at > calm);
    const failed = CLEAR.has(code) && code !== 'quota_exhausted' && (code !== 'circuit_open' || opened);
    if (fine && !left && failed && !hasReason(error)) report('served in fine weather', words);
    const mild = start > world.mildSince + AFTERMATH_MS && flags.enabled('retry');
    if (mild && call.kind === 'read' && code === 'unavailable') report('repeated until well', words);
    const replaceable = call.kind === 'read' && !call.live && !left && flags.enabled('fallback');
    const last = replaceable && STALE.has(code) ? known.get(keyOf(call)) : undefined;
    if (last === undefined || clock.now() - last > config.FALLBACK_MAX_STALE_MS || wire.writtenAt(call) >= last) return;
    report('last known value', `${words}, answered ${clock.now() - last} ms ago and not written since`);
  }

  return send;
}

/** The disk fails in any weather, and what was made as if typed in stands in the way for as long as Google may take. */
export function hasReason({ message }: ServalError): boolean {
  return /ledger cannot be used|made as if typed in/.test(message);
}

/** Whether a caller may be told that. */
export function isExpected(
  { clock, revokedUntil, full }: World,
  { code }: ServalError,
  identity: string,
  spreadsheet: string | null,
  left: boolean,
): boolean {
  return (
    CLEAR.has(code) ||
    (code === 'cancelled' && left) ||
    (code === 'too_large' && full.has(spreadsheet ?? '')) ||
    (code === 'unauthenticated' && clock.now() < (revokedUntil.get(identity) ?? 0) + 60_000)
  );
}

function keyOf({ identity, key }: Call): string {
  return `${identity}|${key}`;
}
