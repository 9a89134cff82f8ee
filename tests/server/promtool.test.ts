// The metrics as Prometheus' own linter sees them.

import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { expect, test } from 'vitest';
import { testApp } from '../support/app.ts';

const PROMTOOL = '/usr/bin/promtool';
const found = existsSync(PROMTOOL);
if (!found && process.env.CI === 'true')
  throw new Error(`${PROMTOOL} is missing: install the Debian package prometheus`);
if (!found) process.stderr.write(`skipped: tests/server/promtool needs ${PROMTOOL} (Debian package prometheus)\n`);

test.runIf(found)('promtool check metrics finds nothing to say', async () => {
  const app = await testApp();
  await app.rest('search_spreadsheets', {});
  const metrics = await (await app.request('/metrics')).text();
  const { status, stdout, stderr } = spawnSync(PROMTOOL, ['check', 'metrics'], { input: metrics, encoding: 'utf8' });
  expect(`${stdout}${stderr}`).toBe('');
  expect(status).toBe(0);
});
