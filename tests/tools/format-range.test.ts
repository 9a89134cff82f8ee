// What format_range does to cells and leaves alone, through the front door, told by read_format and by the API itself.

import { describe, expect, test } from 'vitest';
import { formatRanges } from '../../src/sheets/format.ts';
import { testApp } from '../support/app.ts';
import { failureOf } from '../support/fake-google.ts';
import { createVerbs } from '../support/verbs.ts';
import { createWorld, startApp } from '../support/wired-app.ts';

type App = Awaited<ReturnType<typeof testApp>>;

const TABLE = [
  ['name', 'n', 'when'],
  ['a', 1, '2026-01-02'],
  ['b', 2, '2026-01-03'],
];

async function book(app: App, rows: unknown[][] = TABLE) {
  const { body } = await app.rest('create_spreadsheet', {
    title: 'T',
    sheets: [
      { title: 'S', rows },
      { title: "It's", rows: [['x', 'y']] },
    ],
  });
  const id: string = body.id;
  return {
    id,
    format: async (...formats: object[]) => (await app.rest('format_range', { spreadsheet: id, formats })).body,
    formats: async (range = 'S!A1:C3') => (await app.rest('read_format', { spreadsheet: id, range })).body.formats,
    rows: async (range = 'S') =>
      (await app.rest('read_range', { spreadsheet: id, ranges: [range], render: 'unformatted' })).body.ranges[0].rows,
  };
}

