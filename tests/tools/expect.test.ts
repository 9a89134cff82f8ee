// What a writer may expect to find, through the front door: the write is done when it holds, else nothing is.

import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { testApp } from '../support/app.ts';

type App = Awaited<ReturnType<typeof testApp>>;
type Cell = string | number | boolean | null | { formula: string };

/** A sheet with one cell of each kind in its first row, and what a user typed in its second. */
async function book(app: App): Promise<string> {
  const rows = [
    ['text', 5, true, { formula: '=1/0' }, 0.1 + 0.2, '2026-11-21', '2026-11-21 18:30', '5', 'last'],
    [],
    ['end'],
  ];
  const { body } = await app.rest('create_spreadsheet', { title: 'T', sheets: [{ title: 'S', rows }] });
  const writes = [{ range: 'S!A2', values: [['21 Nov 2026', '12.50%', '$1,234.50']] }];
  await app.rest('write_range', { spreadsheet: body.id, writes, input: 'user_entered' });
  return body.id;
}

async function cells(app: App, id: string): Promise<unknown> {
  return (await app.rest('read_range', { spreadsheet: id, ranges: ['S'], render: 'formula', fresh: true })).body
    .ranges[0].rows;
}

/** 'applied', or the refusal of a write to a cell aside; nothing is written when it is refused. */
async function outcome(app: App, id: string, ...expectations: object[]): Promise<string> {
  const before = await cells(app, id);
  const writes = [{ range: 'S!K9', values: [['new']] }];
  const { status, body } = await app.rest('write_range', { spreadsheet: id, writes, expect: expectations });
  if (status === 200) {
    await app.rest('clear_range', { spreadsheet: id, ranges: ['S!K9'] });
    return body.status;
  }
  expect(await cells(app, id)).toEqual(before);
  expect([status, body.code]).toEqual([412, 'precondition_failed']);
  return body.detail;
}

const unmet = (what: string) => `expect[0] does not hold: ${what}. Nothing was written.`;

describe('values', () => {
  test('hold for what a cell shows, what it is, and what is not asked', async () => {
    const app = await testApp();
    const id = await book(app);
    const held: [string, Cell[]][] = [
      ['S!A1', ['text']],
      ['S!A1:C1', ['text', 5, true]],
      ['S!B1:C1', ['5', 'TRUE']],
      ['S!D1:E1', ['#DIV/0!', 0.3]],
      ['S!D1:E1', [{ formula: '=1/0' }, '0.3']],
      ['S!F1:G1', ['2026-11-21', '2026-11-21 18:30']],
      ['S!F1:G1', ['11/21/2026', '2026-11-21T20:30:00+02:00']],
      ['S!H1', ['5']],
      ['S!A2:C2', ['21 Nov 2026', '12.50%', '$1,234.50']],
      ['S!A2:C2', ['2026-11-21', 0.125, 1234.5]],
      ['S!A1:I1', ['text', null, null, null, null, null, null, null, null]],
      ['S!J1:K1', ['', null]],
    ];
    for (const [range, values] of held) {
      expect([range, values, await outcome(app, id, { range, values: [values] })]).toEqual([range, values, 'applied']);
    }
  });

  test('do not hold for another value, another kind, another formula, nothing; the cell is named, and what it holds', async () => {
    const app = await testApp();
    const id = await book(app);
    const unheld: [string, Cell, string][] = [
      ['S!A1', 'Text', `'S'!A1 holds "text", expected "Text"`],
      ['S!A1', '', `'S'!A1 holds "text", expected nothing`],
      ['S!B1', 6, `'S'!B1 holds 5, expected 6`],
      ['S!B1', true, `'S'!B1 holds 5, expected true`],
      ['S!H1', 5, `'S'!H1 holds "5", expected 5`],
      ['S!J1', 'x', `'S'!J1 holds nothing, expected "x"`],
      ['S!D1', 'x', `'S'!D1 holds "#DIV/0!", expected "x"`],
      ['S!D1', { formula: '=1/1' }, `'S'!D1 holds the formula "=1/0", expected the formula "=1/1"`],
      ['S!B1', { formula: '=5' }, `'S'!B1 holds 5, expected the formula "=5"`],
      ['S!F1', '2026-11-22', `'S'!F1 holds 46347 (shown as "11/21/2026"), expected "2026-11-22"`],
      ['S!B2', 0.13, `'S'!B2 holds 0.125 (shown as "12.50%"), expected 0.13`],
      ['S!A1', 'x'.repeat(500), `'S'!A1 holds "text", expected "${'x'.repeat(99)}…"`],
    ];
    for (const [range, value, what] of unheld) {
      expect(await outcome(app, id, { range, values: [[value]] })).toBe(unmet(what));
    }
  });

  test('name the first cell that differs, by rows', async () => {
    const app = await testApp();
    const id = await book(app);
    const values = [
      ['text', 5, true],
      ['x', null, 'y'],
    ];
    expect(await outcome(app, id, { range: 'S!A1:C2', values })).toMatch(/'S'!A2 holds 46347 .* expected "x"/);
  });

  test('that are not given are expected blank within the range; of a single cell they are the corner', async () => {
    const app = await testApp();
    const id = await book(app);
    expect(await outcome(app, id, { range: 'S!A1', values: [['text', 5]] })).toBe('applied');
    expect(await outcome(app, id, { range: 'S!A3:Z3', values: [['end']] })).toBe('applied');
    expect(await outcome(app, id, { range: 'S!A3:A', values: [['end']] })).toBe('applied');
    expect(await outcome(app, id, { range: 'S!A1:C1', values: [['text', 5]] })).toBe(
      unmet(`'S'!C1 holds true, expected nothing`),
    );
    expect(await outcome(app, id, { range: 'S!A2:A', values: [['21 Nov 2026']] })).toBe(
      unmet(`'S'!A3 holds "end", expected nothing`),
    );
  });

  test('beyond the edge of the sheet are blank', async () => {
    const app = await testApp();
    const id = await book(app);
    expect(await outcome(app, id, { range: 'S!A5000', values: [['']] })).toBe('applied');
    expect(await outcome(app, id, { range: 'S!ZZ1:ZZ9', values: [[null], ['x']] })).toBe(
      unmet(`'S'!ZZ2 holds nothing, expected "x"`),
    );
  });

  test('hold all, or nothing is written', async () => {
    const app = await testApp();
    const id = await book(app);
    const [right, wrong] = [
      { range: 'S!A1', values: [['text']] },
      { range: 'S!B1', values: [['x']] },
    ];
    expect(await outcome(app, id, right, right)).toBe('applied');
    expect(await outcome(app, id, right, wrong)).toMatch(/^expect\[1\] does not hold: 'S'!B1/);
  });

  test('are compared with the cells before the write, also where it goes', async () => {
    const app = await testApp();
    const id = await book(app);
    const write = (value: string, old: string) =>
      app.rest('write_range', {
        spreadsheet: id,
        writes: [{ range: 'S!A1', values: [[value]] }],
        expect: [{ range: 'S!A1', values: [[old]] }],
      });
    expect((await write('second', 'text')).status).toBe(200);
    expect((await write('third', 'text')).body.detail).toBe(unmet(`'S'!A1 holds "second", expected "text"`));
    expect((await write('third', 'second')).status).toBe(200);
  });
});

