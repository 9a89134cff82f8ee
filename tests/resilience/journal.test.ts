// Writes whose answer is lost, through the whole application and the real client: applied once, and told rightly.

import { describe, expect, test } from 'vitest';
import { failureOf } from '../support/fake-google.ts';
import { createWorld, type Sent, startApp, type World } from '../support/wired-app.ts';

const HEAD = [['name', 'n']] as const;
const POST = { method: 'POST', path: ':batchUpdate' } as const;
const append = (spreadsheet: string, value: string) => ({ spreadsheet, sheet: 'S', rows: [[value, 1]] });
const cells = (spreadsheet: string, range: string, value: string, input = 'typed') => ({
  spreadsheet,
  writes: [{ range, values: [[value]] }],
  input,
});

/** Google's answer in its own words. */
function answer(status: number, message: string): Response {
  return Response.json({ error: { code: status, message, status: 'X' } }, { status });
}

const isWrite = ({ kinds }: Sent) => kinds.length > 1 && kinds[0] === 'createDeveloperMetadata';

/** A batch as it came over the wire, once more: an attempt that arrives late. */
async function arriveLate(world: World, id: string, { body }: Sent): Promise<number> {
  return (await world.direct(`/${id}:batchUpdate`, JSON.parse(body))).status;
}

async function start(env: Record<string, string> = {}) {
  const world = await createWorld();
  const app = await startApp(world, env);
  const id = await world.book(HEAD);
  return { world, app, id };
}

describe('an answer that is lost', () => {
  test('the identical body is sent again, refused, looked up, and the write answered as applied', async () => {
    const { world, app, id } = await start();
    world.emulator.setFaults({ rules: [{ ...POST, count: 1, fault: { reset: 'after' } }] });
    const told = await world.until(app.run('append_rows', append(id, 'a')));
    expect(told).toEqual({ status: 'applied', rows: 1, updatedRange: "'S'!A2:B2", writeId: expect.any(String) });
    const [first, second, ...more] = world.writes();
    expect([first?.body === second?.body, more]).toEqual([true, []]);
    expect([world.lookUps().length, world.fences().length]).toEqual([1, 0]);
    expect(await world.rows(id)).toEqual([...HEAD, ['a', 1]]);
  });

  test('a row that nothing tells apart is answered without its place', async () => {
    const { world, app, id } = await start();
    await world.until(app.run('append_rows', append(id, 'a')));
    world.emulator.setFaults({ rules: [{ ...POST, count: 1, fault: { reset: 'after' } }] });
    const told = await world.until(app.run('append_rows', append(id, 'a')));
    expect(told).toMatchObject({ status: 'applied', warnings: [expect.stringMatching(/reply was lost/)] });
    expect(told.updatedRange).toBeUndefined();
    expect(await world.rows(id)).toEqual([...HEAD, ['a', 1], ['a', 1]]);
  });

  test('not applied at once but later: the later one is refused', async () => {
    const { world, app, id } = await start();
    world.emulator.setFaults({ rules: [{ ...POST, count: 1, fault: { lateMs: 5_000, reply: 503 } }] });
    const told = await world.until(app.run('append_rows', append(id, 'a')));
    expect(told).toMatchObject({ status: 'applied', updatedRange: "'S'!A2:B2" });
    await world.pass(6_000, 500);
    expect(world.emulator.observed().filter(({ status }) => status === 'late')).toMatchObject([{ applied: false }]);
    expect([world.writes().length, world.lookUps().length]).toEqual([2, 0]);
    expect(await world.rows(id)).toEqual([...HEAD, ['a', 1]]);
  });

  test('applied between two attempts', async () => {
    const { world, app, id } = await start();
    world.emulator.setFaults({ rules: [{ ...POST, count: 1, fault: { lateMs: 1, reply: 503 } }] });
    const told = await world.until(app.run('append_rows', append(id, 'a')));
    expect(told).toMatchObject({ status: 'applied', updatedRange: "'S'!A2:B2" });
    expect(world.emulator.observed().filter(({ status }) => status === 'late')).toMatchObject([{ applied: true }]);
    expect([world.writes().length, world.lookUps().length]).toEqual([2, 1]);
    expect(await world.rows(id)).toEqual([...HEAD, ['a', 1]]);
  });

  test('the look-up and the reading again may fail in between: the answer is then what was foreseen', async () => {
    const { world, app, id } = await start();
    world.onWire(({ path, kinds }, pass) => {
      if (kinds.length > 0) return world.writes().length === 1 ? pass().then(() => answer(503, 'lost')) : undefined;
      // Whatever is read once the write was sent.
      return world.writes().length > 1 && !path.includes('developerMetadata') ? answer(500, 'no') : undefined;
    });
    const told = await world.until(app.run('append_rows', append(id, 'a')));
    expect(told).toMatchObject({ status: 'applied', warnings: [expect.stringMatching(/reply was lost/)] });
    world.onWire();
    expect(await world.rows(id)).toEqual([...HEAD, ['a', 1]]);
  });

  test('many of one flush are each told their own rows', async () => {
    const { world, app, id } = await start();
    world.emulator.setFaults({ rules: [{ ...POST, count: 2, fault: { status: 503, applied: true } }] });
    const values = ['a', 'b', 'c', 'd'];
    const told = await Promise.all(values.map((value) => world.until(app.run('append_rows', append(id, value)))));
    const rows = await world.rows(id);
    for (const [index, { updatedRange }] of told.entries()) {
      const row = Number(/A(\d+)/.exec(String(updatedRange))?.[1]);
      expect(rows[row - 1]).toEqual([values[index], 1]);
    }
    expect(rows.length).toBe(5);
    expect(world.writes().length).toBeLessThanOrEqual(4);
  });
});

