// API method -> Call: which API, read or write, its quota cost, its idempotence. What Sheets is, as data for the pipe.

import type { Api, Area, Call } from '../call.ts';
import { areasOf } from './areas.ts';
import { COMMENT_KINDS } from './request-kinds.ts';

interface MethodRow {
  readonly api: Api;
  readonly kind: Call['kind'];
  /** Quota units: Sheets counts calls, Drive units (get 5, list 100, edit 50, download 200: projects since May 2026). */
  readonly cost: number;
}

export const METHODS = {
  'spreadsheets.get': { api: 'sheets', kind: 'read', cost: 1 },
  'spreadsheets.create': { api: 'sheets', kind: 'write', cost: 1 },
  'spreadsheets.batchUpdate': { api: 'sheets', kind: 'write', cost: 1 },
  'spreadsheets.sheets.copyTo': { api: 'sheets', kind: 'write', cost: 1 },
  'spreadsheets.values.batchGet': { api: 'sheets', kind: 'read', cost: 1 },
  'spreadsheets.values.batchUpdate': { api: 'sheets', kind: 'write', cost: 1 },
  'spreadsheets.developerMetadata.get': { api: 'sheets', kind: 'read', cost: 1 },
  'files.get': { api: 'drive', kind: 'read', cost: 5 },
  'files.list': { api: 'drive', kind: 'read', cost: 100 },
  'files.update': { api: 'drive', kind: 'write', cost: 50 },
  'files.export': { api: 'drive', kind: 'read', cost: 200 },
  'permissions.list': { api: 'drive', kind: 'read', cost: 100 },
  'permissions.create': { api: 'drive', kind: 'write', cost: 50 },
  'permissions.update': { api: 'drive', kind: 'write', cost: 50 },
  'permissions.delete': { api: 'drive', kind: 'write', cost: 50 },
  'comments.create': { api: 'drive', kind: 'write', cost: 50 },
} as const satisfies Record<string, MethodRow>;

export type Method = keyof typeof METHODS;

/**
 * What of a spreadsheet a read shows. `names` are titles, ids, named ranges and tables, which outlive writes of values;
 * `cells` is everything else. Drive's files are one more.
 */
export function aspectOf({ api, method, scope, params }: Call): string {
  if (api === 'drive') return 'files';
  const names =
    method === 'spreadsheets.get' &&
    !/gridProperties|data|conditionalFormats|comments/.test(String(params.fields ?? 'data'));
  return `${scope} ${names ? 'names' : 'cells'}`;
}

/** Whether a read shows more than names. */
export function showsCells(call: Call): boolean {
  return !aspectOf(call).endsWith(' names');
}

/** The aspects that a write may change. */
export function touchedBy({ method, scope, params }: Call): string[] {
  const own = (...aspects: string[]) => ['files', ...aspects.map((aspect) => `${scope} ${aspect}`)];
  if (method === 'spreadsheets.create' || method.startsWith('permissions.')) return own();
  if (method === 'spreadsheets.values.batchUpdate' || method === 'comments.create') return own('cells');
  if (method !== 'spreadsheets.batchUpdate') return own('names', 'cells');
  const { requestBody: body } = params;
  const requests = typeof body === 'object' && body !== null && 'requests' in body ? body.requests : [];
  const list = Array.isArray(requests) ? requests : [];
  // A table grows with what is appended to it, and its range is one of the names.
  if (list.some((request) => request?.appendCells?.tableId !== undefined)) return own('names', 'cells');
  const all = list.map((request) => Object.keys(request)[0] ?? '');
  // Markers are nothing that a read of ours shows.
  const kinds = all.filter((kind) => !kind.endsWith('DeveloperMetadata'));
  if (kinds.length === 0 && all.length > 0) return [];
  return kinds.every((kind) => CELL_REQUESTS.has(kind)) ? own('cells') : own('names', 'cells');
}

/** Requests that change no title, id, named range or table. */
const CELL_REQUESTS = new Set([
  'updateCells',
  'appendCells',
  'appendDimension',
  'repeatCell',
  'updateBorders',
  'mergeCells',
  'unmergeCells',
  'setDataValidation',
  'updateDimensionProperties',
  'addConditionalFormatRule',
  'updateConditionalFormatRule',
  ...COMMENT_KINDS,
]);

/** On whose behalf, and until when. */
export interface Origin {
  readonly principal: string;
  readonly identity: string;
  /** On `Clock.now()`'s scale. */
  readonly deadline: number;
  readonly priority: Call['priority'];
  /** The writes that are carried out; none for who only reads. */
  readonly writes?: readonly string[];
  /** The request that wants to hear how it goes. */
  readonly request?: string;
}

/** A frozen first attempt. `scope` is the spreadsheet's id, null where there is none. */
export function createCall(
  origin: Origin,
  method: Method,
  scope: string | null,
  params: Call['params'],
  live = false,
  areas?: readonly Area[],
): Call {
  const { api, kind, cost } = METHODS[method];
  const { writes = [], request, ...own } = origin;
  return Object.freeze({
    ...own,
    writes: kind === 'write' ? writes : [],
    requests: request === undefined ? [] : [request],
    // What Drive keeps of a file is not its cells.
    areas: areas ?? (api === 'drive' ? [] : method === 'spreadsheets.batchUpdate' ? areasOf(params) : null),
    api,
    method,
    kind,
    scope,
    cost,
    live,
    key: kind === 'read' ? keyOf(method, params) : '',
    idempotence: kind === 'read' ? 'safe' : 'unsafe',
    attempt: 1,
    params: Object.freeze(params),
  });
}

/** Parameters in the order of their names, so that two ways of building the same read have one key. */
function keyOf(method: Method, params: Call['params']): string {
  return `${method}?${JSON.stringify(Object.entries(params).sort(([a], [b]) => (a < b ? -1 : 1)))}`;
}
