// Cancelling: a read stops on the wire, in both eras and over REST; a write that was sent goes on and says so.

import { Client as Client2026, StreamableHTTPClientTransport as Http2026 } from '@modelcontextprotocol/client';
import { Client as Client2025 } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport as Http2025 } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../support/app.ts';
import { startFakeGoogle } from '../support/fake-google.ts';
import { printed, run } from '../support/processes.ts';

const ID = '1fake_spreadsheet_id_for_cancellation';
const META = {
  spreadsheetId: ID,
  properties: { title: 'T' },
  sheets: [{ properties: { sheetId: 0, title: 'S', index: 0, gridProperties: { rowCount: 10, columnCount: 3 } } }],
};
const READ = { name: 'read_range', arguments: { spreadsheet: ID, ranges: ['S!A1'] } };

async function serveOn(googleUrl: string, more: Record<string, string> = {}) {
  const env = { GOOGLE_API_ROOT_URL: googleUrl, GOOGLE_ACCESS_TOKEN: 'test-token-value', ...more };
  const server = run(['serve'], { PORT: '0', DATA_DIR: temporaryFolder(), ...env });
  const [, url = ''] = await printed(server, / at (http:\S+)/);
  return { ...server, url };
}

interface Canceller {
  /** Starts the read; resolves when the client has given up after `signal`. */
  call(signal: AbortSignal): Promise<unknown>;
  close(): Promise<void>;
}

async function client2025(url: string): Promise<Canceller> {
  const client = new Client2025({ name: 'tests', version: '1' });
  await client.connect(new Http2025(new URL(`${url}/mcp`)) as Parameters<typeof client.connect>[0]);
  return { call: (signal) => client.callTool(READ, undefined, { signal }), close: () => client.close() };
}

async function client2026(url: string): Promise<Canceller> {
  const client = new Client2026(
    { name: 'tests', version: '1' },
    { versionNegotiation: { mode: { pin: '2026-07-28' } } },
  );
  await client.connect(new Http2026(new URL(`${url}/mcp`)));
  return { call: (signal) => client.callTool(READ, { signal }), close: () => client.close() };
}

async function clientRest(url: string): Promise<Canceller> {
  const body = JSON.stringify(READ.arguments);
  return {
    call: (signal) => fetch(`${url}/v1/tools/read_range`, { method: 'POST', body, signal }),
    close: async () => {},
  };
}

test.each([
  ['a 2025 client', client2025],
  ['a 2026-07-28 client', client2026],
  ['a REST client that hangs up', clientRest],
])('%s stops the request to Google', async (_, connect) => {
  await using google = await startFakeGoogle();
  google.answer('/v4/spreadsheets', { status: 200, body: META }, 'hang');
  const server = await serveOn(google.url);
  const client = await connect(server.url);
  const abort = new AbortController();
  const call = client.call(abort.signal).then(
    () => 'answered',
    () => 'given up',
  );
  const request = await google.arrival(1);
  abort.abort();
  expect(await call).toBe('given up');
  await request.closed;
  expect(google.requests.length).toBe(2);
  await client.close();
});

test('a write that was sent is not aborted, and shutdown waits for its end', async () => {
  await using google = await startFakeGoogle();
  google.answer(
    '/v4/spreadsheets',
    { status: 200, body: META },
    { status: 200, body: { sheets: [{ properties: { sheetId: 0, title: 'S' } }] } },
    'hang',
  );
  const server = await serveOn(google.url, { API_TIMEOUT_MS: '700' });
  const abort = new AbortController();
  const body = JSON.stringify({ spreadsheet: ID, writes: [{ range: 'S!A1', values: [['x']] }] });
  const call = fetch(`${server.url}/v1/tools/write_range`, { method: 'POST', body, signal: abort.signal });
  call.catch(() => {});
  const write = await google.arrival(2);
  expect(write.url).toMatch(/:batchUpdate/);
  abort.abort();
  await expect(call).rejects.toThrow();
  await (await fetch(`${server.url}/health/live`)).text();
  server.child.kill('SIGTERM');
  expect(await server.exit).toBe(0);
  const told = [/outcome_unknown/, /"stopping"/, /batchUpdate","status":"error","code":"timeout"/, /"stopped"/];
  const places = told.map((words) => server.stderr().search(words));
  expect(places.every((place) => place >= 0)).toBe(true);
  expect(places).toEqual(places.toSorted((a, b) => a - b));
});
