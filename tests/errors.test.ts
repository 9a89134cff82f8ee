// The table of error codes is part of the public contract: pinned here as literals.

import { inspect } from 'node:util';
import { expect, test } from 'vitest';
import { asServalError, ERROR_TABLE, invalid, ServalError } from '../src/errors.ts';

test('each code has this status, may be retried, and counts for a breaker, as pinned', () => {
  const rows = Object.entries(ERROR_TABLE).map(([code, { status, retryable, trips }]) => [
    code,
    status,
    retryable,
    trips,
  ]);
  expect(rows).toEqual([
    ['invalid_argument', 400, false, false],
    ['unauthenticated', 401, false, false],
    ['permission_denied', 403, false, false],
    ['not_found', 404, false, false],
    ['conflict', 409, false, false],
    ['precondition_failed', 412, false, false],
    ['quota_exhausted', 429, true, false],
    ['circuit_open', 503, true, false],
    ['unavailable', 503, true, true],
    ['timeout', 504, true, true],
    ['outcome_unknown', 502, false, false],
    ['cancelled', 499, false, false],
    ['too_large', 413, false, false],
    ['unsupported', 501, false, false],
    ['internal', 500, false, false],
  ]);
});

test('every code has a hint in a sentence', () => {
  for (const { hint } of Object.values(ERROR_TABLE)) expect(hint).toMatch(/^[A-Z].*\.$/);
});

test('an error has the row and the hint of its code, unless it brings a hint of its own', () => {
  expect(new ServalError('timeout', 'm').row).toBe(ERROR_TABLE.timeout);
  expect(new ServalError('timeout', 'm').hint).toBe(ERROR_TABLE.timeout.hint);
  expect(new ServalError('timeout', 'm', { hint: 'h' }).hint).toBe('h');
  expect(invalid('m')).toMatchObject({
    code: 'invalid_argument',
    message: 'm',
    hint: ERROR_TABLE.invalid_argument.hint,
  });
  expect(invalid('m', 'h').hint).toBe('h');
});

test('the cause is kept as an error has it', () => {
  const cause = new Error('below');
  expect(new ServalError('internal', 'm', { cause }).cause).toBe(cause);
  expect('cause' in new ServalError('internal', 'm')).toBe(false);
});

test.each<[string, unknown]>([
  ['an error', new TypeError('secret words')],
  ['a text', 'secret words'],
  ['an object', { message: 'secret words', code: 'not_found' }],
  ['nothing', undefined],
])('%s of unknown kind becomes internal, and its words stay behind', (_, thrown) => {
  const error = asServalError(thrown);
  expect([error.code, error.message]).toEqual(['internal', 'Unexpected fault.']);
  expect(error.hint).not.toContain('secret words');
  expect(error.details.cause).toBe(thrown);
});

test('an error of ours stays the same object', () => {
  const error = new ServalError('conflict', 'm');
  expect(asServalError(error)).toBe(error);
  expect(inspect(asServalError(error))).toContain('m');
});
