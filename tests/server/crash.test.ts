// What an operator's worst days do to real processes: kill -9 at any moment, a disk that is full or cannot be written,
// a ledger that cannot be used. The sheet is read past the server: from the emulator, or by the server started last.

import { execFileSync } from 'node:child_process';
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, onTestFinished, test } from 'vitest';
import { temporaryFolder } from '../support/app.ts';
import { face2025Stdio } from '../support/faces.ts';
import { printed, type Running, run } from '../support/processes.ts';
import { createWorld, startApp } from '../support/wired-app.ts';

const DAY = 86_400_000;

interface Answer {
  readonly status: number;
  readonly body: Record<string, unknown>;
}

interface Server extends Running {
  readonly url: string;
  tool(name: string, input: object): Promise<Answer>;
  /** Appends one row; with a key of its own where one is given. */
  append(spreadsheet: string, value: unknown, key?: string): Promise<Answer>;
  ask(path: string, method?: string, body?: object): Promise<Answer>;
  kill(): Promise<void>;
}

async function answerOf(response: Response): Promise<Answer> {
  return { status: response.status, body: await response.json() };
}

/** `serve` on a free port. */
async function start(env: Record<string, string>): Promise<Server> {
  const running = run(['serve'], { PORT: '0', THROTTLE_ENABLED: 'false', ...env });
  const [, url = ''] = await printed(running, / at (http:\S+)/);
  await printed(running, /Backend: /);
  const ask: Server['ask'] = async (path, method = 'GET', body) =>
    answerOf(await fetch(`${url}${path}`, { method, ...(body && { body: JSON.stringify(body) }) }));
  const tool = (name: string, input: object) => ask(`/v1/tools/${name}`, 'POST', input);
  return {
    ...running,
    url,
    ask,
    tool,
    append: (spreadsheet, value, key) =>
      tool('append_rows', { spreadsheet, sheet: 'S', rows: [[value]], ...(key && { idempotencyKey: key }) }),
    kill: async () => {
      running.child.kill('SIGKILL');
      await running.exit;
    },
  };
}

/** The emulator as a process of its own with one spreadsheet, read and disturbed past every server. */
async function startGoogle() {
  const running = run(['emulator', '--port', '0'], { DATA_DIR: temporaryFolder() });
  const [, url = ''] = await printed(running, / at (http:[^;\s]+)/);
  await printed(running, /Demo spreadsheet/);
  const ask = async (path: string, method = 'GET', body?: object) =>
    answerOf(await fetch(`${url}${path}`, { method, ...(body && { body: JSON.stringify(body) }) }));
  const created = await ask('/v4/spreadsheets', 'POST', { sheets: [{ properties: { title: 'S' } }] });
  const id = String(created.body.spreadsheetId);
  return {
    id,
    env: (dataDir: string) => ({ DATA_DIR: dataDir, GOOGLE_API_ROOT_URL: url, GOOGLE_ACCESS_TOKEN: 'any' }),
    setFaults: (plan: object) => ask('/_faults', 'PUT', plan),
    /** Resolves once the first rule of the plan has met a request. */
    met: async () => {
      for (;;) {
        const { fired } = (await ask('/_faults')).body;
        if (Array.isArray(fired) && Number(fired[0]) > 0) return;
      }
    },
    values: async (): Promise<unknown[]> => {
      const { body } = await ask(`/v4/spreadsheets/${id}/values/S!A:A?valueRenderOption=UNFORMATTED_VALUE`);
      return Array.isArray(body.values) ? body.values.flat() : [];
    },
  };
}

const WRITE = { method: 'POST', path: ':batchUpdate' } as const;

async function command(args: readonly string[], env: Record<string, string>) {
  const running = run(args, env);
  running.child.stdin?.end();
  const code = await running.exit;
  return { code, stdout: running.stdout(), stderr: running.stderr() };
}

