// What a caller is told whose arguments are wrong: which, where and why, in few words.

import type { z } from 'zod';
import { invalid } from '../errors.ts';
import { cut, nearest, shown } from '../words.ts';
import { pathText } from './input.ts';

/** Issues told in one answer; the others are counted. */
const MAX_ISSUES = 5;

/** `more`: there are wrong cells that nobody counted. */
export function refusal(tool: string, issues: readonly z.core.$ZodIssue[], known: readonly string[], more: boolean) {
  const told = issues.slice(0, MAX_ISSUES).map((issue) => describeIssue(issue, known));
  const rest = more ? 'many' : issues.length - told.length;
  return invalid(
    `${tool}: ${told.join('; ')}${rest === 0 ? '' : `; and ${rest} more`}.`,
    `Arguments of ${tool}: ${known.join(', ')}.`,
  );
}

function describeIssue(issue: z.core.$ZodIssue, known: readonly string[]): string {
  const where = pathText(issue.path);
  if (issue.code === 'unrecognized_keys') {
    const names = issue.keys.slice(0, MAX_ISSUES).map((key) => {
      const meant = where === '' ? nearest(key, known) : undefined;
      return `${shown(key)}${meant === undefined ? '' : ` (did you mean ${JSON.stringify(meant)}?)`}`;
    });
    const rest = issue.keys.length - names.length;
    return `unknown key ${names.join(', ')}${rest > 0 ? ` and ${rest} more` : ''}${where === '' ? '' : ` in ${cut(where)}`}`;
  }
  // Of several kinds the one that was meant is the one whose fault lies deeper.
  const meant =
    issue.code === 'invalid_union' ? issue.errors.find(([first]) => (first?.path.length ?? 0) > 0)?.[0] : undefined;
  if (meant) return describeIssue({ ...meant, path: [...issue.path, ...meant.path] }, known);
  return `${cut(where) || 'the arguments'}: ${issue.message.replace(/^Invalid input: /, '')}`;
}
