// Faults over a real socket, the routes that set them, and the ports and backends that must not have them.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { sheets } from '@googleapis/sheets';
import { describe, expect, onTestFinished, test } from 'vitest';
import { systemClock } from '../../src/clock.ts';
import { parseConfig } from '../../src/config.ts';
import { createEmulator } from '../../src/emulator/emulator.ts';
import { standalone } from '../../src/emulator/standalone.ts';
import { listen } from '../../src/server/listen.ts';
import { temporaryFolder, testApp } from '../support/app.ts';
import { printed, run } from '../support/processes.ts';

function clientOf(rootUrl: string) {
  const { spreadsheets } = sheets({ version: 'v4', rootUrl: `${rootUrl}/`, fetchImplementation: fetch, retry: false });
  const write = (spreadsheetId: string, value: string, options = {}) =>
    spreadsheets.values.update(
      { spreadsheetId, range: 'A1', valueInputOption: 'RAW', requestBody: { values: [[value]] } },
      options,
    );
  const cell = async (spreadsheetId: string) =>
    (await spreadsheets.values.get({ spreadsheetId, range: 'A1' })).data.values?.[0]?.[0];
  return { create: async () => (await spreadsheets.create({})).data.spreadsheetId ?? '', write, cell };
}

async function open() {
  const emulator = createEmulator({ file: ':memory:', clock: systemClock });
  const listener = await listen(standalone(emulator), 0, '127.0.0.1');
  onTestFinished(async () => {
    await listener.close(async () => {}, 100);
    emulator.close();
  });
  const control = async (method: string, plan?: unknown) => {
    const body = typeof plan === 'string' ? plan : JSON.stringify(plan);
    const response = await fetch(`${listener.url}/_faults`, { method, ...(body !== undefined && { body }) });
    return { status: response.status, body: await response.json() };
  };
  const client = clientOf(listener.url);
  return { emulator, url: listener.url, control, client, id: await client.create() };
}

/** Codes down the chain of causes. */
function codes(error: unknown): unknown[] {
  const found: unknown[] = [];
  for (let at = error; at instanceof Error; at = at.cause) if ('code' in at) found.push(at.code);
  return found;
}

test('the plan is set, shown with what it did, and cleared', async () => {
  const { control, client, id } = await open();
  expect(await control('GET')).toEqual({ status: 200, body: { plan: { seed: 1, rules: [] }, fired: [] } });
  const rules = [{ count: 2, method: 'PUT', fault: { status: 503 } }, { fault: { latencyMs: 1 } }];
  expect(await control('PUT', { rules })).toMatchObject({ status: 200, body: { plan: { rules }, fired: [0, 0] } });
  for (let at = 0; at < 2; at++) await expect(client.write(id, 'x')).rejects.toMatchObject({ status: 503 });
  await client.write(id, 'y');
  expect((await control('GET')).body.fired).toEqual([2, 1]);
  expect((await control('DELETE')).body).toEqual({ plan: { seed: 1, rules: [] }, fired: [] });
  expect(await client.cell(id)).toBe('y');
});

test('a wrong plan is refused with the reason and leaves the old one', async () => {
  const { control, client, id } = await open();
  await control('PUT', { rules: [{ fault: { status: 500 } }] });
  const wrong = await control('PUT', { rules: [{ fault: { reset: 'during' } }] });
  expect(wrong).toEqual({
    status: 400,
    body: { error: 'rules[0].fault.reset: "during" is not accepted; accepted: "before", "after"' },
  });
  expect((await control('PUT', '{')).status).toBe(400);
  expect((await control('POST', {})).status).toBe(405);
  await expect(client.write(id, 'x')).rejects.toMatchObject({ status: 500 });
});

test.each([
  ['before', undefined],
  ['after', 'x'],
] as const)('a reset %s the write resets the socket and leaves %s', async (reset, value) => {
  const { emulator, client, id } = await open();
  emulator.setFaults({ rules: [{ fault: { reset } }] });
  const error = await client.write(id, 'x').catch((thrown: unknown) => thrown);
  expect(codes(error)).toContain('ECONNRESET');
  emulator.setFaults({});
  expect(await client.cell(id)).toBe(value);
});

