// What befalls the processes themselves: they die at any moment and are started again, their disk fails for a while.
// Not while somebody watches what a well process does.

import { failDisk } from './disk.ts';
import type { Process, World } from './process.ts';
import type { Random } from './seeded.ts';

/** Means of the times between two. */
const DEATH_MS = 150_000;
const DISK_MS = 600_000;
/** A process that has not come to where it is to die dies where it is. */
const DOOMED_MS = 45_000;

export function createMishaps(parts: {
  readonly world: World;
  readonly random: Random;
  readonly processes: readonly Process[];
  readonly start: (place: number) => void;
  readonly stopped: () => boolean;
}) {
  const { world, random, processes, start, stopped } = parts;
  const { clock, tally } = world;
  let watched = false;
  let striking = false;

  async function strike(): Promise<void> {
    const place = random.below(processes.length);
    const process = processes[place];
    if (!process || process.dead()) return;
    if (random.chance(0.9)) {
      process.doom(random.pick(['send', 'sent', 'sent', 'reply', 'commit', 'committed']), random.below(4));
      const until = clock.now() + random.wait(DOOMED_MS);
      while (!process.dead() && clock.now() < until) await clock.sleep(500);
    }
    process.die('wherever it was');
    await clock.sleep(random.chance(0.3) ? 0 : random.wait(8_000));
    start(place);
    world.fineSince = Math.max(world.fineSince, clock.now());
  }

  async function strikeOnAndOn(): Promise<void> {
    while (!stopped()) {
      await clock.sleep(random.wait(DEATH_MS));
      if (watched || stopped()) continue;
      striking = true;
      await strike();
      striking = false;
    }
  }

  async function failOnAndOn(): Promise<void> {
    while (!stopped()) {
      await clock.sleep(random.wait(DISK_MS));
      if (watched || stopped()) continue;
      const ms = random.pick([0, random.wait(2_000), random.wait(20_000)]);
      tally.add('disk failures');
      failDisk(true);
      await clock.sleep(ms);
      failDisk(false);
      world.fineSince = Math.max(world.fineSince, clock.now());
    }
  }

  return {
    start: () => {
      void strikeOnAndOn();
      void failOnAndOn();
    },
    /** From now on nothing befalls them; resolves when all are well. */
    watch: async () => {
      watched = true;
      while (striking) await clock.runUntil(clock.now() + 1_000);
      failDisk(false);
    },
    goOn: () => {
      watched = false;
    },
  };
}
