// Resources, by clients of both eras: the list, the templates, descriptions and whole ranges, links from pages that are
// too small, and what is refused.

import { describe, expect, test } from 'vitest';
import { DEMO_SPREADSHEET_ID as DEMO } from '../../src/emulator/emulator.ts';
import { testApp } from '../support/app.ts';
import { ERAS } from '../support/mcp-clients.ts';
import { createWorld, startApp } from '../support/wired-app.ts';

type App = Awaited<ReturnType<typeof testApp>>;

async function create(app: App, title: string, sheets: object[]): Promise<string> {
  return (await app.rest('create_spreadsheet', { title, sheets })).body.id;
}

const refusal = (work: Promise<unknown>) =>
  work.then(
    () => {
      throw new Error('answered');
    },
    ({ code, message, data }) => ({ code, message: String(message), data }),
  );

const uriOf = (id: string, range: string) => `sheets://${id}/${encodeURIComponent(range)}`;

describe.each(Object.entries(ERAS))('%s', (_, connect) => {
  test('lists the spreadsheets changed last, and the templates', async () => {
    const app = await testApp();
    const id = await create(app, 'Budget', [{ title: 'S' }]);
    const client = await connect(app.fetch);
    const [newest, demo, ...others] = await client.listResources();
    expect(newest).toEqual({
      uri: `sheets://${id}`,
      name: 'Budget',
      mimeType: 'application/json',
      description: 'Owner: you@localhost',
      annotations: { lastModified: expect.stringMatching(/^\d{4}-\d\d-\d\dT/) },
    });
    expect([demo?.uri, others]).toEqual([`sheets://${DEMO}`, []]);
    const templates = (await client.listTemplates()).map(({ uriTemplate, mimeType }) => [uriTemplate, mimeType]);
    expect(templates).toEqual([
      ['sheets://{spreadsheetId}', 'application/json'],
      ['sheets://{spreadsheetId}/{range}', 'text/csv'],
    ]);
  });

  test('a spreadsheet is described as describe_spreadsheet does it', async () => {
    const app = await testApp();
    const client = await connect(app.fetch);
    const { structuredContent } = await client.call('describe_spreadsheet', { spreadsheet: DEMO, fresh: true });
    const [content, ...more] = await client.read(`sheets://${DEMO}`);
    expect(more).toEqual([]);
    expect(content).toMatchObject({ uri: `sheets://${DEMO}`, mimeType: 'application/json' });
    const told = JSON.parse(content?.text ?? '');
    expect(['live', 'cache']).toContain(told.source);
    expect({ ...told, source: 'live', ageMs: undefined }).toEqual({ ...Object(structuredContent), ageMs: undefined });
  });

  test.each([
    ['Table A!A1:B2', 'a,b\n"1,5","say ""x"""'],
    ["'Table A'!B:B", 'b\n"say ""x"""'],
    ['A/B: 50 % & ü#?', 'x'],
    ['A/B: 50 % & ü#?!A1', 'x'],
    ['Empty', ''],
  ])('the cells of %s are CSV', async (range, csv) => {
    const app = await testApp();
    const id = await create(app, 'T', [
      { title: 'Table A', rows: [['a', 'b'], ['1,5', 'say "x"'], []] },
      { title: 'A/B: 50 % & ü#?', rows: [['x']] },
      { title: 'Empty' },
    ]);
    const client = await connect(app.fetch);
    const uri = uriOf(id, range);
    expect(await client.read(uri)).toEqual([{ uri, mimeType: 'text/csv', text: csv }]);
  });

  test('a page that is too small links to each range that it has not given to its end', async () => {
    const app = await testApp();
    const client = await connect(app.fetch);
    const page = async (args: object) => {
      const { content, structuredContent } = await client.call('read_range', { spreadsheet: DEMO, ...args });
      const [text, ...links] = content as { type: string; uri?: string; text?: string }[];
      expect(JSON.parse(text?.text ?? '')).toEqual(structuredContent);
      return { links, nextCursor: Object(structuredContent).nextCursor };
    };
    const ranges = ['seattle-weather!A1:F20', 'airports', 'birdstrikes!A:C'];
    const { links, nextCursor } = await page({ ranges });
    expect(links).toEqual([
      {
        type: 'resource_link',
        uri: uriOf(DEMO, 'airports'),
        name: 'airports',
        mimeType: 'text/csv',
        description: 'The whole range',
      },
      expect.objectContaining({ uri: `sheets://${DEMO}/birdstrikes!A%3AC` }),
    ]);
    expect((await page({ ranges, cursor: nextCursor })).links.length).toBeGreaterThan(0);
    expect((await page({ ranges: JSON.stringify(ranges.slice(0, 1)) })).links).toEqual([]);
    const [content] = await client.read(links[0]?.uri ?? '');
    const lines = content?.text?.split('\n') ?? [];
    expect([lines.length, lines[0], lines.at(-1)?.slice(0, 4)]).toEqual([
      3377,
      'iata,name,city,state,country,latitude,longitude',
      'ZZV,',
    ]);
  });

  test('what is too large is refused with the parts that fit', async () => {
    const app = await testApp();
    const rows = Array.from({ length: 3_000 }, (_, row) => [`${row + 1}`, 'x'.repeat(400), 'y'.repeat(100)]);
    const id = await create(app, 'Big', [{ title: 'Data', rows: rows.slice(0, 2_000) }]);
    await app.rest('append_rows', { spreadsheet: id, sheet: 'Data', rows: rows.slice(2_000) });
    const client = await connect(app.fetch);
    const { code, message, data } = await refusal(client.read(uriOf(id, 'Data!A2:C')));
    expect(code).toBe(-32602);
    expect(message).toMatch(
      /too_large: Data!A2:C3000 has 1519388 characters as CSV, more than are given at once \(1000000\)\./,
    );
    expect(data).toMatchObject({ code: 'too_large' });
    const parts = [...String(data.hint).matchAll(/'Data'![A-Z\d:]+/g)].map(([part]) => part);
    expect(parts).toHaveLength(2);
    const texts = [];
    for (const part of parts) texts.push((await client.read(uriOf(id, part)))[0]?.text);
    const numbers = texts.flatMap((text) => text?.split('\n') ?? []).map((line) => Number(line.split(',')[0]));
    expect(numbers).toEqual(rows.slice(1).map(([number]) => Number(number)));
  });

  test('what there is not is told by its URI', async () => {
    const client = await connect((await testApp()).fetch);
    for (const uri of ['https://x.test/y', 'sheets://', 'sheets:///A1', 'sheets://no-such-spreadsheet/A1']) {
      const { code, message, data } = await refusal(client.read(uri));
      expect([code, data]).toEqual([-32602, { uri }]);
      expect(message).toMatch(/not_found: /);
    }
    const wrong = await refusal(client.read(uriOf(DEMO, 'airprots!A1')));
    expect([wrong.code, wrong.message]).toEqual([-32602, expect.stringContaining('Did you mean "airports"?')]);
    const bad = await refusal(client.read(uriOf(DEMO, 'airports!A1:?')));
    expect(bad).toMatchObject({ code: -32602, data: { code: 'invalid_argument' } });
    const half = await refusal(client.read(`sheets://${DEMO}/%E0%A4%A`));
    expect(half.message).toMatch(/percent-encoded/);
  });

  test('are offered and switched off with the tools that they stand beside', async () => {
    const hidden = await testApp({ TOOLSETS: 'share' });
    const client = await connect(hidden.fetch);
    expect([await client.listResources(), await client.listTemplates()]).toEqual([[], []]);
    for (const uri of [`sheets://${DEMO}`, uriOf(DEMO, 'airports')]) {
      expect((await refusal(client.read(uri))).message).toMatch(/is not offered here: TOOLSETS leaves it out/);
    }
    const app = await testApp({ READ_ONLY: 'true' });
    const reader = await connect(app.fetch);
    expect((await reader.read(uriOf(DEMO, 'airports!A2')))[0]?.text).toBe('00M');
    app.flags.set('tool:read_range', false);
    const { code, data } = await refusal(reader.read(uriOf(DEMO, 'airports!A2')));
    expect([code, data.code, data.detail]).toEqual([
      -32603,
      'unavailable',
      'The operator has switched off tool:read_range: nothing was sent.',
    ]);
  });

  test('cells that are stale or lack queued writes say so', async () => {
    const world = await createWorld();
    const app = await startApp(world);
    const id = await world.book([
      ['day', 'cost'],
      ['mon', 5],
    ]);
    const client = await connect((request) => app.fetch(request));
    const uri = uriOf(id, 'S');
    const csv = { uri, mimeType: 'text/csv', text: 'day,cost\nmon,5' };
    expect(await world.until(client.read(uri))).toEqual([csv]);
    world.onWire(() => Response.json({ error: { code: 503, message: 'down' } }, { status: 503 }));
    const fail = () => app.rest('read_range', { spreadsheet: id, ranges: ['S!B2'], fresh: true });
    for (let calls = 0; app.circuits.snapshots()[0]?.state === 'closed' && calls < 20; calls++) await fail();
    await world.pass(15_000); // what is in memory may be told as it is for ten
    const queued = await app.rest('append_rows', { spreadsheet: id, sheet: 'S', rows: [['tue', 6]] });
    expect(queued.status).toBe(202);
    const [stale, note, ...more] = await world.until(client.read(uri));
    expect([stale, more]).toEqual([csv, []]);
    expect(note).toEqual({
      uri: `${uri}#notes`,
      mimeType: 'text/plain',
      text: expect.stringMatching(
        /^Google could not be asked: these cells are as they were \d+ s ago\.\nQueued writes that are not in these cells yet: 1\.$/,
      ),
    });
  });
});

