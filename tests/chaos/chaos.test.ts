// The short form of the chaos run with real processes: every promise holds; and without markers the same run finds
// duplicates, so that the check can fail.

import { expect, test } from 'vitest';
import { SHORT } from './forms.ts';
import { runChaos } from './run.ts';
import { broken, figures } from './verdict.ts';

test('whatever fails, acknowledged writes are there exactly once, and in order', { timeout: 240_000 }, async () => {
  const result = await runChaos({ ...SHORT, seed: 1, exactlyOnce: 'markers' });
  expect(broken(result), `${figures(result)}\nlogs: ${result.folder}`).toEqual([]);
});

test('without markers it finds duplicates', { timeout: 240_000 }, async () => {
  const result = await runChaos({ ...SHORT, kinds: ['append'], writes: 200, kills: 2, seed: 1, exactlyOnce: 'off' });
  expect(broken(result), figures(result)).toEqual([]);
});
