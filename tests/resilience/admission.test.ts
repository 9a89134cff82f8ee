// The scheduler in front of Google: what has to have room before anything is sent, who goes first, what is refused and
// how, and what the answers say about the circuits.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Call } from '../../src/call.ts';
import { ServalError } from '../../src/errors.ts';
import type { Event } from '../../src/events.ts';
import { createAdmission, type QuotaGate } from '../../src/resilience/admission.ts';
import { createCircuits } from '../../src/resilience/circuits.ts';
import { CALLS, failureOf } from '../support/fake-google.ts';
import { createManualSend, createVirtualClock, settle } from '../support/virtual-clock.ts';

const THRESHOLDS = { failureThreshold: 5, successThreshold: 2, openMs: 60_000, resetMs: 30_000 };
const DOWN = new ServalError('unavailable', 'down', { outcome: 'unknown' });
const gone = new ServalError('cancelled', 'bye');
const never = () => new AbortController().signal;

const read = (scope: string | null = 'A', about: Partial<Call> = {}): Call => ({ ...CALLS.read, scope, ...about });
const write = (scope: string | null = 'A', about: Partial<Call> = {}): Call => ({ ...CALLS.write, scope, ...about });

/** A place is held for so long at most while its call is in flight. */
const ATTEMPT_MS = 20_000;

/** A quota of so many places; each is free again `holdMs` after its answer. */
function createPlaces(clock: { now(): number }, count = Number.POSITIVE_INFINITY, holdMs = 0) {
  let held: { until: number }[] = [];
  const free = () => {
    held = held.filter(({ until }) => until > clock.now());
    return count - held.length;
  };
  const gate = {
    taken: 0,
    released: [] as (ServalError | undefined)[],
    /** Another process takes the place between the question and the taking. */
    faster: 0,
    waitMs: () => (free() > 0 ? 0 : Math.min(...held.map(({ until }) => until)) - clock.now()),
    take: () => {
      if (gate.faster > 0) {
        gate.faster--;
        return undefined;
      }
      if (free() < 1) return undefined;
      gate.taken++;
      const place = { until: clock.now() + ATTEMPT_MS + holdMs };
      held.push(place);
      return {
        release: (error?: ServalError) => {
          gate.released.push(error);
          place.until = clock.now() + holdMs;
        },
      };
    },
  };
  return gate satisfies QuotaGate;
}

function rig({ maxConcurrent = 20, places = Number.POSITIVE_INFINITY, holdMs = 0, lastAttempt = 4 } = {}) {
  const clock = createVirtualClock();
  const events: Event[] = [];
  const { send: transport, sent } = createManualSend();
  const quota = createPlaces(clock, places, holdMs);
  const ported: string[] = [];
  const emit = (event: Event) => {
    events.push(event);
    if (event.type === 'circuit_transition') admission.review();
  };
  const circuits = createCircuits({ ...THRESHOLDS, clock, emit });
  const admission = createAdmission({
    clock,
    emit,
    circuits,
    quota,
    maxConcurrent,
    lastAttempt: () => lastAttempt,
    onSend: ({ scope }) => ported.push(`send ${scope} after ${sent.length}`),
    onEnd: ({ scope }, error) => ported.push(`end ${scope} ${error?.code ?? 'well'}`),
  });
  const send = admission.policy(transport);
  return {
    clock,
    events,
    sent,
    quota,
    circuits,
    admission,
    ported,
    send: (call: Call, signal = never()) => send(call, signal),
    /** Those that nobody looks at. */
    start: (...calls: Call[]) => {
      for (const call of calls) send(call, never()).catch(() => {});
    },
    scopes: () => sent.map(({ call }) => call.scope),
    answer: async (at: number, error?: unknown) => {
      if (error === undefined) sent[at]?.resolve({});
      else sent[at]?.reject(error);
      await settle();
    },
    states: () =>
      Object.fromEntries(
        circuits
          .snapshots()
          .filter(({ name }) => name !== 'google_oauth')
          .map(({ name, state }) => [name, state]),
      ),
    of: (type: Event['type']) => events.filter((event) => event.type === type),
  };
}

type Rig = ReturnType<typeof rig>;

