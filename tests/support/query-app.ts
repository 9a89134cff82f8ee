// The application over an embedded backend that the test can reach too: sheets as large and as odd as it likes.

import { onTestFinished } from 'vitest';
import { systemClock } from '../../src/clock.ts';
import { createEmulator } from '../../src/emulator/emulator.ts';
import { testApp } from './app.ts';

type Cell = string | number | boolean | null;

export async function queryApp(env: Record<string, string> = {}) {
  const emulator = createEmulator({ file: ':memory:', clock: systemClock });
  onTestFinished(() => emulator.close());
  /** Paths of the calls to Google, without the spreadsheet's id. */
  const sent: string[] = [];
  let before: (request: Request) => Promise<void> | undefined = () => undefined;
  const app = await testApp(
    { GOOGLE_ACCESS_TOKEN: 'token', GOOGLE_API_ROOT_URL: 'http://emulator.test/', THROTTLE_ENABLED: 'false', ...env },
    async (input, init) => {
      const request = new Request(input, init);
      await before(request);
      sent.push(new URL(request.url).pathname.replace(/^\/v4\/spreadsheets\/[^/:]+/, ''));
      return emulator.fetch(request);
    },
  );

  /** A request past the application, as somebody else's. */
  async function direct(path: string, body?: object, method = body === undefined ? 'GET' : 'POST') {
    const init = { method, ...(body !== undefined && { body: JSON.stringify(body) }) };
    const response = await emulator.fetch(new Request(`http://emulator.test/v4/spreadsheets${path}`, init));
    const answer = await response.json();
    if (response.status !== 200) throw new Error(JSON.stringify(answer));
    return answer;
  }

  return {
    ...app,
    sent,
    direct,
    /** From now on, before each call to Google. */
    onCall: (next: typeof before) => {
      before = next;
    },
    /** A new spreadsheet with these sheets, their cells as if typed in. Sheet ids are 1, 2, ... in their order. */
    async book(sheets: Record<string, readonly (readonly Cell[])[]>): Promise<string> {
      const titles = Object.keys(sheets);
      const { spreadsheetId } = await direct('', {
        sheets: titles.map((title, index) => {
          const rows = sheets[title] ?? [];
          const columnCount = Math.max(3, ...rows.map((row) => row.length));
          const gridProperties = { rowCount: Math.max(3, rows.length), columnCount };
          return { properties: { title, sheetId: index + 1, gridProperties } };
        }),
      });
      const data = titles
        .filter((title) => (sheets[title] ?? []).length > 0)
        .map((title) => ({ range: `'${title.replaceAll("'", "''")}'!A1`, values: sheets[title] }));
      await direct(`/${spreadsheetId}/values:batchUpdate`, { valueInputOption: 'USER_ENTERED', data });
      return spreadsheetId;
    },
    async query(spreadsheet: string, sql: string, more: object = {}) {
      const { status, body } = await app.rest('query_rows', { spreadsheet, sql, ...more });
      return status === 200 ? body : { status, code: body.code, detail: body.detail, hint: body.hint };
    },
    async rows(spreadsheet: string, sql: string, more: object = {}): Promise<unknown> {
      const { status, body } = await app.rest('query_rows', { spreadsheet, sql, ...more });
      return status === 200 ? body.rows : `${status} ${body.code}: ${body.detail} ${body.hint}`;
    },
  };
}
