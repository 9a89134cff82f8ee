// An hour without Google: every write is taken, people go on editing, and when Google is back all is done in order and
// within its quota, on the sheet as it is then. With the ledger gone as well nothing is taken.

import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, test } from 'vitest';
import { createOutageWorld, type OutageWorld, type Told } from './outage.ts';

const HOUR_MS = 3_600_000;
/** About 350 writes at 54 a minute, and half as long again. */
const REPLAY_MS = 600_000;
const WRITES = 1_000;
const KEYS = 20;

const HEADER = ['key', 'value', 'note'];
const keyRows = Array.from({ length: KEYS }, (_, n) => [`k${n}`, 'before', `note of k${n}`]);

interface Asked {
  readonly tool: string;
  readonly input: object;
  readonly book: string;
}

/** Appends, upserts of a few keys and writes to a few cells in turn, over the books. */
function planned(n: number, books: readonly string[]): Asked {
  const book = books[n % books.length] ?? '';
  const turn = Math.floor(n / books.length) % 3;
  if (turn === 0)
    return { book, tool: 'append_rows', input: { spreadsheet: book, sheet: 'Rows', rows: [[`r${n}`, n]] } };
  const rows = [{ key: `k${n % (KEYS + 5)}`, value: `v${n}` }];
  if (turn === 1) return { book, tool: 'upsert_rows', input: { spreadsheet: book, sheet: 'Keys', key: ['key'], rows } };
  const writes = [{ range: `Cells!B${(n % 7) + 1}`, values: [[`c${n}`]] }];
  return { book, tool: 'write_range', input: { spreadsheet: book, writes } };
}

async function createBooks(world: OutageWorld): Promise<[string, string]> {
  const sheets = { Rows: [['id', 'n']], Keys: [HEADER, ...keyRows], Cells: [['x']] };
  return [await world.createBook(sheets), await world.createBook(sheets)];
}

/** Google goes down, and the server has noticed. */
async function goDown(world: OutageWorld, books: readonly string[]): Promise<void> {
  for (const spreadsheet of books) {
    expect((await world.tool('read_range', { spreadsheet, ranges: ['Keys'] })).status).toBe(200);
  }
  world.setDown(true);
  for (const spreadsheet of [...books, ...books]) {
    await world.tool('read_range', { spreadsheet, ranges: ['Rows'], fresh: true });
  }
  const { circuitBreakers } = (await world.get('/metrics/circuit-breakers')).body;
  expect(circuitBreakers).toContainEqual(expect.objectContaining({ name: 'google_sheets_api', state: 'open' }));
}

/** The keys as people leave them: three blank rows above, the first two in turn, k4 gone, one blank row inside. */
const EDITED = [
  HEADER,
  [],
  [],
  [],
  ...[1, 0, 2, 3, 5, 6, 7, 8, 9].map((n) => keyRows[n] ?? []),
  [],
  ...keyRows.slice(10),
];

/** While Google is down for the server people move rows, delete a key and add a row of their own. */
async function edit(world: OutageWorld, book: string): Promise<void> {
  const blank = ['', '', ''];
  const keys = EDITED.map((row) => (row.length === 0 ? blank : row));
  const rows = [
    ['', ''],
    ['', ''],
    ['id', 'n'],
    ['by hand', -1],
  ];
  await world.people(`/${book}/values:batchUpdate`, {
    valueInputOption: 'RAW',
    data: [
      { range: 'Keys!A1', values: keys },
      { range: 'Rows!A1', values: rows },
    ],
  });
}

