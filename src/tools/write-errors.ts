// What a writer is told when its write is not made, and how an error is kept. Decides nothing.

import { ServalError } from '../errors.ts';
import type { StoredError } from '../store/write-store.ts';

export function storedError(error: ServalError): StoredError {
  return { code: error.code, message: error.message, hint: error.hint };
}

export function keyConflict(): ServalError {
  return new ServalError('conflict', 'This idempotency key was used for another call: nothing was done.', {
    hint: 'Use a new key for a new call, and the same arguments with the same key.',
    outcome: 'none',
  });
}

export function full(max: number): ServalError {
  return new ServalError('unavailable', `The outbox is full (${max} writes): nothing was accepted.`, {
    hint: 'Repeat later; the operator can raise OUTBOX_MAX_ENTRIES.',
    outcome: 'none',
  });
}

/** Whether a circuit refused it, or its last attempt. */
export function isOpen({ code, details }: ServalError): boolean {
  return code === 'circuit_open' || (details.cause instanceof ServalError && details.cause.code === 'circuit_open');
}

export function behind(): ServalError {
  const words = 'An earlier write to the spreadsheet is kept until Google can be asked, and this one comes after it.';
  return new ServalError('circuit_open', words, { sent: false, outcome: 'none' });
}

export function tooLate(): ServalError {
  return new ServalError('timeout', 'The deadline of the request came before its answer.', { outcome: 'none' });
}

export function noWayIn({ details }: ServalError, tell: (circuit: string) => void): ServalError {
  const circuit = details.circuit ?? 'of Google';
  tell(circuit);
  return new ServalError(
    'unavailable',
    `The circuit breaker ${circuit} is open and the ledger cannot be used: nothing was accepted.`,
    { hint: 'The operator must restore the ledger (DATA_DIR) first; then writes are kept again.', outcome: 'none' },
  );
}
