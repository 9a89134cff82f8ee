// The tools over the resilience layer and the ledger, put together: what runs a call, keeps a write and makes it later.

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Send } from './call.ts';
import type { Clock } from './clock.ts';
import type { Config } from './config.ts';
import { ServalError } from './errors.ts';
import type { Emit } from './events.ts';
import { newId } from './ids.ts';
import type { Log } from './log.ts';
import { createPipe } from './pipe.ts';
import { createQueryEngine, type Waiting } from './query/engine.ts';
import type { Circuits } from './resilience/circuits.ts';
import type { Flags } from './resilience/flags.ts';
import type { Origin } from './sheets/calls.ts';
import { createSheets, type Manner, NO_WRITER, type Sheets, type Writer } from './sheets/sheets.ts';
import { createTurns } from './sheets/turns.ts';
import { parseImage } from './sheets/undo.ts';
import { createJournalStore } from './store/journal.ts';
import { openLedger } from './store/ledger.ts';
import { createWriteStore } from './store/writes.ts';
import { chooseTools, hiddenBy } from './tools/choose.ts';
import { TOOLS } from './tools/index.ts';
import { createOutbox } from './tools/outbox.ts';
import { createProgress } from './tools/progress.ts';
import { createRunner } from './tools/run.ts';
import type { ToolContext } from './tools/tool.ts';
import { createWriteDesk } from './tools/writes.ts';

export interface ServiceParts {
  readonly clock: Clock;
  readonly log: Log;
  readonly emit: Emit;
  readonly subscribe: (listener: Emit) => void;
  readonly circuits: Circuits;
  readonly flags: Flags;
  readonly transport: Send;
  /** The Google account behind a principal. */
  readonly identityOf: (principal: string) => string;
  /** Which files that account's searches find. */
  readonly reach: ToolContext['reach'];
}

export type Service = ReturnType<typeof createService>;

/** How often what was left is looked after, and what is old is forgotten. */
const TEND_MS = 2_000;
const PURGE_MS = 3_600_000;
const FIRST_PURGE_MS = 60_000;
/** That nothing can be taken in is logged this often. */
const QUIET_MS = 600_000;

