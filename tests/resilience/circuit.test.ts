// One circuit breaker on the virtual clock: when it opens, whom it lets in, what closes it, and what it tells.

import { describe, expect, test } from 'vitest';
import type { Clock } from '../../src/clock.ts';
import { ServalError } from '../../src/errors.ts';
import type { Event } from '../../src/events.ts';
import { type Circuit, type CircuitOptions, createCircuit } from '../../src/resilience/circuit.ts';
import { createVirtualClock, settle } from '../support/virtual-clock.ts';

const DOWN = new ServalError('unavailable', 'down');
const OPEN_MS = 60_000;
const RESET_MS = 30_000;
const START = '2026-01-01T00:00:00.000Z';

/** A circuit with the default thresholds, every event it tells, and calls that end at once. */
function rig(overrides: Partial<CircuitOptions> = {}) {
  const clock = createVirtualClock();
  const events: Event[] = [];
  const circuit = createCircuit({
    name: 'google_sheets_api',
    service: 'google_sheets',
    failureThreshold: 5,
    successThreshold: 2,
    openMs: OPEN_MS,
    resetMs: RESET_MS,
    spread: false,
    clock,
    emit: (event) => events.push(event),
    ...overrides,
  });
  const enter = (scope: string | null = null) => {
    expect(circuit.refusal(scope)).toBeUndefined();
    return circuit.enter(scope);
  };
  const fail = (scope: string | null = null, about: { reach?: boolean; sick?: boolean } = {}) =>
    enter(scope).failure(DOWN, { reach: false, sick: false, ...about });
  const succeed = (scope: string | null = null) => enter(scope).success();
  const times = (count: number, act: () => void) => {
    for (let index = 0; index < count; index++) act();
  };
  return {
    clock,
    circuit,
    events,
    enter,
    fail,
    succeed,
    times,
    ofType: (type: Event['type']) => events.filter((event) => event.type === type),
    state: () => circuit.snapshot().state,
    failures: () => circuit.snapshot().failureCount,
  };
}

const opened = () => {
  const one = rig();
  one.times(5, one.fail);
  return one;
};

async function halfOpen() {
  const one = opened();
  await one.clock.advance(OPEN_MS);
  return one;
}

const transition = (from: string, to: string) => ({
  type: 'circuit_transition',
  circuit: 'google_sheets_api',
  service: 'google_sheets',
  from,
  to,
});

describe('closed', () => {
  test('five failures in a row open it, and each is told with its number', () => {
    const { fail, times, state, events } = rig();
    times(4, fail);
    expect(state()).toBe('closed');
    fail();
    expect(state()).toBe('open');
    expect(events).toEqual([
      ...[1, 2, 3, 4, 5].map((count) => ({
        type: 'circuit_failure',
        circuit: 'google_sheets_api',
        service: 'google_sheets',
        count,
        of: 5,
        code: 'unavailable',
      })),
      transition('closed', 'open'),
    ]);
  });

  test('a success in between begins the count anew', () => {
    const { fail, succeed, times, state, failures } = rig();
    times(4, fail);
    succeed();
    expect(failures()).toBe(0);
    times(4, fail);
    expect(state()).toBe('closed');
    fail();
    expect(state()).toBe('open');
  });

  test('a neutral answer neither counts nor begins the count anew', () => {
    const { fail, enter, times, failures, state } = rig();
    times(4, fail);
    times(10, () => enter().neutral());
    expect([failures(), state()]).toEqual([4, 'closed']);
    fail();
    expect(state()).toBe('open');
  });

  test('calls count in the order in which they end', () => {
    const { enter, succeed, state, failures } = rig();
    const passes = Array.from({ length: 5 }, () => enter());
    for (const pass of passes.slice(0, 4)) pass.failure(DOWN, { reach: false, sick: false });
    succeed();
    passes[4]?.failure(DOWN, { reach: false, sick: false });
    expect([state(), failures()]).toEqual(['closed', 1]);
  });

  test('it lets in any number at once', () => {
    const { enter, circuit, times } = rig();
    times(50, () => enter());
    expect([circuit.refusal(null), circuit.closed()]).toEqual([undefined, true]);
  });

  test('a pass ends once: what is told afterwards counts for nothing', () => {
    const { enter, circuit } = rig();
    const pass = enter();
    pass.success();
    pass.failure(DOWN, { reach: false, sick: false });
    pass.success();
    pass.neutral();
    expect(circuit.snapshot()).toMatchObject({ successCount: 1, failureCount: 0, totalRequests: 1 });
  });
});

