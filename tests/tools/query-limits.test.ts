// What a query may take: it is ended at the time limit and within its memory, and nobody else waits for that.

import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { queryApp } from '../support/query-app.ts';

/** Waits that are long for a read from memory, and short beside the time limit of the queries. */
const LIMIT_MS = 3_000;
const MEMORY_BYTES = 128 * 2 ** 20;

const ENDLESS = 'WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c) SELECT max(x) FROM c';
const CROSS = 'SELECT count(*) FROM Many a, Many b, Many c WHERE a.n + b.n + c.n = -1';

/** So that memory is filled in no time. */
const LONG = "printf('%.*c', 100000, 'x')";
const MANY = [['n', 'name'], ...Array.from({ length: 50_000 }, (_, index) => [index, `name ${index % 1_000}`])];

function rssBytes(): number {
  return Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]) * 1024;
}

test('an endless recursion and a three-way cross join end at the limit, others are answered, memory is bounded', async () => {
  const app = await queryApp({ QUERY_TIMEOUT_MS: String(LIMIT_MS), CACHE_TTL_MS: '600000' });
  const id = await app.book({ Many: MANY, Few: [['a'], [1]] });
  expect(await app.rows(id, 'SELECT count(*), sum(n) FROM Many')).toEqual([[50_000, 1_249_975_000]]);
  const before = rssBytes();
  let most = before;
  const ended: string[] = [];
  const work = [ENDLESS, CROSS].map(async (sql) => {
    const start = performance.now();
    const answer = await app.query(id, sql);
    expect(answer).toMatchObject({
      status: 504,
      code: 'timeout',
      detail: `The query was ended: it ran longer than ${LIMIT_MS} ms (QUERY_TIMEOUT_MS).`,
    });
    ended.push(sql);
    return performance.now() - start;
  });
  const waits: number[] = [];
  while (ended.length < work.length) {
    const start = performance.now();
    const read = await app.rest('read_range', { spreadsheet: id, ranges: ['Few'] });
    expect(read.body.ranges[0].rows).toEqual([['a'], ['1']]);
    waits.push(performance.now() - start);
    most = Math.max(most, rssBytes());
    // Answers from memory alone would leave the event loop no turn.
    await new Promise(setImmediate);
  }
  const tookMs = await Promise.all(work);
  // Reads were answered all the time that the queries ran, the longest wait a part of it.
  expect(waits.length).toBeGreaterThan(20);
  expect(Math.max(...waits)).toBeLessThan(LIMIT_MS / 2);
  expect(Math.min(...tookMs)).toBeGreaterThanOrEqual(LIMIT_MS);
  // Two workers, the tables of one of them among their memory.
  expect(most - before).toBeLessThan(2 * MEMORY_BYTES);
  expect(await app.rows(id, 'SELECT count(*) FROM Many')).toEqual([[50_000]]);
}, 90_000);

test('a query that wants all memory is refused, and what it took is given back', async () => {
  const app = await queryApp({ QUERY_TIMEOUT_MS: '60000' });
  const id = await app.book({ S: [['a'], [1]] });
  await app.rows(id, 'SELECT a FROM S');
  const before = rssBytes();
  for (const sql of [
    `SELECT count(*) FROM (SELECT DISTINCT x || ${LONG} FROM c)`,
    `SELECT x || ${LONG} AS h FROM c ORDER BY h LIMIT 200000`,
  ]) {
    const start = 'WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c LIMIT 500000)';
    expect(await app.query(id, `${start} ${sql}`), sql).toMatchObject({ status: 413, code: 'too_large' });
    expect(rssBytes() - before).toBeLessThan(2 * MEMORY_BYTES);
  }
  expect(await app.rows(id, 'SELECT a FROM S')).toEqual([[1]]);
});

test('tables of more than a million cells are refused, with what to do', async () => {
  const app = await queryApp();
  const id = await app.book({ S: [['a'], [1]] });
  await app.direct(`/${id}:batchUpdate`, {
    requests: [
      {
        updateSheetProperties: {
          properties: { sheetId: 1, gridProperties: { rowCount: 50_001, columnCount: 21 } },
          fields: 'gridProperties',
        },
      },
      {
        repeatCell: {
          range: { sheetId: 1 },
          cell: { userEnteredValue: { numberValue: 1 } },
          fields: 'userEnteredValue',
        },
      },
    ],
  });
  expect(await app.query(id, 'SELECT count(*) FROM S')).toEqual({
    status: 413,
    code: 'too_large',
    detail: 'The tables hold more than 1,000,000 cells, the most that one query reads.',
    hint: 'Name fewer sheets, or a part of one as a table: "My sheet!A1:D50000".',
  });
  expect(await app.rows(id, 'SELECT count(*) FROM "S!A1:B50001"')).toEqual([[50_001]]);
});

test('who leaves ends the query, and its place is free at once', async () => {
  const app = await queryApp({ QUERY_TIMEOUT_MS: '60000' });
  const id = await app.book({ S: [['a'], [1]] });
  const leaving = new AbortController();
  const ask = (sql: string) =>
    app.request('/v1/tools/query_rows', {
      method: 'POST',
      body: JSON.stringify({ spreadsheet: id, sql }),
      signal: leaving.signal,
    });
  // Two run, the third waits for its turn.
  const left = [ask(ENDLESS), ask(ENDLESS), ask(ENDLESS)].map(async (response) => (await (await response).json()).code);
  const waiting = app.rows(id, 'SELECT a FROM S');
  await app.rest('read_range', { spreadsheet: id, ranges: ['S'] });
  leaving.abort();
  expect(await Promise.all(left)).toEqual(['cancelled', 'cancelled', 'cancelled']);
  expect(await waiting).toEqual([[1]]);
});

test('closing ends what runs and what waits', async () => {
  const app = await queryApp({ QUERY_TIMEOUT_MS: '60000' });
  const id = await app.book({ S: [['a'], [1]] });
  const work = [ENDLESS, ENDLESS, 'SELECT 1'].map((sql) => app.query(id, sql));
  await app.rest('read_range', { spreadsheet: id, ranges: ['S'] });
  app.close();
  for (const answer of await Promise.all(work)) {
    expect(answer).toMatchObject({ code: 'unavailable', detail: 'The server is stopping: the query was ended.' });
  }
});
