// The surface of every tool is reviewed as a difference: a changed or missing file fails here.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { goldenFiles } from '../scripts/golden.ts';
import { ROOT } from './support/app.ts';

test.each(Object.entries(goldenFiles()))('%s is what clients see', (name, text) => {
  expect(readFileSync(join(ROOT, name), 'utf8'), 'run npm run generate and review the difference').toBe(text);
});

test('there is no golden file without a tool', () => {
  const known = Object.keys(goldenFiles()).map((name) => name.replace('tests/golden/', ''));
  expect(readdirSync(join(ROOT, 'tests/golden')).filter((name) => !known.includes(name))).toEqual([]);
});
