// The tasks of the evals, each solved by its own steps on real processes, its end state read past the tools; and each
// is unsolved before, so that a check that checks nothing is seen.

import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Ground, openGround } from '../evals/ground.ts';
import { solveByScript } from '../evals/solve.ts';
import { readTasks } from '../evals/task.ts';

let ground: Ground;
beforeAll(async () => {
  ground = await openGround();
});
afterAll(() => ground.close());

/** It asks for what was there before; only an answer or a way can be judged. */
const SAME_END = ['07-undo-a-mistake'];

test('there are twenty', () => {
  expect(readTasks()).toHaveLength(20);
});

test.each(readTasks().map((task) => [task.name, task] as const))('%s', async (name, task) => {
  const spreadsheet = await ground.prepare(task);
  const before = await ground.judge(task, spreadsheet, '');
  if (SAME_END.includes(name)) expect(before).toEqual([]);
  else expect(before).not.toEqual([]);
  const { answer } = await solveByScript(ground.url, task, spreadsheet);
  expect(await ground.judge(task, spreadsheet, answer)).toEqual([]);
});
