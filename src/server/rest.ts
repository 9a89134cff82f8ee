// The REST face: one route per tool. Parses the body, hands over, answers JSON.

import { Hono } from 'hono';
import { asServalError, invalid } from '../errors.ts';
import type { Runner } from '../tools/run.ts';
import type { Tool } from '../tools/tool.ts';
import { problemResponse } from './present.ts';

/** Variables that http.ts sets on every request. */
export interface Variables {
  readonly requestId: string;
}

export function createRest({
  runner,
  principal,
}: {
  runner: Runner;
  principal: string;
}): Hono<{ Variables: Variables }> {
  const rest = new Hono<{ Variables: Variables }>();
  rest.get('/tools', (c) => c.json({ tools: runner.tools.map(listed) }));
  rest.post('/tools/:name', async (c) => {
    const requestId = c.get('requestId');
    try {
      const input = parseBody(await c.req.text());
      const idempotencyKey = c.req.header('idempotency-key');
      const answer = await runner.run(c.req.param('name'), input, {
        face: 'rest',
        principal,
        requestId,
        signal: c.req.raw.signal,
        ...(idempotencyKey !== undefined && { idempotencyKey }),
      });
      const queued = answer.status === 'queued';
      const fallback = queued || answer.source === 'stale';
      return c.json(answer, queued ? 202 : 200, fallback ? { 'x-fallback-mode': 'true' } : {});
    } catch (thrown) {
      return problemResponse(asServalError(thrown), requestId);
    }
  });
  return rest;
}

function listed({ name, title, description, toolset, access, inputSchema, outputSchema, example }: Tool) {
  return { name, title, description, toolset, access, inputSchema, outputSchema, example };
}

/** An empty body means no arguments. The content type is not asked for: whatever it says, the body must be JSON. */
function parseBody(text: string): unknown {
  if (text.trim() === '') return {};
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch (error) {
    throw invalid(`The body is not valid JSON: ${error instanceof Error ? error.message : 'syntax error'}.`);
  }
  if (typeof body === 'object' && body !== null && !Array.isArray(body)) return body;
  throw invalid('The body must be a JSON object with the arguments of the tool.');
}
