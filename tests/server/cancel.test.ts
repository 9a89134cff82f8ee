// Cancelling: a read stops on the wire, be it of a tool, a resource or a completion, in both eras over HTTP and stdio,
// and over REST; a write that was sent goes on and says so.

import { Client as Client2026, StreamableHTTPClientTransport as Http2026 } from '@modelcontextprotocol/client';
import { StdioClientTransport as Stdio2026 } from '@modelcontextprotocol/client/stdio';
import { Client as Client2025 } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport as Stdio2025 } from '@modelcontextprotocol/sdk/client/stdio.js';
import { StreamableHTTPClientTransport as Http2025 } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { expect, test } from 'vitest';
import { ROOT, temporaryFolder } from '../support/app.ts';
import { type Received, startFakeGoogle } from '../support/fake-google.ts';
import { bareEnvironment, printed, run } from '../support/processes.ts';

const ID = '1fake_spreadsheet_id_for_cancellation';
const META = {
  spreadsheetId: ID,
  properties: { title: 'T' },
  sheets: [{ properties: { sheetId: 0, title: 'S', index: 0, gridProperties: { rowCount: 10, columnCount: 3 } } }],
};
const READ = { name: 'read_range', arguments: { spreadsheet: ID, ranges: ['S!A1'] } };

const settings = (googleUrl: string) => ({
  GOOGLE_API_ROOT_URL: googleUrl,
  GOOGLE_ACCESS_TOKEN: 'test-token-value',
  DATA_DIR: temporaryFolder(),
});

async function serveOn(googleUrl: string, more: Record<string, string> = {}) {
  const server = run(['serve'], { PORT: '0', ...settings(googleUrl), ...more });
  const [, url = ''] = await printed(server, / at (http:\S+)/);
  return { ...server, url };
}

const stdioOn = (googleUrl: string) => ({
  command: process.execPath,
  args: [`${ROOT}/src/main.ts`, 'stdio'],
  env: bareEnvironment(settings(googleUrl)),
  stderr: 'ignore' as const,
});

interface Canceller {
  /** Each starts a read that asks Google; it ends when the client has given up after `signal`. */
  readonly reads: readonly ((signal: AbortSignal) => Promise<unknown>)[];
  close(): Promise<void>;
}

function canceller(client: Client2025 | Client2026, call: (signal: AbortSignal) => Promise<unknown>): Canceller {
  const ref = { type: 'ref/resource', uri: 'sheets://{spreadsheetId}/{range}' } as const;
  const range = { ref, argument: { name: 'range', value: 'S!' }, context: { arguments: { spreadsheetId: ID } } };
  return {
    reads: [
      call,
      (signal) => client.readResource({ uri: `sheets://${ID}/S!A1` }, { signal }),
      (signal) => client.readResource({ uri: `sheets://${ID}` }, { signal }),
      (signal) => client.complete(range, { signal }),
    ],
    close: () => client.close(),
  };
}

const INFO = { name: 'tests', version: '1' };
type Transport2025 = Parameters<Client2025['connect']>[0];

async function client2025(transport: Transport2025): Promise<Canceller> {
  const client = new Client2025(INFO);
  await client.connect(transport);
  return canceller(client, (signal) => client.callTool(READ, undefined, { signal }));
}

async function client2026(transport: Http2026 | Stdio2026): Promise<Canceller> {
  const client = new Client2026(INFO, { versionNegotiation: { mode: { pin: '2026-07-28' } } });
  await client.connect(transport);
  return canceller(client, (signal) => client.callTool(READ, { signal }));
}

function clientRest(url: string): Canceller {
  const body = JSON.stringify(READ.arguments);
  return {
    reads: [(signal) => fetch(`${url}/v1/tools/read_range`, { method: 'POST', body, signal })],
    close: async () => {},
  };
}

const httpOn = async (googleUrl: string) => new URL(`${(await serveOn(googleUrl)).url}/mcp`);

test.each<[string, (googleUrl: string) => Promise<Canceller>]>([
  ['a 2025 client over HTTP', async (google) => client2025(new Http2025(await httpOn(google)) as Transport2025)],
  ['a 2026-07-28 client over HTTP', async (google) => client2026(new Http2026(await httpOn(google)))],
  ['a 2025 client over stdio', (google) => client2025(new Stdio2025(stdioOn(google)))],
  ['a 2026-07-28 client over stdio', (google) => client2026(new Stdio2026(stdioOn(google)))],
  ['a REST client that hangs up', async (google) => clientRest((await serveOn(google)).url)],
])('%s stops the request to Google', async (_, connect) => {
  await using google = await startFakeGoogle();
  // Only names are answered; cells are what is waited for.
  const isNames = ({ url }: Received) => url.includes('namedRanges');
  google.answer('/v4/spreadsheets', (request) => (isNames(request) ? { status: 200, body: META } : 'hang'));
  const client = await connect(google.url);
  for (const read of client.reads) {
    let next = google.requests.length;
    const abort = new AbortController();
    const call = read(abort.signal).then(
      () => 'answered',
      () => 'given up',
    );
    let request = await google.arrival(next);
    while (isNames(request)) request = await google.arrival(++next);
    const start = performance.now();
    abort.abort();
    expect(await call).toBe('given up');
    await request.closed;
    expect(performance.now() - start).toBeLessThan(2_000);
    expect(google.requests).toHaveLength(next + 1);
  }
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
