// The quota's promise, checked as Google would count: whatever its windows' phase and the network's delay, no minute
// holds more than the places; and no more waiting than that takes.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Call } from '../../src/call.ts';
import { type ErrorCode, type ErrorDetails, ServalError } from '../../src/errors.ts';
import {
  createQuota,
  type Quota,
  type QuotaLimits,
  type QuotaOptions,
  type Ticket,
} from '../../src/resilience/quota.ts';
import { memoryQuotaLog } from '../../src/store/quota-log.ts';
import { CALLS } from '../support/fake-google.ts';
import { createVirtualClock, type VirtualClock } from '../support/virtual-clock.ts';

const MINUTE = 60_000;
const TIMEOUT = 20_000;

const LIMITS: QuotaLimits = {
  readsPerMinutePerUser: 60,
  writesPerMinutePerUser: 60,
  readsPerMinutePerProject: 300,
  writesPerMinutePerProject: 300,
  headroom: 0.9,
};

const read = (identity = 'ann'): Call => ({ ...CALLS.read, identity });
const write = (identity = 'ann'): Call => ({ ...CALLS.write, identity });
const search = (identity = 'ann'): Call => ({ ...CALLS.search, identity });

function start(options: Partial<QuotaOptions> = {}) {
  const clock = createVirtualClock();
  const store = memoryQuotaLog();
  const enabled = () => true;
  const quota = createQuota({ clock, store, limits: LIMITS, attemptTimeoutMs: TIMEOUT, enabled, ...options });
  return { clock, store, quota };
}

type Gate = Pick<Quota, 'waitMs' | 'take'>;

/** Sends as the head of a queue does: as soon as it may. Resolves with the ticket and how long that took. */
async function send(gate: Gate, clock: VirtualClock, call: Call): Promise<{ ticket: Ticket; waitedMs: number }> {
  const from = clock.now();
  for (;;) {
    const wait = gate.waitMs(call);
    const ticket = wait === 0 ? gate.take(call) : undefined;
    if (ticket) return { ticket, waitedMs: clock.now() - from };
    await clock.sleep(Math.max(wait, 1));
  }
}

/** Takes until there is no room. */
function burst(gate: Gate, call: Call): Ticket[] {
  const tickets: Ticket[] = [];
  for (let ticket = gate.take(call); ticket; ticket = gate.take(call)) tickets.push(ticket);
  return tickets;
}

function tooMany(details: ErrorDetails = {}): ServalError {
  return new ServalError('quota_exhausted', 'm', details);
}

