// Prompts for jobs that people do with spreadsheets. One is offered only where every tool that it names is.

import { invalid, ServalError } from '../errors.ts';
import type { Runner } from '../tools/run.ts';
import { cut, nearest, shown } from '../words.ts';

export interface PromptArgument {
  readonly name: string;
  readonly description: string;
  readonly required: boolean;
  /** What is suggested while it is typed; ranges are those of the argument `spreadsheet`. */
  readonly suggest?: 'spreadsheet' | 'range';
}

export interface Prompt {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly arguments: readonly PromptArgument[];
  /** The tools that its text names. */
  readonly tools: readonly string[];
  text(given: Readonly<Record<string, string>>): string;
}

const SPREADSHEET: PromptArgument = {
  name: 'spreadsheet',
  description: 'Title, id or URL',
  required: true,
  suggest: 'spreadsheet',
};
const range = (name: string, description: string): PromptArgument => ({
  name,
  description,
  required: true,
  suggest: 'range',
});

const FIND = 'If that is a title, find its id with search_spreadsheets; ask me when several fit.';
const READ_ALL = 'read every page: go on with nextCursor until there is none';

export const PROMPTS: readonly Prompt[] = [
  {
    name: 'clean_table',
    title: 'Clean a table',
    description: 'Finds what is wrong in a table, proposes corrections and makes those you agree to',
    arguments: [SPREADSHEET, range('range', 'The table: a sheet, a table, a named range or cells')],
    tools: ['search_spreadsheets', 'describe_spreadsheet', 'read_range', 'write_range', 'undo_write'],
    text: ({ spreadsheet, range }) => `Clean the table ${range} of the spreadsheet ${spreadsheet}. ${FIND}

1. Look with describe_spreadsheet, then read the table with read_range (${READ_ALL}) and once more with render "formula": cells with formulas stay as they are.
2. List what is wrong, with counts and examples by row: duplicates, stray spaces, one thing spelled in several ways, numbers or dates stored as text, mixed types, errors, missing values. Never invent a missing value.
3. Show me the corrections and wait for my yes.
4. Make them with write_range, in few calls, each with expect for the cells it changes. Dates are ISO dates, numbers numbers.
5. Read again and tell what was changed, by range, and what you left and why. If I do not like it, undo_write takes a call back.`,
  },
  {
    name: 'reconcile_sheets',
    title: 'Reconcile two sheets',
    description: 'Compares two tables of a spreadsheet by key and tells where they differ; changes nothing',
    arguments: [
      SPREADSHEET,
      range('left', 'One table: a sheet, a table, a named range or cells'),
      range('right', 'The other'),
      { name: 'key', description: 'Columns that tell rows apart; worked out when absent', required: false },
    ],
    tools: ['search_spreadsheets', 'describe_spreadsheet', 'read_range'],
    text: ({
      spreadsheet,
      left,
      right,
      key,
    }) => `Reconcile ${left} with ${right} in the spreadsheet ${spreadsheet}. ${FIND}

1. Look with describe_spreadsheet at both: which columns mean the same, under whatever names. ${key === undefined ? 'Choose the key that tells rows apart and say which.' : `The key is: ${key}.`}
2. Read both with read_range, format "records", render "unformatted"; ${READ_ALL}.
3. Compare by key, regardless of order, case and outer spaces; numbers to the cent.
4. Report rows only in ${left}, rows only in ${right}, rows that differ (column, both values, both row numbers), keys that stand more than once, and the totals of amounts on both sides with their difference. Rows are numbered as in the spreadsheet.

Change nothing.`,
  },
  {
    name: 'build_summary',
    title: 'Build a summary',
    description: 'Summarises a table by formulas that stay up to date, in cells you name',
    arguments: [
      SPREADSHEET,
      range('source', 'The table: a sheet, a table, a named range or cells'),
      range('target', 'Where it goes: empty cells, such as Summary!A1'),
      { name: 'question', description: 'What it is to answer', required: false },
    ],
    tools: ['search_spreadsheets', 'describe_spreadsheet', 'read_range', 'write_range'],
    text: ({
      spreadsheet,
      source,
      target,
      question,
    }) => `Build a summary of ${source} at ${target} in the spreadsheet ${spreadsheet}. ${FIND}

1. Look with describe_spreadsheet and read some rows of the source with read_range. ${question === undefined ? 'Propose what the summary should tell, at most three things.' : `It is to answer: ${question}`}
2. Show me its layout with the formulas (SUMIFS, COUNTIFS, AVERAGEIFS, UNIQUE, SORT and the like, over whole columns so that new rows count) and wait for my yes.
3. See with read_range that the target is empty; if not, ask.
4. Write it with one write_range: headings as text, the rest as { "formula": "=..." }.
5. Read it back with read_range: no cell shows an error, and one figure checked against the source by hand. Tell me the figures.`,
  },
  {
    name: 'explain_formula',
    title: 'Explain a formula',
    description: 'Says in plain words what a formula does and why it shows what it shows; changes nothing',
    arguments: [SPREADSHEET, range('cell', 'The cell, such as Budget!C7')],
    tools: ['search_spreadsheets', 'read_range'],
    text: ({ spreadsheet, cell }) => `Explain the formula in ${cell} of the spreadsheet ${spreadsheet}. ${FIND}

1. Read the cell with read_range, render "formula", and once more as it is shown. If it holds no formula, say so: it may be filled by one in a cell above or to the left.
2. Read the cells that the formula refers to in the same way, and go on through those that are formulas as far as it takes to understand the result.
3. Explain in plain words, from the inside out, with the values that stand there now, how the result comes about.
4. If it shows an error, or will break easily (fixed ranges, hidden assumptions), say why and give the corrected formula.

Change nothing.`,
  },
];

