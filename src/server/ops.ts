// Routes for operators: health, metrics, circuit breakers. Passive: none of them calls Google.

import { Hono } from 'hono';
import type { Clock } from '../clock.ts';

export interface Check {
  readonly name: string;
  readonly status: 'up' | 'degraded' | 'down';
  readonly message: string;
  readonly latencyMs: number;
}

export interface OpsOptions {
  readonly clock: Clock;
  /** Tells this process apart from its replicas. */
  readonly instance: string;
  readonly checks: () => readonly Check[];
  readonly metrics: { readonly contentType: string; render(): Promise<string> };
}

/** States in the contract's spelling; the list fills up once there are circuits. */
interface CircuitBreaker {
  readonly name: string;
  readonly state: 'closed' | 'half_open' | 'open';
}

export function createOps({ clock, instance, checks, metrics }: OpsOptions): Hono {
  const ops = new Hono();
  ops.get('/health/live', (c) => c.json({ status: 'live' }));
  ops.get('/health/ready', (c) => {
    const all = checks();
    const worst = all.some((check) => check.status === 'down')
      ? 'unavailable'
      : all.some((check) => check.status === 'degraded')
        ? 'degraded'
        : 'ready';
    return c.json({ status: worst, checks: all, flags: {} }, worst === 'unavailable' ? 503 : 200);
  });
  ops.get('/metrics', async (c) => c.text(await metrics.render(), 200, { 'content-type': metrics.contentType }));
  ops.get('/metrics/circuit-breakers', (c) => {
    const circuitBreakers: CircuitBreaker[] = [];
    const count = (state: CircuitBreaker['state']) => circuitBreakers.filter((one) => one.state === state).length;
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
  return ops;
}
