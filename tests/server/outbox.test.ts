// Queued writes as clients and operators meet them: 202 over REST, the same over MCP, the routes and the metrics.

import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { describe, expect, test } from 'vitest';
import { createWorld, startApp } from '../support/wired-app.ts';

const append = (spreadsheet: string, value: string, sheet = 'S') => ({ spreadsheet, sheet, rows: [[value]] });
const CIRCUIT = 'google_sheets_api';

async function start(env: Record<string, string> = {}) {
  const world = await createWorld();
  const app = await startApp(world, env);
  const id = await world.book([['h']]);
  await world.direct(`/${id}:batchUpdate`, { requests: [{ addSheet: { properties: { title: 'T', sheetId: 8 } } }] });
  const isolate = (forMs: number) => app.post('/circuit-breakers/isolate', { circuit: CIRCUIT, forMs });
  const release = () => app.post('/circuit-breakers/release', { circuit: CIRCUIT });
  const remove = (writeId: string) => app.json(`/outbox/${writeId}`, { method: 'DELETE' });
  /** Queues an append; its id. */
  const queue = async (value: string, sheet = 'S'): Promise<string> => {
    const { status, body } = await app.rest('append_rows', append(id, value, sheet));
    expect(status).toBe(202);
    return body.writeId;
  };
  const metric = async (name: string) => {
    const text = await (await world.until(app.request('/metrics'))).text();
    const line = text.split('\n').find((one) => one.startsWith(`servalsheets_${name} `));
    return line === undefined ? undefined : Number(line.split(' ').at(-1));
  };
  return { world, app, id, isolate, release, remove, queue, metric };
}

describe('a write while the circuit is open', () => {
  test('is answered 202 over REST, said to be a fallback', async () => {
    const { app, id, isolate } = await start();
    await isolate(60_000);
    const { status, headers, body } = await app.rest('append_rows', append(id, 'a'));
    expect([status, headers.get('x-fallback-mode')]).toEqual([202, 'true']);
    expect(body).toEqual({ status: 'queued', writeId: expect.stringMatching(/^[\w-]{22}$/), position: 1 });
    const asked = await app.rest('get_write', { writeId: body.writeId });
    expect([asked.status, asked.headers.get('x-fallback-mode')]).toEqual([200, null]);
  });

  test('that cannot wait is answered 503 with the circuit and the time', async () => {
    const { app, isolate } = await start();
    await isolate(60_000);
    const { status, headers, body } = await app.rest('create_spreadsheet', { title: 'T' });
    expect([status, body.code, body.circuit, headers.get('x-fallback-mode')]).toEqual([
      503,
      'circuit_open',
      CIRCUIT,
      null,
    ]);
    expect(Number(headers.get('retry-after'))).toBe(60);
  });

  test('is told the same over MCP', async () => {
    const { world, app, id, isolate, release } = await start();
    await isolate(60_000);
    const client = new Client({ name: 'tests', version: '1.0.0' });
    const url = new URL('http://127.0.0.1/mcp');
    const fetch = async (input: string | URL, init?: RequestInit) => app.fetch(new Request(input, init));
    await world.until(client.connect(new StreamableHTTPClientTransport(url, { fetch })));
    const result = await world.until(client.callTool({ name: 'append_rows', arguments: append(id, 'a') }));
    expect(result.isError ?? false).toBe(false);
    const queued = { status: 'queued', writeId: expect.any(String), position: 1 };
    expect(result.structuredContent).toEqual(queued);
    expect(JSON.parse(JSON.stringify(result.content))[0].text).toBe(JSON.stringify(result.structuredContent));
    await release();
    await world.pass(10_000, 250);
    expect(await world.rows(id)).toEqual([['h'], ['a']]);
    await client.close();
  });

  test('reads of the spreadsheet tell how many wait', async () => {
    const { world, app, id, isolate, queue } = await start();
    await app.rest('read_range', { spreadsheet: id, ranges: ['S'] });
    await isolate(60_000);
    await queue('a');
    await world.pass(11_000, 250);
    const { headers, body } = await app.rest('read_range', { spreadsheet: id, ranges: ['S'] });
    expect([headers.get('x-fallback-mode'), body.source, body.pendingWrites]).toEqual(['true', 'stale', 1]);
  });
});

