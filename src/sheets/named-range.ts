// Named ranges: a name is given to cells, or moves to other ones. One read and one write.

import { invalid } from '../errors.ts';
import { shown } from '../words.ts';
import { formatA1 } from './a1.ts';
import { apply, type Desk, type Outcome } from './desk.ts';
import { liveSpreadsheet } from './live.ts';
import { gridOf, type Spreadsheet } from './metadata.ts';
import { findCells } from './objects.ts';
import { gridRange } from './requests.ts';

export interface NamedRangeSet extends Outcome {
  /** As the spreadsheet spells it. */
  readonly name: string;
  readonly range: string;
  readonly namedRangeId: string;
  /** Where the name stood before. */
  readonly previousRange?: string;
}

/** Google: 1 to 250 letters, numbers and underscores, no number first ("Name a range of cells"). */
const MAX_CHARACTERS = 250;
const RULES: readonly (readonly [broken: RegExp, why: string])[] = [
  [/\s/, 'it has a blank'],
  [/[^\p{L}\p{M}\p{N}_\s]/u, 'it has a character that is no letter, number or underscore'],
  [/^\p{N}/u, 'it begins with a number'],
  [/^(?:true|false)$/i, 'it is a value'],
  [/^[A-Z]{1,3}\d+$/i, 'it reads as a cell'],
  [/^R\d*C\d*$/i, 'it reads as a cell in R1C1 notation'],
];

function checkName(name: string): void {
  const why = name.length > MAX_CHARACTERS ? `it has over ${MAX_CHARACTERS} characters` : undefined;
  const broken = why ?? RULES.find(([rule]) => rule.test(name))?.[1];
  if (broken === undefined) return;
  throw invalid(
    `name: ${shown(name)} cannot name a range: ${broken}.`,
    'A name has letters, numbers and underscores, begins with none of the numbers, and is not like A1 or R1C1.',
  );
}

/** Creates the name, or moves the one that is there, case apart; formulas that use it follow. */
export async function setNamedRange(desk: Desk, name: string, range: string): Promise<NamedRangeSet> {
  const live = await liveSpreadsheet(desk);
  const { sheet, grid, a1 } = findCells(live, range);
  const known = live.namedRanges.find((one) => one.name.toLowerCase() === name.toLowerCase());
  const api = gridRange(sheet.sheetId, grid);
  if (known) {
    const { namedRangeId } = known;
    const home = live.sheets.find(({ sheetId }) => sheetId === known.range.sheetId);
    const previousRange = home && formatA1(home.title, gridOf(known.range));
    const answer: NamedRangeSet = {
      status: 'applied',
      name: known.name,
      range: a1,
      namedRangeId,
      ...(previousRange !== undefined && { previousRange }),
    };
    if (previousRange === a1) return { ...answer, status: 'unchanged' };
    const namedRange = { namedRangeId, name: known.name, range: api };
    return apply(desk, { requests: [{ updateNamedRange: { namedRange, fields: 'range' } }], answer, sheets: [sheet] });
  }
  checkName(name);
  const warnings = shadows(live, name);
  const namedRangeId = `ss${desk.newId()}`;
  const answer: NamedRangeSet = {
    status: 'applied',
    name,
    range: a1,
    namedRangeId,
    ...(warnings.length > 0 && { warnings }),
  };
  return apply(desk, {
    requests: [{ addNamedRange: { namedRange: { namedRangeId, name, range: api } } }],
    answer,
    sheets: [sheet],
  });
}

function shadows({ sheets }: Spreadsheet, name: string): string[] {
  if (sheets.some(({ title }) => title === name))
    return [`A sheet is called ${shown(name)} too: as a range it means that.`];
  const table = sheets.some(({ reply }) => reply.tables.some((one) => one.name.toLowerCase() === name.toLowerCase()));
  return table ? [`A table is called ${shown(name)} too: as a range it now means the named range.`] : [];
}
