// Runs queries in worker threads: a few at once, each ended at its limits, none of them ever on this thread. A thread
// that was ended, has crashed or has grown is replaced by the next query that needs one.

import { Worker } from 'node:worker_threads';
import { abortError } from '../abort.ts';
import type { Clock } from '../clock.ts';
import { ServalError } from '../errors.ts';
import type { QueryTable, Question, Replied, Reply, Running, ToWorker, Value } from './messages.ts';

export interface Query extends Question {
  readonly tables: readonly QueryTable[];
}

/** Who waits for a query. */
export interface Waiting {
  readonly signal: AbortSignal;
  /** On `Clock.now()`'s scale. */
  readonly deadline: number;
}

export interface QueryEngine {
  /**
   * Rejects with `timeout` at the time limit, `unavailable` when no worker is free within the deadline, `too_large`
   * when the worker's own memory is used up; what SQLite says against a query is a reply.
   */
  run(query: Query, waiting: Waiting): Promise<Reply>;
  /** Ends what runs. */
  close(): void;
}

export interface QueryEngineOptions {
  /** How long one query may run, its tables loaded. */
  readonly timeoutMs: number;
  readonly clock: Clock;
  /** The module of the worker; another one only in tests. */
  readonly module?: URL;
}

/** Queries at once: each may keep a processor busy until its limit, and take MEMORY_BYTES and HEAP_MB. */
const MAX_WORKERS = 2;
/** What a worker has beside SQLite's memory: the rows on their way in and out. */
const HEAP_MB = 96;
/** A worker whose memory has come to more is not kept: WebAssembly never gives memory back. */
const KEPT_BYTES = 32 * 2 ** 20;
/** A worker without work is kept for so long: a new one takes about 0.15 s. */
const IDLE_MS = 60_000;
/** Cells that go to a worker in one piece, so that nothing else waits long meanwhile. */
const PIECE_CELLS = 20_000;

/** The compiled package and the sources, which run as they are, differ in the ending alone. */
const WORKER = new URL(import.meta.url.endsWith('.ts') ? './worker.ts' : './worker.js', import.meta.url);