test('a hang ends when the caller leaves, and the backend knows', async () => {
  const { emulator, client, id } = await open();
  emulator.setFaults({ rules: [{ fault: { hang: true, applied: true } }] });
  const started = performance.now();
  await expect(client.write(id, 'x', { signal: AbortSignal.timeout(150) })).rejects.toThrow();
  expect(performance.now() - started).toBeGreaterThan(140);
  expect(emulator.observed().at(-1)).toMatchObject({ status: 'hang', applied: true });
  emulator.setFaults({});
  expect(await client.cell(id)).toBe('x');
});

test('latency ends when the caller leaves, and nothing is done', async () => {
  const { emulator, client, id } = await open();
  emulator.setFaults({ rules: [{ fault: { latencyMs: 60_000 } }] });
  await expect(client.write(id, 'x', { signal: AbortSignal.timeout(100) })).rejects.toThrow();
  await expect.poll(() => emulator.observed().at(-1)).toMatchObject({ method: 'PUT', status: 'hang', applied: false });
  emulator.setFaults({});
  expect(await client.cell(id)).toBeUndefined();
});

test('a truncated answer, a page and a late write arrive as they do in process', async () => {
  const { emulator, client, id } = await open();
  emulator.setFaults({
    rules: [
      { count: 1, fault: { truncate: true } },
      { count: 1, fault: { html: true } },
      { count: 1, fault: { lateMs: 200 } },
    ],
  });
  expect(typeof (await client.write(id, 'cut')).data).toBe('string');
  await expect(client.write(id, 'page')).rejects.toMatchObject({ status: 502 });
  expect(codes(await client.write(id, 'late').catch((thrown: unknown) => thrown))).toContain('ECONNRESET');
  expect(await client.cell(id)).toBe('cut');
  await expect.poll(() => client.cell(id)).toBe('late');
});

test.each(['reset', 503])('a late write that was told %s is whole when its time comes', async (reply) => {
  const { emulator, client, id } = await open();
  emulator.setFaults({ rules: [{ count: 1, fault: { lateMs: 100, reply } }] });
  const long = 'x'.repeat(50_000);
  await expect(client.write(id, long)).rejects.toThrow();
  expect(await client.cell(id)).toBeUndefined();
  await expect.poll(() => client.cell(id)).toBe(long);
});

test('the emulator command takes EMULATOR_FAULTS from a file and has the routes', async () => {
  const folder = temporaryFolder();
  const file = join(folder, 'faults.json');
  writeFileSync(file, JSON.stringify({ rules: [{ method: 'PUT', fault: { reset: 'before' } }] }));
  const running = run(['emulator', '--port', '0'], { DATA_DIR: folder, EMULATOR_FAULTS: file });
  const [, url = ''] = await printed(running, /emulator at (http:\S+);/);
  const client = clientOf(url);
  const id = await client.create();
  expect(codes(await client.write(id, 'x').catch((thrown: unknown) => thrown))).toContain('ECONNRESET');
  expect(await (await fetch(`${url}/_faults`)).json()).toMatchObject({ fired: [1] });
  await fetch(`${url}/_faults`, { method: 'DELETE' });
  await client.write(id, 'y');
  expect(await client.cell(id)).toBe('y');
  expect(running.stderr()).toBe('');
});

test('a wrong EMULATOR_FAULTS stops the command by name', async () => {
  const EMULATOR_FAULTS = '{"rules":[{"fault":{"hang":1}}]}';
  const running = run(['emulator', '--port', '0'], { DATA_DIR: temporaryFolder(), EMULATOR_FAULTS });
  expect(await running.exit).toBe(1);
  expect(running.stderr()).toBe(
    'servalsheets: EMULATOR_FAULTS: rules[0].fault.hang: 1 is not accepted; accepted: true\n',
  );
});

