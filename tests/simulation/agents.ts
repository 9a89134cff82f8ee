// The callers: principals that read, write, append and give up at random, each for itself.

import { createCall, type Method, type Origin } from '../../src/sheets/calls.ts';
import { createSheets } from '../../src/sheets/sheets.ts';
import { COLUMNS, ROWS, type Spreadsheet } from './backend.ts';
import { ConnectionLost, type Process, type World } from './process.ts';
import type { Random } from './seeded.ts';
import type { Place, Write } from './writes.ts';

export interface Agent {
  readonly principal: string;
  readonly identity: string;
  readonly process: Process;
  readonly random: Random;
  /** How likely it gives up. */
  readonly leaving: number;
}

export type End = 'done' | 'failed' | 'left';

interface Caller extends Agent {
  readonly world: World;
  readonly origin: Origin;
  readonly signal: AbortSignal;
  readonly spreadsheet: Spreadsheet;
}

type Act = (caller: Caller) => Promise<unknown>;

const DEADLINE_MS = 50_000;

/** What an agent does, and how often. */
const ACTS: readonly (readonly [weight: number, act: Act])[] = [
  [40, readRaw],
  [10, readByName],
  [4, describe],
  [18, writeRaw],
  [6, writeAsTyped],
  [6, writeByName],
  [6, writeSlot],
  [7, append],
  [2, readBadly],
  [1, writeBadly],
  [1, badCompany],
];
const TOTAL = ACTS.reduce((sum, [weight]) => sum + weight, 0);

/** One act, with its deadline; some are given up. Ends when its caller has its answer. */
export async function act(world: World, agent: Agent, spreadsheets: readonly Spreadsheet[]): Promise<End> {
  const { random, identity } = agent;
  const [first, ...others] = spreadsheets;
  if (!first) throw new RangeError('an agent needs a spreadsheet');
  const spreadsheet = random.pick([first, ...others]);
  let left = random.next() * TOTAL;
  const [, chosen] = ACTS.find(([weight]) => (left -= weight) < 0) ?? [0, readRaw];
  const patience = random.chance(0.15) ? random.between(3_000, DEADLINE_MS) : DEADLINE_MS;
  const origin: Origin = {
    principal: `${agent.principal}${chosen === readBadly || chosen === writeBadly ? ' errs' : ''}`,
    identity,
    deadline: world.clock.now() + patience,
    priority: random.chance(0.05) ? 'background' : 'interactive',
  };
  const leaving = new AbortController();
  const done = new AbortController();
  if (random.chance(agent.leaving)) {
    const after = random.chance(0.3) ? 0 : random.wait(1_500);
    world.clock.sleep(after, done.signal).then(
      () => leaving.abort(),
      () => {},
    );
  }
  try {
    await chosen({ ...agent, world, origin, signal: leaving.signal, spreadsheet });
    return 'done';
  } catch (error) {
    if (error instanceof ConnectionLost) return 'left';
    return leaving.signal.aborted || chosen === readBadly || chosen === writeBadly ? 'left' : 'failed'; // judged in the pipe
  } finally {
    done.abort();
  }
}

function google(caller: Caller, method: Method, params: object, live = false): Promise<unknown> {
  const { id } = caller.spreadsheet;
  return caller.process.send(
    createCall(caller.origin, method, id, { spreadsheetId: id, ...params }, live),
    caller.signal,
  );
}

function verbs({ process, origin, signal }: Caller, fresh = false) {
  return createSheets(process.send, { ...origin, fresh, random: () => 0 }, signal, process.sourceOf);
}

function name(row: number, column: number): string {
  return `${'ABCD'[column]}${row + 1}`;
}

interface Block {
  readonly row: number;
  readonly column: number;
  readonly height: number;
  readonly width: number;
}

/** A block of the contended cells; all of them are asked for again and again. */
function someBlock(random: Random): Block & { readonly range: string } {
  const all = random.chance(0.4);
  const row = all ? 0 : random.below(ROWS);
  const column = all ? 0 : random.below(COLUMNS);
  const height = all ? ROWS : 1 + random.below(ROWS - row);
  const width = all ? COLUMNS : 1 + random.below(COLUMNS - column);
  const range = `'Data'!${name(row, column)}:${name(row + height - 1, column + width - 1)}`;
  return { row, column, height, width, range };
}

/** Every cell that a reply shows must be one that may stand there. */
function look(caller: Caller, block: Block & { range: string }, values: unknown, began: number, live: boolean): void {
  const { world, process, spreadsheet } = caller;
  const lines = Array.isArray(values) ? values : [];
  if (lines.length !== block.height) world.report('own value', `${block.range} has ${lines.length} rows`);
  lines.forEach((line: unknown[], down) => {
    if (line.length !== block.width) world.report('own value', `${block.range} has ${line.length} columns`);
    line.forEach((value, across) => {
      const place = {
        kind: 'cell',
        spreadsheet: spreadsheet.id,
        row: block.row + down,
        column: block.column + across,
      } as const;
      const about = `to ${caller.principal}`;
      world.writes.shown(value, place, process.number, began, about);
      if (live) world.writes.shown(value, place, -1, began, `live ${about}`);
    });
  });
}

