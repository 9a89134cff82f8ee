// The verbs over the real Google client and the embedded backend, without the resilience layer: turns in the test's hands.

import { onTestFinished } from 'vitest';
import type { Call, Policy } from '../../src/call.ts';
import { systemClock } from '../../src/clock.ts';
import { createEmulator } from '../../src/emulator/emulator.ts';
import { noCredentials } from '../../src/google/credentials.ts';
import { createTransport } from '../../src/google/transport.ts';
import { createSheets, type Sheets } from '../../src/sheets/sheets.ts';
import { createTurns } from '../../src/sheets/turns.ts';
import type { Cell } from '../../src/sheets/values.ts';

export type Rows = readonly (readonly Cell[])[];

/** `around` stands between the verbs and the client; `sent` are the calls that came out of the verbs. */
export function createVerbs(around: Policy = (next) => next) {
  const emulator = createEmulator({ file: ':memory:', clock: systemClock });
  onTestFinished(() => emulator.close());
  const transport = createTransport({
    credentials: noCredentials,
    fetch: (input, init) => emulator.fetch(new Request(input, init)),
    version: '0',
    clock: systemClock,
    emit: () => {},
  });
  const send = around(transport);
  const sent: Call[] = [];
  const foreseen: object[] = [];
  const turns = createTurns({ quiet: async () => {} });
  const origin = { principal: 'p', identity: 'a', deadline: Number.MAX_VALUE, priority: 'interactive' } as const;

  const sheetsFor = (turn: Parameters<typeof createSheets>[4]) =>
    createSheets(
      (call, signal) => {
        sent.push(call);
        return send(call, signal);
      },
      { ...origin, fresh: false, random: systemClock.random },
      new AbortController().signal,
      () => undefined,
      turn,
    );

  /** Runs a write in its turn, as every write of a tool is. */
  async function writing<T>(spreadsheet: string, work: (sheets: Sheets) => Promise<T>): Promise<T> {
    const turn = turns.take(spreadsheet);
    try {
      return await work(sheetsFor({ turn, foresee: (answer) => void foreseen.push(answer) }));
    } finally {
      turn.end();
    }
  }

  const sheets = sheetsFor(undefined);
  return {
    emulator,
    sheets,
    writing,
    sent,
    foreseen,
    /** Methods of the calls that `work` makes. */
    async calls(work: () => Promise<unknown>): Promise<string[]> {
      const from = sent.length;
      await work();
      return sent.slice(from).map(({ method }) => method.replace('spreadsheets.', ''));
    },
    /** A new spreadsheet with one sheet `S`. */
    async book(rows: Rows): Promise<string> {
      return (await sheets.create('T', [{ title: 'S', rows }], undefined)).id;
    },
    async rows(id: string, range = 'S'): Promise<unknown[][]> {
      const [read] = await sheets.read(id, [range], 'unformatted');
      return read?.values ?? [];
    },
    /** A request past the verbs, as somebody else's. */
    async update(id: string, ...requests: object[]): Promise<void> {
      const request = new Request(`http://emulator/v4/spreadsheets/${id}:batchUpdate`, {
        method: 'POST',
        body: JSON.stringify({ requests }),
      });
      const { status } = await emulator.fetch(request);
      if (status !== 200) throw new Error(`refused: ${status}`);
    },
  };
}
