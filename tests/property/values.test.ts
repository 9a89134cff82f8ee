// Writing and reading back: what RAW keeps, what a typed number shows and means when it is typed again, which blanks
// keep their places.

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { newSpreadsheet, openBench } from '../emulator/clients.ts';

const SEED = 11;
const bench = openBench();
const { values } = bench.sheets.spreadsheets;

async function write(spreadsheetId: string, rows: unknown[][], valueInputOption: string, range = 'A1') {
  await values.update({ spreadsheetId, range, valueInputOption, requestBody: { values: rows } });
}

async function read(spreadsheetId: string, valueRenderOption: string, range = 'A1:F8'): Promise<unknown[][]> {
  return (await values.get({ spreadsheetId, range, valueRenderOption })).data.values ?? [];
}

type Value = string | number | boolean;

const value: fc.Arbitrary<Value> = fc.oneof(
  fc.constantFrom('', 'x', '=A1', "'5", '5%', '2024-01-02', 'TRUE', ' ', '007', '\n', '🙂'),
  fc.string({ maxLength: 12 }),
  fc.boolean(),
  fc.integer(),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((number) => (number === 0 ? 0 : number)),
);

/** As Google answers: blanks at the ends of rows and rows at the end without anything are left out. */
function trimmed(rows: readonly (readonly unknown[])[]): unknown[][] {
  const cut = rows.map((row) => row.slice(0, row.findLastIndex((one) => one !== '') + 1));
  return cut.slice(0, cut.findLastIndex((row) => row.length > 0) + 1);
}

test(`RAW comes back as it was, blanks inside keep their places (seed ${SEED})`, async () => {
  const table = fc.array(fc.array(value, { minLength: 1, maxLength: 6 }), { minLength: 1, maxLength: 8 });
  await fc.assert(
    fc.asyncProperty(table, async (rows) => {
      const id = await newSpreadsheet(bench);
      await write(id, rows, 'RAW');
      expect(await read(id, 'UNFORMATTED_VALUE')).toEqual(trimmed(rows));
      expect(await read(id, 'FORMULA')).toEqual(trimmed(rows));
    }),
    { seed: SEED, numRuns: 60 },
  );
});

test('null leaves a cell alone, an empty text clears it', async () => {
  const change = fc.constantFrom(null, '', 'new');
  await fc.assert(
    fc.asyncProperty(fc.array(change, { minLength: 4, maxLength: 4 }), async (row) => {
      const id = await newSpreadsheet(bench);
      const before = ['a', 'b', 'c', 'd'];
      await write(id, [before], 'RAW');
      await write(id, [row], 'USER_ENTERED');
      expect(await read(id, 'FORMATTED_VALUE')).toEqual(trimmed([row.map((one, at) => one ?? before[at])]));
    }),
    { seed: SEED, numRuns: 30 },
  );
});

test('what a typed text shows means the same when it is typed again, in both locales', async () => {
  const typed = fc.oneof(
    fc.integer({ min: -99_999, max: 99_999 }).map(String),
    fc.integer({ min: 0, max: 999 }).map((n) => `${n}%`),
    fc.integer({ min: 1, max: 28 }).map((day) => `2024-02-${String(day).padStart(2, '0')}`),
    fc.integer({ min: 0, max: 23 }).map((hour) => `${hour}:30`),
    fc.constantFrom('TRUE', 'false', 'plain', "'007", '1e3'),
  );
  await fc.assert(
    fc.asyncProperty(typed, fc.constantFrom('en_US', 'de_DE'), async (text, locale) => {
      const created = await bench.sheets.spreadsheets.create({ requestBody: { properties: { title: 't', locale } } });
      const id = created.data.spreadsheetId ?? '';
      await write(id, [[text]], 'USER_ENTERED');
      const [[shown]] = (await read(id, 'FORMATTED_VALUE')) as [[string]];
      const meant = await read(id, 'UNFORMATTED_VALUE');
      const again = typeof meant[0]?.[0] === 'string' ? `'${shown}` : shown;
      await write(id, [[again]], 'USER_ENTERED', 'A1');
      expect([text, locale, await read(id, 'UNFORMATTED_VALUE')]).toEqual([text, locale, meant]);
    }),
    { seed: SEED, numRuns: 80 },
  );
});
