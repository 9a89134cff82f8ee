// The table of metrics and the one place that counts: subscribes to events, speaks the Prometheus text format.

import { Counter, Histogram, Registry } from 'prom-client';
import { ERROR_TABLE } from './errors.ts';
import type { Emit, Event } from './events.ts';

/** From a cache hit to Google's processing cap of 180 s. */
const SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 50, 180];

export interface Metrics {
  readonly observe: Emit;
  readonly contentType: string;
  render(): Promise<string>;
}

/**
 * Every bounded label set exists with 0 from the start, so that a query finds it before the first event.
 * `calls` are the API methods and `operations` the tools that can occur.
 */
export function createMetrics(
  calls: readonly { api: string; method: string }[],
  operations: readonly string[],
): Metrics {
  const registry = new Registry();
  const registers = [registry];
  const callsTotal = new Counter({
    name: 'servalsheets_google_api_calls_total',
    help: 'Requests sent to Google APIs, by result',
    labelNames: ['api', 'method', 'status'],
    registers,
  });
  const callSeconds = new Histogram({
    name: 'servalsheets_google_api_call_duration_seconds',
    help: 'Duration of requests to Google APIs',
    labelNames: ['api', 'method'],
    buckets: SECONDS,
    registers,
  });
  const operationsTotal = new Counter({
    name: 'servalsheets_operations_total',
    help: 'Tool calls, by result',
    labelNames: ['operation', 'result'],
    registers,
  });
  const operationSeconds = new Histogram({
    name: 'servalsheets_operation_duration_seconds',
    help: 'Duration of tool calls',
    labelNames: ['operation'],
    buckets: SECONDS,
    registers,
  });
  const errorsTotal = new Counter({
    name: 'servalsheets_errors_by_type_total',
    help: 'Tool calls that ended in an error, by error code',
    labelNames: ['type'],
    registers,
  });

  for (const { api, method } of calls) {
    for (const status of ['success', 'error', 'circuit_open']) callsTotal.inc({ api, method, status }, 0);
    callSeconds.zero({ api, method });
  }
  for (const operation of operations) {
    for (const result of ['success', 'error', 'circuit_open']) operationsTotal.inc({ operation, result }, 0);
    operationSeconds.zero({ operation });
  }
  for (const type of Object.keys(ERROR_TABLE)) errorsTotal.inc({ type }, 0);

  return {
    contentType: registry.contentType,
    render: () => registry.metrics(),
    observe: (event: Event) => {
      if (event.type === 'api_call') {
        const { api, method, status, durationMs } = event;
        callsTotal.inc({ api, method, status });
        callSeconds.observe({ api, method }, durationMs / 1000);
      } else if (event.type === 'operation') {
        const { operation, error, durationMs } = event;
        const failed = error?.code === 'circuit_open' ? 'circuit_open' : 'error';
        operationsTotal.inc({ operation, result: error ? failed : 'success' });
        operationSeconds.observe({ operation }, durationMs / 1000);
        if (error) errorsTotal.inc({ type: error.code });
      }
    },
  };
}