test('reads of resources are counted as such', async () => {
  const app = await testApp();
  const client = await ERAS['2026-07-28']?.(app.fetch);
  await client?.read(uriOf(DEMO, 'airports!A2'));
  await client?.read(`sheets://${DEMO}`);
  const metrics = await (await app.request('/metrics')).text();
  expect(metrics).toContain('servalsheets_operations_total{operation="read_resource",result="success"} 1\n');
  expect(metrics).toContain('servalsheets_operations_total{operation="describe_spreadsheet",result="success"} 1\n');
  expect(metrics).toContain('servalsheets_operations_total{operation="complete",result="error"} 0\n');
});

test('a client of a revision before links to resources is sent none', async () => {
  const app = await testApp();
  const headers = { 'content-type': 'application/json', accept: 'application/json, text/event-stream' };
  const post = (body: object, more: Record<string, string> = {}) =>
    app.request('/mcp', { method: 'POST', headers: { ...headers, ...more }, body: JSON.stringify(body) });
  for (const [protocolVersion, blocks] of [
    ['2025-03-26', ['text']],
    ['2025-06-18', ['text', 'resource_link']],
  ] as const) {
    const clientInfo = { name: 'tests', version: '1' };
    const opened = await post({
      jsonrpc: '2.0',
      id: 1,
      method: 'initialize',
      params: { protocolVersion, capabilities: {}, clientInfo },
    });
    await opened.text();
    const session = { 'mcp-session-id': opened.headers.get('mcp-session-id') ?? '' };
    const params = { name: 'read_range', arguments: { spreadsheet: DEMO, ranges: ['airports'], limit: 1 } };
    const answer = await post({ jsonrpc: '2.0', id: 2, method: 'tools/call', params }, session);
    const { result } = JSON.parse(/^data: (.*)$/m.exec(await answer.text())?.[1] ?? '');
    expect(result.content.map(({ type }: { type: string }) => type)).toEqual(blocks);
  }
});
