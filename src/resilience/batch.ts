// Group commit: an idle lane sends at the end of the turn; what comes while its calls are in flight or wait for room
// goes out together. What may travel together, and how, is the merger's to say. Writes keep their order of arrival.

import { abortError } from '../abort.ts';
import type { Call, Policy, Send } from '../call.ts';
import { asServalError, ServalError } from '../errors.ts';
import type { Emit } from '../events.ts';
import { outcomeUnknown } from './outcome.ts';

/** What is Sheets-specific in merging; handed over by app.ts. */
export interface Merger {
  /** Calls with one key may travel together; undefined: this call goes alone. */
  key(call: Call): string | undefined;
  /** How many of these calls, from the first on, one upstream call can hold; at least 1. */
  fits(calls: readonly Call[]): number;
  merge(calls: readonly Call[]): Call;
  /** The reply of each call, in order. */
  split(reply: unknown, calls: readonly Call[]): unknown[];
  /** The call that a refusal of the merged call names, and what that call is told; undefined when it names none. */
  blame(error: ServalError, calls: readonly Call[]): { index: number; error: ServalError } | undefined;
}

export interface BatchOptions {
  readonly merger: Merger;
  readonly emit: Emit;
  readonly enabled: () => boolean;
  /** Resolves when a call like this one could be sent at once; see admission. */
  readonly room: (call: Call, signal: AbortSignal) => Promise<void>;
  /** Told of the end of a write whose caller has left, so that a shutdown can wait for it. */
  readonly onDetached: (end: Promise<void>) => void;
  /** Told of writes that failed without being refused for themselves, before anything that waits behind them is sent. */
  readonly onFailed?: (writes: readonly string[], error: ServalError) => void;
}

export interface Batch {
  readonly policy: Policy;
  /** From admission: the call with this signal is being sent; it can no longer be taken back. */
  sent(signal: AbortSignal): void;
}

interface Waiter {
  readonly call: Call;
  resolve(reply: unknown): void;
  reject(error: unknown): void;
  left: boolean;
  flush: Flush | undefined;
}

interface Flush {
  readonly waiters: readonly Waiter[];
  readonly abort: AbortController;
  sent: boolean;
  end: Promise<void>;
}

interface Lane {
  readonly key: string;
  readonly limit: number;
  readonly queue: Waiter[];
  running: number;
  /** A flush is being made up: who comes now travels along. One at a time, so that nobody asks for room in vain. */
  gathering: boolean;
  /** Ends the waiting for room once nobody is left to wait for it. */
  asking?: AbortController | undefined;
}

/** Flushes of one lane at once; the same numbers as admission's lanes. */
const LIMIT = { read: 2, write: 1 } as const;

