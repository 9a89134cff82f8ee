// What a literal means: serial dates as Sheets counts them, and nothing taken for a date that is none.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Cell, dateOfSerial, type Literal, literalOf, serialOf } from '../../src/sheets/values.ts';

const typed = (cell: Exclude<Cell, null>, timeZone = 'Etc/GMT') => literalOf(cell, 'typed', timeZone);
const numberOf = ({ value }: Literal) => (value && 'numberValue' in value ? value.numberValue : undefined);
/** What the cell would show, to the second. */
const shown = (literal: Literal) =>
  dateOfSerial(numberOf(literal) ?? Number.NaN)
    .toISOString()
    .slice(0, 19);

describe('serials', () => {
  test.each([
    [[1899, 12, 30], 0],
    [[1899, 12, 31], 1],
    [[1899, 12, 29], -1],
    [[1900, 1, 1], 2],
    [[1900, 3, 1], 61],
    [[1970, 1, 1], 25_569],
    [[2000, 2, 29], 36_585],
    [[2024, 1, 15], 45_306],
    [[2024, 1, 15, 12], 45_306.5],
    [[2024, 1, 15, 18, 0, 0], 45_306.75],
    [[9999, 12, 31], 2_958_465],
  ])('%j is %d', (fields, serial) => {
    const [year = 0, month = 0, day = 0, ...time] = fields;
    expect(serialOf(year, month, day, ...time)).toBe(serial);
  });

  test.each([
    [2023, 2, 29],
    [1900, 2, 29],
    [2100, 2, 29],
    [2024, 2, 30],
    [2024, 4, 31],
    [2024, 0, 1],
    [2024, 13, 1],
    [2024, 1, 0],
  ])('%i-%i-%i is no day', (year, month, day) => {
    expect(serialOf(year, month, day)).toBeUndefined();
  });

  test('and dates are inverse, to the millisecond', () => {
    const dates = fc.date({
      min: new Date('0001-01-01'),
      max: new Date('9999-12-31T23:59:59.999Z'),
      noInvalidDate: true,
    });
    fc.assert(
      fc.property(dates, (date) => {
        const seconds = date.getUTCSeconds() + date.getUTCMilliseconds() / 1000;
        const serial = serialOf(
          date.getUTCFullYear(),
          date.getUTCMonth() + 1,
          date.getUTCDate(),
          date.getUTCHours(),
          date.getUTCMinutes(),
          seconds,
        );
        expect(dateOfSerial(serial ?? Number.NaN).toISOString()).toBe(date.toISOString());
      }),
      { numRuns: 1000 },
    );
  });
});

describe('a literal', () => {
  test.each<[Exclude<Cell, null>, Literal]>([
    ['', {}],
    [0, { value: { numberValue: 0 } }],
    [-1.5, { value: { numberValue: -1.5 } }],
    [false, { value: { boolValue: false } }],
    ['text', { value: { stringValue: 'text' } }],
    [' ', { value: { stringValue: ' ' } }],
    ['12', { value: { stringValue: '12' } }],
    ['TRUE', { value: { stringValue: 'TRUE' } }],
    [{ formula: '=A1+1' }, { value: { formulaValue: '=A1+1' } }],
    ['=A1+1', { value: { stringValue: '=A1+1' }, note: 'formula_as_text' }],
    ["'=A1", { value: { stringValue: "'=A1" } }],
    ['2024-01-15', { value: { numberValue: 45_306 }, date: 'DATE' }],
    ['2024-02-29', { value: { numberValue: 45_351 }, date: 'DATE' }],
    ['2024-01-15 12:00', { value: { numberValue: 45_306.5 }, date: 'DATE_TIME' }],
    ['2024-01-15T06:00:00', { value: { numberValue: 45_306.25 }, date: 'DATE_TIME' }],
    ['2024-01-15T00:00', { value: { numberValue: 45_306 }, date: 'DATE_TIME' }],
  ])('typed: %j', (cell, literal) => {
    expect(typed(cell)).toEqual(literal);
  });

  test.each<[string, Literal['note']]>([
    ['2024-01-15', undefined],
    ['2024-01-15T12:00Z', undefined],
    ['=A1', 'formula_as_text'],
  ])('raw: %j stays text', (cell, note) => {
    expect(literalOf(cell, 'raw', 'Europe/Berlin')).toEqual({ value: { stringValue: cell }, ...(note && { note }) });
  });

  test.each([
    '2023-02-29',
    '2024-02-30',
    '2024-13-01',
    '2024-00-10',
    '2024-01-15T24:00',
    '2024-01-15T23:60',
    '2024-01-15T23:59:60',
    '2024-1-5',
    '15.01.2024',
    '01/15/2024',
    '2024-01',
    '2024-01-15T12',
    '2024-01-15Z',
    '2024-01-15T12:00+2',
    '2024-01-15 noon',
    ' 2024-01-15',
    '2024-01-15\n',
    '20240115',
    '12:30',
    '0000-05-01',
  ])('%j is no date and stays text', (text) => {
    expect(typed(text)).toEqual({ value: { stringValue: text } });
  });

  test.each(['2024-01-15T12:00+24:00', '2024-01-15T12:00+99:99', '2024-01-15T12:00-01:60'])(
    '%j has an offset that no clock has and stays text',
    (text) => {
      expect(typed(text)).toEqual({ value: { stringValue: text } });
    },
  );
});

