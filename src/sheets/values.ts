// Cell values as Sheets counts them: serial dates and what a literal means. Shared with the embedded backend.

const DAY_MS = 86_400_000;
/** Serial 0 is 1899-12-30 (Google, "About date and time values": the Lotus 1-2-3 epoch). */
const EPOCH_MS = Date.UTC(1899, 11, 30);

/** Days since 1899-12-30 of a calendar date-time without zone; undefined when no such day or time exists. */
export function serialOf(
  year: number,
  month: number,
  day: number,
  hour = 0,
  minute = 0,
  second = 0,
): number | undefined {
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) return undefined;
  if (hour > 23 || minute > 59 || second >= 60) return undefined;
  return (date.getTime() - EPOCH_MS) / DAY_MS + (hour * 3600 + minute * 60 + second) / 86_400;
}

/** The UTC fields of the returned date are the calendar fields of the serial; rounded to milliseconds. */
export function dateOfSerial(serial: number): Date {
  return new Date(EPOCH_MS + Math.round(serial * DAY_MS));
}