/** Throws an Error with what to do when the ledger in DATA_DIR can never be used as it is. */
export function createService(config: Config, parts: ServiceParts) {
  const { clock, log, emit, circuits, flags } = parts;
  const ledger = openLedger({ folder: config.DATA_DIR, owner: newId(clock.random), clock, log });
  const store = createWriteStore(ledger, undoLimits(config));
  const pipe = createPipe(config, {
    ...parts,
    journal: createJournalStore(ledger, store),
    isWorker: ledger.isWorker,
    onFailed: (writes, error) => {
      outbox.failed(writes);
      desk.failed(writes, error);
    },
  });
  const turns = createTurns({ quiet: pipe.quiet });
  const closing = new AbortController();
  const queries = createQueryEngine({ timeoutMs: config.QUERY_TIMEOUT_MS, clock });

  const allowExternal = config.ALLOW_EXTERNAL_FORMULAS;
  const sheetsFor = (origin: Origin, signal: AbortSignal, manner: Manner, writer?: Writer): Sheets =>
    createSheets(
      pipe.send,
      { ...origin, ...manner, allowExternal, now: clock.now, random: clock.random },
      signal,
      pipe.sourceOf,
      writer,
    );
  const writerFor = (origin: Origin, signal: AbortSignal, writer: Writer) =>
    sheetsFor(origin, signal, { fresh: false }, writer);
  const ownWrite = (principal: string, id: string) => {
    const write = store.get(id);
    return write?.principal === principal ? write : undefined;
  };
  const contextOf = (principal: string, sheets: Sheets, waiting?: Waiting): ToolContext => ({
    sheets,
    writes: {
      get: (id) => ownWrite(principal, id),
      image: (id) => {
        const kept = ownWrite(principal, id) && store.image(id);
        return kept === undefined ? undefined : parseImage(kept);
      },
    },
    pendingWrites: (spreadsheet) => {
      try {
        return store.backlog(spreadsheet);
      } catch {
        return 0; // reads go on without the ledger
      }
    },
    query: (query) =>
      queries.run(query, waiting ?? { signal: closing.signal, deadline: clock.now() + config.REQUEST_DEADLINE_MS }),
    reach: parts.reach,
  });
  const refusal = (spreadsheet: string | null) => {
    const concerned = circuits.of({ api: 'sheets', scope: spreadsheet });
    const refused = [concerned.service, concerned.spreadsheet].find((circuit) => circuit?.refusal(spreadsheet));
    const why = refused?.refusal(spreadsheet);
    if (!why) return undefined;
    return new ServalError('circuit_open', `The circuit breaker ${why.circuit} is open: nothing was sent.`, {
      circuit: why.circuit,
      retryAfterMs: Math.ceil(why.retryAfterMs),
      sent: false,
      outcome: 'none',
    });
  };
  const outbox = createOutbox({
    store,
    turns,
    tools: TOOLS,
    sheetsFor: writerFor,
    contextOf,
    refusal,
    healthy: (spreadsheet) => {
      const concerned = circuits.of({ api: 'sheets', scope: spreadsheet });
      return concerned.service.closed() && concerned.spreadsheet?.closed() !== false;
    },
    // An operator who has switched writes off wants none, also none of those that wait.
    isWorker: () => !config.READ_ONLY && flags.enabled('writes') && ledger.isWorker(),
    deadlineMs: config.REQUEST_DEADLINE_MS,
    maxAgeMs: config.OUTBOX_MAX_AGE_MS,
    keepsImages: config.UNDO_ENABLED,
    clock,
    emit,
  });
  parts.subscribe((event) => {
    if (event.type === 'circuit_transition' && event.to !== 'open') outbox.hurry();
  });
  const desk = createWriteDesk({
    store,
    turns,
    outbox,
    sheetsFor: writerFor,
    contextOf,
    mayQueue: () => flags.enabled('fallback'),
    exactlyOnce: config.EXACTLY_ONCE === 'markers',
    maxQueued: config.OUTBOX_MAX_ENTRIES,
    keepsImages: config.UNDO_ENABLED,
    clock,
    emit,
    onNoWayIn: createNoWayIn(log, clock),
  });
  const choice = { toolsets: config.TOOLSETS, readOnly: config.READ_ONLY };
  const runner = createRunner({
    tools: chooseTools(TOOLS, choice),
    hiddenBy: (name) => {
      const tool = TOOLS.find((one) => one.name === name);
      return tool && hiddenBy(tool, choice);
    },
    sheetsFor: (origin, signal, manner) =>
      sheetsFor(origin, signal, manner, {
        ...NO_WRITER,
        ...(config.UNDO_ENABLED && manner.dryRun && { keep: () => {} }),
      }),
    contextOf,
    desk,
    identityOf: parts.identityOf,
    enabled: flags.enabled,
    allowExternal,
    deadlineMs: config.REQUEST_DEADLINE_MS,
    progress: createProgress(clock, parts.subscribe),
    clock,
    emit,
  });

  /** One round of what is to be looked after; a ledger that cannot be used is tried again at the next. */
  async function tend(): Promise<void> {
    try {
      if (ledger.isWorker()) await store.adopt();
      await pipe.tend();
      await outbox.tend();
    } catch (fault) {
      if (!(fault instanceof ServalError)) log.error('looking after what was left failed', { fault });
    }
  }

  async function tendOnAndOn(): Promise<void> {
    let purgeAt = clock.now() + FIRST_PURGE_MS;
    while (!closing.signal.aborted) {
      await tend();
      if (clock.now() >= purgeAt) {
        purgeAt = clock.now() + PURGE_MS;
        await store.purge(config.LEDGER_RETENTION_MS).catch(() => 0);
      }
      await clock.sleep(TEND_MS, closing.signal).catch(() => {});
    }
  }

  return {
    runner,
    pipe,
    store,
    outbox,
    ledger,
    tend,
    /** Begins to look after what earlier processes have left. */
    start: () => void tendOnAndOn(),
    /** Resolves once no tool call is under way and every write that was sent has its end. */
    idle: async () => {
      await runner.idle();
      await pipe.idle();
    },
    close: () => {
      closing.abort();
      queries.close();
      outbox.close();
      pipe.close();
      ledger.close();
    },
  };
}

const undoLimits = ({ UNDO_MAX_BYTES: maxBytes, UNDO_MAX_AGE_MS: maxAgeMs }: Config) => ({ maxBytes, maxAgeMs });

/** Forgets finished writes of the ledger in DATA_DIR that are older; their number. */
export async function purgeLedger(config: Config, ports: { clock: Clock; log: Log }, olderThanMs: number) {
  if (!existsSync(join(config.DATA_DIR, 'ledger.sqlite'))) return 0;
  const ledger = openLedger({ ...ports, folder: config.DATA_DIR, owner: newId(ports.clock.random) });
  try {
    return await createWriteStore(ledger, undoLimits(config)).purge(olderThanMs);
  } finally {
    ledger.close();
  }
}

/** One line that names both, and what to restore first; not one for each caller. */
function createNoWayIn(log: Log, clock: Clock): (circuit: string) => void {
  let quietUntil = Number.NEGATIVE_INFINITY;
  return (circuit) => {
    if (clock.now() < quietUntil) return;
    quietUntil = clock.now() + QUIET_MS;
    log.error(
      `circuit breaker ${circuit} is open and the ledger cannot be used: nothing is accepted; restore the ledger first`,
      { circuit },
    );
  };
}