async function readRaw(caller: Caller): Promise<void> {
  const { random, world } = caller;
  const blocks = Array.from({ length: random.chance(0.2) ? 3 : 1 }, () => someBlock(random));
  const live = random.chance(0.1);
  const began = world.order();
  const params = {
    ranges: blocks.map(({ range }) => range),
    valueRenderOption: 'UNFORMATTED_VALUE',
    dateTimeRenderOption: 'FORMATTED_STRING',
  };
  const reply = (await google(caller, 'spreadsheets.values.batchGet', params, live)) as {
    valueRanges: { values: unknown }[];
  };
  blocks.forEach((block, index) => {
    look(caller, block, reply.valueRanges[index]?.values, began, live);
  });
}

async function readByName(caller: Caller): Promise<void> {
  const { random, world, spreadsheet } = caller;
  const block = someBlock(random);
  const fresh = random.chance(0.2);
  const began = world.order();
  const [found] = await verbs(caller, fresh).read(spreadsheet.id, [block.range], 'unformatted');
  look(caller, block, found?.values, began, fresh);
}

async function describe(caller: Caller): Promise<void> {
  await verbs(caller).describe(caller.spreadsheet.id, []);
}

/** Performs a write of a value of its own; one that fails before it is sent was surely not applied. */
async function put(caller: Caller, place: Place, perform: (write: Write) => Promise<unknown>): Promise<void> {
  const write = caller.world.writes.issue(place, caller.process.number);
  try {
    await perform(write);
  } finally {
    if (write.answer === undefined) caller.world.writes.answered(write, 'none');
  }
}

function someCell({ random, spreadsheet }: Caller) {
  return { kind: 'cell', spreadsheet: spreadsheet.id, row: random.below(ROWS), column: random.below(COLUMNS) } as const;
}

function cellRequest(sheetId: number, row: number, column: number, value: number) {
  const start = { sheetId, rowIndex: row, columnIndex: column };
  const rows = [{ values: [{ userEnteredValue: { numberValue: value } }] }];
  return { requests: [{ updateCells: { start, fields: 'userEnteredValue', rows } }] };
}

function writeRaw(caller: Caller): Promise<void> {
  const cell = someCell(caller);
  return put(caller, cell, ({ value }) =>
    google(caller, 'spreadsheets.batchUpdate', {
      fields: 'spreadsheetId',
      requestBody: cellRequest(caller.spreadsheet.data, cell.row, cell.column, value),
    }),
  );
}

function writeAsTyped(caller: Caller): Promise<void> {
  const cell = someCell(caller);
  return put(caller, cell, ({ value }) =>
    google(caller, 'spreadsheets.values.batchUpdate', {
      fields: 'spreadsheetId',
      requestBody: {
        valueInputOption: 'USER_ENTERED',
        data: [{ range: `'Data'!${name(cell.row, cell.column)}`, values: [[String(value)]] }],
      },
    }),
  );
}

function writeByName(caller: Caller): Promise<void> {
  const cell = someCell(caller);
  const range = `Data!${name(cell.row, cell.column)}`;
  return put(caller, cell, ({ value }) =>
    verbs(caller).write(caller.spreadsheet.id, [{ range, values: [[value]] }], 'typed'),
  );
}

function writeSlot(caller: Caller): Promise<void> {
  const { spreadsheet } = caller;
  const row = spreadsheet.slotsUsed++;
  return put(caller, { kind: 'slot', spreadsheet: spreadsheet.id, row, column: 0 }, ({ value }) =>
    google(caller, 'spreadsheets.batchUpdate', {
      fields: 'spreadsheetId',
      requestBody: cellRequest(spreadsheet.slots, row, 0, value),
    }),
  );
}

function append(caller: Caller): Promise<void> {
  const { id } = caller.spreadsheet;
  return put(caller, { kind: 'row', spreadsheet: id }, async (write) => {
    const { updatedRange } = await verbs(caller).append(id, 'Log', [[write.value, caller.principal]]);
    const row = rowOf(updatedRange);
    if (row !== undefined) write.toldRow = row;
  });
}

/** Row, from 0, that a range names first. */
export function rowOf(range: string | undefined): number | undefined {
  const told = /!\D+(\d+)/.exec(range ?? '');
  return told ? Number(told[1]) - 1 : undefined;
}

/** A range of a sheet that is not there: refused, whoever it travels with. */
async function readBadly(caller: Caller): Promise<void> {
  const ranges = [`'Nowhere'!A${1 + caller.random.below(5)}`];
  const params = { ranges, valueRenderOption: 'UNFORMATTED_VALUE', dateTimeRenderOption: 'FORMATTED_STRING' };
  await google(caller, 'spreadsheets.values.batchGet', params);
  caller.world.report('clear answer', 'a range that is not there was read');
}

/** Good writes that travel with one that is refused. */
async function badCompany(caller: Caller): Promise<void> {
  const bad = { ...caller, origin: { ...caller.origin, principal: `${caller.principal} errs` } };
  const company = [writeRaw(caller), writeBadly(bad), writeSlot(caller), append(caller)];
  const ends = await Promise.allSettled(company);
  const failed = ends.find((end, index) => index !== 1 && end.status === 'rejected');
  if (failed?.status === 'rejected') throw failed.reason;
}

/** A cell beyond the edge of its sheet: refused, whoever it travels with. */
function writeBadly(caller: Caller): Promise<void> {
  return put(caller, { kind: 'nowhere', spreadsheet: caller.spreadsheet.id }, async ({ value }) => {
    const requestBody = cellRequest(caller.spreadsheet.data, 500, 0, value);
    await google(caller, 'spreadsheets.batchUpdate', { fields: 'spreadsheetId', requestBody });
    caller.world.report('clear answer', 'a cell that is not there was written');
  });
}
