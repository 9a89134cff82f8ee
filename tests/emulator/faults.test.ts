// Scripted faults as the real Google client meets them in process: what it is told, and whether the write was done.

import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { Clock } from '../../src/clock.ts';
import { createVirtualClock, settle } from '../support/virtual-clock.ts';
import { type Bench, newSpreadsheet, openBench } from './clients.ts';

async function open(clock?: Clock) {
  const bench = openBench(clock ? { clock } : {});
  onTestFinished(() => bench.emulator.close());
  return { bench, id: await newSpreadsheet(bench) };
}

const write = ({ sheets }: Bench, spreadsheetId: string, value: unknown, options = {}) =>
  sheets.spreadsheets.values.update(
    { spreadsheetId, range: 'A1', valueInputOption: 'RAW', requestBody: { values: [[value]] } },
    options,
  );

const read = ({ sheets }: Bench, spreadsheetId: string, options = {}) =>
  sheets.spreadsheets.values.get({ spreadsheetId, range: 'A1' }, options);

/** What the cell holds, with the faults cleared. */
async function cell(bench: Bench, id: string): Promise<unknown> {
  bench.emulator.setFaults({});
  return (await read(bench, id)).data.values?.[0]?.[0];
}

interface Failure {
  readonly name: string;
  readonly status?: number;
  readonly response?: { readonly status: number; readonly data: unknown; readonly headers: Headers };
  readonly cause?: unknown;
}

/** What the client throws. */
async function failure(promise: Promise<unknown>): Promise<Failure> {
  return promise.then(
    (answer) => {
      throw new Error(`not refused: ${JSON.stringify(answer)}`);
    },
    (error: Failure) => error,
  );
}

/** Names and codes down the chain of causes. */
function chain(error: unknown): string[] {
  const names: string[] = [];
  for (let at = error; at instanceof Error; at = at.cause) {
    names.push('code' in at && typeof at.code === 'string' ? at.code : `${at.name}: ${at.message}`);
  }
  return names;
}

function observedStatuses(bench: Bench) {
  return bench.emulator.observed().map(({ kind, status, applied }) => [kind, status, applied]);
}

