// The process as its operator meets it: start, bad settings, signals, crashes, two owners, the command line.

import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { describe, expect, test } from 'vitest';
import { DEMO_SPREADSHEET_ID as demo } from '../../src/emulator/emulator.ts';
import { temporaryFolder } from '../support/app.ts';
import { startFakeGoogle } from '../support/fake-google.ts';
import { printed, run, serve, startPaused } from '../support/processes.ts';

async function post(url: string, tool: string, input: unknown) {
  const response = await fetch(`${url}/v1/tools/${tool}`, { method: 'POST', body: JSON.stringify(input) });
  return { status: response.status, body: await response.json() };
}

/** A SQLite file of the same schema version with other tables. */
function otherDatabase(file: string): void {
  const db = new DatabaseSync(file);
  db.exec('CREATE TABLE something (a); PRAGMA user_version = 1');
  db.close();
}

async function command(args: readonly string[], env: Record<string, string> = {}, cwd?: string) {
  const running = run(args, { DATA_DIR: temporaryFolder(), ...env }, cwd);
  running.child.stdin?.end();
  const code = await running.exit;
  return { code, stdout: running.stdout(), stderr: running.stderr() };
}

describe('settings', () => {
  test('bad ones end the start with the whole list', async () => {
    const secret = 'no-such-key-file-but-secret';
    const env = { PORT: 'x', API_TIMEOUT_MS: '-1', SHEETS_BACKEND: 'excel', GOOGLE_SERVICE_ACCOUNT_KEY: secret };
    const { code, stdout, stderr } = await command(['serve'], env);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    for (const name of Object.keys(env)) expect(stderr).toMatch(new RegExp(`${name}: .*; accepted: `));
    expect(stderr).not.toContain(secret);
  });

  test('.env in the working folder is read, the environment wins over it', async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, '.env'), 'API_TIMEOUT_MS=nonsense\nPORT=1234567\n');
    const { code, stderr } = await command(['serve'], { PORT: '0' }, folder);
    expect(code).toBe(1);
    expect(stderr).toMatch(/API_TIMEOUT_MS: "nonsense"/);
    expect(stderr).not.toMatch(/PORT/);
  });

  test('.env may begin with a byte order mark', async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, '.env'), '\uFEFFAPI_TIMEOUT_MS=nonsense\n');
    expect((await command(['serve'], {}, folder)).stderr).toMatch(/API_TIMEOUT_MS: "nonsense"/);
  });

  test('.env that cannot be read ends the start: its settings would be missing', async () => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, '.env'));
    const { code, stdout, stderr } = await command(['serve'], {}, folder);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(/^servalsheets: \.env .*EISDIR.*remove it/);
  });

  test.each([
    ['a folder', (file: string) => mkdirSync(file), /unable to open database file.*must be a file/],
    ['a text', (file: string) => writeFileSync(file, 'no database '.repeat(500)), /not a database.*put back a copy/],
    ['another database', (file: string) => otherDatabase(file), /no such table.*put back a copy/],
  ])('workbooks that are %s end the start with the file and the cure', async (_, make, words) => {
    const data = temporaryFolder();
    const file = join(data, 'workbooks.sqlite');
    make(file);
    const { code, stdout, stderr } = await command(['serve'], { DATA_DIR: data, PORT: '0' });
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toContain(`servalsheets: the workbooks in ${file} cannot be opened`);
    expect(stderr).toMatch(words);
    expect(stderr).toMatch(/DATA_DIR/);
  });

  test('a name that looks like ours is warned about with the nearest', async () => {
    const { stderr } = await command(['call', 'search_spreadsheets'], { SHEETS_BACKENDS: 'google' });
    expect(stderr).toMatch(/"level":"WARN","message":"SHEETS_BACKENDS .* nearest name is SHEETS_BACKEND"/);
  });
});

