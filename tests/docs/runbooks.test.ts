// The runbooks cannot lie: each is played as written on real servers in the situations it speaks of, every command is
// run and must print what it promises, and every name it gives is one that the code knows or that the server showed.

import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parseConfig, SETTINGS } from '../../src/config.ts';
import { DEMO_SPREADSHEET_ID as demo } from '../../src/emulator/emulator.ts';
import { ERROR_TABLE } from '../../src/errors.ts';
import { METRICS } from '../../src/metrics.ts';
import { ROOT } from '../support/app.ts';
import { openShell, type Stage } from './runbook-shell.ts';
import {
  authStages,
  circuitStages,
  errorRateStages,
  googleErrorStages,
  openWorld,
  outboxStages,
  quotaStages,
} from './runbook-stages.ts';
import { type Assignment, holds, readRunbooks } from './runbook-text.ts';

const runbooks = readRunbooks();
const STAGES = {
  'auth-failures.md': authStages,
  'circuit-breaker.md': circuitStages,
  'google-api-errors.md': googleErrorStages,
  'high-error-rate.md': errorRateStages,
  'outbox-backlog.md': outboxStages,
  'quota-near-limit.md': quotaStages,
};

const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
const manifests = globSync('**/*.{yml,yaml}', { cwd: ROOT, exclude: ['node_modules/**', 'dist/**'] })
  .map((name) => readFileSync(join(ROOT, name), 'utf8'))
  .join('\n');

/** What the runbooks name and later work brings: each is true once that exists, and must then leave this list. */
const PENDING: Readonly<Record<string, () => boolean>> = {
  'npm run auth:refresh': () => 'auth:refresh' in scripts,
  'deployment/servalsheets': () => /kind: Deployment/.test(manifests),
  '-n servalsheets': () => /kind: Namespace/.test(manifests),
  'google-creds': () => /google-creds/.test(manifests),
  'http://prometheus:9090': () => /scrape_configs|kind: ServiceMonitor/.test(manifests),
  CircuitBreakerOpen: () => /alert: CircuitBreakerOpen/.test(manifests),
  CircuitBreakerHalfOpen: () => /alert: CircuitBreakerHalfOpen/.test(manifests),
  OutboxBacklog: () => /alert: OutboxBacklog/.test(manifests),
  HighErrorRate: () => /alert: HighErrorRate/.test(manifests),
};

test.each(Object.entries(PENDING))('%s does not exist yet', (name, exists) => {
  expect(exists(), `${name} exists: take it from PENDING and check it here`).toBe(false);
  expect(
    runbooks.some(({ text }) => text.includes(name)),
    'and is named',
  ).toBe(true);
});

test('there is a way to play each runbook', () => {
  expect(runbooks.map(({ name }) => name)).toEqual(Object.keys(STAGES));
});

