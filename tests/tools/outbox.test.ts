// Writes that are kept while Google cannot be asked, and made afterwards: in order, once, on the cells as they are then.
// Through the whole application and the real client.

import { describe, expect, test } from 'vitest';
import { failureOf } from '../support/fake-google.ts';
import { createWorld, type Sent, startApp } from '../support/wired-app.ts';

const HEAD = [['id', 'n']];
const POST = { method: 'POST', path: ':batchUpdate' } as const;
const append = (spreadsheet: string, value: string, sheet = 'S') => ({ spreadsheet, sheet, rows: [[value]] });
const write = (spreadsheet: string, range: string, value: string) => ({
  spreadsheet,
  writes: [{ range, values: [[value]] }],
});
const isWrite = ({ kinds }: Sent) => kinds.length > 1 && kinds[0] === 'createDeveloperMetadata';

async function start(env: Record<string, string> = {}) {
  const world = await createWorld();
  const app = await startApp(world, env);
  const id = await world.book(HEAD);
  /** Nobody may ask Google for so long. */
  const isolate = (forMs: number) => app.circuits.service('google_sheets_api').isolate(forMs);
  const stateOf = async (writeId: unknown) => world.until(app.run('get_write', { writeId }));
  return { world, app, id, isolate, stateOf };
}

type Rig = Awaited<ReturnType<typeof start>>;

/** Queues appends of these values, one after the other. */
async function queueAll({ world, app, id }: Rig, values: readonly string[]) {
  const works = values.map((value) => app.run('append_rows', append(id, value)));
  const answers = await world.until(Promise.all(works));
  expect(answers.map(({ status }) => status)).toEqual(values.map(() => 'queued'));
  return answers;
}

describe('while a circuit is open', () => {
  test('a tool that can wait is kept, with its place; nothing is sent', async () => {
    const { world, app, id, isolate } = await start();
    isolate(60_000);
    const sent = world.sent.length;
    const answers = [
      await world.until(app.run('append_rows', append(id, 'a'))),
      await world.until(app.run('write_range', write(id, 'S!B5', 'x'))),
      await world.until(app.run('clear_range', { spreadsheet: id, ranges: ['S!A1'] })),
      await world.until(app.run('upsert_rows', { spreadsheet: id, sheet: 'S', key: ['id'], rows: [{ id: 'b' }] })),
    ];
    expect(answers.map(({ status, position }) => [status, position])).toEqual([
      ['queued', 1],
      ['queued', 2],
      ['queued', 3],
      ['queued', 4],
    ]);
    expect(new Set(answers.map(({ writeId }) => writeId)).size).toBe(4);
    expect(world.sent.length).toBe(sent);
  });

  test('any other is refused: nothing is accepted', async () => {
    const { world, app, isolate } = await start();
    isolate(60_000);
    const error = await world.until(failureOf(app.run('create_spreadsheet', { title: 'T' })));
    expect([error.code, error.details.circuit, error.details.outcome]).toEqual([
      'circuit_open',
      'google_sheets_api',
      'none',
    ]);
    expect(app.ledgerRows('writes')).toEqual([]);
  });

  test.each([
    ['the environment', { FALLBACK_ENABLED: 'false' }, false],
    ['the flag', {}, true],
  ])('none is kept when %s says so', async (_, env, flag) => {
    const { world, app, id, isolate } = await start(env);
    if (flag) app.flags.set('fallback', false);
    isolate(60_000);
    const error = await world.until(failureOf(app.run('append_rows', append(id, 'a'))));
    expect([error.code, app.ledgerRows('writes')]).toEqual(['circuit_open', []]);
  });

  test('what would be refused anyway is refused at once', async () => {
    const { world, app, id, isolate } = await start();
    isolate(60_000);
    const wrong = { spreadsheet: id, rows: [['a']] };
    expect((await world.until(failureOf(app.run('append_rows', { ...wrong, shet: 'S' })))).code).toBe(
      'invalid_argument',
    );
    expect(app.ledgerRows('writes')).toEqual([]);
  });

  test('a full outbox refuses the next one, and keeps what it has', async () => {
    const rig = await start({ OUTBOX_MAX_ENTRIES: '2' });
    const { world, app, id, isolate } = rig;
    isolate(10_000);
    await queueAll(rig, ['a', 'b']);
    const error = await world.until(failureOf(app.run('append_rows', append(id, 'c'), { key: 'k' })));
    expect([error.code, error.details.outcome]).toEqual(['unavailable', 'none']);
    expect(`${error.message} ${error.hint}`).toMatch(/outbox is full \(2 writes\).*OUTBOX_MAX_ENTRIES/);
    await world.pass(20_000, 500);
    expect(await world.until(app.run('append_rows', append(id, 'c'), { key: 'k' }))).toMatchObject({
      status: 'applied',
    });
    expect((await world.rows(id)).flat()).toEqual(['id', 'n', 'a', 'b', 'c']);
  });

  test('a write that may have been applied is not told as refused by a full outbox', async () => {
    const { world, app, id, stateOf } = await start({
      OUTBOX_MAX_ENTRIES: '0',
      CIRCUIT_BREAKER_FAILURE_THRESHOLD: '1',
    });
    world.emulator.setFaults({ rules: [{ ...POST, count: 1, fault: { status: 503, applied: true } }] });
    const error = await world.until(failureOf(app.run('append_rows', append(id, 'a'))));
    expect([error.code, error.details.outcome]).toEqual(['outcome_unknown', 'unknown']);
    await world.pass(80_000, 500);
    expect(await stateOf(error.details.writeId)).toMatchObject({ state: 'applied' });
  });

  test('reads tell how many writes are not in their cells yet', async () => {
    const rig = await start();
    const { world, app, id, isolate } = rig;
    const read = () => world.until(app.run('read_range', { spreadsheet: id, ranges: ['S'] }));
    expect((await read()).pendingWrites).toBeUndefined();
    isolate(15_000);
    await world.pass(11_000, 500);
    await queueAll(rig, ['a', 'b']);
    expect(await read()).toMatchObject({ source: 'stale', pendingWrites: 2 });
    await world.pass(15_000, 500);
    const live = await read();
    expect([live.pendingWrites, live.totalRows ?? JSON.stringify(live)]).toEqual([undefined, expect.anything()]);
  });
});

