// What a task of the evals is: words for whoever solves it, the workbook that it begins with, the state that it must end
// in, and steps that solve it. One JSON file per task, so that any program can use them.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

const value = z.union([z.string(), z.number(), z.boolean()]);
const rows = z.array(z.array(value));

const task = z.strictObject({
  /** What a person would ask for. The spreadsheet is `{spreadsheet}`. */
  task: z.string().min(20),
  start: z.strictObject({
    title: z.string(),
    /** Cells as if typed in. */
    sheets: z.array(z.strictObject({ title: z.string(), rows })).min(1),
    /** Requests of `spreadsheets.batchUpdate` made after that; sheets have the ids 1, 2, ... in their order. */
    requests: z.array(z.record(z.string(), z.unknown())).default([]),
  }),
  /** One way to solve it. Texts such as `$name` stand for what an earlier step's answer had there. */
  steps: z
    .array(
      z.strictObject({
        tool: z.string(),
        input: z.record(z.string(), z.unknown()),
        /** Name -> path in the answer. */
        remember: z.record(z.string(), z.string()).default({}),
      }),
    )
    .min(1),
  /** The answer in words that those steps give, with `$name` in it. */
  says: z.string().optional(),
  end: z.strictObject({
    /** Range -> what it shows, row by row; blank rows and cells at the end do not count. */
    shows: z.record(z.string(), rows).default({}),
    /** Range -> what was entered: formulas as formulas. */
    holds: z.record(z.string(), rows).default({}),
    /** Parts of the API's Spreadsheet (or, with `drive`, of the Drive API's reply) at a path under a field mask. */
    facts: z
      .array(
        z.strictObject({
          fields: z.string(),
          path: z.string(),
          is: z.unknown(),
          drive: z.enum(['permissions', 'comments']).optional(),
        }),
      )
      .default([]),
    /** A regular expression that the answer must match, case apart. */
    answer: z.string().optional(),
  }),
});

export type Task = z.output<typeof task> & { readonly name: string };

const FOLDER = join(import.meta.dirname, 'tasks');

/** All tasks in the order of their names. Throws with the file's name where one is malformed. */
export function readTasks(): Task[] {
  return readdirSync(FOLDER)
    .filter((file) => file.endsWith('.json'))
    .sort()
    .map((file) => {
      const parsed = task.safeParse(JSON.parse(readFileSync(join(FOLDER, file), 'utf8')));
      if (!parsed.success) throw new Error(`${file}: ${z.prettifyError(parsed.error)}`);
      return { ...parsed.data, name: file.replace('.json', '') };
    });
}
