import { expect, test } from 'vitest';
import { newSpreadsheet, openBench } from './clients.ts';

const bench = openBench();
const BAD_REQUEST = 'type.googleapis.com/google.rpc.BadRequest';

function violation(message: string, field?: string) {
  const fieldViolations = [{ ...(field !== undefined && { field }), description: message }];
  return {
    error: { code: 400, message, status: 'INVALID_ARGUMENT', details: [{ '@type': BAD_REQUEST, fieldViolations }] },
  };
}

test.each([
  ['GET', '/v4/spreadsheets/nope', undefined, 404, 'Requested entity was not found.', 'NOT_FOUND'],
  [
    'GET',
    '/v4/spreadsheets/ID/values/NOPE!A5:F15',
    undefined,
    400,
    'Unable to parse range: NOPE!A5:F15',
    'INVALID_ARGUMENT',
  ],
  [
    'GET',
    '/v4/spreadsheets/ID/values/Sheet1!Y1001',
    undefined,
    400,
    'Range (Sheet1!Y1001) exceeds grid limits. Max rows: 1000, max columns: 26',
    'INVALID_ARGUMENT',
  ],
  [
    'PUT',
    '/v4/spreadsheets/ID/values/A1',
    { values: [[1]] },
    400,
    "'valueInputOption' is required but not specified",
    'INVALID_ARGUMENT',
  ],
  [
    'PUT',
    '/v4/spreadsheets/ID/values/A1?valueInputOption=RAW',
    { range: 'B1', values: [[1]] },
    400,
    "Request range[Sheet1!A1] does not match value's range[Sheet1!B1]",
    'INVALID_ARGUMENT',
  ],
  ['POST', '/v4/spreadsheets/ID:batchUpdate', {}, 400, 'Must specify at least one request.', 'INVALID_ARGUMENT'],
  [
    'POST',
    '/v4/spreadsheets/ID/developerMetadata:search',
    {},
    400,
    'Must specify at least one dataFilter.',
    'INVALID_ARGUMENT',
  ],
  ['GET', '/v4/spreadsheets/ID/developerMetadata/5', undefined, 404, 'No developer metadata with ID 5.', 'NOT_FOUND'],
  ['GET', '/v5/anything', undefined, 404, 'Method not found.', 'NOT_FOUND'],
])('%s %s %j is refused plainly', async (method, path, body, code, message, status) => {
  const id = await newSpreadsheet(bench);
  const answer = await bench.call(method, path.replace('ID', id), body);
  expect([answer.status, answer.body]).toEqual([code, { error: { code, message, status } }]);
});

const UPDATE = '/values/A1?valueInputOption=RAW';
const LIST = 'type.googleapis.com/google.protobuf.ListValue';
test.each([
  ['PUT', UPDATE, { values: 'A1:D4' }, 'data.values', `Invalid value at 'data.values' (${LIST}), "A1:D4"`],
  ['PUT', UPDATE, { values: ['x'] }, 'data.values[0]', `Invalid value at 'data.values[0]' (${LIST}), "x"`],
  [
    'PUT',
    UPDATE,
    { value: [] },
    'data',
    'Invalid JSON payload received. Unknown name "value" at \'data\': Cannot find field.',
  ],
  [
    'POST',
    ':batchUpdate',
    { request: [] },
    undefined,
    'Invalid JSON payload received. Unknown name "request": Cannot find field.',
  ],
  [
    'POST',
    ':batchUpdate',
    { requests: [{ frobnicate: {} }] },
    'requests[0]',
    'Invalid JSON payload received. Unknown name "frobnicate" at \'requests[0]\': Cannot find field.',
  ],
  [
    'POST',
    ':batchUpdate',
    { requests: [{ addSheet: { properties: { sheetId: 'x' } } }] },
    'requests[0].add_sheet.properties.sheet_id',
    'Invalid value at \'requests[0].add_sheet.properties.sheet_id\' (TYPE_INT32), "x"',
  ],
  [
    'POST',
    ':batchUpdate',
    { requests: ['repeatCell'] },
    'requests[0]',
    'Invalid value at \'requests[0]\' (type.googleapis.com/google.apps.sheets.v4.BatchUpdateSpreadsheetRequest.Request), "repeatCell"',
  ],
  [
    'POST',
    ':batchUpdate',
    { requests: [{ addSheet: {}, deleteSheet: {} }] },
    'requests[0]',
    "Invalid value at 'requests[0]' (oneof), oneof field 'kind' is already set. Cannot set 'deleteSheet'",
  ],
  [
    'POST',
    ':batchUpdate',
    [],
    undefined,
    'Invalid JSON payload received. Unknown name "": Root element must be a message.',
  ],
])('%s %s %j is refused with field violations', async (method, path, body, field, message) => {
  const id = await newSpreadsheet(bench);
  const answer = await bench.call(method, `/v4/spreadsheets/${id}${path}`, body);
  expect([answer.status, answer.body]).toEqual([400, violation(message, field)]);
});

