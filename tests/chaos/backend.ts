// The emulator as the run's own witness sees it, past server and proxy: creates the spreadsheets, sets the faults, reads
// what is there in the end.

import type { Contents } from './checker.ts';
import type { Message } from './framing.ts';
import { APPEND_COLUMNS, SHEETS, UPSERT_COLUMNS } from './workload.ts';

type Fields = Readonly<Record<string, unknown>>;

export interface Backend {
  /** Ids of so many new spreadsheets with the three sheets. */
  create(count: number): Promise<[string, ...string[]]>;
  setFaults(plan: object): Promise<void>;
  /** How often each kind of fault of the plan in force has applied. */
  injected(): Promise<Record<string, number>>;
  contents(spreadsheet: string): Promise<Contents>;
  /** Entries of developer metadata: markers that were not collected. */
  markers(spreadsheet: string): Promise<number>;
}

export function createBackend(url: string): Backend {
  /** As a user of its own, so that it takes nothing of the server's quota. */
  async function request(method: string, path: string, body?: object): Promise<Fields> {
    const headers = { authorization: 'Bearer witness' };
    const response = await fetch(`${url}${path}`, { method, headers, ...(body && { body: JSON.stringify(body) }) });
    const text = await response.text();
    if (!response.ok) throw new Error(`the emulator answered ${response.status} to ${method} ${path}: ${text}`);
    return record(JSON.parse(text));
  }

  return {
    create: async (count) => {
      const create = async () => String((await request('POST', '/v4/spreadsheets', book())).spreadsheetId);
      const first = await create();
      const rest: string[] = [];
      while (rest.length < count - 1) rest.push(await create());
      return [first, ...rest];
    },
    setFaults: async (plan) => void (await request('PUT', '/_faults', plan)),
    injected: async () => {
      const { plan, fired } = await request('GET', '/_faults');
      const counts: Record<string, number> = {};
      for (const [index, rule] of list(record(plan).rules).entries()) {
        const fault = record(record(rule).fault);
        const name = Object.entries(fault).map(([key, value]) => (value === true ? key : `${key} ${value}`));
        const times = Number(list(fired)[index]);
        if (!('latencyMs' in fault) && times > 0) counts[name.join(' ')] = (counts[name.join(' ')] ?? 0) + times;
      }
      return counts;
    },
    contents: async (spreadsheet) => {
      const ranges = [`${SHEETS.append}!A2:C`, `${SHEETS.upsert}!A2:C`, `${SHEETS.cell}!A1:Z`];
      const query = new URLSearchParams([
        ...ranges.map((range) => ['ranges', range]),
        ['valueRenderOption', 'UNFORMATTED_VALUE'],
      ]);
      const reply = await request('GET', `/v4/spreadsheets/${spreadsheet}/values:batchGet?${query}`);
      const [appended = [], keyed = [], cells = []] = list(reply.valueRanges).map((range) => rowsOf(record(range)));
      return { appended, keyed, cells };
    },
    markers: async (spreadsheet) => {
      const reply = await request('GET', `/v4/spreadsheets/${spreadsheet}?fields=developerMetadata`);
      return list(reply.developerMetadata).length;
    },
  };
}

function book(): object {
  const sheet = (title: string, header: readonly string[]) => ({
    properties: { title },
    data: [{ rowData: [{ values: header.map((name) => ({ userEnteredValue: { stringValue: name } })) }] }],
  });
  return {
    properties: { title: 'Chaos' },
    sheets: [sheet(SHEETS.append, APPEND_COLUMNS), sheet(SHEETS.upsert, UPSERT_COLUMNS), sheet(SHEETS.cell, [])],
  };
}

/** Under what a request of the server is counted: the method, and for a batch what it is for. */
export function describeRequest({ head, body }: Message): string {
  const path = decodeURIComponent(head.split(' ', 2)[1] ?? '').replace(/\?.*$/, '');
  const [, rest = path] = /\/v4\/spreadsheets\/[^/:]+(.*)$/.exec(path) ?? [];
  if (rest !== ':batchUpdate') return rest === '' ? 'spreadsheets.get' : (rest.split('/')[1] ?? rest);
  const kinds = new Set(
    list(record(parsed(body)).requests).map((request) => Object.keys(record(request))[0] ?? 'nothing'),
  );
  const marked = kinds.delete('createDeveloperMetadata');
  if (kinds.size === 0) return 'fence';
  if (kinds.has('deleteDeveloperMetadata')) return 'collection';
  return marked ? 'marked write' : 'write';
}

function rowsOf({ values }: Fields): unknown[][] {
  return list(values).map(list);
}

function record(value: unknown): Fields {
  return typeof value === 'object' && value !== null ? (value as Fields) : {};
}

function list(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

function parsed(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    return undefined;
  }
}
