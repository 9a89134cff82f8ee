// The real Google clients on an emulator in process: no socket, no mock. Used by the tests of this folder only.

import { drive, type drive_v3 } from '@googleapis/drive';
import { sheets, type sheets_v4 } from '@googleapis/sheets';
import { systemClock } from '../../src/clock.ts';
import { createEmulator, type Emulator, type EmulatorOptions } from '../../src/emulator/emulator.ts';

export interface Bench {
  emulator: Emulator;
  sheets: sheets_v4.Sheets;
  drive: drive_v3.Drive;
  /** A request by hand: path from the root, JSON body. */
  call(method: string, path: string, body?: unknown): Promise<{ status: number; body: unknown; text: string }>;
}

export function openBench(options: Partial<EmulatorOptions> = {}): Bench {
  const faults: unknown[] = [];
  const emulator = createEmulator({
    file: ':memory:',
    clock: systemClock,
    onFault: (error) => {
      faults.push(error);
      throw error;
    },
    ...options,
  });
  const fetchImplementation = (input: RequestInfo | URL, init?: RequestInit) =>
    emulator.fetch(new Request(input, init));
  const common = { rootUrl: 'http://emulator.test/', fetchImplementation, retry: false };
  return {
    emulator,
    sheets: sheets({ version: 'v4', ...common }),
    drive: drive({ version: 'v3', ...common }),
    call: async (method, path, body) => {
      const text = typeof body === 'string' ? body : JSON.stringify(body);
      const init = body === undefined ? { method } : { method, body: text };
      const response = await emulator.fetch(new Request(`http://emulator.test${path}`, init));
      const answer = await response.text();
      return { status: response.status, body: answer === '' ? undefined : JSON.parse(answer), text: answer };
    },
  };
}

/** A new spreadsheet's id; its sheets are as given, or one `Sheet1`. */
export async function newSpreadsheet(bench: Bench, sheetsGiven: sheets_v4.Schema$Sheet[] = []): Promise<string> {
  const created = await bench.sheets.spreadsheets.create({
    requestBody: { properties: { title: 'Test' }, ...(sheetsGiven.length > 0 && { sheets: sheetsGiven }) },
  });
  return created.data.spreadsheetId ?? '';
}

/** Google's message, or the whole answer if there is none. */
export async function refusal(promise: Promise<unknown>): Promise<{ status: number; message: string }> {
  try {
    const answer = await promise;
    throw new Error(`not refused: ${JSON.stringify(answer)}`);
  } catch (error) {
    if (!(error instanceof Error) || !('response' in error)) throw error;
    const { status, data } = error.response as { status: number; data: { error: { message: string } } };
    return { status, message: data.error.message };
  }
}

/** Rows and columns from, to (exclusive) of the first sheet. */
export function area(startRowIndex: number, endRowIndex: number, startColumnIndex: number, endColumnIndex: number) {
  return { startRowIndex, endRowIndex, startColumnIndex, endColumnIndex };
}

/** What tests of requests do over and over, on one bench. */
export function verbsOf({ sheets: { spreadsheets } }: Bench) {
  const batch = async (spreadsheetId: string, ...requests: sheets_v4.Schema$Request[]) =>
    (await spreadsheets.batchUpdate({ spreadsheetId, requestBody: { requests } })).data.replies;
  return {
    /** The replies. */
    batch,
    /** The message of a refused batch. */
    refused: async (spreadsheetId: string, ...requests: sheets_v4.Schema$Request[]) => {
      const { status, message } = await refusal(batch(spreadsheetId, ...requests));
      if (status !== 400) throw new Error(`refused with ${status}: ${message}`);
      return message;
    },
    /** The whole spreadsheet, cut to `fields`. */
    get: async (spreadsheetId: string, fields: string) => (await spreadsheets.get({ spreadsheetId, fields })).data,
    /** The first sheet, cut to `fields`. */
    sheet: async (spreadsheetId: string, fields: string, ranges: string[] = []) =>
      (await spreadsheets.get({ spreadsheetId, fields: `sheets(${fields})`, ranges })).data.sheets?.[0] ?? {},
    /** As typed. */
    write: (spreadsheetId: string, range: string, values: unknown[][]) =>
      spreadsheets.values.update({
        spreadsheetId,
        range,
        valueInputOption: 'USER_ENTERED',
        requestBody: { values },
      }),
    read: async (spreadsheetId: string, range: string, valueRenderOption = 'FORMATTED_VALUE') =>
      (await spreadsheets.values.get({ spreadsheetId, range, valueRenderOption })).data.values,
  };
}
