// Google's answers in trouble: bodies by status, API and reason, in Google's words where these are recorded or documented.

import { ApiError, driveBody, sheetsBody } from './errors.ts';
import type { Refusal } from './quota.ts';
import { jsonResponse, printJson } from './reply.ts';
import type { Seen } from './seen.ts';

const PROJECT_NUMBER = '123456789012';
const CONSUMER = `projects/${PROJECT_NUMBER}`;
const ERROR_INFO = 'type.googleapis.com/google.rpc.ErrorInfo';

/** Message of each status; the names (`UNAVAILABLE`) are in errors.ts. Of 409 and 502 there is no recording. */
const MESSAGES: Readonly<Record<number, string>> = {
  400: 'Request contains an invalid argument.',
  401: 'Request had invalid authentication credentials. Expected OAuth 2 access token, login cookie or other valid authentication credential. See https://developers.google.com/identity/sign-in/web/devconsole-project.',
  403: 'The caller does not have permission',
  404: 'Requested entity was not found.',
  409: 'The operation was aborted.',
  500: 'Internal error encountered.',
  502: 'Bad Gateway',
  503: 'The service is currently unavailable.',
  504: 'Deadline expired before operation could complete.',
};

/** `errors[0].reason` of Drive where a rule gives none. */
const DRIVE_REASONS: Readonly<Record<number, string>> = {
  401: 'authError',
  403: 'insufficientFilePermissions',
  404: 'notFound',
  409: 'conflict',
};

/** Reasons only Drive's body has: they are printed in it on every path. */
const LEGACY: Readonly<Record<string, { readonly domain: string; readonly message: string }>> = {
  insufficientFilePermissions: {
    domain: 'global',
    message: 'The user does not have sufficient permissions for this file.',
  },
  rateLimitExceeded: { domain: 'usageLimits', message: 'Rate Limit Exceeded' },
  userRateLimitExceeded: { domain: 'usageLimits', message: 'User Rate Limit Exceeded' },
  dailyLimitExceeded: { domain: 'usageLimits', message: 'Daily Limit Exceeded' },
  storageQuotaExceeded: { domain: 'global', message: "The user's Drive storage quota has been exceeded." },
};

export const FAULT_STATUSES = [...Object.keys(MESSAGES).map(Number), 408, 429].sort((a, b) => a - b);

/** What `reason` may be, by status; the first one of 429 is its default. */
export const REASONS: Readonly<Record<number, readonly string[]>> = {
  403: ['SERVICE_DISABLED', 'ACCESS_TOKEN_SCOPE_INSUFFICIENT', ...Object.keys(LEGACY)],
  429: ['user', 'project', 'rateLimitExceeded', 'userRateLimitExceeded'],
};

/** The 429 of the Sheets API. It has no Retry-After. */
export function quotaAnswer({ kind }: Pick<Seen, 'kind'>, { per, limit }: Refusal): Response {
  const noun = kind === 'read' ? 'Read' : 'Write';
  const words = `${noun} requests per minute${per === 'user' ? ' per user' : ''}`;
  const error = {
    code: 429,
    message: `Quota exceeded for quota metric '${noun} requests' and limit '${words}' of service 'sheets.googleapis.com' for consumer 'project_number:${PROJECT_NUMBER}'.`,
    status: 'RESOURCE_EXHAUSTED',
    details: [
      {
        '@type': ERROR_INFO,
        reason: 'RATE_LIMIT_EXCEEDED',
        domain: 'googleapis.com',
        metadata: {
          quota_limit_value: String(limit),
          service: 'sheets.googleapis.com',
          consumer: CONSUMER,
          quota_unit: per === 'user' ? '1/min/{project}/{user}' : '1/min/{project}',
          quota_location: 'global',
          quota_metric: `sheets.googleapis.com/${kind}_requests`,
          quota_limit: `${noun}RequestsPerMinutePer${per === 'user' ? 'User' : 'Project'}`,
        },
      },
      {
        '@type': 'type.googleapis.com/google.rpc.Help',
        links: [
          {
            description: 'Request a higher quota limit.',
            url: 'https://cloud.google.com/docs/quotas/help/request_increase',
          },
        ],
      },
    ],
  };
  return json({ error }, 429);
}

