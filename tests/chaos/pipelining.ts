// One HTTP/1.1 connection on which requests are sent without waiting for answers: they arrive in the order they were
// sent in and are answered in it. Never repeats anything.

import { connect } from 'node:net';
import { createFraming, headerOf, statusOf } from './framing.ts';

export interface Reply {
  readonly status: number;
  readonly header: (name: string) => string | undefined;
  readonly body: string;
}

export interface Pipeline {
  /** Undefined when the connection ended before the answer was whole. */
  send(
    method: string,
    path: string,
    headers: Readonly<Record<string, string>>,
    body: string,
  ): Promise<Reply | undefined>;
  readonly open: () => boolean;
  close(): void;
}

/** Resolves once connected, with undefined when nobody answers. A connection that is silent for `silentMs` is given up. */
export function openPipeline(port: number, silentMs: number): Promise<Pipeline | undefined> {
  const { promise, resolve } = Promise.withResolvers<Pipeline | undefined>();
  const waiting: ((reply: Reply | undefined) => void)[] = [];
  let alive = true;
  const socket = connect(port, '127.0.0.1').setNoDelay(true);
  const take = createFraming(({ head, body }) => {
    const reply = {
      status: statusOf(head),
      header: (name: string) => headerOf(head, name),
      body: body.toString('utf8'),
    };
    waiting.shift()?.(reply);
    if (headerOf(head, 'connection') === 'close') end();
  });

  function end(): void {
    alive = false;
    socket.destroy();
    for (const lost of waiting.splice(0)) lost(undefined);
    resolve(undefined);
  }

  socket.setTimeout(silentMs, () => waiting.length > 0 && end());
  socket.on('data', take).on('error', end).on('close', end);
  socket.on('connect', () =>
    resolve({
      open: () => alive,
      close: end,
      send: (method, path, headers, body) => {
        if (!alive) return Promise.resolve(undefined);
        const lines = Object.entries({ host: '127.0.0.1', 'content-length': Buffer.byteLength(body), ...headers });
        const head = lines.map(([name, value]) => `${name}: ${value}\r\n`).join('');
        const { promise: reply, resolve: told } = Promise.withResolvers<Reply | undefined>();
        waiting.push(told);
        socket.write(`${method} ${path} HTTP/1.1\r\n${head}\r\n${body}`);
        return reply;
      },
    }),
  );
  return promise;
}
