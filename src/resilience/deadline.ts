// Waiting is bounded by the caller's deadline. Bounds the whole of what is below it, retries and queues included.

import type { Policy } from '../call.ts';
import type { Clock } from '../clock.ts';
import { ServalError } from '../errors.ts';
import { withTimeLimit } from './time-limit.ts';

/** Aborts what is below when `call.deadline` is reached; refuses at once a call whose deadline has passed. */
export function deadline({ clock }: { clock: Clock }): Policy {
  return (next) => async (call, signal) => {
    const left = call.deadline - clock.now();
    const message = `${call.method} was not answered before the deadline of the request.`;
    if (left <= 0) throw new ServalError('timeout', message, call.kind === 'write' ? { outcome: 'none' } : {});
    return withTimeLimit(clock, left, message, next, call, signal);
  };
}
