// Routes for operators: health, metrics, circuit breakers, flags. Passive: none of them calls Google.

import { Hono } from 'hono';
import { z } from 'zod';
import type { Clock } from '../clock.ts';
import { invalid, ServalError } from '../errors.ts';
import type { Circuits } from '../resilience/circuits.ts';
import type { Flags } from '../resilience/flags.ts';
import { listed, shown } from '../words.ts';
import { createOutboxRoutes, type OutboxRoutesOptions } from './outbox.ts';
import { problemResponse } from './present.ts';
import type { Variables } from './rest.ts';

export interface Check {
  readonly name: string;
  readonly status: 'up' | 'degraded' | 'down';
  readonly message: string;
  readonly latencyMs: number;
}

export interface OpsOptions extends OutboxRoutesOptions {
  readonly clock: Clock;
  /** Tells this process apart from its replicas. */
  readonly instance: string;
  readonly checks: () => readonly Check[];
  readonly metrics: { readonly contentType: string; render(): Promise<string> };
  readonly circuits: Circuits;
  readonly flags: Flags;
}

const forMs = z.number().int().min(1).max(86_400_000).optional();
const RESET = z.union([z.strictObject({ circuit: z.string().min(1) }), z.strictObject({ all: z.literal(true) })]);
const ISOLATE = z.strictObject({ circuit: z.string().min(1), forMs });
const RELEASE = z.strictObject({ circuit: z.string().min(1) });
const FLAG = z.strictObject({ enabled: z.boolean(), forMs });

const FOREIGN_HEADERS = ['origin', 'forwarded', 'x-forwarded-for', 'x-forwarded-host', 'x-real-ip'];

export function createOps(options: OpsOptions) {
  const { clock, instance, checks, metrics, circuits, flags } = options;
  const ops = new Hono<{ Variables: Variables }>();
  ops.onError((error, c) => {
    if (error instanceof ServalError) return problemResponse(error, c.get('requestId'));
    throw error;
  });

  // What an operator reads and turns is for this machine alone: not for a web page, nor for whom a proxy speaks.
  for (const path of ['/metrics', '/metrics/*', '/circuit-breakers/*', '/flags', '/flags/*', '/outbox', '/outbox/*']) {
    ops.use(path, async (c, next) => {
      const foreign = FOREIGN_HEADERS.find((name) => c.req.header(name) !== undefined);
      if (foreign === undefined) return next();
      throw new ServalError('permission_denied', `Requests with the header ${foreign} may not use operator routes.`, {
        hint: 'Call from this machine itself, without a proxy or a browser in between.',
      });
    });
  }

  ops.get('/health/live', (c) => c.json({ status: 'live' }));
  ops.get('/health/ready', (c) => {
    const all = checks();
    const worst = all.some((check) => check.status === 'down')
      ? 'unavailable'
      : all.some((check) => check.status === 'degraded')
        ? 'degraded'
        : 'ready';
    return c.json({ status: worst, checks: all, flags: flags.list() }, worst === 'unavailable' ? 503 : 200);
  });
  ops.get('/metrics', async (c) => c.text(await metrics.render(), 200, { 'content-type': metrics.contentType }));

  ops.get('/metrics/circuit-breakers', (c) => {
    const circuitBreakers = circuits.snapshots();
    const count = (state: string) => circuitBreakers.filter((one) => one.state === state).length;
    return c.json({
      timestamp: new Date(clock.wall()).toISOString(),
      instance,
      circuitBreakers,
      summary: {
        total: circuitBreakers.length,
        closed: count('closed'),
        halfOpen: count('half_open'),
        open: count('open'),
      },
    });
  });
  ops.post('/circuit-breakers/reset', async (c) => {
    const body = parsed(RESET, await c.req.text(), '{ "circuit": "google_sheets_api" } or { "all": true }');
    const results = 'all' in body ? circuits.resetAll() : circuits.reset(found(body.circuit).name);
    const warned = results.filter((result) => result.probeFailed).map((result) => result.circuit);
    return c.json({
      reset: results.map(({ circuit, from, to }) => ({ circuit, from, to })),
      ...(warned.length > 0 && {
        hint: `The last probe of ${warned.join(', ')} failed: unless the cause is gone, it will open again.`,
      }),
    });
  });
  ops.post('/circuit-breakers/isolate', async (c) => {
    const body = parsed(ISOLATE, await c.req.text(), '{ "circuit": "google_sheets_api", "forMs": 60000 }');
    const circuit = found(body.circuit);
    circuit.isolate(body.forMs);
    return c.json({ isolated: circuit.snapshot() });
  });
  ops.post('/circuit-breakers/release', async (c) => {
    const body = parsed(RELEASE, await c.req.text(), '{ "circuit": "google_sheets_api" }');
    const circuit = found(body.circuit);
    circuit.release();
    return c.json({ released: circuit.snapshot() });
  });

  ops.route('/', createOutboxRoutes(options));

  ops.get('/flags', (c) => c.json(flags.list()));
  ops.put('/flags/:name', async (c) => {
    const name = c.req.param('name');
    const body = parsed(FLAG, await c.req.text(), '{ "enabled": false, "forMs": 60000 }');
    if (!flags.set(name, body.enabled, body.forMs)) {
      throw new ServalError('not_found', `There is no flag ${shown(name)}.`, {
        hint: `Flags: ${Object.keys(flags.list()).join(', ')}.`,
      });
    }
    return c.json({ [name]: flags.list()[name] });
  });

  function found(name: string) {
    const circuit = circuits.find(name);
    if (circuit) return circuit;
    const names = circuits.snapshots().map((one) => one.name);
    throw new ServalError('not_found', `There is no circuit breaker ${shown(name)}.`, {
      hint: `Circuit breakers: ${listed(names)}.`,
    });
  }

  return ops;
}

function parsed<T>(schema: z.ZodType<T>, text: string, example: string): T {
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    throw invalid('The body is not valid JSON.', `Send ${example}.`);
  }
  const result = schema.safeParse(body);
  if (result.success) return result.data;
  throw invalid(`The body is not what this route takes.`, `Send ${example}.`);
}
