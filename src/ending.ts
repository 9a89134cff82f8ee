// When and how the process ends: told by a signal, left by its parent, its output taken.

import type { Clock } from './clock.ts';
import type { Log } from './log.ts';

const SIGNALS = ['SIGINT', 'SIGTERM'] as const;

/**
 * The first SIGINT or SIGTERM; a second one ends the process at once. Of a `child` that its parent passes no signal on
 * to also the end of that parent.
 */
export function stopSignal({ clock, log }: { clock: Clock; log: Log }, child: boolean): Promise<void> {
  return new Promise((resolve) => {
    let told = false;
    if (child) orphaned(clock).then(resolve);
    for (const signal of SIGNALS) {
      process.on(signal, () => {
        if (told) process.exit(1);
        told = true;
        log.info('stopping', { signal });
        resolve();
      });
    }
  });
}

async function orphaned(clock: Clock): Promise<void> {
  const parent = process.ppid;
  while (process.ppid === parent) await clock.sleep(250);
}

/**
 * Everything written has been taken, or nobody is left to take it: ending the process sooner would cut it at the size
 * of the pipe. A signal ends the waiting for a reader that has stopped to read.
 */
export async function drained(): Promise<void> {
  const written = [process.stdout, process.stderr].map(
    (stream) => new Promise<void>((resolve) => stream.on('error', () => resolve()).write('', () => resolve())),
  );
  const signal = new Promise<void>((resolve) => {
    for (const name of SIGNALS) process.once(name, () => resolve());
  });
  await Promise.race([Promise.all(written), signal]);
}
