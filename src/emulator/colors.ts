// Colours come in two spellings, `xColor` and `xColorStyle`; Google keeps both in step. Data in, data out.

import type { Mask } from './mask.ts';

const NAMES = new Set(['tabColor', 'backgroundColor', 'foregroundColor', 'color']);
const STYLES = new Set([...NAMES].map((name) => `${name}Style`));

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A copy in which each colour has both spellings; a style wins over a plain colour. Zeros are left out. */
export function pairColors<T extends object>(source: T): T {
  const paired: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(source)) {
    paired[name] = isObject(value) ? pairColors(value) : value;
    if (!isObject(value) || !(NAMES.has(name) || STYLES.has(name))) continue;
    if (NAMES.has(name)) {
      const color = Object.fromEntries(Object.entries(value).filter(([, part]) => part !== 0));
      paired[name] = color;
      if (!(`${name}Style` in source)) paired[`${name}Style`] = { rgbColor: color };
    }
  }
  for (const style of STYLES) {
    const value = paired[style];
    if (!isObject(value) || !isObject(value.rgbColor)) continue;
    const color = Object.fromEntries(Object.entries(value.rgbColor).filter(([, part]) => part !== 0));
    paired[style] = { rgbColor: color };
    paired[style.slice(0, -'Style'.length)] = color;
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