describe('what is given', () => {
  test('is told again by read_format in the same words, whole columns and rows as one', async () => {
    const app = await testApp();
    const { format, formats } = await book(app, []);
    const given = [
      {
        range: "'S'!1:1",
        text: {
          bold: true,
          italic: true,
          underline: true,
          strikethrough: true,
          color: '#ffffff',
          size: 14,
          font: 'Roboto',
        },
        background: '#0b5394',
        align: 'center middle',
        wrap: 'wrap',
        borders: { bottom: 'medium' },
        rowHeight: 40,
      },
      { range: "'S'!B2:B1000", number: '"€" #,##0.00', text: { link: 'https://example.com/' }, note: 'in euros' },
      { range: ["'S'!A:A", "'S'!C:D"], columnWidth: 250 },
      { range: ["'S'!E5:F6", "'S'!H5:J5"], merge: 'all' },
    ];
    const told = await format(...given);
    expect(told).toEqual({
      status: 'applied',
      ranges: ["'S'!1:1", "'S'!B2:B1000", "'S'!A:A", "'S'!C:D", "'S'!E5:F6", "'S'!H5:J5"],
      writeId: expect.any(String),
    });
    const byRange = (entries: { range: unknown }[]) => entries.map((one) => [JSON.stringify(one.range), one]).sort();
    const [, euros, ...rest] = given;
    expect(byRange(await formats('S'))).toEqual(byRange([given[0]!, euros!, ...rest]));
  });

  test.each([
    ['a name', 'Mine', "'S'!B2:B3"],
    ['a title', "It's", "'It''s'"],
    ['cells on the first sheet', 'B2', "'S'!B2"],
    ['a title and cells', "It's!1:1", "'It''s'!1:1"],
  ])('is for a range by %s', async (_, range, a1) => {
    const { book, update, writing, emulator } = createVerbs();
    const id = await book([
      ['a', 'b'],
      ['c', 'd'],
      ['e', 'f'],
    ]);
    const { sheets } = await (await emulator.fetch(new Request(`http://emulator/v4/spreadsheets/${id}`))).json();
    const { sheetId } = sheets[0].properties;
    const cells = { sheetId, startRowIndex: 1, endRowIndex: 3, startColumnIndex: 1, endColumnIndex: 2 };
    await update(
      id,
      { addSheet: { properties: { title: "It's" } } },
      { addNamedRange: { namedRange: { name: 'Mine', range: cells } } },
    );
    const work = writing(id, (verbs) => verbs.on(id, (desk) => formatRanges(desk, [{ range, number: '0' }]), [range]));
    expect(await work).toEqual({ status: 'applied', ranges: [a1] });
  });

  test('leaves everything else of a cell as it was, values and validation too', async () => {
    const app = await testApp();
    const { id, format, formats, rows } = await book(app);
    const before = {
      range: "'S'!A2",
      number: '0.0',
      text: { italic: true, color: '#ff0000' },
      background: '#00ff00',
      align: 'left top',
      wrap: 'clip',
      borders: { all: 'thin' },
      note: 'kept',
    };
    await format(before);
    const rule = { type: 'one_of_list', values: ['a', 'b'] };
    await app.rest('set_validation', { spreadsheet: id, range: 'S!A2', rule });
    const values = await rows();
    await format({ range: 'S!A2', text: { bold: true } });
    expect(await formats('S!A2')).toEqual([{ ...before, text: { ...before.text, bold: true } }]);
    await format({ range: 'S!A2', background: '#0000ff', align: 'right', borders: { left: 'none' } });
    const { body } = await app.rest('read_format', { spreadsheet: id, range: 'S!A2' });
    expect(body).toMatchObject({
      formats: [
        {
          ...before,
          text: { italic: true, color: '#ff0000', bold: true },
          background: '#0000ff',
          align: 'right top',
          borders: { top: 'thin', bottom: 'thin', right: 'thin' },
        },
      ],
      validation: [{ range: "'S'!A2", rule }],
    });
    expect(body.formats[0].borders).toEqual({ bottom: 'thin', top: 'thin', right: 'thin' });
    expect(await rows()).toEqual(values);
  });

  test('goes where null is given, and nothing else', async () => {
    const app = await testApp();
    const { format, formats } = await book(app, []);
    const all = {
      range: "'S'!A2",
      number: '0.0',
      text: { italic: true, color: '#ff0000', size: 12 },
      background: '#00ff00',
      align: 'left top',
      wrap: 'clip',
      borders: { all: 'thin' },
      note: 'n',
    };
    await format({ ...all, columnWidth: 60 }, { range: 'S!C5:D5', merge: 'all' });
    await format({ range: 'S!A2', text: { color: null }, number: null, borders: { top: null } });
    expect(await formats('S!A2')).toEqual([
      expect.objectContaining({ text: { italic: true, size: 12 }, background: '#00ff00', note: 'n', wrap: 'clip' }),
      { range: "'S'!A:A", columnWidth: 60 },
    ]);
    await format(
      { range: 'S!A2', text: null, background: null, align: null, wrap: null, borders: null, note: null },
      { range: 'S!A2', columnWidth: null },
      { range: 'S!C5:D5', merge: null },
    );
    expect(await formats('S')).toEqual([]);
  });

  test('of several entries the later has the last say', async () => {
    const app = await testApp();
    const { format, formats } = await book(app, []);
    await format({ range: 'S!A1:B2', background: '#ff0000' }, { range: 'S!B2', background: '#0000ff' });
    expect(await formats('S')).toEqual([
      { range: ["'S'!A1:B1", "'S'!A2"], background: '#ff0000' },
      { range: "'S'!B2", background: '#0000ff' },
    ]);
  });

  test('is seen by a read that was in memory before', async () => {
    const app = await testApp();
    const { id, format } = await book(app, []);
    const read = async () => (await app.rest('read_format', { spreadsheet: id, range: 'S!A1' })).body;
    expect(await read()).toMatchObject({ formats: [] });
    expect(await read()).toMatchObject({ source: 'cache' });
    await format({ range: 'S!A1', wrap: 'clip' });
    expect(await read()).toMatchObject({ formats: [{ range: "'S'!A1", wrap: 'clip' }], source: 'live' });
  });
});

