// Events as log lines, in the words that the runbooks search for. Levels: what an operator must see is ERROR, what
// counts towards it WARN, what runs INFO.

import type { Emit, Event } from './events.ts';
import type { Log } from './log.ts';

type EventOf<T extends Event['type']> = Extract<Event, { type: T }>;

/** A listener that writes one line per event that is worth one. */
export function logEvents(log: Log): Emit {
  return (event) => {
    switch (event.type) {
      case 'token_failed':
        return log.error('no access token', { code: event.code, reason: event.message });
      case 'api_call':
        return logCall(log, event);
      case 'operation':
        return logOperation(log, event);
      case 'circuit_failure': {
        const { circuit, count, of, code } = event;
        return log.warn(`circuit breaker ${circuit} failure ${count} of ${of}`, { circuit, code });
      }
      case 'circuit_transition':
        return logTransition(log, event);
      case 'circuit_probe': {
        const { circuit, count, of } = event;
        return log.info(`circuit breaker ${circuit} half-open probe succeeded ${count} of ${of}`, { circuit });
      }
      case 'retry': {
        const { type: _, requests: __, ...fields } = event;
        return log.warn('google api call will be retried', fields);
      }
      case 'settled':
        return log.info('the lost answer of a write was found out', { outcome: event.outcome });
      case 'outbox':
        return logOutbox(log, event);
      case 'rate_limited':
        return log.warn('google rate limit hit', { limit: event.limit });
      default:
        return undefined;
    }
  };
}

function logOutbox(log: Log, { type: _, result, ...fields }: EventOf<'outbox'>): void {
  if (result === 'set_aside') log.error('queued write set aside: it cannot be made', fields);
  else if (result === 'expired') log.error('queued write expired: it was not made', fields);
  else log.info(`queued write ${result}`, fields);
}

function logTransition(log: Log, { circuit, service, from, to }: EventOf<'circuit_transition'>): void {
  const words = `circuit breaker ${circuit} state transitioned: ${dashed(from)} -> ${dashed(to)}`;
  const fields = { circuit, service, from, to };
  if (to === 'open') log.error(words, fields);
  else log.info(words, fields);
}

function dashed(state: string): string {
  return state.replace('_', '-');
}

function logCall(log: Log, { type: _, ...fields }: EventOf<'api_call'>): void {
  if (fields.status === 'success') log.debug('google api call', fields);
  else if (fields.status === 'circuit_open') log.debug('google api call not sent: circuit breaker open', fields);
  else log.warn('google api call failed', fields);
}

function logOperation(log: Log, { type: _, error, ...fields }: EventOf<'operation'>): void {
  if (!error) return log.info('tool call', fields);
  const failed = { ...fields, code: error.code, reason: error.message };
  if (error.code === 'internal') log.error('tool call failed', { ...failed, cause: error.details.cause });
  // A refusal by a circuit is the echo of failures that were logged before, and what is not offered was asked for by a
  // caller: they must not bury what an operator must see.
  else if (error.row.status >= 500 && !['circuit_open', 'unsupported'].includes(error.code))
    log.error('tool call failed', failed);
  else log.warn('tool call failed', failed);
}
