// Conditional formats: one rule added or replaced. The order of a sheet's rules is their priority; a rule's index moves
// when others come or go.

import { z } from 'zod';
import { invalid, ServalError } from '../errors.ts';
import { shown } from '../words.ts';
import { apiFormat, cellFormatOf, cellStyleOf, type TextStyle } from './cell-format.ts';
import { apiColor, apiColorStyle, colorStyleOf, hexOf } from './colors.ts';
import {
  apiCondition,
  booleanConditionOf,
  type Condition,
  conditionOf,
  numberOrText,
  numberText,
} from './conditions.ts';
import { decode } from './decode.ts';
import { apply, type Desk, type Outcome } from './desk.ts';
import { resolveRange, type Sheet } from './metadata.ts';
import { gridRange } from './requests.ts';

export const POINT_TYPES = ['min', 'max', 'number', 'percent', 'percentile'] as const;

export interface GradientPoint {
  readonly color: string;
  readonly type?: (typeof POINT_TYPES)[number] | undefined;
  readonly value?: string | number | undefined;
}

export interface Gradient {
  readonly min: GradientPoint;
  readonly mid?: GradientPoint | undefined;
  readonly max: GradientPoint;
}

/** What cells look like for which the condition holds: Google takes no more than this. */
export interface RuleFormat {
  readonly background?: string | undefined;
  readonly text?: Pick<TextStyle, 'bold' | 'italic' | 'strikethrough' | 'color'> | undefined;
}

/** A condition with what it paints, or a scale of colours. */
export type FormatRule = (Condition & { readonly format: RuleFormat }) | { readonly gradient: Gradient };

export interface RuleSet extends Outcome {
  /** Of the rule among those of its sheet, from 0. */
  readonly index: number;
  readonly ranges: string[];
}

/** Without an index the rule becomes the sheet's last, which all others go before. */
export async function setConditionalFormat(
  desk: Desk,
  ranges: readonly string[],
  rule: FormatRule,
  index?: number,
): Promise<RuleSet> {
  const places = ranges.map((range) => resolveRange(desk.spreadsheet, range));
  const [sheet, ...others] = new Set(places.map((place) => place.sheet));
  if (!sheet || others.length > 0) {
    throw invalid(
      `The ranges of a rule must be on one sheet, and these are on ${others.length + 1}.`,
      'Set a rule for each sheet.',
    );
  }
  await desk.alone();
  const count = await countRules(desk, sheet);
  if (index !== undefined && index >= count) {
    const has = count === 0 ? 'none' : `${count}, counted from 0`;
    throw new ServalError('not_found', `The sheet ${shown(sheet.title)} has no rule ${index}: it has ${has}.`, {
      hint: 'read_format tells the rules with their index; without index the rule is added.',
    });
  }
  const written = {
    ranges: places.map(({ grid }) => gridRange(sheet.sheetId, grid)),
    ...apiRuleOf(rule, desk.spreadsheet.locale),
  };
  const request =
    index === undefined
      ? { addConditionalFormatRule: { rule: written, index: count } }
      : { updateConditionalFormatRule: { rule: written, index } };
  const answer: RuleSet = { status: 'applied', index: index ?? count, ranges: places.map(({ a1 }) => a1) };
  return apply(desk, { requests: [request], answer, sheets: [sheet] });
}

const countReply = z.object({
  sheets: z.array(
    z.object({
      properties: z.object({ sheetId: z.number().default(0) }).prefault({}),
      conditionalFormats: z.array(z.unknown()).default([]),
    }),
  ),
});

async function countRules({ google, spreadsheet: { id } }: Desk, { sheetId, title }: Sheet): Promise<number> {
  const params = { spreadsheetId: id, fields: 'sheets(properties.sheetId,conditionalFormats.ranges)' };
  const reply = await google('spreadsheets.get', id, params, { live: true });
  const { sheets } = decode(countReply, reply, 'spreadsheets.get');
  const own = sheets.find(({ properties }) => properties.sheetId === sheetId);
  if (!own) throw new ServalError('not_found', `The sheet ${shown(title)} is gone.`);
  return own.conditionalFormats.length;
}

function apiRuleOf(rule: FormatRule, locale: string): object {
  if ('gradient' in rule) {
    const { min, mid, max } = rule.gradient;
    const gradientRule = {
      minpoint: apiPointOf({ type: 'min', ...min }, locale),
      ...(mid && { midpoint: apiPointOf({ type: 'percentile', ...mid }, locale) }),
      maxpoint: apiPointOf({ type: 'max', ...max }, locale),
    };
    return { gradientRule };
  }
  return { booleanRule: { condition: booleanConditionOf(rule, locale), format: cellFormatOf(rule.format).format } };
}

function apiPointOf({ color, type = 'min', value }: GradientPoint, locale: string): object {
  return {
    type: type.toUpperCase(),
    colorStyle: colorStyleOf(color),
    ...(value !== undefined && { value: typeof value === 'number' ? numberText(value, locale) : value }),
  };
}

const apiPoint = z.object({
  color: apiColor.optional(),
  colorStyle: apiColorStyle.optional(),
  type: z.string(),
  value: z.string().optional(),
});

/** What a rule of a sheet says, as Google answers it, its ranges apart. */
export const apiRule = z.object({
  booleanRule: z.object({ condition: apiCondition, format: apiFormat.prefault({}) }).optional(),
  gradientRule: z.object({ minpoint: apiPoint, midpoint: apiPoint.optional(), maxpoint: apiPoint }).optional(),
});

/** The rule in the terms of setConditionalFormat. */
export function ruleOf({ booleanRule, gradientRule }: z.output<typeof apiRule>, locale: string): object {
  if (gradientRule) {
    const { minpoint, midpoint, maxpoint } = gradientRule;
    const gradient = {
      min: pointOf(minpoint, 'min', locale),
      ...(midpoint && { mid: pointOf(midpoint, 'percentile', locale) }),
      max: pointOf(maxpoint, 'max', locale),
    };
    return { gradient };
  }
  if (!booleanRule) return {};
  return { ...conditionOf(booleanRule.condition, locale), format: cellStyleOf(booleanRule.format) };
}

function pointOf({ color, colorStyle, type, value }: z.output<typeof apiPoint>, usual: string, locale: string): object {
  const name = type.toLowerCase();
  return {
    color: hexOf(colorStyle?.rgbColor ?? color ?? {}),
    ...(name !== usual && { type: name }),
    ...(value !== undefined && value !== '' && { value: numberOrText(value, locale) }),
  };
}