describe('a merge', () => {
  test.each([
    ['all', 'S!A1:B2', ['S!B1', 'S!A2', 'S!B2']],
    ['rows', 'S!A1:B2', ['S!B1', 'S!B2']],
    ['columns', 'S!A1:B2', ['S!A2', 'S!B2']],
    ['all', 'S!C:C', ['S!C2', 'S!C3']],
  ])('of %s that would lose cells is refused, and nothing of the call is done', async (merge, range, lost) => {
    const app = await testApp();
    const { format, formats, rows } = await book(app);
    expect(await format({ range: 'S!A1', background: '#ff0000' }, { range, merge })).toMatchObject({
      status: 409,
      code: 'conflict',
      detail: `Merging would lose what these cells hold: ${lost.join(', ')}. Nothing was formatted.`,
      hint: expect.stringMatching(/keeps only its top left cell.*clear_range/),
    });
    expect(await rows()).toHaveLength(3);
    expect(JSON.stringify(await formats())).not.toMatch(/ff0000|merge/);
  });

  test('of cells that only the first of which holds something keeps it', async () => {
    const app = await testApp();
    const { format, formats, rows } = await book(app, [
      ['title', '', ''],
      ['', '', ''],
      ['left', '', ''],
    ]);
    await format(
      { range: 'S!A1:C2', merge: 'all' },
      { range: 'S!A3:C4', merge: 'rows' },
      { range: 'S!E1:F2', merge: 'columns' },
    );
    expect(await rows()).toEqual([['title'], [], ['left']]);
    expect(await formats('S')).toEqual([
      { range: ["'S'!A1:C2", "'S'!A3:C3", "'S'!A4:C4", "'S'!E1:E2", "'S'!F1:F2"], merge: 'all' },
    ]);
    await format({ range: 'S!A1:C4', merge: 'none' });
    expect(await formats('S')).toEqual([{ range: ["'S'!E1:E2", "'S'!F1:F2"], merge: 'all' }]);
  });

  test('of too many cells to look at is refused', async () => {
    const { book, update, writing, emulator } = createVerbs();
    const id = await book([]);
    const { sheets } = await (await emulator.fetch(new Request(`http://emulator/v4/spreadsheets/${id}`))).json();
    await update(id, { appendDimension: { sheetId: sheets[0].properties.sheetId, dimension: 'ROWS', length: 5_000 } });
    const merge = () =>
      writing(id, (verbs) => verbs.on(id, (desk) => formatRanges(desk, [{ range: 'S', merge: 'rows' }]), ['S']));
    await expect(merge()).rejects.toMatchObject({ code: 'too_large', details: { outcome: 'none' } });
  });
});