describe('what Google counts', () => {
  interface Step {
    readonly call: Call;
    readonly pauseMs: number;
    /** From the send to the end that we see. */
    readonly durationMs: number;
    /** When Google counts it: a part of the duration, or of the attempt's timeout when there was no reply. */
    readonly counted: number;
    readonly end: 'reply' | ErrorCode | 'crash';
  }
  interface Counted {
    readonly at: number;
    readonly cost: number;
  }

  const step = (calls: readonly Call[], pauseMs: number): fc.Arbitrary<Step> =>
    fc.record({
      call: fc.constantFrom(...calls),
      pauseMs: fc.oneof({ weight: 4, arbitrary: fc.constant(0) }, fc.nat(pauseMs)),
      durationMs: fc.oneof(fc.nat(500), fc.nat(TIMEOUT), fc.constant(TIMEOUT)),
      counted: fc.oneof(fc.constantFrom(0, 1), fc.double({ min: 0, max: 1, noNaN: true })),
      end: fc.constantFrom('reply', 'reply', 'reply', 'not_found', 'unavailable', 'timeout', 'cancelled', 'crash'),
    });

  /** Each lane is a queue whose head waits for quota; all lanes share the gate. */
  async function simulate(gate: Gate, clock: VirtualClock, lanes: readonly (readonly Step[])[]) {
    const counted = new Map<string, Counted[]>();
    let sent = 0;
    async function attempt({ call, durationMs, counted: part, end }: Step, ticket: Ticket) {
      sent++;
      const seenMs = end === 'timeout' ? TIMEOUT : durationMs;
      const replied = end !== 'timeout' && end !== 'cancelled' && end !== 'crash';
      const at = clock.now() + part * (replied ? seenMs : TIMEOUT);
      const { api, kind, identity, cost } = call;
      const buckets = api === 'drive' ? [`drive ${identity}`] : [`user ${kind} ${identity}`, `project ${kind}`];
      for (const bucket of buckets) counted.set(bucket, [...(counted.get(bucket) ?? []), { at, cost }]);
      await clock.sleep(seenMs);
      if (end !== 'crash') ticket.release(end === 'reply' ? undefined : new ServalError(end, 'm'));
    }
    const running = lanes.map(async (steps) => {
      const attempts: Promise<void>[] = [];
      for (const step of steps) {
        await clock.sleep(step.pauseMs);
        const { ticket } = await send(gate, clock, step.call);
        attempts.push(attempt(step, ticket));
      }
      await Promise.all(attempts);
    });
    while (clock.sleepers() > 0) await clock.advance(60 * MINUTE);
    await Promise.all(running);
    return { counted, sent };
  }

  /** The most that any minute holds, whenever it begins; fixed windows of every phase are among them. */
  function fullestMinute(counted: readonly Counted[]): number {
    const inOrder = counted.toSorted((a, b) => a.at - b.at);
    return inOrder.reduce((most, { at }, first) => {
      const inside = inOrder.slice(first).filter((one) => one.at < at + MINUTE);
      return Math.max(
        most,
        inside.reduce((sum, { cost }) => sum + cost, 0),
      );
    }, 0);
  }

  interface Case {
    readonly limits: QuotaLimits;
    readonly steps: readonly [min: number, max: number];
    readonly gateOf: (clock: VirtualClock, limits: QuotaLimits) => Gate;
  }
  const sliding = (clock: VirtualClock, limits: QuotaLimits) => start({ clock, limits }).quota;

  const neverOver = ({ limits, steps: [minLength, maxLength], gateOf }: Case) =>
    fc.asyncProperty(
      fc.array(
        fc
          .constantFrom('ann', 'bob', 'cat')
          .chain((who) =>
            fc.array(step([read(who), read(who), write(who)], 20_000), { minLength, maxLength, size: 'max' }),
          ),
        { minLength: 1, maxLength: 4 },
      ),
      async (lanes) => {
        const clock = createVirtualClock();
        const { counted, sent } = await simulate(gateOf(clock, limits), clock, lanes);
        expect(sent).toBe(lanes.flat().length);
        const places = { user: limits.readsPerMinutePerUser, project: limits.readsPerMinutePerProject };
        for (const [bucket, times] of counted) {
          const limit = bucket.startsWith('user') ? places.user : places.project;
          expect(fullestMinute(times), bucket).toBeLessThanOrEqual(Math.floor(limit * limits.headroom));
        }
      },
    );

  const SMALL = {
    readsPerMinutePerUser: 12,
    writesPerMinutePerUser: 12,
    readsPerMinutePerProject: 24,
    writesPerMinutePerProject: 24,
    headroom: 0.9,
  };

  test('never more than the places in any minute: small limits, so that all of them bind', async () => {
    await fc.assert(neverOver({ limits: SMALL, steps: [1, 60], gateOf: sliding }), { numRuns: 150 });
  });

  test("never more than the places in any minute: Google's limits", async () => {
    await fc.assert(neverOver({ limits: LIMITS, steps: [60, 120], gateOf: sliding }), { numRuns: 15 });
  });

  test('never more units of Drive than the places, whatever the calls cost', async () => {
    const calls = [5, 50, 100, 4_000].map((cost): Call => ({ ...search(), cost }));
    const property = fc.asyncProperty(
      fc.array(step(calls, 5_000), { minLength: 10, maxLength: 60, size: 'max' }),
      async (steps) => {
        const clock = createVirtualClock();
        const { counted } = await simulate(start({ clock }).quota, clock, [steps]);
        expect(fullestMinute(counted.get('drive ann') ?? [])).toBeLessThanOrEqual(10_800);
      },
    );
    await fc.assert(property, { numRuns: 50 });
  });

  const ticket: Ticket = { release() {} };

  /** Ten at once and sixty a minute: the usual limiter. */
  const tokenBucket = (clock: VirtualClock, { readsPerMinutePerUser: limit }: QuotaLimits): Gate => {
    const buckets = new Map<string, { tokens: number; at: number }>();
    const burstSize = limit / 6;
    const bucketOf = ({ kind, identity }: Call) => {
      const { tokens, at } = buckets.get(kind + identity) ?? { tokens: burstSize, at: 0 };
      const filled = Math.min(burstSize, tokens + ((clock.now() - at) * limit) / MINUTE);
      const bucket = { tokens: filled, at: clock.now() };
      buckets.set(kind + identity, bucket);
      return bucket;
    };
    return {
      waitMs: (call) => Math.max(0, Math.ceil(((1 - bucketOf(call).tokens) * MINUTE) / limit)),
      take(call) {
        const bucket = bucketOf(call);
        if (bucket.tokens < 1) return undefined;
        bucket.tokens--;
        return ticket;
      },
    };
  };

  /** So many a minute by a clock that is not Google's. */
  const fixedWindow = (clock: VirtualClock, { readsPerMinutePerUser: limit, headroom }: QuotaLimits): Gate => {
    const sent = new Map<string, number>();
    const windowOf = ({ kind, identity }: Call) => `${kind}${identity}${Math.floor(clock.now() / MINUTE)}`;
    const hasRoom = (call: Call) => (sent.get(windowOf(call)) ?? 0) < Math.floor(limit * headroom);
    return {
      waitMs: (call) => (hasRoom(call) ? 0 : MINUTE - (clock.now() % MINUTE)),
      take(call) {
        if (!hasRoom(call)) return undefined;
        sent.set(windowOf(call), (sent.get(windowOf(call)) ?? 0) + 1);
        return ticket;
      },
    };
  };

  /** The sliding log with its places held from the send, as if the network took no time. */
  const heldFromSend = (clock: VirtualClock, limits: QuotaLimits): Gate => {
    const store = { ...memoryQuotaLog(), release: () => {} };
    return start({ clock, limits, store, attemptTimeoutMs: 1e-9 }).quota;
  };

  test.each([
    { what: 'a token bucket', gateOf: tokenBucket },
    { what: 'a fixed window', gateOf: fixedWindow },
    { what: 'places held for a minute from the send', gateOf: heldFromSend },
  ])('the same property finds the fault of $what', async ({ gateOf }) => {
    // The user's limit alone, which is all that these know.
    const limits = { ...SMALL, readsPerMinutePerProject: 9_999, writesPerMinutePerProject: 9_999 };
    const found = await fc.check(neverOver({ limits, steps: [1, 60], gateOf }), {
      numRuns: 500,
      seed: 1,
      endOnFailure: true,
    });
    expect(found.failed).toBe(true);
    expect(String(found.errorInstance)).toMatch(/user (read|write)/);
  });
});

