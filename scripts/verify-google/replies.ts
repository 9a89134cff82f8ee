// Shapes of Google's replies, as far as the checks look at them and src/sheets/decode.ts does not.

import { z } from 'zod';

const range = z.object({ endRowIndex: z.number().optional() });
/** Every field of a cell is kept: which there are is what is looked at. */
const cell = z.looseObject({ userEnteredValue: z.looseObject({ stringValue: z.string().optional() }).optional() });
const block = z.object({
  startRow: z.number().default(0),
  startColumn: z.number().default(0),
  rowData: z.array(z.object({ values: z.array(cell).default([]) })).default([]),
});

/** A batch's reply with the spreadsheet after it. */
export const shownReply = z.object({
  updatedSpreadsheet: z.object({
    sheets: z
      .array(
        z.object({
          data: z.array(block).default([]),
          tables: z.array(z.object({ tableId: z.string(), range })).default([]),
        }),
      )
      .default([]),
  }),
});

const styled = z.looseObject({
  userEnteredValue: z.unknown().optional(),
  note: z.string().optional(),
  userEnteredFormat: z
    .looseObject({ numberFormat: z.object({ type: z.string() }).optional(), textFormat: z.unknown().optional() })
    .optional(),
});

/** Cells with everything that was entered. */
export const formatReply = z.object({
  sheets: z
    .array(
      z.object({
        data: z
          .array(z.object({ rowData: z.array(z.object({ values: z.array(styled).default([]) })).default([]) }))
          .default([]),
      }),
    )
    .default([]),
});

/** A batch's replies, request by request. */
export const repliesReply = z.object({ replies: z.array(z.record(z.string(), z.unknown())) });
