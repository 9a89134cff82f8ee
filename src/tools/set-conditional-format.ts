// Adds or replaces a rule for conditional formats.

import { z } from 'zod';
import { setConditionalFormat as set } from '../sheets/conditional.ts';
import { formatRule } from './format-input.ts';
import { defineTool, MAX_NAME, spreadsheet, status, warnings } from './tool.ts';

export const setConditionalFormat = defineTool({
  name: 'set_conditional_format',
  title: 'Set a conditional format',
  description:
    "Adds a rule behind the sheet's others, or replaces the one at index (see read_format). The first that holds wins.",
  toolset: 'format',
  access: 'write',
  idempotent: false,
  input: z.strictObject({
    spreadsheet,
    ranges: z.array(z.string().min(1).max(MAX_NAME)).min(1).max(100),
    rule: formatRule.describe(
      "type (Google's ConditionType in lower case: number_greater, text_contains, date_before, blank, " +
        'custom_formula), values (also dates, today, formulas), format: background, ' +
        'text { bold, italic, strikethrough, color }; or gradient: min, mid, max: ' +
        '{ color, type: number, percent, percentile; value }. Colours #rrggbb',
    ),
    index: z.number().int().min(0).max(10_000).optional(),
  }),
  output: z.strictObject({
    status,
    index: z.number().int().describe('Of the rule; it moves when rules before it come or go'),
    ranges: z.array(z.string()),
    warnings,
  }),
  example: {
    spreadsheet: '1mHIWnDvW9cALRMq9OdNfRwjAthCUFUOACPp0Lkyl7b4',
    ranges: ['Sheet1!C2:C'],
    rule: { type: 'number_greater', values: [100], format: { background: '#f4cccc', text: { bold: true } } },
  },
  run: ({ spreadsheet, ranges, rule, index }, { sheets }) =>
    sheets.on(spreadsheet, (desk) => set(desk, ranges, rule, index), ranges),
});
