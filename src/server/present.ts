// Errors as answers: the only conversion, for REST, MCP and the command line. An unknown error shows its id alone.

import type { ServalError } from '../errors.ts';
import { redactText } from '../log.ts';

/** RFC 9457 problem details, with our members. */
export interface Problem {
  readonly type: 'about:blank';
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly code: string;
  readonly hint: string;
  readonly retryAfterMs?: number;
  /** The circuit breaker that refused the request. */
  readonly circuit?: string;
  /** The write that may have been applied, or is under way: for get_write. */
  readonly writeId?: string;
  readonly requestId: string;
}

export function problemOf(error: ServalError, requestId: string): Problem {
  const { retryAfterMs, circuit, writeId } = error.details;
  return {
    type: 'about:blank',
    title: error.code.replaceAll('_', ' '),
    status: error.row.status,
    detail: redactText(error.message),
    code: error.code,
    hint: redactText(error.hint),
    ...(retryAfterMs !== undefined && { retryAfterMs }),
    ...(circuit !== undefined && { circuit }),
    ...(writeId !== undefined && { writeId }),
    requestId,
  };
}

/** What HTTP says more exactly than the error's code does. */
export interface HttpWords {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
}

/** The problem as an HTTP response, with `Retry-After` in whole seconds where it is known. */
export function problemResponse(error: ServalError, requestId: string, http?: HttpWords): Response {
  const problem = { ...problemOf(error, requestId), ...(http && { status: http.status }) };
  const retryAfter = problem.retryAfterMs === undefined ? {} : { 'retry-after': secondsOf(problem.retryAfterMs) };
  return new Response(JSON.stringify(problem), {
    status: problem.status,
    headers: { ...http?.headers, 'content-type': 'application/problem+json', 'x-request-id': requestId, ...retryAfter },
  });
}

function secondsOf(ms: number): string {
  return String(Math.ceil(ms / 1000));
}

/** The error in words for a model: what happened, what to change, when to retry. */
export function errorText(error: ServalError, requestId: string): string {
  const { retryAfterMs, writeId } = error.details;
  return [
    `${error.code}: ${redactText(error.message)}`,
    redactText(error.hint),
    ...(writeId === undefined ? [] : [`writeId: ${writeId}.`]),
    ...(retryAfterMs === undefined ? [] : [`Retry after ${secondsOf(retryAfterMs)} s.`]),
    ...(error.code === 'internal' ? [`Request id: ${requestId}.`] : []),
  ].join('\n');
}