export function createBatch(options: BatchOptions): Batch {
  const { merger, emit, enabled, room, onDetached, onFailed } = options;
  const lanes = new Map<string, Lane>();
  const flushes = new WeakMap<AbortSignal, Flush>();

  let loners = 0;

  function laneOf(call: Call): Lane {
    // Reads that may not travel together do not wait for each other either, nor do writes without a spreadsheet.
    const group = call.kind === 'read' ? merger.key(call) : call.scope === null ? `alone ${loners++}` : 'write';
    const key = `${call.identity}|${call.scope}|${group}`;
    const lane: Lane = lanes.get(key) ?? { key, limit: LIMIT[call.kind], queue: [], running: 0, gathering: false };
    lanes.set(key, lane);
    return lane;
  }

  function schedule(lane: Lane, next: Send): void {
    if (lane.queue.length === 0 || lane.gathering || lane.running >= lane.limit) return;
    lane.gathering = true;
    lane.running++;
    // The end of the turn: whoever asks in the same turn travels along.
    queueMicrotask(async () => {
      try {
        const waiters = await gather(lane).finally(() => {
          lane.gathering = false;
        });
        // What did not fit goes beside it, where the lane has another flush.
        schedule(lane, next);
        await send(waiters, next);
      } finally {
        lane.running--;
        if (lane.queue.length === 0 && lane.running === 0) lanes.delete(lane.key);
        schedule(lane, next);
      }
    });
  }

  /** The next flush, once there is room for it. */
  async function gather(lane: Lane): Promise<Waiter[]> {
    const first = lane.queue[0];
    if (!first) return [];
    if (enabled() && merger.key(first.call) !== undefined) {
      const present = [...lane.queue];
      lane.asking = new AbortController();
      try {
        const call = { ...first.call, ...urgencyOf(present.map((waiter) => waiter.call)) };
        await room(call, lane.asking.signal);
      } catch (error) {
        // Refused before anything was sent: it holds for all who waited. Who came since asks anew.
        const refused = present.filter((waiter) => lane.queue.includes(waiter));
        onFailed?.(
          refused.flatMap((waiter) => waiter.call.writes),
          asServalError(error),
        );
        lane.queue.splice(0, lane.queue.length, ...lane.queue.filter((waiter) => !refused.includes(waiter)));
        for (const waiter of refused) waiter.reject(error);
        return [];
      } finally {
        lane.asking = undefined;
      }
    }
    return seal(lane);
  }

  /** Takes the next flush from the queue: the longest run that may travel together. */
  function seal(lane: Lane): Waiter[] {
    const first = lane.queue[0];
    if (!first) return [];
    const key = enabled() ? merger.key(first.call) : undefined;
    let count = 1;
    if (key !== undefined) {
      while (count < lane.queue.length && merger.key(lane.queue[count]?.call ?? first.call) === key) count++;
      count = Math.max(1, merger.fits(lane.queue.slice(0, count).map((waiter) => waiter.call)));
    }
    return lane.queue.splice(0, count);
  }

  /** Sends them as one call, and sorts out whose fault a refusal is. */
  async function send(all: readonly Waiter[], next: Send): Promise<void> {
    const waiters = all.filter((waiter) => !waiter.left);
    const refused = await attempt(waiters, next);
    if (!refused) return;
    if (waiters.length === 1) return waiters[0]?.reject(refused);
    const calls = waiters.map((waiter) => waiter.call);
    const guilty = merger.blame(refused, calls);
    if (!guilty) return search(waiters, next);
    waiters[guilty.index]?.reject(guilty.error);
    await send(waiters.toSpliced(guilty.index, 1), next);
  }

  /** One of them is refused and nothing says which: halves them until it is alone; then the rest goes as one again. */
  async function search(all: readonly Waiter[], next: Send): Promise<void> {
    let waiters = all;
    for (let suspects = all.length; suspects > 1; ) {
      const half = Math.ceil(suspects / 2);
      const refused = await attempt(waiters.slice(0, half), next);
      if (refused && half === 1) {
        waiters[0]?.reject(refused);
        return send(waiters.slice(1), next);
      }
      if (!refused) waiters = waiters.slice(half);
      suspects = refused ? half : suspects - half;
    }
    await send(waiters.slice(0, 1), next);
    await send(waiters.slice(1), next);
  }

  /** One call for all who have not left. Answers each, but for a refusal that may be the fault of one: it is returned. */
  async function attempt(all: readonly Waiter[], next: Send): Promise<ServalError | undefined> {
    const waiters = all.filter((waiter) => !waiter.left);
    const calls = waiters.map((waiter) => waiter.call);
    const [only] = calls;
    if (!only) return undefined;
    const merged = calls.length === 1 ? only : Object.freeze({ ...merger.merge(calls), ...urgencyOf(calls) });
    const flush: Flush = { waiters, abort: new AbortController(), sent: false, end: Promise.resolve() };
    flushes.set(flush.abort.signal, flush);
    for (const waiter of waiters) waiter.flush = flush;
    if (enabled() && merger.key(merged) !== undefined) emit({ type: 'batch', kind: merged.kind, size: waiters.length });
    const work = next(merged, flush.abort.signal);
    flush.end = work.then(
      () => {},
      () => {},
    );
    try {
      const reply = await work;
      const replies = calls.length === 1 ? [reply] : merger.split(reply, calls);
      if (replies.length !== waiters.length) {
        const fault = new ServalError('internal', 'A merged reply was split wrongly.');
        throw only.kind === 'read' ? fault : outcomeUnknown(only, fault);
      }
      waiters.forEach((waiter, index) => {
        waiter.resolve(replies[index]);
      });
    } catch (thrown) {
      const refused = asServalError(thrown);
      if (refused.code === 'invalid_argument') {
        // Nothing of it was applied: until it is sent again, who leaves takes it back.
        for (const waiter of waiters) waiter.flush = undefined;
        return refused;
      }
      onFailed?.(merged.writes, refused);
      for (const waiter of waiters) waiter.reject(refused);
    }
    return undefined;
  }

  /** A caller gives up: alone it takes the call back if that is still possible, else only itself. */
  function leave(waiter: Waiter, lane: Lane, signal: AbortSignal): void {
    waiter.left = true;
    const reason = abortError(signal);
    const write = waiter.call.kind === 'write';
    const at = lane.queue.indexOf(waiter);
    if (at >= 0) {
      lane.queue.splice(at, 1);
      if (lane.queue.length === 0) lane.asking?.abort(reason);
    }
    const { flush } = waiter;
    const last = flush?.waiters.every((one) => one.left) ?? false;
    const retractable = flush === undefined || (last && !flush.sent);
    if (flush && last && (!write || !flush.sent)) flush.abort.abort(reason);
    if (!write || retractable) return waiter.reject(untouched(waiter.call, reason));
    if (flush) onDetached(flush.end);
    waiter.reject(outcomeUnknown(waiter.call, reason));
  }

  const policy: Policy = (next) => (call, signal) => {
    // Calls without a spreadsheet, and reads that go alone, have nobody to travel with.
    const alone = call.kind === 'read' && (call.scope === null || merger.key(call) === undefined || !enabled());
    if (alone) return next(call, signal);
    return new Promise((resolve, reject) => {
      if (signal.aborted) return reject(untouched(call, abortError(signal)));
      const lane = laneOf(call);
      const done = () => signal.removeEventListener('abort', onAbort);
      const waiter: Waiter = {
        call,
        left: false,
        flush: undefined,
        resolve: (reply) => {
          done();
          resolve(reply);
        },
        reject: (error) => {
          done();
          reject(error);
        },
      };
      const onAbort = () => leave(waiter, lane, signal);
      lane.queue.push(waiter);
      signal.addEventListener('abort', onAbort);
      schedule(lane, next);
    });
  };

  return {
    policy,
    sent: (signal) => {
      const flush = flushes.get(signal);
      if (flush) flush.sent = true;
    },
  };
}

/** The reason of a caller that leaves before anything was done for it. */
function untouched(call: Call, reason: ServalError): ServalError {
  if (call.kind === 'read') return reason;
  return new ServalError(reason.code, reason.message, { ...reason.details, sent: false, outcome: 'none' });
}

/** A shared call has the latest deadline and the highest priority of those it is made for, and all who listen. */
function urgencyOf(calls: readonly Call[]): Pick<Call, 'deadline' | 'priority' | 'requests'> {
  const deadline = Math.max(...calls.map((call) => call.deadline));
  const has = (priority: Call['priority']) => calls.some((call) => call.priority === priority);
  const priority = has('interactive') ? 'interactive' : has('backfill') ? 'backfill' : 'background';
  return { deadline, priority, requests: [...new Set(calls.flatMap((call) => call.requests))] };
}
