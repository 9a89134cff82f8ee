// Writes that are taken back, through the front door: what each replaced stands there again, or nothing is touched.

import { expect, test } from 'vitest';
import { testApp } from '../support/app.ts';

type App = Awaited<ReturnType<typeof testApp>>;

async function book(app: App) {
  const { body } = await app.rest('create_spreadsheet', {
    title: 'T',
    sheets: [
      {
        title: 'S',
        rows: [
          ['id', 'day', 'n', 'twice'],
          [1, '2026-01-01', 10, { formula: '=C2*2' }],
          [2, '2026-01-02', 20, { formula: '=C3*2' }],
        ],
      },
    ],
  });
  return String(body.id);
}

async function shown(app: App, id: string, render = 'formula') {
  return (await app.rest('read_range', { spreadsheet: id, ranges: ['S'], render })).body.ranges[0].rows;
}

const WRITES: Record<string, [tool: string, input: object]> = {
  'typed values, dates and formulas': [
    'write_range',
    { writes: [{ range: 'S!A2', values: [['x', '2026-05-05', null, { formula: '=1+1' }]] }] },
  ],
  'texts as they are': ['write_range', { writes: [{ range: 'S!B2', values: [['2026-05-05', '']] }], input: 'raw' }],
  'as if typed in': [
    'write_range',
    { writes: [{ range: 'S!A2', values: [['5%', '1/2/2026', '=A3+1', 'TRUE']] }], input: 'user_entered' },
  ],
  'one cell twice': [
    'write_range',
    {
      writes: [
        { range: 'S!C2', values: [[1]] },
        { range: 'S!C2:C3', values: [[2], [3]] },
      ],
    },
  ],
  'beyond the edge of the sheet': ['write_range', { writes: [{ range: 'S!A1500', values: [['far']] }] }],
  'appended rows': [
    'append_rows',
    { sheet: 'S', rows: [{ id: 3, day: '2026-01-03' }, [4, '2026-01-04', 40, { formula: '=C5*2' }]] },
  ],
  'updated and appended rows': [
    'upsert_rows',
    {
      sheet: 'S',
      key: ['id'],
      rows: [
        { id: 2, day: '2027-01-01', n: 21 },
        { id: 7, n: 70 },
      ],
    },
  ],
  'cleared values': ['clear_range', { ranges: ['S!A2:B', 'S!D3'] }],
  'cleared formats': ['clear_range', { ranges: ['S!B:B'], what: 'formats' }],
  'everything cleared': ['clear_range', { ranges: ['S'], what: 'all' }],
};

test.each(Object.entries(WRITES))('%s: undone, and done again', async (_, [tool, input]) => {
  const app = await testApp();
  const id = await book(app);
  const at = async () => ({ formula: await shown(app, id), formatted: await shown(app, id, 'formatted') });
  const before = await at();
  const write = await app.rest(tool, { spreadsheet: id, ...input });
  expect(write.body).toMatchObject({ status: 'applied' });
  const after = await at();
  expect(after).not.toEqual(before);
  const undone = await app.rest('undo_write', { writeId: write.body.writeId });
  expect(undone.body).toMatchObject({ status: 'applied' });
  expect(await at()).toEqual(before);
  expect((await app.rest('undo_write', { writeId: write.body.writeId })).body).toMatchObject({ status: 'unchanged' });
  expect((await app.rest('undo_write', { writeId: undone.body.writeId })).body).toMatchObject({ status: 'applied' });
  expect(await at()).toEqual(after);
});

test('cells that have changed since are a conflict that names them, and force takes the change back too', async () => {
  const app = await testApp();
  const id = await book(app);
  const write = (range: string, value: unknown) =>
    app.rest('write_range', { spreadsheet: id, writes: [{ range, values: [[value, value]] }] });
  const first = (await write('S!A2', 'x')).body.writeId;
  await write('S!B2', 'y');
  const before = await shown(app, id);
  expect((await app.rest('undo_write', { writeId: first })).body).toMatchObject({
    code: 'conflict',
    detail: 'Cells have changed since that write: S!B2. Nothing was undone.',
  });
  expect(await shown(app, id)).toEqual(before);
  expect((await app.rest('undo_write', { writeId: first, force: true })).body).toMatchObject({ status: 'applied' });
  expect((await shown(app, id, 'formatted'))[1]).toEqual(['1', '1/1/2026', 'y', '#VALUE!']);
});

test('what cannot be undone says so: no such write, not kept, switched off, its sheet gone', async () => {
  const app = await testApp();
  const id = await book(app);
  expect((await app.rest('undo_write', { writeId: 'nobody' })).body).toMatchObject({ code: 'not_found' });
  const created = await app.rest('create_spreadsheet', { title: 'other' });
  expect((await app.rest('undo_write', { writeId: created.body.writeId })).body).toMatchObject({ code: 'unsupported' });
  const rows = Array.from({ length: 5_000 }, () => Array.from({ length: 21 }, () => 1));
  const large = await app.rest('write_range', { spreadsheet: id, writes: [{ range: 'S!F1', values: rows }] });
  expect(large.body.warnings).toEqual([expect.stringMatching(/^undo_write cannot undo this: more than 100000 cells/)]);
  expect((await app.rest('undo_write', { writeId: large.body.writeId })).body).toMatchObject({ code: 'unsupported' });

  const off = await testApp({ UNDO_ENABLED: 'false' });
  const other = await book(off);
  const cleared = await off.rest('clear_range', { spreadsheet: other, ranges: ['S!A1'] });
  expect(cleared.body).not.toHaveProperty('cells');
  expect((await off.rest('undo_write', { writeId: cleared.body.writeId })).body).toMatchObject({ code: 'unsupported' });
});

test('a dry run of an undo tells what it would do and does nothing', async () => {
  const app = await testApp();
  const id = await book(app);
  const { writeId } = (await app.rest('clear_range', { spreadsheet: id, ranges: ['S!A2:A3'] })).body;
  const before = await shown(app, id);
  expect((await app.rest('undo_write', { writeId, dryRun: true })).body).toEqual({
    status: 'dry_run',
    ranges: ["'S'!A2:A3"],
    cells: 2,
  });
  expect(await shown(app, id)).toEqual(before);
});
