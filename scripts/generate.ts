// Writes the generated files, or with --check says which are out of date.

import { readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { metricsDocument } from '../src/metrics.ts';
import { configDocument, envExample, errorsDocument, guaranteesDocument, toolsDocument } from './documents.ts';
import { emulatorDocument } from './emulator-document.ts';
import { goldenFiles } from './golden.ts';

const root = resolve(import.meta.dirname, '..');
const wanted: Record<string, string> = {
  '.env.example': envExample(),
  'docs/config.md': configDocument(),
  'docs/emulator.md': await emulatorDocument(),
  'docs/errors.md': errorsDocument(),
  'docs/guarantees.md': guaranteesDocument(),
  'docs/metrics.md': metricsDocument(),
  'docs/tools.md': toolsDocument(),
  ...goldenFiles(),
};

function current(name: string): string | undefined {
  try {
    return readFileSync(resolve(root, name), 'utf8');
  } catch {
    return undefined;
  }
}

const stale = Object.entries(wanted).filter(([name, text]) => current(name) !== text);
if (process.argv.includes('--check')) {
  for (const [name] of stale)
    process.stderr.write(`out of date: ${name}; run npm run generate and review the difference\n`);
  process.exitCode = stale.length > 0 ? 1 : 0;
} else {
  for (const [name, text] of stale) {
    writeFileSync(resolve(root, name), text);
    process.stdout.write(`wrote ${name}\n`);
  }
}
