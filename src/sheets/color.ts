// Colours as callers write them, `#rrggbb`, and as the API has them. Pure.

import { z } from 'zod';

const part = z.number().default(0);

/** The API's ColorStyle, as it is read. */
export const colorStyle = z.object({
  rgbColor: z.object({ red: part, green: part, blue: part }).optional(),
  themeColor: z.string().optional(),
});

/** `#rrggbb` as the API's ColorStyle; parts reach from 0 to 1. */
export function styleOf(hex: string) {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16) / 255);
  return { rgbColor: { red, green, blue } };
}

/** `#rrggbb`, or the name of a theme's colour; undefined for none. */
export function colorText({ rgbColor, themeColor }: z.output<typeof colorStyle>): string | undefined {
  if (!rgbColor) return themeColor;
  const { red, green, blue } = rgbColor;
  const hex = (value: number) => Math.round(value * 255).toString(16);
  return `#${[red, green, blue].map((value) => hex(value).padStart(2, '0')).join('')}`;
}
