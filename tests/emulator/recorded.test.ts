// Google's recorded answers replayed in order: every interaction must get the recorded status and values.

import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { systemClock } from '../../src/clock.ts';
import { createEmulator } from '../../src/emulator/emulator.ts';
import { readRecordings } from '../recorded/recording.ts';
import { replay } from '../recorded/replay.ts';

const recordings = readRecordings(join(import.meta.dirname, '../recorded/sheets'));

function open() {
  return createEmulator({
    file: ':memory:',
    clock: systemClock,
    onFault: (error) => {
      throw error;
    },
  });
}

test('there are recordings', () => {
  expect(recordings.length).toBeGreaterThanOrEqual(21);
  expect(recordings.flatMap(({ interactions }) => interactions).length).toBeGreaterThanOrEqual(450);
});

describe('replayed', () => {
  test.each(recordings)('$name', async (recording) => {
    const emulator = open();
    const outcomes = await replay(recording, emulator);
    emulator.close();
    const bad = outcomes.filter(({ differences }) => differences.length > 0);
    expect(bad.map(({ interaction, differences }) => [interaction.method, interaction.uri, ...differences])).toEqual(
      [],
    );
    expect(outcomes.filter(({ skipped }) => skipped === undefined).length).toBeGreaterThan(0);
  });

  test('a wrong value, a wrong status and a missing field are told', async () => {
    const [{ interactions = [] } = {}] = recordings.filter(({ name }) => name === 'CellTest.test_a1_value');
    const spoiled = interactions.map((each, index) => {
      if (index === 0) return { ...each, status: 201 };
      if (index !== 1) return each;
      const { spreadsheetUrl: _, ...rest } = each.answer as { spreadsheetUrl: string; properties: object };
      return { ...each, answer: { ...rest, properties: { ...rest.properties, locale: 'de_DE' } } };
    });
    const emulator = open();
    const outcomes = await replay({ name: 'spoiled', interactions: spoiled }, emulator);
    emulator.close();
    expect(outcomes[0]?.differences).toEqual(['status: recorded 201, answered 200']);
    expect(outcomes[1]?.differences).toEqual([
      'properties.locale: recorded "de_DE", answered "en_US"',
      expect.stringContaining('spreadsheetUrl: recorded nothing, answered "https://docs.google.com/'),
    ]);
  });
});