/** Sends a call and answers it at once. */
async function once({ send, sent }: Rig, call: Call, error?: unknown): Promise<void> {
  const work = send(call);
  await settle();
  if (error === undefined) sent.at(-1)?.resolve({});
  else sent.at(-1)?.reject(error);
  await work.catch(() => {});
}

const opened = async (own: Rig, scope: string | null = 'A') => {
  for (let count = 0; count < THRESHOLDS.failureThreshold; count++) await once(own, read(scope), DOWN);
};

describe('nothing is sent without', () => {
  test('room in its lane: one write and two reads for each spreadsheet and identity', async () => {
    const { start, scopes, answer, admission } = rig();
    start(write('A'), write('A'), read('A'), read('A'), read('A'));
    start(write('B'), write('A', { identity: 'other' }));
    await settle();
    expect(scopes()).toEqual(['A', 'A', 'A', 'B', 'A']);
    expect(admission.waiting()).toBe(2);
    await answer(0);
    expect([scopes().length, admission.waiting()]).toEqual([6, 1]);
    await answer(1);
    expect([scopes().length, admission.waiting()]).toEqual([7, 0]);
  });

  test('a lane where there is no spreadsheet', async () => {
    const { start, sent } = rig();
    start(...Array.from({ length: 5 }, () => write(null)));
    await settle();
    expect(sent).toHaveLength(5);
  });

  test('room in the global limit', async () => {
    const { start, sent, answer } = rig({ maxConcurrent: 2 });
    start(read('A'), read('B'), read('C'));
    await settle();
    expect(sent).toHaveLength(2);
    await answer(0, DOWN);
    expect(sent).toHaveLength(3);
  });

  test('a place in the quota: it goes the moment there is one', async () => {
    const { clock, start, sent, answer, quota } = rig({ places: 1, holdMs: 1_000 });
    start(read('A'), read('B'));
    await settle();
    await answer(0);
    expect([sent.length, quota.taken]).toEqual([1, 1]);
    await clock.advance(999);
    expect(sent).toHaveLength(1);
    await clock.advance(1);
    expect([sent.length, quota.taken, clock.sleepers()]).toEqual([2, 2, 0]);
  });

  test('a place that another process takes first: it asks again', async () => {
    const { clock, start, sent, quota, ported } = rig();
    quota.faster = 2;
    start(read('A'));
    await settle();
    expect([sent.length, ported]).toEqual([0, []]);
    await clock.advance(2);
    expect([sent.length, quota.taken]).toEqual([1, 1]);
  });

  test('its circuits', async () => {
    const own = rig();
    await opened(own);
    own.start(read('A'), write('A'));
    await settle();
    expect(own.sent).toHaveLength(THRESHOLDS.failureThreshold);
  });
});

test('a limit that lets nothing through is refused', () => {
  expect(() => rig({ maxConcurrent: 0 })).toThrow('maxConcurrent must be at least 1, got 0');
});

describe('a waiting call', () => {
  test('holds nothing: not the quota, nor a place, nor a circuit', async () => {
    const { start, sent, quota, circuits, ported } = rig({ maxConcurrent: 2 });
    start(write('A'), write('A'));
    await settle();
    start(read('B'));
    await settle();
    expect([sent.length, quota.taken, ported.length]).toEqual([2, 2, 2]);
    expect(circuits.find('spreadsheet:A')?.snapshot().totalRequests).toBe(1);
  });

  test('takes all it needs in the step in which it is sent', async () => {
    const { start, answer, ported } = rig();
    start(write('A'), write('A'));
    expect(ported).toEqual(['send A after 0']);
    await settle();
    await answer(0);
    expect(ported).toEqual(['send A after 0', 'end A well', 'send A after 1']);
  });

  test('is told how long it waited', async () => {
    const { clock, start, of, answer } = rig();
    start(write('A'), write('A'));
    await clock.advance(250);
    await answer(0);
    expect(of('admitted')).toEqual([
      { type: 'admitted', waitMs: 0, requests: [] },
      { type: 'admitted', waitMs: 250, requests: [] },
    ]);
  });

  test('that is aborted is answered at once and leaves nothing behind', async () => {
    const { clock, start, send, answer, sent, admission, quota } = rig({ places: 1, holdMs: 1_000 });
    start(write('A'));
    await settle();
    await answer(0);
    const leave = new AbortController();
    const errors = Promise.all([
      failureOf(send(write('A'), leave.signal)),
      failureOf(send(read('B'), leave.signal)),
      failureOf(admission.room(read('C'), leave.signal)),
    ]);
    await settle();
    expect([admission.waiting(), clock.sleepers()]).toEqual([3, 1]);
    leave.abort(gone);
    expect((await errors).map(({ code, message, details }) => [code, message, details.sent, details.outcome])).toEqual([
      ['cancelled', 'bye', false, 'none'],
      ['cancelled', 'bye', false, undefined],
      ['cancelled', 'bye', false, undefined],
    ]);
    await settle();
    expect([admission.waiting(), clock.sleepers()]).toEqual([0, 0]);
    await clock.advance(60_000);
    expect([sent.length, quota.taken]).toEqual([1, 1]);
  });

  test('that comes aborted is not sent', async () => {
    const { send, sent, admission } = rig();
    const error = await failureOf(send(write('A'), AbortSignal.abort(gone)));
    expect([error.code, error.details.outcome, sent.length, admission.waiting()]).toEqual(['cancelled', 'none', 0, 0]);
  });
});

