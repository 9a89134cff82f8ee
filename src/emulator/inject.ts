// The fault plan at work: every request of the embedded backend comes through here, meets its rules and the quota, and
// is recorded. Knows nothing of Sheets; `handle` does the request.

import type { Clock } from '../clock.ts';
import { connectionReset, htmlAnswer, quotaAnswer, statusAnswer, truncated } from './fault-answers.ts';
import { type Duration, type Fault, type Plan, parsePlan, type Rule } from './faults.ts';
import { type Counted, createQuota, WINDOW_MS } from './quota.ts';
import { createRing, type Observed, type Seen, seen } from './seen.ts';

const OBSERVED_LIMIT = 100_000;

export interface Faults {
  /** Replaces plan, seed and the rules' counters; undefined or {} clears. Throws when the plan is wrong. */
  set(plan: unknown): void;
  /** The plan in force and how often each of its rules has applied. */
  state(): { readonly plan: Plan; readonly fired: readonly number[] };
  /** `origin` is the request as it came: its signal says that the caller left. */
  serve(request: Request, origin: Request): Promise<Response>;
  observed(): readonly Observed[];
  clearObserved(): void;
  counted(): readonly Counted[];
  /** What is still to be done late never will be. */
  close(): void;
}

/** Uniform in [0, 1), the same sequence for the same seed: mulberry32. */
function sequence(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A rule with what it has done; each draws from a sequence of its own, so that no rule shifts another's draws. */
interface Armed {
  readonly rule: Rule;
  readonly pattern: RegExp | undefined;
  readonly random: () => number;
  fired: number;
}

function arm(rule: Rule, index: number, seed: number): Armed {
  const pattern = rule.path === undefined ? undefined : new RegExp(rule.path);
  return { rule, pattern, random: sequence(Math.imul(seed, 0x9e3779b1) + index + 1), fired: 0 };
}

function matches({ rule, pattern, fired }: Armed, request: Seen, elapsedMs: number): boolean {
  return (
    fired < (rule.count ?? Number.POSITIVE_INFINITY) &&
    elapsedMs >= (rule.from ?? 0) &&
    elapsedMs < (rule.until ?? Number.POSITIVE_INFINITY) &&
    (rule.method === undefined || rule.method === request.method) &&
    (rule.spreadsheet === undefined || rule.spreadsheet === request.spreadsheet) &&
    (pattern === undefined || request.path.includes(rule.path ?? '') || pattern.test(request.path))
  );
}

function draw(duration: Duration, random: () => number): number {
  if (typeof duration === 'number') return duration;
  const [least, most] = duration;
  return least + random() * (most - least);
}

/** The request on its own: whoever sent it may leave, and its socket may close. */
async function detached(request: Request): Promise<Request> {
  const { url, method, headers } = request;
  const body = method === 'GET' || method === 'HEAD' ? null : await request.arrayBuffer();
  return new Request(url, { method, headers, body });
}

/** Rejects with the signal's reason once the caller leaves; until then, nothing. */
function untilLeft(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    if (signal.aborted) reject(signal.reason);
    else signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
}

/** Google refuses these before it counts the request, and of a request that was lost on its way it knows nothing. */
function uncounted(fault: Fault | undefined): boolean {
  if (fault === undefined) return false;
  if ('status' in fault) return fault.status === 401 || fault.status === 429;
  return 'reset' in fault && fault.reset === 'before';
}

export function createFaults(clock: Clock, handle: (request: Request) => Promise<Response>): Faults {
  let plan = parsePlan(undefined);
  let rules: Armed[] = [];
  let setAt = 0;
  const quota = createQuota(clock);
  const record = createRing<Observed>(OBSERVED_LIMIT);
  const closing = new AbortController();
  /** A Request that nobody holds is collected, and with it the link from its caller's signal to its own. */
  const waiting = new Set<Request>();

  function set(json: unknown): void {
    plan = parsePlan(json);
    rules = plan.rules.map((rule, index) => arm(rule, index, plan.seed));
    setAt = clock.now();
    const phaseMs = plan.quota?.phaseMs ?? sequence(plan.seed)() * WINDOW_MS;
    quota.enforce(plan.quota && { ...plan.quota, phaseMs });
  }

  /** The rules that apply, in their order: latencies add up, the first other fault ends the search. */
  function choose(request: Seen): { latencyMs: number; fault?: Fault; lateMs: number } {
    const elapsedMs = clock.now() - setAt;
    let latencyMs = 0;
    for (const armed of rules) {
      const { fault, probability = 1 } = armed.rule;
      if (!matches(armed, request, elapsedMs) || armed.random() >= probability) continue;
      armed.fired++;
      if (!('latencyMs' in fault)) {
        return { latencyMs, fault, lateMs: 'lateMs' in fault ? draw(fault.lateMs, armed.random) : 0 };
      }
      latencyMs += draw(fault.latencyMs, armed.random);
    }
    return { latencyMs, lateMs: 0 };
  }

  function note(request: Seen, status: Observed['status'], applied: boolean): void {
    record.push({ ...request, at: clock.now(), status, applied });
  }

  async function applyLate(request: Request, what: Seen, lateMs: number): Promise<void> {
    try {
      await clock.sleep(lateMs, closing.signal);
    } catch {
      return; // closed before its time
    }
    const { ok } = await handle(request);
    note(what, 'late', ok);
  }

  /** Once the request has arrived: what its fault and the quota make of it. */
  async function answer(request: Request, what: Seen, signal: AbortSignal, fault: Fault | undefined, lateMs: number) {
    const told = (status: Observed['status'], applied: boolean, response: Response): Response => {
      note(what, status, applied);
      return response;
    };
    const lost = (status: 'reset' | 'hang', applied: boolean): Promise<never> => {
      note(what, status, applied);
      return status === 'hang' ? untilLeft(signal) : Promise.reject(connectionReset());
    };
    const refusal = uncounted(fault) ? undefined : quota.take(what);
    if (refusal) return told(429, false, quotaAnswer(what, refusal));
    if (fault === undefined || 'truncate' in fault) {
      const response = await handle(request);
      return told(response.status, response.ok, fault ? await truncated(response) : response);
    }
    if ('html' in fault) return told(502, false, htmlAnswer(502));
    if ('lateMs' in fault) {
      const { reply = 'reset' } = fault;
      void applyLate(await detached(request), what, lateMs);
      return reply === 503 ? told(503, false, statusAnswer(what, 503, undefined)) : lost(reply, false);
    }
    const done = 'reset' in fault ? fault.reset === 'after' : 'applied' in fault && fault.applied === true;
    const applied = done && (await handle(request)).ok;
    if ('status' in fault) return told(fault.status, applied, statusAnswer(what, fault.status, fault.reason));
    return lost('reset' in fault ? 'reset' : 'hang', applied);
  }

  return {
    set,
    state: () => ({ plan, fired: rules.map(({ fired }) => fired) }),
    serve: async (request, origin) => {
      const what = seen(request);
      const { latencyMs, fault, lateMs } = choose(what);
      waiting.add(origin);
      try {
        if (latencyMs > 0) {
          await clock.sleep(latencyMs, origin.signal).catch((reason) => {
            note(what, 'hang', false);
            throw reason;
          });
        }
        return await answer(request, what, origin.signal, fault, lateMs);
      } finally {
        waiting.delete(origin);
      }
    },
    observed: record.list,
    clearObserved: record.clear,
    counted: quota.counted,
    close: () => closing.abort(),
  };
}
