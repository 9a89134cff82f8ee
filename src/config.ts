// Every environment variable, once: name, default, unit, text. `parseConfig` is pure; only main.ts reads the environment.

import { z } from 'zod';
import { type Backend, chooseBackend, KEY_ACCEPTS } from './backend.ts';
import { nameWarnings } from './config-names.ts';
import { decodeFaultPlan } from './fault-plan.ts';
import { LEVELS } from './log.ts';

export interface Setting<T> {
  readonly schema: z.ZodType<T, string | undefined>;
  /** As written in the environment; absent when there is none. */
  readonly default?: string;
  readonly unit?: 'ms' | 'bytes';
  /** What a value may be, in words. */
  readonly accepts: string;
  readonly text: string;
  readonly secret?: true;
}

type Words = Pick<Setting<unknown>, 'default' | 'unit' | 'text' | 'secret'>;

function integer(min: number, max: number, words: Words & { default: string }): Setting<number> {
  const accepts = `an integer from ${min} to ${max}`;
  const schema = z
    .string()
    .default(words.default)
    .refine((text) => /^\d+$/.test(text) && Number(text) >= min && Number(text) <= max)
    .transform(Number);
  return { ...words, accepts, schema };
}

function choice<const T extends readonly string[]>(values: T, words: Words & { default: string }): Setting<T[number]> {
  return { ...words, accepts: values.join(', '), schema: z.string().default(words.default).pipe(z.enum(values)) };
}

function text(words: Words & { accepts: string }, valid: (text: string) => boolean = () => true) {
  return { ...words, schema: z.string().refine(valid).optional() } satisfies Setting<string | undefined>;
}

function flag(words: string, fallback = true): Setting<boolean> {
  const schema = z.stringbool().optional().default(fallback) as Setting<boolean>['schema']; // text in, boolean out
  return { schema, default: String(fallback), accepts: 'true or false', text: words };
}

const TOOLSETS = ['core', 'structure', 'format', 'objects', 'share'] as const;

/** Names with commas between them, or `all`. */
function toolsets(words: Words & { default: string }): Setting<readonly (typeof TOOLSETS)[number][]> {
  const schema = z
    .string()
    .default(words.default)
    .transform((text) => text.split(',').map((name) => name.trim().toLowerCase()))
    .transform((names) => (names.includes('all') ? [...TOOLSETS] : names))
    .pipe(z.array(z.enum(TOOLSETS)).min(1));
  return { ...words, accepts: `all, or some of ${TOOLSETS.join(', ')} with commas between them`, schema };
}

function quota(fallback: string, words: string): Setting<number> {
  return integer(1, 10_000_000, { default: fallback, text: words });
}

/** One whose only parts are origin and path: the rest would be lost, or shown, where paths are added to it. */
function isPlainUrl(value: string): boolean {
  const url = URL.parse(value);
  return url !== null && /^https?:$/.test(url.protocol) && url.href === url.origin + url.pathname;
}

/** The names that the HTTP edge takes in a Host header. */
const LOOPBACK = /^(127\.0\.0\.1|::1|localhost)$/;