describe('the product', () => {
  test('has no fault routes on its port, nor the backend in its process', async () => {
    const { request } = await testApp();
    for (const method of ['GET', 'PUT', 'DELETE']) {
      const init = method === 'PUT' ? { method, body: '{"rules":[{"fault":{"status":503}}]}' } : { method };
      expect((await request('/_faults', init)).status).toBe(404);
    }
    const emulator = createEmulator({ file: ':memory:', clock: systemClock });
    onTestFinished(() => emulator.close());
    const answer = await emulator.fetch(new Request('http://emulator.test/_faults', { method: 'PUT', body: '{}' }));
    expect(answer.status).toBe(404);
  });

  test('meets EMULATOR_FAULTS in its embedded backend', async () => {
    const EMULATOR_FAULTS = '{"rules":[{"fault":{"status":403,"reason":"SERVICE_DISABLED"}}]}';
    const { rest, demo } = await testApp({ EMULATOR_FAULTS });
    const { status, body } = await rest('read_range', { spreadsheet: demo, ranges: ['A1'] });
    expect([status, JSON.stringify(body)]).toEqual([403, expect.stringContaining('has not been used in project')]);
  });
});

describe('EMULATOR_FAULTS', () => {
  const parse = (env: Record<string, string>, readText = (): string => '') => parseConfig(env, readText).config;
  const PLAN = { rules: [{ fault: { status: 503 } }] };

  test('is JSON, or a path to it', () => {
    expect(parse({}).faultPlan).toBeUndefined();
    expect(parse({ EMULATOR_FAULTS: JSON.stringify(PLAN) }).faultPlan).toEqual(PLAN);
    expect(parse({ EMULATOR_FAULTS: 'faults.json' }, () => JSON.stringify(PLAN)).faultPlan).toEqual(PLAN);
  });

  test.each([
    ['{', {}, 'EMULATOR_FAULTS: no valid JSON'],
    ['/nowhere.json', {}, 'EMULATOR_FAULTS: it does not begin with {, and no file of that name can be read'],
    ['{}', { SHEETS_BACKEND: 'google' }, 'EMULATOR_FAULTS: the backend is google (SHEETS_BACKEND=google); accepted: a'],
    ['{}', { GOOGLE_ACCESS_TOKEN: 't' }, 'EMULATOR_FAULTS: the backend is google (GOOGLE_ACCESS_TOKEN is set)'],
  ])('%s with %j is refused', (EMULATOR_FAULTS, env, message) => {
    const readText = () => {
      throw new Error('ENOENT');
    };
    expect(() => parse({ EMULATOR_FAULTS, ...env }, readText)).toThrow(message);
  });
});

test('a long answer is compressed for whoever accepts gzip, a short one and others are not', async () => {
  const { url, id } = await open();
  const read = async (path: string, encoding: string) => {
    const { get } = await import('node:http');
    return new Promise<{ encoding: string | undefined; bytes: Buffer }>((resolve, reject) => {
      get(`${url}/v4/spreadsheets/${id}${path}`, { headers: { 'Accept-Encoding': encoding } }, (response) => {
        const parts: Buffer[] = [];
        response.on('data', (part: Buffer) => parts.push(part));
        response.on('end', () =>
          resolve({ encoding: response.headers['content-encoding'], bytes: Buffer.concat(parts) }),
        );
      }).on('error', reject);
    });
  };
  const [zipped, plain, short] = [
    await read('', 'gzip'),
    await read('', 'identity'),
    await read('?fields=spreadsheetId', 'gzip'),
  ];
  expect([zipped.encoding, plain.encoding, short.encoding]).toEqual(['gzip', undefined, undefined]);
  expect(zipped.bytes.length).toBeLessThan(plain.bytes.length / 2);
  const { gunzipSync } = await import('node:zlib');
  expect(gunzipSync(zipped.bytes).toString()).toBe(plain.bytes.toString());
});