export interface Prompts {
  list(): readonly Prompt[];
  /** Throws `not_found` for one that is not offered. */
  find(name: string): Prompt;
  /** The text; throws `invalid_argument` for missing, unknown or overlong arguments. */
  text(name: string, given: Readonly<Record<string, string>>): string;
}

/** Longer than any URL or question. */
const MAX_ARGUMENT = 2_000;

export function createPrompts(runner: Runner): Prompts {
  const offered = PROMPTS.filter(({ tools }) => tools.every((tool) => runner.find(tool)));

  function find(name: string): Prompt {
    const found = offered.find((prompt) => prompt.name === name);
    if (found) return found;
    const lacking = PROMPTS.find((prompt) => prompt.name === name)?.tools.find((tool) => !runner.find(tool));
    if (lacking !== undefined) {
      throw new ServalError('not_found', `The prompt ${name} is not offered here: ${runner.missing(lacking).message}`);
    }
    const names = offered.map((prompt) => prompt.name);
    const meant = nearest(name, names);
    throw new ServalError('not_found', `There is no prompt ${cut(name)}.`, {
      hint: `${meant === undefined ? '' : `Did you mean ${meant}? `}Prompts: ${names.join(', ')}.`,
    });
  }

  return {
    list: () => offered,
    find,
    text: (name, given) => {
      const prompt = find(name);
      const known = prompt.arguments.map((argument) => argument.name);
      const hint = `Arguments of ${name}: ${known.join(', ')}.`;
      const unknown = Object.keys(given).find((key) => !known.includes(key));
      if (unknown !== undefined) throw invalid(`${name} takes no argument ${shown(unknown)}.`, hint);
      const missing = prompt.arguments.find((one) => one.required && !given[one.name]?.trim());
      if (missing) throw invalid(`${name} needs the argument ${missing.name}: ${missing.description}.`, hint);
      const long = known.find((key) => (given[key]?.length ?? 0) > MAX_ARGUMENT);
      if (long !== undefined) throw invalid(`${long} has at most ${MAX_ARGUMENT} characters.`, hint);
      const filled = Object.entries(given).filter(([, value]) => value.trim() !== '');
      return prompt.text(Object.fromEntries(filled));
    },
  };
}
