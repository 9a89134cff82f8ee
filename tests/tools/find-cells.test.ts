// Finding cells: what is looked at, what is told, what is read for it. Through the front door.

import { describe, expect, test } from 'vitest';
import { ServalError } from '../../src/errors.ts';
import { matcherOf } from '../../src/sheets/matcher.ts';
import { testApp } from '../support/app.ts';
import { failureOf } from '../support/fake-google.ts';
import { createVerbs } from '../support/verbs.ts';
import { createWorld, startApp } from '../support/wired-app.ts';

const PLAN = [
  ['day', 'What', 'cost'],
  ['2026-01-02', 'rent', 900],
  ['2026-01-05', 'Rent, late', { formula: '=C2*2' }],
  ['', 'x.y', 1800],
];

async function start() {
  const app = await testApp();
  const made = await app.rest('create_spreadsheet', {
    title: 'T',
    sheets: [
      { title: 'Plan', rows: PLAN },
      { title: "It's", rows: [[], ['', 'rent control'], []] },
      { title: 'Empty' },
    ],
  });
  const id: string = made.body.id;
  const find = async (input: object) => (await app.rest('find_cells', { spreadsheet: id, ...input })).body;
  return { app, id, find };
}

const cells = ({ matches }: { matches: { sheet: string; cells: Record<string, string> }[] }) =>
  matches.flatMap((one) => Object.entries(one.cells).map(([at, text]) => `${one.sheet}!${at} ${text}`));

describe('what is found', () => {
  test('in all sheets, whatever the case, with the total', async () => {
    const { find } = await start();
    expect(await find({ query: 'rent' })).toEqual({
      matches: [
        { sheet: 'Plan', cells: { B2: 'rent', B3: 'Rent, late' } },
        { sheet: "It's", cells: { B2: 'rent control' } },
      ],
      total: 3,
      source: 'live',
    });
    expect(await find({ query: 'nowhere' })).toMatchObject({ matches: [], total: 0 });
  });

  test.each<[string, object, string[]]>([
    ['by case', { query: 'Rent', matchCase: true }, ['Plan!B3 Rent, late']],
    ['the whole cell', { query: 'RENT', wholeCell: true }, ['Plan!B2 rent']],
    ['a value as it is shown', { query: '1,800' }, []],
    ['a formula by what it shows', { query: '1800' }, ['Plan!C3 1800', 'Plan!C4 1800']],
    ['a date as it is shown', { query: '1/2/2026' }, ['Plan!A2 1/2/2026']],
    ['signs of expressions as they are', { query: 'x.y' }, ['Plan!B4 x.y']],
    ['formulas alone', { query: 'c2', in: 'formulas' }, ['Plan!C3 =C2*2']],
    ['no plain values among formulas', { query: '900', in: 'formulas' }, []],
    [
      'by an expression',
      { query: '^r.nt\\b', regex: true },
      ['Plan!B2 rent', 'Plan!B3 Rent, late', "It's!B2 rent control"],
    ],
    [
      'by an expression and case',
      { query: '^[A-Z]', regex: true, matchCase: true },
      ['Plan!B1 What', 'Plan!B3 Rent, late'],
    ],
    ['by an expression for the whole', { query: 'r.nt', regex: true, wholeCell: true }, ['Plan!B2 rent']],
    ['formulas by an expression', { query: '\\*\\d', regex: true, in: 'formulas' }, ['Plan!C3 =C2*2']],
    ['in one sheet', { query: 'rent', sheet: "It's" }, ["It's!B2 rent control"]],
    ['in a range', { query: 'rent', range: 'Plan!A1:B2' }, ['Plan!B2 rent']],
    ['in an open range', { query: '1800', range: 'Plan!C4:C' }, ['Plan!C4 1800']],
    ['in a range of a sheet', { query: 'rent', sheet: "It's", range: 'B:B' }, ["It's!B2 rent control"]],
    ['in a range of that sheet', { query: 'rent', sheet: 'Plan', range: "'Plan'!B3:B9" }, ['Plan!B3 Rent, late']],
    ['in a title as a range', { query: 'rent', range: "It's" }, ["It's!B2 rent control"]],
  ])('%s', async (_, input, found) => {
    const { find } = await start();
    const answer = await find(input);
    expect([cells(answer), answer.total]).toEqual([found, found.length]);
  });

  test('up to the limit; the rest is counted, and long texts end in an ellipsis', async () => {
    const { app, id, find } = await start();
    const rows = Array.from({ length: 30 }, (_, n) => [`word ${n}`, 'y'.repeat(n === 0 ? 5_000 : 3)]);
    await app.rest('write_range', { spreadsheet: id, writes: [{ range: 'Empty!A1', values: rows }] });
    const answer = await find({ query: 'word', limit: 7 });
    expect([cells(answer).length, answer.total, answer.more]).toEqual([7, 30, true]);
    expect(await find({ query: 'word', limit: 30 })).not.toHaveProperty('more');
    const [{ cells: long } = { cells: {} }] = (await find({ query: 'yyyy' })).matches;
    expect(Object.values(long)).toEqual([`${'y'.repeat(199)}…`]);
  });

  test('as much as an answer may hold', async () => {
    const { app, id, find } = await start();
    const rows = Array.from({ length: 1_000 }, (_, n) => [`word ${n} ${'\n"'.repeat(100)}`]);
    await app.rest('write_range', { spreadsheet: id, writes: [{ range: 'Empty!A1', values: rows }] });
    const answer = await find({ query: 'word', limit: 1_000 });
    expect([answer.total, answer.more]).toEqual([1_000, true]);
    expect(JSON.stringify(answer).length).toBeLessThan(101_000);
    expect(cells(answer).length).toBeGreaterThan(150);
  });
});

