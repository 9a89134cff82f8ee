// The end of the pipe: one call is one request by Google's own client, its retries off. Classifies what comes back.

import { abortable, abortError } from '../abort.ts';
import type { Call, Send } from '../call.ts';
import type { Clock } from '../clock.ts';
import { ServalError } from '../errors.ts';
import type { Emit } from '../events.ts';
import { classifyFailure, classifyReply, classifyTokenFailure, withoutStorage } from './classify.ts';
import type { Credentials } from './credentials.ts';

export interface TransportOptions {
  readonly credentials: Credentials;
  /** Any server that speaks both APIs, path prefix included; Google when absent. */
  readonly rootUrl?: string;
  /** Performs the request: the platform's, or the embedded backend's own. */
  readonly fetch: typeof globalThis.fetch;
  readonly version: string;
  readonly clock: Clock;
  readonly emit: Emit;
}

type Method = (
  params: object,
  options: object,
) => Promise<{ status: number; data: unknown; headers: Headers | Record<string, string> }>;

/** Methods whose reply is a file: it becomes `{ mimeType, base64 }`. */
const GIVES_FILE: ReadonlySet<string> = new Set(['files.export']);

/**
 * A Send that performs each call once. Rejects with a ServalError whose `details.outcome` says, for writes, whether
 * Google may have applied it. The signal stops the request; its reason becomes the error.
 */
export function createTransport(options: TransportOptions): Send {
  const { credentials, clock, emit } = options;
  let clients: Promise<Readonly<Record<Call['api'], object>>> | undefined;

  async function send(call: Call, signal: AbortSignal): Promise<unknown> {
    if (signal.aborted) throw notSent(abortError(signal));
    clients ??= importClients();
    const method = methodOf((await clients)[call.api], call);
    const headers = await token(signal);
    try {
      return await request(call, method, headers, signal);
    } catch (error) {
      // A request whose token was refused was not applied, so asking once more with a fresh one repeats nothing.
      if (!(error instanceof ServalError) || error.code !== 'unauthenticated' || !credentials.renew(headers))
        throw error;
      return request(call, method, await token(signal), signal);
    }
  }

  async function request(
    call: Call,
    method: Method,
    headers: Record<string, string>,
    signal: AbortSignal,
  ): Promise<unknown> {
    const start = clock.now();
    const report = (code?: ServalError['code']) =>
      emit({
        type: 'api_call',
        api: call.api,
        method: call.method,
        status: code === undefined ? 'success' : 'error',
        ...(code !== undefined && { code }),
        durationMs: clock.now() - start,
      });
    const work = method(call.params, {
      headers,
      signal,
      retry: false,
      // Google does not redirect API calls; whoever does is something in between, and a POST must not be repeated for it.
      redirect: 'manual',
      fetchImplementation: options.fetch,
      userAgentDirectives: [{ product: 'servalsheets', version: options.version }],
      ...(options.rootUrl !== undefined && { rootUrl: options.rootUrl }),
      ...(GIVES_FILE.has(call.method) && { responseType: 'arraybuffer' }),
    }).then(({ status, data, headers: told }) =>
      GIVES_FILE.has(call.method) ? fileOf(status, data, told) : replyOf(status, data, call.kind === 'write'),
    );
    try {
      const reply = await abortable(work, signal);
      report();
      return reply;
    } catch (thrown) {
      const error = failureOf(thrown, call.kind === 'write', signal);
      report(error.code);
      const { serviceAccount } = credentials.account();
      const creates = call.method === 'spreadsheets.create' && serviceAccount !== undefined;
      throw creates ? withoutStorage(error, serviceAccount) : error;
    }
  }

  async function token(signal: AbortSignal): Promise<Record<string, string>> {
    const failed = (thrown: unknown) => {
      const error = classifyTokenFailure(thrown);
      emit({ type: 'token_failed', code: error.code, message: error.message });
      throw error;
    };
    try {
      return await abortable(credentials.headers().catch(failed), signal);
    } catch (error) {
      throw error instanceof ServalError && signal.aborted ? notSent(error) : error;
    }
  }

  return send;
}

async function importClients() {
  const [{ sheets }, { drive }] = await Promise.all([import('@googleapis/sheets'), import('@googleapis/drive')]);
  return { sheets: sheets({ version: 'v4' }), drive: drive({ version: 'v3' }) };
}

function methodOf(client: object, call: Call): Method {
  let owner: unknown;
  let member: unknown = client;
  for (const name of call.method.split('.')) {
    owner = member;
    member = (member as Record<string, unknown> | undefined)?.[name];
  }
  if (typeof member !== 'function') throw new ServalError('internal', `No method ${call.method} in ${call.api}.`);
  return member.bind(owner) as Method; // every generated method has this shape
}

/** A reply that is not a JSON object was cut on its way (the client hands truncated JSON over as a string). */
function replyOf(status: number, body: unknown, write: boolean): unknown {
  if (status === 204) return {};
  if (typeof body === 'object' && body !== null) {
    if (!('commentUpdateState' in body) || body.commentUpdateState !== 'ALL_FAILED_UNKNOWN_REASON') return body;
    // Comments are kept apart from the cells: of a batch that was accepted Google may have lost them all.
    throw new ServalError('unavailable', 'Google has saved none of the comments and does not say why.', {
      outcome: 'none',
    });
  }
  throw new ServalError('unavailable', `Google's answer (${status}) was cut off or is no JSON.`, {
    ...(write && { outcome: 'unknown' as const }),
  });
}

/** A file, unless somebody in between has answered in words of its own. */
function fileOf(status: number, body: unknown, headers: Headers | Record<string, string>): unknown {
  const type = headers instanceof Headers ? headers.get('content-type') : headers['content-type'];
  const mimeType = type?.split(';')[0]?.trim() ?? '';
  if (body instanceof ArrayBuffer && body.byteLength > 0 && !/^$|^text\/html$|^application\/json$/.test(mimeType)) {
    return { mimeType, base64: Buffer.from(body).toString('base64') };
  }
  throw new ServalError('unavailable', `Google's answer (${status}) is no file.`);
}

function failureOf(thrown: unknown, write: boolean, signal: AbortSignal): ServalError {
  if (signal.aborted) {
    const { code, message, details } = abortError(signal);
    return new ServalError(code, message, { ...details, ...(write && { outcome: 'unknown' as const }) });
  }
  if (thrown instanceof ServalError) return thrown;
  const response = (thrown as { response?: { status: number; data: unknown; headers: Headers } }).response;
  if (response === undefined) return classifyFailure(thrown, write);
  const { data } = response;
  const text = data instanceof ArrayBuffer ? Buffer.from(data).toString('utf8') : data;
  const body = typeof text === 'string' ? parsed(text) : text;
  return classifyReply(response.status, body, response.headers.get('retry-after'), write, response.headers.get('date'));
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function notSent(error: ServalError): ServalError {
  return new ServalError(error.code, error.message, { ...error.details, outcome: 'none' });
}
