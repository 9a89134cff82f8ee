// Ten thousand requests spoiled from valid ones against the embedded backend: none ends in a 500, none that is refused
// leaves a trace, and every refusal says something.

import { expect, test } from 'vitest';
import { openBench } from '../emulator/clients.ts';
import { EVERY_KIND, OF_COMMENT, SPREADSHEET } from '../support/every-kind.ts';
import { mutant, pick, type Sent, seeded } from './mutate.ts';

const REQUESTS = 10_000;
const SEED = 20_261_127;
/** A new spreadsheet after so many requests that were done, so that the valid ones stay valid. */
const DONE_PER_SPREADSHEET = 8;

function validRequests(id: string): Sent[] {
  const batch = (requests: readonly unknown[], more = {}): Sent => ({
    method: 'POST',
    path: `/v4/spreadsheets/${id}:batchUpdate`,
    body: { requests, ...more },
  });
  const values = `/v4/spreadsheets/${id}/values`;
  const table = [
    ['a', 1, true, null],
    ['=A1&"x"', '2024-02-30', '5%', ''],
  ];
  const filters = [{ a1Range: 'Data!A1:B2' }, { gridRange: { sheetId: 7, startRowIndex: 0, endRowIndex: 2 } }];
  return [
    ...Object.values(EVERY_KIND).map((requests) => batch(requests)),
    ...Object.values(OF_COMMENT).map((make) => batch([make('AAAA', 'BBBB')])),
    batch([...EVERY_KIND.addSheet, ...EVERY_KIND.updateCells, ...EVERY_KIND.deleteDimension], {
      includeSpreadsheetInResponse: true,
      responseRanges: ['Data!A1:B2'],
    }),
    {
      method: 'PUT',
      path: `${values}/Data!A1:D2?valueInputOption=USER_ENTERED`,
      body: { range: 'Data!A1:D2', values: table },
    },
    {
      method: 'PUT',
      path: `${values}/Other!B2?valueInputOption=RAW&includeValuesInResponse=true`,
      body: { values: table, majorDimension: 'COLUMNS' },
    },
    {
      method: 'POST',
      path: `${values}/Data!A1:append?valueInputOption=USER_ENTERED&insertDataOption=INSERT_ROWS`,
      body: { values: table },
    },
    { method: 'POST', path: `${values}/Data!A1:B2:clear`, body: {} },
    {
      method: 'POST',
      path: `${values}:batchUpdate`,
      body: {
        valueInputOption: 'RAW',
        data: [
          { range: 'Data!A1', values: table },
          { range: 'Other!A1', values: [[1]] },
        ],
      },
    },
    { method: 'POST', path: `${values}:batchClear`, body: { ranges: ['Data!A1', 'Other'] } },
    { method: 'POST', path: `${values}:batchGetByDataFilter`, body: { dataFilters: filters, majorDimension: 'ROWS' } },
    {
      method: 'POST',
      path: `${values}:batchUpdateByDataFilter`,
      body: { valueInputOption: 'RAW', data: [{ dataFilter: filters[0], values: table }] },
    },
    { method: 'POST', path: `${values}:batchClearByDataFilter`, body: { dataFilters: filters } },
    {
      method: 'POST',
      path: `/v4/spreadsheets/${id}:getByDataFilter`,
      body: { dataFilters: filters, includeGridData: true },
    },
    {
      method: 'POST',
      path: `/v4/spreadsheets/${id}/developerMetadata:search`,
      body: { dataFilters: [{ developerMetadataLookup: { metadataKey: 'key' } }] },
    },
    { method: 'POST', path: `/v4/spreadsheets/${id}/sheets/0:copyTo`, body: { destinationSpreadsheetId: id } },
    { method: 'POST', path: '/v4/spreadsheets', body: SPREADSHEET },
    { method: 'GET', path: `${values}/Data!A1:E10?valueRenderOption=FORMULA&majorDimension=COLUMNS` },
    { method: 'GET', path: `${values}:batchGet?ranges=Data!A1:B2&ranges=Other` },
    {
      method: 'GET',
      path: `/v4/spreadsheets/${id}?ranges=Data!A1:B2&fields=sheets(data.rowData.values,properties/title)`,
    },
    {
      method: 'PATCH',
      path: `/drive/v3/files/${id}?fields=id,name`,
      body: { name: 'Renamed', appProperties: { a: 'b' } },
    },
    { method: 'POST', path: `/drive/v3/files/${id}/copy`, body: { name: 'Copy' } },
    {
      method: 'POST',
      path: `/drive/v3/files/${id}/permissions`,
      body: { type: 'user', role: 'writer', emailAddress: 'ann@example.com' },
    },
    {
      method: 'POST',
      path: '/drive/v3/files',
      body: { name: 'New', mimeType: 'application/vnd.google-apps.spreadsheet' },
    },
    { method: 'GET', path: `/drive/v3/files?q=name%20contains%20'a'&pageSize=5&orderBy=name` },
    { method: 'POST', path: `/drive/v3/files/${id}/comments?fields=*`, body: { content: 'Why?' } },
    { method: 'GET', path: `/drive/v3/files/${id}/export?mimeType=text/csv` },
  ];
}

