// Sets what cells accept.

import { z } from 'zod';
import { setValidation as set } from '../sheets/validation.ts';
import { ranges, validationRule } from './format-input.ts';
import { defineTool, spreadsheet, status, warnings } from './tool.ts';

export const setValidation = defineTool({
  name: 'set_validation',
  title: 'Set validation',
  description: 'What cells accept; rule null: anything.',
  toolset: 'format',
  access: 'write',
  idempotent: true,
  input: z.strictObject({
    spreadsheet,
    range: ranges,
    rule: validationRule
      .nullable()
      .describe(
        "type (Google's ConditionType in lower case: one_of_list, one_of_range, boolean for a checkbox, " +
          'number_between, date_after, text_is_email, custom_formula); values (of one_of_range: ["Lists!A2:A"]); ' +
          'strict: false only warns; dropdown: false; help',
      ),
  }),
  output: z.strictObject({ status, ranges: z.array(z.string()), warnings }),
  example: {
    spreadsheet: '1mHIWnDvW9cALRMq9OdNfRwjAthCUFUOACPp0Lkyl7b4',
    range: 'Sheet1!D2:D',
    rule: { type: 'one_of_list', values: ['open', 'done'], help: 'open or done' },
  },
  run: ({ spreadsheet, range, rule }, { sheets }) =>
    sheets.on(spreadsheet, (desk) => set(desk, [range].flat(), rule), [range].flat()),
});
