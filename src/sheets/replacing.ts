// What Sheets' find and replace finds in a text and makes of it, as far as that can be told here for certain. Sheets
// follows Java's regular expressions; here runs RE2, in linear time, and what the two read differently is not told. Pure.

import type { RE2JS as Compiled } from 're2js';

export interface Search {
  readonly find: string;
  readonly replacement: string;
  readonly regex: boolean;
  readonly matchCase: boolean;
  readonly wholeCell: boolean;
}

export interface Replaced {
  readonly occurrences: number;
  readonly text: string;
}

export interface Replacer {
  /** Of a text; undefined where only Sheets knows. */
  replace(text: string): Replaced | undefined;
  /** Steps that it takes to look through the text, at most: some ten million a second. */
  steps(text: string): number;
}

/** Ways of writing patterns that mean something else to Java, or nothing; rather too many than too few. */
const OTHER_SYNTAX: readonly RegExp[] = [
  /\(\?P|\(\?[a-zA-Z-]*U|\\v/,
  // Classes of characters but the general categories.
  /\\[pP](?!\{[A-Z][a-z]?\}|[A-Z](?![a-z]))/,
  // Classes within classes, their intersection, a bracket that is a member.
  /\[(?:\\[\s\S]|[^\]\\])*(?:\[|&&)|\[\^?\]/,
  // Braces that count nothing.
  /(?<!\\[pPx]?)\{(?!\d+(?:,\d*)?\})/,
];
const BEYOND_ASCII = /\P{ASCII}/u;
/** Parts of patterns that the two read differently in texts with such characters. */
const OTHER_TEXTS: readonly (readonly [pattern: RegExp, text: RegExp])[] = [
  // Word characters beyond ASCII: for Java they bound words.
  [/\\[bB]/, BEYOND_ASCII],
  // Line ends: for Java there are more of them, and `$` stands before the last.
  [/[.$^]/, /[\n\r\u0085\u2028\u2029]/],
  [/\\[sS]/, /\v/],
];
/** Letters that two others stand for when case does not matter. */
const ODD_CASE = /[\u017f\u212a\u0130\u0131]/;

/** `undefined`: nothing can be told of this pattern. Loads the engine when it is first wanted. */
export async function createReplacer(search: Search): Promise<Replacer | undefined> {
  const { find, regex, matchCase, wholeCell } = search;
  if (regex && OTHER_SYNTAX.some((syntax) => syntax.test(find))) return undefined;
  // How far Sheets ignores the case of letters beyond ASCII in patterns is not documented.
  if (regex && !matchCase && (BEYOND_ASCII.test(find) || /\\[pPxu]/.test(find))) return undefined;
  const { RE2JS } = await import('re2js');
  let pattern: Compiled;
  try {
    const source = regex ? find : RE2JS.quote(find);
    pattern = RE2JS.compile(wholeCell ? `^(?:${source})$` : source, matchCase ? 0 : RE2JS.CASE_INSENSITIVE);
  } catch {
    return undefined;
  }
  const replace = (text: string): Replaced | undefined => {
    if (!matchCase && ODD_CASE.test(text)) return undefined;
    if (regex && OTHER_TEXTS.some(([inPattern, inText]) => inPattern.test(find) && inText.test(text))) return undefined;
    // Most texts hold nothing of it, and this tells so four times as fast.
    if (!pattern.test(text)) return { occurrences: 0, text };
    const matcher = pattern.matcher(text);
    let [occurrences, copied, made] = [0, 0, ''];
    while (matcher.find()) {
      const [start, end] = [matcher.start(), matcher.end()];
      // Java finds empty matches in other places.
      if (start === end) return undefined;
      occurrences++;
      const given = search.replacement;
      made += text.slice(copied, start);
      made += regex ? filled(given, matcher.groupCount(), (group) => matcher.group(group)) : given;
      copied = end;
    }
    return { occurrences, text: made + text.slice(copied) };
  };
  return { replace, steps: (text) => text.length * pattern.programSize() };
}

/** Java's replacement text: `$1`, `${name}`, and a backslash that takes the meaning from what follows. */
function filled(template: string, groups: number, group: (name: string | number) => string | null): string {
  return template.replace(
    /\\([\s\S])|\$\{(\w+)\}|\$(\d+)/g,
    (_, literal: string | undefined, name: string | undefined, digits = '') => {
      if (literal !== undefined) return literal;
      if (name !== undefined) return group(name) ?? '';
      // As many digits as name a group that there is.
      let taken = 1;
      while (taken < digits.length && Number(digits.slice(0, taken + 1)) <= groups) taken++;
      const number = Number(digits.slice(0, taken));
      return (number <= groups ? (group(number) ?? '') : '') + digits.slice(taken);
    },
  );
}
