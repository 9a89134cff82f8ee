// The part of the scenario about finding, raw requests, comments, sharing and exports. On a spreadsheet of its own.

import type { Memory, Step } from './scenario.ts';

const ok = (answer: Record<string, unknown>): Step['expected'] => ({ ok: true, answer });
const refused = (code: string, detail: string, hint: string): Step['expected'] => ({ ok: false, code, detail, hint });
const written =
  (name: string) =>
  (answer: Record<string, unknown>): Memory => ({ [name]: String(answer.writeId) });

interface Posts {
  readonly comments: readonly { readonly time: string; readonly replies?: readonly { readonly time: string }[] }[];
}

export const SHARE_SCENARIO: readonly Step[] = [
  {
    name: 'create another spreadsheet',
    tool: 'create_spreadsheet',
    input: () => ({ title: 'Shared' }),
    remember: ({ id, writeId }) => ({ shared: String(id), 'shared created': String(writeId) }),
    expected: ok({
      status: 'applied',
      id: '<shared>',
      url: 'https://docs.google.com/spreadsheets/d/<shared>/edit',
      sheets: [{ title: 'Sheet1', sheetId: 0 }],
      writeId: '<shared created>',
    }),
  },
  {
    name: 'several raw requests, replies one for one',
    tool: 'batch_update',
    input: ({ shared }) => ({
      spreadsheet: shared,
      requests: [
        {
          pasteData: {
            coordinate: { sheetId: 0 },
            data: 'what,cost\nrent,900\nfood,=B2/2',
            delimiter: ',',
            type: 'PASTE_NORMAL',
          },
        },
        {
          addSheet: { properties: { sheetId: 4_711, title: 'Notes', gridProperties: { rowCount: 9, columnCount: 3 } } },
        },
        { findReplace: { find: 'food', replacement: 'Food', allSheets: true } },
      ],
    }),
    remember: written('raw'),
    expected: ok({
      status: 'applied',
      replies: [
        {},
        {
          addSheet: {
            properties: {
              sheetId: 4_711,
              title: 'Notes',
              index: 1,
              sheetType: 'GRID',
              gridProperties: { rowCount: 9, columnCount: 3 },
            },
          },
        },
        { findReplace: { valuesChanged: 1, rowsChanged: 1, sheetsChanged: 1, occurrencesChanged: 1 } },
      ],
      writeId: '<raw>',
    }),
  },
  {
    name: 'an unknown kind of request is told with the nearest',
    tool: 'batch_update',
    input: ({ shared }) => ({ spreadsheet: shared, requests: [{ updateCell: {} }] }),
    expected: refused(
      'invalid_argument',
      'requests[0]: there is no kind of request "updateCell".',
      'Did you mean updateCells?',
    ),
  },
  {
    name: 'requests about comments do not mix with others',
    tool: 'batch_update',
    input: ({ shared }) => ({
      spreadsheet: shared,
      requests: [{ deleteSheet: { sheetId: 4_711 } }, { deleteComment: { commentId: 'x' } }],
    }),
    expected: refused(
      'invalid_argument',
      'requests[1].deleteComment is about a comment and requests[0].deleteSheet is not: Google may lose comments of a batch that it applies, so they cannot be exactly once together.',
      'Send those about comments in a call of their own.',
    ),
  },
  {
    name: 'Google’s own refusal names the request',
    tool: 'batch_update',
    input: ({ shared }) => ({
      spreadsheet: shared,
      requests: [{ addSheet: { properties: { title: 'Never' } } }, { deleteSheet: { sheetId: 5 } }],
    }),
    expected: refused(
      'invalid_argument',
      'Invalid requests[1].deleteSheet: No sheet with id: 5',
      'Correct the argument named in the message.',
    ),
  },
  {
    name: 'find by what cells show, in all sheets',
    tool: 'find_cells',
    input: ({ shared }) => ({ spreadsheet: shared, query: '^(rent|food)$', regex: true, fresh: true }),
    expected: ok({ matches: [{ sheet: 'Sheet1', cells: { A2: 'rent', A3: 'Food' } }], total: 2, source: 'live' }),
  },
  {
    name: 'find formulas',
    tool: 'find_cells',
    input: ({ shared }) => ({ spreadsheet: shared, query: 'b2', in: 'formulas', limit: 1, fresh: true }),
    expected: ok({ matches: [{ sheet: 'Sheet1', cells: { B3: '=B2/2' } }], total: 1, source: 'live' }),
  },
  {
    name: 'an expression that could run away is refused',
    tool: 'find_cells',
    input: ({ shared }) => ({ spreadsheet: shared, query: '(a+)\\1', regex: true }),
    expected: refused(
      'invalid_argument',
      'query "(a+)\\\\1" is not a regular expression of RE2: invalid escape sequence: `\\1`.',
      'RE2 is what Sheets itself takes: no look-around, no back-references, repetitions up to 1000.',
    ),
  },
  {
    name: 'comment on a cell',
    tool: 'add_comment',
    input: ({ shared }) => ({ spreadsheet: shared, text: 'Why so much?', anchor: 'B2', idempotencyKey: 'comment 1' }),
    remember: ({ commentId, writeId }) => ({ comment: String(commentId), commented: String(writeId) }),
    expected: ok({ status: 'applied', commentId: '<comment>', writeId: '<commented>' }),
  },
  {
    name: 'reply to it',
    tool: 'add_comment',
    input: ({ shared, comment }) => ({ spreadsheet: shared, text: 'Because.', replyTo: comment }),
    remember: ({ replyId, writeId }) => ({ reply: String(replyId), replied: String(writeId) }),
    expected: ok({ status: 'applied', commentId: '<comment>', replyId: '<reply>', writeId: '<replied>' }),
  },
  {
    name: 'list comments with their replies',
    tool: 'list_comments',
    input: ({ shared }) => ({ spreadsheet: shared, fresh: true }),
    remember: (answer) => {
      const [first] = (answer as unknown as Posts).comments;
      return { 'comment time': first?.time ?? '', 'reply time': first?.replies?.[0]?.time ?? '' };
    },
    expected: ok({
      comments: [
        {
          id: '<comment>',
          author: 'You',
          time: '<comment time>',
          text: 'Why so much?',
          cell: "'Sheet1'!B2",
          quote: '900',
          replies: [{ id: '<reply>', author: 'You', time: '<reply time>', text: 'Because.' }],
        },
      ],
      total: 1,
      source: 'live',
    }),
  },
  {
    name: 'share with somebody',
    tool: 'share_spreadsheet',
    input: ({ shared }) => ({ spreadsheet: shared, email: 'ann@example.com', role: 'reader' }),
    remember: written('shared once'),
    expected: ok({ status: 'applied', writeId: '<shared once>' }),
  },
  {
    name: 'set another role in its place',
    tool: 'share_spreadsheet',
    input: ({ shared }) => ({ spreadsheet: shared, email: 'Ann@example.com', role: 'writer' }),
    remember: written('shared twice'),
    expected: ok({ status: 'applied', was: 'reader', writeId: '<shared twice>' }),
  },
  {
    name: 'take it back, and once more',
    tool: 'share_spreadsheet',
    input: ({ shared }) => ({ spreadsheet: shared, email: 'ann@example.com', role: 'none' }),
    remember: written('unshared'),
    expected: ok({ status: 'applied', was: 'writer', writeId: '<unshared>' }),
  },
  {
    name: 'what is not there need not be taken',
    tool: 'share_spreadsheet',
    input: ({ shared }) => ({ spreadsheet: shared, email: 'ann@example.com', role: 'none' }),
    remember: written('unshared again'),
    expected: ok({ status: 'unchanged', writeId: '<unshared again>' }),
  },
  {
    name: 'sharing takes exactly one of three',
    tool: 'share_spreadsheet',
    input: ({ shared }) => ({ spreadsheet: shared, anyone: true, domain: 'example.com', role: 'reader' }),
    expected: refused(
      'invalid_argument',
      'Give exactly one of email, domain and anyone: 2 are given.',
      'Correct the argument named in the message.',
    ),
  },
  {
    name: 'export a sheet as CSV',
    tool: 'export_spreadsheet',
    input: ({ shared }) => ({ spreadsheet: shared, format: 'csv', fresh: true }),
    expected: ok({
      mimeType: 'text/csv',
      sheet: 'Sheet1',
      sizeBytes: 27,
      text: 'what,cost\nrent,900\nFood,450',
      source: 'live',
    }),
  },
  {
    name: 'the embedded backend converts to nothing else',
    tool: 'export_spreadsheet',
    input: ({ shared }) => ({ spreadsheet: shared, format: 'xlsx' }),
    expected: refused(
      'unsupported',
      'This backend does not export xlsx: The requested conversion is not supported.',
      'csv and tsv are made of any backend.',
    ),
  },
];