/** Lines of the log with this text in their message. */
function logged({ stderr }: Running, pattern: RegExp): string[] {
  return stderr()
    .split('\n')
    .filter((line) => line.startsWith('{') && pattern.test(JSON.parse(line).message))
    .map((line) => JSON.parse(line).level);
}

describe('a ledger that can never be used ends the start', () => {
  const newer = (file: string) => {
    const db = new DatabaseSync(file);
    db.exec('CREATE TABLE unknown_yet (a); PRAGMA user_version = 99');
    db.close();
  };
  const truncated = (file: string) => {
    const db = new DatabaseSync(file);
    db.exec('CREATE TABLE large (a); INSERT INTO large VALUES (hex(randomblob(20000))); PRAGMA user_version = 1');
    db.close();
    truncateSync(file, 6_000);
  };
  const random = (file: string) =>
    writeFileSync(file, Buffer.from(Array.from({ length: 5_000 }, (_, n) => (n * n) % 253)));

  test.each([
    ['serve', 'random bytes', random, /is damaged or not a ledger.*put back a copy of it, or move it away/],
    ['serve', 'half of a file', truncated, /is damaged or not a ledger.*put back a copy of it, or move it away/],
    [
      'stdio',
      'a text',
      (file: string) => writeFileSync(file, 'hello\n'.repeat(999)),
      /is damaged or not a ledger.*move it/,
    ],
    ['serve', 'a newer schema', newer, /has schema 99, and this version knows 2: use the newer ServalSheets/],
    ['call search_spreadsheets', 'a newer schema', newer, /has schema 99/],
    ['ledger purge', 'a newer schema', newer, /has schema 99/],
  ])('of %s: %s', async (words, _, make, says) => {
    const data = temporaryFolder();
    const file = join(data, 'ledger.sqlite');
    make(file);
    const before = readFileSync(file);
    const { code, stdout, stderr } = await command(words.split(' '), { DATA_DIR: data, PORT: '0' });
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(says);
    expect(stderr).toContain(`servalsheets: the ledger ${file} `);
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
    expect(readFileSync(file).equals(before)).toBe(true);
  });

  test('of serve: a folder in its place', async () => {
    const data = temporaryFolder();
    mkdirSync(join(data, 'ledger.sqlite'));
    const { code, stdout, stderr } = await command(['serve'], { DATA_DIR: data, PORT: '0' });
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toBe(
      `servalsheets: the ledger ${join(data, 'ledger.sqlite')} is not a file: move it away, or set DATA_DIR to another folder\n`,
    );
  });
});

