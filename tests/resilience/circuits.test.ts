// The registry of circuits: which of them a call passes, how long those of spreadsheets are kept, what a reset takes along.

import { describe, expect, test } from 'vitest';
import type { Call } from '../../src/call.ts';
import { ServalError } from '../../src/errors.ts';
import type { Event } from '../../src/events.ts';
import type { Circuit } from '../../src/resilience/circuit.ts';
import { createCircuits, SERVICES } from '../../src/resilience/circuits.ts';
import { CALLS } from '../support/fake-google.ts';
import { createVirtualClock } from '../support/virtual-clock.ts';

const DOWN = new ServalError('unavailable', 'down');
const LIMITS = { failureThreshold: 5, successThreshold: 2, openMs: 60_000, resetMs: 30_000 };
/** Circuits of spreadsheets that are kept. */
const KEPT = 1000;

const on = (scope: string): Call => ({ ...CALLS.read, scope });

function fail(circuit: Circuit | undefined, count: number, scope: string | null = null): void {
  for (let index = 0; index < count; index++) circuit?.enter(scope).failure(DOWN, { reach: false, sick: false });
}

function registry() {
  const clock = createVirtualClock();
  const events: Event[] = [];
  const circuits = createCircuits({ ...LIMITS, clock, emit: (event) => events.push(event) });
  return {
    clock,
    events,
    circuits,
    own: (scope: string) => circuits.of(on(scope)).spreadsheet,
    names: () => circuits.snapshots().map(({ name }) => name),
    states: () => Object.fromEntries(circuits.snapshots().map(({ name, state }) => [name, state])),
  };
}

describe('the circuits', () => {
  test('of the services are there from the start, closed, under these names', () => {
    const { circuits } = registry();
    expect(circuits.snapshots().map(({ name, service, state }) => [name, service, state])).toEqual([
      ['google_sheets_api', 'google_sheets', 'closed'],
      ['google_drive_api', 'google_drive', 'closed'],
      ['google_oauth', 'google_oauth', 'closed'],
    ]);
    expect(Object.keys(SERVICES)).toEqual(['google_sheets_api', 'google_drive_api', 'google_oauth']);
    for (const name of ['google_sheets_api', 'google_drive_api', 'google_oauth'] as const) {
      expect(circuits.service(name)).toBe(circuits.find(name));
    }
  });

  test('have the thresholds of the configuration', () => {
    const { circuits, own } = registry();
    own('A');
    expect(circuits.snapshots().map(({ config }) => config)).toEqual(
      Array(4).fill({ failureThreshold: 5, successThreshold: 2, timeout: 60_000, resetTimeout: 30_000 }),
    );
    expect(() => createCircuits({ ...LIMITS, openMs: 0, clock: createVirtualClock(), emit: () => {} })).toThrow(
      'openMs must be at least 1, got 0',
    );
  });

  test('are found by name, and nothing else is', () => {
    const { circuits, own } = registry();
    const circuit = own('A');
    expect(circuits.find('spreadsheet:A')).toBe(circuit);
    for (const name of ['spreadsheet:B', 'A', 'google_sheets', '', '__proto__', 'constructor']) {
      expect(circuits.find(name)).toBeUndefined();
    }
  });
});

describe('a call passes', () => {
  test("the service's circuit and its spreadsheet's, always the same ones", () => {
    const { circuits } = registry();
    const { service, spreadsheet } = circuits.of(on('A'));
    expect([service.name, spreadsheet?.name]).toEqual(['google_sheets_api', 'spreadsheet:A']);
    expect(spreadsheet?.snapshot().service).toBe('google_sheets');
    expect(circuits.of({ ...CALLS.write, scope: 'A' })).toEqual({ service, spreadsheet });
    expect(circuits.of(on('B')).spreadsheet).not.toBe(spreadsheet);
  });

  test('no circuit of a spreadsheet when it has none, or goes to Drive', () => {
    const { circuits, names } = registry();
    const create: Call = { ...CALLS.write, method: 'spreadsheets.create', scope: null };
    expect(circuits.of(create).service.name).toBe('google_sheets_api');
    expect([CALLS.search, CALLS.move].map((call) => circuits.of(call).service.name)).toEqual([
      'google_drive_api',
      'google_drive_api',
    ]);
    expect([create, CALLS.search, CALLS.move].map((call) => circuits.of(call).spreadsheet)).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
    expect(names()).toHaveLength(3);
  });

  test("a spreadsheet's circuit opens for itself; the service's streak must cover two of the active ones", () => {
    const { circuits, own, states } = registry();
    const service = circuits.service('google_sheets_api');
    service.enter('B').neutral();
    for (let count = 0; count < 5; count++) {
      fail(own('A'), 1, 'A');
      fail(service, 1, 'A');
    }
    own('B');
    expect(states()).toEqual({
      google_sheets_api: 'closed',
      google_drive_api: 'closed',
      google_oauth: 'closed',
      'spreadsheet:A': 'open',
      'spreadsheet:B': 'closed',
    });
    fail(service, 1, 'B');
    expect(states()).toMatchObject({ google_sheets_api: 'open', google_drive_api: 'closed' });
  });
});

