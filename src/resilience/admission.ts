// The one scheduler of calls to Google. A waiting call holds nothing; when its circuits, its spreadsheet's lane, the
// global limit and its quota all have room, all are taken in one synchronous step and the call is sent. What is
// refused here was never sent.

import { abortError } from '../abort.ts';
import type { Call, Policy } from '../call.ts';
import type { Clock } from '../clock.ts';
import { asServalError, type ErrorDetails, ServalError } from '../errors.ts';
import type { Emit } from '../events.ts';
import type { Pass, Refusal } from './circuit.ts';
import type { Circuits } from './circuits.ts';

/** Quota as admission needs it; both functions are synchronous. */
export interface QuotaGate {
  /** 0 when the call may go now, else ms until it may at the earliest. */
  waitMs(call: Call): number;
  /** All places of the call, or undefined when another process was faster. */
  take(call: Call): { release(error?: ServalError): void } | undefined;
}

export interface AdmissionOptions {
  readonly clock: Clock;
  readonly emit: Emit;
  readonly circuits: Circuits;
  readonly quota: QuotaGate;
  /** Calls in flight at once, over all spreadsheets. */
  readonly maxConcurrent: number;
  /** The number of the last attempt that a call can have: a project's quota refusal of it counts as a failure. */
  readonly lastAttempt: () => number;
  /** Called in the synchronous step in which a call is sent. */
  readonly onSend: (call: Call, signal: AbortSignal) => void;
  /** Called when it has its answer or its failure. */
  readonly onEnd: (call: Call, error: ServalError | undefined) => void;
}

export interface Admission {
  readonly policy: Policy;
  /** Resolves when a call like this one could be sent at once; holds nothing. Rejects as the call would be. */
  room(call: Call, signal: AbortSignal): Promise<void>;
  /** Something outside has changed: a circuit, a flag. */
  review(): void;
  waiting(): number;
}

/** In flight at once for one spreadsheet and identity: writes keep their order, reads overlap a little. */
const LANES = { read: 2, write: 1 } as const;
/** Places of the global limit that other calls leave to interactive ones. */
const RESERVE = 2;
/** Who goes first. */
const RANKS = { interactive: 0, backfill: 1, background: 2 } as const;
/** Microtasks between the word that there is room and the sealed call that uses it. */
const GRANT_TICKS = 8;

interface Entry {
  readonly call: Call;
  readonly signal: AbortSignal;
  readonly since: number;
  /** Takes the room, or for `room()` only hears of it. */
  readonly admit: () => boolean;
  readonly refuse: (error: ServalError) => void;
}

