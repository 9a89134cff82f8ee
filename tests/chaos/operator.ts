// The server as its operator sees it: waits until nothing is queued and every acknowledged write has come to its end.

import { setTimeout as sleep } from 'node:timers/promises';
import type { Recorded } from './record.ts';

type Fields = Readonly<Record<string, unknown>>;

export interface Operator {
  /** Resolves once all is settled, with nothing; at the signal, with what is not. */
  settled(recorded: readonly Recorded[], signal: AbortSignal): Promise<string[]>;
}

export function createOperator(url: string): Operator {
  async function request(path: string, init?: RequestInit): Promise<{ status: number; body: Fields } | undefined> {
    try {
      const response = await fetch(`${url}${path}`, init);
      const body: unknown = await response.json();
      return { status: response.status, body: typeof body === 'object' && body !== null ? (body as Fields) : {} };
    } catch {
      return undefined; // not up yet
    }
  }

  async function queued(): Promise<string | undefined> {
    const outbox = await request('/outbox');
    if (outbox?.status === 200 && outbox.body.total === 0) return undefined;
    return `the outbox holds ${outbox ? `${outbox.status}: ${JSON.stringify(outbox.body).slice(0, 400)}` : 'no answer'}`;
  }

  async function stateOf(writeId: string): Promise<string> {
    const body = JSON.stringify({ writeId });
    const told = await request('/v1/tools/get_write', { method: 'POST', body });
    return told?.status === 200 ? String(told.body.state) : `${told?.status}: ${JSON.stringify(told?.body)}`;
  }

  return {
    settled: async (recorded, signal) => {
      const pause = () => sleep(200, undefined, { signal }).catch(() => {});
      let waiting = await queued();
      while (waiting !== undefined && !signal.aborted) {
        await pause();
        waiting = await queued();
      }
      const open = waiting === undefined ? [] : [waiting];
      for (const { write, acknowledged } of recorded) {
        if (acknowledged?.how !== 'queued') continue;
        let state = await stateOf(acknowledged.writeId);
        while (!END_STATES.includes(state) && !signal.aborted) {
          await pause();
          state = await stateOf(acknowledged.writeId);
        }
        if (!END_STATES.includes(state)) open.push(`${write.id} was queued as ${acknowledged.writeId} and is ${state}`);
      }
      return open;
    },
  };
}

/** The ends that keep the promise of a 202. */
const END_STATES = ['applied', 'unchanged'];