describe('an answer of a status', () => {
  test.each([
    [400, undefined, 'Request contains an invalid argument.', 'INVALID_ARGUMENT'],
    [401, undefined, /^Request had invalid authentication credentials\./, 'UNAUTHENTICATED'],
    [403, undefined, 'The caller does not have permission', 'PERMISSION_DENIED'],
    [403, 'SERVICE_DISABLED', /^Google Sheets API has not been used in project/, 'PERMISSION_DENIED'],
    [403, 'ACCESS_TOKEN_SCOPE_INSUFFICIENT', /^Request had insufficient authentication scopes/, 'PERMISSION_DENIED'],
    [404, undefined, 'Requested entity was not found.', 'NOT_FOUND'],
    [409, undefined, 'The operation was aborted.', 'ABORTED'],
    [500, undefined, 'Internal error encountered.', 'INTERNAL'],
    [503, undefined, 'The service is currently unavailable.', 'UNAVAILABLE'],
    [504, undefined, 'Deadline expired before operation could complete.', 'DEADLINE_EXCEEDED'],
  ])('%s %s is told in the words of Google and nothing is done', async (status, reason, message, name) => {
    const { bench, id } = await open();
    bench.emulator.setFaults({ rules: [{ fault: { status, ...(reason !== undefined && { reason }) } }] });
    bench.emulator.clearObserved();
    const { response } = await failure(write(bench, id, 'x'));
    const said = message instanceof RegExp ? expect.stringMatching(message) : message;
    expect(response?.status).toBe(status);
    expect(response?.data).toMatchObject({ error: { code: status, status: name, message: said } });
    expect(observedStatuses(bench)).toEqual([['write', status, false]]);
    expect(await cell(bench, id)).toBeUndefined();
  });

  test('429 carries the limit, its name and no Retry-After', async () => {
    const { bench, id } = await open();
    bench.emulator.setFaults({
      rules: [{ method: 'PUT', fault: { status: 429 } }, { fault: { status: 429, reason: 'project' } }],
    });
    const perUser = (await failure(write(bench, id, 'x'))).response;
    expect(perUser?.status).toBe(429);
    expect(perUser?.headers.get('retry-after')).toBeNull();
    expect(perUser?.data).toMatchObject({
      error: {
        message:
          "Quota exceeded for quota metric 'Write requests' and limit 'Write requests per minute per user' of service 'sheets.googleapis.com' for consumer 'project_number:123456789012'.",
        status: 'RESOURCE_EXHAUSTED',
        details: [
          {
            reason: 'RATE_LIMIT_EXCEEDED',
            metadata: {
              quota_limit: 'WriteRequestsPerMinutePerUser',
              quota_limit_value: '60',
              quota_unit: '1/min/{project}/{user}',
              quota_metric: 'sheets.googleapis.com/write_requests',
            },
          },
          { '@type': 'type.googleapis.com/google.rpc.Help' },
        ],
      },
    });
    expect((await failure(read(bench, id))).response?.data).toMatchObject({
      error: {
        details: [{ metadata: { quota_limit: 'ReadRequestsPerMinutePerProject', quota_limit_value: '300' } }, {}],
      },
    });
    expect(await cell(bench, id)).toBeUndefined();
  });

  test.each([
    [403, 'userRateLimitExceeded', { domain: 'usageLimits', reason: 'userRateLimitExceeded' }],
    [403, undefined, { domain: 'global', reason: 'insufficientFilePermissions' }],
    [401, undefined, { reason: 'authError', location: 'Authorization', locationType: 'header' }],
    [404, undefined, { reason: 'notFound', message: 'File not found: abc.' }],
    [503, undefined, { reason: 'backendError' }],
  ])('%s %s of Drive has the legacy body', async (status, reason, entry) => {
    const { bench } = await open();
    bench.emulator.setFaults({ rules: [{ path: '/drive/', fault: { status, ...(reason && { reason }) } }] });
    const { response } = await failure(bench.drive.files.get({ fileId: 'abc' }));
    expect(response?.data).toMatchObject({ error: { code: status, errors: [entry] } });
    expect(JSON.stringify(response?.data)).not.toContain('"status"');
  });

  test('503 with applied has done the write', async () => {
    const { bench, id } = await open();
    bench.emulator.setFaults({ rules: [{ fault: { status: 503, applied: true } }] });
    expect((await failure(write(bench, id, 'x'))).status).toBe(503);
    expect(bench.emulator.observed().at(-1)).toMatchObject({ status: 503, applied: true });
    expect(await cell(bench, id)).toBe('x');
  });

  test.each([
    [{ html: true }, 502],
    [{ status: 408 }, 408],
  ])('%j is a page of the front end', async (fault, status) => {
    const { bench, id } = await open();
    bench.emulator.setFaults({ rules: [{ fault }] });
    const { response } = await failure(write(bench, id, 'x'));
    expect(response?.status).toBe(status);
    expect(response?.headers.get('content-type')).toContain('text/html');
    expect(String(response?.data)).toContain(`<title>Error ${status} (`);
    expect(await cell(bench, id)).toBeUndefined();
  });
});

