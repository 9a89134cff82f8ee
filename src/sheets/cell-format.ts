// How a cell looks, as callers write it and as the API has it, borders apart. Pure.

import { z } from 'zod';
import { apiColor, apiColorStyle, colorStyleOf, hexOf } from './colors.ts';
import { type NumberStyle, numberFormatOf, numberStyleOf } from './number-formats.ts';
import type { Request } from './requests.ts';

/** `null` takes a property away; an absent one stays as it is. */
type Given<T> = { readonly [K in keyof T]?: T[K] | null | undefined };

export type TextStyle = Given<{
  bold: boolean;
  italic: boolean;
  underline: boolean;
  strikethrough: boolean;
  color: string;
  size: number;
  font: string;
  link: string;
}>;

export type CellStyle = Given<{
  number: NumberStyle;
  text: TextStyle;
  background: string;
  /** One horizontal and one vertical alignment at most, as `center middle`. */
  align: string;
  wrap: Wrap;
}>;

export const WRAPS = ['overflow', 'clip', 'wrap'] as const;
export type Wrap = (typeof WRAPS)[number];
const WRAP_STRATEGIES = { overflow: 'OVERFLOW_CELL', clip: 'CLIP', wrap: 'WRAP' } as const;

const HORIZONTAL = ['left', 'center', 'right'];
const VERTICAL = ['top', 'middle', 'bottom'];

/** What of a text is no alignment. */
export function alignFault(text: string): string | undefined {
  const words = text.trim().split(/\s+/);
  const counts = [HORIZONTAL, VERTICAL].map((names) => words.filter((word) => names.includes(word)).length);
  const fine = words.length === (counts[0] ?? 0) + (counts[1] ?? 0) && counts.every((count) => count < 2);
  return fine
    ? undefined
    : `expected one of ${HORIZONTAL.join(', ')}, one of ${VERTICAL.join(', ')}, or both, as "center middle"`;
}

/** A TextFormat and the fields of it that are meant, of a cell or of a conditional rule. */
export function textFormatOf(text: TextStyle): { format: Request; fields: string[] } {
  const { color, size, font, link, ...switches } = text;
  const parts: [value: unknown, field: string, given: unknown][] = [
    ...Object.entries(switches).map(([name, value]): [unknown, string, unknown] => [value, name, value]),
    [color, 'foregroundColorStyle', typeof color === 'string' && colorStyleOf(color)],
    [size, 'fontSize', size],
    [font, 'fontFamily', font],
    [link, 'link', { uri: link }],
  ];
  const meant = parts.filter(([value]) => value !== undefined);
  return {
    format: Object.fromEntries(meant.filter(([value]) => value !== null).map(([, field, given]) => [field, given])),
    fields: [
      ...meant.map(([, field]) => field),
      // The plain colour is the same property in its older spelling: taken away it must go too.
      ...(color === null ? ['foregroundColor'] : []),
    ],
  };
}

/** A CellFormat and the fields of it that are meant: nothing else of a cell is touched. */
export function cellFormatOf({ number, text, background, align, wrap }: CellStyle): {
  format: Request;
  fields: string[];
} {
  const words = align?.split(/\s+/) ?? [];
  const horizontal = HORIZONTAL.find((name) => words.includes(name));
  const vertical = VERTICAL.find((name) => words.includes(name));
  const inner = text ? textFormatOf(text) : undefined;
  const format = {
    ...(number && { numberFormat: numberFormatOf(number) }),
    ...(inner && Object.keys(inner.format).length > 0 && { textFormat: inner.format }),
    ...(background && { backgroundColorStyle: colorStyleOf(background) }),
    ...(horizontal && { horizontalAlignment: horizontal.toUpperCase() }),
    ...(vertical && { verticalAlignment: vertical.toUpperCase() }),
    ...(wrap && { wrapStrategy: WRAP_STRATEGIES[wrap] }),
  };
  const cleared = {
    numberFormat: number,
    textFormat: text,
    backgroundColor: background,
    backgroundColorStyle: background,
    horizontalAlignment: align,
    verticalAlignment: align,
    wrapStrategy: wrap,
  };
  const fields = [
    ...Object.keys(format).filter((name) => name !== 'textFormat'),
    ...(inner?.fields.map((field) => `textFormat.${field}`) ?? []),
    ...Object.entries(cleared).flatMap(([name, value]) => (value === null ? [name] : [])),
  ];
  return { format, fields };
}

const colored = apiColorStyle.optional();
const apiText = z.object({
  bold: z.boolean().optional(),
  italic: z.boolean().optional(),
  underline: z.boolean().optional(),
  strikethrough: z.boolean().optional(),
  foregroundColor: apiColor.optional(),
  foregroundColorStyle: colored,
  fontSize: z.number().optional(),
  fontFamily: z.string().optional(),
  link: z.object({ uri: z.string().optional() }).optional(),
});

/** A CellFormat as Google answers it; what callers have no word for is kept as it is. */
export const apiFormat = z.looseObject({
  numberFormat: z.object({ type: z.string(), pattern: z.string().optional() }).optional(),
  textFormat: apiText.optional(),
  backgroundColor: apiColor.optional(),
  backgroundColorStyle: colored,
  horizontalAlignment: z.string().optional(),
  verticalAlignment: z.string().optional(),
  wrapStrategy: z.string().optional(),
});
type ApiFormat = z.output<typeof apiFormat>;

/** Of a colour that follows the theme both spellings are answered: what it looks like is the plain one. */
function seen(style: z.output<typeof colored>, plain: z.output<typeof apiColor> | undefined): string | undefined {
  const color = style?.rgbColor ?? plain;
  return color && hexOf(color);
}

export function textStyleOf(text: z.output<typeof apiText>): TextStyle {
  const { foregroundColor, foregroundColorStyle, fontSize, fontFamily, link, ...switches } = text;
  const color = seen(foregroundColorStyle, foregroundColor);
  return {
    ...switches,
    ...(color !== undefined && { color }),
    ...(fontSize !== undefined && { size: fontSize }),
    ...(fontFamily !== undefined && { font: fontFamily }),
    ...(link?.uri !== undefined && { link: link.uri }),
  };
}

/** The format in the terms of cellFormatOf. */
export function cellStyleOf(format: ApiFormat): CellStyle {
  const { numberFormat, textFormat, horizontalAlignment, verticalAlignment, wrapStrategy } = format;
  const text = textFormat && textStyleOf(textFormat);
  const background = seen(format.backgroundColorStyle, format.backgroundColor);
  const align = [horizontalAlignment, verticalAlignment].flatMap((name) => name?.toLowerCase() ?? []).join(' ');
  const wrap = wrapStrategy && (WRAPS.find((name) => WRAP_STRATEGIES[name] === wrapStrategy) ?? 'wrap');
  return {
    ...(numberFormat && { number: numberStyleOf(numberFormat) }),
    ...(text && Object.keys(text).length > 0 && { text }),
    ...(background !== undefined && { background }),
    ...(align !== '' && alignFault(align) === undefined && { align }),
    ...(wrap && { wrap }),
  };
}
