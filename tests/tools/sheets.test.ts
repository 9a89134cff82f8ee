// Adding, changing and deleting sheets, through the front door.

import { describe, expect, test } from 'vitest';
import { testApp } from '../support/app.ts';
import { failureOf } from '../support/fake-google.ts';
import {
  done,
  elsewhere,
  losesReply,
  namesInMemory,
  newBook,
  refused,
  rowsOf,
  sheetsOf,
} from '../support/tool-calls.ts';
import { createWorld, startApp } from '../support/wired-app.ts';

const writeId = expect.any(String);
const sheetId = expect.any(Number);

async function open(sheets: Parameters<typeof newBook>[1] = { S: [['a', 'b']], T: [] }) {
  const app = await testApp();
  const id = await newBook(app, sheets);
  return {
    app,
    id,
    call: (tool: string, input: object) => done(app, tool, { spreadsheet: id, ...input }),
    refuse: (tool: string, input: object) => refused(app, tool, { spreadsheet: id, ...input }),
    titles: async () => [...(await sheetsOf(app, id)).keys()],
    sheet: async (title: string) => (await sheetsOf(app, id)).get(title),
  };
}

/** The same on a wire in the test's hands; the spreadsheet's sheet is S, with the id 7. */
async function wired(env: Record<string, string> = {}) {
  const world = await createWorld();
  const app = await startApp(world, env);
  return { world, app, id: await world.book([['a', 'b']]) };
}

