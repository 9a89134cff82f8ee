// What a failed request means: Google's replies and the network's failures as our error codes, Google's words kept.

import { type ErrorCode, type ErrorDetails, ServalError } from '../errors.ts';

/** Google's quota windows are one minute and its 429 carries no Retry-After (recorded answers). */
const QUOTA_WINDOW_MS = 60_000;

interface GoogleError {
  readonly message: string;
  /** ErrorInfo.reason, or the legacy `errors[0].reason` of Drive. */
  readonly reason: string | undefined;
  readonly metadata: Readonly<Record<string, unknown>>;
}

function record(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

function decode(body: unknown): GoogleError | undefined {
  const error = record(record(body).error);
  if (typeof error.message !== 'string') return undefined;
  const details = Array.isArray(error.details) ? error.details.map(record) : [];
  const info = details.find((detail) => String(detail['@type']).endsWith('google.rpc.ErrorInfo')) ?? {};
  const legacy = Array.isArray(error.errors) ? record(error.errors[0]) : {};
  const reason = info.reason ?? legacy.reason;
  return {
    message: error.message,
    reason: typeof reason === 'string' ? reason : undefined,
    metadata: record(info.metadata),
  };
}

const CODE_OF_STATUS: Readonly<Record<number, ErrorCode>> = {
  401: 'unauthenticated',
  403: 'permission_denied',
  404: 'not_found',
  408: 'unavailable',
  409: 'conflict',
  413: 'too_large',
  429: 'quota_exhausted',
};

const RATE_REASONS = new Set(['rateLimitExceeded', 'userRateLimitExceeded', 'RATE_LIMIT_EXCEEDED']);

const HINTS: Readonly<Record<string, string>> = {
  SERVICE_DISABLED: "Enable the API in the credential's Google Cloud project",
  ACCESS_TOKEN_SCOPE_INSUFFICIENT:
    'The credential lacks a scope: grant spreadsheets and drive.file, for sharing and exporting drive, then sign in again.',
  appNotAuthorizedToFile:
    'With the scope drive.file only files that this server created are reached: grant the scope drive, or do it in Drive.',
  exportSizeLimitExceeded: 'Drive exports at most 10 MB: download it in Sheets, or read it in pages with read_range.',
  dailyLimitExceeded: "The project's daily limit is used up: wait until midnight Pacific time or raise it.",
  storageQuotaExceeded: "The account's Drive is full: free some space. A service account has no space of its own.",
};

/** Drive's words for a file that is not there or was not granted; Sheets' do not say which. */
const FILE_NOT_FOUND = /^File not found: /;
const FILE_HINT =
  'Check the id, and that it is shared with this account; with the scope drive.file only files that this server created are found.';

/**
 * The error that an HTTP status and its decoded body stand for; a body that is no Google error is described.
 * `retryAfter` and `date` are the reply's headers of these names.
 */
export function classifyReply(
  status: number,
  body: unknown,
  retryAfter: string | null,
  write: boolean,
  date: string | null = null,
): ServalError {
  const google = decode(body);
  // Below 400 somebody in between has answered: Google neither redirects API calls nor answers them so.
  const judged = status >= 400 && status < 500 && status !== 408;
  let code: ErrorCode = CODE_OF_STATUS[status] ?? (judged ? 'invalid_argument' : 'unavailable');
  if (status === 403 && google?.reason !== undefined && RATE_REASONS.has(google.reason)) code = 'quota_exhausted';
  if (google?.reason === 'exportSizeLimitExceeded') code = 'too_large';
  const retryAfterMs = retryAfterOf(retryAfter, date) ?? (code === 'quota_exhausted' ? QUOTA_WINDOW_MS : undefined);
  const details: ErrorDetails = {
    ...(retryAfterMs !== undefined && { retryAfterMs }),
    ...(code === 'quota_exhausted' && { quota: quotaOf(google) }),
    ...hintOf(google),
    // With a 4xx Google has judged the request and refused it; a 5xx says nothing about what was done
    // (data has been seen inserted in spite of a 503).
    ...(write && { outcome: judged ? ('none' as const) : ('unknown' as const) }),
  };
  return new ServalError(code, google?.message ?? `Google answered ${status} without an error body.`, details);
}

/** The refusal of a file that a service account would have had to own: Google's words do not say that it is that. */
export function withoutStorage(error: ServalError, serviceAccount: string): ServalError {
  const told = error.details.hint !== undefined && error.details.hint !== HINTS.storageQuotaExceeded;
  if (error.code !== 'permission_denied' || told) return error;
  return new ServalError(error.code, error.message, {
    ...error.details,
    hint:
      `The service account ${serviceAccount} has no Drive storage of its own and can create no files: let a person ` +
      "create it and share it with that address as editor, or run the server with a person's credential.",
  });
}

/** Which quota a refusal names. Drive's legacy reasons do not say; they are taken as the user's. */
function quotaOf(google: GoogleError | undefined): NonNullable<ErrorDetails['quota']> {
  const named = String(google?.metadata.quota_limit ?? google?.message);
  const limit = Number(google?.metadata.quota_limit_value);
  const scope = /per.?minute/i.test(named) && !/user/i.test(named) ? 'project' : 'user';
  return { scope, ...(limit > 0 && { limitValue: limit }) };
}

function hintOf(google: GoogleError | undefined): { hint: string } | undefined {
  const named = google?.reason === undefined ? undefined : HINTS[google.reason];
  const hint = named ?? (FILE_NOT_FOUND.test(google?.message ?? '') ? FILE_HINT : undefined);
  if (hint === undefined) return undefined;
  const url = google?.metadata.activationUrl;
  return { hint: typeof url === 'string' ? `${hint}: ${url}` : hint };
}

/** Nobody waits longer than this at a server's word; a proxy's mistake must not silence us for a year. */
const MAX_RETRY_AFTER_MS = 3_600_000;

/**
 * `Retry-After` in milliseconds: seconds, or an HTTP date relative to the reply's own `Date`, so that no clock but the
 * sender's counts. Undefined when it is neither.
 */
function retryAfterOf(header: string | null, date: string | null): number | undefined {
  if (header === null || header.trim() === '') return undefined;
  const ms = /^\d+(\.\d+)?$/.test(header.trim()) ? Number(header) * 1000 : httpDate(header) - httpDate(date);
  return Number.isNaN(ms) ? undefined : Math.min(Math.max(ms, 0), MAX_RETRY_AFTER_MS);
}

const HTTP_DATE = /^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/;

function httpDate(text: string | null): number {
  return text !== null && HTTP_DATE.test(text.trim()) ? Date.parse(text) : Number.NaN;
}

/** Failures from before a request was written: the API cannot have seen it. */
const NEVER_SENT =
  /^(ENOTFOUND|EAI_AGAIN|ECONNREFUSED|EHOSTUNREACH|ENETUNREACH|EADDRNOTAVAIL|UND_ERR_CONNECT_TIMEOUT|ERR_TLS_.*|ERR_SSL_.*|CERT_.*|DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_.*|EPROTO)$/;

/** The error that a thrown network failure stands for. */
export function classifyFailure(thrown: unknown, write: boolean): ServalError {
  const code = failureCode(thrown);
  const neverSent = code !== undefined && NEVER_SENT.test(code);
  // A code or nothing: a thrown error's own words may hold the headers of the request, and so the token.
  const what = code ?? 'unknown failure';
  const message = neverSent ? `Google could not be reached (${what}).` : `The connection to Google failed (${what}).`;
  return new ServalError('unavailable', message, {
    cause: thrown,
    ...(neverSent && { sent: false as const }),
    ...(write && { outcome: neverSent ? ('none' as const) : ('unknown' as const) }),
  });
}

const FAILURE_CODE = /^[A-Z][A-Z0-9_]{1,60}$/;

/** The first error code down the chain of causes: fetch hides it two levels deep, a multi-address connect in `errors`. */
function failureCode(thrown: unknown): string | undefined {
  for (let at = record(thrown), depth = 0; depth < 5; at = record(at.cause), depth++) {
    const several = Array.isArray(at.errors) ? record(at.errors[0]).code : undefined;
    const code = [at.code, several].find((one) => typeof one === 'string' && FAILURE_CODE.test(one));
    if (typeof code === 'string') return code;
  }
  return undefined;
}

/** Failures of reading or using a key, by the file system's and OpenSSL's codes. */
const NOT_NETWORK = /^(ENOENT|EACCES|EPERM|EISDIR|ENOTDIR|ERR_OSSL_.*|ERR_CRYPTO_.*|ERR_INVALID_.*)$/;

/** The token endpoint refused or failed, or the credential cannot be used: the API was not asked. */
export function classifyTokenFailure(thrown: unknown): ServalError {
  if (thrown instanceof ServalError) return thrown;
  const cause = record(thrown).cause;
  if (cause instanceof ServalError) return cause;
  const response = record(record(thrown).response);
  const status = response.status;
  const body = record(response.data);
  const details = { cause: thrown, service: 'google_oauth', outcome: 'none' } as const;
  if (typeof status === 'number' && status < 500 && status !== 429 && status !== 408) {
    const reason = typeof body.error === 'string' ? body.error : `status ${status}`;
    return new ServalError('unauthenticated', `Google refused to issue an access token (${reason}).`, details);
  }
  const failed = failureCode(thrown);
  if (typeof status !== 'number' && (failed === undefined || NOT_NETWORK.test(failed))) {
    // No request was answered or failed: the credential itself could not be found, read or used.
    const words = thrown instanceof Error ? thrown.message : 'unknown reason';
    return new ServalError('unauthenticated', `The Google credential cannot be used: ${words}`, details);
  }
  const what = typeof status === 'number' ? `status ${status}` : failed;
  return new ServalError('unavailable', `Google's token endpoint failed (${what}).`, details);
}
