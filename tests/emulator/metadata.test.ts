// What an exactly-once marker needs of the backend: used ids refused by name, refused batches without a trace, deletion
// by filter, the budget of characters, chosen ids. Through Google's own client.

import { join } from 'node:path';
import type { sheets_v4 } from '@googleapis/sheets';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { DeveloperMetadata } from '../../src/emulator/messages/cells.ts';
import { MetadataTable, sheetOf, sizeOf } from '../../src/emulator/metadata-table.ts';
import { temporaryFolder } from '../support/app.ts';
import { type Bench, newSpreadsheet, openBench, refusal } from './clients.ts';

const bench = openBench();

/** Two characters of key and 22 of value, as the markers of flushes have: 1,250 of them fill the budget. */
const MARKER_CHARACTERS = 24;
const BUDGET_CHARACTERS = 30_000;
const FULL = BUDGET_CHARACTERS / MARKER_CHARACTERS;

function marker(metadataId: number, value = `flush-${metadataId}`): sheets_v4.Schema$Request {
  return create({ metadataId, metadataKey: 'ss', metadataValue: value.padEnd(22, '.') });
}

function create(given: sheets_v4.Schema$DeveloperMetadata): sheets_v4.Schema$Request {
  const developerMetadata = { location: { spreadsheet: true }, visibility: 'PROJECT', ...given };
  return { createDeveloperMetadata: { developerMetadata } };
}

function remove(lookup: sheets_v4.Schema$DeveloperMetadataLookup): sheets_v4.Schema$Request {
  return { deleteDeveloperMetadata: { dataFilter: { developerMetadataLookup: lookup } } };
}

function write(text: string, sheetId = 0): sheets_v4.Schema$Request {
  const rows = [{ values: [{ userEnteredValue: { stringValue: text } }] }];
  return { appendCells: { sheetId, rows, fields: 'userEnteredValue' } };
}

async function batch(id: string, requests: sheets_v4.Schema$Request[], { sheets }: Pick<Bench, 'sheets'> = bench) {
  return (await sheets.spreadsheets.batchUpdate({ spreadsheetId: id, requestBody: { requests } })).data.replies ?? [];
}

async function ids(id: string, lookup: sheets_v4.Schema$DeveloperMetadataLookup = {}, { sheets } = bench) {
  const requestBody = { dataFilters: [{ developerMetadataLookup: lookup }] };
  const { data } = await sheets.spreadsheets.developerMetadata.search({ spreadsheetId: id, requestBody });
  return (data.matchedDeveloperMetadata ?? []).map((match) => match.developerMetadata?.metadataId);
}

async function column(id: string) {
  const { data } = await bench.sheets.spreadsheets.values.get({ spreadsheetId: id, range: 'Sheet1!A:A' });
  return (data.values ?? []).flat();
}

const numbers = (count: number, from = 1) => Array.from({ length: count }, (_, at) => from + at);

