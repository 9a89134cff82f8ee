// Names that callers write, found in a spreadsheet, and what is said when they are not.

import { describe, expect, test } from 'vitest';
import { ServalError } from '../../src/errors.ts';
import { spreadsheetReply } from '../../src/sheets/decode.ts';
import { findSheet, fromReply, parseSpreadsheetId, resolveRange } from '../../src/sheets/metadata.ts';

const tab = (sheetId: number, title: string, index: number, tables: unknown[] = []) => ({
  properties: { sheetId, title, index, gridProperties: { rowCount: 100, columnCount: 10 } },
  tables,
});

const BOOK = fromReply(
  spreadsheetReply.parse({
    spreadsheetId: 'the-id-of-it',
    properties: { title: 'Book', timeZone: 'Europe/Berlin' },
    sheets: [
      tab(20, 'Second', 1, [
        {
          tableId: 't1',
          name: 'Deals',
          range: { sheetId: 20, startRowIndex: 2, endRowIndex: 9, startColumnIndex: 1, endColumnIndex: 4 },
          columnProperties: [
            { columnName: 'Name' },
            { columnIndex: 1, columnName: 'Amount' },
            { columnIndex: 2, columnName: 'Won [%]' },
          ],
        },
      ]),
      tab(10, 'First', 0),
      tab(30, 'Q1', 2),
      tab(40, "It's 5", 3),
      tab(50, '60', 4),
      tab(60, 'Deals!A1', 5),
    ],
    namedRanges: [
      {
        namedRangeId: 'n1',
        name: 'Rates',
        range: { sheetId: 30, startRowIndex: 0, endRowIndex: 3, startColumnIndex: 0, endColumnIndex: 2 },
      },
      { namedRangeId: 'n2', name: 'Whole', range: { sheetId: 20 } },
      { namedRangeId: 'n3', name: 'OnFirst', range: { startColumnIndex: 1, endColumnIndex: 2 } },
    ],
  }),
);

/** Titles with blanks and quotes of their own. */
const ODD = fromReply(
  spreadsheetReply.parse({
    spreadsheetId: 'odd',
    properties: {},
    sheets: [' Outer ', "'quoted'", 'quoted two', "'quoted two'", 'DATA1:'].map((title, index) =>
      tab(70 + 10 * index, title, index),
    ),
  }),
);

function refusalOf(work: () => unknown): ServalError {
  try {
    work();
  } catch (error) {
    if (error instanceof ServalError) return error;
    throw error;
  }
  throw new Error('nothing was refused');
}

test('a reply becomes a spreadsheet with its tabs in order and an address', () => {
  expect(BOOK).toMatchObject({ id: 'the-id-of-it', timeZone: 'Europe/Berlin', locale: 'en_US' });
  expect(BOOK.url).toBe('https://docs.google.com/spreadsheets/d/the-id-of-it/edit');
  expect(BOOK.sheets.map(({ title, rows, columns }) => [title, rows, columns])).toEqual(
    ['First', 'Second', 'Q1', "It's 5", '60', 'Deals!A1'].map((title) => [title, 100, 10]),
  );
});