describe('an open circuit', () => {
  test('refuses with its name, since when, until when, and that nothing was sent', async () => {
    const own = rig();
    await own.clock.advance(1_000);
    await opened(own);
    await own.clock.advance(10_000);
    const [ofRead, ofWrite] = await Promise.all([failureOf(own.send(read('A'))), failureOf(own.send(write('A')))]);
    const details = { circuit: 'google_sheets_api', since: '2026-01-01T00:00:01.000Z', retryAfterMs: 50_000 };
    for (const { code, message } of [ofRead, ofWrite]) {
      expect(code).toBe('circuit_open');
      expect(message).toBe(
        'The circuit breaker google_sheets_api has been open since 2026-01-01T00:00:01.000Z: nothing was sent.',
      );
    }
    expect(ofRead.details).toEqual({ ...details, sent: false, cause: expect.any(Error) });
    expect(ofWrite.details).toEqual({ ...details, sent: false, outcome: 'none', cause: expect.any(Error) });
    expect(own.sent).toHaveLength(5);
  });

  test('is told as a call that was not made, and counted by that circuit', async () => {
    const own = rig();
    await once(own, read('B'));
    await opened(own);
    own.events.length = 0;
    await failureOf(own.send(write('A')));
    expect(own.events).toEqual([
      { type: 'circuit_rejection', circuit: 'spreadsheet:A', service: 'google_sheets' },
      {
        type: 'api_call',
        api: 'sheets',
        method: 'spreadsheets.batchUpdate',
        status: 'circuit_open',
        durationMs: 0,
      },
    ]);
    expect(own.circuits.find('spreadsheet:A')?.snapshot().rejectedCount).toBe(1);
  });

  test('costs nothing: no quota, no lane, no word of a send', async () => {
    const own = rig();
    await opened(own);
    const before = [own.quota.taken, own.ported.length];
    await failureOf(own.send(read('A')));
    expect([own.quota.taken, own.ported.length]).toEqual(before);
  });

  test('that opens refuses at once everything that waits for it, and nothing else', async () => {
    const own = rig();
    await once(own, read('B'));
    for (let count = 0; count < 4; count++) await once(own, read('A'), DOWN);
    own.start(read('A'), read('A'), write('A'));
    const waiting = [own.send(write('A')), own.send(read('A')), own.admission.room(read('A'), never())];
    const errors = Promise.all(waiting.map((one) => failureOf(one)));
    own.start(read('B'), read('B'), read('B'));
    await settle();
    expect(own.admission.waiting()).toBe(4);
    await own.answer(5, DOWN);
    expect((await errors).map(({ code, details }) => [code, details.circuit])).toEqual(
      Array(3).fill(['circuit_open', 'spreadsheet:A']),
    );
    expect(own.admission.waiting()).toBe(1);
  });

  test('isolated by an operator refuses what waits too', async () => {
    const { circuits, start, send, clock } = rig();
    start(write('A'));
    const waits = failureOf(send(write('A')));
    await clock.advance(5);
    circuits.service('google_sheets_api').isolate();
    await settle();
    expect((await waits).details).toMatchObject({ circuit: 'google_sheets_api', since: '2026-01-01T00:00:00.005Z' });
  });

  test('of one spreadsheet stops no other', async () => {
    const own = rig();
    await once(own, read('B'));
    await opened(own);
    own.start(read('B'), read('A'));
    await settle();
    expect([own.states(), own.scopes().at(-1)]).toEqual([
      { google_sheets_api: 'closed', google_drive_api: 'closed', 'spreadsheet:B': 'closed', 'spreadsheet:A': 'open' },
      'B',
    ]);
  });

  test('is probed by one of many callers at a time; the others are refused at once', async () => {
    const own = rig();
    await opened(own);
    await own.clock.advance(60_000);
    for (const round of [1, 2]) {
      const ends = Promise.allSettled(Array.from({ length: 30 }, () => own.send(read('A'))));
      await settle();
      expect([round, own.sent.length]).toEqual([round, 5 + round]);
      await own.answer(own.sent.length - 1);
      const refused = (await ends).filter(({ status }) => status === 'rejected');
      expect([round, refused.length]).toEqual([round, 29]);
    }
    expect(own.states()['spreadsheet:A']).toBe('closed');
  });
});

