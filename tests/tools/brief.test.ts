// What tools/list shows of a schema: its reader pays for every character, and must still call the tool right.

import { expect, test } from 'vitest';
import { z } from 'zod';
import { briefSchema } from '../../src/tools/brief.ts';

const inner = z.strictObject({ bold: z.boolean().optional(), color: z.string().min(7) });
const briefOf = (shape: z.ZodRawShape) =>
  briefSchema(z.toJSONSchema(z.strictObject(shape), { io: 'input' })).properties;

test('a nested object that has a description is shown by it alone', () => {
  expect(briefOf({ text: inner.describe('bold, color') })).toEqual({
    text: { type: 'object', description: 'bold, color' },
  });
  expect(briefOf({ text: inner.nullable().describe('bold, color') })).toEqual({
    text: { type: ['object', 'null'], description: 'bold, color' },
  });
  expect(briefOf({ text: z.union([z.string(), inner, z.null()]).describe('bold, color') })).toEqual({
    text: { type: ['string', 'object', 'null'], description: 'bold, color' },
  });
});

test('one that has none keeps its fields, and so do the items of a list that has one', () => {
  const shown = {
    type: 'object',
    properties: { bold: { type: 'boolean' }, color: { type: 'string' } },
    required: ['color'],
  };
  expect(briefOf({ text: inner })).toEqual({ text: shown });
  expect(briefOf({ texts: z.array(inner).describe('some') })).toEqual({
    texts: { type: 'array', items: shown, description: 'some' },
  });
});

test('names that may be null are one list', () => {
  expect(briefOf({ wrap: z.enum(['clip', 'wrap']).nullable() })).toEqual({ wrap: { enum: ['clip', 'wrap', null] } });
});
