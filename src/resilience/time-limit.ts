// A time limit on a send, on the injected clock. Shared by the deadline and the attempt timeout; decides nothing else.

import type { Call, Send } from '../call.ts';
import type { Clock } from '../clock.ts';
import { ServalError } from '../errors.ts';

/** Performs the call; after `ms` its signal aborts with `timeout` and this message. The timer never outlives the call. */
export async function withTimeLimit(
  clock: Clock,
  ms: number,
  message: string,
  next: Send,
  call: Call,
  signal: AbortSignal,
): Promise<unknown> {
  const limit = new AbortController();
  const done = new AbortController();
  clock.sleep(ms, done.signal).then(
    () => limit.abort(new ServalError('timeout', message)),
    () => {},
  );
  try {
    return await next(call, AbortSignal.any([signal, limit.signal]));
  } finally {
    done.abort();
  }
}
