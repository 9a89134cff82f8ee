// Random formats on random ranges: what read_format tells, spread over its cells, is what a slow model of single cells
// holds; and written back on a blank sheet it is told the same again.

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { closeGrid, formatA1, parseA1 } from '../../src/sheets/a1.ts';
import { testApp } from '../support/app.ts';

const SEED = 20;
const ROWS = 7;
const COLUMNS = 5;
const AREA = 'S!A1:E7';
/** Of a sheet that is larger than the area: where its edge is does not matter. */
const SIZE = { rows: ROWS + 2, columns: COLUMNS + 2 };

type Json = Record<string, unknown>;
interface Entry extends Json {
  readonly range: string | string[];
  readonly text?: Json | null;
  readonly align?: string | null;
  readonly borders?: Record<string, string | null> | null;
}

/** One cell by itself, and the lines above and left of each; properties are named as callers name them. */
function createModel() {
  const cells = Array.from({ length: ROWS }, () => Array.from({ length: COLUMNS }, () => new Map<string, unknown>()));
  const lines = new Map<string, string>();

  function paint(cell: Map<string, unknown>, { text, align, range: _, borders: __, ...plain }: Entry): void {
    const set = (name: string, value: unknown) => (value === null ? cell.delete(name) : cell.set(name, value));
    for (const [name, value] of Object.entries(plain)) set(name, value);
    if (text === null) for (const name of [...cell.keys()]) if (name.startsWith('text ')) cell.delete(name);
    for (const [name, value] of Object.entries(text ?? {})) set(`text ${name}`, value);
    if (align === null) for (const name of ['across', 'down']) cell.delete(name);
    for (const word of align?.split(' ') ?? []) set(/left|center|right/.test(word) ? 'across' : 'down', word);
  }

  /** From the widest word to the narrowest, so that the narrowest has the last say. */
  function draw(place: string, style: string | null, grid: ReturnType<typeof closeGrid>): void {
    const { startRow, endRow, startColumn, endColumn } = grid;
    const set = (axis: 'across' | 'down', row: number, column: number) => {
      const key = `${axis} ${row} ${column}`;
      if (row + (axis === 'down' ? 1 : 0) > ROWS || column + (axis === 'across' ? 1 : 0) > COLUMNS) return;
      if (style === null || style === 'none') lines.delete(key);
      else lines.set(key, style);
    };
    const means = (...places: string[]) => places.includes(place);
    for (let row = startRow; row <= endRow; row++) {
      for (let column = startColumn; column < endColumn; column++) {
        const side = row === startRow ? 'top' : row === endRow ? 'bottom' : 'horizontal';
        if (means('all', side) || (side === 'horizontal' && means('inner'))) set('across', row, column);
      }
    }
    for (let column = startColumn; column <= endColumn; column++) {
      for (let row = startRow; row < endRow; row++) {
        const side = column === startColumn ? 'left' : column === endColumn ? 'right' : 'vertical';
        if (means('all', side) || (side === 'vertical' && means('inner'))) set('down', row, column);
      }
    }
  }

  return {
    apply: (entry: Entry) => {
      for (const text of [entry.range].flat()) {
        const grid = closeGrid(parseA1(text)?.grid ?? {}, SIZE);
        for (let row = grid.startRow; row < grid.endRow; row++) {
          for (let column = grid.startColumn; column < grid.endColumn; column++) {
            const cell = cells[row]?.[column];
            if (cell) paint(cell, entry);
          }
        }
        const borders: Record<string, string | null> = entry.borders === null ? { all: null } : (entry.borders ?? {});
        for (const place of ['all', 'inner', 'horizontal', 'vertical', 'top', 'bottom', 'left', 'right']) {
          if (borders[place] !== undefined) draw(place, borders[place], grid);
        }
      }
    },
    state: () => ({
      cells: cells.map((row) => row.map((cell) => Object.fromEntries([...cell].sort(([a], [b]) => (a < b ? -1 : 1))))),
      lines: Object.fromEntries([...lines].sort(([a], [b]) => (a < b ? -1 : 1))),
    }),
  };
}

