// The policies put together: their order, and what only the whole of them can show.

import { describe, expect, onTestFinished, test } from 'vitest';
import type { Call } from '../src/call.ts';
import { parseConfig } from '../src/config.ts';
import { ServalError } from '../src/errors.ts';
import { createBus, type Event } from '../src/events.ts';
import { createLog } from '../src/log.ts';
import { createPipe } from '../src/pipe.ts';
import { createCircuits } from '../src/resilience/circuits.ts';
import { createFlags } from '../src/resilience/flags.ts';
import { createCall, type Method } from '../src/sheets/calls.ts';
import { temporaryFolder } from './support/app.ts';
import { failureOf } from './support/fake-google.ts';
import { ledgerIn } from './support/ledger.ts';
import { createManualSend, createVirtualClock, settle } from './support/virtual-clock.ts';

const DEADLINE_MS = 50_000;
const never = () => new AbortController().signal;
const gone = new ServalError('cancelled', 'bye');
const DOWN = new ServalError('unavailable', 'down');

/** What a write of the rig writes. */
function valuesOf({ params }: Call): number[] {
  const { requests } = params.requestBody as { requests: { updateCells?: { value: number } }[] };
  return requests.flatMap(({ updateCells }) => (updateCells ? [updateCells.value] : []));
}

/** The pipe as the application builds it, over a transport in the test's hands. */
function rig(env: Record<string, string> = {}) {
  const { config } = parseConfig({ DATA_DIR: temporaryFolder(), GOOGLE_ACCESS_TOKEN: 'token', ...env }, () => {
    throw new Error('no files');
  });
  const clock = createVirtualClock();
  const bus = createBus((fault) => {
    throw fault;
  });
  const events: Event[] = [];
  bus.subscribe((event) => events.push(event));
  const flags = createFlags({ batching: true, cache: true, fallback: true, retry: true, throttle: true }, clock);
  const circuits = createCircuits({
    failureThreshold: config.CIRCUIT_BREAKER_FAILURE_THRESHOLD,
    successThreshold: config.CIRCUIT_BREAKER_SUCCESS_THRESHOLD,
    openMs: config.CIRCUIT_BREAKER_TIMEOUT,
    resetMs: config.CIRCUIT_BREAKER_RESET_TIMEOUT,
    clock,
    emit: bus.emit,
  });
  const { send: transport, sent } = createManualSend();
  const log = createLog('ERROR', clock, () => {});
  const { ledger, journal, isWorker } = ledgerIn(config.DATA_DIR, clock, log);
  const parts = { clock, log, emit: bus.emit, subscribe: bus.subscribe, circuits, flags, transport, journal, isWorker };
  const pipe = createPipe(config, parts);
  onTestFinished(() => {
    pipe.close();
    ledger.close();
  });
  const call = (method: Method, params: object, about: Partial<Call> = {}): Call => ({
    ...createCall(
      { principal: 'ann', identity: 'shared', deadline: clock.now() + DEADLINE_MS, priority: 'interactive' },
      method,
      'ID',
      { spreadsheetId: 'ID', ...params },
    ),
    ...about,
  });
  return {
    clock,
    events,
    flags,
    circuits,
    pipe,
    sent,
    read: (range: string, about: Partial<Call> = {}, signal = never()) =>
      pipe.send(call('spreadsheets.values.batchGet', { ranges: [range] }, about), signal),
    write: (value: number, about: Partial<Call> = {}, signal = never()) =>
      pipe.send(
        call(
          'spreadsheets.batchUpdate',
          { requestBody: { requests: [{ updateCells: { value, fields: 'userEnteredValue' } }] } },
          about,
        ),
        signal,
      ),
    /** Answers the last call as Google would. */
    answer: async (at = sent.length - 1) => {
      const { ranges = [] } = (sent[at]?.call.params ?? {}) as { ranges?: string[] };
      sent[at]?.resolve({ spreadsheetId: 'ID', valueRanges: ranges.map((range) => ({ range })) });
      await settle();
    },
  };
}

