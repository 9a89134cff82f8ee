// Switches at run time.

import { describe, expect, test } from 'vitest';
import { createFlags } from '../../src/resilience/flags.ts';
import { createVirtualClock } from '../support/virtual-clock.ts';

function rig() {
  const clock = createVirtualClock({ wall: Date.UTC(2026, 0, 1) });
  return { clock, flags: createFlags({ cache: true, 'tool:write_range': true, retry: false }, clock) };
}

describe('a flag', () => {
  test('is what the configuration says, until it is switched', () => {
    const { flags } = rig();
    expect([flags.enabled('cache'), flags.enabled('retry')]).toEqual([true, false]);
    expect([flags.set('cache', false), flags.set('retry', true)]).toEqual([true, true]);
    expect([flags.enabled('cache'), flags.enabled('retry')]).toEqual([false, true]);
  });

  test('stays switched for good when no time is given', async () => {
    const { clock, flags } = rig();
    flags.set('cache', false);
    await clock.advance(1e12);
    expect([flags.enabled('cache'), flags.list().cache]).toEqual([false, { enabled: false, until: null }]);
  });

  test('turns back by itself after the time given', async () => {
    const { clock, flags } = rig();
    await clock.advance(1_000);
    flags.set('cache', false, 60_000);
    await clock.advance(59_999);
    expect([flags.enabled('cache'), flags.list().cache]).toEqual([
      false,
      { enabled: false, until: '2026-01-01T00:01:01.000Z' },
    ]);
    await clock.advance(1);
    expect([flags.enabled('cache'), flags.list().cache]).toEqual([true, { enabled: true, until: null }]);
  });

  test('that is switched again has the new time', async () => {
    const { clock, flags } = rig();
    flags.set('cache', false, 10);
    flags.set('cache', false, 1_000);
    await clock.advance(999);
    expect(flags.enabled('cache')).toBe(false);
    flags.set('cache', false);
    await clock.advance(1_000);
    expect(flags.enabled('cache')).toBe(false);
  });

  test('leaves the others alone', () => {
    const { flags } = rig();
    flags.set('tool:write_range', false);
    expect(flags.list()).toEqual({
      cache: { enabled: true, until: null },
      'tool:write_range': { enabled: false, until: null },
      retry: { enabled: false, until: null },
    });
  });
});

test.each(['other', 'tool:other', '', 'constructor', '__proto__', 'toString'])(
  'a name that nobody knows cannot be switched off: %j',
  (name) => {
    const { flags } = rig();
    expect([flags.set(name, false), flags.enabled(name)]).toEqual([false, true]);
    expect(Object.keys(flags.list())).toEqual(['cache', 'tool:write_range', 'retry']);
  },
);
