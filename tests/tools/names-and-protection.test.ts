// Named ranges and protections through the front door: set, read back, moved or replaced, refused in words.

import { describe, expect, test } from 'vitest';
import { objectBench } from '../support/objects.ts';

const ROWS = [
  ['kind', 'rate'],
  ['low', 1],
  ['high', 2],
];

describe('a named range', () => {
  test('is created, read by its name, and moves', async () => {
    const { call, names, app, id } = await objectBench(ROWS);
    const made = await call('set_named_range', { name: 'rates', range: 'S!B2:B3' });
    expect(made).toEqual({ status: 'applied', name: 'rates', range: "'S'!B2:B3", namedRangeId: expect.any(String) });
    expect(await names()).toEqual(['rates: S!B2:B3']);
    const read = async () =>
      (await app.rest('read_range', { spreadsheet: id, ranges: ['rates'], render: 'unformatted' })).body.ranges[0].rows;
    expect(await read()).toEqual([[1], [2]]);
    // Names do not differ by case; what is in memory of the old place is forgotten.
    expect(await call('set_named_range', { name: 'RATES', range: 'S!B3' })).toEqual({
      status: 'applied',
      name: 'rates',
      range: "'S'!B3",
      namedRangeId: made.namedRangeId,
      previousRange: "'S'!B2:B3",
    });
    expect([await read(), await names()]).toEqual([[[2]], ['rates: S!B3']]);
    expect(await call('set_named_range', { name: 'rates', range: 'S!B3' })).toMatchObject({ status: 'unchanged' });
  });

  test('that somebody else has made or taken away meanwhile is seen', async () => {
    const { call, update, names } = await objectBench(ROWS);
    await names();
    const range = { sheetId: 7, startRowIndex: 0, endRowIndex: 1, startColumnIndex: 0, endColumnIndex: 1 };
    await update({ addNamedRange: { namedRange: { namedRangeId: 'theirs', name: 'rates', range } } });
    const moved = await call('set_named_range', { name: 'rates', range: 'S!B2' });
    expect(moved).toMatchObject({ namedRangeId: 'theirs', previousRange: "'S'!A1" });
    await update({ deleteNamedRange: { namedRangeId: 'theirs' } });
    expect(await call('set_named_range', { name: 'rates', range: 'S!B2' })).not.toHaveProperty('previousRange');
  });

  test('that is hidden by a sheet of its name, or hides a table, is warned of', async () => {
    const { call } = await objectBench(ROWS);
    await call('set_table', { range: 'S!A1:B3', name: 'Rates' });
    expect((await call('set_named_range', { name: 'rates', range: 'S!B2' })).warnings).toEqual([
      'A table is called "rates" too: as a range it now means the named range.',
    ]);
    expect((await call('set_named_range', { name: 'S', range: 'S!B2' })).warnings).toEqual([
      'A sheet is called "S" too: as a range it means that.',
    ]);
  });

  test.each<[string, RegExp]>([
    ['my rates', /has a blank/],
    ['my-rates', /no letter, number or underscore/],
    ['a.b', /no letter, number or underscore/],
    ['1st', /begins with a number/],
    ['TRUE', /it is a value/],
    ['A1', /reads as a cell\./],
    ['tax2026', /reads as a cell\./],
    ['r1c1', /R1C1/],
    ['x'.repeat(251), /over 250 characters/],
  ])('called %j is refused with the reason, and nothing is sent', async (name, says) => {
    const { call, world, names } = await objectBench(ROWS);
    const refused = await call('set_named_range', { name, range: 'S!B2' });
    expect(refused).toMatchObject({ code: 'invalid_argument', detail: expect.stringMatching(says) });
    expect([world.writes().length, await names()]).toEqual([0, []]);
  });

  test.each(['_x', 'Straße', 'q1_rates', 'tax_2026', 'r2d2', 'abcd12'])('may be called %j', async (name) => {
    const { call } = await objectBench(ROWS);
    expect(await call('set_named_range', { name, range: 'S!B2' })).toMatchObject({ status: 'applied', name });
  });

  test('of no such cells is refused', async () => {
    const { call, world } = await objectBench(ROWS);
    expect(await call('set_named_range', { name: 'x', range: 'Sx!B2' })).toMatchObject({ code: 'not_found' });
    expect(await call('set_named_range', { name: 'x', range: 'S!B2000' })).toMatchObject({ code: 'invalid_argument' });
    expect(world.writes()).toEqual([]);
  });
});