describe('a hash', () => {
  const hashOf = (rows: unknown) => createHash('sha256').update(JSON.stringify(rows)).digest('hex');

  test('of all rows that read_range answers holds, until a cell changes', async () => {
    const app = await testApp();
    for (const range of ['S', 'S!A1:K9', 'S!B1:B', 'S!2:2', 'S!H1:I1', 'S!K1:L3']) {
      const id = await book(app);
      const { body } = await app.rest('read_range', { spreadsheet: id, ranges: [range] });
      const hash = hashOf(body.ranges[0].rows ?? []);
      expect([range, await outcome(app, id, { range, hash })]).toEqual([range, 'applied']);
      const values = [['t', 6, false, 1, 1, 1, 1, 1, 1, 1, 1], Array(11).fill('x')];
      await app.rest('write_range', { spreadsheet: id, writes: [{ range: 'S!A1', values }] });
      expect(await outcome(app, id, { range, hash })).toMatch(
        new RegExp(`^expect\\[0\\] does not hold: .* has the hash [0-9a-f]{64}, expected "${hash}"`),
      );
    }
  });
});

test('what cannot be an expectation is refused as an argument', async () => {
  const app = await testApp();
  const id = await book(app);
  const refused: [object, string][] = [
    [{}, 'expect[0]: give either values or hash'],
    [{ values: [[1]], hash: '0'.repeat(64) }, 'expect[0]: give either values or hash'],
    [{ hash: 'ABC' }, 'expect[0].hash: expected a SHA-256 in lower-case hex'],
    [{ values: [[1, 2, 3, 4]] }, `expect[0].values has 1 rows of up to 4 cells, more than 'S'!A1:C2 holds.`],
    [{ values: [[1], [2], [3]] }, `expect[0].values has 3 rows of up to 1 cells, more than 'S'!A1:C2 holds.`],
  ];
  for (const [rest, words] of refused) {
    const writes = [{ range: 'S!A1', values: [['x']] }];
    const input = { spreadsheet: id, writes, expect: [{ range: 'S!A1:C2', ...rest }] };
    const { status, body } = await app.rest('write_range', input);
    expect([status, body.code]).toEqual([400, 'invalid_argument']);
    expect(body.detail).toContain(words);
  }
});

test('a write of nothing that expects something is a check', async () => {
  const app = await testApp();
  const id = await book(app);
  const check = (value: string) =>
    app.rest('write_range', {
      spreadsheet: id,
      writes: [{ range: 'S!A1', values: [[null]] }],
      expect: [{ range: 'S!A1', values: [[value]] }],
    });
  expect((await check('text')).body).toMatchObject({ status: 'unchanged' });
  expect((await check('x')).status).toBe(412);
});
