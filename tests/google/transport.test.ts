// The transport on a real socket: one call is one request, the signal ends it, and no token leaves by an error.

import { inspect } from 'node:util';
import { describe, expect, test } from 'vitest';
import { ServalError } from '../../src/errors.ts';
import {
  ACCESS_TOKEN,
  type Answer,
  CALLS,
  closedPort,
  EXPORT,
  PUT,
  startFakeGoogle,
  transportOver,
} from '../support/fake-google.ts';

const WRITES = Object.entries({ post: CALLS.write, put: PUT, patch: CALLS.move });
const EVERY = Object.entries({ ...CALLS, put: PUT });

describe('a request', () => {
  test('asks Sheets by the method, with each range as its own parameter', async () => {
    await using google = await startFakeGoogle();
    google.answer('/', { status: 200, body: { spreadsheetId: 'ID' } });
    const { send } = transportOver(google);
    expect(await send(CALLS.read)).toEqual({ spreadsheetId: 'ID' });
    const [request] = google.requests;
    const url = new URL(request?.url ?? '', google.url);
    expect([request?.method, url.pathname]).toEqual(['GET', '/v4/spreadsheets/ID/values:batchGet']);
    expect(url.searchParams.getAll('ranges')).toEqual(["'It''s'!A1:B2", 'C']);
    expect(request?.headers.authorization).toBe(`Bearer ${ACCESS_TOKEN}`);
    expect(request?.headers['user-agent']).toMatch(/^servalsheets\/1\.2\.3 google-api-nodejs-client/);
  });

  test('of a write carries its body as JSON', async () => {
    await using google = await startFakeGoogle();
    google.answer('/', { status: 200, body: {} });
    await transportOver(google).send(CALLS.write);
    expect(google.requests.map(({ method, url, body }) => [method, url, JSON.parse(body)])).toEqual([
      ['POST', '/v4/spreadsheets/ID:batchUpdate', { requests: [{}] }],
    ]);
  });

  test.each([
    ['sheets', CALLS.read, '/some/prefix/v4/spreadsheets/ID/values:batchGet'],
    ['drive', CALLS.search, '/some/prefix/drive/v3/files'],
  ])('to %s keeps a path prefix of the root URL', async (_, call, path) => {
    await using google = await startFakeGoogle();
    google.answer('/some/prefix/', { status: 200, body: {} });
    await transportOver(google, { rootUrl: `${google.url}/some/prefix/` }).send(call);
    expect(google.requests.map(({ url }) => url.split('?')[0])).toEqual([path]);
  });

  test('of a method that the API lacks is a fault of ours, and nothing is sent', async () => {
    await using google = await startFakeGoogle();
    const error = await transportOver(google).failure({ ...CALLS.read, method: 'spreadsheets.values.nope' });
    expect([error.code, google.requests.length]).toEqual(['internal', 0]);
  });
});

describe('one call is one request', () => {
  const answers: [string, Answer][] = [
    [
      '500',
      { status: 500, body: { error: { code: 500, message: 'Internal error encountered.', status: 'INTERNAL' } } },
    ],
    ['503', { status: 503, body: { error: { code: 503, message: 'The service is currently unavailable.' } } }],
    ['429', { status: 429, headers: { 'retry-after': '0' }, body: {} }],
    ['408', { status: 408, body: '' }],
    ['401 with a token that cannot be renewed', { status: 401, body: { error: { code: 401, message: 'no' } } }],
    ['a reset', 'reset'],
    ['a cut body', { cutAfter: '{"a"' }],
  ];
  test.each(answers.flatMap(([what, answer]) => EVERY.map(([kind, call]) => [what, kind, answer, call] as const)))(
    'on %s for a %s',
    async (_what, _kind, answer, call) => {
      await using google = await startFakeGoogle();
      google.answer('/', answer);
      const { failure, events } = transportOver(google);
      const { code } = await failure(call);
      expect(google.requests).toHaveLength(1);
      expect(events).toEqual([
        { type: 'api_call', api: call.api, method: call.method, status: 'error', code, durationMs: expect.any(Number) },
      ]);
    },
  );

  test('and one event, also when it succeeds', async () => {
    await using google = await startFakeGoogle();
    google.answer('/', { status: 200, body: {} });
    const { send, events } = transportOver(google);
    await send(CALLS.read);
    await send(CALLS.search);
    expect(google.requests).toHaveLength(2);
    expect(events.map((event) => ({ ...event, durationMs: 0 }))).toEqual([
      { type: 'api_call', api: 'sheets', method: 'spreadsheets.values.batchGet', status: 'success', durationMs: 0 },
      { type: 'api_call', api: 'drive', method: 'files.list', status: 'success', durationMs: 0 },
    ]);
  });

  test('a connection that was closed while idle does not fail the next call', async () => {
    await using google = await startFakeGoogle();
    google.answer('/', { status: 200, headers: { connection: 'close' }, body: { a: 1 } });
    const { send } = transportOver(google);
    for (let n = 0; n < 3; n++) expect(await send(CALLS.write)).toEqual({ a: 1 });
    expect(google.requests).toHaveLength(3);
  });
});

