// The clients of the chaos run keep their word: five at once on one connection, in order, repeated with the same key
// until acknowledged. A client that cheated would make every run look well.

import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { seeded } from '../simulation/seeded.ts';
import { runClient } from './clients.ts';
import { createRecorder } from './record.ts';
import { planWrites, type Write } from './workload.ts';

interface Arrived {
  readonly key: string;
  readonly connection: number | undefined;
  readonly tool: string;
  readonly body: string;
  answer(status: number, body: object, headers?: Record<string, string>): void;
  reset(): void;
}

const applied = (key: string) => ({ status: 'applied', writeId: `id of ${key}` });

/** A server in the hands of a test: each request that arrives is handed over with what has arrived so far. */
async function scripted(answer: (request: Arrived, arrived: readonly Arrived[]) => void) {
  const arrived: Arrived[] = [];
  const server = createServer((request, response: ServerResponse) => {
    let body = '';
    request.on('data', (piece) => {
      body += piece;
    });
    request.on('end', () => {
      const one: Arrived = {
        key: String(request.headers['idempotency-key']),
        connection: request.socket.remotePort,
        tool: request.url ?? '',
        body,
        answer: (status, value, headers = {}) => response.writeHead(status, headers).end(JSON.stringify(value)),
        reset: () => request.socket.resetAndDestroy(),
      };
      arrived.push(one);
      answer(one, arrived);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { port: (server.address() as AddressInfo).port, arrived };
}

function plan(count: number, once = 0): Write[] {
  const options = { clients: 1, writes: count, kinds: ['append', 'upsert', 'cell'], perPlace: 2, once } as const;
  return planWrites({ random: seeded(1), spreadsheets: ['A', 'B'], ...options }).flat();
}

async function play(
  port: number,
  writes: Write[],
  { again = 0, waits = false, signal = new AbortController().signal } = {},
) {
  const recorder = createRecorder(() => 0);
  const timing = { window: 5, backoffMs: [1, 5], queuedMs: [1, 5], silentMs: 5_000 } as const;
  await runClient({ writes, port, recorder, random: seeded(1), again, waits, signal, ...timing });
  return recorder;
}

const keys = (requests: readonly { readonly key: string }[]) => requests.map(({ key }) => key);

test('five requests are under way at once on one connection, in the order of the list', async () => {
  let most = 0;
  let open: Arrived[] = [];
  const { port, arrived } = await scripted((request, all) => {
    open.push(request);
    most = Math.max(most, open.length);
    // Nobody is answered before five wait, or all are there.
    if (open.length < 5 && all.length < 23) return;
    for (const one of open) one.answer(200, applied(one.key));
    open = [];
  });
  const writes = plan(23);
  const recorder = await play(port, writes);
  expect(most).toBe(5);
  expect(keys(arrived)).toEqual(writes.map(({ id }) => id));
  expect(arrived.map(({ tool, body }) => [tool, body])).toEqual(
    writes.map(({ tool, body }) => [`/v1/tools/${tool}`, body]),
  );
  expect(new Set(arrived.map(({ connection }) => connection)).size).toBe(1);
  expect(recorder.all().map(({ attempts, acknowledged }) => [attempts, acknowledged?.how])).toEqual(
    writes.map(() => [1, 'applied']),
  );
});

test('after a lost connection everything that was not answered is sent again, in order, with the same keys', async () => {
  // The sixth request, which follows the first answer, breaks the connection.
  const { port, arrived } = await scripted((request, all) => {
    if (all.length === 1) request.answer(200, applied(request.key));
    else if (all.length === 6) request.reset();
    else if (all.length > 6) request.answer(200, applied(request.key));
  });
  const recorder = await play(port, plan(6));
  expect(keys(arrived)).toEqual([
    'c0-0',
    'c0-1',
    'c0-2',
    'c0-3',
    'c0-4',
    'c0-5',
    'c0-1',
    'c0-2',
    'c0-3',
    'c0-4',
    'c0-5',
  ]);
  expect(new Set(arrived.map(({ connection }) => connection)).size).toBe(2);
  expect(recorder.all().map(({ firstSent, lastSent, attempts }) => [firstSent, lastSent, attempts])).toEqual([
    [1, 1, 1],
    [2, 7, 2],
    [3, 8, 2],
    [4, 9, 2],
    [5, 10, 2],
    [6, 11, 2],
  ]);
  expect(recorder.refusals).toEqual({ 'connection lost': 5 });
});

test('what is refused is repeated by itself until it is acknowledged, applied or queued', async () => {
  const refusals = [503, 502, 429, 409, 500];
  const { port, arrived } = await scripted((request) => {
    const status = request.key === 'c0-1' ? refusals.shift() : undefined;
    if (status !== undefined) return request.answer(status, { code: 'no' });
    if (request.key !== 'c0-1') return request.answer(200, applied(request.key));
    request.answer(202, { status: 'queued', writeId: 'q', position: 1 }, { 'x-fallback-mode': 'true' });
  });
  const recorder = await play(port, plan(3));
  expect(keys(arrived).filter((key) => key === 'c0-1')).toHaveLength(6);
  expect(recorder.all().map(({ attempts, acknowledged }) => [attempts, acknowledged?.how, acknowledged?.sent])).toEqual(
    [
      [1, 'applied', 1],
      [6, 'queued', 8],
      [1, 'applied', 3],
    ],
  );
  expect(recorder.faults).toEqual([]);
});

test('who asks once leaves, whatever comes of it', async () => {
  const { port, arrived } = await scripted((request) => request.answer(503, { code: 'circuit_open' }));
  const recorder = await play(port, plan(4, 1));
  expect(arrived.length).toBe(4);
  expect(recorder.all().map(({ acknowledged }) => acknowledged)).toEqual([undefined, undefined, undefined, undefined]);
});

test('answers that break the contract are told', async () => {
  const wrong: [number, object, Record<string, string>][] = [
    [202, { status: 'queued', writeId: 'w' }, {}],
    [200, { status: 'queued', writeId: 'w' }, { 'x-fallback-mode': 'true' }],
    [200, { status: 'applied' }, {}],
    [202, { status: 'applied', writeId: 'w' }, { 'x-fallback-mode': 'true' }],
  ];
  const { port } = await scripted((request) => request.answer(...(wrong.shift() ?? [200, applied(request.key), {}])));
  const recorder = await play(port, plan(5));
  expect(recorder.faults).toHaveLength(4);
});

test('who asks again and is told another write says so', async () => {
  let count = 0;
  const { port } = await scripted((request) => request.answer(200, { status: 'applied', writeId: `w${count++}` }));
  const recorder = await play(port, plan(1), { again: 1 });
  expect(recorder.faults).toEqual(['c0-0 was w0 first and w1 when asked for again']);
});

test('who waits asks on with the same key until a queued write is applied', async () => {
  const answers = ['queued', 'queued', 'lost', 'refused', 'queued', 'applied'];
  const { port, arrived } = await scripted((request) => {
    const status = answers.shift();
    if (status === 'lost') request.reset();
    else if (status === 'refused') request.answer(503, { code: 'unavailable' });
    else if (status === 'queued') request.answer(202, { status, writeId: 'w' }, { 'x-fallback-mode': 'true' });
    else request.answer(200, { status, writeId: 'w' });
  });
  const recorder = await play(port, plan(1), { waits: true });
  expect(keys(arrived)).toEqual(Array(6).fill('c0-0'));
  expect(recorder.all().map(({ attempts, acknowledged }) => [attempts, acknowledged?.how])).toEqual([[1, 'queued']]);
  expect(recorder.faults).toEqual([]);
});

test('it ends when it is told to, answered or not', async () => {
  const stop = new AbortController();
  const { port } = await scripted((_, all) => {
    if (all.length === 5) stop.abort();
  });
  const recorder = await play(port, plan(9), { signal: stop.signal });
  expect(recorder.all().map(({ acknowledged }) => acknowledged)).toEqual(Array(5).fill(undefined));
});
