// Sessions of clients that keep one: which are busy, which make room. Knows nothing of what a session is.

import { LRUCache } from 'lru-cache';

export interface SessionOptions<T> {
  /** Sessions kept at once; of the idle ones the one unused for longest makes room. */
  readonly max: number;
  /** An idle session is forgotten after this long. */
  readonly idleMs: number;
  /** Ends what a session holds; also when it makes room or is forgotten. */
  end(session: T): void;
}

export interface Sessions<T> {
  /** Whether one more has room; makes that room at the cost of an idle one. */
  reserve(): boolean;
  add(id: string, session: T): void;
  remove(id: string): void;
  /** The session with `done`, to be called when this use of it is over; undefined for an unknown id. */
  use(id: string): { readonly session: T; done(): void } | undefined;
  /** Takes all out. */
  drain(): T[];
}

export function createSessions<T extends object>({ max, idleMs, end }: SessionOptions<T>): Sessions<T> {
  /** A session is in exactly one of the two: idle ones may go, busy ones have a stream open or a call under way. */
  const idle = new LRUCache<string, T>({
    max,
    ttl: idleMs,
    dispose: (session, _id, reason) => {
      if (reason === 'evict' || reason === 'expire') end(session);
    },
  });
  const busy = new Map<string, { readonly session: T; uses: number }>();

  return {
    reserve: () => {
      if (busy.size >= max) return false;
      idle.purgeStale();
      while (busy.size + idle.size >= max) idle.pop();
      return true;
    },
    add: (id, session) => {
      idle.set(id, session);
    },
    remove: (id) => {
      idle.delete(id);
      busy.delete(id);
    },
    use: (id) => {
      const session = busy.get(id)?.session ?? idle.get(id);
      if (!session) return undefined;
      const entry = busy.get(id) ?? { session, uses: 0 };
      entry.uses++;
      busy.set(id, entry);
      idle.delete(id);
      let over = false;
      return {
        session,
        done: () => {
          if (over) return;
          over = true;
          entry.uses--;
          if (entry.uses > 0 || busy.get(id) !== entry) return;
          busy.delete(id);
          idle.set(id, session);
        },
      };
    },
    drain: () => {
      const all = [...[...busy.values()].map((entry) => entry.session), ...idle.values()];
      busy.clear();
      idle.clear();
      return all;
    },
  };
}
