// Several servers on one DATA_DIR share one quota, through restarts and kill -9: Google never says no.

import { expect, test } from 'vitest';
import { DEMO_SPREADSHEET_ID as spreadsheet } from '../../src/emulator/emulator.ts';
import { temporaryFolder } from '../support/app.ts';
import { printed, type Running, run } from '../support/processes.ts';

const CALL_AT_ONCE = 30;

/** A stdio server that has been asked for many reads at once; resolves when all are answered. */
async function ask(env: Record<string, string>): Promise<{ server: Running; answered: number; refused: number }> {
  const server = run(['stdio'], env);
  const send = (message: object) => server.child.stdin?.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);
  const clientInfo = { name: 'tests', version: '1' };
  send({ id: 0, method: 'initialize', params: { protocolVersion: '2025-06-18', capabilities: {}, clientInfo } });
  await printed(server, /"id":0/);
  send({ method: 'notifications/initialized' });
  for (let n = 1; n <= CALL_AT_ONCE; n++) {
    const arguments_ = { spreadsheet, ranges: [`airports!A${n}:B${n}`] };
    send({ id: n, method: 'tools/call', params: { name: 'read_range', arguments: arguments_ } });
  }
  for (let n = 1; n <= CALL_AT_ONCE; n++) await printed(server, new RegExp(`"id":${n}[,}]`));
  const answers = server
    .stdout()
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
    .filter(({ id }) => id > 0);
  const refused = answers.filter(({ result }) => result.isError === true);
  for (const { result } of refused) {
    // Turned away at once because the wait is too long, or waited in vain: in either case nothing was sent.
    expect(['quota_exhausted', 'timeout']).toContain(result.structuredContent.error.code);
  }
  return { server, answered: answers.length - refused.length, refused: refused.length };
}

test('three stdio servers, killed and started again, never bring a 429', async () => {
  const emulator = run(['emulator', '--port', '0'], { DATA_DIR: temporaryFolder(), EMULATOR_FAULTS: '{"quota":true}' });
  const [, url = ''] = await printed(emulator, / at (http:[^;\s]+)/);
  await printed(emulator, /Demo spreadsheet/);
  const env = {
    DATA_DIR: temporaryFolder(),
    GOOGLE_API_ROOT_URL: url,
    GOOGLE_ACCESS_TOKEN: 'one-account',
    ADAPTIVE_BATCHING: 'false',
    CACHE_ENABLED: 'false',
    REQUEST_DEADLINE_MS: '2500',
  };
  let answered = 0;
  let refused = 0;
  for (let round = 0; round < 2; round++) {
    const servers = await Promise.all([ask(env), ask(env), ask(env)]);
    for (const { server, ...counts } of servers) {
      answered += counts.answered;
      refused += counts.refused;
      expect(server.stderr()).not.toMatch(/rate limit hit/);
      server.child.kill('SIGKILL');
      await server.exit;
    }
  }
  // 54 of Google's 60 places: much was answered, the rest refused here, and nothing by Google.
  expect(answered).toBeGreaterThan(10);
  expect(answered).toBeLessThanOrEqual(54);
  expect(refused).toBe(6 * CALL_AT_ONCE - answered);
});
