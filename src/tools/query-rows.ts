// One SELECT over the sheets of a spreadsheet: reads what it names, has a worker run it, answers bounded.

import { z } from 'zod';
import type { QueryTable, Reply } from '../query/messages.ts';
import { parseSpreadsheetId } from '../sheets/metadata.ts';
import { CHARACTERS_PER_TOKEN, MAX_PAGE_TOKENS, PAGE_TOKENS } from './page.ts';
import { queryError } from './query-errors.ts';
import { defineTool, fresh, spreadsheet, warnings } from './tool.ts';

/** Cells that one query reads: they take seconds to load, and a fifth of the worker's memory. */
const MAX_CELLS = 1_000_000;
const DEFAULT_ROWS = 100;
/** What is added to the rows of an answer. */
const RESERVED_CHARACTERS = 400;

const parameter = z.union([z.string(), z.number(), z.boolean(), z.null()]);
const column = z.union([z.string(), z.number(), z.null()]);

export const queryRows = defineTool({
  name: 'query_rows',
  title: 'Query with SQL',
  description:
    'One SQLite SELECT; sheets, named ranges and tables are SQL tables by name: "My sheet", or part of one, ' +
    '"My sheet!A3:F99". Columns by header row, else A, B. Dates are ISO text, TRUE is 1, blanks NULL, ' +
    'rowid the row number. Time, memory and answer are bounded.',
  toolset: 'core',
  access: 'read',
  idempotent: true,
  input: z.strictObject({
    spreadsheet,
    sql: z
      .string()
      .min(1)
      .max(20_000)
      .refine((sql) => !sql.includes('\0'), { error: 'expected text without zero bytes' }),
    parameters: z
      .union([z.array(parameter).max(1_000), z.record(z.string(), parameter)])
      .optional()
      .describe('A list for ?, an object for :name'),
    limit: z.number().int().min(1).max(10_000).optional().describe(`Most rows, ${DEFAULT_ROWS} if absent`),
    fresh,
  }),
  output: z.strictObject({
    columns: z.array(z.string()),
    rows: z.array(z.array(column)),
    more: z.literal(true).optional(),
    warnings,
  }),
  example: {
    spreadsheet: '1mHIWnDvW9cALRMq9OdNfRwjAthCUFUOACPp0Lkyl7b4',
    sql: 'SELECT weather, COUNT(*) AS days FROM Sheet1 WHERE date >= ? GROUP BY weather ORDER BY days DESC',
    parameters: ['2026-01-01'],
  },
  async run({ spreadsheet, sql, parameters = [], limit }, { sheets, query }) {
    parseSpreadsheetId(spreadsheet); // also for SQL that names no table
    const maxTokens = limit === undefined ? PAGE_TOKENS : MAX_PAGE_TOKENS;
    const maxRows = limit ?? DEFAULT_ROWS;
    const maxCharacters = maxTokens * CHARACTERS_PER_TOKEN - RESERVED_CHARACTERS;
    const tables: QueryTable[] = [];
    let cells = 0;
    for (;;) {
      const reply = await query({ sql, parameters, tables, maxRows, maxCharacters });
      if (reply.kind === 'fault') throw queryError(reply, { sql, tables, maxTokens });
      if (reply.kind === 'rows') return answerOf(reply, limit);
      const read = await sheets.tables(spreadsheet, reply.names, MAX_CELLS - cells);
      for (const table of read) cells += table.cells;
      tables.push(...read);
    }
  },
});

function answerOf({ columns, rows, more }: Extract<Reply, { kind: 'rows' }>, limit: number | undefined) {
  const answer = { columns: [...columns], rows: rows.map((row) => [...row]) };
  if (more === undefined) return answer;
  const next = `LIMIT ${limit ?? DEFAULT_ROWS} OFFSET ${rows.length}`;
  const bound = more === 'rows' ? `limit is ${limit ?? DEFAULT_ROWS} rows` : 'an answer holds no more';
  return {
    ...answer,
    more: true as const,
    warnings: [`More rows follow; ${bound}. Go on with ORDER BY ... ${next}, or aggregate.`],
  };
}