test('the order of the policies, outermost first', () => {
  expect(rig().pipe.order).toEqual([
    'fallback',
    'deadline',
    'cache',
    'single flight',
    'batch',
    'journal',
    'retry',
    'admission',
    'attempt timeout',
  ]);
});

describe('the order shows', () => {
  test('what is remembered costs nothing, and what is in flight is shared', async () => {
    const { pipe, sent, read, answer, circuits } = rig();
    const both = Promise.all([read('A1'), read('A1')]);
    await settle();
    await answer();
    await both;
    circuits.service('google_sheets_api').isolate();
    const reply = await read('A1');
    expect([sent.length, pipe.sourceOf(reply)?.source, pipe.gauges.quota()[0]?.used]).toEqual([1, 'cache', 1]);
  });

  test('a deadline that passes is answered with the last known value, said to be stale', async () => {
    const { clock, pipe, read, answer, sent } = rig();
    const first = read('A1');
    await settle();
    await answer();
    await first;
    await clock.advance(20_000);
    const late = read('A1', { deadline: clock.now() + 1_000 });
    await clock.advance(1_000);
    expect(pipe.sourceOf(await late)).toEqual({ source: 'stale', ageMs: 21_000 });
    expect([sent.length, sent[1]?.signal.aborted]).toEqual([2, true]);
  });

  test('each attempt pays quota and has its own time, within the deadline', async () => {
    const { clock, pipe, read, sent, answer } = rig({ API_TIMEOUT_MS: '1000' });
    const reply = read('A1');
    await clock.advance(1_000);
    expect([sent.length, sent[0]?.signal.aborted]).toEqual([1, true]);
    await clock.advance(1_000);
    expect([sent.length, sent[1]?.call.attempt, pipe.gauges.quota()[0]?.used]).toEqual([2, 2, 2]);
    await answer();
    expect(await reply).toBeDefined();
  });

  test('merged calls are repeated as one, and divided after', async () => {
    const { clock, read, sent, answer } = rig();
    const replies = Promise.all([read('A1'), read('B1')]);
    await settle();
    sent[0]?.reject(DOWN);
    await clock.advance(1_000);
    await answer();
    expect(await replies).toEqual([{ valueRanges: [{ range: 'A1' }] }, { valueRanges: [{ range: 'B1' }] }]);
    expect(sent.map(({ call }) => (call.params as { ranges: string[] }).ranges)).toEqual([
      ['A1', 'B1'],
      ['A1', 'B1'],
    ]);
  });

  test('a circuit that opens ends the retries of what waits for it', async () => {
    const { clock, read, sent } = rig({ CIRCUIT_BREAKER_FAILURE_THRESHOLD: '1' });
    const failed = failureOf(read('A1'));
    await settle();
    sent[0]?.reject(DOWN);
    await clock.advance(10_000);
    expect([(await failed).code, sent.length]).toEqual(['circuit_open', 1]);
  });

  test('a circuit that opens refuses at once what waits for quota, sealed or not', async () => {
    const { write, sent, answer, circuits } = rig({ QUOTA_WRITES_PER_MINUTE_PER_USER: '2' });
    void write(0);
    await settle();
    await answer();
    const waiting = [1, 2].map((value) => failureOf(write(value, { deadline: 1e9 })));
    await settle();
    circuits.service('google_sheets_api').isolate();
    const errors = await Promise.all(waiting);
    expect(errors.map(({ code, details }) => [code, details.outcome])).toEqual(Array(2).fill(['circuit_open', 'none']));
    expect(sent).toHaveLength(1);
  });
});

