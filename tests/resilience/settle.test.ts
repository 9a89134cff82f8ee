// What happens behind the callers: writes without marker that may still apply, flushes that are settled, markers that
// are taken away. Through the whole application and the real client.

import { describe, expect, test } from 'vitest';
import type { Area } from '../../src/call.ts';
import { overlap } from '../../src/resilience/journal.ts';
import { createCall } from '../../src/sheets/calls.ts';
import { failureOf } from '../support/fake-google.ts';
import { virtualPipe } from '../support/virtual-pipe.ts';
import { createWorld, type Sent, startApp } from '../support/wired-app.ts';

const POST = { method: 'POST', path: ':batchUpdate' } as const;
const append = (spreadsheet: string, value: string) => ({ spreadsheet, sheet: 'S', rows: [[value]] });
const write = (spreadsheet: string, range: string, value: string, input = 'typed') => ({
  spreadsheet,
  writes: [{ range, values: [[value]] }],
  input,
});

async function start(env: Record<string, string> = {}) {
  const world = await createWorld();
  const app = await startApp(world, env);
  const id = await world.book([['h']]);
  const stateOf = async (writeId: unknown) => world.until(app.run('get_write', { writeId }));
  return { world, app, id, stateOf };
}

describe('a write as if typed in', () => {
  const typedIn = ({ path }: Sent) => path.endsWith('/values:batchUpdate');

  /** One whose answer is lost; it may still be applied. */
  async function doubtful(env: Record<string, string> = {}, applied = true) {
    const rig = await start(env);
    const { world, app, id } = rig;
    await world.direct(`/${id}:batchUpdate`, { requests: [{ addSheet: { properties: { title: 'T', sheetId: 8 } } }] });
    const fault = applied ? { reset: 'after' } : { reset: 'before' };
    world.emulator.setFaults({ rules: [{ method: 'POST', path: 'values:batchUpdate', count: 1, fault }] });
    const error = await world.until(failureOf(app.run('write_range', write(id, 'S!B2:B2', '5%', 'user_entered'))));
    return { ...rig, error };
  }

  test('has its row in the journal before it is sent, with the cells it touches and no marker', async () => {
    const { world, app, id } = await start();
    const seen: unknown[] = [];
    world.onWire((sent) => {
      if (typedIn(sent)) seen.push(...app.ledgerRows('flushes'));
      return undefined;
    });
    await world.until(app.run('write_range', write(id, 'S!B2', '5%', 'user_entered')));
    const areas = JSON.stringify([{ plane: 7, startRow: 1, endRow: 2, startColumn: 1, endColumn: 2 }]);
    expect(seen).toEqual([expect.objectContaining({ scope: id, marker: null, areas, state: 'sent' })]);
    expect(await world.rows(id)).toEqual([['h'], ['', 0.05]]);
  });

  test('is never sent again; what it did is told as unknown, with where to look', async () => {
    const { world, error, stateOf } = await doubtful();
    expect([error.code, error.details.outcome]).toEqual(['outcome_unknown', 'unknown']);
    expect(error.hint).toMatch(/with user_entered, the cells themselves/);
    expect(world.sent.filter(typedIn).length).toBe(1);
    expect([world.fences().length, world.lookUps().length]).toEqual([0, 0]);
    expect(await stateOf(error.details.writeId)).toMatchObject({ state: 'unknown' });
  });

  test('while it may still apply, writes that touch its cells are refused with the time, and not kept', async () => {
    const { world, app, id } = await doubtful();
    await world.pass(10_000, 500);
    const refusals = await Promise.all(
      [
        app.run('write_range', { spreadsheet: id, writes: [{ range: 'S!A1', values: [['x'], ['x', 'x', 'x']] }] }),
        app.run('write_range', write(id, 'S!B2', 'x', 'user_entered')),
        app.run('append_rows', append(id, 'x')),
        app.run('clear_range', { spreadsheet: id, ranges: ['S!2:2'], what: 'values' }),
      ].map((work) => world.until(failureOf(work), 1_000)),
    );
    for (const { code, details } of refusals) {
      expect([code, details.outcome, details.writeId]).toEqual(['unavailable', 'none', undefined]);
      expect(details.retryAfterMs).toBeGreaterThan(165_000);
      expect(details.retryAfterMs).toBeLessThan(171_000);
    }
    expect(await world.rows(id)).toEqual([['h'], ['', 0.05]]);
    expect((await app.json('/outbox')).body.total).toBe(0);
  });

  test('writes to other cells go on, also in the step in which one is refused', async () => {
    const { world, app, id } = await doubtful();
    const values = [
      ['S!A2', 'below'],
      ['S!B2', 'in the way'],
      ['S!B3', 'beside'],
      ['T!B2', 'elsewhere'],
    ] as const;
    const works = values.map(([range, value]) => app.run('write_range', write(id, range, value)));
    const ends = await Promise.all(
      works.map((work) =>
        world.until(
          work.then(
            ({ status }) => status,
            ({ code }) => code,
          ),
          2_000,
        ),
      ),
    );
    expect(ends).toEqual(['applied', 'unavailable', 'applied', 'applied']);
    expect([await world.rows(id), await world.rows(id, 'T')]).toEqual([
      [['h'], ['below', 0.05], ['', 'beside']],
      [[], ['', 'elsewhere']],
    ]);
    // Reads are no writes.
    expect(await world.until(app.run('read_range', { spreadsheet: id, ranges: ['S'] }))).toMatchObject({});
  });

  test('a write whose deadline is far enough waits, and is made when nothing can come any more', async () => {
    const { world, app, id } = await doubtful({ REQUEST_DEADLINE_MS: '200000' }, false);
    const began = world.clock.now();
    const late = app.run('write_range', write(id, 'S!B2', 'x'));
    await world.pass(170_000, 500);
    expect(await world.rows(id)).toEqual([['h']]);
    expect(await world.until(late, 30_000)).toMatchObject({ status: 'applied' });
    expect(world.clock.now() - began).toBeGreaterThan(179_000);
    expect(await world.rows(id)).toEqual([['h'], ['', 'x']]);
  });

  test('after three minutes it is unknown for good, and says so; its cells are free', async () => {
    const { world, app, id, error, stateOf } = await doubtful();
    await world.pass(185_000, 1_000);
    expect(await stateOf(error.details.writeId)).toMatchObject({
      state: 'unknown',
      error: { code: 'outcome_unknown', message: expect.stringMatching(/nothing can tell any more/) },
    });
    expect(await world.until(app.run('write_range', write(id, 'S!B2', 'x')), 1_000)).toMatchObject({
      status: 'applied',
    });
    expect(app.ledgerRows('flushes').filter((row) => row.marker === null)).toEqual([]);
  });

  test('what shifts cells waits for it wherever it is', async () => {
    const { pipe, emulator, clock, create, outcomeOf } = await virtualPipe();
    const id = await create();
    const origin = { principal: 'p', identity: 'a', deadline: 50_000, priority: 'interactive' } as const;
    const send = (...call: Parameters<typeof createCall>) =>
      pipe.send(createCall(...call), new AbortController().signal);
    const data = [{ range: 'Sheet1!A1', values: [['x']] }];
    const areas = [{ plane: 0, startRow: 0, endRow: 1, startColumn: 0, endColumn: 1 }];
    emulator.setFaults({ rules: [{ method: 'POST', count: 1, fault: { reset: 'after' } }] });
    const body = { spreadsheetId: id, requestBody: { valueInputOption: 'USER_ENTERED', data } };
    expect(await outcomeOf(send(origin, 'spreadsheets.values.batchUpdate', id, body, false, areas))).toBe(
      'outcome_unknown',
    );
    const batch = (requests: object[]) => {
      const params = { spreadsheetId: id, requestBody: { requests } };
      return outcomeOf(send({ ...origin, deadline: clock.now() + 50_000 }, 'spreadsheets.batchUpdate', id, params));
    };
    const shift = { insertDimension: { range: { sheetId: 0, dimension: 'ROWS', startIndex: 50, endIndex: 51 } } };
    const cell = {
      updateCells: { start: { sheetId: 0, rowIndex: 9 }, fields: 'note', rows: [{ values: [{ note: 'n' }] }] },
    };
    expect([await batch([shift]), await batch([cell]), await batch([cell, shift])]).toEqual([
      'unavailable',
      'ok',
      'unavailable',
    ]);
  });
});

