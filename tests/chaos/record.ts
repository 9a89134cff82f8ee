// What became of each write, as its client saw it: when it was asked for, and what it was acknowledged with. The checker
// judges by this and the sheets alone.

import type { Write } from './workload.ts';

export const HOW = ['applied', 'unchanged', 'queued'] as const;

/** One answer that a client took as "it is in the sheet, or will be". */
export interface Acknowledged {
  /** Place of the request that was so answered among all that were sent. */
  readonly sent: number;
  readonly how: (typeof HOW)[number];
  readonly writeId: string;
  /** From the first request for this write. */
  readonly afterMs: number;
}

export interface Recorded {
  readonly write: Write;
  /** Places, among all requests of all clients, of the first and the last request for this write. */
  readonly firstSent: number;
  readonly lastSent: number;
  readonly attempts: number;
  readonly acknowledged: Acknowledged | undefined;
}

export interface Recorder {
  /** The next request is for this write: its place. */
  sending(write: Write): number;
  acknowledged(write: Write, ack: Omit<Acknowledged, 'afterMs'>): void;
  /** An answer that no promise of the server allows. */
  fault(words: string): void;
  /** A request that was not acknowledged, by what came instead. */
  refused(words: string): void;
  readonly all: () => Recorded[];
  readonly faults: readonly string[];
  readonly refusals: Readonly<Record<string, number>>;
  readonly acknowledgedCount: () => number;
}

/** `now` in milliseconds, of any origin. */
export function createRecorder(now: () => number): Recorder {
  const entries = new Map<string, { -readonly [K in keyof Recorded]: Recorded[K] } & { firstAt: number }>();
  const faults: string[] = [];
  const refusals: Record<string, number> = {};
  let sent = 0;
  let acknowledgedCount = 0;
  return {
    sending: (write) => {
      sent++;
      const entry = entries.get(write.id);
      if (entry) Object.assign(entry, { lastSent: sent, attempts: entry.attempts + 1 });
      else {
        const first = { firstSent: sent, lastSent: sent, attempts: 1, acknowledged: undefined, firstAt: now() };
        entries.set(write.id, { write, ...first });
      }
      return sent;
    },
    acknowledged: (write, ack) => {
      const entry = entries.get(write.id);
      if (!entry) throw new Error(`${write.id} was never sent`);
      entry.acknowledged = { ...ack, afterMs: now() - entry.firstAt };
      acknowledgedCount++;
    },
    fault: (words) => void faults.push(words),
    refused: (words) => {
      refusals[words] = (refusals[words] ?? 0) + 1;
    },
    all: () => [...entries.values()],
    faults,
    refusals,
    acknowledgedCount: () => acknowledgedCount,
  };
}