describe.each(runbooks)('$name', (runbook) => {
  const { name, text, blocks, commands, assignments, names } = runbook;

  test('is played as written', async () => {
    const world = await openWorld();
    const stages = STAGES[name as keyof typeof STAGES](world);
    const shell = openShell(demo);
    const met = new Map<string, Stage>();
    for (const command of commands) {
      const enter = stages[command.situation];
      if (!enter) throw new Error(`there is no situation ${command.situation}: ${command.text}`);
      const stage = await enter();
      met.set(stage.url, stage);
      await shell.check(command, stage);
    }
    expect(new Set(Object.keys(stages))).toEqual(new Set(commands.map(({ situation }) => situation)));
    const left = [...met.values()].map(async ({ url, log }) => log() + (await (await fetch(`${url}/metrics`)).text()));
    const said = commands.map((command) => command.text);
    const all = [shell.printed(), world.shown(), ...said, ...(await Promise.all(left))].join('\n');
    const strange = names.filter((code) => !isKnown(code) && !holds(all, code) && !holds(all, escaped(code)));
    expect(strange, 'names that neither the code knows nor the server showed').toEqual([]);
  });

  test('every block is commands or settings, and every setting is real, accepted and moves where it says', () => {
    for (const { language, body } of blocks) expect(['sh', 'env'], body).toContain(language);
    for (const assignment of assignments) expect(faultOf(assignment)).toBeUndefined();
    const assigned = blocks.flatMap(({ body }) => body.match(/^[A-Z_]+=|(?<=set env.*)\b[A-Z_]+=/gm) ?? []);
    expect(assignments).toHaveLength(assigned.length);
    for (const block of blocks.filter(({ language }) => language === 'env')) {
      const env = Object.fromEntries(assignments.map(({ name: variable, value }) => [variable, value]));
      expect(parseConfig(env, () => '').warnings, block.body).toEqual([]);
    }
  });

  test('defaults are the defaults', () => {
    const stated = [
      ...text.matchAll(/`([A-Z][A-Z_]+)`[^`\n]*? \(default ([\d.]+|true|false)/g),
      ...text.matchAll(/^\| `([A-Z][A-Z_]+)` \| ([\d.]+|true|false) \|/gm),
    ];
    for (const [said, variable = '', value] of stated) {
      expect(SETTINGS[variable as keyof typeof SETTINGS]?.default, said).toBe(value);
    }
    expect(stated).toHaveLength(text.match(/\(default|^\| `[A-Z_]+` \| [\d.]+ \|/gm)?.length ?? 0);
  });

  test('metrics and labels, scripts, settings and links exist', () => {
    const metrics = [...text.matchAll(/servalsheets_([a-z_]+)(\{[^}]*\})?/g)];
    for (const [said, metric = '', labels = ''] of metrics) expect(labelsUnknown(metric, labels), said).toEqual([]);
    for (const [said, script = ''] of text.matchAll(/npm (?:run )?([a-z][\w:]*)/g)) {
      expect(script in scripts || said in PENDING, said).toBe(true);
    }
    const variables = [...text.matchAll(/(?<![\w$-])[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+/g)].map(([variable]) => variable);
    for (const variable of variables) expect(Object.keys(SETTINGS)).toContain(variable);
    for (const [, file = '', anchor] of text.matchAll(/\]\(([^)#]*)(?:#([^)]*))?\)/g)) {
      expect(existsSync(join(ROOT, 'docs/runbooks', file)), file).toBe(true);
      if (anchor) expect(text.toLowerCase(), anchor).toMatch(new RegExp(`^#+ ${anchor.replaceAll('-', ' ')}$`, 'm'));
    }
  });
});

test('the tables of error codes are those of the code', () => {
  const text = (name: string) => runbooks.find((runbook) => runbook.name === name)?.text ?? '';
  for (const code of Object.keys(ERROR_TABLE)) expect(text('high-error-rate.md'), code).toContain(`\`${code}\``);
  const rows = [...text('google-api-errors.md').matchAll(/^\| `(\w+)` \| [^|]+ \| ([^|]+) \| (yes|no) \|/gm)];
  expect(rows).toHaveLength(7);
  for (const [row, code = '', repeated = '', counts] of rows) {
    const { retryable, trips } = ERROR_TABLE[code as keyof typeof ERROR_TABLE];
    expect(!/^(no|never)$/.test(repeated), row).toBe(retryable);
    // What was lost counts as what became of it: see the outage's tests.
    if (code !== 'outcome_unknown') expect(counts === 'yes', row).toBe(trips);
  }
});

/** A name of the code itself; whatever else stands as code must have been seen. */
function isKnown(code: string): boolean {
  const [name = '', value] = code.split('=');
  if (code in PENDING || code in ERROR_TABLE) return true;
  if (name in SETTINGS) return value === undefined || parseConfig({ [name]: value }, () => '').warnings.length === 0;
  return false;
}

/** `spreadsheet:<id>` is shown with any id, and `name{label="value"}` with other labels too. */
function escaped(code: string): string {
  return code.replaceAll(/<\w+>/g, '…').replace('{', '{…').replace('}', '…}');
}

function faultOf({ name, value, verb }: Assignment): string | undefined {
  const said = `${verb} ${name}=${value}`;
  if (!(name in SETTINGS)) return `${said}: no such setting`;
  const standard = SETTINGS[name as keyof typeof SETTINGS].default ?? '';
  const right = {
    raises: Number(value) > Number(standard),
    lowers: Number(value) < Number(standard),
    keeps: value === standard,
    from: value !== standard,
  }[verb];
  return right ? undefined : `${said}: the default is ${standard}`;
}

/** What is wrong with a metric as it is written: its name, or labels that it does not have. */
function labelsUnknown(written: string, labels: string): string[] {
  const entry = Object.entries(METRICS).find(([name, [kind]]) => {
    const base = kind === 'seconds' || kind === 'sizes' ? written.replace(/_(sum|count|bucket)$/, '') : written;
    return name === base;
  });
  if (!entry) return [written];
  const [, [, , ...known]] = entry;
  return [...labels.matchAll(/(\w+)="/g)]
    .map(([, label = '']) => label)
    .filter((label) => !known.includes(label as never));
}
