// What find and replace would change, told from the cells as they are: how often and where, which may change, and whether
// a formula that fetches from elsewhere could come of it. Sends nothing.

import { ServalError } from '../errors.ts';
import { columnName } from './a1.ts';
import type { Desk } from './desk.ts';
import { fetchingFunction } from './fetching.ts';
import { type ClosedRange, MAX_IMAGE_CELLS } from './images.ts';
import { type FilledCell, scan } from './live.ts';
import { createReplacer, type Search } from './replacing.ts';

export interface Counts {
  readonly occurrences: number;
  readonly cells: number;
  readonly sheets: number;
}

export interface Plan {
  /** Absent where only Sheets knows what it finds. */
  readonly counts?: Counts;
  /** The cells that may change; absent when they are too many to be kept. */
  readonly cells?: readonly FilledCell[];
}

/** What is read of a cell: what is searched, and what is put back. */
const FIELDS = 'userEnteredValue,formattedValue,userEnteredFormat.numberFormat';
/** Steps of looking after which others get their turn, those for one text, and those for all: about a minute. */
const STEPS_AT_ONCE = 2_000_000;
const MOST_STEPS_A_TEXT = 20_000_000;
const MOST_STEPS = 500_000_000;

/** Throws `unsupported` where the replacing could make a formula that fetches, unless those are allowed. */
export async function planReplacement(
  desk: Desk,
  ranges: readonly ClosedRange[],
  search: Search,
  formulas: boolean,
): Promise<Plan> {
  const replacer = await createReplacer(search);
  const sheets = new Set<number>();
  const found: FilledCell[] = [];
  let [exact, occurrences, cells, steps, rested] = [true, 0, 0, 0, 0];
  for await (const cell of scan(desk, ranges, FIELDS)) {
    const text = searchedText(cell, formulas);
    if (text === undefined) continue;
    const more = replacer?.steps(text) ?? 0;
    const able = more <= MOST_STEPS_A_TEXT && steps + more <= MOST_STEPS;
    const replaced = able ? replacer?.replace(text) : undefined;
    if (able) steps += more;
    if (steps - rested > STEPS_AT_ONCE) {
      rested = steps;
      await new Promise((resolve) => setImmediate(resolve));
    }
    if (!desk.allowExternal) refuseFetching(cell, text, replaced?.text, search);
    if (replaced === undefined) exact = false;
    else if (replaced.occurrences === 0) continue;
    occurrences += replaced?.occurrences ?? 0;
    sheets.add(cell.sheet.sheetId);
    cells++;
    if (found.length <= MAX_IMAGE_CELLS) found.push(cell);
  }
  return {
    ...(exact && { counts: { occurrences, cells, sheets: sheets.size } }),
    ...(found.length <= MAX_IMAGE_CELLS && { cells: found }),
  };
}

/** Of a formula its text, where formulas are searched; of a number or a date what is shown of it. */
function searchedText({ state }: FilledCell, formulas: boolean): string | undefined {
  const { formulaValue, stringValue } = entered(state.userEnteredValue);
  if (typeof formulaValue === 'string') return formulas ? formulaValue : undefined;
  if (typeof stringValue === 'string') return stringValue;
  return typeof state.formattedValue === 'string' ? state.formattedValue : undefined;
}

function entered(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}

/** A text that is replaced is taken as if typed in: what begins with "=" or "+" is a formula then. */
function refuseFetching(cell: FilledCell, text: string, made: string | undefined, { replacement }: Search): void {
  const address = `${cell.sheet.title}!${columnName(cell.column)}${cell.row + 1}`;
  const isFormula = 'formulaValue' in entered(cell.state.userEnteredValue);
  if (made !== undefined) {
    const fetching = isFormula || /^\s*[=+]/.test(made) ? fetchingFunction(made) : undefined;
    if (fetching === undefined || made === text) return;
    throw refusal(`${address} would use ${fetching}, which fetches from elsewhere`);
  }
  const both = text + replacement;
  if (!isFormula && !(/[=+]/.test(both) && both.includes('('))) return;
  throw refusal(`${address} may become a formula that fetches from elsewhere, which cannot be told for this pattern`);
}

function refusal(words: string): ServalError {
  return new ServalError('unsupported', `${words}: nothing was replaced.`, {
    hint: 'The operator can set ALLOW_EXTERNAL_FORMULAS=true; a plain text, or a simpler pattern, can be told.',
    outcome: 'none',
  });
}
