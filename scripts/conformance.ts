// Runs the official MCP conformance suite's generic scenarios, of both requirement sets, against a real server.
// The others need fixture tools that a spreadsheet server does not have.

import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '..');
const baseline = join(root, 'tests/conformance-expected-failures.yml');

const SCENARIOS: Record<string, string[]> = {
  '2025-11-25': [
    'server-initialize',
    'server-session-lifecycle',
    'ping',
    'tools-list',
    'resources-list',
    'prompts-list',
    'server-sse-multiple-streams',
    'dns-rebinding-protection',
  ],
  '2026-07-28': [
    'tools-list',
    'resources-list',
    'prompts-list',
    'server-sse-multiple-streams',
    'dns-rebinding-protection',
    'caching',
    'sep-2164-resource-not-found',
    'http-header-validation',
    'input-required-result-unsupported-methods',
    'server-stateless',
  ],
};

const home = mkdtempSync(join(tmpdir(), 'servalsheets-conformance-'));
const server = spawn(process.execPath, [join(root, 'src/main.ts'), 'serve'], {
  env: { PATH: process.env.PATH, PORT: '0', DATA_DIR: home, HOME: home },
  stdio: ['ignore', 'pipe', 'inherit'],
});
const [first] = await once(server.stdout.setEncoding('utf8'), 'data');
const url = `${/http:\/\/[^\s]+/.exec(String(first))?.[0]}/mcp`;
let failed = 0;
let passed = 0;
try {
  for (const [revision, scenarios] of Object.entries(SCENARIOS)) {
    for (const scenario of scenarios) {
      const args = ['server', '--url', url, '--scenario', scenario, '--spec-version', revision];
      const result = spawnSync('conformance', [...args, '--expected-failures', baseline], {
        encoding: 'utf8',
        cwd: home,
        env: { ...process.env, PATH: `${join(root, 'node_modules/.bin')}:${process.env.PATH}` },
      });
      const ok = result.status === 0;
      ok ? passed++ : failed++;
      process.stdout.write(`${ok ? 'pass' : 'FAIL'}  ${revision}  ${scenario}\n`);
      if (!ok || process.argv.includes('--verbose')) process.stdout.write(`${result.stdout}${result.stderr}\n`);
    }
  }
} finally {
  server.kill('SIGTERM');
  await once(server, 'exit');
  rmSync(home, { recursive: true, force: true });
}
process.stdout.write(`${passed} scenarios passed, ${failed} failed\n`);
process.exitCode = failed > 0 ? 1 : 0;
