// Whatever a caller sends: a clear 4xx problem, or isError, never a 500, and nothing changes.

import { expect, test } from 'vitest';
import { DEMO_SPREADSHEET_ID as demo } from '../../src/emulator/emulator.ts';
import { testApp } from '../support/app.ts';

interface Case {
  readonly name: string;
  readonly path?: string;
  readonly method?: string;
  readonly body?: string;
  readonly headers?: Record<string, string>;
  readonly status: number;
  readonly code: string;
  /** Words the answer must hold. */
  readonly says: RegExp;
}

const tool = (name: string, input: unknown) => ({ path: `/v1/tools/${name}`, body: JSON.stringify(input) });
const write = (more: object) =>
  tool('write_range', { spreadsheet: demo, writes: [{ range: 'airports!A1', values: [['x']] }], ...more });

const CASES: readonly Case[] = [
  {
    name: 'malformed JSON',
    path: '/v1/tools/read_range',
    body: '{"spreadsheet":',
    status: 400,
    code: 'invalid_argument',
    says: /not valid JSON/,
  },
  {
    name: 'a body that is no object',
    path: '/v1/tools/read_range',
    body: '[1]',
    status: 400,
    code: 'invalid_argument',
    says: /JSON object/,
  },
  {
    name: 'unknown tool',
    ...tool('read_rnge', {}),
    status: 404,
    code: 'not_found',
    says: /Did you mean read_range\?.*Tools: /,
  },
  { name: 'unknown route', path: '/v2/nothing', status: 404, code: 'not_found', says: /Routes: .*\/v1\/tools/ },
  {
    name: 'wrong method',
    path: '/v1/tools/read_range',
    method: 'DELETE',
    status: 405,
    code: 'invalid_argument',
    says: /does not take DELETE.*Methods: POST/,
  },
  {
    name: 'unknown key',
    ...write({ inputs: 'raw' }),
    status: 400,
    code: 'invalid_argument',
    says: /"inputs" \(did you mean "input"\?\)/,
  },
  {
    name: 'unknown key inside',
    ...write({ writes: [{ range: 'airports!A1', value: [['x']] }] }),
    status: 400,
    code: 'invalid_argument',
    says: /unknown key "value" \(did you mean "values"\?\) in writes\[0\], which takes range, values/,
  },
  {
    name: 'wrong type',
    ...write({ writes: 'A1' }),
    status: 400,
    code: 'invalid_argument',
    says: /writes: expected array/,
  },
  {
    name: 'wrong cell type',
    ...write({ writes: [{ range: 'airports!A1', values: [[{ a: 1 }]] }] }),
    status: 400,
    code: 'invalid_argument',
    says: /writes\[0\]\.values\[0\]\[0\]: expected text, a number, true or false, null, or \{ "formula": "=\.\.\." \}/,
  },
  ...[[], { formula: 5 }, { formula: '=A1', more: 1 }, { formula: '=' }].map((cell) => ({
    name: `a cell that is ${JSON.stringify(cell)}`,
    ...write({ writes: [{ range: 'airports!A1', values: [[null, cell]] }] }),
    status: 400,
    code: 'invalid_argument',
    says: /values\[0\]\[1\]: expected text, a number/,
  })),
  {
    name: 'a wrong cell in a record',
    ...tool('append_rows', { spreadsheet: demo, sheet: 'airports', rows: [{ iata: 'X' }, { name: [1] }] }),
    status: 400,
    code: 'invalid_argument',
    says: /rows\[1\]\.name: expected text, a number/,
  },
  {
    name: 'a row that is neither array nor record',
    ...tool('append_rows', { spreadsheet: demo, sheet: 'airports', rows: [7] }),
    status: 400,
    code: 'invalid_argument',
    says: /rows\[0\]: expected an array of cells, or a record/,
  },
  {
    name: 'a record with the key __proto__',
    path: '/v1/tools/append_rows',
    body: `{"spreadsheet":"${demo}","sheet":"airports","rows":[{"iata":"X","__proto__":"lost"}]}`,
    status: 400,
    code: 'invalid_argument',
    says: /rows\[0\]: the name "__proto__" cannot be taken/,
  },
  {
    name: 'more rows than a call takes',
    ...write({ writes: [{ range: 'airports!A1', values: Array(1_300_000).fill([]) }] }),
    status: 413,
    code: 'too_large',
    says: /writes\[0\]\.values has 1300000 items, and a call takes 100000/,
  },
  {
    name: 'more cells than a call takes',
    ...write({ writes: [{ range: 'airports!A1', values: Array(2_000).fill(Array(500).fill(1)) }] }),
    status: 413,
    code: 'too_large',
    says: /more than 500000 values/,
  },
  {
    name: 'hundreds of thousands of wrong cells',
    ...write({ writes: [{ range: 'airports!A1', values: Array(4_900).fill(Array(100).fill({})) }] }),
    status: 400,
    code: 'invalid_argument',
    says: /values\[0\]\[4\].*; and many more/,
  },
  {
    name: 'a key of a megabyte',
    ...write({ ['k'.repeat(1_000_000)]: 1 }),
    status: 400,
    code: 'invalid_argument',
    says: /^.{0,400}$/,
  },
  {
    name: 'a sheet of a megabyte',
    ...tool('append_rows', { spreadsheet: demo, sheet: 's'.repeat(1_000_000), rows: [[1]] }),
    status: 400,
    code: 'invalid_argument',
    says: /^.{0,400}$/,
  },
  {
    name: 'a route of ten kilobytes',
    path: `/${'r'.repeat(10_000)}`,
    status: 404,
    code: 'not_found',
    says: /^.{0,700}$/,
  },
  {
    name: 'a tool of ten kilobytes',
    ...tool('t'.repeat(10_000), {}),
    status: 404,
    code: 'not_found',
    says: /^.{0,700}$/,
  },
  {
    name: 'cells gone wrong',
    ...tool('read_range', { spreadsheet: demo, ranges: ['A1 : B2'] }),
    status: 400,
    code: 'invalid_argument',
    says: /"A1 : B2" is not a range/,
  },
  {
    name: 'bad range',
    ...write({ writes: [{ range: 'airports!1A', values: [['x']] }] }),
    status: 400,
    code: 'invalid_argument',
    says: /is not a range/,
  },
  {
    name: 'unknown sheet',
    ...write({ writes: [{ range: 'airport!A1', values: [['x']] }] }),
    status: 404,
    code: 'not_found',
    says: /Did you mean "airports"\?.*seattle-weather, birdstrikes, airports/,
  },
  {
    name: 'one bad range among good ones',
    ...write({
      writes: [
        { range: 'airports!A1', values: [['x']] },
        { range: 'nowhere!A1', values: [['x']] },
      ],
    }),
    status: 404,
    code: 'not_found',
    says: /nowhere/,
  },
  {
    name: 'values larger than the range',
    ...write({ writes: [{ range: 'airports!A1:B1', values: [['x', 'y', 'z']] }] }),
    status: 400,
    code: 'invalid_argument',
    says: /holds 1 rows of 2/,
  },
  {
    name: 'no cells',
    ...write({ writes: [{ range: 'airports!A1', values: [[]] }] }),
    status: 400,
    code: 'invalid_argument',
    says: /holds no cells/,
  },
  {
    name: 'a cell too long',
    ...write({ writes: [{ range: 'airports!A1', values: [['x'.repeat(50_001)]] }] }),
    status: 400,
    code: 'invalid_argument',
    says: /A1 has 50001 characters.*50000/,
  },
  {
    name: 'a formula without =',
    ...write({ writes: [{ range: 'airports!A1', values: [[{ formula: 'SUM(A1)' }]] }] }),
    status: 400,
    code: 'invalid_argument',
    says: /does not begin with/,
  },
  {
    name: 'beyond the widest sheet',
    ...write({ writes: [{ range: 'airports!AAAA1', values: [['x']] }] }),
    status: 400,
    code: 'invalid_argument',
    says: /not a range/,
  },
  {
    name: 'beyond all cells',
    ...write({ writes: [{ range: 'airports!A9999999', values: [['x']] }] }),
    status: 400,
    code: 'invalid_argument',
    says: /10000000 cells/,
  },
  {
    name: 'a bad spreadsheet id',
    ...tool('read_range', { spreadsheet: 'x y', ranges: ['A1'] }),
    status: 400,
    code: 'invalid_argument',
    says: /neither the id nor the URL/,
  },
  {
    name: 'an empty row',
    ...tool('append_rows', { spreadsheet: demo, sheet: 'airports', rows: [['a'], [null, '']] }),
    status: 400,
    code: 'invalid_argument',
    says: /rows\[1\] is empty/,
  },
  {
    name: 'an unknown column',
    ...tool('append_rows', { spreadsheet: demo, sheet: 'airports', rows: [{ iata: 'X' }, { itaa: 'Y' }] }),
    status: 400,
    code: 'invalid_argument',
    says: /rows\[1\].*itaa.*iata, name, city/,
  },
  {
    name: 'a foreign cursor',
    ...tool('read_range', { spreadsheet: demo, ranges: ['airports'], cursor: 'abc' }),
    status: 400,
    code: 'invalid_argument',
    says: /cursor/,
  },
  {
    name: 'a bad search cursor',
    ...tool('search_spreadsheets', { cursor: '~' }),
    status: 400,
    code: 'invalid_argument',
    says: /^cursor is not one that this search gave.*nextCursor/,
  },
  {
    name: 'duplicate sheet titles',
    ...tool('create_spreadsheet', { title: 'T', sheets: [{ title: 'a' }, { title: 'A' }] }),
    status: 400,
    code: 'invalid_argument',
    says: /already exists/,
  },
  {
    name: 'a 5 MB body',
    path: '/v1/tools/read_range',
    body: 'x'.repeat(5_000_000),
    status: 413,
    code: 'too_large',
    says: /4194304 bytes/,
  },
  {
    name: 'a foreign Host',
    path: '/v1/tools',
    method: 'GET',
    headers: { host: 'evil.example' },
    status: 403,
    code: 'permission_denied',
    says: /Host or Origin/,
  },
  {
    name: 'a foreign Origin',
    path: '/v1/tools',
    method: 'GET',
    headers: { origin: 'https://evil.example' },
    status: 403,
    code: 'permission_denied',
    says: /Host or Origin/,
  },
];

