// Basic filters, the rows they hide and sort, and filter views.

import type { sheets_v4 } from '@googleapis/sheets';
import { beforeEach, describe, expect, test } from 'vitest';
import { area, newSpreadsheet, openBench, verbsOf } from './clients.ts';

const bench = openBench();
const { batch, sheet, refused } = verbsOf(bench);

let id = '';
beforeEach(async () => {
  id = await newSpreadsheet(bench);
  await bench.sheets.spreadsheets.values.update({
    spreadsheetId: id,
    range: 'A1',
    valueInputOption: 'USER_ENTERED',
    requestBody: {
      values: [
        ['name', 'age'],
        ['Alice', 30],
        ['Bob', 25],
        ['Carol', 35],
        ['Dave', ''],
      ],
    },
  });
});

/** Rows, counted from 1, that the filter hides. */
const hidden = async () => {
  const { data } = await sheet(id, 'data.rowMetadata.hiddenByFilter', ['A1:A8']);
  return (data?.[0]?.rowMetadata ?? []).flatMap(({ hiddenByFilter }, row) => (hiddenByFilter ? [row + 1] : []));
};
const set = (filter: sheets_v4.Schema$BasicFilter) => ({ setBasicFilter: { filter } });
const only = (type: string, ...values: string[]) => ({
  condition: { type, ...(values.length > 0 && { values: values.map((userEnteredValue) => ({ userEnteredValue })) }) },
});

describe('a basic filter', () => {
  test('covers what it is given, replaces the one before and is cleared', async () => {
    expect(await batch(id, set({ range: { sheetId: 0 } }))).toEqual([{}]);
    expect(await sheet(id, 'basicFilter')).toEqual({ basicFilter: { range: area(0, 1000, 0, 26) } });
    await batch(id, set({ range: { sheetId: 0, ...area(0, 2, 1, 3) } }));
    expect(await sheet(id, 'basicFilter')).toEqual({ basicFilter: { range: area(0, 2, 1, 3) } });
    expect(await batch(id, { clearBasicFilter: { sheetId: 0 } }, { clearBasicFilter: {} })).toEqual([{}, {}]);
    expect(await sheet(id, 'basicFilter')).toEqual({});
  });

  test('prints its criteria in both spellings, whichever it was given', async () => {
    const criteria = { 0: { hiddenValues: ['Bob'] }, 1: only('NUMBER_GREATER', '26') };
    const filterSpecs = [
      { columnIndex: 0, filterCriteria: criteria[0] },
      { columnIndex: 1, filterCriteria: criteria[1] },
    ];
    const printed = { range: area(0, 5, 0, 2), criteria, filterSpecs };
    await batch(id, set({ range: area(0, 5, 0, 2), criteria }));
    expect(await sheet(id, 'basicFilter')).toEqual({ basicFilter: printed });
    await batch(id, set({ range: area(0, 5, 0, 2), filterSpecs, criteria: { 0: only('BLANK') } }));
    expect(await sheet(id, 'basicFilter')).toEqual({ basicFilter: printed });
    expect(await hidden()).toEqual([3, 5]);
  });

  test.each<[string, sheets_v4.Schema$FilterCriteria, number[]]>([
    ['hidden values', { hiddenValues: ['30', ''] }, [2, 5]],
    ['blanks', only('BLANK'), [2, 3, 4]],
    ['a number', only('NUMBER_LESS', '31'), [4, 5]],
    ['a formula', only('CUSTOM_FORMULA', '=B2=MAX(B$2:B$5)'), [2, 3, 5]],
    ['a colour', { visibleBackgroundColor: { red: 1 } }, [2, 4, 5]],
  ])('hides rows by %s, never its header', async (_, filterCriteria, rows) => {
    const cell = { userEnteredFormat: { backgroundColor: { red: 1 } } };
    const fields = 'userEnteredFormat.backgroundColor';
    await batch(id, { repeatCell: { range: area(2, 3, 1, 2), cell, fields } });
    await batch(id, set({ range: area(0, 5, 0, 2), filterSpecs: [{ columnIndex: 1, filterCriteria }] }));
    expect(await hidden()).toEqual(rows);
    await batch(id, { clearBasicFilter: {} });
    expect(await hidden()).toEqual([]);
  });

  test('sorts the rows below its header', async () => {
    const sortSpecs = [{ dimensionIndex: 1, sortOrder: 'DESCENDING' }];
    await batch(id, set({ range: area(0, 5, 0, 2), sortSpecs }));
    const { data } = await bench.sheets.spreadsheets.values.get({ spreadsheetId: id, range: 'A1:A5' });
    expect(data.values?.flat()).toEqual(['name', 'Carol', 'Alice', 'Bob', 'Dave']);
    expect((await sheet(id, 'basicFilter.sortSpecs')).basicFilter?.sortSpecs).toEqual(sortSpecs);
  });

  test('rows it hides keep their validation unless they are included', async () => {
    await batch(id, set({ range: area(0, 5, 0, 2), criteria: { 1: { hiddenValues: ['25'] } } }));
    const rule = { condition: { type: 'NOT_BLANK' } };
    const validation = { condition: { type: 'NUMBER_GREATER', values: [{ userEnteredValue: '1' }] } };
    expect(await refused(id, { setDataValidation: { range: area(1, 4, 1, 2), rule } })).toContain('NOT_BLANK');
    const ruled = async () => {
      const { data } = await sheet(id, 'data.rowData.values.dataValidation', ['B1:B5']);
      return data?.[0]?.rowData?.map(({ values }) => values?.[0]?.dataValidation !== undefined);
    };
    const request = { range: area(1, 4, 1, 2), rule: validation };
    await batch(id, { setDataValidation: request });
    expect(await ruled()).toEqual([false, true, false, true]);
    await batch(id, { setDataValidation: { ...request, filteredRowsIncluded: true } });
    expect(await ruled()).toEqual([false, true, true, true]);
  });

  test.each<[string, sheets_v4.Schema$Request, string]>([
    ['no filter', { setBasicFilter: {} }, 'No filter specified.'],
    ['no range', set({}), 'No range specified.'],
    ['two places', set({ range: {}, tableId: 'x' }), 'Only one of range, namedRangeId or tableId may be set.'],
    ['no such table', set({ tableId: 'x' }), 'No table with id: x'],
    ['column outside', set({ range: area(0, 5, 0, 2), criteria: { 4: {} } }), 'FilterSpec.columnIndex[4]'],
    ['no column', set({ range: area(0, 5, 0, 2), criteria: { x: {} } }), 'Invalid column index in criteria: x'],
    [
      'sort outside',
      set({ range: area(0, 5, 0, 2), sortSpecs: [{ dimensionIndex: 9 }] }),
      'SortSpec.dimensionIndex[9]',
    ],
    ['no condition', set({ range: {}, criteria: { 0: only('BOOLEAN') } }), "'BOOLEAN' is not supported in filters."],
    ['no view', { deleteFilterView: { filterId: 5 } }, 'No filter view with id: 5'],
  ])('refused: %s', async (_, request, message) => {
    expect(await refused(id, request)).toContain(message);
    expect(await sheet(id, 'basicFilter')).toEqual({});
  });

  test('does not lie over cells merged downwards', async () => {
    await batch(id, { mergeCells: { range: area(1, 3, 0, 1) } });
    expect(await refused(id, set({ range: {} }))).toBe(
      "Invalid requests[0].setBasicFilter: You can't create a filter over a range containing vertical merges.",
    );
  });
});