describe('kill -9 while keyed appends are in flight', () => {
  /** Park and Miller's generator: the moments of a run that failed come again. */
  function seeded(seed: number) {
    let state = seed;
    return (below: number) => {
      state = (state * 48_271) % 2_147_483_647;
      return state % below;
    };
  }

  /**
   * Clients that append numbers under keys until each is acknowledged, whatever happens to the server meanwhile, and a
   * server that is killed so many times: after a random number of answers, and then in a random turn.
   */
  async function storm(env: Record<string, string>, spreadsheet: string, rounds: { kills: number; seed: number }) {
    const random = seeded(rounds.seed);
    let server = start(env);
    let answered = 0;
    let stop = false;
    let next = 1;
    const acknowledged: number[] = [];

    async function acknowledge(value: number): Promise<void> {
      for (;;) {
        const current = server;
        const { url } = await current;
        const answer = await (await current).append(spreadsheet, value, `key ${value}`).catch(() => undefined);
        answered++;
        if (answer?.status === 200) return void acknowledged.push(value);
        // A server that is gone is waited for; one that is there may be asked again.
        if (answer === undefined && current === server && !(await isUp(url))) await changed(() => server !== current);
      }
    }
    const changed = async (is: () => boolean) => {
      while (!is()) await new Promise(setImmediate);
    };
    const isUp = (url: string) =>
      fetch(`${url}/health/live`).then(
        () => true,
        () => false,
      );
    const client = async () => {
      while (!stop) await acknowledge(next++);
    };
    const clients = Array.from({ length: 6 }, client);
    for (let kill = 0; kill < rounds.kills; kill++) {
      const running = await server;
      const from = answered;
      const after = random(25);
      await changed(() => answered - from >= after);
      for (let turn = random(300); turn > 0; turn--) await new Promise(setImmediate);
      await running.kill();
      server = start(env);
    }
    stop = true;
    await Promise.all(clients);
    return { server: await server, acknowledged };
  }

  const inOrder = (values: readonly unknown[]) => values.map(Number).sort((a, b) => a - b);
  const upTo = (count: number) => Array.from({ length: count }, (_, n) => n + 1);

  test('embedded backend, killed together with the server: each row is there once', { timeout: 90_000 }, async () => {
    const data = temporaryFolder();
    const first = await start({ DATA_DIR: data });
    const created = await first.tool('create_spreadsheet', { title: 'T', sheets: [{ title: 'S' }] });
    const id = String(created.body.id);
    await first.kill();
    const seed = 1 + (Date.now() % 1_000_000);
    const { server, acknowledged } = await storm({ DATA_DIR: data }, id, { kills: 10, seed });
    const read = await server.tool('read_range', {
      spreadsheet: id,
      ranges: ['S!A:A'],
      limit: 10_000,
      render: 'unformatted',
    });
    const rows = JSON.parse(JSON.stringify(read.body)).ranges[0].rows.flat();
    expect(inOrder(rows), `seed ${seed}`).toEqual(upTo(acknowledged.length));
    expect(acknowledged.length).toBeGreaterThan(20);
    // A key that was acknowledged before a crash still says so.
    expect(await server.append(id, 1, 'key 1')).toMatchObject({ status: 200, body: { status: 'applied' } });
    expect((await server.append(id, 2, 'key 1')).body.code).toBe('conflict');
  });

  test('a backend that goes on, with lost replies and late applies: each row is there once', {
    timeout: 120_000,
  }, async () => {
    const google = await startGoogle();
    const fault = (probability: number, what: object) => ({ ...WRITE, probability, fault: what });
    await google.setFaults({
      rules: [
        fault(0.05, { reset: 'after' }),
        fault(0.05, { lateMs: [50, 500], reply: 'reset' }),
        fault(0.05, { status: 503, applied: true }),
        fault(0.8, { latencyMs: [0, 60] }),
      ],
    });
    const seed = 1 + (Date.now() % 1_000_000);
    const { server, acknowledged } = await storm(google.env(temporaryFolder()), google.id, { kills: 5, seed });
    expect(inOrder(await google.values()), `seed ${seed}`).toEqual(upTo(acknowledged.length));
    expect(acknowledged.length).toBeGreaterThan(20);
    expect(logged(server, /fault|failed: internal/)).toEqual([]);
  });
});

/** Why no file system can be mounted here; undefined where it can. */
const noMount = (() => {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return 'only root may mount, on Linux';
  const folder = join(import.meta.dirname, '..');
  try {
    execFileSync('unshare', ['--mount', 'mount', '-t', 'tmpfs', 'tmpfs', folder], { stdio: 'pipe' });
    return undefined;
  } catch (error) {
    return `mount is refused: ${error instanceof Error ? error.message : ''}`;
  }
})();
if (noMount !== undefined) process.stderr.write(`crash.test.ts: no test with a disk of its own: ${noMount}\n`);