describe('cells that two writes have in common', () => {
  const area = (startRow?: number, endRow?: number, startColumn?: number, endColumn?: number, plane = 0): Area => ({
    plane,
    ...(startRow !== undefined && { startRow }),
    ...(endRow !== undefined && { endRow }),
    ...(startColumn !== undefined && { startColumn }),
    ...(endColumn !== undefined && { endColumn }),
  });
  const B2 = area(1, 2, 1, 2);

  test.each([
    ['the same', B2, true],
    ['a larger one', area(0, 9, 0, 9), true],
    ['its column, open to both sides', area(undefined, undefined, 1, 2), true],
    ['its row, open below', area(1), true],
    ['the sheet', area(), true],
    ['the cell to the left', area(1, 2, 0, 1), false],
    ['the cell to the right', area(1, 2, 2, 3), false],
    ['the rows above', area(0, 1), false],
    ['the rows below, open', area(2), false],
    ['the same in another sheet', area(1, 2, 1, 2, 1), false],
  ])('%s', (_, other, expected) => {
    expect([overlap([B2], [other]), overlap([other], [B2])]).toEqual([expected, expected]);
    expect(overlap([area(5, 6), B2], [area(7, 8), other])).toBe(
      expected || other.startRow === undefined || other.endRow === undefined,
    );
  });

  test('any have one in common with all, none with nothing', () => {
    expect([overlap(null, [B2]), overlap([B2], null), overlap(null, null), overlap([], [B2])]).toEqual([
      true,
      true,
      true,
      false,
    ]);
  });
});

