// Locks that end with their process, with real processes that are killed.

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect, onTestFinished, test } from 'vitest';
import { enterRoll, tryLock } from '../../src/store/process-lock.ts';
import { ROOT, temporaryFolder } from '../support/app.ts';

const SOURCE = join(ROOT, 'src/store/process-lock.ts');

interface Other {
  readonly child: ChildProcess;
  /** Evaluates an expression over `tryLock` and `enterRoll` there; `kept` outlives it. */
  ask(expression: string): Promise<unknown>;
  kill(): Promise<void>;
}

/** A process that does as it is told, one line after the other. */
function otherProcess(): Other {
  const program = `
    import { createInterface } from 'node:readline';
    import { enterRoll, tryLock } from ${JSON.stringify(SOURCE)};
    const kept = {};
    for await (const line of createInterface({ input: process.stdin })) {
      let result;
      try {
        result = await eval(line) ?? null;
      } catch (fault) {
        result = String(fault);
      }
      console.log(JSON.stringify(result));
    }`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const exit = once(child, 'exit');
  const kill = async () => {
    if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
    await exit;
  };
  onTestFinished(kill);
  return {
    child,
    ask: async (expression) => {
      child.stdin.write(`${expression}\n`);
      return JSON.parse((await lines.next()).value ?? '"gone"');
    },
    kill,
  };
}

const lockOf = (file: string) => `(kept.lock = tryLock(${JSON.stringify(file)})) !== undefined`;
const rollOf = (folder: string, owner: string) =>
  `(kept.roll = enterRoll(${JSON.stringify(folder)}, ${JSON.stringify(owner)})) && kept.roll.gone()`;

test('one process has it, and with kill -9 it is free at once', async () => {
  const folder = temporaryFolder();
  const file = join(folder, 'one.lock');
  const [first, second] = [otherProcess(), otherProcess()];
  expect(await first.ask(lockOf(file))).toBe(true);
  expect(await second.ask(lockOf(file))).toBe(false);
  expect(tryLock(file)).toBeUndefined();
  await first.kill();
  expect(await second.ask(lockOf(file))).toBe(true);
  expect(tryLock(file)).toBeUndefined();
  expect(readdirSync(folder)).toEqual(['one.lock']);
});

test('a process that is stopped keeps it', async () => {
  const file = join(temporaryFolder(), 'one.lock');
  const first = otherProcess();
  expect(await first.ask(lockOf(file))).toBe(true);
  first.child.kill('SIGSTOP');
  expect(tryLock(file)).toBeUndefined();
});

test('looking at it in vain takes nothing away, in the same process as well', () => {
  const file = join(temporaryFolder(), 'one.lock');
  const lock = tryLock(file);
  expect([tryLock(file), tryLock(file)]).toEqual([undefined, undefined]);
  lock?.release();
  const again = tryLock(file);
  expect(again).toBeDefined();
  again?.release();
});

test('where no lock can be had that is a fault, not a lock of another', () => {
  expect(() => tryLock(join(temporaryFolder(), 'missing', 'one.lock'))).toThrow(/unable to open/);
});

test('the roll tells who lives and who is gone, and strikes off', async () => {
  const folder = join(temporaryFolder(), 'processes');
  const [first, second] = [otherProcess(), otherProcess()];
  expect(await first.ask(rollOf(folder, 'first'))).toEqual([]);
  expect(await second.ask(rollOf(folder, 'second'))).toEqual([]);
  const roll = enterRoll(folder, 'own');
  onTestFinished(() => roll.close(true));
  expect(readdirSync(folder).sort()).toEqual(['first.lock', 'own.lock', 'second.lock']);
  expect(['first', 'second', 'own', 'nobody'].map(roll.isGone)).toEqual([false, false, false, true]);
  await first.kill();
  expect([roll.gone(), roll.isGone('first'), roll.isGone('second')]).toEqual([['first'], true, false]);
  expect(await second.ask('kept.roll.gone()')).toEqual(['first']);
  roll.strikeOff('first');
  roll.strikeOff('nobody');
  expect([roll.gone(), roll.isGone('first')]).toEqual([[], true]);
  expect(await second.ask('kept.roll.gone()')).toEqual([]);
  expect(await second.ask('kept.roll.isGone("own")')).toBe(false);
});

test('who leaves with something left behind is one of those that are gone, others are on no roll', async () => {
  const folder = join(temporaryFolder(), 'processes');
  const roll = enterRoll(folder, 'own');
  onTestFinished(() => roll.close(true));
  enterRoll(folder, 'leaves something').close(false);
  enterRoll(folder, 'leaves nothing').close(true);
  expect(roll.gone()).toEqual(['leaves something']);
  expect(roll.isGone('leaves nothing')).toBe(true);
});

test('a process is never seen on the roll without its lock, and so never taken for one that is gone', async () => {
  const folder = join(temporaryFolder(), 'processes');
  const roll = enterRoll(folder, 'own');
  onTestFinished(() => roll.close(true));
  const other = otherProcess();
  const entering = other.ask(
    `
    kept.rolls = Array.from({ length: 300 }, (_, n) => enterRoll(${JSON.stringify(folder)}, 'other' + n)), 'entered'
  `.trim(),
  );
  const end = entering.then((said) => ({ said }));
  const seen = new Set<string>();
  for (let told: { said: unknown } | undefined; !told; told = await Promise.race([end, soon()])) {
    // Each as early as it can be seen: the moment between its file and its lock is short.
    for (let look = 0; look < 200; look++) {
      for (const name of readdirSync(folder)) {
        if (!name.endsWith('.lock') || seen.has(name)) continue;
        seen.add(name);
        expect(roll.isGone(name.slice(0, -'.lock'.length)), name).toBe(false);
      }
    }
  }
  expect(await entering).toBe('entered');
  expect(seen.size).toBeGreaterThan(200);
});

const soon = () => new Promise<undefined>((resolve) => setImmediate(() => resolve(undefined)));

test('an entry that was taken away does not stand, nor does another in its place', () => {
  const folder = join(temporaryFolder(), 'processes');
  const roll = enterRoll(folder, 'own');
  expect(roll.stands()).toBe(true);
  roll.strikeOff('own');
  expect([roll.stands(), roll.isGone('own')]).toEqual([false, false]);
  const other = enterRoll(folder, 'own');
  expect([roll.stands(), other.stands()]).toEqual([false, true]);
  roll.close(false);
  other.close(true);
  expect(existsSync(join(folder, 'own.lock'))).toBe(false);
});