test('malformed JSON, unknown parameters and masks are refused', async () => {
  const id = await newSpreadsheet(bench);
  const root = `/v4/spreadsheets/${id}`;
  expect((await bench.call('POST', `${root}:batchUpdate`, '{"requests": [')).status).toBe(400);
  const unknown = await bench.call('GET', `${root}?sheet=1`);
  const cause = "Cannot bind query parameter. Field 'sheet' could not be found in request message.";
  expect(unknown.body).toEqual(violation(`Invalid JSON payload received. Unknown name "sheet": ${cause}`));
  const mask = await bench.call('GET', `${root}?fields=sheets.sheetProperties`);
  const description =
    "Error expanding 'fields' parameter. Cannot find matching fields for path 'sheets.sheetProperties'.";
  expect(mask.body).toMatchObject({
    error: {
      message: 'Request contains an invalid argument.',
      details: [{ fieldViolations: [{ field: 'sheets.sheetProperties', description }] }],
    },
  });
  const enumeration = await bench.call('GET', `${root}/values/A1?valueRenderOption=PRETTY`);
  expect(enumeration.body).toMatchObject({
    error: {
      message:
        'Invalid value at \'value_render_option\' (type.googleapis.com/google.apps.sheets.v4.ValueRenderOption), "PRETTY"',
    },
  });
});

test('paths as real clients send them: double slashes, encoded ranges, a long GET as a form', async () => {
  const id = await newSpreadsheet(bench, [{ properties: { title: 'a/b: 50%' } }]);
  const range = encodeURIComponent("'a/b: 50%'!A1:B2");
  const put = await bench.call('PUT', `//v4//spreadsheets/${id}/values/${range}?valueInputOption=RAW`, {
    values: [[1]],
  });
  expect(put.body).toMatchObject({ updatedRange: "'a/b: 50%'!A1" });
  const appended = await bench.call('POST', `/v4/spreadsheets/${id}/values/${range}:append?valueInputOption=RAW`, {
    values: [[2]],
  });
  expect(appended.body).toMatchObject({ tableRange: "'a/b: 50%'!A1", updates: { updatedRange: "'a/b: 50%'!A2" } });
  const form = new Request(`http://x/v4/spreadsheets/${id}/values:batchGet`, {
    method: 'POST',
    headers: { 'X-HTTP-Method-Override': 'GET', 'Content-Type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams([
      ['ranges', 'A1'],
      ['ranges', 'A2'],
      ['majorDimension', 'COLUMNS'],
    ]),
  });
  const answer = await (await bench.emulator.fetch(form)).json();
  expect(answer.valueRanges.map((each: { values: unknown }) => each.values)).toEqual([[['1']], [['2']]]);
  const cleared = await bench.call('POST', `/v4/spreadsheets/${id}/values/${range}:clear`);
  expect(cleared.body).toEqual({ spreadsheetId: id, clearedRange: "'a/b: 50%'!A1:B2" });
});

