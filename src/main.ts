#!/usr/bin/env node
// The command line: parses, builds, runs. The only file that reads the environment and ends the process.

import { readFileSync } from 'node:fs';
import * as nodeModule from 'node:module';
import { fileURLToPath } from 'node:url';
import { parseArgs, parseEnv } from 'node:util';
import { drained, stopSignal } from './ending.ts';
import type { Log } from './log.ts';

const USAGE = `servalsheets <command>

  serve                       HTTP server: MCP at /mcp, REST at /v1/tools (default port 3000)
  stdio                       MCP server on standard input and output
  emulator [--port 4010]      the embedded backend alone, as a local Google Sheets API
  call <tool> ['<json>']      one tool call; "-" reads the arguments from standard input
       [--url http://...]     through a running server instead of in this process
  tools [--json]              the tools there are
  ledger purge [--days N]     forgets finished writes older than N days (default: LEDGER_RETENTION_MS)

  --help, --version

Settings are environment variables, or lines of .env in the working folder: see .env.example.
Exit status: 0 done, 1 failed, 2 wrong usage.
`;

const OPTIONS = {
  help: { type: 'boolean', short: 'h' },
  version: { type: 'boolean', short: 'v' },
  json: { type: 'boolean' },
  port: { type: 'string' },
  url: { type: 'string' },
  days: { type: 'string' },
} as const;

type Option = Exclude<keyof typeof OPTIONS, 'help' | 'version'>;

interface Command {
  run(given: Arguments): Promise<number>;
  /** The options it takes beside --help and --version. */
  readonly options: readonly Option[];
  /** How many arguments it takes after its name. */
  readonly takes: number;
}

const COMMANDS: Readonly<Record<string, Command>> = {
  serve: { run: serve, options: [], takes: 0 },
  stdio: { run: stdio, options: [], takes: 0 },
  emulator: { run: emulator, options: ['port'], takes: 0 },
  call: { run: call, options: ['url'], takes: 2 },
  tools: { run: tools, options: ['json'], takes: 0 },
  ledger: { run: ledger, options: ['days'], takes: 1 },
};
/** In-flight requests may take this long to finish once the process is told to stop. */
const GRACE_MS = 10_000;
const DAY_MS = 86_400_000;

class UsageError extends Error {}

interface Arguments {
  readonly values: {
    port?: string | undefined;
    url?: string | undefined;
    json?: boolean | undefined;
    days?: string | undefined;
  };
  readonly rest: readonly string[];
}

async function main(argv: string[]): Promise<number> {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major < 22 || (major === 22 && minor < 18))
    throw new Error(`Node ${process.versions.node} is too old: 22.18 or newer is needed.`);
  const { values, positionals } = parse(argv);
  if (values.version) return print(version());
  const [name, ...rest] = positionals;
  if (values.help || name === undefined) return print(USAGE.trimEnd(), values.help ? 0 : 2);
  const command = Object.entries(COMMANDS).find(([own]) => own === name)?.[1];
  if (!command) throw new UsageError(`There is no command ${JSON.stringify(name)}.`);
  const { help: _, version: __, ...own } = values;
  const foreign = Object.keys(own).find((option) => !command.options.some((one) => one === option));
  if (foreign === 'port') throw new UsageError(`${name} does not take --port: set PORT in the environment.`);
  if (foreign !== undefined) throw new UsageError(`${name} does not take --${foreign}.`);
  const extra = rest[command.takes];
  if (extra !== undefined)
    throw new UsageError(`${name} does not take ${JSON.stringify(extra)}: quote an argument that has spaces.`);
  return command.run({ values: own, rest });
}