describe('the failure count is forgotten', () => {
  test('after the reset time without a failure and with nothing in flight', async () => {
    const { fail, times, clock, failures, state } = rig();
    times(4, fail);
    await clock.advance(RESET_MS - 1);
    expect(failures()).toBe(4);
    await clock.advance(1);
    expect(failures()).toBe(0);
    fail();
    expect([failures(), state()]).toEqual([1, 'closed']);
  });

  test('not a moment earlier: the next failure opens', async () => {
    const { fail, times, clock, state } = rig();
    times(4, fail);
    await clock.advance(RESET_MS - 1);
    fail();
    expect(state()).toBe('open');
  });

  test('not while a call is in flight, nor before it has been quiet for the whole time since', async () => {
    const { fail, enter, times, clock, failures, state } = rig();
    times(4, fail);
    const slow = enter();
    await clock.advance(10 * RESET_MS);
    expect(failures()).toBe(4);
    slow.neutral();
    await clock.advance(RESET_MS - 1);
    expect(failures()).toBe(4);
    fail();
    expect(state()).toBe('open');
  });

  test('counted from the end of the last call in flight, whatever its answer', async () => {
    const { fail, enter, times, clock, failures } = rig();
    times(4, fail);
    const [one, other] = [enter(), enter()];
    await clock.advance(RESET_MS);
    one?.neutral();
    await clock.advance(RESET_MS);
    other?.neutral();
    await clock.advance(RESET_MS);
    expect(failures()).toBe(0);
  });

  test('for good: an operator who isolates it afterwards does not bring it back', async () => {
    const { fail, times, clock, circuit, failures } = rig();
    times(4, fail);
    await clock.advance(RESET_MS);
    circuit.isolate();
    expect(failures()).toBe(0);
  });

  test('never while it is not closed: the count that opened it stands until it closes', async () => {
    const { clock, failures, enter, succeed } = opened();
    await clock.advance(10 * OPEN_MS);
    expect(failures()).toBe(5);
    enter().neutral();
    expect(failures()).toBe(5);
    succeed();
    succeed();
    expect(failures()).toBe(0);
  });
});

