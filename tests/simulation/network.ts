// The network between the processes and Google: it can be cut, replies take their time, and what is on its way when
// its process dies may arrive all the same.

import { AsyncLocalStorage } from 'node:async_hooks';
import type { Report, Tally } from './report.ts';
import type { Random } from './seeded.ts';
import type { SimulatedClock, Work } from './simulated-clock.ts';
import type { Writes } from './writes.ts';

/** Where a process may die: a write goes out, is on its way, is answered; the ledger commits, has committed. */
export type Point = 'send' | 'sent' | 'reply' | 'commit' | 'committed';

/** The process whose requests are carried. */
export interface Life {
  readonly number: number;
  readonly dead: () => boolean;
  /** It has come to this point, and may die of it. */
  at(point: Point): void;
  /** Called when it dies. */
  readonly deaths: Set<() => void>;
}

/** Milliseconds, least and most. */
export type Reply = Readonly<Record<'read' | 'write', readonly [number, number]>>;

/** The work of the request at hand, so that time stands still for as long as it needs none. */
export const atWork = new AsyncLocalStorage<Work>();

/** What is on its way when its process dies is over after this long. */
const ORPHANED_MS = 20_000;

/** For who is dead: nothing ever comes. */
export function never<T>(): Promise<T> {
  return new Promise(() => {});
}

export function createNetwork(parts: {
  readonly clock: SimulatedClock;
  readonly writes: Writes;
  readonly report: Report;
  readonly tally: Tally;
  readonly random: Random;
  readonly google: (request: Request) => Promise<Response>;
}) {
  const { clock, writes, tally, random, google } = parts;
  const requests = new WeakSet<AbortSignal>();
  let cut = false;
  let replyMs: Reply = { read: [0, 0], write: [0, 0] };
  let seen429 = 0;

  /** The network as one account of a process has it. */
  const between =
    (life: Life, identity: string): typeof globalThis.fetch =>
    async (input, init) => {
      if (life.dead()) return never();
      const body = typeof init?.body === 'string' ? init.body : '';
      if (body !== '') life.at('send');
      if (life.dead()) return never();
      const leaving = new AbortController();
      const leave = () => leaving.abort(init?.signal?.reason);
      init?.signal?.addEventListener('abort', leave, { once: true });
      const request = new Request(input, { ...init, signal: leaving.signal });
      requests.add(request.signal);
      const spreadsheet = /spreadsheets\/([^/:?]+)/.exec(request.url)?.[1] ?? '';
      const end = writes.sent(body, spreadsheet, `${life.number}|${identity}|${spreadsheet}`);
      tally.add(`upstream ${body === '' ? 'reads' : 'writes'}`);
      if (cut) {
        end('unreached');
        tally.add('unreached');
        throw new TypeError('fetch failed', { cause: Object.assign(new Error('refused'), { code: 'ECONNREFUSED' }) });
      }
      const orphan = () => {
        tally.add('on their way at the death of their process');
        if (random.chance(0.5)) leaving.abort();
        else clock.sleep(ORPHANED_MS).then(() => leaving.abort());
      };
      life.deaths.add(orphan);
      try {
        const answered = google(request);
        if (body !== '') life.at('sent');
        const response = await answered;
        const { status } = response;
        if (status === 429) seen429++;
        if (status !== 200) tally.add(`status ${status}`);
        end(status === 200 ? 'applied' : status >= 400 && status < 500 && status !== 408 ? 'refused' : 'unknown');
        await lookedUp(request.url, spreadsheet, response);
        if (body !== '') life.at('reply');
        if (life.dead()) return never();
        await onItsWay(request.signal, body === '' ? 'read' : 'write');
        return response;
      } catch (error) {
        end('unknown');
        if (life.dead()) return never();
        tally.add(request.signal.aborted ? 'left by us' : 'connections lost');
        throw error;
      } finally {
        life.deaths.delete(orphan);
        init?.signal?.removeEventListener('abort', leave);
      }
    };

  /** What a look at a marker shows is known of it from now on. */
  async function lookedUp(url: string, spreadsheet: string, response: Response): Promise<void> {
    const id = /developerMetadata\/(\d+)/.exec(url)?.[1];
    if (id === undefined) return;
    if (response.status === 404) writes.marker(spreadsheet, id, undefined);
    if (response.status !== 200) return;
    const value = /"metadataValue": "([^"]*)"/.exec(await response.clone().text())?.[1];
    if (value !== undefined) writes.marker(spreadsheet, id, value);
  }

  /** A reply may be overtaken by what is done later. */
  async function onItsWay(signal: AbortSignal, kind: 'read' | 'write'): Promise<void> {
    const work = atWork.getStore();
    work?.asleep();
    await clock.sleep(random.between(...replyMs[kind]) * random.next(), signal).finally(() => work?.awake());
  }

  return {
    between,
    /** The backend's clock: time waits for its requests but while they sleep; what is done late is part of none. */
    clock: {
      ...clock,
      sleep: async (ms: number, signal?: AbortSignal) => {
        const work = signal && requests.has(signal) ? atWork.getStore() : undefined;
        work?.asleep();
        await clock.sleep(ms, signal).finally(() => work?.awake());
      },
    },
    /** Whether no connection can be made. */
    cutOff: (now: boolean) => {
      cut = now;
    },
    /** How long replies are on their way, at least and at most, mostly little. */
    delayReplies: (by: Reply) => {
      replyMs = by;
    },
    /** Answers of 429 that were given. */
    seen429: () => seen429,
  };
}

export type Network = ReturnType<typeof createNetwork>;