describe('a range', () => {
  test.each([
    ['B2', "'First'!B2"],
    ['A:B', "'First'!A:B"],
    ['Second!B2:A1', "'Second'!A1:B2"],
    ["'Second'!2:3", "'Second'!2:3"],
    ['Second', "'Second'"],
    [' Second ', "'Second'"],
    ["'Second'", "'Second'"],
    ['Q1', "'Q1'"],
    ["'Q1'", "'Q1'"],
    ['Q2', "'First'!Q2"],
    ['Q1!Q1', "'Q1'!Q1"],
    ["It's 5", "'It''s 5'"],
    ["'It''s 5'!A1", "'It''s 5'!A1"],
    ['Deals!A1', "'Deals!A1'"],
    ["'Deals!A1'!C3", "'Deals!A1'!C3"],
    ['60', "'60'"],
    ['Rates', "'Q1'!A1:B3"],
    ['rates', "'Q1'!A1:B3"],
    ['Whole', "'Second'"],
    ['Deals', "'Second'!B3:D9"],
    ['deals', "'Second'!B3:D9"],
    ['Deals[Name]', "'Second'!B4:B9"],
    ['Deals[Amount]', "'Second'!C4:C9"],
    ['Deals[Won [%]]', "'Second'!D4:D9"],
  ])('%s is %s', (text, a1) => {
    expect(resolveRange(BOOK, text).a1).toBe(a1);
  });

  test.each([
    ['Secnd', 'sheet, named range or table "Secnd"', '"Second"'],
    ['rate', 'sheet, named range or table "rate"', '"Rates"'],
    ['Deal', 'sheet, named range or table "Deal"', '"Deals"'],
    ["'Secont'", 'sheet "Secont"', '"Second"'],
    ['Secont!A1', 'sheet "Secont"', '"Second"'],
  ])('%s is not found, with the nearest name', (text, what, nearest) => {
    const error = refusalOf(() => resolveRange(BOOK, text));
    expect([error.code, error.message]).toEqual(['not_found', `There is no ${what}.`]);
    expect(error.hint).toContain(`Did you mean ${nearest}?`);
    expect(error.hint).toContain("Sheets: First, Second, Q1, It's 5, 60, Deals!A1.");
  });

  test('that is like no name gets no guess, but the list', () => {
    const { hint } = refusalOf(() => resolveRange(BOOK, 'Something else entirely'));
    expect(hint).not.toContain('Did you mean');
    expect(hint).toContain('Named ranges and tables: Rates, Whole, OnFirst, Deals.');
  });

  test('of a column that a table lacks is refused with its columns', () => {
    const error = refusalOf(() => resolveRange(BOOK, 'Deals[Price]'));
    expect([error.code, error.message, error.hint]).toEqual([
      'not_found',
      'Table Deals has no column "Price".',
      'Its columns: Name, Amount, Won [%].',
    ]);
  });

  test.each<[string, number, string]>([
    [' Outer ', 70, "' Outer '"],
    [' Outer !B2', 70, "' Outer '!B2"],
    ["' Outer '!B2", 70, "' Outer '!B2"],
    ["'quoted'", 80, "'''quoted'''"],
    ["'quoted'!B2", 80, "'''quoted'''!B2"],
    ["'''quoted'''!B2", 80, "'''quoted'''!B2"],
    ["'quoted two'!B2", 90, "'quoted two'!B2"],
    ["'quoted two'", 100, "'''quoted two'''"],
    ['DATA1:', 110, "'DATA1:'"],
  ])('%j is a title with blanks or quotes of its own', (text, sheetId, a1) => {
    const { sheet, a1: named } = resolveRange(ODD, text);
    expect([sheet.sheetId, named]).toEqual([sheetId, a1]);
  });

  test.each(['A1:', ':A1', 'AAAA1', 'ZZZZ99', 'A0', 'A1 : B2', 'A1: B2', 'A1:AAAA2'])(
    '%j is told as a range gone wrong, not as a sheet that is missing',
    (text) => {
      const error = refusalOf(() => resolveRange(BOOK, text));
      expect([error.code, error.message]).toEqual(['invalid_argument', `${JSON.stringify(text)} is not a range.`]);
      expect(error.hint).toMatch(/columns go from A to ZZZ.*Sheets: First, Second/);
    },
  );

  test('a name that is very long is shown short, and of many names the rest is counted', () => {
    const many = fromReply(
      spreadsheetReply.parse({
        spreadsheetId: 'id',
        properties: {},
        sheets: Array.from({ length: 200 }, (_, index) => tab(index, `Sheet number ${index}`, index)),
      }),
    );
    const error = refusalOf(() => resolveRange(many, 'x'.repeat(100_000)));
    expect(error.message.length).toBeLessThan(200);
    expect(error.hint).toMatch(/Sheet number 29 and 170 more\.$/);
  });

  test.each(['', '  ', 'First!', 'First!Nope', "'First", "'First'!", "'First'Second!A1"])('%j is no range', (text) => {
    const error = refusalOf(() => resolveRange(BOOK, text));
    expect([error.code, error.message]).toEqual(['invalid_argument', `${JSON.stringify(text)} is not a range.`]);
  });

  test('without a sheet is on the first tab, and there must be one', () => {
    const empty = { ...BOOK, sheets: [] };
    expect(refusalOf(() => resolveRange(empty, 'A1')).code).toBe('not_found');
  });
});

