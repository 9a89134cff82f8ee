// One story, told through every face of the server. Each face must answer every step alike, ids apart.

import type { Outcome } from '../support/faces.ts';
import { FORMAT_STEPS } from './scenario-format.ts';
import { OBJECT_STEPS } from './scenario-objects.ts';
import { SHARE_SCENARIO } from './scenario-share.ts';
import { STRUCTURE } from './scenario-structure.ts';

/** What earlier steps have shown: ids that later steps need. */
export type Memory = Record<string, string>;

export interface Step {
  readonly name: string;
  readonly tool: string;
  readonly input: (memory: Memory) => object;
  /** The whole outcome; every id of the memory is written as `<name>`. */
  readonly expected: Outcome;
  /** Ids to remember, by name, from the answer. */
  readonly remember?: (answer: Record<string, unknown>) => Memory;
}

const ok = (answer: Record<string, unknown>): Outcome => ({ ok: true, answer });
const refused = (code: string, detail: string, hint: string): Outcome => ({ ok: false, code, detail, hint });

export const SCENARIO: readonly Step[] = [
  {
    name: 'search finds the demo',
    tool: 'search_spreadsheets',
    input: () => ({ query: 'ServalSheets' }),
    remember: (answer) => {
      const [first] = answer.spreadsheets as { modified: string }[];
      return { 'demo modified': first?.modified ?? '' };
    },
    expected: ok({
      spreadsheets: [
        {
          id: '<demo>',
          title: 'ServalSheets demo',
          owner: 'you@localhost',
          modified: '<demo modified>',
          url: 'https://docs.google.com/spreadsheets/d/<demo>/edit?usp=drivesdk',
        },
      ],
      source: 'live',
    }),
  },
  {
    name: 'describe says what a sheet holds',
    tool: 'describe_spreadsheet',
    input: ({ demo }) => ({ spreadsheet: demo, sheets: ['seattle-weather'] }),
    expected: ok({
      id: '<demo>',
      title: 'ServalSheets demo',
      url: 'https://docs.google.com/spreadsheets/d/<demo>/edit',
      locale: 'en_US',
      timeZone: 'Etc/GMT',
      sheets: [
        {
          title: 'seattle-weather',
          sheetId: 0,
          rows: 1562,
          columns: 6,
          usedRange: 'A1:F1462',
          headerRow: 1,
          fields: [
            { column: 'A', name: 'date', type: 'date', sample: '2012-01-01' },
            { column: 'B', name: 'precipitation', type: 'number', sample: '0' },
            { column: 'C', name: 'temp_max', type: 'number', sample: '12.8' },
            { column: 'D', name: 'temp_min', type: 'number', sample: '5' },
            { column: 'E', name: 'wind', type: 'number', sample: '4.7' },
            { column: 'F', name: 'weather', type: 'text', sample: 'drizzle' },
          ],
          frozenRows: 1,
        },
      ],
      source: 'live',
    }),
  },
  {
    name: 'query joins sheets by SQL',
    tool: 'query_rows',
    input: ({ demo }) => ({
      spreadsheet: demo,
      sql: `SELECT weather, count(*) AS days, min(date) AS first, (SELECT count(*) FROM airports WHERE state = :state) AS airports
        FROM "seattle-weather" WHERE temp_max > :warm GROUP BY weather ORDER BY days DESC, weather LIMIT 2`,
      parameters: { warm: 30, state: 'WA' },
      fresh: true,
    }),
    expected: ok({
      columns: ['weather', 'days', 'first', 'airports'],
      rows: [
        ['sun', 50, '2012-08-04', 65],
        ['drizzle', 1, '2015-08-19', 65],
      ],
      source: 'live',
    }),
  },
  {
    name: 'query tells the columns there are',
    tool: 'query_rows',
    input: ({ demo }) => ({ spreadsheet: demo, sql: 'SELECT town FROM airports' }),
    expected: refused(
      'invalid_argument',
      'There is no column "town".',
      'Columns of airports: iata, name, city, state, country, latitude, longitude. rowid is the row number.',
    ),
  },
  {
    name: 'query refuses to write',
    tool: 'query_rows',
    input: ({ demo }) => ({ spreadsheet: demo, sql: 'DELETE FROM airports' }),
    expected: refused(
      'invalid_argument',
      'query_rows runs one SELECT only: this is none.',
      'Write SELECT, or WITH ... SELECT; cells are changed by write_range, append_rows and upsert_rows.',
    ),
  },
  {
    name: 'create with rows',
    tool: 'create_spreadsheet',
    input: () => ({
      title: 'Scenario',
      sheets: [
        {
          title: 'Plan',
          rows: [
            ['day', 'what', 'cost'],
            ['2026-01-02', 'rent', 900],
          ],
        },
      ],
    }),
    remember: ({ id, sheets, writeId }) => ({
      book: String(id),
      plan: String((sheets as { sheetId: number }[])[0]?.sheetId),
      created: String(writeId),
    }),
    expected: ok({
      status: 'applied',
      id: '<book>',
      url: 'https://docs.google.com/spreadsheets/d/<book>/edit',
      sheets: [{ title: 'Plan', sheetId: '<plan>' }],
      writeId: '<created>',
    }),
  },
  {
    name: 'append records and arrays',
    tool: 'append_rows',
    input: ({ book }) => ({
      spreadsheet: book,
      sheet: 'Plan',
      rows: [{ cost: 12.5, what: '=food', day: '2026-01-05' }, ['2026-01-06', 'taxi', 20]],
      idempotencyKey: 'scenario 1',
    }),
    remember: ({ writeId }) => ({ appended: String(writeId) }),
    expected: ok({
      status: 'applied',
      rows: 2,
      updatedRange: "'Plan'!A3:C4",
      writeId: '<appended>',
      warnings: [
        'rows[0], column B: a text that begins with "=" was stored as text; for a formula pass { "formula": "=..." }',
      ],
    }),
  },
  {
    name: 'write over cells, by URL',
    tool: 'write_range',
    input: ({ book }) => ({
      spreadsheet: `https://docs.google.com/spreadsheets/d/${book}/edit#gid=0`,
      writes: [
        {
          range: 'Plan!B3',
          values: [
            ['food', 14.25],
            [null, ''],
          ],
        },
      ],
    }),
    remember: ({ writeId }) => ({ written: String(writeId) }),
    expected: ok({ status: 'applied', ranges: ["'Plan'!B3:C4"], cells: 3, overwritten: 3, writeId: '<written>' }),
  },
  {
    name: 'the same call with the same key is answered, not made again',
    tool: 'append_rows',
    input: ({ book }) => ({
      rows: [{ cost: 12.5, what: '=food', day: '2026-01-05' }, ['2026-01-06', 'taxi', 20]],
      idempotencyKey: 'scenario 1',
      sheet: 'Plan',
      spreadsheet: book,
    }),
    expected: ok({
      status: 'applied',
      rows: 2,
      updatedRange: "'Plan'!A3:C4",
      writeId: '<appended>',
      warnings: [
        'rows[0], column B: a text that begins with "=" was stored as text; for a formula pass { "formula": "=..." }',
      ],
    }),
  },
  {
    name: 'another call with that key is refused',
    tool: 'append_rows',
    input: ({ book }) => ({ spreadsheet: book, sheet: 'Plan', rows: [['x']], idempotencyKey: 'scenario 1' }),
    expected: refused(
      'conflict',
      'This idempotency key was used for another call: nothing was done.',
      'Use a new key for a new call, and the same arguments with the same key.',
    ),
  },
  {
    name: 'a write can be asked for by its id',
    tool: 'get_write',
    input: ({ written = '' }) => ({ writeId: written }),
    expected: ok({
      writeId: '<written>',
      tool: 'write_range',
      state: 'applied',
      spreadsheet: '<book>',
      answer: { status: 'applied', ranges: ["'Plan'!B3:C4"], cells: 3, overwritten: 3, writeId: '<written>' },
    }),
  },
  {
    name: 'what is expected and is not there stops the write',
    tool: 'write_range',
    input: ({ book }) => ({
      spreadsheet: book,
      writes: [{ range: 'Plan!C3', values: [[99]] }],
      expect: [{ range: 'Plan!B3:C3', values: [['food', 15]] }],
    }),
    expected: refused(
      'precondition_failed',
      "expect[0] does not hold: 'Plan'!C3 holds 14.25, expected 15. Nothing was written.",
      'The cells have changed: read them again before writing.',
    ),
  },
  {
    name: 'upsert updates the row of a key and appends what is new',
    tool: 'upsert_rows',
    input: ({ book }) => ({
      spreadsheet: book,
      sheet: 'Plan',
      key: ['what'],
      rows: [
        { what: 'taxi', cost: 21 },
        { what: 'tram', cost: 3, day: '2026-01-07' },
      ],
    }),
    remember: ({ writeId }) => ({ upserted: String(writeId) }),
    expected: ok({ status: 'applied', updated: 1, appended: 1, appendedRange: "'Plan'!A5:C5", writeId: '<upserted>' }),
  },
  {
    name: 'clear takes the values away',
    tool: 'clear_range',
    input: ({ book }) => ({ spreadsheet: book, ranges: ['Plan!A5:C5', 'Plan!C4'] }),
    remember: ({ writeId }) => ({ cleared: String(writeId) }),
    expected: ok({ status: 'applied', ranges: ["'Plan'!A5:C5", "'Plan'!C4"], cells: 4, writeId: '<cleared>' }),
  },
  {
    name: 'a dry run of its undoing tells what it would put back',
    tool: 'undo_write',
    input: ({ cleared }) => ({ writeId: cleared, dryRun: true }),
    expected: ok({ status: 'dry_run', ranges: ["'Plan'!A5:C5", "'Plan'!C4"], cells: 4 }),
  },
  {
    name: 'read it as records of plain numbers',
    tool: 'read_range',
    input: ({ book }) => ({ spreadsheet: book, ranges: ['Plan'], format: 'records', render: 'unformatted' }),
    expected: ok({
      ranges: [
        {
          range: 'Plan!A1:Z1000',
          totalRows: 3,
          firstRow: 2,
          records: [
            { day: '1/2/2026', what: 'rent', cost: 900 },
            { day: '1/5/2026', what: 'food', cost: 14.25 },
            { day: '1/6/2026', what: 'taxi' },
          ],
        },
      ],
      source: 'live',
    }),
  },
  {
    name: 'a wrong sheet is told with the right ones',
    tool: 'read_range',
    input: ({ book }) => ({ spreadsheet: book, ranges: ['Plann!A1'] }),
    expected: refused('not_found', 'There is no sheet "Plann".', 'Did you mean "Plan"? Sheets: Plan.'),
  },
  {
    name: 'a bad range says what a range is',
    tool: 'read_range',
    input: ({ book }) => ({ spreadsheet: book, ranges: ['Plan!A1:?'] }),
    expected: refused(
      'invalid_argument',
      '"Plan!A1:?" is not a range.',
      "Write A1:C10, Sheet!A1:C10, 'My sheet'!B:D, a sheet's title, a named range, or Table[Column]; columns go from A to ZZZ, rows from 1. Sheets: Plan.",
    ),
  },
  {
    name: 'an unknown key is told with the known ones',
    tool: 'append_rows',
    input: ({ book }) => ({ spreadsheet: book, sheet: 'Plan', row: [['x']] }),
    expected: refused(
      'invalid_argument',
      'append_rows: rows: expected array, received undefined; unknown key "row" (did you mean "rows"?).',
      'Arguments of append_rows: spreadsheet, sheet, table, rows, idempotencyKey, dryRun.',
    ),
  },
  {
    name: 'an unknown column is told with the known ones',
    tool: 'append_rows',
    input: ({ book }) => ({ spreadsheet: book, sheet: 'Plan', rows: [{ price: 1 }] }),
    expected: refused(
      'invalid_argument',
      'rows[0] names a column "price" that does not exist.',
      'Columns: day, what, cost.',
    ),
  },
  {
    name: 'an unknown spreadsheet',
    tool: 'describe_spreadsheet',
    input: () => ({ spreadsheet: 'no-such-spreadsheet' }),
    expected: refused('not_found', 'Requested entity was not found.', 'Check the id or name, and that it is shared.'),
  },
  ...STRUCTURE,
  ...FORMAT_STEPS,
  ...SHARE_SCENARIO,
  ...OBJECT_STEPS,
];