describe('a connection', () => {
  test.each([
    ['before', undefined],
    ['after', 'x'],
  ])('reset %s the write leaves %s', async (reset, value) => {
    const { bench, id } = await open();
    bench.emulator.setFaults({ rules: [{ fault: { reset } }] });
    bench.emulator.clearObserved();
    const error = await failure(write(bench, id, 'x'));
    expect(chain(error).slice(-2)).toEqual(['TypeError: fetch failed', 'ECONNRESET']);
    expect(observedStatuses(bench)).toEqual([['write', 'reset', reset === 'after']]);
    expect(await cell(bench, id)).toBe(value);
  });

  test('a truncated answer reaches the client as text that is no JSON, and the write is done', async () => {
    const { bench, id } = await open();
    bench.emulator.setFaults({ rules: [{ fault: { truncate: true } }] });
    const { status, data } = await write(bench, id, 'x');
    expect([status, typeof data]).toEqual([200, 'string']);
    expect(() => JSON.parse(String(data))).toThrow(SyntaxError);
    expect(await cell(bench, id)).toBe('x');
  });

  test('a refusal is not truncated', async () => {
    const { bench } = await open();
    bench.emulator.setFaults({ rules: [{ fault: { truncate: true } }] });
    expect((await failure(read(bench, 'nope'))).response?.data).toMatchObject({ error: { code: 404 } });
  });

  test.each([
    [{ hang: true }, undefined],
    [{ hang: true, applied: true }, 'x'],
  ])('%j never answers until the caller leaves, with the reason of its signal', async (fault, value) => {
    const { bench, id } = await open();
    bench.emulator.setFaults({ rules: [{ fault }] });
    const left = new AbortController();
    let ended = false;
    const answer = failure(write(bench, id, 'x', { signal: left.signal })).finally(() => {
      ended = true;
    });
    for (let turn = 0; turn < 20; turn++) await settle();
    expect(ended).toBe(false);
    expect(bench.emulator.observed().at(-1)).toMatchObject({ status: 'hang', applied: value !== undefined });
    const reason = new Error('enough');
    left.abort(reason);
    expect(chain(await answer)).toContain('Error: enough');
    expect(await cell(bench, id)).toBe(value);
  });

  test('a hang ends for a caller whose request nobody holds any more', async () => {
    const { bench, id } = await open();
    bench.emulator.setFaults({ rules: [{ fault: { hang: true } }] });
    const left = new AbortController();
    const answer = bench.emulator.fetch(
      new Request(`http://emulator.test/v4/spreadsheets/${id}`, { signal: left.signal }),
    );
    answer.catch(() => {});
    setFlagsFromString('--expose-gc');
    for (let turn = 0; turn < 5; turn++) {
      runInNewContext('gc')();
      await settle();
    }
    left.abort(new Error('enough'));
    await expect(answer).rejects.toThrow('enough');
  });
});

describe('on the clock', () => {
  test('latency comes before the write and adds up; the next matching rule still applies', async () => {
    const clock = createVirtualClock();
    const { bench, id } = await open(clock);
    bench.emulator.setFaults({
      rules: [{ fault: { latencyMs: 200 } }, { fault: { latencyMs: 300 } }, { count: 1, fault: { status: 503 } }],
    });
    const refused = failure(write(bench, id, 'x'));
    await clock.advance(499);
    expect(bench.emulator.observed().at(-1)?.method).toBe('POST');
    await clock.advance(1);
    expect((await refused).status).toBe(503);
    expect(bench.emulator.observed().at(-1)).toMatchObject({ at: 500, status: 503 });
    const done = write(bench, id, 'y');
    await clock.advance(500);
    expect((await done).status).toBe(200);
    expect(await cell(bench, id)).toBe('y');
  });

  test('latency ends when the caller leaves, with no timer left and nothing done', async () => {
    const clock = createVirtualClock();
    const { bench, id } = await open(clock);
    bench.emulator.setFaults({ rules: [{ fault: { latencyMs: 1000 } }] });
    const left = new AbortController();
    const answer = failure(write(bench, id, 'x', { signal: left.signal }));
    await clock.advance(400);
    expect(clock.sleepers()).toBe(1);
    left.abort(new Error('enough'));
    expect(chain(await answer)).toContain('Error: enough');
    expect(clock.sleepers()).toBe(0);
    expect(bench.emulator.observed().at(-1)).toMatchObject({ at: 400, status: 'hang', applied: false });
    expect(await cell(bench, id)).toBeUndefined();
  });

  test('a drawn latency stays in its bounds and is the same for the same seed', async () => {
    const drawn = async () => {
      const clock = createVirtualClock();
      const { bench, id } = await open(clock);
      bench.emulator.setFaults({ seed: 7, rules: [{ fault: { latencyMs: [100, 900] } }] });
      bench.emulator.clearObserved();
      const reads = Array.from({ length: 20 }, () => read(bench, id));
      await clock.advance(1000);
      await Promise.all(reads);
      return bench.emulator.observed().map(({ at }) => at);
    };
    const first = await drawn();
    expect(Math.min(...first)).toBeGreaterThanOrEqual(100);
    expect(Math.max(...first)).toBeLessThan(900);
    expect(new Set(first).size).toBe(20);
    expect(await drawn()).toEqual(first);
  });

  test('an outage lasts from its beginning until its end, counted from when the plan was set', async () => {
    const clock = createVirtualClock();
    const { bench, id } = await open(clock);
    await clock.advance(5000);
    bench.emulator.setFaults({ rules: [{ from: 1000, until: 2000, fault: { status: 503 } }] });
    const statuses: (number | undefined)[] = [];
    for (const ms of [0, 999, 1, 999, 1]) {
      await clock.advance(ms);
      statuses.push(
        await read(bench, id).then(
          ({ status }) => status,
          ({ status }: Failure) => status,
        ),
      );
    }
    expect(statuses).toEqual([200, 200, 503, 503, 200]);
  });

  test.each([
    ['reset', 'ECONNRESET'],
    [503, 'Error: The service is currently unavailable.'],
  ])('a late write is told %s and done later, on the workbook as it is then', async (reply, told) => {
    const clock = createVirtualClock();
    const { bench, id } = await open(clock);
    bench.emulator.setFaults({ rules: [{ count: 1, fault: { lateMs: 5000, reply } }] });
    bench.emulator.clearObserved();
    const error = await failure(write(bench, id, 'late'));
    expect(chain(error).join('; ')).toContain(told);
    await clock.advance(4999);
    await write(bench, id, 'newer');
    expect((await read(bench, id)).data.values).toEqual([['newer']]);
    await clock.advance(1);
    expect((await read(bench, id)).data.values).toEqual([['late']]);
    expect(bench.emulator.observed().map(({ at, status, applied }) => [at, status, applied])).toEqual([
      [0, reply, false],
      [4999, 200, true],
      [4999, 200, true],
      [5000, 'late', true],
      [5000, 200, true],
    ]);
  });

  test('a late write may be refused when its time comes', async () => {
    const clock = createVirtualClock();
    const { bench, id } = await open(clock);
    bench.emulator.setFaults({ rules: [{ count: 1, fault: { lateMs: 100 } }] });
    await failure(write(bench, id, 'late'));
    await bench.drive.files.delete({ fileId: id });
    await clock.advance(100);
    expect(bench.emulator.observed().at(-1)).toMatchObject({ status: 'late', applied: false });
  });

  test('a late write whose caller hangs is done although the caller has left', async () => {
    const clock = createVirtualClock();
    const { bench, id } = await open(clock);
    bench.emulator.setFaults({ rules: [{ count: 1, fault: { lateMs: 100, reply: 'hang' } }] });
    const left = new AbortController();
    const answer = failure(write(bench, id, 'late', { signal: left.signal }));
    for (let turn = 0; turn < 5; turn++) await settle();
    left.abort(new Error('enough'));
    expect(chain(await answer)).toContain('Error: enough');
    await clock.advance(100);
    expect(await cell(bench, id)).toBe('late');
  });

  test('closing forgets what is still to be done late', async () => {
    const clock = createVirtualClock();
    const bench = openBench({ clock, faults: { rules: [{ method: 'PUT', fault: { lateMs: 100 } }] } });
    await failure(write(bench, await newSpreadsheet(bench), 'late'));
    expect(clock.sleepers()).toBe(1);
    bench.emulator.close();
    expect(clock.sleepers()).toBe(0);
  });
});

