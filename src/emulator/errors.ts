// Google's refusals: the one error class of the emulator and the two bodies (Sheets, Drive) it is printed as.
// Decides nothing: whoever throws gives the message Google gives.

/** google.rpc.Code names by HTTP status, as Google prints them in `error.status`. */
const STATUS_NAMES: Readonly<Record<number, string>> = {
  400: 'INVALID_ARGUMENT',
  401: 'UNAUTHENTICATED',
  403: 'PERMISSION_DENIED',
  404: 'NOT_FOUND',
  409: 'ABORTED',
  500: 'INTERNAL',
  502: 'UNAVAILABLE',
  503: 'UNAVAILABLE',
  504: 'DEADLINE_EXCEEDED',
};

export interface Violation {
  readonly field?: string;
  readonly description: string;
}

interface More {
  readonly violations?: readonly Violation[];
  /** Instead of the violations. */
  readonly details?: readonly object[];
  readonly reason?: string;
  readonly domain?: string;
  readonly location?: string;
}

/** A refusal with Google's message. `reason`, `domain` and `location` appear in Drive's body only, `details` in Sheets'. */
export class ApiError extends Error {
  readonly status: number;
  readonly violations: readonly Violation[];
  readonly details: readonly object[];
  readonly reason: string;
  readonly domain: string;
  readonly location: string | undefined;

  constructor(status: number, message: string, more: More = {}) {
    super(message);
    this.status = status;
    this.violations = more.violations ?? [];
    this.details = more.details ?? badRequest(this.violations);
    this.domain = more.domain ?? 'global';
    this.reason = more.reason ?? (status === 404 ? 'notFound' : 'invalid');
    this.location = more.location;
  }
}

function badRequest(fieldViolations: readonly Violation[]): object[] {
  return fieldViolations.length > 0 ? [{ '@type': 'type.googleapis.com/google.rpc.BadRequest', fieldViolations }] : [];
}

export function invalid(message: string): ApiError {
  return new ApiError(400, message);
}

export function notFound(): ApiError {
  return new ApiError(404, 'Requested entity was not found.');
}

/** One violation per line, as Google joins them in the message. */
export function violated(violations: readonly Violation[]): ApiError {
  return new ApiError(400, violations.map((v) => v.description).join('\n'), { violations });
}

/** Google's generic refusal, whose cause stands in the details only. */
export function invalidField(field: string, description: string): ApiError {
  return new ApiError(400, 'Request contains an invalid argument.', { violations: [{ field, description }] });
}

/** The same refusal with `prefix: ` before its message: how a batch names the item at fault. One of 404 stays bare. */
export function prefixed(prefix: string, error: unknown): unknown {
  if (!(error instanceof ApiError) || error.status === 404) return error;
  return new ApiError(error.status, `${prefix}: ${error.message}`, { violations: error.violations });
}

/** Anything thrown that is no refusal is our fault and is never shown. */
export function asApiError(error: unknown): ApiError {
  return error instanceof ApiError ? error : new ApiError(500, 'Internal error encountered.');
}

export function sheetsBody(error: ApiError): object {
  const { status: code, message, details } = error;
  return {
    error: {
      code,
      message,
      status: STATUS_NAMES[code] ?? 'UNKNOWN',
      ...(details.length > 0 && { details }),
    },
  };
}

export function driveBody(error: ApiError): object {
  const { status: code, message, reason, domain, location } = error;
  const entry = {
    message,
    domain,
    reason: code === 500 ? 'internalError' : reason,
    ...(location !== undefined && { location, locationType: code === 401 ? 'header' : 'parameter' }),
  };
  return { error: { code, message, errors: [entry] } };
}
