// Regular expressions in the syntax of RE2, without its classes of Unicode properties, as Sheets has it: text in, tree
// out. Lookaround, backreferences and possessive repetition do not exist. Matches nothing itself.

import { anyOf, type CharTest, eitherCase, not, PERL, POSIX, range, word } from './classes.ts';

/** `at` lies between two characters: -1 is what stands before the first and after the last. */
export type Assertion = (before: number, after: number) => boolean;

export type Node =
  | { readonly kind: 'char'; readonly test: CharTest }
  | { readonly kind: 'assert'; readonly test: Assertion }
  | { readonly kind: 'sequence'; readonly of: readonly Node[] }
  | { readonly kind: 'either'; readonly of: readonly Node[] }
  | { readonly kind: 'group'; readonly of: Node; readonly index: number }
  | {
      readonly kind: 'repeat';
      readonly of: Node;
      readonly min: number;
      readonly max: number;
      readonly greedy: boolean;
    };

/** Most repetitions that may be asked for by number. */
const MOST_REPEATS = 1000;
const NEWLINE = 10;
/** Groups within each other; more is refused and not a full stack. */
const DEEPEST = 200;

interface Flags {
  readonly i: boolean;
  readonly m: boolean;
  readonly s: boolean;
  readonly U: boolean;
}

class Refused extends Error {}

const isWord = (code: number) => code >= 0 && word(code);
const atBoundary: Assertion = (before, after) => isWord(before) !== isWord(after);
const atStart: Assertion = (before) => before < 0;
const atEnd: Assertion = (_, after) => after < 0;
const atLineStart: Assertion = (before) => before < 0 || before === NEWLINE;
const atLineEnd: Assertion = (_, after) => after < 0 || after === NEWLINE;

const ASSERTIONS: Readonly<Record<string, Assertion>> = {
  b: atBoundary,
  B: (before, after) => !atBoundary(before, after),
  A: atStart,
  z: atEnd,
};

