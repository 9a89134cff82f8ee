// Colours as `#rrggbb` and as the API has them. Pure.

import { z } from 'zod';

/** An API Color; its parts are shares of one, and an absent part is none of it. */
export const apiColor = z.object({
  red: z.number().optional(),
  green: z.number().optional(),
  blue: z.number().optional(),
});
export type ApiColor = z.output<typeof apiColor>;

/** An API ColorStyle. */
export const apiColorStyle = z.object({ rgbColor: apiColor.optional(), themeColor: z.string().optional() });

export const HEX_COLOR = /^#[0-9a-f]{6}$/i;

/** `#rrggbb` in lower case. */
export function hexOf({ red = 0, green = 0, blue = 0 }: ApiColor): string {
  const part = (share: number) =>
    Math.round(share * 255)
      .toString(16)
      .padStart(2, '0');
  return `#${part(red)}${part(green)}${part(blue)}`;
}

/** An API ColorStyle of a colour that HEX_COLOR accepts. */
export function colorStyleOf(hex: string): { rgbColor: ApiColor } {
  const share = (from: number) => Number.parseInt(hex.slice(from, from + 2), 16) / 255;
  return { rgbColor: { red: share(1), green: share(3), blue: share(5) } };
}

/** `#rrggbb`, or the name of a theme's colour; undefined for none. */
export function colorText({ rgbColor, themeColor }: z.output<typeof apiColorStyle>): string | undefined {
  return rgbColor ? hexOf(rgbColor) : themeColor;
}