describe('the wait', () => {
  test('is exact: at that time there is room, one millisecond earlier there is none', async () => {
    const call = fc.constantFrom(read('ann'), read('bob'), write('ann'), { ...search('ann'), cost: 3_000 });
    const action = fc.oneof(
      { weight: 5, arbitrary: fc.record({ take: fc.record({ call, times: fc.integer({ min: 1, max: 9 }) }) }) },
      { weight: 3, arbitrary: fc.record({ passMs: fc.nat(30_000) }) },
      { weight: 3, arbitrary: fc.record({ end: fc.constantFrom(undefined, 'timeout', 'cancelled') }) },
      {
        weight: 1,
        arbitrary: fc.record({ limitValue: fc.option(fc.integer({ min: 0, max: 20 }), { nil: undefined }) }),
      },
    );
    const limits = { ...LIMITS, readsPerMinutePerUser: 12, writesPerMinutePerUser: 7, readsPerMinutePerProject: 20 };
    const property = fc.asyncProperty(
      fc.array(action, { maxLength: 60, size: 'max' }),
      call,
      fc.boolean(),
      async (all, one, half) => {
        const store = { ...memoryQuotaLog(), degraded: half };
        const { clock, quota } = start({ limits, store });
        const open: Ticket[] = [];
        for (const next of all) {
          if ('take' in next) {
            for (let i = 0; i < next.take.times; i++) open.push(...[quota.take(next.take.call)].filter((got) => !!got));
          } else if ('passMs' in next) await clock.advance(next.passMs);
          else if ('end' in next) open.shift()?.release(next.end && new ServalError(next.end, 'm'));
          else {
            const scope = (next.limitValue ?? 0) % 2 === 0 ? 'user' : 'project';
            const { limitValue } = next;
            open.shift()?.release(tooMany({ quota: { scope, ...(limitValue !== undefined && { limitValue }) } }));
          }
        }
        const wait = quota.waitMs(one);
        if (wait > 0) {
          await clock.advance(wait - 1);
          expect(quota.take(one)).toBeUndefined();
          expect(quota.waitMs(one)).toBe(1);
          await clock.advance(1);
        }
        expect(quota.waitMs(one)).toBe(0);
        expect(quota.take(one)).toBeDefined();
      },
    );
    await fc.assert(property, { numRuns: 500 });
  });

  test('is told without taking', () => {
    const { quota } = start();
    for (let i = 0; i < 100; i++) expect(quota.waitMs(read())).toBe(0);
    expect(burst(quota, read())).toHaveLength(27);
  });

  test('of a call that costs more than there ever is has no end', () => {
    const { quota } = start();
    expect(quota.waitMs({ ...search(), cost: 10_801 })).toBe(Infinity);
    expect(quota.take({ ...search(), cost: 10_801 })).toBeUndefined();
    expect(quota.waitMs({ ...search(), cost: 10_800 })).toBe(0);
  });

  test('half go at once, then one by one: the head of the queue waits half a minute, not a whole one', async () => {
    const { clock, quota } = start();
    expect(burst(quota, read())).toHaveLength(27);
    expect(quota.waitMs(read())).toBe(1_112); // 60 s / 54
    const waits: number[] = [];
    const times: number[] = [];
    const running = (async () => {
      for (let i = 0; i < 200; i++) {
        const { ticket, waitedMs } = await send(quota, clock, read());
        ticket.release();
        waits.push(waitedMs);
        times.push(clock.now());
      }
    })();
    await clock.advance(10 * MINUTE);
    await running;
    expect(times.findIndex((at) => at > MINUTE / 2 + 1_000)).toBe(27);
    expect(Math.max(...waits)).toBeGreaterThan(MINUTE / 2);
    // The places of the first burst had no reply before their timeout.
    expect(Math.max(...waits)).toBeLessThan(MINUTE / 2 + TIMEOUT);
  });

  test.each([
    { replyMs: 0, perMinute: 53.9 },
    { replyMs: 400, perMinute: 53.4 },
  ])('at its end the rate is that of the places: replies after $replyMs ms', async ({ replyMs, perMinute }) => {
    const { clock, quota } = start();
    let sent = 0;
    let longest = 0;
    const leave = new AbortController();
    const running = (async () => {
      while (!leave.signal.aborted) {
        const { ticket, waitedMs } = await send(quota, clock, read());
        longest = Math.max(longest, waitedMs);
        sent++;
        void clock.sleep(replyMs).then(() => ticket.release());
      }
    })();
    await clock.advance(MINUTE - 1);
    expect(sent).toBe(54);
    await clock.advance(20 * MINUTE);
    leave.abort();
    expect(sent / 21).toBeGreaterThan(perMinute);
    expect(sent / 21).toBeLessThanOrEqual(54);
    expect(longest).toBeLessThan(MINUTE / 2 + 1_000 + replyMs);
    await clock.advance(2 * MINUTE);
    await running;
  });
});