describe('a rule', () => {
  test.each([
    [{ method: 'PUT' }, [503, 200, 200, 200]],
    [{ method: 'GET' }, [200, 503, 503, 503]],
    [{ path: '/values/' }, [503, 503, 200, 200]],
    [{ path: 'values/Sheet1!$A$1' }, [200, 503, 200, 200]],
    [{ path: '^/v4/spreadsheets/[^/]+$' }, [200, 200, 503, 200]],
    [{ path: '/drive/' }, [200, 200, 200, 503]],
    [{ spreadsheet: 'ID' }, [503, 503, 503, 503]],
    [{ spreadsheet: 'other' }, [200, 200, 200, 200]],
    [{ count: 2 }, [503, 503, 200, 200]],
    [{ count: 1, path: '/values/' }, [503, 200, 200, 200]],
    [{ probability: 0 }, [200, 200, 200, 200]],
    [{ probability: 1 }, [503, 503, 503, 503]],
  ])('%j meets these requests', async (rule, expected) => {
    const { bench, id } = await open();
    const given = 'spreadsheet' in rule && rule.spreadsheet === 'ID' ? { spreadsheet: id } : rule;
    bench.emulator.setFaults({ rules: [{ ...given, fault: { status: 503 } }] });
    const requests = [
      () => write(bench, id, 'x'),
      () => bench.sheets.spreadsheets.values.get({ spreadsheetId: id, range: 'Sheet1!$A$1' }),
      () => bench.sheets.spreadsheets.get({ spreadsheetId: id }),
      () => bench.drive.files.get({ fileId: id }),
    ];
    const statuses: (number | undefined)[] = [];
    for (const request of requests) {
      const status = (answer: { status?: number }) => answer.status;
      statuses.push(await request().then(status, status));
    }
    expect(statuses).toEqual(expected);
    expect(bench.emulator.faults().fired).toEqual([expected.filter((status) => status === 503).length]);
  });

  test('of a probability meets the same requests for the same seed, others for another, about as many', async () => {
    const met = async (plan: object) => {
      const { bench, id } = await open();
      bench.emulator.setFaults({ ...plan, rules: [{ probability: 0.3, fault: { status: 503 } }] });
      bench.emulator.clearObserved();
      for (let at = 0; at < 200; at++) await bench.call('GET', `/v4/spreadsheets/${id}`);
      return bench.emulator.observed().map(({ status }) => status === 503);
    };
    const first = await met({ seed: 1 });
    expect(first.filter(Boolean).length).toBeGreaterThan(40);
    expect(first.filter(Boolean).length).toBeLessThan(80);
    expect(await met({})).toEqual(first);
    expect(await met({ seed: 2 })).not.toEqual(first);
  });

  test('does not shift the draws of another', async () => {
    const met = async (first: object) => {
      const { bench, id } = await open();
      bench.emulator.setFaults({
        rules: [
          { probability: 0.5, ...first, fault: { latencyMs: 0 } },
          { path: '/values/', probability: 0.5, fault: { status: 503 } },
        ],
      });
      bench.emulator.clearObserved();
      for (let at = 0; at < 50; at++) await bench.call('GET', `/v4/spreadsheets/${id}/values/A1`);
      return bench.emulator.observed().map(({ status }) => status === 503);
    };
    expect(await met({ path: '/nothing' })).toEqual(await met({}));
    expect((await met({ path: '/nothing' })).filter(Boolean).length).toBeGreaterThan(10);
  });

  test('is replaced by the next plan, cleared by an empty one, and kept when the next one is wrong', async () => {
    const { bench, id } = await open();
    const status = async () => (await bench.call('GET', `/v4/spreadsheets/${id}`)).status;
    bench.emulator.setFaults({ rules: [{ count: 1, fault: { status: 503 } }] });
    expect([await status(), await status()]).toEqual([503, 200]);
    bench.emulator.setFaults({ rules: [{ count: 1, fault: { status: 500 } }] });
    expect(() => bench.emulator.setFaults({ rules: [{ fault: {} }] })).toThrow('rules[0].fault');
    expect(await status()).toBe(500);
    bench.emulator.setFaults({ rules: [{ fault: { status: 503 } }] });
    bench.emulator.setFaults(undefined);
    expect(await status()).toBe(200);
  });
});