describe('a wait for quota', () => {
  test('that cannot fit the deadline is refused at once, and told how long it is', async () => {
    const { clock, start, send, answer, admission } = rig({ places: 1, holdMs: 30_000 });
    start(read('A'));
    await settle();
    await answer(0);
    await clock.advance(5_000);
    const [ofRead, ofWrite, ofRoom] = await Promise.all([
      failureOf(send(read('A', { deadline: 29_999 }))),
      failureOf(send(write('A', { deadline: 29_999 }))),
      failureOf(admission.room(read('A', { deadline: 29_999 }), never())),
    ]);
    expect(ofRead.message).toBe(
      'The quota of Google leaves no room for spreadsheets.values.batchGet in time (about 25 s).',
    );
    expect([ofRead, ofWrite, ofRoom].map(({ code, details }) => [code, details])).toEqual([
      ['quota_exhausted', { retryAfterMs: 25_000, sent: false }],
      ['quota_exhausted', { retryAfterMs: 25_000, sent: false, outcome: 'none' }],
      ['quota_exhausted', { retryAfterMs: 25_000, sent: false }],
    ]);
    expect(admission.waiting()).toBe(0);
  });

  test('that just fits is waited for', async () => {
    const { clock, start, answer, sent } = rig({ places: 1, holdMs: 30_000 });
    start(read('A'));
    await settle();
    await answer(0);
    start(read('A', { deadline: 30_000 }));
    await clock.advance(30_000);
    expect(sent).toHaveLength(2);
  });

  test('that becomes too long, because another goes first, is refused then', async () => {
    const { clock, start, send, answer } = rig({ places: 1, holdMs: 30_000 });
    start(read('A'));
    await settle();
    await answer(0);
    start(read('B'));
    const late = failureOf(send(read('C', { deadline: 40_000 })));
    await clock.advance(30_000);
    const error = await late;
    expect([error.code, error.details.retryAfterMs]).toEqual(['quota_exhausted', ATTEMPT_MS + 30_000]);
  });
});

describe('who goes first', () => {
  const principals = (own: Rig) => own.sent.map(({ call }) => call.principal).join('');

  /** One goes at a time; answers them until all went. */
  async function drain(own: Rig): Promise<void> {
    await settle();
    for (let at = 0; at < own.sent.length; at++) await own.answer(at);
  }

  test('principals take turns, each in its own order of arrival', async () => {
    const own = rig({ maxConcurrent: 1 });
    own.start(read('0', { principal: 'x' }));
    for (const principal of ['a', 'a', 'a', 'b', 'c', 'c']) {
      own.start(read(`${own.admission.waiting()}`, { principal }));
      await own.clock.advance(1);
    }
    await drain(own);
    expect(principals(own)).toBe('xabcaca');
    expect(own.scopes()).toEqual(['0', '0', '3', '4', '1', '5', '2']);
  });

  test('interactive calls go before background ones', async () => {
    const own = rig({ maxConcurrent: 1 });
    own.start(read('0'));
    own.start(read('A', { principal: 'b', priority: 'background' }), read('B', { principal: 'i' }));
    await drain(own);
    expect(own.scopes()).toEqual(['0', 'B', 'A']);
  });

  test('background calls leave two places to interactive ones, but never wait for nothing', async () => {
    const own = rig({ maxConcurrent: 4 });
    const background = (scope: string) => read(scope, { priority: 'background' });
    own.start(background('A'), background('B'), background('C'), background('D'));
    await settle();
    expect(own.scopes()).toEqual(['A', 'B']);
    own.start(read('E'), read('F'), read('G'));
    await settle();
    expect(own.scopes()).toEqual(['A', 'B', 'E', 'F']);
    const alone = rig({ maxConcurrent: 1 });
    alone.start(background('A'));
    await settle();
    expect(alone.sent).toHaveLength(1);
  });
});