describe('open', () => {
  test('it refuses everyone, names itself, since when, and when to come again', async () => {
    const { circuit, clock } = rig();
    await clock.advance(1500);
    for (let count = 0; count < 5; count++) circuit.enter('A').failure(DOWN, { reach: false, sick: false });
    await clock.advance(20_000);
    for (const scope of [null, 'A', 'B']) {
      expect(circuit.refusal(scope)).toMatchObject({
        circuit: 'google_sheets_api',
        since: '2026-01-01T00:00:01.500Z',
        retryAfterMs: 40_000,
      });
    }
    expect(circuit.refusal(null)?.error.message).toBe('circuit google_sheets_api is open');
  });

  test('it becomes half-open by the clock, without a call, and tells', async () => {
    const { clock, state, events } = opened();
    await clock.advance(OPEN_MS - 1);
    expect(state()).toBe('open');
    await clock.advance(1);
    expect(state()).toBe('half_open');
    expect(events.at(-1)).toEqual(transition('open', 'half_open'));
  });

  test('to ask whether a call may go counts nothing and changes nothing', () => {
    const { circuit, events, times } = opened();
    const before = circuit.snapshot();
    const told = events.length;
    times(10, () => circuit.refusal(null));
    expect([circuit.snapshot(), events.length]).toEqual([before, told]);
  });

  test('a rejection is counted and told', () => {
    const { circuit, events, times } = opened();
    times(3, circuit.rejected);
    expect(circuit.snapshot()).toMatchObject({ rejectedCount: 3, totalRequests: 5 });
    expect(events.slice(-3)).toEqual(
      Array(3).fill({ type: 'circuit_rejection', circuit: 'google_sheets_api', service: 'google_sheets' }),
    );
  });

  test('whoever hears of the transition sees the open circuit whole', () => {
    let seen: unknown;
    const one = rig({
      emit: (event) => {
        if (event.type === 'circuit_transition') seen = [one.circuit.refusal(null), one.circuit.snapshot()];
      },
    });
    one.times(5, one.fail);
    expect(seen).toMatchObject([
      { since: START, retryAfterMs: OPEN_MS },
      { state: 'open', openedAt: START, nextAttemptAt: '2026-01-01T00:01:00.000Z' },
    ]);
  });

  test('the end of an open time that was cut short by a reset changes nothing', async () => {
    let wake = () => {};
    const clock: Clock = { ...createVirtualClock(), sleep: () => new Promise((resolve) => (wake = resolve)) };
    const { circuit, times, fail, state } = rig({ clock });
    times(5, fail);
    wake();
    circuit.reset();
    await settle();
    expect(state()).toBe('closed');
  });
});

describe('half-open', () => {
  test('one probe at a time; everyone else is refused and told to ask again soon', async () => {
    const { circuit, enter } = await halfOpen();
    const probe = enter();
    expect(circuit.refusal(null)).toMatchObject({ circuit: 'google_sheets_api', since: START, retryAfterMs: 1000 });
    expect(circuit.refusal('A')?.error.message).toBe('circuit google_sheets_api is half_open');
    probe.success();
    expect(circuit.refusal(null)).toBeUndefined();
  });

  test('two successful probes in a row close it; each is told with its number', async () => {
    const { succeed, state, events, circuit } = await halfOpen();
    const told = events.length;
    succeed();
    expect(state()).toBe('half_open');
    succeed();
    expect([state(), circuit.closed(), circuit.refusal(null)]).toEqual(['closed', true, undefined]);
    const about = { circuit: 'google_sheets_api', service: 'google_sheets' };
    expect(events.slice(told)).toEqual([
      { type: 'circuit_success', ...about },
      { type: 'circuit_probe', ...about, count: 1, of: 2 },
      { type: 'circuit_success', ...about },
      { type: 'circuit_probe', ...about, count: 2, of: 2 },
      transition('half_open', 'closed'),
    ]);
  });

  test.each([0, 1])('any failure reopens it for the whole open time, after %i successful probes', async (successes) => {
    const { fail, succeed, times, clock, state, events, circuit } = await halfOpen();
    times(successes, succeed);
    fail();
    expect(state()).toBe('open');
    expect(events.slice(-2)).toMatchObject([
      { type: 'circuit_failure', count: 1, of: 1 },
      transition('half_open', 'open'),
    ]);
    expect(circuit.refusal(null)).toMatchObject({ since: '2026-01-01T00:01:00.000Z', retryAfterMs: OPEN_MS });
    await clock.advance(OPEN_MS - 1);
    expect(state()).toBe('open');
    await clock.advance(1);
    succeed();
    expect(state()).toBe('half_open');
    succeed();
    expect(state()).toBe('closed');
  });

  test('a neutral answer frees the probe and counts for nothing', async () => {
    const { enter, succeed, circuit, state, events } = await halfOpen();
    const told = events.length;
    enter().neutral();
    expect([state(), circuit.refusal(null), events.length]).toEqual(['half_open', undefined, told]);
    succeed();
    enter().neutral();
    succeed();
    expect(state()).toBe('closed');
  });

  test('it rests there while nobody calls', async () => {
    const { clock, state } = await halfOpen();
    await clock.advance(100 * OPEN_MS);
    expect([state(), clock.sleepers()]).toEqual(['half_open', 0]);
  });

  test('once closed, five failures open it again, not one', async () => {
    const { succeed, fail, times, state } = await halfOpen();
    times(2, succeed);
    times(4, fail);
    expect(state()).toBe('closed');
    fail();
    expect(state()).toBe('open');
  });
});

