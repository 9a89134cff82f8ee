// What get_write tells, and to whom. Through the whole application and the real client.

import { expect, test } from 'vitest';
import { failureOf } from '../support/fake-google.ts';
import { createWorld, startApp } from '../support/wired-app.ts';

const POST = { method: 'POST', path: ':batchUpdate' } as const;
const append = (spreadsheet: string, value: string) => ({ spreadsheet, sheet: 'S', rows: [[value]] });

async function start() {
  const world = await createWorld();
  const app = await startApp(world);
  const told = (writeId: unknown, principal = 'p') => world.until(app.run('get_write', { writeId }, { principal }));
  return { world, app, id: await world.book([['h']]), told };
}

test('a finished write with its answer, and nothing of Google is asked for it', async () => {
  const { world, app, id, told } = await start();
  const answer = await world.until(app.run('append_rows', append(id, 'a')));
  const sent = world.sent.length;
  expect(await told(answer.writeId)).toEqual({
    writeId: answer.writeId,
    tool: 'append_rows',
    state: 'applied',
    spreadsheet: id,
    answer,
  });
  expect(world.sent.length).toBe(sent);
});

test('a write with a key while it is under way', async () => {
  const { world, app, id, told } = await start();
  world.emulator.setFaults({ rules: [{ ...POST, fault: { latencyMs: 3_000 } }] });
  const work = app.run('append_rows', append(id, 'a'), { key: 'k' });
  await world.pass(1_000);
  const [row] = app.ledgerRows('writes');
  expect(await told(row?.id)).toEqual({ writeId: row?.id, tool: 'append_rows', state: 'running', spreadsheet: id });
  await world.until(work);
});

test('a queued one with its place, and what became of it', async () => {
  const { world, app, id, told } = await start();
  app.circuits.service('google_sheets_api').isolate(10_000);
  const queued = await Promise.all(['a', 'b'].map((value) => world.until(app.run('append_rows', append(id, value)))));
  expect(await told(queued[1]?.writeId)).toMatchObject({ state: 'queued', position: 2, spreadsheet: id });
  await world.pass(20_000, 500);
  const made = await told(queued[1]?.writeId);
  expect(made).toMatchObject({ state: 'applied', answer: { status: 'applied', updatedRange: "'S'!A3" } });
  expect(made.position).toBeUndefined();
});

test('another principal’s is not found, as is one that never was', async () => {
  const { world, app, id, told } = await start();
  const { writeId } = await world.until(app.run('append_rows', append(id, 'a')));
  const refusals = [failureOf(told(writeId, 'q')), failureOf(told('k3Xw0bTq8ZrV1nYsH2dLpA'))];
  for (const { code, message } of await Promise.all(refusals)) {
    expect([code, message]).toEqual(['not_found', expect.stringMatching(/^There is no write ".+" of yours\.$/)]);
  }
  app.circuits.service('google_sheets_api').isolate(10_000);
  const queued = await world.until(app.run('append_rows', append(id, 'b')));
  expect((await failureOf(told(queued.writeId, 'q'))).code).toBe('not_found');
  expect(await told(queued.writeId)).toMatchObject({ state: 'queued' });
});
