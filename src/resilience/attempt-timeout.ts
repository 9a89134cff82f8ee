// One attempt on the wire may take so long. Stands directly above the transport.

import type { Policy } from '../call.ts';
import type { Clock } from '../clock.ts';
import { withTimeLimit } from './time-limit.ts';

/** Aborts each attempt after `timeoutMs`. */
export function attemptTimeout({ clock, timeoutMs }: { clock: Clock; timeoutMs: number }): Policy {
  if (!(timeoutMs > 0)) throw new RangeError(`timeoutMs must be positive, got ${timeoutMs}`);
  return (next) => (call, signal) =>
    withTimeLimit(clock, timeoutMs, `Google did not answer ${call.method} within ${timeoutMs} ms.`, next, call, signal);
}
