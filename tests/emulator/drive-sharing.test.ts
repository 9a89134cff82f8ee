import { expect, test } from 'vitest';
import { openBench, refusal } from './clients.ts';

const SPREADSHEET = 'application/vnd.google-apps.spreadsheet';

async function withFile() {
  const bench = openBench();
  const { data } = await bench.drive.files.create({ requestBody: { name: 'Shared', mimeType: SPREADSHEET } });
  return { ...bench, fileId: data.id ?? '' };
}

test('permissions are given, listed, changed and taken back', async () => {
  const { drive, fileId } = await withFile();
  const requestBody = { type: 'user', role: 'writer', emailAddress: 'ann@example.com' };
  const given = await drive.permissions.create({ fileId, requestBody, sendNotificationEmail: false });
  expect(given.data).toEqual({ kind: 'drive#permission', id: given.data.id, type: 'user', role: 'writer' });
  await drive.permissions.create({ fileId, requestBody: { type: 'anyone', role: 'reader' } });
  const list = async () =>
    (await drive.permissions.list({ fileId, fields: 'permissions(id,role,emailAddress)' })).data.permissions;
  expect(await list()).toEqual([
    { id: expect.any(String), role: 'owner', emailAddress: 'you@localhost' },
    { id: given.data.id, role: 'writer', emailAddress: 'ann@example.com' },
    { id: 'anyoneWithLink', role: 'reader' },
  ]);
  expect((await drive.files.get({ fileId, fields: 'shared' })).data).toEqual({ shared: true });
  const permissionId = given.data.id ?? '';
  await drive.permissions.update({ fileId, permissionId, requestBody: { role: 'commenter' } });
  expect((await drive.permissions.get({ fileId, permissionId })).data.role).toBe('commenter');
  await drive.permissions.delete({ fileId, permissionId });
  expect((await list())?.map(({ role }) => role)).toEqual(['owner', 'reader']);
  expect(await refusal(drive.permissions.get({ fileId, permissionId }))).toEqual({
    status: 404,
    message: `Permission not found: ${permissionId}.`,
  });
});

test('ownership is transferred only when it is asked for', async () => {
  const { drive, fileId } = await withFile();
  const requestBody = { type: 'user', role: 'owner', emailAddress: 'bob@example.com' };
  expect((await refusal(drive.permissions.create({ fileId, requestBody }))).status).toBe(403);
  await drive.permissions.create({ fileId, requestBody, transferOwnership: true });
  const { data } = await drive.permissions.list({ fileId, fields: 'permissions(role,emailAddress)' });
  expect(data.permissions).toEqual([
    { role: 'writer', emailAddress: 'you@localhost' },
    { role: 'owner', emailAddress: 'bob@example.com' },
  ]);
});

test.each([
  [{ role: 'reader' }, 'The permission type field is required.'],
  [{ type: 'user', role: 'king', emailAddress: 'a@b' }, 'The specified role is invalid or not supported.'],
  [{ type: 'user', role: 'reader' }, 'The emailAddress field is required for permissions of type user.'],
])('a bad permission %j is refused', async (requestBody, message) => {
  const { drive, fileId } = await withFile();
  expect(await refusal(drive.permissions.create({ fileId, requestBody }))).toEqual({ status: 400, message });
});

const CSV = 'Name,Amount,When\r\n"Müller, Ann",12.5,2024-02-29\r\nBob,=B2*2,\r\n';

test('a CSV upload becomes a spreadsheet, in one part or two', async () => {
  const { drive, sheets } = openBench();
  const created = await drive.files.create({
    requestBody: { name: 'Imported', mimeType: SPREADSHEET },
    media: { mimeType: 'text/csv', body: CSV },
  });
  expect(created.data).toMatchObject({ name: 'Imported', mimeType: SPREADSHEET });
  const spreadsheetId = created.data.id ?? '';
  const { data } = await sheets.spreadsheets.values.get({
    spreadsheetId,
    range: 'A1:C3',
    valueRenderOption: 'FORMULA',
  });
  expect(data.values).toEqual([
    ['Name', 'Amount', 'When'],
    ['Müller, Ann', 12.5, 45351],
    ['Bob', '=B2*2'],
  ]);
  await drive.files.update({ fileId: spreadsheetId, media: { mimeType: 'text/tab-separated-values', body: 'x\ty\n' } });
  const replaced = await sheets.spreadsheets.values.get({ spreadsheetId, range: 'Sheet1' });
  expect(replaced.data.values).toEqual([['x', 'y']]);
  expect((await refusal(drive.files.create({ media: { mimeType: 'image/png', body: 'x' } }))).message).toMatch(
    /upload text\/csv, not image\/png/,
  );
});

test('the v2 path of old clients replaces the content and answers as v2 does', async () => {
  const { call, emulator, sheets, fileId } = { ...(await withFile()) };
  const response = await emulator.fetch(
    new Request(`http://emulator.test/upload/drive/v2/files/${fileId}?uploadType=media&convert=true`, {
      method: 'PUT',
      headers: { 'Content-Type': 'text/csv' },
      body: 'a,b\n1,2',
    }),
  );
  expect(response.status).toBe(200);
  expect(await response.json()).toMatchObject({ kind: 'drive#file', id: fileId, title: 'Shared' });
  const { data } = await sheets.spreadsheets.values.get({ spreadsheetId: fileId, range: 'A1:B2' });
  expect(data.values).toEqual([
    ['a', 'b'],
    ['1', '2'],
  ]);
  expect(
    (await call('GET', `/drive/v3/files/${fileId}/export?mimeType=text/csv`).catch(() => undefined)) ?? 'text',
  ).toBe('text');
});

test('a resumable upload: metadata first, content to the address that is given', async () => {
  const { emulator } = openBench();
  const post = (url: string, method: string, body: string, type: string) =>
    emulator.fetch(new Request(url, { method, headers: { 'Content-Type': type }, body }));
  const start = 'http://emulator.test/upload/drive/v3/files?uploadType=resumable';
  const session = await post(start, 'POST', JSON.stringify({ name: 'Big', mimeType: SPREADSHEET }), 'application/json');
  const done = await post(session.headers.get('Location') ?? '', 'PUT', 'a,b\n', 'text/csv');
  expect(await done.json()).toMatchObject({ name: 'Big', mimeType: SPREADSHEET });
});

test('ids can be drawn beforehand, and the trash emptied', async () => {
  const { drive } = openBench();
  const { data } = await drive.files.generateIds({ count: 2 });
  expect(data.ids?.length).toBe(2);
  const id = data.ids?.[0] ?? '';
  await drive.files.create({ requestBody: { id, name: 'Mine', mimeType: SPREADSHEET } });
  await drive.files.update({ fileId: id, requestBody: { trashed: true } });
  await drive.files.emptyTrash({});
  expect((await refusal(drive.files.get({ fileId: id }))).status).toBe(404);
});