describe('buckets', () => {
  test('reads, writes and Drive of an identity do not touch each other', () => {
    const { quota } = start();
    expect(burst(quota, read())).toHaveLength(27);
    expect(burst(quota, write())).toHaveLength(27);
    expect(burst(quota, search())).toHaveLength(54); // half of 10,800 units at 100 each
    expect(quota.waitMs(search())).toBe(556);
  });

  test("identities have their own, and share the project's", () => {
    const { quota } = start({ limits: { ...LIMITS, readsPerMinutePerProject: 100 } });
    expect(burst(quota, read('ann'))).toHaveLength(27);
    expect(quota.waitMs(read('bob'))).toBe(0);
    expect(burst(quota, read('bob'))).toHaveLength(18); // half of 90 are held
    expect(quota.waitMs(read('cat'))).toBe(667); // 60 s / 90
    expect(quota.waitMs(write('cat'))).toBe(0);
  });

  test('a call that has room in one only takes no place in the other', () => {
    const { quota, clock } = start({ limits: { ...LIMITS, readsPerMinutePerProject: 1 } });
    const first = quota.take(read('ann'));
    expect(quota.take(read('bob'))).toBeUndefined();
    const user = { places: 54, used: 1 };
    expect(quota.usage()[0]).toEqual({ kind: 'read', scope: 'user', ...user });
    first?.release();
    expect([clock.now(), quota.waitMs(read('bob'))]).toEqual([0, MINUTE]);
  });

  test('usage shows all four, of users the fullest', () => {
    const { quota } = start();
    const empty = quota.usage();
    expect(empty).toEqual([
      { kind: 'read', scope: 'user', places: 54, used: 0 },
      { kind: 'read', scope: 'project', places: 270, used: 0 },
      { kind: 'write', scope: 'user', places: 54, used: 0 },
      { kind: 'write', scope: 'project', places: 270, used: 0 },
    ]);
    for (const who of ['ann', 'bob', 'bob', 'cat']) quota.take(read(who));
    quota.take(search('ann'));
    expect(quota.usage().map(({ used }) => used)).toEqual([2, 4, 0, 0]);
  });
});

