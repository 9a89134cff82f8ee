// Google's quota as the real client meets it, on a virtual clock: fixed windows, users and kinds apart, batches once.

import { expect, onTestFinished, test } from 'vitest';
import { createVirtualClock } from '../support/virtual-clock.ts';
import { newSpreadsheet, openBench } from './clients.ts';

const PROJECT_ONLY = { readsPerMinutePerUser: 1000, writesPerMinutePerUser: 1000 };

async function open() {
  const clock = createVirtualClock();
  const bench = openBench({ clock });
  onTestFinished(() => bench.emulator.close());
  const spreadsheetId = await newSpreadsheet(bench);
  type Answer = { status?: number };
  const status = ({ status: given }: Answer) => given;
  const as = (user: string) => ({ headers: { Authorization: `Bearer ${user}` } });
  const read = (user = 'ann') =>
    bench.sheets.spreadsheets.values.get({ spreadsheetId, range: 'A1' }, as(user)).then(status, status);
  const write = (user = 'ann', value = 'x') =>
    bench.sheets.spreadsheets.values
      .append({ spreadsheetId, range: 'A1', valueInputOption: 'RAW', requestBody: { values: [[value]] } }, as(user))
      .then(status, status);
  /** How many of so many requests pass before the first 429; the others must be 429. */
  const passing = async (count: number, request: () => Promise<number | undefined>) => {
    const statuses: (number | undefined)[] = [];
    for (let at = 0; at < count; at++) statuses.push(await request());
    const passed = statuses.filter((one) => one === 200).length;
    expect(statuses.slice(passed).filter((one) => one !== 429)).toEqual([]);
    return passed;
  };
  return { bench, clock, spreadsheetId, read, write, passing, as };
}

test('60 pass, the 61st is refused, the next window passes again', async () => {
  const { bench, clock, read, passing } = await open();
  bench.emulator.setFaults({ quota: { phaseMs: 0 } });
  expect(await passing(65, read)).toBe(60);
  await clock.advance(59_999);
  expect(await passing(1, read)).toBe(0);
  await clock.advance(1);
  expect(await passing(65, read)).toBe(60);
});

test('the window is fixed: what was used before its beginning does not count in it', async () => {
  const { bench, clock, read, passing } = await open();
  bench.emulator.setFaults({ quota: { phaseMs: 0 } });
  await clock.advance(59_000);
  expect(await passing(61, read)).toBe(60);
  await clock.advance(1000);
  expect(await passing(61, read)).toBe(60);
});

test('the phase moves the window and is drawn from the seed when it is not given', async () => {
  const { bench, clock, read, passing } = await open();
  bench.emulator.setFaults({ quota: { phaseMs: 20_000 } });
  expect(await passing(61, read)).toBe(60);
  await clock.advance(19_999);
  expect(await passing(1, read)).toBe(0);
  await clock.advance(1);
  expect(await passing(61, read)).toBe(60);

  const begins = async (seed: number) => {
    const other = await open();
    other.bench.emulator.setFaults({ seed, quota: true });
    await other.passing(60, other.read);
    for (let ms = 0; ms < 60_000; ms += 500) {
      if ((await other.read()) === 200) return ms;
      await other.clock.advance(500);
    }
    return 60_000;
  };
  const [one, again, two] = [await begins(1), await begins(1), await begins(2)];
  expect(one).toBe(again);
  expect(one).not.toBe(two);
});

test('users apart, reads and writes apart', async () => {
  const { bench, read, write, passing } = await open();
  bench.emulator.setFaults({ quota: true });
  expect(await passing(61, () => read('ann'))).toBe(60);
  expect(await passing(61, () => read('ben'))).toBe(60);
  expect(await passing(61, () => write('ann'))).toBe(60);
  expect(await passing(61, () => write('ben'))).toBe(60);
});

test('the project has a limit over all users, with its name in the refusal', async () => {
  const { bench, read, spreadsheetId, as, passing } = await open();
  bench.emulator.setFaults({ quota: { phaseMs: 0, readsPerMinutePerProject: 100 } });
  expect(await passing(60, () => read('ann'))).toBe(60);
  expect(await passing(60, () => read('ben'))).toBe(40);
  const refused = await bench.sheets.spreadsheets
    .get({ spreadsheetId }, as('ben'))
    .catch((error: { response: { data: unknown; headers: Headers } }) => error.response);
  expect(refused.data).toMatchObject({
    error: {
      code: 429,
      message: expect.stringContaining("and limit 'Read requests per minute' of service"),
      status: 'RESOURCE_EXHAUSTED',
      details: [
        {
          metadata: {
            quota_limit: 'ReadRequestsPerMinutePerProject',
            quota_limit_value: '100',
            quota_unit: '1/min/{project}',
          },
        },
        {},
      ],
    },
  });
  expect((refused.headers as Headers).get('retry-after')).toBeNull();
});

