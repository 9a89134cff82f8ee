// What one batch is to Google: applied in order, refused as a whole by name, as large as the server makes it.

import { append, at, bad, own, put } from './cells.ts';
import { type Check, differs, fails, unless } from './check.ts';

/** A range that cannot be: there is no sheet of that title. */
const NOWHERE = "'no such sheet of verify-google'!A1";

export const refusesWhole: Check = {
  number: 7,
  sheets: 1,
  run: async (bench, sheets) => {
    const sheet = own(sheets);
    const typed = await bench.attempt(bench.batch([put(sheet, 0, 0, [['x']]), bad(bench)]));
    const data = [at(sheet, 'A2'), NOWHERE].map((range) => ({ range, values: [['x']] }));
    const entered = await bench.attempt(bench.enter(data));
    const [read] = await bench.values([at(sheet, 'A1:A2')]);
    if (typed.ok || entered.ok) return fails('a batch with a wrong part was not refused');
    return unless(
      [differs('after the refusals', read?.values, [])],
      `nothing of them stood there after "${typed.words}" and "${entered.words}"; other replies below 500 were not tried`,
    );
  },
};

export const keepsOrder: Check = {
  number: 11,
  sheets: 1,
  run: async (bench, sheets) => {
    const sheet = own(sheets);
    const place = { sheetId: sheet.id };
    const [one, two] = ['one', 'two'].map((word) => put(sheet, 0, 0, [[word]]));
    if (!one || !two) return fails('no requests');
    await bench.batch([one, two, append(place, [['a']]), append(place, [['b'], ['c']]), append(place, [['d']])]);
    const refused = await bench.attempt(bench.batch([one, append(place, [['e']]), bad(bench), bad(bench)]));
    const [read] = await bench.values([at(sheet, 'A1:A20')]);
    if (refused.ok) return fails('a batch with a wrong part was not refused');
    return unless(
      [
        differs('column A', read?.values.flat(), ['two', 'a', 'b', 'c', 'd']),
        !/\brequests\[2\]/.test(refused.words) && `requests[2] is not named: ${refused.words}`,
      ],
      refused.words,
    );
  },
};

export const namesData: Check = {
  number: 31,
  sheets: 1,
  run: async (bench, sheets) => {
    const data = [at(own(sheets), 'A1'), NOWHERE].map((range) => ({ range, values: [['x']] }));
    const refused = await bench.attempt(bench.enter(data));
    if (refused.ok) return fails('not refused');
    return unless([!/\bdata\[1\]/.test(refused.words) && `data[1] is not named: ${refused.words}`], refused.words);
  },
};

export const answersInOrder: Check = {
  number: 32,
  sheets: 1,
  run: async (bench, sheets) => {
    const sheet = own(sheets);
    await bench.batch([put(sheet, 0, 0, [['A1', 'B1', 'C1']])]);
    const ranges = ['C1', 'A1:C1', 'A1', 'B1:C2'].map((range) => at(sheet, range));
    const seen = (await bench.values(ranges)).map(({ values }) => values.flat().join());
    return unless(
      [differs('values', seen, ['C1', 'A1,B1,C1', 'A1', 'B1,C1'])],
      'C1, A1:C1, A1 and B1:C2 came in that order',
    );
  },
};

export const tellsDates: Check = {
  number: 52,
  sheets: 1,
  run: async (bench, sheets) => {
    const range = at(own(sheets), 'A1:G1');
    await bench.enter([{ range, values: [['2024-01-05', '14:30:00', '5', '50%', "'7", 'TRUE', '=1/0']] }]);
    const [plain] = await bench.values([range]);
    const [dated] = await bench.values([range], 'FORMATTED_STRING');
    const [dates = [], others = []] = [dated?.values[0]?.slice(0, 2), dated?.values[0]?.slice(2)];
    const serials = plain?.values[0]?.slice(0, 2) ?? [];
    return unless(
      [
        differs(
          'the dates as numbers',
          serials.map((value) => typeof value),
          ['number', 'number'],
        ),
        differs(
          'the dates as text',
          dates.map((value) => typeof value),
          ['string', 'string'],
        ),
        differs('the others', others, plain?.values[0]?.slice(2)),
        differs('the error', others.at(-1), '#DIV/0!'),
      ],
      `${dates.join(' and ')} beside ${serials.join(' and ')}, everything else the same`,
    );
  },
};

/** Beyond so many bytes the server splits a read (sheets/merge.ts). */
const URL_BYTES = 2_048;

export const takesLongUrls: Check = {
  number: 34,
  sheets: 1,
  run: async (bench, sheets) => {
    const sheet = own(sheets);
    const ranges: string[] = [];
    for (let bytes = 200; ; ) {
      const range = at(sheet, `A${(ranges.length % 20) + 1}:H20`);
      bytes += encodeURIComponent(`&ranges=${range}`).length;
      if (bytes > URL_BYTES) break;
      ranges.push(range);
    }
    const read = await bench.values(ranges);
    return unless([differs('ranges', read.length, ranges.length)], `${ranges.length} ranges in one read`);
  },
};

/** Google's limit for one cell is 50,000. */
const CELL_CHARACTERS = 49_000;

export const takesLargeBodies: Check = {
  number: 35,
  sheets: 1,
  run: async (bench, sheets) => {
    const sheet = own(sheets);
    const rows = Array.from({ length: 5 }, () => Array.from({ length: 8 }, () => 'x'.repeat(CELL_CHARACTERS)));
    await bench.batch([put(sheet, 0, 0, rows)], {}, 'spreadsheetId');
    const [read] = await bench.values([at(sheet, 'H5')]);
    return unless(
      [differs('the length of the last cell', String(read?.values[0]?.[0] ?? '').length, CELL_CHARACTERS)],
      `a body of ${(rows.flat().length * CELL_CHARACTERS) / 1e6} MB was taken`,
    );
  },
};

export const growsBesideOthers: Check = {
  number: 36,
  sheets: 1,
  run: async (bench, sheets) => {
    const sheet = own(sheets);
    const grow = () => bench.batch([{ appendDimension: { sheetId: sheet.id, dimension: 'ROWS', length: 5 } }]);
    await Promise.all([grow(), grow()]);
    const [shown] = await bench.grid([at(sheet, 'A1')], 'userEnteredValue');
    return unless([differs('rows', shown?.properties.gridProperties?.rowCount, 30)], 'two by 5 rows at once gave 10');
  },
};
