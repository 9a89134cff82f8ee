// Credentials on a real socket: how often the token endpoint is asked, what its failures mean, and renewal.

import { generateKeyPairSync } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Credential } from '../../src/backend.ts';
import { createCredentials, noCredentials } from '../../src/google/credentials.ts';
import { temporaryFolder } from '../support/app.ts';
import { type Answer, CALLS, CREATE, type FakeGoogle, startFakeGoogle, transportOver } from '../support/fake-google.ts';

const { privateKey } = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  publicKeyEncoding: { type: 'spki', format: 'pem' },
});
const KEY = { client_email: 'robot@project.iam.gserviceaccount.com', private_key: privateKey };
const credential: Credential = { kind: 'service_account', key: KEY };

const REFUSED: Answer = {
  status: 401,
  body: { error: { code: 401, message: 'Invalid credentials', status: 'UNAUTHENTICATED' } },
};
const token = (name: string): Answer => ({
  status: 200,
  body: { access_token: `ya29.${name}`, expires_in: 3600, token_type: 'Bearer' },
});

let google: FakeGoogle;
beforeEach(async () => {
  google = await startFakeGoogle();
  google.answer('/', { status: 200, body: {} });
  google.answer('/token', token('one'), token('two'), token('three'));
});
afterEach(() => google[Symbol.asyncDispose]());

/** What was asked, in order: `token`, or the bearer of an API request. */
const asked = () =>
  google.requests.map(({ url, headers }) => (url === '/token' ? 'token' : String(headers.authorization)));

test('the embedded backend has no headers and nothing to renew', async () => {
  expect([await noCredentials.headers(), noCredentials.renew({})]).toEqual([{}, false]);
});

test('a ready access token is used as it is: a refusal ends the call after one request', async () => {
  google.answer('/', REFUSED);
  const { failure } = transportOver(google);
  expect((await failure(CALLS.read)).code).toBe('unauthenticated');
  expect(google.requests).toHaveLength(1);
});