export const SETTINGS = {
  PORT: integer(0, 65_535, {
    default: '3000',
    text: 'Port of the HTTP server (MCP and REST); 0 takes any free one.',
  }),
  HOST: {
    schema: z.string().regex(LOOPBACK).default('127.0.0.1'),
    default: '127.0.0.1',
    accepts: '127.0.0.1, ::1 or localhost: callers are not authenticated yet, so only this machine may call',
    text: 'Address the HTTP server listens on.',
  } satisfies Setting<string>,
  SHEETS_BACKEND: text(
    {
      accepts: 'embedded or google',
      text: 'Where spreadsheets live. Default: google when a Google credential is configured, else embedded.',
    },
    (value) => value === 'embedded' || value === 'google',
  ),
  DATA_DIR: text({
    accepts: 'a folder on a local disk',
    text: "What the server keeps. Default: servalsheets in $XDG_DATA_HOME, or in ~/.local/share. Holds the embedded backend's workbooks.",
  }),
  EMULATOR_FAULTS: text({
    accepts: 'a fault plan as JSON, or a path to a file that holds one; only with the embedded backend',
    text: 'Scripted faults and quota of the embedded backend, to try what happens when Google fails.',
  }),
  GOOGLE_API_ROOT_URL: text(
    {
      accepts: 'an http: or https: URL without user name, password, query and fragment',
      secret: true, // it may hold a password
      text: 'Any server that speaks the Sheets v4 and Drive v3 REST API, path prefix included. Default: Google.',
    },
    isPlainUrl,
  ),
  GOOGLE_ACCESS_TOKEN: text(
    {
      accepts: 'an OAuth access token: printable ASCII characters without spaces',
      secret: true,
      text: 'A ready access token, used as it is and never refreshed; for tests and short scripts.',
    },
    (value) => /^[\x21-\x7e]+$/.test(value), // anything else would be shown by the error of the HTTP client
  ),
  GOOGLE_SERVICE_ACCOUNT_KEY: text({
    accepts: KEY_ACCEPTS,
    secret: true,
    text: 'Key of a service account.',
  }),
  GOOGLE_APPLICATION_CREDENTIALS: text({
    accepts: 'a path to a credentials file',
    text: "Google's own variable for application default credentials; setting it chooses the google backend.",
  }),
  API_TIMEOUT_MS: integer(100, 600_000, {
    default: '20000',
    unit: 'ms',
    text: 'One attempt of one Google API call may take this long.',
  }),
  REQUEST_DEADLINE_MS: integer(100, 3_600_000, {
    default: '50000',
    unit: 'ms',
    text: 'One tool call may take this long, waits included. Many MCP clients give up at 60 s.',
  }),
  MAX_CONCURRENT_REQUESTS: integer(1, 1_000, { default: '20', text: 'Google API calls in flight at once.' }),
  RETRY_ENABLED: flag('Repeat failed Google API calls where that is safe.'),
  RETRY_MAX_ATTEMPTS: integer(0, 10, { default: '3', text: 'Tries after the first one.' }),
  CIRCUIT_BREAKER_FAILURE_THRESHOLD: integer(1, 1_000, {
    default: '5',
    text: 'Consecutive failures that open a circuit breaker.',
  }),
  CIRCUIT_BREAKER_SUCCESS_THRESHOLD: integer(1, 100, {
    default: '2',
    text: 'Successful probes in a row that close a half-open circuit breaker.',
  }),
  CIRCUIT_BREAKER_TIMEOUT: integer(1, 86_400_000, {
    default: '60000',
    unit: 'ms',
    text: 'How long a circuit breaker stays open before it lets a probe through.',
  }),
  CIRCUIT_BREAKER_RESET_TIMEOUT: integer(1, 86_400_000, {
    default: '30000',
    unit: 'ms',
    text: 'The failure count of a closed circuit breaker is forgotten after this long without a failure or a call.',
  }),
  QUERY_TIMEOUT_MS: integer(100, 600_000, {
    default: '5000',
    unit: 'ms',
    text: 'One SQL query of query_rows may run this long, its reading of the spreadsheet apart.',
  }),
  CACHE_ENABLED: flag('Answer repeated reads from memory for a short while.'),
  CACHE_TTL_MS: integer(0, 3_600_000, {
    default: '10000',
    unit: 'ms',
    text: 'How long a read may be answered from memory.',
  }),
  CACHE_MAX_BYTES: integer(1_048_576, 8_589_934_592, {
    default: '67108864',
    unit: 'bytes',
    text: 'Memory for replies, the last known ones included.',
  }),
  TOOLSETS: toolsets({
    default: 'core,structure,format',
    text: 'Which tools are offered. With share the scope drive is asked for.',
  }),
  READ_ONLY: flag('Offer only tools that read, and make no queued write.', false),
  ADAPTIVE_BATCHING: flag('Let calls for one spreadsheet that arrive together travel as one.'),
  THROTTLE_ENABLED: flag("Stay below Google's quotas by waiting."),
  QUOTA_HEADROOM: {
    schema: z
      .string()
      .default('0.9')
      .refine((value) => Number(value) > 0 && Number(value) <= 1)
      .transform(Number),
    default: '0.9',
    accepts: 'a number above 0 and at most 1',
    text: "The part of Google's quotas that is used.",
  } satisfies Setting<number>,
  QUOTA_READS_PER_MINUTE_PER_USER: quota('60', 'Reads a minute that Google allows one account.'),
  QUOTA_WRITES_PER_MINUTE_PER_USER: quota('60', 'Writes a minute that Google allows one account.'),
  QUOTA_READS_PER_MINUTE_PER_PROJECT: quota('300', 'Reads a minute that Google allows the whole project.'),
  QUOTA_WRITES_PER_MINUTE_PER_PROJECT: quota('300', 'Writes a minute that Google allows the whole project.'),
  FALLBACK_ENABLED: flag(
    'When Google cannot be asked: answer reads with the last known value, keep writes and make them later.',
  ),
  FALLBACK_MAX_STALE_MS: integer(0, 604_800_000, {
    default: '3600000',
    unit: 'ms',
    text: 'How old such a value may be.',
  }),
  EXACTLY_ONCE: choice(['markers', 'off'], {
    default: 'markers',
    text: 'markers: a write is never applied twice and a lost answer is found out; off: a repeated write may be doubled.',
  }),
  OUTBOX_MAX_ENTRIES: integer(0, 10_000_000, {
    default: '100000',
    text: 'Writes that are kept while Google cannot be asked; more are refused.',
  }),
  OUTBOX_MAX_AGE_MS: integer(1_000, 2_592_000_000, {
    default: '86400000',
    unit: 'ms',
    text: 'A kept write that could not be made for so long is given up, and says so.',
  }),
  UNDO_ENABLED: flag('Keep what a write replaces, so that undo_write can put it back.'),
  UNDO_MAX_AGE_MS: integer(1_000, 2_592_000_000, {
    default: '86400000',
    unit: 'ms',
    text: 'How long that is kept.',
  }),
  UNDO_MAX_BYTES: integer(1_048_576, 1_099_511_627_776, {
    default: '268435456',
    unit: 'bytes',
    text: 'How much of it is kept in DATA_DIR for all writes together; the oldest goes first.',
  }),
  ALLOW_EXTERNAL_FORMULAS: flag(
    'Write formulas that fetch from elsewhere: IMPORTDATA, IMPORTXML, IMPORTHTML, IMPORTFEED, IMPORTRANGE, IMAGE.',
    false,
  ),
  LEDGER_RETENTION_MS: integer(86_400_000, 31_536_000_000, {
    default: '604800000',
    unit: 'ms',
    text: 'How long finished writes are remembered; idempotency keys hold for a day.',
  }),
  LOG_LEVEL: choice(LEVELS, { default: 'INFO', text: 'The least severe level that is logged to stderr.' }),
} as const;

