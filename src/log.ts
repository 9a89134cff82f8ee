// JSON lines to stderr, levels in capitals. The one place that decides what may be written: secrets never are.

import type { Clock } from './clock.ts';

export const LEVELS = ['ERROR', 'WARN', 'INFO', 'DEBUG'] as const;
export type Level = (typeof LEVELS)[number];
export type Fields = Readonly<Record<string, unknown>>;

export interface Log {
  error(message: string, fields?: Fields): void;
  warn(message: string, fields?: Fields): void;
  info(message: string, fields?: Fields): void;
  debug(message: string, fields?: Fields): void;
}

const SECRET_KEY = /token|secret|authorization|password|private_?key|api_?key|credential|cookie|assertion/i;
/** Bearer headers, Google access and refresh tokens, JSON web tokens, PEM blocks: wherever they stand in a text. */
const SECRET_TEXT =
  /Bearer\s+[\w.~+/=-]+|ya29\.[\w-]+|1\/\/[\w-]{20,}|eyJ[\w-]{10,}\.[\w-]+\.[\w-]*|-----BEGIN[^-]*PRIVATE KEY-----[\s\S]*?(?:-----END[^-]*-----|$)|"private_key"\s*:\s*"[^"]*"?/g;

/** Characters of a text that are written; the others are counted. */
const MAX_CHARACTERS = 2_000;
/** Characters that are searched for secrets: the search of a text of megabytes would hold up everything else. */
const MAX_SEARCHED = 5 * MAX_CHARACTERS;

/** A text fit to be shown: secrets replaced by `[redacted]`, a long one cut. */
export function redactText(text: string): string {
  const clean = text.slice(0, MAX_SEARCHED).replace(SECRET_TEXT, '[redacted]');
  const rest = Math.max(0, text.length - MAX_SEARCHED) + Math.max(0, clean.length - MAX_CHARACTERS);
  return rest === 0 ? clean : `${clean.slice(0, MAX_CHARACTERS)}… (${rest} more characters)`;
}

/** A copy fit to be shown: texts as by `redactText`, errors as name, message and stack, depth bounded. */
export function redact(value: unknown, depth = 0): unknown {
  if (typeof value === 'string') return redactText(value);
  if (typeof value !== 'object' || value === null) return typeof value === 'bigint' ? String(value) : value;
  if (depth > 10) return '[deeper]';
  if (value instanceof Error) {
    const { name, message, stack, cause } = value;
    return redact({ name, message, stack, ...(cause === undefined ? {} : { cause }) }, depth + 1);
  }
  if (Array.isArray(value)) return value.slice(0, 50).map((item) => redact(item, depth + 1));
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, SECRET_KEY.test(key) ? '[redacted]' : redact(item, depth + 1)]),
  );
}

/** `write` takes one whole line, newline included. */
export function createLog(level: Level, clock: Clock, write: (line: string) => void): Log {
  const at =
    (own: Level) =>
    (message: string, fields: Fields = {}) => {
      if (LEVELS.indexOf(own) > LEVELS.indexOf(level)) return;
      const shown = redact({ message, ...fields });
      write(`${JSON.stringify({ time: new Date(clock.wall()).toISOString(), level: own, ...Object(shown) })}\n`);
    };
  return { error: at('ERROR'), warn: at('WARN'), info: at('INFO'), debug: at('DEBUG') };
}
