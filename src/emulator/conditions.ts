// Conditions of validation, conditional formats and filters as they are given: which types each may have and what
// their values must be. When one holds is condition-tests.ts.

import { columnName, parseA1 } from '../sheets/a1.ts';
import { invalid } from './errors.ts';
import { parseFormula } from './formula/parse.ts';
import { parseLiteral } from './literals.ts';
import type { BooleanCondition, ConditionValue } from './messages/rules.ts';
import { printTitle, resolveRange } from './ranges.ts';
import type { Book } from './workbook.ts';

export type Use = 'validation' | 'format' | 'filter';

type Kind = 'none' | 'number' | 'text' | 'date' | 'formula' | 'range';

interface Described {
  readonly uses: readonly Use[];
  readonly kind: Kind;
  readonly least: number;
  readonly most: number;
}

const EVERYWHERE: readonly Use[] = ['validation', 'format', 'filter'];
const SHOWN: readonly Use[] = ['format', 'filter'];
const ENTERED: readonly Use[] = ['validation'];

const one = (kind: Kind, uses: readonly Use[] = EVERYWHERE): Described => ({ uses, kind, least: 1, most: 1 });
const two = (kind: Kind, uses: readonly Use[] = EVERYWHERE): Described => ({ uses, kind, least: 2, most: 2 });
const bare = (uses: readonly Use[]): Described => ({ uses, kind: 'none', least: 0, most: 0 });

/** Google, "ConditionType": where each type is supported and how many values it takes. */
const CONDITIONS: Readonly<Record<string, Described>> = {
  NUMBER_GREATER: one('number'),
  NUMBER_GREATER_THAN_EQ: one('number'),
  NUMBER_LESS: one('number'),
  NUMBER_LESS_THAN_EQ: one('number'),
  NUMBER_EQ: one('number'),
  NUMBER_NOT_EQ: one('number'),
  NUMBER_BETWEEN: two('number'),
  NUMBER_NOT_BETWEEN: two('number'),
  TEXT_CONTAINS: one('text'),
  TEXT_NOT_CONTAINS: one('text'),
  TEXT_STARTS_WITH: one('text', SHOWN),
  TEXT_ENDS_WITH: one('text', SHOWN),
  TEXT_EQ: one('text'),
  TEXT_IS_EMAIL: bare(ENTERED),
  TEXT_IS_URL: bare(ENTERED),
  DATE_EQ: one('date'),
  DATE_BEFORE: one('date'),
  DATE_AFTER: one('date'),
  DATE_ON_OR_BEFORE: one('date', ENTERED),
  DATE_ON_OR_AFTER: one('date', ENTERED),
  DATE_BETWEEN: two('date', ENTERED),
  DATE_NOT_BETWEEN: two('date', ENTERED),
  DATE_IS_VALID: bare(ENTERED),
  ONE_OF_RANGE: one('range', ENTERED),
  ONE_OF_LIST: { uses: ENTERED, kind: 'text', least: 1, most: Number.POSITIVE_INFINITY },
  BLANK: bare(SHOWN),
  NOT_BLANK: bare(SHOWN),
  CUSTOM_FORMULA: one('formula'),
  BOOLEAN: { uses: ENTERED, kind: 'text', least: 0, most: 2 },
};

const USE_NAMES: Readonly<Record<Use, string>> = {
  validation: 'data validation',
  format: 'conditional formatting',
  filter: 'filters',
};

const COUNTS = ['zero', 'one', 'two'];

function checkCount(type: string, { least, most }: Described, given: number): void {
  if (given >= least && given <= most) return;
  const wanted = given < least ? least : most;
  const measure = least === most ? 'exactly' : given < least ? 'at least' : 'at most';
  const noun = wanted === 1 ? 'ConditionValue' : 'ConditionValues';
  throw invalid(
    `ConditionType '${type}' requires ${measure} ${COUNTS[wanted]} ${noun}, but ${given} values were supplied.`,
  );
}

export function isFormula(text: string): boolean {
  return text.startsWith('=') || text.startsWith('+');
}

/** `=Sheet!A1:B5` with its references held, as Google gives it back; undefined when it names no cells. */
function heldRange(book: Book, text: string): string | undefined {
  if (!text.startsWith('=')) return undefined;
  const bareText = text.slice(1).trim().replaceAll('$', '');
  const parsed = parseA1(bareText);
  if (!parsed) return undefined;
  const { grid, sheet } = parsed;
  const isNamed = sheet !== undefined && Object.keys(grid).length === 0;
  try {
    resolveRange(book, bareText);
  } catch {
    return undefined;
  }
  if (isNamed) return `=${sheet}`;
  const corner = (row: number | undefined, column: number | undefined) =>
    `${column === undefined ? '' : `$${columnName(column)}`}${row === undefined ? '' : `$${row + 1}`}`;
  const from = corner(grid.startRow, grid.startColumn);
  const to = corner(
    grid.endRow === undefined ? undefined : grid.endRow - 1,
    grid.endColumn === undefined ? undefined : grid.endColumn - 1,
  );
  const cells = from === to && bareText.indexOf(':') < 0 ? from : `${from}:${to}`;
  return `=${sheet === undefined ? '' : `${printTitle(sheet)}!`}${cells}`;
}

function checkedValue(book: Book, type: string, kind: Kind, use: Use, value: ConditionValue): ConditionValue {
  const { relativeDate, userEnteredValue: text = '' } = value;
  const refuse = () => {
    const where = use === 'validation' ? ` for ConditionType: ${type}` : '';
    return invalid(`Invalid ConditionValue.userEnteredValue: ${text}${where}`);
  };
  if (relativeDate !== undefined) {
    if (relativeDate === 'RELATIVE_DATE_UNSPECIFIED') throw invalid('ConditionValue.relativeDate must be specified.');
    if (kind !== 'date') throw invalid(`ConditionType '${type}' does not support ConditionValue.relativeDate.`);
    if (use === 'validation') throw invalid('Relative dates are not supported in data validation.');
    return { relativeDate };
  }
  if (kind === 'range') {
    const held = heldRange(book, text);
    if (held === undefined) throw refuse();
    return { userEnteredValue: held };
  }
  if (kind === 'formula' && !isFormula(text)) throw refuse();
  if (isFormula(text) && !parseFormula(`=${text.slice(1)}`, book.properties.locale ?? 'en_US')) throw refuse();
  if ((kind === 'number' || kind === 'date') && !isFormula(text)) {
    // The year only completes dates typed without one, and every year does.
    const literal = parseLiteral(text, 2000, book.properties.locale);
    if (!('value' in literal) || typeof literal.value !== 'number') throw refuse();
  }
  return { userEnteredValue: text };
}

/** The condition as it is kept, or Google's refusal. */
export function checkedCondition(book: Book, condition: BooleanCondition | undefined, use: Use): BooleanCondition {
  const { type, values = [] } = condition ?? {};
  if (type === undefined || type === 'CONDITION_TYPE_UNSPECIFIED') {
    throw invalid('BooleanCondition.type must be specified.');
  }
  const described = CONDITIONS[type];
  if (!described?.uses.includes(use)) {
    throw invalid(`ConditionType '${type}' is not supported in ${USE_NAMES[use]}.`);
  }
  checkCount(type, described, values.length);
  const checked = values.map((value) => checkedValue(book, type, described.kind, use, value));
  return { type, ...(checked.length > 0 && { values: checked }) };
}
