// Routes for operators and developers: health, metrics, circuit breakers, OpenAPI, the documentation page.

import { Validator } from '@seriousme/openapi-schema-validator';
import { expect, test } from 'vitest';
import { ERROR_TABLE } from '../../src/errors.ts';
import { METHODS } from '../../src/sheets/calls.ts';
import { TOOLS } from '../../src/tools/index.ts';
import { testApp } from '../support/app.ts';

const CIRCUITS = [
  { name: 'google_sheets_api', service: 'google_sheets' },
  { name: 'google_drive_api', service: 'google_drive' },
  { name: 'google_oauth', service: 'google_oauth' },
];
const FLAGS = [
  ...['writes', 'batching', 'cache', 'fallback', 'retry', 'throttle'],
  ...TOOLS.map(({ name }) => `tool:${name}`),
];

type App = Awaited<ReturnType<typeof testApp>>;
const json = async (app: App, path: string) => (await app.request(path)).json();

test('health says live and ready, check by check', async () => {
  const app = await testApp();
  expect(await json(app, '/health/live')).toEqual({ status: 'live' });
  expect(await json(app, '/health/ready')).toEqual({
    status: 'ready',
    checks: [
      { name: 'auth', status: 'up', message: 'no credentials needed', latencyMs: 0 },
      ...CIRCUITS.map(({ name }) => ({ name, status: 'up', message: 'circuit closed', latencyMs: 0 })),
      { name: 'ledger', status: 'up', message: 'writable', latencyMs: 0 },
    ],
    flags: Object.fromEntries(FLAGS.map((name) => [name, { enabled: true, until: null }])),
  });
});

test('the circuit breakers have the shape of the contract', async () => {
  const app = await testApp();
  expect(await json(app, '/metrics/circuit-breakers')).toEqual({
    timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
    instance: expect.stringContaining(':'),
    circuitBreakers: CIRCUITS.map((circuit) => ({
      ...circuit,
      state: 'closed',
      value: 0,
      isolated: false,
      failureCount: 0,
      successCount: 0,
      rejectedCount: 0,
      totalRequests: 0,
      lastFailure: null,
      openedAt: null,
      nextAttemptAt: null,
      config: { failureThreshold: 5, successThreshold: 2, timeout: 60_000, resetTimeout: 30_000 },
    })),
    summary: { total: 3, closed: 3, halfOpen: 0, open: 0 },
  });
});

test('every bounded series exists with 0 before the first event, and counts after it', async () => {
  const app = await testApp({ TOOLSETS: 'all' });
  const metrics = async () => (await app.request('/metrics')).text();
  const before = await metrics();
  for (const [method, { api }] of Object.entries(METHODS)) {
    for (const status of ['success', 'error', 'circuit_open']) {
      expect(before).toContain(
        `servalsheets_google_api_calls_total{api="${api}",method="${method}",status="${status}"} 0\n`,
      );
    }
  }
  for (const { name } of TOOLS) {
    for (const result of ['success', 'error', 'circuit_open']) {
      expect(before).toContain(`servalsheets_operations_total{operation="${name}",result="${result}"} 0\n`);
    }
  }
  for (const type of Object.keys(ERROR_TABLE))
    expect(before).toContain(`servalsheets_errors_by_type_total{type="${type}"} 0\n`);

  await app.rest('search_spreadsheets', {});
  await app.rest('search_spreadsheets', { limit: 'many' });
  const after = await metrics();
  expect(after).toContain('servalsheets_google_api_calls_total{api="drive",method="files.list",status="success"} 1\n');
  expect(after).toContain('servalsheets_operations_total{operation="search_spreadsheets",result="success"} 1\n');
  expect(after).toContain('servalsheets_operations_total{operation="search_spreadsheets",result="error"} 1\n');
  expect(after).toContain('servalsheets_errors_by_type_total{type="invalid_argument"} 1\n');
  expect(after).toContain('servalsheets_cache_requests_total{result="miss"} 1\n');
  expect(after).toContain('servalsheets_operation_duration_seconds_count{operation="search_spreadsheets"} 2\n');
});