export function createQueryEngine({ timeoutMs, clock, module = WORKER }: QueryEngineOptions): QueryEngine {
  const closing = new AbortController();
  /** Those without work, the one used last at the end, with what ends their being kept. */
  const idle: { readonly worker: Worker; readonly taken: AbortController }[] = [];
  const waiting: (() => void)[] = [];
  let busy = 0;

  function start(): Worker {
    const resourceLimits = { maxOldGenerationSizeMb: HEAP_MB, maxYoungGenerationSizeMb: 16 };
    // Standard output belongs to the protocol of the stdio server.
    const worker = new Worker(module, { resourceLimits, stdout: true, stderr: true, env: {}, argv: [] });
    worker.stdout.resume();
    worker.stderr.resume();
    worker.on('error', () => {}); // of an idle worker; of a busy one its query is told
    worker.once('exit', () => drop(worker));
    return worker;
  }

  /** A worker without work, or a new one. */
  function take(): Worker {
    const kept = idle.pop();
    kept?.taken.abort();
    kept?.worker.ref();
    return kept?.worker ?? start();
  }

  /** Takes one of the places; resolves when there is one. */
  async function enter({ signal, deadline }: Waiting): Promise<void> {
    if (closing.signal.aborted) throw stopped();
    if (busy >= MAX_WORKERS) await turn(signal, deadline);
    else busy++;
  }

  /** Resolves when a query that has ended leaves its place to this one. */
  async function turn(signal: AbortSignal, deadline: number): Promise<void> {
    const done = new AbortController();
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    waiting.push(resolve);
    const giveUp = (error: ServalError) => {
      const at = waiting.indexOf(resolve);
      if (at < 0) return; // its turn has come
      waiting.splice(at, 1);
      reject(error);
    };
    try {
      endWhen({ signal, ms: deadline - clock.now(), done: done.signal }, giveUp, busyError);
      await promise;
    } finally {
      done.abort();
    }
  }

  function busyError(): ServalError {
    return new ServalError('unavailable', `${MAX_WORKERS} other queries are running, and more wait.`, {
      retryAfterMs: timeoutMs,
      sent: false,
    });
  }

  function leave(): void {
    const next = waiting.shift();
    if (next) next();
    else busy--;
  }

  function keep(worker: Worker): void {
    worker.unref();
    const taken = new AbortController();
    idle.push({ worker, taken });
    clock.sleep(IDLE_MS, AbortSignal.any([taken.signal, closing.signal])).then(
      () => drop(worker),
      () => {},
    );
  }

  /** Ends a worker that has no work. */
  function drop(worker: Worker): void {
    const at = idle.findIndex((one) => one.worker === worker);
    const [one] = at < 0 ? [] : idle.splice(at, 1);
    one?.taken.abort();
    if (one) void worker.terminate();
  }

  /** Calls `end` once, when the signal or the engine's end says so or the time is over, unless `done` comes first. */
  function endWhen(
    { signal, ms, done }: { readonly signal: AbortSignal; readonly ms: number; readonly done: AbortSignal },
    end: (error: ServalError) => void,
    over: () => ServalError,
  ): void {
    const left = AbortSignal.any([signal, closing.signal]);
    const onLeft = () => end(closing.signal.aborted ? stopped() : abortError(signal));
    if (left.aborted) onLeft();
    left.addEventListener('abort', onLeft, { once: true, signal: done });
    clock.sleep(Math.max(0, ms), done).then(
      () => end(over()),
      () => {},
    );
  }

  async function ask(worker: Worker, { tables, ...question }: Query, { signal, deadline }: Waiting): Promise<Replied> {
    const done = new AbortController();
    const { promise, resolve, reject } = Promise.withResolvers<Replied>();
    promise.catch(() => {}); // also heard when it comes while tables are being sent
    const onMessage = (message: Running | Replied) => {
      if (message.kind !== 'running') return resolve(message);
      endWhen({ signal, ms: timeoutMs, done: done.signal }, reject, () => tookTooLong(timeoutMs));
    };
    const onExit = () => reject(crashed('it ended'));
    const onError = (error: Error) => reject(crashed(error));
    worker.on('message', onMessage).once('error', onError).once('exit', onExit);
    try {
      endWhen({ signal, ms: deadline - clock.now(), done: done.signal }, reject, noTimeLeft);
      await Promise.race([send(worker, tables, done.signal), promise]);
      post(worker, { kind: 'ask', question });
      return await promise;
    } finally {
      done.abort();
      worker.off('message', onMessage).off('error', onError).off('exit', onExit);
    }
  }

  return {
    run: async (query, waiting) => {
      await enter(waiting);
      let worker: Worker | undefined;
      let healthy = false;
      try {
        // Those who gave it up may have waited for as long.
        if (clock.now() >= waiting.deadline) throw busyError();
        worker = take();
        const { memoryBytes, ...reply } = await ask(worker, query, waiting);
        healthy = memoryBytes <= KEPT_BYTES && !(reply.kind === 'fault' && reply.reason === 'crash');
        return reply;
      } finally {
        if (worker && healthy && !closing.signal.aborted) keep(worker);
        else void worker?.terminate();
        leave();
      }
    },
    close: () => {
      closing.abort();
      for (const { worker } of [...idle]) drop(worker);
    },
  };
}

function post(worker: Worker, message: ToWorker): void {
  worker.postMessage(message);
}

/** Sends the tables piece by piece; others have their turn in between. Stops when nobody waits any longer. */
async function send(worker: Worker, tables: readonly QueryTable[], done: AbortSignal): Promise<void> {
  for (const { name, columns, rows } of tables) {
    post(worker, { kind: 'table', name, columns });
    const pieceRows = Math.max(1, Math.floor(PIECE_CELLS / (columns.length + 1)));
    let piece: (readonly Value[])[] = [];
    for (const row of rows()) {
      piece.push(row);
      if (piece.length < pieceRows) continue;
      post(worker, { kind: 'rows', rows: piece });
      piece = [];
      await new Promise(setImmediate);
      if (done.aborted) return;
    }
    if (piece.length > 0) post(worker, { kind: 'rows', rows: piece });
  }
}

function tookTooLong(timeoutMs: number): ServalError {
  return new ServalError('timeout', `The query was ended: it ran longer than ${timeoutMs} ms (QUERY_TIMEOUT_MS).`, {
    hint: 'Do not repeat it as it is: filter first, join on equal columns, end recursion with a condition or a LIMIT.',
  });
}

function noTimeLeft(): ServalError {
  return new ServalError('timeout', 'The query did not end within the time of a call (REQUEST_DEADLINE_MS).');
}

function stopped(): ServalError {
  return new ServalError('unavailable', 'The server is stopping: the query was ended.', { sent: false });
}

function crashed(cause: unknown): ServalError {
  if (cause instanceof Error && 'code' in cause && cause.code === 'ERR_WORKER_OUT_OF_MEMORY') {
    return new ServalError('too_large', 'The query has used up the memory of its worker.', { cause });
  }
  return new ServalError('internal', 'The worker of the query has failed.', { cause });
}
