// A write without an answer is `outcome_unknown` and is never repeated; a write that has been sent is never aborted.

import { abortable, abortError } from '../abort.ts';
import type { Call, Policy } from '../call.ts';
import { asServalError, ServalError } from '../errors.ts';

/**
 * Lets reads through. A write goes on by itself: when its caller leaves, the caller gets `outcome_unknown` and
 * `onDetached` the promise of the end, so that a shutdown can wait for it. An error whose outcome is unknown becomes
 * `outcome_unknown`, whatever it was.
 */
export function outcome({ onDetached }: { onDetached: (end: Promise<void>) => void }): Policy {
  return (next) => async (call, signal) => {
    if (call.kind === 'read') return next(call, signal);
    if (signal.aborted) throw none(abortError(signal));
    const sent = next(call, new AbortController().signal);
    let ended = false;
    const end = sent.then(
      () => void (ended = true),
      () => void (ended = true),
    );
    try {
      return await abortable(sent, signal);
    } catch (thrown) {
      const error = asServalError(thrown);
      if (!ended) {
        onDetached(end);
        throw unknown(call, error);
      }
      throw error.details.outcome === 'none' ? error : unknown(call, error);
    }
  };
}

function none(error: ServalError): ServalError {
  return new ServalError(error.code, error.message, { ...error.details, outcome: 'none' });
}

function unknown(call: Call, error: ServalError): ServalError {
  const target = call.scope === null ? 'The write' : `The write to spreadsheet ${call.scope}`;
  return new ServalError(
    'outcome_unknown',
    `${target} was sent, but whether it was applied is unknown: ${error.message}`,
    {
      outcome: 'unknown',
      cause: error,
    },
  );
}
