// What the clients write: every write of every client, drawn from a seed before the first is sent. Sends nothing.

import type { Random } from '../simulation/seeded.ts';

export const KINDS = ['append', 'upsert', 'cell'] as const;
export type Kind = (typeof KINDS)[number];

/** Titles of the three sheets of every spreadsheet; their columns are below. */
export const SHEETS = { append: 'Rows', upsert: 'Keys', cell: 'Cells' } as const;
export const APPEND_COLUMNS = ['id', 'client', 'number'];
export const UPSERT_COLUMNS = ['key', 'value', 'client'];

export interface Write {
  /** Unique: the caller's idempotency key, and the value by which the write is found in the sheet. */
  readonly id: string;
  readonly kind: Kind;
  readonly client: number;
  /** Place in the client's list. */
  readonly number: number;
  readonly spreadsheet: string;
  /** Several writes share one place: the key of an upsert, the A1 of a cell. Empty for an append. */
  readonly place: string;
  /** Its client asks once and leaves, whatever comes of it. */
  readonly once: boolean;
  readonly tool: string;
  readonly body: string;
}

export interface WorkloadOptions {
  readonly random: Random;
  readonly spreadsheets: readonly [string, ...string[]];
  readonly clients: number;
  readonly writes: number;
  readonly kinds: readonly [Kind, ...Kind[]];
  /** How many writes go to one key or cell, on average. */
  readonly perPlace: number;
  /** The share of writes that are asked for once only. */
  readonly once: number;
}

/** Each client's writes in the order in which it sends them. A place belongs to one client. */
export function planWrites(options: WorkloadOptions): Write[][] {
  const { random, spreadsheets, clients, writes, kinds, perPlace, once } = options;
  const each = Math.ceil(writes / clients);
  const places = Math.max(1, Math.round(each / kinds.length / spreadsheets.length / perPlace));
  return Array.from({ length: clients }, (_, client) =>
    Array.from({ length: Math.min(each, writes - client * each) }, (_, number): Write => {
      const kind = random.pick(kinds);
      const spreadsheet = random.pick(spreadsheets);
      const slot = random.below(places);
      const id = `c${client}-${number}`;
      const place = kind === 'append' ? '' : kind === 'upsert' ? `k${client}-${slot}` : `${letter(client)}${slot + 1}`;
      const { tool, input } = request(kind, id, place, client, number);
      const body = JSON.stringify({ spreadsheet, ...input });
      return { id, kind, client, number, spreadsheet, place, once: random.chance(once), tool, body };
    }),
  );
}

/** One row, one key or one cell; appended rows come as arrays and as records in turn. */
function request(kind: Kind, id: string, place: string, client: number, number: number) {
  if (kind === 'append') {
    const rows = number % 2 === 0 ? [[id, client, number]] : [{ number, client, id }];
    return { tool: 'append_rows', input: { sheet: SHEETS.append, rows } };
  }
  if (kind === 'upsert') {
    const rows = [{ key: place, value: id, client }];
    return { tool: 'upsert_rows', input: { sheet: SHEETS.upsert, key: ['key'], rows } };
  }
  return { tool: 'write_range', input: { writes: [{ range: `${SHEETS.cell}!${place}`, values: [[id]] }] } };
}

/** The column of a client, of the first 26. */
function letter(client: number): string {
  return String.fromCharCode('A'.charCodeAt(0) + client);
}
