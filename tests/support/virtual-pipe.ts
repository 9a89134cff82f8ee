// The composed pipe on a virtual clock, over the real Google client and the embedded backend, for several identities.

import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { Call, Send } from '../../src/call.ts';
import { parseConfig } from '../../src/config.ts';
import { createEmulator } from '../../src/emulator/emulator.ts';
import { createBus, type Event } from '../../src/events.ts';
import type { Credentials } from '../../src/google/credentials.ts';
import { createTransport } from '../../src/google/transport.ts';
import { createLog } from '../../src/log.ts';
import { createPipe } from '../../src/pipe.ts';
import { createCircuits } from '../../src/resilience/circuits.ts';
import { createFlags } from '../../src/resilience/flags.ts';
import { createCall } from '../../src/sheets/calls.ts';
import { temporaryFolder } from './app.ts';
import { ledgerIn } from './ledger.ts';
import { createVirtualClock, settle } from './virtual-clock.ts';

const ROUNDS = 12;

/** Credentials of an identity whose token the backend takes as it is. */
export const tokenOf = (identity: string): Credentials => ({
  headers: async () => ({ authorization: `Bearer ${identity}` }),
  renew: () => false,
  account: () => ({}),
});

/** A grant that its owner has taken back: the token endpoint refuses it. */
export const revoked: Credentials = {
  headers: async () => {
    throw Object.assign(new Error('invalid_grant'), { response: { status: 400, data: { error: 'invalid_grant' } } });
  },
  renew: () => false,
  account: () => ({}),
};

export async function virtualPipe({
  identities = { a: tokenOf('a'), b: tokenOf('b') },
  env = {},
  fetch,
}: {
  identities?: Record<string, Credentials>;
  env?: Record<string, string>;
  /** In place of the backend's own: a network that is down. */
  fetch?: (emulator: typeof globalThis.fetch) => typeof globalThis.fetch;
} = {}) {
  // Loading the client takes real time, which a virtual clock would outrun.
  await Promise.all([import('@googleapis/sheets'), import('@googleapis/drive')]);
  const clock = createVirtualClock();
  const { config } = parseConfig({ DATA_DIR: temporaryFolder(), GOOGLE_ACCESS_TOKEN: 'unused', ...env }, () => '');
  const lines: string[] = [];
  const log = createLog('DEBUG', clock, (line) => lines.push(line));
  const bus = createBus((fault) => {
    throw fault;
  });
  const events: Event[] = [];
  bus.subscribe((event) => events.push(event));
  const emulator = createEmulator({ file: join(config.DATA_DIR, 'w.sqlite'), clock });
  const own: typeof globalThis.fetch = (input, init) => emulator.fetch(new Request(input, init));
  const options = { fetch: fetch?.(own) ?? own, version: '0', clock, emit: bus.emit };
  const transports = Object.fromEntries(
    Object.entries(identities).map(([name, credentials]) => [name, createTransport({ ...options, credentials })]),
  );
  const transport: Send = (call, signal) => {
    const send = transports[call.identity];
    if (!send) throw new Error(`no identity ${call.identity}`);
    return send(call, signal);
  };
  const circuits = createCircuits({
    failureThreshold: config.CIRCUIT_BREAKER_FAILURE_THRESHOLD,
    successThreshold: config.CIRCUIT_BREAKER_SUCCESS_THRESHOLD,
    openMs: config.CIRCUIT_BREAKER_TIMEOUT,
    resetMs: config.CIRCUIT_BREAKER_RESET_TIMEOUT,
    clock,
    emit: bus.emit,
  });
  const initial = { writes: true, batching: config.ADAPTIVE_BATCHING, cache: config.CACHE_ENABLED };
  const flags = createFlags(
    { ...initial, fallback: config.FALLBACK_ENABLED, retry: config.RETRY_ENABLED, throttle: config.THROTTLE_ENABLED },
    clock,
  );
  const { ledger, journal, isWorker } = ledgerIn(config.DATA_DIR, clock, log);
  const parts = { clock, log, emit: bus.emit, subscribe: bus.subscribe, circuits, flags, transport, journal, isWorker };
  const pipe = createPipe(config, parts);
  onTestFinished(() => {
    pipe.close();
    ledger.close();
    emulator.close();
  });

  /** A new spreadsheet, made without going through the pipe. */
  async function create(): Promise<string> {
    const request = new Request('http://emulator/v4/spreadsheets', { method: 'POST', body: '{}' });
    return (await (await emulator.fetch(request)).json()).spreadsheetId;
  }

  const read = (identity: string, id: string, range = 'Sheet1!A1', signal = new AbortController().signal) =>
    pipe.send(callOf(identity, id, range), signal);

  function callOf(identity: string, id: string, range: string): Call {
    const origin = { principal: identity, identity, deadline: clock.now() + 50_000, priority: 'interactive' } as const;
    return createCall(origin, 'spreadsheets.values.batchGet', id, { spreadsheetId: id, ranges: [range] });
  }

  /** Lets time pass until the work is done; its outcome as the code of its error, or 'ok'. */
  async function outcomeOf(work: Promise<unknown>, stepMs = 100, limitMs = 120_000): Promise<string> {
    let end: string | undefined;
    work.then(
      () => {
        end = 'ok';
      },
      (error) => {
        end = String(error.code ?? error);
      },
    );
    const start = clock.now();
    for (;;) {
      for (let round = 0; round < ROUNDS && end === undefined; round++) await settle();
      if (end !== undefined) return end;
      if (clock.now() - start > limitMs) return 'never';
      await clock.advance(stepMs);
    }
  }

  return { pipe, emulator, clock, circuits, flags, events, lines, create, read, outcomeOf };
}