describe('what is refused', () => {
  test.each<[string, object, string, string]>([
    ['an unknown sheet', { sheet: 'Pln' }, 'not_found', 'Did you mean "Plan"?'],
    ['an unknown range', { range: 'Pln!A1' }, 'not_found', 'Did you mean "Plan"?'],
    ['a range of another sheet', { sheet: 'Plan', range: "'It''s'!A1" }, 'invalid_argument', 'one of the two'],
    ['look-around', { query: '(?=a)', regex: true }, 'invalid_argument', 'no look-around, no back-references'],
    ['back-references', { query: '(a)\\1', regex: true }, 'invalid_argument', 'RE2'],
    ['an expression that is cut', { query: '(a', regex: true }, 'invalid_argument', 'RE2'],
    ['an expression that is too large', { query: '.{1000}', regex: true }, 'invalid_argument', 'fewer times'],
    ['an empty query', { query: '' }, 'invalid_argument', 'Arguments of find_cells'],
    ['a limit beyond the most', { limit: 1_001 }, 'invalid_argument', 'Arguments of find_cells'],
    ['a range beyond the sheet', { range: 'Plan!ZZ1:ZZ9' }, 'invalid_argument', ''],
  ])('%s', async (_, input, code, hint) => {
    const { find } = await start();
    expect(await find({ query: 'x', ...input })).toMatchObject({ code, hint: expect.stringContaining(hint) });
  });

  test('more cells than are read in one call, before any is read', async () => {
    const { update, book, sheets, sent } = createVerbs();
    const id = await book([['a']]);
    const add = (title: string, rowCount: number) => ({
      addSheet: { properties: { title, gridProperties: { rowCount, columnCount: 26 } } },
    });
    await update(id, add('Large', 150_000), add('Huge', 190_000));
    const { findCells } = await import('../../src/sheets/find.ts');
    const find = (search: object) =>
      sheets.on(id, (desk) => findCells(desk, { query: 'a', in: 'values', limit: 10, ...search }, 1_000));
    const from = sent.length;
    const error = await failureOf(find({}));
    expect([error.code, error.message, error.hint]).toEqual([
      'too_large',
      'There are 8866000 cells, blank ones included, and a call reads 5000000 at most.',
      'Name a sheet or a range of fewer cells. The largest: Huge (4940000 cells), Large (3900000 cells), S (26000 cells).',
    ]);
    expect(sent.slice(from).map(({ method }) => method)).toEqual(['spreadsheets.get', 'spreadsheets.get']);
    const before = sent.length;
    expect(await find({ sheet: 'Large' })).toEqual({ matches: [], total: 0 });
    const reads = sent.slice(before).filter(({ method }) => method === 'spreadsheets.values.batchGet');
    expect(reads.map(({ params }) => params.ranges)).toEqual(
      Array.from({ length: 8 }, (_, n) => [`'Large'!A${n * 19_230 + 1}:Z${Math.min((n + 1) * 19_230, 150_000)}`]),
    );
  });
});