describe('a call from before', () => {
  const ends: [string, (pass: ReturnType<Circuit['enter']>) => void][] = [
    ['success', (pass) => pass.success()],
    ['failure', (pass) => pass.failure(DOWN, { reach: true, sick: false })],
    ['neutral', (pass) => pass.neutral()],
  ];

  test.each(ends)('the break counts for nothing, and frees no probe of others: %s', async (_, end) => {
    const { enter, fail, times, clock, circuit } = rig();
    const late = [enter(), enter(), enter()] as const;
    times(5, fail);
    const open = circuit.snapshot();
    end(late[0]);
    expect(circuit.snapshot()).toEqual(open);
    await clock.advance(OPEN_MS);
    enter();
    const probing = circuit.snapshot();
    end(late[1]);
    expect(circuit.snapshot()).toEqual(probing);
    expect(circuit.refusal(null)).toBeDefined();
    circuit.reset();
    const closed = circuit.snapshot();
    end(late[2]);
    expect(circuit.snapshot()).toEqual(closed);
  });

  test.each(ends)('a reset of a closed circuit counts for nothing: %s', (_, end) => {
    const { enter, circuit, fail, failures } = rig();
    const late = enter();
    circuit.reset();
    fail();
    end(late);
    expect([failures(), circuit.snapshot().successCount]).toEqual([1, 0]);
  });

  test('is still in flight: the count is not forgotten before it ends', async () => {
    const { enter, circuit, fail, failures, clock } = rig();
    const late = enter();
    circuit.reset();
    fail();
    await clock.advance(RESET_MS);
    expect(failures()).toBe(1);
    late.success();
    await clock.advance(RESET_MS);
    expect(failures()).toBe(0);
  });
});

describe('reset', () => {
  test('closes it, forgets the count, tells the state before, and leaves no timer', async () => {
    const { circuit, clock, events, state, failures } = opened();
    expect(circuit.reset()).toEqual({ from: 'open', probeFailed: false });
    expect([state(), failures(), circuit.refusal(null)]).toEqual(['closed', 0, undefined]);
    expect(circuit.snapshot()).toMatchObject({ openedAt: null, nextAttemptAt: null });
    expect(events.at(-1)).toEqual(transition('open', 'closed'));
    await settle();
    expect(clock.sleepers()).toBe(0);
    await clock.advance(2 * OPEN_MS);
    expect(state()).toBe('closed');
  });

  test('the next single failure does not reopen it; five do', () => {
    const { circuit, fail, times, state } = opened();
    circuit.reset();
    fail();
    expect(state()).toBe('closed');
    times(3, fail);
    expect(state()).toBe('closed');
    fail();
    expect(state()).toBe('open');
  });

  test('while closed it forgets the count and tells no transition', () => {
    const { circuit, fail, times, failures, ofType } = rig();
    times(4, fail);
    expect(circuit.reset()).toEqual({ from: 'closed', probeFailed: false });
    expect([failures(), ofType('circuit_transition')]).toEqual([0, []]);
  });

  test('in half-open it closes; a probe under way counts for nothing and holds nobody', async () => {
    const { circuit, enter, state, clock } = await halfOpen();
    const probe = enter();
    expect(circuit.reset()).toEqual({ from: 'half_open', probeFailed: false });
    expect(circuit.refusal(null)).toBeUndefined();
    probe.failure(DOWN, { reach: false, sick: false });
    await clock.advance(OPEN_MS);
    expect(state()).toBe('closed');
  });

  test('tells that the last probe had failed', async () => {
    const { circuit, fail } = await halfOpen();
    fail();
    expect(circuit.reset()).toEqual({ from: 'open', probeFailed: true });
    expect(circuit.reset()).toEqual({ from: 'closed', probeFailed: false });
  });

  test('tells it in half-open too, until a probe succeeds', async () => {
    const one = await halfOpen();
    one.fail();
    await one.clock.advance(OPEN_MS);
    one.enter().neutral();
    expect(one.circuit.reset()).toEqual({ from: 'half_open', probeFailed: true });
    const other = await halfOpen();
    other.fail();
    await other.clock.advance(OPEN_MS);
    other.succeed();
    expect(other.circuit.reset()).toEqual({ from: 'half_open', probeFailed: false });
  });

  test('a failed probe of an earlier outage is not told of a later one', async () => {
    const { circuit, fail, times } = await halfOpen();
    fail();
    circuit.isolate();
    circuit.release();
    times(5, fail);
    expect(circuit.reset()).toEqual({ from: 'open', probeFailed: false });
  });
});

