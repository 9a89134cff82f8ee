// Borders as callers write them, `thin #ff0000`, and as the API draws and answers them. Pure.

import { z } from 'zod';
import type { Grid } from './a1.ts';
import { apiColor, apiColorStyle, colorStyleOf, HEX_COLOR, hexOf } from './colors.ts';
import { gridRange, type Request } from './requests.ts';

const STYLES = {
  thin: 'SOLID',
  medium: 'SOLID_MEDIUM',
  thick: 'SOLID_THICK',
  dashed: 'DASHED',
  dotted: 'DOTTED',
  double: 'DOUBLE',
  none: 'NONE',
} as const;
type StyleName = keyof typeof STYLES;
const NAMES = Object.keys(STYLES) as StyleName[];

const BLACK = '#000000';

/** Lines of a range: its four sides, the lines between its cells, or several of these; the narrower word wins. */
export const BORDER_PLACES = ['all', 'inner', 'horizontal', 'vertical', 'top', 'bottom', 'left', 'right'] as const;
export type BorderPlace = (typeof BORDER_PLACES)[number];
/** Style and colour of each line; `null` takes it away as `none` does. */
export type Borders = { readonly [P in BorderPlace]?: string | null | undefined };

/** What of a text is no border. */
export function borderFault(text: string): string | undefined {
  const [style = '', color, ...more] = text.trim().split(/\s+/);
  const fine = NAMES.some((name) => name === style) && more.length === 0 && (!color || HEX_COLOR.test(color));
  return fine ? undefined : `expected one of ${NAMES.join(', ')}, and a colour if not black: "thin #ff0000"`;
}

/** The request that draws them on a grid; `null` takes all away. */
export function bordersRequest(sheetId: number, grid: Grid, borders: Borders | null): Request {
  const { all, inner, horizontal, vertical, top, bottom, left, right } = borders ?? { all: null };
  const meant = {
    top: [top, all],
    bottom: [bottom, all],
    left: [left, all],
    right: [right, all],
    innerHorizontal: [horizontal, inner, all],
    innerVertical: [vertical, inner, all],
  };
  const lines = Object.entries(meant).flatMap(([side, given]) => {
    const first = given.find((one) => one !== undefined);
    return first === undefined ? [] : [[side, borderOf(first ?? 'none')] as const];
  });
  return { updateBorders: { range: gridRange(sheetId, grid), ...Object.fromEntries(lines) } };
}

function borderOf(text: string): object {
  const [name = '', color = BLACK] = text.trim().split(/\s+/);
  const style = STYLES[name as StyleName]; // borderFault has seen it
  return style === 'NONE' ? { style } : { style, colorStyle: colorStyleOf(color) };
}

const border = z
  .object({
    style: z.string().optional(),
    color: apiColor.optional(),
    colorStyle: apiColorStyle.optional(),
  })
  .optional();

/** The borders of a cell's format as Google answers them. */
export const apiBorders = z.object({ top: border, bottom: border, left: border, right: border });

export type CellBorders = { readonly [S in 'top' | 'bottom' | 'left' | 'right']?: string };

/** The lines around one cell in the terms of bordersRequest. */
export function cellBordersOf({ top, bottom, left, right }: z.output<typeof apiBorders>): CellBorders {
  const lines = Object.entries({ top, bottom, left, right }).flatMap(([side, line]) => {
    const name = NAMES.find((one) => STYLES[one] === line?.style);
    if (name === undefined || name === 'none') return [];
    const color = hexOf(line?.colorStyle?.rgbColor ?? line?.color ?? {});
    return [[side, color === BLACK ? name : `${name} ${color}`] as const];
  });
  return Object.fromEntries(lines);
}