test('many sheets are read in one call, and found where they are', async () => {
  const { update, book, sheets, calls } = createVerbs();
  const id = await book([['needle']]);
  await update(id, ...Array.from({ length: 12 }, (_, n) => ({ addSheet: { properties: { title: `T${n}` } } })));
  const { findCells } = await import('../../src/sheets/find.ts');
  let found: unknown;
  const methods = await calls(async () => {
    found = await sheets.on(id, (desk) => findCells(desk, { query: 'needle', in: 'values', limit: 10 }, 1_000));
  });
  expect(methods).toEqual(['get', 'get', 'values.batchGet']);
  expect(found).toEqual({ matches: [{ sheet: 'S', cells: { A1: 'needle' } }], total: 1 });
});

test('a sheet that was renamed since is searched under the name it has now', async () => {
  const { world, app, id } = await renamed();
  const answer = await world.until(app.run('find_cells', { spreadsheet: id, query: 'h' }));
  expect(answer).toMatchObject({ matches: [{ sheet: 'Now', cells: { A1: 'h' } }], total: 1 });
  const error = await failureOf(world.until(app.run('find_cells', { spreadsheet: id, query: 'h', sheet: 'S' })));
  expect([error.code, error.hint]).toEqual(['not_found', 'Sheets: Now.']);
});

async function renamed() {
  const world = await createWorld();
  const app = await startApp(world);
  const id = await world.book([['h']]);
  await world.until(app.run('find_cells', { spreadsheet: id, query: 'h' }));
  const properties = { sheetId: 7, title: 'Now' };
  await world.direct(`/${id}:batchUpdate`, { requests: [{ updateSheetProperties: { properties, fields: 'title' } }] });
  await world.pass(15_000, 5_000);
  return { world, app, id };
}

test('others have their turn while many cells are compared, and who has left is not searched for any more', async () => {
  const { book, sheets } = createVerbs();
  const { findCells } = await import('../../src/sheets/find.ts');
  const id = await book(Array.from({ length: 100 }, (_, n) => [`${'a'.repeat(2_000)}${n}`]));
  let turns = 0;
  const find = (breathe: () => Promise<void>, search: object = {}) =>
    sheets.on(id, (desk) => findCells({ ...desk, breathe }, { query: 'a', in: 'values', limit: 1, ...search }, 1_000));
  const count = async () => void turns++;
  expect((await find(count)).total).toBe(100);
  expect(turns).toBe(1);
  // The more an expression does with a character, the sooner.
  await find(count, { query: '[ab]{1,60}', regex: true });
  expect(turns).toBeGreaterThan(60);
  const gone = new ServalError('cancelled', 'gone');
  expect(await failureOf(find(() => Promise.reject(gone)))).toBe(gone);
});

test('long work ends with its caller, and at the deadline', async () => {
  const { createSheets } = await import('../../src/sheets/sheets.ts');
  const origin = { principal: 'p', identity: 'a', deadline: 1_000, priority: 'interactive', fresh: false } as const;
  const leave = new AbortController();
  let now = 0;
  const reply = { spreadsheetId: 'some_spreadsheet', properties: {} };
  const sheets = createSheets(
    async () => reply,
    { ...origin, now: () => now, random: Math.random },
    leave.signal,
    () => undefined,
  );
  const breathe = () => sheets.on('some_spreadsheet', (desk) => desk.breathe());
  await breathe();
  now = 1_001;
  expect(await failureOf(breathe())).toMatchObject({ code: 'timeout' });
  now = 0;
  leave.abort();
  expect(await failureOf(breathe())).toMatchObject({ code: 'cancelled' });
});

test('no expression takes longer than in proportion to the text', () => {
  const long = `${'a'.repeat(50_000)}!`;
  for (const query of ['(a+)+$', '(a|aa)+$', '(x+x+)+y', '(.*)(.*)(.*)(.*)=', '(a?){60}b']) {
    const begun = process.cpuUsage().user;
    expect(matcherOf({ query, regex: true }).matches(long)).toBe(false);
    expect(process.cpuUsage().user - begun).toBeLessThan(5_000_000);
  }
});