test('of a thousand identities the idle ones are forgotten', async () => {
  const memory = memoryQuotaLog();
  const asked: number[] = [];
  const look = (buckets: readonly string[], now: number) => {
    asked.push(buckets.length);
    return memory.look(buckets, now);
  };
  const limits = { ...LIMITS, readsPerMinutePerProject: 9_999 };
  const { clock, quota } = start({ store: { ...memory, look }, limits });
  for (let i = 0; i < 1_000; i++) quota.take(read(`user ${i}`));
  await clock.advance(TIMEOUT + MINUTE + 1);
  quota.usage();
  quota.take(read());
  quota.usage();
  expect(asked).toEqual([1_000, 1, 0, 1, 1, 1, 0, 1]);
});

describe('a place', () => {
  const endsAfter = async (end: (ticket: Ticket, clock: VirtualClock) => Promise<void>) => {
    const { clock, quota } = start({ limits: { ...LIMITS, readsPerMinutePerUser: 1 } });
    const ticket = quota.take(read());
    if (ticket) await end(ticket, clock);
    return clock.now() + quota.waitMs(read());
  };

  test.each<{ what: string; error: ServalError | undefined; until: number }>([
    { what: 'after a reply', error: undefined, until: 3_000 + MINUTE },
    { what: 'after a refusal', error: new ServalError('not_found', 'm'), until: 3_000 + MINUTE },
    { what: 'after a 503', error: new ServalError('unavailable', 'm'), until: 3_000 + MINUTE },
    {
      what: 'after a request that never went out',
      error: new ServalError('unavailable', 'm', { sent: false, cause: new Error('ENOTFOUND') }),
      until: 3_000 + MINUTE,
    },
    {
      what: 'after a connection that broke',
      error: new ServalError('unavailable', 'm', { cause: new Error('ECONNRESET') }),
      until: TIMEOUT + MINUTE,
    },
    { what: 'after the caller left', error: new ServalError('cancelled', 'm'), until: TIMEOUT + MINUTE },
    { what: 'after the deadline', error: new ServalError('timeout', 'm'), until: TIMEOUT + MINUTE },
  ])('is held for a minute $what', async ({ error, until }) => {
    const held = await endsAfter(async (ticket, clock) => {
      await clock.advance(3_000);
      ticket.release(error);
      await clock.advance(1_000);
      ticket.release(); // only the first counts
    });
    expect(held).toBe(until);
  });

  test('is held for a minute after the timeout when its process says no more', async () => {
    expect(await endsAfter(async () => {})).toBe(TIMEOUT + MINUTE);
  });

  test('is held for a minute after a timeout that came late', async () => {
    const late = TIMEOUT + 5_000;
    const held = await endsAfter(async (ticket, clock) => {
      await clock.advance(late);
      ticket.release(new ServalError('timeout', 'm'));
    });
    expect(held).toBe(late + MINUTE);
  });
});