describe('a refusal after an attempt that was lost', () => {
  const PROTECTED = 'Invalid requests[1].updateCells: You are trying to edit a protected cell or object.';

  test('stands once a fence is accepted; the attempt that comes late is refused', async () => {
    const { world, app, id } = await start();
    world.onWire((sent) => {
      if (!isWrite(sent)) return undefined;
      return world.writes().length === 1 ? answer(503, 'later') : answer(400, PROTECTED);
    });
    const error = await world.until(failureOf(app.run('write_range', cells(id, 'S!A2', 'a'))));
    expect([error.code, error.details.outcome]).toEqual(['invalid_argument', 'none']);
    expect(error.message).toContain('requests[0].updateCells');
    expect([world.fences().length, world.lookUps().length]).toEqual([1, 0]);
    const [first] = world.writes();
    expect(first && (await arriveLate(world, id, first))).toBe(400);
    expect(await world.rows(id)).toEqual(HEAD);
    expect(Object.values(await world.markers(id))).toEqual([expect.stringMatching(/^![\w-]{22}$/)]);
  });

  test('is no refusal where the fence shows that the first one was applied', async () => {
    const { world, app, id } = await start();
    world.onWire((sent, pass) => {
      if (!isWrite(sent)) return undefined;
      return world.writes().length === 1 ? pass().then(() => answer(503, 'later')) : answer(400, PROTECTED);
    });
    const told = await world.until(app.run('write_range', cells(id, 'S!A2', 'a')));
    expect(told).toMatchObject({ status: 'applied', cells: 1 });
    expect([world.fences().length, world.lookUps().length]).toEqual([1, 1]);
  });

  test('of one of several: fenced before the others are sent again without it', async () => {
    const { world, app, id } = await start();
    const addSheet = { addSheet: { properties: { title: 'T', sheetId: 8 } } };
    await world.direct(`/${id}:batchUpdate`, { requests: [addSheet] });
    let gone = false;
    world.onWire(async (sent, pass) => {
      if (!isWrite(sent) || gone) return pass();
      gone = true;
      await world.direct(`/${id}:batchUpdate`, { requests: [{ deleteSheet: { sheetId: 8 } }] });
      return answer(503, 'later');
    });
    const good = app.run('write_range', cells(id, 'S!A2', 'good'));
    const bad = app.run('write_range', cells(id, 'T!A2', 'bad'));
    expect(await world.until(good)).toMatchObject({ status: 'applied' });
    const error = await world.until(failureOf(bad));
    expect([error.code, error.message]).toEqual(['not_found', expect.stringContaining('T')]);
    const [first, again, split] = world.writes();
    expect([first?.kinds.length, again?.body === first?.body, split?.kinds.length]).toEqual([3, true, 2]);
    const [fence] = world.fences();
    expect([world.fences().length, world.sent.indexOf(fence as Sent) < world.sent.indexOf(split as Sent)]).toEqual([
      1,
      true,
    ]);
    await world.direct(`/${id}:batchUpdate`, { requests: [addSheet] });
    await world.direct(`/${id}/values/S!A2:clear`, {});
    expect(first && (await arriveLate(world, id, first))).toBe(400);
    expect(await world.rows(id)).toEqual(HEAD);
  });
});

