// A spreadsheet made and read through the tools, for tests of what other tools do to it.

import { expect } from 'vitest';
import type { World } from './wired-app.ts';

/** An application with its tools over REST. */
export interface App {
  // biome-ignore lint/suspicious/noExplicitAny: JSON that the test looks at
  rest(tool: string, input: object): Promise<{ status: number; body: any }>;
}

export type Rows = readonly (readonly (string | number | boolean | null | { readonly formula: string })[])[];

/** The answer of a tool that must succeed. */
export async function done(app: App, tool: string, input: object) {
  const { status, body } = await app.rest(tool, input);
  expect(status, JSON.stringify(body)).toBe(200);
  return body;
}

/** `code: words` of a refusal. */
export async function refused(app: App, tool: string, input: object): Promise<string> {
  const { status, body } = await app.rest(tool, input);
  expect(status, JSON.stringify(body)).toBeGreaterThanOrEqual(400);
  return `${body.code}: ${body.detail} ${body.hint}`;
}

/** The id of a new spreadsheet with these sheets. */
export async function newBook(app: App, sheets: Readonly<Record<string, Rows>>): Promise<string> {
  const given = Object.entries(sheets).map(([title, rows]) => ({ title, rows }));
  return (await done(app, 'create_spreadsheet', { title: 'T', sheets: given })).id;
}

export async function rowsOf(app: App, spreadsheet: string, range = 'S', render = 'unformatted'): Promise<unknown[][]> {
  const { ranges } = await done(app, 'read_range', { spreadsheet, ranges: [range], render });
  return ranges[0].rows;
}

/** The description of each sheet, by title, in the order of the tabs. */
export async function sheetsOf(app: App, spreadsheet: string): Promise<Map<string, Record<string, unknown>>> {
  const { sheets } = await done(app, 'describe_spreadsheet', { spreadsheet, fresh: true });
  return new Map(sheets.map((sheet: { title: string }) => [sheet.title, sheet]));
}

/** Has the names of sheets in memory, where they may be out of date soon. */
export async function namesInMemory(app: App, spreadsheet: string): Promise<void> {
  await done(app, 'read_range', { spreadsheet, ranges: ['A1'] });
}

/** Requests past the application, as somebody else's. */
export async function elsewhere(world: World, id: string, ...requests: object[]): Promise<void> {
  const { status, body } = await world.direct(`/${id}:batchUpdate`, { requests });
  expect(status, JSON.stringify(body)).toBe(200);
}

/** The next write of this world is applied, and its reply lost. */
export function losesReply(world: World): void {
  let lost = false;
  world.onWire(async ({ kinds }, pass) => {
    if (lost || kinds.length < 2) return undefined;
    lost = true;
    await pass();
    return new Response('gone', { status: 502 });
  });
}