describe('a 429', () => {
  const placesOf = (quota: Quota, scope: 'user' | 'project') =>
    quota.usage().find((one) => one.kind === 'read' && one.scope === scope)?.places;

  test('pauses its bucket for a minute and takes the limit that it tells; each clean minute gives one back', async () => {
    const { clock, quota } = start();
    quota.take(read())?.release(tooMany({ quota: { scope: 'user', limitValue: 50 } }));
    expect(quota.waitMs(read())).toBe(MINUTE);
    expect([quota.waitMs(write()), quota.waitMs(read('bob'))]).toEqual([0, 0]);
    expect([placesOf(quota, 'user'), placesOf(quota, 'project')]).toEqual([45, 270]);
    await clock.advance(MINUTE);
    expect(burst(quota, read())).toHaveLength(23);
    await clock.advance(MINUTE - 1);
    expect(placesOf(quota, 'user')).toBe(45);
    await clock.advance(1);
    expect(placesOf(quota, 'user')).toBe(46);
    await clock.advance(7 * MINUTE);
    expect(placesOf(quota, 'user')).toBe(53);
    await clock.advance(60 * MINUTE);
    expect(placesOf(quota, 'user')).toBe(54);
  });

  test('that tells no limit leaves 7 places of 10; those in flight with it take no more', async () => {
    const { clock, quota } = start();
    const [first, second, third] = burst(quota, read());
    first?.release(tooMany());
    await clock.advance(100);
    second?.release(tooMany());
    expect(placesOf(quota, 'user')).toBe(37); // 54 x 0.7
    expect(quota.waitMs(read())).toBe(MINUTE);
    third?.release(new ServalError('unavailable', 'm'));
    await clock.advance(MINUTE);
    quota.take(read())?.release(tooMany());
    expect(placesOf(quota, 'user')).toBe(25); // 37 x 0.7
  });

  test('never allows more than was configured, nor less than one', async () => {
    const { clock, quota } = start();
    quota.take(read())?.release(tooMany({ quota: { scope: 'user', limitValue: 600 } }));
    expect(placesOf(quota, 'user')).toBe(54);
    expect(quota.waitMs(read())).toBe(MINUTE);
    await clock.advance(MINUTE);
    quota.take(read())?.release(tooMany({ quota: { scope: 'user', limitValue: 1 } }));
    expect(placesOf(quota, 'user')).toBe(1);
  });

  test("of the project's limit pauses everybody's reads", () => {
    const { quota } = start();
    quota.take(read())?.release(tooMany({ quota: { scope: 'project', limitValue: 100 } }));
    expect([quota.waitMs(read('bob')), quota.waitMs(write('bob'))]).toEqual([MINUTE, 0]);
    expect([placesOf(quota, 'user'), placesOf(quota, 'project')]).toEqual([54, 90]);
  });

  test("of Drive pauses the identity's Drive calls", () => {
    const { quota } = start();
    quota.take(search())?.release(tooMany({ quota: { scope: 'project' } }));
    expect([quota.waitMs(search()), quota.waitMs(read()), quota.waitMs(search('bob'))]).toEqual([MINUTE, 0, 0]);
  });

  test('is told on, once for each answer', () => {
    const facts: object[] = [];
    const { quota } = start({ onRateLimited: (fact) => facts.push(fact) });
    const [first, second, third] = burst(quota, read());
    first?.release(tooMany({ quota: { scope: 'project' } }));
    first?.release(tooMany({ quota: { scope: 'project' } }));
    second?.release(tooMany());
    third?.release(new ServalError('unavailable', 'm'));
    expect(facts).toEqual([
      { type: 'rate_limited', limit: 'project', kind: 'read' },
      { type: 'rate_limited', limit: 'user', kind: 'read' },
    ]);
  });

  test('after a send that cost more than is left, the next one waits for its place only', async () => {
    const { clock, quota } = start();
    for (let i = 0; i < 10; i++) quota.take({ ...search(), cost: 1 }); // half of the 19 to come, held for 80 s
    await clock.advance(1);
    quota.take({ ...search(), cost: 3_000 })?.release(tooMany({ quota: { scope: 'user', limitValue: 22 } }));
    expect(quota.waitMs({ ...search(), cost: 1 })).toBe(MINUTE);
    await clock.advance(MINUTE);
    expect(quota.take({ ...search(), cost: 1 })).toBeDefined();
  });

  test('a call dearer than what is left waits for the limit to grow', async () => {
    const { clock, quota } = start();
    const dear = { ...search(), cost: 100 };
    quota.take(search())?.release(tooMany({ quota: { scope: 'user', limitValue: 100 } }));
    expect(quota.waitMs(dear)).toBe(MINUTE + 10 * MINUTE); // 90 units, one more a minute after the pause
    await clock.advance(11 * MINUTE);
    expect(quota.take(dear)).toBeDefined();
  });
});