describe('isolate', () => {
  test('holds it open until it is released', async () => {
    const { circuit, clock, events, state } = rig();
    circuit.isolate();
    await clock.advance(100 * OPEN_MS);
    expect(circuit.snapshot()).toMatchObject({ state: 'open', value: 2, isolated: true, openedAt: START });
    expect(circuit.refusal('A')).toMatchObject({ since: START, retryAfterMs: OPEN_MS });
    circuit.release();
    expect([state(), circuit.snapshot().isolated, circuit.refusal(null)]).toEqual(['closed', false, undefined]);
    expect(events).toEqual([transition('closed', 'open'), transition('open', 'closed')]);
  });

  test('for a time: then it closes by itself, and a refusal tells how long still', async () => {
    const { circuit, clock, state } = rig();
    circuit.isolate(5000);
    await clock.advance(2000);
    expect(circuit.refusal(null)?.retryAfterMs).toBe(3000);
    expect(circuit.snapshot().nextAttemptAt).toBe('2026-01-01T00:00:05.000Z');
    await clock.advance(2999);
    expect(state()).toBe('open');
    await clock.advance(1);
    expect([state(), circuit.refusal(null)]).toEqual(['closed', undefined]);
  });

  test('again, the last word counts', async () => {
    const { circuit, clock, state } = rig();
    circuit.isolate(5000);
    circuit.isolate();
    await clock.advance(OPEN_MS);
    expect([state(), circuit.snapshot().nextAttemptAt]).toEqual(['open', null]);
    circuit.isolate(1000);
    await clock.advance(1000);
    expect(state()).toBe('closed');
  });

  test('an open circuit stays shut beyond its open time, and half-open lets no probe in', async () => {
    for (const one of [opened(), await halfOpen()]) {
      one.circuit.isolate();
      await one.clock.advance(2 * OPEN_MS);
      expect([one.state(), one.circuit.refusal(null)?.retryAfterMs]).toEqual(['open', OPEN_MS]);
      one.circuit.release();
      expect([one.state(), one.failures()]).toEqual(['closed', 0]);
    }
  });

  test('calls that were in flight count for nothing, before and after the release', () => {
    const { circuit, enter, fail, times, state, failures } = rig();
    const late = [enter(), enter()] as const;
    times(4, fail);
    circuit.isolate();
    late[0].failure(DOWN, { reach: false, sick: false });
    circuit.release();
    late[1].failure(DOWN, { reach: false, sick: false });
    expect([state(), failures()]).toEqual(['closed', 0]);
  });

  test('a reset releases it too', async () => {
    const { circuit, clock, state } = rig();
    circuit.isolate(5000);
    expect(circuit.reset()).toEqual({ from: 'open', probeFailed: false });
    expect([state(), circuit.snapshot().isolated]).toEqual(['closed', false]);
    await settle();
    expect(clock.sleepers()).toBe(0);
  });

  test('release of a circuit that opened by itself changes nothing', async () => {
    const { circuit, events, state, clock } = opened();
    const told = events.length;
    circuit.release();
    expect([state(), events.length]).toEqual(['open', told]);
    await clock.advance(OPEN_MS);
    circuit.release();
    expect(state()).toBe('half_open');
  });
});

