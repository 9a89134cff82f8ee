// The last known value of a read, when Google cannot be asked. Never one from before an applied write of this process,
// never older than it may be, and always said to be stale.

import type { Call, Policy } from '../call.ts';
import type { Clock } from '../clock.ts';
import { asServalError } from '../errors.ts';
import type { Emit } from '../events.ts';
import type { Cache, Epochs } from './cache.ts';
import type { ProvenanceNotes } from './provenance.ts';

export interface FallbackOptions {
  readonly clock: Clock;
  readonly emit: Emit;
  readonly last: Cache['last'];
  readonly epochs: Epochs;
  readonly aspectOf: (call: Call) => string;
  readonly provenance: ProvenanceNotes;
  readonly maxStaleMs: number;
  readonly enabled: () => boolean;
}

const CODES = new Set(['circuit_open', 'unavailable', 'timeout']);

export function fallback(options: FallbackOptions): Policy {
  const { clock, emit, last, epochs, aspectOf, provenance, maxStaleMs, enabled } = options;
  return (next) => async (call, signal) => {
    try {
      return await next(call, signal);
    } catch (thrown) {
      const error = asServalError(thrown);
      // A read on behalf of a write must be live, and whoever has left wants nothing.
      if (!enabled() || call.kind === 'write' || call.live || signal.aborted || !CODES.has(error.code)) throw error;
      const known = last(call);
      const ageMs = known ? clock.now() - known.at : Number.POSITIVE_INFINITY;
      if (!known || ageMs > maxStaleMs || known.applied !== epochs.applied(aspectOf(call))) throw error;
      emit({ type: 'cache', result: 'stale' });
      return provenance.mark(known.reply, { source: 'stale', ageMs: Math.round(ageMs) });
    }
  };
}