export function createAdmission(options: AdmissionOptions): Admission {
  const { clock, emit, circuits, quota, maxConcurrent } = options;
  if (!(maxConcurrent >= 1)) throw new RangeError(`maxConcurrent must be at least 1, got ${maxConcurrent}`);
  const waiting = new Set<Entry>();
  const lanes = new Map<string, number>();
  /** When each principal was last served: the one served longest ago goes first. */
  const served = new Map<string, number>();
  let turn = 0;
  let inFlight = 0;
  let granting = false;
  let alarm = new AbortController();
  let alarmAt = Number.POSITIVE_INFINITY;

  const laneOf = (call: Call) => (call.scope === null ? undefined : `${call.identity}|${call.scope}|${call.kind}`);

  function refusal(call: Call): Refusal | undefined {
    const { service, spreadsheet } = circuits.of(call);
    const refused = [service, spreadsheet].find((circuit) => circuit?.refusal(call.scope));
    return refused?.refusal(call.scope);
  }

  function hasPlace(call: Call): boolean {
    const lane = laneOf(call);
    if (lane !== undefined && (lanes.get(lane) ?? 0) >= LANES[call.kind]) return false;
    return inFlight + (call.priority === 'interactive' ? 0 : RESERVE) < maxConcurrent || inFlight === 0;
  }

  /** Refuses what cannot go: an open circuit, or a wait for quota that ends after the deadline. */
  function refuseIfHopeless(entry: Entry): boolean {
    const { call } = entry;
    const open = refusal(call);
    if (open) {
      const { service, spreadsheet } = circuits.of(call);
      (open.circuit === service.name ? service : spreadsheet)?.rejected();
      emit({ type: 'api_call', api: call.api, method: call.method, status: 'circuit_open', durationMs: 0 });
      entry.refuse(circuitOpen(call, open));
      return true;
    }
    const wait = quota.waitMs(call);
    if (wait <= 0) return false;
    if (clock.now() + wait <= call.deadline) return false;
    const seconds = Math.ceil(wait / 1000);
    entry.refuse(
      new ServalError(
        'quota_exhausted',
        `The quota of Google leaves no room for ${call.method} in time (about ${seconds} s).`,
        {
          retryAfterMs: Math.ceil(wait),
          ...neverSent(call),
        },
      ),
    );
    return true;
  }

  /** Gives what can be given, in turn; the earliest moment at which quota frees a place sets the alarm. */
  function pump(): void {
    if (granting) return;
    let soonest = Number.POSITIVE_INFINITY;
    for (const entry of inTurn()) {
      if (!waiting.has(entry)) continue;
      if (refuseIfHopeless(entry)) continue;
      if (!hasPlace(entry.call)) continue;
      const wait = quota.waitMs(entry.call);
      if (wait > 0) soonest = Math.min(soonest, clock.now() + wait);
      else if (!entry.admit()) soonest = Math.min(soonest, clock.now() + 1);
      if (granting) return;
    }
    setAlarm(soonest);
  }

  function inTurn(): Entry[] {
    const rank = ({ call }: Entry) => RANKS[call.priority];
    const last = ({ call }: Entry) => served.get(call.principal) ?? -1;
    return [...waiting].sort((a, b) => rank(a) - rank(b) || last(a) - last(b) || a.since - b.since);
  }

  function setAlarm(at: number): void {
    if (at === alarmAt) return;
    alarm.abort();
    alarmAt = at;
    if (at === Number.POSITIVE_INFINITY) return;
    alarm = new AbortController();
    clock.sleep(Math.max(0, at - clock.now()), alarm.signal).then(
      () => {
        alarmAt = Number.POSITIVE_INFINITY;
        pump();
      },
      () => {},
    );
  }

  /** Waits in the queue until `take` succeeds. */
  function queue(call: Call, signal: AbortSignal, take: () => boolean): Promise<void> {
    return new Promise((resolve, reject) => {
      const leave = () => {
        waiting.delete(entry);
        signal.removeEventListener('abort', onAbort);
      };
      const onAbort = () => {
        leave();
        if (waiting.size === 0) setAlarm(Number.POSITIVE_INFINITY);
        const { code, message, details } = abortError(signal);
        reject(new ServalError(code, message, { ...details, ...neverSent(call) }));
      };
      const entry: Entry = {
        call,
        signal,
        since: clock.now(),
        admit: () => {
          if (!take()) return false;
          leave();
          served.set(call.principal, ++turn);
          resolve();
          return true;
        },
        refuse: (error) => {
          leave();
          reject(error);
        },
      };
      if (signal.aborted) return onAbort();
      if (refuseIfHopeless(entry)) return;
      waiting.add(entry);
      signal.addEventListener('abort', onAbort);
      // The grantee of `room` must not wait for the end of its own grant.
      if (!granting || !tryNow(entry)) pump();
    });
  }

  function tryNow(entry: Entry): boolean {
    return hasPlace(entry.call) && quota.waitMs(entry.call) <= 0 && entry.admit();
  }

  function grant(): boolean {
    granting = true;
    let chain = Promise.resolve();
    for (let tick = 0; tick < GRANT_TICKS; tick++) chain = chain.then(() => {});
    chain.then(() => {
      granting = false;
      pump();
    });
    return true;
  }

  const policy: Policy = (next) => async (call, signal) => {
    const start = clock.now();
    let end = (_error?: ServalError): void => {};
    await queue(call, signal, () => {
      const ticket = quota.take(call);
      if (!ticket) return false;
      const { service, spreadsheet } = circuits.of(call);
      const passes = [spreadsheet?.enter(call.scope), service.enter(call.scope)] as const;
      const lane = laneOf(call);
      inFlight++;
      if (lane !== undefined) lanes.set(lane, (lanes.get(lane) ?? 0) + 1);
      end = (error) => {
        inFlight--;
        if (lane !== undefined) {
          const left = (lanes.get(lane) ?? 1) - 1;
          if (left > 0) lanes.set(lane, left);
          else lanes.delete(lane);
        }
        ticket.release(error);
        judge(passes, call, error, signal);
        options.onEnd(call, error);
        pump();
      };
      options.onSend(call, signal);
      return true;
    });
    emit({ type: 'admitted', waitMs: clock.now() - start, requests: call.requests });
    let reply: unknown;
    try {
      reply = await next(call, signal);
    } catch (thrown) {
      const error = asServalError(thrown);
      end(error);
      throw error;
    }
    // Once only, also where it fails itself: what is given back twice would let too many through.
    end();
    return reply;
  };

  /** What an answer says about the health of its spreadsheet and of the service (docs/runbooks, "What counts"). */
  function judge(
    [own, service]: readonly [Pass | undefined, Pass],
    call: Call,
    error: ServalError | undefined,
    signal: AbortSignal,
  ): void {
    if (!error) {
      own?.success();
      service.success();
      return;
    }
    const lastOfProject =
      error.code === 'quota_exhausted' &&
      error.details.quota?.scope === 'project' &&
      call.attempt >= options.lastAttempt();
    const counts = (error.row.trips || lastOfProject) && error.details.service === undefined;
    // The caller's leaving says nothing, and best-effort work trips nothing.
    if (!counts || signal.aborted || call.priority === 'background') {
      own?.neutral();
      service.neutral();
      return;
    }
    const reach = error.details.sent === false;
    if (reach || lastOfProject) own?.neutral();
    else own?.failure(error, { reach: false, sick: false });
    const sick = call.scope !== null && circuits.of(call).spreadsheet?.closed() === false;
    service.failure(error, { reach: reach || lastOfProject, sick });
  }

  return {
    policy,
    room: (call, signal) => queue(call, signal, grant),
    review: () => queueMicrotask(pump),
    waiting: () => waiting.size,
  };
}

function circuitOpen(call: Call, { circuit, since, retryAfterMs, error }: Refusal): ServalError {
  const opened = since === null ? '' : ` since ${since}`;
  return new ServalError('circuit_open', `The circuit breaker ${circuit} has been open${opened}: nothing was sent.`, {
    circuit,
    ...(since !== null && { since }),
    retryAfterMs: Math.ceil(retryAfterMs),
    cause: error,
    ...neverSent(call),
  });
}

function neverSent(call: Call): Pick<ErrorDetails, 'sent' | 'outcome'> {
  return { sent: false, ...(call.kind === 'write' && { outcome: 'none' as const }) };
}
