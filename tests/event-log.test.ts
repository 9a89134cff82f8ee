// Events as log lines: the very words and levels that operators search for, in the JSON that is written.

import { describe, expect, test } from 'vitest';
import { ServalError } from '../src/errors.ts';
import { logEvents } from '../src/event-log.ts';
import type { Event } from '../src/events.ts';
import { createLog } from '../src/log.ts';
import { createCircuit } from '../src/resilience/circuit.ts';
import { createVirtualClock } from './support/virtual-clock.ts';

const CIRCUIT = { circuit: 'google_sheets_api', service: 'google_sheets' } as const;

function logged() {
  const lines: string[] = [];
  const log = createLog('DEBUG', createVirtualClock(), (line) => lines.push(line));
  return { lines, emit: logEvents(log) };
}

function recordsOf(...events: Event[]): Record<string, unknown>[] {
  const { lines, emit } = logged();
  for (const event of events) emit(event);
  return lines.map((line) => {
    const { time: _, ...record } = JSON.parse(line);
    return record;
  });
}

describe('a circuit breaker', () => {
  test('failure is a warning with its number', () => {
    expect(recordsOf({ type: 'circuit_failure', ...CIRCUIT, count: 4, of: 5, code: 'timeout' })).toEqual([
      {
        level: 'WARN',
        message: 'circuit breaker google_sheets_api failure 4 of 5',
        circuit: 'google_sheets_api',
        code: 'timeout',
      },
    ]);
  });

  test.each([
    ['closed', 'open', 'ERROR', 'closed -> open'],
    ['half_open', 'open', 'ERROR', 'half-open -> open'],
    ['open', 'half_open', 'INFO', 'open -> half-open'],
    ['half_open', 'closed', 'INFO', 'half-open -> closed'],
    ['open', 'closed', 'INFO', 'open -> closed'],
  ] as const)('transition %s to %s is %s', (from, to, level, words) => {
    expect(recordsOf({ type: 'circuit_transition', ...CIRCUIT, from, to })).toEqual([
      { level, message: `circuit breaker google_sheets_api state transitioned: ${words}`, ...CIRCUIT, from, to },
    ]);
  });

  test('probe that succeeded is told with its number', () => {
    expect(recordsOf({ type: 'circuit_probe', ...CIRCUIT, count: 1, of: 2 })).toEqual([
      {
        level: 'INFO',
        message: 'circuit breaker google_sheets_api half-open probe succeeded 1 of 2',
        circuit: 'google_sheets_api',
      },
    ]);
  });

  test('success and rejection are counted, not written', () => {
    expect(recordsOf({ type: 'circuit_success', ...CIRCUIT }, { type: 'circuit_rejection', ...CIRCUIT })).toEqual([]);
  });
});

test.each<[Event, Record<string, unknown>]>([
  [
    { type: 'token_failed', code: 'unauthenticated', message: 'revoked' },
    { level: 'ERROR', message: 'no access token', code: 'unauthenticated', reason: 'revoked' },
  ],
  [
    { type: 'retry', method: 'spreadsheets.get', attempt: 2, waitMs: 700, code: 'unavailable', requests: ['r'] },
    {
      level: 'WARN',
      message: 'google api call will be retried',
      method: 'spreadsheets.get',
      attempt: 2,
      waitMs: 700,
      code: 'unavailable',
    },
  ],
  [
    { type: 'rate_limited', limit: 'ReadRequestsPerMinutePerUser' },
    { level: 'WARN', message: 'google rate limit hit', limit: 'ReadRequestsPerMinutePerUser' },
  ],
  [
    { type: 'api_call', api: 'sheets', method: 'spreadsheets.get', status: 'success', durationMs: 5 },
    {
      level: 'DEBUG',
      message: 'google api call',
      api: 'sheets',
      method: 'spreadsheets.get',
      status: 'success',
      durationMs: 5,
    },
  ],
  [
    { type: 'api_call', api: 'drive', method: 'files.list', status: 'error', code: 'timeout', durationMs: 9 },
    {
      level: 'WARN',
      message: 'google api call failed',
      api: 'drive',
      method: 'files.list',
      status: 'error',
      code: 'timeout',
      durationMs: 9,
    },
  ],
])('%o is one line', (event, record) => {
  expect(recordsOf(event)).toEqual([record]);
});

describe('the end of a tool call', () => {
  const operation = (error?: ServalError): Event => ({
    type: 'operation',
    operation: 'read_range',
    face: 'mcp',
    requestId: 'r1',
    durationMs: 12,
    ...(error && { error }),
  });
  const fields = { operation: 'read_range', face: 'mcp', requestId: 'r1', durationMs: 12 };

  test('in success is information', () => {
    expect(recordsOf(operation())).toEqual([{ level: 'INFO', message: 'tool call', ...fields }]);
  });

  test.each([
    ['not_found', 'WARN'],
    ['quota_exhausted', 'WARN'],
    ['circuit_open', 'WARN'],
    ['unsupported', 'WARN'],
    ['unavailable', 'ERROR'],
    ['outcome_unknown', 'ERROR'],
  ] as const)('in %s is %s', (code, level) => {
    expect(recordsOf(operation(new ServalError(code, 'why')))).toEqual([
      { level, message: 'tool call failed', ...fields, code, reason: 'why' },
    ]);
  });

  test('in a fault of ours is an error with its cause, which no answer shows', () => {
    const fault = new ServalError('internal', 'Unexpected fault.', { cause: new TypeError('x of undefined') });
    expect(recordsOf(operation(fault))).toMatchObject([
      { level: 'ERROR', code: 'internal', cause: { name: 'TypeError', message: 'x of undefined' } },
    ]);
  });
});

test('the searches of the runbook find an outage from its first failure to its end', async () => {
  const { lines, emit } = logged();
  const clock = createVirtualClock();
  const circuit = createCircuit({
    name: 'google_sheets_api',
    service: 'google_sheets',
    failureThreshold: 2,
    successThreshold: 2,
    openMs: 60_000,
    resetMs: 30_000,
    spread: false,
    clock,
    emit,
  });
  const fail = () => circuit.enter(null).failure(new ServalError('unavailable', 'down'), { reach: false, sick: false });
  fail();
  fail();
  await clock.advance(60_000);
  fail();
  await clock.advance(60_000);
  circuit.enter(null).success();
  circuit.enter(null).success();
  const found = (search: RegExp) => lines.filter((line) => search.test(line)).map((line) => JSON.parse(line).message);
  const [first, second, opened, half, probe, reopened, halfAgain, one, two, closed] = [
    'failure 1 of 2',
    'failure 2 of 2',
    'state transitioned: closed -> open',
    'state transitioned: open -> half-open',
    'failure 1 of 1',
    'state transitioned: half-open -> open',
    'state transitioned: open -> half-open',
    'half-open probe succeeded 1 of 2',
    'half-open probe succeeded 2 of 2',
    'state transitioned: half-open -> closed',
  ].map((words) => `circuit breaker google_sheets_api ${words}`);
  expect(found(/circuit.*breaker/)).toEqual([
    first,
    second,
    opened,
    half,
    probe,
    reopened,
    halfAgain,
    one,
    two,
    closed,
  ]);
  expect(found(/half.*open/)).toEqual([half, reopened, halfAgain, one, two, closed]);
  expect(found(/ERROR/)).toEqual([opened, reopened]);
});