test('a refused write is not applied and does not count', async () => {
  const { bench, clock, write, passing, spreadsheetId } = await open();
  bench.emulator.setFaults({
    quota: { ...PROJECT_ONLY, writesPerMinutePerUser: 3, writesPerMinutePerProject: 4, phaseMs: 0 },
  });
  expect(await passing(10, () => write('ann'))).toBe(3);
  // Had ann's seven refusals counted, the project would have no room.
  expect(await passing(3, () => write('ben'))).toBe(1);
  await clock.advance(60_000);
  const { data } = await bench.sheets.spreadsheets.values.get({ spreadsheetId, range: 'A1:A20' });
  expect(data.values).toHaveLength(4);
});

test('a batch counts once, a refusal of its contents too, Drive not at all', async () => {
  const { bench, spreadsheetId } = await open();
  bench.emulator.setFaults({ quota: true });
  const { values } = bench.sheets.spreadsheets;
  await values.batchGet({ spreadsheetId, ranges: ['A1', 'B1', 'C1'] });
  await values.batchGet({ spreadsheetId, ranges: ['Nope!A1'] }).catch(() => {});
  await bench.sheets.spreadsheets.developerMetadata
    .search({ spreadsheetId, requestBody: { dataFilters: [{ developerMetadataLookup: { metadataKey: 'k' } }] } })
    .catch(() => {});
  for (let at = 0; at < 70; at++) await bench.drive.files.get({ fileId: spreadsheetId });
  const counted = bench.emulator.counted().map(({ user, kind, times }) => [user, kind, times.length]);
  expect(counted).toEqual([
    ['anonymous', 'read', 3],
    ['anonymous', 'write', 1], // the spreadsheet's creation
  ]);
});

test('the counters tell each user and kind the times of what was counted', async () => {
  const { bench, clock, read, write } = await open();
  bench.emulator.setFaults({ quota: { readsPerMinutePerUser: 2, phaseMs: 0 } });
  for (const ms of [0, 10, 10, 10]) {
    await clock.advance(ms);
    await read('ann');
  }
  await write('ben');
  expect(bench.emulator.counted()).toEqual([
    { user: 'ann', kind: 'read', times: [0, 10] },
    { user: 'anonymous', kind: 'write', times: [0] },
    { user: 'ben', kind: 'write', times: [30] },
  ]);
});

test('faults of Google count like answers; a request lost on its way, a 401 and a 429 do not', async () => {
  const count = async (fault: object) => {
    const { bench, write } = await open();
    bench.emulator.setFaults({ quota: true, rules: [{ fault }] });
    await write();
    return bench.emulator.counted().some(({ user }) => user === 'ann');
  };
  for (const fault of [{ status: 503 }, { html: true }, { reset: 'after' }, { lateMs: 5 }, { truncate: true }]) {
    expect([fault, await count(fault)]).toEqual([fault, true]);
  }
  for (const fault of [{ reset: 'before' }, { status: 401 }, { status: 429 }]) {
    expect([fault, await count(fault)]).toEqual([fault, false]);
  }
});

test('over the limit a fault gives way to the 429, and nothing is done late', async () => {
  const { bench, clock, write } = await open();
  bench.emulator.setFaults({ quota: { writesPerMinutePerUser: 0 }, rules: [{ fault: { lateMs: 10, reply: 503 } }] });
  expect(await write()).toBe(429);
  await clock.advance(10);
  expect(bench.emulator.observed().at(-1)).toMatchObject({ status: 429, applied: false });
});

test('latency moves the moment that counts to the arrival', async () => {
  const { bench, clock, read } = await open();
  bench.emulator.setFaults({ rules: [{ fault: { latencyMs: 700 } }] });
  const answer = read();
  await clock.advance(700);
  expect(await answer).toBe(200);
  expect(bench.emulator.counted()[0]).toEqual({ user: 'ann', kind: 'read', times: [700] });
});

test('no limit without a plan; what came before the limits does not count under them, what came under others does', async () => {
  const { bench, read, passing } = await open();
  expect(await passing(70, read)).toBe(70);
  bench.emulator.setFaults({ quota: { phaseMs: 0 } });
  expect(await passing(40, read)).toBe(40);
  bench.emulator.setFaults({ quota: { phaseMs: 0 }, rules: [{ count: 1, fault: { status: 401 } }] });
  expect(await read()).toBe(401);
  expect(await passing(30, read)).toBe(20);
  bench.emulator.setFaults({ quota: false });
  expect(await passing(70, read)).toBe(70);
  bench.emulator.setFaults({ quota: { phaseMs: 0 } });
  expect(await passing(61, read)).toBe(60);
});
