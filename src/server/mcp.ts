// The MCP face over HTTP: both eras behind one route. 2025-era clients get sessions, 2026-07-28 clients are stateless;
// that is what makes cancellation work in both. Knows tools by their definition only.

import {
  createMcpHandler,
  isLegacyRequest,
  type McpServerFactory,
  ProtocolError,
  ProtocolErrorCode,
  ResourceNotFoundError,
  Server,
  type ServerContext,
  validateHostHeader,
  validateOriginHeader,
  WebStandardStreamableHTTPServerTransport,
} from '@modelcontextprotocol/server';
import { asServalError, type ServalError } from '../errors.ts';
import type { Log } from '../log.ts';
import { briefSchema } from '../tools/brief.ts';
import type { Runner, ToolRequest } from '../tools/run.ts';
import type { Tool } from '../tools/tool.ts';
import { cut } from '../words.ts';
import { createCompletion } from './completion.ts';
import { errorText, problemOf } from './present.ts';
import { createPrompts, type Prompt } from './prompts.ts';
import { createResources } from './resources.ts';
import { createSessions } from './sessions.ts';

export interface McpOptions {
  readonly runner: Runner;
  readonly version: string;
  readonly principal: string;
  readonly log: Log;
}

const INSTRUCTIONS =
  'Google Sheets. Find a spreadsheet with search_spreadsheets, look at it with describe_spreadsheet, then read or write. ' +
  'Row numbers and ranges are those of the spreadsheet. A write that ends outcome_unknown may have been applied: ask get_write before repeating. Status queued: it will be made later.';

/** How long a client may keep its list of tools: it changes only with the server's version and configuration. */
const LIST_TTL_MS = 300_000;
const LIST_HINT = { ttlMs: LIST_TTL_MS, cacheScope: 'private' } as const;
/** Files come and cells change whenever somebody likes. */
const NO_HINT = { ttlMs: 0, cacheScope: 'private' } as const;
/** The first revision that knows links to resources in results; older clients refuse what they do not know. */
const LINKS_SINCE = '2025-06-18';

/** Makes one server per connection, session or request; the tools' schemas are shared by all. */
export function createMcpFactory({ runner, version, principal, log }: McpOptions): McpServerFactory {
  const tools = runner.tools.map(listed);
  const resources = createResources(runner);
  const prompts = createPrompts(runner);
  const complete = createCompletion(runner, prompts);

  /** The request as the runner takes it; its progress goes to a client that wants it, numbered from 1. */
  function requestOf({ signal, _meta, notify }: ServerContext['mcpReq']): ToolRequest {
    const request = { face: 'mcp', principal, requestId: crypto.randomUUID(), signal } as const;
    const progressToken = _meta?.progressToken;
    if (progressToken === undefined) return request;
    let progress = 0;
    const onProgress = (message: string) => {
      progress++;
      notify({ method: 'notifications/progress', params: { progressToken, progress, message } }).catch((error: Error) =>
        log.debug('progress could not be told', { error: error.message }),
      );
    };
    return { ...request, onProgress };
  }

  return () => {
    const server = new Server(
      { name: 'servalsheets', title: 'ServalSheets', version },
      {
        capabilities: { tools: {}, resources: {}, prompts: {}, completions: {} },
        instructions: INSTRUCTIONS,
        cacheHints: {
          'tools/list': LIST_HINT,
          'resources/list': NO_HINT,
          'resources/read': NO_HINT,
          'resources/templates/list': LIST_HINT,
          'prompts/list': LIST_HINT,
          'server/discover': LIST_HINT,
        },
      },
    );
    server.onerror = (error) => log.debug('mcp protocol error', { error: error.message });
    server.setRequestHandler('tools/list', () => ({ tools }));
    server.setRequestHandler('resources/templates/list', () => ({ resourceTemplates: [...resources.templates()] }));
    server.setRequestHandler('resources/list', (_, { mcpReq }) =>
      answered(requestOf(mcpReq), async (request) => ({ resources: await resources.list(request) })),
    );
    server.setRequestHandler('resources/read', ({ params: { uri } }, { mcpReq }) =>
      answered(requestOf(mcpReq), async (request) => ({ contents: await resources.read(uri, request) }), uri),
    );
    server.setRequestHandler('completion/complete', ({ params }, { mcpReq }) =>
      answered(requestOf(mcpReq), async (request) => {
        const { values, ...rest } = await complete(params, request);
        return { completion: { ...rest, values: [...values] } };
      }),
    );
    server.setRequestHandler('prompts/list', () => ({ prompts: prompts.list().map(listedPrompt) }));
    server.setRequestHandler('prompts/get', ({ params }, { mcpReq }) =>
      answered(requestOf(mcpReq), async () => {
        const text = prompts.text(params.name, params.arguments ?? {});
        const { description } = prompts.find(params.name);
        return { description, messages: [{ role: 'user' as const, content: { type: 'text' as const, text } }] };
      }),
    );
    server.setRequestHandler('tools/call', async ({ params }, { mcpReq }) => {
      const tool = runner.find(params.name);
      if (!tool) {
        const { message, hint } = runner.missing(params.name);
        throw new ProtocolError(ProtocolErrorCode.InvalidParams, `${message} ${hint}`);
      }
      const request = requestOf(mcpReq);
      try {
        const answer = await runner.run(tool.name, params.arguments, request);
        const linked = (server.getNegotiatedProtocolVersion() ?? '') >= LINKS_SINCE;
        const links = linked ? resources.links(tool, params.arguments, answer) : [];
        return {
          content: [
            { type: 'text', text: JSON.stringify(answer) },
            ...links.map((link) => ({ type: 'resource_link' as const, ...link })),
          ],
          structuredContent: answer,
        };
      } catch (thrown) {
        const error = asServalError(thrown);
        return {
          isError: true,
          content: [{ type: 'text', text: errorText(error, request.requestId) }],
          structuredContent: { error: factsOf(error, request.requestId) },
        };
      }
    });
    return server;
  };
}

