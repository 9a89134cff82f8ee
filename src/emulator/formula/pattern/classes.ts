// Sets of characters as regular expressions of RE2 name them: \d, [[:alpha:]], ranges, and letters of either case.
// Characters are code points.

export type CharTest = (code: number) => boolean;

const between = (from: number, to: number): CharTest => {
  return (code) => code >= from && code <= to;
};

export function range(from: string | number, to: string | number = from): CharTest {
  return between(codeOf(from), codeOf(to));
}

const codeOf = (of: string | number) => (typeof of === 'number' ? of : (of.codePointAt(0) ?? 0));

export const anyOf = (...tests: readonly CharTest[]): CharTest => {
  const [first] = tests;
  return tests.length === 1 && first ? first : (code) => tests.some((test) => test(code));
};

export const not =
  (test: CharTest): CharTest =>
  (code) =>
    !test(code);

const digit = range('0', '9');
const lower = range('a', 'z');
const upper = range('A', 'Z');
const alpha = anyOf(lower, upper);
const blank = anyOf(range(' '), range('\t'));
export const word = anyOf(alpha, digit, range('_'));
/** Without the vertical tab. */
const space = anyOf(blank, range('\n'), range('\f'), range('\r'));

/** By the letter behind a backslash; the capital is the opposite. */
export const PERL: Readonly<Record<string, CharTest>> = {
  d: digit,
  D: not(digit),
  w: word,
  W: not(word),
  s: space,
  S: not(space),
};

/** By the name between `[:` and `:]`. */
export const POSIX: Readonly<Record<string, CharTest>> = {
  alnum: anyOf(alpha, digit),
  alpha,
  ascii: range(0, 0x7f),
  blank,
  cntrl: anyOf(range(0, 0x1f), range(0x7f)),
  digit,
  graph: range('!', '~'),
  lower,
  print: range(' ', '~'),
  punct: anyOf(range('!', '/'), range(':', '@'), range('[', '`'), range('{', '~')),
  space: anyOf(space, range('\v')),
  upper,
  word,
  xdigit: anyOf(digit, range('a', 'f'), range('A', 'F')),
};

/** True also for the other case of a character. */
export function eitherCase(test: CharTest): CharTest {
  return (code) => {
    if (test(code)) return true;
    const one = String.fromCodePoint(code);
    return [one.toLowerCase(), one.toUpperCase()].some((other) => {
      return other !== one && other.length === one.length && test(codeOf(other));
    });
  };
}
