// `npm run replay -- <folder or file>...`: replays recordings of Google's answers against the embedded backend and
// prints every difference. Ends with 1 when there is one.

import { join } from 'node:path';
import { systemClock } from '../../src/clock.ts';
import { createEmulator } from '../../src/emulator/emulator.ts';
import { readRecordings } from './recording.ts';
import { replay } from './replay.ts';

const print = (line: string) => void process.stdout.write(`${line}\n`);
const MOST_SHOWN = 12;
const paths = process.argv.slice(2);
let [agreed, differed, skipped] = [0, 0, 0];
for (const path of paths.length > 0 ? paths : [join(import.meta.dirname, 'sheets')]) {
  for (const recording of readRecordings(path)) {
    const emulator = createEmulator({
      file: ':memory:',
      clock: systemClock,
      onFault: (error) => process.stderr.write(`${error}\n`),
    });
    const outcomes = await replay(recording, emulator);
    emulator.close();
    const bad = outcomes.filter((outcome) => outcome.differences.length > 0);
    differed += bad.length;
    skipped += outcomes.filter((outcome) => outcome.skipped !== undefined).length;
    agreed += outcomes.length - bad.length;
    if (bad.length > 0) print(`${recording.name}: ${bad.length} of ${outcomes.length} differ`);
    for (const { interaction, differences } of bad) {
      print(`  ${interaction.method} ${interaction.uri}`);
      if (interaction.body) print(`    ${interaction.body.slice(0, 200)}`);
      for (const line of differences.slice(0, MOST_SHOWN)) print(`    ${line}`);
      if (differences.length > MOST_SHOWN) print(`    and ${differences.length - MOST_SHOWN} more`);
    }
  }
}
print(`${agreed - skipped} interactions agree, ${differed} differ, ${skipped} not replayed (recorded 401, 429 or 5xx)`);
process.exitCode = differed > 0 || agreed === 0 ? 1 : 0;