describe('a used id', () => {
  test('is refused at the request that names it, with everything else of its batch', async () => {
    const id = await newSpreadsheet(bench);
    await batch(id, [marker(2 ** 31 - 1), write('a')]);
    const used = (id: number) =>
      `Cannot add developer metadata with ID [${id}] because developer metadata with that ID already exists.`;
    const again = [marker(2 ** 31 - 1), write('a')];
    const first = `Invalid requests[0].createDeveloperMetadata: ${used(2 ** 31 - 1)}`;
    expect(await refusal(batch(id, again))).toEqual({ status: 400, message: first });
    const third = `Invalid requests[2].createDeveloperMetadata: ${used(7)}`;
    expect(await refusal(batch(id, [marker(7), write('b'), marker(7)]))).toEqual({ status: 400, message: third });
    expect(await column(id)).toEqual(['a']);
    expect(await ids(id)).toEqual([2 ** 31 - 1]);
  });

  test('is free again once deleted, also within one batch', async () => {
    const id = await newSpreadsheet(bench);
    await batch(id, [marker(5, 'one')]);
    await batch(id, [remove({ metadataId: 5 }), marker(5, 'two')]);
    const { data } = await bench.sheets.spreadsheets.developerMetadata.get({ spreadsheetId: id, metadataId: 5 });
    expect(data.metadataValue).toBe('two'.padEnd(22, '.'));
    await batch(id, [remove({ metadataId: 5 })]);
    await batch(id, [marker(5, 'three')]);
    expect(await ids(id)).toEqual([5]);
  });

  test('lets one of many identical batches through', async () => {
    const id = await newSpreadsheet(bench);
    const sent = numbers(20).map(() => batch(id, [marker(9), write('once')]));
    const outcomes = (await Promise.allSettled(sent)).map(({ status }) => status);
    expect(outcomes.filter((outcome) => outcome === 'fulfilled')).toHaveLength(1);
    expect(await column(id)).toEqual(['once']);
  });

  test('of another kind or out of range is not confused with it', async () => {
    const id = await newSpreadsheet(bench);
    await batch(id, [marker(4), { addSheet: { properties: { sheetId: 4, title: 'four' } } }]);
    expect((await refusal(batch(id, [marker(2 ** 31)]))).message).toContain(
      "Invalid value at 'requests[0].create_developer_metadata.developer_metadata.metadata_id' (TYPE_INT32)",
    );
    expect((await refusal(batch(id, [marker(-1)]))).message).toMatch(/^Invalid requests\[0\]\.createDev.*non-negative/);
    expect(await ids(id)).toEqual([4]);
  });
});

describe('a refused batch', () => {
  test('leaves no marker, neither in memory nor on disk', async () => {
    const file = join(temporaryFolder(), 'workbooks.sqlite');
    const first = openBench({ file });
    const id = await newSpreadsheet(first);
    await batch(id, [marker(1)], first);
    const bad = { updateCells: { start: { sheetId: 999 }, rows: [], fields: '*' } };
    const { message } = await refusal(batch(id, [marker(2), remove({ metadataId: 1 }), write('x'), bad], first));
    expect(message).toBe('Invalid requests[3].updateCells: No grid with id: 999');
    expect(await ids(id, {}, first)).toEqual([1]);
    await batch(id, [marker(3)], first);
    first.emulator.close();
    const second = openBench({ file });
    expect(await ids(id, {}, second)).toEqual([1, 3]);
    expect((await refusal(batch(id, [marker(3)], second))).message).toContain('ID [3]');
    await batch(id, [marker(2)], second);
    second.emulator.close();
  });
});

describe('deletion', () => {
  test('by id or key takes what matches and tells it; no match is no refusal', async () => {
    const id = await newSpreadsheet(bench);
    await batch(id, [marker(1), marker(2), create({ metadataId: 3, metadataKey: 'other' })]);
    const replies = await batch(id, [
      remove({ metadataId: 2 }),
      remove({ metadataId: 2 }),
      remove({ metadataId: 3, metadataKey: 'ss' }),
      remove({ metadataKey: 'nobody' }),
      remove({ metadataKey: 'ss' }),
    ]);
    const told = replies.map((reply) =>
      (reply.deleteDeveloperMetadata?.deletedDeveloperMetadata ?? []).map(({ metadataId }) => metadataId),
    );
    expect(told).toEqual([[2], [], [], [], [1]]);
    expect(await ids(id)).toEqual([3]);
  });

  test('without a filter is refused by name', async () => {
    const id = await newSpreadsheet(bench);
    for (const payload of [{}, { dataFilter: {} }]) {
      const { message } = await refusal(batch(id, [write('x'), { deleteDeveloperMetadata: payload }]));
      expect(message).toMatch(/^Invalid requests\[1\]\.deleteDeveloperMetadata: dataFilter/);
    }
    expect(await column(id)).toEqual([]);
  });

  test('of 500 in one batch from a full store, ten thousand markers in all', { timeout: 20_000 }, async () => {
    const id = await newSpreadsheet(bench);
    for (let from = 1; from < 10_000; from += 500) {
      await batch(
        id,
        numbers(500, from).map((one) => marker(one)),
      );
      if (from > 1)
        await batch(
          id,
          numbers(500, from - 500).map((one) => remove({ metadataId: one })),
        );
    }
    expect(await ids(id)).toEqual(numbers(500, 9_501));
  });
});

