// Solving a task: by its own steps over MCP, or by a program that is told the task in words.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { at } from './ground.ts';
import type { Task } from './task.ts';

export interface Solved {
  readonly answer: string;
  readonly calls: number;
  /** What the answers of the tools cost their reader, at four characters a token. */
  readonly tokens?: number;
}

/** Makes the steps of the task. Rejects with the tool and its words where one is refused. */
export async function solveByScript(url: string, task: Task, spreadsheet: string): Promise<Solved> {
  const client = new Client({ name: 'evals', version: '1' });
  await client.connect(new StreamableHTTPClientTransport(new URL(`${url}/mcp`)));
  const memory: Record<string, unknown> = { spreadsheet };
  let characters = 0;
  try {
    for (const { tool, input, remember } of task.steps) {
      const result = await client.callTool({ name: tool, arguments: Object(filled(input, memory)) });
      const text = result.content.map((part) => ('text' in part ? part.text : '')).join('\n');
      characters += text.length;
      if (result.isError) throw new Error(`${tool}: ${text}`);
      for (const [name, path] of Object.entries(remember)) memory[name] = at(result.structuredContent, path);
    }
  } finally {
    await client.close();
  }
  const answer = String(filled(task.says ?? '', memory));
  return { answer, calls: task.steps.length, tokens: Math.ceil(characters / 4) };
}

/** The value with its `$name`s filled in; a text that is one name alone takes its value as it is. */
function filled(value: unknown, memory: Readonly<Record<string, unknown>>): unknown {
  if (Array.isArray(value)) return value.map((item) => filled(item, memory));
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, filled(item, memory)]));
  }
  if (typeof value !== 'string') return value;
  const alone = /^\$([a-z]\w*)$/i.exec(value)?.[1];
  if (alone !== undefined && Object.hasOwn(memory, alone)) return memory[alone];
  return value.replaceAll(/\$([a-z]\w*)/gi, (text, name) =>
    Object.hasOwn(memory, name) ? String(memory[name]) : text,
  );
}

/**
 * Runs a program with the task in words on its standard input and the server's address in MCP_URL; what it prints is
 * its answer.
 */
export async function solveByProgram(url: string, task: Task, spreadsheet: string, command: string): Promise<Solved> {
  const before = await callsOf(url);
  const child = spawn(command, {
    shell: true,
    env: { ...process.env, MCP_URL: `${url}/mcp`, SPREADSHEET: spreadsheet },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  let answer = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    answer += text;
  });
  child.stdin.end(task.task.replaceAll('{spreadsheet}', spreadsheet));
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Error(`the program ended with ${code}`);
  return { answer, calls: (await callsOf(url)) - before };
}

/** Tool calls that the server has answered so far. */
async function callsOf(url: string): Promise<number> {
  const text = await (await fetch(`${url}/metrics`)).text();
  const counts = [...text.matchAll(/^servalsheets_operations_total\{.*\} (\d+)/gm)];
  return counts.reduce((sum, [, count]) => sum + Number(count), 0);
}
