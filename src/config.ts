// Every environment variable, once: name, default, unit, text. `parseConfig` is pure; only main.ts reads the environment.

import { closest, distance } from 'fastest-levenshtein';
import { z } from 'zod';
import { LEVELS } from './log.ts';

interface Setting<T> {
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

function flag(words: string): Setting<boolean> {
  const schema = z.stringbool().optional().default(true) as Setting<boolean>['schema']; // text in, boolean out
  return { schema, default: 'true', accepts: 'true or false', text: words };
}

function quota(fallback: string, words: string): Setting<number> {
  return integer(1, 10_000_000, { default: fallback, text: words });
}

const LOOPBACK = /^(127(\.\d{1,3}){3}|::1|localhost)$/;

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
      accepts: 'an http: or https: URL',
      secret: true, // it may hold a password
      text: 'Any server that speaks the Sheets v4 and Drive v3 REST API, path prefix included. Default: Google.',
    },
    (value) => URL.canParse(value) && /^https?:$/.test(new URL(value).protocol),
  ),
  GOOGLE_ACCESS_TOKEN: text({
    accepts: 'an OAuth access token',
    secret: true,
    text: 'A ready access token, used as it is and never refreshed; for tests and short scripts.',
  }),
  GOOGLE_SERVICE_ACCOUNT_KEY: text({
    accepts: 'a path to the key file, its JSON, or its JSON in base64',
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
  FALLBACK_ENABLED: flag('Answer reads with the last known value when Google cannot be asked.'),
  FALLBACK_MAX_STALE_MS: integer(0, 604_800_000, {
    default: '3600000',
    unit: 'ms',
    text: 'How old such a value may be.',
  }),
  LOG_LEVEL: choice(LEVELS, { default: 'INFO', text: 'The least severe level that is logged to stderr.' }),
} as const;

export type Variable = keyof typeof SETTINGS;
type Values = { readonly [K in Variable]: z.output<(typeof SETTINGS)[K]['schema']> };

export interface ServiceAccountKey {
  readonly client_email: string;
  readonly private_key: string;
}

export type Credential =
  | { readonly kind: 'access_token'; readonly accessToken: string }
  | { readonly kind: 'service_account'; readonly key: ServiceAccountKey }
  | { readonly kind: 'application_default' };

export type Backend =
  | { readonly kind: 'embedded'; readonly why: string }
  | { readonly kind: 'google'; readonly why: string; readonly credential: Credential };

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
  const faultPlan = decodeFaultPlan(values.EMULATOR_FAULTS, backend, readText, faults);
  if (faults.length > 0) throw new ConfigError(faults);
  const home = given('XDG_DATA_HOME') ?? (given('HOME') === undefined ? '.' : `${given('HOME')}/.local/share`);
  const config = { ...values, DATA_DIR: values.DATA_DIR ?? `${home}/servalsheets`, backend, faultPlan };
  return { config, warnings: unknownNames(env) };
}

function chooseBackend(values: Values, readText: (path: string) => string, faults: Fault[]): Backend {
  const { GOOGLE_ACCESS_TOKEN: token, GOOGLE_SERVICE_ACCOUNT_KEY: key, GOOGLE_APPLICATION_CREDENTIALS: file } = values;
  if (values.SHEETS_BACKEND === 'embedded') return { kind: 'embedded', why: 'SHEETS_BACKEND=embedded' };
  if (token !== undefined && key !== undefined) {
    faults.push({
      variable: 'GOOGLE_ACCESS_TOKEN',
      problem: 'GOOGLE_SERVICE_ACCOUNT_KEY is set too, so the account is ambiguous',
      accepted: 'one of the two',
    });
  }
  if (token !== undefined) {
    const credential = { kind: 'access_token', accessToken: token } as const;
    return { kind: 'google', why: 'GOOGLE_ACCESS_TOKEN is set', credential };
  }
  if (key !== undefined) {
    const decoded = decodeKey(key, readText);
    if (typeof decoded !== 'string') {
      const credential = { kind: 'service_account', key: decoded } as const;
      return { kind: 'google', why: `service account ${decoded.client_email}`, credential };
    }
    const accepted = SETTINGS.GOOGLE_SERVICE_ACCOUNT_KEY.accepts;
    faults.push({ variable: 'GOOGLE_SERVICE_ACCOUNT_KEY', problem: decoded, accepted });
  }
  const credential = { kind: 'application_default' } as const;
  if (file !== undefined) return { kind: 'google', why: 'GOOGLE_APPLICATION_CREDENTIALS is set', credential };
  if (values.SHEETS_BACKEND === 'google') return { kind: 'google', why: 'SHEETS_BACKEND=google', credential };
  return { kind: 'embedded', why: 'no Google credential is configured' };
}

