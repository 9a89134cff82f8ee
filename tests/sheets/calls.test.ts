// API methods as calls: what each is, what of a spreadsheet it shows or changes.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { aspectOf, createCall, METHODS, type Method, showsCells, touchedBy } from '../../src/sheets/calls.ts';

const ORIGIN = { principal: 'p', identity: 'i', deadline: 1_000, priority: 'background' } as const;
const call = (method: Method, params: object = {}, scope: string | null = 'ID') =>
  createCall(ORIGIN, method, scope, { ...params });
const batchUpdate = (...requests: object[]) => call('spreadsheets.batchUpdate', { requestBody: { requests } });

describe('a call', () => {
  test('is of a method in this table', () => {
    expect(METHODS).toEqual({
      'spreadsheets.get': { api: 'sheets', kind: 'read', cost: 1 },
      'spreadsheets.create': { api: 'sheets', kind: 'write', cost: 1 },
      'spreadsheets.developerMetadata.get': { api: 'sheets', kind: 'read', cost: 1 },
      'spreadsheets.batchUpdate': { api: 'sheets', kind: 'write', cost: 1 },
      'spreadsheets.sheets.copyTo': { api: 'sheets', kind: 'write', cost: 1 },
      'spreadsheets.values.batchGet': { api: 'sheets', kind: 'read', cost: 1 },
      'spreadsheets.values.batchUpdate': { api: 'sheets', kind: 'write', cost: 1 },
      'files.get': { api: 'drive', kind: 'read', cost: 5 },
      'files.list': { api: 'drive', kind: 'read', cost: 100 },
      'files.update': { api: 'drive', kind: 'write', cost: 50 },
      'files.export': { api: 'drive', kind: 'read', cost: 200 },
      'permissions.list': { api: 'drive', kind: 'read', cost: 100 },
      'permissions.create': { api: 'drive', kind: 'write', cost: 50 },
      'permissions.update': { api: 'drive', kind: 'write', cost: 50 },
      'permissions.delete': { api: 'drive', kind: 'write', cost: 50 },
      'comments.create': { api: 'drive', kind: 'write', cost: 50 },
    });
  });

  test('is frozen, first tried, and carries its origin', () => {
    const params = { q: 'x' };
    const one = createCall(ORIGIN, 'files.list', null, params, true);
    expect(one).toEqual({
      ...ORIGIN,
      ...METHODS['files.list'],
      writes: [],
      requests: [],
      areas: [],
      method: 'files.list',
      scope: null,
      live: true,
      key: 'files.list?[["q","x"]]',
      idempotence: 'safe',
      attempt: 1,
      params,
    });
    expect([Object.isFrozen(one), Object.isFrozen(one.params), call('files.list').live]).toEqual([true, true, false]);
    const heard = createCall({ ...ORIGIN, request: 'r1' }, 'files.list', null, params);
    expect(heard.requests).toEqual(['r1']);
  });

  test('that writes is not repeatable by itself, and no two are one', () => {
    for (const method of Object.keys(METHODS) as Method[]) {
      const { kind, idempotence, key } = call(method);
      expect([method, idempotence, key === '']).toEqual([
        method,
        kind === 'read' ? 'safe' : 'unsafe',
        kind === 'write',
      ]);
    }
  });

  test('has one key however its parameters are written down, and another for every other question', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), fc.dictionary(fc.string(), fc.jsonValue()), (a, b) => {
        const keyOf = (params: object) => call('spreadsheets.get', params).key;
        expect(keyOf(Object.fromEntries(Object.entries(a).reverse()))).toBe(keyOf(a));
        const sorted = (params: object) => JSON.stringify(Object.entries(params).sort(([x], [y]) => (x < y ? -1 : 1)));
        expect(keyOf(a) === keyOf(b)).toBe(sorted(a) === sorted(b));
        expect(keyOf(a)).not.toBe(call('spreadsheets.values.batchGet', a).key);
      }),
    );
  });
});

describe('a read shows', () => {
  const NAMES = 'spreadsheetId,properties(title),sheets.properties(sheetId,title),namedRanges';

  test.each([
    ['names', { fields: NAMES }, 'ID names'],
    ['sizes, as cells', { fields: 'sheets.properties(title,gridProperties)' }, 'ID cells'],
    ['cells', { fields: 'sheets.data.rowData' }, 'ID cells'],
    ['rules, as cells', { fields: 'sheets(properties.sheetId,conditionalFormats.ranges)' }, 'ID cells'],
    ['comments, as cells', { fields: 'comments(commentId),sheets(properties.title,commentAnchors)' }, 'ID cells'],
    ['everything, as cells', {}, 'ID cells'],
  ])('%s', (_, params, aspect) => {
    const one = call('spreadsheets.get', params);
    expect([aspectOf(one), showsCells(one)]).toEqual([aspect, aspect === 'ID cells']);
  });

  test('values, of its own spreadsheet', () => {
    expect(aspectOf(call('spreadsheets.values.batchGet', { ranges: ['A1'], fields: NAMES }))).toBe('ID cells');
    expect(aspectOf(call('spreadsheets.values.batchGet', {}, 'OTHER'))).toBe('OTHER cells');
  });

  test('files, wherever they are', () => {
    expect([aspectOf(call('files.list', {}, null)), showsCells(call('files.list', {}, null))]).toEqual(['files', true]);
  });
});

describe('a write touches', () => {
  const cells = ['files', 'ID cells'];
  const all = ['files', 'ID names', 'ID cells'];

  test.each([
    ['cells by values', call('spreadsheets.values.batchUpdate'), cells],
    [
      'cells by requests that set or add them',
      batchUpdate({ updateCells: {} }, { appendCells: {} }, { appendDimension: {} }, { repeatCell: {} }),
      cells,
    ],
    [
      'cells by requests that set how they look and what they accept',
      batchUpdate(
        { updateBorders: {} },
        { mergeCells: {} },
        { unmergeCells: {} },
        { setDataValidation: {} },
        { updateDimensionProperties: {} },
        { addConditionalFormatRule: {} },
        { updateConditionalFormatRule: {} },
      ),
      cells,
    ],
    ['names by any other request among them', batchUpdate({ updateCells: {} }, { updateSheetProperties: {} }), all],
    [
      'names by tables, named ranges, charts and protections',
      batchUpdate({ addTable: {} }, { updateNamedRange: {} }, { addChart: {} }, { deleteProtectedRange: {} }),
      all,
    ],
    ['cells by a pivot table', batchUpdate({ updateCells: { fields: 'pivotTable' } }), cells],
    ['names by a new sheet', batchUpdate({ addSheet: {} }), all],
    ['everything by a request of no kind', batchUpdate({}), all],
    ['files by a new spreadsheet', call('spreadsheets.create', {}, null), ['files']],
    ['everything by a change of its file', call('files.update'), all],
    ['comments, beside cells', batchUpdate({ insertComment: {} }, { deleteCommentReply: {} }), cells],
    ['comments by Drive', call('comments.create'), cells],
    ['files by sharing one', call('permissions.delete'), ['files']],
  ])('%s', (_, one, aspects) => {
    expect(touchedBy(one).toSorted()).toEqual(aspects.toSorted());
  });

  test('only its own spreadsheet', () => {
    expect(touchedBy(call('spreadsheets.values.batchUpdate', {}, 'OTHER'))).toEqual(['files', 'OTHER cells']);
  });
});