const CONTROLS: Readonly<Record<string, string>> = { a: '\x07', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v' };

/** The tree of a pattern and how many groups it captures; undefined for what is no regular expression of RE2. */
export function parsePattern(pattern: string): { readonly tree: Node; readonly groups: number } | undefined {
  const chars = [...pattern];
  let at = 0;
  let groups = 0;
  let depth = 0;

  const refuse = (): never => {
    throw new Refused();
  };
  const rest = (count: number) => chars.slice(at, at + count).join('');
  const eat = (wanted: string) => {
    const found = rest(wanted.length) === wanted;
    if (found) at += wanted.length;
    return found;
  };
  const next = (): string => chars[at++] ?? refuse();
  /** What matches at the place, eaten; `within` bounds how far it may reach. */
  const take = (expression: RegExp, within = 64): RegExpExecArray | undefined => {
    const found = expression.exec(rest(within)) ?? undefined;
    if (found) at += [...found[0]].length;
    return found;
  };

  const char = (test: CharTest, flags: Flags): Node => ({ kind: 'char', test: flags.i ? eitherCase(test) : test });
  const assert = (test: Assertion): Node => ({ kind: 'assert', test });

  /** The character that a backslash and what follows stand for. */
  const escaped = (): number => {
    const octal = take(/^(?:0[0-7]{0,2}|[1-7][0-7]{1,2})/);
    if (octal) return Number.parseInt(octal[0], 8);
    const hex = take(/^x(?:([0-9a-f]{2})|\{([0-9a-f]{1,6})\})/i);
    if (hex) {
      const code = Number.parseInt(hex[1] ?? hex[2] ?? '', 16);
      return code > 0x10ffff ? refuse() : code;
    }
    const one = next();
    const control = CONTROLS[one] ?? (/^[!-/:-@[-`{-~\s]$/.test(one) ? one : refuse());
    return control.codePointAt(0) ?? 0;
  };

  const named = (negated: boolean, name: string): CharTest => {
    const test = POSIX[name] ?? refuse();
    return negated ? not(test) : test;
  };

  /** What follows an opening bracket, up to the closing one. */
  const characterClass = (): CharTest => {
    const negated = eat('^');
    const tests: CharTest[] = [];
    const single = (): number => (eat('\\') ? escaped() : (next().codePointAt(0) ?? 0));
    for (let first = true; first || !eat(']'); first = false) {
      const posix = take(/^\[:(\^?)(\w+):\]/);
      const perl = take(/^\\[dDwWsS]/);
      if (posix) tests.push(named(posix[1] === '^', posix[2] ?? ''));
      else if (perl) tests.push(PERL[perl[0].charAt(1)] ?? refuse());
      else {
        const from = single();
        if (chars[at] !== '-' || chars[at + 1] === ']') tests.push(range(from));
        else {
          at++;
          if (/^\\[dDwWsS]/.test(rest(2))) refuse();
          const to = single();
          tests.push(from <= to ? range(from, to) : refuse());
        }
      }
    }
    const found = anyOf(...tests);
    return negated ? not(found) : found;
  };

  const flagged = (flags: Flags, on: string, off: string): Flags => {
    const now = (letter: keyof Flags) => !off.includes(letter) && (on.includes(letter) || flags[letter]);
    return { i: now('i'), m: now('m'), s: now('s'), U: now('U') };
  };

  const closed = (flags: Flags): Node => {
    if (++depth > DEEPEST) refuse();
    const of = alternatives(flags);
    if (!eat(')')) refuse();
    depth--;
    return of;
  };

  /** What follows an opening parenthesis; flags for the rest of the surrounding group are handed out. */
  const group = (flags: Flags): Node | Flags => {
    if (!eat('?') || take(/^P?<[A-Za-z_]\w*>/)) {
      const index = ++groups;
      return { kind: 'group', index, of: closed(flags) };
    }
    const set = take(/^([imsU]*)(?:-([imsU]+))?([:)])/) ?? refuse();
    const changed = flagged(flags, set[1] ?? '', set[2] ?? '');
    return set[3] === ')' ? changed : closed(changed);
  };

  const escapeOrClass = (flags: Flags): Node => {
    const one = chars[at] ?? refuse();
    const [assertion, perl] = [ASSERTIONS[one], PERL[one]];
    if (assertion ?? perl) at++;
    if (assertion) return assert(assertion);
    if (perl) return char(perl, flags);
    if (!eat('Q')) return char(range(escaped()), flags);
    const of: Node[] = [];
    while (at < chars.length && !eat('\\E')) of.push(char(range(next()), flags));
    return { kind: 'sequence', of };
  };

  const atom = (flags: Flags): Node | Flags => {
    const one = next();
    switch (one) {
      case '(':
        return group(flags);
      case '[':
        return char(characterClass(), flags);
      case '\\':
        return escapeOrClass(flags);
      case '.':
        return char(flags.s ? () => true : not(range(NEWLINE)), flags);
      case '^':
        return assert(flags.m ? atLineStart : atStart);
      case '$':
        return assert(flags.m ? atLineEnd : atEnd);
      case '*':
      case '+':
      case '?':
        return refuse();
      default:
        return char(range(one), flags);
    }
  };

  /** The number of repetitions asked for behind an atom, if any is. */
  const repetition = (): readonly [min: number, max: number] | undefined => {
    const found = take(/^(?:[*+?]|\{(\d+)(,?)(\d*)\})/);
    if (!found) return undefined;
    if (found[0] === '*') return [0, Number.POSITIVE_INFINITY];
    if (found[0] === '+') return [1, Number.POSITIVE_INFINITY];
    if (found[0] === '?') return [0, 1];
    if (found[2] === '' && found[3] !== '') return refuse();
    const min = Number(found[1]);
    const max = found[2] === '' ? min : found[3] === '' ? Number.POSITIVE_INFINITY : Number(found[3]);
    const most = max === Number.POSITIVE_INFINITY ? min : max;
    return most > MOST_REPEATS || min > max ? refuse() : [min, max];
  };

  const sequence = (given: Flags): Node => {
    let flags = given;
    const of: Node[] = [];
    while (at < chars.length && chars[at] !== '|' && chars[at] !== ')') {
      const one = atom(flags);
      if (!('kind' in one)) {
        flags = one;
        continue;
      }
      const count = repetition();
      if (!count) {
        of.push(one);
        continue;
      }
      const lazy = eat('?');
      if (repetition()) refuse();
      of.push({ kind: 'repeat', of: one, min: count[0], max: count[1], greedy: lazy === flags.U });
    }
    const [only] = of;
    return of.length === 1 && only ? only : { kind: 'sequence', of };
  };

  function alternatives(flags: Flags): Node {
    const of = [sequence(flags)];
    while (eat('|')) of.push(sequence(flags));
    const [only] = of;
    return of.length === 1 && only ? only : { kind: 'either', of };
  }

  try {
    const tree = alternatives({ i: false, m: false, s: false, U: false });
    return at < chars.length ? undefined : { tree, groups };
  } catch (error) {
    if (error instanceof Refused) return undefined;
    throw error;
  }
}
