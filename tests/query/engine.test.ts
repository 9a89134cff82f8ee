// Workers that end, grow or hang: their query is told, the next one has another worker.

import { expect, onTestFinished, test } from 'vitest';
import { systemClock } from '../../src/clock.ts';
import { createQueryEngine, type Query } from '../../src/query/engine.ts';
import type { QueryTable } from '../../src/query/messages.ts';

const QUERY: Query = { sql: 'SELECT 1', parameters: [], maxRows: 10, maxCharacters: 1_000, tables: [] };

/** A worker of this body: what it does with `question`, once it is asked. */
function workerOf(body: string): URL {
  const code = `
    import { parentPort, threadId } from 'node:worker_threads';
    const reply = (value, memoryBytes = 0) =>
      parentPort.postMessage({ kind: 'rows', columns: ['it'], rows: [[value]], memoryBytes });
    parentPort.on('message', ({ kind, question }) => {
      if (kind !== 'ask') return;
      parentPort.postMessage({ kind: 'running' });
      ${body}
    });`;
  return new URL(`data:text/javascript,${encodeURIComponent(code)}`);
}

interface Asked {
  readonly tables: readonly QueryTable[];
  readonly forMs: number;
  readonly signal: AbortSignal;
}

function engineOf(module?: URL, timeoutMs = 60_000) {
  const engine = createQueryEngine({ timeoutMs, clock: systemClock, ...(module && { module }) });
  onTestFinished(() => engine.close());
  return {
    run: (sql: string, { tables = [], forMs = 60_000, signal = new AbortController().signal }: Partial<Asked> = {}) =>
      engine.run({ ...QUERY, tables, sql }, { signal, deadline: systemClock.now() + forMs }),
    close: engine.close,
  };
}

async function value(reply: ReturnType<ReturnType<typeof engineOf>['run']>): Promise<unknown> {
  const answer = await reply;
  return answer.kind === 'rows' ? answer.rows[0]?.[0] : answer;
}

test('a worker that ends or throws: internal, and the next query is answered', async () => {
  const engine = engineOf(
    workerOf(`
      if (question.sql === 'end') process.exit(3);
      if (question.sql === 'throw') throw new Error('broken');
      reply(threadId);`),
  );
  const first = await value(engine.run('who'));
  expect(await value(engine.run('who'))).toBe(first);
  for (const sql of ['end', 'throw']) {
    await expect(engine.run(sql)).rejects.toMatchObject({
      code: 'internal',
      message: 'The worker of the query has failed.',
    });
    expect(await value(engine.run('who'))).not.toBe(first);
  }
});

test('a worker that fills its heap: too large', async () => {
  const engine = engineOf(
    workerOf(`const all = []; for (;;) all.push(new Array(10_000).fill(question.sql + all.length));`),
  );
  await expect(engine.run('fill')).rejects.toMatchObject({ code: 'too_large' });
});

test('a worker that fell idle and ended, or has grown, is replaced', async () => {
  const engine = engineOf(
    workerOf(`
      reply(threadId, question.sql === 'grow' ? 2 ** 30 : 0);
      if (question.sql === 'die later') setImmediate(() => process.exit(0));`),
  );
  const first = await value(engine.run('die later'));
  await expect.poll(() => value(engine.run('who')), { timeout: 20_000 }).not.toBe(first);
  const grown = await value(engine.run('grow'));
  expect(await value(engine.run('who'))).not.toBe(grown);
});

test('the time counts from when the tables are there', async () => {
  const slow: QueryTable = {
    name: 'T',
    columns: ['a'],
    *rows() {
      const until = performance.now() + 1_500;
      for (let at = 1; performance.now() < until; at++) yield [at, at];
    },
  };
  expect(await value(engineOf(undefined, 1_000).run('SELECT count(*) > 1000 FROM T', { tables: [slow] }))).toBe(1);
});

test('two at once; others wait their turn, and no longer than they have time', async () => {
  const engine = engineOf(workerOf(`if (question.sql !== 'hold') reply(question.sql);`), 2_000);
  const leaving = new AbortController();
  const held = [engine.run('hold', { signal: leaving.signal }), engine.run('hold', { forMs: 1_900 })];
  const order: unknown[] = [];
  const turns = ['third', 'fourth'].map(async (sql) => order.push(await value(engine.run(sql))));
  await expect(engine.run('fifth', { forMs: 200 })).rejects.toMatchObject({
    code: 'unavailable',
    details: { retryAfterMs: 2_000, sent: false },
  });
  expect(order).toEqual([]);
  leaving.abort();
  await expect(held[0]).rejects.toMatchObject({ code: 'cancelled' });
  await Promise.all(turns);
  expect(order).toEqual(['third', 'fourth']);
  await expect(held[1]).rejects.toMatchObject({
    code: 'timeout',
    message: expect.stringMatching(/REQUEST_DEADLINE_MS/),
  });
});

test('closed: nothing runs any more', async () => {
  const engine = engineOf(workerOf('reply(1);'));
  expect(await value(engine.run('x'))).toBe(1);
  engine.close();
  await expect(engine.run('x')).rejects.toMatchObject({ code: 'unavailable' });
});
