// Google's recorded error bodies, each answered on a real socket, and what the caller is told for it.

import { describe, expect, test } from 'vitest';
import type { Call } from '../../src/call.ts';
import type { ErrorCode } from '../../src/errors.ts';
import { classifyFailure, classifyReply } from '../../src/google/classify.ts';
import { type Answer, CALLS, PUT, startFakeGoogle, transportOver } from '../support/fake-google.ts';

async function told(call: Call, answer: Answer) {
  await using google = await startFakeGoogle();
  google.answer('/', answer);
  const error = await transportOver(google).failure(call);
  const { retryAfterMs, outcome, service } = error.details;
  return { code: error.code, message: error.message, hint: error.hint, retryAfterMs, outcome, service };
}

function quota(kind: 'Read' | 'Write'): Record<string, unknown> {
  const name = kind.toLowerCase();
  return {
    error: {
      code: 429,
      message: `Quota exceeded for quota metric '${kind} requests' and limit '${kind} requests per minute per user' of service 'sheets.googleapis.com' for consumer 'project_number:1'.`,
      status: 'RESOURCE_EXHAUSTED',
      details: [
        {
          '@type': 'type.googleapis.com/google.rpc.ErrorInfo',
          reason: 'RATE_LIMIT_EXCEEDED',
          domain: 'googleapis.com',
          metadata: { quota_limit_value: '60', quota_metric: `sheets.googleapis.com/${name}_requests` },
        },
        { '@type': 'type.googleapis.com/google.rpc.Help', links: [] },
      ],
    },
  };
}

function refusal(code: number, message: string, status?: string, details?: unknown[]) {
  return { status: code, body: { error: { code, message, ...(status && { status }), ...(details && { details }) } } };
}

function driveRefusal(code: number, reason: string, message: string) {
  return { status: code, body: { error: { errors: [{ domain: 'usageLimits', reason, message }], code, message } } };
}

describe('a quota that is used up', () => {
  test("without Retry-After is waited for one window of Google, in Google's words", async () => {
    const body = quota('Read');
    expect(await told(CALLS.read, { status: 429, body })).toMatchObject({
      code: 'quota_exhausted',
      retryAfterMs: 60_000,
      message: expect.stringContaining("limit 'Read requests per minute per user'"),
      outcome: undefined,
    });
  });

  test('of writes was surely not applied', async () => {
    expect(await told(CALLS.write, { status: 429, body: quota('Write') })).toMatchObject({
      code: 'quota_exhausted',
      outcome: 'none',
    });
  });

  test.each([
    ['7', 7000],
    ['0', 0],
    ['soon', 60_000],
    ['-3', 60_000],
  ])('with Retry-After: %s is waited for %i ms', async (header, retryAfterMs) => {
    const answer = { status: 429, headers: { 'retry-after': header }, body: quota('Read') };
    expect((await told(CALLS.read, answer)).retryAfterMs).toBe(retryAfterMs);
  });

  const DATE = 'Sat, 21 Nov 2026 12:00:00 GMT';
  test.each<[string, string | null, number]>([
    ['3600', null, 3_600_000],
    ['86400', null, 3_600_000],
    ['Sat, 21 Nov 2026 12:00:30 GMT', DATE, 30_000],
    ['Sat, 21 Nov 2026 11:00:00 GMT', DATE, 0],
    ['Sun, 22 Nov 2026 12:00:00 GMT', DATE, 3_600_000],
    ['Sat, 21 Nov 2026 12:00:30 GMT', null, 60_000],
    ['Sat, 21 Nov 2026 12:00:30 GMT', 'today', 60_000],
    ['2026-11-21', DATE, 60_000],
    ['', null, 60_000],
  ])('with Retry-After: %s and Date: %s is waited for %i ms', (header, date, retryAfterMs) => {
    expect(classifyReply(429, quota('Read'), header, false, date).details.retryAfterMs).toBe(retryAfterMs);
  });

  test.each(['userRateLimitExceeded', 'rateLimitExceeded'])('is what Drive means by 403 %s', async (reason) => {
    expect(await told(CALLS.search, driveRefusal(403, reason, 'User Rate Limit Exceeded'))).toMatchObject({
      code: 'quota_exhausted',
      retryAfterMs: 60_000,
      message: 'User Rate Limit Exceeded',
    });
  });

  test('for a whole day is not to be repeated in a minute', async () => {
    expect(await told(CALLS.search, driveRefusal(403, 'dailyLimitExceeded', 'Daily Limit Exceeded'))).toMatchObject({
      code: 'permission_denied',
      hint: expect.stringContaining('midnight Pacific'),
    });
  });
});