describe('a date-time with an offset', () => {
  test.each([
    ['2024-01-15T12:00:00Z', 'Etc/GMT', '2024-01-15T12:00:00'],
    ['2024-01-15T12:00:00Z', 'Europe/Berlin', '2024-01-15T13:00:00'],
    ['2024-07-15T12:00:00Z', 'Europe/Berlin', '2024-07-15T14:00:00'],
    ['2024-07-15T12:00+02:00', 'Europe/Berlin', '2024-07-15T12:00:00'],
    ['2024-07-15 12:00 +0200', 'Europe/Berlin', '2024-07-15T12:00:00'],
    ['2024-01-01T00:30Z', 'America/New_York', '2023-12-31T19:30:00'],
    ['2024-12-31T23:30-01:00', 'Asia/Kolkata', '2025-01-01T06:00:00'],
    ['2024-02-29T23:00-05:00', 'Pacific/Auckland', '2024-03-01T17:00:00'],
    // The clock jumps from 02:00 to 03:00, and in autumn back from 03:00 to 02:00.
    ['2024-03-31T00:59:59Z', 'Europe/Berlin', '2024-03-31T01:59:59'],
    ['2024-03-31T01:00:00Z', 'Europe/Berlin', '2024-03-31T03:00:00'],
    ['2024-10-27T00:30:00Z', 'Europe/Berlin', '2024-10-27T02:30:00'],
    ['2024-10-27T01:30:00Z', 'Europe/Berlin', '2024-10-27T02:30:00'],
    ['2024-01-15T12:00:00Z', 'Asia/Kathmandu', '2024-01-15T17:45:00'],
    ['2024-01-15T00:00:00Z', 'Etc/GMT', '2024-01-15T00:00:00'],
  ])('%s in %s shows as %s', (text, timeZone, local) => {
    const literal = typed(text, timeZone);
    expect(shown(literal)).toBe(local);
    expect([literal.date, literal.note]).toEqual(['DATE_TIME', 'converted_to_time_zone']);
  });

  test('shows what the clock in that zone showed at that instant', () => {
    const zones = [
      'Etc/GMT',
      'Europe/London',
      'America/New_York',
      'America/St_Johns',
      'Asia/Kolkata',
      'Australia/Lord_Howe',
      'Pacific/Apia',
    ];
    const instants = fc.date({ min: new Date('1971-01-01'), max: new Date('2037-12-31'), noInvalidDate: true });
    const offsets = fc.integer({ min: -14 * 60, max: 14 * 60 });
    fc.assert(
      fc.property(instants, offsets, fc.constantFrom(...zones), (date, offset, timeZone) => {
        const instant = new Date(Math.floor(date.getTime() / 1000) * 1000);
        const there = new Date(instant.getTime() + offset * 60_000).toISOString().slice(0, 19);
        const hours = String(Math.floor(Math.abs(offset) / 60)).padStart(2, '0');
        const minutes = String(Math.abs(offset) % 60).padStart(2, '0');
        const text = `${there}${offset < 0 ? '-' : '+'}${hours}:${minutes}`;
        expect(shown(typed(text, timeZone)).replace('T', ' ')).toBe(instant.toLocaleString('sv-SE', { timeZone }));
      }),
      { numRuns: 500 },
    );
  });

  test.each([
    ['0001-01-01T00:30:00+10:00', 'Etc/GMT'],
    ['0001-01-01T00:00:00Z', 'America/New_York'],
    ['9999-12-31T23:30:00-10:00', 'Etc/GMT'],
    ['9999-12-31T20:00:00Z', 'Asia/Tokyo'],
    ['0000-05-01T10:00:00Z', 'Etc/GMT'],
  ])('%s in %s is outside the years that can be written and stays text', (text, timeZone) => {
    expect(typed(text, timeZone)).toEqual({ value: { stringValue: text } });
  });

  test('on the first and the last day of all years is converted', () => {
    expect(shown(typed('0001-01-01T10:30:00+10:00'))).toBe('0001-01-01T00:30:00');
    expect(shown(typed('9999-12-31T13:59:59-10:00'))).toBe('9999-12-31T23:59:59');
  });

  test('keeps its milliseconds', () => {
    const literal = typed('2024-01-15T12:00:00.250Z', 'Europe/Berlin');
    expect(dateOfSerial(numberOf(literal) ?? 0).toISOString()).toBe('2024-01-15T13:00:00.250Z');
  });
});