describe('what is refused', () => {
  const one = (format: object) => ({ formats: [{ range: 'S!A1', ...format }] });

  const WRONG: readonly (readonly [what: string, input: object, words: RegExp])[] = [
    [
      'nothing to do',
      { formats: [{ range: 'S!A1' }] },
      /says nothing of its range: give one of number, text, background/,
    ],
    ['no entry', { formats: [] }, /formats: Too small/],
    ['no range', { formats: [{ wrap: 'clip' }] }, /formats\[0\]\.range: expected a range, or a list of ranges/],
    [
      'an unknown property',
      one({ colour: '#ff0000' }),
      /unknown key "colour".* in formats\[0\], which takes range, number, text/,
    ],
    [
      'an unknown property of text',
      one({ text: { colour: '#ff0000' } }),
      /"colour" \(did you mean "color"\?\) in formats\[0\]\.text, which takes bold, /,
    ],
    ['a text that says nothing', one({ text: {} }), /formats\[0\]\.text: says nothing/],
    ['a colour by name', one({ background: 'red' }), /background: expected a colour such as "#ff0000"/],
    ['a short colour', one({ text: { color: '#f00' } }), /text\.color: expected a colour such as "#ff0000"/],
    [
      'a format misspelt',
      one({ number: 'currncy' }),
      /number: expected a pattern such as .*, or one of text, number, percent, currency/,
    ],
    [
      'an alignment misspelt',
      one({ align: 'centre' }),
      /align: expected one of left, center, right, one of top, middle, bottom/,
    ],
    ['two alignments of one kind', one({ align: 'left right' }), /align: expected one of left/],
    ['an unknown wrap', one({ wrap: 'truncate' }), /wrap: .*"overflow"\|"clip"\|"wrap"/],
    [
      'an unknown border',
      one({ borders: { all: 'solid' } }),
      /borders\.all: expected one of thin, medium, thick, dashed, dotted, double, none/,
    ],
    ['a border without a style', one({ borders: { all: '#ff0000' } }), /borders\.all: expected one of thin/],
    [
      'an unknown side',
      one({ borders: { outer: 'thin' } }),
      /"outer".* in formats\[0\]\.borders, which takes all, inner, horizontal/,
    ],
    ['an unknown merge', one({ merge: 'cells' }), /merge: .*"all"\|"rows"\|"columns"\|"none"/],
    ['a width of nothing', one({ columnWidth: 0 }), /columnWidth: Too small/],
    [
      'more ranges than a call takes',
      { formats: Array.from({ length: 3 }, () => ({ range: Array(200).fill('S!A1'), wrap: 'clip' })) },
      /formats: holds more than 500 ranges/,
    ],
    ['a note that is no text', one({ note: 5 }), /note: .*expected string/],
  ];

  test('arguments that are wrong, in words that tell the right ones; nothing is sent', async () => {
    const app = await testApp();
    const calls: string[] = [];
    app.subscribe((event) => void (event.type === 'api_call' && calls.push(event.method)));
    for (const [what, input, words] of WRONG) {
      const { status, body } = await app.rest('format_range', { spreadsheet: 'no-such-spreadsheet', ...input });
      expect([what, status, body.code]).toEqual([what, 400, 'invalid_argument']);
      expect(body.detail, what).toMatch(words);
    }
    expect(calls).toEqual([]);
  });

  test('a sheet that is not there, with the nearest; nothing is formatted', async () => {
    const app = await testApp();
    const { format, formats } = await book(app, []);
    expect(await format({ range: 'S!A1', wrap: 'clip' }, { range: 'Itts!A1', wrap: 'clip' })).toMatchObject({
      code: 'not_found',
      hint: expect.stringContaining('Did you mean "It\'s"?'),
    });
    expect(await format({ range: 'S!A1', wrap: 'clip' }, { range: 'S!A5000', wrap: 'clip' })).toMatchObject({
      code: 'invalid_argument',
    });
    expect(await formats('S')).toEqual([]);
  });

  test('a note that looks like a formula that fetches is a note', async () => {
    const app = await testApp();
    const { format, formats } = await book(app, []);
    const note = '=IMPORTDATA("https://example.com/")';
    await format({ range: 'S!A1', note });
    expect(await formats('S')).toEqual([{ range: "'S'!A1", note }]);
  });
});

describe('names that are out of date', () => {
  async function rig() {
    const memory = new Map<string, Promise<unknown>>();
    const verbs = createVerbs((next) => async (call, signal) => {
      if (call.kind === 'write' || call.live) return next(call, signal);
      memory.set(call.key, memory.get(call.key) ?? next(call, signal));
      return memory.get(call.key);
    });
    const id = await verbs.book([['a']]);
    const { sheets } = await verbs.sheets.describe(id, []);
    await verbs.sheets.read(id, ['S!A1'], 'formatted');
    const sheetId = sheets[0]?.sheetId;
    const format = () =>
      verbs.writing(id, (sheets) =>
        sheets.on(id, (desk) => formatRanges(desk, [{ range: 'S!A1', wrap: 'clip' }]), ['S!A1']),
      );
    return { ...verbs, id, sheetId, format };
  }

  test('a sheet that was renamed is formatted, and said to be', async () => {
    const { update, id, sheetId, format } = await rig();
    await update(id, { updateSheetProperties: { properties: { sheetId, title: 'T' }, fields: 'title' } });
    expect(await format()).toEqual({
      status: 'applied',
      ranges: ["'S'!A1"],
      warnings: ['The sheet "S" was renamed to "T" meanwhile: that is where this was done.'],
    });
  });

  test('a sheet that is gone is refused by its name', async () => {
    const { update, id, sheetId, format } = await rig();
    await update(id, { addSheet: { properties: { title: 'Other' } } }, { deleteSheet: { sheetId } });
    await expect(format()).rejects.toMatchObject({ code: 'not_found', message: 'There is no sheet "S".' });
  });
});

