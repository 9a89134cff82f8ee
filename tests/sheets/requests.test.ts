// The requests of a patch, applied to a model grid by a slow interpreter, change exactly what they should.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  appendRequest,
  dateFormatRequests,
  growRequest,
  newCell,
  type Patch,
  type Request,
  valueRequests,
} from '../../src/sheets/requests.ts';
import type { ExtendedValue, Literal } from '../../src/sheets/values.ts';

interface ModelCell {
  readonly value: unknown;
  readonly format: unknown;
}
type Model = Map<string, ModelCell>;

interface UpdateCells {
  readonly start: { readonly sheetId: number; readonly rowIndex: number; readonly columnIndex: number };
  readonly fields: string;
  readonly rows: readonly {
    readonly values: readonly {
      readonly userEnteredValue?: unknown;
      readonly userEnteredFormat?: { readonly numberFormat?: unknown };
    }[];
  }[];
}

const SHEET = 7;
const at = (row: number, column: number) => `${row}:${column}`;

/** Google's updateCells, cell by cell: every field of the mask is set for every cell, to nothing where it is absent. */
function apply(requests: readonly Request[], before: Model): Model {
  const after = new Map(before);
  for (const request of requests) {
    expect(Object.keys(request)).toEqual(['updateCells']);
    const { start, fields, rows } = request.updateCells as UpdateCells;
    expect(start.sheetId).toBe(SHEET);
    expect(new Set(rows.map(({ values }) => values.length)).size, 'a rectangle').toBe(1);
    rows.forEach(({ values }, down) => {
      values.forEach((cell, across) => {
        const key = at(start.rowIndex + down, start.columnIndex + across);
        const old = after.get(key) ?? { value: undefined, format: undefined };
        if (fields === 'userEnteredValue') after.set(key, { ...old, value: cell.userEnteredValue });
        else if (fields === 'userEnteredFormat.numberFormat') {
          after.set(key, { ...old, format: cell.userEnteredFormat?.numberFormat });
        } else throw new Error(`a mask that writes more: ${fields}`);
      });
    });
  }
  return after;
}

const values: fc.Arbitrary<ExtendedValue> = fc.oneof(
  fc.integer().map((numberValue) => ({ numberValue })),
  fc.boolean().map((boolValue) => ({ boolValue })),
  fc.string().map((stringValue) => ({ stringValue })),
  fc.constant({ formulaValue: '=A1' }),
);
const literals: fc.Arbitrary<Literal | null> = fc.oneof(
  fc.constant(null),
  fc.constant({}),
  values.map((value) => ({ value })),
  fc.constantFrom('DATE' as const, 'DATE_TIME' as const).map((date) => ({ value: { numberValue: 1 }, date })),
);
const patches: fc.Arbitrary<Patch> = fc
  .record({
    row: fc.nat(5),
    column: fc.nat(5),
    cells: fc.array(fc.array(literals, { maxLength: 6 }), { maxLength: 6 }),
  })
  .map((patch) => ({ sheetId: SHEET, ...patch }));

/** A grid in which every cell already holds a value and a format of its own. */
function full(): Model {
  const model: Model = new Map();
  for (let row = 0; row < 12; row++) {
    for (let column = 0; column < 12; column++) {
      model.set(at(row, column), {
        value: { stringValue: at(row, column) },
        format: { type: `OWN ${at(row, column)}` },
      });
    }
  }
  return model;
}

/** `full()` with one change for each cell of the patch, as `change` says. */
function expected(
  patch: Patch,
  change: (cell: Literal, old: ModelCell, row: number, column: number) => ModelCell,
): Model {
  const model = full();
  patch.cells.forEach((line, down) => {
    line.forEach((cell, across) => {
      const [row, column] = [patch.row + down, patch.column + across];
      const old = model.get(at(row, column));
      if (cell !== null && old) model.set(at(row, column), change(cell, old, row, column));
    });
  });
  return model;
}

