// What the network, Google and the operator do for some minutes. Data; simulation.ts makes it happen.

import type { Reply } from './network.ts';
import type { Random } from './seeded.ts';

export interface Weather {
  readonly name: string;
  readonly minutes: number;
  /** Mean pause of an agent between two acts. */
  readonly pauseMs: number;
  /** Fault rules of the backend. */
  readonly rules: readonly object[];
  /** How long replies are on their way. */
  readonly replyMs?: Reply;
  /** No connection can be made. */
  readonly cut?: true;
  /** Nothing is answered well, so that recovery is to be seen afterwards. */
  readonly outage?: true;
  /** How likely callers give up. */
  readonly leaving?: number;
  /** The first principal asks for very much, without merging. */
  readonly greed?: true;
  /** Only the spreadsheet of this index is hit. */
  readonly sick?: number;
  /** The grant of the identity of this index is revoked meanwhile. */
  readonly revoked?: number;
  /** Nothing goes wrong, but there may be much to do. */
  readonly fine?: true;
  /** A fault is rare enough for no read to meet it again and again. */
  readonly mild?: true;
}

export const PROMPT: Reply = { read: [10, 200], write: [10, 200] };
const SLOW_READS: Reply = { read: [100, 10_000], write: [10, 300] };
const BASE = { fault: { latencyMs: [30, 400] } };
const LITTLE = 120_000;
const LIGHT = 40_000;
const SOME = 20_000;
const HEAVY = 2_500;

export function calm(minutes: number): Weather {
  return { name: 'calm', minutes, pauseMs: SOME, rules: [BASE], fine: true };
}

function night(random: Random): Weather {
  return { name: 'night', minutes: random.between(15, 40), pauseMs: LITTLE, rules: [BASE], fine: true };
}

/** Some of everything: `share` of the requests meet a fault. */
function flaky(random: Random): Weather {
  const share = random.pick([0.03, 0.1, 0.25]);
  const each = (weight: number, fault: object) => ({ probability: Math.min(1, share * weight), fault });
  const rules = [
    BASE,
    { probability: 0.2, fault: { latencyMs: [0, 6_000] } },
    each(0.15, { reset: 'after' }),
    each(0.15, { reset: 'before' }),
    each(0.15, { status: 503 }),
    each(0.1, { status: 503, applied: true }),
    each(0.05, { status: 500 }),
    each(0.05, { status: 408 }),
    each(0.1, { truncate: true }),
    each(0.05, { html: true }),
    each(0.05, { hang: true }),
    each(0.05, { hang: true, applied: true }),
    each(0.1, { lateMs: [500, 30_000], reply: 'reset' }),
    each(0.1, { lateMs: [500, 85_000], reply: 503 }),
    each(0.05, { lateMs: [500, 60_000], reply: 'hang' }),
  ];
  const minutes = random.between(2, 5);
  const pauseMs = random.pick([LIGHT, SOME, SOME, SOME, HEAVY]);
  const slowly = random.chance(0.6) && { replyMs: SLOW_READS };
  return { name: 'flaky', minutes, pauseMs, rules, ...slowly, ...(share < 0.05 && { mild: true }) };
}

/** How Google fails altogether. */
const FAILURES: readonly [object, ...object[]] = [
  { status: 503 },
  { status: 503 },
  { status: 503, applied: true },
  { hang: true },
  { hang: true, applied: true },
  { reset: 'after' },
  { lateMs: [500, 85_000], reply: 503 },
  { html: true },
];

function outage(random: Random): Weather {
  const fault = random.pick(FAILURES);
  const cut = random.chance(0.3);
  const minutes = random.between(0.7, 4);
  return {
    name: cut ? 'outage: cut off' : `outage: ${Object.keys(fault)[0]}`,
    minutes,
    pauseMs: random.pick([SOME, SOME, HEAVY]),
    rules: [BASE, ...(cut ? [] : [{ fault }])],
    ...(cut && { cut }),
    outage: true,
  };
}

/** Short outages, so that circuits open over what is under way, and close over what waits. */
function flapping(random: Random): Weather {
  const rules: object[] = [BASE];
  const minutes = random.between(5, 8);
  for (let from = 10_000; from < minutes * 60_000; ) {
    const until = from + random.between(5_000, 40_000);
    rules.push({ from, until, fault: random.pick(FAILURES) });
    from = until + random.between(10_000, 80_000);
  }
  return { name: 'flapping', minutes, pauseMs: random.pick([HEAVY, HEAVY, SOME]), rules };
}

function sick(random: Random, spreadsheets: readonly string[]): Weather {
  const index = random.below(spreadsheets.length);
  const fault = random.pick<object>([{ status: 503 }, { hang: true }, { reset: 'before' }]);
  return {
    name: 'one sick spreadsheet',
    minutes: random.between(3, 5),
    pauseMs: SOME,
    rules: [BASE, { spreadsheet: spreadsheets[index], fault }],
    sick: index,
  };
}

function limited(random: Random): Weather {
  const refusal = { status: 429, reason: random.pick(['user', 'user', 'project']) };
  const from = random.between(0, 90_000);
  const window = { from, until: from + random.between(5_000, 60_000), fault: refusal };
  const some = { count: 1 + random.below(5), from, fault: refusal };
  return {
    name: 'quota windows',
    minutes: random.between(2.5, 4),
    pauseMs: random.pick([SOME, SOME, HEAVY]),
    rules: [BASE, random.chance(0.5) ? window : some],
  };
}

function slow(random: Random): Weather {
  const rules = [{ fault: { latencyMs: [500, random.pick([5_000, 15_000, 26_000])] } }];
  return { name: 'slow answers', minutes: random.between(2, 4), pauseMs: 3 * HEAVY, rules, replyMs: SLOW_READS };
}

function busy(random: Random): Weather {
  return { name: 'busy', minutes: random.between(1.2, 2), pauseMs: HEAVY, rules: [BASE], fine: true };
}

function impatient(random: Random): Weather {
  const rules = [{ fault: { latencyMs: [300, 900] } }];
  return { name: 'impatience', minutes: random.between(1.5, 3), pauseMs: 3 * HEAVY, rules, leaving: 0.9, fine: true };
}

function greedy(random: Random): Weather {
  return { name: 'greed', minutes: random.between(1.5, 2.5), pauseMs: SOME, rules: [BASE], greed: true, fine: true };
}

function revoked(random: Random, identities: number): Weather {
  const name = 'revoked grant';
  return { name, minutes: random.between(2, 4), pauseMs: SOME, rules: [BASE], revoked: random.below(identities) };
}

/** The weather of so many minutes, the quiet in between included. */
export function forecast(
  random: Random,
  minutes: number,
  spreadsheets: readonly string[],
  identities: number,
): readonly Weather[] {
  const kinds = [
    () => calm(random.between(3, 6)),
    () => night(random),
    () => flaky(random),
    () => flaky(random),
    () => flaky(random),
    () => flaky(random),
    () => outage(random),
    () => outage(random),
    () => flapping(random),
    () => flapping(random),
    () => flapping(random),
    () => sick(random, spreadsheets),
    () => limited(random),
    () => slow(random),
    () => busy(random),
    () => impatient(random),
    () => greedy(random),
    () => revoked(random, identities),
  ] as const;
  const days: Weather[] = [];
  for (let left = minutes; left > 0; ) {
    const next = random.pick(kinds)();
    days.push(next);
    left -= next.minutes;
  }
  return days;
}