describe('the server', () => {
  test('says where it is, which backend and why, and the demo', async () => {
    const data = temporaryFolder();
    const server = await serve({ DATA_DIR: data });
    expect(server.stdout()).toContain(`Backend: embedded: no Google credential is configured; workbooks in ${data}`);
    expect(server.demo).toBe(demo);
    server.child.kill('SIGTERM');
    expect(await server.exit).toBe(0);
  });

  test('a taken port is told', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => other.once('listening', resolve));
    const address = other.address();
    const port = typeof address === 'object' ? String(address?.port) : '';
    const { code, stderr } = await command(['serve'], { PORT: port });
    other.close();
    expect(code).toBe(1);
    expect(stderr).toContain(`Port ${port} is in use`);
  });

  test('keeps what it acknowledged when killed', async () => {
    const data = temporaryFolder();
    const first = await serve({ DATA_DIR: data });
    const { body } = await post(first.url, 'create_spreadsheet', {
      title: 'Kept',
      sheets: [{ title: 'S', rows: [['n']] }],
    });
    for (let n = 1; n <= 20; n++) {
      const { status } = await post(first.url, 'append_rows', { spreadsheet: body.id, sheet: 'S', rows: [[n]] });
      expect(status).toBe(200);
    }
    first.child.kill('SIGKILL');
    await first.exit;
    const second = await serve({ DATA_DIR: data });
    const read = await post(second.url, 'read_range', { spreadsheet: body.id, ranges: ['S'], render: 'unformatted' });
    expect(read.body.ranges[0].rows).toEqual([['n'], ...Array.from({ length: 20 }, (_, n) => [n + 1])]);
  });

  test('a second process on the same workbooks is told the owner and the cure', async () => {
    const data = temporaryFolder();
    const server = await serve({ DATA_DIR: data });
    const { code, stderr } = await command(['call', 'search_spreadsheets'], { DATA_DIR: data });
    expect(code).toBe(1);
    expect(stderr).toMatch(new RegExp(`process ${server.child.pid}.*DATA_DIR`));
    const through = await command(['call', 'search_spreadsheets', '--url', server.url], { DATA_DIR: data });
    expect(through.code).toBe(0);
    expect(JSON.parse(through.stdout).spreadsheets[0].id).toBe(demo);
  });

  test('told to stop, it answers what is in flight, ends open streams and exits 0', async () => {
    await using google = await startFakeGoogle();
    google.answer('/v4/spreadsheets', 'hang');
    const env = {
      GOOGLE_API_ROOT_URL: google.url,
      GOOGLE_ACCESS_TOKEN: 'test-token-value',
      API_TIMEOUT_MS: '700',
      RETRY_ENABLED: 'false',
    };
    const server = run(['serve'], { PORT: '0', DATA_DIR: temporaryFolder(), ...env });
    const [, url = ''] = await printed(server, / at (http:\S+)/);
    const client = new Client({ name: 'tests', version: '1' });
    await client.connect(
      new StreamableHTTPClientTransport(new URL(`${url}/mcp`)) as Parameters<typeof client.connect>[0],
    );
    const call = post(url, 'describe_spreadsheet', { spreadsheet: 'some_spreadsheet_id' });
    await google.arrival(0);
    server.child.kill('SIGTERM');
    expect(await call).toMatchObject({ status: 504, body: { code: 'timeout' } });
    expect(await server.exit).toBe(0);
    await expect(fetch(`${url}/health/live`)).rejects.toThrow();
    await client.close();
  });

  test('no credential shows in any answer or log line', async () => {
    await using google = await startFakeGoogle();
    google.answer('/', {
      status: 401,
      body: { error: { code: 401, message: 'Invalid Credentials', status: 'UNAUTHENTICATED' } },
    });
    const token = 'ya29.secret-of-this-test';
    const env = { GOOGLE_API_ROOT_URL: google.url, GOOGLE_ACCESS_TOKEN: token, LOG_LEVEL: 'DEBUG' };
    const server = run(['serve'], { PORT: '0', DATA_DIR: temporaryFolder(), ...env });
    const [, url = ''] = await printed(server, / at (http:\S+)/);
    const answer = await post(url, 'search_spreadsheets', {});
    expect(answer).toMatchObject({ status: 401, body: { code: 'unauthenticated', detail: 'Invalid Credentials' } });
    const ready = await fetch(`${url}/health/ready`);
    expect(ready.status).toBe(503);
    const checks = await ready.json();
    expect(checks.checks[0]).toMatchObject({ name: 'auth', status: 'down' });
    server.child.kill('SIGTERM');
    await server.exit;
    expect(google.requests[0]?.headers.authorization).toBe(`Bearer ${token}`);
    expect(JSON.stringify([answer, checks, server.stdout(), server.stderr()])).not.toContain('secret-of-this-test');
  });
});