describe('a protection', () => {
  test('of cells names who may edit, and is replaced by the next one of just those cells', async () => {
    const { call, described, raw } = await objectBench(ROWS);
    const editors = ['ada@example.com', 'bob@example.com'];
    const made = await call('set_protection', { range: 'S!A1:B1', editors, description: 'Headers' });
    expect(made).toEqual({ status: 'applied', range: "'S'!A1:B1", protectedRangeId: expect.any(Number) });
    const { protectedRangeId } = made;
    expect((await described()).protectedRanges).toEqual([
      `${protectedRangeId}: A1:B1, editors ada@example.com bob@example.com: Headers`,
    ]);
    expect(await call('set_protection', { range: 'S!A1:B1', warningOnly: true })).toEqual({
      ...made,
      replaced: true,
    });
    expect((await described()).protectedRanges).toEqual([`${protectedRangeId}: A1:B1, warning only`]);
    await call('set_protection', { range: 'S!A1:B1' });
    expect((await described()).protectedRanges).toEqual([`${protectedRangeId}: A1:B1`]);
    const other = await call('set_protection', { range: 'S!A1:B2' });
    expect(other).not.toHaveProperty('replaced');
    expect((await raw('sheets.protectedRanges.protectedRangeId')).sheets[0].protectedRanges).toHaveLength(2);
  });

  test('of a sheet leaves ranges open', async () => {
    const { call, described } = await objectBench(ROWS);
    const made = await call('set_protection', { sheet: 'S', except: ['S!B2:B3', 'D1'] });
    expect(made).toMatchObject({ range: "'S'" });
    const id = made.protectedRangeId;
    expect((await described()).protectedRanges).toEqual([`${id}: the whole sheet, except B2:B3 D1`]);
    expect(await call('set_protection', { sheet: 7 })).toMatchObject({ protectedRangeId: id, replaced: true });
    expect((await described()).protectedRanges).toEqual([`${id}: the whole sheet`]);
    // A range that is open covers the same as its closed form.
    const column = await call('set_protection', { range: 'S!A:A' });
    expect(await call('set_protection', { range: 'S!A1:A1000' })).toMatchObject({
      protectedRangeId: column.protectedRangeId,
      replaced: true,
    });
  });

  test.each<[string, object, RegExp]>([
    ['nothing', {}, /neither range nor sheet/],
    ['both', { range: 'S!A1', sheet: 'S' }, /both range and sheet/],
    ['a warning with editors', { range: 'S!A1', warningOnly: true, editors: ['a@b.c'] }, /exclude each other/],
    ['an editor who is none', { range: 'S!A1', editors: ['ada'] }, /editors\[0\]: expected an e-mail address/],
    ['open cells in a range', { range: 'S!A1:B9', except: ['S!A2'] }, /here a range is protected/],
    ['open cells elsewhere', { sheet: 'S', except: ['Other!A2'] }, /'Other'!A2 is not on the protected sheet S/],
    ['an unknown sheet', { sheet: 'Sx' }, /There is no sheet "Sx"/],
    ['cells beyond', { range: 'S!A1:A5000' }, /1000 rows/],
  ])('of %s is refused, and nothing is done', async (_, input, says) => {
    const { call, update, world, raw } = await objectBench(ROWS);
    await update({ addSheet: { properties: { title: 'Other' } } });
    expect((await call('set_protection', input)).detail).toMatch(says);
    expect([world.writes(), JSON.stringify(await raw('sheets.protectedRanges'))]).toEqual([
      [],
      expect.not.stringContaining('Id'),
    ]);
  });
});
