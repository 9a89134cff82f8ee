// What the tools about formats take, validated at once so that nothing bad is kept for later. tools/list shows the
// nested parts by their descriptions alone.

import { z } from 'zod';
import { type BorderPlace, borderFault } from '../sheets/borders.ts';
import { alignFault, WRAPS } from '../sheets/cell-format.ts';
import { HEX_COLOR } from '../sheets/colors.ts';
import { type FormatRule, POINT_TYPES } from '../sheets/conditional.ts';
import { type ConditionUse, conditionFault, conditionTypes } from '../sheets/conditions.ts';
import { MERGES } from '../sheets/format.ts';
import { isNumberStyle, NUMBER_NAMES } from '../sheets/number-formats.ts';
import { MAX_NAME } from './tool.ts';

/** Refuses what a function finds fault with, in its words. */
function faultless<T>(faultOf: (value: T) => string | undefined) {
  return (context: z.core.ParsePayload<T>) => {
    const message = faultOf(context.value);
    if (message !== undefined) context.issues.push({ code: 'custom', message, input: context.value });
  };
}

const name = z.string().min(1).max(MAX_NAME);
/** Ranges in a call, however they are spread over its entries. */
const MAX_RANGES = 500;
export const ranges = z.union([name, z.array(name).min(1).max(MAX_RANGES)], {
  error: 'expected a range, or a list of ranges',
});

const color = z.string().regex(HEX_COLOR, 'expected a colour such as "#ff0000"');
const clearable = <T extends z.ZodType>(schema: T) => schema.nullable().optional();
const isSaid = (value: object | null) => value === null || Object.values(value).some((part) => part !== undefined);

/** More than Sheets' menu of sizes has. */
const MAX_FONT_SIZE = 400;
/** Sheets itself takes no larger row or column by the mouse than about this. */
const MAX_PIXELS = 5_000;
const pixels = clearable(z.number().int().min(2).max(MAX_PIXELS));
/** Sheets' limit for the text of a cell; notes have none that is told. */
const MAX_TEXT = 50_000;

const NOT_A_NUMBER_STYLE = `expected a pattern such as "#,##0.00" or "yyyy-mm-dd", or one of ${NUMBER_NAMES.join(', ')}`;
const number = z
  .union(
    [
      z.string().min(1).max(MAX_NAME).refine(isNumberStyle, NOT_A_NUMBER_STYLE),
      z.strictObject({ type: z.enum(NUMBER_NAMES), pattern: z.string().min(1).max(MAX_NAME) }),
      z.null(),
    ],
    { error: NOT_A_NUMBER_STYLE },
  )
  .optional();

const text = z
  .strictObject({
    bold: clearable(z.boolean()),
    italic: clearable(z.boolean()),
    underline: clearable(z.boolean()),
    strikethrough: clearable(z.boolean()),
    color: clearable(color),
    size: clearable(z.number().int().min(1).max(MAX_FONT_SIZE)),
    font: clearable(name),
    link: clearable(z.string().min(1).max(2_000)),
  })
  .refine(isSaid, 'says nothing');

const border = clearable(z.string().check(faultless(borderFault)));
const borders = z
  .strictObject({
    all: border,
    inner: border,
    horizontal: border,
    vertical: border,
    top: border,
    bottom: border,
    left: border,
    right: border,
  } satisfies Record<BorderPlace, typeof border>)
  .refine(isSaid, 'says nothing');

const LOOKS = {
  number: number.describe(`Pattern, or ${NUMBER_NAMES.join(', ')}`),
  text: clearable(text).describe('bold, italic, underline, strikethrough: true; color; size; font; link'),
  background: clearable(color).describe('#rrggbb'),
  align: clearable(z.string().check(faultless(alignFault))).describe(
    'left, center, right; top, middle, bottom: "center top"',
  ),
  wrap: clearable(z.enum(WRAPS)),
  borders: clearable(borders).describe(
    `${Object.keys(borders.shape).join(', ')}: "thin #ff0000"; thin, medium, thick, dashed, dotted, double, none`,
  ),
  merge: clearable(z.enum(MERGES)),
  columnWidth: pixels.describe('Pixels'),
  rowHeight: pixels,
  note: clearable(z.string().max(MAX_TEXT)),
};

