// What may be meant by what is typed so far, for the variables of resources and the arguments of prompts. A failure is
// an empty list: whoever types goes on typing.

import { ServalError } from '../errors.ts';
import type { Reading, Runner, ToolRequest } from '../tools/run.ts';
import { NO_SUGGESTIONS, rangesLike, type Suggestions, spreadsheetsLike } from '../tools/suggest.ts';
import { cut } from '../words.ts';
import type { Prompts } from './prompts.ts';
import { TEMPLATES } from './resources.ts';

export interface Question {
  readonly ref:
    | { readonly type: 'ref/prompt'; readonly name: string }
    | { readonly type: 'ref/resource'; readonly uri: string };
  readonly argument: { readonly name: string; readonly value: string };
  /** Those that have been filled in before. */
  readonly context?: { readonly arguments?: Readonly<Record<string, string>> | undefined } | undefined;
}

/** Rejects with `not_found` for a prompt or a template that there is not; with nothing else. */
export type Complete = (question: Question, request: ToolRequest) => Promise<Suggestions>;

export function createCompletion(runner: Runner, prompts: Prompts): Complete {
  return async (question, request) => {
    const reading = readingOf(question, prompts);
    if (!reading) return NO_SUGGESTIONS;
    try {
      return await runner.look(reading, request);
    } catch {
      return NO_SUGGESTIONS; // it was reported
    }
  };
}

/** Undefined where nothing can be suggested. */
function readingOf(question: Question, prompts: Prompts): Reading<Suggestions> | undefined {
  const { ref, argument, context } = question;
  const given = context?.arguments ?? {};
  if (ref.type === 'ref/resource') {
    const template = TEMPLATES.find(({ uriTemplate }) => uriTemplate === ref.uri);
    if (!template) throw new ServalError('not_found', `There is no resource template ${cut(ref.uri)}.`);
    if (argument.name === 'spreadsheetId') return spreadsheetsLike(argument.value, 'id');
    if (argument.name !== 'range' || given.spreadsheetId === undefined) return undefined;
    return rangesLike(given.spreadsheetId, argument.value, 'id');
  }
  const known = prompts.find(ref.name).arguments.find(({ name }) => name === argument.name);
  if (known?.suggest === 'spreadsheet') return spreadsheetsLike(argument.value, 'title');
  if (known?.suggest === undefined || given.spreadsheet === undefined) return undefined;
  return rangesLike(given.spreadsheet, argument.value, 'title');
}
