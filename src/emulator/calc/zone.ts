// What the clock on the wall of a time zone shows, as a serial date-time. Reads no clock.

import { serialOf } from '../../sheets/values.ts';

const formats = new Map<string, Intl.DateTimeFormat>();

function formatOf(timeZone: string): Intl.DateTimeFormat {
  const known = formats.get(timeZone);
  if (known) return known;
  const numeric = '2-digit';
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: numeric,
    day: numeric,
    hour: numeric,
    minute: numeric,
    second: numeric,
  });
  formats.set(timeZone, format);
  return format;
}

/** Milliseconds since the epoch as days since 1899-12-30 in the zone; UTC when nobody knows the zone. */
export function serialIn(timeZone: string, wallMs: number): number {
  let format: Intl.DateTimeFormat;
  try {
    format = formatOf(timeZone);
  } catch {
    format = formatOf('UTC');
  }
  const parts = new Map(format.formatToParts(wallMs).map(({ type, value }) => [type, Number(value)]));
  const part = (name: Intl.DateTimeFormatPartTypes) => parts.get(name) ?? 0;
  const second = part('second') + (((wallMs % 1000) + 1000) % 1000) / 1000;
  return serialOf(part('year'), part('month'), part('day'), part('hour'), part('minute'), second) ?? 0;
}
