// What a caller is told whose arguments are wrong: which, where and why, in few words.

import type { z } from 'zod';
import { invalid } from '../errors.ts';
import { cut, listed, nearest, shown } from '../words.ts';
import { pathText } from './input.ts';

/** Issues told in one answer; the others are counted. */
const MAX_ISSUES = 5;

/** Which keys there are at a place of the arguments. */
type KeysOf = (path: readonly PropertyKey[]) => readonly string[];

/** `more`: there are wrong cells that nobody counted. */
export function refusal(tool: string, all: readonly z.core.$ZodIssue[], keysOf: KeysOf, more: boolean) {
  const issues = firsts(all);
  const told = issues.slice(0, MAX_ISSUES).map((issue) => describeIssue(issue, keysOf));
  const rest = more ? 'many' : issues.length - told.length;
  return invalid(
    `${tool}: ${told.join('; ')}${rest === 0 ? '' : `; and ${rest} more`}.`,
    `Arguments of ${tool}: ${keysOf([]).join(', ')}.`,
  );
}

/** One issue per place: what is of the wrong kind is measured by the bounds of the right one all the same. */
function firsts(issues: readonly z.core.$ZodIssue[]): readonly z.core.$ZodIssue[] {
  const wrong = new Set<string>();
  return issues.filter(({ code, path }) => {
    const place = pathText(path);
    if (wrong.has(place)) return false;
    if (code === 'invalid_type') wrong.add(place);
    return true;
  });
}

function describeIssue(issue: z.core.$ZodIssue, keysOf: KeysOf): string {
  const where = pathText(issue.path);
  if (issue.code === 'unrecognized_keys') {
    const known = keysOf(issue.path);
    const names = issue.keys.slice(0, MAX_ISSUES).map((key) => {
      const meant = nearest(key, known);
      return `${shown(key)}${meant === undefined ? '' : ` (did you mean ${JSON.stringify(meant)}?)`}`;
    });
    const rest = issue.keys.length - names.length;
    // The hint lists those at the top.
    const place = where === '' ? '' : ` in ${cut(where)}${known.length > 0 ? `, which takes ${listed(known)}` : ''}`;
    return `unknown key ${names.join(', ')}${rest > 0 ? ` and ${rest} more` : ''}${place}`;
  }
  // Of several kinds the one that was meant is the one whose fault lies deeper, or that only a key keeps it from being.
  const kinds = issue.code === 'invalid_union' ? issue.errors : [];
  const deeper = kinds.find(([first]) => (first?.path.length ?? 0) > 0);
  const meant = (deeper ?? kinds.find(([first]) => first?.code === 'unrecognized_keys'))?.[0];
  if (meant) return describeIssue({ ...meant, path: [...issue.path, ...meant.path] }, keysOf);
  return `${cut(where) || 'the arguments'}: ${issue.message.replace(/^Invalid input: /, '')}`;
}
