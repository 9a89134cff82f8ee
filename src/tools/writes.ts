// A caller's write from its arrival to its answer: its key, its place among the writers, what is written down before
// anything is told, and what becomes of it when Google cannot be asked. Knows no tool in particular.

import { createHash } from 'node:crypto';
import { abortable } from '../abort.ts';
import type { Clock } from '../clock.ts';
import { asServalError, ServalError } from '../errors.ts';
import type { Emit } from '../events.ts';
import { newId } from '../ids.ts';
import type { Origin } from '../sheets/calls.ts';
import type { Image } from '../sheets/images.ts';
import type { Sheets, Writer } from '../sheets/sheets.ts';
import { FREE_TURN, type Turn, type Turns } from '../sheets/turns.ts';
import type { NewWrite, StoredWrite, WriteStore } from '../store/write-store.ts';
import type { Outbox } from './outbox.ts';
import type { Answer, PreparedCall, Tool, ToolContext } from './tool.ts';
import { behind, full, isOpen, keyConflict, noWayIn, storedError, tooLate } from './write-errors.ts';

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
  /** What writes replace is kept. */
  readonly keepsImages: boolean;
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
  /** From the batch, before anything behind them is sent: these writes failed, and not for themselves. */
  failed(writes: readonly string[], error: ServalError): void;
}

/** A key that another process works on is looked at again after this long. */
const LOOK_AGAIN_MS = 250;

