// Repeats failed attempts that are safe to repeat, within the deadline and a budget. Never repeats a write that may
// have been applied, nor anything a circuit refused.

import { abortError } from '../abort.ts';
import type { Call, Policy } from '../call.ts';
import type { Clock } from '../clock.ts';
import { asServalError, ServalError } from '../errors.ts';
import type { Emit } from '../events.ts';

export interface RetryOptions {
  readonly clock: Clock;
  readonly emit: Emit;
  /** Tries after the first one. */
  readonly maxRetries: number;
  readonly enabled: () => boolean;
  /** An attempt of the write with this signal may have been applied. */
  readonly onLost?: (signal: AbortSignal) => void;
}

/** Waits grow 1, 2, 4 s and stay at 10; full jitter draws from the whole of them. */
const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 10_000;
/** In an outage retries may add a tenth to the load: each success earns a tenth of one, and a few are in hand. */
const BUDGET = 20;
const EARNED = 0.1;

export function retry({ clock, emit, maxRetries, enabled, onLost }: RetryOptions): Policy {
  if (!(Number.isInteger(maxRetries) && maxRetries >= 0))
    throw new RangeError(`maxRetries must be 0 or more, got ${maxRetries}`);
  let budget = BUDGET;

  /** How long to wait before the next try; undefined when there is none. */
  function waitBefore(call: Call, error: ServalError): number | undefined {
    if (!enabled() || call.attempt > maxRetries || !repeatable(call, error)) return undefined;
    const jittered = clock.random() * Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** (call.attempt - 1));
    // A quota that is used up is paced by admission, which knows when it has room again.
    const wait = error.code === 'quota_exhausted' ? 0 : Math.max(jittered, error.details.retryAfterMs ?? 0);
    if (clock.now() + wait >= call.deadline) return undefined;
    if (error.code === 'quota_exhausted') return wait;
    if (budget < 1) return undefined;
    budget -= 1;
    return wait;
  }

  return (next) => async (first, signal) => {
    let call = first;
    /** An attempt of this write may have been applied. */
    let lost = false;
    for (;;) {
      try {
        const reply = await next(call, signal);
        budget = Math.min(BUDGET, budget + EARNED);
        return reply;
      } catch (thrown) {
        const error = asServalError(thrown);
        const doubtful = call.kind === 'write' && error.details.outcome !== 'none';
        if (doubtful) onLost?.(signal);
        lost ||= doubtful;
        const waitMs = signal.aborted ? undefined : waitBefore(call, error);
        if (waitMs === undefined) throw lost ? doubted(error) : error;
        const attempt = call.attempt + 1;
        const { method, requests } = call;
        emit({ type: 'retry', method, attempt, waitMs, code: error.code, requests });
        await clock.sleep(waitMs, signal).catch(() => {
          throw abortError(signal);
        });
        call = Object.freeze({ ...call, attempt });
      }
    }
  };
}

/** Once an attempt may have been applied, a later refusal proves nothing. */
function doubted(error: ServalError): ServalError {
  if (error.details.outcome !== 'none') return error;
  const { sent: _, ...details } = error.details;
  return new ServalError(error.code, error.message, { ...details, outcome: 'unknown' });
}

function repeatable(call: Call, error: ServalError): boolean {
  if (error.code === 'circuit_open' || !error.row.retryable) return false;
  // Refused by our own quota because the wait does not fit: asking again does not change that.
  if (error.code === 'quota_exhausted' && error.details.sent === false) return false;
  return call.kind === 'read' || call.idempotence === 'marked' || error.details.outcome === 'none';
}
