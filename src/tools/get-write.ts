// Tells what became of a write: of a queued one, or of one whose answer was lost.

import { z } from 'zod';
import { ServalError } from '../errors.ts';
import { defineTool, writeId } from './tool.ts';

const FOR_GOOD = {
  code: 'outcome_unknown',
  message: 'The answer of the write was lost, and nothing can tell any more whether it was applied.',
  hint: 'Look at what is there before repeating it.',
};

export function noSuchWrite(id: string): ServalError {
  return new ServalError('not_found', `There is no write ${JSON.stringify(id)} of yours.`, {
    hint: 'Pass the writeId that an answer or an error told; finished writes are forgotten after some days.',
  });
}

export const getWrite = defineTool({
  name: 'get_write',
  title: 'State of a write',
  description: 'State of a write by its writeId: after status queued, or after outcome_unknown.',
  toolset: 'core',
  access: 'read',
  idempotent: true,
  local: true,
  input: z.strictObject({ writeId }),
  output: z.strictObject({
    writeId: z.string(),
    tool: z.string(),
    state: z
      .enum(['running', 'applied', 'unknown', 'queued', 'failed', 'set_aside', 'expired', 'cancelled'])
      .describe('failed, set_aside, expired, cancelled: surely not applied; unknown: not known yet, or never'),
    spreadsheet: z.string().optional(),
    position: z.number().int().optional(),
    answer: z.record(z.string(), z.unknown()).optional().describe('What the write would have answered'),
    error: z.strictObject({ code: z.string(), message: z.string(), hint: z.string() }).optional(),
  }),
  example: { writeId: 'k3Xw0bTq8ZrV1nYsH2dLpA' },
  run: async ({ writeId }, { writes }) => {
    const write = writes.get(writeId);
    if (!write) throw noSuchWrite(writeId);
    const { id, tool, state, spreadsheet, position, answer, settling } = write;
    const error = state === 'unknown' && !settling ? FOR_GOOD : write.error;
    return {
      writeId: id,
      tool,
      state,
      ...(spreadsheet !== null && { spreadsheet }),
      ...(position > 0 && { position }),
      ...(state === 'applied' && answer && { answer }),
      ...(error && state !== 'applied' && { error }),
    };
  },
});