test('a named range on sheet 0 is found although the API leaves a zero out', () => {
  const book = fromReply(
    spreadsheetReply.parse({
      spreadsheetId: 'the-id-of-it',
      properties: {},
      sheets: [{ properties: { title: 'Zero' } }],
      namedRanges: [{ namedRangeId: 'n', name: 'B', range: { startColumnIndex: 1, endColumnIndex: 2 } }],
    }),
  );
  expect(resolveRange(book, 'B')).toMatchObject({ a1: "'Zero'!B:B", grid: { startColumn: 1, endColumn: 2 } });
});

test('a named range and a table are on the sheet of their id, even when another tab has that number as its title', () => {
  const book = {
    ...BOOK,
    sheets: [
      ...BOOK.sheets,
      ...BOOK.sheets.slice(0, 2).map((sheet) => ({
        ...sheet,
        sheetId: 90 + sheet.sheetId,
        title: String(sheet.sheetId),
        reply: { ...sheet.reply, tables: [] },
      })),
    ],
  };
  expect(book.sheets.map(({ title, sheetId }) => [title, sheetId])).toContainEqual(['20', 110]);
  expect(resolveRange(book, 'Whole').a1).toBe("'Second'");
  expect(resolveRange(book, 'Deals[Amount]').a1).toBe("'Second'!C4:C9");
});

describe('a sheet', () => {
  test.each<[string | number, number]>([
    ['Second', 20],
    [10, 10],
    ['10', 10],
    ['60', 50],
    [60, 50],
  ])('%j has the id %i: a title comes before an id', (sheet, sheetId) => {
    expect(findSheet(BOOK, sheet).sheetId).toBe(sheetId);
  });

  test('that does not exist is refused with those that do', () => {
    const error = refusalOf(() => findSheet(BOOK, 'second'));
    expect([error.code, error.message]).toEqual(['not_found', 'There is no sheet "second".']);
    expect(error.hint).toMatch(/^Did you mean "Second"\? Sheets: First, /);
  });
});

describe('the id of a spreadsheet', () => {
  const ID = '1mHIWnDvW9cALRMq9OdNfRwjAthCUFUOACPp0Lkyl7b4';

  test.each([
    ID,
    ` ${ID} `,
    `https://docs.google.com/spreadsheets/d/${ID}`,
    `https://docs.google.com/spreadsheets/d/${ID}/edit#gid=0`,
    `https://docs.google.com/spreadsheets/d/${ID}/edit?gid=12&range=A1#gid=12`,
    `https://docs.google.com/spreadsheets/u/1/d/${ID}/edit`,
    `https://docs.google.com/a/example.org/spreadsheets/d/${ID}/edit`,
    `docs.google.com/spreadsheets/d/${ID}/copy`,
  ])('stands in %s', (text) => {
    expect(parseSpreadsheetId(text)).toBe(ID);
  });

  test.each(['', 'short', 'two words here', 'https://example.org/', `${ID}/edit`, '../../etc/passwd', `${ID}?a=b`])(
    'does not stand in %j',
    (text) => {
      const error = refusalOf(() => parseSpreadsheetId(text));
      expect(error.code).toBe('invalid_argument');
      expect(error.hint).toContain('search_spreadsheets');
    },
  );
});
