// One run on the caller's spreadsheet: sends calls as the server does, at a pace that keeps to Google's quota, and
// remembers what it made, so that all of it can be removed. Judges nothing.

import { randomBytes, randomInt } from 'node:crypto';
import { z } from 'zod';
import type { Call, Send } from '../../src/call.ts';
import type { Clock } from '../../src/clock.ts';
import { asServalError, ServalError } from '../../src/errors.ts';
import { withTimeLimit } from '../../src/resilience/time-limit.ts';
import { createCall, type Method } from '../../src/sheets/calls.ts';
import { gridReply } from '../../src/sheets/decode.ts';
import * as marker from '../../src/sheets/marker.ts';
import type { Request } from '../../src/sheets/requests.ts';

export interface Sheet {
  readonly id: number;
  readonly title: string;
}

export type Attempt =
  | { readonly ok: true; readonly reply: unknown }
  | { readonly ok: false; readonly error: ServalError; readonly words: string };

/** Failures that say nothing about an assumption: somebody was not there, or had enough. */
const UNCLEAR = new Set([
  'unavailable',
  'timeout',
  'quota_exhausted',
  'unauthenticated',
  'cancelled',
  'outcome_unknown',
]);

export function isUnclear({ code }: ServalError): boolean {
  return UNCLEAR.has(code);
}

export interface BenchOptions {
  readonly spreadsheetId: string;
  readonly send: Send;
  /** The same with another project's credential. */
  readonly otherSend: Send | undefined;
  readonly clock: Clock;
  /** Requests of each kind that are sent in a minute at most. */
  readonly perMinute: { readonly read: number; readonly write: number };
  readonly timeoutMs: number;
  /** Aborted: nothing new is begun but the cleaning up. */
  readonly stop: AbortSignal;
  /** Told of waits. */
  readonly say: (words: string) => void;
  /** Whether the tokens have the scopes of src/google/credentials.ts, and no others. */
  readonly ownScopes: boolean;
}

export type Bench = ReturnType<typeof createBench>;

const MINUTE_MS = 60_000;
/** A request is counted at some moment until its answer: a place is held that much longer. */
const MARGIN_MS = 3_000;
const ROWS = 20;
const COLUMNS = 8;
/** Deletions in one batch, as many as the server sends. */
const MOST_AT_ONCE = 500;

const madeReply = z.object({
  sheets: z
    .array(z.object({ properties: z.object({ sheetId: z.number().default(0), title: z.string() }) }))
    .default([]),
  namedRanges: z.array(z.object({ namedRangeId: z.string(), name: z.string() })).default([]),
  developerMetadata: z.array(z.object({ metadataId: z.number() })).default([]),
});
const addedReply = z.object({
  replies: z.array(
    z.object({ addSheet: z.object({ properties: z.object({ sheetId: z.number().default(0), title: z.string() }) }) }),
  ),
});

const valuesReply = z.object({
  valueRanges: z.array(z.object({ range: z.string(), values: z.array(z.array(z.unknown())).default([]) })),
});

