// The MCP face over HTTP: both eras behind one route. 2025-era clients get sessions, 2026-07-28 clients are stateless;
// that is what makes cancellation work in both. Knows tools by their definition only.

import {
  createMcpHandler,
  isLegacyRequest,
  type McpServerFactory,
  ProtocolError,
  ProtocolErrorCode,
  Server,
  validateHostHeader,
  validateOriginHeader,
  WebStandardStreamableHTTPServerTransport,
} from '@modelcontextprotocol/server';
import { LRUCache } from 'lru-cache';
import { asServalError } from '../errors.ts';
import type { Log } from '../log.ts';
import type { Runner } from '../tools/run.ts';
import type { Tool } from '../tools/tool.ts';
import { errorText, problemOf } from './present.ts';

export interface McpOptions {
  readonly runner: Runner;
  readonly version: string;
  readonly principal: string;
  readonly log: Log;
}

const INSTRUCTIONS =
  'Google Sheets. Find a spreadsheet with search_spreadsheets, look at it with describe_spreadsheet, then read or write. ' +
  'Row numbers and ranges are those of the spreadsheet. A write that ends outcome_unknown may have been applied: read before repeating.';

/** How long a client may keep its list of tools: it changes only with the server's version and configuration. */
const LIST_TTL_MS = 300_000;
const LIST_HINT = { ttlMs: LIST_TTL_MS, cacheScope: 'private' } as const;

/** Makes one server per connection, session or request; the tools' schemas are shared by all. */
export function createMcpFactory({ runner, version, principal, log }: McpOptions): McpServerFactory {
  const tools = runner.tools.map(listed);
  return () => {
    const server = new Server(
      { name: 'servalsheets', title: 'ServalSheets', version },
      {
        capabilities: { tools: {}, resources: {}, prompts: {} },
        instructions: INSTRUCTIONS,
        cacheHints: {
          'tools/list': LIST_HINT,
          'resources/list': LIST_HINT,
          'resources/templates/list': LIST_HINT,
          'prompts/list': LIST_HINT,
          'server/discover': LIST_HINT,
        },
      },
    );
    server.onerror = (error) => log.debug('mcp protocol error', { error: error.message });
    server.setRequestHandler('tools/list', () => ({ tools }));
    server.setRequestHandler('resources/list', () => ({ resources: [] }));
    server.setRequestHandler('resources/templates/list', () => ({ resourceTemplates: [] }));
    server.setRequestHandler('resources/read', ({ params }) => {
      throw new ProtocolError(ProtocolErrorCode.InvalidParams, `There is no resource ${params.uri}.`, {
        uri: params.uri,
      });
    });
    server.setRequestHandler('prompts/list', () => ({ prompts: [] }));
    server.setRequestHandler('prompts/get', ({ params }) => {
      throw new ProtocolError(ProtocolErrorCode.InvalidParams, `There is no prompt ${params.name}.`);
    });
    server.setRequestHandler('tools/call', async ({ params }, { mcpReq }) => {
      if (!runner.find(params.name)) {
        const names = runner.tools.map((tool) => tool.name).join(', ');
        throw new ProtocolError(ProtocolErrorCode.InvalidParams, `There is no tool ${params.name}. Tools: ${names}.`);
      }
      const requestId = crypto.randomUUID();
      try {
        const request = { face: 'mcp', principal, requestId, signal: mcpReq.signal } as const;
        const answer = await runner.run(params.name, params.arguments, request);
        return { content: [{ type: 'text', text: JSON.stringify(answer) }], structuredContent: answer };
      } catch (thrown) {
        const error = asServalError(thrown);
        const { type: _, title: __, status: ___, ...facts } = problemOf(error, requestId);
        return {
          isError: true,
          content: [{ type: 'text', text: errorText(error, requestId) }],
          structuredContent: { error: facts },
        };
      }
    });
    return server;
  };
}

function listed(tool: Tool) {
  const { name, title, description, annotations, inputSchema } = tool;
  return { name, title, description, annotations, inputSchema: { ...inputSchema, type: 'object' as const } };
}

/** Sessions of 2025-era clients kept at once; the one unused for longest makes room. */
const MAX_SESSIONS = 1_000;
/** A session unused for this long is forgotten; its client is told 404 and opens another (spec 2025-11-25). */
const SESSION_TTL_MS = 30 * 60_000;

export interface McpHttp {
  fetch(request: Request): Promise<Response>;
  /** Ends all sessions and streams. */
  close(): Promise<void>;
}

/** One web-standard handler for `/mcp`. Bodies over `maxBodyBytes` are answered 413. */
export function createMcpHttp(options: McpOptions & { maxBodyBytes: number }): McpHttp {
  const { log, maxBodyBytes: maxRequestBodySize } = options;
  const factory = createMcpFactory(options);
  const onerror = (error: Error) => log.debug('mcp request refused', { error: error.message });
  const modern = createMcpHandler(factory, { legacy: 'reject', maxRequestBodySize, onerror });
  const sessions = new LRUCache<string, WebStandardStreamableHTTPServerTransport>({
    max: MAX_SESSIONS,
    ttl: SESSION_TTL_MS,
    updateAgeOnGet: true,
    dispose: (transport, _id, reason) => {
      if (reason !== 'delete') transport.close().catch(onerror);
    },
  });

  async function openSession(): Promise<WebStandardStreamableHTTPServerTransport> {
    const transport = new WebStandardStreamableHTTPServerTransport({
      sessionIdGenerator: () => crypto.randomUUID(),
      onsessioninitialized: (id) => {
        sessions.set(id, transport);
      },
      onsessionclosed: (id) => {
        sessions.delete(id);
      },
      maxRequestBodySize,
    });
    const server = await factory({ era: 'legacy' });
    await server.connect(transport);
    return transport;
  }

  async function legacy(request: Request): Promise<Response> {
    const id = request.headers.get('mcp-session-id');
    const transport = id === null ? await openSession() : sessions.get(id);
    if (!transport) return jsonRpcError(404, -32_001, 'Session not found: send initialize again.');
    return transport.handleRequest(request);
  }

  return {
    fetch: async (request) => {
      const isLegacy = await isLegacyRequest(request, undefined, { maxRequestBodySize });
      return isLegacy ? legacy(request) : modern.fetch(request);
    },
    close: async () => {
      const transports = [...sessions.values()];
      sessions.clear();
      await Promise.allSettled([modern.close(), ...transports.map((transport) => transport.close())]);
    },
  };
}

/** Whether a Host or Origin header names another machine than `hostnames`; an absent Origin is no browser's. */
export function isForeign(host: string, origin: string | undefined, hostnames: string[]): boolean {
  return !validateHostHeader(host, hostnames).ok || !validateOriginHeader(origin, hostnames).ok;
}

function jsonRpcError(status: number, code: number, message: string): Response {
  return Response.json({ jsonrpc: '2.0', error: { code, message }, id: null }, { status });
}