describe('markers that have done their work', () => {
  test('stay while they are few and young, and go in one call of their own', async () => {
    const { world, app, id } = await start();
    for (const value of ['a', 'b', 'c']) await world.until(app.run('append_rows', append(id, value)));
    await world.pass(55_000, 1_000);
    expect([world.removals().length, Object.keys(await world.markers(id)).length]).toEqual([0, 3]);
    await world.pass(10_000, 1_000);
    expect(world.removals().map(({ kinds }) => kinds.length)).toEqual([3]);
    expect([await world.markers(id), app.ledgerRows('flushes')]).toEqual([{}, []]);
    await world.pass(120_000, 2_000);
    expect(world.removals().length).toBe(1);
  });

  test('go at once when there are a hundred', async () => {
    const { world, app, id } = await start({ ADAPTIVE_BATCHING: 'false', CACHE_TTL_MS: '60000' });
    const begun = world.clock.now();
    for (let count = 0; count < 99; count++) {
      await world.until(app.run('write_range', write(id, `S!A${count + 1}`, 'x')), 1_000, 1);
    }
    await world.pass(4_000, 500);
    expect(world.removals()).toEqual([]);
    await world.until(app.run('write_range', write(id, 'S!A100', 'x')));
    await world.pass(4_000, 500);
    expect(world.clock.now() - begun).toBeLessThan(30_000);
    expect(world.removals().map(({ kinds }) => kinds.length)).toEqual([100]);
    expect(await world.markers(id)).toEqual({});
  });

  test('one of which an attempt was never answered stays for ten minutes', async () => {
    const { world, app, id } = await start();
    world.emulator.setFaults({ rules: [{ ...POST, count: 1, fault: { reset: 'after' } }] });
    await world.until(app.run('append_rows', append(id, 'a')));
    await world.until(app.run('append_rows', append(id, 'b')));
    await world.pass(590_000, 2_000);
    expect(world.removals().map(({ kinds }) => kinds.length)).toEqual([1]);
    const [left] = Object.values(await world.markers(id));
    expect(world.writes()[0]?.body).toContain(left);
    await world.pass(20_000, 2_000);
    expect([world.removals().length, await world.markers(id), app.ledgerRows('flushes')]).toEqual([2, {}, []]);
  });

  test('one whose first attempt is still under way stays, so that this one is refused minutes later', async () => {
    const { world, app, id } = await start();
    world.emulator.setFaults({ rules: [{ ...POST, count: 1, fault: { lateMs: 150_000, reply: 503 } }] });
    await world.until(app.run('append_rows', append(id, 'a')));
    await world.pass(160_000, 1_000);
    expect(world.emulator.observed().filter(({ status }) => status === 'late')).toMatchObject([{ applied: false }]);
    expect(await world.rows(id)).toEqual([['h'], ['a']]);
  });

  test('one that somebody else has taken away is no fault', async () => {
    const { world, app, id } = await start();
    await world.until(app.run('append_rows', append(id, 'a')));
    const lookup = { dataFilter: { developerMetadataLookup: { metadataKey: 'ss' } } };
    await world.direct(`/${id}:batchUpdate`, { requests: [{ deleteDeveloperMetadata: lookup }] });
    await world.pass(70_000, 1_000);
    expect([world.removals().length, app.ledgerRows('flushes')]).toEqual([1, []]);
  });

  test('failing to take them away trips no circuit, is not tried over and over, and succeeds in the end', async () => {
    const { world, app, id } = await start();
    await world.until(app.run('append_rows', append(id, 'a')));
    world.onWire((sent) =>
      sent.kinds[0] === 'deleteDeveloperMetadata' ? new Response('no', { status: 503 }) : undefined,
    );
    await world.pass(300_000, 1_000);
    const tries = world.removals().length;
    expect(tries).toBeGreaterThan(8);
    expect(tries).toBeLessThan(90);
    const { circuitBreakers } = (await app.json('/metrics/circuit-breakers')).body;
    expect(circuitBreakers.filter(({ state }: { state: string }) => state !== 'closed')).toEqual([]);
    expect(await world.until(app.run('append_rows', append(id, 'b')))).toMatchObject({ status: 'applied' });
    world.onWire();
    await world.pass(120_000, 1_000);
    expect(await world.markers(id)).toEqual({});
  });

  test('of a spreadsheet that is gone are forgotten, and keep nobody else’s', async () => {
    const { world, app, id } = await start();
    const other = await world.book([['h']]);
    await world.until(app.run('append_rows', append(id, 'a')));
    await world.until(app.run('append_rows', append(other, 'a')));
    world.onWire(({ path }) =>
      path.startsWith(id) ? Response.json({ error: { code: 404, message: 'gone' } }, { status: 404 }) : undefined,
    );
    await world.pass(70_000, 1_000);
    expect([await world.markers(other), app.ledgerRows('flushes')]).toEqual([{}, []]);
    const asked = world.removals().filter(({ path }) => path.startsWith(id)).length;
    await world.pass(60_000, 1_000);
    expect([asked, world.removals().length]).toEqual([1, 2]);
  });
});