describe('stdio', () => {
  test('writes nothing but JSON-RPC to standard output and ends with its input', async () => {
    const server = run(['stdio'], { DATA_DIR: temporaryFolder() });
    const initialize = {
      jsonrpc: '2.0',
      id: 1,
      method: 'initialize',
      params: { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 'tests', version: '1' } },
    };
    const call = {
      jsonrpc: '2.0',
      id: 2,
      method: 'tools/call',
      params: { name: 'search_spreadsheets', arguments: {} },
    };
    const write = (message: object) => server.child.stdin?.write(`${JSON.stringify(message)}\n`);
    write(initialize);
    await printed(server, /"id":1/);
    write({ jsonrpc: '2.0', method: 'notifications/initialized' });
    write(call);
    await printed(server, /"id":2/);
    server.child.stdin?.end();
    expect(await server.exit).toBe(0);
    const messages = server
      .stdout()
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(messages.map((message) => message.jsonrpc)).toEqual(['2.0', '2.0']);
    expect(server.stderr()).toMatch(/"message":"serving MCP on stdio"/);
  });
});

test('stdio answers what was asked before its input ended, also when that is more than a pipe holds', async () => {
  const client = startPaused(['stdio'], { DATA_DIR: temporaryFolder() });
  const params = { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 'tests', version: '1' } };
  const read = { name: 'read_range', arguments: { spreadsheet: demo, ranges: ['airports'], limit: 100_000 } };
  const messages = [
    { jsonrpc: '2.0', id: 1, method: 'initialize', params },
    { jsonrpc: '2.0', method: 'notifications/initialized' },
    { jsonrpc: '2.0', id: 2, method: 'tools/call', params: read },
  ];
  client.child.stdin.end(messages.map((message) => `${JSON.stringify(message)}\n`).join(''));
  const lines = (await client.readLate()).trimEnd().split('\n');
  expect(lines.map((line) => JSON.parse(line).id)).toEqual([1, 2]);
  expect(lines[1]?.length).toBeGreaterThan(150_000);
});

