// A circuit around a fetch that is no API call: the token endpoint. An open circuit refuses before anything is sent.

import { ServalError } from '../errors.ts';
import type { Circuit } from './circuit.ts';

/** The fetch, counted by the circuit: a 5xx answer or a network failure is a failure, any other answer a success. */
export function guardFetch(circuit: Circuit, fetch: typeof globalThis.fetch): typeof globalThis.fetch {
  return async (input, init) => {
    const refused = circuit.refusal(null);
    if (refused) {
      circuit.rejected();
      const { circuit: name, since, retryAfterMs, error } = refused;
      throw new ServalError('circuit_open', `The circuit breaker ${name} is open: no access token can be had.`, {
        circuit: name,
        ...(since !== null && { since }),
        retryAfterMs: Math.ceil(retryAfterMs),
        service: 'google_oauth',
        sent: false,
        outcome: 'none',
        cause: error,
      });
    }
    const pass = circuit.enter(null);
    try {
      const response = await fetch(input, init);
      if (response.status < 500) pass.success();
      else pass.failure(failure(`status ${response.status}`), { reach: false, sick: false });
      return response;
    } catch (error) {
      if (init?.signal?.aborted) pass.neutral();
      else pass.failure(failure('no answer'), { reach: true, sick: false });
      throw error;
    }
  };
}

function failure(what: string): ServalError {
  return new ServalError('unavailable', `Google's token endpoint failed (${what}).`);
}