describe('add_sheet', () => {
  test('adds an empty sheet at its place, in its size, at the end by default', async () => {
    const { call, titles, sheet } = await open();
    expect(await call('add_sheet', { title: 'Last' })).toEqual({ status: 'applied', sheetId, writeId });
    const first = await call('add_sheet', { title: 'First', index: 1, rows: 20, columns: 3 });
    await call('add_sheet', { title: 'Second', index: 2 });
    expect(await titles()).toEqual(['First', 'Second', 'S', 'T', 'Last']);
    expect(await sheet('First')).toEqual({ title: 'First', sheetId: first.sheetId, rows: 20, columns: 3 });
    expect(await sheet('Last')).toMatchObject({ rows: 1000, columns: 26 });
  });

  test('copies a sheet of the spreadsheet, with all it holds', async () => {
    const { app, id, call, titles } = await open({ S: [['a', { formula: '=1+1' }]], T: [] });
    await call('update_sheet', { sheet: 'S', frozenRows: 1 });
    await call('add_sheet', { title: 'Copy', copyFrom: { sheet: 'S' } });
    await call('add_sheet', { title: 'Near', index: 2, copyFrom: { sheet: 'S', spreadsheet: id } });
    expect(await titles()).toEqual(['S', 'Near', 'T', 'Copy']);
    expect(await rowsOf(app, id, 'Copy', 'formula')).toEqual([['a', '=1+1']]);
    expect((await sheetsOf(app, id)).get('Near')).toMatchObject({ frozenRows: 1 });
  });

  test('copies a sheet of another spreadsheet to its title and place', async () => {
    const { app, call, titles, id } = await open();
    const other = await newBook(app, { Source: [['x', 1]], More: [] });
    const url = `https://docs.google.com/spreadsheets/d/${other}/edit`;
    const answer = await call('add_sheet', {
      title: 'Mine',
      index: 1,
      copyFrom: { spreadsheet: url, sheet: 'Source' },
    });
    expect(answer).toEqual({ status: 'applied', sheetId, writeId });
    await call('add_sheet', { title: 'Other', copyFrom: { spreadsheet: other, sheet: 'More' } });
    expect(await titles()).toEqual(['Mine', 'S', 'T', 'Other']);
    expect(await rowsOf(app, id, 'Mine')).toEqual([['x', 1]]);
    expect([...(await sheetsOf(app, other)).keys()]).toEqual(['Source', 'More']);
  });

  test.each<[string, object, string]>([
    [
      'a title that is taken',
      { title: 's' },
      'invalid_argument: title: there is a sheet "S" already. Choose another title.',
    ],
    [
      'a place beyond the end',
      { title: 'x', index: 4 },
      'invalid_argument: index: the last place among the tabs here is 3. ',
    ],
    [
      'a size for a copy',
      { title: 'x', rows: 5, copyFrom: { sheet: 'S' } },
      'invalid_argument: rows and columns are those of the copied sheet. ',
    ],
    ['an unknown sheet to copy', { title: 'x', copyFrom: { sheet: 'U' } }, 'not_found: There is no sheet "U". '],
    ['a title that is too long', { title: 'x'.repeat(101) }, 'invalid_argument: add_sheet: title: '],
    ['no title', { title: '' }, 'invalid_argument: add_sheet: title: '],
  ])('refuses %s before anything is sent', async (_, input, words) => {
    const { app, refuse, titles } = await open();
    const before = app.lines.length;
    expect(await refuse('add_sheet', input)).toContain(words);
    expect(app.lines.slice(before).join('')).not.toMatch(/batchUpdate|copyTo/);
    expect(await titles()).toEqual(['S', 'T']);
  });

  test('refuses a copy from elsewhere before it is made, when there is no such sheet or its title is taken', async () => {
    const { app, refuse, titles } = await open();
    const other = await newBook(app, { Source: [] });
    expect(await refuse('add_sheet', { title: 'x', copyFrom: { spreadsheet: other, sheet: 'Sauce' } })).toContain(
      'not_found: There is no sheet "Sauce". Did you mean "Source"?',
    );
    expect(await refuse('add_sheet', { title: 'T', copyFrom: { spreadsheet: other, sheet: 'Source' } })).toContain(
      'there is a sheet "T" already',
    );
    expect(
      await refuse('add_sheet', { title: 'x', copyFrom: { spreadsheet: 'nowhere-to-be-found', sheet: 'S' } }),
    ).toMatch(/^not_found/);
    expect(await titles()).toEqual(['S', 'T']);
  });

  test('tells the id though the reply was lost, and adds it once', async () => {
    const { world, app, id } = await wired();
    losesReply(world);
    const copy = await world.until(app.run('add_sheet', { spreadsheet: id, title: 'Copy', copyFrom: { sheet: 'S' } }));
    losesReply(world);
    const added = await world.until(app.run('add_sheet', { spreadsheet: id, title: 'New' }));
    const sheets = await sheetsOf(app, id);
    expect([copy.sheetId, added.sheetId]).toEqual([sheets.get('Copy')?.sheetId, sheets.get('New')?.sheetId]);
    expect([...sheets.keys()]).toEqual(['S', 'Copy', 'New']);
  });

  describe('of another spreadsheet, when something fails', () => {
    const copying = (id: string, other: string) => ({
      spreadsheet: id,
      title: 'Mine',
      copyFrom: { spreadsheet: other, sheet: 'S' },
    });

    test('says that the copy is there when it does not get its title, and never copies twice for a key', async () => {
      const { world, app, id } = await wired();
      const other = await world.book();
      world.onWire(({ kinds }) => {
        if (!kinds.includes('updateSheetProperties')) return undefined;
        const error = {
          code: 400,
          message: 'Invalid requests[1].updateSheetProperties: no',
          status: 'INVALID_ARGUMENT',
        };
        return Response.json({ error }, { status: 400 });
      });
      const input = { ...copying(id, other), idempotencyKey: 'k' };
      const words =
        /^conflict: The sheet was copied, as "Copy of S" \(id \d+\), but did not get the title "Mine": .* Do not copy it again; give it its title with update_sheet\.$/;
      expect(await refused(app, 'add_sheet', input)).toMatch(words);
      world.onWire();
      expect(await refused(app, 'add_sheet', input)).toMatch(words);
      expect([...(await sheetsOf(app, id)).keys()]).toEqual(['S', 'Copy of S']);
    });

    test('does not copy again when the answer to the copying was lost', async () => {
      const { world, app, id } = await wired({ REQUEST_DEADLINE_MS: '10000' });
      const other = await world.book();
      world.onWire(async ({ path }, pass) => {
        if (!path.includes('copyTo')) return undefined;
        await pass();
        return new Response('gone', { status: 502 });
      });
      const error = await world.until(failureOf(app.run('add_sheet', copying(id, other))));
      expect([error.code, error.hint]).toEqual(['outcome_unknown', expect.stringContaining('describe_spreadsheet')]);
      world.onWire();
      expect([...(await sheetsOf(app, id)).keys()]).toEqual(['S', 'Copy of S']);
    });

    test('others write meanwhile, though nothing is known of the copy', async () => {
      const { world, app, id } = await wired({ REQUEST_DEADLINE_MS: '10000' });
      const other = await world.book();
      world.onWire(({ path }) => (path.includes('copyTo') ? new Response('gone', { status: 502 }) : undefined));
      await world.until(failureOf(app.run('add_sheet', copying(id, other))));
      const write = { spreadsheet: id, writes: [{ range: 'S!A1', values: [['new']] }] };
      expect(await world.until(app.run('write_range', write), 5_000)).toMatchObject({ status: 'applied' });
    });
  });
});