function listed(tool: Tool) {
  const { name, title, description, annotations, inputSchema } = tool;
  return { name, title, description, annotations, inputSchema: briefSchema(inputSchema) };
}

function listedPrompt({ name, title, description, arguments: args }: Prompt) {
  const shown = args.map(({ suggest: _, ...argument }) => argument);
  return { name, title, description, arguments: shown };
}

function factsOf(error: ServalError, requestId: string) {
  const { type: _, title: __, status: ___, ...facts } = problemOf(error, requestId);
  return facts;
}

/** Of the request and not of what it met. */
const CALLERS = new Set(['invalid_argument', 'not_found', 'too_large', 'unsupported']);

/** The answer, or a protocol error with the facts of ours; a resource that is not there is told by its URI alone. */
async function answered<T>(request: ToolRequest, work: (request: ToolRequest) => Promise<T>, uri?: string): Promise<T> {
  try {
    return await work(request);
  } catch (thrown) {
    const error = asServalError(thrown);
    const text = errorText(error, request.requestId);
    if (uri !== undefined && error.code === 'not_found') throw new ResourceNotFoundError(cut(uri, 2_000), text);
    const code = CALLERS.has(error.code) ? ProtocolErrorCode.InvalidParams : ProtocolErrorCode.InternalError;
    throw new ProtocolError(code, text, factsOf(error, request.requestId));
  }
}

/** Sessions of 2025-era clients kept at once. */
const MAX_SESSIONS = 1_000;
/** A session idle for this long is forgotten; its client is told 404 and opens another (spec 2025-11-25). */
const SESSION_IDLE_MS = 30 * 60_000;

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
  const sessions = createSessions<WebStandardStreamableHTTPServerTransport>({
    max: MAX_SESSIONS,
    idleMs: SESSION_IDLE_MS,
    end: (transport) => {
      transport.close().catch(onerror);
    },
  });

  async function openSession(): Promise<WebStandardStreamableHTTPServerTransport> {
    const transport = new WebStandardStreamableHTTPServerTransport({
      sessionIdGenerator: () => crypto.randomUUID(),
      onsessioninitialized: (id) => {
        sessions.add(id, transport);
      },
      onsessionclosed: (id) => {
        sessions.remove(id);
      },
      maxRequestBodySize,
    });
    const server = await factory({ era: 'legacy' });
    await server.connect(transport);
    return transport;
  }

  async function legacy(request: Request): Promise<Response> {
    const id = request.headers.get('mcp-session-id');
    if (id === null) {
      if (!sessions.reserve())
        return jsonRpcError(503, -32_000, `All ${MAX_SESSIONS} sessions are busy: close one, or repeat later.`);
      return (await openSession()).handleRequest(request);
    }
    const use = sessions.use(id);
    if (!use) return jsonRpcError(404, -32_001, 'Session not found: send initialize again.');
    try {
      return whenRead(await use.session.handleRequest(request), use.done);
    } catch (error) {
      use.done();
      throw error;
    }
  }

  return {
    fetch: async (request) => {
      const isLegacy = await isLegacyRequest(request, undefined, { maxRequestBodySize });
      return isLegacy ? legacy(request) : modern.fetch(request);
    },
    close: async () => {
      const transports = sessions.drain();
      await Promise.allSettled([modern.close(), ...transports.map((transport) => transport.close())]);
    },
  };
}

/** Whether a Host or Origin header names another machine than `hostnames`; an absent Origin is no browser's. */
export function isForeign(host: string, origin: string | undefined, hostnames: string[]): boolean {
  return !validateHostHeader(host, hostnames).ok || !validateOriginHeader(origin, hostnames).ok;
}

/** The response, and `done` once its body has ended or its reader has left: a stream is open as long as that. */
function whenRead(response: Response, done: () => void): Response {
  if (response.body === null) {
    done();
    return response;
  }
  const reader = response.body.getReader();
  const body = new ReadableStream<Uint8Array>({
    pull: async (controller) => {
      try {
        const { done: ended, value } = await reader.read();
        if (!ended) return controller.enqueue(value);
        controller.close();
      } catch (error) {
        controller.error(error);
      }
      done();
    },
    cancel: (reason) => {
      done();
      return reader.cancel(reason);
    },
  });
  return new Response(body, response);
}

function jsonRpcError(status: number, code: number, message: string): Response {
  return Response.json({ jsonrpc: '2.0', error: { code, message }, id: null }, { status });
}