describe('settling', () => {
  const LOST = [{ ...POST, count: 1, fault: { hang: true, applied: true } }];
  const env = { REQUEST_DEADLINE_MS: '10000', API_TIMEOUT_MS: '10000' };

  test('asks less and less often while Google does not answer, and not in vain at the end', async () => {
    const { world, app, id, stateOf } = await start(env);
    world.emulator.setFaults({ rules: LOST });
    app.flags.set('retry', false);
    world.onWire((sent) => (sent.kinds.length === 1 ? new Response('no', { status: 503 }) : undefined));
    const { details } = await world.until(failureOf(app.run('append_rows', append(id, 'a'))));
    for (let seconds = 0; seconds < 240; seconds += 10) {
      // Each question goes out: the circuits are kept closed.
      app.circuits.resetAll();
      await world.pass(10_000, 1_000);
    }
    expect(world.fences().length).toBeGreaterThan(4);
    expect(world.fences().length).toBeLessThan(45);
    expect((await stateOf(details.writeId)).state).toBe('unknown');
    world.onWire();
    app.circuits.resetAll();
    await world.pass(20_000, 1_000);
    expect((await stateOf(details.writeId)).state).toBe('applied');
  });

  test('nothing of it falls over when the application is closed under its feet', async () => {
    const { world, app, id } = await start(env);
    world.emulator.setFaults({ rules: LOST });
    world.onWire((sent) => (sent.kinds.length === 1 ? new Response('no', { status: 503 }) : undefined));
    await world.until(failureOf(app.run('append_rows', append(id, 'a'))));
    app.close();
    await world.pass(40_000, 1_000);
    expect(app.lines.filter((line) => line.includes('looking after'))).toEqual([]);
  });

  test('what it finds applied shows in the next read, whatever was read meanwhile', async () => {
    const { world, app, id } = await start();
    app.flags.set('retry', false);
    world.emulator.setFaults({ rules: [{ ...POST, count: 1, fault: { lateMs: 2_000, reply: 503 } }] });
    world.onWire((sent) => {
      const asks = sent.kinds.length === 1 && sent.at < 4_000;
      return asks ? new Response('no', { status: 503 }) : undefined;
    });
    const read = async () => {
      const { ranges, source } = await world.until(app.run('read_range', { spreadsheet: id, ranges: ['S'] }));
      return [source, JSON.stringify(ranges).includes('late')];
    };
    const { code } = await world.until(failureOf(app.run('append_rows', append(id, 'late'))));
    expect([code, await read()]).toEqual(['outcome_unknown', ['live', false]]);
    await world.pass(3_000);
    expect(await read()).toEqual(['cache', false]);
    // Within the life of what is in memory.
    await world.pass(6_000);
    expect(await read()).toEqual(['live', true]);
  });

  test('where nothing of it is found and no fence is taken, only time tells', async () => {
    const { world, app, id, stateOf } = await start();
    app.flags.set('retry', false);
    let writes = 0;
    world.onWire((sent) => {
      if (sent.kinds[0] !== 'createDeveloperMetadata') return undefined;
      if (writes++ === 0) return new Response('no', { status: 503 });
      const message = 'Invalid requests[0].createDeveloperMetadata: there is no room for it';
      return Response.json({ error: { code: 400, message } }, { status: 400 });
    });
    const { code, details } = await world.until(failureOf(app.run('append_rows', append(id, 'a'))));
    expect(code).toBe('outcome_unknown');
    await world.pass(540_000, 2_000);
    expect((await stateOf(details.writeId)).state).toBe('unknown');
    await world.pass(90_000, 2_000);
    expect((await stateOf(details.writeId)).state).toBe('failed');
  });

  test('a restart settles what the process before it has left', async () => {
    const { world, app, id } = await start(env);
    world.emulator.setFaults({ rules: [{ ...POST, count: 1, fault: { latencyMs: 3_000 } }] });
    const work = app.run('append_rows', append(id, 'a'), { key: 'k' });
    await world.pass(1_000);
    app.close();
    await world.until(failureOf(work).catch(() => {}));
    await world.pass(5_000);
    const again = await startApp(world, env, app.folder);
    const told = await world.until(again.run('append_rows', append(id, 'a'), { key: 'k' }));
    expect([told.status, await world.rows(id)]).toEqual(['applied', [['h'], ['a']]]);
  });
});