describe('the budget', () => {
  test('is 30,000 characters of the spreadsheet, and the entry beyond it is named', async () => {
    const id = await newSpreadsheet(bench);
    await batch(
      id,
      numbers(FULL - 1).map((one) => marker(one)),
    );
    const beyond = await refusal(batch(id, [marker(9_001), write('x'), marker(9_002)]));
    expect(beyond.message).toMatch(/^Invalid requests\[2\]\.createDeveloperMetadata: .* limit of 30000 characters\.$/);
    expect(beyond.status).toBe(400);
    await batch(id, [marker(9_001)]);
    expect((await refusal(batch(id, [create({ metadataKey: 'k' })]))).message).toContain('limit of 30000');
    expect((await refusal(batch(id, [marker(9_001)]))).message).toContain('already exists');
    expect(await column(id)).toEqual([]);
    await batch(id, [remove({ metadataId: 1 }), marker(9_002)]);
    expect(await ids(id)).toHaveLength(FULL);
  });

  test('is 30,000 more for each sheet, rows and columns included, and goes with the sheet', async () => {
    const id = await newSpreadsheet(bench, [
      { properties: { sheetId: 0, title: 'A' } },
      { properties: { sheetId: 5, title: 'B' } },
    ]);
    const half = (location: sheets_v4.Schema$DeveloperMetadataLocation) =>
      create({ metadataKey: 'k', metadataValue: 'v'.repeat(14_999), location });
    const row = { dimensionRange: { sheetId: 5, dimension: 'ROWS', startIndex: 0, endIndex: 1 } };
    const all = [half({ spreadsheet: true }), half({ sheetId: 0 }), half({ sheetId: 5 }), half(row)];
    await batch(id, [...all, half({ spreadsheet: true }), half({ sheetId: 0 })]);
    for (const location of [{ spreadsheet: true }, { sheetId: 0 }, { sheetId: 5 }, row]) {
      const { message } = await refusal(batch(id, [create({ metadataKey: 'k', location })]));
      expect(message).toMatch(/^Invalid requests\[0\]\.createDeveloperMetadata: .* 30000/);
    }
    await batch(id, [{ deleteSheet: { sheetId: 5 } }, { addSheet: { properties: { sheetId: 5, title: 'C' } } }]);
    await batch(id, [half({ sheetId: 5 }), half(row)]);
  });

  test('holds after a restart, and in a copy', async () => {
    const file = join(temporaryFolder(), 'workbooks.sqlite');
    const first = openBench({ file });
    const id = await newSpreadsheet(first);
    await batch(
      id,
      numbers(FULL).map((one) => marker(one)),
      first,
    );
    first.emulator.close();
    const second = openBench({ file });
    const { data } = await second.drive.files.copy({ fileId: id, requestBody: {} });
    for (const one of [id, data.id ?? '']) {
      expect((await refusal(batch(one, [marker(9_001)], second))).message).toContain('limit of 30000');
      expect(await ids(one, {}, second)).toEqual(numbers(FULL));
    }
    second.emulator.close();
  });

  test('the running sum is the sum', () => {
    const sheet = fc.constantFrom<number | undefined>(undefined, 0, 7);
    const step = fc.record({
      id: fc.integer({ min: 1, max: 8 }),
      sheet,
      size: fc.option(fc.nat(9)),
      row: fc.boolean(),
    });
    const place = fc.array(step, { maxLength: 40 });
    fc.assert(
      fc.property(place, (steps) => {
        const table = new MetadataTable();
        const model = new Map<number, DeveloperMetadata>();
        for (const { id, sheet: sheetId, size, row } of steps) {
          if (size === null) {
            table.delete(id);
            model.delete(id);
            continue;
          }
          const location =
            sheetId === undefined ? { spreadsheet: true } : row ? { dimensionRange: { sheetId } } : { sheetId };
          const entry = { metadataId: id, metadataKey: 'k', metadataValue: 'v'.repeat(size), location };
          table.set(id, entry);
          model.set(id, entry);
        }
        const sum = (of: number | undefined) =>
          [...model.values()]
            .filter((one) => sheetOf(one.location ?? {}) === of)
            .reduce((all, one) => all + sizeOf(one), 0);
        expect([undefined, 0, 7].map((of) => table.used(of))).toEqual([undefined, 0, 7].map(sum));
        expect(table.list()).toEqual([...model].sort(([a], [b]) => a - b).map(([, one]) => one));
      }),
    );
  });
});