/** The answer of a rule's status and reason, as the API that was asked words it. */
export function statusAnswer(request: Seen, status: number, reason: string | undefined): Response {
  const legacy = reason === undefined ? undefined : LEGACY[reason];
  if (reason !== undefined && legacy) {
    return json(driveBody(new ApiError(status, legacy.message, { reason, domain: legacy.domain })), status);
  }
  if (status === 429) {
    if (request.api === 'drive') return statusAnswer(request, 429, 'userRateLimitExceeded');
    return quotaAnswer(request, reason === 'project' ? { per: 'project', limit: 300 } : { per: 'user', limit: 60 });
  }
  if (status === 408) return htmlAnswer(408);
  const info = reason === undefined ? undefined : errorInfo(request, reason);
  const message = info?.message ?? MESSAGES[status] ?? '';
  const headers: Record<string, string> =
    status === 401 ? { 'WWW-Authenticate': 'Bearer realm="https://accounts.google.com/", error="invalid_token"' } : {};
  if (request.api === 'drive' && info === undefined) {
    const driveReason = DRIVE_REASONS[status] ?? (status < 500 ? 'invalid' : 'backendError');
    const words =
      status === 401
        ? 'Invalid Credentials'
        : status === 404
          ? `File not found: ${request.spreadsheet ?? ''}.`
          : message;
    const where = status === 401 ? 'Authorization' : status === 404 ? 'fileId' : undefined;
    const more = { reason: driveReason, ...(where !== undefined && { location: where }) };
    return json(driveBody(new ApiError(status, words, more)), status, headers);
  }
  return json(sheetsBody(new ApiError(status, message, info ? { details: info.details } : {})), status, headers);
}

function errorInfo(request: Seen, reason: string): { message: string; details: object[] } {
  const service = `${request.api}.googleapis.com`;
  const info = (metadata: object) => ({ '@type': ERROR_INFO, reason, domain: 'googleapis.com', metadata });
  if (reason === 'ACCESS_TOKEN_SCOPE_INSUFFICIENT') {
    const message = 'Request had insufficient authentication scopes.';
    return { message, details: [info({ service, method: 'google.apps.sheets.v4.SpreadsheetsService' })] };
  }
  const title = request.api === 'sheets' ? 'Google Sheets API' : 'Google Drive API';
  const activationUrl = `https://console.developers.google.com/apis/api/${service}/overview?project=${PROJECT_NUMBER}`;
  const message = `${title} has not been used in project ${PROJECT_NUMBER} before or it is disabled. Enable it by visiting ${activationUrl} then retry. If you enabled this API recently, wait a few minutes for the action to propagate to our systems and retry.`;
  const details = [
    info({ service, consumer: CONSUMER, serviceTitle: title, containerInfo: PROJECT_NUMBER, activationUrl }),
    { '@type': 'type.googleapis.com/google.rpc.LocalizedMessage', locale: 'en-US', message },
    {
      '@type': 'type.googleapis.com/google.rpc.Help',
      links: [{ description: 'Google developers console API activation', url: activationUrl }],
    },
  ];
  return { message, details };
}

const PAGES = {
  408: ['Request Timeout', 'Your client has taken too long to issue its request.'],
  502: [
    'Server Error',
    'The server encountered a temporary error and could not complete your request.<p>Please try again in 30 seconds.',
  ],
} as const;

/** The page of Google's front end, which speaks when no API does. */
export function htmlAnswer(status: keyof typeof PAGES): Response {
  const [title, words] = PAGES[status];
  const text = `<!DOCTYPE html>
<html lang=en>
  <meta charset=utf-8>
  <title>Error ${status} (${title})!!1</title>
  <p><b>${status}.</b> <ins>That’s an error.</ins>
  <p>${words}  <ins>That’s all we know.</ins>
`;
  return new Response(text, { status, headers: { 'Content-Type': 'text/html; charset=UTF-8' } });
}

/** A good answer of which only the first half arrived; a refusal is left whole. */
export async function truncated(response: Response): Promise<Response> {
  if (response.status !== 200) return response;
  const text = await response.text();
  return new Response(text.slice(0, Math.ceil(text.length / 2)), { status: 200, headers: response.headers });
}

function json(body: object, status: number, headers: Record<string, string> = {}): Response {
  return jsonResponse(printJson(body, true), status, headers);
}

/** What fetch rejects with when the connection breaks; the code is on the cause. */
export function connectionReset(): TypeError {
  const cause = Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET', errno: -104, syscall: 'read' });
  return new TypeError('fetch failed', { cause });
}

export function isConnectionReset(error: unknown): boolean {
  const cause = error instanceof TypeError ? error.cause : undefined;
  return cause instanceof Error && 'code' in cause && cause.code === 'ECONNRESET';
}
