// Finds spreadsheets by name.

import { z } from 'zod';
import { defineTool, fresh, MAX_CURSOR, warnings } from './tool.ts';

const OWN =
  'only spreadsheets that this server created are found; with the scope spreadsheets others are reached by id or URL.';

export const searchSpreadsheets = defineTool({
  name: 'search_spreadsheets',
  title: 'Search spreadsheets',
  description: 'Spreadsheets this account can see, newest first; query matches beginnings of words of the title.',
  toolset: 'core',
  access: 'read',
  idempotent: true,
  input: z.strictObject({
    query: z.string().max(200).default(''),
    limit: z.number().int().min(1).max(100).default(20),
    cursor: z.string().max(MAX_CURSOR).optional().describe('nextCursor of the page before'),
    fresh,
  }),
  output: z.strictObject({
    spreadsheets: z.array(
      z.strictObject({
        id: z.string(),
        title: z.string(),
        owner: z.string().optional(),
        modified: z.string().optional(),
        url: z.string().optional(),
      }),
    ),
    nextCursor: z.string().optional(),
    incomplete: z.literal(true).optional().describe('Drive did not search everything'),
    warnings,
  }),
  example: { query: 'budget' },
  async run({ query, limit, cursor }, { sheets, reach }) {
    const found = await sheets.search(query, limit, cursor);
    const nothing = found.spreadsheets.length === 0 && cursor === undefined;
    if (reach() === 'own') return { ...found, warnings: [`With the scope drive.file ${OWN}`] };
    if (reach() === undefined && nothing) {
      return { ...found, warnings: [`If the access token has no scope of Drive but drive.file, ${OWN}`] };
    }
    return found;
  },
});
