// REGEXMATCH, REGEXEXTRACT and REGEXREPLACE. What a regular expression is and how it is run is ../pattern.

import { define, type FunctionSpec, operand, type Scope, text, value } from '../define.ts';
import { type Found, type Pattern, patternOf } from '../pattern/machine.ts';
import { type FormulaError, fail, isError, type Scalar, type Value } from '../value.ts';
import { fitting } from './text.ts';
import { rowsFor } from './text-search.ts';

/** Numbers and booleans are no texts here, whatever they look like. */
function textIn(name: string, parameter: number, of: Value): string {
  if (isError(of)) throw fail(of.type, of.message);
  if (typeof of === 'string' || of === null) return of ?? '';
  const what = typeof of === 'number' ? `'${of}' is a number` : `'${of ? 'TRUE' : 'FALSE'}' is a boolean`;
  const message = `Function ${name} parameter ${parameter} expects text values. But ${what} and`;
  throw fail('VALUE', `${message} cannot be coerced to a text.`);
}

function patternIn(name: string, source: string): Pattern {
  const found = patternOf(source);
  if (found) return found;
  throw fail('REF', `Function ${name} parameter 2 value "${source}" is not a valid regular expression.`);
}

const codesOf = (of: string) => Array.from(of, (one) => one.codePointAt(0) ?? 0);

function textOfCodes(codes: readonly number[], from: number, to: number): string {
  let taken = '';
  for (let at = from; at < to; at++) taken += String.fromCodePoint(codes[at] ?? 0);
  return taken;
}

/** The text of one group; empty for one that took no part. */
function groupOf(codes: readonly number[], found: Found, index: number): string {
  return textOfCodes(codes, found[2 * index] ?? 0, found[2 * index + 1] ?? 0);
}

function noMatch(name: string, source: string, within: string): FormulaError {
  const what = `Function ${name} parameter 2 value "${source}" does not match text of`;
  return fail('N_A', `${what} Function ${name} parameter 1 value "${within}".`);
}

/** The groups of the first match, or all of it where there are none. */
function extract(within: string, source: string): readonly string[] {
  const pattern = patternIn('REGEXEXTRACT', source);
  const codes = codesOf(within);
  const found = pattern.find(codes, 0);
  if (!found) throw noMatch('REGEXEXTRACT', source, within);
  if (pattern.groups === 0) return [groupOf(codes, found, 0)];
  return Array.from({ length: pattern.groups }, (_, index) => groupOf(codes, found, index + 1));
}

/** `$1` is a group and `$0` all of the match; a backslash takes the meaning from what follows. */
function filled(template: string, groups: number, group: (index: number) => string): string {
  return template.replace(/\\([\s\S])|\$(\d)/g, (written, literal: string | undefined, digit: string) => {
    if (literal !== undefined) return literal;
    return Number(digit) <= groups ? group(Number(digit)) : written;
  });
}

function replaceAll(within: string, source: string, template: string): string {
  return fitting('REGEXREPLACE', replaceMatches(within, patternIn('REGEXREPLACE', source), template).text);
}

/** Every match replaced by the template, and how many there were. */
export function replaceMatches(within: string, pattern: Pattern, template: string): { text: string; count: number } {
  let count = 0;
  const codes = codesOf(within);
  let replaced = '';
  let copied = 0;
  for (let from = 0; from <= codes.length; ) {
    const found = pattern.find(codes, from);
    const [start, end] = found ?? [];
    if (!found || start === undefined || end === undefined) break;
    replaced += textOfCodes(codes, copied, start);
    // An empty match right behind the last one is not another match.
    if (end > start || start > copied || copied === 0) {
      count++;
      replaced += filled(template, pattern.groups, (index) => groupOf(codes, found, index));
    }
    copied = end;
    from = end > start ? end : end + 1;
  }
  return { text: replaced + textOfCodes(codes, copied, codes.length), count };
}

type Tested = (scope: Scope, within: Scalar | null, source: string) => boolean;

const matches: Tested = (_, within, source) =>
  patternIn('REGEXMATCH', source).find(codesOf(textIn('REGEXMATCH', 1, within)), 0) !== undefined;

export const REGEX_FUNCTIONS: readonly FunctionSpec[] = [
  define('REGEXMATCH', [value, text], matches),
  define('REGEXEXTRACT', [operand, text], (scope, within, source) =>
    rowsFor(scope, within, (one) => extract(textIn('REGEXEXTRACT', 1, one), source)),
  ),
  define('REGEXREPLACE', [value, text, text], (_, within, source, template) =>
    replaceAll(textIn('REGEXREPLACE', 1, within), source, template),
  ),
];
