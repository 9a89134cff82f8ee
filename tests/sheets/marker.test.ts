// The marker as Google sees it, and that callers see nothing of it: through the pipe, the real client and the
// embedded backend.

import { describe, expect, test } from 'vitest';
import type { Call } from '../../src/call.ts';
import { ServalError } from '../../src/errors.ts';
import { createCall } from '../../src/sheets/calls.ts';
import * as marker from '../../src/sheets/marker.ts';
import { temporaryFolder } from '../support/app.ts';
import { failureOf } from '../support/fake-google.ts';
import { virtualPipe } from '../support/virtual-pipe.ts';
import { ledgerRows } from '../support/wired-app.ts';

type Requests = readonly Record<string, unknown>[];

const ORIGIN = { principal: 'p', identity: 'a', deadline: 50_000, priority: 'interactive' } as const;

function batch(id: string, requests: Requests, about: object = {}): Call {
  return createCall(ORIGIN, 'spreadsheets.batchUpdate', id, { spreadsheetId: id, requestBody: { requests, ...about } });
}

const cell = (value: string, sheetId = 0) => ({
  updateCells: {
    start: { sheetId, rowIndex: 0, columnIndex: 0 },
    fields: 'userEnteredValue',
    rows: [{ values: [{ userEnteredValue: { stringValue: value } }] }],
  },
});

/** The pipe; `bodies` are the requests of every batchUpdate on the wire, `onWire` is called as each arrives. */
async function rig(onWire: (requests: Requests, folder: string) => void = () => {}) {
  const bodies: Requests[] = [];
  const folder = temporaryFolder();
  const piped = await virtualPipe({
    env: { DATA_DIR: folder },
    fetch: (emulator) => async (input, init) => {
      if (typeof init?.body === 'string' && String(input).includes(':batchUpdate')) {
        const { requests } = JSON.parse(init.body);
        bodies.push(requests ?? []);
        if (requests) onWire(requests, folder);
      }
      return emulator(input, init);
    },
  });
  const send = async (call: Call) => {
    const work = piped.pipe.send(call, new AbortController().signal);
    await piped.outcomeOf(work);
    return work;
  };
  return { ...piped, bodies, folder, send };
}

const MARKER = {
  createDeveloperMetadata: {
    developerMetadata: {
      metadataId: expect.any(Number),
      metadataKey: 'ss',
      metadataValue: expect.stringMatching(/^[\w-]{22}$/),
      location: { spreadsheet: true },
      visibility: 'PROJECT',
    },
  },
};

function markerOf(requests: Requests | undefined): { metadataId: number; metadataValue: string } {
  return JSON.parse(JSON.stringify(requests?.[0])).createDeveloperMetadata.developerMetadata;
}

describe('on the wire', () => {
  test('it is the first request of the batch, under a random id of its own each time', async () => {
    const { bodies, create, send } = await rig();
    const id = await create();
    for (const value of ['a', 'b', 'c', 'd']) await send(batch(id, [cell(value)]));
    expect(bodies).toEqual(['a', 'b', 'c', 'd'].map((value) => [MARKER, cell(value)]));
    const markers = bodies.map(markerOf);
    expect(new Set(markers.map(({ metadataValue }) => metadataValue)).size).toBe(4);
    expect(new Set(markers.map(({ metadataId }) => metadataId)).size).toBe(4);
    for (const { metadataId } of markers) {
      expect(Number.isInteger(metadataId) && metadataId >= 1 && metadataId <= 2 ** 31 - 1).toBe(true);
    }
    expect(Math.max(...markers.map(({ metadataId }) => metadataId))).toBeGreaterThan(2 ** 24);
  });

  test('the journal has its row on disk before the batch is sent', async () => {
    const seen: unknown[] = [];
    const { create, send, bodies } = await rig((_, folder) => seen.push(...ledgerRows(folder, 'flushes')));
    const id = await create();
    await send(batch(id, [cell('a')]));
    const { metadataId, metadataValue } = markerOf(bodies[0]);
    expect(seen).toEqual([
      expect.objectContaining({ id: metadataValue, marker: metadataId, scope: id, state: 'sent' }),
    ]);
  });

  test('only a batchUpdate can carry one', async () => {
    const { bodies, create, send, folder } = await rig();
    const id = await create();
    const body = { valueInputOption: 'USER_ENTERED', data: [{ range: 'Sheet1!A1', values: [['x']] }] };
    const params = { spreadsheetId: id, requestBody: body };
    await send(createCall(ORIGIN, 'spreadsheets.values.batchUpdate', id, params));
    const made = await send(createCall(ORIGIN, 'spreadsheets.create', null, { requestBody: {} }));
    expect([bodies, made]).toEqual([[[]], expect.objectContaining({ spreadsheetId: expect.any(String) })]);
    expect(ledgerRows(folder, 'flushes').filter((row) => row.marker !== null)).toEqual([]);
  });
});

