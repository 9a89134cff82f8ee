// Pages: together they hold every row once, none is larger than its budget, and no cursor outlives its request.

import fc from 'fast-check';
import Papa from 'papaparse';
import { describe, expect, test } from 'vitest';
import { ServalError } from '../../src/errors.ts';
import type { RangeValues, Value } from '../../src/sheets/read.ts';
import { type Format, MAX_PAGE_TOKENS, PAGE_TOKENS, type Page, type PagedRange, pageOf } from '../../src/tools/page.ts';

const FORMATS: readonly Format[] = ['rows', 'records', 'csv', 'markdown'];

function table(values: Value[][], { title = 'Sheet1', startRow = 0, startColumn = 0 } = {}): RangeValues {
  return { range: `${title}!A1:Z1000`, grid: { startRow, startColumn }, values };
}

/** Every page of a request, by its cursors. */
function pages(read: readonly RangeValues[], format: Format, limit: number | undefined): Page[] {
  const all: Page[] = [];
  for (let cursor: string | undefined; ; cursor = all.at(-1)?.nextCursor) {
    all.push(pageOf(read, format, limit, cursor, 'request'));
    if (all.at(-1)?.nextCursor === undefined) return all;
    if (all.length > 10_000) throw new Error('the pages do not end');
  }
}

