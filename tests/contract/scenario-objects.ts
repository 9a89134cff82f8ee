// The part of the story about charts, tables and the like, on a spreadsheet of its own.

import type { Step } from './scenario.ts';

const ok = (answer: Record<string, unknown>) => ({ ok: true, answer }) as const;
const refused = (code: string, detail: string, hint: string) => ({ ok: false, code, detail, hint }) as const;
/** The id of the write of a step. */
const write = (name: string) => (answer: Record<string, unknown>) => ({ [name]: String(answer.writeId) });

export const OBJECT_STEPS: readonly Step[] = [
  {
    name: 'a spreadsheet for objects',
    tool: 'create_spreadsheet',
    input: () => ({
      title: 'Objects',
      sheets: [
        {
          title: 'Deals',
          rows: [
            ['region', 'state', 'amount'],
            ['north', 'open', 100],
            ['south', 'done', 250],
            ['north', 'done', 175],
          ],
        },
      ],
    }),
    remember: ({ id, sheets, writeId }) => ({
      objects: String(id),
      'deals sheet': String((sheets as { sheetId: number }[])[0]?.sheetId),
      'objects made': String(writeId),
    }),
    expected: ok({
      status: 'applied',
      id: '<objects>',
      url: 'https://docs.google.com/spreadsheets/d/<objects>/edit',
      sheets: [{ title: 'Deals', sheetId: '<deals sheet>' }],
      writeId: '<objects made>',
    }),
  },
  {
    name: 'a range becomes a table with typed columns',
    tool: 'set_table',
    input: ({ objects }) => ({
      spreadsheet: objects,
      range: 'Deals!A1:C4',
      name: 'Deals table',
      columns: { state: ['open', 'done'], amount: 'currency' },
    }),
    remember: (answer) => ({ table: String(answer.tableId), 'table made': String(answer.writeId) }),
    expected: ok({
      status: 'applied',
      tableId: '<table>',
      name: 'Deals table',
      range: "'Deals'!A1:C4",
      writeId: '<table made>',
    }),
  },
  {
    name: 'a chart of it',
    tool: 'set_chart',
    input: ({ objects }) => ({
      spreadsheet: objects,
      type: 'column',
      data: 'Deals!A1:C4',
      series: ['amount'],
      title: 'Amounts',
      position: 'Deals!E1',
    }),
    remember: (answer) => ({ chart: String(answer.chartId), 'chart made': String(answer.writeId) }),
    expected: ok({ status: 'applied', chartId: '<chart>', position: "'Deals'!E1", writeId: '<chart made>' }),
  },
  {
    name: 'the chart moves and keeps the rest',
    tool: 'set_chart',
    input: ({ objects, chart }) => ({ spreadsheet: objects, chartId: Number(chart), position: 'Deals!H1' }),
    remember: write('chart moved'),
    expected: ok({ status: 'applied', chartId: '<chart>', position: "'Deals'!H1", writeId: '<chart moved>' }),
  },
  {
    name: 'a pivot table on cells that are free',
    tool: 'set_pivot_table',
    input: ({ objects }) => ({
      spreadsheet: objects,
      anchor: 'Deals!E20',
      source: 'Deals table',
      rows: ['region'],
      values: [{ column: 'amount', summarize: 'sum' }],
    }),
    remember: write('pivot made'),
    expected: ok({ status: 'applied', anchor: "'Deals'!E20", writeId: '<pivot made>' }),
  },
  {
    name: 'a pivot table overwrites nothing',
    tool: 'set_pivot_table',
    input: ({ objects }) => ({
      spreadsheet: objects,
      anchor: 'Deals!E21',
      source: 'Deals!A1:C4',
      rows: ['region'],
    }),
    expected: refused(
      'conflict',
      'anchor: \'Deals\'!E21 shows "north", of a formula or a pivot table in another cell: nothing was changed.',
      'Anchor it at a blank cell with room right of it and below, such as A1 of a new sheet.',
    ),
  },
  {
    name: 'a range gets a name',
    tool: 'set_named_range',
    input: ({ objects }) => ({ spreadsheet: objects, name: 'amounts', range: 'Deals!C2:C4' }),
    remember: (answer) => ({ 'name id': String(answer.namedRangeId), 'name made': String(answer.writeId) }),
    expected: ok({
      status: 'applied',
      name: 'amounts',
      range: "'Deals'!C2:C4",
      namedRangeId: '<name id>',
      writeId: '<name made>',
    }),
  },
  {
    name: 'a name that reads as a cell is refused',
    tool: 'set_named_range',
    input: ({ objects }) => ({ spreadsheet: objects, name: 'Q1', range: 'Deals!C2:C4' }),
    expected: refused(
      'invalid_argument',
      'name: "Q1" cannot name a range: it reads as a cell.',
      'A name has letters, numbers and underscores, begins with none of the numbers, and is not like A1 or R1C1.',
    ),
  },
  {
    name: 'cells are protected with a warning',
    tool: 'set_protection',
    input: ({ objects }) => ({ spreadsheet: objects, range: 'amounts', warningOnly: true }),
    remember: (answer) => ({ protection: String(answer.protectedRangeId), 'protection made': String(answer.writeId) }),
    expected: ok({
      status: 'applied',
      protectedRangeId: '<protection>',
      range: "'Deals'!C2:C4",
      writeId: '<protection made>',
    }),
  },
  {
    name: 'all of them are described',
    tool: 'describe_spreadsheet',
    input: ({ objects }) => ({ spreadsheet: objects, fresh: true }),
    expected: ok({
      id: '<objects>',
      title: 'Objects',
      url: 'https://docs.google.com/spreadsheets/d/<objects>/edit',
      locale: 'en_US',
      timeZone: 'Etc/GMT',
      sheets: [
        {
          title: 'Deals',
          sheetId: '<deals sheet>',
          rows: 1000,
          columns: 26,
          usedRange: 'A1:F23',
          headerRow: 1,
          fields: [
            { column: 'A', name: 'region', type: 'text', sample: 'north' },
            { column: 'B', name: 'state', type: 'text', sample: 'open' },
            { column: 'C', name: 'amount', type: 'number', sample: '$100.00' },
            { column: 'D', type: 'empty' },
            { column: 'E', type: 'text', sample: 'region' },
            { column: 'F', type: 'text', sample: 'SUM of amount' },
          ],
          tables: ['Deals table: A1:C4, id <table> (region, state dropdown: open | done, amount currency)'],
          protectedRanges: ['<protection>: C2:C4, warning only'],
          charts: ['<chart>: column "Amounts" at H1'],
          pivotTables: ['E20: of Deals!A1:C4, rows A, sum of C'],
        },
      ],
      namedRanges: ['amounts: Deals!C2:C4'],
      source: 'live',
    }),
  },
  {
    name: 'a table goes and its cells stay',
    tool: 'delete_object',
    input: ({ objects }) => ({ spreadsheet: objects, kind: 'table', id: 'Deals table' }),
    remember: write('table deleted'),
    expected: ok({
      status: 'applied',
      deleted: "table Deals table (id <table>); the cells 'Deals'!A1:C4 keep values, formats, notes and validation",
      writeId: '<table deleted>',
    }),
  },
  {
    name: 'what is not there is told with what is',
    tool: 'delete_object',
    input: ({ objects }) => ({ spreadsheet: objects, kind: 'named_range', id: 'amount' }),
    expected: refused('not_found', 'There is no named range "amount".', 'Did you mean "amounts"? There are: amounts.'),
  },
];