describe('the list', () => {
  test('shows what an operator needs and nothing of the cells, in the order in which they will be made', async () => {
    const { world, app, id, isolate, queue } = await start();
    await isolate(3_600_000);
    const ids = [await queue('secret'), await queue('b')];
    await world.pass(5_000, 250);
    const { body } = await app.json('/outbox');
    expect(body).toEqual({
      entries: ids.map((writeId, index) => ({
        writeId,
        tool: 'append_rows',
        spreadsheet: id,
        state: 'queued',
        position: index + 1,
        queuedAt: expect.stringMatching(/^2026-01-01T00:00:0/),
        ageMs: expect.any(Number),
        attempts: 0,
      })),
      total: 2,
    });
    expect(body.entries[0].ageMs).toBeGreaterThanOrEqual(5_000);
    expect(JSON.stringify(body)).not.toContain('secret');
  });

  test('comes in pages', async () => {
    const { app, isolate, queue } = await start();
    await isolate(3_600_000);
    const ids: string[] = [];
    for (const value of ['a', 'b', 'c', 'd']) ids.push(await queue(value));
    const seen: string[][] = [];
    for (let cursor: string | undefined = ''; cursor !== undefined; ) {
      const { body } = await app.json(`/outbox?limit=2${cursor === '' ? '' : `&cursor=${cursor}`}`);
      expect(body.total).toBe(4);
      seen.push(body.entries.map(({ writeId }: { writeId: string }) => writeId));
      cursor = body.nextCursor;
    }
    expect(seen).toEqual([ids.slice(0, 2), ids.slice(2)]);
  });

  test.each(['limit=0', 'limit=1001', 'limit=x', 'limit=1.5', 'cursor=x', 'cursor=1', 'cursor=1.%20'])(
    'refuses %s',
    async (query) => {
      const { app } = await start();
      const { status, body } = await app.json(`/outbox?${query}`);
      expect([status, body.code]).toEqual([400, 'invalid_argument']);
    },
  );
});

describe('a queued write', () => {
  test('that has expired is kept when it is asked for again while the circuit is still open', async () => {
    const { world, app, id, isolate, release, queue } = await start({ OUTBOX_MAX_AGE_MS: '60000' });
    await isolate(3_600_000);
    const writeId = await queue('a');
    await world.pass(70_000, 500);
    expect((await app.json('/outbox')).body.entries).toMatchObject([{ writeId, state: 'expired' }]);
    await app.post(`/outbox/${writeId}/retry`);
    await world.pass(10_000, 500);
    expect((await app.json('/outbox')).body.entries).toMatchObject([{ writeId, state: 'queued' }]);
    await release();
    await world.pass(10_000, 500);
    expect(await world.rows(id)).toEqual([['h'], ['a']]);
  });

  test('can be taken out: it is never made, and says so', async () => {
    const { world, app, id, isolate, release, remove, queue } = await start();
    await isolate(3_600_000);
    const [first, second] = [await queue('a'), await queue('b')];
    const removed = await remove(first);
    expect([removed.status, removed.body]).toEqual([200, { deleted: first }]);
    expect((await app.json('/outbox')).body).toMatchObject({ entries: [{ writeId: second, position: 1 }], total: 1 });
    await release();
    await world.pass(10_000, 250);
    expect(await world.rows(id)).toEqual([['h'], ['b']]);
    expect((await app.rest('get_write', { writeId: first })).body).toMatchObject({
      state: 'cancelled',
      error: { message: expect.stringMatching(/by the operator: it was not applied/) },
    });
  });

  test.each(['DELETE', 'POST'])('that never was, or is over: %s', async (method) => {
    const { world, app, id } = await start();
    const suffix = method === 'POST' ? '/retry' : '';
    const never = await app.json(`/outbox/k3Xw0bTq8ZrV1nYsH2dLpA${suffix}`, { method });
    const { body } = await app.rest('append_rows', append(id, 'a'));
    const over = await app.json(`/outbox/${body.writeId}${suffix}`, { method });
    expect([never.status, never.body.code, over.status, over.body.code]).toEqual([404, 'not_found', 409, 'conflict']);
    expect(over.body.detail).toContain('applied');
    expect(await world.rows(id)).toEqual([['h'], ['a']]);
  });

  test('that is being made just now stays', async () => {
    const { world, app, id, isolate, remove, queue } = await start();
    await isolate(2_000);
    const writeId = await queue('a');
    // It is worked out, nothing of it was sent.
    world.onWire(async ({ method }, pass) => {
      if (method === 'GET') await world.clock.sleep(5_000);
      return pass();
    });
    await world.pass(4_000, 250);
    expect(world.writes()).toEqual([]);
    const refused = await remove(writeId);
    expect([refused.status, refused.body.code]).toEqual([409, 'conflict']);
    await world.pass(12_000, 250);
    expect(await world.rows(id)).toEqual([['h'], ['a']]);
    expect((await app.json('/outbox')).body.total).toBe(0);
  });

  test('whose last attempt may have been applied stays', async () => {
    const { world, id, app, remove } = await start({ CIRCUIT_BREAKER_FAILURE_THRESHOLD: '1' });
    const POST = { method: 'POST', path: ':batchUpdate' };
    world.emulator.setFaults({ rules: [{ ...POST, count: 1, fault: { status: 503, applied: true } }] });
    const { status, body } = await app.rest('append_rows', append(id, 'a'));
    expect(status).toBe(202);
    expect((await remove(body.writeId)).status).toBe(409);
  });

  test('that was set aside is tried again when asked for', async () => {
    const { world, app, id, isolate, queue } = await start();
    await isolate(2_000);
    const writeId = await queue('a', 'T');
    const drop = { requests: [{ deleteSheet: { sheetId: 8 } }] };
    await world.direct(`/${id}:batchUpdate`, drop);
    await world.pass(8_000, 250);
    const { body } = await app.json('/outbox');
    expect(body).toMatchObject({
      entries: [{ writeId, state: 'set_aside', attempts: 1, lastError: { code: 'not_found' } }],
      total: 1,
    });
    await world.direct(`/${id}:batchUpdate`, { requests: [{ addSheet: { properties: { title: 'T' } } }] });
    const retried = await app.post(`/outbox/${writeId}/retry`);
    expect([retried.status, retried.body]).toEqual([
      200,
      { retried: expect.objectContaining({ writeId, state: 'queued' }) },
    ]);
    await world.pass(2_000, 250);
    expect(await world.rows(id, 'T')).toEqual([['a']]);
    expect((await app.json('/outbox')).body.total).toBe(0);
  });

  test('that was set aside can be taken out', async () => {
    const { world, app, id, isolate, remove, queue } = await start();
    await isolate(2_000);
    const writeId = await queue('a', 'T');
    await world.direct(`/${id}:batchUpdate`, { requests: [{ deleteSheet: { sheetId: 8 } }] });
    await world.pass(8_000, 250);
    expect((await remove(writeId)).status).toBe(200);
    expect((await app.json('/outbox')).body.total).toBe(0);
  });

  test('that waits after a failure is tried at once when asked for', async () => {
    const { world, app, id, isolate, queue } = await start({ CIRCUIT_BREAKER_FAILURE_THRESHOLD: '1000' });
    await isolate(2_000);
    const writeId = await queue('a');
    world.onWire(({ method }) => (method === 'GET' ? new Response('no', { status: 503 }) : undefined));
    await world.pass(150_000, 500);
    for (let quietMs = 0; quietMs < 10_000; ) {
      const before = world.sent.length;
      await world.pass(500);
      quietMs = world.sent.length === before ? quietMs + 500 : 0;
    }
    world.onWire();
    expect((await app.post(`/outbox/${writeId}/retry`)).status).toBe(200);
    await world.pass(1_000, 250);
    expect(await world.rows(id)).toEqual([['h'], ['a']]);
  });
});