/** Rows of a GFM table: cells split at pipes that no backslash escapes, a backslash escaping punctuation only. */
function parseMarkdown(markdown: string): string[][] {
  const lines = markdown.split(/\r\n|\r|\n/).map((line) => {
    const cells: string[] = [];
    let text = '';
    for (let at = 1; at < line.length; at++) {
      if (line[at] === '\\' && /[!-/:-@[-`{-~]/.test(line[at + 1] ?? '')) text += line[++at];
      else if (line[at] !== '|') text += line[at];
      else {
        cells.push(text);
        text = '';
      }
    }
    expect(line.startsWith('|') && line.endsWith('|') && text === '', `not a row of a table: ${line}`).toBe(true);
    return cells;
  });
  const [head, rule, ...rest] = lines;
  expect(rule?.every((cell) => cell === '---')).toBe(true);
  for (const line of lines) expect(line).toHaveLength(head?.length ?? -1);
  return [head ?? [], ...rest];
}

/** The rows that a page gives of a range, as texts, whatever the format. `width` is that of the whole range. */
function rowsOf(page: PagedRange, format: Format, width: number): string[][] {
  const padded = (row: readonly Value[]) => Array.from({ length: width }, (_, column) => String(row[column] ?? ''));
  if (format === 'rows') return (page.rows ?? []).map(padded);
  if (format === 'records')
    return (page.records ?? []).map((record) =>
      padded(Array.from({ length: width }, (_, column) => record[`c${column}`] ?? '')),
    );
  if (page.firstRow === undefined) return [];
  if (page.csv === '') return [['']];
  if (format === 'csv') return Papa.parse<string[]>(page.csv ?? '', { newline: '\n', delimiter: ',' }).data;
  const lines = parseMarkdown(page.markdown ?? '').map((row) => row.map((cell) => cell.replaceAll('<br>', '\n')));
  return page.firstRow === 1 ? lines : lines.slice(1);
}

const cells: fc.Arbitrary<Value> = fc.oneof(
  fc.constantFrom('', 'a', 'a,b', 'say "x"', 'two\nlines', ' padded ', 'x|y', '#REF!', '=A1', '12', 'é🧾'),
  fc.integer(),
  fc.boolean(),
);

/** A range as Google gives it: a header, then rows without trailing blanks, the last one with content. */
const ranges = fc
  .record({
    width: fc.integer({ min: 1, max: 4 }),
    rows: fc.array(fc.array(cells, { maxLength: 4 }), { maxLength: 12 }),
  })
  .map(({ width, rows }) => {
    const header: Value[] = Array.from({ length: width }, (_, column) => `c${column}`);
    const trimmed = rows
      .map((row) => row.slice(0, width))
      .map((row) => row.slice(0, row.findLastIndex((cell) => cell !== '') + 1));
    return { width, values: [header, ...trimmed.slice(0, trimmed.findLastIndex((row) => row.length > 0) + 1)] };
  });

describe.each(FORMATS)('%s', (format) => {
  test('pages hold every row of every range exactly once and in order', () => {
    const limits = fc.constantFrom(undefined, 1, 2, 3, 5, 100);
    fc.assert(
      fc.property(fc.array(ranges, { minLength: 1, maxLength: 3 }), limits, (tables, limit) => {
        const read = tables.map(({ values }, index) => table(values, { title: `T${index}` }));
        const all = pages(read, format, limit).flatMap((page) => page.ranges);
        tables.forEach(({ values, width }, index) => {
          const own = all.filter((part) => part.range === read[index]?.range);
          const expected = values
            .slice(format === 'records' ? 1 : 0)
            .map((row) => Array.from({ length: width }, (_, column) => String(row[column] ?? '')));
          expect(own.flatMap((part) => rowsOf(part, format, width))).toEqual(expected);
          expect(own.every((part) => part.totalRows === expected.length)).toBe(true);
        });
        for (const page of pages(read, format, limit)) {
          const given = page.ranges.reduce(
            (sum, part, at) => sum + rowsOf(part, format, tables[at]?.width ?? 1).length,
            0,
          );
          expect(given).toBeLessThanOrEqual(limit ?? Number.POSITIVE_INFINITY);
        }
      }),
      { numRuns: 300 },
    );
  });

  test.each([undefined, 100_000])('no page is larger than its budget (limit %s)', (limit) => {
    const budget = (limit === undefined ? PAGE_TOKENS : MAX_PAGE_TOKENS) * 4;
    const row = (n: number): Value[] => [`name ${n}`, n * 1000.25, n % 2 === 0, 'say "x"|y\nz'.repeat(n % 7), ''];
    const values = [['c0', 'c1', 'c2', 'c3', 'c4'], ...Array.from({ length: 6000 }, (_, n) => row(n))];
    const all = pages([table(values), table(values.slice(0, 300), { title: 'Other' })], format, limit);
    expect(all.length).toBeGreaterThan(3);
    for (const page of all) expect(JSON.stringify(page).length).toBeLessThanOrEqual(budget);
    for (const page of all.slice(0, -2)) expect(JSON.stringify(page).length).toBeGreaterThan(budget * 0.8);
  });

  test('a range without content is told as such, once', () => {
    const [page, ...rest] = pages([table([]), table([])], format, 1);
    expect(rest).toEqual([]);
    const empty = { rows: { rows: [] }, records: { records: [] }, csv: { csv: '' }, markdown: { markdown: '' } }[
      format
    ];
    expect(page).toEqual({ ranges: Array(2).fill({ range: 'Sheet1!A1:Z1000', totalRows: 0, ...empty }) });
  });
});

describe('row numbers', () => {
  const values = [
    ['Name', 'Age'],
    ['Ann', 3],
    ['Ben', 4],
    ['Cem', 5],
  ];

  test('are those of the spreadsheet, also on later pages', () => {
    const firstRows = (format: Format) =>
      pages([table(values, { startRow: 9 })], format, 2).flatMap((page) => page.ranges.map((part) => part.firstRow));
    expect(FORMATS.map(firstRows)).toEqual([
      [10, 12],
      [11, 13],
      [10, 12],
      [10, 12],
    ]);
  });

  test('and totals count what the format counts', () => {
    expect(FORMATS.map((format) => pageOf([table(values)], format, 1, undefined, 'r').ranges[0]?.totalRows)).toEqual([
      4, 3, 4, 4,
    ]);
  });
});

describe('records', () => {
  const records = (values: Value[][], startColumn = 0) =>
    pageOf([table(values, { startColumn })], 'records', undefined, undefined, 'r').ranges[0];

  test('leave blanks out and keep zeros and false', () => {
    expect(records([['Name', 'Age', 'Ok'], ['', 0, false], ['Ann']])?.records).toEqual([
      { Age: 0, Ok: false },
      { Name: 'Ann' },
    ]);
  });

  test('name columns beyond the header by their letters in the sheet', () => {
    expect(records([['Name'], ['Ann', 1, 2]], 2)?.records).toEqual([{ Name: 'Ann', '(D)': 1, '(E)': 2 }]);
  });

  test('of a header alone show the header', () => {
    expect(records([['Name', 'Age']])).toEqual({
      range: 'Sheet1!A1:Z1000',
      totalRows: 0,
      header: ['Name', 'Age'],
      records: [],
    });
  });

  test('of a header alone that is larger than a page are refused like a row, or fit', () => {
    const header = Array.from({ length: 18_278 }, (_, column) => `column number ${column}`);
    try {
      expect(JSON.stringify(pageOf([table([header])], 'records', 10, undefined, 'r')).length).toBeLessThanOrEqual(
        MAX_PAGE_TOKENS * 4,
      );
    } catch (error) {
      expect(error).toMatchObject({ code: 'too_large' });
    }
  });

  test.each([
    ['a name given to a repeated column', ['A', 'A', 'A (2)']],
    ['the name of a blank column', ['(B)', '']],
    ['a name of every object', ['__proto__', 'constructor']],
  ])('lose no value when a column has %s', (_, header) => {
    const row = header.map((_name, index) => index + 1);
    expect(Object.values(records([header, row])?.records?.[0] ?? {})).toEqual(row);
  });
});

describe('Markdown', () => {
  const markdown = (values: Value[][]) => pages([table(values)], 'markdown', 2).map((page) => page.ranges[0]?.markdown);

  test('repeats its first row and the rule on every page', () => {
    expect(
      markdown([
        ['a', 'b'],
        [1, 2],
        [3, 4],
        [5, 6],
      ]),
    ).toEqual(['|a|b|\n|---|---|\n|1|2|', '|a|b|\n|---|---|\n|3|4|\n|5|6|']);
  });

  test.each([
    ['a pipe', 'a|b'],
    ['a line break', 'a\nb'],
    ['a line break of Windows', 'a\r\nb'],
    ['a line break of old Macs', 'a\rb'],
    ['a backslash at its end', 'C:\\'],
    ['a backslash before a pipe', 'a\\|b'],
    ['a backslash', 'a\\b'],
  ])('stays a table when a cell holds %s', (_, cell) => {
    const [text = ''] = markdown([[cell, 'next']]);
    expect(parseMarkdown(text)).toEqual([[cell.replaceAll(/\r\n|\r|\n/g, '<br>'), 'next']]);
  });
});

describe('a cursor', () => {
  const read = [table([['a'], ['b'], ['c'], ['d']])];
  const first = pageOf(read, 'rows', 2, undefined, 'request');
  const refusal = (work: () => unknown): ServalError => {
    try {
      work();
    } catch (error) {
      if (error instanceof ServalError) return error;
      throw error;
    }
    throw new Error('nothing was refused');
  };

  test('goes on where the page ended, with another limit too', () => {
    expect(pageOf(read, 'rows', 1, first.nextCursor, 'request').ranges[0]).toMatchObject({
      firstRow: 3,
      rows: [['c']],
    });
    expect(pageOf(read, 'rows', undefined, first.nextCursor, 'request')).toEqual({
      ranges: [{ range: 'Sheet1!A1:Z1000', totalRows: 4, firstRow: 3, rows: [['c'], ['d']] }],
    });
  });

  test('of a read with other arguments is refused', () => {
    const error = refusal(() => pageOf(read, 'rows', 2, first.nextCursor, 'another request'));
    expect([error.code, error.message]).toEqual(['invalid_argument', 'cursor belongs to a read with other arguments.']);
    expect(error.hint).toContain('same arguments');
  });

  const encoded = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  test.each([
    ['', ''],
    ['a word', 'garbage'],
    ['not JSON', Buffer.from('{').toString('base64url')],
    ['an object', encoded({ range: 0 })],
    ['too short a list', encoded([0, 1])],
    ['a negative row', encoded([0, -1, 'x', 'y'])],
    ['a row that is no integer', encoded([0, 1.5, 'x', 'y'])],
    ['a row that is a text', encoded([0, '1', 'x', 'y'])],
    ['a huge row', encoded([0, 1e300, 'x', 'y'])],
    ['null', encoded(null)],
  ])('that holds %s is refused as not one of ours', (_, cursor) => {
    const error = refusal(() => pageOf(read, 'rows', 2, cursor, 'request'));
    expect([error.code, error.message]).toEqual(['invalid_argument', 'cursor is not one that this tool gave.']);
  });

  test('used after the cells have changed still gives a page, and warns', () => {
    const changed = [table([['a'], ['b'], ['C'], ['d']])];
    const page = pageOf(changed, 'rows', 2, first.nextCursor, 'request');
    expect(page.ranges[0]?.rows).toEqual([['C'], ['d']]);
    expect(page.warnings).toEqual([expect.stringContaining('have changed since the page before')]);
    expect(pageOf(read, 'rows', 2, first.nextCursor, 'request').warnings).toBeUndefined();
  });

  test('used after rows were deleted ends quietly, with the warning', () => {
    const page = pageOf([table([['a']])], 'rows', 2, first.nextCursor, 'request');
    expect(page).toMatchObject({ ranges: [{ totalRows: 1, rows: [] }], warnings: [expect.any(String)] });
    expect(page.nextCursor).toBeUndefined();
  });

  test('is not given when the limit ends exactly at the last row', () => {
    expect(pageOf(read, 'rows', 4, undefined, 'request').nextCursor).toBeUndefined();
  });

  test('given at the end of a range leads to the next one', () => {
    const two = [table([['a']], { title: 'One' }), table([['b']], { title: 'Two' })];
    const all = pages(two, 'rows', 1).map((page) => page.ranges.map((part) => [part.range, part.rows]));
    expect(all).toEqual([[['One!A1:Z1000', [['a']]]], [['Two!A1:Z1000', [['b']]]]]);
  });
});

describe('a row too wide for a page', () => {
  const wide = (tokens: number): Value[] => ['x'.repeat(tokens * 4)];
  const tooLarge = (read: RangeValues[], limit: number | undefined) => {
    const all = () => pages(read, 'rows', limit);
    expect(all).toThrow(ServalError);
    try {
      all();
    } catch (error) {
      return error instanceof ServalError ? error : undefined;
    }
    return undefined;
  };

  test('is too_large, named by its row in the spreadsheet, and never skipped', () => {
    const error = tooLarge([table([['a'], wide(MAX_PAGE_TOKENS)], { startRow: 4 })], 10);
    expect(error?.code).toBe('too_large');
    expect(error?.message).toMatch(/^The cell in row 6 alone is about 25\d\d\d tokens/);
    expect(error?.hint).toMatch(/^It is one cell: .*render "formula"/);
  });

  test('of several columns is told to be read in parts', () => {
    const read = [table([[...wide(MAX_PAGE_TOKENS), 'b']])];
    for (const limit of [undefined, 1]) {
      expect(tooLarge(read, limit)).toMatchObject({
        message: expect.stringMatching(/^Row 1 alone/),
        hint: 'Read fewer columns at once.',
      });
    }
  });

  test('that a page with limit holds is told so, and then read', () => {
    const read = [table([wide(PAGE_TOKENS + 2000)])];
    expect(tooLarge(read, undefined)?.hint).toBe(`Pass limit: a page may then hold ${MAX_PAGE_TOKENS}.`);
    expect(pageOf(read, 'rows', 1, undefined, 'r').ranges[0]?.rows).toEqual([wide(PAGE_TOKENS + 2000)]);
  });

  test('comes after the rows before it', () => {
    const page = pageOf([table([['a'], wide(MAX_PAGE_TOKENS)])], 'rows', 10, undefined, 'r');
    expect([page.ranges[0]?.rows, page.nextCursor !== undefined]).toEqual([[['a']], true]);
  });

  test('for the page of a request without limit is told in numbers that agree', () => {
    const error = tooLarge([table([wide(PAGE_TOKENS + 2000)])], undefined);
    const [, has, may] = /about (\d+) tokens, more than a page may hold \((\d+)\)/.exec(error?.message ?? '') ?? [];
    expect(Number(has)).toBeGreaterThan(Number(may));
  });
});
