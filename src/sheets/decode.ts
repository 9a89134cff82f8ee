// Shapes of Google's replies, as far as they are read. The one place where unknown JSON becomes typed.

import { z } from 'zod';
import { ServalError } from '../errors.ts';
import { apiColorStyle } from './colors.ts';

export const gridRange = z.object({
  sheetId: z.number().default(0),
  startRowIndex: z.number().optional(),
  endRowIndex: z.number().optional(),
  startColumnIndex: z.number().optional(),
  endColumnIndex: z.number().optional(),
});
export type GridRange = z.output<typeof gridRange>;

const table = z.object({
  tableId: z.string(),
  name: z.string(),
  range: gridRange,
  columnProperties: z
    .array(
      z.object({
        columnIndex: z.number().default(0),
        columnName: z.string().default(''),
        columnType: z.string().optional(),
        dataValidationRule: z
          .object({
            condition: z.looseObject({
              values: z.array(z.looseObject({ userEnteredValue: z.string().optional() })).default([]),
            }),
          })
          .optional(),
      }),
    )
    .default([]),
});
export type Table = z.output<typeof table>;

const protectedRange = z.object({
  protectedRangeId: z.number(),
  range: gridRange.optional(),
  description: z.string().optional(),
  warningOnly: z.boolean().default(false),
  editors: z.object({ users: z.array(z.string()).default([]) }).prefault({}),
  unprotectedRanges: z.array(gridRange).default([]),
});
export type ProtectedRange = z.output<typeof protectedRange>;

const gridCoordinate = z.object({
  sheetId: z.number().default(0),
  rowIndex: z.number().default(0),
  columnIndex: z.number().default(0),
});

/** Of its spec the title, and one part that is named after the kind of the chart. */
const chart = z.object({
  chartId: z.number(),
  spec: z
    .looseObject({
      title: z.string().optional(),
      basicChart: z.looseObject({ chartType: z.string().default('') }).optional(),
    })
    .prefault({}),
  position: z
    .object({ overlayPosition: z.object({ anchorCell: gridCoordinate.prefault({}) }).optional() })
    .prefault({}),
});
export type Chart = z.output<typeof chart>;

/** What a basic filter or a filter view lets through, by column. */
const filterSpec = z.object({
  columnIndex: z.number().default(0),
  filterCriteria: z
    .object({
      hiddenValues: z.array(z.string()).default([]),
      condition: z
        .object({
          type: z.string().default(''),
          values: z
            .array(z.object({ userEnteredValue: z.string().optional(), relativeDate: z.string().optional() }))
            .default([]),
        })
        .optional(),
    })
    .prefault({}),
});
export type FilterSpec = z.output<typeof filterSpec>;

const sheet = z.object({
  properties: z.object({
    sheetId: z.number().default(0),
    title: z.string(),
    index: z.number().default(0),
    sheetType: z.string().default('GRID'),
    hidden: z.boolean().default(false),
    tabColorStyle: apiColorStyle.optional(),
    gridProperties: z
      .object({
        rowCount: z.number().default(0),
        columnCount: z.number().default(0),
        frozenRowCount: z.number().default(0),
        frozenColumnCount: z.number().default(0),
        hideGridlines: z.boolean().default(false),
      })
      .prefault({}),
  }),
  tables: z.array(table).default([]),
  protectedRanges: z.array(protectedRange).default([]),
  charts: z.array(chart).default([]),
  basicFilter: z.object({ range: gridRange, filterSpecs: z.array(filterSpec).default([]) }).optional(),
  filterViews: z
    .array(
      z.object({
        filterViewId: z.number(),
        title: z.string().optional(),
        range: gridRange.optional(),
        filterSpecs: z.array(filterSpec).default([]),
      }),
    )
    .default([]),
});

export const spreadsheetReply = z.object({
  spreadsheetId: z.string(),
  spreadsheetUrl: z.string().optional(),
  properties: z.object({
    title: z.string().default(''),
    locale: z.string().default('en_US'),
    timeZone: z.string().default('Etc/GMT'),
  }),
  sheets: z.array(sheet).default([]),
  namedRanges: z.array(z.object({ namedRangeId: z.string(), name: z.string(), range: gridRange })).default([]),
});

const offsets = z.array(z.object({ sourceColumnOffset: z.number().default(0) })).default([]);
const pivotTable = z.object({
  source: gridRange.optional(),
  rows: offsets,
  columns: offsets,
  values: z
    .array(
      z.object({
        sourceColumnOffset: z.number().default(0),
        summarizeFunction: z.string().default(''),
        formula: z.string().optional(),
      }),
    )
    .default([]),
});
export type PivotTable = z.output<typeof pivotTable>;

