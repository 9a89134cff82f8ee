// The part of the story about sheets, rows and columns: the sheet Plan of the spreadsheet so far, on a copy of it.

import type { Step } from './scenario.ts';

const ok = (answer: Record<string, unknown>) => ({ ok: true, answer }) as const;
const refused = (code: string, detail: string, hint: string) => ({ ok: false, code, detail, hint }) as const;
/** The id of the write of a step. */
const write = (name: string) => (answer: Record<string, unknown>) => ({ [name]: String(answer.writeId) });

export const STRUCTURE: readonly Step[] = [
  {
    name: 'a sheet is copied',
    tool: 'add_sheet',
    input: ({ book }) => ({ spreadsheet: book, title: 'Copy', copyFrom: { sheet: 'Plan' } }),
    remember: (answer) => ({ copy: String(answer.sheetId), 'added sheet': String(answer.writeId) }),
    expected: ok({ status: 'applied', sheetId: '<copy>', writeId: '<added sheet>' }),
  },
  {
    name: 'a title that is taken is refused',
    tool: 'add_sheet',
    input: ({ book }) => ({ spreadsheet: book, title: 'plan' }),
    expected: refused('invalid_argument', 'title: there is a sheet "Plan" already.', 'Choose another title.'),
  },
  {
    name: 'a sheet is named and coloured',
    tool: 'update_sheet',
    input: ({ book }) => ({ spreadsheet: book, sheet: 'Copy', title: 'Costs', frozenRows: 1, tabColor: '#34a853' }),
    remember: write('updated sheet'),
    expected: ok({ status: 'applied', writeId: '<updated sheet>' }),
  },
  {
    name: 'a grid never shrinks over content',
    tool: 'update_sheet',
    input: ({ book }) => ({ spreadsheet: book, sheet: 'Costs', rows: 2 }),
    expected: refused(
      'conflict',
      'Cells with content would go, such as Costs!A3: nothing was changed.',
      'Move or clear them first, or delete them with delete_dimension.',
    ),
  },
  {
    name: 'rows are inserted',
    tool: 'insert_dimension',
    input: ({ book }) => ({ spreadsheet: book, sheet: 'Costs', dimension: 'rows', index: 3, count: 2 }),
    remember: write('inserted'),
    expected: ok({ status: 'applied', range: "'Costs'!3:4", writeId: '<inserted>' }),
  },
  {
    name: 'a column is moved',
    tool: 'move_dimension',
    input: ({ book }) => ({ spreadsheet: book, sheet: 'Costs', dimension: 'columns', index: 'C', to: 'A' }),
    remember: write('moved'),
    expected: ok({ status: 'applied', range: "'Costs'!A:A", writeId: '<moved>' }),
  },
  {
    name: 'what would be replaced',
    tool: 'replace_text',
    input: ({ book }) => ({ spreadsheet: book, find: 'T', replacement: 'p', sheet: 'Costs', dryRun: true }),
    expected: ok({ status: 'dry_run', occurrences: 4, cells: 4, sheets: 1 }),
  },
  {
    name: 'text is replaced',
    tool: 'replace_text',
    input: ({ book }) => ({
      spreadsheet: book,
      find: 'ta(.)i',
      replacement: 'bus $1',
      range: 'Costs!C:C',
      regex: true,
    }),
    remember: write('replaced'),
    expected: ok({ status: 'applied', occurrences: 1, cells: 1, sheets: 1, writeId: '<replaced>' }),
  },
  {
    name: 'what is to be deleted is counted first',
    tool: 'delete_dimension',
    input: ({ book }) => ({ spreadsheet: book, sheet: 'Costs', dimension: 'rows', index: 4, count: 2, dryRun: true }),
    expected: ok({ status: 'dry_run', range: "'Costs'!4:5", cells: 3 }),
  },
  {
    name: 'rows are deleted',
    tool: 'delete_dimension',
    input: ({ book }) => ({ spreadsheet: book, sheet: 'Costs', dimension: 'rows', index: 3, count: 2 }),
    remember: write('deleted rows'),
    expected: ok({ status: 'applied', range: "'Costs'!3:4", writeId: '<deleted rows>' }),
  },
  {
    name: 'rows are sorted',
    tool: 'sort_range',
    input: ({ book }) => ({ spreadsheet: book, range: 'Costs', by: [{ column: 'what' }] }),
    remember: write('sorted'),
    expected: ok({ status: 'applied', range: "'Costs'!A2:Z1000", writeId: '<sorted>' }),
  },
  {
    name: 'the sorting is undone',
    tool: 'undo_write',
    input: ({ sorted }) => ({ writeId: sorted }),
    remember: write('undone'),
    expected: ok({ status: 'applied', ranges: ["'Costs'!A2:Z4"], cells: 78, writeId: '<undone>' }),
  },
  {
    name: 'a filter is set',
    tool: 'set_filter',
    input: ({ book }) => ({
      spreadsheet: book,
      range: 'Costs!A1:C4',
      criteria: [
        { column: 'cost', type: 'number_greater', values: [20] },
        { column: 'what', hide: ['rent'] },
      ],
    }),
    remember: write('filtered'),
    expected: ok({ status: 'applied', range: "'Costs'!A1:C4", writeId: '<filtered>' }),
  },
  {
    name: 'the description shows all that',
    tool: 'describe_spreadsheet',
    input: ({ book }) => ({ spreadsheet: book, sheets: ['Costs'] }),
    expected: ok({
      id: '<book>',
      title: 'Scenario',
      url: 'https://docs.google.com/spreadsheets/d/<book>/edit',
      locale: 'en_US',
      timeZone: 'Etc/GMT',
      sheets: [
        {
          title: 'Costs',
          sheetId: '<copy>',
          tabColor: '#34a853',
          rows: 1000,
          columns: 26,
          usedRange: 'A1:C4',
          headerRow: 1,
          fields: [
            { column: 'A', name: 'cost', type: 'number', sample: '900' },
            { column: 'B', name: 'day', type: 'date', sample: '1/2/2026' },
            { column: 'C', name: 'what', type: 'text', sample: 'rent' },
          ],
          frozenRows: 1,
          filter: 'A1:C4: A number_greater 20, C hides 1',
        },
      ],
      source: 'live',
    }),
  },
  {
    name: 'a sheet that is to be deleted is counted first',
    tool: 'delete_sheet',
    input: ({ book }) => ({ spreadsheet: book, sheet: 'Costs', dryRun: true }),
    expected: ok({ status: 'dry_run', title: 'Costs', cells: 11, usedRange: 'A1:C4' }),
  },
  {
    name: 'a sheet is deleted',
    tool: 'delete_sheet',
    input: ({ book }) => ({ spreadsheet: book, sheet: 'Costs' }),
    remember: write('deleted sheet'),
    expected: ok({ status: 'applied', title: 'Costs', writeId: '<deleted sheet>' }),
  },
  {
    name: 'the last sheet stays',
    tool: 'delete_sheet',
    input: ({ book }) => ({ spreadsheet: book, sheet: 'Plan' }),
    expected: refused(
      'invalid_argument',
      '"Plan" is the only sheet: a spreadsheet keeps one that is seen.',
      'Add another sheet first.',
    ),
  },
];