describe('to the caller nothing of it shows', () => {
  test('the reply has no place for it', async () => {
    const { create, send } = await rig();
    const id = await create();
    const namedRange = { name: 'first', range: { sheetId: 0 }, namedRangeId: 'n1' };
    const reply = await send(batch(id, [{ addNamedRange: { namedRange } }, cell('a')]));
    expect(reply).toEqual({
      spreadsheetId: id,
      replies: [{ addNamedRange: { namedRange: expect.objectContaining({ namedRangeId: 'n1' }) } }, {}],
    });
  });

  test('a refusal counts the requests without it', async () => {
    const { create, pipe, outcomeOf } = await rig();
    const id = await create();
    const work = failureOf(pipe.send(batch(id, [cell('a'), cell('b', 99)]), new AbortController().signal));
    await outcomeOf(work);
    const { code, message, details } = await work;
    expect([code, details.outcome]).toEqual(['invalid_argument', 'none']);
    expect(message).toMatch(/\brequests\[1\]/);
  });

  test('every index in a message, and nothing else of it', () => {
    const error = new ServalError('invalid_argument', 'Invalid requests[12].updateCells: see requests[3], data[3].', {
      outcome: 'none',
    });
    const told = marker.unmarkedRefusal(error);
    expect(told.message).toBe('Invalid requests[11].updateCells: see requests[2], data[3].');
    expect(told.details).toEqual({ outcome: 'none' });
  });

  test.each([
    ['invalid_argument', 'Invalid requests[0].createDeveloperMetadata: x', true],
    ['invalid_argument', 'Invalid requests[10].updateCells: x', false],
    ['unavailable', 'Invalid requests[0].createDeveloperMetadata: x', false],
  ] as const)('a refusal is for the marker when it names the first request: %s %s', (code, message, expected) => {
    expect(marker.refusedAtMarker(new ServalError(code, message))).toBe(expected);
  });
});