const numberFormat = z.object({ type: z.string(), pattern: z.string().optional() });
const gridCell = z.object({
  userEnteredValue: z.record(z.string(), z.unknown()).optional(),
  effectiveValue: z.record(z.string(), z.unknown()).optional(),
  formattedValue: z.string().optional(),
  userEnteredFormat: z.object({ numberFormat: numberFormat.optional() }).optional(),
  effectiveFormat: z.object({ numberFormat: numberFormat.optional() }).optional(),
  pivotTable: pivotTable.optional(),
});
export type GridCell = z.output<typeof gridCell>;

const gridBlock = z.object({
  startRow: z.number().default(0),
  startColumn: z.number().default(0),
  rowData: z.array(z.object({ values: z.array(gridCell).default([]) })).default([]),
});
export type GridBlock = z.output<typeof gridBlock>;

/** `spreadsheets.get` or `updatedSpreadsheet` with grid data; blocks in the order of the ranges within each sheet. */
export const gridReply = z.object({
  sheets: z
    .array(
      z.object({
        properties: z
          .object({
            sheetId: z.number().default(0),
            title: z.string().optional(),
            gridProperties: z
              .object({ rowCount: z.number().default(0), columnCount: z.number().default(0) })
              .optional(),
          })
          .prefault({}),
        data: z.array(gridBlock).default([]),
        tables: z.array(z.object({ tableId: z.string(), range: gridRange })).default([]),
      }),
    )
    .default([]),
});

/** What every change of ours is answered: the replies of its requests, and the titles of the sheets after it. */
export const changedReply = z.object({
  replies: z.array(z.record(z.string(), z.unknown())).default([]),
  updatedSpreadsheet: z
    .object({
      sheets: z
        .array(
          z.object({
            properties: z.object({ sheetId: z.number().default(0), title: z.string().default('') }),
            data: z.array(gridBlock).default([]),
            tables: z.array(z.object({ tableId: z.string(), range: gridRange })).default([]),
          }),
        )
        .default([]),
    })
    .optional(),
  /** The answer was lost, and the spreadsheet is as it was read again later. */
  reread: z.boolean().default(false),
});

/** `reread`: the answer was lost, and the spreadsheet is as it was read again later. */
export const updatedReply = z.object({ updatedSpreadsheet: gridReply.optional(), reread: z.boolean().default(false) });
export const createdReply = spreadsheetReply;

export const fileReply = z.object({
  mimeType: z.string(),
  trashed: z.boolean().optional(),
  capabilities: z.object({ canAddChildren: z.boolean().optional() }).optional(),
});

export const filesReply = z.object({
  nextPageToken: z.string().optional(),
  incompleteSearch: z.boolean().optional(),
  files: z
    .array(
      z.object({
        id: z.string(),
        name: z.string(),
        modifiedTime: z.string().optional(),
        webViewLink: z.string().optional(),
        owners: z
          .array(z.object({ displayName: z.string().optional(), emailAddress: z.string().optional() }))
          .default([]),
      }),
    )
    .default([]),
});

/** A value as `values.batchGet` gives it; blanks inside a row are `''`, trailing ones are absent. */
export type Value = string | number | boolean;

/** Cells are not checked one by one: the shape is known, and a page may hold a million. */
export const valuesReply = z.object({
  valueRanges: z.array(z.object({ range: z.string(), values: z.custom<Value[][]>(Array.isArray).default([]) })),
});

/** `values.batchUpdate`: what the cells hold after it, where that was asked for. */
export const enteredReply = z.object({
  responses: z
    .array(z.object({ updatedData: z.object({ values: z.custom<Value[][]>(Array.isArray).default([]) }).optional() }))
    .default([]),
});

/** The decoded reply; one of an unexpected shape is a fault of the other side, named by its method. */
export function decode<T>(schema: z.ZodType<T>, reply: unknown, method: string, write = false): T {
  const result = schema.safeParse(reply);
  if (result.success) return result.data;
  if (write) throw notConfirmed(method);
  const where = result.error.issues[0];
  throw new ServalError(
    'unavailable',
    `Google's answer to ${method} has an unexpected shape at ${where?.path.join('.')}.`,
    {
      cause: result.error,
    },
  );
}

const confirmation = z.object({ spreadsheetId: z.string() });

/** A write counts as applied only when the reply is Google's: it names the spreadsheet that was written to. */
export function confirmWrite(reply: unknown, id: string, method: string): void {
  if (confirmation.safeParse(reply).data?.spreadsheetId !== id) throw notConfirmed(method);
}

function notConfirmed(method: string): ServalError {
  return new ServalError('outcome_unknown', `The answer to ${method} does not confirm the write.`, {
    outcome: 'unknown',
  });
}