describe('the command line', () => {
  test.each([
    [['--help'], 0, /servalsheets <command>/, /^$/],
    [['--version'], 0, /^\d+\.\d+\.\d+\n$/, /^$/],
    [['tools'], 0, /read_range\s+read\s+Read cells/, /^$/],
    [[], 2, /^$/, /servalsheets <command>/],
    [['fly'], 2, /^$/, /There is no command "fly"/],
    [['serve', '--fast'], 2, /^$/, /--fast/],
    [['serve', '--port', '4000'], 2, /^$/, /serve does not take --port: set PORT/],
    [['serve', '4000'], 2, /^$/, /serve does not take "4000"/],
    [['stdio', '--json'], 2, /^$/, /stdio does not take --json/],
    [['tools', '--url', 'http://x'], 2, /^$/, /tools does not take --url/],
    [['call', 'read_range', '{}', 'more'], 2, /^$/, /call does not take "more"/],
    [['call', 'read_range', '{', '--url', 'http://127.0.0.1:1'], 2, /^$/, /not valid JSON/],
    [['call', 'read_range', '--url', '127.0.0.1:3000'], 2, /^$/, /--url takes an http: or https: URL/],
    [['call', 'read_range', '--url', 'http://u:hidden@x/'], 2, /^$/, /--url takes(?!.*hidden)/],
    [
      ['call', 'read_range', '--url', 'http://127.0.0.1:1'],
      1,
      /^$/,
      /No server answers at http:\/\/127\.0\.0\.1:1\/ \(.+\): start one/,
    ],
    [['call'], 2, /^$/, /call takes a tool/],
    [['call', 'read_range', '{'], 2, /^$/, /not valid JSON/],
    [['call', 'read_range', '{}'], 1, /^$/, /invalid_argument: read_range: spreadsheet/],
    [['call', 'nothing'], 1, /^$/, /not_found: There is no tool/],
    [['call', 'search_spreadsheets'], 0, /ServalSheets demo/, /^$/],
    [['emulator', '--port', 'x'], 2, /^$/, /--port takes a number/],
  ])('%j exits %i', async (args, code, stdout, stderr) => {
    const result = await command(args);
    expect(result.code, result.stderr).toBe(code);
    expect(result.stdout).toMatch(stdout);
    expect(result.stderr).toMatch(stderr);
  });

  test.each([
    ['a page', '<html>welcome</html>', 200],
    ['JSON of its own', '{"code":"x","detail":"y","hint":"z"}', 404],
  ])('a server that answers with %s is told to be none of ours', async (_, body, status) => {
    const other = createServer((_request, response) => response.writeHead(status).end(body)).listen(0, '127.0.0.1');
    await once(other, 'listening');
    const url = `http://127.0.0.1:${(other.address() as AddressInfo).port}`;
    const { code, stdout, stderr } = await command(['call', 'search_spreadsheets', '--url', url]);
    other.close();
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toBe(
      `servalsheets: What answers at ${url}/ (status ${status}) is not ServalSheets: correct --url, path prefix included.\n`,
    );
  });

  test('an answer larger than a pipe holds arrives whole, however late its reader', async () => {
    const server = await serve({ DATA_DIR: temporaryFolder() });
    const input = { spreadsheet: demo, ranges: ['airports'], limit: 100_000 };
    const { body } = await post(server.url, 'read_range', input);
    const through = startPaused(['call', 'read_range', JSON.stringify(input), '--url', server.url], {});
    const stdout = await through.readLate();
    expect(stdout.length).toBeGreaterThan(100_000);
    expect(JSON.parse(stdout).ranges).toEqual(body.ranges);
  });

  test('a reader that leaves early is no fault', async () => {
    const server = startPaused(['tools', '--json'], {});
    server.child.stdout.destroy();
    const [code] = await once(server.child, 'exit');
    expect([code, server.stderr()]).toEqual([0, '']);
  });

  test('the emulator serves the Sheets API to a server that uses it as Google', async () => {
    const emulator = run(['emulator', '--port', '0'], { DATA_DIR: temporaryFolder() });
    const [, url = ''] = await printed(emulator, / at (http:[^;\s]+)/);
    await printed(emulator, /Demo spreadsheet/);
    const env = { GOOGLE_API_ROOT_URL: url, GOOGLE_ACCESS_TOKEN: 'any' };
    const input = JSON.stringify({ spreadsheet: demo, ranges: ['airports!A1:B2'] });
    const { code, stdout, stderr } = await command(['call', 'read_range', input], env);
    expect(code, stderr).toBe(0);
    expect(JSON.parse(stdout).ranges[0].rows).toEqual([
      ['iata', 'name'],
      ['00M', 'Thigpen'],
    ]);
    emulator.child.kill('SIGTERM');
    expect(await emulator.exit).toBe(0);
  });
});

test('what was sent on open connections before the stop is answered', async () => {
  const server = await serve({ DATA_DIR: temporaryFolder() });
  const { body } = await post(server.url, 'create_spreadsheet', {
    title: 'Load',
    sheets: [{ title: 'S', rows: [['n']] }],
  });
  const rows = Array.from({ length: 300 }, (_, n) => [n, 'x'.repeat(50)]);
  await Promise.all(Array.from({ length: 20 }, () => post(server.url, 'search_spreadsheets', {})));
  const append = () => post(server.url, 'append_rows', { spreadsheet: body.id, sheet: 'S', rows });
  const calls = Array.from({ length: 20 }, append);
  await calls[0];
  server.child.kill('SIGTERM');
  expect((await Promise.all(calls)).map(({ status }) => status)).toEqual(Array(20).fill(200));
  expect(await server.exit).toBe(0);
});
