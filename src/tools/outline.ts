// A description for a reader who pays per token: what does not fit its budget is left out, and the answer says so.

import type { Description, SheetDescription } from '../sheets/describe.ts';
import { listed } from '../words.ts';
import { CHARACTERS_PER_TOKEN, MAX_PAGE_TOKENS } from './page.ts';

/** Columns of a sheet that are described one by one. */
const MAX_FIELDS = 200;
/** Named ranges, tables, charts and the like that are listed, of each kind. */
const MAX_OBJECTS = 40;
/** What the warnings, and what is added to every answer, may take of the budget. */
const RESERVED_CHARACTERS = 8_000;

export type Outline = Description & { readonly warnings?: string[] };

/** The description in at most MAX_PAGE_TOKENS: every sheet in short comes before any sheet at length. */
export function outlineOf({ sheets, namedRanges, ...rest }: Description): Outline {
  const names = namedRanges && { namedRanges: some(namedRanges) };
  let left = MAX_PAGE_TOKENS * CHARACTERS_PER_TOKEN - RESERVED_CHARACTERS - sizeOf({ ...rest, ...names });
  const shorts: SheetDescription[] = [];
  for (const sheet of sheets) {
    const short = shortOf(sheet);
    if (sizeOf(short) > left) break;
    left -= sizeOf(short);
    shorts.push(short);
  }
  const bare: string[] = [];
  const wide: string[] = [];
  const told = shorts.map((short, index) => {
    const { fields = [], ...objects } = withSomeObjects(sheets[index] ?? short);
    const whole = fields.length === 0 ? objects : { ...objects, fields: fields.slice(0, MAX_FIELDS) };
    const fit = [whole, objects].find((one) => sizeOf(one) - sizeOf(short) <= left) ?? short;
    left -= sizeOf(fit) - sizeOf(short);
    if (fit !== whole) bare.push(short.title);
    else if (fields.length > MAX_FIELDS) wide.push(short.title);
    return fit;
  });
  const missing = sheets.length - told.length;
  const warnings = [
    ...(bare.length > 0
      ? [`Without fields, for want of room: ${listed(bare)}. Pass these as sheets, a few at once.`]
      : []),
    ...(wide.length > 0
      ? [`Only the first ${MAX_FIELDS} fields are told of: ${listed(wide)}. Read the header row for the others.`]
      : []),
    ...(missing > 0
      ? [`${missing} more sheets are left out, for want of room. Pass their titles or ids as sheets.`]
      : []),
  ];
  return { ...rest, sheets: told, ...names, ...(warnings.length > 0 && { warnings }) };
}

function shortOf({ title, sheetId, rows, columns, usedRange }: SheetDescription): SheetDescription {
  return { title, sheetId, rows, columns, ...(usedRange !== undefined && { usedRange }) };
}

function withSomeObjects(sheet: SheetDescription): SheetDescription {
  const { tables, protectedRanges, charts, pivotTables, filterViews } = sheet;
  return {
    ...sheet,
    ...(tables && { tables: some(tables) }),
    ...(protectedRanges && { protectedRanges: some(protectedRanges) }),
    ...(charts && { charts: some(charts) }),
    ...(pivotTables && { pivotTables: some(pivotTables) }),
    ...(filterViews && { filterViews: some(filterViews) }),
  };
}

/** The first of a list, and in its last place how many there are beyond. */
function some(list: readonly string[]): string[] {
  const rest = list.length - MAX_OBJECTS;
  return rest > 0 ? [...list.slice(0, MAX_OBJECTS), `and ${rest} more`] : [...list];
}

function sizeOf(part: unknown): number {
  return JSON.stringify(part).length + 1;
}