describe('ids of what is added', () => {
  const ADDED: readonly [string, object, readonly string[], 'number' | 'string'][] = [
    ['addSheet', { properties: { title: 'T' } }, ['properties', 'sheetId'], 'number'],
    ['duplicateSheet', { sourceSheetId: 0 }, ['newSheetId'], 'number'],
    ['addNamedRange', { namedRange: { name: 'n' } }, ['namedRange', 'namedRangeId'], 'string'],
    ['addProtectedRange', { protectedRange: {} }, ['protectedRange', 'protectedRangeId'], 'number'],
    ['addFilterView', { filter: {} }, ['filter', 'filterViewId'], 'number'],
    ['addChart', { chart: {} }, ['chart', 'chartId'], 'number'],
    ['addSlicer', { slicer: {} }, ['slicer', 'slicerId'], 'number'],
    ['addBanding', { bandedRange: {} }, ['bandedRange', 'bandedRangeId'], 'number'],
    ['addTable', { table: {} }, ['table', 'tableId'], 'string'],
  ];
  const idIn = (request: unknown, [kind = '', ...path]: readonly string[]) =>
    [kind, ...path].reduce<unknown>((at, name) => (Object(at) as Record<string, unknown>)[name], request);
  const chosen = (request: Record<string, unknown>) => {
    const { params } = marker.chooseIds(batch('ID', [cell('a'), request]), () => 0.5);
    return (params.requestBody as { requests: Requests }).requests;
  };

  test.each(ADDED)('%s gets one', (kind, payload, path, type) => {
    const [first, second] = chosen({ [kind]: payload });
    expect(first).toEqual(cell('a'));
    expect(typeof idIn(second, [kind, ...path])).toBe(type);
  });

  test.each(ADDED)('%s keeps the one it has, be it 0', (kind, payload, path, type) => {
    const own = type === 'number' ? 0 : 'own';
    const given =
      path.length === 1 ? { ...payload, [path[0] ?? '']: own } : { [path[0] ?? '']: { [path[1] ?? '']: own } };
    expect(chosen({ [kind]: given })[1]).toEqual({ [kind]: given });
  });

  test('of a table are digits, as those that Google chooses', () => {
    expect(idIn(chosen({ addTable: { table: {} } })[1], ['addTable', 'table', 'tableId'])).toMatch(/^\d+$/);
  });

  test('the sheet that a duplicate adds is told as Google would', () => {
    const duplicateSheet = { sourceSheetId: 0, newSheetId: 5, newSheetName: 'Copy' };
    const told = marker.rebuilt(batch('ID', [{ duplicateSheet }]), undefined);
    expect(told).toMatchObject({ replies: [{ duplicateSheet: { properties: { sheetId: 5, title: 'Copy' } } }] });
  });

  test('a batch that adds nothing is left as it is', () => {
    const call = batch('ID', [cell('a')]);
    expect(marker.chooseIds(call, Math.random)).toBe(call);
  });

  test('are on the wire, and a reply that is lost is made up of them', async () => {
    const { bodies, create, send, emulator } = await rig();
    const id = await create();
    const requests = [
      { addSheet: { properties: { title: 'New' } } },
      { addNamedRange: { namedRange: { name: 'all', range: { sheetId: 0 } } } },
      cell('a'),
    ];
    emulator.setFaults({ rules: [{ method: 'POST', path: ':batchUpdate', count: 1, fault: { reset: 'after' } }] });
    const reply = await send(batch(id, requests));
    const sheetId = idIn(bodies[0]?.[1], ['addSheet', 'properties', 'sheetId']);
    const namedRangeId = idIn(bodies[0]?.[2], ['addNamedRange', 'namedRange', 'namedRangeId']);
    expect(reply).toMatchObject({
      spreadsheetId: id,
      replies: [
        { addSheet: { properties: { title: 'New', sheetId } } },
        { addNamedRange: { namedRange: { name: 'all', namedRangeId } } },
        {},
      ],
    });
    const response = await emulator.fetch(new Request(`http://emulator/v4/spreadsheets/${id}`));
    const { sheets, namedRanges } = await response.json();
    expect(sheets.map(({ properties }: { properties: { sheetId: number } }) => properties.sheetId)).toEqual([
      0,
      sheetId,
    ]);
    expect(namedRanges).toMatchObject([{ name: 'all', namedRangeId }]);
  });
});

describe('what the journal asks', () => {
  const call = (made: Call) => ({ ...made, principal: 'p', identity: 'a' });

  test('a fence is the marker alone under the same id, and refuses what comes late', async () => {
    const { create, send, pipe, outcomeOf } = await rig();
    const id = await create();
    const late = marker.mark(batch(id, [cell('a')]), 5, 'v');
    await send(call(marker.fence(ORIGIN, id, 5, '!v')));
    const refused = failureOf(pipe.send(late, new AbortController().signal));
    await outcomeOf(refused);
    // The pipe puts its own marker before it, so that the old one is its first request.
    expect((await refused).message).toMatch(/requests\[0\].*ID \[5\]/);
    expect(marker.valueIn(await send(call(marker.lookUp(ORIGIN, id, 5))))).toBe('!v');
  });

  test('removing markers that are gone already is no fault, and takes nobody else’s metadata', async () => {
    const { create, send, emulator } = await rig();
    const id = await create();
    await send(call(marker.fence(ORIGIN, id, 5, 'v')));
    const foreign = { metadataId: 6, metadataKey: 'x', location: { spreadsheet: true }, visibility: 'PROJECT' };
    await send(batch(id, [{ createDeveloperMetadata: { developerMetadata: foreign } }]));
    for (let times = 0; times < 2; times++) await send(call(marker.removal(ORIGIN, id, [5, 6, 77])));
    const get = (at: number) =>
      emulator.fetch(new Request(`http://emulator/v4/spreadsheets/${id}/developerMetadata/${at}`));
    expect([(await get(5)).status, (await get(6)).status]).toEqual([404, 200]);
    expect(marker.valueIn(await send(call(marker.lookUp(ORIGIN, id, 6))))).toBeUndefined();
  });
});
