// One circuit breaker: when it opens, probes and closes. Knows nothing of queues, quotas or the network.
// cockatiel gives the decision (ConsecutiveBreaker), the states and the error; its machine cannot be gated, reset,
// told "neutral" or given a clock, so that part is ours (docs/decisions/circuit-machine.md).

import { BrokenCircuitError, CircuitState, ConsecutiveBreaker } from 'cockatiel';
import type { Clock } from '../clock.ts';
import type { ServalError } from '../errors.ts';
import type { Emit, CircuitStateName as StateName } from '../events.ts';

export interface CircuitOptions {
  readonly name: string;
  readonly service: string;
  /** Consecutive failures that open it. */
  readonly failureThreshold: number;
  /** Successful probes in a row that close it. */
  readonly successThreshold: number;
  /** How long it stays open. */
  readonly openMs: number;
  /** The failure count is forgotten after this long without a failure and with nothing in flight. */
  readonly resetMs: number;
  /**
   * A service shared by many spreadsheets: it opens only when the failing streak covers two of those active within
   * `openMs`, or the only one, so that one sick spreadsheet stops no other.
   */
  readonly spread: boolean;
  readonly clock: Clock;
  readonly emit: Emit;
}

export type { StateName };

export interface CircuitSnapshot {
  readonly name: string;
  readonly service: string;
  readonly state: StateName;
  readonly value: 0 | 1 | 2;
  readonly isolated: boolean;
  readonly failureCount: number;
  readonly successCount: number;
  readonly rejectedCount: number;
  readonly totalRequests: number;
  readonly lastFailure: { readonly at: string; readonly code: string; readonly message: string } | null;
  readonly openedAt: string | null;
  readonly nextAttemptAt: string | null;
  readonly config: {
    readonly failureThreshold: number;
    readonly successThreshold: number;
    readonly timeout: number;
    readonly resetTimeout: number;
  };
}

export interface Refusal {
  readonly circuit: string;
  readonly since: string | null;
  readonly retryAfterMs: number;
  readonly error: BrokenCircuitError;
}

/** One call's way through: exactly one of the ends is told, once. */
export interface Pass {
  success(): void;
  /** `reach`: the service was not reached at all; `sick`: the spreadsheet's own circuit is not closed. */
  failure(error: ServalError, about: { readonly reach: boolean; readonly sick: boolean }): void;
  /** An answer that says nothing about health: frees a probe, counts for nothing. */
  neutral(): void;
}

export interface Circuit {
  readonly name: string;
  /** Why a call for this spreadsheet (null: none) may not go now; undefined when it may. Counts nothing. */
  refusal(scope: string | null): Refusal | undefined;
  /** Only when `refusal` has just been undefined. */
  enter(scope: string | null): Pass;
  /** Told that a call was turned away. */
  rejected(): void;
  closed(): boolean;
  /** Forgets all failures and closes. Answers the state before, and whether the last probe had failed. */
  reset(): { readonly from: StateName; readonly probeFailed: boolean };
  /** Holds it open until `release`, or for `forMs`. */
  isolate(forMs?: number): void;
  release(): void;
  snapshot(): CircuitSnapshot;
}

/** While a probe is under way, whoever is turned away may ask again after this long. */
const PROBE_RETRY_MS = 1_000;

const NAMES = {
  [CircuitState.Closed]: 'closed',
  [CircuitState.HalfOpen]: 'half_open',
  [CircuitState.Open]: 'open',
  [CircuitState.Isolated]: 'open',
} as const satisfies Record<CircuitState, StateName>;
const VALUES = { closed: 0, half_open: 1, open: 2 } as const;

