// A caller's write from its arrival to its answer: its key, its place among the writers, what is written down before
// anything is told, and what becomes of it when Google cannot be asked. Knows no tool in particular.

import { createHash } from 'node:crypto';
import { abortable } from '../abort.ts';
import type { Clock } from '../clock.ts';
import { asServalError, ServalError } from '../errors.ts';
import type { Emit } from '../events.ts';
import { newId } from '../ids.ts';
import type { Origin } from '../sheets/calls.ts';
import type { Sheets, Writer } from '../sheets/sheets.ts';
import { FREE_TURN, type Turns } from '../sheets/turns.ts';
import type { NewWrite, StoredError, StoredWrite, WriteStore } from '../store/writes.ts';
import type { Outbox } from './outbox.ts';
import type { Answer, PreparedCall, Tool, ToolContext } from './tool.ts';

export interface WriteDeskOptions {
  readonly store: WriteStore;
  readonly turns: Turns;
  readonly outbox: Outbox;
  readonly sheetsFor: (origin: Origin, signal: AbortSignal, writer: Writer) => Sheets;
  readonly contextOf: (principal: string, sheets: Sheets) => ToolContext;
  /** Whether writes may be queued. */
  readonly mayQueue: () => boolean;
  /** Whether what was lost can be found out. */
  readonly exactlyOnce: boolean;
  readonly maxQueued: number;
  readonly clock: Clock;
  readonly emit: Emit;
  /** Circuit and ledger cannot be used at once: nothing can be taken in. */
  readonly onNoWayIn: (circuit: string) => void;
}

export interface WriteRequest {
  readonly origin: Origin;
  readonly signal: AbortSignal;
}

export interface WriteDesk {
  /** Rejects with a ServalError that has the write's id where the caller may ask for it. */
  perform(tool: Tool, call: PreparedCall, request: WriteRequest): Promise<Answer>;
}

/** A key that another process works on is looked at again after this long. */
const LOOK_AGAIN_MS = 250;

export function createWriteDesk(options: WriteDeskOptions): WriteDesk {
  const { store, turns, outbox, clock, emit } = options;
  /** Keyed calls under way in this process. */
  const underWay = new Map<string, { readonly digest: string; readonly answer: Promise<Answer> }>();

  async function perform(tool: Tool, call: PreparedCall, request: WriteRequest): Promise<Answer> {
    const { principal } = request.origin;
    const digest = digestOf(tool.name, call.args);
    const key = call.idempotencyKey;
    if (key === undefined) return begin(tool, call, request, digest, null);
    const name = JSON.stringify([principal, key]);
    for (;;) {
      const other = underWay.get(name);
      if (!other) break;
      if (other.digest !== digest) throw keyConflict();
      const end = await abortable(
        other.answer.then((answer) => ({ answer }), asServalError),
        request.signal,
      );
      if (!(end instanceof ServalError)) return end.answer;
      if (end.code === 'outcome_unknown') throw end;
      // It surely was not applied, so this call makes the write itself.
    }
    const answer = begin(tool, call, request, digest, key);
    const entry = { digest, answer };
    underWay.set(name, entry);
    try {
      return await answer;
    } finally {
      if (underWay.get(name) === entry) underWay.delete(name);
    }
  }

  async function begin(tool: Tool, call: PreparedCall, request: WriteRequest, digest: string, key: string | null) {
    const { principal, identity } = request.origin;
    const spreadsheet = call.spreadsheet ?? null;
    const fresh = { id: newId(clock.random), seq: store.newSeq(), principal, identity, tool: tool.name };
    const write: NewWrite = { ...fresh, spreadsheet, key, digest };
    let id = write.id;
    store.note(write);
    try {
      if (key !== null) {
        const known = await settled({ ...write, key }, request);
        if (known?.answer) return known.answer;
        if (known) id = known.again;
      }
      return await carryOut(id, tool, call, request);
    } finally {
      store.forget(write.id);
      store.forget(id);
    }
  }

  /** The answer of the write that has the key; the id under which a failed one is made again; undefined: the key is ours. */
  async function settled(
    write: NewWrite & { readonly key: string },
    { signal, origin }: WriteRequest,
  ): Promise<{ readonly answer: Answer } | { readonly answer?: undefined; readonly again: string } | undefined> {
    for (;;) {
      const known = await store.claim(write);
      if (!known) return undefined;
      if (known.digest !== write.digest) throw keyConflict();
      const wait = known.state === 'running' || (known.state === 'unknown' && known.settling);
      const free = known.state === 'failed' || (known.state === 'unknown' && !options.exactlyOnce);
      if (free && (await store.reclaim(known.id))) return { again: known.id };
      if (!wait && !free) return { answer: answerOf(known) };
      if (clock.now() + LOOK_AGAIN_MS > origin.deadline) {
        if (known.state === 'unknown') return { answer: answerOf(known) };
        throw new ServalError('unavailable', 'The same call is still under way elsewhere: nothing was done twice.', {
          outcome: 'none',
          writeId: known.id,
        });
      }
      await clock.sleep(LOOK_AGAIN_MS, signal);
    }
  }

  async function carryOut(id: string, tool: Tool, call: PreparedCall, request: WriteRequest): Promise<Answer> {
    const { spreadsheet } = call;
    const limit = new AbortController();
    const done = new AbortController();
    const { deadline } = request.origin;
    clock.sleep(deadline - clock.now(), done.signal).then(
      () => limit.abort(tooLate()),
      () => {},
    );
    const signal = AbortSignal.any([request.signal, limit.signal]);
    // Taken before anything is waited for: writers go in the order in which they came.
    const turn = spreadsheet === undefined ? FREE_TURN : turns.take(spreadsheet);
    try {
      if (spreadsheet !== undefined && store.backlog(spreadsheet) > 0) {
        if (tool.queueable && options.mayQueue()) return await queue(id, tool, call);
        await outbox.drained(spreadsheet, signal);
      }
      const origin = { ...request.origin, writes: [id] };
      const writer = { turn, foresee: (answer: object) => store.foresee(id, { ...answer, writeId: id }) };
      const sheets = options.sheetsFor(origin, signal, writer);
      const answer = { ...(await call.run(options.contextOf(origin.principal, sheets))), writeId: id };
      await store.finish(id, answer);
      return answer;
    } catch (thrown) {
      return await failed(id, tool, call, asServalError(thrown));
    } finally {
      done.abort();
      turn.end();
    }
  }

  /** What is left to do when the write could not be made: queue it, or say how it stands. */
  async function failed(id: string, tool: Tool, call: PreparedCall, error: ServalError): Promise<Answer> {
    const unknown = error.code === 'outcome_unknown' || error.details.outcome === 'unknown';
    const { cause } = error.details;
    const open = error.code === 'circuit_open' || (cause instanceof ServalError && cause.code === 'circuit_open');
    if (open && tool.queueable && options.mayQueue() && (!unknown || (options.exactlyOnce && store.canSettle(id)))) {
      return queue(id, tool, call, error);
    }
    if (!unknown) {
      await store.release(id, storedError(error));
      throw error;
    }
    await store.doubt(id, storedError(error));
    const hint = `To find out: ${tool.guarantee?.unsure ?? 'read the cells'}.`;
    throw new ServalError('outcome_unknown', error.message, { ...error.details, writeId: id, hint });
  }

  async function queue(id: string, tool: Tool, call: PreparedCall, why?: ServalError): Promise<Answer> {
    let kept: StoredWrite | undefined;
    try {
      kept = await store.enqueue(id, call.args, options.maxQueued);
    } catch (thrown) {
      const error = asServalError(thrown);
      if (error.details.store === undefined || why === undefined) throw error;
      throw noWayIn(why, options.onNoWayIn);
    }
    if (!kept) {
      await store.release(id, storedError(full(options.maxQueued)));
      throw full(options.maxQueued);
    }
    if (kept.state === 'applied') return answerOf(kept);
    emit({ type: 'outbox', result: 'queued', writeId: id, tool: tool.name });
    outbox.wake();
    return answerOf(kept);
  }

  return {
    perform: async (tool, call, request) => {
      try {
        return await perform(tool, call, request);
      } catch (thrown) {
        const error = asServalError(thrown);
        // The ledger fails first where a key has to be written down; that the circuit is open must be told all the same.
        const open = error.details.store !== undefined && outbox.refusal(call.spreadsheet ?? null);
        throw open ? noWayIn(open, options.onNoWayIn) : error;
      }
    },
  };
}

