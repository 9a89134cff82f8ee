// A shell in which the runbooks' commands run as printed: localhost:3000 and Google are the servers of the test, the log
// is a file, and stand-ins take the place of what is no part of this project (a cluster, npm, a terminal).

import { execFile, spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { ROOT, temporaryFolder } from '../support/app.ts';
import type { Command } from './runbook-text.ts';
import { holds } from './runbook-text.ts';

/** A running server in the situation that a command is meant for. */
export interface Stage {
  readonly url: string;
  readonly googleUrl: string;
  readonly log: () => string;
}

export interface Shell {
  /** Runs the command and holds it to what the runbook promises. */
  check(command: Command, stage: Stage): Promise<void>;
  /** Everything printed so far. */
  readonly printed: () => string;
}

const STAND_INS = {
  // Logs are those of the server at hand; anything else is for a cluster.
  kubectl:
    'case "$1" in logs) cat servalsheets.log ;; apply) cat >/dev/null; echo applied ;; *) echo "kubectl $*" ;; esac',
  npm: 'echo "npm $*"',
  watch: 'sh -c "$1"',
};

/** jq where there is none: the two filters that the runbooks use. */
const JQ = `
const fs = require('node:fs');
const filter = process.argv[2] ?? '.';
const value = JSON.parse(fs.readFileSync(0, 'utf8'));
const [, list, key, wanted] = /^\\.(\\w+)\\[\\] \\| select\\(\\.(\\w+) == "([^"]*)"\\)$/.exec(filter) ?? [];
if (filter !== '.' && !list) throw new Error('this stand-in does not know ' + filter);
for (const one of list ? value[list].filter((item) => item[key] === wanted) : [value])
  console.log(JSON.stringify(one, null, 2));
`;

const HAS_JQ = spawnSync('jq', ['--version']).status === 0;

/** Commands that only look, and may be asked again while the log is on its way. */
const LOOKS = /^(grep|kubectl logs|watch|curl -s http\S+( \||$))/;

export function openShell(spreadsheet: string): Shell {
  const folder = temporaryFolder();
  const bin = join(folder, 'bin');
  mkdirSync(bin);
  const install = (name: string, script: string) => {
    writeFileSync(join(bin, name), `#!/bin/sh\n${script}\n`);
    chmodSync(join(bin, name), 0o755);
  };
  for (const [name, script] of Object.entries(STAND_INS)) install(name, script);
  install('servalsheets', `exec "${process.execPath}" "${join(ROOT, 'src/main.ts')}" "$@"`);
  writeFileSync(join(folder, 'jq.cjs'), JQ);
  if (!HAS_JQ) install('jq', `exec "${process.execPath}" "${join(folder, 'jq.cjs')}" "$@"`);
  writeFileSync(join(folder, '.curlrc'), 'write-out = "%{stderr}\\nstatus-of-curl %{http_code}\\n"\nmax-time = 20\n');
  const env = {
    PATH: `${bin}:${process.env.PATH ?? ''}`,
    HOME: folder,
    CURL_HOME: folder,
    SPREADSHEET: spreadsheet,
    TOKEN: 'any',
    START: '0',
    END: '1',
  };
  let all = '';

  function execute(text: string, stage: Stage): Promise<{ code: number; stdout: string; stderr: string }> {
    writeFileSync(join(folder, 'servalsheets.log'), stage.log());
    const script = text.startsWith('kubectl')
      ? text
      : text
          .replaceAll('http://localhost:3000', stage.url.replace('127.0.0.1', 'localhost'))
          .replace('https://sheets.googleapis.com', stage.googleUrl)
          .replace(/^curl (?=.*http:\/\/prometheus:)/, 'echo ');
    return new Promise((resolve) => {
      execFile('sh', ['-c', script], { cwd: folder, env, encoding: 'utf8' }, (error, stdout, stderr) =>
        resolve({ code: typeof error?.code === 'number' ? error.code : error ? 1 : 0, stdout, stderr }),
      );
    });
  }

  async function once({ text, prints, status }: Command, stage: Stage): Promise<string[]> {
    const { code, stdout, stderr } = await execute(text, stage);
    all += `${stdout}\n`;
    const got = /status-of-curl (\d{3})/.exec(stderr)?.[1];
    const shown = `${text}\nprinted: ${stdout.slice(0, 1500)}\n${stderr.slice(-500)}`;
    const wrong: string[] = [];
    if (code !== 0) wrong.push(`exits ${code}: ${shown}`);
    if (stdout.trim() === '') wrong.push(`prints nothing: ${shown}`);
    if (got !== undefined && (status === undefined ? !got.startsWith('2') : Number(got) !== status)) {
      wrong.push(`answers ${got}, ${status ?? '2xx'} is promised: ${shown}`);
    }
    if (status !== undefined && got === undefined) wrong.push(`no status, ${status} is promised: ${shown}`);
    for (const line of prints) if (!holds(stdout, line)) wrong.push(`does not print ${line}: ${shown}`);
    return wrong;
  }

  return {
    printed: () => all,
    check: async (command, stage) => {
      if (LOOKS.test(command.text)) await expect.poll(() => once(command, stage), { timeout: 3_000 }).toEqual([]);
      else expect(await once(command, stage)).toEqual([]);
    },
  };
}