/** One entry of format_range; read_format answers the same. */
export const rangeFormat = z
  .strictObject({ range: ranges, ...LOOKS })
  .refine(
    ({ range: _, ...looks }) => isSaid(looks),
    `says nothing of its range: give one of ${Object.keys(LOOKS).join(', ')}`,
  );

export const rangeFormats = z
  .array(rangeFormat)
  .min(1)
  .max(MAX_RANGES)
  .refine(
    (formats) => formats.flatMap(({ range }) => range).length <= MAX_RANGES,
    `holds more than ${MAX_RANGES} ranges, the most a call takes`,
  );

const value = z.union([z.string().max(MAX_TEXT), z.number()], { error: 'expected a text or a number' });
/** Values of a column whose rows a filter hides. */
const MAX_HIDDEN = 1_000;
/** More than a list to choose from should have. */
const MAX_VALUES = 500;
const values = z.array(value).min(1).max(MAX_VALUES).optional();

const conditionIn = (use: ConditionUse) => ({ type: z.enum(conditionTypes(use)), values });

export const validationRule = z
  .strictObject({
    ...conditionIn('validation'),
    strict: z.boolean().optional(),
    dropdown: z.boolean().optional(),
    help: z.string().max(MAX_TEXT).optional(),
  })
  .check(faultless((rule) => conditionFault(rule, 'validation')));

/** Rows that a filter shows, by one column. */
export const filterCriterion = z
  .strictObject({
    column: name,
    type: z.enum(conditionTypes('filter')).optional(),
    values,
    hide: z.array(z.string().max(MAX_TEXT)).max(MAX_HIDDEN).optional(),
  })
  .describe('column: header or letter; type, values as in set_conditional_format; hide: values as shown')
  .check(
    faultless(({ type, values, hide }) => {
      if (type !== undefined) return conditionFault({ type, values }, 'filter');
      return values !== undefined || hide === undefined
        ? 'needs type, with values where it takes some, or hide'
        : undefined;
    }),
  );

const point = z
  .strictObject({ color, type: z.enum(POINT_TYPES).optional(), value: value.optional() })
  .refine(
    ({ type = 'min', value }) => (type === 'min' || type === 'max') === (value === undefined),
    'has a value where its type is number, percent or percentile, and only there',
  );
const middle = z.strictObject({
  color,
  type: z.enum(['number', 'percent', 'percentile']).optional(),
  value,
});

const painted = z
  .strictObject({
    background: color.optional(),
    text: z
      .strictObject({
        bold: z.boolean().optional(),
        italic: z.boolean().optional(),
        strikethrough: z.boolean().optional(),
        color: color.optional(),
      })
      .refine(isSaid, 'says nothing')
      .optional(),
  })
  .refine(isSaid, 'says nothing: give background or text');

/** What a rule for conditional formats paints: a condition's cells, or a scale. */
export const formatRule = z
  .strictObject({
    type: z.enum(conditionTypes('format')).optional(),
    values,
    format: painted.optional(),
    gradient: z.strictObject({ min: point, mid: middle.optional(), max: point }).optional(),
  })
  .check(
    faultless(({ type, values, format, gradient }) => {
      const isCondition = type !== undefined || values !== undefined || format !== undefined;
      if (gradient) return isCondition ? 'takes either gradient, or type, values and format' : undefined;
      if (type === undefined || format === undefined) return 'needs type and format, or gradient';
      return conditionFault({ type, values }, 'format');
    }),
  )
  .transform(
    ({ type = '', values, format = {}, gradient }): FormatRule => (gradient ? { gradient } : { type, values, format }),
  );
