// What a client of the tools has done: one call's arguments, with the writes that it stands for.

import type { Answer } from '../../src/tools/tool.ts';
import { COLUMNS, ROWS, type Spreadsheet } from './backend.ts';
import type { Client } from './clients.ts';
import type { World } from './process.ts';
import type { Write } from './writes.ts';

export interface Job {
  readonly tool: string;
  readonly principal: string;
  readonly input: object;
  readonly key: string | undefined;
  readonly writes: readonly Write[];
  /** Whichever process may be asked, since it competes with no other writer for what it reads. */
  readonly anywhere: boolean;
  /** It may be refused for what it expects. */
  readonly refusable: boolean;
  /** A lost answer of it is never found out. */
  readonly onceOnly: boolean;
  /** Calls of it under way. */
  open: number;
  acknowledged: boolean;
  writeId?: string;
}

type Task = Pick<Job, 'tool' | 'input' | 'writes'> & Partial<Pick<Job, 'anywhere' | 'refusable' | 'onceOnly'>>;
type Make = (client: Client, spreadsheet: Spreadsheet, world: World, ask: Ask) => Task | Promise<Task | undefined>;
/** A tool's answer; undefined when it has none. */
type Ask = (name: string, input: object) => Promise<Answer | undefined>;

const MAKES: readonly (readonly [weight: number, make: Make])[] = [
  [8, append],
  [6, upsert],
  [4, write],
  [2, writeAsTyped],
  [3, replace],
];
const TOTAL = MAKES.reduce((sum, [weight]) => sum + weight, 0);

/** A new job; undefined when what it needs to know cannot be had now. */
export async function someJob(
  client: Client,
  spreadsheet: Spreadsheet,
  world: World,
  ask: Ask,
): Promise<Job | undefined> {
  const { random, principal } = client;
  let left = random.next() * TOTAL;
  const [, make] = MAKES.find(([weight]) => (left -= weight) < 0) ?? [0, append];
  const key = random.chance(0.15) ? undefined : `key ${world.order()}`;
  const task = await make(client, spreadsheet, world, ask);
  if (!task) return undefined;
  const rest = { anywhere: false, refusable: false, onceOnly: false, open: 0, acknowledged: false };
  return { ...rest, ...task, principal, key };
}

/** Rows below the others; as arrays or by the header's names. */
function append({ random, principal }: Client, { id }: Spreadsheet, { writes }: World): Task {
  const own = Array.from({ length: random.pick([1, 1, 2, 3]) }, () =>
    writes.issue({ kind: 'row', spreadsheet: id }, -1),
  );
  const byName = random.chance(0.5);
  const rows = own.map(({ value }) => (byName ? { value, who: principal } : [value, principal]));
  return { tool: 'append_rows', input: { spreadsheet: id, sheet: 'Log', rows }, writes: own, anywhere: true };
}

/** Names of rows are in use for so long: there is much to append, and much that is last. */
const ITEMS_MS = 120_000;

/** One or two rows found by their name. */
function upsert({ random, principal, whose }: Client, { id }: Spreadsheet, { writes, clock }: World): Task {
  const letters = random.pick<readonly string[]>([['a'], ['b'], ['c'], ['a', 'b']]);
  const names = letters.map((letter) => `${whose} ${Math.floor(clock.now() / ITEMS_MS)}${letter}`);
  const own = names.map((item) => writes.issue({ kind: 'item', spreadsheet: id, item }, -1));
  const rows = own.map(({ value }, index) => ({ item: names[index], value, who: principal }));
  return { tool: 'upsert_rows', input: { spreadsheet: id, sheet: 'Stock', key: ['item'], rows }, writes: own };
}

function someCell({ random }: Client, { id }: Spreadsheet) {
  const place = { kind: 'cell', spreadsheet: id, row: random.below(ROWS), column: random.below(COLUMNS) } as const;
  return { place, range: `Data!${'ABCD'[place.column]}${place.row + 1}` };
}

/** A contended cell, typed or raw. */
function write(client: Client, spreadsheet: Spreadsheet, { writes }: World): Task {
  const { place, range } = someCell(client, spreadsheet);
  const own = writes.issue(place, -1);
  const input = client.random.pick(['typed', 'raw']);
  const values = [[own.value]];
  return {
    tool: 'write_range',
    input: { spreadsheet: spreadsheet.id, writes: [{ range, values }], input },
    writes: [own],
    anywhere: true,
  };
}

/** The same as if typed in: Google takes no marker with it. */
function writeAsTyped(client: Client, spreadsheet: Spreadsheet, { writes }: World): Task {
  const { place, range } = someCell(client, spreadsheet);
  const own = writes.issue(place, -1);
  const values = [[String(own.value)]];
  return {
    tool: 'write_range',
    input: { spreadsheet: spreadsheet.id, writes: [{ range, values }], input: 'user_entered' },
    writes: [own],
    onceOnly: true,
  };
}

/** A value in place of the one that stands there now, if that still stands there then. */
async function replace({ random, links }: Client, { id }: Spreadsheet, { writes }: World, ask: Ask) {
  const row = random.pick(links);
  const range = `Links!A${row + 1}`;
  const answer = await ask('read_range', { spreadsheet: id, ranges: [range], render: 'unformatted', fresh: true });
  const ranges = answer?.ranges as { rows: number[][] }[] | undefined;
  const after = ranges?.[0]?.rows[0]?.[0];
  if (after === undefined) return undefined;
  const own = writes.issue({ kind: 'link', spreadsheet: id, row, after }, -1);
  const writesTo = [{ range, values: [[own.value]] }];
  const expect = [{ range, values: [[after]] }];
  return {
    tool: 'write_range',
    input: { spreadsheet: id, writes: writesTo, expect },
    writes: [own],
    refusable: true,
  };
}
