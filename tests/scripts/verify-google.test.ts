// The script as a user runs it, against the embedded backend as a process of its own: what holds there, what is
// reported when something does not, and that nothing of it is left behind.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { ROOT, temporaryFolder } from '../support/app.ts';
import { bareEnvironment, printed, type Running, run } from '../support/processes.ts';

const TOKEN = 'ya29.the-token-of-the-caller';
const OTHER_TOKEN = 'ya29.the-token-of-another';

interface Backend {
  readonly url: string;
  readonly id: string;
  /** The spreadsheet as a whole, cells, names and metadata, and which files there are. */
  state(): Promise<unknown>;
  faults(plan: object): Promise<void>;
}

/** A backend with a spreadsheet that holds a little of everything. */
async function startBackend(): Promise<Backend> {
  const running = run(['emulator', '--port', '0'], { DATA_DIR: temporaryFolder() });
  const [, url = ''] = await printed(running, /emulator at (http:\S+?);[\s\S]*_faults/);
  const json = async (method: string, path: string, body?: object) => {
    const response = await fetch(`${url}${path}`, { method, ...(body && { body: JSON.stringify(body) }) });
    expect(response.status).toBe(200);
    return response.json();
  };
  const location = { spreadsheet: true };
  const range = { sheetId: 7, startRowIndex: 0, endRowIndex: 1, startColumnIndex: 0, endColumnIndex: 1 };
  const { spreadsheetId: id } = await json('POST', '/v4/spreadsheets', {
    properties: { title: 'Precious' },
    sheets: [{ properties: { sheetId: 7, title: 'Mine', gridProperties: { rowCount: 5, columnCount: 3 } } }],
    namedRanges: [{ name: 'kept', range }],
    developerMetadata: [{ metadataId: 3, metadataKey: 'ss', metadataValue: 'kept', location, visibility: 'PROJECT' }],
  });
  await json('PUT', `/v4/spreadsheets/${id}/values/Mine!A1?valueInputOption=RAW`, { values: [['mine', 1]] });
  return {
    url,
    id,
    state: async () => [
      await json('GET', `/v4/spreadsheets/${id}?includeGridData=true`),
      await json('GET', '/drive/v3/files?fields=files(id,name)'),
    ],
    faults: (plan) => json('PUT', '/_faults', plan),
  };
}

