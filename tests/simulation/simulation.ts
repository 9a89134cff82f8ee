// One run: a world from a seed, its weather, its agents, and what must hold of it all in the end.

import { act } from './agents.ts';
import { createBackend, LINKS } from './backend.ts';
import { judgeBook } from './book.ts';
import { createClients } from './clients.ts';
import { failDisk } from './disk.ts';
import { watchModest, watchOthers } from './fairness.ts';
import { LATEST_MS } from './flushes.ts';
import { AFTERMATH_MS } from './judge.ts';
import { createMishaps } from './mishaps.ts';
import { type Process, startProcess, type World } from './process.ts';
import { probe, watchRecovery } from './recovery.ts';
import { createReport, createTally, type Violation } from './report.ts';
import { type Random, seeded } from './seeded.ts';
import { createSimulatedClock } from './simulated-clock.ts';
import { calm, forecast, PROMPT, type Weather } from './weather.ts';
import { createWrites } from './writes.ts';

export interface Run {
  readonly violations: readonly Violation[];
  readonly counts: Readonly<Record<string, number>>;
  readonly minutes: number;
}

/** The part of Google's limits that we allow ourselves. */
const HEADROOM = 0.9;
/** Live reads at once of a greedy principal: more than a minute's. */
const GREED = 70;
const DEADLINE_MS = 50_000;
/** What was lost where no fence fits in is known after ten minutes; what was queued behind it is then made. */
const LAST_MS = 600_000 + 5 * 60_000;

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
    OUTBOX_MAX_AGE_MS: random.pick(['86400000', '86400000', '240000']),
  };
  const identities = ['ida', 'ivo', 'ines'].slice(0, 2 + random.below(2)) as [string, ...string[]];
  const accounts = new Map<string, string>();
  const world: World = {
    clock,
    order,
    report,
    tally,
    writes,
    backend,
    identities,
    identityOf: (principal) => accounts.get(principal) ?? identities[0],
    revokedUntil: new Map(),
    written: new Map(),
    full: new Set(),
    fineSince: 0,
    mildSince: 0,
    greedy: undefined,
  };
  const first = await backend.create('Book', random.chance(0.25) ? 4 + random.below(60) : undefined);
  const others = Array.from({ length: 1 + random.below(3) }, (_, index) => backend.create(`Book ${index}`));
  const spreadsheets = [first, ...(await Promise.all(others))] as const;
  if (first.full) world.full.add(first.id);
  const processes: Process[] = [];
  let started = 0;
  const start = (place: number) => {
    processes[place] = startProcess(world, started++, env);
  };
  const places = random.chance(0.25) ? 2 : 1;
  for (let place = places - 1; place >= 0; place--) start(place);
  const principals = Array.from({ length: 1 + random.below(4) }, (_, index) => ({
    principal: `p${index}`,
    identity: random.pick(identities),
    place: random.below(places),
    random: random.fork(),
    fair: { done: 0, all: 0 },
  }));
  const clients = Array.from({ length: 3 + random.below(4) }, (_, index) => {
    const principal = `t${index}`;
    accounts.set(principal, random.pick(identities));
    // Only within one process do writers that read before they write keep out of each other's way.
    const whose = places === 1 ? 'all' : principal;
    const links = places === 1 ? ([0, 1, 2] as const) : ([index % LINKS] as const);
    const place = places === 1 ? 0 : (index % LINKS) % places;
    return { principal, random: random.fork(), place, whose, links };
  });
  let weather: Weather = calm(1);
  let stopped = false;
  /** The process that is to be restarted takes no calls. */
  let draining: number | undefined;
  const at = (place: number) => (draining === place ? undefined : processes[place]);
  const tools = createClients({
    world,
    spreadsheets,
    at,
    places,
    leaving: () => weather.leaving ?? 0.12,
    stopped: () => stopped,
  });
  const mishaps = createMishaps({ world, random: random.fork(), processes, start, stopped: () => stopped });

  async function live(agent: (typeof principals)[number]): Promise<void> {
    while (!stopped) {
      await clock.sleep(agent.random.wait(weather.pauseMs));
      const process = at(agent.place);
      if (stopped || !process) continue;
      const then = weather;
      const fine = clock.now() > world.fineSince + AFTERMATH_MS;
      if (then.greed && agent.principal === world.greedy) {
        const reads = Array.from({ length: GREED }, (_, index) => spreadsheets[index % spreadsheets.length] ?? first);
        await Promise.all(reads.map((one) => probe(world, process, one, agent.identity, agent.principal)));
        continue;
      }
      const burst = agent.random.chance(0.15) ? 2 + agent.random.below(4) : 1;
      const caller = { ...agent, process, leaving: then.leaving ?? 0.12 };
      const ends = await Promise.all(Array.from({ length: burst }, () => act(world, caller, spreadsheets)));
      if (!fine || weather !== then) continue;
      agent.fair.done += ends.filter((end) => end === 'done').length;
      agent.fair.all += ends.filter((end) => end !== 'left').length;
    }
  }

  async function liveOnTools(client: (typeof clients)[number]): Promise<void> {
    while (!stopped) {
      await clock.sleep(client.random.wait(weather.pauseMs));
      if (stopped || !at(client.place)) continue;
      // Of several processes only one at a time may write what its writer has read.
      const jobs = places === 1 && client.random.chance(0.3) ? 2 + client.random.below(4) : 1;
      await Promise.all(Array.from({ length: jobs }, () => tools.work(client)));
    }
  }

  async function passWeather(next: Weather): Promise<void> {
    const watching = next.greed || next.sick !== undefined || next.revoked !== undefined;
    if (watching) await mishaps.watch();
    weather = next;
    world.greedy = next.greed && principals[0]?.principal;
    tally.add(`weather: ${next.name}`);
    if (!next.fine) world.fineSince = Infinity;
    else if (world.fineSince === Infinity) world.fineSince = clock.now();
    if (!next.fine && !next.mild) world.mildSince = Infinity;
    else if (world.mildSince === Infinity) world.mildSince = clock.now();
    const end = clock.now() + next.minutes * 60_000;
    backend.setFaults(random.below(1e9), next.rules);
    backend.network.cutOff(next.cut === true);
    backend.network.delayReplies(next.replyMs ?? PROMPT);
    const identity = identities[next.revoked ?? -1];
    if (identity !== undefined) world.revokedUntil.set(identity, end);
    if (next.greed) for (const process of processes) process.flags.set('batching', false, next.minutes * 60_000);
    for (const agent of principals) agent.fair = { done: 0, all: 0 };
    const [greedy] = principals;
    const asked = processes[greedy?.place ?? 0];
    if (next.greed && greedy && asked) await watchModest(world, asked, spreadsheets, greedy.identity, end);
    if (next.sick !== undefined || next.revoked !== undefined) {
      await watchOthers(world, processes, spreadsheets, next, end);
    }
    while (clock.now() < end) {
      await clock.runUntil(Math.min(end, clock.now() + random.between(20_000, 60_000)));
      if (!next.outage) meddle(random);
      checkRest();
    }
    if (next.fine) checkFairness();
    if (next.outage) {
      await mishaps.watch();
      backend.setFaults(random.below(1e9), calm(1).rules);
      backend.network.cutOff(false);
      weather = calm(3);
      await watchRecovery(world, processes, spreadsheets);
    }
    mishaps.goOn();
  }

  /** The operator and the time server do what they do. */
  function meddle(chance: Random): void {
    if (chance.chance(0.05)) clock.jump(chance.between(-1, 1) * 86_400_000);
    const process = processes[chance.below(processes.length)];
    if (!process || process.dead() || !chance.chance(0.05)) return;
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
    for (const process of processes.filter((one) => !one.dead())) {
      for (const [what, count] of Object.entries(process.leftovers() ?? {})) {
        if (count !== 0) report('nothing is left', `${count} ${what} in process ${process.number}`);
      }
    }
  }

  async function restart(): Promise<void> {
    await mishaps.watch();
    draining = random.below(processes.length);
    await clock.runUntil(clock.now() + DEADLINE_MS + 35_000);
    const process = processes[draining];
    let idle = false;
    process?.idle().then(() => {
      idle = true;
    });
    for (let waited = 0; !idle && waited < 120; waited++) await clock.runUntil(clock.now() + 1_000);
    if (!idle) report('nothing is left', `process ${process?.number} does not come to rest`);
    process?.close();
    start(draining);
    tally.add('restarts');
    draining = undefined;
    mishaps.goOn();
  }

  for (const agent of principals) void live(agent);
  for (const client of clients) void liveOnTools(client);
  mishaps.start();
  const ids = spreadsheets.map(({ id }) => id);
  for (const next of forecast(random, minutes, ids, identities.length)) {
    await passWeather(next);
    if (random.chance(0.08)) await restart();
  }
  await mishaps.watch();
  stopped = true;
  backend.setFaults(1, calm(1).rules);
  await clock.runUntil(clock.now() + LAST_MS + DEADLINE_MS + LATEST_MS);
  const virtual = clock.now() / 60_000;
  checkRest();
  const [last] = processes;
  for (const flush of last?.unsettled() ?? []) report('settled in the end', `a flush is ${JSON.stringify(flush)}`);
  if (last) await tools.conclude(last);
  // What is looked after every two seconds may have begun just now.
  await clock.runUntil(clock.now() + 500);
  for (const process of processes) {
    const left = process.unsettled().length + process.store.queuedCount();
    if (left > 0) report('nothing is left', `${left} writes to settle or to make in process ${process.number}`);
    process.close();
  }
  backend.checkQuota(HEADROOM);
  for (const spreadsheet of spreadsheets) {
    judgeBook(spreadsheet.id, await backend.workbook(spreadsheet), writes, report);
  }
  backend.close();
  failDisk(false);
  return { violations, counts: tally.all(), minutes: virtual };
}