describe('circuits of spreadsheets are kept', () => {
  test('a thousand of them: the one used longest ago goes, and comes back fresh', () => {
    const { own, names, circuits } = registry();
    fail(own('first'), 4);
    fail(own('second'), 4);
    for (let index = 2; index < KEPT; index++) own(`s${index}`);
    expect(names()).toHaveLength(3 + KEPT);
    own('first');
    own('one more');
    expect(names()).toHaveLength(3 + KEPT);
    expect(circuits.find('spreadsheet:second')).toBeUndefined();
    expect([own('first')?.snapshot().failureCount, own('second')?.snapshot().failureCount]).toEqual([4, 0]);
  });

  test('while they are not closed: open, half-open, isolated', async () => {
    const { own, states, clock } = registry();
    fail(own('half'), 5);
    own('isolated')?.isolate();
    await clock.advance(60_000);
    fail(own('open'), 5);
    for (let index = 0; index < 2 * KEPT; index++) own(`s${index}`);
    expect(Object.keys(states())).toHaveLength(3 + KEPT);
    expect(states()).toMatchObject({
      'spreadsheet:half': 'half_open',
      'spreadsheet:isolated': 'open',
      'spreadsheet:open': 'open',
    });
  });

  test('beyond the thousand if need be, until they close', () => {
    const { own, names, circuits } = registry();
    for (let index = 0; index < KEPT + 3; index++) own(`s${index}`)?.isolate();
    own('closed')?.enter('closed').success();
    expect(names()).toHaveLength(3 + KEPT + 4);
    own('next');
    expect(circuits.find('spreadsheet:closed')).toBeUndefined();
    circuits.resetAll();
    for (let index = 0; index < 10; index++) own('next');
    expect(names()).toHaveLength(3 + KEPT);
  });
});

describe('reset', () => {
  test('of one circuit touches no other', () => {
    const { circuits, own, states } = registry();
    fail(own('A'), 5);
    fail(own('B'), 5);
    fail(circuits.service('google_drive_api'), 5);
    expect(circuits.reset('spreadsheet:A')).toEqual([
      { circuit: 'spreadsheet:A', from: 'open', to: 'closed', probeFailed: false },
    ]);
    expect(circuits.reset('google_oauth')).toEqual([
      { circuit: 'google_oauth', from: 'closed', to: 'closed', probeFailed: false },
    ]);
    expect(states()).toMatchObject({
      google_drive_api: 'open',
      'spreadsheet:A': 'closed',
      'spreadsheet:B': 'open',
    });
  });

  test('of the service takes the circuits of its spreadsheets along, and tells those that it changed', () => {
    const { circuits, own, states } = registry();
    fail(circuits.service('google_sheets_api'), 5);
    fail(own('A'), 5);
    own('B')?.isolate();
    own('C');
    expect(circuits.reset('google_sheets_api')).toEqual([
      { circuit: 'google_sheets_api', from: 'open', to: 'closed', probeFailed: false },
      { circuit: 'spreadsheet:A', from: 'open', to: 'closed', probeFailed: false },
      { circuit: 'spreadsheet:B', from: 'open', to: 'closed', probeFailed: false },
    ]);
    expect(new Set(Object.values(states()))).toEqual(new Set(['closed']));
  });

  test('of the service forgets what its closed spreadsheets had counted: the next failure opens none', () => {
    const { circuits, own } = registry();
    fail(own('A'), 4);
    const late = own('A')?.enter('A');
    expect(circuits.reset('google_sheets_api')).toHaveLength(1);
    expect(own('A')?.snapshot().failureCount).toBe(0);
    late?.failure(DOWN, { reach: false, sick: false });
    fail(own('A'), 1);
    expect(own('A')?.snapshot()).toMatchObject({ state: 'closed', failureCount: 1 });
  });

  test('of another service leaves the spreadsheets alone', () => {
    const { circuits, own, states } = registry();
    fail(own('A'), 5);
    circuits.reset('google_drive_api');
    circuits.reset('google_oauth');
    expect(states()).toMatchObject({ 'spreadsheet:A': 'open' });
  });

  test('tells whether the last probe had failed', async () => {
    const { circuits, own, clock } = registry();
    fail(own('A'), 5);
    await clock.advance(60_000);
    fail(own('A'), 1);
    expect(circuits.reset('spreadsheet:A')).toEqual([
      { circuit: 'spreadsheet:A', from: 'open', to: 'closed', probeFailed: true },
    ]);
  });

  test('of a name that nothing has gives nothing and makes nothing', () => {
    const { circuits, names, events } = registry();
    for (const name of ['spreadsheet:A', 'google_sheets', '', '__proto__']) expect(circuits.reset(name)).toEqual([]);
    expect([names().length, events]).toEqual([3, []]);
  });

  test('of all closes all', () => {
    const { circuits, own, states } = registry();
    fail(circuits.service('google_oauth'), 5);
    circuits.service('google_drive_api').isolate();
    fail(own('A'), 5);
    const answer = circuits.resetAll();
    expect(answer.filter(({ from }) => from === 'open').map(({ circuit }) => circuit)).toEqual([
      'google_drive_api',
      'google_oauth',
      'spreadsheet:A',
    ]);
    expect(new Set(Object.values(states()))).toEqual(new Set(['closed']));
  });
});
