// Completion, by clients of both eras: spreadsheets, sheets, names and used ranges; bounded; empty when Google cannot be
// asked.

import { describe, expect, test } from 'vitest';
import { DEMO_SPREADSHEET_ID as DEMO } from '../../src/emulator/emulator.ts';
import { testApp } from '../support/app.ts';
import { ERAS } from '../support/mcp-clients.ts';
import { createWorld, startApp } from '../support/wired-app.ts';

const ONE = { type: 'ref/resource', uri: 'sheets://{spreadsheetId}' } as const;
const CELLS = { type: 'ref/resource', uri: 'sheets://{spreadsheetId}/{range}' } as const;
const PROMPT = { type: 'ref/prompt', name: 'explain_formula' } as const;
const NOTHING = { values: [], hasMore: false };

describe.each(Object.entries(ERAS))('%s', (_, connect) => {
  test('finds spreadsheets by their title, and by their id', async () => {
    const app = await testApp();
    const { body } = await app.rest('create_spreadsheet', { title: 'Budget 2027' });
    const client = await connect(app.fetch);
    const ids = async (typed: string) => (await client.complete(ONE, 'spreadsheetId', typed)).values;
    expect(await ids('')).toEqual([body.id, DEMO]);
    expect(await ids('bud')).toEqual([body.id]);
    expect(await ids('1Demo')).toEqual([DEMO]);
    expect(await ids('nothing like it')).toEqual([]);
    expect(await client.complete(CELLS, 'spreadsheetId', 'serval')).toEqual({ values: [DEMO], hasMore: false });
    expect((await client.complete(PROMPT, 'spreadsheet', 'bud')).values).toEqual(['Budget 2027']);
  });

  test('ranges are sheets, named ranges and tables; after a sheet the cells that are used', async () => {
    const world = await createWorld();
    const app = await startApp(world);
    const id = await world.book([
      ['day', 'cost'],
      ['mon', 5],
    ]);
    const range = { sheetId: 7, startRowIndex: 0, endRowIndex: 2, startColumnIndex: 0, endColumnIndex: 2 };
    const { status } = await world.direct(`/${id}:batchUpdate`, {
      requests: [
        { updateSheetProperties: { properties: { sheetId: 7, title: 'My sheet' }, fields: 'title' } },
        { updateSpreadsheetProperties: { properties: { title: 'Costs of 2026' }, fields: 'title' } },
        { addNamedRange: { namedRange: { name: 'Totals', range } } },
        { addTable: { table: { name: 'Costs', range } } },
        { addSheet: { properties: { title: "Bob's" } } },
      ],
    });
    expect(status).toBe(200);
    const client = await connect(app.fetch);
    const values = async (typed: string, spreadsheetId = id) =>
      (await world.until(client.complete(CELLS, 'range', typed, { spreadsheetId }))).values;
    expect(await world.until(client.complete(CELLS, 'range', '', { spreadsheetId: id }))).toEqual({
      values: ['My sheet', "Bob's", 'Totals', 'Costs'],
      total: 4,
      hasMore: false,
    });
    expect(await values('TOT')).toEqual(['Totals']);
    expect(await values('ts')).toEqual(['Costs']);
    expect(await values('s')).toEqual(['My sheet', "Bob's", 'Totals', 'Costs']);
    expect(await values('My sheet!')).toEqual(['My sheet!A1:B2']);
    expect(await values("'My sheet'!A")).toEqual(["'My sheet'!A1:B2"]);
    expect(await values('My sheet!C')).toEqual([]);
    expect([await values("'Bob''s'!"), await values('Nobody!')]).toEqual([[], []]);
    // A prompt is told the spreadsheet by its title, as well as by its id.
    for (const spreadsheet of ['Costs of 2026', id, `https://docs.google.com/spreadsheets/d/${id}/edit`]) {
      const completed = await world.until(client.complete(PROMPT, 'cell', 'my', { spreadsheet }));
      expect(completed.values).toEqual(['My sheet']);
    }
  });

  test('at most a hundred are told, and that there are more', async () => {
    const app = await testApp();
    const sheets = Array.from({ length: 130 }, (_, index) => ({ title: `Sheet ${index}` }));
    const { body } = await app.rest('create_spreadsheet', { title: 'Wide', sheets });
    const client = await connect(app.fetch);
    const { values, ...rest } = await client.complete(CELLS, 'range', 'sheet', { spreadsheetId: body.id });
    expect([values.length, values[0], rest]).toEqual([100, 'Sheet 0', { total: 130, hasMore: true }]);
  });

  test('is empty where nothing can be said, and refused where nothing is completed', async () => {
    const app = await testApp();
    const client = await connect(app.fetch);
    expect(await client.complete(CELLS, 'range', 'x')).toEqual(NOTHING);
    expect(await client.complete(CELLS, 'range', 'x', { spreadsheetId: 'no-such-spreadsheet' })).toEqual(NOTHING);
    expect(await client.complete(CELLS, 'sheet', 'x', { spreadsheetId: DEMO })).toEqual(NOTHING);
    expect(await client.complete(ONE, 'spreadsheetId', 'x'.repeat(300))).toEqual(NOTHING);
    expect(await client.complete({ type: 'ref/prompt', name: 'reconcile_sheets' }, 'key', 'x')).toEqual(NOTHING);
    for (const ref of [
      { type: 'ref/resource', uri: 'sheets://{id}' },
      { type: 'ref/prompt', name: 'explain' },
    ] as const) {
      await expect(client.complete(ref, 'range', 'x')).rejects.toMatchObject({ code: -32602 });
    }
    app.flags.set('tool:search_spreadsheets', false);
    expect(await client.complete(ONE, 'spreadsheetId', '')).toEqual(NOTHING);
  });

  test('is empty while Google cannot be asked, trips no circuit and does not keep anybody waiting', async () => {
    const world = await createWorld();
    const app = await startApp(world);
    const id = await world.book();
    const client = await connect(app.fetch);
    world.onWire(() => Response.json({ error: { code: 503, message: 'down' } }, { status: 503 }));
    const start = world.clock.now();
    for (let turn = 0; turn < 8; turn++) {
      const ask = client.complete(CELLS, 'range', `${turn}`, { spreadsheetId: id });
      expect(await world.until(ask)).toEqual(NOTHING);
    }
    expect(world.clock.now() - start).toBeLessThanOrEqual(8 * 5_100);
    expect(app.circuits.snapshots().map(({ state }) => state)).not.toContain('open');
    world.onWire();
    expect((await world.until(client.complete(CELLS, 'range', '', { spreadsheetId: id }))).values).toEqual(['S']);
  });
});