describe('on the wire', () => {
  const POST = { method: 'POST', path: ':batchUpdate' } as const;
  const bold = (spreadsheet: string, range: string) => ({ spreadsheet, formats: [{ range, text: { bold: true } }] });

  test('a reply that is lost is answered as applied, once', async () => {
    const world = await createWorld();
    const app = await startApp(world);
    const spreadsheet = await world.book([['h']]);
    world.emulator.setFaults({ rules: [{ ...POST, count: 1, fault: { reset: 'after' } }] });
    const told = await world.until(app.run('format_range', bold(spreadsheet, 'S!A1')));
    expect(told).toEqual({ status: 'applied', ranges: ["'S'!A1"], writeId: expect.any(String) });
    const [first, second, ...more] = world.writes();
    expect([first?.body === second?.body, more]).toEqual([true, []]);
    const { formats } = await world.until(app.run('read_format', { spreadsheet, range: 'S' }));
    expect(formats).toEqual([{ range: "'S'!A1", text: { bold: true } }]);
  });

  test('while Google cannot be asked it is kept, and made afterwards', async () => {
    const world = await createWorld();
    const app = await startApp(world);
    const spreadsheet = await world.book([['h']]);
    app.circuits.service('google_sheets_api').isolate(10_000);
    expect(await world.until(app.run('format_range', bold(spreadsheet, 'S!A1')))).toMatchObject({ status: 'queued' });
    const refused = failureOf(app.run('format_range', { spreadsheet, formats: [{ range: 'S!A1', wrap: 'x' }] }));
    expect((await world.until(refused)).code).toBe('invalid_argument');
    await world.pass(20_000, 500);
    const { formats } = await world.until(app.run('read_format', { spreadsheet, range: 'S' }));
    expect(formats).toEqual([{ range: "'S'!A1", text: { bold: true } }]);
  });

  test('formats, values and validation of several callers go as one; the one that Google refuses fails alone', async () => {
    const world = await createWorld();
    const app = await startApp(world);
    const spreadsheet = await world.book([['h']]);
    const columnProperties = [{ columnIndex: 0, columnName: 'n', columnType: 'DOUBLE' }];
    const range = { sheetId: 7, startRowIndex: 10, endRowIndex: 12, startColumnIndex: 0, endColumnIndex: 1 };
    await world.direct(`/${spreadsheet}:batchUpdate`, {
      requests: [{ addTable: { table: { name: 'Typed', range, columnProperties } } }],
    });
    await world.until(app.run('read_range', { spreadsheet, ranges: ['S!A1'] }));
    const before = world.sent.length;
    const rule = { type: 'boolean' };
    const works = [
      app.run('append_rows', { spreadsheet, sheet: 'S', rows: [['first']] }),
      app.run('format_range', bold(spreadsheet, 'S!A1')),
      app.run('set_validation', { spreadsheet, range: 'S!A12', rule }),
      app.run('write_range', { spreadsheet, writes: [{ range: 'S!B1', values: [['v']] }] }),
      app.run('set_validation', { spreadsheet, range: 'S!B1', rule }),
      app.run('format_range', { spreadsheet, formats: [{ range: 'S!B1', note: 'n', borders: { all: 'thin' } }] }),
    ];
    const ended = await world.until(Promise.allSettled(works));
    expect(ended.map(({ status }) => status)).toEqual([
      'fulfilled',
      'fulfilled',
      'rejected',
      'fulfilled',
      'fulfilled',
      'fulfilled',
    ]);
    expect(ended[2]).toMatchObject({
      reason: { code: 'invalid_argument', message: expect.stringMatching(/requests\[0\].*typed columns/) },
    });
    expect(ended[5]).toMatchObject({ value: { status: 'applied', ranges: ["'S'!B1"] } });
    const batches = world.sent.slice(before).filter(({ path }) => path.endsWith(':batchUpdate'));
    expect(batches.length).toBeLessThanOrEqual(4);
    expect(
      batches.some(({ kinds }) =>
        ['repeatCell', 'setDataValidation', 'updateBorders'].every((kind) => kinds.includes(kind)),
      ),
    ).toBe(true);
    const { formats, validation } = await world.until(app.run('read_format', { spreadsheet, range: 'S!A1:B2' }));
    expect(formats).toEqual([
      { range: "'S'!A1", text: { bold: true } },
      { range: "'S'!B1", borders: { all: 'thin' }, note: 'n' },
    ]);
    expect(validation).toEqual([{ range: "'S'!B1", rule }]);
  });
});
