// The tools for charts, tables and the like on a spreadsheet of the embedded backend, and what Google's API shows of it.

import { createWorld, startApp } from './wired-app.ts';

export type Bench = Awaited<ReturnType<typeof objectBench>>;

/** A spreadsheet with one sheet S (id 7) that holds these rows. */
export async function objectBench(
  rows: readonly (readonly (string | number)[])[] = [],
  env: Record<string, string> = {},
) {
  const world = await createWorld();
  const app = await startApp(world, { TOOLSETS: 'all', ...env });
  const id = await world.book(rows);
  return {
    world,
    app,
    id,
    /** A tool on the spreadsheet: the answer without its writeId, or the problem. */
    async call(tool: string, input: object) {
      const { writeId: _, requestId: __, ...body } = (await app.rest(tool, { spreadsheet: id, ...input })).body;
      return body;
    },
    /** What describe_spreadsheet tells of a sheet, as it is now. */
    async described(sheet = 'S') {
      return (await app.rest('describe_spreadsheet', { spreadsheet: id, sheets: [sheet], fresh: true })).body.sheets[0];
    },
    async names(): Promise<string[]> {
      return (await app.rest('describe_spreadsheet', { spreadsheet: id, fresh: true })).body.namedRanges ?? [];
    },
    /** What the API tells. */
    async raw(fields: string) {
      return (await world.direct(`/${id}?fields=${encodeURIComponent(fields)}`)).body;
    },
    /** Requests past the application, as somebody else's. */
    async update(...requests: object[]) {
      const { status, body } = await world.direct(`/${id}:batchUpdate`, { requests });
      if (status !== 200) throw new Error(JSON.stringify(body));
      return body.replies;
    },
  };
}