describe('values', () => {
  test('of a patch are set in exactly its cells that are not null, and no format changes', () => {
    fc.assert(
      fc.property(patches, (patch) => {
        expect(apply(valueRequests(patch), full())).toEqual(
          expected(patch, (cell, old) => ({ ...old, value: cell.value })),
        );
      }),
      { numRuns: 500 },
    );
  });

  test('of a full rectangle are one request', () => {
    const line = [{ value: { numberValue: 1 } }, {}];
    expect(valueRequests({ sheetId: SHEET, row: 2, column: 3, cells: [line, line] })).toEqual([
      {
        updateCells: {
          start: { sheetId: SHEET, rowIndex: 2, columnIndex: 3 },
          fields: 'userEnteredValue',
          rows: Array(2).fill({ values: [{ userEnteredValue: { numberValue: 1 } }, {}] }),
        },
      },
    ]);
  });

  test('of a patch that skips every cell are no request', () => {
    expect(valueRequests({ sheetId: SHEET, row: 0, column: 0, cells: [[null, null], [], [null]] })).toEqual([]);
  });
});

describe('date formats', () => {
  test('are set in exactly the date cells that are not kept, and no value changes', () => {
    fc.assert(
      fc.property(patches, fc.nat(6), (patch, salt) => {
        const keep = (_date: string, row: number, column: number) => (row * 7 + column * 3 + salt) % 3 === 0;
        const formatted = expected(patch, (cell, old, row, column) =>
          cell.date === undefined || keep(cell.date, row, column) ? old : { ...old, format: { type: cell.date } },
        );
        expect(apply(dateFormatRequests(patch, keep), full())).toEqual(formatted);
      }),
      { numRuns: 500 },
    );
  });

  test('of a patch without dates are no request', () => {
    const cells = [[{ value: { numberValue: 1 } }, null, {}]];
    expect(dateFormatRequests({ sheetId: SHEET, row: 0, column: 0, cells }, () => false)).toEqual([]);
  });
});

describe('new cells', () => {
  const date: Literal = { value: { numberValue: 1 }, date: 'DATE' };
  const number: Literal = { value: { numberValue: 1 } };

  test.each([
    ['a date', date, undefined, { type: 'DATE' }],
    ['a date below dates', date, { type: 'DATE', pattern: 'd.m.yy' }, { type: 'DATE', pattern: 'd.m.yy' }],
    ['a date below numbers', date, { type: 'NUMBER', pattern: '0.00' }, { type: 'DATE' }],
    ['a number below money', number, { type: 'CURRENCY', pattern: '€0' }, { type: 'CURRENCY', pattern: '€0' }],
    ['a number', number, undefined, undefined],
  ] as const)('%s', (_, cell, column, format) => {
    expect(newCell(cell, column)).toEqual({
      userEnteredValue: { numberValue: 1 },
      ...(format && { userEnteredFormat: { numberFormat: format } }),
    });
  });

  test('that are skipped or cleared hold nothing', () => {
    expect([newCell(null), newCell({})]).toEqual([{}, {}]);
  });

  test('are appended with a mask for formats only when there are some', () => {
    const rows = [[date, null]];
    expect(appendRequest({ sheetId: SHEET }, [[number]])).toEqual({
      appendCells: {
        sheetId: SHEET,
        fields: 'userEnteredValue',
        rows: [{ values: [{ userEnteredValue: { numberValue: 1 } }] }],
      },
    });
    expect(appendRequest({ sheetId: SHEET }, rows, [undefined, { type: 'TEXT' }])).toEqual({
      appendCells: {
        sheetId: SHEET,
        fields: 'userEnteredValue,userEnteredFormat.numberFormat',
        rows: [
          {
            values: [
              { userEnteredValue: { numberValue: 1 }, userEnteredFormat: { numberFormat: { type: 'DATE' } } },
              { userEnteredFormat: { numberFormat: { type: 'TEXT' } } },
            ],
          },
        ],
      },
    });
  });

  test('have room made at the end', () => {
    expect(growRequest(SHEET, 'COLUMNS', 3)).toEqual({
      appendDimension: { sheetId: SHEET, dimension: 'COLUMNS', length: 3 },
    });
  });
});
