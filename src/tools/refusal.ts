// What a caller is told whose arguments are wrong: which, where and why, in few words.

import type { z } from 'zod';
import { invalid } from '../errors.ts';
import { cut, nearest, shown } from '../words.ts';
import { type JsonSchema, keysAt, pathText } from './input.ts';

/** Issues told in one answer; the others are counted. */
const MAX_ISSUES = 5;

/** `more`: there are wrong cells that nobody counted. */
export function refusal(tool: string, issues: readonly z.core.$ZodIssue[], schema: JsonSchema, more: boolean) {
  const known = keysAt(schema, []);
  const told = issues.slice(0, MAX_ISSUES).map((issue) => describeIssue(issue, schema));
  const rest = more ? 'many' : issues.length - told.length;
  return invalid(
    `${tool}: ${told.join('; ')}${rest === 0 ? '' : `; and ${rest} more`}.`,
    `Arguments of ${tool}: ${known.join(', ')}.`,
  );
}

function describeIssue(issue: z.core.$ZodIssue, schema: JsonSchema): string {
  const where = pathText(issue.path);
  if (issue.code === 'unrecognized_keys') {
    const known = keysAt(schema, issue.path);
    const names = issue.keys.slice(0, MAX_ISSUES).map((key) => {
      const meant = nearest(key, known);
      return `${shown(key)}${meant === undefined ? '' : ` (did you mean ${JSON.stringify(meant)}?)`}`;
    });
    const rest = issue.keys.length - names.length;
    // The hint lists those at the top.
    const inside =
      where === '' ? '' : ` in ${cut(where)}${known.length > 0 ? `, which takes ${known.join(', ')}` : ''}`;
    return `unknown key ${names.join(', ')}${rest > 0 ? ` and ${rest} more` : ''}${inside}`;
  }
  // Of several kinds the one that was meant is the one whose fault lies deeper.
  const meant =
    issue.code === 'invalid_union' ? issue.errors.find(([first]) => (first?.path.length ?? 0) > 0)?.[0] : undefined;
  if (meant) return describeIssue({ ...meant, path: [...issue.path, ...meant.path] }, schema);
  return `${cut(where) || 'the arguments'}: ${issue.message.replace(/^Invalid input: /, '')}`;
}
