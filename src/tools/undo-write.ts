// Takes a write back: what it replaced is put where it stood.

import { z } from 'zod';
import { ServalError } from '../errors.ts';
import { undo } from '../sheets/undo.ts';
import { noSuchWrite } from './get-write.ts';
import { defineTool, status, warnings, writeId } from './tool.ts';

export const undoWrite = defineTool({
  name: 'undo_write',
  title: 'Undo a write',
  description:
    'Puts back the values, formulas, formats, notes and validation that a write, append, upsert, clear, replace or sort ' +
    'replaced; refused if the cells have changed since. Can itself be undone.',
  toolset: 'core',
  access: 'destroy',
  idempotent: true,
  undoable: true,
  rehearsable: true,
  about: ({ writeId }) => writeId,
  input: z.strictObject({ writeId, force: z.boolean().optional().describe('Also over later changes') }),
  output: z.strictObject({
    status,
    ranges: z.array(z.string()),
    cells: z.number().int().describe('Cells put back'),
    warnings,
  }),
  example: { writeId: 'k3Xw0bTq8ZrV1nYsH2dLpA' },
  run: async ({ writeId, force = false }, { sheets, writes }) => {
    const write = writes.get(writeId);
    if (!write) throw noSuchWrite(writeId);
    if (write.state !== 'applied') {
      throw new ServalError('conflict', `That write is ${write.state}, not applied: there is nothing to undo.`, {
        hint: 'get_write tells its state.',
        outcome: 'none',
      });
    }
    const image = write.spreadsheet === null ? undefined : writes.image(writeId);
    if (!image || write.spreadsheet === null) throw notKept(write.tool);
    return sheets.on(write.spreadsheet, (desk) => undo(desk, image, force));
  },
});

function notKept(tool: string): ServalError {
  return new ServalError('unsupported', `What that write (${tool}) replaced was not kept: it cannot be undone here.`, {
    hint:
      'It is kept for a while, and only for writes of cells that are not too large; ' +
      'the version history in Google Sheets may help: File > Version history.',
    outcome: 'none',
  });
}
