// Whether the text of a cell is one that is looked for. Regular expressions run in linear time (RE2): no text and no
// expression of a caller can hold the server up.

import { RE2JS, RE2JSException } from 're2js';
import { invalid } from '../errors.ts';
import { shown } from '../words.ts';

export interface Wanted {
  readonly query: string;
  readonly regex?: boolean | undefined;
  readonly matchCase?: boolean | undefined;
  /** The whole text, not a part of it. */
  readonly wholeCell?: boolean | undefined;
}

export interface Matcher {
  matches(text: string): boolean;
  /** Steps for one character at the most. */
  readonly steps: number;
}

/** Steps of an expression; with these the longest cell there is (50,000 characters) takes below a second. */
const MAX_STEPS = 250;

/** Throws `invalid_argument` for an expression that RE2 does not take or that is too large. */
export function matcherOf({ query, regex = false, matchCase = false, wholeCell = false }: Wanted): Matcher {
  if (regex) return expression(query, matchCase, wholeCell);
  const folded = (text: string) => (matchCase ? text : text.toLowerCase());
  const sought = folded(query);
  return { matches: (text) => (wholeCell ? folded(text) === sought : folded(text).includes(sought)), steps: 1 };
}

function expression(query: string, matchCase: boolean, wholeCell: boolean): Matcher {
  const compiled = compile(query, matchCase ? 0 : RE2JS.CASE_INSENSITIVE);
  const steps = compiled.programSize();
  if (steps > MAX_STEPS) {
    throw invalid(
      `query is too large an expression: ${steps} steps for a character, and ${MAX_STEPS} are the most.`,
      'Repeat parts fewer times: {1,200} counts as 200 parts, + and * as one.',
    );
  }
  return { matches: (text) => (wholeCell ? compiled.testExact(text) : compiled.test(text)), steps };
}

function compile(query: string, flags: number): RE2JS {
  try {
    return RE2JS.compile(query, flags);
  } catch (error) {
    if (!(error instanceof RE2JSException)) throw error;
    throw invalid(
      `query ${shown(query)} is not a regular expression of RE2: ${error.message.replace(/^error parsing regexp: /, '')}.`,
      'RE2 is what Sheets itself takes: no look-around, no back-references, repetitions up to 1000.',
    );
  }
}
