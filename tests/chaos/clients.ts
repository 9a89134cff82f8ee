// Clients of the server as careful callers are: each keeps five writes going on one pipelined connection and repeats,
// with the same key, whatever was not acknowledged. They know the REST contract and nothing else.

import { setTimeout as sleep } from 'node:timers/promises';
import type { Random } from '../simulation/seeded.ts';
import { openPipeline, type Pipeline, type Reply } from './pipelining.ts';
import { HOW, type Recorder } from './record.ts';
import type { Write } from './workload.ts';

export interface ClientOptions {
  readonly writes: readonly Write[];
  readonly port: number;
  readonly recorder: Recorder;
  readonly random: Random;
  /** Writes asked for and not yet done with. */
  readonly window: number;
  /** Least and most between two requests for one write; a connection that broke is opened anew after as long. */
  readonly backoffMs: readonly [number, number];
  /** Least and most that a client waits after it was told that a write is queued: nobody hurries on behind a backlog. */
  readonly queuedMs: readonly [number, number];
  /** It asks on, with the same key, until a queued write has been applied; else it goes on with the next. */
  readonly waits: boolean;
  /** A connection on which nothing comes for so long is given up. */
  readonly silentMs: number;
  /** The share of acknowledged writes that are asked for once more, to see the same answer. */
  readonly again: number;
  /** Once aborted, nothing more is sent. */
  readonly signal: AbortSignal;
}

/** Resolves when every write was acknowledged or given up. */
export async function runClient(options: ClientOptions): Promise<void> {
  const { writes, port, recorder, random, window, backoffMs, queuedMs, waits, silentMs, again, signal } = options;
  let line: Promise<Pipeline> | undefined;
  const pause = (ms = backoffMs) => sleep(random.between(...ms), undefined, { signal });

  /** The connection in use. All who wait for a new one go on in the order in which they came. */
  async function connection(): Promise<Pipeline> {
    for (;;) {
      const last = line;
      const current = await last;
      if (current?.open()) return current;
      if (line === last) line = reconnect(current !== undefined);
    }
  }

  async function reconnect(broke: boolean): Promise<Pipeline> {
    if (broke) await pause();
    for (;;) {
      const opened = await openPipeline(port, silentMs);
      if (opened) return opened;
      await pause();
    }
  }

  async function ask(write: Write, sending: () => number) {
    const at = await connection();
    signal.throwIfAborted();
    const sent = sending();
    const reply = await at.send('POST', `/v1/tools/${write.tool}`, { 'idempotency-key': write.id }, write.body);
    return { sent, reply, answer: read(write, reply) };
  }

  async function perform(write: Write): Promise<void> {
    for (;;) {
      const { sent, reply, answer } = await ask(write, () => recorder.sending(write));
      if (answer !== undefined) {
        recorder.acknowledged(write, { sent, ...answer });
        if (answer.how === 'queued') await pause(queuedMs);
        const goOn = answer.how === 'queued' && waits;
        if (goOn || random.chance(again)) await askAgain(write, answer.writeId, goOn);
        return;
      }
      if (write.once) return;
      // Who lost the connection waits for the new one; who was refused waits by itself.
      if (reply !== undefined) await pause();
    }
  }

  /** The same key and body: the answer must tell the same write, whether it is queued or applied by now. */
  async function askAgain(write: Write, writeId: string, untilApplied: boolean): Promise<void> {
    for (;;) {
      const { answer } = await ask(write, () => 0);
      if (answer !== undefined && answer.writeId !== writeId)
        recorder.fault(`${write.id} was ${writeId} first and ${answer.writeId} when asked for again`);
      if (!untilApplied || (answer !== undefined && answer.how !== 'queued')) return;
      await pause(queuedMs);
    }
  }

  /** What the reply acknowledges; undefined for anything else. */
  function read(write: Write, reply: Reply | undefined) {
    if (reply === undefined) return recorder.refused('connection lost');
    const answer = parsed(reply.body);
    if (reply.status >= 400) return recorder.refused(`${reply.status} ${answer.code}`);
    const how = HOW.find((one) => one === answer.status);
    const fallback = reply.header('x-fallback-mode') === 'true';
    const right = how === 'queued' ? reply.status === 202 && fallback : reply.status === 200 && !fallback;
    if (how === undefined || !right || typeof answer.writeId !== 'string')
      recorder.fault(`${write.id} was answered ${reply.status} ${reply.body.slice(0, 200)}`);
    return how === undefined ? undefined : { how, writeId: String(answer.writeId) };
  }

  const going = new Set<Promise<void>>();
  const hangUp = () => line?.then((one) => one.close()).catch(() => {});
  signal.addEventListener('abort', hangUp);
  try {
    for (const write of writes) {
      while (going.size >= window) await Promise.race(going);
      signal.throwIfAborted();
      const work: Promise<void> = perform(write).finally(() => going.delete(work));
      going.add(work);
    }
    await Promise.all(going);
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    await Promise.allSettled(going);
    signal.removeEventListener('abort', hangUp);
    await hangUp();
  }
}

function parsed(body: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