describe('update_sheet', () => {
  test('sets what is given and leaves the rest', async () => {
    const { call, sheet } = await open();
    const answer = await call('update_sheet', {
      sheet: 'S',
      title: 'New',
      frozenRows: 2,
      frozenColumns: 1,
      tabColor: '#34A853',
      gridlines: false,
      hidden: true,
    });
    expect(answer).toEqual({ status: 'applied', writeId });
    const first = await sheet('New');
    expect(first).toMatchObject({
      frozenRows: 2,
      frozenColumns: 1,
      tabColor: '#34a853',
      gridlines: false,
      hidden: true,
    });
    await call('update_sheet', { sheet: 'New', tabColor: null, gridlines: true, hidden: false, frozenColumns: 0 });
    const { frozenColumns, tabColor, gridlines, hidden, ...left } = first ?? {};
    expect(await sheet('New')).toEqual(left);
  });

  test.each([
    [1, ['C', 'A', 'B']],
    [2, ['A', 'C', 'B']],
    [3, ['A', 'B', 'C']],
  ])('moves a sheet to place %i', async (index, order) => {
    const { call, titles } = await open({ A: [], B: [], C: [] });
    await call('update_sheet', { sheet: 'C', index });
    expect(await titles()).toEqual(order);
  });

  test.each([
    [2, ['B', 'A', 'C']],
    [3, ['B', 'C', 'A']],
  ])('moves the first sheet to place %i', async (index, order) => {
    const { call, titles } = await open({ A: [], B: [], C: [] });
    await call('update_sheet', { sheet: 'A', index });
    expect(await titles()).toEqual(order);
  });

  test('grows and shrinks the grid', async () => {
    const { app, id, call, sheet } = await open();
    expect(await call('update_sheet', { sheet: 'S', rows: 1200, columns: 2, frozenRows: 1 })).toMatchObject({
      status: 'applied',
    });
    expect(await sheet('S')).toMatchObject({ rows: 1200, columns: 2, frozenRows: 1 });
    await call('update_sheet', { sheet: 'S', rows: 2, columns: 30 });
    expect(await sheet('S')).toMatchObject({ rows: 2, columns: 30 });
    expect(await rowsOf(app, id)).toEqual([['a', 'b']]);
    expect(await call('update_sheet', { sheet: 'S', rows: 2 })).toEqual({ status: 'unchanged', writeId });
  });

  test('never shrinks over content, be it a value or a formula', async () => {
    const { app, id, call, refuse, sheet } = await open({
      S: [
        ['a', 'b', ''],
        ['c', '', { formula: '=""' }],
      ],
      T: [],
    });
    const kept = 'conflict: Cells with content would go, such as S!';
    expect(await refuse('update_sheet', { sheet: 'S', rows: 1, title: 'no' })).toContain(
      `${kept}A2: nothing was changed.`,
    );
    expect(await refuse('update_sheet', { sheet: 'S', columns: 2 })).toContain(`${kept}C2: nothing was changed.`);
    expect(await sheet('S')).toMatchObject({ rows: 1000, columns: 26 });
    await call('clear_range', { ranges: ['S!C2'] });
    await call('update_sheet', { sheet: 'S', columns: 2 });
    expect(await rowsOf(app, id)).toEqual([['a', 'b'], ['c']]);
  });

  test('nor over a note, but over formats', async () => {
    const { world, app, id } = await wired();
    const put = (rowIndex: number, cell: object) => ({
      updateCells: { start: { sheetId: 7, rowIndex }, rows: [{ values: [cell] }], fields: Object.keys(cell).join() },
    });
    const bold = { userEnteredFormat: { textFormat: { bold: true } } };
    await elsewhere(world, id, put(19, { note: 'mind this' }), put(29, bold));
    const input = { spreadsheet: id, sheet: 'S' };
    expect(await refused(app, 'update_sheet', { ...input, rows: 19 })).toContain('such as S!A20');
    expect(await done(app, 'update_sheet', { ...input, rows: 20 })).toMatchObject({ status: 'applied' });
  });

  test.each<[string, object, string]>([
    ['nothing to change', { sheet: 'S' }, 'invalid_argument: Nothing is given to change.'],
    ['an unknown sheet', { sheet: 'Ss', rows: 5 }, 'not_found: There is no sheet "Ss". Did you mean "S"?'],
    ['a title that is taken', { sheet: 'S', title: 't' }, 'invalid_argument: title: there is a sheet "T" already.'],
    [
      'a place that is none',
      { sheet: 'S', index: 3 },
      'invalid_argument: index: the last place among the tabs here is 2.',
    ],
    [
      'a colour that is none',
      { sheet: 'S', tabColor: 'red' },
      'invalid_argument: update_sheet: tabColor: expected #rrggbb',
    ],
    ['all rows frozen', { sheet: 'S', frozenRows: 1000 }, "You can't freeze all visible rows on the sheet."],
  ])('refuses %s', async (_, input, words) => {
    const { refuse, sheet } = await open();
    expect(await refuse('update_sheet', input)).toContain(words);
    expect(await sheet('S')).toMatchObject({ rows: 1000, columns: 26 });
  });

  test('a sheet may keep its own title, in other letters too', async () => {
    const { call, titles } = await open();
    await call('update_sheet', { sheet: 'S', title: 's' });
    expect(await titles()).toEqual(['s', 'T']);
  });

  test('the last sheet that is seen cannot be hidden or deleted', async () => {
    const { call, refuse } = await open();
    await call('update_sheet', { sheet: 'T', hidden: true });
    const words = 'invalid_argument: "S" is the only visible sheet: a spreadsheet keeps one that is seen. Show another';
    expect(await refuse('update_sheet', { sheet: 'S', hidden: true })).toContain(words);
    expect(await refuse('delete_sheet', { sheet: 'S' })).toContain(words);
    expect(await refuse('delete_sheet', { sheet: 'S', dryRun: true })).toContain(words);
    await call('delete_sheet', { sheet: 'T' });
    expect(await refuse('delete_sheet', { sheet: 'S' })).toContain('"S" is the only sheet');
  });

  test('names are those of this moment: renamed and deleted sheets are not found, taken titles are free again', async () => {
    const { world, app, id } = await wired();
    await elsewhere(world, id, { addSheet: { properties: { sheetId: 8, title: 'T' } } });
    await namesInMemory(app, id);
    const renamed = { properties: { sheetId: 7, title: 'Moved' }, fields: 'title' };
    await elsewhere(world, id, { updateSheetProperties: renamed }, { deleteSheet: { sheetId: 8 } });
    for (const sheet of ['S', 'T', 8]) {
      expect(await refused(app, 'update_sheet', { spreadsheet: id, sheet, hidden: false })).toContain('Sheets: Moved.');
    }
    await done(app, 'update_sheet', { spreadsheet: id, sheet: 7, title: 'T' });
    expect([...(await sheetsOf(app, id)).keys()]).toEqual(['T']);
  });

  test('somebody who renames the sheet in between is told of; its own new title is none', async () => {
    const { world, app, id } = await wired();
    let once = true;
    world.onWire(async ({ kinds }) => {
      if (kinds.length < 2 || !once) return undefined;
      once = false;
      await elsewhere(world, id, {
        updateSheetProperties: { properties: { sheetId: 7, title: 'Theirs' }, fields: 'title' },
      });
      return undefined;
    });
    const answer = await done(app, 'update_sheet', { spreadsheet: id, sheet: 'S', frozenRows: 1 });
    expect(answer.warnings).toEqual(['The sheet "S" was renamed to "Theirs" meanwhile: that is where this was done.']);
    expect(
      (await done(app, 'update_sheet', { spreadsheet: id, sheet: 'Theirs', title: 'Ours' })).warnings,
    ).toBeUndefined();
  });

  test('rows that somebody adds while it shrinks stay', async () => {
    const { world, app, id } = await wired();
    let once = true;
    world.onWire(async ({ kinds }) => {
      if (kinds.length < 2 || !once) return undefined;
      once = false;
      const rows = [{ values: [{ userEnteredValue: { stringValue: 'theirs' } }] }];
      const start = { sheetId: 7, rowIndex: 1000 };
      await elsewhere(
        world,
        id,
        { appendDimension: { sheetId: 7, dimension: 'ROWS', length: 5 } },
        { updateCells: { start, rows, fields: 'userEnteredValue' } },
      );
      return undefined;
    });
    await done(app, 'update_sheet', { spreadsheet: id, sheet: 'S', rows: 10 });
    expect((await sheetsOf(app, id)).get('S')).toMatchObject({ rows: 15, usedRange: 'A1:B11' });
  });

  test('is answered right though the reply was lost', async () => {
    const { world, app, id } = await wired();
    losesReply(world);
    const input = { spreadsheet: id, sheet: 'S', title: 'New', rows: 10 };
    expect(await world.until(app.run('update_sheet', input))).toEqual({ status: 'applied', writeId });
    expect((await sheetsOf(app, id)).get('New')).toMatchObject({ rows: 10 });
  });
});

