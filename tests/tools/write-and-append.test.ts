// What writing and appending do to a sheet, through the front door: nothing else is touched, nothing is claimed wrongly.

import { expect, test } from 'vitest';
import { testApp } from '../support/app.ts';
import { createWorld, startApp } from '../support/wired-app.ts';

type App = Awaited<ReturnType<typeof testApp>>;
const writeId = expect.any(String);

type Rows = (string | number | boolean | null | { formula: string })[][];

async function book(app: App, rows: Rows, title = 'S'): Promise<string> {
  const { status, body } = await app.rest('create_spreadsheet', { title: 'T', sheets: [{ title, rows }] });
  expect(status, JSON.stringify(body)).toBe(200);
  return body.id;
}

async function rows(app: App, spreadsheet: string, range = 'S', render = 'unformatted'): Promise<unknown[][]> {
  const { body } = await app.rest('read_range', { spreadsheet, ranges: [range], render });
  return body.ranges[0].rows;
}

async function write(app: App, spreadsheet: string, range: string, values: Rows, input = 'typed') {
  return app.rest('write_range', { spreadsheet, writes: [{ range, values }], input });
}

test('null leaves a cell alone, "" clears it, and overwritten counts what was there', async () => {
  const app = await testApp();
  const id = await book(app, [
    ['a', 'b', 'c'],
    ['d', 'e', 'f'],
  ]);
  const { body } = await write(app, id, 'S!A1:C2', [
    ['A', null, ''],
    [null, 5, null],
  ]);
  expect(body).toEqual({ status: 'applied', writeId, ranges: ["'S'!A1:C2"], cells: 3, overwritten: 3 });
  expect(await rows(app, id)).toEqual([
    ['A', 'b'],
    ['d', 5, 'f'],
  ]);
});

test('nothing to write is unchanged and sends no write', async () => {
  const app = await testApp();
  const id = await book(app, [['a']]);
  const { body } = await write(app, id, 'S!A1', [[null]]);
  expect(body).toEqual({ status: 'unchanged', writeId, ranges: ["'S'!A1"], cells: 0, overwritten: 0 });
  expect(app.lines.join('')).not.toContain('"method":"spreadsheets.batchUpdate"');
});

test('typed reads ISO dates and nothing else; raw reads nothing; user_entered reads as if typed in', async () => {
  const app = await testApp();
  const id = await book(app, [['x']]);
  const line = ['2026-11-21', '2026-11-21 18:30', '007', '5%', '11/21/2026', '=1+1'];
  const typed = await write(app, id, 'S!A2', [line]);
  expect(typed.body.warnings).toEqual([expect.stringMatching(/^F2: a text that begins with "="/)]);
  await write(app, id, 'S!A3', [line], 'raw');
  await write(app, id, 'S!A4', [line], 'user_entered');
  expect(await rows(app, id, 'S!A2:F4', 'formula')).toEqual([
    ['11/21/2026', '11/21/2026 18:30:00', '007', '5%', '11/21/2026', '=1+1'],
    line,
    ['2026-11-21', '2026-11-21 18:30', 7, 0.05, '11/21/2026', '=1+1'],
  ]);
});

test('a date keeps the date format that a cell has, and gets one where it has none', async () => {
  const app = await testApp();
  const id = await book(app, [['x']]);
  await write(app, id, 'S!A2', [['21 Nov 2026', '1']], 'user_entered');
  const before = await rows(app, id, 'S!A2:B2', 'formatted');
  await write(app, id, 'S!A2', [['2026-12-24', '2026-12-24']]);
  const after = await rows(app, id, 'S!A2:B2', 'formatted');
  expect(before).toEqual([['21 Nov 2026', '1']]);
  expect(after).toEqual([['24 Dec 2026', '12/24/2026']]);
});

test('a date-time with an offset is converted to the time zone of the spreadsheet, and says so', async () => {
  const app = await testApp();
  const id = await book(app, [['x']]);
  const { body } = await write(app, id, 'S!A2', [['2026-11-21T18:30:00+02:00']]);
  expect(body.warnings).toEqual([expect.stringMatching(/^A2: .*Etc\/GMT/)]);
  expect(await rows(app, id, 'S!A2')).toEqual([['11/21/2026 16:30:00']]);
});

