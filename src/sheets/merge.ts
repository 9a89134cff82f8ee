// Which calls may travel together, how they become one and how its reply is divided again. Pure; policies use it blindly.

import type { Call } from '../call.ts';
import { invalid, type ServalError } from '../errors.ts';
import { parseA1 } from './a1.ts';
import type { Request } from './requests.ts';

/** Google's Java and Python clients change to POST above so many bytes of URL. */
const MAX_URL_BYTES = 2_048;
/** Of these: scheme, host and path. A spreadsheet's id is counted as a parameter. */
const PATH_BYTES = 100;
/** Google advises at most 2 MB a request. */
const MAX_BODY_BYTES = 2_000_000;
const MAX_CALLS = 500;

type Params = Readonly<Record<string, unknown>>;

/**
 * Requests that shift no index and whose order among callers does not matter beyond that of arrival. A merge of cells is
 * none: it takes values away, and what was appended in the same flush is told by its values.
 */
const MERGEABLE = new Set([
  'updateCells',
  'appendCells',
  'appendDimension',
  'repeatCell',
  'updateBorders',
  'setDataValidation',
  'updateDimensionProperties',
]);

/** The calls with one key may be merged; undefined: this one goes alone. */
export function mergeKey({ method, params }: Call): string | undefined {
  if (method === 'spreadsheets.values.batchGet') {
    return `values ${params.valueRenderOption} ${params.dateTimeRenderOption}`;
  }
  if (method === 'spreadsheets.get' && Array.isArray(params.ranges)) return `blocks ${params.fields}`;
  if (method === 'spreadsheets.values.batchUpdate') return `values ${bodyOf(params).valueInputOption}`;
  if (method === 'spreadsheets.batchUpdate') {
    // Whoever asks for the replies alone is told them one for one.
    if (bodyOf(params).includeSpreadsheetInResponse !== true && /\breplies\b/.test(String(params.fields)))
      return undefined;
    // Where in a sheet a table ends is not told: its append goes alone.
    if (requestsOf(params).some(({ appendCells }) => record(appendCells).tableId !== undefined)) return undefined;
    // What a pivot table shows is looked for in the reply, which is divided by appended rows alone.
    if (requestsOf(params).some(({ updateCells }) => record(updateCells).fields === 'pivotTable')) return undefined;
    return requestsOf(params).every((request) => MERGEABLE.has(Object.keys(request)[0] ?? '')) ? 'cells' : undefined;
  }
  return undefined;
}

/** How many of the calls, from the first on, one call can hold. */
export function fits(calls: readonly Call[]): number {
  const [first] = calls;
  const seen = new Set<string>();
  /** Sheets to which rows were appended that are looked for in the reply. */
  const appended = new Set<number>();
  let size = first?.kind === 'read' ? PATH_BYTES + urlBytes({ ...first.params, ranges: [] }) : 0;
  const limit = first?.kind === 'read' ? MAX_URL_BYTES : MAX_BODY_BYTES;
  for (const [index, call] of calls.entries()) {
    if (call.kind === 'read') {
      const ranges = rangesOf(call).filter((range) => !seen.has(range) && seen.add(range));
      size += urlBytes({ ranges });
    } else size += Buffer.byteLength(JSON.stringify(call.params));
    if (index > 0 && (size > limit || index >= MAX_CALLS)) return index;
    // What is written below an append in the same flush could be taken for its rows.
    if (requestsOf(call.params).some((request) => appended.has(writtenSheet(request) ?? Number.NaN))) return index;
    const sheet = appendedSheet(call);
    if (sheet !== undefined && responseRangesOf(call.params).length > 0) appended.add(sheet);
  }
  return calls.length;
}

