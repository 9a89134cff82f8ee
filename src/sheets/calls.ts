// API method -> Call: which API, read or write, its quota cost, its idempotence. What Sheets is, as data for the pipe.

import type { Api, Call } from '../call.ts';

interface MethodRow {
  readonly api: Api;
  readonly kind: Call['kind'];
  /** Quota units: Sheets counts calls, Drive units (get 5, list 100, edit 50 on projects since May 2026). */
  readonly cost: number;
}

export const METHODS = {
  'spreadsheets.get': { api: 'sheets', kind: 'read', cost: 1 },
  'spreadsheets.create': { api: 'sheets', kind: 'write', cost: 1 },
  'spreadsheets.batchUpdate': { api: 'sheets', kind: 'write', cost: 1 },
  'spreadsheets.values.batchGet': { api: 'sheets', kind: 'read', cost: 1 },
  'spreadsheets.values.batchUpdate': { api: 'sheets', kind: 'write', cost: 1 },
  'files.list': { api: 'drive', kind: 'read', cost: 100 },
  'files.update': { api: 'drive', kind: 'write', cost: 50 },
} as const satisfies Record<string, MethodRow>;

export type Method = keyof typeof METHODS;

/** On whose behalf, and until when. */
export interface Origin {
  readonly principal: string;
  readonly identity: string;
  /** On `Clock.now()`'s scale. */
  readonly deadline: number;
  readonly priority: Call['priority'];
}

/** A frozen first attempt. `scope` is the spreadsheet's id, null where there is none. */
export function createCall(origin: Origin, method: Method, scope: string | null, params: Call['params']): Call {
  const { api, kind, cost } = METHODS[method];
  return Object.freeze({
    ...origin,
    api,
    method,
    kind,
    scope,
    cost,
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