test('a sheet grows to hold what is written beyond its edge, and the answer says by how much', async () => {
  const app = await testApp();
  const id = await book(app, [['x']]);
  const { body } = await write(app, id, 'S!AA1001', [['far']]);
  expect(body).toMatchObject({ status: 'applied', grown: '1 rows added to S, 1 columns added to S' });
  expect(await rows(app, id, 'S!AA1001')).toEqual([['far']]);
});

test('all ranges of a call are written, or none', async () => {
  const app = await testApp();
  const id = await book(app, [['x']]);
  const writes = [
    { range: 'S!A1', values: [['new']] },
    { range: 'S!A9999999', values: [['far']] },
  ];
  const { status } = await app.rest('write_range', { spreadsheet: id, writes });
  expect(status).toBe(400);
  expect(await rows(app, id)).toEqual([['x']]);
});

test('a tab named like a cell is a tab, and a tab named like a number is found by it', async () => {
  const app = await testApp();
  const { body } = await app.rest('create_spreadsheet', {
    title: 'T',
    sheets: [
      { title: 'Q1', rows: [['quarter']] },
      { title: '2024', rows: [['year']] },
    ],
  });
  expect(await rows(app, body.id, 'Q1')).toEqual([['quarter']]);
  expect(
    (await app.rest('append_rows', { spreadsheet: body.id, sheet: 2024, rows: [['next']] })).body.updatedRange,
  ).toBe("'2024'!A2");
  expect(
    (await app.rest('append_rows', { spreadsheet: body.id, sheet: body.sheets[0].sheetId, rows: [['next']] })).body
      .updatedRange,
  ).toBe("'Q1'!A2");
});

test('rows go under the columns of a header that does not begin in column A', async () => {
  const app = await testApp();
  const id = await book(app, [['Report'], [], [null, null, 'name', 'n', 'name']]);
  const { body } = await app.rest('append_rows', {
    spreadsheet: id,
    sheet: 'S',
    rows: [{ n: 1, name: 'a', 'name (2)': 'b' }, ['c', 2]],
  });
  expect(body).toEqual({ status: 'applied', writeId, rows: 2, updatedRange: "'S'!C4:E5" });
  expect(await rows(app, id)).toEqual([
    ['Report'],
    [],
    ['', '', 'name', 'n', 'name'],
    ['', '', 'a', 1, 'b'],
    ['', '', 'c', 2],
  ]);
});

test('rows that do not go directly under the header block come with a warning', async () => {
  const app = await testApp();
  const id = await book(app, [['name', 'n'], ['a', 1], ['', 5], [null, null], ['Note: end']]);
  const { body } = await app.rest('append_rows', { spreadsheet: id, sheet: 'S', rows: [['b', 2]] });
  expect(body.updatedRange).toBe("'S'!A6:B6");
  expect(body.warnings).toEqual([expect.stringMatching(/blank rows between/)]);
  const dense = await book(app, [
    ['name', 'n'],
    ['a', 1],
    ['', 5],
  ]);
  const second = await app.rest('append_rows', { spreadsheet: dense, sheet: 'S', rows: [['b', 2]] });
  expect(second.body).toEqual({ status: 'applied', writeId, rows: 1, updatedRange: "'S'!A4:B4" });
});

test('records need a header; the first row of an empty sheet can be it', async () => {
  const app = await testApp();
  const { body: created } = await app.rest('create_spreadsheet', { title: 'Empty' });
  const append = (rows: unknown) =>
    app.rest('append_rows', { spreadsheet: created.id, sheet: created.sheets[0].title, rows });
  expect(await append([{ a: 1 }])).toMatchObject({
    status: 400,
    body: { detail: expect.stringMatching(/no header row/) },
  });
  expect(
    (
      await append([
        ['a', 'b'],
        ['1', 'x'],
      ])
    ).body.updatedRange,
  ).toBe("'Sheet1'!A1:B2");
  expect((await append([{ b: 'y' }])).body).toEqual({
    status: 'applied',
    writeId,
    rows: 1,
    updatedRange: "'Sheet1'!A3:B3",
  });
});

test('new dates take the format of the column, other columns keep theirs', async () => {
  const app = await testApp();
  const id = await book(app, [['day', 'share']]);
  await write(app, id, 'S!A2', [['21 Nov 2026', '12.50%']], 'user_entered');
  await app.rest('append_rows', { spreadsheet: id, sheet: 'S', rows: [['2026-12-24', 0.25]] });
  expect(await rows(app, id, 'S!A3:B3', 'formatted')).toEqual([['24 Dec 2026', '25.00%']]);
});

