// The union of all facts that the system emits. Metrics and log subscribe; nothing else counts.

import type { Api } from './call.ts';
import type { ErrorCode, ServalError } from './errors.ts';

export type Event =
  /** One request on the wire to a Google API was answered, failed or timed out. */
  | {
      readonly type: 'api_call';
      readonly api: Api;
      readonly method: string;
      readonly status: 'success' | 'error';
      readonly code?: ErrorCode;
      readonly durationMs: number;
    }
  /** No access token could be had, so nothing was sent. */
  | { readonly type: 'token_failed'; readonly code: ErrorCode; readonly message: string }
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