describe('what an answer says about', () => {
  /** The failures that each circuit counted. */
  const failures = (own: Rig) => own.of('circuit_failure').map((event) => 'circuit' in event && event.circuit);
  const both = ['spreadsheet:A', 'google_sheets_api'];
  const user = { quota: { scope: 'user' as const } };
  const project = { quota: { scope: 'project' as const } };

  test.each([
    ['503', new ServalError('unavailable', 'm'), {}, both],
    ['a timeout after sending', new ServalError('timeout', 'm'), {}, both],
    ['no connection', new ServalError('unavailable', 'm', { sent: false }), {}, ['google_sheets_api']],
    ['429 of a user', new ServalError('quota_exhausted', 'm', user), { attempt: 4 }, []],
    ['429 of the project', new ServalError('quota_exhausted', 'm', project), { attempt: 3 }, []],
    ['429 of the project at last', new ServalError('quota_exhausted', 'm', project), { attempt: 4 }, [both[1]]],
    ['400', new ServalError('invalid_argument', 'm'), {}, []],
    ['401', new ServalError('unauthenticated', 'm'), {}, []],
    ['403', new ServalError('permission_denied', 'm'), {}, []],
    ['404', new ServalError('not_found', 'm'), {}, []],
    ['409', new ServalError('conflict', 'm'), {}, []],
    ['a fault of ours', new TypeError('m'), {}, []],
    ['the token endpoint', new ServalError('unavailable', 'm', { service: 'google_oauth' }), {}, []],
    ['503 in the background', new ServalError('unavailable', 'm'), { priority: 'background' }, []],
  ] as [string, unknown, Partial<Call>, string[]][])('%s', async (_, error, about, expected) => {
    const own = rig();
    await once(own, read('A', about), error);
    expect(failures(own)).toEqual(expected);
  });

  test('the caller that leaves: nothing, whatever the answer is then', async () => {
    const own = rig();
    const leave = new AbortController();
    const failed = failureOf(own.send(read('A'), leave.signal));
    await settle();
    own.sent[0]?.reject(DOWN);
    leave.abort(gone);
    await failed;
    expect(failures(own)).toEqual([]);
  });

  test('the half-open circuit: nothing, if it is 404, 400 or an abort; the probe is free again', async () => {
    const own = rig();
    await opened(own);
    await own.clock.advance(60_000);
    for (const code of ['not_found', 'not_found', 'invalid_argument', 'cancelled'] as const) {
      await once(own, read('A'), new ServalError(code, 'm'));
    }
    expect([own.states()['spreadsheet:A'], own.states().google_sheets_api, own.sent.length]).toEqual([
      'half_open',
      'half_open',
      9,
    ]);
    await once(own, read('A'));
    await once(own, read('A'));
    expect([own.states()['spreadsheet:A'], own.states().google_sheets_api]).toEqual(['closed', 'closed']);
  });

  test('the service: failures of one spreadsheet do not open it while another is active; of two they do', async () => {
    const own = rig();
    await once(own, read('B'));
    await opened(own, 'A');
    expect([own.states().google_sheets_api, own.states()['spreadsheet:A']]).toEqual(['closed', 'open']);
    await once(own, read('B'), DOWN);
    expect([own.states().google_sheets_api, own.states()['spreadsheet:B']]).toEqual(['open', 'closed']);
  });

  test('the service: what was never sent opens it, over one spreadsheet too, and that one stays closed', async () => {
    const own = rig();
    await once(own, read('B'));
    for (let count = 0; count < 5; count++) {
      await once(own, read('A'), new ServalError('unavailable', 'm', { sent: false }));
    }
    expect([own.states().google_sheets_api, own.states()['spreadsheet:A']]).toEqual(['open', 'closed']);
  });

  test('the service: a spreadsheet known to be sick frees its probe and does not reopen it', async () => {
    const own = rig();
    await once(own, read('B'));
    await opened(own, 'A');
    await once(own, read('B'), DOWN);
    await own.clock.advance(60_000);
    expect(own.states()).toMatchObject({ google_sheets_api: 'half_open', 'spreadsheet:A': 'half_open' });
    await once(own, read('A'), DOWN);
    expect(own.states()).toMatchObject({ google_sheets_api: 'half_open', 'spreadsheet:A': 'open' });
    await once(own, read('B'));
    await once(own, read('B'));
    expect(own.states()).toMatchObject({ google_sheets_api: 'closed', 'spreadsheet:A': 'open' });
  });

  test('the circuits: the quota hears of it first, the ports hear of every send and every end', async () => {
    const own = rig();
    await once(own, read('A'));
    await once(own, read('A'), DOWN);
    await once(own, write('B'), 'nonsense');
    expect(own.ported).toEqual([
      'send A after 0',
      'end A well',
      'send A after 1',
      'end A unavailable',
      'send B after 2',
      'end B internal',
    ]);
    expect(own.quota.released.map((error) => error?.code)).toEqual([undefined, 'unavailable', 'internal']);
  });
});