describe('a refusal', () => {
  const info = (reason: string, metadata: Record<string, string> = {}) => [
    { '@type': 'type.googleapis.com/google.rpc.ErrorInfo', reason, domain: 'googleapis.com', metadata },
  ];
  const rows: [string, Call, Answer, ErrorCode, string][] = [
    [
      'a range',
      CALLS.read,
      refusal(400, 'Unable to parse range: NOPE!A5:F15', 'INVALID_ARGUMENT'),
      'invalid_argument',
      'Unable to parse range: NOPE!A5:F15',
    ],
    [
      'one of several requests',
      CALLS.write,
      refusal(400, 'Invalid requests[2].updateCells: No grid with id: 999999'),
      'invalid_argument',
      'Invalid requests[2].updateCells: No grid with id: 999999',
    ],
    [
      'a protected cell',
      CALLS.write,
      refusal(400, 'You are trying to edit a protected cell or object.'),
      'invalid_argument',
      'You are trying to edit a protected cell or object.',
    ],
    [
      'a token',
      CALLS.read,
      refusal(401, 'Request had invalid authentication credentials.', 'UNAUTHENTICATED'),
      'unauthenticated',
      'Request had invalid authentication credentials.',
    ],
    [
      'access',
      CALLS.read,
      refusal(403, 'The caller does not have permission', 'PERMISSION_DENIED'),
      'permission_denied',
      'The caller does not have permission',
    ],
    [
      'a spreadsheet',
      CALLS.read,
      refusal(404, 'Requested entity was not found.', 'NOT_FOUND'),
      'not_found',
      'Requested entity was not found.',
    ],
    ['a file', CALLS.move, driveRefusal(404, 'notFound', 'File not found: ID.'), 'not_found', 'File not found: ID.'],
    ['a race', PUT, refusal(409, 'Aborted.', 'ABORTED'), 'conflict', 'Aborted.'],
    [
      'a body',
      CALLS.write,
      { status: 413, body: '<html>Too large' },
      'too_large',
      'Google answered 413 without an error body.',
    ],
    [
      'a method',
      CALLS.read,
      { status: 405, body: '' },
      'invalid_argument',
      'Google answered 405 without an error body.',
    ],
  ];
  test.each(rows)('of %s', async (_, call, answer, code, message) => {
    expect(await told(call, answer)).toMatchObject({
      code,
      message,
      outcome: call.kind === 'write' ? 'none' : undefined,
      retryAfterMs: undefined,
      service: undefined,
    });
  });

  test('of an API that is not enabled names the page where it is', async () => {
    const url = 'https://console.developers.google.com/apis/api/sheets.googleapis.com/overview?project=1';
    const details = info('SERVICE_DISABLED', { service: 'sheets.googleapis.com', activationUrl: url });
    expect(
      await told(CALLS.read, refusal(403, 'Google Sheets API has not been used', 'PERMISSION_DENIED', details)),
    ).toMatchObject({
      code: 'permission_denied',
      hint: `Enable the API in the credential's Google Cloud project: ${url}`,
    });
  });

  test('for want of a scope says which to grant', async () => {
    const details = info('ACCESS_TOKEN_SCOPE_INSUFFICIENT');
    expect(await told(CALLS.read, refusal(403, 'Insufficient scopes.', 'PERMISSION_DENIED', details))).toMatchObject({
      code: 'permission_denied',
      hint: expect.stringContaining('grant spreadsheets and drive.file'),
    });
  });

  test.each<[string, Answer, ErrorCode, string]>([
    [
      'of a file that was not granted says which scope would do',
      driveRefusal(403, 'appNotAuthorizedToFile', 'The user has not granted the app 1 write access to the file ID.'),
      'permission_denied',
      'grant the scope drive',
    ],
    [
      'of a file that Drive does not show says what drive.file hides',
      driveRefusal(404, 'notFound', 'File not found: ID.'),
      'not_found',
      'with the scope drive.file only files that this server created are found',
    ],
  ])('%s', async (_, answer, code, hint) => {
    expect(await told(CALLS.move, answer)).toMatchObject({
      code,
      outcome: 'none',
      hint: expect.stringContaining(hint),
    });
  });

  test('for want of room says that the Drive is full', async () => {
    expect(await told(CALLS.move, driveRefusal(403, 'storageQuotaExceeded', 'full'))).toMatchObject({
      code: 'permission_denied',
      hint: expect.stringContaining('Drive is full'),
    });
  });
});

describe('a fault of Google', () => {
  const faults: [string, Answer, string][] = [
    ['500', refusal(500, 'Internal error encountered.', 'INTERNAL'), 'Internal error encountered.'],
    [
      '503',
      refusal(503, 'The service is currently unavailable.', 'UNAVAILABLE'),
      'The service is currently unavailable.',
    ],
    [
      '502 in HTML',
      { status: 502, body: '<html><title>Error 502</title></html>' },
      'Google answered 502 without an error body.',
    ],
    ['504 without a body', { status: 504 }, 'Google answered 504 without an error body.'],
    ['408', { status: 408 }, 'Google answered 408 without an error body.'],
    ['JSON that is no error', { status: 500, body: { error: 'text' } }, 'Google answered 500 without an error body.'],
    ['JSON served as text', { status: 503, body: '{"error":{"code":503,"message":"Backend Error"}}' }, 'Backend Error'],
  ];
  test.each(faults)('%s is unavailable for a read', async (_, answer, message) => {
    expect(await told(CALLS.read, answer)).toMatchObject({ code: 'unavailable', message, outcome: undefined });
  });

  test.each(faults)('%s leaves the outcome of a write unknown', async (_, answer) => {
    expect(await told(CALLS.write, answer)).toMatchObject({ code: 'unavailable', outcome: 'unknown' });
  });

  test('says when to come back', async () => {
    const answer = { status: 503, headers: { 'retry-after': '30' }, body: {} };
    expect((await told(CALLS.read, answer)).retryAfterMs).toBe(30_000);
    expect((await told(CALLS.read, { status: 503, body: {} })).retryAfterMs).toBeUndefined();
  });
});

test.each<[unknown, RegExp]>([
  [new TypeError('Headers.append: "Bearer ya29.hidden\\n" is an invalid header value.'), /\(unknown failure\)/],
  [Object.assign(new Error('hidden'), { code: 'ECONNRESET' }), /failed \(ECONNRESET\)/],
  [new Error('hidden', { cause: Object.assign(new Error('hidden'), { code: 'ENOTFOUND' }) }), /reached \(ENOTFOUND\)/],
  [{ errors: [{ code: 'hidden words' }] }, /\(unknown failure\)/],
  ['hidden', /\(unknown failure\)/],
])('a failure of the network is told by its code alone: %s', (thrown, words) => {
  const { message } = classifyFailure(thrown, false);
  expect(message).toMatch(words);
  expect(message).not.toContain('hidden');
});
