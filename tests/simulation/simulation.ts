// One run: a world from a seed, its weather, its agents, and what must hold of it all in the end.

import { act } from './agents.ts';
import { createBackend } from './backend.ts';
import { AFTERMATH_MS, type Process, startProcess, type World } from './process.ts';
import { probe, watchRecovery } from './recovery.ts';
import { createReport, createTally, type Violation } from './report.ts';
import { type Random, seeded } from './seeded.ts';
import { createSimulatedClock } from './simulated-clock.ts';
import { calm, forecast, PROMPT, type Weather } from './weather.ts';
import { createWrites, LATEST_MS } from './writes.ts';

export interface Run {
  readonly violations: readonly Violation[];
  readonly counts: Readonly<Record<string, number>>;
  readonly minutes: number;
}

/** The part of Google's limits that we allow ourselves. */
const HEADROOM = 0.9;
/** Live reads at once of a greedy principal: more than a minute's. */
const GREED = 70;
/** Half a minute for the head of the queue, and a little for what is under way. */
const MODEST_MS = 35_000;
const DEADLINE_MS = 50_000;

/** Simulates so many virtual minutes (a little more: the last weather is let out) with the data in `folder`. */
export async function simulate(seed: number, minutes: number, folder: string): Promise<Run> {
  const random = seeded(seed);
  const clock = createSimulatedClock(random.fork());
  const { report, violations } = createReport(clock.now);
  const tally = createTally();
  let ordinal = 0;
  const order = () => ++ordinal;
  const writes = createWrites(clock.now, order, report);
  // Few accounts never reach Google's 300 of a project: sometimes it has less.
  const perProject = random.chance(0.4) ? 100 : 300;
  const phaseMs = random.below(60_000);
  const backend = createBackend({ clock, writes, report, tally, random: random.fork(), phaseMs, perProject });
  const env = {
    DATA_DIR: folder,
    QUOTA_READS_PER_MINUTE_PER_PROJECT: String(perProject),
    QUOTA_WRITES_PER_MINUTE_PER_PROJECT: String(perProject),
    MAX_CONCURRENT_REQUESTS: random.pick(['20', '6']),
    FALLBACK_MAX_STALE_MS: random.pick(['3600000', '120000']),
  };
  const identities = ['ida', 'ivo', 'ines'].slice(0, 2 + random.below(2)) as [string, ...string[]];
  const revokedUntil = new Map<string, number>();
  const world: World = {
    clock,
    order,
    report,
    tally,
    writes,
    backend,
    identities,
    revokedUntil,
    fineSince: 0,
    mildSince: 0,
    greedy: undefined,
  };
  const first = await backend.create('Book');
  const others = Array.from({ length: 1 + random.below(3) }, (_, index) => backend.create(`Book ${index}`));
  const spreadsheets = [first, ...(await Promise.all(others))];
  const processes: Process[] = [];
  let started = 0;
  const start = (place: number) => {
    processes[place] = startProcess(world, started++, env);
  };
  for (let place = random.chance(0.25) ? 1 : 0; place >= 0; place--) start(place);
  const principals = Array.from({ length: 3 + random.below(8) }, (_, index) => ({
    principal: `p${index}`,
    identity: random.pick(identities),
    place: random.below(processes.length),
    random: random.fork(),
    fair: { done: 0, all: 0 },
  }));
  let weather: Weather = calm(1);
  let stopped = false;
  /** The process that is to be restarted takes no calls. */
  let draining: number | undefined;

  async function live(agent: (typeof principals)[number]): Promise<void> {
    while (!stopped) {
      await clock.sleep(agent.random.wait(weather.pauseMs));
      const process = processes[agent.place];
      if (stopped || !process || draining === agent.place) continue;
      const at = weather;
      const fine = clock.now() > world.fineSince + AFTERMATH_MS;
      if (at.greed && agent.principal === world.greedy) {
        const reads = Array.from({ length: GREED }, (_, index) => spreadsheets[index % spreadsheets.length] ?? first);
        await Promise.all(reads.map((one) => probe(world, process, one, agent.identity, agent.principal)));
        continue;
      }
      const burst = agent.random.chance(0.15) ? 2 + agent.random.below(4) : 1;
      const caller = { ...agent, process, leaving: at.leaving ?? 0.12 };
      const ends = await Promise.all(Array.from({ length: burst }, () => act(world, caller, spreadsheets)));
      if (!fine || weather !== at) continue;
      agent.fair.done += ends.filter((end) => end === 'done').length;
      agent.fair.all += ends.filter((end) => end !== 'left').length;
    }
  }

  async function passWeather(next: Weather): Promise<void> {
    weather = next;
    world.greedy = next.greed && principals[0]?.principal;
    tally.add(`weather: ${next.name}`);
    if (!next.fine) world.fineSince = Infinity;
    else if (world.fineSince === Infinity) world.fineSince = clock.now();
    if (!next.fine && !next.mild) world.mildSince = Infinity;
    else if (world.mildSince === Infinity) world.mildSince = clock.now();
    const end = clock.now() + next.minutes * 60_000;
    backend.setFaults(random.below(1e9), next.rules);
    backend.cutOff(next.cut === true);
    backend.delayReplies(next.replyMs ?? PROMPT);
    const identity = identities[next.revoked ?? -1];
    if (identity !== undefined) revokedUntil.set(identity, end);
    if (next.greed) for (const process of processes) process.flags.set('batching', false, next.minutes * 60_000);
    for (const agent of principals) agent.fair = { done: 0, all: 0 };
    if (next.greed) await watchModest(end);
    if (next.sick !== undefined || next.revoked !== undefined) await watchOthers(next, end);
    while (clock.now() < end) {
      await clock.runUntil(Math.min(end, clock.now() + random.between(20_000, 60_000)));
      if (!next.outage) meddle(random);
      checkRest();
    }
    if (next.fine) checkFairness();
    if (next.outage) {
      backend.setFaults(random.below(1e9), calm(1).rules);
      backend.cutOff(false);
      weather = calm(3);
      await watchRecovery(world, processes, spreadsheets);
    }
  }

  /** What one spreadsheet or one grant lacks stops nobody else. */
  async function watchOthers(next: Weather, end: number): Promise<void> {
    // Circuits that earlier weather has opened are closed again by then.
    await clock.runUntil(clock.now() + 75_000);
    const well = spreadsheets.filter((_, index) => index !== next.sick);
    const served = identities.filter((_, index) => index !== next.revoked);
    let all = 0;
    let done = 0;
    while (clock.now() < end) {
      for (const process of processes) {
        const spreadsheet = well[all % well.length];
        if (!spreadsheet) continue;
        const work = probe(world, process, spreadsheet, served[all++ % served.length] ?? identities[0]);
        work.then((code) => code === 'ok' && done++);
      }
      await clock.runUntil(clock.now() + 8_000);
    }
    await clock.runUntil(clock.now() + DEADLINE_MS);
    if (done < 0.8 * all) report('others go on', `${done} of ${all} were served during: ${next.name}`);
  }

  /** Whoever asks little waits little, however much another principal of the same account asks for. */
  async function watchModest(end: number): Promise<void> {
    const [greedy] = principals;
    const process = processes[greedy?.place ?? 0];
    if (!greedy || !process) return;
    const waits: number[] = [];
    for (let beat = 0; clock.now() < end; beat++) {
      const spreadsheet = spreadsheets[beat % spreadsheets.length];
      const start = clock.now();
      if (spreadsheet) probe(world, process, spreadsheet, greedy.identity).then(() => waits.push(clock.now() - start));
      await clock.runUntil(start + 7_000);
    }
    await clock.runUntil(clock.now() + DEADLINE_MS);
    const longest = Math.max(...waits);
    tally.peak('longest wait beside greed, s', Math.round(longest / 1000));
    if (longest > MODEST_MS)
      report('nobody starves', `a read waited ${longest} ms while ${greedy.principal} was greedy`);
  }

  /** The operator and the time server do what they do. */
  function meddle(chance: Random): void {
    if (chance.chance(0.05)) clock.jump(chance.between(-1, 1) * 86_400_000);
    const process = processes[chance.below(processes.length)];
    if (!process || !chance.chance(0.05)) return;
    const flag = chance.pick(['batching', 'cache', 'fallback', 'retry']);
    chance.pick([
      () => process.flags.set(flag, false, chance.between(10_000, 120_000)),
      () => process.circuits.resetAll(),
      () => {
        process.circuits.service('google_sheets_api').isolate(chance.between(1_000, 20_000));
        world.fineSince = Math.max(world.fineSince, clock.now());
      },
    ])();
  }

  function checkFairness(): void {
    for (const { principal, identity, fair } of principals.filter(({ fair }) => fair.all >= 5)) {
      tally.add('principals watched');
      const served = fair.done / fair.all;
      tally.add(`principals of whom ${Math.floor(10 * served)} in ten calls were served`);
      if (served < 0.5) report('nobody starves', `${principal} of ${identity}: ${fair.done} of ${fair.all} served`);
    }
  }

  function checkRest(): void {
    for (const process of processes) {
      for (const [what, count] of Object.entries(process.leftovers() ?? {})) {
        if (count !== 0) report('nothing is left', `${count} ${what} in process ${process.number}`);
      }
    }
  }

  async function end(process: Process): Promise<void> {
    if (process.leftovers() !== undefined) await process.idle();
    else report('nothing is left', `calls under way in process ${process.number}`);
    process.close();
  }

  async function restart(): Promise<void> {
    draining = random.below(processes.length);
    await clock.runUntil(clock.now() + DEADLINE_MS + 35_000);
    const process = processes[draining];
    if (process) await end(process);
    start(draining);
    tally.add('restarts');
    draining = undefined;
  }

  for (const agent of principals) void live(agent);
  for (const next of forecast(
    random,
    minutes,
    spreadsheets.map(({ id }) => id),
    identities.length,
  )) {
    await passWeather(next);
    if (random.chance(0.08)) await restart();
  }
  stopped = true;
  backend.setFaults(1, calm(1).rules);
  await clock.runUntil(clock.now() + 5 * 120_000 + DEADLINE_MS + LATEST_MS);
  const virtual = clock.now() / 60_000;
  checkRest();
  for (const process of processes) await end(process);
  backend.checkQuota(HEADROOM);
  for (const spreadsheet of spreadsheets) writes.judge(spreadsheet.id, await backend.workbook(spreadsheet));
  backend.close();
  return { violations, counts: tally.all(), minutes: virtual };
}
