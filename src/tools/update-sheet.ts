// Changes the properties of a sheet.

import { z } from 'zod';
import { HEX_COLOR } from '../sheets/colors.ts';
import { MAX_TITLE } from '../sheets/sheet-names.ts';
import { updateSheet as update } from '../sheets/update-sheet.ts';
import { defineTool, sheet, spreadsheet, status, warnings } from './tool.ts';

const rows = z.number().int().min(1).max(10_000_000).optional();
const columns = z.number().int().min(1).max(18_278).optional();

export const updateSheet = defineTool({
  name: 'update_sheet',
  title: 'Change a sheet',
  description: 'Changes what is given. rows and columns are the size of the grid, which never shrinks over content.',
  toolset: 'structure',
  access: 'write',
  idempotent: true,
  input: z.strictObject({
    spreadsheet,
    sheet,
    title: z.string().min(1).max(MAX_TITLE).optional(),
    index: z.number().int().min(1).optional().describe('1: first tab'),
    hidden: z.boolean().optional(),
    frozenRows: z.number().int().min(0).max(10_000_000).optional(),
    frozenColumns: z.number().int().min(0).max(18_278).optional(),
    tabColor: z.string().regex(HEX_COLOR, 'expected #rrggbb').nullable().optional().describe('#rrggbb'),
    gridlines: z.boolean().optional(),
    rows,
    columns,
  }),
  output: z.strictObject({ status, warnings }),
  example: {
    spreadsheet: '1mHIWnDvW9cALRMq9OdNfRwjAthCUFUOACPp0Lkyl7b4',
    sheet: 'Sheet1',
    title: 'January',
    frozenRows: 1,
    tabColor: '#34a853',
  },
  run: ({ spreadsheet, sheet, ...changes }, { sheets }) =>
    sheets.on(spreadsheet, (desk) => update(desk, sheet, changes)),
});
