// What Drive and a narrow scope mean for a caller: Google's answers on a real socket, through the whole application.

import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { testApp } from '../support/app.ts';
import { type FakeGoogle, startFakeGoogle } from '../support/fake-google.ts';

const ID = '1BxiMVs0XRA5nFMdKvBdBZjgmUUqptlbs74OgvE2upms';
const FILE = `/drive/v3/files/${ID}`;

let google: FakeGoogle;
beforeEach(async () => {
  google = await startFakeGoogle();
});
afterEach(() => google[Symbol.asyncDispose]());

const start = (env: Record<string, string> = {}) =>
  testApp(
    { TOOLSETS: 'all', RETRY_ENABLED: 'false', GOOGLE_API_ROOT_URL: google.url, GOOGLE_ACCESS_TOKEN: 'ya29.x', ...env },
    google.fetch,
  );

const refusal = (code: number, reason: string, message: string) => ({
  status: code,
  body: { error: { errors: [{ domain: 'global', reason, message }], code, message } },
});

describe('sharing', () => {
  const empty = { status: 200, body: { permissions: [] } };
  const posts = () => google.requests.filter(({ method }) => method === 'POST');

  test('mails nobody unless asked to, and where nobody can be mailed says nothing of it', async () => {
    google.answer(`${FILE}/permissions`, ({ method }) =>
      method === 'GET' ? empty : { status: 200, body: { id: '1' } },
    );
    const { rest } = await start();
    const share = (input: object) => rest('share_spreadsheet', { spreadsheet: ID, role: 'reader', ...input });
    await share({ email: 'ann@example.com' });
    await share({ email: 'bob@example.com', notify: true });
    await share({ domain: 'example.com' });
    await share({ anyone: true });
    const asked = posts().map(({ url, body }) => [
      new URL(url, google.url).searchParams.get('sendNotificationEmail'),
      JSON.parse(body),
    ]);
    expect(asked).toEqual([
      ['false', { type: 'user', emailAddress: 'ann@example.com', role: 'reader' }],
      ['true', { type: 'user', emailAddress: 'bob@example.com', role: 'reader' }],
      [null, { type: 'domain', domain: 'example.com', role: 'reader' }],
      [null, { type: 'anyone', role: 'reader' }],
    ]);
    expect(google.requests.every(({ url }) => url.includes('supportsAllDrives=true'))).toBe(true);
  });

  test('looks at all pages of who has access', async () => {
    google.answer(`${FILE}/permissions`, ({ url, method }) => {
      if (method === 'PATCH') return { status: 200, body: { id: '7' } };
      const ann = { id: '7', type: 'group', role: 'reader', emailAddress: 'Ann@example.com' };
      return url.includes('pageToken=2')
        ? { status: 200, body: { permissions: [ann] } }
        : { status: 200, body: { nextPageToken: '2', permissions: [{ id: '1', type: 'user', role: 'owner' }] } };
    });
    const { rest } = await start();
    const { body } = await rest('share_spreadsheet', { spreadsheet: ID, email: 'ann@example.com', role: 'writer' });
    expect(body).toMatchObject({ status: 'applied', was: 'reader' });
    expect(google.requests.at(-1)?.url).toContain(`${FILE}/permissions/7?`);
    expect(JSON.parse(google.requests.at(-1)?.body ?? '')).toEqual({ role: 'writer' });
  });

  test('an address without an account is told to be mailed', async () => {
    const words =
      'Bad Request. User message: "You are trying to invite x@y.org. Since there is no Google account associated with this email address, you must check the "Notify people" box to invite this recipient."';
    google.answer(`${FILE}/permissions`, ({ method }) =>
      method === 'GET' ? empty : refusal(400, 'invalidSharingRequest', words),
    );
    const { rest } = await start();
    const { body } = await rest('share_spreadsheet', { spreadsheet: ID, email: 'x@y.org', role: 'reader' });
    expect(body).toMatchObject({ code: 'invalid_argument', detail: words, hint: 'Pass notify: true.' });
  });

  test('a file that was not granted says which scope would do', async () => {
    const words = 'The user has not granted the app 123 write access to the file ID.';
    google.answer(`${FILE}/permissions`, refusal(403, 'appNotAuthorizedToFile', words));
    const { rest } = await start();
    const { status, body } = await rest('share_spreadsheet', { spreadsheet: ID, anyone: true, role: 'none' });
    expect([status, body.code, body.hint]).toEqual([
      403,
      'permission_denied',
      expect.stringContaining('grant the scope drive'),
    ]);
  });
});

