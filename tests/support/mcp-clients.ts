// Unmodified MCP clients of both eras on an application in this process, as one interface.

import {
  Client as Client2026,
  StreamableHTTPClientTransport as Http2026,
  type ProgressCallback,
} from '@modelcontextprotocol/client';
import { Client as Client2025 } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport as Http2025 } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { onTestFinished } from 'vitest';

export interface Options {
  readonly signal?: AbortSignal;
  readonly onprogress?: ProgressCallback;
}

export interface Content {
  readonly uri: string;
  readonly mimeType?: string | undefined;
  readonly text?: string | undefined;
}

export interface McpClient {
  readonly call: (name: string, args: object, options?: Options) => Promise<Record<string, unknown>>;
  readonly listResources: () => Promise<Record<string, unknown>[]>;
  readonly listTemplates: () => Promise<Record<string, unknown>[]>;
  readonly read: (uri: string, options?: Options) => Promise<Content[]>;
  readonly complete: (ref: Ref, name: string, value: string, known?: Known, options?: Options) => Promise<Completion>;
  readonly listPrompts: () => Promise<Record<string, unknown>[]>;
  /** The text of the one message. */
  readonly prompt: (name: string, args: Record<string, string>) => Promise<string>;
}

type Known = Record<string, string>;
type Ref =
  | { readonly type: 'ref/prompt'; readonly name: string }
  | { readonly type: 'ref/resource'; readonly uri: string };
export interface Completion {
  readonly values: string[];
  readonly total?: number | undefined;
  readonly hasMore?: boolean | undefined;
}

const INFO = { name: 'tests', version: '1.0.0' };
type Fetch = (request: Request) => Promise<Response>;
const over = (fetch: Fetch) => ({ fetch: (url: string | URL, init?: RequestInit) => fetch(new Request(url, init)) });

async function connect2025(fetch: Fetch, url: string): Promise<McpClient> {
  const client = new Client2025(INFO);
  const transport = new Http2025(new URL(`${url}/mcp`), over(fetch));
  // The two packages' Transport types differ in exactOptionalPropertyTypes only.
  await client.connect(transport as Parameters<typeof client.connect>[0]);
  onTestFinished(() => client.close());
  return {
    ...shared(client),
    call: (name, args, options) => client.callTool({ name, arguments: { ...args } }, undefined, options),
  };
}

async function connect2026(fetch: Fetch, url: string): Promise<McpClient> {
  const client = new Client2026(INFO, { versionNegotiation: { mode: { pin: '2026-07-28' } } });
  await client.connect(new Http2026(new URL(`${url}/mcp`), over(fetch)));
  onTestFinished(() => client.close());
  return {
    ...shared(client),
    call: (name, args, options) => client.callTool({ name, arguments: { ...args } }, options),
  };
}

/** What both are asked in the same way. */
function shared(client: Client2025 | Client2026): Omit<McpClient, 'call'> {
  return {
    listResources: async () => (await client.listResources()).resources,
    listTemplates: async () => (await client.listResourceTemplates()).resourceTemplates,
    read: async (uri, options) => (await client.readResource({ uri }, options)).contents,
    complete: async (ref, name, value, known, options) => {
      const question = { ref, argument: { name, value }, ...(known && { context: { arguments: known } }) };
      return (await client.complete(question, options)).completion;
    },
    listPrompts: async () => (await client.listPrompts()).prompts,
    prompt: async (name, args) => {
      const { messages } = await client.getPrompt({ name, arguments: args });
      const [{ content } = { content: { type: 'none' } }] = messages;
      if (messages.length !== 1 || !('text' in content)) throw new Error('not one text');
      return content.text;
    },
  };
}

/** By the name of their era; on an application in this process, or by `globalThis.fetch` on one at `url`. */
export const ERAS: Readonly<Record<string, (fetch: Fetch, url?: string) => Promise<McpClient>>> = {
  '2025': (fetch, url = 'http://127.0.0.1') => connect2025(fetch, url),
  '2026-07-28': (fetch, url = 'http://127.0.0.1') => connect2026(fetch, url),
};
