// A real HTTP server on 127.0.0.1 that gives scripted answers: Google's wire, not Google's client.

import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { Credential } from '../../src/backend.ts';
import type { Call } from '../../src/call.ts';
import { systemClock } from '../../src/clock.ts';
import { ServalError } from '../../src/errors.ts';
import type { Event } from '../../src/events.ts';
import { createCredentials } from '../../src/google/credentials.ts';
import { createTransport } from '../../src/google/transport.ts';
import { createCall } from '../../src/sheets/calls.ts';

export type Answer =
  | { readonly status: number; readonly headers?: Readonly<Record<string, string>>; readonly body?: unknown }
  /** Reads the request and never answers. */
  | 'hang'
  /** Reads the request, then resets the connection. */
  | 'reset'
  /** Promises a longer body than it sends, then closes the connection. */
  | { readonly cutAfter: string };

export interface Received {
  readonly method: string;
  /** Path and query. */
  readonly url: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
  /** Resolves when the connection of this request is closed. */
  readonly closed: Promise<unknown>;
}

export interface FakeGoogle extends AsyncDisposable {
  /** Without a slash at the end. */
  readonly url: string;
  /** All requests so far, in order of arrival. */
  readonly requests: readonly Received[];
  /** Answers, in order, for paths that begin with `prefix`; the last one answers all further requests. */
  answer(prefix: string, ...answers: (Answer | ((request: Received) => Answer))[]): void;
  /** Resolves with the request of that place in `requests`, once it has arrived. */
  arrival(index: number): Promise<Received>;
  /** A fetch that leads the token endpoint of Google to `/token` here and everything else where it asks. */
  readonly fetch: typeof globalThis.fetch;
}

const TOKEN_ENDPOINTS = /^https:\/\/(oauth2\.googleapis\.com|www\.googleapis\.com\/oauth2|accounts\.google\.com)\//;

/** Stops with `await using`. The longest matching prefix answers; a path that nothing was scripted for gets 599. */
export async function startFakeGoogle(): Promise<FakeGoogle> {
  const requests: Received[] = [];
  const scripts = new Map<string, (Answer | ((request: Received) => Answer))[]>();
  const waiting: { readonly index: number; readonly resolve: (request: Received) => void }[] = [];

  function answerTo(request: Received): Answer {
    const prefixes = [...scripts.keys()].filter((prefix) => request.url.startsWith(prefix));
    const answers = scripts.get(prefixes.toSorted((a, b) => b.length - a.length)[0] ?? '') ?? [];
    const next = (answers.length > 1 ? answers.shift() : answers[0]) ?? {
      status: 599,
      body: `no script for ${request.url}`,
    };
    return typeof next === 'function' ? next(request) : next;
  }

  const ends = new WeakMap<Socket, Promise<unknown>>();
  const server = createServer(async (incoming, response) => {
    const socket = incoming.socket;
    const closed = ends.get(socket) ?? new Promise((resolve) => socket.once('close', resolve));
    ends.set(socket, closed);
    let body = '';
    for await (const chunk of incoming) body += chunk;
    const { method = '', url = '', headers } = incoming;
    const request = { method, url, headers, body, closed };
    requests.push(request);
    give(answerTo(request), response, socket);
    for (const { resolve } of waiting.filter(({ index }) => index === requests.length - 1)) resolve(request);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  return {
    url,
    requests,
    answer: (prefix, ...answers) => void scripts.set(prefix, [...answers]),
    arrival: (index) => {
      const arrived = requests[index];
      return arrived ? Promise.resolve(arrived) : new Promise((resolve) => waiting.push({ index, resolve }));
    },
    fetch: (input, init) => {
      const asked = input instanceof Request ? input.url : String(input);
      return globalThis.fetch(TOKEN_ENDPOINTS.test(asked) ? `${url}/token` : input, init);
    },
    async [Symbol.asyncDispose]() {
      const end = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await end;
    },
  };
}

function give(answer: Answer, response: ServerResponse, socket: Socket): void {
  if (answer === 'hang') return;
  if (answer === 'reset') return void socket.resetAndDestroy();
  if ('cutAfter' in answer) {
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': answer.cutAfter.length + 100 });
    response.write(answer.cutAfter, () => socket.end());
    return;
  }
  const { status, headers = {}, body } = answer;
  const plain = typeof body === 'string' || body instanceof Uint8Array;
  const text = body === undefined ? '' : plain ? body : JSON.stringify(body);
  const type = typeof body === 'string' ? 'text/html' : 'application/json; charset=UTF-8';
  response.writeHead(status, { 'content-type': type, ...headers });
  response.end(text);
}

export const ACCESS_TOKEN = 'ya29.a0-the-access-token';

/** The real transport, with Google's own client, on a fake Google; `events` is what it emits. */
export function transportOver(
  { url, fetch }: FakeGoogle,
  {
    credential = { kind: 'access_token', accessToken: ACCESS_TOKEN } as Credential,
    rootUrl = `${url}/`,
    version = '1.2.3',
  } = {},
) {
  const events: Event[] = [];
  const emit = (event: Event) => void events.push(event);
  const credentials = createCredentials(credential, fetch);
  const send = createTransport({ credentials, rootUrl, fetch, version, clock: systemClock, emit });
  return {
    events,
    send: (call: Call, signal: AbortSignal = new AbortController().signal) => send(call, signal),
    /** The error that a call ends with. */
    failure: (call: Call, signal: AbortSignal = new AbortController().signal) => failureOf(send(call, signal)),
  };
}

/** The ServalError that a promise rejects with; throws when it resolves or rejects with anything else. */
export async function failureOf(work: Promise<unknown>): Promise<ServalError> {
  const error = await work.then(
    (value) => new Error(`resolved with ${JSON.stringify(value)}`),
    (thrown: unknown) => thrown,
  );
  if (error instanceof ServalError) return error;
  throw error;
}

const ORIGIN = { principal: 'ann', identity: 'shared', deadline: Number.MAX_VALUE, priority: 'interactive' } as const;

export const CALLS = {
  read: createCall(ORIGIN, 'spreadsheets.values.batchGet', 'ID', {
    spreadsheetId: 'ID',
    ranges: ["'It''s'!A1:B2", 'C'],
  }),
  write: createCall(ORIGIN, 'spreadsheets.batchUpdate', 'ID', { spreadsheetId: 'ID', requestBody: { requests: [{}] } }),
  search: createCall(ORIGIN, 'files.list', null, { q: "name contains 'x'" }),
  move: createCall(ORIGIN, 'files.update', 'ID', { fileId: 'ID', addParents: 'F', requestBody: {} }),
} as const;

/** A read whose reply is a file. */
export const EXPORT = createCall(ORIGIN, 'files.export', 'ID', { fileId: 'ID', mimeType: 'application/pdf' });

/** The creation of a file, which belongs to the account. */
export const CREATE = createCall(ORIGIN, 'spreadsheets.create', null, { requestBody: {} });

/** A write that Google's client sends as PUT, which it repeats by itself unless told not to. */
export const PUT: Call = {
  ...CALLS.write,
  method: 'spreadsheets.values.update',
  params: { spreadsheetId: 'ID', range: 'A1', valueInputOption: 'RAW', requestBody: { values: [[1]] } },
};

/** A port of this machine on which nothing listens. */
export async function closedPort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