test('1,000 writes of an hour without Google are queued, and done in order on the sheet as it is afterwards', {
  timeout: 180_000,
}, async () => {
  const world = await createOutageWorld();
  const books = await createBooks(world);
  await goDown(world, books);

  const asked = Array.from({ length: WRITES }, (_, n) => planned(n, books));
  const told: Told[] = [];
  const sentBefore = world.sentCount();
  const start = world.clock.now();
  for (const [n, { tool, input }] of asked.entries()) {
    told.push(await world.tool(tool, input, `key ${n}`));
    if (n === WRITES / 2 - 1) {
      const stale = await world.tool('read_range', { spreadsheet: books[0], ranges: ['Keys'] });
      expect(stale).toMatchObject({ status: 200, fallback: true });
      expect(stale.body).toMatchObject({ source: 'stale', pendingWrites: WRITES / 2 / books.length });
      for (const book of books) await edit(world, book);
    }
    await world.clock.advance(Math.max(0, start + ((n + 1) * HOUR_MS) / WRITES - world.clock.now()));
  }
  expect(told.map(({ status, fallback, body }) => [status, fallback, body.status, body.position])).toEqual(
    asked.map((_, n) => [202, true, 'queued', Math.floor(n / books.length) + 1]),
  );
  expect((await world.get('/outbox')).body.total).toBe(WRITES);
  const vain = world.sentCount() - sentBefore;
  const before = world.emulator.observed().length;

  world.setDown(false);
  const back = world.clock.now();
  while ((await world.get('/outbox')).body.total !== 0) {
    expect(world.clock.now() - back, 'time to replay').toBeLessThan(REPLAY_MS);
    await world.pass(5_000);
  }
  const seen = world.emulator.observed().slice(before);
  expect(seen.filter(({ status }) => status === 429)).toEqual([]);
  process.stderr.write(
    `outage: ${vain} requests in vain, replayed in ${Math.round((world.clock.now() - back) / 1000)} s ` +
      `with ${seen.filter(({ kind }) => kind === 'write').length} writes and ${seen.filter(({ kind }) => kind === 'read').length} reads\n`,
  );
  for (const [n, { body }] of told.entries()) {
    const state = await world.tool('get_write', { writeId: body.writeId });
    expect(state.body, `write ${n}`).toMatchObject({ state: 'applied' });
  }
  // Who asks again is told what became of it.
  const again = await world.tool(asked[0]?.tool ?? '', asked[0]?.input ?? {}, 'key 0');
  expect(again).toMatchObject({
    status: 200,
    fallback: false,
    body: { status: 'applied', writeId: told[0]?.body.writeId },
  });
  for (const book of books) await expectReplayed(world, book, asked);
});

/** The sheets of a book are as the writes, in their order, leave what people made of them. */
async function expectReplayed(world: OutageWorld, book: string, asked: readonly Asked[]): Promise<void> {
  const own = asked.flatMap((one, n) => (one.book === book ? [{ ...one, n }] : []));
  const numbers = own.filter(({ tool }) => tool === 'append_rows').map(({ n }) => n);
  expect(await world.rows(book, 'Rows!A1:B')).toEqual([
    [],
    [],
    ['id', 'n'],
    ['by hand', -1],
    ...numbers.map((n) => [`r${n}`, n]),
  ]);

  const last = new Map<string, string>();
  for (const { n } of own.filter(({ tool }) => tool === 'upsert_rows')) last.set(`k${n % (KEYS + 5)}`, `v${n}`);
  const rows = await world.rows(book, 'Keys!A1:C');
  const value = (key: string) => last.get(key) ?? 'before';
  expect(rows.slice(0, EDITED.length)).toEqual(
    EDITED.map((row) => (row.length === 0 || row === HEADER ? row : [row[0], value(String(row[0])), row[2]])),
  );
  const added = [...last.keys()].filter((key) => key === 'k4' || Number(key.slice(1)) >= KEYS);
  expect(rows.slice(EDITED.length)).toEqual(added.map((key) => [key, value(key)]));

  const cells = new Map<number, string>();
  for (const { n } of own.filter(({ tool }) => tool === 'write_range')) cells.set(n % 7, `c${n}`);
  expect((await world.rows(book, 'Cells!B1:B7')).map(([cell]) => cell)).toEqual(
    Array.from({ length: 7 }, (_, row) => cells.get(row)),
  );
}

test('without Google and without the ledger nothing is taken, and one log line names both', async () => {
  const world = await createOutageWorld();
  const books = await createBooks(world);
  await goDown(world, books);
  expect((await world.tool(...writeOf(0, books), 'key 0')).status).toBe(202);

  const damage = new DatabaseSync(join(world.folder, 'ledger.sqlite'));
  damage.exec('DROP TABLE writes');
  damage.close();
  const sent = world.sentCount();
  for (let n = 1; n <= 50; n++) {
    const { status, fallback, body } = await world.tool(...writeOf(n, books), `key ${n}`);
    expect({ status, fallback, code: body.code }).toEqual({ status: 503, fallback: false, code: 'unavailable' });
    expect(body.detail).toMatch(/ledger/);
    await world.clock.advance(1_000);
  }
  const messages = world.lines.map((line): string => JSON.parse(line).message);
  expect(messages.filter((message) => /ledger/.test(message) && /google_sheets_api/.test(message))).toEqual([
    expect.stringMatching(/restore the ledger first/),
  ]);

  world.setDown(false);
  await world.clock.advance(120_000);
  expect((await world.tool(...writeOf(51, books), 'key 51')).status, 'Google is back, the ledger is not').toBe(503);
  const writes = world.emulator.observed().filter(({ kind, user }) => kind === 'write' && user === 'server');
  expect(writes, 'nothing was written').toEqual([]);
  expect(world.sentCount() - sent, 'nothing was tried for them').toBeLessThan(10);
});

function writeOf(n: number, books: readonly string[]): [string, object] {
  const { tool, input } = planned(n, books);
  return [tool, input];
}
