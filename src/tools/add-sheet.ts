// Adds a sheet to a spreadsheet: an empty one, or a copy.

import { z } from 'zod';
import { addSheet as add } from '../sheets/add-sheet.ts';
import { MAX_TITLE } from '../sheets/sheet-names.ts';
import { defineTool, sheet, spreadsheet, warnings } from './tool.ts';

export const addSheet = defineTool({
  name: 'add_sheet',
  title: 'Add a sheet',
  description: 'Adds an empty sheet, or a copy of one, even of another spreadsheet.',
  toolset: 'structure',
  access: 'write',
  idempotent: false,
  guarantee: {
    level: 'exactly once',
    exception: 'copyFrom another spreadsheet: at most once, since Google takes no marker with it',
    unsure:
      'get_write with its writeId: it is found out behind the answer; with copyFrom another spreadsheet, ' +
      'describe_spreadsheet: the copy may be there, called "Copy of ..."',
  },
  input: z.strictObject({
    spreadsheet,
    title: z.string().min(1).max(MAX_TITLE),
    rows: z.number().int().min(1).max(10_000_000).optional(),
    columns: z.number().int().min(1).max(18_278).optional(),
    index: z.number().int().min(1).optional().describe('1: first tab; default last'),
    copyFrom: z
      .strictObject({
        spreadsheet: z.string().min(1).max(2_000).optional(),
        sheet: sheet.meta({ description: undefined }),
      })
      .optional(),
  }),
  output: z.strictObject({ status: z.literal('applied'), sheetId: z.number().int().optional(), warnings }),
  example: {
    spreadsheet: '1mHIWnDvW9cALRMq9OdNfRwjAthCUFUOACPp0Lkyl7b4',
    title: 'March',
    copyFrom: { sheet: 'February' },
  },
  run: async ({ spreadsheet, ...wanted }, { sheets }) => {
    const { status: _, ...answer } = await sheets.on(spreadsheet, (desk) => add(desk, wanted));
    return { status: 'applied' as const, ...answer };
  },
});