test('our own fault is a 500 of Google and changes nothing', async () => {
  let broken = false;
  const faults: unknown[] = [];
  const wall = () => {
    if (broken) throw new Error('secret');
    return 0;
  };
  const { systemClock } = await import('../../src/clock.ts');
  const fragile = openBench({ clock: { ...systemClock, wall }, onFault: (error) => faults.push(error) });
  const id = await newSpreadsheet(fragile);
  const before = (await fragile.call('GET', `/v4/spreadsheets/${id}?includeGridData=true`)).text;
  broken = true;
  const requests = [{ addSheet: {} }, { appendDimension: { sheetId: 0, dimension: 'ROWS', length: 1 } }];
  const answer = await fragile.call('POST', `/v4/spreadsheets/${id}:batchUpdate`, { requests });
  const error = { code: 500, message: 'Internal error encountered.', status: 'INTERNAL' };
  expect([answer.status, answer.body]).toEqual([500, { error }]);
  expect(faults).toHaveLength(1);
  broken = false;
  expect((await fragile.call('GET', `/v4/spreadsheets/${id}?includeGridData=true`)).text).toBe(before);
});

test.each([
  ['sheets.properties.title', { sheets: [{ properties: { title: 'Sheet1' } }] }],
  ['sheets/properties/title', { sheets: [{ properties: { title: 'Sheet1' } }] }],
  ['sheets(properties(title,index))', { sheets: [{ properties: { title: 'Sheet1', index: 0 } }] }],
  [
    'sheets(properties/title),properties(locale)',
    { properties: { locale: 'en_US' }, sheets: [{ properties: { title: 'Sheet1' } }] },
  ],
  ['sheets.*.title', { sheets: [{ properties: { title: 'Sheet1' } }] }],
  ['sheets/*/gridProperties/rowCount', { sheets: [{ properties: { gridProperties: { rowCount: 1000 } } }] }],
  ['*(title)', { properties: { title: 'Test' }, sheets: [{}] }],
  [
    'sheets(properties(*))',
    {
      sheets: [
        {
          properties: {
            sheetId: 0,
            title: 'Sheet1',
            index: 0,
            sheetType: 'GRID',
            gridProperties: { rowCount: 1000, columnCount: 26 },
          },
        },
      ],
    },
  ],
])('the mask %s picks what it names', async (fields, expected) => {
  const bench = openBench();
  const spreadsheetId = await newSpreadsheet(bench);
  const sheetId = (await bench.sheets.spreadsheets.get({ spreadsheetId })).data.sheets?.[0]?.properties?.sheetId;
  const { status, body } = await bench.call('GET', `/v4/spreadsheets/${spreadsheetId}?fields=${fields}`);
  const text = JSON.stringify(body).replace(`"sheetId":${sheetId}`, '"sheetId":0');
  expect([status, JSON.parse(text)]).toEqual([200, expected]);
});

test.each(['sheets.*.nope', 'sheets(', 'sheets()', 'a..b', `${'sheets('.repeat(60)}x`])(
  'the mask %s is refused',
  async (fields) => {
    const bench = openBench();
    const id = await newSpreadsheet(bench);
    expect((await bench.call('GET', `/v4/spreadsheets/${id}?fields=${encodeURIComponent(fields)}`)).status).toBe(400);
  },
);

test.each(['//v4//spreadsheets/ID', '/v4/spreadsheets/ID/', '/v4/spreadsheets/ID//?fields=properties.title'])(
  'redundant slashes mean nothing: %s',
  async (path) => {
    const bench = openBench();
    const id = await newSpreadsheet(bench);
    const { status, body } = await bench.call('GET', path.replace('ID', id));
    expect([status, body]).toMatchObject([200, { properties: { title: 'Test' } }]);
    const requests = [{ addSheet: { properties: { title: 'New' } } }];
    expect((await bench.call('POST', `/v4/spreadsheets/${id}/:batchUpdate`, { requests })).status).toBe(200);
  },
);

test.each(['True', 'TRUE', 'true'])('a query may say %s', async (word) => {
  const bench = openBench();
  const id = await newSpreadsheet(bench);
  const path = `/v4/spreadsheets/${id}/values/A1?valueInputOption=RAW&includeValuesInResponse=${word}`;
  const { body } = await bench.call('PUT', path, { values: [['x']] });
  expect(body).toMatchObject({ updatedData: { values: [['x']] } });
});