/** Bytes of parameters in a URL, as Google's client writes them. */
function urlBytes(params: Params): number {
  const pairs = Object.entries(params).flatMap(([name, value]) => [value].flat().map((one) => `&${name}=${one}`));
  // Beyond what encodeURIComponent leaves alone, the client encodes five characters.
  const encoded = pairs.map((pair) => encodeURIComponent(pair).replace(/[!'()*]/g, '%xx').length - 4);
  return encoded.reduce((sum, bytes) => sum + bytes, 0);
}

/** One call in place of several of one key. */
export function merge(calls: readonly Call[]): Call {
  const [head] = calls;
  if (!head) throw new RangeError('nothing to merge');
  const areas = calls.map((call) => call.areas);
  const first = {
    ...head,
    writes: calls.flatMap(({ writes }) => writes),
    areas: areas.every((own) => own !== null) ? areas.flat() : null,
  };
  if (first.kind === 'read') {
    const ranges = [...new Set(calls.flatMap(rangesOf))];
    return { ...first, params: { ...first.params, ranges }, key: `${first.method} ${JSON.stringify(ranges)}` };
  }
  if (first.method === 'spreadsheets.values.batchUpdate') {
    const data = calls.flatMap(({ params }) => bodyOf(params).data);
    return { ...first, params: { ...first.params, requestBody: { ...bodyOf(first.params), data } } };
  }
  const requests = calls.flatMap(({ params }) => requestsOf(params));
  const asking =
    calls.find(({ params }) => responseRangesOf(params).length > 0) ??
    calls.find(({ params }) => bodyOf(params).includeSpreadsheetInResponse === true);
  if (!asking) return { ...first, params: { ...first.params, requestBody: { requests } } };
  const responseRanges = [...new Set(calls.flatMap(({ params }) => responseRangesOf(params)))];
  const requestBody = {
    ...bodyOf(asking.params),
    requests,
    ...(responseRanges.length > 0 && { responseRanges }),
  };
  return { ...first, params: { ...asking.params, requestBody } };
}

/** The reply of each call, in the shape that it would have had alone. */
export function split(reply: unknown, calls: readonly Call[]): unknown[] {
  const [first] = calls;
  if (first?.method === 'spreadsheets.values.batchGet') return splitValues(reply, calls);
  if (first?.method === 'spreadsheets.get') return splitBlocks(reply, calls);
  if (first?.method === 'spreadsheets.values.batchUpdate') return splitEntered(reply, calls);
  return calls.map((call, index) => appendReply(reply, call, calls.slice(index + 1)));
}

function splitValues(reply: unknown, calls: readonly Call[]): unknown[] {
  const ranges = [...new Set(calls.flatMap(rangesOf))];
  const given = list(record(reply).valueRanges);
  return calls.map((call) => ({ valueRanges: rangesOf(call).map((range) => given[ranges.indexOf(range)]) }));
}

function splitEntered(reply: unknown, calls: readonly Call[]): unknown[] {
  const { spreadsheetId, responses } = record(reply);
  let from = 0;
  return calls.map(({ params }) => {
    const own = list(responses).slice(from, from + list(bodyOf(params).data).length);
    from += list(bodyOf(params).data).length;
    return { spreadsheetId, ...(own.length > 0 && { responses: own }) };
  });
}

/** Google groups the blocks by sheet and keeps the order of the ranges within each. */
function splitBlocks(reply: unknown, calls: readonly Call[]): unknown[] {
  const ranges = [...new Set(calls.flatMap(rangesOf))];
  const sheets = list(record(reply).sheets).map(record);
  const sheetOf = (range: string) => sheets.find((sheet) => record(sheet.properties).title === parseA1(range)?.sheet);
  const placeOf = (range: string) =>
    ranges.slice(0, ranges.indexOf(range)).filter((other) => sheetOf(other) === sheetOf(range)).length;
  return calls.map((call) => {
    const own = new Set(rangesOf(call).map(sheetOf));
    return {
      sheets: sheets
        .filter((sheet) => own.has(sheet))
        .map((sheet) => ({
          ...sheet,
          data: rangesOf(call)
            .filter((range) => sheetOf(range) === sheet)
            .map((range) => list(sheet.data)[placeOf(range)] ?? {}),
        })),
    };
  });
}

/**
 * What an append would have been shown alone: its probed column, without the rows that later appends of the same
 * flush put below. A call that asked for nothing is given the confirmation alone.
 */
function appendReply(reply: unknown, call: Call, later: readonly Call[]): unknown {
  const [range] = responseRangesOf(call.params);
  const { spreadsheetId, reread } = record(reply);
  const sheets = list(record(record(reply).updatedSpreadsheet).sheets).map(record);
  if (range === undefined) {
    const titles = sheets.map(({ properties }) => ({ properties }));
    return { spreadsheetId, ...(titles.length > 0 && { updatedSpreadsheet: { sheets: titles } }) };
  }
  const ownSheet = appendedSheet(call);
  // Read again later, the column may hold anybody's rows below: nothing can be counted off.
  const below = reread === true ? [] : later.filter((other) => appendedSheet(other) === ownSheet);
  const sheet = sheets.find(({ properties }) => (record(properties).sheetId ?? 0) === ownSheet);
  if (!sheet) return { spreadsheetId };
  const blocks = list(sheet.data).map(record);
  const probed = parseA1(range)?.grid.startColumn ?? 0;
  const block = blocks.find((one) => Number(one.startColumn ?? 0) === probed) ?? {};
  const height = (one: Params) => Number(one.startRow ?? 0) + list(one.rowData).findLastIndex(isFilled) + 1;
  const end = Math.max(0, ...blocks.map(height)) - below.reduce((rows, other) => rows + appendedRows(other), 0);
  const rowData = list(block.rowData).slice(0, Math.max(0, end - Number(block.startRow ?? 0)));
  return {
    spreadsheetId,
    ...(reread === true && { reread }),
    updatedSpreadsheet: { sheets: [{ properties: sheet.properties, data: [{ ...block, rowData }] }] },
  };
}

function isFilled(row: unknown): boolean {
  return list(record(row).values).some((cell) => record(cell).userEnteredValue !== undefined);
}

/** Parts of a cell beside its value, as a field mask names them. */
const BESIDE_VALUE = /^(userEnteredFormat|note|dataValidation)\b/;

/** The sheet whose values a request sets; it may set formats and the like alone. */
function writtenSheet({ updateCells, repeatCell }: Request): number | undefined {
  const setting = updateCells ?? repeatCell;
  const { start, range, fields } = record(setting);
  const parts = String(fields).split(',');
  if (setting === undefined || parts.every((part) => BESIDE_VALUE.test(part.trim()))) return undefined;
  return Number(record(start ?? range).sheetId ?? 0);
}

function appendOf(call: Call): Params | undefined {
  const found = requestsOf(call.params).find((request) => 'appendCells' in request);
  return found && record(found.appendCells);
}

function appendedSheet(call: Call): number | undefined {
  const append = appendOf(call);
  return append && Number(append.sheetId ?? 0);
}

function appendedRows(call: Call): number {
  return list(appendOf(call)?.rows).length;
}

/** The call that a refusal names by `requests[N]`, `data[N]` or the text of a range, with its own index in the message. */
export function blame(error: ServalError, calls: readonly Call[]): { index: number; error: ServalError } | undefined {
  const named = calls[0]?.kind === 'write' && /\b(requests|data)\[(\d+)\]/.exec(error.message);
  if (!named) {
    const range = /range: (.+)$|Range \((.+?)\) exceeds/.exec(error.message);
    const text = range?.[1] ?? range?.[2];
    const guilty = calls.map((call) => text !== undefined && rangesOf(call).some((one) => sameRange(one, text)));
    return guilty.filter(Boolean).length === 1 ? { index: guilty.indexOf(true), error } : undefined;
  }
  let at = Number(named[2]);
  for (const [index, call] of calls.entries()) {
    const own = named[1] === 'data' ? list(bodyOf(call.params).data).length : requestsOf(call.params).length;
    if (at < own) {
      const message = error.message.replace(named[0], `${named[1]}[${at}]`);
      const told = invalid(message, error.details.hint);
      return { index, error: Object.assign(told, { details: { ...error.details } }) };
    }
    at -= own;
  }
  return undefined;
}

/** Google prints a range in its own way: a title without its quotes where none are needed. */
function sameRange(a: string, b: string): boolean {
  return a === b || (JSON.stringify(parseA1(a)) === JSON.stringify(parseA1(b)) && parseA1(a) !== undefined);
}

function rangesOf({ params }: Call): string[] {
  return list(params.ranges).map(String);
}

function bodyOf(params: Params): Params {
  return record(params.requestBody);
}

function requestsOf(params: Params): Request[] {
  return list(bodyOf(params).requests).map(record);
}

function responseRangesOf(params: Params): string[] {
  return list(bodyOf(params).responseRanges).map(String);
}

function record(value: unknown): Params {
  return typeof value === 'object' && value !== null ? (value as Params) : {};
}

function list(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}
