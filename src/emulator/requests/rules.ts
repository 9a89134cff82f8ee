// Requests about conditional formats. The order of a sheet's rules is their priority.

import { rangeOf, requiredPlace } from '../areas.ts';
import { pairColors, themeOf } from '../colors.ts';
import { checkedCondition, isFormula } from '../conditions.ts';
import { invalid } from '../errors.ts';
import { parseLiteral } from '../literals.ts';
import type { CellFormat, TextFormat } from '../messages/format.ts';
import type { BooleanRule, ConditionalFormatRule, GradientRule, InterpolationPoint } from '../messages/rules.ts';
import { replaceParts } from '../parts.ts';
import { printRule } from '../print-features.ts';
import { gridById } from '../ranges.ts';
import type { Book, Sheet } from '../workbook.ts';
import type { Context, Handler } from './context.ts';

const TEXT_PARTS = ['bold', 'italic', 'strikethrough', 'foregroundColor', 'foregroundColorStyle'] as const;

/** True for what the default is, which a client may send without meaning anything. */
function saysNothing(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return value === false || value === 0 || value === '';
  return Object.values(value).every(saysNothing);
}

/** What a rule may change of a format; all else is Google's refusal. */
function ruleFormat(format: CellFormat): CellFormat {
  const { backgroundColor, backgroundColorStyle, textFormat = {}, ...others } = format;
  const shown: TextFormat = {};
  const rest: TextFormat = { ...textFormat };
  for (const name of TEXT_PARTS) {
    if (rest[name] !== undefined) Object.assign(shown, { [name]: rest[name] });
    delete rest[name];
  }
  if (!saysNothing(others) || !saysNothing(rest)) {
    const supported = 'bold, italic, strikethrough, foreground color and background color.';
    throw invalid(`ConditionalFormatRule.format only supports ${supported}`);
  }
  return {
    ...(backgroundColor && { backgroundColor }),
    ...(Object.keys(shown).length > 0 && { textFormat: shown }),
    ...(backgroundColorStyle && { backgroundColorStyle }),
  };
}

function checkedBoolean(book: Book, rule: BooleanRule): BooleanRule {
  const format = ruleFormat(pairColors(rule.format ?? {}, themeOf(book.properties)));
  return { condition: checkedCondition(book, rule.condition, 'format'), format };
}

function checkedPoint(book: Book, point: InterpolationPoint | undefined): InterpolationPoint {
  const { type = 'INTERPOLATION_POINT_TYPE_UNSPECIFIED', value = '' } = point ?? {};
  if (type === 'INTERPOLATION_POINT_TYPE_UNSPECIFIED') throw invalid('No interpolationPointType specified.');
  const { color = {}, colorStyle = { rgbColor: color } } = pairColors(point ?? {}, themeOf(book.properties));
  if (type === 'MIN' || type === 'MAX') return { color, type, colorStyle };
  if (value === '') throw invalid('InterpolationPoint.value is required.');
  if (!isFormula(value)) {
    const literal = parseLiteral(value, 2000, book.properties.locale);
    if (!('value' in literal) || typeof literal.value !== 'number') {
      throw invalid(`Invalid InterpolationPoint.value: ${value}`);
    }
  }
  return { color, type, value, colorStyle };
}

function checkedGradient(book: Book, { minpoint, midpoint, maxpoint }: GradientRule): GradientRule {
  return {
    minpoint: checkedPoint(book, minpoint),
    ...(midpoint && { midpoint: checkedPoint(book, midpoint) }),
    maxpoint: checkedPoint(book, maxpoint),
  };
}

/** The rule as it is kept, and its sheet. Throws Google's refusals. */
function checkedRule(book: Book, rule: ConditionalFormatRule = {}): { sheet: Sheet; kept: ConditionalFormatRule } {
  const { ranges = [], booleanRule, gradientRule } = rule;
  const places = ranges.map((range) => requiredPlace(book, range));
  const sheet = places[0]?.sheet;
  if (!sheet) throw invalid('ConditionalFormatRule.ranges must have at least one range.');
  if (places.some((place) => place.sheet !== sheet)) throw invalid('All the ranges must be on the same grid.');
  if (!booleanRule && !gradientRule) throw invalid('ConditionalFormatRule must have a booleanRule or a gradientRule.');
  const kept: ConditionalFormatRule = {
    ranges: places.map(({ rect }) => rangeOf(sheet, rect)),
    ...(booleanRule && { booleanRule: checkedBoolean(book, booleanRule) }),
    ...(gradientRule && { gradientRule: checkedGradient(book, gradientRule) }),
  };
  return { sheet, kept };
}

function rulesOf({ parts }: Sheet): readonly ConditionalFormatRule[] {
  return parts.conditionalFormats ?? [];
}

function requiredRule(sheet: Sheet, index: number): ConditionalFormatRule {
  const rule = index < 0 ? undefined : rulesOf(sheet)[index];
  if (!rule) throw invalid(`No conditional format on sheet: ${sheet.id} at index: ${index}`);
  return rule;
}

/** Adds a rule at its place; an index past the last rule is the end. */
export function insertRule({ book, change }: Context, rule: ConditionalFormatRule | undefined, index: number): void {
  if (index < 0) throw invalid(`Invalid index: ${index}. It must be non-negative.`);
  const { sheet, kept } = checkedRule(book, rule);
  replaceParts(change, sheet, { conditionalFormats: rulesOf(sheet).toSpliced(index, 0, kept) });
}

export const addConditionalFormatRule: Handler<'addConditionalFormatRule'> = (context, { rule, index = 0 }) => {
  insertRule(context, rule, index);
  return undefined;
};

export const updateConditionalFormatRule: Handler<'updateConditionalFormatRule'> = ({ book, change }, payload) => {
  const { index = 0, newIndex, rule, sheetId } = payload;
  if (rule) {
    const { sheet, kept } = checkedRule(book, rule);
    const oldRule = requiredRule(sheet, index);
    replaceParts(change, sheet, { conditionalFormats: rulesOf(sheet).with(index, kept) });
    return {
      newRule: printRule(sheet, kept),
      ...(index > 0 && { newIndex: index }),
      oldRule: printRule(sheet, oldRule),
    };
  }
  if (newIndex === undefined) throw invalid('Either rule or newIndex must be specified.');
  const sheet = gridById(book, sheetId);
  const moved = requiredRule(sheet, index);
  requiredRule(sheet, newIndex);
  const rest = rulesOf(sheet).toSpliced(index, 1);
  replaceParts(change, sheet, { conditionalFormats: rest.toSpliced(newIndex, 0, moved) });
  return { newRule: printRule(sheet, moved), ...(newIndex > 0 && { newIndex }), oldIndex: index };
};

export const deleteConditionalFormatRule: Handler<'deleteConditionalFormatRule'> = ({ book, change }, payload) => {
  const { index = 0, sheetId } = payload;
  const sheet = gridById(book, sheetId);
  const rule = requiredRule(sheet, index);
  replaceParts(change, sheet, { conditionalFormats: rulesOf(sheet).toSpliced(index, 1) });
  return { rule: printRule(sheet, rule) };
};
