// `npm run tokens`: what tools/list costs its reader, tool by tool, measured on a live server over stdio. Ends with 1
// when a budget is exceeded.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { TOOLS } from '../src/tools/index.ts';

/** A token is about four characters of JSON. */
const CHARACTERS_PER_TOKEN = 4;
const BUDGETS = { core: 4_000, all: 9_000 } as const;

const folder = mkdtempSync(join(tmpdir(), 'servalsheets-tokens-'));
const client = new Client({ name: 'tokens', version: '1' }, { versionNegotiation: { mode: { pin: '2026-07-28' } } });
await client.connect(
  new StdioClientTransport({
    command: process.execPath,
    args: [resolve(import.meta.dirname, '../src/main.ts'), 'stdio'],
    env: { ...process.env, TOOLSETS: 'all', DATA_DIR: folder, LOG_LEVEL: 'ERROR' } as Record<string, string>,
  }),
);
const { tools } = await client.listTools();
const instructions = client.getInstructions() ?? '';
await client.close();
rmSync(folder, { recursive: true, force: true });

const print = (line: string) => void process.stdout.write(`${line}\n`);
const cost = (value: unknown) => Math.ceil(JSON.stringify(value).length / CHARACTERS_PER_TOKEN);
const sums = { core: 0, all: 0 };
for (const tool of tools) {
  const { toolset = '?' } = TOOLS.find(({ name }) => name === tool.name) ?? {};
  const tokens = cost(tool);
  sums.all += tokens;
  if (toolset === 'core') sums.core += tokens;
  print(`${tool.name.padEnd(24)} ${toolset.padEnd(10)} ${String(tokens).padStart(5)}`);
}
print(`instructions ${cost(instructions)}, not counted: they are sent once, with the first answer`);
for (const name of ['core', 'all'] as const) {
  const over = sums[name] > BUDGETS[name];
  print(`${name}: ${sums[name]} tokens of ${BUDGETS[name]}${over ? ': OVER BUDGET' : ''}`);
  if (over) process.exitCode = 1;
}
