// Dates and times of day.

import { describe } from 'vitest';
import { check, down, refused } from '../support/formula-cases.ts';

describe('made and taken apart', () => {
  check([
    ['=DATE(2025, 3, 15)', 45731],
    ['=DATE(2024, 2, 29)', 45351],
    ['=DATE(2025, 13, 1)', 46023],
    ['=DATE(2025, 1, 32)', 45689],
    ['=DATE(2025, -1, 15)', 45611],
    ['=DATE(100, 1, 1)', 36526],
    ['=DATE(-1, 1, 1)', refused('NUM')],
    ['=DATE(10000, 1, 1)', refused('NUM')],
    ['=TIME(9, 30, 0)', 9.5 / 24],
    ['=TIME(25, 0, 0)', 1 / 24],
    ['=TIME(0, 90, 0)', 0.0625],
    ['=TIME(-1, 0, 0)', refused('NUM')],
    ['=YEAR("2025-03-15")', 2025],
    ['=MONTH("2025-12-31")', 12],
    ['=DAY(DATE(2025, 3, 15))', 15],
    ['=DAY(A1)', 30, down(null)],
    ['=YEAR(-1)', refused('NUM')],
    ['=HOUR("13:30:45")', 13],
    ['=MINUTE("13:30:45")', 30],
    ['=SECOND("13:30:45")', 45],
    ['=SECOND(TIME(9, 15, 30))', 30],
    ['=ISNUMBER(NOW())', true],
    ['=TODAY()=INT(NOW())', true],
    ['=EPOCHTODATE(1700000000)', 45244.92592592593],
    ['=EPOCHTODATE(1700000000000, 2)', 45244.92592592593],
    ['=EPOCHTODATE(1700000000000000, 3)', 45244.92592592593],
    ['=EPOCHTODATE(1, 4)', refused('NUM')],
    ['=EPOCHTODATE(-1)', refused('NUM')],
  ]);
});

describe('read from texts', () => {
  check([
    ['=DATEVALUE("2025-03-15")', 45731],
    ['=DATEVALUE("March 15, 2025")', 45731],
    ['=DATEVALUE("3/15/2025 14:00")', 45731],
    ['=DATEVALUE("not a date")', refused('VALUE', "DATEVALUE parameter 'not a date' cannot be parsed to date/time.")],
    ['=DATEVALUE("45")', refused('VALUE')],
    ['=TIMEVALUE("13:30:00")', 0.5625],
    ['=TIMEVALUE("3/15/2025 12:00")', 0.5],
    ['=TIMEVALUE("x")', refused('VALUE', "TIMEVALUE parameter 'x' cannot be parsed to date/time.")],
  ]);
});

describe('moved and measured', () => {
  check([
    ['=EDATE("2025-01-15", 3)', 45762],
    ['=EDATE("2025-01-15", -3)', 45580],
    ['=EDATE("2025-01-31", 1)', 45716],
    ['=EOMONTH("2025-03-15", 2)', 45808],
    ['=EOMONTH("2024-02-10", 0)', 45351],
    ['=EOMONTH("2025-03-15", -1)', 45716],
    ['=DATEDIF("2020-01-15", "2025-03-20", "Y")', 5],
    ['=DATEDIF("2020-01-15", "2025-03-20", "M")', 62],
    ['=DATEDIF("2020-01-15", "2025-03-20", "md")', 5],
    ['=DATEDIF("2020-01-15", "2025-03-20", "YM")', 2],
    ['=DATEDIF("2025-01-01", "2025-02-01", "D")', 31],
    ['=DATEDIF("1969-07-16", "1969-07-24", "YD")', 8],
    ['=DATEDIF("2025-01-02", "2025-01-01", "D")', refused('NUM')],
    ['=DATEDIF("2025-01-01", "2025-01-02", "W")', refused('NUM')],
    ['=DAYS("2025-03-01", "2025-03-15")', -14],
    ['=DAYS("2025-01-01", "2024-01-01")', 366],
    ['=DAYS360("2025-01-15", "2025-03-15")', 60],
    ['=DAYS360("2024-01-01", "2025-01-01")', 360],
    ['=DAYS360("2025-01-31", "2025-03-31", TRUE)', 60],
    ['=YEARFRAC("2025-01-01", "2025-07-01")', 0.5],
    ['=YEARFRAC("2026-01-01", "2025-01-01", 1)', 1],
    ['=YEARFRAC("2025-01-01", "2026-01-01", 2)', 365 / 360],
    ['=YEARFRAC("2025-01-01", "2026-01-01", 5)', refused('NUM')],
  ]);
});