describe('the key of a kept write', () => {
  test('gives the same place, and the answer once it is made', async () => {
    const { world, app, id, isolate } = await start();
    isolate(10_000);
    const first = await world.until(app.run('append_rows', append(id, 'a'), { key: 'k' }));
    expect(await world.until(app.run('append_rows', append(id, 'a'), { key: 'k' }))).toEqual(first);
    await world.pass(20_000, 500);
    expect(await world.until(app.run('append_rows', append(id, 'a'), { key: 'k' }))).toEqual({
      status: 'applied',
      rows: 1,
      updatedRange: "'S'!A2",
      writeId: first.writeId,
    });
    expect((await world.rows(id)).length).toBe(2);
  });
});

describe('once Google can be asked again', () => {
  const values = (count: number) => Array.from({ length: count }, (_, index) => `v${index}`);

  test('all are made, in the order in which they came, in few calls', async () => {
    const rig = await start();
    const { world, app, id, isolate, stateOf } = rig;
    isolate(10_000);
    const answers = await queueAll(rig, values(120));
    await world.pass(20_000, 500);
    expect((await world.rows(id)).flat()).toEqual(['id', 'n', ...values(120)]);
    expect(world.writes().length).toBeLessThan(12);
    expect(await stateOf(answers[70]?.writeId)).toMatchObject({
      state: 'applied',
      answer: { updatedRange: "'S'!A72" },
    });
    expect(app.events.filter((event) => event.type === 'outbox').map(({ result }) => result)).toEqual([
      ...Array(120).fill('queued'),
      ...Array(120).fill('applied'),
    ]);
    expect((await app.json('/outbox')).body).toEqual({ entries: [], total: 0 });
  });

  test.each([3, 4, 5, 6])('none overtakes another, whatever fails in between (seed %i)', async (seed) => {
    const rig = await start({ CIRCUIT_BREAKER_FAILURE_THRESHOLD: '1000', ADAPTIVE_BATCHING: String(seed % 2 === 0) });
    const { world, id, isolate } = rig;
    isolate(5_000);
    await queueAll(rig, values(40));
    // Reads of the application; those of the test are by another path.
    const GET = { method: 'GET', path: `/spreadsheets/${id}$` };
    world.emulator.setFaults({
      seed,
      rules: [
        { ...POST, probability: 0.2, fault: { status: 503, applied: true } },
        { ...POST, probability: 0.2, fault: { status: 503 } },
        { ...POST, probability: 0.2, fault: { lateMs: [100, 4_000], reply: 503 } },
        { ...POST, probability: 0.05, fault: { hang: true } },
        { ...GET, probability: 0.2, fault: { reset: 'after' } },
        { ...GET, fault: { latencyMs: [0, 300] } },
        { ...POST, fault: { latencyMs: [0, 300] } },
      ],
    });
    for (let minutes = 0; minutes < 40 && (await world.rows(id)).length < 41; minutes++) await world.pass(60_000, 250);
    expect((await world.rows(id)).flat()).toEqual(['id', 'n', ...values(40)]);
  });

  test('a half-open circuit gets one call, however many wait', async () => {
    const rig = await start({ CIRCUIT_BREAKER_FAILURE_THRESHOLD: '1', CIRCUIT_BREAKER_TIMEOUT: '10000' });
    const { world, app, id, isolate } = rig;
    isolate(5_000);
    await queueAll(rig, values(20));
    world.emulator.setFaults({ rules: [{ fault: { status: 503 } }] });
    await world.pass(65_000, 250);
    const times = world.sent.map(({ at }) => Math.round(at / 1_000));
    expect(new Set(times).size).toBe(times.length);
    expect(times.length).toBeGreaterThan(3);
    expect(times.length).toBeLessThan(8);
    const { entries } = (await app.json('/outbox')).body;
    const attempts = entries.map((entry: { attempts: number }) => entry.attempts);
    // Closed again after the isolation, the circuit let all of them try, once.
    expect(attempts).toEqual([times.length, ...Array(19).fill(1)]);
    world.emulator.setFaults({});
    await world.pass(30_000, 250);
    expect((await world.rows(id)).flat()).toEqual(['id', 'n', ...values(20)]);
    expect((await app.json('/outbox')).body.total).toBe(0);
  });

  test('one that Google refuses for itself is set aside and told; the others go on', async () => {
    const rig = await start();
    const { world, app, id, isolate, stateOf } = rig;
    await world.direct(`/${id}:batchUpdate`, { requests: [{ addSheet: { properties: { title: 'T', sheetId: 8 } } }] });
    isolate(10_000);
    const works = [append(id, 'a'), append(id, 'lost', 'T'), append(id, 'b')].map((one) => app.run('append_rows', one));
    const answers = await world.until(Promise.all(works));
    await world.direct(`/${id}:batchUpdate`, { requests: [{ deleteSheet: { sheetId: 8 } }] });
    await world.pass(20_000, 500);
    expect((await world.rows(id)).flat()).toEqual(['id', 'n', 'a', 'b']);
    expect(await stateOf(answers[1]?.writeId)).toMatchObject({ state: 'set_aside', error: { code: 'not_found' } });
    expect(app.lines.filter((line) => line.includes('queued write set aside'))).toHaveLength(1);
  });

  test('an upsert finds the rows as they are then', async () => {
    const { world, app, isolate } = await start();
    const id = await world.book([
      ['id', 'n'],
      ['a', 1],
      ['b', 2],
    ]);
    isolate(10_000);
    const rows = [
      { id: 'b', n: 20 },
      { id: 'c', n: 30 },
      { id: 'd', n: 40 },
    ];
    await world.until(app.run('upsert_rows', { spreadsheet: id, sheet: 'S', key: ['id'], rows }));
    const row = (values: object[]) => ({ values: values.map((userEnteredValue) => ({ userEnteredValue })) });
    const others = [
      row([{ stringValue: 'c' }, { numberValue: 3 }]),
      row([{ stringValue: 'z' }, { numberValue: 26 }]),
      row([{ stringValue: 'b' }, { numberValue: 2 }]),
    ];
    const at = { sheetId: 7, rowIndex: 1, columnIndex: 0 };
    const updateCells = { start: at, fields: 'userEnteredValue', rows: others };
    await world.direct(`/${id}:batchUpdate`, { requests: [{ updateCells }] });
    await world.pass(20_000, 500);
    expect(await world.rows(id)).toEqual([
      ['id', 'n'],
      ['c', 30],
      ['z', 26],
      ['b', 20],
      ['d', 40],
    ]);
  });

  test('one whose expectation does not hold any more is set aside', async () => {
    const rig = await start();
    const { world, app, id, isolate, stateOf } = rig;
    isolate(10_000);
    const expectation = { expect: [{ range: 'S!A1', values: [['id']] }] };
    const first = await world.until(app.run('write_range', { ...write(id, 'S!A1', 'ID'), ...expectation }));
    const second = await world.until(app.run('write_range', { ...write(id, 'S!A1', 'Id'), ...expectation }));
    const third = await world.until(app.run('append_rows', append(id, 'a')));
    await world.pass(20_000, 500);
    expect(await world.rows(id)).toEqual([['ID', 'n'], ['a']]);
    expect([await stateOf(first.writeId), await stateOf(second.writeId), await stateOf(third.writeId)]).toMatchObject([
      { state: 'applied' },
      { state: 'set_aside', error: { code: 'precondition_failed' } },
      { state: 'applied' },
    ]);
  });

  test('one that has waited too long is given up, says so, and is not made later', async () => {
    const { world, app, id, isolate, stateOf } = await start({ OUTBOX_MAX_AGE_MS: '60000' });
    isolate(120_000);
    const first = await world.until(app.run('append_rows', append(id, 'old')));
    await world.pass(40_000, 500);
    const second = await world.until(app.run('append_rows', append(id, 'young')));
    await world.pass(40_000, 500);
    expect([await stateOf(first.writeId), await stateOf(second.writeId)]).toMatchObject([
      { state: 'expired', error: { message: expect.stringMatching(/was not applied/) } },
      { state: 'queued', position: 1 },
    ]);
    app.circuits.service('google_sheets_api').release();
    await world.pass(20_000, 500);
    expect((await world.rows(id)).flat()).toEqual(['id', 'n', 'young']);
    expect(app.lines.filter((line) => line.includes('queued write expired'))).toHaveLength(1);
  });

  test('a restart goes on with what was kept before it', async () => {
    const rig = await start();
    const { world, app, id, isolate } = rig;
    isolate(3_600_000);
    await queueAll(rig, ['a', 'b', 'c']);
    app.close();
    const again = await startApp(world, {}, app.folder);
    await world.pass(10_000, 500);
    expect((await world.rows(id)).flat()).toEqual(['id', 'n', 'a', 'b', 'c']);
    expect(again.ledgerRows('writes').map((row) => row.state)).toEqual(['applied', 'applied', 'applied']);
  });
});