test('appends at the same time never overwrite each other and each is told its own place', async () => {
  const app = await testApp();
  const id = await book(app, [['who', 'n']]);
  const answers = await Promise.all(
    Array.from({ length: 20 }, (_, n) =>
      app.rest('append_rows', {
        spreadsheet: id,
        sheet: 'S',
        rows: [
          [`w${n}`, n],
          [`w${n}`, n],
        ],
      }),
    ),
  );
  const all = await rows(app, id);
  expect(all).toHaveLength(41);
  for (const [n, { body }] of answers.entries()) {
    const row = Number(/A(\d+):/.exec(body.updatedRange)?.[1]) - 1;
    expect(all.slice(row, row + 2)).toEqual([
      [`w${n}`, n],
      [`w${n}`, n],
    ]);
  }
});

test('arrays that arrive as JSON text are taken, at any depth', async () => {
  const app = await testApp();
  const id = await book(app, [['a']]);
  const { status } = await app.rest('write_range', {
    spreadsheet: id,
    writes: JSON.stringify([{ range: 'S!A1', values: '[["[1]"]]' }]),
  });
  expect(status).toBe(200);
  expect(await rows(app, id)).toEqual([['[1]']]);
});

test('rows are for a sheet or for a table: one of them, and a table there is', async () => {
  const app = await testApp();
  const id = await book(app, [['a']]);
  const append = async (target: object) => {
    const { status, body } = await app.rest('append_rows', { spreadsheet: id, ...target, rows: [['x']] });
    return [status, body.detail, body.hint];
  };
  const hint = 'Give the one that the rows are for: sheet, or table.';
  expect(await append({})).toEqual([400, 'append_rows: neither sheet nor table is given.', hint]);
  expect(await append({ sheet: 'S', table: 'T' })).toEqual([400, 'append_rows: both sheet and table are given.', hint]);
  expect(await append({ table: 'T' })).toEqual([
    404,
    'There is no table "T".',
    'The spreadsheet has no tables: give a sheet instead.',
  ]);
  expect(await rows(app, id)).toEqual([['a']]);
});

test('search pages through everything once, newest first', async () => {
  const app = await testApp();
  for (let n = 0; n < 5; n++) await app.rest('create_spreadsheet', { title: `Paged ${n}` });
  const seen: string[] = [];
  let cursor: string | undefined;
  do {
    const { body } = await app.rest('search_spreadsheets', { query: 'Paged', limit: 2, ...(cursor && { cursor }) });
    expect(body.spreadsheets.length).toBeLessThanOrEqual(2);
    seen.push(...body.spreadsheets.map((one: { title: string }) => one.title));
    cursor = body.nextCursor;
  } while (cursor !== undefined);
  expect(seen.sort()).toEqual(['Paged 0', 'Paged 1', 'Paged 2', 'Paged 3', 'Paged 4']);
});

test.each<[string, (file: string) => string, number, string, RegExp]>([
  ['does not exist', () => 'no-such-folder', 404, 'not_found', /^There is no folder "no-such-folder": nothing was/],
  ['is no id', () => '../about', 404, 'not_found', /^There is no folder "..\/about": nothing was/],
  ['is a spreadsheet', (file) => file, 400, 'invalid_argument', / is no folder: nothing was created\.$/],
])('a folder that %s is refused, and nothing is created', async (_, folder, status, code, detail) => {
  const app = await testApp();
  const { body: file } = await app.rest('create_spreadsheet', { title: 'There' });
  const refused = await app.rest('create_spreadsheet', { title: 'Filed', folderId: folder(file.id) });
  expect(refused).toMatchObject({ status, body: { code, detail: expect.stringMatching(detail) } });
  expect((await app.rest('search_spreadsheets', { query: 'Filed' })).body.spreadsheets).toEqual([]);
});

test('a folder that cannot be had any more once the spreadsheet is created: it stands, and the error says where', async () => {
  const world = await createWorld();
  const app = await startApp(world);
  world.onWire(({ method, path }) => {
    if (path.includes('/files/gone') && method === 'GET') {
      return Response.json({ mimeType: 'application/vnd.google-apps.folder' });
    }
    return undefined;
  });
  const { status, body } = await app.rest('create_spreadsheet', { title: 'Filed', folderId: 'gone' });
  expect({ status, code: body.code }).toEqual({ status: 404, code: 'not_found' });
  const found = await app.rest('search_spreadsheets', { query: 'Filed' });
  expect(body.detail).toContain(found.body.spreadsheets[0].id);
});
