// Other people's texts in our sentences are short, whatever was sent.

import { expect, test } from 'vitest';
import { cut, listed, nearest, shown } from '../src/words.ts';

test.each<[unknown, string]>([
  ['abc', '"abc"'],
  ['say "x"\n', '"say \\"x\\"\\n"'],
  ['x'.repeat(100), `"${'x'.repeat(100)}"`],
  ['x'.repeat(101), `"${'x'.repeat(99)}…"`],
  [`${'x'.repeat(98)}😀😀`, `"${'x'.repeat(98)}…"`],
  [7, '7'],
])('%j is shown as %s', (given, text) => {
  expect(shown(given)).toBe(text);
});

test('a list names the first thirty and counts the others', () => {
  expect(listed(['a', 'b'])).toBe('a, b');
  expect(listed(Array.from({ length: 33 }, (_, index) => `n${index}`))).toMatch(/^n0, .*n29 and 3 more$/);
  expect(listed(['x'.repeat(500)])).toBe(cut('x'.repeat(500)));
});

test.each<[string, string[], string | undefined]>([
  ['secnd', ['First', 'Second'], 'Second'],
  ['SECOND', ['First', 'Second'], 'Second'],
  ['zzzzz', ['First', 'Second'], undefined],
  ['a', [], undefined],
  ['x'.repeat(101), ['x'.repeat(101)], undefined],
])('the nearest to %j among %j is %j', (name, candidates, found) => {
  expect(nearest(name, candidates)).toBe(found);
});
