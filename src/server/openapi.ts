// The OpenAPI 3.1 description of the REST face, derived from the tools and the error table.

import { ERROR_TABLE } from '../errors.ts';
import { queuedSchema, type Tool } from '../tools/tool.ts';

export function openApi(tools: readonly Tool[], version: string): Record<string, unknown> {
  return {
    openapi: '3.1.0',
    info: {
      title: 'ServalSheets',
      version,
      description:
        'Google Sheets for programs. Each tool is one POST; the same tools are served to MCP clients at /mcp.',
      license: { name: 'MIT', identifier: 'MIT' },
    },
    paths: {
      ...Object.fromEntries(tools.map((tool) => [`/v1/tools/${tool.name}`, { post: operation(tool) }])),
      '/v1/tools': { get: plain('listTools', 'The tools with their schemas', 'operations') },
      '/health/live': { get: plain('live', 'Whether the process answers', 'operations') },
      '/health/ready': { get: plain('ready', 'Whether requests can be served, check by check', 'operations') },
      '/metrics/circuit-breakers': { get: plain('circuitBreakers', 'State of the circuit breakers', 'operations') },
      '/outbox': { get: plain('outbox', 'Writes that are kept until Google can be asked', 'operations') },
      '/metrics': {
        get: {
          operationId: 'metrics',
          summary: 'Metrics in the Prometheus text format',
          tags: ['operations'],
          responses: { 200: { description: 'Metrics', content: { 'text/plain': { schema: { type: 'string' } } } } },
        },
      },
    },
    components: { schemas: { Problem: problemSchema() } },
  };
}

function operation(tool: Tool) {
  return {
    operationId: tool.name,
    summary: tool.title,
    description: tool.description,
    tags: [tool.toolset],
    requestBody: {
      required: true,
      content: { 'application/json': { schema: tool.inputSchema, example: tool.example } },
    },
    responses: {
      200: { description: 'The answer', content: { 'application/json': { schema: tool.outputSchema } } },
      ...(tool.queueable && {
        202: {
          description: 'Google cannot be asked: the write is kept and made later. X-Fallback-Mode is true.',
          content: { 'application/json': { schema: queuedSchema } },
        },
      }),
      default: {
        description: 'What went wrong and what to do',
        content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
      },
    },
  };
}

function plain(operationId: string, summary: string, tag: string) {
  const content = { 'application/json': { schema: { type: 'object' } } };
  return { operationId, summary, tags: [tag], responses: { 200: { description: summary, content } } };
}

function problemSchema() {
  return {
    type: 'object',
    required: ['type', 'title', 'status', 'detail', 'code', 'hint', 'requestId'],
    properties: {
      type: { type: 'string' },
      title: { type: 'string' },
      status: { type: 'integer' },
      detail: { type: 'string', description: "What happened; Google's own words where it was Google" },
      code: { type: 'string', enum: Object.keys(ERROR_TABLE) },
      hint: { type: 'string', description: 'What to change' },
      retryAfterMs: { type: 'number' },
      circuit: { type: 'string', description: 'The circuit breaker that refused the request' },
      writeId: { type: 'string', description: 'The write in question, for get_write' },
      requestId: { type: 'string' },
    },
  };
}
