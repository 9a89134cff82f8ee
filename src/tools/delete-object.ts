// Deletes what stands on a spreadsheet beside its cells.

import { z } from 'zod';
import { OBJECT_KINDS, deleteObject as remove } from '../sheets/delete-object.ts';
import { defineTool, MAX_NAME, spreadsheet, status, warnings } from './tool.ts';

export const deleteObject = defineTool({
  name: 'delete_object',
  title: 'Delete an object',
  description:
    'Deletes an object that describe_spreadsheet tells; cells keep what they hold. undo_write cannot undo it.',
  toolset: 'objects',
  access: 'destroy',
  idempotent: false,
  input: z.strictObject({
    spreadsheet,
    kind: z.enum(OBJECT_KINDS),
    id: z
      .union([z.string().min(1).max(MAX_NAME), z.number().int().min(0).max(2_147_483_647)], {
        error: 'expected an id, a name or a cell',
      })
      .describe('Its id; name of a named range; Sheet#index of a conditional format; anchor cell of a pivot table'),
  }),
  output: z.strictObject({ status, deleted: z.string(), warnings }),
  example: { spreadsheet: '1mHIWnDvW9cALRMq9OdNfRwjAthCUFUOACPp0Lkyl7b4', kind: 'chart', id: 1262088783 },
  run: ({ spreadsheet, kind, id }, { sheets }) => sheets.on(spreadsheet, (desk) => remove(desk, kind, id)),
});
