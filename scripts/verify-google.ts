// npm run verify:google: tries the assumptions of docs/assumptions.md about Google on a spreadsheet of the caller's.
// The command line only: what is tried is in verify-google/, what is sent and how in src/.

import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs, parseEnv } from 'node:util';
import type { Credential } from '../src/backend.ts';
import { systemClock } from '../src/clock.ts';
import { type Config, parseConfig } from '../src/config.ts';
import { drained, stopSignal } from '../src/ending.ts';
import { ServalError } from '../src/errors.ts';
import { createCredentials } from '../src/google/credentials.ts';
import { createTransport } from '../src/google/transport.ts';
import { createLog, redactText } from '../src/log.ts';
import { parseAssumptions } from './verify-google/assumptions.ts';
import { createBench } from './verify-google/bench.ts';
import { CHECKS } from './verify-google/checks.ts';
import { runChecks, type Tally } from './verify-google/run.ts';

const USAGE = `npm run verify:google -- --spreadsheet <id> [--only 15,16] [options]

  --spreadsheet <id>         a spreadsheet that the configured credential may edit
  --only 15,16               these assumptions of docs/assumptions.md only
  --budget                   also 21: fills the spreadsheet's developer metadata for a few seconds
  --quota                    also 13 and 30: uses up the reads of a minute, the server's too
  --other-token-env NAME     also 24: NAME holds an access token of another Google Cloud project

Settings are those of the server: environment variables, or lines of .env in the working folder.
Exit status: 0 all that was tried holds, 1 something does not or could not be told, 2 wrong usage, 130 interrupted.
`;

class UsageError extends Error {}

const OPTIONS = {
  spreadsheet: { type: 'string' },
  only: { type: 'string' },
  budget: { type: 'boolean' },
  quota: { type: 'boolean' },
  'other-token-env': { type: 'string' },
  help: { type: 'boolean', short: 'h' },
} as const;

const root = resolve(import.meta.dirname, '..');
const assumptions = parseAssumptions(readFileSync(join(root, 'docs/assumptions.md'), 'utf8'));
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
/** What Google allows an account in a minute is used up to this part: the server may be running beside. */
const HEADROOM = 0.8;

/** Between the tries to clean up. */
const CLEANING_WAITS_MS = [1_000, 4_000];

const print = (text: string) => void process.stdout.write(`${redactText(text)}\n`);
const complain = (text: string) => void process.stderr.write(`${redactText(text)}\n`);

async function main(): Promise<number> {
  const { help, spreadsheet, only, ...rest } = parse();
  if (help) {
    print(USAGE.trimEnd());
    return 0;
  }
  if (!spreadsheet) throw new UsageError('--spreadsheet is missing: which spreadsheet may be used?');
  const spreadsheetId = /\/spreadsheets\/d\/([\w-]+)/.exec(spreadsheet)?.[1] ?? spreadsheet;
  const numbers = numbersOf(only);
  const config = configure();
  const { backend } = config;
  if (backend.kind !== 'google') throw new UsageError(`No Google credential is configured: ${backend.why}.`);
  const other = tokenOf(rest['other-token-env']);

  const stop = new AbortController();
  const log = createLog('INFO', systemClock, () => {});
  void stopSignal({ clock: systemClock, log }, process.env.npm_lifecycle_event !== undefined).then(() => {
    complain('Interrupted: cleaning up. A second signal ends at once, and leaves what was made.');
    stop.abort();
  });
  const bench = createBench({
    spreadsheetId,
    send: transport(config, backend.credential),
    otherSend: other && transport(config, other),
    clock: systemClock,
    perMinute: paceOf(config),
    timeoutMs: config.API_TIMEOUT_MS,
    stop: stop.signal,
    say: complain,
    ownScopes: backend.credential.kind === 'service_account',
  });
  const checks = CHECKS.filter(({ number }) => numbers.has(number));
  announce(
    config,
    bench.name,
    spreadsheetId,
    checks.reduce((sum, one) => sum + (one.sheets ?? 0), 0),
    rest,
  );

  const access = await bench.outcome(bench.send(bench.call('spreadsheets.get', { fields: 'properties.title' })));
  if (!access.ok) {
    complain(`The spreadsheet cannot be read: ${access.words}\n${access.error.hint}`);
    return 1;
  }
  const given = new Set(Object.entries(rest).flatMap(([name, value]) => (value ? [name] : [])));
  const chosen = assumptions.filter(({ number }) => numbers.has(number));
  let tally: Tally | undefined;
  try {
    tally = await runChecks(bench, checks, chosen, given, print);
  } catch (thrown) {
    complain(`The checks could not be begun: ${wordsOf(thrown)}`);
  }
  const clean = await cleanedUp(bench);
  if (tally) summarize(tally, config);
  if (tally?.broken.length) {
    complain(`A request without an answer may still be applied: look for "${bench.name} ..." in some minutes.`);
  }
  if (stop.signal.aborted) return 130;
  return tally && clean && tally.failed.length + tally.broken.length === 0 ? 0 : 1;
}