describe('reading', () => {
  test('get and search find an entry by what it is, after a restart too', async () => {
    const file = join(temporaryFolder(), 'workbooks.sqlite');
    const first = openBench({ file });
    const id = await newSpreadsheet(first);
    await batch(
      id,
      [marker(30), marker(10), create({ metadataId: 20, metadataKey: 'ss', visibility: 'DOCUMENT' })],
      first,
    );
    await batch(id, [marker(50)], first);
    await batch(id, [remove({ metadataId: 50 })], first);
    const look = async (one: Bench) => {
      const get = (metadataId: number) =>
        one.sheets.spreadsheets.developerMetadata.get({ spreadsheetId: id, metadataId });
      return {
        entry: (await get(10)).data,
        missing: await refusal(get(40)),
        all: await ids(id, { metadataKey: 'ss' }, one),
        marked: await ids(id, { metadataValue: 'flush-30'.padEnd(22, '.') }, one),
        project: await ids(id, { visibility: 'PROJECT' }, one),
        named: await ids(id, { metadataId: 20, visibility: 'DOCUMENT' }, one),
        none: await ids(id, { metadataId: 20, visibility: 'PROJECT' }, one),
      };
    };
    const found = await look(first);
    expect(found).toEqual({
      entry: {
        metadataId: 10,
        metadataKey: 'ss',
        metadataValue: 'flush-10'.padEnd(22, '.'),
        location: { locationType: 'SPREADSHEET', spreadsheet: true },
        visibility: 'PROJECT',
      },
      missing: { status: 404, message: 'No developer metadata with ID 40.' },
      all: [10, 20, 30],
      marked: [30],
      project: [10, 30],
      named: [20],
      none: [],
    });
    first.emulator.close();
    const second = openBench({ file });
    expect(await look(second)).toEqual(found);
    second.emulator.close();
  });
});

describe('chosen ids', () => {
  test('of a sheet are kept, and refused once used', async () => {
    const id = await newSpreadsheet(bench);
    const add = (title: string) => ({ addSheet: { properties: { sheetId: 2 ** 31 - 1, title } } });
    const [reply] = await batch(id, [add('mine')]);
    expect(reply?.addSheet?.properties?.sheetId).toBe(2 ** 31 - 1);
    const refused = { status: 400, message: 'Invalid requests[1].addSheet: Sheet with id 2147483647 already exists.' };
    expect(await refusal(batch(id, [marker(1), add('other')]))).toEqual(refused);
    expect(await ids(id)).toEqual([]);
    const twice = { addSheet: { properties: { sheetId: 3 } } };
    expect((await refusal(batch(id, [twice, twice]))).message).toBe(
      'Invalid requests[1].addSheet: Sheet with id 3 already exists.',
    );
  });

  test('of a named range are kept, and refused once used; an empty one is none', async () => {
    const id = await newSpreadsheet(bench);
    const add = (name: string, namedRangeId: string) => ({
      addNamedRange: { namedRange: { name, namedRangeId, range: { sheetId: 0, endRowIndex: 1, endColumnIndex: 1 } } },
    });
    const [one, two] = await batch(id, [add('one', 'chosen'), add('two', '')]);
    expect(one?.addNamedRange?.namedRange?.namedRangeId).toBe('chosen');
    expect(two?.addNamedRange?.namedRange?.namedRangeId).toMatch(/^\d+$/);
    const taken = 'a named range with that id already exists.';
    const refused = `Invalid requests[1].addNamedRange: Cannot add named range with id: chosen, ${taken}`;
    expect(await refusal(batch(id, [marker(1), add('three', 'chosen')]))).toEqual({ status: 400, message: refused });
    expect((await refusal(batch(id, [add('four', 'x'), add('five', 'x')]))).message).toContain(
      'with id: x, a named range with that id already',
    );
    expect(await ids(id)).toEqual([]);
  });
});