export function createBench(options: BenchOptions) {
  const { spreadsheetId, clock, perMinute, stop, say } = options;
  const name = `verify-google ${randomBytes(4).toString('hex')}`;
  const markers = new Set<number>();
  const inFlight = new Set<Promise<unknown>>();
  const sent = { read: [] as number[], write: [] as number[] };
  let cleaning = false;
  let sheetsMade = 0;

  const origin = () => ({
    principal: 'verify',
    identity: 'verify',
    deadline: clock.now() + options.timeoutMs,
    priority: 'interactive' as const,
  });

  /** A place within the quota, waited for if need be. */
  async function takePlace(kind: Call['kind']): Promise<void> {
    // Cleaning up takes a handful of requests, and somebody waits for it.
    while (!cleaning) {
      if (stop.aborted) throw new ServalError('cancelled', 'interrupted');
      const now = clock.now();
      const times = sent[kind];
      while (times[0] !== undefined && times[0] <= now - MINUTE_MS - MARGIN_MS) times.shift();
      const oldest = times.at(-perMinute[kind]);
      if (oldest === undefined) return void times.push(now);
      await pause(oldest + MINUTE_MS + MARGIN_MS - now, `the quota of ${kind}s`);
    }
  }

  async function pause(ms: number, what: string): Promise<void> {
    say(`waiting ${Math.ceil(ms / 1000)} s for ${what}`);
    await clock.sleep(ms, cleaning ? undefined : stop).catch(() => {});
  }

  /** Sends one request, without a look at the quota. Rejects with a ServalError. */
  async function sendAtOnce(call: Call, through = options.send): Promise<unknown> {
    const words = `Google did not answer within ${options.timeoutMs} ms.`;
    const work = withTimeLimit(clock, options.timeoutMs, words, through, call, new AbortController().signal);
    inFlight.add(work);
    try {
      return await work;
    } finally {
      inFlight.delete(work);
    }
  }

  /** Sends when there is room; a refusal by the quota, which applied nothing, is repeated once after its minute. */
  async function send(call: Call, through = options.send): Promise<unknown> {
    await takePlace(call.kind);
    try {
      return await sendAtOnce(call, through);
    } catch (thrown) {
      const { code, details } = asServalError(thrown);
      if (code !== 'quota_exhausted') throw thrown;
      await pause(details.retryAfterMs ?? MINUTE_MS, 'a quota that is used up');
      await takePlace(call.kind);
      return sendAtOnce(call, through);
    }
  }

  function call(method: Method, params: Readonly<Record<string, unknown>>): Call {
    return createCall(origin(), method, spreadsheetId, { spreadsheetId, ...params }, true);
  }

  const batchCall = (requests: readonly Request[], show: object = {}, fields?: string) =>
    call('spreadsheets.batchUpdate', { ...(fields && { fields }), requestBody: { requests, ...show } });

  /** What became of a request, whatever that is. */
  async function outcome(work: Promise<unknown>): Promise<Attempt> {
    try {
      return { ok: true, reply: await work };
    } catch (thrown) {
      const error = asServalError(thrown);
      return { ok: false, error, words: `${error.code}: ${error.message}` };
    }
  }

  /** Accepted or refused; rejects where Google gave no clear answer. */
  async function attempt(work: Promise<unknown>): Promise<Attempt> {
    const found = await outcome(work);
    if (!found.ok && isUnclear(found.error)) throw found.error;
    return found;
  }

  /** What of this run is in the spreadsheet. */
  async function made() {
    const fields = 'sheets.properties(sheetId,title),namedRanges(namedRangeId,name),developerMetadata(metadataId)';
    const reply = madeReply.parse(await send(call('spreadsheets.get', { fields })));
    return {
      sheets: reply.sheets.map(({ properties }) => properties).filter(({ title }) => title.startsWith(name)),
      namedRanges: reply.namedRanges.filter((one) => one.name.startsWith(rangeName(''))),
      markers: reply.developerMetadata.map(({ metadataId }) => metadataId).filter((id) => markers.has(id)),
    };
  }

  /** Removes all that stands under this run's ids. */
  async function removeMarkers(): Promise<void> {
    for (let from = 0; from < markers.size; from += MOST_AT_ONCE) {
      const ids = [...markers].slice(from, from + MOST_AT_ONCE);
      const removed = await outcome(send(marker.removal(origin(), spreadsheetId, ids)));
      if (removed.ok || removed.error.code !== 'invalid_argument') continue;
      // An id without metadata may be a reason to refuse: then each goes by itself.
      for (const id of ids) await outcome(send(marker.removal(origin(), spreadsheetId, [id])));
    }
  }

  const sheetRequest = (sheetId: number) => ({
    addSheet: {
      properties: {
        sheetId,
        title: `${name} ${++sheetsMade}`,
        gridProperties: { rowCount: ROWS, columnCount: COLUMNS },
      },
    },
  });

  const rangeName = (suffix: string) => `${name.replace(/\W/g, '_')}_${suffix}`;

  return {
    spreadsheetId,
    name,
    clock,
    ownScopes: options.ownScopes,
    origin,
    send,
    sendAtOnce,
    outcome,
    attempt,
    call,
    batchCall,
    say,
    stopped: () => stop.aborted,
    /** One atomic batch. `show` is the rest of its body, `fields` the mask of its reply. */
    batch: (requests: readonly Request[], show: object = {}, fields?: string) =>
      send(batchCall(requests, show, fields)),
    /** Values as if typed in. */
    enter: (data: readonly object[]) =>
      send(call('spreadsheets.values.batchUpdate', { requestBody: { valueInputOption: 'USER_ENTERED', data } })),
    /** A batch with its marker first, exactly as the journal sends it. */
    marked: (requests: readonly Request[], id: number, value: string) => marker.mark(batchCall(requests), id, value),
    /** A read with the other project's credential. */
    asOther: (one: Call) => send(one, options.otherSend),

    /** An id for a marker; whatever stands under it in the end is removed. */
    newMarker: (): number => {
      const id = randomInt(1, marker.MAX_MARKER);
      markers.add(id);
      return id;
    },
    newId: () => randomInt(1, marker.MAX_MARKER),
    /** 22 characters, as the journal's ids of flushes are. */
    newValue: () => randomBytes(16).toString('base64url'),
    rangeName,
    /** A sheet of this run's own. */
    sheetRequest,
    /** So many of them, in one batch. */
    addSheets: async (count: number): Promise<Sheet[]> => {
      if (count === 0) return [];
      const requests = Array.from({ length: count }, () => sheetRequest(randomInt(1, marker.MAX_MARKER)));
      const { replies } = addedReply.parse(await send(batchCall(requests)));
      return replies.map(({ addSheet: { properties } }) => ({ id: properties.sheetId, title: properties.title }));
    },

    /** Grid data of ranges under a mask of cells, sheets and blocks in Google's order. */
    grid: async (ranges: readonly string[], cells: string) => {
      const fields = `sheets(properties(sheetId,title,gridProperties),data(startRow,startColumn,rowData.values(${cells})))`;
      return gridReply.parse(await send(call('spreadsheets.get', { ranges, fields }))).sheets;
    },
    /** Values of ranges, unformatted, in Google's order; dates as plain numbers, unless told otherwise. */
    values: async (ranges: readonly string[], dateTimeRenderOption = 'SERIAL_NUMBER') => {
      const params = { ranges, valueRenderOption: 'UNFORMATTED_VALUE', dateTimeRenderOption };
      const reply = valuesReply.parse(await send(call('spreadsheets.values.batchGet', params)));
      return reply.valueRanges;
    },
    /** What stands under a marker's id: its value, or undefined where Google says that there is none. */
    valueUnder: async (id: number): Promise<string | undefined> => {
      const found = await attempt(send(marker.lookUp(origin(), spreadsheetId, id)));
      if (found.ok) return marker.valueIn(found.reply) ?? 'no marker';
      if (found.error.code === 'not_found') return undefined;
      throw found.error;
    },
    removeMarkers,

    /** Removes everything; says what is left, if anything is. */
    cleanUp: async (): Promise<string | undefined> => {
      cleaning = true;
      await Promise.allSettled(inFlight);
      const { sheets, namedRanges } = await made();
      const requests = [
        ...namedRanges.map(({ namedRangeId }) => ({ deleteNamedRange: { namedRangeId } })),
        ...sheets.map(({ sheetId }) => ({ deleteSheet: { sheetId } })),
      ];
      if (requests.length > 0) await send(batchCall(requests, {}, 'spreadsheetId'));
      await removeMarkers();
      const left = await made();
      const words = [
        ...left.sheets.map(({ title }) => `the sheet ${title}`),
        ...left.namedRanges.map((one) => `the named range ${one.name}`),
        ...left.markers.map((id) => `the metadata ${id}`),
      ];
      return words.length === 0 ? undefined : words.join(', ');
    },
  };
}
