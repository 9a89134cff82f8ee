import { expect, test } from 'vitest';
import type { Clock } from '../../src/clock.ts';
import { systemClock } from '../../src/clock.ts';
import { openBench, refusal } from './clients.ts';

const SPREADSHEET = 'application/vnd.google-apps.spreadsheet';
const FOLDER = 'application/vnd.google-apps.folder';

/** A clock whose wall time moves a second at each look. */
function tickingClock(): Clock {
  let wall = Date.UTC(2026, 0, 1);
  return { ...systemClock, wall: () => (wall += 1000) };
}

async function filledBench() {
  const bench = openBench({ clock: tickingClock() });
  const create = async (name: string, mimeType: string, more = {}) =>
    (await bench.drive.files.create({ requestBody: { name, mimeType, ...more } })).data.id ?? '';
  const folder = await create('Reports', FOLDER);
  const budget = await create("Ann's budget 2026", SPREADSHEET, { parents: [folder], appProperties: { app: 'x' } });
  const hello = await create('HelloWorld 10', SPREADSHEET);
  const plan = await create('HelloWorld 9 plan', SPREADSHEET);
  const list = async (q: string, orderBy?: string) => {
    const { data } = await bench.drive.files.list({ q, fields: 'files(name)', ...(orderBy && { orderBy }) });
    return data.files?.map(({ name }) => name);
  };
  return { ...bench, folder, budget, hello, plan, list };
}

test('creating, reading and deleting answer as Drive does', async () => {
  const { drive, call } = openBench();
  const { data } = await drive.files.create({ requestBody: { name: 'New', mimeType: SPREADSHEET } });
  expect(data).toEqual({ kind: 'drive#file', id: data.id, name: 'New', mimeType: SPREADSHEET });
  const fileId = data.id ?? '';
  expect((await drive.files.get({ fileId, supportsAllDrives: true })).data).toEqual(data);
  const fields = 'id,createdTime,modifiedTime,webViewLink,owners(displayName,emailAddress)';
  expect((await drive.files.get({ fileId, fields })).data).toEqual({
    id: fileId,
    webViewLink: `https://docs.google.com/spreadsheets/d/${fileId}/edit?usp=drivesdk`,
    createdTime: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:]{8}\.\d{3}Z$/),
    modifiedTime: expect.any(String),
    owners: [{ displayName: 'You', emailAddress: 'you@localhost' }],
  });
  expect(await call('DELETE', `/drive/v3/files/${fileId}`)).toEqual({ status: 204, body: undefined, text: '' });
  const gone = await call('GET', `/drive/v3/files/${fileId}`);
  const message = `File not found: ${fileId}.`;
  const entry = { message, domain: 'global', reason: 'notFound', location: 'fileId', locationType: 'parameter' };
  expect(gone.body).toEqual({ error: { code: 404, message, errors: [entry] } });
  expect((await call('GET', `/v4/spreadsheets/${fileId}`)).status).toBe(404);
});

test('name and title are one, and every change moves modifiedTime and version', async () => {
  const { drive, sheets, hello } = await filledBench();
  const fields = 'name,modifiedTime,version';
  const look = async () => (await drive.files.get({ fileId: hello, fields })).data;
  const first = await look();
  const properties = { title: 'Renamed in Sheets' };
  await sheets.spreadsheets.batchUpdate({
    spreadsheetId: hello,
    requestBody: { requests: [{ updateSpreadsheetProperties: { properties, fields: 'title' } }] },
  });
  const second = await look();
  expect(second.name).toBe('Renamed in Sheets');
  await drive.files.update({ fileId: hello, requestBody: { name: 'Renamed in Drive' } });
  const { data } = await sheets.spreadsheets.get({ spreadsheetId: hello });
  expect(data.properties?.title).toBe('Renamed in Drive');
  const write = { spreadsheetId: hello, range: 'A1', valueInputOption: 'RAW', requestBody: { values: [[1]] } };
  const third = await look();
  await sheets.spreadsheets.values.update(write);
  const last = await look();
  const times = [first, second, third, last].map(({ modifiedTime }) => modifiedTime ?? '');
  expect([...new Set(times)].sort()).toEqual(times);
  expect(Number(last.version)).toBeGreaterThan(Number(third.version));
});