describe.skipIf(noMount !== undefined)('a disk', () => {
  /** A small file system of its own. */
  function smallDisk() {
    const folder = temporaryFolder();
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m,mode=700', 'tmpfs', folder]);
    onTestFinished(() => void execFileSync('umount', ['--lazy', folder]));
    const filler = join(folder, 'filler');
    return {
      folder,
      fill: () => {
        const file = openSync(filler, 'w');
        try {
          for (;;) writeSync(file, Buffer.alloc(4_096));
        } catch (error) {
          expect(error).toMatchObject({ code: 'ENOSPC' });
        } finally {
          closeSync(file);
        }
      },
      free: () => rmSync(filler),
      remount: (how: 'ro' | 'rw') => void execFileSync('mount', ['-o', `remount,${how}`, folder]),
    };
  }

  const ledgerOf = async (server: Server) => {
    const { status, body } = await server.ask('/health/ready');
    const checks = Array.isArray(body.checks) ? body.checks : [];
    return { http: status, ...checks.find(({ name }) => name === 'ledger') };
  };
  const read = (server: Server, spreadsheet: string, fresh = true) =>
    server.tool('read_range', { spreadsheet, ranges: ['S!A1:A9'], fresh });
  /** Asks again, without a pause, until the server takes it. */
  const taken = async (ask: () => Promise<Answer>) => {
    for (;;) {
      const answer = await ask();
      if (answer.status !== 503) return answer;
      expect(answer.body.detail).toMatch(/ledger cannot be used/);
    }
  };
  const refusal = {
    status: 503,
    body: { code: 'unavailable', detail: expect.stringMatching(/^The ledger cannot be used \(/) },
  };

  test('that is full refuses writes and sends nothing; reads go on; freed, all is as if nothing had been', async () => {
    const google = await startGoogle();
    const disk = smallDisk();
    const server = await start(google.env(disk.folder));
    expect(await server.append(google.id, 'before', 'k0')).toMatchObject({ status: 200 });
    // In flight when the disk fills up: they were written down before they were sent.
    await google.setFaults({ rules: [{ ...WRITE, count: 1, fault: { latencyMs: 400 } }] });
    const inFlight = [server.append(google.id, 'first', 'k1'), server.append(google.id, 'second', 'k2')];
    await google.met();
    disk.fill();
    const ends = await Promise.all(inFlight);
    const sent = ends.map(({ status }) => status === 200);
    expect(sent[0]).toBe(true);
    for (let n = 0; n < 3; n++) {
      expect(await server.append(google.id, 'refused')).toMatchObject(refusal);
      expect(await server.append(google.id, 'refused', `k-refused${n}`)).toMatchObject(refusal);
    }
    expect(await read(server, google.id)).toMatchObject({ status: 200, body: { source: 'live' } });
    expect(await ledgerOf(server)).toMatchObject({
      http: 200,
      status: 'degraded',
      message: expect.stringMatching(/full; make .* writable/),
    });
    const there = ['before', 'first', ...(sent[1] ? ['second'] : [])];
    expect(await google.values()).toEqual(there);
    expect(logged(server, /ledger cannot be used/)).toEqual(['ERROR']);

    disk.free();
    expect(await taken(() => server.append(google.id, 'after', 'k3'))).toMatchObject({ status: 200 });
    const again = await Promise.all([
      server.append(google.id, 'first', 'k1'),
      server.append(google.id, 'second', 'k2'),
      server.append(google.id, 'before', 'k0'),
    ]);
    expect(again.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect(again[0]?.body.writeId).toBe(ends[0]?.body.writeId);
    expect((await google.values()).sort()).toEqual(['after', 'before', 'first', 'second']);
    expect((await ledgerOf(server)).message).toBe('writable');
    // And it outlives a crash: nothing was kept in memory alone.
    await server.kill();
    const next = await start(google.env(disk.folder));
    expect((await next.append(google.id, 'first', 'k1')).body.writeId).toBe(ends[0]?.body.writeId);
    expect((await google.values()).length).toBe(4);
  });

  test('that cannot be written at the start is no reason not to start', async () => {
    const google = await startGoogle();
    const disk = smallDisk();
    disk.remount('ro');
    const server = await start(google.env(disk.folder));
    expect(logged(server, /ledger cannot be used/)).toEqual(['ERROR']);
    expect(await server.append(google.id, 'refused', 'k')).toMatchObject(refusal);
    expect(await read(server, google.id)).toMatchObject({ status: 200, body: { source: 'live' } });
    expect(await ledgerOf(server)).toMatchObject({
      http: 200,
      status: 'degraded',
      message: expect.stringMatching(/^cannot be used: .*; make .* writable/),
    });
    expect(await google.values()).toEqual([]);
    disk.remount('rw');
    expect(await taken(() => server.append(google.id, 'once', 'k'))).toMatchObject({ status: 200 });
    expect(await google.values()).toEqual(['once']);
    expect(logged(server, /ledger cannot be used/)).toEqual(['ERROR']);
  });

  test('that cannot be written any more when the server comes again keeps what it has', async () => {
    const google = await startGoogle();
    const disk = smallDisk();
    const first = await start(google.env(disk.folder));
    const told = await first.append(google.id, 'kept', 'k');
    await first.kill();
    disk.remount('ro');
    const second = await start(google.env(disk.folder));
    expect(await second.append(google.id, 'kept', 'k')).toMatchObject(refusal);
    disk.remount('rw');
    const again = await taken(() => second.append(google.id, 'kept', 'k'));
    expect([again.status, again.body.writeId]).toEqual([200, told.body.writeId]);
    expect(await google.values()).toEqual(['kept']);
  });

  test('that fails while a circuit is open: nothing is accepted, and one line in the log names both', async () => {
    const google = await startGoogle();
    const disk = smallDisk();
    const server = await start(google.env(disk.folder));
    await server.append(google.id, 'before');
    const isolated = await server.ask('/circuit-breakers/isolate', 'POST', { circuit: 'google_sheets_api' });
    expect(isolated.status).toBe(200);
    expect(await server.append(google.id, 'queued')).toMatchObject({ status: 202 });
    disk.fill();
    for (const key of [undefined, 'k1', 'k2', undefined]) {
      const answer = await server.append(google.id, 'refused', key);
      expect(answer).toMatchObject({
        status: 503,
        body: {
          code: 'unavailable',
          detail: expect.stringMatching(/google_sheets_api is open and the ledger cannot be used/),
        },
      });
      expect(answer.body.hint).toMatch(/restore the ledger .*first/);
    }
    expect(logged(server, /google_sheets_api.*ledger.*restore the ledger first/)).toEqual(['ERROR']);
    expect((await server.ask('/health/ready')).status).toBe(503);
    disk.free();
    expect(await taken(() => server.append(google.id, 'queued too'))).toMatchObject({ status: 202 });
    await server.ask('/circuit-breakers/release', 'POST', { circuit: 'google_sheets_api' });
    await server.ask('/circuit-breakers/reset', 'POST', { all: true });
    while ((await server.ask('/outbox')).body.total !== 0);
    expect(await google.values()).toEqual(['before', 'queued', 'queued too']);
  });
});

describe('two processes on one DATA_DIR', () => {
  test('share keys: of one key asked for in both, one write is made', async () => {
    const google = await startGoogle();
    const env = google.env(temporaryFolder());
    const [one, other] = [await start(env), await start(env)];
    await google.setFaults({ rules: [{ ...WRITE, fault: { latencyMs: 100 } }] });
    const keys = Array.from({ length: 5 }, (_, n) => `key ${n}`);
    const both = await Promise.all(
      keys.map(async (key) => Promise.all([one.append(google.id, key, key), other.append(google.id, key, key)])),
    );
    for (const [here, there] of both) {
      expect([here.status, there.status]).toEqual([200, 200]);
      expect(here.body).toEqual(there.body);
    }
    expect((await google.values()).sort()).toEqual(keys);
    expect((await other.append(google.id, 'another', 'key 0')).body.code).toBe('conflict');
  });

  test('have one worker, and the other becomes it when that one is killed', async () => {
    const google = await startGoogle();
    const env = google.env(temporaryFolder());
    const worker = await start(env);
    await worker.append(google.id, 'first');
    const other = await start(env);
    const circuit = { circuit: 'google_sheets_api' };
    await other.ask('/circuit-breakers/isolate', 'POST', circuit);
    // Queued by one, made by the other.
    const queued = await other.append(google.id, 'queued', 'k1');
    expect(queued).toMatchObject({ status: 202, body: { status: 'queued' } });
    while ((await other.ask('/outbox')).body.total !== 0);
    expect(await google.values()).toEqual(['first', 'queued']);
    // Asked again with its key it is told as made, though the circuit here is still open.
    expect(await other.append(google.id, 'queued', 'k1')).toMatchObject({
      status: 200,
      body: { writeId: queued.body.writeId },
    });
    await worker.kill();
    expect(await other.append(google.id, 'left', 'k2')).toMatchObject({ status: 202 });
    await other.ask('/circuit-breakers/release', 'POST', circuit);
    await other.ask('/circuit-breakers/reset', 'POST', { all: true });
    while ((await other.ask('/outbox')).body.total !== 0);
    expect(await google.values()).toEqual(['first', 'queued', 'left']);
  });

  test('settle for each other: what one had sent when it was killed is found out by the other', async () => {
    const google = await startGoogle();
    const env = google.env(temporaryFolder());
    const [one, other] = [await start(env), await start(env)];
    for (const [n, fault] of [{ hang: true }, { hang: true, applied: true }].entries()) {
      const victim = n === 0 ? one : await start(env);
      await google.setFaults({ rules: [{ ...WRITE, count: 1, fault }] });
      const lost = victim.append(google.id, `value ${n}`, `k${n}`).catch(() => 'lost');
      await google.met();
      await victim.kill();
      expect(await lost).toBe('lost');
      expect(await other.append(google.id, `value ${n}`, `k${n}`)).toMatchObject({ status: 200 });
    }
    expect(await google.values()).toEqual(['value 0', 'value 1']);
  });

  test('also as two stdio servers of one person', async () => {
    const google = await startGoogle();
    const env = { ...google.env(temporaryFolder()), THROTTLE_ENABLED: 'false' };
    const faces = [await face2025Stdio(env), await face2025Stdio(env)];
    onTestFinished(async () => {
      for (const face of faces) await face.close();
    });
    const input = { spreadsheet: google.id, sheet: 'S', rows: [['once']], idempotencyKey: 'k' };
    const answers = await Promise.all(faces.map((face) => face.call('append_rows', input)));
    expect(answers[0]).toMatchObject({ ok: true, answer: { status: 'applied' } });
    expect(answers[1]).toEqual(answers[0]);
    expect(await google.values()).toEqual(['once']);
  });
});

describe('retention', () => {
  /** Makes everything in the ledger so much older, as of an earlier boot of the machine. */
  function age(data: string, ms: number, more = ''): void {
    const db = new DatabaseSync(join(data, 'ledger.sqlite'));
    db.exec(`UPDATE writes SET wall = wall - ${ms}, mono = mono + 1e12; ${more}`);
    db.close();
  }

  test('`ledger purge` forgets what is over and old; queued and unsettled writes are kept', async () => {
    const google = await startGoogle();
    const data = temporaryFolder();
    const server = await start({ ...google.env(data), OUTBOX_MAX_AGE_MS: String(30 * DAY) });
    const done = await server.append(google.id, 'old', 'k1');
    await google.setFaults({ rules: [{ ...WRITE, count: 1, fault: { hang: true } }] });
    const lost = server.append(google.id, 'unsettled', 'k2').catch(() => 'lost');
    await google.met();
    await server.ask('/circuit-breakers/isolate', 'POST', { circuit: 'google_sheets_api' });
    const queued = await server.append(google.id, 'queued', 'k3');
    expect(queued.status).toBe(202);
    await server.kill();
    await lost;
    age(data, 10 * DAY);
    const purge = (...args: string[]) => command(['ledger', 'purge', ...args], { DATA_DIR: data });
    expect(await purge('--days', '11')).toEqual({
      code: 0,
      stdout: '0 finished writes older than 11 days forgotten; queued ones are kept.\n',
      stderr: '',
    });
    expect(await purge()).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^1 finished writes older than 7 days /),
    });
    expect(await purge('--days', '1')).toMatchObject({ code: 0, stdout: expect.stringMatching(/^0 finished/) });
    const next = await start({ ...google.env(data), OUTBOX_MAX_AGE_MS: String(30 * DAY) });
    expect((await next.tool('get_write', { writeId: done.body.writeId })).status).toBe(404);
    // Not applied, it is made now: behind the queued one as long as that waits.
    expect([200, 202]).toContain((await next.append(google.id, 'unsettled', 'k2')).status);
    while ((await next.ask('/outbox')).body.total !== 0);
    expect((await next.tool('get_write', { writeId: queued.body.writeId })).body.state).toBe('applied');
    expect((await google.values()).sort()).toEqual(['old', 'queued', 'unsettled']);
  });

  test('beside a server that runs', async () => {
    const google = await startGoogle();
    const data = temporaryFolder();
    const server = await start(google.env(data));
    await server.append(google.id, 'old', 'k1');
    age(data, 10 * DAY);
    const young = await server.append(google.id, 'young', 'k2');
    expect((await command(['ledger', 'purge', '--days', '2'], { DATA_DIR: data })).stdout).toMatch(/^1 finished/);
    expect((await server.append(google.id, 'young', 'k2')).body).toEqual(young.body);
  });

  test.each([['0'], ['0.5'], ['-1'], ['seven'], ['']])('refuses --days %j', async (days) => {
    const data = temporaryFolder();
    const { code, stdout, stderr } = await command(['ledger', 'purge', `--days=${days}`], { DATA_DIR: data });
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(/--days takes a number from 1/);
    expect(existsSync(join(data, 'ledger.sqlite'))).toBe(false);
  });

  test('of a folder without a ledger makes none', async () => {
    const data = temporaryFolder();
    const told = await command(['ledger', 'purge'], { DATA_DIR: join(data, 'none') });
    expect(told).toMatchObject({ code: 0, stdout: expect.stringMatching(/^0 finished/) });
    expect(existsSync(join(data, 'none'))).toBe(false);
  });
});