export function createCircuit(options: CircuitOptions): Circuit {
  const { name, service, clock, emit, openMs, resetMs, failureThreshold, successThreshold } = options;
  for (const [key, value] of Object.entries({ failureThreshold, successThreshold, openMs, resetMs })) {
    if (!(value >= 1)) throw new RangeError(`${key} must be at least 1, got ${value}`);
  }
  const breaker = new ConsecutiveBreaker(failureThreshold);
  let state = CircuitState.Closed;
  /** Moves with every change of state: a pass of an older generation counts for nothing. */
  let generation = 0;
  let probe: Pass | undefined;
  let probeFailed = false;
  let probeSuccesses = 0;
  let timer = new AbortController();
  let openedAt: number | undefined; // wall clock
  let nextAttemptAt: number | undefined; // clock.now()
  let inFlight = 0;
  let quietSince = clock.now();
  /** Spreadsheets of the failures since the last success, those of failed probes among them. */
  let streak = new Set<string | null>();
  let unreached = false;
  /** When each spreadsheet was last sent a call, the longest ago first. */
  const active = new Map<string | null, number>();
  const totals = { successes: 0, rejected: 0, requests: 0 };
  let lastFailure: CircuitSnapshot['lastFailure'] = null;

  /** The event goes out last: who hears it sees the new state whole. `forMs`: when an open one ends by itself. */
  function become(next: CircuitState, forMs?: number): void {
    if (quiet()) forget();
    const from = NAMES[state];
    const to = NAMES[next];
    state = next;
    generation++;
    probe = undefined;
    probeSuccesses = 0;
    timer.abort();
    timer = new AbortController();
    nextAttemptAt = forMs === undefined ? undefined : clock.now() + forMs;
    if (next === CircuitState.Closed) {
      forget();
      probeFailed = false;
      openedAt = undefined;
    } else if (next !== CircuitState.HalfOpen) openedAt = clock.wall();
    if (from !== to) emit({ type: 'circuit_transition', circuit: name, service, from, to });
  }

  function after(ms: number, then: () => void): void {
    const own = generation;
    clock.sleep(ms, timer.signal).then(
      () => own === generation && then(),
      () => {},
    );
  }

  function open(): void {
    become(CircuitState.Open, openMs);
    after(openMs, () => become(CircuitState.HalfOpen));
  }

  function forget(): void {
    breaker.success();
    streak = new Set();
    unreached = false;
  }

  const quiet = () => state === CircuitState.Closed && inFlight === 0 && clock.now() - quietSince >= resetMs;

  function forgetInactive(): void {
    const since = clock.now() - openMs;
    for (const [scope, at] of active) {
      if (at >= since) break;
      active.delete(scope);
    }
  }

  /** Spreadsheets with a call within the last open time. */
  function activeCount(): number {
    forgetInactive();
    return active.size;
  }

  const covers = () => !options.spread || unreached || streak.size >= Math.min(2, activeCount());

  /** The one spreadsheet whose streak opened the circuit: everyone else may probe at once. */
  function onlyCulprit(): { scope: string | null } | undefined {
    const [scope] = streak;
    return options.spread && !unreached && streak.size === 1 && scope !== undefined ? { scope } : undefined;
  }

  function refuse(retryAfterMs: number): Refusal {
    const since = openedAt === undefined ? null : new Date(openedAt).toISOString();
    return { circuit: name, since, retryAfterMs, error: new BrokenCircuitError(`circuit ${name} is ${NAMES[state]}`) };
  }

  function failed(scope: string | null, error: ServalError, reach: boolean, sick: boolean): void {
    lastFailure = { at: new Date(clock.wall()).toISOString(), code: error.code, message: error.message };
    quietSince = clock.now();
    if (state === CircuitState.Closed) {
      streak.add(scope);
      unreached ||= reach;
      const enough = breaker.failure();
      emit({
        type: 'circuit_failure',
        circuit: name,
        service,
        count: breaker.state,
        of: failureThreshold,
        code: error.code,
      });
      if (enough && covers()) open();
      return;
    }
    emit({ type: 'circuit_failure', circuit: name, service, count: 1, of: 1, code: error.code });
    // A spreadsheet that is known to be sick proves nothing about the service, unless it is all there is.
    if (options.spread && sick && !reach && activeCount() > 1) return;
    streak.add(scope);
    unreached ||= reach;
    probeFailed = true;
    open();
  }

  function succeeded(): void {
    totals.successes++;
    emit({ type: 'circuit_success', circuit: name, service });
    if (state === CircuitState.Closed) return forget();
    streak = new Set();
    unreached = false;
    probeFailed = false;
    probeSuccesses++;
    emit({ type: 'circuit_probe', circuit: name, service, count: probeSuccesses, of: successThreshold });
    if (probeSuccesses >= successThreshold) become(CircuitState.Closed);
  }

  return {
    name,
    closed: () => state === CircuitState.Closed,
    refusal: (scope) => {
      if (state === CircuitState.Closed) return undefined;
      if (state === CircuitState.HalfOpen) return probe === undefined ? undefined : refuse(PROBE_RETRY_MS);
      if (state === CircuitState.Open) {
        const culprit = onlyCulprit();
        if (culprit && culprit.scope !== scope) return undefined;
      }
      return refuse(nextAttemptAt === undefined ? openMs : Math.max(0, nextAttemptAt - clock.now()));
    },
    enter: (scope) => {
      if (quiet()) forget();
      if (state === CircuitState.Open) become(CircuitState.HalfOpen);
      active.delete(scope);
      active.set(scope, clock.now());
      forgetInactive();
      totals.requests++;
      inFlight++;
      const own = generation;
      let over = false;
      const end = (count: () => void) => () => {
        if (over) return;
        over = true;
        if (--inFlight === 0) quietSince = clock.now();
        if (probe === pass) probe = undefined;
        if (own === generation) count();
      };
      const pass: Pass = {
        success: end(succeeded),
        failure: (error, { reach, sick }) => end(() => failed(scope, error, reach, sick))(),
        neutral: end(() => {}),
      };
      if (state === CircuitState.HalfOpen) probe = pass;
      return pass;
    },
    rejected: () => {
      totals.rejected++;
      emit({ type: 'circuit_rejection', circuit: name, service });
    },
    reset: () => {
      const before = { from: NAMES[state], probeFailed: probeFailed && state !== CircuitState.Closed };
      become(CircuitState.Closed);
      return before;
    },
    isolate: (forMs) => {
      become(CircuitState.Isolated, forMs);
      if (forMs !== undefined) after(forMs, () => become(CircuitState.Closed));
    },
    release: () => {
      if (state === CircuitState.Isolated) become(CircuitState.Closed);
    },
    snapshot: () => ({
      name,
      service,
      state: NAMES[state],
      value: VALUES[NAMES[state]],
      isolated: state === CircuitState.Isolated,
      failureCount: quiet() ? 0 : breaker.state,
      successCount: totals.successes,
      rejectedCount: totals.rejected,
      totalRequests: totals.requests,
      lastFailure,
      openedAt: openedAt === undefined ? null : new Date(openedAt).toISOString(),
      nextAttemptAt:
        nextAttemptAt === undefined ? null : new Date(clock.wall() + nextAttemptAt - clock.now()).toISOString(),
      config: { failureThreshold, successThreshold, timeout: openMs, resetTimeout: resetMs },
    }),
  };
}
