// Data validation: what cells accept, as callers write it and as the API has it, and the verb that sets it.

import { z } from 'zod';
import { invalid } from '../errors.ts';
import { shown } from '../words.ts';
import { columnName, quoteSheet } from './a1.ts';
import { apiCondition, booleanConditionOf, type Condition, conditionOf } from './conditions.ts';
import { apply, type Desk, type Outcome } from './desk.ts';
import { resolveRange, type Spreadsheet } from './metadata.ts';
import { gridRange } from './requests.ts';

export interface ValidationRule extends Condition {
  /** Anything else is refused, else only marked; default true. */
  readonly strict?: boolean | undefined;
  /** Lists are offered to choose from; default true. */
  readonly dropdown?: boolean | undefined;
  /** Shown beside the cell. */
  readonly help?: string | undefined;
}

export interface Validated extends Outcome {
  readonly ranges: string[];
}

/** Sets the rule for all cells of the ranges, hidden ones too; `null` lets them accept anything. */
export async function setValidation(
  desk: Desk,
  ranges: readonly string[],
  rule: ValidationRule | null,
): Promise<Validated> {
  const places = ranges.map((range) => resolveRange(desk.spreadsheet, range));
  const written = rule && apiRuleOf(rule, desk.spreadsheet);
  const requests = places.map(({ sheet, grid }) => ({
    setDataValidation: {
      range: gridRange(sheet.sheetId, grid),
      ...(written && { rule: written }),
      // Else rows that a filter hides would keep what they had.
      filteredRowsIncluded: true,
    },
  }));
  const answer: Validated = { status: 'applied', ranges: places.map(({ a1 }) => a1) };
  return apply(desk, { requests, answer, sheets: places.map(({ sheet }) => sheet) });
}

/** Types that Sheets shows in a way of its own: a dropdown, a checkbox. */
const OWN_LOOK = new Set(['one_of_list', 'one_of_range', 'boolean']);

function apiRuleOf(rule: ValidationRule, spreadsheet: Spreadsheet): object {
  const { type, values, strict = true, dropdown = OWN_LOOK.has(type), help } = rule;
  const given = type === 'one_of_range' ? [sourceOf(String(values?.[0]), spreadsheet)] : values;
  return {
    condition: booleanConditionOf({ type, values: given }, spreadsheet.locale),
    strict,
    showCustomUi: dropdown,
    ...(help && { inputMessage: help }),
  };
}

/** The cells to choose from, as Google wants them told; a named range by its name, so that it is followed. */
function sourceOf(given: string, spreadsheet: Spreadsheet): string {
  const text = given.trim().replace(/^=/, '');
  const named = spreadsheet.namedRanges.find(({ name }) => name.toLowerCase() === text.toLowerCase());
  const { sheet, grid } = resolveRange(spreadsheet, text);
  if (named && !spreadsheet.sheets.some(({ title }) => title === text)) return `=${named.name}`;
  const from = corner(grid.startColumn, grid.startRow);
  const to = corner(before(grid.endColumn), before(grid.endRow));
  if (from === '' || to === '') {
    throw invalid(`${shown(given)} is no row, column or block of cells to choose from.`, 'Write it as Lists!A2:A.');
  }
  return `=${quoteSheet(sheet.title)}!${/^\$[A-Z]+\$/.test(from) && from === to ? from : `${from}:${to}`}`;
}

function before(bound: number | undefined): number | undefined {
  return bound === undefined ? undefined : bound - 1;
}

function corner(column: number | undefined, row: number | undefined): string {
  return `${column === undefined ? '' : `$${columnName(column)}`}${row === undefined ? '' : `$${row + 1}`}`;
}

/** A rule as Google answers it. */
export const apiValidation = z.object({
  condition: apiCondition,
  inputMessage: z.string().optional(),
  strict: z.boolean().default(false),
  showCustomUi: z.boolean().default(false),
});

/** The rule in the terms of setValidation. */
export function validationOf(rule: z.output<typeof apiValidation>, locale: string): ValidationRule {
  const { condition, inputMessage, strict, showCustomUi } = rule;
  const { type, values } = conditionOf(condition, locale);
  const told = type === 'one_of_range' ? values?.map((value) => withoutHold(String(value))) : values;
  return {
    type,
    ...(told && { values: told }),
    ...(!strict && { strict }),
    ...(showCustomUi !== OWN_LOOK.has(type) && { dropdown: showCustomUi }),
    ...(inputMessage && { help: inputMessage }),
  };
}

/** `=Lists!$A$2:$A` as a caller writes it. */
function withoutHold(source: string): string {
  const text = source.replace(/^=/, '');
  const cells = text.lastIndexOf('!') + 1;
  return text.slice(0, cells) + text.slice(cells).replaceAll('$', '');
}