describe('with the retries switched off', () => {
  test('a fence finds out at once: applied', async () => {
    const { world, app, id } = await start();
    app.flags.set('retry', false);
    world.emulator.setFaults({ rules: [{ ...POST, count: 1, fault: { reset: 'after' } }] });
    const told = await world.until(app.run('append_rows', append(id, 'a')));
    expect(told).toMatchObject({ status: 'applied', updatedRange: "'S'!A2:B2" });
    expect([world.writes().length, world.fences().length, world.lookUps().length]).toEqual([1, 1, 1]);
  });

  test('or not applied, and then it never is', async () => {
    const { world, app, id } = await start();
    app.flags.set('retry', false);
    world.emulator.setFaults({ rules: [{ ...POST, count: 1, fault: { lateMs: 5_000, reply: 503 } }] });
    const error = await world.until(failureOf(app.run('append_rows', append(id, 'a'))));
    expect([error.code, error.details.outcome, error.details.writeId]).toEqual(['unavailable', 'none', undefined]);
    await world.pass(6_000, 500);
    expect(world.emulator.observed().filter(({ status }) => status === 'late')).toMatchObject([{ applied: false }]);
    expect(await world.rows(id)).toEqual(HEAD);
  });
});

describe('what cannot be found out in time', () => {
  const HANG = { env: { REQUEST_DEADLINE_MS: '10000', API_TIMEOUT_MS: '20000' } };

  test.each([
    { applied: true, state: 'applied' },
    { applied: false, state: 'failed' },
  ])('is outcome_unknown with a writeId, and settled behind the caller: $state', async ({ applied, state }) => {
    const { world, app, id } = await start(HANG.env);
    world.emulator.setFaults({ rules: [{ ...POST, count: 1, fault: { hang: true, applied } }] });
    const error = await world.until(failureOf(app.run('append_rows', append(id, 'a'))));
    expect([error.code, error.details.outcome, world.clock.now()]).toEqual(['outcome_unknown', 'unknown', 10_000]);
    expect(error.message).not.toMatch(/nothing was sent/);
    expect(error.hint).toMatch(/get_write/);
    const { writeId } = error.details;
    expect(await world.until(app.run('get_write', { writeId }))).toMatchObject({
      state: 'unknown',
      tool: 'append_rows',
      error: { code: 'outcome_unknown' },
    });
    await world.pass(12_000, 500);
    const found = await world.until(app.run('get_write', { writeId }));
    expect(found.state).toBe(state);
    expect(found.answer).toEqual(
      applied
        ? { status: 'applied', rows: 1, warnings: [expect.stringMatching(/reply was lost/)], writeId }
        : undefined,
    );
    expect(await world.rows(id)).toEqual(applied ? [...HEAD, ['a', 1]] : HEAD);
    expect(app.events.filter(({ type }) => type === 'settled')).toEqual([
      { type: 'settled', outcome: applied ? 'applied' : 'none' },
    ]);
    const [first] = world.writes();
    expect(first && (await arriveLate(world, id, first))).toBe(400);
  });

  test('so is a write whose caller leaves; it goes on', async () => {
    const { world, app, id } = await start();
    world.emulator.setFaults({ rules: [{ ...POST, fault: { latencyMs: 5_000 } }] });
    const leave = new AbortController();
    const work = app.run('append_rows', append(id, 'a'), { signal: leave.signal });
    await world.pass(1_000);
    leave.abort();
    const error = await world.until(failureOf(work));
    expect([error.code, world.clock.now()]).toEqual(['outcome_unknown', 1_000]);
    const state = async () => (await world.until(app.run('get_write', { writeId: error.details.writeId }))).state;
    expect(await state()).toBe('unknown');
    await world.pass(6_000, 500);
    expect([await state(), await world.rows(id)]).toEqual(['applied', [...HEAD, ['a', 1]]]);
    expect(world.writes().length).toBe(1);
  });

  test('a write whose caller leaves before it is sent is taken back', async () => {
    const { world, app, id } = await start();
    world.emulator.setFaults({ rules: [{ ...POST, count: 1, fault: { latencyMs: 5_000 } }] });
    const first = app.run('append_rows', append(id, 'a'));
    await world.pass(1_000);
    const leave = new AbortController();
    const second = app.run('append_rows', append(id, 'b'), { signal: leave.signal });
    await world.pass(1_000);
    leave.abort();
    const error = await world.until(failureOf(second));
    expect([error.code, error.details.writeId]).toEqual(['cancelled', undefined]);
    await world.until(first);
    expect(await world.rows(id)).toEqual([...HEAD, ['a', 1]]);
    expect(app.ledgerRows('writes').length).toBe(1);
  });

  test.each([
    { applied: true, batches: 1 },
    { applied: false, batches: 2 },
  ])('an open circuit queues it: settled by a fence, then found or made ($applied)', async ({ applied, batches }) => {
    const { world, app, id } = await start({ CIRCUIT_BREAKER_FAILURE_THRESHOLD: '1' });
    world.emulator.setFaults({ rules: [{ ...POST, count: 1, fault: { status: 503, applied } }] });
    const told = await world.until(app.run('append_rows', append(id, 'a')));
    expect(told).toEqual({ status: 'queued', writeId: expect.any(String), position: 1 });
    const { writeId } = told;
    expect((await world.until(app.run('get_write', { writeId }))).state).toBe('queued');
    expect([world.writes().length, world.fences().length]).toEqual([1, 0]);
    await world.pass(75_000, 500);
    const found = await world.until(app.run('get_write', { writeId }));
    expect(found).toMatchObject({ state: 'applied', answer: { status: 'applied', rows: 1, writeId } });
    expect([world.writes().length, world.fences().length]).toEqual([batches, 1]);
    expect(await world.rows(id)).toEqual([...HEAD, ['a', 1]]);
    const [first] = world.writes();
    expect(first && (await arriveLate(world, id, first))).toBe(400);
  });

  test('a circuit that opens with the last attempt queues it too', async () => {
    const { world, app, id } = await start({ CIRCUIT_BREAKER_FAILURE_THRESHOLD: '4' });
    world.emulator.setFaults({ rules: [{ ...POST, until: 30_000, fault: { status: 503 } }] });
    const told = await world.until(app.run('append_rows', append(id, 'a')));
    expect([told.status, world.writes().length]).toEqual(['queued', 4]);
    await world.pass(90_000, 500);
    expect(await world.rows(id)).toEqual([...HEAD, ['a', 1]]);
  });
});

