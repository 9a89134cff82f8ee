// Reading how cells look and what they accept. Never cuts what it has read; how much is told is the tool's.

import { z } from 'zod';
import { ServalError } from '../errors.ts';
import { shown } from '../words.ts';
import { closeGrid, formatA1 } from './a1.ts';
import { apiRule } from './conditional.ts';
import { decode, gridRange } from './decode.ts';
import type { Desk } from './desk.ts';
import type { FormatCell } from './format-layers.ts';
import { type FormatReading, readingOf } from './format-report.ts';
import { readSpreadsheet, resolveRange } from './metadata.ts';

/** Cells that one read asks for: Google answers some 500 bytes for a cell with a format. */
const MAX_CELLS = 50_000;

const sizes = z.array(z.object({ pixelSize: z.number().optional() })).default([]);

/** `spreadsheets.get` for one range. */
export const formatReply = z.object({
  sheets: z.array(
    z.object({
      properties: z.object({
        sheetId: z.number().default(0),
        gridProperties: z.object({ rowCount: z.number().default(0), columnCount: z.number().default(0) }).prefault({}),
      }),
      merges: z.array(gridRange).default([]),
      conditionalFormats: z.array(apiRule.extend({ ranges: z.array(gridRange).default([]) })).default([]),
      bandedRanges: z.array(z.object({ range: gridRange.optional() })).default([]),
      data: z
        .array(
          z.object({
            rowData: z.array(z.object({ values: z.custom<FormatCell[]>(Array.isArray).default([]) })).default([]),
            rowMetadata: sizes,
            columnMetadata: sizes,
          }),
        )
        .default([]),
    }),
  ),
});

const FIELDS =
  'sheets(properties(sheetId,title,gridProperties),merges,conditionalFormats,bandedRanges.range,' +
  'data(rowData.values(userEnteredFormat,note,dataValidation,textFormatRuns.startIndex),' +
  'rowMetadata.pixelSize,columnMetadata.pixelSize))';

/** A range without bounds is closed by the size of its sheet; of a very large one only the first rows are read. */
export async function readFormat({ google, spreadsheet }: Desk, range: string): Promise<FormatReading> {
  const { sheet, grid } = resolveRange(spreadsheet, range);
  const open = grid.endRow === undefined || grid.endColumn === undefined;
  const sized = open ? (await readSpreadsheet(google, spreadsheet.id, true)).sheets : [];
  const asked = closeGrid(grid, sized.find(({ sheetId }) => sheetId === sheet.sheetId) ?? sheet);
  const most = Math.max(1, Math.floor(MAX_CELLS / Math.max(1, asked.endColumn - asked.startColumn)));
  const read = { ...asked, endRow: Math.min(asked.endRow, asked.startRow + most) };
  const params = { spreadsheetId: spreadsheet.id, ranges: [formatA1(sheet.title, read)], fields: FIELDS };
  const { sheets } = decode(formatReply, await google('spreadsheets.get', spreadsheet.id, params), 'spreadsheets.get');
  const own = sheets.find(({ properties }) => properties.sheetId === sheet.sheetId);
  // The title is that of another sheet by now: who holds these names reads them again.
  if (!own) throw new ServalError('not_found', `The sheet ${shown(sheet.title)} was renamed or replaced.`);
  const { rowCount, columnCount } = own.properties.gridProperties;
  const area = {
    ...read,
    endRow: Math.min(read.endRow, rowCount),
    endColumn: Math.min(read.endColumn, columnCount),
  };
  return readingOf({ title: sheet.title, locale: spreadsheet.locale, asked, area, sheet: own });
}
