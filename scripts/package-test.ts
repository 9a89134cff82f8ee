// Packs the package, runs it as a stranger would with npx in an empty folder, and calls it over every transport's door.

import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '..');
const DEMO = '1DemoServalSheets-Embedded-Backend-DemoSheet';
const folder = mkdtempSync(join(tmpdir(), 'servalsheets-package-'));
const env = { ...process.env, DATA_DIR: join(folder, 'data'), PORT: '0' };
const execute = (file: string, args: string[], cwd: string) =>
  execFileSync(file, args, { cwd, env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] }).trim();

function check(what: string, holds: boolean): void {
  if (!holds) throw new Error(`the package fails: ${what}`);
  process.stdout.write(`ok  ${what}\n`);
}

try {
  const packed = execute('npm', ['pack', '--silent', '--pack-destination', folder], root).split('\n').at(-1) ?? '';
  const npx = (...args: string[]) =>
    execute('npx', ['--yes', `--package=${join(folder, packed)}`, 'servalsheets', ...args], folder);
  check('npx of the tarball prints its version', /^\d+\.\d+\.\d+$/.test(npx('--version')));
  check('a call answers', npx('call', 'search_spreadsheets').includes('ServalSheets demo'));

  execute('npm', ['install', '--silent', '--prefix', folder, join(folder, packed)], folder);
  const installed = join(folder, 'node_modules/servalsheets/dist/main.js');
  const server = spawn(process.execPath, [installed, 'serve'], {
    cwd: folder,
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  try {
    const [text] = await once(server.stdout.setEncoding('utf8'), 'data');
    const url = /http:\/\/[^\s]+/.exec(String(text))?.[0];
    const page = await fetch(`${url}/docs/swagger-ui-bundle.js`);
    check('the API page is inside', page.status === 200);
    const { tools } = await (await fetch(`${url}/v1/tools`)).json();
    check(`${tools.length} tools are served`, tools.length > 0);
    const sql = 'SELECT count(*) FROM airports WHERE state = ?';
    const question = { spreadsheet: DEMO, sql, parameters: ['WA'] };
    const asked = await fetch(`${url}/v1/tools/query_rows`, { method: 'POST', body: JSON.stringify(question) });
    const { rows } = await asked.json();
    check('SQL is run in a worker', JSON.stringify(rows) === '[[65]]');
  } finally {
    server.kill('SIGTERM');
    const [code] = await once(server, 'exit');
    check('the server ends with 0', code === 0);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
