// Says what is known of a failed write: an answer that was lost becomes `outcome_unknown`, whatever it was before.
// Once an attempt's outcome is unknown a later refusal proves nothing, so this stands above the retries. In the
// journal's place when that is switched off.

import type { Call, Policy } from '../call.ts';
import { asServalError, ServalError } from '../errors.ts';

/** Lets reads through. A write's error keeps its code only when it is known that nothing was applied. */
export function outcome(): Policy {
  return (next) => async (call, signal) => {
    if (call.kind === 'read') return next(call, signal);
    try {
      return await next(call, signal);
    } catch (thrown) {
      const error = asServalError(thrown);
      throw error.details.outcome === 'none' ? error : outcomeUnknown(call, error);
    }
  };
}

/** The answer for a write that was sent and of which nothing more is known. */
export function outcomeUnknown(call: Call, error: ServalError): ServalError {
  const target = call.scope === null ? 'The write' : `The write to spreadsheet ${call.scope}`;
  const message = `${target} was sent, but whether it was applied is unknown: ${error.message}`;
  return new ServalError('outcome_unknown', message, { outcome: 'unknown', cause: error });
}
