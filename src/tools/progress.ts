// How it goes with requests that take long, in words for whoever waits. Listens to the events; asks nobody, sends nothing.

import type { Clock } from '../clock.ts';
import type { Emit, Event } from '../events.ts';

export interface Progress {
  /** Tells how a request goes, once it has taken a while and until the function that it returns is called. */
  watch(requestId: string, tell: (message: string) => void): () => void;
}

/** Nothing is told before this, and nothing more often. */
const PACE_MS = 1_000;
/** Without news it is told this often that work goes on: clients give up when they hear nothing. */
const HEARTBEAT_MS = 5_000;

type News = Extract<Event, { type: 'held' | 'retry' | 'admitted' }>;

interface Watched {
  /** Requests to Google that were made for it, alone or together with others'. */
  asked: number;
  last: { readonly news: News; readonly at: number } | undefined;
  /** `last` as it was when it was told. */
  told: Watched['last'];
}

export function createProgress(clock: Clock, subscribe: (listener: Emit) => void): Progress {
  const watched = new Map<string, Watched>();

  subscribe((event) => {
    if (event.type !== 'held' && event.type !== 'retry' && event.type !== 'admitted') return;
    for (const id of event.requests) {
      const one = watched.get(id);
      if (!one) continue;
      if (event.type === 'admitted') one.asked++;
      one.last = { news: event, at: clock.now() };
    }
  });

  async function tellOnAndOn(one: Watched, tell: (message: string) => void, signal: AbortSignal): Promise<void> {
    const start = clock.now();
    for (let dueAt = start; ; ) {
      await clock.sleep(PACE_MS, signal);
      const now = clock.now();
      if (signal.aborted) return;
      if (one.last === one.told && now < dueAt) continue;
      one.told = one.last;
      dueAt = now + HEARTBEAT_MS;
      tell(`${wordsOf(one, now)} (${Math.round((now - start) / 1_000)} s so far)`);
    }
  }

  return {
    watch: (requestId, tell) => {
      const one: Watched = { asked: 0, last: undefined, told: undefined };
      const over = new AbortController();
      watched.set(requestId, one);
      tellOnAndOn(one, tell, over.signal).catch(() => {}); // it ends by its signal
      return () => {
        watched.delete(requestId);
        over.abort();
      };
    },
  };
}

/** What is known of a request now. Who shares the answer to another's question learns no more than that it waits. */
function wordsOf({ asked, last }: Watched, now: number): string {
  if (!last) return 'waiting for an answer';
  const { news, at } = last;
  if (news.type === 'admitted') return asked === 1 ? 'asked Google once' : `asked Google ${asked} times`;
  const leftMs = at + news.waitMs - now;
  const seconds = Math.ceil(leftMs / 1_000);
  if (news.type === 'held') return `waiting for Google's quota${leftMs > 0 ? `, about ${seconds} s` : ''}`;
  return `try ${news.attempt - 1} failed (${news.code}): trying again${leftMs > 0 ? ` in ${seconds} s` : ''}`;
}
