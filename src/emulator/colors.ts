// Colours come in two spellings, `xColor` and `xColorStyle`; Google keeps both in step. Data in, data out.

import type { Mask } from './mask.ts';
import type { Color } from './messages/base.ts';
import type { SpreadsheetProperties } from './messages/sheet.ts';

const NAMES = new Set([
  'backgroundColor',
  'color',
  'firstBandColor',
  'footerColor',
  'foregroundColor',
  'headerColor',
  'secondBandColor',
  'tabColor',
  'visibleBackgroundColor',
  'visibleForegroundColor',
]);
const STYLES = new Set([...NAMES].map((name) => `${name}Style`));

/** What a style that names a theme colour is painted with. */
export type Theme = ReadonlyMap<string, Color>;

export function themeOf({ spreadsheetTheme }: SpreadsheetProperties): Theme {
  return new Map(
    (spreadsheetTheme?.themeColors ?? []).map(({ colorType = '', color }) => [colorType, color?.rgbColor ?? {}]),
  );
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function withoutZeros(color: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(color).filter(([, part]) => part !== 0));
}

function pairWithin(value: unknown, theme: Theme | undefined): unknown {
  if (Array.isArray(value)) return value.map((item) => pairWithin(item, theme));
  return isObject(value) ? pairColors(value, theme) : value;
}

/**
 * A copy in which each colour has both spellings; a style wins over a plain colour. Zeros are left out. Styles that
 * name a theme colour get a plain one only if the theme is given.
 */
export function pairColors<T extends object>(source: T, theme?: Theme): T {
  const paired: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(source)) {
    paired[name] = pairWithin(value, theme);
    if (!NAMES.has(name) || !isObject(value)) continue;
    const color = withoutZeros(value);
    paired[name] = color;
    if (!(`${name}Style` in source)) paired[`${name}Style`] = { rgbColor: color };
  }
  for (const style of STYLES) {
    const value = paired[style];
    if (!isObject(value)) continue;
    const plain = style.slice(0, -'Style'.length);
    if (isObject(value.rgbColor)) {
      const color = withoutZeros(value.rgbColor);
      paired[style] = { rgbColor: color };
      paired[plain] = color;
    } else if (typeof value.themeColor === 'string') {
      const color = theme?.get(value.themeColor);
      if (color) paired[plain] = color;
    }
  }
  return paired as T;
}

/** A mask that covers both spellings where it covers one. */
export function pairMask(mask: Mask): Mask {
  if (mask === true) return true;
  const paired = new Map<string, Mask>();
  for (const [name, inner] of mask) {
    const plain = STYLES.has(name) ? name.slice(0, -'Style'.length) : name;
    if (NAMES.has(plain)) paired.set(plain, true).set(`${plain}Style`, true);
    else paired.set(name, pairMask(inner));
  }
  return paired;
}

/** One spelling of a colour, to compare it: two colours that look alike have one text. */
export function colorText({ red = 0, green = 0, blue = 0 }: Color): string {
  return [red, green, blue].map((part) => Math.round(part * 255)).join();
}