test('bad requests are refused clearly over REST and change nothing', async () => {
  const app = await testApp();
  const state = async () => [
    await app.rest('describe_spreadsheet', { spreadsheet: demo }),
    await app.rest('read_range', { spreadsheet: demo, ranges: ['airports!A1:G5', 'airports!A3370:G3480'] }),
    await app.rest('search_spreadsheets', {}),
  ];
  const before = await state();
  for (const { name, path = '/', method = 'POST', body, headers, status, code, says } of CASES) {
    const response = await app.request(path, {
      method,
      ...(body !== undefined && { body }),
      ...(headers && { headers }),
    });
    const text = await response.text();
    expect(response.headers.get('content-type'), name).toBe('application/problem+json');
    expect({ name, status: response.status, code: JSON.parse(text).code }).toEqual({ name, status, code });
    const problem = JSON.parse(text);
    expect(`${problem.detail} ${problem.hint}`, name).toMatch(says);
    expect(problem, name).toMatchObject({
      status,
      type: 'about:blank',
      hint: expect.stringMatching(/./),
      requestId: expect.stringMatching(/^[\w-]{36}$/),
    });
  }
  expect(await state()).toEqual(before);
});

async function mcp(app: Awaited<ReturnType<typeof testApp>>, body: string): Promise<{ status: number; text: string }> {
  const headers = { 'content-type': 'application/json', accept: 'application/json, text/event-stream' };
  const response = await app.request('/mcp', { method: 'POST', body, headers: { ...headers, ...modernHeaders(body) } });
  return { status: response.status, text: await response.text() };
}

