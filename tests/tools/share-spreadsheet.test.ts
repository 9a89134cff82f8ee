// Sharing: one permission set to a role or taken away, never doubled; read back by Drive's own list.

import { expect, test } from 'vitest';
import { failureOf } from '../support/fake-google.ts';
import { createWorld, startApp } from '../support/wired-app.ts';

interface Permission {
  readonly type: string;
  readonly role: string;
  readonly emailAddress?: string;
  readonly domain?: string;
}

async function start() {
  const world = await createWorld();
  const app = await startApp(world, { TOOLSETS: 'all' });
  const id = await world.book([['h']]);
  const drive = async (path: string, init: RequestInit = {}) =>
    world.emulator.fetch(new Request(`http://emulator/drive/v3/files/${id}/permissions${path}`, init));
  return {
    world,
    app,
    id,
    share: (input: object) => world.until(app.run('share_spreadsheet', { spreadsheet: id, ...input })),
    /** Who has access beside the owner, as Drive lists it. */
    access: async () => {
      const { permissions } = await (await drive('?fields=permissions(type,role,emailAddress,domain)')).json();
      return permissions
        .filter(({ role }: Permission) => role !== 'owner')
        .map(({ type, role, emailAddress, domain }: Permission) => `${type} ${emailAddress ?? domain ?? ''} ${role}`);
    },
    give: (body: object) => drive('', { method: 'POST', body: JSON.stringify(body) }),
    sentTo: (method: string) => world.sent.filter((one) => one.method === method && one.path.includes('/permissions')),
  };
}

const ANN = 'ann@example.com';
const applied = (was?: string) => ({ status: 'applied', ...(was && { was }), writeId: expect.any(String) });

test('an address is given a role, another one, and none; what stands so already is left alone', async () => {
  const { share, access, sentTo } = await start();
  expect(await share({ email: ANN, role: 'reader' })).toEqual(applied());
  expect(await access()).toEqual([`user ${ANN} reader`]);
  expect(await share({ email: 'Ann@Example.COM', role: 'writer' })).toEqual(applied('reader'));
  expect(await access()).toEqual([`user ${ANN} writer`]);
  expect(await share({ email: ANN, role: 'writer' })).toEqual({ ...applied('writer'), status: 'unchanged' });
  expect(await share({ email: ANN, role: 'none' })).toEqual(applied('writer'));
  expect(await access()).toEqual([]);
  expect(await share({ email: ANN, role: 'none' })).toEqual({ ...applied(), status: 'unchanged' });
  expect(['POST', 'PATCH', 'DELETE'].map((method) => sentTo(method).length)).toEqual([1, 1, 1]);
});

test('a domain and anyone with the link, each for itself', async () => {
  const { share, access } = await start();
  expect(await share({ domain: 'example.com', role: 'commenter' })).toEqual(applied());
  expect(await share({ anyone: true, role: 'reader' })).toEqual(applied());
  expect(await share({ anyone: true, role: 'writer' })).toEqual(applied('reader'));
  expect(await access()).toEqual(['domain example.com commenter', 'anyone  writer']);
  expect(await share({ domain: 'Example.com', role: 'none' })).toEqual(applied('commenter'));
  expect(await share({ anyone: true, role: 'none' })).toEqual(applied('writer'));
  expect(await access()).toEqual([]);
});

test('a group is found by its address, and a hundred others do not hide it', async () => {
  const { share, access, give } = await start();
  for (let n = 0; n < 120; n++) await give({ type: 'user', role: 'reader', emailAddress: `u${n}@x.org` });
  await give({ type: 'group', role: 'reader', emailAddress: 'team@x.org' });
  expect(await share({ email: 'team@x.org', role: 'commenter' })).toEqual(applied('reader'));
  expect((await access()).at(-1)).not.toBe('group team@x.org reader');
});

test.each<[string, object, string, string]>([
  ['nobody', { role: 'reader' }, 'invalid_argument', 'Give exactly one of email, domain and anyone: 0 are given.'],
  ['anyone: false', { anyone: false, role: 'reader' }, 'invalid_argument', '0 are given'],
  ['two at once', { email: ANN, anyone: true, role: 'reader' }, 'invalid_argument', '2 are given'],
  ['no address', { email: 'ann', role: 'reader' }, 'invalid_argument', 'email: expected an e-mail address'],
  ['no domain', { domain: 'ann@example.com', role: 'reader' }, 'invalid_argument', 'domain: expected a domain'],
  ['a new owner', { email: ANN, role: 'owner' }, 'invalid_argument', 'role: Invalid option'],
  ['mail to anyone', { anyone: true, role: 'reader', notify: true }, 'invalid_argument', 'notify is for an email'],
  ['mail to who loses it', { email: ANN, role: 'none', notify: true }, 'invalid_argument', 'notify is for an email'],
  ['the owner', { email: 'you@localhost', role: 'reader' }, 'conflict', '"you@localhost" owns the spreadsheet'],
  ['the owner out', { email: 'you@localhost', role: 'none' }, 'conflict', 'nothing was changed'],
])('%s is refused', async (_, input, code, message) => {
  const { share, access, sentTo } = await start();
  const error = await failureOf(share(input));
  expect([error.code, error.message]).toEqual([code, expect.stringContaining(message)]);
  expect([await access(), ['POST', 'PATCH', 'DELETE'].flatMap(sentTo)]).toEqual([[], []]);
});

test('one whose answer is lost is not sent again by itself; repeated it changes nothing more', async () => {
  const { world, share, access, sentTo } = await start();
  let lost = 0;
  world.onWire(async ({ method, path }, pass) => {
    if (method !== 'POST' || !path.includes('/permissions') || lost++ > 0) return pass();
    await pass();
    return new Response('no', { status: 503 });
  });
  const error = await failureOf(share({ email: ANN, role: 'reader' }));
  expect([error.code, error.hint]).toEqual([
    'outcome_unknown',
    'To find out: repeat it: what stands so already is left alone.',
  ]);
  expect(await share({ email: ANN, role: 'reader' })).toMatchObject({ status: 'unchanged', was: 'reader' });
  expect([sentTo('POST').length, await access()]).toEqual([1, [`user ${ANN} reader`]]);
});

test('two at once do not overlap, and the last one stands', async () => {
  const { world, app, id, access, sentTo } = await start();
  const works = ['reader', 'writer', 'commenter'].map((role) =>
    app.run('share_spreadsheet', { spreadsheet: id, email: ANN, role }),
  );
  expect((await world.until(Promise.all(works))).map(({ was }) => was)).toEqual([undefined, 'reader', 'writer']);
  expect([await access(), sentTo('POST').length, sentTo('PATCH').length]).toEqual([[`user ${ANN} commenter`], 1, 2]);
});

test('it is known of Drive alone: an open circuit of Sheets is none of its concern', async () => {
  const { app, share } = await start();
  app.circuits.service('google_sheets_api').isolate(60_000);
  expect(await share({ email: ANN, role: 'reader' })).toEqual(applied());
  app.circuits.service('google_drive_api').isolate(60_000);
  expect((await failureOf(share({ email: ANN, role: 'writer' }))).code).toBe('circuit_open');
});
