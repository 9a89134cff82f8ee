// Conditions on cells as callers write them, `> 5`, and as the API has them, NUMBER_GREATER. Pure.

import { invalid } from '../errors.ts';
import { shown } from '../words.ts';
import { serialOf } from './values.ts';

export const OPERATORS = [
  '=',
  '!=',
  '>',
  '>=',
  '<',
  '<=',
  'between',
  'contains',
  'not_contains',
  'starts_with',
  'ends_with',
  'blank',
  'not_blank',
  'formula',
] as const;
export type Operator = (typeof OPERATORS)[number];

type Kind = 'number' | 'date' | 'text';

/** The API's types by what the values are; those without values and `formula` have one for all. Google, "ConditionType". */
const TYPES: Readonly<Record<Operator, Partial<Readonly<Record<Kind | 'any', string>>>>> = {
  '=': { number: 'NUMBER_EQ', date: 'DATE_EQ', text: 'TEXT_EQ' },
  '!=': { number: 'NUMBER_NOT_EQ' },
  '>': { number: 'NUMBER_GREATER', date: 'DATE_AFTER' },
  '>=': { number: 'NUMBER_GREATER_THAN_EQ' },
  '<': { number: 'NUMBER_LESS', date: 'DATE_BEFORE' },
  '<=': { number: 'NUMBER_LESS_THAN_EQ' },
  between: { number: 'NUMBER_BETWEEN' },
  contains: { text: 'TEXT_CONTAINS' },
  not_contains: { text: 'TEXT_NOT_CONTAINS' },
  starts_with: { text: 'TEXT_STARTS_WITH' },
  ends_with: { text: 'TEXT_ENDS_WITH' },
  blank: { any: 'BLANK' },
  not_blank: { any: 'NOT_BLANK' },
  formula: { any: 'CUSTOM_FORMULA' },
};

export interface Condition {
  readonly type: string;
  readonly values?: readonly { readonly userEnteredValue: string }[];
}

const VALUES: Partial<Record<Operator, number>> = { between: 2, blank: 0, not_blank: 0 };

/**
 * The API's condition for a filter. Numbers and ISO dates are compared as such, `contains` and the like compare texts.
 * Throws `invalid_argument` for values that do not go with the operator; `where` is the argument's name.
 */
export function filterCondition(
  op: Operator,
  given: readonly (string | number)[],
  locale: string,
  where: string,
): Condition {
  const wanted = VALUES[op] ?? 1;
  if (given.length !== wanted)
    throw invalid(`${where}: ${op} takes ${['no value', 'one value', 'two values'][wanted]}.`);
  const types = TYPES[op];
  const values = given.map((value) => ({ userEnteredValue: typed(value, locale) }));
  if (types.any !== undefined) {
    if (op === 'formula' && !values[0]?.userEnteredValue.startsWith('=')) {
      throw invalid(`${where}: a formula begins with "=".`, 'Write it for the first row below the header: =$C2>$D2.');
    }
    return { type: types.any, ...(values.length > 0 && { values }) };
  }
  // What is asked of texts alone is asked of what looks like a number, too.
  const kinds = types.number === undefined ? ['text' as const] : given.map(kindOf);
  const type = kinds.every((kind) => kind === kinds[0]) ? types[kinds[0] ?? 'text'] : undefined;
  if (type !== undefined) return { type, values };
  const able = Object.keys(TYPES).filter((name) => TYPES[name as Operator][kinds[0] ?? 'text'] !== undefined);
  throw invalid(
    `${where}: Sheets has no filter ${op} ${given.map(shown).join(' and ')}.`,
    `A ${kinds[0]} goes with ${able.join(', ')}; else use formula, or hide.`,
  );
}

function kindOf(value: string | number): Kind {
  if (typeof value === 'number') return 'number';
  const [, year, month, day] = /^(\d{4})-(\d{2})-(\d{2})$/.exec(value) ?? [];
  return year !== undefined && serialOf(Number(year), Number(month), Number(day)) !== undefined ? 'date' : 'text';
}

/** As a person would type it in that locale: Sheets reads values of conditions so. ISO dates are read everywhere. */
function typed(value: string | number, locale: string): string {
  if (typeof value === 'string') return value;
  const text = String(value);
  return text.includes('.') && hasDecimalComma(locale) ? text.replace('.', ',') : text;
}

function hasDecimalComma(locale: string): boolean {
  try {
    const parts = new Intl.NumberFormat(locale.replace('_', '-')).formatToParts(1.5);
    return parts.some(({ type, value }) => type === 'decimal' && value === ',');
  } catch {
    return false; // a locale that is none: Sheets has its own names for some
  }
}

/** `> 5`, `contains abc`; the API's own name for what has no operator here. */
export function conditionText(condition: {
  readonly type: string;
  readonly values: readonly {
    readonly userEnteredValue?: string | undefined;
    readonly relativeDate?: string | undefined;
  }[];
}): string {
  const { type, values } = condition;
  const found = Object.entries(TYPES).find(([, types]) => Object.values(types).includes(type));
  const words = values.map(({ userEnteredValue, relativeDate }) => userEnteredValue ?? relativeDate ?? '');
  return [found?.[0] ?? type.toLowerCase(), words.join(' and ')].filter((part) => part !== '').join(' ');
}
