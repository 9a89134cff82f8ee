// Identical reads in flight share one call. Cancelling one waiter never cancels it while others wait.

import { abortable, abortError } from '../abort.ts';
import type { Call, Policy } from '../call.ts';

export interface SingleFlightOptions {
  /** What a read must share beside its key to join another: the epoch of what it shows. */
  readonly epochOf: (call: Call) => number;
}

interface Flight {
  readonly reply: Promise<unknown>;
  readonly abort: AbortController;
  waiters: number;
  /** A waiter whose deadline is later, or whose priority is higher than these, starts a flight of its own. */
  readonly deadline: number;
  readonly priority: Call['priority'];
}

/** Joins reads of one identity with equal key and epoch; a read that must be live joins none that began before it. */
export function singleFlight({ epochOf }: SingleFlightOptions): Policy {
  const flights = new Map<string, Flight>();
  return (next) => async (call, signal) => {
    if (call.kind === 'write' || call.live) return next(call, signal);
    if (signal.aborted) throw abortError(signal);
    const key = `${call.identity}|${epochOf(call)}|${call.key}`;
    let flight = flights.get(key);
    const slower = flight?.priority === 'background' && call.priority === 'interactive';
    if (!flight || flight.abort.signal.aborted || flight.deadline < call.deadline - SLACK_MS || slower) {
      const abort = new AbortController();
      const { deadline, priority } = call;
      const own: Flight = { abort, waiters: 0, deadline, priority, reply: next(call, abort.signal) };
      const end = () => flights.get(key) === own && flights.delete(key);
      own.reply.then(end, end);
      flights.set(key, own);
      flight = own;
    }
    flight.waiters++;
    try {
      return await abortable(flight.reply, signal);
    } finally {
      if (--flight.waiters === 0) flight.abort.abort(signal.aborted ? signal.reason : undefined);
    }
  };
}

/** Callers that came a little later share the flight all the same. */
const SLACK_MS = 5_000;