test(`${REQUESTS} spoiled requests (seed ${SEED}): no 500, no partial change`, async () => {
  const random = seeded(SEED);
  let fault: unknown;
  const { emulator } = openBench({ onFault: (error) => (fault = error) });
  const counts = new Map<number, number>();

  async function send({ method, path, body }: Sent): Promise<{ status: number; text: string }> {
    const init = body === undefined ? { method } : { method, body: JSON.stringify(body) };
    const response = await emulator.fetch(new Request(`http://emulator.test${path}`, init));
    return { status: response.status, text: await response.text() };
  }
  const create = async () => {
    const made = await send({ method: 'POST', path: '/v4/spreadsheets', body: SPREADSHEET });
    return (JSON.parse(made.text) as { spreadsheetId: string }).spreadsheetId;
  };
  /** Everything that can be seen of the spreadsheet, its file and the list of files. */
  const look = async (id: string) => {
    const shown = await send({ method: 'GET', path: `/v4/spreadsheets/${id}?includeGridData=true&prettyPrint=false` });
    const file = await send({ method: 'GET', path: `/drive/v3/files/${id}?fields=*&prettyPrint=false` });
    return shown.text + file.text;
  };

  let id = await create();
  let before = await look(id);
  let done = 0;
  for (let n = 0; n < REQUESTS; n++) {
    const sent = mutant(random, pick(random, validRequests(id)));
    const { status, text } = await send(sent);
    const told = `request ${n}: ${sent.method} ${sent.path.slice(0, 300)} ${JSON.stringify(sent.body)?.slice(0, 600)}`;
    counts.set(status, (counts.get(status) ?? 0) + 1);
    if (status >= 500)
      expect.fail(`${told}\n${status} ${text.slice(0, 300)}\n${fault instanceof Error ? fault.stack : String(fault)}`);
    const after = await look(id);
    if (status >= 400) {
      if (after !== before) expect.fail(`${told}\nwas refused (${text.slice(0, 300)}) and left a trace`);
      if (!/"message": ?"[^"]{4,}/.test(text)) expect.fail(`${told}\nwas refused without words: ${text.slice(0, 200)}`);
    } else if (after !== before && ++done >= DONE_PER_SPREADSHEET) {
      await send({ method: 'DELETE', path: `/drive/v3/files/${id}` });
      id = await create();
      before = await look(id);
      done = 0;
      continue;
    }
    before = after;
  }
  emulator.close();
  // Spoiled, not merely random: a good part of them is still understood, the greater part is refused.
  expect(counts.get(200) ?? 0).toBeGreaterThan(REQUESTS / 20);
  expect(counts.get(400) ?? 0).toBeGreaterThan(REQUESTS / 3);
}, 300_000);
