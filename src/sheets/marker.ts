// The marker that makes Google refuse a batch it has applied already: developer metadata under an id that the batch
// itself brings along, first of its requests. Pure; when to send what is the journal's to say.

import type { Call } from '../call.ts';
import { ServalError } from '../errors.ts';
import { createCall, type Origin } from './calls.ts';
import { COMMENT_KINDS } from './request-kinds.ts';
import type { Request } from './requests.ts';

/** Short, since keys and values of one spreadsheet together hold 30,000 characters (Google, "Developer metadata"). */
export const MARKER_KEY = 'ss';
/** Google's ids of metadata are 32-bit and positive. */
export const MAX_MARKER = 2 ** 31 - 1;

type Params = Readonly<Record<string, unknown>>;

/**
 * Only a `spreadsheets.batchUpdate` of a spreadsheet can carry one, and none about comments: Google may accept such a
 * batch, the marker with it, and lose the comments.
 */
export function canMark({ method, scope, params }: Call): boolean {
  if (method !== 'spreadsheets.batchUpdate' || scope === null) return false;
  return !requestsOf(params).some((request) => COMMENT_KINDS.has(Object.keys(request)[0] ?? ''));
}

/** The call with its marker first. Sent twice it applies once. */
export function mark(call: Call, marker: number, value: string): Call {
  const requests = [markerRequest(marker, value), ...requestsOf(call.params)];
  return Object.freeze({ ...withRequests(call, requests), idempotence: 'marked' as const });
}

function markerRequest(metadataId: number, metadataValue: string): Request {
  return {
    createDeveloperMetadata: {
      developerMetadata: {
        metadataId,
        metadataKey: MARKER_KEY,
        metadataValue,
        location: { spreadsheet: true },
        visibility: 'PROJECT',
      },
    },
  };
}

/** The reply as it would have been without the marker. */
export function unmark(reply: unknown): unknown {
  const { replies, ...rest } = record(reply);
  return Array.isArray(replies) ? { ...rest, replies: replies.slice(1) } : reply;
}

/** Whether Google refused the batch for its marker. */
export function refusedAtMarker(error: ServalError): boolean {
  return error.code === 'invalid_argument' && /\brequests\[0\]/.test(error.message);
}

/** The refusal with its request counted without the marker. */
export function unmarkedRefusal(error: ServalError): ServalError {
  const message = error.message.replace(/\brequests\[(\d+)\]/g, (_, at) => `requests[${Number(at) - 1}]`);
  return new ServalError(error.code, message, error.details);
}

/** Reads the metadata of that id. */
export function lookUp(origin: Origin, scope: string, metadataId: number): Call {
  return createCall(origin, 'spreadsheets.developerMetadata.get', scope, { spreadsheetId: scope, metadataId }, true);
}

/** The value that a look-up found; undefined for metadata that is not a marker. */
export function valueIn(reply: unknown): string | undefined {
  const { metadataKey, metadataValue } = record(reply);
  return metadataKey === MARKER_KEY ? String(metadataValue ?? '') : undefined;
}

/** Takes the marker's place: accepted, no attempt that carries that id can apply any more. */
export function fence(origin: Origin, scope: string, marker: number, value: string): Call {
  const requestBody = { requests: [markerRequest(marker, value)] };
  const params = { spreadsheetId: scope, fields: 'spreadsheetId', requestBody };
  const call = createCall(origin, 'spreadsheets.batchUpdate', scope, params, false, []);
  return Object.freeze({ ...call, idempotence: 'marked' as const });
}

/** Removes markers that have done their work; one that is gone already is no fault. */
export function removal(origin: Origin, scope: string, markers: readonly number[]): Call {
  const requests = markers.map((metadataId) => ({
    deleteDeveloperMetadata: { dataFilter: { developerMetadataLookup: { metadataId, metadataKey: MARKER_KEY } } },
  }));
  const params = { spreadsheetId: scope, fields: 'spreadsheetId', requestBody: { requests } };
  const call = createCall(origin, 'spreadsheets.batchUpdate', scope, params, false, []);
  return Object.freeze({ ...call, idempotence: 'marked' as const });
}

