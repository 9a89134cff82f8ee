// Criteria of COUNTIF, SUMIFS and their families and of the database functions: a text such as `>5`, `<>x` or `a*`
// becomes a test of one cell. Reads no cells.

import { dateOfSerial } from '../../../sheets/values.ts';
import { parseLiteral } from '../../literals.ts';
import type { Scope } from '../define.ts';
import type { Scalar, Value } from '../value.ts';
import { compareValues } from './order.ts';

export type Test = (value: Value) => boolean;

const OPERATOR = /^(<=|>=|<>|<|>|=)?([\s\S]*)$/;

/** What a text means when it is typed in: a number or date, a boolean, or itself. */
export function literalIn(scope: Scope, text: string): Scalar {
  if (text === '' || text.startsWith('=') || text.startsWith("'")) return text;
  const literal = parseLiteral(text, dateOfSerial(scope.now).getUTCFullYear(), scope.locale);
  return 'value' in literal ? literal.value : text;
}

/** Marks in a parsed pattern; characters stand for themselves. */
const ONE = 1;
const MANY = 2;

function patternOf(text: string): readonly (string | typeof ONE | typeof MANY)[] {
  const parts = text.toLowerCase().match(/~[*?~]|[\s\S]/gu) ?? [];
  return parts.map((part) => {
    if (part === '?') return ONE;
    if (part === '*') return MANY;
    return part.length === 2 && part.startsWith('~') ? part.slice(1) : part;
  });
}

/**
 * `?` is one character, `*` any number of them, `~` takes the meaning from the next; the whole text, any case. Goes
 * back to the last `*` only, so that no pattern takes longer than its length times the text's.
 */
export function wildcard(text: string): (value: string) => boolean {
  if (!/[*?~]/.test(text)) {
    const lower = text.toLowerCase();
    return (value) => value.length === text.length && value.toLowerCase() === lower;
  }
  const pattern = patternOf(text);
  return (value) => {
    const characters = [...value.toLowerCase()];
    let at = 0;
    let star = -1;
    let resume = 0;
    for (let place = 0; place < characters.length; ) {
      const want = pattern[at];
      if (want === MANY) {
        star = at++;
        resume = place;
      } else if (want === ONE || (want !== undefined && want === characters[place])) {
        at++;
        place++;
      } else {
        if (star < 0) return false;
        at = star + 1;
        place = ++resume;
      }
    }
    while (pattern[at] === MANY) at++;
    return at === pattern.length;
  };
}

function equals(scope: Scope, text: string): Test {
  const meant = literalIn(scope, text);
  const matches = wildcard(text);
  if (typeof meant === 'string') return (value) => typeof value === 'string' && matches(value);
  return (value) => value === meant || (typeof value === 'string' && matches(value));
}

/** The test that a criterion stands for; a criterion that is no text is equality. */
export function criterion(scope: Scope, of: Scalar | null): Test {
  if (typeof of === 'number' || typeof of === 'boolean') return (value) => value === of;
  if (of === null || of === '') return (value) => value === null || value === '';
  const [, operator = '=', operand = ''] = OPERATOR.exec(of) ?? [];
  if (operator === '=' || operator === '<>') {
    const test: Test = operand === '' ? (value) => value === null : equals(scope, operand);
    return operator === '=' ? test : (value) => !test(value);
  }
  const meant = literalIn(scope, operand);
  const wanted = operator.startsWith('<') ? -1 : 1;
  const orEqual = operator.length === 2;
  return (value) => {
    if (typeof value !== typeof meant) return false;
    const order = Math.sign(compareValues(value, meant));
    return order === wanted || (orEqual && order === 0);
  };
}
