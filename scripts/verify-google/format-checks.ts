// Whether formats, validation and rules that the server writes are answered in the terms in which it wrote them: its
// own verbs on the sheets of the run.

import { setConditionalFormat } from '../../src/sheets/conditional.ts';
import type { Desk } from '../../src/sheets/desk.ts';
import { formatRanges } from '../../src/sheets/format.ts';
import { type Google, readSpreadsheet } from '../../src/sheets/metadata.ts';
import { readFormat } from '../../src/sheets/read-format.ts';
import { setValidation } from '../../src/sheets/validation.ts';
import type { Bench } from './bench.ts';
import { at, own } from './cells.ts';
import { type Check, differs, unless } from './check.ts';

/** What verbs are given. */
async function deskOf(bench: Bench): Promise<Desk> {
  const google: Google = (method, _, { spreadsheetId: __, ...params }) => bench.send(bench.call(method, params));
  const spreadsheet = await readSpreadsheet(google, bench.spreadsheetId);
  return {
    google,
    spreadsheet,
    alone: async () => {},
    breathe: async () => {},
    newId: bench.newId,
    dryRun: false,
    keep: undefined,
    allowExternal: false,
  };
}

async function told(desk: Desk, range: string) {
  const reading = await readFormat(desk, range);
  return reading.report(reading.rows);
}

export const tellsFormats: Check = {
  number: 53,
  sheets: 1,
  run: async (bench, sheets) => {
    const sheet = own(sheets);
    const desk = await deskOf(bench);
    const text = { bold: true, italic: true, color: '#ff0000', size: 14, font: 'Roboto' };
    const number = {
      range: at(sheet, 'A1:B2'),
      number: '"€" #,##0.00',
      text,
      background: '#0b5394',
      align: 'center top',
    };
    const box = {
      range: at(sheet, 'D2:F4'),
      borders: { inner: 'thin', top: 'thick', bottom: 'thick', left: 'thick', right: 'thick' },
    };
    const merge = { range: at(sheet, 'A6:B7'), merge: 'all' as const, note: 'n' };
    const sizes = { range: at(sheet, 'H:H'), columnWidth: 150 };
    await formatRanges(desk, [{ ...number, wrap: 'clip' }, box, merge, sizes]);
    await formatRanges(desk, [{ range: number.range, wrap: null, text: { italic: null, size: null } }]);
    const { formats, warnings } = await told(desk, sheet.title);
    const { italic: _, size: __, ...left } = text;
    return unless(
      [differs('formats', formats, [{ ...number, text: left }, box, merge, sizes]), differs('warnings', warnings, [])],
      'number format, text, colours, alignment, a box of lines, a merge, a note and a width are told as written',
    );
  },
};

export const tellsValidation: Check = {
  number: 54,
  sheets: 1,
  run: async (bench, sheets) => {
    const sheet = own(sheets);
    const desk = await deskOf(bench);
    const rules = [
      { type: 'one_of_list', values: ['a', 'b, c'], help: 'choose' },
      { type: 'one_of_range', values: [at(sheet, 'A1:A')], dropdown: false },
      { type: 'boolean' },
      { type: 'number_between', values: [1.5, 2], strict: false },
      { type: 'date_after', values: ['2026-01-31'] },
      { type: 'text_is_email' },
      { type: 'custom_formula', values: ['=LEN(H1)>2'] },
    ];
    for (const [row, rule] of rules.entries()) await setValidation(desk, [at(sheet, `H${row + 1}`)], rule);
    const { validation } = await told(desk, at(sheet, 'H1:H9'));
    const expected = rules.map((rule, row) => ({ range: at(sheet, `H${row + 1}`), rule }));
    return unless([differs('validation', validation, expected)], 'seven rules are told as written');
  },
};

export const tellsRules: Check = {
  number: 55,
  sheets: 1,
  run: async (bench, sheets) => {
    const sheet = own(sheets);
    const desk = await deskOf(bench);
    const ranges = [at(sheet, 'B2:C5')];
    const format = { text: { bold: true }, background: '#ff0000' };
    const rule = (text: string) => ({ type: 'text_contains', values: [text], format });
    const gradient = {
      min: { color: '#ffffff' },
      mid: { color: '#ffff00', value: 50 },
      max: { color: '#ff0000', type: 'number' as const, value: 9.5 },
    };
    for (const one of [rule('a'), rule('b'), { gradient }]) await setConditionalFormat(desk, ranges, one);
    await setConditionalFormat(desk, ranges, rule('new'), 1);
    // Of one cell that the rules reach into.
    const { conditional } = await told(desk, at(sheet, 'C5:D5'));
    const expected = [rule('a'), rule('new'), { gradient }].map((one, index) => ({ index, ranges, rule: one }));
    return unless([differs('rules', conditional, expected)], 'rules go behind the others, or in the place of one');
  },
};
