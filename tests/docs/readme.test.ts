// The README cannot lie: its curl examples are run and must print what it shows; its links and scripts exist.

import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ROOT, temporaryFolder } from '../support/app.ts';
import { bareEnvironment, serve } from '../support/processes.ts';

const readme = readFileSync(join(ROOT, 'README.md'), 'utf8');

test('every console example prints what the README shows', async () => {
  const { url } = await serve({ DATA_DIR: temporaryFolder() });
  const [, block = ''] = /```console\n([\s\S]*?)```/.exec(readme) ?? [];
  const examples = block.split(/^\$ /m).slice(1);
  expect(examples.length).toBeGreaterThan(3);
  for (const example of examples) {
    const [command = '', ...shown] = example.trimEnd().split('\n');
    // jq is not everywhere; the one thing asked of it is a member of the answer.
    const [request = '', member] = command.split(/ \| jq -r \./);
    const output = execFileSync('sh', ['-c', request.replaceAll('http://127.0.0.1:3000', url)], {
      encoding: 'utf8',
      env: bareEnvironment({}),
    });
    const said = member === undefined ? output : String(JSON.parse(output)[member]);
    // An id is new every time, and shown as `…`.
    expect(said.replaceAll(/"writeId":"[\w-]+"/g, '"writeId":"…"'), command).toBe(shown.join('\n'));
  }
});

test('every npm script and file that the documents name exists', () => {
  const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
  for (const name of ['README.md', 'AGENTS.md', 'docs/architecture.md']) {
    const text = readFileSync(join(ROOT, name), 'utf8');
    for (const [, script = ''] of text.matchAll(/npm (?:--\S+ (?:\/\S+ )?)*run ([a-z][\w:-]*)/g)) {
      expect(Object.keys(scripts), `${name}: npm run ${script}`).toContain(script);
    }
    for (const [, link = ''] of text.matchAll(/\]\(([^)#:]+)\)/g)) {
      expect(existsSync(join(ROOT, name, '..', link)), `${name}: ${link}`).toBe(true);
    }
  }
  expect(readFileSync(join(ROOT, 'AGENTS.md'), 'utf8').split('\n').length).toBeLessThan(41);
});

test('the package holds every file that the README links to', () => {
  const { files }: { files: string[] } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
  const links = [...readme.matchAll(/\]\(([^)#:]+)\)/g)].map(([, link = '']) => link);
  expect(links.length).toBeGreaterThan(5);
  expect(links.filter((link) => !files.some((file) => link === file || link.startsWith(`${file}/`)))).toEqual([]);
});
