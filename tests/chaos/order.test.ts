// Cases that the chaos run found: a write that came first and is queued late, because its circuit opened while it was
// under way, is made before those that came after it.

import { expect, test } from 'vitest';
import { createWorld, startApp, type World } from '../support/wired-app.ts';

const KEYS = [
  ['key', 'value'],
  ['k', 'before'],
];
const OPEN_MS = 2_000;

/**
 * An application before two spreadsheets; the first write is lost on the wire, and all calls fail when `failing`. An
 * attempt may take long enough for the circuit to open, and to be half-open again, while the first write is under way.
 */
async function start(env: Record<string, string>) {
  const world = await createWorld();
  const [book, other] = [await world.book(KEYS), await world.book(KEYS)];
  const app = await startApp(world, { CIRCUIT_BREAKER_TIMEOUT: String(OPEN_MS), ...env });
  const never = new Promise<Response>(() => {});
  const wire = { failing: false, holding: undefined as Promise<void> | undefined };
  world.onWire((sent, pass) => {
    if (sent.kinds.length > 1 && sent.body.includes('first')) return never;
    if (wire.holding && sent.path.startsWith(other)) return wire.holding.then(pass);
    return wire.failing ? new Response('{"error":{"code":503,"message":"no"}}', { status: 503 }) : undefined;
  });
  const read = (spreadsheet: string) => app.run('read_range', { spreadsheet, ranges: ['S'], fresh: true });
  /** Opens the service's circuit by calls that have nothing to do with the first write. */
  const openCircuit = async () => {
    wire.failing = true;
    for (const spreadsheet of [other, book]) await world.until(read(spreadsheet).catch(() => {}));
    wire.failing = false;
    expect(stateOf(app)).toBe('open');
  };
  return { world, app, book, other, wire, read, openCircuit };
}

type App = Awaited<ReturnType<typeof startApp>>;

const stateOf = (app: App) => app.circuits.find('google_sheets_api')?.snapshot().state;

/** All is well on the wire, and in time everything queued is made. */
async function recover(world: World, app: App): Promise<void> {
  world.onWire();
  await world.pass(60_000);
  expect((await app.json('/outbox')).body.total).toBe(0);
}

test('one that is being replayed does not overtake it', async () => {
  const { world, app, book, openCircuit } = await start({ API_TIMEOUT_MS: '20000' });
  const upsert = (value: string) =>
    app.run('upsert_rows', { spreadsheet: book, sheet: 'S', key: ['key'], rows: [{ key: 'k', value }] });
  const first = upsert('first');
  await world.pass(200);
  expect(world.writes()).toHaveLength(1);
  await openCircuit();
  expect(await world.until(upsert('second'))).toMatchObject({ status: 'queued' });
  expect(await world.until(first)).toMatchObject({ status: 'queued' });
  await recover(world, app);
  expect(await world.rows(book)).toEqual([KEYS[0], ['k', 'second']]);
});

test('one that waits behind it does not go ahead when the circuit closes at that moment', async () => {
  const { world, app, book, other, wire, read, openCircuit } = await start({
    API_TIMEOUT_MS: '8000',
    CIRCUIT_BREAKER_SUCCESS_THRESHOLD: '1',
  });
  const append = (value: string) => app.run('append_rows', { spreadsheet: book, sheet: 'S', rows: [[value]] });
  const first = append('first');
  await world.pass(200);
  expect(world.writes()).toHaveLength(1);
  const second = append('second');
  await world.pass(200);
  await openCircuit();
  await world.pass(OPEN_MS);
  expect(stateOf(app)).toBe('half_open');
  // The probe is answered in the very moment in which it has kept the first write out.
  const probe = Promise.withResolvers<void>();
  wire.holding = probe.promise;
  app.subscribe((event) => {
    const refused = event.type === 'api_call' && event.status === 'circuit_open';
    if (refused && event.method === 'spreadsheets.batchUpdate') probe.resolve();
  });
  const probing = read(other);
  expect(await world.until(first)).toMatchObject({ status: 'queued' });
  await world.until(Promise.all([probing, second]));
  expect(stateOf(app)).toBe('closed');
  await recover(world, app);
  expect((await world.rows(book)).slice(KEYS.length)).toEqual([['first'], ['second']]);
});
