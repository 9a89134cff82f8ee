// Where tasks are solved: the embedded backend and the server as processes of their own. Makes a task's workbook past
// the tools and reads its end state past them too, so that the tools are judged by what they did.

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import type { Task } from './task.ts';

const MAIN = resolve(import.meta.dirname, '../src/main.ts');

export interface Ground {
  /** Of the server: `/mcp` and `/v1/tools/<name>`. */
  readonly url: string;
  /** A new spreadsheet as the task begins with; its id. */
  prepare(task: Task): Promise<string>;
  /** What is not as the task must end; empty when it is solved. */
  judge(task: Task, spreadsheet: string, answer: string): Promise<string[]>;
  close(): Promise<void>;
}

/** `env` goes to the server. */
export async function openGround(env: Readonly<Record<string, string>> = {}): Promise<Ground> {
  const folder = mkdtempSync(join(tmpdir(), 'servalsheets-evals-'));
  const bare = { PATH: process.env.PATH ?? '', HOME: folder, LOG_LEVEL: 'ERROR' };
  const backend = start(['emulator', '--port', '0'], { ...bare, DATA_DIR: join(folder, 'backend') });
  const children = [backend];
  try {
    const api = await addressOf(backend, /emulator at (http:\S+?);/);
    const own = { SHEETS_BACKEND: 'google', GOOGLE_API_ROOT_URL: api, GOOGLE_ACCESS_TOKEN: 'none' };
    const server = start(['serve'], {
      ...bare,
      ...own,
      PORT: '0',
      TOOLSETS: 'all',
      THROTTLE_ENABLED: 'false',
      DATA_DIR: join(folder, 'server'),
      ...env,
    });
    children.push(server);
    const url = await addressOf(server, /(http:\/\/127\.0\.0\.1:\d+)/);
    return {
      url,
      prepare: (task) => prepare(api, task),
      judge: (task, spreadsheet, answer) => judge(api, task, spreadsheet, answer),
      close: () => end(children, folder),
    };
  } catch (error) {
    await end(children, folder);
    throw error;
  }
}

function start(args: readonly string[], env: Record<string, string>): ChildProcess {
  return spawn(process.execPath, [MAIN, ...args], { env, stdio: ['ignore', 'pipe', 'inherit'] });
}

async function addressOf(child: ChildProcess, pattern: RegExp): Promise<string> {
  let text = '';
  for await (const chunk of child.stdout?.setEncoding('utf8').iterator({ destroyOnReturn: false }) ?? []) {
    text += chunk;
    const address = pattern.exec(text)?.[1];
    if (address === undefined) continue;
    child.stdout?.resume();
    return address;
  }
  throw new Error(`it ended without an address: ${text}`);
}

async function end(children: readonly ChildProcess[], folder: string): Promise<void> {
  for (const child of children.toReversed()) {
    if (child.exitCode !== null || child.signalCode !== null) continue;
    child.kill('SIGTERM');
    await once(child, 'exit');
  }
  rmSync(folder, { recursive: true, force: true });
}

async function ask(method: string, url: string, body?: object): Promise<unknown> {
  const response = await fetch(url, { method, ...(body && { body: JSON.stringify(body) }) });
  if (!response.ok) throw new Error(`${method} ${url}: ${response.status} ${await response.text()}`);
  return response.json();
}

async function prepare(api: string, { start: { title, sheets, requests } }: Task): Promise<string> {
  const made = await ask('POST', `${api}/v4/spreadsheets`, {
    properties: { title },
    sheets: sheets.map((sheet, index) => ({ properties: { sheetId: index + 1, title: sheet.title } })),
  });
  const { spreadsheetId: id } = z.object({ spreadsheetId: z.string() }).parse(made);
  const data = sheets
    .filter(({ rows }) => rows.length > 0)
    .map((sheet) => ({ range: `'${sheet.title}'!A1`, values: sheet.rows }));
  await ask('POST', `${api}/v4/spreadsheets/${id}/values:batchUpdate`, { valueInputOption: 'USER_ENTERED', data });
  if (requests.length > 0) await ask('POST', `${api}/v4/spreadsheets/${id}:batchUpdate`, { requests });
  return id;
}

const valuesReply = z.object({ values: z.array(z.array(z.unknown())).default([]) });

async function judge(api: string, { end }: Task, id: string, answer: string): Promise<string[]> {
  const faults: string[] = [];
  const compare = (what: string, seen: unknown, wanted: unknown) => {
    const [a, b] = [JSON.stringify(seen), JSON.stringify(wanted)];
    if (a !== b) faults.push(`${what}: ${a ?? 'nothing'}, expected ${b}`);
  };
  for (const [kind, render] of [
    ['shows', 'FORMATTED_VALUE'],
    ['holds', 'FORMULA'],
  ] as const) {
    for (const [range, wanted] of Object.entries(end[kind])) {
      const url = `${api}/v4/spreadsheets/${id}/values/${encodeURIComponent(range)}?valueRenderOption=${render}`;
      // A sheet that is to be made is not there before: what Google says of it is what is seen.
      const seen = await ask('GET', url).then((reply) => trimmed(valuesReply.parse(reply).values), String);
      compare(range, seen, trimmed(wanted));
    }
  }
  for (const { fields, path, is, drive } of end.facts) {
    const place = drive === undefined ? `${api}/v4/spreadsheets/${id}` : `${api}/drive/v3/files/${id}/${drive}`;
    compare(path, at(await ask('GET', `${place}?fields=${encodeURIComponent(fields)}`), path), is);
  }
  if (end.answer !== undefined && !new RegExp(end.answer, 'is').test(answer)) {
    faults.push(`the answer ${JSON.stringify(answer)} does not match ${end.answer}`);
  }
  return faults;
}

function trimmed(rows: readonly (readonly unknown[])[]): unknown[][] {
  const lines = rows.map((row) => row.slice(0, row.findLastIndex((cell) => cell !== '') + 1));
  return lines.slice(0, lines.findLastIndex((row) => row.length > 0) + 1);
}

/** What stands at `a.0.b`; a part `*` collects from every item, and `length` counts. */
export function at(value: unknown, path: string): unknown {
  const [part = '', ...rest] = path.split('.');
  if (path === '') return value;
  if (part === 'length') return Array.isArray(value) ? value.length : 0;
  if (part === '*') return Array.isArray(value) ? value.map((item) => at(item, rest.join('.'))) : [];
  if (typeof value !== 'object' || value === null) return undefined;
  return at(Object.entries(value).find(([key]) => key === part)?.[1], rest.join('.'));
}
