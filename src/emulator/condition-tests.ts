// When a condition holds for a cell. What conditions may say is conditions.ts. Alters nothing.

import { dateOfSerial } from '../sheets/values.ts';
import { isFormula } from './conditions.ts';
import { type Effective, effectiveAt } from './evaluate.ts';
import { shiftReferences } from './formula/rewrite.ts';
import { parseLiteral } from './literals.ts';
import type { BooleanCondition, ConditionValue } from './messages/rules.ts';
import { isDateFormat } from './number-format.ts';
import { numberFormatAt, shownText } from './render.ts';
import type { Sheet } from './workbook.ts';

/** The cell for which a condition's formulas are written; for others their references shift. */
export interface Anchor {
  readonly row: number;
  readonly column: number;
}

interface Place extends Anchor {
  readonly sheet: Sheet;
  readonly anchor: Anchor;
}

function evaluated({ sheet, anchor, row, column }: Place, text: string): Effective {
  const locale = sheet.book.properties.locale ?? 'en_US';
  const formula = text.startsWith('+') ? `=${text.slice(1)}` : text;
  const shifted = shiftReferences(formula, locale, row - anchor.row, column - anchor.column);
  return sheet.book.calc.tried(sheet, row, column, shifted);
}

/** Days since Sheets' epoch. */
function today(place: Place): number {
  const serial = evaluated(place, '=TODAY()');
  return typeof serial === 'number' ? serial : Number.NaN;
}

/** A value as a person would have typed it: a number, a date as its serial, a text, or a formula's result. */
function typed(place: Place, { userEnteredValue: text = '' }: ConditionValue): Effective {
  if (isFormula(text)) return evaluated(place, text);
  // The year completes dates typed without one: the present one.
  const year = dateOfSerial(today(place)).getUTCFullYear();
  const literal = parseLiteral(text, year, place.sheet.book.properties.locale);
  return 'value' in literal ? literal.value : text;
}

function numberOf(place: Place, value: ConditionValue | undefined): number {
  const number = value ? typed(place, value) : undefined;
  return typeof number === 'number' ? number : Number.NaN;
}

function textOf(place: Place, { userEnteredValue: text = '' }: ConditionValue = {}): string {
  const value = isFormula(text) ? evaluated(place, text) : text;
  return typeof value === 'object' || value === undefined ? '' : String(value).toLowerCase();
}

/** First and last day that a relative date means: a stretch up to today, or one day. */
function relativeDays(place: Place, name: string): readonly [first: number, last: number] {
  const now = today(place);
  const stretches: Readonly<Record<string, readonly [number, number]>> = {
    PAST_YEAR: [now - 365, now],
    PAST_MONTH: [now - 30, now],
    PAST_WEEK: [now - 7, now],
    YESTERDAY: [now - 1, now - 1],
    TODAY: [now, now],
    TOMORROW: [now + 1, now + 1],
  };
  return stretches[name] ?? [Number.NaN, Number.NaN];
}

function dateHolds(place: Place, type: string, values: readonly ConditionValue[], serial: number): boolean {
  const [first] = values;
  const day = Math.floor(serial);
  const fixed = Math.floor(numberOf(place, first));
  const [from, to] = first?.relativeDate ? relativeDays(place, first.relativeDate) : [fixed, fixed];
  if (type === 'DATE_EQ') return day >= from && day <= to;
  return type === 'DATE_BEFORE' ? day < from : day > from;
}

function numberHolds(place: Place, type: string, values: readonly ConditionValue[], number: number): boolean {
  const [a, b] = [numberOf(place, values[0]), numberOf(place, values[1])];
  const [least, most] = [Math.min(a, b), Math.max(a, b)];
  switch (type) {
    case 'NUMBER_GREATER':
      return number > a;
    case 'NUMBER_GREATER_THAN_EQ':
      return number >= a;
    case 'NUMBER_LESS':
      return number < a;
    case 'NUMBER_LESS_THAN_EQ':
      return number <= a;
    case 'NUMBER_EQ':
      return number === a;
    case 'NUMBER_NOT_EQ':
      return !Number.isNaN(a) && number !== a;
    case 'NUMBER_BETWEEN':
      return number >= least && number <= most;
    default:
      return type === 'NUMBER_NOT_BETWEEN' && (number < least || number > most);
  }
}

function textHolds(place: Place, type: string, values: readonly ConditionValue[], shown: string): boolean {
  const wanted = textOf(place, values[0]);
  switch (type) {
    case 'TEXT_CONTAINS':
      return shown.includes(wanted);
    case 'TEXT_NOT_CONTAINS':
      return !shown.includes(wanted);
    case 'TEXT_STARTS_WITH':
      return shown.startsWith(wanted);
    case 'TEXT_ENDS_WITH':
      return shown.endsWith(wanted);
    default:
      return type === 'TEXT_EQ' && shown === wanted;
  }
}

/**
 * True when the condition holds for the cell. Numbers are compared with numbers only, dates with cells that show
 * dates, texts with what is shown and without regard to case.
 */
export function conditionHolds(
  sheet: Sheet,
  { type = 'CONDITION_TYPE_UNSPECIFIED', values = [] }: BooleanCondition,
  anchor: Anchor,
  row: number,
  column: number,
): boolean {
  const place = { sheet, anchor, row, column };
  const value = effectiveAt(sheet, row, column);
  if (type === 'CUSTOM_FORMULA') {
    const result = evaluated(place, values[0]?.userEnteredValue ?? '');
    return typeof result === 'number' ? result !== 0 : result === true;
  }
  if (type === 'BLANK' || type === 'NOT_BLANK') return (value === undefined || value === '') === (type === 'BLANK');
  if (type.startsWith('TEXT_')) {
    return textHolds(place, type, values, shownText(sheet, row, column).toLowerCase());
  }
  if (typeof value !== 'number') return false;
  if (type.startsWith('NUMBER_')) return numberHolds(place, type, values, value);
  return type.startsWith('DATE_') && isDateFormat(numberFormatAt(sheet, row, column))
    ? dateHolds(place, type, values, value)
    : false;
}
