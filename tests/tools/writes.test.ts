// Callers' writes: keys that make a repetition harmless, and the order in which writes go out. Through the whole
// application and the real client.

import { describe, expect, test } from 'vitest';
import { failureOf } from '../support/fake-google.ts';
import { createWorld, startApp, type World } from '../support/wired-app.ts';

const POST = { method: 'POST', path: ':batchUpdate' } as const;
const HEAD = [['h']];
const append = (spreadsheet: string, value: string) => ({ spreadsheet, sheet: 'S', rows: [[value]] });
const write = (spreadsheet: string, range: string, value: string) => ({
  spreadsheet,
  writes: [{ range, values: [[value]] }],
});

async function start(env: Record<string, string> = {}) {
  const world = await createWorld();
  const app = await startApp(world, env);
  return { world, app, id: await world.book(HEAD) };
}

type Rig = Awaited<ReturnType<typeof start>>;

describe('a key', () => {
  test('in the header or among the arguments: the same call is made once, and answered the same', async () => {
    const { world, app, id } = await start();
    const first = await app.rest('append_rows', append(id, 'a'), { 'idempotency-key': 'k' });
    const second = await app.rest('append_rows', { ...append(id, 'a'), idempotencyKey: 'k' });
    // The order of the arguments is no difference.
    const { rows, sheet, spreadsheet } = append(id, 'a');
    const third = await app.rest('append_rows', { rows, sheet, spreadsheet }, { 'idempotency-key': 'k' });
    expect([first.status, second.body, third.body]).toEqual([200, first.body, first.body]);
    const [{ range, values } = { range: '', values: [] }] = write(id, 'S!A3', 'b').writes;
    const input = (one: object) => ({ spreadsheet: id, writes: [one] });
    const fourth = await app.rest('write_range', input({ range, values }), { 'idempotency-key': 'l' });
    const fifth = await app.rest('write_range', input({ values, range }), { 'idempotency-key': 'l' });
    expect([fourth.status, fifth.body]).toEqual([200, fourth.body]);
    expect(await world.rows(id)).toEqual([...HEAD, ['a'], ['b']]);
  });

  test('in both places must be the same', async () => {
    const { world, app, id } = await start();
    const input = { ...append(id, 'a'), idempotencyKey: 'one' };
    const refused = await app.rest('append_rows', input, { 'idempotency-key': 'other' });
    expect([refused.status, refused.body.code]).toEqual([400, 'invalid_argument']);
    expect((await app.rest('append_rows', input, { 'idempotency-key': 'one' })).status).toBe(200);
    expect(await world.rows(id)).toEqual([...HEAD, ['a']]);
  });

  test('of another call is a conflict, be it over or under way', async () => {
    const { world, app, id } = await start();
    const under = app.run('append_rows', append(id, 'a'), { key: 'k' });
    const refusals = [await world.until(failureOf(app.run('append_rows', append(id, 'b'), { key: 'k' })), 0)];
    await world.until(under);
    refusals.push(await world.until(failureOf(app.run('append_rows', append(id, 'b'), { key: 'k' }))));
    refusals.push(await world.until(failureOf(app.run('write_range', write(id, 'S!A2', 'b'), { key: 'k' }))));
    expect(refusals.map(({ code, details }) => [code, details.outcome])).toEqual(Array(3).fill(['conflict', 'none']));
    expect(await world.rows(id)).toEqual([...HEAD, ['a']]);
  });

  test('is its principal’s own', async () => {
    const { world, app, id } = await start();
    const both = ['p', 'q'].map((principal) => app.run('append_rows', append(id, 'a'), { key: 'k', principal }));
    await world.until(Promise.all(both));
    expect(await world.rows(id)).toEqual([...HEAD, ['a'], ['a']]);
  });

  test('without one a repetition is another write', async () => {
    const { world, app, id } = await start();
    await world.until(Promise.all([app.run('append_rows', append(id, 'a')), app.run('append_rows', append(id, 'a'))]));
    expect(await world.rows(id)).toEqual([...HEAD, ['a'], ['a']]);
  });

  test('two calls at once with it are one write, with one answer', async () => {
    const { world, app, id } = await start();
    const works = [1, 2, 3].map(() => app.run('append_rows', append(id, 'a'), { key: 'k' }));
    const [first, ...others] = await world.until(Promise.all(works));
    expect(others).toEqual([first, first]);
    expect([world.writes().length, await world.rows(id)]).toEqual([1, [...HEAD, ['a']]]);
  });

  test('whoever waits for the first may leave: that one goes on', async () => {
    const { world, app, id } = await start();
    world.emulator.setFaults({ rules: [{ ...POST, fault: { latencyMs: 2_000 } }] });
    const first = app.run('append_rows', append(id, 'a'), { key: 'k' });
    const leave = new AbortController();
    const second = app.run('append_rows', append(id, 'a'), { key: 'k', signal: leave.signal });
    await world.pass(1_000);
    leave.abort();
    expect((await world.until(failureOf(second), 0)).code).toBe('cancelled');
    expect(await world.until(first)).toMatchObject({ status: 'applied' });
    expect(await world.rows(id)).toEqual([...HEAD, ['a']]);
  });

  test('when the first leaves after it was sent, the others still get its end', async () => {
    const { world, app, id } = await start();
    world.emulator.setFaults({ rules: [{ ...POST, fault: { latencyMs: 2_000 } }] });
    const leave = new AbortController();
    const first = app.run('append_rows', append(id, 'a'), { key: 'k', signal: leave.signal });
    const second = app.run('append_rows', append(id, 'a'), { key: 'k' });
    await world.pass(1_000);
    leave.abort();
    const error = await world.until(failureOf(first), 0);
    expect(error.code).toBe('outcome_unknown');
    expect(await world.until(second)).toMatchObject({ status: 'applied', writeId: error.details.writeId });
    expect([world.writes().length, await world.rows(id)]).toEqual([1, [...HEAD, ['a']]]);
  });

  test('when the first fails for sure, one of the others makes the write', async () => {
    const { world, app, id } = await start();
    let refused = 0;
    world.onWire(({ kinds }) => {
      if (kinds.length === 0 || refused++ > 0) return undefined;
      const error = { code: 400, message: 'Invalid requests[1].appendCells: not now', status: 'INVALID_ARGUMENT' };
      return Response.json({ error }, { status: 400 });
    });
    const works = [1, 2, 3].map(() => app.run('append_rows', append(id, 'a'), { key: 'k' }));
    const [first, ...others] = works;
    expect((await world.until(failureOf(first ?? Promise.resolve()))).code).toBe('invalid_argument');
    const [second, third] = await world.until(Promise.all(others));
    expect([second?.status, third]).toEqual(['applied', second]);
    expect(await world.rows(id)).toEqual([...HEAD, ['a']]);
  });

  test('a refused call leaves its key free', async () => {
    const { world, app, id } = await start();
    const wrong = { ...append(id, 'a'), sheet: 'None' };
    expect((await world.until(failureOf(app.run('append_rows', wrong, { key: 'k' })))).code).toBe('not_found');
    await world.until(app.run('append_rows', append(id, 'b'), { key: 'k' }));
    expect(await world.rows(id)).toEqual([...HEAD, ['b']]);
  });

  describe('of a write whose answer was lost', () => {
    const env = { REQUEST_DEADLINE_MS: '10000', API_TIMEOUT_MS: '15000' };

    async function lost(
      { applied = true, ...more }: Record<string, unknown> = {},
      settings = {},
    ): Promise<Rig & { writeId: string }> {
      const rig = await start({ ...env, ...settings });
      const { world, app, id } = rig;
      world.emulator.setFaults({ rules: [{ ...POST, count: 1, fault: { hang: true, applied, ...more } }] });
      const error = await world.until(failureOf(app.run('append_rows', append(id, 'a'), { key: 'k' })));
      expect(error.code).toBe('outcome_unknown');
      return { ...rig, writeId: error.details.writeId ?? '' };
    }

    test('waits for what is found out, and gives the answer', async () => {
      const { world, app, id, writeId } = await lost();
      const told = await world.until(app.run('append_rows', append(id, 'a'), { key: 'k' }));
      expect(told).toMatchObject({ status: 'applied', rows: 1, writeId });
      expect([world.writes().length, await world.rows(id)]).toEqual([1, [...HEAD, ['a']]]);
    });

    test('makes it again under the same writeId when it was not applied', async () => {
      const { world, app, id, writeId } = await lost({ applied: false });
      await world.pass(10_000, 500);
      expect(await world.until(app.run('get_write', { writeId }))).toMatchObject({ state: 'failed' });
      const told = await world.until(app.run('append_rows', append(id, 'a'), { key: 'k' }));
      expect(told).toMatchObject({ status: 'applied', writeId, updatedRange: "'S'!A2" });
      expect(await world.until(app.run('get_write', { writeId }))).toMatchObject({ state: 'applied', answer: told });
      expect(await world.rows(id)).toEqual([...HEAD, ['a']]);
    });

    test('is told again that nothing is known, when it is not found out in time', async () => {
      const { world, app, id, writeId } = await lost();
      world.onWire((sent) => (sent.kinds.length === 1 ? new Response('no', { status: 503 }) : undefined));
      const error = await world.until(failureOf(app.run('append_rows', append(id, 'a'), { key: 'k' })));
      expect([error.code, error.details.writeId, world.clock.now() >= 19_500]).toEqual([
        'outcome_unknown',
        writeId,
        true,
      ]);
    });

    test('with EXACTLY_ONCE=off the repetition doubles it', async () => {
      const { world, app, id } = await lost({}, { EXACTLY_ONCE: 'off' });
      await world.until(app.run('append_rows', append(id, 'a'), { key: 'k' }));
      expect(await world.rows(id)).toEqual([...HEAD, ['a'], ['a']]);
    });
  });

  test('off is off: a lost answer is not found out, and what may have been applied is not sent again', async () => {
    const { world, app, id } = await start({ EXACTLY_ONCE: 'off' });
    world.emulator.setFaults({ rules: [{ ...POST, count: 1, fault: { reset: 'after' } }] });
    const error = await world.until(failureOf(app.run('append_rows', append(id, 'a'))));
    expect([error.code, error.hint]).toEqual(['outcome_unknown', 'To find out: read the cells.']);
    const { writeId } = error.details;
    expect(await world.until(app.run('get_write', { writeId }))).toMatchObject({
      state: 'unknown',
      error: { message: expect.stringMatching(/nothing can tell any more/) },
    });
    expect([await world.markers(id), world.sent.filter(({ kinds }) => kinds.length > 0).length]).toEqual([{}, 1]);
  });

  test('holds over a restart: the first answer again', async () => {
    const { world, app, id } = await start();
    const first = await world.until(app.run('append_rows', append(id, 'a'), { key: 'k' }));
    app.close();
    const again = await startApp(world, {}, app.folder);
    expect(await world.until(again.run('append_rows', append(id, 'a'), { key: 'k' }))).toEqual(first);
    expect(await world.rows(id)).toEqual([...HEAD, ['a']]);
  });

  test('of a process that ended before it had sent anything is free', async () => {
    const { world, app, id } = await start();
    world.emulator.setFaults({ rules: [{ method: 'GET', count: 1, fault: { hang: true } }] });
    app.run('append_rows', append(id, 'a'), { key: 'k' });
    await world.pass(1_000);
    expect(app.ledgerRows('writes')).toMatchObject([{ key: 'k', state: 'running' }]);
    app.close();
    const again = await startApp(world, {}, app.folder);
    const told = await world.until(again.run('append_rows', append(id, 'a'), { key: 'k' }));
    expect([told.status, await world.rows(id)]).toEqual(['applied', [...HEAD, ['a']]]);
  });

  test('holds for a day', async () => {
    const { world, app, id } = await start();
    await world.until(app.run('append_rows', append(id, 'a'), { key: 'k' }));
    await world.pass(23 * 3_600_000, 60_000);
    await world.until(app.run('append_rows', append(id, 'a'), { key: 'k' }));
    expect(await world.rows(id)).toEqual([...HEAD, ['a']]);
    await world.pass(2 * 3_600_000, 60_000);
    await world.until(app.run('append_rows', append(id, 'a'), { key: 'k' }));
    expect(await world.rows(id)).toEqual([...HEAD, ['a'], ['a']]);
  });
});

