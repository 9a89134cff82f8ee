// Leaving early: why a signal was aborted, and how to stop waiting without stopping what is waited for.

import { ServalError } from './errors.ts';

/** Why a signal was aborted, as an error: our own reason where one was given, else `cancelled`. */
export function abortError(signal: AbortSignal): ServalError {
  return signal.reason instanceof ServalError
    ? signal.reason
    : new ServalError('cancelled', 'The caller cancelled the request.');
}

/** `work`, or a rejection with `abortError` as soon as the signal aborts; `work` itself goes on, its end unobserved. */
export function abortable<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const onAbort = () => reject(abortError(signal));
    const leave = () => signal.removeEventListener('abort', onAbort);
    work.then(resolve, reject).finally(leave);
    if (signal.aborted) onAbort();
    else signal.addEventListener('abort', onAbort, { once: true });
  });
}
