// Writes that apply exactly once: each flush has a row on disk before it is sent and a marker in it that makes Google
// refuse it a second time. An answer that was lost is found out, not guessed; what cannot be found out in time is
// `outcome_unknown` and is settled behind its caller. Stands above the retries: they resend the identical body.

import type { Area, Call, Policy, Send } from '../call.ts';
import type { Clock } from '../clock.ts';
import { asServalError, ServalError } from '../errors.ts';
import type { JournaledFlush, JournalPort, MarkerPort } from './journal-ports.ts';
import { outcomeUnknown } from './outcome.ts';
import { PROCESSING_CAP_MS, type Settler } from './settle.ts';

export interface JournalOptions {
  readonly clock: Clock;
  readonly store: JournalPort;
  readonly marker: MarkerPort;
  readonly settler: Settler;
  /** A new id: 22 characters that nobody else draws. */
  readonly newId: () => string;
  /** The end of a lost write was found out: what was read since may be older. */
  readonly onSettled: (scope: string) => void;
}

export interface Journal {
  readonly policy: Policy;
  /** From the retries: an attempt of the call with this signal may have been applied. */
  lost(signal: AbortSignal): void;
}

/** How many other ids are tried when the first one is refused and nothing of ours stands under it. */
const MOST_IDS = 3;
/** A flush that waits for an unmarked one looks again after this long: another process may have had its answer. */
const LOOK_AGAIN_MS = 500;
/** Too short a time to ask anything. */
const MOMENT_MS = 1_000;

