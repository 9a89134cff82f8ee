// The proxy does to a request what it says it does, and to no other; what passes is not altered.

import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { seeded } from '../simulation/seeded.ts';
import { createFraming, type Message } from './framing.ts';
import { type Odds, startProxy } from './proxy.ts';

const NONE: Odds = { resetBefore: 0, resetAfter: 0, truncate: 0, delayRequest: 0, delayReply: 0 };

/** A backend that answers with what it was sent; `arrived` are the bodies, `arrival` resolves at the next. */
async function echo() {
  const arrived: string[] = [];
  let arrival = Promise.withResolvers<void>();
  const server = createServer(async (request, response) => {
    const body = await textOf(request);
    arrived.push(body);
    arrival.resolve();
    arrival = Promise.withResolvers();
    // Without a length the reply goes out in chunks.
    if (request.url === '/chunked') response.write(body.slice(0, 3));
    response.end(request.url === '/chunked' ? body.slice(3) : body);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { port: (server.address() as AddressInfo).port, arrived, arrival: () => arrival.promise };
}

async function textOf(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const piece of request) text += piece;
  return text;
}

async function through(odds: Partial<Odds>, delayMs: readonly [number, number] = [0, 1]) {
  const backend = await echo();
  const target = backend.port;
  const describe = ({ head }: Message) => head.split(' ')[1] ?? '';
  const proxy = await startProxy({ target, random: seeded(1), odds: { ...NONE, ...odds }, delayMs, describe });
  onTestFinished(() => proxy[Symbol.asyncDispose]());
  const send = async (body: string, path = '', signal: AbortSignal | null = null) =>
    (await fetch(`${proxy.url}${path}`, { method: 'POST', body, signal })).text();
  /** The code of the failure, two causes deep as fetch hides it. */
  const failure = (work: Promise<unknown>) =>
    work.then(
      () => 'none',
      (error: Error) => (error.cause instanceof Error && 'code' in error.cause ? error.cause.code : error.message),
    );
  return { ...backend, proxy, send, failure };
}

test('requests and replies pass as they are, with lengths and in chunks, many on one connection', async () => {
  const { send, proxy, arrived } = await through({});
  for (const body of ['', 'short', 'x'.repeat(200_000)]) {
    expect(await send(body)).toBe(body);
    expect(await send(body, 'chunked')).toBe(body);
  }
  expect(arrived.length).toBe(6);
  expect(proxy.requests).toEqual({ '/': 3, '/chunked': 3 });
  expect(proxy.statuses).toEqual({ 200: 6 });
  expect(proxy.troubles).toEqual({});
});

test('a reset before the request: it never arrives', async () => {
  const { send, failure, arrived, proxy } = await through({ resetBefore: 1 });
  expect(await failure(send('a'))).toBe('ECONNRESET');
  expect(arrived).toEqual([]);
  expect(proxy.troubles).toEqual({ resetBefore: 1 });
});

test('a reset after the reply: the request is done and nobody hears of it', async () => {
  const { send, failure, arrived } = await through({ resetAfter: 1 });
  expect(await failure(send('a'))).toBe('ECONNRESET');
  expect(arrived).toEqual(['a']);
});

test('a reply that is cut in the middle', async () => {
  const { send, failure, arrived } = await through({ truncate: 1 });
  expect(await failure(send('a'.repeat(1_000)))).toBe('UND_ERR_SOCKET');
  expect(arrived.length).toBe(1);
});

test('a request that is late arrives although its sender has left', async () => {
  const { send, failure, arrived, arrival } = await through({ delayRequest: 1 }, [100, 101]);
  const leaving = new AbortController();
  const late = arrival();
  const answer = failure(send('a', '', leaving.signal));
  const later = AbortSignal.timeout(20);
  await once(later, 'abort');
  leaving.abort(new Error('left'));
  expect(await answer).toBe('left');
  expect(arrived).toEqual([]);
  await late;
  expect(arrived).toEqual(['a']);
});

test.each([
  ['refuse', 'ECONNREFUSED'],
  ['reset', 'ECONNRESET'],
] as const)('a blackout in which connections are met with %s, and the light after it', async (dark, code) => {
  const { send, failure, proxy } = await through({});
  expect(await send('before')).toBe('before');
  const light = proxy.blackout(50, dark);
  expect(await failure(send('in it'))).toBe(code);
  await light;
  expect(await send('after')).toBe('after');
});

test('after the calm everything passes', async () => {
  const { send, failure, proxy } = await through({ resetBefore: 1 });
  expect(await failure(send('a'))).toBe('ECONNRESET');
  proxy.calm();
  expect(await send('b')).toBe('b');
});

test('messages are told apart whatever the pieces in which they come', () => {
  const stream = Buffer.from(
    'POST /a HTTP/1.1\r\nContent-Length: 4\r\n\r\nab\r\n' +
      'GET /b HTTP/1.1\r\nHost: x\r\n\r\n' +
      'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n3\r\nabc\r\nA\r\n0123456789\r\n0\r\n\r\n' +
      'HTTP/1.1 204 No Content\r\n\r\n',
  );
  for (let size = 1; size <= stream.length; size++) {
    const told: [string, string][] = [];
    const bytes: Buffer[] = [];
    const take = createFraming((message) => {
      told.push([message.head.split('\r\n')[0] ?? '', message.body.toString()]);
      bytes.push(message.bytes);
    });
    for (let at = 0; at < stream.length; at += size) take(stream.subarray(at, at + size));
    expect(told, `pieces of ${size}`).toEqual([
      ['POST /a HTTP/1.1', 'ab\r\n'],
      ['GET /b HTTP/1.1', ''],
      ['HTTP/1.1 200 OK', 'abc0123456789'],
      ['HTTP/1.1 204 No Content', ''],
    ]);
    expect(Buffer.concat(bytes)).toEqual(stream);
  }
});