/** A read that shows what the lost reply of a call would have shown; undefined when it would have shown nothing. */
export function reread(call: Call, origin: Origin): Call | undefined {
  const { includeSpreadsheetInResponse, responseRanges } = record(call.params.requestBody);
  const fields = /updatedSpreadsheet\.(.+)$/.exec(String(call.params.fields))?.[1];
  if (includeSpreadsheetInResponse !== true || fields === undefined || call.scope === null) return undefined;
  const params = { spreadsheetId: call.scope, ranges: responseRanges, fields };
  return createCall(origin, 'spreadsheets.get', call.scope, params, true);
}

/** The reply in place of the lost one: what the request itself tells, and the sheet as it is now. */
export function rebuilt(call: Call, shown: unknown): unknown {
  const replies = requestsOf(call.params).map((request) => {
    const [kind, payload] = Object.entries(request)[0] ?? ['', {}];
    if (kind === 'duplicateSheet') {
      const { newSheetId: sheetId, newSheetName: title } = record(payload);
      return { duplicateSheet: { properties: { sheetId, ...(title !== undefined && { title }) } } };
    }
    return Object.hasOwn(ADDED, kind) ? { [kind]: payload } : {};
  });
  return {
    spreadsheetId: call.scope,
    replies,
    ...(shown !== undefined && { updatedSpreadsheet: shown }),
    reread: true,
  };
}

/** Requests that add something with an id: where in the payload it stands, and what it looks like. */
const ADDED: Readonly<
  Record<string, readonly [path: readonly string[], id: string, type: 'number' | 'text' | 'digits']>
> = {
  addSheet: [['properties'], 'sheetId', 'number'],
  duplicateSheet: [[], 'newSheetId', 'number'],
  addNamedRange: [['namedRange'], 'namedRangeId', 'text'],
  addProtectedRange: [['protectedRange'], 'protectedRangeId', 'number'],
  addFilterView: [['filter'], 'filterViewId', 'number'],
  addChart: [['chart'], 'chartId', 'number'],
  addSlicer: [['slicer'], 'slicerId', 'number'],
  addBanding: [['bandedRange'], 'bandedRangeId', 'number'],
  // Google's own are digits, by which its banding is known too.
  addTable: [['table'], 'tableId', 'digits'],
  createDeveloperMetadata: [['developerMetadata'], 'metadataId', 'number'],
};

/** The call with an id chosen for whatever it adds without one: a reply that is lost then need not tell it. */
export function chooseIds(call: Call, random: () => number): Call {
  if (!canMark(call)) return call;
  const requests = requestsOf(call.params);
  if (!requests.some((request) => Object.hasOwn(ADDED, Object.keys(request)[0] ?? ''))) return call;
  const chosen = requests.map((request) => {
    const [kind, payload] = Object.entries(request)[0] ?? ['', {}];
    const added = Object.hasOwn(ADDED, kind) ? ADDED[kind] : undefined;
    if (!added) return request;
    const [path, id, type] = added;
    const number = 1 + Math.floor(random() * (MAX_MARKER - 1));
    const value = type === 'number' ? number : type === 'digits' ? String(number) : `ss${number}`;
    return { [kind]: withDefault(record(payload), [...path, id], value) };
  });
  return Object.freeze(withRequests(call, chosen));
}

function withDefault(target: Params, [name = '', ...rest]: readonly string[], value: unknown): Params {
  if (rest.length === 0) return target[name] === undefined ? { ...target, [name]: value } : target;
  return { ...target, [name]: withDefault(record(target[name]), rest, value) };
}

function withRequests(call: Call, requests: readonly unknown[]): Call {
  return { ...call, params: { ...call.params, requestBody: { ...record(call.params.requestBody), requests } } };
}

function requestsOf(params: Params): Request[] {
  const { requests } = record(params.requestBody);
  return Array.isArray(requests) ? requests.map(record) : [];
}

function record(value: unknown): Params {
  return typeof value === 'object' && value !== null ? (value as Params) : {};
}
