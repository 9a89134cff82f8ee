// Protected and named ranges, developer metadata, and new spreadsheets that bring their features along.

import type { sheets_v4 } from '@googleapis/sheets';
import { describe, expect, test } from 'vitest';
import { area, newSpreadsheet, openBench, refusal, verbsOf } from './clients.ts';

const bench = openBench();
const { batch, get, refused } = verbsOf(bench);

describe('protected ranges', () => {
  const add = (protectedRange: sheets_v4.Schema$ProtectedRange) => ({ addProtectedRange: { protectedRange } });
  const listed = async (id: string) =>
    (await get(id, 'sheets.protectedRanges')).sheets?.flatMap(({ protectedRanges = [] }) => protectedRanges);

  test('are answered and listed as Google does', async () => {
    const id = await newSpreadsheet(bench);
    const range = { sheetId: 0, ...area(0, 2, 0, 2) };
    const [reply] = (await batch(id, add({ range, warningOnly: true, requestingUserCanEdit: false }))) ?? [];
    const { protectedRangeId = 0 } = reply?.addProtectedRange?.protectedRange ?? {};
    const warning = { protectedRangeId, range: area(0, 2, 0, 2), requestingUserCanEdit: true, editors: {} };
    expect(reply).toEqual({ addProtectedRange: { protectedRange: { ...warning, warningOnly: true } } });
    expect(protectedRangeId).toBeGreaterThan(0);
    const update = (protectedRange: sheets_v4.Schema$ProtectedRange, fields: string) => ({
      updateProtectedRange: { protectedRange: { protectedRangeId, ...protectedRange }, fields },
    });
    await batch(id, update({ description: 'mine' }, 'description'), update({}, 'warningOnly'));
    const editors = { users: ['a@example.com'], groups: [] };
    await batch(id, update({ editors }, 'editors'));
    const kept = { ...warning, description: 'mine', editors: { users: ['a@example.com'] } };
    expect(await listed(id)).toEqual([kept]);
    expect(await batch(id, { deleteProtectedRange: { protectedRangeId } })).toEqual([{}]);
    expect(await listed(id)).toEqual([]);
    expect(await refused(id, { deleteProtectedRange: { protectedRangeId } })).toBe(
      `Invalid requests[0].deleteProtectedRange: No protected range with id: ${protectedRangeId}`,
    );
  });

  test('a whole sheet stays open and may have holes', async () => {
    const id = await newSpreadsheet(bench);
    await batch(id, add({ protectedRangeId: 5, range: {}, unprotectedRanges: [area(0, 1, 0, 1)] }));
    await batch(id, { appendDimension: { sheetId: 0, dimension: 'ROWS', length: 5 } });
    const printed = { protectedRangeId: 5, range: {}, requestingUserCanEdit: true, editors: {} };
    expect(await listed(id)).toEqual([{ ...printed, unprotectedRanges: [area(0, 1, 0, 1)] }]);
  });

  test('stand on named ranges and follow them', async () => {
    const id = await newSpreadsheet(bench);
    const named = { namedRangeId: 'n', name: 'There', range: area(1, 2, 1, 2) };
    await batch(id, { addNamedRange: { namedRange: named } }, add({ protectedRangeId: 5, namedRangeId: 'n' }));
    await batch(id, { updateNamedRange: { namedRange: { ...named, range: area(3, 4, 1, 2) }, fields: '*' } });
    const printed = { protectedRangeId: 5, requestingUserCanEdit: true, editors: {}, range: area(3, 4, 1, 2) };
    expect(await listed(id)).toEqual([{ ...printed, namedRangeId: 'n' }]);
    await batch(id, {
      updateProtectedRange: { protectedRange: { protectedRangeId: 5, range: area(0, 1, 0, 1) }, fields: 'range' },
    });
    expect(await listed(id)).toEqual([{ ...printed, range: area(0, 1, 0, 1) }]);
  });

  test.each<[string, sheets_v4.Schema$ProtectedRange, string]>([
    ['no place', { description: 'x' }, 'No range specified'],
    ['two places', { range: {}, namedRangeId: 'n' }, 'Only one of range, namedRangeId or tableId may be set.'],
    ['no such name', { namedRangeId: 'n' }, 'No named range with id: n'],
    [
      'editors of a warning',
      { range: {}, warningOnly: true, editors: { users: ['a@b.c'] } },
      'ProtectedRange is warningOnly. Editors cannot be set on it.',
    ],
    [
      'a hole in a range',
      { range: area(0, 2, 0, 2), unprotectedRanges: [area(0, 1, 0, 1)] },
      'Unprotected ranges are only supported on protected sheets.',
    ],
    ['no such sheet', { range: { sheetId: 3 } }, 'No grid with id: 3'],
    ['beyond the grid', { range: area(0, 2000, 0, 1) }, 'GridRange.endRowIndex[1999] is after last row in grid[999]'],
  ])('refused: %s', async (_, protectedRange, message) => {
    const id = await newSpreadsheet(bench);
    expect(await refused(id, add(protectedRange))).toContain(message);
    expect(await listed(id)).toEqual([]);
  });
});