describe('a batch that is refused for its marker', () => {
  const taken = (id: number) =>
    `Invalid requests[0].createDeveloperMetadata: Cannot add developer metadata with ID [${id}] because developer metadata with that ID already exists.`;
  const markerIn = ({ body }: Sent): { metadataId: number; metadataValue: string } =>
    JSON.parse(body).requests[0].createDeveloperMetadata.developerMetadata;
  const metadata = (metadataId: number, metadataValue: string, metadataKey = 'ss') => ({
    createDeveloperMetadata: {
      developerMetadata: {
        metadataId,
        metadataKey,
        metadataValue,
        location: { spreadsheet: true },
        visibility: 'PROJECT',
      },
    },
  });

  test.each(['ss', 'other'])('since somebody else’s metadata has its id (key %s): takes another id', async (key) => {
    const { world, app, id } = await start();
    world.onWire(async (sent, pass) => {
      if (isWrite(sent) && world.writes().length === 1) {
        const foreign = metadata(markerIn(sent).metadataId, 'somebody-else', key);
        await world.direct(`/${id}:batchUpdate`, { requests: [foreign] });
      }
      return pass();
    });
    const told = await world.until(app.run('append_rows', append(id, 'a')));
    expect(told.status).toBe('applied');
    const [first, second, ...more] = world.writes().map(markerIn);
    expect([more, world.lookUps().length, world.fences().length]).toEqual([[], 1, 0]);
    expect([second?.metadataValue, second?.metadataId === first?.metadataId]).toEqual([first?.metadataValue, false]);
    expect(app.ledgerRows('flushes')).toMatchObject([{ marker: second?.metadataId, state: 'applied' }]);
    expect(await world.rows(id)).toEqual([...HEAD, ['a', 1]]);
  });

  test('where none can be seen (another project’s): takes another id', async () => {
    const { world, app, id } = await start();
    world.onWire((sent) =>
      isWrite(sent) && world.writes().length === 1 ? answer(400, taken(markerIn(sent).metadataId)) : undefined,
    );
    expect((await world.until(app.run('append_rows', append(id, 'a')))).status).toBe('applied');
    expect([world.writes().length, world.lookUps().length, world.removals().length]).toEqual([2, 1, 0]);
    expect(await world.rows(id)).toEqual([...HEAD, ['a', 1]]);
  });

  test('after a lost attempt it takes no other id: the first may still come', async () => {
    const { world, app, id } = await start({ REQUEST_DEADLINE_MS: '10000' });
    world.onWire((sent) => {
      if (!isWrite(sent)) return undefined;
      return world.writes().length === 1 ? answer(503, 'later') : answer(400, taken(markerIn(sent).metadataId));
    });
    const error = await world.until(failureOf(app.run('append_rows', append(id, 'a'))));
    expect(error.code).toBe('outcome_unknown');
    expect(new Set(world.writes().map((sent) => markerIn(sent).metadataId)).size).toBe(1);
  });

  test('since another process has fenced it: not applied', async () => {
    const { world, app, id } = await start();
    world.onWire(async (sent, pass) => {
      if (isWrite(sent)) {
        const { metadataId, metadataValue } = markerIn(sent);
        await world.direct(`/${id}:batchUpdate`, { requests: [metadata(metadataId, `!${metadataValue}`)] });
      }
      return pass();
    });
    const error = await world.until(failureOf(app.run('append_rows', append(id, 'a'))));
    expect([error.code, error.details.outcome]).toEqual(['unavailable', 'none']);
    expect([world.writes().length, await world.rows(id)]).toEqual([1, HEAD]);
  });

  describe('since the spreadsheet is full of metadata', () => {
    /** All but so many of the 30,000 characters. */
    const fill = (world: World, id: string, left: number) =>
      world.direct(`/${id}:batchUpdate`, { requests: [metadata(999, 'x'.repeat(30_000 - 5 - left), 'other')] });

    test('takes its own finished markers away, and goes on', async () => {
      const { world, app, id } = await start();
      const other = await world.book(HEAD);
      for (const value of ['a', 'b', 'c']) await world.until(app.run('append_rows', append(id, value)));
      await world.until(app.run('append_rows', append(other, 'x')));
      expect((await fill(world, id, 3 * 24 + 10)).status).toBe(200);
      expect((await world.until(app.run('append_rows', append(id, 'd')))).status).toBe('applied');
      expect(world.removals().map(({ path, kinds }) => [path, kinds.length])).toEqual([[`${id}:batchUpdate`, 3]]);
      expect([Object.keys(await world.markers(id)).length, (await world.rows(id)).length]).toEqual([1, 5]);
      expect(Object.keys(await world.markers(other)).length).toBe(1);
    });

    test('says so when that does not help', async () => {
      const { world, app, id } = await start();
      await fill(world, id, 10);
      const error = await world.until(failureOf(app.run('append_rows', append(id, 'a'))));
      expect([error.code, error.details.outcome]).toEqual(['too_large', 'none']);
      expect([error.message, error.hint].join(' ')).toMatch(/developer metadata.*EXACTLY_ONCE=off/s);
      expect(await world.rows(id)).toEqual(HEAD);
      expect(app.ledgerRows('flushes')).toEqual([]);
    });
  });
});