test.each([
  [`mimeType = '${SPREADSHEET}' and trashed = false`, ["Ann's budget 2026", 'HelloWorld 10', 'HelloWorld 9 plan']],
  [`mimeType="${FOLDER}"`, ['Reports']],
  ["name contains 'hello'", ['HelloWorld 10', 'HelloWorld 9 plan']],
  ["name contains 'World'", []],
  ["name = 'Ann\\'s budget 2026'", ["Ann's budget 2026"]],
  ['name = "Ann\'s budget 2026"', ["Ann's budget 2026"]],
  ["not name contains 'plan' and not (mimeType != 'x' and name = 'Reports')", ["Ann's budget 2026", 'HelloWorld 10']],
  ["name = 'Reports' or name contains 'plan' and starred = false", ['HelloWorld 9 plan', 'Reports']],
  ["appProperties has { key='app' and value='x' }", ["Ann's budget 2026"]],
  ["fullText contains 'needle'", ['HelloWorld 10']],
  ["fullText contains 'plan'", ['HelloWorld 9 plan']],
  ["'root' in parents and 'me' in owners", ['HelloWorld 10', 'HelloWorld 9 plan', 'Reports']],
  ["modifiedTime > '2030-01-01T00:00:00'", []],
  ['trashed = true', []],
  ['', ["Ann's budget 2026", 'HelloWorld 10', 'HelloWorld 9 plan', 'Reports']],
])('q: %s', async (q, names) => {
  const { list, sheets, hello } = await filledBench();
  const requestBody = { values: [['a Needle in it']] };
  await sheets.spreadsheets.values.update({ spreadsheetId: hello, range: 'A1', valueInputOption: 'RAW', requestBody });
  expect(await list(q, 'name')).toEqual(names);
});

test.each([
  "name = 'x",
  'name',
  "name ~ 'x'",
  "unknown = 'x'",
  "(name = 'x'",
  "name = 'x' name = 'y'",
  "'x' in nothing",
])('q refused: %s', async (q) => {
  const { list } = await filledBench();
  expect(await refusal(list(q))).toEqual({ status: 400, message: 'Invalid Value' });
});

test('files in a folder, order and pages', async () => {
  const { list, folder, drive } = await filledBench();
  expect(await list(`'${folder}' in parents`)).toEqual(["Ann's budget 2026"]);
  expect(await list('', 'name_natural')).toEqual([
    "Ann's budget 2026",
    'HelloWorld 9 plan',
    'HelloWorld 10',
    'Reports',
  ]);
  expect(await list('')).toEqual(['HelloWorld 9 plan', 'HelloWorld 10', "Ann's budget 2026", 'Reports']);
  expect(await list('', 'folder,createdTime')).toEqual([
    'Reports',
    "Ann's budget 2026",
    'HelloWorld 10',
    'HelloWorld 9 plan',
  ]);
  const names: string[] = [];
  let pageToken: string | undefined;
  do {
    const { data } = await drive.files.list({ pageSize: 3, ...(pageToken && { pageToken }) });
    names.push(...(data.files ?? []).map(({ name }) => name ?? ''));
    pageToken = data.nextPageToken ?? undefined;
  } while (pageToken);
  expect(names).toHaveLength(4);
  expect(new Set(names).size).toBe(4);
});

test('a copy has the cells and is apart; trash and move work', async () => {
  const { drive, sheets, budget, folder, list } = await filledBench();
  const write = async (spreadsheetId: string, text: string) =>
    sheets.spreadsheets.values.update({
      spreadsheetId,
      range: 'A1',
      valueInputOption: 'USER_ENTERED',
      requestBody: { values: [[text]] },
    });
  const read = async (spreadsheetId: string) =>
    (await sheets.spreadsheets.values.get({ spreadsheetId, range: 'Sheet1' })).data.values;
  await write(budget, '5%');
  const copy = (await drive.files.copy({ fileId: budget, requestBody: { name: 'Copy' } })).data.id ?? '';
  await write(budget, '7%');
  expect([await read(budget), await read(copy)]).toEqual([[['7%']], [['5%']]]);
  await drive.files.update({ fileId: copy, requestBody: { trashed: true }, removeParents: folder, addParents: 'root' });
  expect(await list("trashed = true and not name = 'x'")).toEqual(['Copy']);
  expect(await list(`'${folder}' in parents`)).toEqual(["Ann's budget 2026"]);
  expect(await refusal(drive.files.copy({ fileId: 'nope' }))).toEqual({
    status: 404,
    message: 'File not found: nope.',
  });
});

test('export gives the first sheet as CSV or TSV', async () => {
  const { emulator, sheets, hello } = await filledBench();
  const requestBody = { values: [['a', 'b,"c"'], [1.5]] };
  await sheets.spreadsheets.values.update({ spreadsheetId: hello, range: 'A1', valueInputOption: 'RAW', requestBody });
  const exported = async (mimeType: string) => {
    const path = `/drive/v3/files/${hello}/export?mimeType=${mimeType}`;
    const answer = await emulator.fetch(new Request(`http://x${path}`));
    return [answer.status, answer.headers.get('Content-Type'), await answer.text()];
  };
  expect(await exported('text/csv')).toEqual([200, 'text/csv', 'a,"b,""c"""\r\n1.5,']);
  const tabs = 'text/tab-separated-values';
  expect(await exported(tabs)).toEqual([200, tabs, 'a\t"b,""c"""\r\n1.5\t']);
  expect((await exported('application/pdf'))[0]).toBe(400);
});

test('an empty drive lists nothing', async () => {
  const { data } = await openBench().drive.files.list({});
  expect(data).toEqual({ kind: 'drive#fileList', incompleteSearch: false, files: [] });
});