describe('delete_sheet', () => {
  test('a dry run counts what would go and changes nothing', async () => {
    const { call, titles } = await open({ S: [['a', ''], [], ['', 5]], T: [] });
    expect(await call('delete_sheet', { sheet: 'S', dryRun: true })).toEqual({
      status: 'dry_run',
      title: 'S',
      cells: 2,
      usedRange: 'A1:B3',
    });
    expect(await call('delete_sheet', { sheet: 'T', dryRun: true })).toEqual({
      status: 'dry_run',
      title: 'T',
      cells: 0,
    });
    expect(await titles()).toEqual(['S', 'T']);
  });

  test('deletes the sheet, and says that this is not undone', async () => {
    const { app, call, refuse, titles } = await open();
    const { writeId: id, ...answer } = await call('delete_sheet', { sheet: 'S' });
    expect([answer, await titles()]).toEqual([{ status: 'applied', title: 'S' }, ['T']]);
    expect(await refused(app, 'undo_write', { writeId: id })).toContain(
      'unsupported: What that write (delete_sheet) replaced was not kept',
    );
    expect(await refuse('delete_sheet', { sheet: 'S' })).toContain('not_found: There is no sheet "S".');
  });

  test('never deletes a sheet that has got another name meanwhile', async () => {
    const { world, app, id } = await wired();
    await elsewhere(world, id, { addSheet: { properties: { sheetId: 8, title: 'Old' } } });
    await namesInMemory(app, id);
    const renamed = { properties: { sheetId: 8, title: 'Precious' }, fields: 'title' };
    await elsewhere(world, id, { updateSheetProperties: renamed });
    expect(await refused(app, 'delete_sheet', { spreadsheet: id, sheet: 'Old' })).toContain('There is no sheet "Old".');
    expect([...(await sheetsOf(app, id)).keys()]).toEqual(['S', 'Precious']);
  });
});
