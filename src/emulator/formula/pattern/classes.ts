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

export const any = (...tests: readonly CharTest[]): CharTest => {
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
const alpha = any(lower, upper);
const blank = any(range(' '), range('\t'));
export const word = any(alpha, digit, range('_'));
/** Without the vertical tab. */
const space = any(blank, range('\n'), range('\f'), range('\r'));

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
  alnum: any(alpha, digit),
  alpha,
  ascii: range(0, 0x7f),
  blank,
  cntrl: any(range(0, 0x1f), range(0x7f)),
  digit,
  graph: range('!', '~'),
  lower,
  print: range(' ', '~'),
  punct: any(range('!', '/'), range(':', '@'), range('[', '`'), range('{', '~')),
  space: any(space, range('\v')),
  upper,
  word,
  xdigit: any(digit, range('a', 'f'), range('A', 'F')),
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
