// The layout's rules, enforced: who imports whom, who may touch what, how long a file may be, how many packages.

import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';

const SRC = resolve(import.meta.dirname, '../src');
const files = readdirSync(SRC, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts'))
  .map((name) => {
    const text = readFileSync(join(SRC, name), 'utf8');
    return {
      name,
      text,
      code: text.replaceAll(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, ''),
      folder: name.includes('/') ? (name.split('/')[0] ?? '') : '',
      lines: text.split('\n').length,
    };
  });

interface Import {
  readonly from: string;
  readonly folder: string;
  readonly target: string;
  readonly typeOnly: boolean;
}

const imports: Import[] = files.flatMap(({ name, text, folder }) => {
  const statements = [
    ...text.matchAll(/^(?:import|export)\s+(type\s)?(?:[^'";]*?\sfrom\s+)?'([^']+)'/gms),
    ...text.matchAll(/\bimport\(\s*()'([^']+)'\s*\)/g),
  ];
  return statements.map(([, type, target = '']) => ({
    from: name,
    folder,
    target,
    typeOnly: type !== undefined && type !== '',
  }));
});

/** Beside root files and its own; `type:` allows types only. */
const MAY_IMPORT: Record<string, string[]> = {
  server: ['tools', 'type:sheets', 'type:resilience', 'type:store'],
  tools: ['sheets', 'type:query', 'type:store'],
  query: [],
  sheets: [],
  resilience: [],
  google: [],
  store: [],
  emulator: ['sheets/a1.ts', 'sheets/values.ts'],
};
const ROOTS_THAT_COMPOSE = ['main.ts', 'app.ts', 'pipe.ts', 'service.ts'];

function allowed({ from, folder, target, typeOnly }: Import): boolean {
  const path = relative(SRC, resolve(SRC, dirname(from), target));
  const targetFolder = path.includes('/') ? (path.split('/')[0] ?? '') : '';
  if (ROOTS_THAT_COMPOSE.includes(from)) return true;
  if (targetFolder === '') return !ROOTS_THAT_COMPOSE.includes(path);
  if (targetFolder === folder) return true;
  return (MAY_IMPORT[folder] ?? []).some(
    (rule) => rule === targetFolder || rule === path || (typeOnly && rule === `type:${targetFolder}`),
  );
}

const packageOf = (target: string) =>
  target
    .split('/')
    .slice(0, target.startsWith('@') ? 2 : 1)
    .join('/');
const users = (matches: (name: string) => boolean) => [
  ...new Set(
    imports.filter(({ target }) => !target.startsWith('.') && matches(packageOf(target))).map(({ from }) => from),
  ),
];

describe('architecture', () => {
  test('finds the sources it judges', () => {
    expect(files.length).toBeGreaterThan(30);
    expect(imports.length).toBeGreaterThan(100);
  });

  test('every folder is in the table of who may import whom', () => {
    expect(
      [...new Set(files.map((file) => file.folder))].filter((folder) => folder !== '' && !(folder in MAY_IMPORT)),
    ).toEqual([]);
  });

  test('imports follow the table', () => {
    const wrong = imports.filter((one) => one.target.startsWith('.') && !allowed(one));
    expect(wrong.map(({ from, target }) => `${from} -> ${target}`)).toEqual([]);
  });

  test('only main.ts reads the environment', () => {
    expect(files.filter(({ text }) => /process\.env\b/.test(text)).map(({ name }) => name)).toEqual(['main.ts']);
  });

  test('only google/ imports Google packages', () => {
    const google = users(
      (name) => name.startsWith('@googleapis/') || name === 'google-auth-library' || name === 'gaxios',
    );
    expect(google.filter((name) => !name.startsWith('google/'))).toEqual([]);
  });

  test('only server/ and emulator/ import Hono', () => {
    expect(
      users((name) => name === 'hono' || name.startsWith('@hono/')).filter(
        (name) => !/^(server|emulator)\//.test(name),
      ),
    ).toEqual([]);
  });

  test('only the MCP faces import the MCP SDK', () => {
    expect(users((name) => name.startsWith('@modelcontextprotocol/')).sort()).toEqual([
      'server/mcp.ts',
      'server/stdio.ts',
    ]);
  });

  test('only clock.ts reads the clock, sleeps or draws random numbers', () => {
    const clocks = /\bDate\.now\(|\bnew Date\(\)|performance\.now\(|\bsetTimeout\(|\bsetInterval\(|Math\.random\(/;
    // A shutdown's last resort must work when everything else hangs.
    expect(files.filter(({ code }) => clocks.test(code)).map(({ name }) => name)).toEqual([
      'clock.ts',
      'server/listen.ts',
    ]);
  });

  test('no default exports, enums, namespaces or any', () => {
    const banned = /^export default|^(export )?(const )?enum |^(export )?namespace |: any\b|\bas any\b|@ts-ignore/m;
    expect(files.filter(({ code }) => banned.test(code)).map(({ name }) => name)).toEqual([]);
  });

  test('every file opens by saying what it owns', () => {
    expect(files.filter(({ text }) => !/^(#!.*\n)?\/\/ /.test(text)).map(({ name }) => name)).toEqual([]);
  });

  test('files stay short and the whole small', () => {
    expect(files.filter(({ lines }) => lines > 300).map(({ name, lines }) => `${name}: ${lines}`)).toEqual([]);
    const sorted = files.map(({ lines }) => lines).sort((a, b) => a - b);
    expect(sorted[Math.floor(sorted.length / 2)]).toBeLessThan(130);
    const sum = (inside: boolean) =>
      files.filter(({ folder }) => (folder === 'emulator') === inside).reduce((total, { lines }) => total + lines, 0);
    expect(sum(false)).toBeLessThan(24_000);
    expect(sum(true)).toBeLessThan(24_000);
    expect(files.find(({ name }) => name === 'call.ts')?.lines).toBeLessThan(60);
  });

  test('runtime dependencies are few and pinned', () => {
    const manifest: { dependencies: Record<string, string>; devDependencies: Record<string, string> } = JSON.parse(
      readFileSync(join(SRC, '../package.json'), 'utf8'),
    );
    expect(Object.keys(manifest.dependencies).length).toBeLessThan(16);
    const versions = Object.entries({ ...manifest.dependencies, ...manifest.devDependencies });
    expect(versions.filter(([, version]) => !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version))).toEqual([]);
    const used = new Set(
      imports.filter(({ target }) => !/^(\.|node:)/.test(target)).map(({ target }) => packageOf(target)),
    );
    expect(Object.keys(manifest.dependencies).filter((name) => !used.has(name))).toEqual([]);
    expect([...used].filter((name) => !(name in manifest.dependencies))).toEqual([]);
  });
});