describe('the snapshot', () => {
  const fresh = {
    name: 'google_sheets_api',
    service: 'google_sheets',
    state: 'closed',
    value: 0,
    isolated: false,
    failureCount: 0,
    successCount: 0,
    rejectedCount: 0,
    totalRequests: 0,
    lastFailure: null,
    openedAt: null,
    nextAttemptAt: null,
    config: { failureThreshold: 5, successThreshold: 2, timeout: 60_000, resetTimeout: 30_000 },
  };

  test('has these fields and no others, times in ISO 8601, the state as a number too', async () => {
    const { circuit, clock, fail, succeed, times, enter } = rig();
    expect(circuit.snapshot()).toEqual(fresh);
    succeed();
    await clock.advance(250);
    times(5, fail);
    circuit.rejected();
    const open = {
      ...fresh,
      state: 'open',
      value: 2,
      failureCount: 5,
      successCount: 1,
      rejectedCount: 1,
      totalRequests: 6,
      lastFailure: { at: '2026-01-01T00:00:00.250Z', code: 'unavailable', message: 'down' },
      openedAt: '2026-01-01T00:00:00.250Z',
      nextAttemptAt: '2026-01-01T00:01:00.250Z',
    };
    expect(circuit.snapshot()).toEqual(open);
    await clock.advance(OPEN_MS);
    const half = { ...open, state: 'half_open', value: 1, nextAttemptAt: null };
    expect(circuit.snapshot()).toEqual(half);
    enter().neutral();
    times(2, succeed);
    expect(circuit.snapshot()).toEqual({
      ...open,
      state: 'closed',
      value: 0,
      failureCount: 0,
      successCount: 3,
      totalRequests: 9,
      openedAt: null,
      nextAttemptAt: null,
    });
  });

  test('a jump of the wall clock moves the times shown, not the wait', async () => {
    const base = createVirtualClock();
    let jump = 0;
    const { circuit, times, fail } = rig({ clock: { ...base, wall: () => base.wall() + jump } });
    times(5, fail);
    jump = 3_600_000;
    expect(circuit.snapshot().nextAttemptAt).toBe('2026-01-01T01:01:00.000Z');
    expect(circuit.refusal(null)?.retryAfterMs).toBe(OPEN_MS);
  });
});

test.each(['failureThreshold', 'successThreshold', 'openMs', 'resetMs'] as const)(
  '%s must be at least 1, or nothing starts',
  (key) => {
    for (const value of [0, -1, 0.5, Number.NaN]) {
      expect(() => rig({ [key]: value })).toThrow(new RangeError(`${key} must be at least 1, got ${value}`));
    }
    expect(() => rig({ [key]: 1 })).not.toThrow();
  },
);

test('thresholds of one: one failure opens, one success closes', async () => {
  const { fail, succeed, clock, state } = rig({ failureThreshold: 1, successThreshold: 1 });
  fail();
  expect(state()).toBe('open');
  await clock.advance(OPEN_MS);
  succeed();
  expect(state()).toBe('closed');
});

