// What a caller is told about the cells of a write, and which cells are refused by their address.

import { describe, expect, test } from 'vitest';
import { ServalError } from '../../src/errors.ts';
import { checkCell, createNotes, literalAt } from '../../src/sheets/literals.ts';

const ZONE = 'Europe/Berlin';

test('nothing odd, nothing said', () => {
  const notes = createNotes();
  expect(literalAt('text', 'A1', 'typed', ZONE, notes)).toEqual({ value: { stringValue: 'text' } });
  expect(literalAt('', 'A2', 'typed', ZONE, notes)).toEqual({});
  expect(literalAt(null, 'A3', 'typed', ZONE, notes)).toBeNull();
  expect(notes.warnings(ZONE)).toEqual({});
});

test('a text that looks like a formula is told with its address and the cure', () => {
  const notes = createNotes();
  expect(literalAt('=A1', 'B7', 'raw', ZONE, notes)?.value).toEqual({ stringValue: '=A1' });
  expect(notes.warnings(ZONE)).toEqual({
    warnings: ['B7: a text that begins with "=" was stored as text; for a formula pass { "formula": "=..." }'],
  });
});

test('a converted date-time is told with the time zone', () => {
  const notes = createNotes();
  literalAt('2024-01-15T12:00Z', 'B7', 'typed', ZONE, notes);
  expect(notes.warnings(ZONE).warnings).toEqual([
    'B7: a date-time with an offset was converted to the time zone of the spreadsheet, Europe/Berlin',
  ]);
});

test.each([
  [1, 'A1: '],
  [5, 'A1, A2, A3, A4, A5: '],
  [6, 'A1, A2, A3, A4, A5 and 1 more: '],
  [1000, 'A1, A2, A3, A4, A5 and 995 more: '],
])('of %i cells at most five addresses are named, the others counted', (count, beginning) => {
  const notes = createNotes();
  for (let n = 1; n <= count; n++) notes.add('formula_as_text', `A${n}`);
  const { warnings = [] } = notes.warnings(ZONE);
  expect(warnings).toHaveLength(1);
  expect(warnings[0]?.startsWith(`${beginning}a text`)).toBe(true);
});

test('of very many cells name a few and count the rest', () => {
  const notes = createNotes();
  for (let n = 1; n <= 30_000; n++) notes.add('converted_to_time_zone', `A${n}`);
  expect(notes.warnings(ZONE).warnings?.[0]).toContain('and 29995 more');
});

test('each kind has one warning of its own', () => {
  const notes = createNotes();
  notes.add('converted_to_time_zone', 'A1');
  notes.add('formula_as_text', 'A2');
  notes.add('converted_to_time_zone', 'A3');
  expect(notes.warnings(ZONE).warnings?.map((warning) => warning.split(':')[0])).toEqual(['A1, A3', 'A2']);
});

describe('a cell is refused by its address', () => {
  const refusal = (work: () => unknown) => {
    expect(work).toThrow(ServalError);
    return work;
  };

  test('when it is longer than Google allows', () => {
    const longest = 'x'.repeat(50_000);
    expect(() => checkCell(longest, 'C3')).not.toThrow();
    expect(refusal(() => checkCell(`${longest}x`, 'C3'))).toThrow(
      'C3 has 50001 characters; a cell holds at most 50000.',
    );
    expect(refusal(() => checkCell({ formula: `=${longest}` }, 'C3'))).toThrow('C3 has 50001 characters');
  });

  test('when its formula does not begin with =', () => {
    expect(() => checkCell({ formula: '=A1' }, 'C3')).not.toThrow();
    expect(refusal(() => checkCell({ formula: 'A1' }, 'C3'))).toThrow('The formula for C3 does not begin with "=".');
  });

  test('also when it is to be written', () => {
    expect(() => literalAt({ formula: 'A1' }, 'C3', 'typed', ZONE, createNotes())).toThrow('C3');
  });

  test.each([null, 0, true, '', '=not a formula'])('but not for being %j', (cell) => {
    expect(() => checkCell(cell, 'C3')).not.toThrow();
  });
});