const range = fc
  .tuple(
    fc.nat(ROWS - 1),
    fc.nat(COLUMNS - 1),
    fc.nat(3),
    fc.nat(3),
    fc.constantFrom('cells', 'cells', 'rows', 'columns'),
  )
  .map(([row, column, height, width, kind]) =>
    formatA1('S', {
      ...(kind !== 'columns' && { startRow: row, endRow: Math.min(row + height + 1, ROWS) }),
      ...(kind !== 'rows' && { startColumn: column, endColumn: Math.min(column + width + 1, COLUMNS) }),
    }),
  );
const color = fc.constantFrom('#ff0000', '#0b5394', '#ffffff');
const orNull = <T>(one: fc.Arbitrary<T>) => fc.option(one, { freq: 6 });
const border = orNull(fc.constantFrom('thin', 'thick', 'double #ff0000', 'none'));
const entry: fc.Arbitrary<Entry> = fc
  .record(
    {
      range: fc.oneof(range, fc.array(range, { minLength: 1, maxLength: 3 })),
      number: orNull(fc.constantFrom('currency', '0.0%', 'yyyy-mm-dd', '#,##0.00 "€"', '@')),
      text: orNull(
        fc
          .record(
            {
              bold: orNull(fc.boolean()),
              italic: orNull(fc.boolean()),
              color: orNull(color),
              size: orNull(fc.constantFrom(9, 14)),
              font: orNull(fc.constant('Roboto')),
              link: orNull(fc.constant('https://example.com/')),
            },
            { requiredKeys: [] },
          )
          .filter((text) => Object.keys(text).length > 0),
      ),
      background: orNull(color),
      align: orNull(fc.constantFrom('left', 'center', 'top', 'middle', 'right bottom', 'center middle')),
      wrap: orNull(fc.constantFrom('overflow', 'clip', 'wrap')),
      note: orNull(fc.constantFrom('a', 'b')),
      borders: orNull(
        fc
          .record(
            Object.fromEntries(
              ['all', 'inner', 'horizontal', 'vertical', 'top', 'bottom', 'left', 'right'].map((place) => [
                place,
                border,
              ]),
            ),
            { requiredKeys: [] },
          )
          .filter((borders) => Object.keys(borders).length > 0),
      ),
    },
    { requiredKeys: ['range'] },
  )
  .filter((one) => Object.keys(one).length > 1) as fc.Arbitrary<Entry>;

test(`formats that are read are those of every cell, and can be written back (seed ${SEED})`, async () => {
  const app = await testApp();
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.array(entry, { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 3 }),
      async (calls) => {
        const sheet = async () => {
          const { body } = await app.rest('create_spreadsheet', { title: 'T', sheets: [{ title: 'S' }] });
          return body.id as string;
        };
        const format = async (spreadsheet: string, formats: readonly Entry[]) => {
          const { body } = await app.rest('format_range', { spreadsheet, formats });
          expect(body).toMatchObject({ status: 'applied' });
        };
        const read = async (spreadsheet: string): Promise<Entry[]> => {
          const { body } = await app.rest('read_format', { spreadsheet, range: AREA });
          expect(body).toMatchObject({ range: "'S'!A1:E7" });
          return body.formats;
        };
        const id = await sheet();
        const model = createModel();
        for (const formats of calls) {
          await format(id, formats);
          for (const one of formats) model.apply(one);
        }
        const told = await read(id);
        const spread = createModel();
        for (const one of told) spread.apply(one);
        expect(spread.state()).toEqual(model.state());
        if (told.length === 0) return;
        const copy = await sheet();
        await format(copy, told);
        expect(await read(copy)).toEqual(told);
      },
    ),
    { numRuns: 25, seed: SEED },
  );
});
