// Real processes of this project: started as a user would, ended by their own pid.

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { ROOT } from './app.ts';

export interface Running {
  readonly child: ChildProcess;
  /** Everything printed so far. */
  readonly stdout: () => string;
  readonly stderr: () => string;
  /** Resolves with the exit code. */
  readonly exit: Promise<number | null>;
}

/** Only what a process needs to find its tools; nothing of the developer's own settings. */
export function bareEnvironment(extra: Record<string, string>): Record<string, string> {
  return { PATH: process.env.PATH ?? '', HOME: extra.DATA_DIR ?? '/nonexistent', ...extra };
}

export function run(args: readonly string[], env: Record<string, string>, cwd = ROOT): Running {
  const child = spawn(process.execPath, [join(ROOT, 'src/main.ts'), ...args], { env: bareEnvironment(env), cwd });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const exit = once(child, 'close').then(([code]: (number | null)[]) => code ?? null);
  onTestFinished(async () => {
    if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
    await exit;
  });
  return { child, stdout: () => stdout, stderr: () => stderr, exit };
}

/** A process whose output nobody reads before `readLate`: what it writes stays in the pipe, which holds 64 KiB. */
export function startPaused(args: readonly string[], env: Record<string, string>) {
  const child = spawn(process.execPath, [join(ROOT, 'src/main.ts'), ...args], { env: bareEnvironment(env) });
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  onTestFinished(() => {
    if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
  });
  const readLate = async () => {
    await once(child.stdout, 'readable');
    // Time enough for a process that does not wait for its reader to be gone.
    await once(spawn(process.execPath, [join(ROOT, 'src/main.ts'), '--help'], { stdio: 'ignore' }), 'exit');
    let text = '';
    for await (const chunk of child.stdout.setEncoding('utf8')) text += chunk;
    return text;
  };
  return { child, stderr: () => stderr, readLate };
}

/** `serve` on a free port; resolves once it says where. */
export async function serve(env: Record<string, string>): Promise<Running & { url: string; demo: string }> {
  const running = run(['serve'], { PORT: '0', ...env });
  const said = await printed(running, /Demo spreadsheet: (\S+)/);
  return { ...running, url: /http:\/\/[^\s]+/.exec(running.stdout())?.[0] ?? '', demo: said[1] ?? '' };
}

/** The first match of what the process prints; rejects with what it said when it ends before. */
export async function printed(running: Running, pattern: RegExp): Promise<RegExpExecArray> {
  const { promise, resolve, reject } = Promise.withResolvers<RegExpExecArray>();
  const look = () => {
    const match = pattern.exec(running.stdout());
    if (!match) return;
    running.child.stdout?.off('data', look);
    resolve(match);
  };
  running.child.stdout?.setMaxListeners(100).on('data', look);
  running.exit.then((code) => reject(new Error(`ended with ${code}: ${running.stdout()}${running.stderr()}`)));
  look();
  return promise;
}