describe('weeks', () => {
  check([
    ['=WEEKDAY("2025-03-16")', 1],
    ['=WEEKDAY("2025-03-17", 2)', 1],
    ['=WEEKDAY("2025-03-17", 3)', 0],
    [
      '=WEEKDAY("2025-03-17", 4)',
      refused('NUM', 'Function WEEKDAY parameter 2 value is 4. Valid values are between 1 and 3 inclusive.'),
    ],
    ['=WEEKNUM("2025-01-05")', 2],
    ['=WEEKNUM("2025-01-05", 2)', 1],
    ['=WEEKNUM("2025-01-05", 17)', 2],
    ['=WEEKNUM("2023-01-01", 21)', 52],
    ['=WEEKNUM("2023-01-01", 3)', refused('NUM')],
    ['=ISOWEEKNUM("2025-06-15")', 24],
    ['=ISOWEEKNUM("2023-01-01")', 52],
    ['=ISOWEEKNUM("2024-12-30")', 1],
  ]);
});

describe('working days', () => {
  check([
    ['=NETWORKDAYS("2025-03-03", "2025-03-07")', 5],
    ['=NETWORKDAYS("2025-03-07", "2025-03-10")', 2],
    ['=NETWORKDAYS("2025-03-07", "2025-03-03")', -5],
    ['=NETWORKDAYS("2025-01-01", "2025-12-31")', 261],
    ['=NETWORKDAYS("2025-03-03", "2025-03-07", DATE(2025, 3, 5))', 4],
    ['=NETWORKDAYS("2025-03-03", "2025-03-07", A1:A3)', 4, down(45721, null, 45724)],
    [
      '=NETWORKDAYS("2025-03-03", "2025-03-07", "2025-03-05")',
      refused(
        'VALUE',
        "NETWORKDAYS expects number values. But '2025-03-05' is a text and cannot be coerced to a number.",
      ),
    ],
    ['=NETWORKDAYS.INTL("2025-03-03", "2025-03-09", 11)', 6],
    ['=NETWORKDAYS.INTL("2025-03-03", "2025-03-09", "0000011")', 5],
    ['=NETWORKDAYS.INTL("2025-03-03", "2025-03-09", 8)', refused('NUM')],
    ['=NETWORKDAYS.INTL("2025-03-03", "2025-03-09", "1111111")', refused('VALUE')],
    ['=WORKDAY("2025-03-03", 5)', 45726],
    ['=WORKDAY("2025-03-10", -5)', 45719],
    ['=WORKDAY("2025-03-03", 0)', 45719],
    ['=WORKDAY("2025-03-03", 5, DATE(2025, 3, 5))', 45727],
    ['=WORKDAY("2025-03-03", 300)', 45719 + 420],
    ['=WORKDAY("2025-03-03", 300, A1:A2)', 45719 + 422, down(45721, 45728)],
    ['=WORKDAY("2025-03-03", -300, DATE(2025, 2, 26))', 45719 - 423],
    ['=WORKDAY("2025-03-03", 5, "2025-03-05")', refused('VALUE')],
    ['=NETWORKDAYS(0, 1E+300)', refused('NUM')],
    ['=WORKDAY(0, -1E+300)', refused('NUM')],
    ['=EDATE(1E+300, 1)', refused('NUM')],
    ['=WORKDAY.INTL("2025-03-03", 5, 7)', 45726],
    ['=WORKDAY.INTL("2025-03-03", 5, "0000001")', 45724],
  ]);
});
