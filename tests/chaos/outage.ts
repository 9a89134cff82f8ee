// An application on a virtual clock before an emulator with Google's quota, in which an hour's outage takes seconds and
// people go on editing: their requests do not pass the wire that is down.

import { expect } from 'vitest';
import { createWorld, startApp } from '../support/wired-app.ts';

export interface Told {
  readonly status: number;
  readonly fallback: boolean;
  readonly body: Readonly<Record<string, unknown>>;
}

export type OutageWorld = Awaited<ReturnType<typeof createOutageWorld>>;

export async function createOutageWorld() {
  const world = await createWorld();
  world.emulator.setFaults({ quota: true });
  const app = await startApp(world, { GOOGLE_ACCESS_TOKEN: 'server', THROTTLE_ENABLED: 'true', LOG_LEVEL: 'INFO' });

  /** What people do, past the application. */
  async function people(path: string, body?: object): Promise<Readonly<Record<string, unknown>>> {
    const { status, body: reply } = await world.direct(path, body);
    expect({ status, reply }).toMatchObject({ status: 200 });
    return reply;
  }

  async function told(reply: ReturnType<typeof app.json>): Promise<Told> {
    const { status, headers, body } = await reply;
    return { status, fallback: headers.get('x-fallback-mode') === 'true', body };
  }

  return {
    clock: world.clock,
    emulator: world.emulator,
    rows: world.rows,
    lines: app.lines,
    folder: app.folder,
    people,
    get: (path: string) => told(app.json(path)),
    tool: (name: string, input: object, key?: string) =>
      told(app.rest(name, input, key === undefined ? {} : { 'idempotency-key': key })),
    /** Lets so much time pass, slowly enough for what is answered in process to be answered. */
    pass: (ms: number) => world.pass(ms, 100),
    /** Google answers 503 to everything, or is back. */
    setDown: (down: boolean) =>
      world.onWire(() => (down ? new Response('{"error":{"code":503,"message":"No."}}', { status: 503 }) : undefined)),
    /** Requests of the application so far, answered or not. */
    sentCount: () => world.sent.length,
    createBook: async (sheets: Readonly<Record<string, readonly (readonly (string | number)[])[]>>) => {
      const cellOf = (value: string | number) => ({
        userEnteredValue: typeof value === 'number' ? { numberValue: value } : { stringValue: value },
      });
      const body = Object.entries(sheets).map(([title, rows]) => ({
        properties: { title },
        data: [{ rowData: rows.map((row) => ({ values: row.map(cellOf) })) }],
      }));
      return String((await people('', { sheets: body })).spreadsheetId);
    },
  };
}
