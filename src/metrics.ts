// The table of metrics and the one place that counts: subscribes to events, speaks the Prometheus text format.

import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import { ERROR_TABLE } from './errors.ts';
import type { CircuitStateName, Emit, Event } from './events.ts';

/** From a cache hit to Google's processing cap of 180 s. */
const SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 50, 180];
const SIZES = [1, 2, 5, 10, 20, 50, 100, 200, 500];
const PREFIX = 'servalsheets_';

/** Every metric: name without prefix, what it says, its labels. The documents are made of it. */
export const METRICS = {
  google_api_calls_total: [
    'counter',
    'Requests to Google APIs, by result; circuit_open were not sent',
    'api',
    'method',
    'status',
  ],
  google_api_call_duration_seconds: ['seconds', 'Duration of requests to Google APIs', 'api', 'method'],
  operations_total: ['counter', 'Tool calls, reads of resources and completions, by result', 'operation', 'result'],
  operation_duration_seconds: ['seconds', 'Duration of them', 'operation'],
  errors_by_type_total: ['counter', 'Those of them that ended in an error, by error code', 'type'],
  circuit_breaker_state: ['gauge', 'State of a circuit breaker: 0 closed, 1 half-open, 2 open', 'circuit', 'service'],
  circuit_breaker_transitions_total: [
    'counter',
    'Changes of state of a circuit breaker',
    'circuit',
    'service',
    'from',
    'to',
  ],
  circuit_breaker_failures_total: ['counter', 'Failures that a circuit breaker counted', 'circuit', 'service'],
  circuit_breaker_successes_total: ['counter', 'Successes that a circuit breaker counted', 'circuit', 'service'],
  circuit_breaker_rejections_total: ['counter', 'Calls that a circuit breaker turned away', 'circuit', 'service'],
  spreadsheet_circuit_breakers: ['gauge', 'Circuit breakers of single spreadsheets, by state', 'state'],
  retry_attempts_total: ['counter', 'Repeated requests, by the number of the try', 'operation', 'attempt'],
  rate_limit_hits_total: ['counter', 'Answers of Google that a quota is used up', 'limit'],
  quota_places: ['gauge', 'Requests a minute that the quota allows, headroom taken off', 'kind', 'scope'],
  quota_places_used: ['gauge', 'Of these, how many are taken now', 'kind', 'scope'],
  admission_waiting: ['gauge', 'Requests that wait to be sent'],
  admission_wait_seconds: ['seconds', 'How long requests waited to be sent'],
  cache_requests_total: ['counter', 'Reads by what memory had for them', 'result'],
  cache_bytes: ['gauge', 'Size of the replies in memory'],
  batch_size: ['sizes', 'Calls that travelled as one', 'kind'],
  outbox_entries: ['gauge', 'Writes that are kept until Google can be asked'],
  outbox_oldest_age_seconds: ['gauge', 'Age of the oldest of them'],
  outbox_replayed_total: ['counter', 'Kept writes that came to an end, by what it was', 'result'],
  writes_settled_total: ['counter', 'Writes sent together whose lost answer was found out, by outcome', 'outcome'],
  batched_calls_saved_total: ['counter', 'Requests that were spared by travelling together', 'kind'],
} as const satisfies Record<string, readonly [Kind, string, ...string[]]>;
type Kind = 'counter' | 'gauge' | 'seconds' | 'sizes';
type Name = keyof typeof METRICS;

const STATES: readonly CircuitStateName[] = ['closed', 'half_open', 'open'];
const LIMITS = ['read_user', 'read_project', 'write_user', 'write_project'];

export interface MetricsOptions {
  /** The API methods and the tools that can occur. */
  readonly calls: readonly { readonly api: string; readonly method: string }[];
  readonly operations: readonly string[];
  readonly maxRetries: number;
  readonly circuits: () => readonly {
    readonly name: string;
    readonly service: string;
    readonly state: CircuitStateName;
    readonly value: number;
  }[];
  readonly gauges: {
    readonly admissionWaiting: () => number;
    readonly cacheBytes: () => number;
    readonly outbox: () => { readonly entries: number; readonly oldestAgeMs: number } | undefined;
    readonly quota: () => readonly { kind: string; scope: string; places: number; used: number }[];
  };
}

export interface Metrics {
  readonly observe: Emit;
  readonly contentType: string;
  render(): Promise<string>;
}

