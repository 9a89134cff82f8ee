// Which numbers are dates, told by what their cells show, and those dates as ISO text. Pure.

import { dateOfSerial } from './values.ts';

/** A time of day or a duration as Sheets shows it in most locales. */
const CLOCK = /(\d+)(?::\d{2}){1,2}(?:[.,]\d+)?(?:\s*[ap]\.?\s?m\.?)?/i;
/** Date and time together have at least so many groups of digits, whatever is written between them. */
const GROUPS_OF_BOTH = 4;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** `2024-01-31T14:30:00.000Z`: years beyond four digits take more. */
const ISO_LENGTH = 24;

/**
 * `2024-01-31`, `2024-01-31 14:30:00` or `14:30:00` by what the cell of a serial shows: a date, a date with a time, or
 * a time; a duration keeps its hours beyond 24. Milliseconds only where there are some. The serial as it is when its
 * year is beyond four digits.
 */
export function isoOfShown(serial: number, shown: string): string | number {
  const date = dateOfSerial(serial);
  const iso = Number.isNaN(date.getTime()) ? '' : date.toISOString();
  if (iso.length !== ISO_LENGTH) return serial;
  const day = iso.slice(0, 10);
  const time = iso.slice(11, iso.endsWith('.000Z') ? 19 : 23);
  const written = shown.includes(':') ? CLOCK.exec(shown) : null;
  if (written) {
    const alone = !/[\d\p{L}]/u.test(shown.replace(written[0], ''));
    return alone ? (durationOf(serial, Number(written[1])) ?? time) : `${day} ${time}`;
  }
  if (digitGroups(shown) >= GROUPS_OF_BOTH) return `${day} ${time}`;
  // In some locales a time has points: what lies within day 0 is one.
  return serial > 0 && serial < 1 ? time : day;
}

/** Counted by hand: this is done for every date of a sheet. */
function digitGroups(text: string): number {
  let groups = 0;
  let inside = false;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    const digit = code >= 48 && code <= 57;
    if (digit && !inside) groups++;
    inside = digit;
  }
  return groups;
}

/** A duration that a time of day would not show: below zero, or of a day and more when its cell shows all its hours. */
function durationOf(serial: number, shownHours: number): string | undefined {
  const ms = Math.abs(Math.round(serial * DAY_MS));
  const hours = Math.floor(ms / HOUR_MS);
  if (serial >= 0 && (serial < 1 || shownHours !== hours)) return undefined;
  const rest = new Date(ms % HOUR_MS)
    .toISOString()
    .slice(13, 23)
    .replace(/\.000$/, '');
  return `${serial < 0 ? '-' : ''}${String(hours).padStart(2, '0')}${rest}`;
}