describe('a service account', () => {
  test('signs for exactly the scopes that the tools need', async () => {
    await transportOver(google, { credential }).send(CALLS.read);
    const form = new URLSearchParams(google.requests[0]?.body);
    const claims = JSON.parse(Buffer.from(form.get('assertion')?.split('.')[1] ?? '', 'base64url').toString());
    expect(form.get('grant_type')).toBe('urn:ietf:params:oauth:grant-type:jwt-bearer');
    expect(claims.iss).toBe(KEY.client_email);
    expect(claims.scope.split(' ')).toEqual([
      'https://www.googleapis.com/auth/spreadsheets',
      'https://www.googleapis.com/auth/drive.file',
      'https://www.googleapis.com/auth/drive.metadata.readonly',
    ]);
  });

  test('signs for all of Drive where the tools of sharing are offered', async () => {
    const { headers, account } = createCredentials(credential, google.fetch, true);
    expect(account()).toEqual({});
    await headers();
    const form = new URLSearchParams(google.requests[0]?.body);
    const claims = JSON.parse(Buffer.from(form.get('assertion')?.split('.')[1] ?? '', 'base64url').toString());
    expect(claims.scope.split(' ')).toEqual([
      'https://www.googleapis.com/auth/spreadsheets',
      'https://www.googleapis.com/auth/drive',
    ]);
    expect(account()).toEqual({ serviceAccount: KEY.client_email, reach: 'all' });
  });

  const NOT_ALLOWED = { code: 403, message: 'The caller does not have permission', status: 'PERMISSION_DENIED' };
  const FULL = {
    code: 403,
    message: "The user's Drive storage quota has been exceeded.",
    errors: [{ domain: 'usageLimits', reason: 'storageQuotaExceeded' }],
  };

  test.each([NOT_ALLOWED, FULL])('that may create no file is told why and what to do: $message', async (error) => {
    google.answer('/v4', { status: 403, body: { error } });
    const { failure } = transportOver(google, { credential });
    const refused = await failure(CREATE);
    expect([refused.code, refused.message, refused.details.outcome]).toEqual([
      'permission_denied',
      error.message,
      'none',
    ]);
    expect(refused.hint).toContain(`The service account ${KEY.client_email} has no Drive storage of its own`);
    expect((await failure(CALLS.write)).hint).not.toContain('storage of its own');
    const person = await transportOver(google).failure(CREATE);
    expect(person.hint).not.toContain('has no Drive storage');
  });

  test('keeps another reason why it may not', async () => {
    const details = [{ '@type': 'type.googleapis.com/google.rpc.ErrorInfo', reason: 'SERVICE_DISABLED', metadata: {} }];
    google.answer('/v4', { status: 403, body: { error: { ...NOT_ALLOWED, details } } });
    expect((await transportOver(google, { credential }).failure(CREATE)).hint).toContain('Enable the API');
  });

  test('asks for one token and uses it for all calls', async () => {
    const { send } = transportOver(google, { credential });
    await send(CALLS.read);
    await send(CALLS.write);
    await send(CALLS.search);
    expect(asked()).toEqual(['token', 'Bearer ya29.one', 'Bearer ya29.one', 'Bearer ya29.one']);
  });

  test('asks for nothing before the first call', async () => {
    createCredentials(credential, google.fetch);
    transportOver(google, { credential });
    expect(google.requests).toHaveLength(0);
  });

  test('shares one token request among 10 parallel calls', async () => {
    const { send } = transportOver(google, { credential });
    await Promise.all(Array.from({ length: 10 }, () => send(CALLS.read)));
    expect(asked()).toEqual(['token', ...Array<string>(10).fill('Bearer ya29.one')]);
  });

  test.each(Object.entries(CALLS))('renews a refused token once and succeeds: %s', async (_, call) => {
    google.answer('/', REFUSED, { status: 200, body: { ok: true } });
    const { send, events } = transportOver(google, { credential });
    expect(await send(call)).toEqual({ ok: true });
    expect(asked()).toEqual(['token', 'Bearer ya29.one', 'token', 'Bearer ya29.two']);
    expect(events.map((event) => event.type === 'api_call' && event.status)).toEqual(['error', 'success']);
  });

  test('gives up when the renewed token is refused too', async () => {
    google.answer('/', REFUSED);
    const error = await transportOver(google, { credential }).failure(CALLS.write);
    expect([error.code, error.message, error.details.outcome]).toEqual([
      'unauthenticated',
      'Invalid credentials',
      'none',
    ]);
    expect(asked()).toEqual(['token', 'Bearer ya29.one', 'token', 'Bearer ya29.two']);
  });

  test('keeps its token on a 403: that is about permission', async () => {
    google.answer('/', { status: 403, body: { error: { code: 403, message: 'no' } } });
    expect((await transportOver(google, { credential }).failure(CALLS.read)).code).toBe('permission_denied');
    expect(asked()).toEqual(['token', 'Bearer ya29.one']);
  });

  test('renews for all of 10 parallel calls whose token is refused', async () => {
    const { send } = transportOver(google, { credential });
    await send(CALLS.read);
    google.answer('/v4', ({ headers }) =>
      headers.authorization === 'Bearer ya29.one' ? REFUSED : { status: 200, body: {} },
    );
    const answers = await Promise.allSettled(Array.from({ length: 10 }, () => send(CALLS.read)));
    expect(answers.map((answer) => answer.status)).toEqual(Array<string>(10).fill('fulfilled'));
    expect(asked().filter((one) => one === 'token')).toHaveLength(2);
  });
});

