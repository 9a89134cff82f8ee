// The circuit breaker against a reference machine that counts seconds one by one and keeps every failure, over random
// sequences of calls, answers, waits and operators. fast-check prints the seed and the shortest sequence that differs.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ServalError } from '../../src/errors.ts';
import { createCircuit, type Pass } from '../../src/resilience/circuit.ts';
import { createVirtualClock } from '../support/virtual-clock.ts';

const SECOND = 1000;
const FAILURES = 3;
const SUCCESSES = 2;
const OPEN_S = 6;
const RESET_S = 4;
const DOWN = new ServalError('unavailable', 'down');

type Scope = 'A' | 'B' | 'C' | null;
const SCOPES: readonly Scope[] = ['A', 'B', 'C', null];

interface About {
  readonly reach: boolean;
  readonly sick: boolean;
}

/** How a call ends; a neutral one and a success need no more words. */
type End = { readonly how: 'success' | 'neutral' } | ({ readonly how: 'failure' } & About);

type Step =
  | { readonly do: 'call'; readonly scope: Scope; readonly end: End }
  | { readonly do: 'enter'; readonly scope: Scope }
  | { readonly do: 'end'; readonly which: number; readonly end: End }
  | { readonly do: 'wait'; readonly seconds: number }
  | { readonly do: 'isolate'; readonly seconds: number | undefined }
  | { readonly do: 'reset' | 'release' };

interface Flight {
  readonly scope: Scope;
  readonly era: number;
}

function createReference(spread: boolean) {
  let state: 'closed' | 'open' | 'half_open' | 'isolated' = 'closed';
  /** Seconds until this state ends by itself. */
  let left: number | undefined;
  /** The failures since the last success. */
  let failures: { readonly scope: Scope; readonly reach: boolean }[] = [];
  /** How many failures were counted when it ceased to be closed. */
  let countAtOpen = 0;
  let wins = 0;
  /** A flight of another era counts for nothing. */
  let era = 0;
  let probe: Flight | undefined;
  const flights = new Set<Flight>();
  let quietSeconds = 0;
  const secondsSinceSent = new Map<Scope, number>();
  const transitions: string[] = [];
  const shown = () => (state === 'isolated' ? 'open' : state);

  function become(next: typeof state, seconds?: number): void {
    const from = shown();
    if (state === 'closed') countAtOpen = failures.length;
    state = next;
    left = seconds;
    wins = 0;
    era++;
    probe = undefined;
    if (next === 'closed') failures = [];
    if (from !== shown()) transitions.push(`${from} -> ${shown()}`);
  }

  const active = () => [...secondsSinceSent.values()].filter((seconds) => seconds <= OPEN_S).length;
  const failing = () => new Set(failures.map((failure) => failure.scope));
  const reached = () => failures.every((failure) => !failure.reach);

  function fail(scope: Scope, { reach, sick }: About): void {
    quietSeconds = 0;
    if (state === 'half_open' && spread && sick && !reach && active() > 1) return;
    failures.push({ scope, reach });
    const wide = !spread || !reached() || failing().size >= 2 || active() < 2;
    if (state === 'half_open' || (failures.length >= FAILURES && wide)) become('open', OPEN_S);
  }

  /** Milliseconds to wait; undefined when the call may go. */
  function waitMs(scope: Scope): number | undefined {
    if (state === 'closed') return undefined;
    if (state === 'half_open') return probe ? SECOND : undefined;
    if (state === 'open' && spread && reached() && failing().size === 1 && !failing().has(scope)) return undefined;
    return (left ?? OPEN_S) * SECOND;
  }

  return {
    transitions,
    enter: (scope: Scope): Flight => {
      if (state === 'open') become('half_open');
      const flight = { scope, era };
      flights.add(flight);
      secondsSinceSent.set(scope, 0);
      if (state === 'half_open') probe = flight;
      return flight;
    },
    end: (flight: Flight, end: End): void => {
      flights.delete(flight);
      if (flights.size === 0) quietSeconds = 0;
      if (flight.era !== era) return;
      probe = undefined;
      if (end.how === 'failure') fail(flight.scope, end);
      if (end.how !== 'success') return;
      failures = [];
      if (state === 'half_open' && ++wins >= SUCCESSES) become('closed');
    },
    second: (): void => {
      for (const [scope, seconds] of secondsSinceSent) secondsSinceSent.set(scope, seconds + 1);
      if (flights.size === 0) quietSeconds++;
      if (state === 'closed' && flights.size === 0 && quietSeconds >= RESET_S) failures = [];
      if (left !== undefined && --left === 0) become(state === 'isolated' ? 'closed' : 'half_open');
    },
    reset: () => become('closed'),
    isolate: (seconds: number | undefined) => become('isolated', seconds),
    release: () => {
      if (state === 'isolated') become('closed');
    },
    seen: () => ({
      state: shown(),
      isolated: state === 'isolated',
      failureCount: state === 'closed' ? failures.length : countAtOpen,
      waits: SCOPES.map(waitMs),
      timers: left === undefined ? 0 : 1,
    }),
  };
}

