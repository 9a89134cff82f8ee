import { expect, test } from 'vitest';
import { TOOLS } from '../../src/tools/index.ts';
import { testApp } from '../support/app.ts';

async function offered(env: Record<string, string>): Promise<string[]> {
  const { request } = await testApp(env);
  const { tools } = (await (await request('/v1/tools')).json()) as { tools: { name: string }[] };
  return tools.map(({ name }) => name);
}

const names = (accept: (tool: (typeof TOOLS)[number]) => boolean) => TOOLS.filter(accept).map(({ name }) => name);

test('TOOLSETS chooses the tools that there are', async () => {
  expect(await offered({ TOOLSETS: 'all' })).toEqual(names(() => true));
  expect(await offered({ TOOLSETS: 'core' })).toEqual(names(({ toolset }) => toolset === 'core'));
  expect(await offered({})).toEqual(names(({ toolset }) => ['core', 'structure', 'format'].includes(toolset)));
});

test('READ_ONLY leaves only tools that read, and says so of the others', async () => {
  const { request, rest } = await testApp({ READ_ONLY: 'true', TOOLSETS: 'all' });
  const { tools } = (await (await request('/v1/tools')).json()) as { tools: { name: string }[] };
  expect(tools.map(({ name }) => name)).toEqual(names(({ access }) => access === 'read'));
  const refused = await rest('append_rows', { spreadsheet: 'x', sheet: 'y', rows: [] });
  expect(refused).toMatchObject({
    status: 404,
    body: { code: 'not_found', detail: 'The tool append_rows is not offered here: READ_ONLY leaves it out.' },
  });
});