describe('while some are still queued and the circuit is closed', () => {
  /** One entry whose write takes ten seconds from the time the circuit is closed. */
  async function backlog() {
    const rig = await start();
    const { world, isolate } = rig;
    isolate(5_000);
    await queueAll(rig, ['first']);
    let held = false;
    world.onWire(async (sent, pass) => {
      if (isWrite(sent) && !held) {
        held = true;
        await world.clock.sleep(10_000);
      }
      return pass();
    });
    await world.pass(8_000, 250);
    expect([world.writes().length, (await world.rows(rig.id)).length]).toEqual([1, 1]);
    return rig;
  }

  test('new writes join behind them; those to other spreadsheets do not', async () => {
    const { world, app, id } = await backlog();
    const other = await world.book(HEAD);
    const joined = await world.until(app.run('append_rows', append(id, 'second')));
    expect(joined).toMatchObject({ status: 'queued', position: 2 });
    expect(await world.until(app.run('append_rows', append(other, 'x')), 2_000)).toMatchObject({ status: 'applied' });
    await world.pass(15_000, 250);
    expect((await world.rows(id)).flat()).toEqual(['id', 'n', 'first', 'second']);
  });

  test('one that may not be queued waits for those before it, and those after it wait for it', async () => {
    const { world, app, id } = await backlog();
    const live = (value: string, key?: string) => {
      app.flags.set('fallback', false);
      const work = app.run('append_rows', append(id, value), key === undefined ? {} : { key });
      return work;
    };
    const second = live('second');
    await world.pass(130, 10);
    const third = live('third', 'k');
    await world.pass(50, 10);
    app.flags.set('fallback', true);
    const fourth = await world.until(app.run('append_rows', append(id, 'fourth')), 0);
    expect(fourth.status).toBe('queued');
    while ((await world.rows(id)).length < 2) await world.pass(10, 10);
    // Nothing is queued before them any more, and they have not noticed yet.
    const fifth = live('fifth');
    const answers = await world.until(Promise.all([second, third, fifth]), 5_000);
    expect(answers.map(({ status }) => status)).toEqual(['applied', 'applied', 'applied']);
    await world.pass(5_000, 250);
    expect((await world.rows(id)).flat()).toEqual(['id', 'n', 'first', 'second', 'third', 'fourth', 'fifth']);
  });

  test('one that comes when those before it are made, but not yet those that waited, does not overtake them', async () => {
    const { world, app, id } = await backlog();
    app.flags.set('fallback', false);
    const second = app.run('append_rows', append(id, 'second'));
    await world.pass(130, 10);
    const third = app.run('append_rows', append(id, 'third'));
    app.flags.set('fallback', true);
    while ((await world.rows(id)).length < 2) await world.pass(10, 10);
    const fourth = app.run('append_rows', append(id, 'fourth'));
    const answers = await world.until(Promise.all([second, third, fourth]), 5_000);
    expect(answers.map(({ status }) => status)).toEqual(['applied', 'applied', 'applied']);
    expect((await world.rows(id)).flat()).toEqual(['id', 'n', 'first', 'second', 'third', 'fourth']);
  });

  test('such a one that waits in vain was not sent', async () => {
    const { world, app, id } = await backlog();
    app.flags.set('fallback', false);
    const work = app.run('append_rows', append(id, 'second'));
    await world.pass(500);
    app.circuits.service('google_sheets_api').isolate(60_000);
    const error = await world.until(failureOf(work), 2_000);
    expect([error.code, error.details.outcome]).toEqual(['circuit_open', 'none']);
    await world.pass(12_000, 250);
    expect((await world.rows(id)).flat()).toEqual(['id', 'n', 'first']);
  });

  test('a live write that was worked out meanwhile does not overtake one that was queued before it', async () => {
    const rig = await start({ CIRCUIT_BREAKER_FAILURE_THRESHOLD: '1', CIRCUIT_BREAKER_TIMEOUT: '5000' });
    const { world, app, id } = rig;
    let reads = 0;
    let writes = 0;
    world.onWire(async (sent, pass) => {
      // The second caller's look at the head takes until the circuit admits again.
      if (sent.method === 'GET' && reads++ === 2) await world.clock.sleep(5_400);
      if (isWrite(sent) && writes++ === 0) return new Response('no', { status: 503 });
      return pass();
    });
    const first = app.run('write_range', write(id, 'S!A2', 'first'));
    const second = app.run('append_rows', append(id, 'second'));
    expect((await world.until(first)).status).toBe('queued');
    await world.until(second.catch(() => {}));
    await world.pass(20_000, 250);
    expect((await world.rows(id)).flat()).toEqual(['id', 'n', 'first', 'second']);
  });

  test('nor one whose reading was refused', async () => {
    const { world, app, id, isolate } = await start();
    // Names are in memory from now on.
    await world.until(app.run('write_range', write(id, 'S!A1', 'id')));
    let reads = 0;
    world.onWire(async (sent, pass) => {
      if (sent.method === 'GET') {
        // The second caller has begun to read; the first, whose key is just being written down, will be refused.
        if (reads++ === 0) isolate(2_000);
        await world.clock.sleep(3_000);
      }
      return pass();
    });
    const first = app.run('append_rows', append(id, 'first'), { key: 'k' });
    const second = app.run('append_rows', append(id, 'second'));
    expect((await world.until(first, 1_000)).status).toBe('queued');
    expect((await world.until(second)).status).toBe('queued');
    await world.pass(20_000, 250);
    expect((await world.rows(id)).flat()).toEqual(['id', 'n', 'first', 'second']);
  });
});