/** Headers that revision 2026-07-28 wants to repeat the body. */
function modernHeaders(body: string): Record<string, string> {
  const name = /"name":"(\w+)"/.exec(body)?.[1];
  return { 'mcp-protocol-version': '2026-07-28', 'mcp-method': 'tools/call', ...(name && { 'mcp-name': name }) };
}

const toolCall = (name: string, input: unknown) =>
  JSON.stringify({
    jsonrpc: '2.0',
    id: 1,
    method: 'tools/call',
    params: {
      name,
      arguments: input,
      _meta: {
        'io.modelcontextprotocol/protocolVersion': '2026-07-28',
        'io.modelcontextprotocol/clientCapabilities': {},
      },
    },
  });

test('the same requests over MCP are isError with code and hint, an unknown tool a protocol error', async () => {
  const app = await testApp();
  for (const { name, path = '', body = '', code, says } of CASES) {
    const own = /^\/v1\/tools\/(\w+)$/.exec(path)?.[1];
    if (
      own === undefined ||
      own.length > 100 ||
      !body.startsWith('{') ||
      code === 'too_large' ||
      name === 'malformed JSON'
    )
      continue;
    const { status, text } = await mcp(app, toolCall(own, JSON.parse(body)));
    if (name === 'unknown tool') {
      expect(JSON.parse(text).error, name).toMatchObject({
        code: -32602,
        message: expect.stringMatching(/There is no tool read_rnge/),
      });
      continue;
    }
    expect(status, name).toBe(200);
    const { result } = JSON.parse(text);
    expect(result, name).toMatchObject({
      isError: true,
      structuredContent: { error: { code, requestId: expect.any(String), hint: expect.stringMatching(/./) } },
    });
    const { detail, hint } = result.structuredContent.error;
    expect(`${detail} ${hint}`, name).toMatch(says);
    expect(result.content[0].text, name).toContain(detail);
  }
});