export function createWriteDesk(options: WriteDeskOptions): WriteDesk {
  const { store, turns, outbox, clock, emit } = options;
  /** Writes under way that may be queued, each with what takes it back as long as it was not sent. */
  const made = new Map<
    string,
    { readonly spreadsheet: string; readonly seq: number; readonly limit: AbortController }
  >();
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
      // How that one ended is in the ledger, where it is not simply over: this call goes by it.
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
    const spreadsheet = call.spreadsheet ?? spreadsheetOf(call.about, principal) ?? null;
    const fresh = { id: newId(clock.random), seq: store.newSeq(), principal, identity, tool: tool.name };
    const write: NewWrite = { ...fresh, spreadsheet, key, digest };
    let id = write.id;
    // Taken before anything is waited for: writers go in the order in which they came.
    let turn = takeTurn(spreadsheet);
    store.note(write);
    try {
      for (let known = key === null ? undefined : await store.claim({ ...write, key }); known && key !== null; ) {
        if (known.digest !== digest) throw keyConflict();
        // It waits for another's end: nobody need wait behind it.
        turn?.end();
        const end = await settled(known, write.seq, request);
        if (end.answer) return end.answer;
        turn = takeTurn(spreadsheet);
        // Made again under its own id, or gone without a trace: then the key may be had.
        if (end.again !== undefined) id = end.again;
        known = end.again === undefined ? await store.claim({ ...write, key }) : undefined;
      }
      return await carryOut({ ...write, id }, turn, tool, call, request);
    } finally {
      turn?.end();
      store.forget(write.id);
      store.forget(id);
    }
  }

  /** Of the caller's write that a call is about. */
  function spreadsheetOf(about: string | undefined, principal: string): string | null | undefined {
    const write = about === undefined ? undefined : store.get(about);
    return write?.principal === principal ? write.spreadsheet : undefined;
  }

  /** Undefined where others are queued, or wait for those, and come first. */
  function takeTurn(spreadsheet: string | null): Turn | undefined {
    if (spreadsheet === null) return FREE_TURN;
    return outbox.isFree(spreadsheet) ? turns.take(spreadsheet) : undefined;
  }

  /** The answer of the write that had the key first, or its id, under which it is made again since it was not applied. */
  async function settled(
    first: StoredWrite,
    seq: number,
    { signal, origin }: WriteRequest,
  ): Promise<{ readonly answer: Answer } | { readonly answer?: undefined; readonly again: string | undefined }> {
    for (let known: StoredWrite | undefined = first; ; known = store.get(first.id)) {
      if (!known) return { again: undefined };
      const wait = known.state === 'running' || (known.state === 'unknown' && known.settling);
      const free = known.state === 'failed' || (known.state === 'unknown' && !options.exactlyOnce);
      if (free && (await store.reclaim(known.id, seq))) return { again: known.id };
      if (!wait && !free) return { answer: answerOf(known) };
      if (clock.now() + LOOK_AGAIN_MS > origin.deadline) {
        if (known.state === 'unknown') return { answer: answerOf(known) };
        throw new ServalError('outcome_unknown', 'The same call is still under way, or its end is being found out.', {
          outcome: 'unknown',
          writeId: known.id,
          hint: 'Repeat it with the same key, or ask get_write.',
        });
      }
      await clock.sleep(LOOK_AGAIN_MS, signal);
    }
  }

  async function carryOut(
    { id, seq, spreadsheet }: NewWrite,
    taken: Turn | undefined,
    tool: Tool,
    call: PreparedCall,
    request: WriteRequest,
  ): Promise<Answer> {
    const limit = new AbortController();
    const done = new AbortController();
    const { deadline } = request.origin;
    clock.sleep(deadline - clock.now(), done.signal).then(
      () => limit.abort(tooLate()),
      () => {},
    );
    const signal = AbortSignal.any([request.signal, limit.signal]);
    if (spreadsheet !== null && tool.queueable) made.set(id, { spreadsheet, seq, limit });
    let turn = taken ?? FREE_TURN;
    try {
      if (!taken && spreadsheet !== null) {
        if (tool.queueable && options.mayQueue() && store.backlog(spreadsheet) > 0) return await queue(id, tool, call);
        await outbox.drained(spreadsheet, seq, signal);
        turn = turns.take(spreadsheet);
      }
      const origin = { ...request.origin, writes: [id] };
      const foresee = (answer: object) => store.foresee(id, { ...answer, writeId: id });
      const handOn: Turn['handOn'] = (make, until) =>
        turn.handOn(async () => {
          // One that came before may have been queued while this one was worked out.
          if (spreadsheet !== null && outbox.isBehind(spreadsheet, seq)) throw behind();
          return make();
        }, until);
      const keep = (image: Image) => store.keep(id, JSON.stringify(image));
      const writer = { turn: { ...turn, handOn }, foresee, ...(options.keepsImages && tool.undoable && { keep }) };
      const sheets = options.sheetsFor(origin, signal, writer);
      const answer = { ...(await call.run(options.contextOf(origin.principal, sheets))), writeId: id };
      await store.finish(id, answer);
      return answer;
    } catch (thrown) {
      return await failed(id, tool, call, asServalError(thrown));
    } finally {
      made.delete(id);
      done.abort();
      turn.end();
    }
  }

  /** What is left to do when the write could not be made: queue it, or say how it stands. */
  async function failed(id: string, tool: Tool, call: PreparedCall, error: ServalError): Promise<Answer> {
    const unknown = error.code === 'outcome_unknown' || error.details.outcome === 'unknown';
    const open = isOpen(error);
    try {
      const may = open && tool.queueable && options.mayQueue();
      if (may && (!unknown || (options.exactlyOnce && store.canSettle(id)))) return await queue(id, tool, call);
    } catch (thrown) {
      // What may have been applied is not told as refused.
      if (!unknown) return refuse(id, asServalError(thrown));
    }
    if (!unknown) return refuse(id, error);
    const { level, unsure } = tool.guarantee ?? {};
    const found = options.exactlyOnce || level !== 'exactly once' ? unsure : undefined;
    const hint = `To find out: ${found ?? 'read the cells'}.`;
    const told = new ServalError('outcome_unknown', error.message, { ...error.details, writeId: id, hint });
    await store.doubt(id, storedError(told));
    throw told;
  }

  async function refuse(id: string, error: ServalError): Promise<never> {
    await store.release(id, storedError(error));
    throw error;
  }

  async function queue(id: string, tool: Tool, call: PreparedCall): Promise<Answer> {
    const kept = await store.enqueue(id, call.args, options.maxQueued);
    if (!kept) throw full(options.maxQueued);
    if (kept.state === 'queued') {
      emit({ type: 'outbox', result: 'queued', writeId: id, tool: tool.name });
      outbox.wake();
    }
    return answerOf(kept);
  }

  return {
    failed: (writes, error) => {
      if (!isOpen(error) || !options.mayQueue()) return;
      for (const id of writes) {
        const first = made.get(id);
        // It will be queued: what came after it and was not sent comes after it there too.
        for (const [, other] of first ? made : []) {
          if (other.spreadsheet === first?.spreadsheet && other.seq > first.seq) other.limit.abort(behind());
        }
      }
    },
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
