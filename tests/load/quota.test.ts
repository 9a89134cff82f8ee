// Under Google's quota of 60 reads and 60 writes a minute for one account: many agents finish, and Google never says no.

import { expect, test } from 'vitest';
import { asServalError } from '../../src/errors.ts';
import type { Event } from '../../src/events.ts';
import { virtualApp } from '../support/virtual-app.ts';

const AGENTS = 20;
const OPERATIONS = 40;
const MINUTE = 60_000;

/** The same mixed work on 4 spreadsheets; what happened, in virtual time. */
async function work(env: Record<string, string>, limitMs: number) {
  const app = await virtualApp({ EMULATOR_FAULTS: '{"quota":true,"seed":7}', ...env });
  const events: Event[] = [];
  app.subscribe((event) => events.push(event));
  const books: string[] = [];
  for (let n = 0; n < 4; n++) {
    const rows = Array.from({ length: 20 }, (_, row) => [`row ${row}`, row]);
    const created = await app.until(
      app.run('create_spreadsheet', { title: `B${n}`, sheets: [{ title: 'S', rows: [['name', 'n'], ...rows] }] }),
      MINUTE,
    );
    books.push(String(created.id));
  }
  const start = app.clock.now();
  const errors: string[] = [];
  const agent = async (own: number) => {
    const spreadsheet = books[own % books.length];
    for (let n = 0; n < OPERATIONS; n++) {
      const operation =
        n % 4 === 1
          ? app.run('write_range', {
              spreadsheet,
              writes: [{ range: `S!${String.fromCharCode(67 + own)}${(n % 20) + 1}`, values: [[n]] }],
            })
          : n % 4 === 3
            ? app.run('append_rows', { spreadsheet, sheet: 'S', rows: [[`agent ${own}`, n]] })
            : app.run('read_range', { spreadsheet, ranges: [`S!A${(n % 20) + 1}:B${(n % 20) + 2}`] });
      await operation.catch((error: unknown) => errors.push(asServalError(error).code));
    }
  };
  const all = Promise.all(Array.from({ length: AGENTS }, (_, own) => agent(own)));
  const finished = await app.until(all, limitMs).then(
    () => true,
    () => false,
  );
  return {
    finished,
    minutes: (app.clock.now() - start) / MINUTE,
    errors,
    calls: events.filter((event) => event.type === 'api_call' && event.status === 'success').length,
    refusedByGoogle: events.filter((event) => event.type === 'rate_limited').length,
  };
}

test('20 agents with 40 operations each finish within 4 minutes, none refused', async () => {
  const { finished, minutes, errors, refusedByGoogle, calls } = await work({}, 4 * MINUTE);
  process.stdout.write(`20 agents x 40 operations: ${calls} calls in ${minutes.toFixed(2)} virtual minutes\n`);
  expect({ finished, errors, refusedByGoogle }).toEqual({ finished: true, errors: [], refusedByGoogle: 0 });
});

test('the same without batching and cache misses that', async () => {
  const { finished, errors } = await work({ ADAPTIVE_BATCHING: 'false', CACHE_ENABLED: 'false' }, 4 * MINUTE);
  expect(finished && errors.length === 0).toBe(false);
});
