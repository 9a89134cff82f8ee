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