describe('room', () => {
  test('is there when the call could go, and holds nothing', async () => {
    const { admission, quota, ported, start, sent } = rig({ places: 1, maxConcurrent: 1 });
    await admission.room(write('A'), never());
    await settle();
    await admission.room(write('A'), never());
    await settle();
    expect([quota.taken, ported, admission.waiting()]).toEqual([0, [], 0]);
    start(read('B'));
    await settle();
    expect(sent).toHaveLength(1);
  });

  test('is waited for like the call itself', async () => {
    const { admission, start, answer } = rig();
    start(write('A'));
    let open = false;
    const room = admission.room(write('A'), never()).then(() => {
      open = true;
    });
    await settle();
    expect([open, admission.waiting()]).toEqual([false, 1]);
    await answer(0);
    await room;
    expect(open).toBe(true);
  });

  test('goes to the call that is sealed on it, not to one that has waited meanwhile', async () => {
    const { admission, start, send, answer, scopes } = rig({ maxConcurrent: 1 });
    start(read('0'));
    await settle();
    const sealed = admission.room(write('S', { principal: 'a' }), never()).then(async () => {
      // As far as the outcome and the retries are away.
      for (let tick = 0; tick < 4; tick++) await null;
      void send(write('S', { principal: 'a' }));
    });
    start(read('W', { principal: 'b' }));
    await settle();
    await answer(0);
    await sealed;
    await settle();
    expect(scopes()).toEqual(['0', 'S']);
    await answer(1);
    expect(scopes()).toEqual(['0', 'S', 'W']);
  });

  test('that nobody uses goes to the next', async () => {
    const { admission, start, answer, scopes } = rig({ maxConcurrent: 1 });
    start(read('0'));
    await settle();
    const room = admission.room(write('S', { principal: 'a' }), never());
    start(read('W', { principal: 'b' }));
    await answer(0);
    await room;
    await settle();
    expect(scopes()).toEqual(['0', 'W']);
  });

  test('is refused as the call would be', async () => {
    const own = rig();
    await opened(own);
    const error = await failureOf(own.admission.room(write('A'), never()));
    expect([error.code, error.details.outcome, error.details.sent]).toEqual(['circuit_open', 'none', false]);
  });
});

