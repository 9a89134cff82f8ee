// The HTTP edge: guards, then routes. Everything that is not found or goes wrong is answered as a problem.

import { Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { methodNotAllowed } from 'hono/method-not-allowed';
import { asServalError, invalid, ServalError } from '../errors.ts';
import type { Log } from '../log.ts';
import type { Runner } from '../tools/run.ts';
import { cut, shown } from '../words.ts';
import { createDocs } from './docs.ts';
import { createMcpHttp, isForeign } from './mcp.ts';
import { openApi } from './openapi.ts';
import { createOps, type OpsOptions } from './ops.ts';
import { problemResponse } from './present.ts';
import { createRest, type Variables } from './rest.ts';

/** A body over this is refused unread; the default of the MCP SDK. */
const MAX_BODY_BYTES = 4 * 1024 * 1024;
/** Names by which this machine may be called; others are how a web page reaches a server on it (DNS rebinding). */
const HOSTNAMES = ['localhost', '127.0.0.1', '[::1]'];

export interface HttpOptions {
  readonly runner: Runner;
  readonly ops: OpsOptions;
  readonly version: string;
  readonly log: Log;
}

export interface Http {
  fetch(request: Request): Promise<Response>;
  /** Ends the sessions and streams that clients hold open. */
  close(): Promise<void>;
}

/** Whoever reaches a loopback address is this machine's user; callers are told apart from the next versions on. */
export const LOCAL_PRINCIPAL = 'local';

export function createHttp({ runner, ops, version, log }: HttpOptions): Http {
  const principal = LOCAL_PRINCIPAL;
  const mcp = createMcpHttp({ runner, version, principal, log, maxBodyBytes: MAX_BODY_BYTES });
  const app = new Hono<{ Variables: Variables }>({ strict: false }); // a slash at the end of a path changes nothing

  app.use(async (c, next) => {
    const requestId = crypto.randomUUID();
    c.set('requestId', requestId);
    const host = c.req.header('host') ?? new URL(c.req.url).host;
    const origin = c.req.header('origin');
    if (isForeign(host, origin, HOSTNAMES)) {
      log.warn('request with a foreign Host or Origin refused', { host, origin });
      return problemResponse(foreign(), requestId);
    }
    await next();
    c.res.headers.set('x-request-id', requestId);
  });
  app.use(
    bodyLimit({
      maxSize: MAX_BODY_BYTES,
      onError: (c) => problemResponse(tooLarge(), c.get('requestId')),
    }),
  );

  app.use(
    methodNotAllowed({
      app,
      onMethodNotAllowed: (c, methods) => {
        const allow = methods.join(', ');
        const words = `${shown(c.req.path)} does not take ${c.req.method}.`;
        return problemResponse(invalid(words, `Methods: ${allow}.`), c.get('requestId'), {
          status: 405,
          headers: { allow },
        });
      },
    }),
  );

  const description = openApi(runner.tools, version);
  app.all('/mcp', (c) => mcp.fetch(c.req.raw));
  app.route('/v1', createRest({ runner, principal }));
  app.get('/openapi.json', (c) => c.json(description));
  app.route('/docs', createDocs());
  app.route('/', createOps(ops));
  app.get('/', (c) => c.json({ name: 'servalsheets', version, mcp: '/mcp', tools: '/v1/tools', docs: '/docs' }));

  app.notFound((c) =>
    problemResponse(
      new ServalError('not_found', `There is no ${c.req.method} ${cut(c.req.path)}.`, {
        hint: 'Routes: /mcp, POST /v1/tools/<name>, GET /v1/tools, /openapi.json, /docs, /health/live, /health/ready, /metrics, /metrics/circuit-breakers, POST /circuit-breakers/reset|isolate|release, /flags, PUT /flags/<name>, /outbox, POST /outbox/<id>/retry, DELETE /outbox/<id>.',
      }),
      c.get('requestId'),
    ),
  );
  app.onError((fault, c) => {
    const requestId = c.get('requestId');
    log.error('unexpected fault in a route', { requestId, path: c.req.path, fault });
    return problemResponse(asServalError(fault), requestId);
  });

  return { fetch: async (request) => app.fetch(request), close: () => mcp.close() };
}

function foreign(): ServalError {
  return new ServalError('permission_denied', 'The Host or Origin header names another machine.', {
    hint: `Call this server as ${HOSTNAMES.join(', ')}.`,
  });
}

function tooLarge(): ServalError {
  return new ServalError('too_large', `The body is larger than ${MAX_BODY_BYTES} bytes.`, {
    hint: 'Write in several calls of fewer cells.',
  });
}