describe('filter views', () => {
  const views = async () => (await sheet(id, 'filterViews')).filterViews;

  test('are added, changed, copied and deleted, and hide nothing', async () => {
    const [reply] = (await batch(id, { addFilterView: { filter: { title: 'Test', range: area(0, 4, 0, 2) } } })) ?? [];
    const { filterViewId = 0 } = reply?.addFilterView?.filter ?? {};
    expect(reply).toEqual({ addFilterView: { filter: { filterViewId, title: 'Test', range: area(0, 4, 0, 2) } } });
    expect(filterViewId).toBeGreaterThan(0);
    const update = (filter: sheets_v4.Schema$FilterView, fields: string) => ({
      updateFilterView: { filter: { filterViewId, ...filter }, fields },
    });
    const criteria = { 1: { hiddenValues: ['25'] } };
    expect(await batch(id, update({ title: 'New' }, 'title'), update({ criteria }, 'criteria'))).toEqual([{}, {}]);
    await batch(id, update({ range: area(0, 5, 0, 2) }, 'range'));
    const filterSpecs = [{ columnIndex: 1, filterCriteria: criteria[1] }];
    const kept = { title: 'New', range: area(0, 5, 0, 2), criteria, filterSpecs };
    expect(await views()).toEqual([{ filterViewId, ...kept }]);
    expect(await hidden()).toEqual([]);
    const [copied] = (await batch(id, { duplicateFilterView: { filterId: filterViewId } })) ?? [];
    const copy = copied?.duplicateFilterView?.filter;
    expect(copy).toEqual({ ...kept, filterViewId: copy?.filterViewId, title: 'Copy of New' });
    await batch(id, { deleteFilterView: { filterId: filterViewId } });
    expect(await views()).toEqual([copy]);
  });

  test('take free titles and the ids that callers choose', async () => {
    const add = (filter: sheets_v4.Schema$FilterView) => ({ addFilterView: { filter: { range: {}, ...filter } } });
    await batch(id, add({}), add({ filterViewId: 9 }), add({ title: 'Filter 3' }), add({}));
    expect((await views())?.map(({ title }) => title)).toEqual(['Filter 1', 'Filter 2', 'Filter 3', 'Filter 4']);
    expect(await refused(id, add({ filterViewId: 9 }))).toContain('a filter view with that id already exists');
  });

  test('follow the named range they stand on, and keep its cells when it goes', async () => {
    const name = { namedRangeId: 'n1', name: 'People', range: area(0, 5, 0, 2) };
    await batch(
      id,
      { addNamedRange: { namedRange: name } },
      { addFilterView: { filter: { filterViewId: 1, namedRangeId: 'n1' } } },
      { updateNamedRange: { namedRange: { ...name, range: area(0, 9, 0, 2) }, fields: 'range' } },
    );
    const view = { filterViewId: 1, title: 'Filter 1', range: area(0, 9, 0, 2) };
    expect(await views()).toEqual([{ ...view, namedRangeId: 'n1' }]);
    await batch(id, { deleteNamedRange: { namedRangeId: 'n1' } });
    expect(await views()).toEqual([view]);
  });
});
