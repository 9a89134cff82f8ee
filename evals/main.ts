// `npm run evals`: every task on a fresh workbook, solved by its own steps, or with `--driver <command>` by a program
// (a model with MCP) that reads the task in words. Ends with 1 when one is not solved.

import { parseArgs } from 'node:util';
import { openGround } from './ground.ts';
import { solveByProgram, solveByScript } from './solve.ts';
import { readTasks } from './task.ts';

const { values } = parseArgs({ options: { driver: { type: 'string' }, only: { type: 'string' } } });
const tasks = readTasks().filter(({ name }) => values.only === undefined || name.includes(values.only));
const print = (line: string) => void process.stdout.write(`${line}\n`);
const ground = await openGround();
let solved = 0;
let calls = 0;
let tokens = 0;
try {
  for (const task of tasks) {
    const spreadsheet = await ground.prepare(task);
    const faults = await attempt(task, spreadsheet);
    if (faults.length === 0) solved++;
    print(`${faults.length === 0 ? 'solved    ' : 'NOT SOLVED'} ${task.name}`);
    for (const fault of faults) print(`           ${fault}`);
  }
} finally {
  await ground.close();
}
print(`${solved} of ${tasks.length} solved in ${calls} calls${tokens > 0 ? `, answers of ${tokens} tokens` : ''}`);
if (solved < tasks.length || tasks.length === 0) process.exitCode = 1;

async function attempt(task: (typeof tasks)[number], spreadsheet: string): Promise<string[]> {
  try {
    const { driver } = values;
    const done =
      driver === undefined
        ? await solveByScript(ground.url, task, spreadsheet)
        : await solveByProgram(ground.url, task, spreadsheet, driver);
    calls += done.calls;
    tokens += done.tokens ?? 0;
    return await ground.judge(task, spreadsheet, done.answer);
  } catch (error) {
    return [error instanceof Error ? error.message : String(error)];
  }
}