describe('a service shared by spreadsheets', () => {
  const service = () => rig({ spread: true });

  test('a streak over one of two active spreadsheets does not open it, however long', () => {
    const { enter, fail, times, state, failures } = service();
    enter('B').neutral();
    times(20, () => fail('A'));
    expect([state(), failures()]).toEqual(['closed', 20]);
  });

  test("the second one's failure opens it", () => {
    const { enter, fail, times, state } = service();
    enter('B').neutral();
    times(6, () => fail('A'));
    fail('B');
    expect(state()).toBe('open');
  });

  test('two of many are enough, but not before the threshold', () => {
    const { enter, fail, times, state } = service();
    for (const scope of ['B', 'C', 'D', 'E']) enter(scope).neutral();
    times(3, () => fail('A'));
    fail('C');
    expect(state()).toBe('closed');
    fail('A');
    expect(state()).toBe('open');
  });

  test("a success of either begins the streak anew, the spreadsheets' too", () => {
    const { fail, succeed, times, state } = service();
    fail('B');
    times(3, () => fail('A'));
    succeed('A');
    times(10, () => fail('A'));
    expect(state()).toBe('closed');
    fail('B');
    expect(state()).toBe('open');
  });

  test('the only active spreadsheet opens it', () => {
    const { fail, times, state } = service();
    times(4, () => fail('A'));
    expect(state()).toBe('closed');
    fail('A');
    expect(state()).toBe('open');
  });

  test('active means a call within the last open time, to the millisecond', async () => {
    const { enter, fail, times, clock, state } = service();
    enter('B').neutral();
    await clock.advance(OPEN_MS);
    times(5, () => fail('A'));
    expect(state()).toBe('closed');
    await clock.advance(1);
    fail('A');
    expect(state()).toBe('open');
  });

  test('calls without a spreadsheet are a scope of their own', () => {
    const one = service();
    one.enter(null).neutral();
    one.times(5, () => one.fail('A'));
    expect(one.state()).toBe('closed');
    one.fail(null);
    expect(one.state()).toBe('open');
    const other = service();
    other.enter('A').neutral();
    other.times(5, () => other.fail(null));
    expect(other.state()).toBe('closed');
  });

  test('a forgotten count forgets its spreadsheets', async () => {
    const { fail, times, clock, state } = service();
    fail('B');
    await clock.advance(RESET_MS);
    times(10, () => fail('A'));
    expect(state()).toBe('closed');
  });

  test('failures before anything was sent count at once, whatever the spreadsheet', () => {
    const { enter, fail, times, state, circuit } = service();
    enter('B').neutral();
    times(4, () => fail('A', { reach: true }));
    expect(state()).toBe('closed');
    fail('A', { reach: true });
    expect(state()).toBe('open');
    expect(circuit.refusal('B')).toBeDefined();
  });

  describe('opened by the streak of one spreadsheet', () => {
    const byA = () => {
      const one = service();
      one.times(5, () => one.fail('A'));
      return one;
    };

    test.each(['B', null])('a call of another (%s) is let in at once, as the probe', async (scope) => {
      const { circuit, enter, state, events, succeed } = byA();
      expect(circuit.refusal('A')).toMatchObject({ retryAfterMs: OPEN_MS });
      const probe = enter(scope);
      expect(state()).toBe('half_open');
      expect(events.at(-1)).toEqual(transition('open', 'half_open'));
      expect([circuit.refusal('A'), circuit.refusal('C')]).toMatchObject([{ since: START }, { since: START }]);
      probe.success();
      succeed(scope);
      expect(state()).toBe('closed');
    });

    test('calls without a spreadsheet can be that one, too', () => {
      const { circuit, fail, times, enter } = service();
      times(5, () => fail(null));
      expect(circuit.refusal(null)).toBeDefined();
      enter('A');
    });

    test('the clock of that open time is over with the early probe', async () => {
      const { clock, enter, fail, state } = byA();
      await clock.advance(OPEN_MS - 1);
      enter('B').neutral();
      fail('C');
      await clock.advance(1);
      expect(state()).toBe('open');
      await clock.advance(OPEN_MS - 1);
      expect(state()).toBe('half_open');
    });

    test('when the other fails as well it is the service: now everyone waits', async () => {
      const { fail, circuit, clock } = byA();
      fail('B');
      for (const scope of ['A', 'B', 'C', null]) {
        expect(circuit.refusal(scope)).toMatchObject({ retryAfterMs: OPEN_MS });
      }
      await clock.advance(OPEN_MS - 1);
      expect(circuit.refusal('C')).toMatchObject({ retryAfterMs: 1 });
    });

    test('its own failed probe leaves the door open for the others', async () => {
      const { fail, clock, circuit } = byA();
      await clock.advance(OPEN_MS);
      fail('A', { sick: true });
      expect([circuit.refusal('A'), circuit.refusal('B')]).toMatchObject([{ retryAfterMs: OPEN_MS }, undefined]);
    });
  });

  test('opened by several, it stays shut for everyone after each failed probe', async () => {
    const { fail, circuit, clock, state } = service();
    for (const scope of ['A', 'B', 'A', 'B', 'A']) fail(scope);
    for (const prober of ['A', 'B', 'C']) {
      for (const scope of ['A', 'B', 'C', null]) expect(circuit.refusal(scope)).toBeDefined();
      await clock.advance(OPEN_MS);
      expect(state()).toBe('half_open');
      fail(prober);
    }
    for (const scope of ['A', 'B', 'C', null]) expect(circuit.refusal(scope)).toBeDefined();
  });

  test('never reached, it stays shut for everyone', async () => {
    const { fail, circuit, clock, times } = service();
    times(5, () => fail('A', { reach: true }));
    expect(circuit.refusal('B')).toBeDefined();
    await clock.advance(OPEN_MS);
    fail('A', { reach: true });
    expect(circuit.refusal('B')).toBeDefined();
  });

  test('a failure after a successful probe is a streak of one again', async () => {
    const { fail, succeed, circuit, clock } = service();
    for (const scope of ['A', 'B', 'A', 'B', 'A']) fail(scope, { reach: true });
    await clock.advance(OPEN_MS);
    succeed('B');
    fail('A');
    expect([circuit.refusal('A'), circuit.refusal('B')]).toMatchObject([{ retryAfterMs: OPEN_MS }, undefined]);
  });

  describe('in half-open', () => {
    const probed = async () => {
      const one = service();
      for (const scope of ['A', 'B', 'A', 'B', 'A']) one.fail(scope);
      await one.clock.advance(OPEN_MS);
      return one;
    };

    test('the failure of a spreadsheet known to be sick only frees the probe', async () => {
      const { enter, fail, succeed, state, circuit } = await probed();
      enter('B').success();
      fail('A', { sick: true });
      expect([state(), circuit.refusal('A'), circuit.refusal('B')]).toEqual(['half_open', undefined, undefined]);
      succeed('B');
      expect(state()).toBe('closed');
    });

    test('unless it is the only one active', async () => {
      const { fail, state, clock } = await probed();
      await clock.advance(1);
      fail('A', { sick: true });
      expect(state()).toBe('open');
    });

    test('the failure of one not known to be sick reopens it, as does one before anything was sent', async () => {
      for (const about of [{}, { sick: true, reach: true }]) {
        const { enter, fail, state } = await probed();
        enter('B').neutral();
        fail('A', about);
        expect(state()).toBe('open');
      }
    });
  });

  test("a spreadsheet's own circuit knows none of this: its streak is its own", async () => {
    const { enter, fail, times, state, circuit, clock } = rig({ spread: false });
    enter('B').neutral();
    times(5, () => fail('A'));
    expect([state(), circuit.refusal('B') === undefined]).toEqual(['open', false]);
    await clock.advance(OPEN_MS);
    enter('B').neutral();
    fail('A', { sick: true });
    expect(state()).toBe('open');
  });
});