describe('with a store that works from memory', () => {
  test('half of the places are used', () => {
    let degraded = true;
    const memory = memoryQuotaLog();
    const { quota } = start({
      store: {
        ...memory,
        get degraded() {
          return degraded;
        },
      },
    });
    expect(burst(quota, read())).toHaveLength(14);
    expect(quota.usage()[0]).toEqual({ kind: 'read', scope: 'user', places: 27, used: 14 });
    degraded = false;
    expect(burst(quota, read())).toHaveLength(13);
  });
});

describe('switched off', () => {
  test('nothing waits and nothing is recorded; 429s are still told on', () => {
    let on = false;
    const facts: object[] = [];
    const { quota, store } = start({ enabled: () => on, onRateLimited: (fact) => facts.push(fact) });
    for (let i = 0; i < 100; i++) {
      expect(quota.waitMs(read())).toBe(0);
      quota.take(read())?.release(tooMany());
    }
    expect(facts).toHaveLength(100);
    expect(store.look(['user:read:ann'], 0)).toEqual({
      held: new Map([['user:read:ann', []]]),
      pausedUntil: new Map(),
    });
    on = true;
    expect([quota.waitMs(read()), quota.usage()[0]?.places]).toEqual([0, 54]);
  });
});

test.each([
  { limits: { ...LIMITS, headroom: 0 } },
  { limits: { ...LIMITS, headroom: 1.1 } },
  { limits: { ...LIMITS, readsPerMinutePerUser: 0 } },
  { limits: { ...LIMITS, writesPerMinutePerProject: Number.NaN } },
  { attemptTimeoutMs: 0 },
  { attemptTimeoutMs: Infinity },
])('refuses %j', (options) => {
  expect(() => start(options)).toThrow(RangeError);
});
