// What a spreadsheet consists of, and the resolution of the names that callers write. Reads no cells.

import type { z } from 'zod';
import type { Area } from '../call.ts';
import { invalid, ServalError } from '../errors.ts';
import { listed, nearest, shown } from '../words.ts';
import { formatA1, type Grid, parseA1, parseGrid } from './a1.ts';
import type { Method } from './calls.ts';
import { decode, type GridRange, spreadsheetReply } from './decode.ts';

/** One Google call made for one caller: the parameters are those of the generated client. */
export type Google = (
  method: Method,
  scope: string | null,
  params: Readonly<Record<string, unknown>>,
  options?: CallOptions,
) => Promise<unknown>;

export interface CallOptions {
  /** Read on behalf of a write: as it is now. */
  readonly live?: boolean;
  /** Of a write: what its caller is told should the reply be lost. */
  readonly answer?: object;
  /** The cells that a write touches, where its requests do not tell. */
  readonly areas?: readonly Area[];
}

type Reply = z.output<typeof spreadsheetReply>;

export interface Sheet {
  readonly sheetId: number;
  readonly title: string;
  /** Size of the grid; 0 where only names were read. */
  readonly rows: number;
  readonly columns: number;
  readonly reply: Reply['sheets'][number];
}

export interface Spreadsheet {
  readonly id: string;
  readonly title: string;
  readonly url: string;
  readonly locale: string;
  readonly timeZone: string;
  /** In the order of the tabs. */
  readonly sheets: readonly Sheet[];
  readonly namedRanges: Reply['namedRanges'];
}

/** A reference that was found in a spreadsheet. */
export interface Resolved {
  readonly sheet: Sheet;
  readonly grid: Grid;
  /** Unambiguous for Google: the title quoted always. */
  readonly a1: string;
}

const NAMES =
  'spreadsheetId,spreadsheetUrl,properties(title,locale,timeZone),namedRanges,' +
  'sheets(properties(sheetId,title,index,sheetType,hidden),tables(tableId,name,range,columnProperties)';
/** What changes with the cells: sizes; and what only a description shows. */
const OBJECTS =
  ',properties(gridProperties,tabColorStyle),protectedRanges,charts(chartId,position.overlayPosition.anchorCell,' +
  'spec(title,basicChart.chartType,pieChart.domain,histogramChart.series.data,waterfallChart.domain,' +
  'scorecardChart.keyValueData,bubbleChart.domain,candlestickChart.domain,orgChart.labels,treemapChart.labels)),' +
  'basicFilter(range,filterSpecs),filterViews(filterViewId,title,range,filterSpecs)';

/** One call; `objects` adds sizes, protected ranges, charts and filters. Without it only names are known. */
export async function readSpreadsheet(google: Google, id: string, objects = false, live = false): Promise<Spreadsheet> {
  const params = { spreadsheetId: id, fields: `${NAMES}${objects ? OBJECTS : ''})` };
  const reply = decode(spreadsheetReply, await google('spreadsheets.get', id, params, { live }), 'spreadsheets.get');
  return fromReply(reply);
}

/** Of any reply that holds a Spreadsheet with its properties and sheets. */
export function fromReply(reply: Reply): Spreadsheet {
  return {
    id: reply.spreadsheetId,
    title: reply.properties.title,
    url: reply.spreadsheetUrl ?? `https://docs.google.com/spreadsheets/d/${reply.spreadsheetId}/edit`,
    locale: reply.properties.locale,
    timeZone: reply.properties.timeZone,
    namedRanges: reply.namedRanges,
    sheets: reply.sheets
      .toSorted((a, b) => a.properties.index - b.properties.index)
      .map((one) => ({
        sheetId: one.properties.sheetId,
        title: one.properties.title,
        rows: one.properties.gridProperties.rowCount,
        columns: one.properties.gridProperties.columnCount,
        reply: one,
      })),
  };
}

/** The id in an id or a URL of a spreadsheet. */
export function parseSpreadsheetId(text: string): string {
  const id = /\/spreadsheets\/(?:u\/\d+\/)?d\/([\w-]+)/.exec(text)?.[1] ?? text.trim();
  if (/^[\w-]{10,}$/.test(id)) return id;
  throw invalid(
    `${shown(text)} is neither the id nor the URL of a spreadsheet.`,
    'The id is the long part of the URL between /d/ and /edit; search_spreadsheets finds ids by name.',
  );
}

/** The sheet of that title, else of that id. */
export function findSheet(spreadsheet: Spreadsheet, sheet: string | number): Sheet {
  const found =
    byTitle(spreadsheet, String(sheet)) ?? spreadsheet.sheets.find((one) => String(one.sheetId) === String(sheet));
  if (found) return found;
  throw unknownName(`sheet ${shown(sheet)}`, String(sheet), spreadsheet, []);
}

/**
 * The cells that a text names: `Sheet!A1:B2`, `A1:B2` (on the first sheet), a sheet's title, a named range, a table,
 * `Table[Column]`. A title wins over cells of the same spelling, so that a tab named `Q1` can be read.
 */