describe('an answer that is no JSON object', () => {
  const CUT: [string, Answer][] = [
    [
      'its JSON cut, the length fitting',
      { status: 200, headers: { 'content-type': 'application/json' }, body: '{"sheets":[{"pro' },
    ],
    ['its body shorter than promised', { cutAfter: '{"sheets":' }],
    ['HTML with status 200', { status: 200, body: '<html>Sign in</html>' }],
    ['empty with status 200', { status: 200 }],
  ];

  test.each(CUT)('%s: a read is unavailable', async (_, answer) => {
    await using google = await startFakeGoogle();
    google.answer('/', answer);
    const error = await transportOver(google).failure(CALLS.read);
    expect([error.code, error.details.outcome]).toEqual(['unavailable', undefined]);
  });

  test.each(CUT.flatMap(([what, answer]) => WRITES.map(([verb, call]) => [what, verb, answer, call] as const)))(
    '%s: the outcome of a %s is unknown',
    async (_what, _verb, answer, call) => {
      await using google = await startFakeGoogle();
      google.answer('/', answer);
      const error = await transportOver(google).failure(call);
      expect([error.code, error.details.outcome]).toEqual(['unavailable', 'unknown']);
    },
  );

  test('204 is an empty reply', async () => {
    await using google = await startFakeGoogle();
    google.answer('/', { status: 204 });
    expect(await transportOver(google).send(CALLS.write)).toEqual({});
  });
});

describe('a file', () => {
  const BYTES = Uint8Array.from({ length: 5_000 }, (_, n) => (n * 7) % 256);
  const PDF = { 'content-type': 'application/pdf' };

  test('arrives byte by byte, in base64 and with its type', async () => {
    await using google = await startFakeGoogle();
    google.answer('/', { status: 200, headers: PDF, body: BYTES });
    const base64 = Buffer.from(BYTES).toString('base64');
    expect(await transportOver(google).send(EXPORT)).toEqual({ mimeType: 'application/pdf', base64 });
    const url = new URL(google.requests[0]?.url ?? '', google.url);
    expect([url.pathname, url.searchParams.get('mimeType')]).toEqual(['/drive/v3/files/ID/export', 'application/pdf']);
  });

  test('may be JSON by chance or hold a parameter in its type', async () => {
    await using google = await startFakeGoogle();
    google.answer('/', {
      status: 200,
      headers: { 'content-type': 'text/csv; charset=utf-8' },
      body: Buffer.from('{}'),
    });
    expect(await transportOver(google).send(EXPORT)).toEqual({ mimeType: 'text/csv', base64: 'e30=' });
  });

  test.each<[string, Answer]>([
    ['a page of somebody in between', { status: 200, body: '<html>Sign in</html>' }],
    ['JSON in its place', { status: 200, body: { ok: true } }],
    ['nothing', { status: 200, headers: PDF }],
    ['a part of it', { cutAfter: '%PDF-1.7' }],
    ['no answer', 'reset'],
  ])('%s is unavailable', async (_, answer) => {
    await using google = await startFakeGoogle();
    google.answer('/', answer);
    expect((await transportOver(google).failure(EXPORT)).code).toBe('unavailable');
    expect(google.requests).toHaveLength(1);
  });

  test('that is refused is told in Google’s words', async () => {
    await using google = await startFakeGoogle();
    const errors = [{ domain: 'global', reason: 'exportSizeLimitExceeded', message: 'too large' }];
    const message = 'This file is too large to be exported.';
    google.answer('/', { status: 403, body: { error: { errors, code: 403, message } } });
    const error = await transportOver(google).failure(EXPORT);
    expect([error.code, error.message, error.hint]).toEqual([
      'too_large',
      message,
      expect.stringContaining('at most 10 MB'),
    ]);
  });
});

