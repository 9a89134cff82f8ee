// Progress, by clients of both eras: a call that takes long says how it goes, in order and truly; a short one says
// nothing.

import { describe, expect, test } from 'vitest';
import { ERAS, type McpClient } from '../support/mcp-clients.ts';
import { createWorld, startApp, type World } from '../support/wired-app.ts';

interface Told {
  readonly progress: number;
  readonly message?: string | undefined;
}

const down = () => Response.json({ error: { code: 503, message: 'down' } }, { status: 503 });

/** The call's end and what was told of it until then. */
async function watched(world: World, work: (options: { onprogress: (told: Told) => void }) => Promise<unknown>) {
  const told: Told[] = [];
  const end = await world.until(work({ onprogress: (one) => told.push(one) }));
  const before = told.length;
  await world.pass(10_000);
  expect(told).toHaveLength(before);
  expect(told.map(({ progress }) => progress)).toEqual(told.map((_, index) => index + 1));
  return { end, messages: told.map(({ message }) => message) };
}

const read = (client: McpClient, spreadsheet: string, range: string) => (options: object) =>
  client.call('read_range', { spreadsheet, ranges: [range], fresh: true }, options);

describe.each(Object.entries(ERAS))('%s', (_, connect) => {
  test('nothing is told of a call that is short, nor to who does not ask', async () => {
    const world = await createWorld();
    const app = await startApp(world);
    const client = await connect(app.fetch);
    const id = await world.book([['x']]);
    expect((await watched(world, read(client, id, 'S'))).messages).toEqual([]);
    world.onWire((_, pass) => world.clock.sleep(3_000).then(pass));
    expect(await world.until(client.call('read_range', { spreadsheet: id, ranges: ['S'], fresh: true }))).toMatchObject(
      { structuredContent: { source: 'live' } },
    );
  });

  test('how often Google was asked, and now and then that it goes on', async () => {
    const world = await createWorld();
    const app = await startApp(world);
    const client = await connect(app.fetch);
    const id = await world.book([['x']]);
    world.onWire((_, pass) => world.clock.sleep(7_400).then(pass));
    // The names are asked for first, then the values.
    const { messages } = await watched(world, read(client, id, 'S'));
    expect(messages).toEqual([
      'asked Google once (1 s so far)',
      'asked Google once (6 s so far)',
      'asked Google 2 times (8 s so far)',
      'asked Google 2 times (13 s so far)',
    ]);
  });

  test('a try that failed and when the next one is', async () => {
    const world = await createWorld();
    const app = await startApp(world);
    const client = await connect(app.fetch);
    const id = await world.book([['x']]);
    let failures = 2;
    const wait = { 'retry-after': '4' };
    world.onWire(() =>
      failures-- > 0 ? Response.json({ error: { code: 503 } }, { status: 503, headers: wait }) : undefined,
    );
    const { messages, end } = await watched(world, read(client, id, 'S'));
    expect(messages).toEqual([
      'try 1 failed (unavailable): trying again in 3 s (1 s so far)',
      'try 2 failed (unavailable): trying again in 4 s (4 s so far)',
    ]);
    expect(end).toMatchObject({ structuredContent: { ranges: [{ rows: [['x']] }] } });
  });

  test('that it waits for the quota', async () => {
    const world = await createWorld();
    const quota = { THROTTLE_ENABLED: 'true', QUOTA_READS_PER_MINUTE_PER_USER: '4', QUOTA_HEADROOM: '1' };
    const app = await startApp(world, { ...quota, REQUEST_DEADLINE_MS: '120000', CACHE_ENABLED: 'false' });
    const client = await connect(app.fetch);
    const id = await world.book([['x']]);
    for (let calls = 0; calls < 2; calls++) await world.until(read(client, id, 'S')({}));
    await world.pass(45_000);
    // What others do meanwhile is no news for who waits.
    const others = [2_000, 3_000, 4_000].map((ms) =>
      world.clock.sleep(ms).then(() => app.run('search_spreadsheets', { query: `${ms}` })),
    );
    const { messages } = await watched(world, read(client, id, 'S'));
    await Promise.all(others);
    expect(app.events.filter(({ type }) => type === 'held')).toHaveLength(1);
    expect(messages[0]).toMatch(/^waiting for Google's quota, about 1\d s \(1 s so far\)$/);
    expect(messages[1]).toMatch(/^waiting for Google's quota, about \d s \(6 s so far\)$/);
    expect(messages.length).toBeLessThan(6);
  });

  test('all of those whose reads travel together hear of it', async () => {
    const world = await createWorld();
    const app = await startApp(world);
    const clients = [await connect(app.fetch), await connect(app.fetch)];
    const id = await world.book([['x', 'y']]);
    // The names are known; what is asked for are values.
    for (const client of clients) await world.until(client.call('read_range', { spreadsheet: id, ranges: ['S!A1'] }));
    await world.pass(11_000);
    const before = world.sent.length;
    world.onWire((_, pass) => world.clock.sleep(1_500).then(pass));
    const told = clients.map((): string[] => []);
    const calls = clients.map((client, index) => {
      const onprogress = ({ message = '' }: Told) => void told[index]?.push(message);
      return client.call('read_range', { spreadsheet: id, ranges: [`S!${'AB'[index]}1`] }, { onprogress });
    });
    await world.until(Promise.all(calls));
    expect(world.sent.length - before).toBeLessThanOrEqual(2);
    expect(told).toEqual([['asked Google once (1 s so far)'], ['asked Google once (1 s so far)']]);
  });

  test('writes and reads of resources tell theirs too', async () => {
    const world = await createWorld();
    const app = await startApp(world);
    const client = await connect(app.fetch);
    const id = await world.book([['x']]);
    world.onWire((_, pass) => world.clock.sleep(1_300).then(pass));
    const uri = `sheets://${id}/S!A1`;
    expect((await watched(world, (options) => client.read(uri, options))).messages[0]).toMatch(/^asked Google once/);
    const input = { spreadsheet: id, sheet: 'S', rows: [['y']] };
    const { messages } = await watched(world, (options) => client.call('append_rows', input, options));
    expect(messages[0]).toMatch(/^asked Google (once|2 times) \(1 s so far\)$/);
    world.onWire(down);
    const asked = await watched(world, (options) =>
      client.complete(
        { type: 'ref/resource', uri: 'sheets://{spreadsheetId}' },
        'spreadsheetId',
        'x',
        undefined,
        options,
      ),
    );
    expect(asked.messages.length).toBeGreaterThan(0);
  });
});

test('nothing is told after the end, however it came, and no timer is left', async () => {
  const world = await createWorld();
  const app = await startApp(world);
  const id = await world.book([['x']]);
  const left = new AbortController();
  world.onWire((_, pass) => world.clock.sleep(2_500).then(pass));
  const told: string[] = [];
  const request = (signal: AbortSignal) => ({
    face: 'mcp' as const,
    principal: 'p',
    requestId: crypto.randomUUID(),
    signal,
    onProgress: (message: string) => void told.push(message),
  });
  const search = (signal: AbortSignal) => app.runner.run('search_spreadsheets', {}, request(signal));
  await world.pass(100);
  const before = world.clock.sleepers();
  await world.until(search(new AbortController().signal));
  expect(told.splice(0)).toEqual(['asked Google once (1 s so far)']);
  const cancelled = app.runner.run('read_range', { spreadsheet: id, ranges: ['S'] }, request(left.signal));
  cancelled.catch(() => left.abort());
  world.clock.sleep(1_500).then(() => left.abort());
  await expect(world.until(cancelled)).rejects.toMatchObject({ code: 'cancelled' });
  expect(told.splice(0)).toEqual(['asked Google once (1 s so far)']);
  await world.pass(20_000);
  expect([told, world.clock.sleepers()]).toEqual([[], before]);
});
