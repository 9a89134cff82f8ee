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
    status: 404,
    code: 'not_found',
    says: /no DELETE/,
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
    says: /unknown key "value" in writes\[0\]/,
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
    says: /writes\[0\]\.values\[0\]\[0\]/,
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
    says: /./,
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
    if (own === undefined || !body.startsWith('{') || code === 'too_large' || name === 'malformed JSON') continue;
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
