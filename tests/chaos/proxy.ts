// The network between server and Google: a proxy on the loopback that loses, delays, cuts and goes dark, by a seed.
// Knows HTTP's frames, so that what it does it does to one request; never alters one.

import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Random } from '../simulation/seeded.ts';
import { createFraming, type Message, statusOf } from './framing.ts';

/** Shares of the requests that meet each trouble; what is left passes. */
export interface Odds {
  /** The connection is reset before the request is passed on. */
  readonly resetBefore: number;
  /** Reset when the reply has come: the request was done and nobody hears of it. */
  readonly resetAfter: number;
  /** Half of the reply, then the end of the connection. */
  readonly truncate: number;
  /** The request arrives late, also when its sender has given up meanwhile. */
  readonly delayRequest: number;
  /** The reply arrives late. */
  readonly delayReply: number;
}

type Trouble = keyof Odds;

/** Nobody listens, or every connection is reset. */
export type Dark = 'refuse' | 'reset';

export interface Network extends AsyncDisposable {
  readonly url: string;
  /** What was done to requests, by kind. */
  readonly troubles: Readonly<Record<string, number>>;
  /** Every request that was passed on, by `describe`, and what it was answered, by status. */
  readonly requests: Readonly<Record<string, number>>;
  readonly statuses: Readonly<Record<string, number>>;
  /** Cuts everything for so long. */
  blackout(ms: number, dark: Dark): Promise<void>;
  /** From now on everything passes. */
  calm(): void;
}

export interface ProxyOptions {
  /** Port of the backend on this machine. */
  readonly target: number;
  readonly random: Random;
  readonly odds: Odds;
  /** Least and most of a delay. */
  readonly delayMs: readonly [number, number];
  /** The name under which a request is counted. */
  readonly describe: (request: Message) => string;
}

const HOST = '127.0.0.1';

/** Listens on a free port of the loopback. */
export async function startProxy({ target, random, odds, delayMs, describe }: ProxyOptions): Promise<Network> {
  const troubles: Record<string, number> = {};
  const requests: Record<string, number> = {};
  const statuses: Record<string, number> = {};
  const clients = new Set<Socket>();
  const backend = createBackend(target);
  let dark: Dark | undefined;
  let calm = false;

  function draw(): Trouble | undefined {
    let left = random.next();
    for (const [kind, share] of Object.entries(odds) as [Trouble, number][]) {
      if (left < share) return calm ? undefined : kind;
      left -= share;
    }
    return undefined;
  }

  /** One request of a connection; what it is answered is written before the next is looked at. */
  async function pass(client: Socket, request: Message): Promise<void> {
    const trouble = draw();
    if (trouble !== undefined) count(troubles, trouble);
    if (trouble === 'resetBefore') return reset(client);
    if (trouble === 'delayRequest') await sleep(random.between(...delayMs));
    count(requests, describe(request));
    const reply = await backend.ask(request.bytes);
    count(statuses, reply === undefined ? 'reset' : String(statusOf(reply.head)));
    if (trouble === 'delayReply') await sleep(random.between(...delayMs));
    if (reply === undefined || trouble === 'resetAfter') return reset(client);
    if (trouble === 'truncate') client.end(reply.bytes.subarray(0, Math.ceil(reply.bytes.length / 2)));
    else client.write(reply.bytes);
  }

  const server = createServer((client) => {
    clients.add(client);
    client.on('close', () => clients.delete(client)).on('error', () => client.destroy());
    if (dark !== undefined) return reset(client);
    let before = Promise.resolve();
    const take = createFraming((request) => {
      before = before.then(() => pass(client, request));
    });
    client.on('data', take);
  });
  await listening(0);
  const { port } = server.address() as AddressInfo;

  async function listening(on: number): Promise<void> {
    server.listen(on, HOST);
    await once(server, 'listening');
  }

  async function shut(): Promise<void> {
    const closed = once(server, 'close');
    server.close();
    for (const client of clients) reset(client);
    await closed;
  }

  return {
    url: `http://${HOST}:${port}/`,
    troubles,
    requests,
    statuses,
    blackout: async (ms, how) => {
      if (dark !== undefined) return;
      dark = how;
      count(troubles, `blackout, ${how}`);
      for (const client of clients) reset(client);
      if (how === 'refuse') await shut();
      await sleep(ms);
      if (how === 'refuse') await listening(port);
      dark = undefined;
    },
    calm: () => {
      calm = true;
    },
    [Symbol.asyncDispose]: async () => {
      if (server.listening) await shut();
      backend.close();
    },
  };
}

function count(counts: Record<string, number>, name: string): void {
  counts[name] = (counts[name] ?? 0) + 1;
}

function reset(socket: Socket): void {
  socket.resetAndDestroy();
}

/** Connections to the backend, kept and used again: a sender who leaves does not take its request back. */
function createBackend(port: number) {
  const all = new Set<Socket>();
  const idle: Line[] = [];

  function open(): Line {
    const socket = connect(port, HOST).setNoDelay(true);
    all.add(socket);
    let answer: ((reply: Message | undefined) => void) | undefined;
    const take = createFraming((reply) => {
      idle.push(line);
      answer?.(reply);
    });
    socket.on('data', take).on('error', () => socket.destroy());
    socket.on('close', () => {
      all.delete(socket);
      if (idle.includes(line)) idle.splice(idle.indexOf(line), 1);
      answer?.(undefined);
    });
    const line: Line = {
      ask: (request) =>
        new Promise((resolve) => {
          answer = resolve;
          socket.write(request);
        }),
    };
    return line;
  }

  return {
    /** The reply, or undefined when the connection broke before it was whole. */
    ask: (request: Buffer) => (idle.pop() ?? open()).ask(request),
    close: () => {
      for (const socket of all) socket.destroy();
    },
  };
}

interface Line {
  ask(request: Buffer): Promise<Message | undefined>;
}