/** Both machines, stepped together. */
function pair(spread: boolean) {
  const clock = createVirtualClock();
  const transitions: string[] = [];
  const circuit = createCircuit({
    name: 'google_sheets_api',
    service: 'google_sheets',
    failureThreshold: FAILURES,
    successThreshold: SUCCESSES,
    openMs: OPEN_S * SECOND,
    resetMs: RESET_S * SECOND,
    spread,
    clock,
    emit: (event) => {
      if (event.type === 'circuit_transition') transitions.push(`${event.from} -> ${event.to}`);
    },
  });
  const reference = createReference(spread);
  /** In flight, each with the number of transitions at its start if it was a probe. */
  let flights: { readonly pass: Pass; readonly twin: Flight; readonly probeOf: number | undefined }[] = [];

  function enter(scope: Scope): void {
    if (circuit.refusal(scope)) return;
    const pass = circuit.enter(scope);
    const probeOf = circuit.snapshot().state === 'half_open' ? transitions.length : undefined;
    flights.push({ pass, twin: reference.enter(scope), probeOf });
  }

  function end(index: number, how: End): void {
    const flight = flights[index];
    if (!flight) return;
    flights = flights.toSpliced(index, 1);
    const before = circuit.snapshot().state;
    if (how.how === 'failure') flight.pass.failure(DOWN, { reach: how.reach, sick: how.sick });
    else flight.pass[how.how]();
    if (how.how === 'neutral') expect(circuit.snapshot().state).toBe(before);
    reference.end(flight.twin, how);
  }

  async function run(step: Step): Promise<void> {
    if (step.do === 'enter') enter(step.scope);
    else if (step.do === 'call') {
      const count = flights.length;
      enter(step.scope);
      end(count, step.end);
    } else if (step.do === 'end') end(step.which % Math.max(1, flights.length), step.end);
    else if (step.do === 'wait') {
      await clock.advance(step.seconds * SECOND);
      for (let second = 0; second < step.seconds; second++) reference.second();
    } else if (step.do === 'isolate') {
      circuit.isolate(step.seconds === undefined ? undefined : step.seconds * SECOND);
      reference.isolate(step.seconds);
    } else {
      circuit[step.do]();
      reference[step.do]();
    }
  }

  return {
    transitions,
    reference,
    run,
    probes: () => flights.filter(({ probeOf }) => probeOf === transitions.length).length,
    seen: () => {
      const { state, isolated, failureCount } = circuit.snapshot();
      const waits = SCOPES.map((scope) => circuit.refusal(scope)?.retryAfterMs);
      return { state, isolated, failureCount, waits, timers: clock.sleepers() };
    },
  };
}

const scope = fc.constantFrom(...SCOPES);
const often = fc.integer({ min: 0, max: 9 }).map((drawn) => drawn < 6);
const rarely = fc.integer({ min: 0, max: 9 }).map((drawn) => drawn === 9);
const failure = fc.record({ how: fc.constant('failure' as const), reach: rarely, sick: often });
const success = fc.constant({ how: 'success' as const });
const neutral = fc.constant({ how: 'neutral' as const });
const end: fc.Arbitrary<End> = fc.oneof(
  { weight: 5, arbitrary: failure },
  { weight: 2, arbitrary: success },
  { weight: 1, arbitrary: neutral },
);
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 8, arbitrary: fc.record({ do: fc.constant('call' as const), scope, end }) },
  { weight: 5, arbitrary: fc.record({ do: fc.constant('enter' as const), scope }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('end' as const), which: fc.nat(9), end }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('wait' as const), seconds: fc.integer({ min: 1, max: 7 }) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constantFrom('reset' as const, 'release' as const) }) },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('isolate' as const),
      seconds: fc.option(fc.integer({ min: 1, max: 7 }), { nil: undefined }),
    }),
  },
);

describe.each([
  ['of a service', true],
  ['of a spreadsheet', false],
])('a circuit %s', (_, spread) => {
  test('agrees with the reference machine after every step, and never has two probes', async () => {
    const reached = new Set<string>();
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 60, size: 'max' }), async (steps) => {
        const { run, seen, probes, reference, transitions } = pair(spread);
        for (const one of steps) {
          await run(one);
          expect(seen()).toEqual(reference.seen());
          expect(probes()).toBeLessThanOrEqual(1);
        }
        expect(transitions).toEqual(reference.transitions);
        for (const transition of transitions) reached.add(transition);
      }),
      { numRuns: 400 },
    );
    expect([...reached].sort()).toEqual([
      'closed -> open',
      'half_open -> closed',
      'half_open -> open',
      'open -> closed',
      'open -> half_open',
    ]);
  });
});