describe('writes', () => {
  test('gather while there is no quota, and go as one the moment there is', async () => {
    const { clock, write, sent, answer } = rig({ QUOTA_WRITES_PER_MINUTE_PER_USER: '2' });
    void write(0);
    await settle();
    await answer();
    const all = [1, 2, 3].map(async (value) => {
      await clock.advance(0);
      return write(value, { deadline: 1e9 });
    });
    await clock.advance(59_999);
    expect(sent).toHaveLength(1);
    // Another principal, who has not been served yet, goes first.
    void write(4, { principal: 'bob', scope: 'OTHER', deadline: 1e9 });
    await clock.advance(1);
    await answer();
    await clock.advance(60_000);
    await answer();
    await Promise.all(all);
    expect(sent.map(({ call }) => valuesOf(call))).toEqual([[0], [4], [1, 2, 3]]);
  });

  test('make what was read before unservable from their sending on', async () => {
    const { write, read, sent, answer } = rig();
    const before = read('A1');
    await settle();
    await answer();
    await before;
    const writing = write(1);
    await settle();
    void read('A1');
    await settle();
    expect(sent.map(({ call }) => call.kind)).toEqual(['read', 'write', 'read']);
    await answer(1);
    await writing;
    // The read that was under way when the write ended is not joined.
    void read('A1');
    await settle();
    expect(sent).toHaveLength(4);
  });

  test('that surely were not applied leave the last known value for the worst', async () => {
    const { clock, pipe, write, read, sent, answer, circuits } = rig();
    const before = read('A1');
    await settle();
    await answer();
    await before;
    const failed = failureOf(write(1));
    await settle();
    sent[1]?.reject(new ServalError('invalid_argument', 'm', { outcome: 'none' }));
    await failed;
    circuits.service('google_sheets_api').isolate();
    await clock.advance(5);
    expect(pipe.sourceOf(await read('A1'))).toEqual({ source: 'stale', ageMs: 5 });
  });

  test('that may have been applied do not', async () => {
    const { write, read, sent, answer, circuits } = rig();
    const before = read('A1');
    await settle();
    await answer();
    await before;
    const failed = failureOf(write(1));
    await settle();
    sent[1]?.reject(new ServalError('circuit_open', 'gone meanwhile', { outcome: 'unknown' }));
    expect((await failed).code).toBe('outcome_unknown');
    circuits.service('google_sheets_api').isolate();
    expect((await failureOf(read('A1'))).code).toBe('circuit_open');
  });

  test('whose caller has left are waited for by a shutdown', async () => {
    const { pipe, write, sent, answer } = rig();
    const leave = new AbortController();
    const left = failureOf(write(1, {}, leave.signal));
    await settle();
    leave.abort(gone);
    expect([(await left).code, sent[0]?.signal.aborted]).toEqual(['outcome_unknown', false]);
    let idle = false;
    const end = pipe.idle().then(() => {
      idle = true;
    });
    await settle();
    expect(idle).toBe(false);
    await answer();
    await end;
    expect(idle).toBe(true);
  });

  test('whose caller leaves while they wait for admission are never sent', async () => {
    const { clock, pipe, write, sent, answer } = rig({ QUOTA_WRITES_PER_MINUTE_PER_USER: '2' });
    void write(0);
    await settle();
    await answer();
    const leave = new AbortController();
    const left = failureOf(write(1, { deadline: 1e9 }, leave.signal));
    await settle();
    expect(pipe.gauges.admissionWaiting()).toBe(1);
    leave.abort(gone);
    const { code, details } = await left;
    expect([code, details.outcome, pipe.gauges.admissionWaiting()]).toEqual(['cancelled', 'none', 0]);
    await clock.advance(120_000);
    expect(sent).toHaveLength(1);
    await pipe.idle();
  });
});

describe('a flag turns off', () => {
  test('the cache, the merging, the retries and the fallback, each by itself and at once', async () => {
    const { flags, read, sent, answer } = rig();
    for (const flag of ['cache', 'batching', 'retry', 'fallback']) flags.set(flag, false);
    const both = Promise.all([read('A1'), read('B1')]);
    await settle();
    expect(sent).toHaveLength(2);
    await answer(0);
    await answer(1);
    await both;
    const failed = failureOf(read('A1'));
    await settle();
    sent[2]?.reject(DOWN);
    expect([await failed, sent.length]).toEqual([DOWN, 3]);
  });

  test('the waiting for quota', async () => {
    const { flags, write, sent, answer } = rig({ QUOTA_WRITES_PER_MINUTE_PER_USER: '2' });
    flags.set('throttle', false);
    for (const value of [1, 2]) {
      void write(value);
      await settle();
      await answer();
    }
    expect(sent).toHaveLength(2);
  });
});
