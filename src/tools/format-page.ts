// Formats for a reader who pays per token: as many rows as fit into an answer, and what is left named.

import { ServalError } from '../errors.ts';
import type { FormatReading, FormatReport } from '../sheets/format-report.ts';
import { CHARACTERS_PER_TOKEN, MAX_PAGE_TOKENS, PAGE_TOKENS } from './page.ts';

/** Rows that are tried at first. */
const FIRST_ROWS = 32;
/** Of an answer, for what is added to every one. */
const RESERVED_CHARACTERS = 1_000;

type Told = Omit<FormatReport, 'validation' | 'conditional' | 'warnings'> &
  Partial<Pick<FormatReport, 'validation' | 'conditional' | 'warnings'>>;

/**
 * The report of the first rows that fit into PAGE_TOKENS. Of one row alone up to MAX_PAGE_TOKENS; throws `too_large`
 * where even that is more. Takes a breath before each try.
 */
export async function reportWithin(reading: FormatReading, breathe: () => Promise<void>): Promise<Told> {
  const at = async (rows: number) => {
    await breathe();
    return shortened(reading.report(rows));
  };
  const fits = (told: Told) => sizeOf(told) <= PAGE_TOKENS;
  // More rows are seldom shorter to tell. Most of the time is spent on few rows more than are told in the end.
  let [least, most] = [0, Math.min(FIRST_ROWS, reading.rows)];
  let found = await at(most);
  while (fits(found)) {
    if (most === reading.rows) return found;
    [least, most] = [most, Math.min(most * 4, reading.rows)];
    const more = await at(most);
    if (!fits(more)) break;
    found = more;
  }
  while (most - least > 1) {
    const middle = Math.floor((least + most) / 2);
    const told = await at(middle);
    if (fits(told)) [least, found] = [middle, told];
    else most = middle;
  }
  if (least === 0) found = await at(1);
  const tokens = sizeOf(found);
  if (tokens <= MAX_PAGE_TOKENS) return found;
  throw new ServalError(
    'too_large',
    `Formats of ${found.range} are about ${tokens} tokens, more than an answer holds.`,
    {
      hint: 'Read fewer columns at once.',
    },
  );
}

/** Rules take half of an answer at most: they hold for many cells, and no smaller range may have fewer. */
function shortened({ validation, conditional, warnings, ...report }: FormatReport): Told {
  let left = (PAGE_TOKENS * CHARACTERS_PER_TOKEN) / 2;
  const told = conditional.filter((rule) => (left -= JSON.stringify(rule).length) >= 0);
  const untold = conditional.length - told.length;
  const more =
    untold > 0 ? [`${untold} of ${conditional.length} conditional rules are left out: read fewer cells.`] : [];
  const said = [...warnings, ...more];
  return {
    ...report,
    ...(validation.length > 0 && { validation }),
    ...(told.length > 0 && { conditional: told }),
    ...(said.length > 0 && { warnings: said }),
  };
}

function sizeOf(told: Told): number {
  return Math.ceil((JSON.stringify(told).length + RESERVED_CHARACTERS) / CHARACTERS_PER_TOKEN);
}
