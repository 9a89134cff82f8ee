// Conditions as callers write them and as the API has them: the one vocabulary of validation, conditional formats and
// filters. Pure; which cells a condition holds for is Google's to say.

import { z } from 'zod';

export type ConditionUse = 'validation' | 'format' | 'filter';

export interface Condition {
  /** Google's ConditionType in lower case. */
  readonly type: string;
  /** Numbers, texts, dates as they are typed, formulas with their `=`; `today` and the like where dates are wanted. */
  readonly values?: readonly (string | number)[] | undefined;
}

type Kind = 'none' | 'number' | 'text' | 'date' | 'formula' | 'range';

interface Row {
  readonly kind: Kind;
  /** How many values it takes. */
  readonly least: number;
  readonly most: number;
  readonly uses: readonly ConditionUse[];
}

const EVERYWHERE: readonly ConditionUse[] = ['validation', 'format', 'filter'];
const SHOWN: readonly ConditionUse[] = ['format', 'filter'];
const ENTERED: readonly ConditionUse[] = ['validation'];

const takes = (count: number, kind: Kind, uses = EVERYWHERE): Row => ({ kind, least: count, most: count, uses });

/**
 * Google, "ConditionType": where each is supported and how many values it takes. Those for data sources alone are left
 * out, since they are for no cells.
 */
const CONDITIONS: Readonly<Record<string, Row>> = {
  number_greater: takes(1, 'number'),
  number_greater_than_eq: takes(1, 'number'),
  number_less: takes(1, 'number'),
  number_less_than_eq: takes(1, 'number'),
  number_eq: takes(1, 'number'),
  number_not_eq: takes(1, 'number'),
  number_between: takes(2, 'number'),
  number_not_between: takes(2, 'number'),
  text_contains: takes(1, 'text'),
  text_not_contains: takes(1, 'text'),
  text_starts_with: takes(1, 'text', SHOWN),
  text_ends_with: takes(1, 'text', SHOWN),
  text_eq: takes(1, 'text'),
  text_is_email: takes(0, 'none', ENTERED),
  text_is_url: takes(0, 'none', ENTERED),
  date_eq: takes(1, 'date'),
  date_before: takes(1, 'date'),
  date_after: takes(1, 'date'),
  date_on_or_before: takes(1, 'date', ENTERED),
  date_on_or_after: takes(1, 'date', ENTERED),
  date_between: takes(2, 'date', ENTERED),
  date_not_between: takes(2, 'date', ENTERED),
  date_is_valid: takes(0, 'none', ENTERED),
  one_of_range: takes(1, 'range', ENTERED),
  one_of_list: { kind: 'text', least: 1, most: Number.POSITIVE_INFINITY, uses: ENTERED },
  blank: takes(0, 'none', SHOWN),
  not_blank: takes(0, 'none', SHOWN),
  custom_formula: takes(1, 'formula'),
  boolean: { kind: 'text', least: 0, most: 2, uses: ENTERED },
};

/** Dates that are told by today; a validation takes none. */
const RELATIVE_DATES: readonly unknown[] = ['past_year', 'past_month', 'past_week', 'yesterday', 'today', 'tomorrow'];

/** The types of conditions that serve a use. */
export function conditionTypes(use: ConditionUse): string[] {
  return Object.keys(CONDITIONS).filter((type) => CONDITIONS[type]?.uses.includes(use));
}

/** What is wrong with a condition for that use, in words; undefined for one that Google may take. */
export function conditionFault({ type, values = [] }: Condition, use: ConditionUse): string | undefined {
  const row = Object.hasOwn(CONDITIONS, type) ? CONDITIONS[type] : undefined;
  if (!row?.uses.includes(use)) return `type: expected one of ${conditionTypes(use).join(', ')}`;
  const { kind, least, most } = row;
  if (values.length < least || values.length > most) {
    const wanted = least === most ? String(least) : most === 2 ? 'at most 2' : 'at least 1';
    return `values: ${type} takes ${wanted}, not ${values.length}`;
  }
  if (kind === 'formula' && !String(values[0]).startsWith('=')) return 'values: a formula begins with "="';
  const relative = values.find((value) => RELATIVE_DATES.includes(value));
  if (kind === 'date' && relative !== undefined && use === 'validation') {
    return `values: ${relative} cannot be in a validation: write =TODAY() and the like`;
  }
  return undefined;
}

/**
 * The API's BooleanCondition of a condition without faults. Google reads values as if they were typed, so numbers are
 * written as the spreadsheet's locale writes them.
 */
export function booleanConditionOf({ type, values = [] }: Condition, locale: string): object {
  const isDate = CONDITIONS[type]?.kind === 'date';
  const written = values.map((value) => {
    if (isDate && RELATIVE_DATES.includes(value)) return { relativeDate: String(value).toUpperCase() };
    return { userEnteredValue: typeof value === 'number' ? numberText(value, locale) : value };
  });
  return { type: type.toUpperCase(), ...(written.length > 0 && { values: written }) };
}

/** A BooleanCondition as Google answers it. */
export const apiCondition = z.object({
  type: z.string(),
  values: z
    .array(z.object({ relativeDate: z.string().optional(), userEnteredValue: z.string().optional() }))
    .default([]),
});

/** The condition in the terms of booleanConditionOf. */
export function conditionOf({ type, values }: z.output<typeof apiCondition>, locale: string): Condition {
  const name = type.toLowerCase();
  const isNumber = CONDITIONS[name]?.kind === 'number';
  const told = values.map(({ relativeDate, userEnteredValue = '' }) => {
    if (relativeDate !== undefined) return relativeDate.toLowerCase();
    return isNumber ? numberOrText(userEnteredValue, locale) : userEnteredValue;
  });
  return { type: name, ...(told.length > 0 && { values: told }) };
}

/** `number_greater 5`, in few words. */
export function conditionWords(condition: z.output<typeof apiCondition>): string {
  const words = condition.values.map(
    ({ userEnteredValue, relativeDate }) => userEnteredValue ?? relativeDate?.toLowerCase(),
  );
  return [condition.type.toLowerCase(), words.join(' and ')].filter((part) => part !== '').join(' ');
}

/** A number as a person types it in that locale. */
export function numberText(value: number, locale: string): string {
  return hasDecimalComma(locale) ? String(value).replace('.', ',') : String(value);
}

/** The number that numberText writes so; any other text as it is. */
export function numberOrText(text: string, locale: string): string | number {
  const value = Number(text.replace(hasDecimalComma(locale) ? ',' : '.', '.'));
  return text !== '' && Number.isFinite(value) && numberText(value, locale) === text ? value : text;
}

function hasDecimalComma(locale: string): boolean {
  try {
    const parts = new Intl.NumberFormat(locale.replace('_', '-')).formatToParts(1.5);
    return parts.some(({ type, value }) => type === 'decimal' && value === ',');
  } catch {
    return false; // a locale that is none: Sheets' own default is en_US
  }
}