describe('pipelined writes of one principal', () => {
  /** Reads take so long, one after the other. */
  function delayReads(world: World, waits: readonly number[]): void {
    let reads = 0;
    world.onWire(async (sent, pass) => {
      if (sent.method === 'GET') await world.clock.sleep(waits[reads++ % waits.length] ?? 0);
      return pass();
    });
  }

  test.each([
    ['as one', 'true'],
    ['one by one', 'false'],
  ])('arrive in order although their reads take different times (%s)', async (_, batching) => {
    const { world, app, id } = await start({ ADAPTIVE_BATCHING: batching, CACHE_ENABLED: 'false' });
    delayReads(world, [900, 20, 500, 0, 300, 700, 10]);
    const values = Array.from({ length: 12 }, (_, index) => `v${index}`);
    const works: Promise<unknown>[] = [];
    for (const [index, value] of values.entries()) {
      const key = index % 3 === 0 ? { key: value } : {};
      works.push(app.run('append_rows', append(id, value), key));
      if (index % 4 === 1) await world.pass(15, 5);
    }
    await world.until(Promise.all(works));
    expect((await world.rows(id)).flat()).toEqual(['h', ...values]);
  });

  test('of the same cell: the last one stands, with and without keys', async () => {
    const { world, app, id } = await start({ CACHE_ENABLED: 'false' });
    delayReads(world, [800, 400, 200, 0]);
    const works = ['a', 'b', 'c', 'd', 'e'].map((value, index) =>
      app.run('write_range', write(id, 'S!A2', value), index % 2 === 0 ? { key: value } : {}),
    );
    await world.until(Promise.all(works));
    expect(await world.rows(id)).toEqual([...HEAD, ['e']]);
  });

  test('one that fails, or waits for the end of another with its key, holds up nobody', async () => {
    const { world, app, id } = await start();
    world.emulator.setFaults({ rules: [{ ...POST, count: 1, fault: { latencyMs: 5_000 } }] });
    const first = app.run('append_rows', append(id, 'a'), { key: 'k' });
    await world.pass(500);
    const other = await world.book(HEAD);
    const joined = app.run('append_rows', append(id, 'a'), { key: 'k' });
    const failing = app.run('append_rows', { ...append(other, 'x'), sheet: 'None' });
    const next = app.run('append_rows', append(other, 'b'));
    expect((await world.until(failureOf(failing), 1_000)).code).toBe('not_found');
    expect((await world.until(next, 1_000)).status).toBe('applied');
    expect(await world.until(joined)).toEqual(await first);
  });

  test('one whose reads are not answered in time was not sent', async () => {
    const { world, app, id } = await start({ REQUEST_DEADLINE_MS: '5000' });
    world.emulator.setFaults({ rules: [{ method: 'GET', fault: { hang: true } }] });
    const error = await world.until(failureOf(app.run('append_rows', append(id, 'a'))), 6_000);
    expect([error.code, error.details.outcome, error.details.writeId]).toEqual(['timeout', 'none', undefined]);
    expect([world.writes(), app.ledgerRows('writes')]).toEqual([[], []]);
  });
});
