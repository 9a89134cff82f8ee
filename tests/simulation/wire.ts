// What must hold of every request at the moment it goes out and while it is out, for one process.

import type { Call, Send } from '../../src/call.ts';
import type { Circuits } from '../../src/resilience/circuits.ts';
import { atWork, type Life, never } from './network.ts';
import type { Report } from './report.ts';
import type { SimulatedClock, Work } from './simulated-clock.ts';

export interface WireOptions {
  readonly clock: SimulatedClock;
  readonly report: Report;
  readonly circuits: Circuits;
  readonly transport: Send;
  readonly attemptMs: number;
  readonly maxConcurrent: number;
  readonly life: Pick<Life, 'dead'>;
  /** When a write of that spreadsheet was last sent, ended or settled, by any process. */
  readonly written: Map<string | null, number>;
  /** Whether somebody waits for what this read asks, or has left at this very moment. */
  readonly wanted: (call: Call) => boolean;
}

/** What adding up milliseconds with fractions may cost. */
export const EPSILON_MS = 1;
/** In flight at once for one spreadsheet and identity. */
const LANES = { read: 2, write: 1 } as const;

export function createWire(options: WireOptions) {
  const { clock, report, circuits, written } = options;
  const inFlight = new Map<string, number>();
  /** Probes of half-open circuits in flight. */
  const probes = new Map<string, Set<Call>>();
  const states = new Map<string, { readonly state: string; readonly at: number }>();
  /** Reads that were answered, by identity and spreadsheet: when the last one was. */
  const answered = new Map<string, number>();
  /** Until when quota is paused, by identity (or all) and kind. */
  const pauses = new Map<string, { readonly from: number; readonly until: number }>();
  const occupied = new Map<string, number>();
  /** Of requests in flight; it ends with the process. */
  const works = new Set<Work>();
  let total = 0;
  let lastEnd = 0;

  const add = (lane: string, by: number) => {
    const count = (inFlight.get(lane) ?? 0) + by;
    inFlight.set(lane, count);
    occupied.set(lane, clock.now());
    total += by;
    if (by < 0) lastEnd = clock.now();
    return count;
  };

  function checkCircuits(call: Call): void {
    const { service, spreadsheet } = circuits.of(call);
    for (const circuit of [service, spreadsheet]) {
      if (!circuit) continue;
      const known = states.get(circuit.name);
      if (!known || known.state === 'closed') continue;
      if (known.state === 'open') {
        // Opened at this very moment: the call was let go before.
        if (known.at < clock.now()) report('open is open', `${call.method} is sent through open ${circuit.name}`);
        continue;
      }
      const own = probes.get(circuit.name) ?? new Set();
      probes.set(circuit.name, own.add(call));
      if (own.size > 1) report('one probe', `${own.size} probes of ${circuit.name} at once`);
    }
  }

  const send: Send = async (call, signal) => {
    if (options.life.dead()) return never();
    const lane = laneOf(call);
    const count = add(lane, 1);
    const start = clock.now();
    if (call.scope !== null && count > LANES[call.kind]) report('lanes', `${count} in ${lane} at once`);
    if (total > options.maxConcurrent) report('global limit', `${total} calls at once`);
    if (call.kind === 'read' && !options.wanted(call)) {
      report('nothing for nobody', `${call.method} ${JSON.stringify(call.params.ranges)} is sent for nobody`);
    }
    if (isPaused(call, start, start)) report('a pause is one', `${call.method} is sent in the minute after a 429`);
    checkCircuits(call);
    if (call.kind === 'write') written.set(call.scope, clock.now());
    const work = clock.work();
    works.add(work);
    try {
      const reply = await atWork.run(work, () => options.transport(call, signal));
      if (call.kind === 'read') answered.set(`${call.identity}|${call.scope}`, clock.now());
      return reply;
    } catch (error) {
      notePause(call, error);
      throw error;
    } finally {
      work.end();
      works.delete(work);
      if (call.kind === 'write' || call.principal === 'journal') written.set(call.scope, clock.now());
      add(lane, -1);
      for (const own of probes.values()) own.delete(call);
      const took = clock.now() - start;
      if (took > options.attemptMs + EPSILON_MS) report('attempt timeout', `${call.method} took ${took} ms`);
    }
  };

  /** Whether quota paused the call's bucket at a time, and does so beyond another. */
  function isPaused({ identity, kind }: Call, at: number, until: number): boolean {
    return [identity, 'all'].some((who) => {
      const pause = pauses.get(`${who}|${kind}`);
      return pause !== undefined && pause.from < at && until < pause.until - EPSILON_MS;
    });
  }

  function notePause({ identity, kind }: Call, error: unknown): void {
    const { code, details } = error as { code?: string; details?: { quota?: { scope: string }; sent?: false } };
    if (code !== 'quota_exhausted') return;
    const who = details?.quota?.scope === 'project' ? 'all' : identity;
    pauses.set(`${who}|${kind}`, { from: clock.now(), until: clock.now() + 60_000 });
  }

  return {
    send,
    die: () => {
      for (const work of works) work.end();
      works.clear();
    },
    observe: (event: { type: string; circuit?: string; to?: string }) => {
      if (event.type !== 'circuit_transition' || !event.circuit || !event.to) return;
      states.set(event.circuit, { state: event.to, at: clock.now() });
      if (event.to !== 'half_open') probes.delete(event.circuit);
    },
    /** Circuits that are not closed, with since when. */
    broken: () => [...states].filter(([, { state }]) => state !== 'closed'),
    /** When a read of that identity was last answered. */
    answered: ({ identity, scope }: Call) => answered.get(`${identity}|${scope}`) ?? -1,
    /** Whether the call's bucket was paused when it came, for longer than it could wait, and its lane was empty since. */
    pausedBeyond: (call: Call, start: number) => {
      const lane = laneOf(call);
      const free = !inFlight.get(lane) && (occupied.get(lane) ?? -1) < start;
      return free && isPaused(call, start, call.deadline);
    },
    writtenAt: ({ scope }: Call) => written.get(scope) ?? -1,
    total: () => total,
    lastEnd: () => lastEnd,
  };
}

export type Wire = ReturnType<typeof createWire>;

/** Calls of one lane go to one spreadsheet for one identity, reads and writes apart. */
export function laneOf({ identity, scope, kind }: Call): string {
  return `${identity}|${scope}|${kind}`;
}