describe('named ranges', () => {
  const named = { namedRangeId: 'n', name: 'Here', range: area(0, 2, 0, 1) };
  const add = (more: object = {}) => ({ addNamedRange: { namedRange: { ...named, ...more } } });

  test('are renamed in the formulas that speak of them', async () => {
    const id = await newSpreadsheet(bench);
    await batch(id, add());
    const values = [[1], [2], ['=SUM(here) + LEN("Here")']];
    const write = { spreadsheetId: id, range: 'A1', valueInputOption: 'USER_ENTERED', requestBody: { values } };
    await bench.sheets.spreadsheets.values.update(write);
    const rename = { namedRange: { namedRangeId: 'n', name: 'There' }, fields: 'name' };
    expect(await batch(id, { updateNamedRange: rename })).toEqual([{}]);
    const read = async (valueRenderOption: string) =>
      (await bench.sheets.spreadsheets.values.get({ spreadsheetId: id, range: 'A3', valueRenderOption })).data.values;
    expect(await read('FORMULA')).toEqual([['=SUM(There) + LEN("Here")']]);
    expect(await read('FORMATTED_VALUE')).toEqual([['7']]);
    expect((await get(id, 'namedRanges')).namedRanges).toEqual([{ ...named, name: 'There' }]);
  });

  test.each<[string, sheets_v4.Schema$Request, string]>([
    [
      'used name',
      add({ namedRangeId: 'm', name: 'HERE' }),
      'Cannot add named range with name: HERE, a named range with that name already exists.',
    ],
    ['used id', add({ name: 'Other' }), 'Cannot add named range with id: n'],
    ['a cell', add({ namedRangeId: 'm', name: 'B2' }), 'Invalid name: B2'],
    ['no range', { addNamedRange: { namedRange: { name: 'Other' } } }, 'No range specified.'],
    ['no mask', { updateNamedRange: { namedRange: named } }, "At least one field must be listed in 'fields'"],
    [
      'no such id',
      { updateNamedRange: { namedRange: { namedRangeId: 'q' }, fields: '*' } },
      'No named range with id: q',
    ],
    ['no name left', { updateNamedRange: { namedRange: { namedRangeId: 'n' }, fields: 'name' } }, 'Invalid name: '],
  ])('refused: %s', async (_, request, message) => {
    const id = await newSpreadsheet(bench);
    await batch(id, add());
    expect(await refused(id, request)).toContain(message);
    expect((await get(id, 'namedRanges')).namedRanges).toEqual([named]);
  });
});

describe('developer metadata', () => {
  test('is updated wherever a filter matches, under its mask', async () => {
    const id = await newSpreadsheet(bench);
    const mark = (metadataId: number, metadataKey: string) => ({
      createDeveloperMetadata: {
        developerMetadata: {
          metadataId,
          metadataKey,
          metadataValue: 'old',
          visibility: 'DOCUMENT',
          location: { sheetId: 0 },
        },
      },
    });
    await batch(id, mark(1, 'a'), mark(2, 'b'), mark(3, 'a'));
    const update = (lookup: object, developerMetadata: object, fields: string) => ({
      updateDeveloperMetadata: { dataFilters: [{ developerMetadataLookup: lookup }], developerMetadata, fields },
    });
    const kept = {
      metadataKey: 'a',
      metadataValue: 'new',
      visibility: 'DOCUMENT',
      location: { locationType: 'SHEET', sheetId: 0 },
    };
    const request = update({ metadataKey: 'a' }, { metadataKey: 'ignored', metadataValue: 'new' }, 'metadataValue');
    expect(await batch(id, request)).toEqual([
      {
        updateDeveloperMetadata: {
          developerMetadata: [
            { metadataId: 1, ...kept },
            { metadataId: 3, ...kept },
          ],
        },
      },
    ]);
    await batch(id, update({ metadataId: 2 }, { location: { spreadsheet: true } }, 'location'));
    expect((await get(id, 'developerMetadata.metadataId')).developerMetadata).toEqual([{ metadataId: 2 }]);
    expect(await batch(id, update({ metadataKey: 'z' }, {}, 'metadataValue'))).toEqual([
      { updateDeveloperMetadata: {} },
    ]);
    const long = { metadataValue: 'x'.repeat(29_990) };
    expect(await refused(id, update({ metadataKey: 'a' }, long, 'metadataValue'))).toContain('30000 characters');
    expect(await refused(id, update({ metadataKey: 'a' }, {}, 'visibility'))).toContain('must have a visibility');
    expect((await get(id, 'sheets.developerMetadata.metadataValue')).sheets?.[0]?.developerMetadata).toEqual([
      { metadataValue: 'new' },
      { metadataValue: 'new' },
    ]);
  });
});