describe('a token endpoint that', () => {
  test.each<[string, Answer, string]>([
    ['fails', { status: 500, body: {} }, 'status 500'],
    ['is not available', { status: 503, body: '<html>' }, 'status 503'],
    ['has a quota', { status: 429, body: { error: 'rate_limit_exceeded' } }, 'status 429'],
    ['resets the connection', 'reset', 'ECONNRESET'],
  ])('%s is asked once a call; nothing was sent to the API', async (_, answer, words) => {
    google.answer('/token', answer);
    const { failure, events } = transportOver(google, { credential });
    for (const expected of [1, 2]) {
      const error = await failure(CALLS.write);
      expect([error.code, error.message]).toEqual(['unavailable', `Google's token endpoint failed (${words}).`]);
      expect([error.details.service, error.details.outcome]).toEqual(['google_oauth', 'none']);
      expect(asked()).toEqual(Array<string>(expected).fill('token'));
    }
    expect(events.map(({ type }) => type)).toEqual(['token_failed', 'token_failed']);
  });

  test.each([
    [400, 'invalid_grant'],
    [401, 'unauthorized_client'],
  ])('refuses with %i %s is not asked again, and the account is to blame', async (status, reason) => {
    google.answer('/token', { status, body: { error: reason, error_description: 'Invalid JWT Signature.' } });
    const { failure, events } = transportOver(google, { credential });
    const error = await failure(CALLS.read);
    expect([error.code, error.message]).toEqual([
      'unauthenticated',
      `Google refused to issue an access token (${reason}).`,
    ]);
    expect(error.details).toMatchObject({ service: 'google_oauth', outcome: 'none' });
    expect(asked()).toEqual(['token']);
    expect(events).toEqual([{ type: 'token_failed', code: 'unauthenticated', message: error.message }]);
  });

  test('recovers is used again at the next call', async () => {
    google.answer('/token', { status: 500, body: {} }, token('late'));
    const { send, failure } = transportOver(google, { credential });
    await failure(CALLS.read);
    await send(CALLS.read);
    expect(asked()).toEqual(['token', 'token', 'Bearer ya29.late']);
  });

  test('hangs is left at once when the signal aborts, and the write was surely not applied', async () => {
    google.answer('/token', 'hang');
    const leave = new AbortController();
    const failed = transportOver(google, { credential }).failure(CALLS.write, leave.signal);
    await google.arrival(0);
    leave.abort();
    const error = await failed;
    expect([error.code, error.details.outcome]).toEqual(['cancelled', 'none']);
    expect(asked()).toEqual(['token']);
  });

  test.each<[string, Answer]>([
    ['an empty object', { status: 200, body: {} }],
    ['a page in HTML', { status: 200, body: '<html>Sign in to the network</html>' }],
  ])('answers 200 with %s gives no token, so the API is not asked', async (_, answer) => {
    google.answer('/token', answer);
    const [end] = await Promise.allSettled([transportOver(google, { credential }).send(CALLS.write)]);
    expect(asked()).toEqual(['token']);
    expect(end).toMatchObject({
      status: 'rejected',
      reason: { details: { service: 'google_oauth', outcome: 'none' } },
    });
  });

  test('fails shows neither the key nor what was signed', async () => {
    google.answer('/token', { status: 400, body: { error: 'invalid_grant' } });
    const error = await transportOver(google, { credential }).failure(CALLS.read);
    const assertion = new URLSearchParams(google.requests[0]?.body).get('assertion') ?? '-';
    const shown = inspect(error, { depth: 20, showHidden: true }) + JSON.stringify(error) + error.message;
    expect(assertion.length).toBeGreaterThan(100);
    expect(shown).not.toContain(assertion);
    expect(shown).not.toContain('PRIVATE KEY');
  });
});

test('a key that cannot sign is a fault of the credential, not of the endpoint', async () => {
  const broken = { ...KEY, private_key: '-----BEGIN PRIVATE KEY-----\nabcd\n-----END PRIVATE KEY-----\n' };
  const error = await transportOver(google, { credential: { kind: 'service_account', key: broken } }).failure(
    CALLS.write,
  );
  expect(google.requests).toHaveLength(0);
  expect([error.code, error.details.outcome]).toEqual(['unauthenticated', 'none']);
  expect(error.message).toContain('credential cannot be used');
});