test('metric names are pinned', async () => {
  const app = await testApp();
  const names = [...(await (await app.request('/metrics')).text()).matchAll(/^# TYPE (\S+) (\S+)$/gm)];
  expect(names.map(([, name, type]) => `${name} ${type}`)).toEqual([
    'servalsheets_google_api_calls_total counter',
    'servalsheets_google_api_call_duration_seconds histogram',
    'servalsheets_operations_total counter',
    'servalsheets_operation_duration_seconds histogram',
    'servalsheets_errors_by_type_total counter',
    'servalsheets_circuit_breaker_state gauge',
    'servalsheets_circuit_breaker_transitions_total counter',
    'servalsheets_circuit_breaker_failures_total counter',
    'servalsheets_circuit_breaker_successes_total counter',
    'servalsheets_circuit_breaker_rejections_total counter',
    'servalsheets_spreadsheet_circuit_breakers gauge',
    'servalsheets_retry_attempts_total counter',
    'servalsheets_rate_limit_hits_total counter',
    'servalsheets_quota_places gauge',
    'servalsheets_quota_places_used gauge',
    'servalsheets_admission_waiting gauge',
    'servalsheets_admission_wait_seconds histogram',
    'servalsheets_cache_requests_total counter',
    'servalsheets_cache_bytes gauge',
    'servalsheets_batch_size histogram',
    'servalsheets_outbox_entries gauge',
    'servalsheets_outbox_oldest_age_seconds gauge',
    'servalsheets_outbox_replayed_total counter',
    'servalsheets_writes_settled_total counter',
    'servalsheets_batched_calls_saved_total counter',
  ]);
});

test('the OpenAPI description is valid 3.1 and has every tool', async () => {
  const app = await testApp({ TOOLSETS: 'all' });
  const description = await json(app, '/openapi.json');
  const validator = new Validator();
  const { valid, errors } = await validator.validate(structuredClone(description));
  expect(errors).toBeUndefined();
  expect({ valid, version: validator.version }).toEqual({ valid: true, version: '3.1' });
  for (const { name } of TOOLS) expect(description.paths[`/v1/tools/${name}`].post.operationId).toBe(name);
});

test('every route that the OpenAPI description names answers', async () => {
  const app = await testApp();
  const { paths } = await json(app, '/openapi.json');
  for (const [path, methods] of Object.entries<object>(paths)) {
    for (const method of Object.keys(methods)) {
      const response = await app.request(path, { method: method.toUpperCase() });
      expect(response.status, `${method} ${path}`).not.toBe(404);
    }
  }
});

test('answers match the output schemas they are described by', async () => {
  const app = await testApp();
  const { body } = await app.rest('search_spreadsheets', {});
  const { tools } = await json(app, '/v1/tools');
  const { outputSchema } = tools.find((tool: { name: string }) => tool.name === 'search_spreadsheets');
  expect(Object.keys(outputSchema.properties)).toEqual(expect.arrayContaining(Object.keys(body)));
});

test('the documentation page and its files are served from here', async () => {
  const app = await testApp();
  const page = await app.request('/docs');
  expect(page.headers.get('content-security-policy')).toContain("default-src 'self'");
  const links = [...(await page.text()).matchAll(/(?:src|href)="(\/[^"]+)"/g)].map(([, link]) => link ?? '');
  expect(links).toHaveLength(3);
  for (const link of links) expect((await app.request(link)).status, link).toBe(200);
});

test.each(['Origin', 'Forwarded', 'X-Forwarded-For'])(
  'operator routes are closed to requests with %s',
  async (header) => {
    const app = await testApp();
    const headers = { [header]: header === 'Origin' ? 'http://localhost:3000' : '127.0.0.1' };
    for (const path of ['/metrics', '/metrics/circuit-breakers', '/flags']) {
      expect((await app.request(path, { headers })).status, path).toBe(403);
    }
    const reset = { method: 'POST', headers, body: '{"all":true}' };
    expect((await app.request('/circuit-breakers/reset', reset)).status).toBe(403);
    expect((await app.request('/health/ready', { headers })).status).toBe(200);
  },
);

test('circuit breakers can be reset, isolated and released; wrong bodies and names are told', async () => {
  const app = await testApp();
  const post = async (path: string, body: string) => {
    const response = await app.request(`/circuit-breakers/${path}`, { method: 'POST', body });
    return { status: response.status, body: await response.json() };
  };
  const circuit = 'google_sheets_api';
  expect(await post('isolate', JSON.stringify({ circuit }))).toMatchObject({
    status: 200,
    body: { isolated: { state: 'open', isolated: true, value: 2 } },
  });
  const refused = await app.rest('describe_spreadsheet', { spreadsheet: 'some_spreadsheet_id' });
  expect(refused).toMatchObject({
    status: 503,
    body: { code: 'circuit_open', circuit, retryAfterMs: expect.any(Number) },
  });
  const ready = await app.request('/health/ready');
  expect({ status: ready.status, body: await ready.json() }).toMatchObject({
    status: 200,
    body: { status: 'degraded' },
  });
  expect((await post('release', JSON.stringify({ circuit }))).body.released.state).toBe('closed');
  await post('isolate', JSON.stringify({ circuit, forMs: 60_000 }));
  expect((await post('reset', JSON.stringify({ circuit }))).body).toEqual({
    reset: [{ circuit, from: 'open', to: 'closed' }],
  });
  expect((await post('reset', '{"all":true}')).body.reset).toHaveLength(3);
  expect(await post('reset', '{"circuit":"nope"}')).toMatchObject({
    status: 404,
    body: { hint: expect.stringContaining('google_sheets_api, google_drive_api, google_oauth') },
  });
  for (const body of ['', '{', '{}', '[]', '{"circuit":1}', '{"circuit":"google_sheets_api","all":true,"x":1}']) {
    expect((await post('reset', body)).status, body).toBe(400);
  }
});

test('an open circuit is unavailable when the fallback is off', async () => {
  const app = await testApp({ FALLBACK_ENABLED: 'false' });
  await app.request('/circuit-breakers/isolate', { method: 'POST', body: '{"circuit":"google_drive_api"}' });
  const ready = await app.request('/health/ready');
  expect(ready.status).toBe(503);
  const { checks } = await ready.json();
  expect(
    checks.filter(({ status }: { status: string }) => status === 'down').map(({ name }: { name: string }) => name),
  ).toEqual(['google_drive_api']);
});