test('malformed and oversized MCP bodies are refused', async () => {
  const app = await testApp();
  expect((await mcp(app, '{"jsonrpc":')).status).toBe(400);
  expect((await mcp(app, 'x'.repeat(5_000_000))).status).toBe(413);
});

test('a record with a wrong key among many columns is told with some of them', async () => {
  const app = await testApp();
  const header = Array.from({ length: 300 }, (_, column) => `Column ${column}`);
  const { body } = await app.rest('create_spreadsheet', { title: 'Wide', sheets: [{ title: 'S', rows: [header] }] });
  const told = await app.rest('append_rows', { spreadsheet: body.id, sheet: 'S', rows: [{ Colum: 1 }] });
  expect(told).toMatchObject({
    status: 400,
    body: { hint: expect.stringMatching(/^Columns: Column 0, .* and 270 more/) },
  });
});

test('a wrong method is answered 405 with the right ones, and a slash at the end of a path changes nothing', async () => {
  const app = await testApp();
  const wrong = await app.request('/v1/tools/read_range', { method: 'PUT' });
  expect([wrong.status, wrong.headers.get('allow')]).toEqual([405, 'POST']);
  expect(await wrong.json()).toMatchObject({ status: 405, code: 'invalid_argument', hint: 'Methods: POST.' });
  for (const path of ['/v1/tools/', '/docs/', '/openapi.json/', '/health/live/']) {
    expect((await app.request(path)).status, path).toBe(200);
  }
  const read = { method: 'POST', body: JSON.stringify({ spreadsheet: demo, ranges: ['airports!A1'] }) };
  expect((await app.request('/v1/tools/read_range/', read)).status).toBe(200);
});

test('what went wrong is told without the secrets that it may hold', async () => {
  const google: typeof fetch = async () =>
    Response.json({ error: { code: 403, message: 'Denied: Bearer ya29.hidden-part' } }, { status: 403 });
  const app = await testApp({ GOOGLE_ACCESS_TOKEN: 't', GOOGLE_API_ROOT_URL: 'http://google.invalid' }, google);
  const { status, body } = await app.rest('read_range', { spreadsheet: demo, ranges: ['A1'] });
  expect({ status, detail: body.detail }).toEqual({ status: 403, detail: 'Denied: [redacted]' });
  const { text } = await mcp(app, toolCall('read_range', { spreadsheet: demo, ranges: ['A1'] }));
  expect(text).toContain('Denied: [redacted]');
  expect(text).not.toContain('hidden');
});