export function createJournal(options: JournalOptions): Journal {
  const { clock, store, marker, settler, newId, onSettled } = options;
  const doubted = new WeakSet<AbortSignal>();
  const newMarker = () => 1 + Math.floor(clock.random() * (marker.MAX_MARKER - 1));

  /** Waits until no unmarked write can still change what this one touches. */
  async function waitForUnmarked(call: Call, signal: AbortSignal): Promise<void> {
    for (;;) {
      const inTheWay = store.unmarked(call.scope ?? '').filter((flush) => overlap(flush.areas, call.areas));
      const leftMs = Math.ceil(Math.max(0, ...inTheWay.map((flush) => PROCESSING_CAP_MS - flush.ageMs)));
      if (leftMs === 0) return;
      // Not all of several need wait: each shows for itself when they are divided, as after a refusal of one of them.
      if (call.writes.length > 1) throw new ServalError('invalid_argument', 'One must wait.', { outcome: 'none' });
      // What another process has in flight may be answered any moment; to what was left no answer comes.
      const left = inTheWay.some(({ doubted }) => doubted);
      if (clock.now() + (left ? leftMs : LOOK_AGAIN_MS) > call.deadline) {
        throw new ServalError(
          'unavailable',
          'An earlier write to these cells, made as if typed in, was sent and not answered: it may still be applied.',
          { retryAfterMs: Math.ceil(leftMs), sent: false, outcome: 'none', hint: 'Repeat after the time given.' },
        );
      }
      await clock.sleep(Math.min(leftMs, LOOK_AGAIN_MS), signal);
    }
  }

  /** One flush from its row to its end. */
  async function carryOut(given: Call, next: Send, signal: AbortSignal): Promise<unknown> {
    const call = marker.chooseIds(given, clock.random);
    const { scope, identity, areas, writes } = call;
    const row = { id: newId(), scope, identity, marker: marker.canMark(call) ? newMarker() : null, areas };
    try {
      if (scope !== null) await waitForUnmarked(call, signal);
      store.begin({ ...row, writes, sizeBytes: JSON.stringify(call.params).length });
    } catch (fault) {
      // Whoever left while it was waited for could not know that nothing would be sent.
      await store.dropped(writes);
      throw fault;
    }
    try {
      return await attempt(call, row, next, signal);
    } catch (fault) {
      if (fault instanceof ServalError) throw fault;
      // A fault of ours on the way: what was sent is settled like any other.
      await store.leave(row.id);
      settler.watch(next);
      throw outcomeUnknown(call, asServalError(fault));
    }
  }

  async function attempt(call: Call, first: Row, next: Send, signal: AbortSignal): Promise<unknown> {
    let row = first;
    for (let ids = 1; ; ids++) {
      const sent = row.marker === null ? call : marker.mark(call, row.marker, row.id);
      try {
        const reply = await next(sent, signal);
        await store.ended(row.id, 'applied', doubted.has(signal));
        return row.marker === null ? reply : marker.unmark(reply);
      } catch (thrown) {
        const error = asServalError(thrown);
        // Once an attempt was lost the retries call every later failure unknown.
        const sure = error.details.outcome === 'none';
        const end = await judge(call, row, error, sure, next);
        if (end !== 'another id') return end.reply;
        if (ids > MOST_IDS) {
          await store.ended(row.id, 'none', false);
          throw full(error);
        }
        // What stands in the way may be markers that have done their work.
        if (ids === MOST_IDS && row.scope !== null) await settler.collect(next, row.scope);
        row = { ...row, marker: newMarker() };
        try {
          store.remark(row.id, row.marker ?? 0);
        } catch (fault) {
          await store.ended(row.id, 'none', false);
          throw fault;
        }
      }
    }
  }

  /** What a failure means. Returns the reply where the flush applied after all; throws what its callers are told. */
  async function judge(
    call: Call,
    row: Row,
    error: ServalError,
    sure: boolean,
    next: Send,
  ): Promise<{ reply: unknown } | 'another id'> {
    const atMarker = row.marker !== null && marker.refusedAtMarker(error);
    if (sure && !atMarker) {
      await store.ended(row.id, 'none', false);
      throw row.marker === null ? error : marker.unmarkedRefusal(error);
    }
    const inTime = error.code !== 'circuit_open' && clock.now() + MOMENT_MS < call.deadline;
    let why = error;
    if (row.marker !== null && row.scope !== null && (atMarker || inTime)) {
      const flush: JournaledFlush = { ...row, doubted: !sure, ageMs: 0, own: true };
      const known = atMarker
        ? await lookAt(flush, next, call)
        : await settler.settle(flush, next, originOf(call)).catch((thrown) => {
            // A circuit that is open by now tells more than what opened it.
            if (asServalError(thrown).code === 'circuit_open') why = asServalError(thrown);
          });
      if (known === 'applied') {
        await store.ended(row.id, 'applied', !sure);
        onSettled(row.scope);
        return { reply: await again(call, next) };
      }
      if (known === 'none') {
        await store.ended(row.id, 'none', true);
        throw refusal(marker.unmarkedRefusal(error), atMarker);
      }
      // Every attempt was refused, and under that id stands something else or nothing: it is free to take another.
      if (atMarker && sure && known !== undefined) return 'another id';
    }
    await store.leave(row.id);
    settler.watch(next);
    throw why.code === 'outcome_unknown' ? why : outcomeUnknown(call, why);
  }

  /** Asks what stands under the marker's id of a flush that was refused for it. */
  async function lookAt(flush: JournaledFlush, next: Send, call: Call) {
    try {
      const question = marker.lookUp(originOf(call), flush.scope ?? '', flush.marker ?? 0);
      const value = marker.valueIn(await next(question, new AbortController().signal));
      if (value === flush.id) return 'applied';
      return value === `!${flush.id}` ? 'none' : 'another';
    } catch (thrown) {
      return asServalError(thrown).code === 'not_found' ? 'nothing' : undefined;
    }
  }

  /** The reply of a flush that applied though its answer was lost. */
  async function again(call: Call, next: Send): Promise<unknown> {
    const read = marker.reread(call, originOf(call));
    const shown = read && (await next(read, new AbortController().signal).catch(nothing));
    return marker.rebuilt(call, shown);
  }

  const originOf = ({ identity, deadline, priority }: Call) => ({
    principal: 'journal',
    identity,
    deadline: Math.max(deadline, clock.now() + MOMENT_MS),
    priority,
  });

  return {
    policy: (next) => (call, signal) => (call.kind === 'read' ? next(call, signal) : carryOut(call, next, signal)),
    lost: (signal) => void doubted.add(signal),
  };
}

type Row = Pick<JournaledFlush, 'id' | 'scope' | 'identity' | 'marker' | 'areas'>;

const nothing = () => undefined;

/** Refused, and nothing of it was applied. */
function refusal(error: ServalError, fenced: boolean): ServalError {
  const { sent: _, ...details } = error.details;
  if (!fenced) return new ServalError(error.code, error.message, { ...details, outcome: 'none' });
  return new ServalError('unavailable', 'The write was given up before it could be applied: it was not.', {
    ...details,
    outcome: 'none',
  });
}

function full(error: ServalError): ServalError {
  return new ServalError(
    'too_large',
    `The spreadsheet takes no more developer metadata, without which a write cannot be told from its repetition: ${error.message}`,
    {
      outcome: 'none',
      hint: 'Remove developer metadata that other programs left in it, or start the server with EXACTLY_ONCE=off.',
    },
  );
}

/** Whether two lists of cells have one in common; null stands for any. */
export function overlap(a: readonly Area[] | null, b: readonly Area[] | null): boolean {
  if (a === null || b === null) return true;
  const within = (from = 0, to = Infinity, otherFrom = 0, otherTo = Infinity) => from < otherTo && otherFrom < to;
  return a.some((one) =>
    b.some(
      (other) =>
        one.plane === other.plane &&
        within(one.startRow, one.endRow, other.startRow, other.endRow) &&
        within(one.startColumn, one.endColumn, other.startColumn, other.endColumn),
    ),
  );
}