/** Every bounded label set exists with 0 from the start, so that a query finds it before the first event. */
export function createMetrics(options: MetricsOptions): Metrics {
  const registry = new Registry();
  const make = (name: Name) => {
    const [kind, help, ...labelNames] = METRICS[name];
    const base = { name: PREFIX + name, help, labelNames, registers: [registry] };
    if (kind === 'counter') return { counter: new Counter(base) };
    if (kind === 'gauge') return { gauge: new Gauge(base) };
    return { histogram: new Histogram({ ...base, buckets: kind === 'seconds' ? SECONDS : SIZES }) };
  };
  const made = new Map(Object.keys(METRICS).map((name) => [name, make(name as Name)]));
  const count = (name: Name, labels: Record<string, string>, by = 1) => made.get(name)?.counter?.inc(labels, by);
  const measure = (name: Name, labels: Record<string, string>, value: number) =>
    made.get(name)?.histogram?.observe(labels, value);
  const set = (name: Name, labels: Record<string, string>, value: number) => made.get(name)?.gauge?.set(labels, value);

  zero();

  function zero(): void {
    for (const { api, method } of options.calls) {
      for (const status of ['success', 'error', 'circuit_open'])
        count('google_api_calls_total', { api, method, status }, 0);
      made.get('google_api_call_duration_seconds')?.histogram?.zero({ api, method });
      for (let attempt = 2; attempt <= options.maxRetries + 1; attempt++) {
        count('retry_attempts_total', { operation: method, attempt: String(attempt) }, 0);
      }
    }
    for (const operation of options.operations) {
      for (const result of ['success', 'error', 'circuit_open']) count('operations_total', { operation, result }, 0);
      made.get('operation_duration_seconds')?.histogram?.zero({ operation });
    }
    for (const type of Object.keys(ERROR_TABLE)) count('errors_by_type_total', { type }, 0);
    for (const { name: circuit, service } of named()) {
      for (const from of STATES) {
        for (const to of STATES) {
          if (from !== to) count('circuit_breaker_transitions_total', { circuit, service, from, to }, 0);
        }
      }
      count('circuit_breaker_failures_total', { circuit, service }, 0);
      count('circuit_breaker_successes_total', { circuit, service }, 0);
      count('circuit_breaker_rejections_total', { circuit, service }, 0);
    }
    for (const result of ['applied', 'set_aside', 'expired', 'cancelled'])
      count('outbox_replayed_total', { result }, 0);
    for (const outcome of ['applied', 'none']) count('writes_settled_total', { outcome }, 0);
    for (const limit of LIMITS) count('rate_limit_hits_total', { limit }, 0);
    for (const result of ['hit', 'miss', 'stale']) count('cache_requests_total', { result }, 0);
    for (const kind of ['read', 'write']) {
      made.get('batch_size')?.histogram?.zero({ kind });
      count('batched_calls_saved_total', { kind }, 0);
    }
  }

  /** Spreadsheets are no label: there is no end of them. */
  function named() {
    return options.circuits().filter(({ name }) => !name.startsWith('spreadsheet:'));
  }

  function refresh(): void {
    const all = options.circuits();
    for (const { name: circuit, service, value } of named()) set('circuit_breaker_state', { circuit, service }, value);
    const sheets = all.filter(({ name }) => name.startsWith('spreadsheet:'));
    for (const state of STATES) {
      set('spreadsheet_circuit_breakers', { state }, sheets.filter((one) => one.state === state).length);
    }
    for (const { kind, scope, places, used } of options.gauges.quota()) {
      set('quota_places', { kind, scope }, places);
      set('quota_places_used', { kind, scope }, used);
    }
    set('admission_waiting', {}, options.gauges.admissionWaiting());
    set('cache_bytes', {}, options.gauges.cacheBytes());
    const outbox = options.gauges.outbox();
    if (!outbox) return;
    set('outbox_entries', {}, outbox.entries);
    set('outbox_oldest_age_seconds', {}, outbox.oldestAgeMs / 1000);
  }

  function observe(event: Event): void {
    switch (event.type) {
      case 'api_call': {
        const { api, method, status, durationMs } = event;
        count('google_api_calls_total', { api, method, status });
        if (status !== 'circuit_open') measure('google_api_call_duration_seconds', { api, method }, durationMs / 1000);
        return;
      }
      case 'operation': {
        const { operation, error, durationMs } = event;
        const failed = error?.code === 'circuit_open' ? 'circuit_open' : 'error';
        count('operations_total', { operation, result: error ? failed : 'success' });
        measure('operation_duration_seconds', { operation }, durationMs / 1000);
        if (error) count('errors_by_type_total', { type: error.code });
        return;
      }
      case 'retry':
        return void count('retry_attempts_total', { operation: event.method, attempt: String(event.attempt) });
      case 'rate_limited':
        return void count('rate_limit_hits_total', { limit: event.limit });
      case 'admitted':
        return void measure('admission_wait_seconds', {}, event.waitMs / 1000);
      case 'cache':
        return void count('cache_requests_total', { result: event.result });
      case 'batch':
        measure('batch_size', { kind: event.kind }, event.size);
        return void count('batched_calls_saved_total', { kind: event.kind }, event.size - 1);
      case 'outbox':
        if (event.result !== 'queued') count('outbox_replayed_total', { result: event.result });
        return;
      case 'settled':
        return void count('writes_settled_total', { outcome: event.outcome });
      case 'token_failed':
      case 'held':
      case 'circuit_probe':
        return;
      default:
        return observeCircuit(event);
    }
  }

  function observeCircuit(event: Extract<Event, { circuit: string }>): void {
    const { circuit, service } = event;
    if (circuit.startsWith('spreadsheet:')) return;
    if (event.type === 'circuit_transition') {
      const { from, to } = event;
      count('circuit_breaker_transitions_total', { circuit, service, from, to });
    } else if (event.type === 'circuit_failure') count('circuit_breaker_failures_total', { circuit, service });
    else if (event.type === 'circuit_success') count('circuit_breaker_successes_total', { circuit, service });
    else if (event.type === 'circuit_rejection') count('circuit_breaker_rejections_total', { circuit, service });
  }

  return {
    contentType: registry.contentType,
    observe,
    render: () => {
      refresh();
      return registry.metrics();
    },
  };
}

/** Text of `docs/metrics.md`. */
export function metricsDocument(): string {
  const type = { counter: 'counter', gauge: 'gauge', seconds: 'histogram', sizes: 'histogram' };
  const rows = Object.entries(METRICS).map(([name, [kind, help, ...labels]]) => {
    const shown = labels.map((label) => `\`${label}\``).join(', ');
    return `| \`${PREFIX}${name}\` | ${type[kind]} | ${shown} | ${help} |`;
  });
  return `# Metrics

Generated from \`src/metrics.ts\` by \`npm run generate\`. Served at \`/metrics\` in the Prometheus text format; every label set with a known end exists with 0 from the start.

| metric | type | labels | meaning |
|---|---|---|---|
${rows.join('\n')}
`;
}
