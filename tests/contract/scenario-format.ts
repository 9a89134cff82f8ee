// The part of the story about how cells look and what they accept.

import type { Step } from './scenario.ts';

const RULE = { type: 'number_greater', values: [100], format: { background: '#f4cccc', text: { bold: true } } };

export const FORMAT_STEPS: readonly Step[] = [
  {
    name: 'format several ranges at once',
    tool: 'format_range',
    input: ({ book }) => ({
      spreadsheet: book,
      formats: [
        { range: 'Plan!1:1', text: { bold: true }, background: '#d9ead3', borders: { bottom: 'medium' } },
        { range: 'Plan!C2:C', number: 'currency', align: 'right', columnWidth: 120 },
        { range: 'Plan!E1:F1', merge: 'all', note: 'later' },
      ],
    }),
    remember: ({ writeId }) => ({ formatted: String(writeId) }),
    expected: {
      ok: true,
      answer: {
        status: 'applied',
        ranges: ["'Plan'!1:1", "'Plan'!C2:C", "'Plan'!E1:F1"],
        writeId: '<formatted>',
      },
    },
  },
  {
    name: 'a merge that would lose cells is refused',
    tool: 'format_range',
    input: ({ book }) => ({ spreadsheet: book, formats: [{ range: 'Plan!A1:C1', merge: 'all' }] }),
    expected: {
      ok: false,
      code: 'conflict',
      detail: 'Merging would lose what these cells hold: Plan!B1, Plan!C1. Nothing was formatted.',
      hint: 'A merge keeps only its top left cell: move or clear the others first (write_range, clear_range).',
    },
  },
  {
    name: 'a property that does not exist is told with those that do',
    tool: 'format_range',
    input: ({ book }) => ({ spreadsheet: book, formats: [{ range: 'Plan!A1', text: { colour: '#ff0000' } }] }),
    expected: {
      ok: false,
      code: 'invalid_argument',
      detail:
        'format_range: unknown key "colour" (did you mean "color"?) in formats[0].text, which takes bold, italic, ' +
        'underline, strikethrough, color, size, font, link; formats[0].text: says nothing.',
      hint: 'Arguments of format_range: spreadsheet, formats, idempotencyKey.',
    },
  },
  {
    name: 'let a column accept a list only',
    tool: 'set_validation',
    input: ({ book }) => ({
      spreadsheet: book,
      range: 'Plan!B2:B',
      rule: { type: 'one_of_list', values: ['rent', 'food', 'taxi'], strict: false, help: 'what it was for' },
    }),
    remember: ({ writeId }) => ({ validated: String(writeId) }),
    expected: { ok: true, answer: { status: 'applied', ranges: ["'Plan'!B2:B"], writeId: '<validated>' } },
  },
  {
    name: 'paint cells by what they hold',
    tool: 'set_conditional_format',
    input: ({ book }) => ({ spreadsheet: book, ranges: ['Plan!C2:C'], rule: RULE }),
    remember: ({ writeId }) => ({ painted: String(writeId) }),
    expected: { ok: true, answer: { status: 'applied', index: 0, ranges: ["'Plan'!C2:C"], writeId: '<painted>' } },
  },
  {
    name: 'formats are read in the terms in which they are written',
    tool: 'read_format',
    input: ({ book }) => ({ spreadsheet: book, range: 'Plan' }),
    expected: {
      ok: true,
      answer: {
        range: "'Plan'",
        formats: [
          { range: "'Plan'!1:1", text: { bold: true }, background: '#d9ead3', borders: { bottom: 'medium' } },
          { range: "'Plan'!A2:A5", number: 'date' },
          { range: "'Plan'!C2:C1000", number: 'currency', align: 'right' },
          { range: "'Plan'!E1:F1", merge: 'all', note: 'later' },
          { range: "'Plan'!C:C", columnWidth: 120 },
        ],
        validation: [
          {
            range: "'Plan'!B2:B1000",
            rule: { type: 'one_of_list', values: ['rent', 'food', 'taxi'], strict: false, help: 'what it was for' },
          },
        ],
        conditional: [{ index: 0, ranges: ["'Plan'!C2:C1000"], rule: RULE }],
        source: 'live',
      },
    },
  },
];