describe('whatever comes, ends and leaves', () => {
  const step = fc.oneof(
    {
      weight: 5,
      arbitrary: fc.record({
        do: fc.constant('come' as const),
        kind: fc.constantFrom('read' as const, 'write' as const),
        scope: fc.constantFrom('A', 'A', 'B', null),
        identity: fc.constantFrom('one', 'two'),
        principal: fc.constantFrom('p', 'q', 'r'),
        priority: fc.constantFrom('interactive' as const, 'interactive' as const, 'background' as const),
        room: fc.constantFrom(false, false, false, true),
        patienceMs: fc.constantFrom(500, 5_000, 100_000),
      }),
    },
    {
      weight: 4,
      arbitrary: fc.record({
        do: fc.constant('end' as const),
        which: fc.nat(100),
        how: fc.constantFrom(undefined, undefined, DOWN, new ServalError('not_found', 'm')),
      }),
    },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('leave' as const), which: fc.nat(100) }) },
    {
      weight: 2,
      arbitrary: fc.record({ do: fc.constant('pass' as const), ms: fc.constantFrom(1, 300, 2_000, 60_000) }),
    },
  );

  test('no limit is ever exceeded, nobody waits for what is free, and in the end nothing is held', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { maxLength: 80, size: 'max' }),
        fc.record({ maxConcurrent: fc.integer({ min: 1, max: 6 }), places: fc.integer({ min: 1, max: 6 }) }),
        async (steps, { maxConcurrent, places }) => {
          const own = rig({ maxConcurrent, places, holdMs: 700 });
          const callers: { call: Call; leave: AbortController; room: boolean; over: boolean }[] = [];
          const laneOf = ({ identity, scope, kind }: Call) => `${identity} ${scope} ${kind}`;
          const ended = new Set<number>();
          const flying = () => own.sent.filter((_, at) => !ended.has(at)).map(({ call }) => call);

          const check = () => {
            const now = flying();
            const lanes = Map.groupBy(
              now.filter(({ scope }) => scope !== null),
              laneOf,
            );
            for (const calls of lanes.values())
              expect(calls.length).toBeLessThanOrEqual(calls[0]?.kind === 'read' ? 2 : 1);
            expect(now.length).toBeLessThanOrEqual(maxConcurrent);
            expect(own.quota.taken - own.quota.released.length).toBe(now.length);
            const waiting = callers.filter(({ over, call }) => !over && !now.includes(call));
            expect(own.admission.waiting()).toBe(waiting.length);
            for (const { call } of waiting) {
              const lane = call.scope === null ? 0 : (lanes.get(laneOf(call))?.length ?? 0);
              const reserve = call.priority === 'background' && now.length > 0 ? 2 : 0;
              const blocked =
                lane >= (call.kind === 'read' ? 2 : 1) ||
                now.length + reserve >= maxConcurrent ||
                own.quota.waitMs() > 0;
              expect([call.scope, call.kind, blocked]).toEqual([call.scope, call.kind, true]);
            }
          };

          for (const one of steps) {
            if (one.do === 'come') {
              const { do: _, room, patienceMs, kind, ...about } = one;
              const call = { ...CALLS[kind], ...about, deadline: own.clock.now() + patienceMs };
              const caller = { call, leave: new AbortController(), room, over: false };
              callers.push(caller);
              const work = room ? own.admission.room(call, caller.leave.signal) : own.send(call, caller.leave.signal);
              const over = () => {
                caller.over = true;
              };
              work.then(over, over);
            } else if (one.do === 'end') {
              const open = own.sent.flatMap((_, at) => (ended.has(at) ? [] : [at]));
              const at = open[one.which % Math.max(1, open.length)];
              if (at === undefined) continue;
              ended.add(at);
              if (one.how) own.sent[at]?.reject(one.how);
              else own.sent[at]?.resolve({});
            } else if (one.do === 'leave') {
              const now = flying();
              const waiting = callers.filter(({ over, call }) => !over && !now.includes(call));
              waiting[one.which % Math.max(1, waiting.length)]?.leave.abort(gone);
            } else await own.clock.advance(one.ms);
            await settle();
            check();
          }
          for (let more = 0; callers.some(({ over }) => !over); more++) {
            expect(more).toBeLessThan(500);
            own.sent.forEach(({ resolve }, at) => {
              ended.add(at);
              resolve({});
            });
            await own.clock.advance(700);
            check();
          }
          expect([own.admission.waiting(), flying().length]).toEqual([0, 0]);
          expect(own.ported.filter((word) => word.startsWith('send')).length).toBe(own.sent.length);
          expect(own.ported.filter((word) => word.startsWith('end')).length).toBe(own.sent.length);
        },
      ),
      { numRuns: 300 },
    );
  });
});