describe('a wall clock that is set', () => {
  test.each([
    ['back by a day', -DAY],
    ['forward by a day', DAY + 60_000],
  ])('%s: keys hold, the outbox keeps what it has and its order', async (_, byMs) => {
    const world = await createWorld();
    const app = await startApp(world);
    const id = await world.book([['n']]);
    const append = (value: string, key: string) =>
      app.run('append_rows', { spreadsheet: id, sheet: 'S', rows: [[value]] }, { key });
    const first = await world.until(append('first', 'k1'));
    app.circuits.find('google_sheets_api')?.isolate();
    const queued = await world.until(append('queued', 'k2'));
    expect(queued).toMatchObject({ status: 'queued', position: 1 });
    const { wall } = world.clock;
    world.clock.wall = () => wall() + byMs;
    expect(await world.until(append('first', 'k1'))).toEqual(first);
    expect(await world.until(append('later', 'k3'))).toMatchObject({ status: 'queued', position: 2 });
    await world.pass(10_000, 1_000);
    expect(app.store.queuedCount()).toBe(2);
    app.circuits.find('google_sheets_api')?.release();
    app.circuits.resetAll();
    await world.pass(10_000);
    expect(await world.rows(id)).toEqual([['n'], ['first'], ['queued'], ['later']]);
    expect(await world.until(append('queued', 'k2'))).toMatchObject({ status: 'applied', writeId: queued.writeId });
    expect(await app.store.purge(DAY)).toBe(0);
    expect(await world.until(append('first', 'k1'))).toEqual(first);
    expect(await world.rows(id)).toHaveLength(4);
  });
});
