// The faces of a server as one interface: the same call through MCP of both eras, REST by curl, and the command line.

import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { Client as Client2026, StreamableHTTPClientTransport as Http2026 } from '@modelcontextprotocol/client';
import { StdioClientTransport as Stdio2026 } from '@modelcontextprotocol/client/stdio';
import { Client as Client2025 } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport as Stdio2025 } from '@modelcontextprotocol/sdk/client/stdio.js';
import { StreamableHTTPClientTransport as Http2025 } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { ROOT } from './app.ts';
import { bareEnvironment } from './processes.ts';

export type Outcome =
  | { readonly ok: true; readonly answer: Record<string, unknown> }
  | { readonly ok: false; readonly code: string; readonly detail: string; readonly hint: string };

export interface Face {
  readonly name: string;
  list(): Promise<string[]>;
  call(tool: string, input: object): Promise<Outcome>;
  /** Type and text of a resource, where the face has such. */
  read?(uri: string): Promise<unknown[]>;
  close(): Promise<void>;
}

const INFO = { name: 'tests', version: '1.0.0' };
const MAIN = join(ROOT, 'src/main.ts');

/** What both generations of clients can do. */
interface McpClient {
  listTools(): Promise<{ tools: { name: string }[] }>;
  callTool(params: { name: string; arguments: Record<string, unknown> }): Promise<Record<string, unknown>>;
  readResource(params: { uri: string }): Promise<{ contents: Record<string, unknown>[] }>;
  close(): Promise<void>;
}

function mcpFace(name: string, client: McpClient): Face {
  return {
    name,
    list: async () => (await client.listTools()).tools.map((tool) => tool.name),
    call: async (tool, input) => {
      const result = await client.callTool({ name: tool, arguments: { ...input } });
      const structured = record(result.structuredContent);
      const [block] = Array.isArray(result.content) ? result.content.map(record) : [];
      if (result.isError === true) return failure(record(structured.error));
      if (block?.text !== JSON.stringify(structured)) throw new Error('text and structuredContent differ');
      return { ok: true, answer: structured };
    },
    read: async (uri) => (await client.readResource({ uri })).contents.map(({ mimeType, text }) => [mimeType, text]),
    close: () => client.close(),
  };
}

export async function face2025Http(url: string): Promise<Face> {
  const client = new Client2025(INFO);
  // The two packages' Transport types differ in exactOptionalPropertyTypes only.
  await client.connect(new Http2025(new URL(`${url}/mcp`)) as Parameters<typeof client.connect>[0]);
  return mcpFace('MCP 2025, HTTP', client);
}

export async function face2026Http(url: string): Promise<Face> {
  const client = new Client2026(INFO, { versionNegotiation: { mode: { pin: '2026-07-28' } } });
  await client.connect(new Http2026(new URL(`${url}/mcp`)));
  return mcpFace('MCP 2026-07-28, HTTP', client);
}

export async function face2025Stdio(env: Record<string, string>): Promise<Face> {
  const client = new Client2025(INFO);
  await client.connect(new Stdio2025(stdioServer(env)));
  return mcpFace('MCP 2025, stdio', client);
}

export async function face2026Stdio(env: Record<string, string>): Promise<Face> {
  const client = new Client2026(INFO, { versionNegotiation: { mode: { pin: '2026-07-28' } } });
  await client.connect(new Stdio2026(stdioServer(env)));
  return mcpFace('MCP 2026-07-28, stdio', client);
}

function stdioServer(env: Record<string, string>) {
  return { command: process.execPath, args: [MAIN, 'stdio'], env: bareEnvironment(env), stderr: 'ignore' as const };
}

/** REST through curl, as the README shows it. */
export function faceCurl(url: string): Face {
  return {
    name: 'REST, curl',
    list: async () => {
      const { tools } = record(JSON.parse((await execute('curl', ['-s', `${url}/v1/tools`])).stdout));
      return Array.isArray(tools) ? tools.map((tool) => String(record(tool).name)) : [];
    },
    call: async (tool, input) => {
      const args = ['-s', '-w', '\n%{http_code}', '-X', 'POST', `${url}/v1/tools/${tool}`];
      const { stdout } = await execute('curl', [
        ...args,
        '-H',
        'Content-Type: application/json',
        '-d',
        JSON.stringify(input),
      ]);
      const [body = '', status = ''] = stdout.split(/\n(?=\d{3}$)/);
      const answer = record(JSON.parse(body));
      return status === '200' ? { ok: true, answer } : failure(answer);
    },
    close: async () => {},
  };
}

/** `servalsheets call`, through a running server. */
export function faceCommandLine(url: string): Face {
  return {
    name: 'command line',
    list: async () =>
      (await execute(process.execPath, [MAIN, 'tools'])).stdout
        .trim()
        .split('\n')
        .map((line) => line.split(' ')[0] ?? ''),
    call: async (tool, input) => {
      const args = [MAIN, 'call', tool, JSON.stringify(input), '--url', url];
      const { status, stdout, stderr } = await execute(process.execPath, args);
      if (status === 0) return { ok: true, answer: record(JSON.parse(stdout)) };
      const [first = '', hint = ''] = stderr.trimEnd().split('\n');
      const colon = first.indexOf(': ');
      return { ok: false, code: first.slice(0, colon), detail: first.slice(colon + 2), hint };
    },
    close: async () => {},
  };
}

function execute(file: string, args: readonly string[]): Promise<{ status: number; stdout: string; stderr: string }> {
  return new Promise((resolve, reject) => {
    execFile(file, args, { env: bareEnvironment({}), maxBuffer: 64 * 1024 * 1024 }, (error, stdout, stderr) => {
      if (error && typeof error.code !== 'number') reject(error);
      else resolve({ status: typeof error?.code === 'number' ? error.code : 0, stdout, stderr });
    });
  });
}

function record(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

function failure(problem: Record<string, unknown>): Outcome {
  const { code, detail, hint } = problem;
  return { ok: false, code: String(code), detail: String(detail), hint: String(hint) };
}
