// Google as the simulation has it: the embedded backend on the simulated clock, behind its network, and the
// spreadsheets in it.

import { createEmulator } from '../../src/emulator/emulator.ts';
import type { Workbook } from './book.ts';
import { createNetwork } from './network.ts';
import type { Report, Tally } from './report.ts';
import type { Random } from './seeded.ts';
import type { SimulatedClock } from './simulated-clock.ts';
import type { Writes } from './writes.ts';

export const ROWS = 6;
export const COLUMNS = 4;
export const LINKS = 3;
const SLOTS = 6000;
const SETUP = 'setup';
/** Characters of developer metadata that a spreadsheet holds, and those of one marker or fence. */
const METADATA = 30_000;
const MARKER = 25;

export interface Spreadsheet {
  readonly id: string;
  /** Ids of the sheets Data (contended cells) and Slots (each written once); the others are Log, Stock and Links. */
  readonly data: number;
  readonly slots: number;
  slotsUsed: number;
  /** What stands in each link at first. */
  readonly links: readonly number[];
  /** Others have left room for few markers in it. */
  readonly full: boolean;
}

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
  const { writes, report, tally, phaseMs, perProject } = parts;
  const quota = { phaseMs, readsPerMinutePerProject: perProject, writesPerMinutePerProject: perProject };
  let planned429 = 0;

  const network = createNetwork({ ...parts, google: (request) => emulator.fetch(request) });
  const onFault = (fault: unknown) => report('backend', String(fault));
  const emulator = createEmulator({ file: ':memory:', clock: network.clock, onFault });

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

  /** A spreadsheet; `room`: for how many markers there is any in it. */
  async function create(title: string, room?: number): Promise<Spreadsheet> {
    const sheet = (name: string, rowCount: number, columnCount: number) => ({
      properties: { title: name, gridProperties: { rowCount, columnCount } },
    });
    const sheets = [
      sheet('Data', ROWS, COLUMNS),
      sheet('Slots', SLOTS, 1),
      sheet('Log', 20, 2),
      sheet('Stock', 4, 3),
      sheet('Links', LINKS, 1),
    ];
    const made = await direct('POST', '/v4/spreadsheets', { properties: { title }, sheets });
    const id = String(made.spreadsheetId);
    const [data = 0, slots = 0] = (made.sheets as { properties: { sheetId: number } }[]).map(
      ({ properties }) => properties.sheetId,
    );
    const first = (place: Parameters<Writes['issue']>[0]) => {
      const write = writes.issue(place, -1);
      writes.sent(`${write.value}`, id, 'setup')('applied');
      writes.answered(write, 'applied');
      return write.value;
    };
    const values = Array.from({ length: ROWS }, (_, row) =>
      Array.from({ length: COLUMNS }, (_, column) => first({ kind: 'cell', spreadsheet: id, row, column })),
    );
    const links = Array.from({ length: LINKS }, (_, row) =>
      first({ kind: 'link', spreadsheet: id, row, after: 0 - row }),
    );
    await direct('POST', `/v4/spreadsheets/${id}/values:batchUpdate`, {
      valueInputOption: 'RAW',
      data: [
        { range: 'Data!A1', values },
        { range: 'Log!A1', values: [['value', 'who']] },
        { range: 'Stock!A1', values: [['item', 'value', 'who']] },
        { range: 'Links!A1', values: links.map((value) => [value]) },
      ],
    });
    if (room !== undefined) await fill(id, METADATA - room * MARKER);
    return { id, data, slots, slotsUsed: 0, links, full: room !== undefined };
  }

  /** Developer metadata of others. */
  async function fill(id: string, characters: number): Promise<void> {
    const developerMetadata = {
      metadataKey: 'theirs',
      metadataValue: 'x'.repeat(characters - 'theirs'.length),
      location: { spreadsheet: true },
      visibility: 'DOCUMENT',
    };
    const requests = [{ createDeveloperMetadata: { developerMetadata } }];
    await direct('POST', `/v4/spreadsheets/${id}:batchUpdate`, { requests });
  }

  async function workbook({ id }: Spreadsheet): Promise<Workbook> {
    const ranges = ['Data', 'Slots', 'Log!A:A', 'Stock!A2:B', 'Links'].map((range) => `ranges=${range}`).join('&');
    const query = `${ranges}&valueRenderOption=UNFORMATTED_VALUE`;
    const reply = await direct('GET', `/v4/spreadsheets/${id}/values:batchGet?${query}`);
    const [cells = [], slots = [], rows = [], items = [], links = []] = (
      reply.valueRanges as { values?: unknown[][] }[]
    ).map(({ values = [] }) => values);
    return {
      cells,
      slots: slots.map(([value]) => value),
      rows: rows.map(([value]) => Number(value)),
      items: items.map(([item, value]) => ({ item: String(item), value: Number(value) })),
      links: links.map(([value]) => Number(value)),
    };
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
    const unplanned = network.seen429() - planned429;
    if (unplanned > 0) report('quota', `${unplanned} answers of 429 that no fault asked for`);
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

  return { network, create, workbook, setFaults, checkQuota, close: emulator.close };
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
