// Names, ids and tables are looked up in one cached read of the spreadsheet, not in one per call.

import { expect, test } from 'vitest';
import { done, newBook } from '../support/tool-calls.ts';
import { createWorld, startApp } from '../support/wired-app.ts';

test('calls by title, in whatever tools, look the names up once', async () => {
  const world = await createWorld();
  const app = await startApp(world);
  const spreadsheet = await newBook(app, {
    S: [
      ['id', 'n'],
      [1, 2],
    ],
  });
  const from = world.sent.length;
  await done(app, 'read_range', { spreadsheet, ranges: ['S'] });
  await done(app, 'write_range', { spreadsheet, writes: [{ range: 'S!A2', values: [[3]] }] });
  await done(app, 'append_rows', { spreadsheet, sheet: 'S', rows: [[4, 5]] });
  await done(app, 'upsert_rows', { spreadsheet, sheet: 'S', key: ['id'], rows: [{ id: 4, n: 6 }] });
  await done(app, 'clear_range', { spreadsheet, ranges: ['S!A2:B2'] });
  await done(app, 'format_range', { spreadsheet, formats: [{ range: 'S!A1', text: { bold: true } }] });
  await done(app, 'find_cells', { spreadsheet, query: '6', sheet: 'S' });
  const looked = world.sent.slice(from).filter(({ query }) => {
    return /namedRanges/.test(query.get('fields') ?? '') && !/gridProperties/.test(query.get('fields') ?? '');
  });
  expect(looked).toHaveLength(1);
});
