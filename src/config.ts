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
  if (faults.length > 0) throw new ConfigError(faults);
  const home = given('XDG_DATA_HOME') ?? (given('HOME') === undefined ? '.' : `${given('HOME')}/.local/share`);
  const config = { ...values, DATA_DIR: values.DATA_DIR ?? `${home}/servalsheets`, backend };
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