function verify(args: readonly string[], env: Record<string, string>): Running {
  const child = spawn(process.execPath, [join(ROOT, 'scripts/verify-google.ts'), ...args], {
    env: bareEnvironment(env),
    cwd: temporaryFolder(),
  });
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

function verifyOn({ url, id }: Backend, args: readonly string[], env: Record<string, string> = {}): Running {
  return verify(['--spreadsheet', id, ...args], {
    GOOGLE_API_ROOT_URL: `${url}/`,
    GOOGLE_ACCESS_TOKEN: TOKEN,
    THROTTLE_ENABLED: 'false',
    ...env,
  });
}

/** Number -> what was found, without the details. */
function verdicts(running: Running): Record<string, string> {
  const lines = running.stdout().matchAll(/^(\d+): (holds|does not hold|not tried)/gm);
  return Object.fromEntries([...lines].map(([, number = '', verdict = '']) => [number, verdict]));
}

function lineOf(running: Running, number: number): string {
  return new RegExp(`^${number}: (.*)$`, 'm').exec(running.stdout())?.[1] ?? '';
}

const NOT_OFFERED = {
  8: /move a file of yours/,
  9: /scopes .* are not ours/,
  13: /needs --quota/,
  14: /cannot be seen/,
  19: /delays by minutes/,
  20: /for minutes/,
  24: /needs a credential of another project/,
  30: /needs --quota/,
  37: /Cloud console/,
  38: /made by hand/,
  39: /as 38/,
  43: /would be mailed/,
  44: /share a file of yours/,
  45: /needs the scope/,
  50: /would have to change/,
  51: /second spreadsheet/,
};

describe('on a backend that does all', () => {
  test('everything it offers holds, with the words of refusals, and the spreadsheet is as before', async () => {
    const backend = await startBackend();
    const before = await backend.state();
    const running = verifyOn(backend, ['--budget']);
    expect(await running.exit).toBe(0);
    const found = verdicts(running);
    expect(Object.keys(found).map(Number)).toEqual(Array.from({ length: 59 }, (_, index) => index + 1));
    for (const [number, why] of Object.entries(NOT_OFFERED)) expect(lineOf(running, Number(number))).toMatch(why);
    const others = Object.entries(found).filter(([number]) => !Object.hasOwn(NOT_OFFERED, number));
    expect(others.filter(([, verdict]) => verdict !== 'holds')).toEqual([]);
    expect(lineOf(running, 15)).toMatch(/Invalid requests\[0\]\.createDeveloperMetadata: .* already exists/);
    expect(lineOf(running, 16)).toContain('of 20 at once 1 was applied and 19 were refused');
    expect(lineOf(running, 21)).toMatch(/^holds \(1\d{3} markers fitted.* limit of 30000 characters/);
    expect(lineOf(running, 26)).toMatch(/Invalid requests\[0\]\.addSheet: .* already exists/);
    expect(running.stdout()).toContain('\n43 hold, 16 not tried (');
    expect(running.stdout()).toContain('Cleaned up: nothing of this run is left.');
    expect(await backend.state()).toEqual(before);
  });

  test('it says what it will do before it does anything, and that this is not Google', async () => {
    const backend = await startBackend();
    await backend.faults({ rules: [{ fault: { status: 403 } }] });
    const running = verifyOn(backend, []);
    expect(await running.exit).toBe(1);
    expect(running.stdout()).toContain(`In the spreadsheet ${backend.id}`);
    expect(running.stdout()).toMatch(/adds \d+ or a few more sheets titled "verify-google [0-9a-f]{8} \.\.\."/);
    expect(running.stdout()).toContain('what answers is not Google');
    expect(running.stderr()).toContain('The spreadsheet cannot be read: permission_denied: The caller does not have');
    expect(running.stdout()).not.toContain('verified on');
  });

  test('the window of a 429 is measured when asked for', { timeout: 120_000 }, async () => {
    const backend = await startBackend();
    // The backend's minutes are of the clock that all processes of this machine share: the next one is near.
    const nearMs = Number(process.hrtime.bigint() / 1_000_000n) + 6_000;
    await backend.faults({ quota: { readsPerMinutePerUser: 10, phaseMs: nearMs % 60_000 } });
    const running = verifyOn(backend, ['--only', '13,30', '--quota']);
    expect(await running.exit).toBe(0);
    expect(lineOf(running, 13)).toMatch(/^holds \(a read was accepted although \d+ were refused .* of 10 that are/);
    expect(lineOf(running, 30)).toMatch(/^holds \(accepted again after \d+\.\d s; quota_exhausted: Quota exceeded/);
    expect(running.stdout()).toContain("has this account's reads refused for about a minute");
  });
});

describe('on a backend where something is otherwise', () => {
  test('what does not hold is reported with what was seen, and the status is 1', async () => {
    const backend = await startBackend();
    const before = await backend.state();
    await backend.faults({ rules: [{ path: '/developerMetadata/', fault: { status: 404 } }] });
    const running = verifyOn(backend, ['--only', '15,23,25']);
    expect(await running.exit).toBe(1);
    expect(verdicts(running)).toEqual({ 15: 'holds', 23: 'does not hold', 25: 'holds' });
    expect(lineOf(running, 23)).toContain('right after "accepted" stood nothing there');
    expect(running.stdout()).toContain('2 hold, 1 do not hold (23).');
    await backend.faults({});
    expect(await backend.state()).toEqual(before);
  });

  test('a failure is no finding, but no success either', async () => {
    const backend = await startBackend();
    const before = await backend.state();
    await backend.faults({
      rules: [
        { path: '/values:batchUpdate', fault: { status: 503 } },
        { path: '/developerMetadata/', fault: { hang: true } },
      ],
    });
    const running = verifyOn(backend, ['--only', '25,31,32'], { API_TIMEOUT_MS: '2000' });
    expect(await running.exit).toBe(1);
    expect(lineOf(running, 31)).toBe('not tried: no clear answer (unavailable: The service is currently unavailable.)');
    expect(lineOf(running, 25)).toBe('not tried: no clear answer (timeout: Google did not answer within 2000 ms.)');
    expect(running.stdout()).toContain('1 hold, 2 without a clear answer (25, 31).');
    expect(running.stderr()).toContain('A request without an answer may still be applied');
    expect(verdicts(running)).toMatchObject({ 32: 'holds' });
    await backend.faults({});
    expect(await backend.state()).toEqual(before);
  });

  test('a spreadsheet that takes no writes is told as such', async () => {
    const backend = await startBackend();
    await backend.faults({ rules: [{ path: ':batchUpdate', fault: { status: 503 } }] });
    const running = verifyOn(backend, []);
    expect(await running.exit).toBe(1);
    expect(running.stderr()).toContain('The checks could not be begun: unavailable: The service is currently');
    expect(verdicts(running)).toEqual({});
  });

  test('what cannot be removed is named, after some tries', async () => {
    const backend = await startBackend();
    // Cleaning up begins with such a read: time to have the removal itself refused.
    const slowReads = { method: 'GET', path: '/v4/spreadsheets/[^/]+$', fault: { latencyMs: 700 } };
    await backend.faults({ rules: [slowReads] });
    const running = verifyOn(backend, ['--only', '26']);
    const [name] = await printed(running, /verify-google [0-9a-f]{8}/);
    await printed(running, /^26: holds/m);
    await backend.faults({ rules: [{ path: ':batchUpdate', fault: { status: 503 } }] });
    expect(await running.exit).toBe(1);
    expect(running.stderr()).toContain(
      'Left behind: what it made (unavailable: The service is currently unavailable.).',
    );
    expect(running.stderr()).toContain(`Remove what is titled "${name} ..." by hand.`);
    expect(JSON.stringify(await backend.state())).toContain(`${name} 1`);
  });

  test('a credential that sees the marker is not of another project; no token is shown', async () => {
    const backend = await startBackend();
    const running = verifyOn(backend, ['--only', '24', '--other-token-env', 'OTHER'], { OTHER: OTHER_TOKEN });
    expect(await running.exit).toBe(1);
    expect(lineOf(running, 24)).toMatch(/^does not hold: the other credential saw the marker/);
    for (const text of [running.stdout(), running.stderr()]) expect(text).not.toMatch(/ya29/);
  });
});

describe('interrupted', () => {
  test.each(['SIGINT', 'SIGTERM'] as const)('by %s in the middle it cleans up and ends with 130', async (signal) => {
    const backend = await startBackend();
    const before = await backend.state();
    await backend.faults({ rules: [{ method: 'POST', path: ':batchUpdate', fault: { latencyMs: 150 } }] });
    const running = verifyOn(backend, []);
    await printed(running, /^1: holds/m);
    running.child.kill(signal);
    expect(await running.exit).toBe(130);
    expect(running.stderr()).toContain('Interrupted: cleaning up.');
    expect(running.stdout()).toContain('Cleaned up: nothing of this run is left.');
    expect(Object.keys(verdicts(running)).length).toBeLessThan(20);
    await backend.faults({});
    expect(await backend.state()).toEqual(before);
  });

  test('it does not go on waiting for the quota, to which it keeps', async () => {
    const backend = await startBackend();
    const before = await backend.state();
    const settings = { THROTTLE_ENABLED: 'true', QUOTA_WRITES_PER_MINUTE_PER_USER: '2' };
    const running = verifyOn(backend, ['--only', '16'], settings);
    await expect.poll(running.stderr, { timeout: 20_000 }).toMatch(/waiting 6\d s for the quota of writes/);
    running.child.kill('SIGINT');
    expect(await running.exit).toBe(130);
    expect(await backend.state()).toEqual(before);
  });
});

describe('wrong usage', () => {
  test.each([
    ['no spreadsheet', [], {}, '--spreadsheet is missing'],
    ['no credential', ['--spreadsheet', 'X'], { GOOGLE_ACCESS_TOKEN: '' }, 'No Google credential is configured'],
    ['an unknown number', ['--spreadsheet', 'X', '--only', '15,99'], {}, '--only takes numbers of docs/assumptions.md'],
    ['an unknown option', ['--spreadsheet', 'X', '--all'], {}, '--all'],
    [
      'no other token',
      ['--spreadsheet', 'X', '--other-token-env', 'NONE'],
      {},
      'no access token is in the variable NONE',
    ],
  ])('%s sends nothing and ends with 2', async (_, args, env, words) => {
    const running = verify(args, { GOOGLE_ACCESS_TOKEN: TOKEN, ...env });
    expect(await running.exit).toBe(2);
    expect(running.stderr()).toContain(words);
    expect(running.stderr()).toContain('npm run verify:google -- --spreadsheet <id>');
    expect(running.stdout()).toBe('');
  });

  test('a wrong setting is named as the server names it', async () => {
    const running = verify(['--spreadsheet', 'X'], { GOOGLE_ACCESS_TOKEN: TOKEN, API_TIMEOUT_MS: 'soon' });
    expect(await running.exit).toBe(1);
    expect(running.stderr()).toContain('API_TIMEOUT_MS: "soon" is not valid');
  });
});