test('the record says who did what to which spreadsheet', async () => {
  const clock = createVirtualClock();
  const { bench, id } = await open(clock);
  bench.emulator.clearObserved();
  await clock.advance(10);
  await read(bench, id, { headers: { Authorization: 'Bearer ann' } });
  await bench.sheets.spreadsheets.developerMetadata
    .search({ spreadsheetId: id, requestBody: { dataFilters: [{ a1Range: 'A1' }] } })
    .catch(() => {});
  await bench.drive.files.list({});
  expect(bench.emulator.observed()).toMatchObject([
    { at: 10, method: 'GET', path: `/v4/spreadsheets/${id}/values/A1`, user: 'ann', kind: 'read', spreadsheet: id },
    { method: 'POST', user: 'anonymous', kind: 'read', spreadsheet: id },
    {
      method: 'GET',
      path: '/drive/v3/files',
      api: 'drive',
      kind: 'read',
      spreadsheet: null,
      status: 200,
      applied: true,
    },
  ]);
});

test('a long GET sent as POST is the read that it is', async () => {
  const { bench, id } = await open();
  bench.emulator.clearObserved();
  await bench.emulator.fetch(
    new Request(`http://emulator.test/v4/spreadsheets/${id}/values:batchGet`, {
      method: 'POST',
      headers: { 'X-HTTP-Method-Override': 'GET', 'Content-Type': 'application/x-www-form-urlencoded' },
      body: 'ranges=A1&ranges=B1',
    }),
  );
  expect(bench.emulator.observed()).toMatchObject([{ method: 'GET', kind: 'read', status: 200 }]);
});