describe('a new spreadsheet', () => {
  const colors = { firstBandColor: { red: 1 }, secondBandColor: { blue: 1 } };
  const given: sheets_v4.Schema$Sheet = {
    properties: { sheetId: 3, title: 'Full' },
    merges: [area(0, 1, 0, 2)],
    conditionalFormats: [{ ranges: [area(0, 2, 0, 1)], booleanRule: { condition: { type: 'BLANK' }, format: {} } }],
    filterViews: [{ filterViewId: 1, title: 'View', range: area(0, 5, 0, 2) }],
    protectedRanges: [{ protectedRangeId: 2, range: area(0, 1, 0, 1), warningOnly: true }],
    basicFilter: { range: area(4, 9, 0, 2), criteria: { 0: { hiddenValues: ['x'] } } },
    bandedRanges: [{ bandedRangeId: 4, range: area(0, 2, 0, 2), rowProperties: colors }],
    rowGroups: [
      { range: { dimension: 'ROWS', startIndex: 1, endIndex: 5 }, depth: 1 },
      { range: { dimension: 'ROWS', startIndex: 2, endIndex: 4 }, depth: 2, collapsed: true },
    ],
    developerMetadata: [{ metadataId: 6, metadataKey: 'k', visibility: 'DOCUMENT' }],
    data: [
      { startColumn: 1, columnMetadata: [{ pixelSize: 40 }, { hiddenByUser: true }] },
      { startRow: 5, rowData: [{ values: [{ userEnteredValue: { stringValue: 'x' } }] }] },
    ],
  };

  test('has what its sheets were given', async () => {
    const id = await newSpreadsheet(bench, [{ properties: { title: 'First' } }, given]);
    const parts = 'merges,conditionalFormats.ranges,filterViews.title,protectedRanges.range,basicFilter.range';
    const more = 'bandedRanges.bandedRangeId,rowGroups(depth,collapsed),developerMetadata.metadataId';
    const metadata = 'data(columnMetadata,rowMetadata(hiddenByFilter,hiddenByUser))';
    const [, full] = (await get(id, `sheets(${parts},${more},${metadata})`)).sheets ?? [];
    const { data, ...rest } = full ?? {};
    expect(rest).toEqual({
      merges: [{ sheetId: 3, ...area(0, 1, 0, 2) }],
      conditionalFormats: [{ ranges: [{ sheetId: 3, ...area(0, 2, 0, 1) }] }],
      filterViews: [{ title: 'View' }],
      protectedRanges: [{ range: { sheetId: 3, ...area(0, 1, 0, 1) } }],
      basicFilter: { range: { sheetId: 3, ...area(4, 9, 0, 2) } },
      bandedRanges: [{ bandedRangeId: 4 }],
      rowGroups: [{ depth: 1 }, { depth: 2, collapsed: true }],
      developerMetadata: [{ metadataId: 6 }],
    });
    expect(data?.[0]?.columnMetadata?.slice(0, 4)).toEqual([
      { pixelSize: 100 },
      { pixelSize: 40 },
      { pixelSize: 100, hiddenByUser: true },
      { pixelSize: 100 },
    ]);
    const hidden = { hiddenByUser: true };
    expect(data?.[0]?.rowMetadata?.slice(1, 7)).toEqual([{}, hidden, hidden, {}, { hiddenByFilter: true }, {}]);
  });

  test('is not made at all when something in it is refused', async () => {
    const files = async () => (await bench.drive.files.list({ q: "name = 'Test'", pageSize: 1000 })).data.files?.length;
    const before = await files();
    const made = newSpreadsheet(bench, [{ ...given, merges: [area(0, 1, 0, 99)] }]);
    expect(await refusal(made)).toMatchObject({ status: 400, message: expect.stringContaining('endColumnIndex[98]') });
    expect(await files()).toBe(before);
  });
});