test('the metrics count what waits, since when, and how it ended', async () => {
  const { world, id, isolate, remove, queue, metric } = await start({ OUTBOX_MAX_AGE_MS: '30000' });
  const ends = async () =>
    Promise.all(
      ['applied', 'set_aside', 'expired', 'cancelled'].map((end) => metric(`outbox_replayed_total{result="${end}"}`)),
    );
  expect([await metric('outbox_entries'), await metric('outbox_oldest_age_seconds'), await ends()]).toEqual([
    0,
    0,
    [0, 0, 0, 0],
  ]);
  await isolate(40_000);
  await queue('expires');
  await world.pass(20_000, 250);
  const cancelled = await queue('cancelled');
  await queue('applied');
  await queue('aside', 'T');
  await remove(cancelled);
  expect([await metric('outbox_entries'), Math.floor((await metric('outbox_oldest_age_seconds')) ?? 0)]).toEqual([
    3, 20,
  ]);
  await world.direct(`/${id}:batchUpdate`, { requests: [{ deleteSheet: { sheetId: 8 } }] });
  await world.pass(30_000, 250);
  expect([await metric('outbox_entries'), await ends()]).toEqual([0, [1, 1, 1, 1]]);
});

test.each(['origin', 'x-forwarded-for'])('the routes are for this machine alone (%s)', async (header) => {
  const { app, isolate, queue } = await start();
  await isolate(60_000);
  const writeId = await queue('a');
  const headers = { [header]: header === 'origin' ? 'http://localhost' : '10.0.0.1' };
  const answers = [
    await app.json('/outbox', { headers }),
    await app.json(`/outbox/${writeId}/retry`, { method: 'POST', headers }),
    await app.json(`/outbox/${writeId}`, { method: 'DELETE', headers }),
  ];
  expect(answers.map(({ status }) => status)).toEqual([403, 403, 403]);
});
