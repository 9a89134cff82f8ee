// The real processes of a run: a server that is killed and started again on one port and one DATA_DIR, and the emulator
// that is not. Each is ended by its own pid, whatever becomes of the run.

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../support/app.ts';
import { bareEnvironment, printed, type Running } from '../support/processes.ts';

export interface Server extends AsyncDisposable {
  readonly port: number;
  readonly url: string;
  /** kill -9, now; resolves once the process is gone. */
  kill(): Promise<void>;
  /** Starts it again, at once or while it is still coming up. */
  start(): Promise<void>;
  /** Asks it to stop and resolves with its exit code. */
  stop(): Promise<number | null>;
  /** Aborted, with a reason, once a process has ended that nobody had ended. */
  readonly ownEnd: AbortSignal;
}

export interface Emulator extends AsyncDisposable {
  readonly port: number;
  readonly url: string;
}

/** A process whose log goes to a file; it does not outlive this one. */
function launch(args: readonly string[], env: Record<string, string>, logFile: string): Running {
  const log = openSync(logFile, 'a');
  const child = spawn(process.execPath, [join(ROOT, 'src/main.ts'), ...args], {
    env: bareEnvironment(env),
    cwd: env.DATA_DIR,
    stdio: ['ignore', 'pipe', log],
  });
  closeSync(log);
  const end = () => void child.kill('SIGKILL');
  process.once('exit', end);
  let stdout = '';
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  const exit = once(child, 'close').then(([code]: (number | null)[]) => {
    process.off('exit', end);
    return code ?? null;
  });
  return { child, stdout: () => stdout, stderr: () => `see ${logFile}`, exit };
}

function isRunning(child: ChildProcess): boolean {
  return child.exitCode === null && child.signalCode === null;
}

async function killed({ child, exit }: Running): Promise<void> {
  if (isRunning(child)) child.kill('SIGKILL');
  await exit;
}

export async function startEmulator(dataDir: string, logFile: string): Promise<Emulator> {
  const running = launch(['emulator', '--port', '0'], { DATA_DIR: dataDir }, logFile);
  const [, url = ''] = await printed(running, / at (http:[^;\s]+)/);
  await printed(running, /Demo spreadsheet/);
  return { url, port: Number(new URL(url).port), [Symbol.asyncDispose]: () => killed(running) };
}

/** Resolves once it listens for the first time; every later start takes the same port. */
export async function startServer(env: Record<string, string>, logFile: string): Promise<Server> {
  const ownEnd = new AbortController();
  let running = begin('0');
  const [, url = ''] = await printed(running, / at (http:\S+)/);
  const port = Number(new URL(url).port);

  function begin(on: string): Running {
    const one = launch(['serve'], { ...env, PORT: on }, logFile);
    void one.exit.then((code) => {
      if (one.child.killed) return;
      ownEnd.abort(new Error(`the server ended by itself with ${code ?? one.child.signalCode}; ${one.stderr()}`));
    });
    return one;
  }

  return {
    url,
    port,
    ownEnd: ownEnd.signal,
    kill: () => killed(running),
    start: async () => {
      running = begin(String(port));
    },
    stop: async () => {
      running.child.kill('SIGTERM');
      return running.exit;
    },
    [Symbol.asyncDispose]: () => killed(running),
  };
}