function decodeFaultPlan(
  value: string | undefined,
  { kind, why }: Backend,
  readText: (path: string) => string,
  faults: Fault[],
): unknown {
  if (value === undefined) return undefined;
  const refuse = (problem: string) => {
    faults.push({ variable: 'EMULATOR_FAULTS', problem, accepted: SETTINGS.EMULATOR_FAULTS.accepts });
  };
  if (kind === 'google') return refuse(`the backend is google (${why})`);
  let json = value;
  if (!value.startsWith('{')) {
    try {
      json = readText(value);
    } catch {
      return refuse('it does not begin with {, and no file of that name can be read');
    }
  }
  try {
    return JSON.parse(json);
  } catch (error) {
    return refuse(`no valid JSON: ${error instanceof Error ? error.message : ''}`);
  }
}

const serviceAccountKey = z.object({ client_email: z.string().min(3), private_key: z.string().min(20) });

/** The key, or what is wrong with it: in words that hold nothing of it. */
function decodeKey(value: string, readText: (path: string) => string): ServiceAccountKey | string {
  let json = value;
  if (!value.startsWith('{')) {
    const decoded = /^[A-Za-z0-9+/_=\s-]+$/.test(value) ? Buffer.from(value, 'base64').toString('utf8') : '';
    if (decoded.trimStart().startsWith('{')) json = decoded;
    else {
      try {
        json = readText(value);
      } catch {
        return 'neither JSON nor base64 of JSON, and no file of that name can be read';
      }
    }
  }
  try {
    const parsed = serviceAccountKey.safeParse(JSON.parse(json));
    return parsed.success ? parsed.data : 'the JSON lacks client_email or private_key: it is no service account key';
  } catch {
    return 'the key is not valid JSON';
  }
}

/** Prefixes that are ours alone: any unknown name under them is a mistake. */
const OWN_PREFIXES = /^(SHEETS_|SERVAL_|SERVALSHEETS_|EMULATOR_|CIRCUIT_BREAKER_|OUTBOX_|QUOTA_|FALLBACK_)/;
/** Prefixes others use as well: only a near miss is a mistake. */
const SHARED_PREFIXES = /^(GOOGLE_|API_|REQUEST_|DATA_|LOG_|CACHE_|RETRY_|MAX_)|^(PORT|HOST)/;

function unknownNames(env: Environment): string[] {
  const known = Object.keys(SETTINGS);
  return Object.keys(env)
    .filter((name) => !known.includes(name) && env[name] !== undefined)
    .map((name) => ({ name, nearest: closest(name, known) }))
    .filter(
      ({ name, nearest }) =>
        OWN_PREFIXES.test(name) ||
        (SHARED_PREFIXES.test(name) && distance(name, nearest) <= Math.min(3, name.length / 3)),
    )
    .map(
      ({ name, nearest }) => `${name} is not a setting of this version and is ignored; the nearest name is ${nearest}`,
    );
}

/** Text of `.env.example`. */
export function envExample(): string {
  const lines = Object.entries<Setting<unknown>>(SETTINGS).map(
    ([name, setting]) => `# ${setting.text}\n# Accepts ${setting.accepts}.\n# ${name}=${setting.default ?? ''}\n`,
  );
  return `# Settings of ServalSheets. Copy to .env and uncomment what you change. Generated: npm run generate\n\n${lines.join('\n')}`;
}

/** Text of `docs/config.md`. */
export function configDocument(): string {
  const rows = Object.entries<Setting<unknown>>(SETTINGS).map(
    ([name, setting]) =>
      `| \`${name}\` | ${setting.default === undefined ? '' : `\`${setting.default}\``} | ${setting.unit ?? ''} | ${setting.accepts} | ${setting.text} |`,
  );
  return `# Settings\n\nGenerated from \`src/config.ts\` by \`npm run generate\`. A \`.env\` file in the working folder is read at start; the environment wins over it.\n\n| variable | default | unit | accepts | meaning |\n|---|---|---|---|---|\n${rows.join('\n')}\n`;
}
