// Sessions of 2025-era clients: an idle one makes room for a new one, a busy one never does.

import { expect, test } from 'vitest';
import { createSessions } from '../../src/server/sessions.ts';
import { testApp } from '../support/app.ts';

type App = Awaited<ReturnType<typeof testApp>>;

const HEADERS = { 'content-type': 'application/json', accept: 'application/json, text/event-stream' };
const MAX = 1_000;

async function open(app: App): Promise<{ status: number; id: string; text: string }> {
  const body = JSON.stringify({
    jsonrpc: '2.0',
    id: 1,
    method: 'initialize',
    params: { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 'tests', version: '1' } },
  });
  const response = await app.request('/mcp', { method: 'POST', headers: HEADERS, body });
  return { status: response.status, id: response.headers.get('mcp-session-id') ?? '', text: await response.text() };
}

const inSession = (id: string) => ({ ...HEADERS, 'mcp-session-id': id, 'mcp-protocol-version': '2025-06-18' });

async function listTools(app: App, id: string): Promise<number> {
  const body = JSON.stringify({ jsonrpc: '2.0', id: 2, method: 'tools/list' });
  const response = await app.request('/mcp', { method: 'POST', headers: inSession(id), body });
  await response.text();
  return response.status;
}

/** The stream for messages from the server: open as long as its reader reads. */
async function stream(app: App, id: string) {
  const response = await app.request('/mcp', { headers: inSession(id) });
  expect(response.status).toBe(200);
  return response.body;
}

test('a session with an open stream outlives a thousand newer ones, the oldest idle one goes', async () => {
  const app = await testApp();
  const busy = await open(app);
  const held = await stream(app, busy.id);
  const idle = await open(app);
  for (let n = 2; n <= MAX; n++) expect((await open(app)).status).toBe(200);
  expect([await listTools(app, busy.id), await listTools(app, idle.id)]).toEqual([200, 404]);
  await held?.cancel();
});

test('when all are busy a new one is refused with 503, until one is free', async () => {
  const app = await testApp();
  const streams = [];
  for (let n = 0; n < MAX; n++) streams.push(await stream(app, (await open(app)).id));
  const refused = await open(app);
  expect(refused.status).toBe(503);
  expect(JSON.parse(refused.text).error.message).toMatch(/All 1000 sessions are busy: close one/);
  await streams[500]?.cancel();
  expect((await open(app)).status).toBe(200);
  for (const one of streams) await one?.cancel();
});

test('a session is busy until its last use is over, then idle again', () => {
  const ended: string[] = [];
  const sessions = createSessions<{ name: string }>({ max: 2, idleMs: 60_000, end: ({ name }) => ended.push(name) });
  for (const name of ['a', 'b']) sessions.add(name, { name });
  const [first, second] = [sessions.use('a'), sessions.use('a')];
  first?.done();
  first?.done();
  expect([sessions.reserve(), ended]).toEqual([true, ['b']]);
  sessions.add('c', { name: 'c' });
  const third = sessions.use('c');
  expect(sessions.reserve()).toBe(false);
  second?.done();
  expect([sessions.reserve(), ended]).toEqual([true, ['b', 'a']]);
  third?.done();
  sessions.remove('c');
  expect(sessions.use('c')).toBeUndefined();
  expect(sessions.drain()).toEqual([]);
});
