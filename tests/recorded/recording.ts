// Recordings of Google's answers (betamax cassettes, or the same without headers): read from files. Sends nothing.

import { readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { gunzipSync } from 'node:zlib';

export interface Interaction {
  readonly method: string;
  readonly uri: string;
  /** Undefined when there was none. */
  readonly body: string | undefined;
  readonly contentType: string | undefined;
  readonly status: number;
  /** JSON where it is JSON, else the text. */
  readonly answer: unknown;
}

export interface Recording {
  readonly name: string;
  readonly interactions: readonly Interaction[];
}

interface Saved {
  readonly request: {
    readonly method: string;
    readonly uri: string;
    readonly body?: string | { readonly string?: string; readonly base64_string?: string } | null;
    readonly headers?: Readonly<Record<string, string | readonly string[]>>;
  };
  readonly response: {
    readonly status: { readonly code: number } | number;
    readonly body?: unknown;
  };
}

function textOf(body: unknown): string {
  if (typeof body === 'string') return body;
  if (typeof body !== 'object' || body === null) return '';
  const { string, base64_string } = body as { string?: unknown; base64_string?: unknown };
  if (typeof string === 'string') return string;
  if (typeof base64_string !== 'string') return JSON.stringify(body);
  const bytes = Buffer.from(base64_string, 'base64');
  const zipped = bytes[0] === 0x1f && bytes[1] === 0x8b;
  return (zipped ? gunzipSync(bytes) : bytes).toString('utf8');
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function interaction({ request, response }: Saved): Interaction {
  const sent = request.body === null || request.body === undefined ? '' : textOf(request.body);
  const headers = Object.entries(request.headers ?? {});
  const contentType = headers.find(([name]) => name.toLowerCase() === 'content-type')?.[1];
  return {
    method: request.method,
    uri: request.uri,
    body: sent === '' ? undefined : sent,
    contentType: typeof contentType === 'string' ? contentType : contentType?.[0],
    status: typeof response.status === 'number' ? response.status : response.status.code,
    answer: jsonOf(textOf(response.body)),
  };
}

/** Every `*.json` of a folder, or one file. Throws an Error that names a file that is no recording. */
export function readRecordings(path: string): Recording[] {
  const files = statSync(path).isDirectory()
    ? readdirSync(path)
        .filter((name) => name.endsWith('.json'))
        .sort()
        .map((name) => join(path, name))
    : [path];
  return files.map((file) => {
    const parsed: unknown = JSON.parse(readFileSync(file, 'utf8'));
    const list = (parsed as { interactions?: unknown }).interactions;
    if (!Array.isArray(list)) throw new Error(`${file} is no recording: it has no list 'interactions'`);
    return { name: basename(file, '.json'), interactions: (list as Saved[]).map(interaction) };
  });
}