function parse(argv: string[]) {
  try {
    return parseArgs({ args: argv, options: OPTIONS, allowPositionals: true });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

function print(text: string, status = 0): number {
  (status === 0 ? process.stdout : process.stderr).write(`${text}\n`);
  return status;
}

/** Root of the package, from `src/` as well as from `dist/`. */
function packagePath(name: string): string {
  return fileURLToPath(new URL(`../${name}`, import.meta.url));
}

function version(): string {
  return String(JSON.parse(readFileSync(packagePath('package.json'), 'utf8')).version);
}

/** Configuration and ports from the environment, with `.env` below it. */
async function configure() {
  const [{ parseConfig }, { createLog }, { systemClock }] = await Promise.all([
    import('./config.ts'),
    import('./log.ts'),
    import('./clock.ts'),
  ]);
  const { config, warnings } = parseConfig({ ...dotEnv(), ...process.env }, (path) => readFileSync(path, 'utf8'));
  const log = createLog(config.LOG_LEVEL, systemClock, (line) => process.stderr.write(line));
  for (const warning of warnings) log.warn(warning);
  const ports = { clock: systemClock, log, fetch, version: version(), demoDir: packagePath('data') };
  return { config, ports };
}

/** The lines of `.env`; a file that is there and cannot be read is a fault, since its settings would be missing. */
function dotEnv(): NodeJS.Dict<string> {
  try {
    return parseEnv(readFileSync('.env', 'utf8').replace(/^\uFEFF/, ''));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return {};
    throw new Error(`.env in the working folder cannot be read (${code}): make it a readable file, or remove it.`);
  }
}

async function serve(): Promise<number> {
  const { config, ports } = await configure();
  const [{ createHttpApp }, { listen }] = await Promise.all([import('./app.ts'), import('./server/listen.ts')]);
  const app = await createHttpApp(config, ports);
  app.start();
  const stopped = stopSignal(ports, underNpm());
  const listener = await listen(app.fetch, config.PORT, config.HOST).catch((error) => {
    app.close();
    throw listenFailure(error, config.PORT);
  });
  print(`ServalSheets ${ports.version} at ${listener.url} (MCP /mcp, REST /v1/tools, API page /docs)`);
  print(`Backend: ${config.backend.kind}: ${config.backend.why}${app.demo ? `; workbooks in ${config.DATA_DIR}` : ''}`);
  if (app.demo) print(`Demo spreadsheet: ${app.demo}`);
  await stopped;
  const finished = () => app.idle().then(() => app.endStreams());
  await listener.close(finished, GRACE_MS);
  app.close();
  ports.log.info('stopped');
  return 0;
}

async function stdio(): Promise<number> {
  const { config, ports } = await configure();
  const [{ createApp }, { startStdio }] = await Promise.all([import('./app.ts'), import('./server/stdio.ts')]);
  const stopped = stopSignal(ports, underNpm());
  const app = await createApp(config, ports);
  app.start();
  ports.log.info('serving MCP on stdio', { backend: config.backend.kind, why: config.backend.why, demo: app.demo });
  const connection = startStdio({ runner: app.runner, version: ports.version, principal: 'local', log: ports.log });
  const ended = new Promise<void>((resolve) => process.stdin.once('end', resolve).once('close', resolve));
  await Promise.race([ended, stopped]);
  await Promise.race([app.idle(), ports.clock.sleep(GRACE_MS)]);
  // The last answer is written in the turn after its call has ended.
  await new Promise(setImmediate);
  await connection.close();
  app.close();
  return 0;
}

async function emulator({ values }: Arguments): Promise<number> {
  const { config, ports } = await configure();
  const port = Number(values.port ?? 4010);
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw new UsageError('--port takes a number from 0 to 65535.');
  const [{ openEmulator }, { standalone }, { listen }] = await Promise.all([
    import('./app.ts'),
    import('./emulator/standalone.ts'),
    import('./server/listen.ts'),
  ]);
  const { emulator, file, demo } = await openEmulator(config, ports);
  const stopped = stopSignal(ports, underNpm());
  // Long lists of ranges come in the URL; Node's own limit of 16 KB would answer 431.
  const listener = await listen(standalone(emulator), port, config.HOST, { maxHeaderSize: 256 * 1024 }).catch(
    (error) => {
      emulator.close();
      throw listenFailure(error, port);
    },
  );
  print(`Google Sheets API emulator at ${listener.url}; workbooks in ${file}`);
  print(`Demo spreadsheet: ${demo}`);
  print(`Scripted faults: PUT, GET or DELETE ${listener.url}/_faults`);
  await stopped;
  await listener.close(async () => {}, GRACE_MS);
  emulator.close();
  return 0;
}

async function call({ values, rest }: Arguments): Promise<number> {
  const [name, text = '{}'] = rest;
  if (name === undefined) throw new UsageError("call takes a tool and its arguments: call read_range '{...}'");
  const body = text === '-' ? readFileSync(0, 'utf8') : text;
  const input = parseArguments(body);
  if (values.url !== undefined) return callServer(values.url, name, body);
  const { config, ports } = await configure();
  const [{ createApp }, { asServalError }, { errorText }] = await Promise.all([
    import('./app.ts'),
    import('./errors.ts'),
    import('./server/present.ts'),
  ]);
  const app = await createApp(config, { ...ports, log: quiet(ports.log) });
  const requestId = crypto.randomUUID();
  const interrupted = new AbortController();
  process.once('SIGINT', () => interrupted.abort());
  try {
    const request = { face: 'cli', principal: 'local', requestId, signal: interrupted.signal } as const;
    return print(JSON.stringify(await app.runner.run(name, input, request), null, 2));
  } catch (thrown) {
    return print(errorText(asServalError(thrown), requestId), 1);
  } finally {
    await app.idle();
    app.close();
  }
}

function parseArguments(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new UsageError(`The arguments are not valid JSON: ${error instanceof Error ? error.message : text}`);
  }
}

async function callServer(text: string, name: string, body: string): Promise<number> {
  const { callRemote, serverUrl } = await import('./remote.ts');
  const url = serverUrl(text);
  if (!url)
    throw new UsageError('--url takes an http: or https: URL without user name and query: http://127.0.0.1:3000');
  const told = await callRemote(url, name, body);
  if (told.ok) return print(JSON.stringify(told.answer, null, 2));
  return print(`${told.code}: ${told.detail}\n${told.hint}`, 1);
}

async function tools({ values }: Arguments): Promise<number> {
  const { TOOLS } = await import('./tools/index.ts');
  if (values.json) return print(JSON.stringify(TOOLS, null, 2));
  return print(TOOLS.map((tool) => `${tool.name.padEnd(22)} ${tool.access.padEnd(8)} ${tool.title}`).join('\n'));
}

async function ledger({ values, rest }: Arguments): Promise<number> {
  if (rest[0] !== 'purge') throw new UsageError('ledger takes one word: purge');
  const { config, ports } = await configure();
  const days = Number(values.days ?? config.LEDGER_RETENTION_MS / DAY_MS);
  if (!(days >= 1)) throw new UsageError('--days takes a number from 1: idempotency keys hold for a day.');
  const { purgeLedger } = await import('./service.ts');
  const purged = await purgeLedger(config, ports, days * DAY_MS);
  return print(`${purged} finished writes older than ${days} days forgotten; queued ones are kept.`);
}

/** One call's errors are its answer; only what the operator must know is logged beside it. */
function quiet(log: Log): Log {
  return { ...log, info: () => {}, warn: () => {}, debug: () => {} };
}

/** npm puts a shell in between, which does not pass on a signal that npm gets. */
function underNpm(): boolean {
  return process.env.npm_lifecycle_event !== undefined;
}

function listenFailure(error: NodeJS.ErrnoException, port: number): Error {
  if (error.code === 'EADDRINUSE') return new Error(`Port ${port} is in use: stop its owner or choose another PORT.`);
  return new Error(`Cannot listen on port ${port}: ${error.message}`);
}

// Node 20 lacks it; main() then says which version is needed.
nodeModule.enableCompileCache?.();
// A reader that has left (`| head`) is no fault of ours.
process.stdout.on('error', () => {});
const status = await main(process.argv.slice(2)).catch((error: unknown) => {
  const message = error instanceof Error ? error.message : String(error);
  process.stderr.write(error instanceof UsageError ? `${message}\n\n${USAGE}` : `servalsheets: ${message}\n`);
  return error instanceof UsageError ? 2 : 1;
});
await drained();
// Clients' idle keep-alive connections must not hold the process.
process.exit(status);