describe('application default credentials', () => {
  const adc: Credential = { kind: 'application_default' };
  const place = (content: unknown) => {
    const file = join(temporaryFolder(), 'adc.json');
    writeFileSync(file, JSON.stringify(content));
    vi.stubEnv('GOOGLE_APPLICATION_CREDENTIALS', file);
    return file;
  };
  // Without a project the library asks gcloud and the metadata server of the machine for one.
  beforeEach(() => void vi.stubEnv('GOOGLE_CLOUD_PROJECT', 'project'));
  afterEach(() => vi.unstubAllEnvs());

  test('are those of the service account in the file of GOOGLE_APPLICATION_CREDENTIALS', async () => {
    place({ type: 'service_account', ...KEY });
    await transportOver(google, { credential: adc }).send(CALLS.read);
    expect(asked()).toEqual(['token', 'Bearer ya29.one']);
  });

  test('of a gcloud user carry the project that pays the quota', async () => {
    place({
      type: 'authorized_user',
      client_id: 'c',
      client_secret: 's',
      refresh_token: '1//r',
      quota_project_id: 'payer',
    });
    await transportOver(google, { credential: adc }).send(CALLS.read);
    expect(Object.fromEntries(new URLSearchParams(google.requests[0]?.body))).toEqual({
      grant_type: 'refresh_token',
      client_id: 'c',
      client_secret: 's',
      refresh_token: '1//r',
    });
    expect(google.requests[1]?.headers['x-goog-user-project']).toBe('payer');
  });

  test('of a gcloud user are renewed once when refused', async () => {
    place({ type: 'authorized_user', client_id: 'c', client_secret: 's', refresh_token: '1//r' });
    google.answer('/v4', REFUSED, { status: 200, body: {} });
    await transportOver(google, { credential: adc }).send(CALLS.write);
    expect(asked()).toEqual(['token', 'Bearer ya29.one', 'token', 'Bearer ya29.two']);
  });

  test('of a gcloud user ask a failing token endpoint once', async () => {
    place({ type: 'authorized_user', client_id: 'c', client_secret: 's', refresh_token: '1//r' });
    google.answer('/token', { status: 500, body: {} });
    const error = await transportOver(google, { credential: adc }).failure(CALLS.write);
    expect([error.code, error.details.service, asked()]).toEqual(['unavailable', 'google_oauth', ['token']]);
  });

  const SCOPE = 'https://www.googleapis.com/auth/';
  test.each([
    ['own', `${SCOPE}spreadsheets ${SCOPE}drive.file`],
    ['all', `${SCOPE}drive.file ${SCOPE}drive.metadata.readonly`],
    ['all', `${SCOPE}drive`],
    [undefined, undefined],
  ])('of a gcloud user reach the files that their scopes let Drive list: %s', async (reach, scope) => {
    place({ type: 'authorized_user', client_id: 'c', client_secret: 's', refresh_token: '1//r' });
    const body = { access_token: 'ya29.one', expires_in: 3600, token_type: 'Bearer', ...(scope && { scope }) };
    google.answer('/token', { status: 200, body });
    const { headers, account } = createCredentials(adc, google.fetch);
    await headers();
    expect(account()).toEqual(reach === undefined ? {} : { reach });
  });

  test('of a service account are known as one', async () => {
    place({ type: 'service_account', ...KEY });
    const { headers, account } = createCredentials(adc, google.fetch);
    await headers();
    expect(account()).toEqual({ serviceAccount: KEY.client_email, reach: 'all' });
  });

  test('whose file is missing are a fault of the credential, and are looked for again at the next call', async () => {
    vi.stubEnv('GOOGLE_APPLICATION_CREDENTIALS', '/no/such/adc.json');
    const { failure, send } = transportOver(google, { credential: adc });
    const error = await failure(CALLS.read);
    place({ type: 'service_account', ...KEY });
    await send(CALLS.read);
    expect(asked()).toEqual(['token', 'Bearer ya29.one']);
    expect([error.code, error.details.service]).toEqual(['unauthenticated', 'google_oauth']);
  });
});