export type Variable = keyof typeof SETTINGS;
export type Values = { readonly [K in Variable]: z.output<(typeof SETTINGS)[K]['schema']> };

export interface Config extends Values {
  readonly DATA_DIR: string;
  readonly backend: Backend;
  /** EMULATOR_FAULTS as JSON; the embedded backend checks it. */
  readonly faultPlan: unknown;
}

export interface Fault {
  readonly variable: string;
  readonly problem: string;
  readonly accepted: string;
}

export class ConfigError extends Error {
  readonly faults: readonly Fault[];
  constructor(faults: readonly Fault[]) {
    super(faults.map((fault) => `${fault.variable}: ${fault.problem}; accepted: ${fault.accepted}`).join('\n'));
    this.name = 'ConfigError';
    this.faults = faults;
  }
}

export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The configuration that an environment means, with warnings for names that look like ours but are not.
 * `readText` opens the key file that a variable names. Throws one ConfigError that lists every fault.
 */
export function parseConfig(
  env: Environment,
  readText: (path: string) => string,
): { config: Config; warnings: string[] } {
  const faults: Fault[] = [];
  const given = (name: string) => (env[name]?.trim() ? env[name]?.trim() : undefined);
  const parsed = Object.fromEntries(
    Object.entries<Setting<unknown>>(SETTINGS).map(([variable, setting]) => {
      const result = setting.schema.safeParse(given(variable));
      if (result.success) return [variable, result.data];
      const shown = setting.secret ? 'not a valid value' : `${JSON.stringify(given(variable))} is not valid`;
      faults.push({ variable, problem: shown, accepted: setting.accepts });
      return [variable, undefined];
    }),
  );
  const values = parsed as unknown as Values; // each entry was decoded by the schema of its own name
  const backend = chooseBackend(values, readText, faults);
  const { accepts } = SETTINGS.EMULATOR_FAULTS;
  const faultPlan = decodeFaultPlan(values.EMULATOR_FAULTS, backend, readText, (problem) => {
    faults.push({ variable: 'EMULATOR_FAULTS', problem, accepted: accepts });
  });
  if (faults.length > 0) throw new ConfigError(faults);
  const home = given('XDG_DATA_HOME') ?? (given('HOME') === undefined ? '.' : `${given('HOME')}/.local/share`);
  const config = { ...values, DATA_DIR: values.DATA_DIR ?? `${home}/servalsheets`, backend, faultPlan };
  return { config, warnings: nameWarnings(given, Object.keys(env), Object.keys(SETTINGS)) };
}
