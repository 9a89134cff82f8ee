// The union of all facts that the system emits. Metrics and log subscribe; nothing else counts.

import type { Api, Call } from './call.ts';
import type { ErrorCode, ServalError } from './errors.ts';

export type CircuitStateName = 'closed' | 'half_open' | 'open';

export type Event =
  /** One request on the wire to a Google API was answered, failed or timed out. */
  | {
      readonly type: 'api_call';
      readonly api: Api;
      readonly method: string;
      /** `circuit_open`: refused by a circuit, so nothing went on the wire. */
      readonly status: 'success' | 'error' | 'circuit_open';
      readonly code?: ErrorCode;
      readonly durationMs: number;
    }
  /** No access token could be had, so nothing was sent. */
  | { readonly type: 'token_failed'; readonly code: ErrorCode; readonly message: string }
  /** A circuit breaker changed its state, or counted something. `count` of `of` are failures or successful probes. */
  | {
      readonly type: 'circuit_transition';
      readonly circuit: string;
      readonly service: string;
      readonly from: CircuitStateName;
      readonly to: CircuitStateName;
    }
  | {
      readonly type: 'circuit_failure';
      readonly circuit: string;
      readonly service: string;
      readonly count: number;
      readonly of: number;
      readonly code: ErrorCode;
    }
  | { readonly type: 'circuit_success' | 'circuit_rejection'; readonly circuit: string; readonly service: string }
  | {
      readonly type: 'circuit_probe';
      readonly circuit: string;
      readonly service: string;
      readonly count: number;
      readonly of: number;
    }
  /** A failed attempt will be repeated after a wait; `attempt` is the number of the next try. */
  | {
      readonly type: 'retry';
      readonly method: string;
      readonly attempt: number;
      readonly waitMs: number;
      readonly code: ErrorCode;
      /** The requests that want to hear of it; likewise below. */
      readonly requests: readonly string[];
    }
  /** Google answered that a quota is used up. */
  | { readonly type: 'rate_limited'; readonly limit: string }
  /** A call that somebody wants to hear of has to wait until the quota has room. */
  | { readonly type: 'held'; readonly waitMs: number; readonly requests: readonly string[] }
  /** A call waited for admission (0 when it did not have to) and is being sent. */
  | { readonly type: 'admitted'; readonly waitMs: number; readonly requests: readonly string[] }
  | { readonly type: 'cache'; readonly result: 'hit' | 'miss' | 'stale' }
  /** One upstream call took the place of `size` calls. */
  | { readonly type: 'batch'; readonly kind: Call['kind']; readonly size: number }
  /** The end of a flush whose answer had been lost was found out. */
  | { readonly type: 'settled'; readonly outcome: 'applied' | 'none' }
  /** A write was queued, or a queued one came to an end. */
  | {
      readonly type: 'outbox';
      readonly result: 'queued' | 'applied' | 'set_aside' | 'expired' | 'cancelled';
      readonly writeId: string;
      readonly tool: string;
      readonly error?: { readonly code: ErrorCode; readonly message: string };
    }
  /** A tool call ended. */
  | {
      readonly type: 'operation';
      readonly operation: string;
      readonly face: 'mcp' | 'rest' | 'cli';
      readonly requestId: string;
      readonly durationMs: number;
      readonly error?: ServalError;
    };

export type Emit = (event: Event) => void;

/** A fan-out whose subscribers cannot harm the emitter: what one throws goes to `onFault`, the others still hear. */
export function createBus(onFault: (fault: unknown) => void): { emit: Emit; subscribe(listener: Emit): void } {
  const listeners: Emit[] = [];
  return {
    subscribe: (listener) => listeners.push(listener),
    emit: (event) => {
      for (const listener of listeners) {
        try {
          listener(event);
        } catch (fault) {
          onFault(fault);
        }
      }
    },
  };
}
