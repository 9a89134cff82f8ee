// Google as the simulation has it: the embedded backend on the simulated clock, behind a network that can be cut, and
// the spreadsheets in it.

import { AsyncLocalStorage } from 'node:async_hooks';
import { createEmulator } from '../../src/emulator/emulator.ts';
import type { Report, Tally } from './report.ts';
import type { Random } from './seeded.ts';
import type { SimulatedClock, Work } from './simulated-clock.ts';
import type { Workbook, Writes } from './writes.ts';

export const ROWS = 6;
export const COLUMNS = 4;
const SLOTS = 6000;
const SETUP = 'setup';

export interface Spreadsheet {
  readonly id: string;
  /** Ids of the sheets Data (contended cells), Slots (each written once) and Log (appends). */
  readonly data: number;
  readonly slots: number;
  slotsUsed: number;
}

/** Milliseconds, least and most. */
export type Reply = Readonly<Record<'read' | 'write', readonly [number, number]>>;

/** The work of the request at hand, so that time stands still for as long as it needs none. */
export const atWork = new AsyncLocalStorage<Work>();

export function createBackend(parts: {
  readonly clock: SimulatedClock;
  readonly writes: Writes;
  readonly report: Report;
  readonly tally: Tally;
  readonly random: Random;
  readonly phaseMs: number;
  /** Reads and writes a minute that the project is allowed. */
  readonly perProject: number;
}) {
  const { clock, writes, report, tally, random, phaseMs, perProject } = parts;
  const requests = new WeakSet<AbortSignal>();
  const quota = { phaseMs, readsPerMinutePerProject: perProject, writesPerMinutePerProject: perProject };
  let cut = false;
  let replyMs: Reply = { read: [0, 0], write: [0, 0] };
  let planned429 = 0;
  let seen429 = 0;

  const emulator = createEmulator({
    file: ':memory:',
    clock: {
      ...clock,
      sleep: async (ms, signal) => {
        // What is done late is no longer part of its request.
        const work = signal && requests.has(signal) ? atWork.getStore() : undefined;
        work?.asleep();
        await clock.sleep(ms, signal).finally(() => work?.awake());
      },
    },
    onFault: (fault) => report('backend', String(fault)),
  });

  /** The network between one process and Google; `lane` names the caller's lane by spreadsheet. */
  const network =
    (process: number, identity: string): typeof globalThis.fetch =>
    async (input, init) => {
      const request = new Request(input, init);
      requests.add(request.signal);
      const body = typeof init?.body === 'string' ? init.body : '';
      const spreadsheet = /spreadsheets\/([^/:?]+)/.exec(request.url)?.[1];
      const end = writes.sent(body, `${process}|${identity}|${spreadsheet}`);
      tally.add(`upstream ${body === '' ? 'reads' : 'writes'}`);
      if (cut) {
        end('unreached');
        tally.add('unreached');
        throw new TypeError('fetch failed', { cause: Object.assign(new Error('refused'), { code: 'ECONNREFUSED' }) });
      }
      try {
        const response = await emulator.fetch(request);
        const { status } = response;
        if (status === 429) seen429++;
        if (status !== 200) tally.add(`status ${status}`);
        end(status === 200 ? 'applied' : status >= 400 && status < 500 && status !== 408 ? 'refused' : 'unknown');
        await onItsWay(request.signal, body === '' ? 'read' : 'write');
        return response;
      } catch (error) {
        tally.add(request.signal.aborted ? 'left by us' : 'connections lost');
        end('unknown');
        throw error;
      }
    };

  /** A reply may be overtaken by what is done later. */
  async function onItsWay(signal: AbortSignal, kind: 'read' | 'write'): Promise<void> {
    const work = atWork.getStore();
    work?.asleep();
    await clock.sleep(random.between(...replyMs[kind]) * random.next(), signal).finally(() => work?.awake());
  }

  /** A request that no fault meets. */
  async function direct(method: string, path: string, body?: object): Promise<Record<string, unknown>> {
    const response = await emulator.fetch(
      new Request(`http://google${path}`, {
        method,
        headers: { authorization: `Bearer ${SETUP}`, 'content-type': 'application/json' },
        ...(body && { body: JSON.stringify(body) }),
      }),
    );
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${text}`);
    return JSON.parse(text);
  }

  async function create(title: string): Promise<Spreadsheet> {
    const sheet = (name: string, rowCount: number, columnCount: number) => ({
      properties: { title: name, gridProperties: { rowCount, columnCount } },
    });
    const sheets = [sheet('Data', ROWS, COLUMNS), sheet('Slots', SLOTS, 1), sheet('Log', 20, 2)];
    const made = await direct('POST', '/v4/spreadsheets', { properties: { title }, sheets });
    const id = String(made.spreadsheetId);
    const [data = 0, slots = 0] = (made.sheets as { properties: { sheetId: number } }[]).map(
      ({ properties }) => properties.sheetId,
    );
    const values = Array.from({ length: ROWS }, (_, row) =>
      Array.from({ length: COLUMNS }, (_, column) => {
        const write = writes.issue({ kind: 'cell', spreadsheet: id, row, column }, -1);
        writes.sent(`${write.value}`, 'setup')('applied');
        writes.answered(write, 'applied');
        return write.value;
      }),
    );
    await direct('POST', `/v4/spreadsheets/${id}/values:batchUpdate`, {
      valueInputOption: 'RAW',
      data: [
        { range: 'Data!A1', values },
        { range: 'Log!A1', values: [['value', 'who']] },
      ],
    });
    return { id, data, slots, slotsUsed: 0 };
  }

  async function workbook({ id }: Spreadsheet): Promise<Workbook> {
    const query = 'ranges=Data&ranges=Slots&ranges=Log!A:A&valueRenderOption=UNFORMATTED_VALUE';
    const reply = await direct('GET', `/v4/spreadsheets/${id}/values:batchGet?${query}`);
    const [cells = [], slots = [], rows = []] = (reply.valueRanges as { values?: unknown[][] }[]).map(
      ({ values = [] }) => values,
    );
    return { cells, slots: slots.map(([value]) => value), rows: rows.map(([value]) => Number(value)) };
  }

  /** 429s that rules asked for since the last plan are known before the plan goes. */
  function setFaults(seed: number, rules: readonly object[]): void {
    const { plan, fired } = emulator.faults();
    plan.rules.forEach(({ fault }, index) => {
      if ('status' in fault && fault.status === 429) planned429 += fired[index] ?? 0;
    });
    emulator.setFaults({ seed, quota, rules });
    for (const { status } of emulator.observed()) if (status === 'late') tally.add('done late');
    emulator.clearObserved();
  }

  /** What Google counted of each user, and of all: never more in any minute than we allow ourselves. */
  function checkQuota(headroom: number): void {
    const places = { user: Math.floor(60 * headroom), project: Math.floor(perProject * headroom) };
    setFaults(1, []);
    // A reply that was given to somebody who had left was never seen.
    if (seen429 > planned429) report('quota', `${seen429 - planned429} answers of 429 that no fault asked for`);
    const counted = emulator.counted().filter(({ user }) => user !== SETUP);
    for (const kind of ['read', 'write'] as const) {
      const own = counted.filter((one) => one.kind === kind);
      for (const { user, times } of own) {
        const most = fullest(times);
        tally.peak(`most ${kind}s of a user in a minute`, most);
        if (most > places.user) report('quota', `${most} ${kind}s of ${user} within 60 s, of ${places.user}`);
      }
      const all = fullest(own.flatMap(({ times }) => times).sort((a, b) => a - b));
      tally.peak(`most ${kind}s of the project in a minute`, all);
      if (all > places.project) report('quota', `${all} ${kind}s of all within 60 s, of ${places.project}`);
    }
  }

  return {
    network,
    create,
    workbook,
    setFaults,
    checkQuota,
    /** Whether no connection can be made. */
    cutOff: (now: boolean) => {
      cut = now;
    },
    /** How long replies are on their way, at least and at most, mostly little. */
    delayReplies: (by: Reply) => {
      replyMs = by;
    },
    close: emulator.close,
  };
}

export type Backend = ReturnType<typeof createBackend>;

/** The most of these times, ascending, in any window of 60 s. */
function fullest(times: readonly number[]): number {
  let first = 0;
  let most = 0;
  times.forEach((at, index) => {
    while ((times[first] ?? at) <= at - 60_000) first++;
    most = Math.max(most, index - first + 1);
  });
  return most;
}
