// The one error class and the one table of codes. Everything that treats errors apart reads a row of this table.

export interface ErrorRow {
  /** HTTP status of the REST answer. */
  readonly status: number;
  /** The same request may succeed later. */
  readonly retryable: boolean;
  /** Counts as a failure for a circuit breaker. */
  readonly trips: boolean;
  /** What to do when the place that raised it has nothing more specific to say. */
  readonly hint: string;
}

export const ERROR_TABLE = {
  invalid_argument: { status: 400, retryable: false, trips: false, hint: 'Correct the argument named in the message.' },
  unauthenticated: {
    status: 401,
    retryable: false,
    trips: false,
    hint: 'Google refused the credentials: replace or refresh them and restart the server.',
  },
  permission_denied: {
    status: 403,
    retryable: false,
    trips: false,
    hint: 'Share the spreadsheet with the account that this server uses, or ask its owner for edit access.',
  },
  not_found: { status: 404, retryable: false, trips: false, hint: 'Check the id or name, and that it is shared.' },
  conflict: { status: 409, retryable: false, trips: false, hint: 'Read the current state and decide again.' },
  precondition_failed: {
    status: 412,
    retryable: false,
    trips: false,
    hint: 'The cells have changed: read them again before writing.',
  },
  quota_exhausted: {
    status: 429,
    retryable: true,
    trips: false,
    hint: 'Google allows a limited number of requests a minute: wait, then repeat.',
  },
  circuit_open: {
    status: 503,
    retryable: true,
    trips: false,
    hint: 'Nothing was sent. Repeat after the time given.',
  },
  unavailable: { status: 503, retryable: true, trips: true, hint: 'Repeat in a few seconds.' },
  timeout: { status: 504, retryable: true, trips: true, hint: 'Repeat, or ask for less at once.' },
  outcome_unknown: {
    status: 502,
    retryable: false,
    trips: false,
    hint: 'The write may or may not have been applied. Read the cells before repeating it.',
  },
  cancelled: { status: 499, retryable: false, trips: false, hint: 'The caller gave up; nothing more was done.' },
  too_large: { status: 413, retryable: false, trips: false, hint: 'Ask for less at once.' },
  unsupported: { status: 501, retryable: false, trips: false, hint: 'This backend does not offer that.' },
  internal: {
    status: 500,
    retryable: false,
    trips: false,
    hint: 'A fault of this server: report the request id to its operator.',
  },
} as const satisfies Record<string, ErrorRow>;

export type ErrorCode = keyof typeof ERROR_TABLE;

export interface ErrorDetails {
  /** Overrides the row's hint. */
  readonly hint?: string;
  readonly retryAfterMs?: number;
  /**
   * Of a write that failed: `unknown` when Google may have applied it, `none` when it surely did not.
   * Absent on errors of reads and on errors from before any call.
   */
  readonly outcome?: 'none' | 'unknown';
  /** The request never reached Google: no name, no connection, or never attempted. */
  readonly sent?: false;
  /** The circuit that refused the call, and since when it has been open. */
  readonly circuit?: string;
  readonly since?: string;
  /** The quota that Google said is used up, with its size a minute where it told it. */
  readonly quota?: { readonly scope: 'user' | 'project'; readonly limitValue?: number };
  /** The failing party was the token endpoint, not the API. */
  readonly service?: 'google_oauth';
  /** The failing party was what this server keeps on disk. */
  readonly store?: 'ledger';
  /** The write that the error is about, for get_write. */
  readonly writeId?: string;
  readonly cause?: unknown;
}

export class ServalError extends Error {
  readonly code: ErrorCode;
  readonly details: ErrorDetails;

  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = 'ServalError';
    this.code = code;
    this.details = details;
  }

  get row(): ErrorRow {
    return ERROR_TABLE[this.code];
  }

  get hint(): string {
    return this.details.hint ?? this.row.hint;
  }
}

/** Short for the most common one. */
export function invalid(message: string, hint?: string): ServalError {
  return new ServalError('invalid_argument', message, hint === undefined ? {} : { hint });
}

/** Anything thrown as a ServalError: an unknown value becomes `internal`, its own words kept as the cause only. */
export function asServalError(thrown: unknown): ServalError {
  if (thrown instanceof ServalError) return thrown;
  return new ServalError('internal', 'Unexpected fault.', { cause: thrown });
}
