// Prompts, by clients of both eras: what is listed and given, and that they name only tools there are.

import { describe, expect, test } from 'vitest';
import { PROMPTS } from '../../src/server/prompts.ts';
import { TOOLS } from '../../src/tools/index.ts';
import { testApp } from '../support/app.ts';
import { ERAS } from '../support/mcp-clients.ts';

const names = (prompts: readonly Record<string, unknown>[]) => prompts.map(({ name }) => name);
const everything = (prompt: (typeof PROMPTS)[number]) =>
  Object.fromEntries(prompt.arguments.map(({ name }) => [name, `the ${name}`]));
/** Words of the form that only names of tools have. */
const toolsIn = (text: string) => [...new Set(text.match(/\b[a-z]+(?:_[a-z]+)+\b/g))].toSorted();

test.each(PROMPTS.map((prompt) => [prompt.name, prompt] as const))('%s names tools that there are', (_, prompt) => {
  const required = prompt.arguments.filter((one) => one.required).map(({ name }) => [name, `the ${name}`]);
  for (const given of [everything(prompt), Object.fromEntries(required)]) {
    const text = prompt.text(given);
    expect(toolsIn(text)).toEqual(prompt.tools.toSorted());
    expect(text).not.toMatch(/undefined/);
    for (const value of Object.values(given)) expect(text).toContain(value);
    expect(text.length).toBeLessThan(1_800);
  }
  expect(TOOLS.map(({ name }) => name)).toEqual(expect.arrayContaining([...prompt.tools]));
});

test.each(
  PROMPTS.flatMap(({ name, tools }) => {
    const writes = TOOLS.filter((tool) => tools.includes(tool.name) && tool.access !== 'read').length > 0;
    return [[name, writes] as const];
  }),
)('%s says that it changes nothing just when it does not (writes: %s)', (name, writes) => {
  const prompt = PROMPTS.find((one) => one.name === name);
  const text = prompt?.text(everything(prompt)) ?? '';
  expect(text.includes('Change nothing.')).toBe(!writes);
  expect(text.includes('wait for my yes')).toBe(writes);
});

describe.each(Object.entries(ERAS))('%s', (_, connect) => {
  test('are listed with their arguments and given with them filled in', async () => {
    const client = await connect((await testApp()).fetch);
    const prompts = await client.listPrompts();
    expect(names(prompts)).toEqual(['clean_table', 'reconcile_sheets', 'build_summary', 'explain_formula']);
    expect(prompts[3]).toEqual({
      name: 'explain_formula',
      title: 'Explain a formula',
      description: 'Says in plain words what a formula does and why it shows what it shows; changes nothing',
      arguments: [
        { name: 'spreadsheet', description: 'Title, id or URL', required: true },
        { name: 'cell', description: 'The cell, such as Budget!C7', required: true },
      ],
    });
    const text = await client.prompt('explain_formula', { spreadsheet: 'Budget', cell: 'Plan!C7' });
    expect(text).toMatch(/^Explain the formula in Plan!C7 of the spreadsheet Budget\. If that is a title, find its id/);
  });

  test.each([
    ['explain', {}, /There is no prompt explain\.\n(.*)Prompts: clean_table, /],
    ['explain_formula', { spreadsheet: 'x' }, /explain_formula needs the argument cell: The cell, such as Budget!C7/],
    ['explain_formula', { spreadsheet: ' ', cell: 'A1' }, /needs the argument spreadsheet/],
    ['explain_formula', { spreadsheet: 'x', cell: 'A1', row: '1' }, /takes no argument "row"/],
    ['explain_formula', { spreadsheet: 'x'.repeat(2_001), cell: 'A1' }, /spreadsheet has at most 2000 characters/],
  ])('%s with %o is refused', async (name, given, words) => {
    const client = await connect((await testApp()).fetch);
    const refused = client.prompt(name, given as Record<string, string>);
    await expect(refused).rejects.toMatchObject({ code: -32602, message: expect.stringMatching(words) });
  });

  test('one is left out where a tool that it names is', async () => {
    const reader = await connect((await testApp({ READ_ONLY: 'true' })).fetch);
    expect(names(await reader.listPrompts())).toEqual(['reconcile_sheets', 'explain_formula']);
    await expect(reader.prompt('clean_table', {})).rejects.toMatchObject({
      code: -32602,
      message: expect.stringContaining('The prompt clean_table is not offered here: The tool write_range is not'),
    });
    const none = await connect((await testApp({ TOOLSETS: 'share' })).fetch);
    expect(await none.listPrompts()).toEqual([]);
  });
});