/** What a caller is told of a write that is written down. Throws for one that ended badly. */
export function answerOf(write: StoredWrite): Answer {
  if (write.state === 'queued') return { status: 'queued', writeId: write.id, position: write.position };
  if (write.state === 'applied' && !write.error) return write.answer ?? { status: 'applied', writeId: write.id };
  const { code = 'outcome_unknown', message = 'Whether the write was applied is unknown.', hint } = write.error ?? {};
  throw new ServalError(code, message, { writeId: write.id, ...(hint !== undefined && { hint }) });
}

export function storedError(error: ServalError): StoredError {
  return { code: error.code, message: error.message, hint: error.hint };
}

/** Equal for calls that ask for the same: the order of the keys in the arguments does not count. */
function digestOf(tool: string, args: unknown): string {
  return createHash('sha256')
    .update(JSON.stringify([tool, sorted(args)]))
    .digest('base64url');
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.entries(value)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, part]) => [key, sorted(part)]);
}

function keyConflict(): ServalError {
  return new ServalError('conflict', 'This idempotency key was used for another call: nothing was done.', {
    hint: 'Use a new key for a new call, and the same arguments with the same key.',
    outcome: 'none',
  });
}

function full(max: number): ServalError {
  return new ServalError('unavailable', `The outbox is full (${max} writes): nothing was accepted.`, {
    hint: 'Repeat later; the operator can raise OUTBOX_MAX_ENTRIES.',
    outcome: 'none',
  });
}

function tooLate(): ServalError {
  return new ServalError('timeout', 'The deadline of the request came before its answer.', {
    outcome: 'none',
  });
}

function noWayIn({ details }: ServalError, tell: (circuit: string) => void): ServalError {
  const circuit = details.circuit ?? 'of Google';
  tell(circuit);
  return new ServalError(
    'unavailable',
    `The circuit breaker ${circuit} is open and the ledger cannot be used: nothing was accepted.`,
    { hint: 'The operator must restore the ledger (DATA_DIR) first; then writes are kept again.', outcome: 'none' },
  );
}