function parse() {
  try {
    return parseArgs({ options: OPTIONS }).values;
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

/** The numbers of `--only`, or all. */
function numbersOf(only: string | undefined): ReadonlySet<number> {
  const known = new Set(assumptions.map(({ number }) => number));
  if (only === undefined) return known;
  const numbers = only.split(',').map(Number);
  const wrong = numbers.find((number) => !known.has(number));
  if (wrong !== undefined)
    throw new UsageError(`--only takes numbers of docs/assumptions.md, 1 to ${Math.max(...known)}.`);
  return new Set(numbers);
}

function configure(): Config {
  const file = existsSync('.env') ? readFileSync('.env', 'utf8').replace(/^\uFEFF/, '') : '';
  const { config, warnings } = parseConfig({ ...parseEnv(file), ...process.env }, (path) => readFileSync(path, 'utf8'));
  for (const warning of warnings) complain(warning);
  return config;
}

function tokenOf(name: string | undefined): Credential | undefined {
  if (name === undefined) return undefined;
  const accessToken = process.env[name]?.trim();
  if (!accessToken || !/^[\x21-\x7e]+$/.test(accessToken)) {
    throw new UsageError(`--other-token-env: no access token is in the variable ${name}.`);
  }
  return { kind: 'access_token', accessToken };
}

function transport({ GOOGLE_API_ROOT_URL: rootUrl }: Config, credential: Credential) {
  return createTransport({
    credentials: createCredentials(credential, fetch),
    ...(rootUrl !== undefined && { rootUrl }),
    fetch,
    version,
    clock: systemClock,
    emit: () => {},
  });
}

function paceOf(config: Config) {
  if (!config.THROTTLE_ENABLED) return { read: Number.MAX_SAFE_INTEGER, write: Number.MAX_SAFE_INTEGER };
  const part = (limit: number) => Math.max(1, Math.floor(limit * HEADROOM));
  return {
    read: part(config.QUOTA_READS_PER_MINUTE_PER_USER),
    write: part(config.QUOTA_WRITES_PER_MINUTE_PER_USER),
  };
}

/** What is about to happen, before anything is sent. */
function announce(
  config: Config,
  name: string,
  spreadsheetId: string,
  sheets: number,
  { budget, quota }: { budget?: boolean | undefined; quota?: boolean | undefined },
): void {
  print(`In the spreadsheet ${spreadsheetId}, with the server's credential (${config.backend.why}), this
  adds ${sheets} or a few more sheets titled "${name} ...", named ranges and developer metadata of its own,
  sends about 80 writes and 60 reads for all checks: two or three minutes at the pace of Google's quota,
  changes nothing that was there, and removes in the end, also when interrupted, what it made.`);
  if (budget) print('--budget fills the developer metadata: programs that add some meanwhile are refused.');
  if (quota) print("--quota has this account's reads refused for about a minute, the server's included.");
  if (config.GOOGLE_API_ROOT_URL !== undefined) {
    print('GOOGLE_API_ROOT_URL is set: what answers is not Google, and this says nothing about Google.');
  }
  print('');
}

async function cleanedUp(bench: ReturnType<typeof createBench>): Promise<boolean> {
  let left: string | undefined;
  for (const waitMs of [...CLEANING_WAITS_MS, 0]) {
    left = await bench.cleanUp().catch((thrown: unknown) => `what it made (${wordsOf(thrown)})`);
    if (left === undefined) break;
    await systemClock.sleep(waitMs);
  }
  if (left === undefined) print('\nCleaned up: nothing of this run is left.');
  else complain(`\nLeft behind: ${left}. Remove what is titled "${bench.name} ..." by hand.`);
  return left === undefined;
}

function summarize({ held, failed, broken, notTried }: Tally, config: Config): void {
  const count = (numbers: readonly number[], words: string) =>
    numbers.length > 0 ? [`${numbers.length} ${words}${words === 'hold' ? '' : ` (${numbers.join(', ')})`}`] : [];
  const parts = [
    ...count(held, 'hold'),
    ...count(failed, 'do not hold'),
    ...count(broken, 'without a clear answer'),
    ...count(notTried, 'not tried'),
  ];
  print(`${parts.join(', ')}.`);
  if (held.length === 0 || config.GOOGLE_API_ROOT_URL !== undefined) return;
  const day = new Date(systemClock.wall()).toISOString().slice(0, 10);
  print(`For the state of ${held.toSorted((a, b) => a - b).join(', ')} in docs/assumptions.md: verified on ${day}`);
}

function wordsOf(thrown: unknown): string {
  if (thrown instanceof ServalError) return `${thrown.code}: ${thrown.message}`;
  return thrown instanceof Error ? thrown.message : String(thrown);
}

const status = await main().catch((error: unknown) => {
  complain(error instanceof UsageError ? `${error.message}\n\n${USAGE}` : wordsOf(error));
  return error instanceof UsageError ? 2 : 1;
});
await drained();
// Idle connections to Google must not hold the process.
process.exit(status);