export function resolveRange(spreadsheet: Spreadsheet, text: string): Resolved {
  const trimmed = text.trim();
  const titled = byTitle(spreadsheet, text) ?? byTitle(spreadsheet, trimmed);
  if (titled) return resolved(titled, {});
  const parsed = parseA1(text);
  const own = parsed?.sheet === undefined ? undefined : byTitle(spreadsheet, parsed.sheet);
  // A title that begins or ends with a blank or a quote, given as it stands: the reading of A1 takes those off.
  const mark = text.lastIndexOf('!');
  const verbatim = mark < 0 || (own && trimmed.startsWith("'")) ? undefined : byTitle(spreadsheet, text.slice(0, mark));
  const grid = verbatim && parseGrid(text.slice(mark + 1));
  if (verbatim && grid) return resolved(verbatim, grid);
  if (!parsed) throw notARange(text, spreadsheet);
  if (parsed.sheet !== undefined && !/!|^'/.test(trimmed)) return resolveName(spreadsheet, trimmed);
  const sheet = parsed.sheet === undefined ? spreadsheet.sheets[0] : (own ?? findSheet(spreadsheet, parsed.sheet));
  if (!sheet) throw new ServalError('not_found', 'The spreadsheet has no sheets.');
  return resolved(sheet, parsed.grid);
}

function byTitle(spreadsheet: Spreadsheet, title: string): Sheet | undefined {
  return spreadsheet.sheets.find((sheet) => sheet.title === title);
}

/** Cells gone wrong, such as `A1:`, `A0`, `A1 : B2`; and `AAAA1`, beyond the last column. */
const LIKE_CELLS = /^(?=.*[A-Za-z\d])\$?[A-Za-z]{0,4}\$?\d*\s*:\s*\$?[A-Za-z]{0,4}\$?\d*$|^\$?[A-Z]{1,4}\$?\d+$/;

function notARange(text: string, spreadsheet: Spreadsheet): ServalError {
  return invalid(
    `${shown(text)} is not a range.`,
    "Write A1:C10, Sheet!A1:C10, 'My sheet'!B:D, a sheet's title, a named range, or Table[Column]; " +
      `columns go from A to ZZZ, rows from 1. Sheets: ${listed(spreadsheet.sheets.map((sheet) => sheet.title))}.`,
  );
}

function resolveName(spreadsheet: Spreadsheet, name: string): Resolved {
  const same = (other: string) => other.toLowerCase() === name.toLowerCase();
  const named = spreadsheet.namedRanges.find((one) => same(one.name));
  if (named) return fromGridRange(spreadsheet, named.range);
  const [, tableName, columnName] = /^(.*?)(?:\[(.+)\])?$/s.exec(name) ?? [];
  for (const { reply } of spreadsheet.sheets) {
    const table = reply.tables.find((one) => one.name.toLowerCase() === tableName?.toLowerCase());
    if (!table) continue;
    if (columnName === undefined) return fromGridRange(spreadsheet, table.range);
    const column = table.columnProperties.find((one) => one.columnName === columnName);
    if (!column) {
      throw new ServalError('not_found', `Table ${table.name} has no column ${shown(columnName)}.`, {
        hint: `Its columns: ${listed(table.columnProperties.map((one) => one.columnName))}.`,
      });
    }
    const index = (table.range.startColumnIndex ?? 0) + column.columnIndex;
    // As in Sheets' own structured references, a column is its data: the header cell is not part of it.
    const startRowIndex = (table.range.startRowIndex ?? 0) + 1;
    return fromGridRange(spreadsheet, {
      ...table.range,
      startRowIndex,
      startColumnIndex: index,
      endColumnIndex: index + 1,
    });
  }
  if (LIKE_CELLS.test(name)) throw notARange(name, spreadsheet);
  const names = [
    ...spreadsheet.namedRanges.map((one) => one.name),
    ...spreadsheet.sheets.flatMap((sheet) => sheet.reply.tables.map((one) => one.name)),
  ];
  throw unknownName(`sheet, named range or table ${shown(name)}`, name, spreadsheet, names);
}

function fromGridRange(spreadsheet: Spreadsheet, range: GridRange): Resolved {
  const sheet = spreadsheet.sheets.find((one) => one.sheetId === range.sheetId);
  if (!sheet) throw new ServalError('not_found', `The range is on a sheet that is gone (id ${range.sheetId}).`);
  return resolved(sheet, gridOf(range));
}

/** The cells of an API GridRange. */
export function gridOf(range: GridRange): Grid {
  return {
    ...(range.startRowIndex !== undefined && { startRow: range.startRowIndex }),
    ...(range.endRowIndex !== undefined && { endRow: range.endRowIndex }),
    ...(range.startColumnIndex !== undefined && { startColumn: range.startColumnIndex }),
    ...(range.endColumnIndex !== undefined && { endColumn: range.endColumnIndex }),
  };
}

function resolved(sheet: Sheet, grid: Grid): Resolved {
  return { sheet, grid, a1: formatA1(sheet.title, grid) };
}

/** `not_found` with the nearest name and all there are. */
export function unknownName(what: string, name: string, spreadsheet: Spreadsheet, others: string[]): ServalError {
  const titles = spreadsheet.sheets.map((sheet) => sheet.title);
  const meant = nearest(name, [...titles, ...others]);
  return new ServalError('not_found', `There is no ${what}.`, {
    hint:
      (meant === undefined ? '' : `Did you mean ${shown(meant)}? `) +
      `Sheets: ${listed(titles)}.${others.length > 0 ? ` Named ranges and tables: ${listed(others)}.` : ''}`,
  });
}
