// Other people's texts in our sentences: shown short, listed short, and the nearest of the names there are.

import { closest, distance } from 'fastest-levenshtein';

/** Characters of a text that an answer repeats; a longer one ends in an ellipsis. */
const SHOWN_CHARACTERS = 100;
/** Names that a hint lists; the others are counted. */
const LISTED_NAMES = 30;

/** The text, cut to `most` characters with an ellipsis at its end; no character is cut in two. */
export function cut(text: string, most: number = SHOWN_CHARACTERS): string {
  return text.length > most ? `${text.slice(0, most - 1).replace(/[\uD800-\uDBFF]$/, '')}…` : text;
}

/** A text, or any other scalar, as it was given: quoted where it is a text, and cut. */
export function shown(given: unknown): string {
  return JSON.stringify(typeof given === 'string' ? cut(given) : given) ?? String(given);
}

/** `a, b, c and 4 more`. */
export function listed(names: readonly string[]): string {
  const rest = names.length - LISTED_NAMES;
  const told = names.slice(0, LISTED_NAMES).map((name) => cut(name));
  return `${told.join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`;
}

/** The candidate that differs from the name in the fewest letters, case apart; undefined when that is over `most`. */
export function nearest(
  name: string,
  candidates: readonly string[],
  most: number = name.length / 2,
): string | undefined {
  // The distance takes the product of both lengths, and nobody mistypes a text that long.
  const comparable = candidates.filter((candidate) => Math.abs(candidate.length - name.length) <= most);
  if (name.length > SHOWN_CHARACTERS || comparable.length === 0) return undefined;
  const lower = name.toLowerCase();
  const found = closest(
    lower,
    comparable.map((candidate) => candidate.toLowerCase()),
  );
  if (distance(lower, found) > most) return undefined;
  return comparable.find((candidate) => candidate.toLowerCase() === found);
}