describe('an export', () => {
  const BYTES = Buffer.from(`%PDF-1.7\n${'\0\xff'.repeat(20_000)}`, 'latin1');
  const PDF = { status: 200, headers: { 'content-type': 'application/pdf' }, body: BYTES };

  test('comes whole, in base64, with its type and size', async () => {
    google.answer(`${FILE}/export`, PDF);
    const { rest } = await start();
    const { body } = await rest('export_spreadsheet', { spreadsheet: ID, format: 'pdf' });
    expect(body).toEqual({
      mimeType: 'application/pdf',
      sizeBytes: BYTES.length,
      base64: BYTES.toString('base64'),
      source: 'live',
    });
    expect(google.requests.map(({ url }) => url)).toEqual([`${FILE}/export?mimeType=application%2Fpdf`]);
    expect(JSON.stringify(body).length).toBeLessThan(100_000);
  });

  test('beyond maxBytes is refused with what to do', async () => {
    google.answer(`${FILE}/export`, PDF);
    const { rest } = await start();
    const input = { spreadsheet: ID, format: 'ods', maxBytes: BYTES.length - 1 };
    const { status, body } = await rest('export_spreadsheet', input);
    expect([status, body]).toEqual([
      413,
      expect.objectContaining({
        detail: `The ods file has ${BYTES.length} bytes, more than maxBytes (${BYTES.length - 1}).`,
        hint: `Programs may raise maxBytes, who is signed in may open https://docs.google.com/spreadsheets/d/${ID}/export?format=ods`,
      }),
    ]);
    expect(google.requests.at(-1)?.url).toContain('mimeType=application%2Fvnd.oasis.opendocument.spreadsheet');
    expect((await rest('export_spreadsheet', { ...input, maxBytes: BYTES.length })).status).toBe(200);
  });

  test.each([
    [
      'too large for Drive',
      refusal(403, 'exportSizeLimitExceeded', 'This file is too large to be exported.'),
      'too_large',
    ],
    ['not there', refusal(404, 'notFound', `File not found: ${ID}.`), 'not_found'],
    ['cut short', { cutAfter: '%PDF' }, 'unavailable'],
    ['a page in HTML', { status: 200, body: '<html>Sign in</html>' }, 'unavailable'],
  ] as const)('%s is an error', async (_, answer, code) => {
    google.answer(`${FILE}/export`, answer);
    const { rest } = await start();
    expect((await rest('export_spreadsheet', { spreadsheet: ID, format: 'xlsx' })).body.code).toBe(code);
  });
});

describe('a search', () => {
  const KEY = 'https://www.googleapis.com/auth/';
  const file = { id: ID, name: 'Mine' };

  test('that finds nothing with a token whose scopes are not known says what drive.file hides', async () => {
    google.answer('/drive/v3/files', { status: 200, body: { files: [] } }, { status: 200, body: { files: [file] } });
    const { rest } = await start();
    expect((await rest('search_spreadsheets', { query: 'x' })).body.warnings).toEqual([
      expect.stringMatching(/^If the access token has no scope of Drive but drive\.file, only spreadsheets that this/),
    ]);
    expect((await rest('search_spreadsheets', { query: 'y' })).body).not.toHaveProperty('warnings');
  });

  test('of a service account sees all that is shared with it, and on the embedded backend there is no scope', async () => {
    const { generateKeyPairSync } = await import('node:crypto');
    const { privateKey: private_key } = generateKeyPairSync('rsa', {
      modulusLength: 2048,
      privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
      publicKeyEncoding: { type: 'spki', format: 'pem' },
    });
    const key = JSON.stringify({ client_email: 'robot@p.iam.gserviceaccount.com', private_key });
    google.answer('/token', { status: 200, body: { access_token: 'ya29.y', expires_in: 3600 } });
    google.answer('/drive/v3/files', { status: 200, body: { files: [] } });
    google.answer('/v4/spreadsheets', {
      status: 403,
      body: { error: { code: 403, message: 'The caller does not have permission', status: 'PERMISSION_DENIED' } },
    });
    const env = { TOOLSETS: 'core', RETRY_ENABLED: 'false', GOOGLE_API_ROOT_URL: google.url };
    const { rest } = await testApp({ ...env, GOOGLE_SERVICE_ACCOUNT_KEY: key }, google.fetch);
    expect((await rest('search_spreadsheets', { query: 'x' })).body).toEqual({ spreadsheets: [], source: 'live' });
    const { body } = await rest('create_spreadsheet', { title: 'T' });
    expect([body.code, body.hint]).toEqual([
      'permission_denied',
      expect.stringMatching(
        /^The service account robot@p\S+ has no Drive storage of its own .* share it with that address/,
      ),
    ]);
    const form = new URLSearchParams(google.requests[0]?.body).get('assertion') ?? '';
    const { scope } = JSON.parse(Buffer.from(form.split('.')[1] ?? '', 'base64url').toString());
    expect(scope).toBe(`${KEY}spreadsheets ${KEY}drive.file ${KEY}drive.metadata.readonly`);
    const embedded = await testApp();
    expect((await embedded.rest('search_spreadsheets', { query: 'nothing' })).body).not.toHaveProperty('warnings');
  });
});
