// The log: one JSON line a record, levels in capitals, and no secret in any place of it.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createLog, LEVELS, type Level, redact, redactText } from '../src/log.ts';
import { createVirtualClock } from './support/virtual-clock.ts';

function logAt(level: Level) {
  const lines: string[] = [];
  const clock = createVirtualClock({ wall: Date.UTC(2026, 10, 20, 12) });
  return { lines, log: createLog(level, clock, (line) => lines.push(line)), clock };
}

test('a record is one line of JSON with the time, the level in capitals, the message and its fields', async () => {
  const { lines, log, clock } = logAt('INFO');
  await clock.advance(1500);
  log.warn('slow\nanswer', { durationMs: 12 });
  expect(lines).toHaveLength(1);
  expect(lines[0]?.indexOf('\n')).toBe((lines[0]?.length ?? 0) - 1);
  expect(JSON.parse(lines[0] ?? '')).toEqual({
    time: '2026-11-20T12:00:01.500Z',
    level: 'WARN',
    message: 'slow\nanswer',
    durationMs: 12,
  });
});

test('any message and field stay one line', () => {
  fc.assert(
    fc.property(fc.string(), fc.dictionary(fc.string(), fc.jsonValue()), (message, fields) => {
      const { lines, log } = logAt('ERROR');
      log.error(message, fields);
      expect(lines).toHaveLength(1);
      expect(lines[0]?.match(/\n/g)).toHaveLength(1);
      expect(() => JSON.parse(lines[0] ?? '')).not.toThrow();
    }),
  );
});

test.each(LEVELS.map((level, index) => [level, LEVELS.slice(0, index + 1)] as const))(
  'at %s these levels are written: %s',
  (level, expected) => {
    const { lines, log } = logAt(level);
    log.debug('m');
    log.info('m');
    log.warn('m');
    log.error('m');
    const written: Level[] = lines.map((line) => JSON.parse(line).level);
    expect(written.toReversed()).toEqual(expected);
  },
);

const SECRETS = {
  'a bearer header': 'Bearer abc.DEF-123_~+/=',
  'a Google access token': 'ya29.a0AfH6SMBx-_hidden123',
  'a refresh token': '1//0gFhidden-abcdefghijklmnopqrstu',
  'a JSON web token': 'eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJoaWRkZW4ifQ.c2lnbmF0dXJl-hidden',
  'a private key': '-----BEGIN PRIVATE KEY-----\nMIIEhidden\nabc\n-----END PRIVATE KEY-----',
  'an RSA private key cut short': '-----BEGIN RSA PRIVATE KEY-----\nMIIEhidden\nabc',
  'a key file': '{"private_key": "hidden\\nmore hidden", "client_email": "a@b"}',
} as const;

describe.each(Object.entries(SECRETS))('%s', (_, secret) => {
  const parts = secret.match(/hidden|abc\.DEF-123/g) ?? [];

  test.each<[string, unknown]>([
    ['in the message', { message: `before ${secret} after` }],
    ['in a field', { fields: { url: `x=${secret}` } }],
    ['deep in a field', { fields: { a: [{ b: { c: secret } }] } }],
    ['in an error', { fields: { cause: new Error(`failed with ${secret}`) } }],
    ['in the cause of an error', { fields: { cause: new Error('a', { cause: new Error(secret) }) } }],
    ['in a cause that is no error', { fields: { cause: new Error('a', { cause: { body: secret } }) } }],
  ])('is not written %s', (_where, record) => {
    const { message = 'm', fields = {} } = record as { message?: string; fields?: Record<string, unknown> };
    const { lines, log } = logAt('INFO');
    log.error(message, fields);
    expect(parts.length).toBeGreaterThan(0);
    for (const part of parts) expect(lines[0]).not.toContain(part);
    expect(lines[0]).toContain('[redacted]');
  });
});

test('words around a secret stay', () => {
  expect(redact('GET /x with ya29.abc failed')).toBe('GET /x with [redacted] failed');
});

test.each([
  'token',
  'accessToken',
  'refresh_token',
  'clientSecret',
  'private_key',
  'privateKey',
  'Authorization',
  'password',
  'apiKey',
  'set-cookie',
  'assertion',
])('the value of a key named %s is not written, at any depth', (name) => {
  expect(redact({ a: { b: [{ [name]: 'plain words' }] }, [name]: { deep: 'plain words' } })).toEqual({
    a: { b: [{ [name]: '[redacted]' }] },
    [name]: '[redacted]',
  });
});

test('what is no secret stays as it is', () => {
  const fields = {
    status: 'error',
    code: 'unavailable',
    durationMs: 1.5,
    ok: false,
    none: null,
    keys: 3,
    tokens: undefined,
  };
  const { tokens: _, ...rest } = fields;
  expect(redact(rest)).toEqual(rest);
});

test('a long chain of causes is cut, not shown', () => {
  const chain = ['ya29.hidden', 'd', 'c', 'b', 'a'].reduce<Error | undefined>(
    (cause, words) => new Error(words, { cause }),
    undefined,
  );
  const { lines, log } = logAt('INFO');
  log.error('m', { cause: chain });
  expect(lines[0]).not.toContain('hidden');
});

test('a long text is cut, and the rest counted', () => {
  expect(redact('x'.repeat(2_000))).toBe('x'.repeat(2_000));
  expect(redact({ a: ['x'.repeat(2_345)] })).toEqual({ a: [`${'x'.repeat(2_000)}… (345 more characters)`] });
  expect(redactText(`ya29.hidden ${'x'.repeat(4_000_000)}`)).toMatch(/^\[redacted\] x+… \(\d+ more characters\)$/);
});

test('a secret that a cut goes through is not shown', () => {
  const key = `-----BEGIN PRIVATE KEY-----\n${'hidden'.repeat(5_000)}\n-----END PRIVATE KEY-----`;
  expect(redactText(`${'x'.repeat(1_990)}${key}`)).not.toContain('hidden');
  expect(redactText('eyJ'.repeat(1_000_000)).length).toBeLessThan(2_100);
});

test('a record that contains itself is bounded', () => {
  const loop: Record<string, unknown> = { name: 'loop' };
  loop.self = loop;
  expect(JSON.stringify(redact(loop))).toContain('[deeper]');
  expect(redact(12n)).toBe('12');
});