test('comments that were accepted and lost are a write that was not applied', async () => {
  await using google = await startFakeGoogle();
  google.answer('/', { status: 200, body: { spreadsheetId: 'ID', commentUpdateState: 'ALL_FAILED_UNKNOWN_REASON' } });
  const error = await transportOver(google).failure(CALLS.write);
  expect([error.code, error.details.outcome]).toEqual(['unavailable', 'none']);
  google.answer('/', { status: 200, body: { spreadsheetId: 'ID', commentUpdateState: 'ALL_SAVED' } });
  expect(await transportOver(google).send(CALLS.write)).toMatchObject({ commentUpdateState: 'ALL_SAVED' });
});

describe('a failing network', () => {
  test.each(EVERY)('nobody listens: a %s was surely not applied', async (_, call) => {
    await using google = await startFakeGoogle();
    const { failure } = transportOver(google, { rootUrl: `http://127.0.0.1:${await closedPort()}/` });
    const error = await failure(call);
    expect([error.code, error.details.outcome]).toEqual(['unavailable', call.kind === 'write' ? 'none' : undefined]);
    expect(error.message).toContain('ECONNREFUSED');
  });

  test('no such host: a write was surely not applied', async () => {
    await using google = await startFakeGoogle();
    const error = await transportOver(google, { rootUrl: 'http://sheets.invalid/' }).failure(CALLS.write);
    expect([error.code, error.details.outcome]).toEqual(['unavailable', 'none']);
  });

  test.each(WRITES)('a reset after the request was read: the outcome of a %s is unknown', async (_, call) => {
    await using google = await startFakeGoogle();
    google.answer('/', 'reset');
    const error = await transportOver(google).failure(call);
    expect([error.code, error.details.outcome, error.message]).toEqual([
      'unavailable',
      'unknown',
      'The connection to Google failed (ECONNRESET).',
    ]);
  });
});

describe('the signal', () => {
  test.each(EVERY)('ends a hanging %s at once and closes its connection', async (_, call) => {
    await using google = await startFakeGoogle();
    google.answer('/', 'hang');
    const leave = new AbortController();
    const { failure, events } = transportOver(google);
    const failed = failure(call, leave.signal);
    const request = await google.arrival(0);
    leave.abort();
    const error = await failed;
    expect([error.code, error.details.outcome]).toEqual(['cancelled', call.kind === 'write' ? 'unknown' : undefined]);
    await request.closed;
    expect(google.requests).toHaveLength(1);
    expect(events.map((event) => (event.type === 'api_call' ? event.code : event.type))).toEqual(['cancelled']);
  });

  test('gives the error its own reason', async () => {
    await using google = await startFakeGoogle();
    google.answer('/', 'hang');
    const leave = new AbortController();
    const failed = transportOver(google).failure(CALLS.read, leave.signal);
    await google.arrival(0);
    leave.abort(new ServalError('timeout', 'too slow', { hint: 'h' }));
    const error = await failed;
    expect([error.code, error.message, error.hint]).toEqual(['timeout', 'too slow', 'h']);
  });

  test('aborted before: nothing is sent, and a write says so', async () => {
    await using google = await startFakeGoogle();
    const { failure, events } = transportOver(google);
    const error = await failure(CALLS.write, AbortSignal.abort());
    expect([error.code, error.details.outcome]).toEqual(['cancelled', 'none']);
    expect([google.requests.length, events.length]).toEqual([0, 0]);
  });
});

describe('the access token', () => {
  const endings: [string, Answer][] = [
    ['400', { status: 400, body: { error: { code: 400, message: 'no' } } }],
    ['401', { status: 401, body: { error: { code: 401, message: 'no' } } }],
    ['500', { status: 500, body: '<html>' }],
    ['a reset', 'reset'],
    ['a cut body', { cutAfter: '{' }],
  ];
  test.each(endings)(
    'is in no error after %s: not in its words, its JSON, its stack or its causes',
    async (_, answer) => {
      await using google = await startFakeGoogle();
      google.answer('/', answer);
      const { failure, events } = transportOver(google);
      const error = await failure(CALLS.write);
      expect(google.requests[0]?.headers.authorization).toContain(ACCESS_TOKEN);
      const shown = [error.message, error.hint, error.stack, JSON.stringify(error), JSON.stringify(events)];
      expect(shown.join('\n')).not.toContain(ACCESS_TOKEN);
      expect(inspect(error, { depth: 20, showHidden: true })).not.toContain(ACCESS_TOKEN);
    },
  );

  test('is in no error of a request that never left', async () => {
    await using google = await startFakeGoogle();
    const { failure } = transportOver(google, { rootUrl: `http://127.0.0.1:${await closedPort()}/` });
    const error = await failure(CALLS.write);
    expect(inspect(error, { depth: 20, showHidden: true }) + JSON.stringify(error)).not.toContain(ACCESS_TOKEN);
  });
});
