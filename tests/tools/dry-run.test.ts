// Dry runs through the front door: what is told is what the write then does, and nothing is done.

import { expect, test } from 'vitest';
import { testApp } from '../support/app.ts';

type App = Awaited<ReturnType<typeof testApp>>;

const ROWS = [
  ['id', 'day', 'n'],
  [1, '2026-01-01', 10],
  [2, '2026-01-02', 20],
];

async function book(app: App): Promise<string> {
  return (await app.rest('create_spreadsheet', { title: 'T', sheets: [{ title: 'S', rows: ROWS }] })).body.id;
}

const WRITES: Record<string, [tool: string, input: object]> = {
  write: ['write_range', { writes: [{ range: 'S!A2', values: [['=x', '2026-05-05']] }] }],
  'write beyond the edge': ['write_range', { writes: [{ range: 'S!A1500', values: [['far']] }] }],
  'write as if typed in': ['write_range', { writes: [{ range: 'S!A2', values: [['5%']] }], input: 'user_entered' }],
  'write of nothing': ['write_range', { writes: [{ range: 'S!A2', values: [[null]] }] }],
  append: ['append_rows', { sheet: 'S', rows: [{ id: 3, day: '2026-01-03' }] }],
  upsert: ['upsert_rows', { sheet: 'S', key: ['id'], rows: [{ id: 2, n: 21 }, { id: 7 }] }],
  'upsert of what is there': ['upsert_rows', { sheet: 'S', key: ['id'], rows: [{ id: 2 }] }],
  clear: ['clear_range', { ranges: ['S!A2:B'] }],
};

test.each(Object.entries(WRITES))('%s: told exactly, done only then', async (_, [tool, input]) => {
  const app = await testApp();
  const spreadsheet = await book(app);
  const rows = async () =>
    (await app.rest('read_range', { spreadsheet, ranges: ['S'], render: 'formula' })).body.ranges[0].rows;
  const before = await rows();
  const dry = await app.rest(tool, { spreadsheet, ...input, dryRun: true, idempotencyKey: 'k' });
  expect(await rows()).toEqual(before);
  const { status, ...told } = dry.body;
  expect(told).not.toHaveProperty('writeId');
  // The key is free: nothing was written under it.
  const real = await app.rest(tool, { spreadsheet, ...input, idempotencyKey: 'k' });
  expect(real.status).toBe(200);
  expect(real.body).toMatchObject({ ...told, status: status === 'dry_run' ? 'applied' : 'unchanged' });
});

test('what would be refused is refused, and a tool that cannot tell exactly takes no dryRun', async () => {
  const app = await testApp();
  const spreadsheet = await book(app);
  const bad = { spreadsheet, sheet: 'S', rows: [{ nope: 1 }], dryRun: true };
  expect((await app.rest('append_rows', bad)).body).toMatchObject({ code: 'invalid_argument' });
  expect((await app.rest('append_rows', { ...bad, dryRun: 'yes' })).body).toMatchObject({
    code: 'invalid_argument',
    detail: expect.stringContaining('dryRun: expected boolean'),
  });
  expect((await app.rest('create_spreadsheet', { title: 'x', dryRun: true })).body).toMatchObject({
    code: 'invalid_argument',
    detail: expect.stringContaining('unknown key "dryRun"'),
  });
});
