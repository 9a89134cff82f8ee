// Tables, charts, slicers and comments as Google prints them in a Sheet and a Spreadsheet. Alters nothing.

import { overlaps, printOn, rectOf } from './areas.ts';
import { pairColors } from './colors.ts';
import { isAnchored, printThread, threadsOf } from './comments.ts';
import { invalid } from './errors.ts';
import { below, type Mask } from './mask.ts';
import type { EmbeddedChart, EmbeddedObjectPosition, Slicer } from './messages/embedded.ts';
import type { BandedRange, Table } from './messages/features.ts';
import { printBandedRange } from './print-features.ts';
import { type Place, printGridRange } from './ranges.ts';
import type { Book, Sheet } from './workbook.ts';

/** What spreadsheets.get may be asked beside ranges and cells. */
export interface ShowOptions {
  /** The caller's mask, for what it may not name. */
  readonly mask?: Mask | undefined;
  readonly commentsViewMode?: string | undefined;
  readonly excludeTablesInBandedRanges?: boolean | undefined;
}

const HEADER = { red: 0.20784314, green: 0.40784314, blue: 0.32941177 };
const FIRST_BAND = { red: 1, green: 1, blue: 1 };
const SECOND_BAND = { red: 0.9647059, green: 0.972549, blue: 0.9764706 };

export function printTable(sheet: Sheet, table: Table): Table {
  return { ...table, range: printOn(sheet, table.range ?? {}) };
}

/** A table's colours as a banding; an id that is no number stands as a reference. */
function tableBanding(sheet: Sheet, { tableId = '', range = {}, rowsProperties = {} }: Table): BandedRange {
  const id = Number(tableId);
  const numbered = /^\d{1,10}$/.test(tableId) && id < 2 ** 31;
  return {
    ...(numbered ? { bandedRangeId: id } : { bandedRangeReference: tableId }),
    range: printOn(sheet, range),
    rowProperties: pairColors({
      headerColorStyle: { rgbColor: HEADER },
      firstBandColorStyle: { rgbColor: FIRST_BAND },
      secondBandColorStyle: { rgbColor: SECOND_BAND },
      ...rowsProperties,
    }),
  };
}

function withoutZeros<T extends object>(value: T): T {
  return Object.fromEntries(Object.entries(value).filter(([, part]) => part !== 0)) as T;
}

export function printPosition({ overlayPosition, sheetId }: EmbeddedObjectPosition): EmbeddedObjectPosition {
  if (!overlayPosition) return sheetId === undefined ? {} : { sheetId };
  const { anchorCell = {}, ...rest } = overlayPosition;
  return { overlayPosition: { anchorCell: withoutZeros(anchorCell), ...rest } };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A copy in which no range names the first sheet's id, 0. */
function withPrintedRanges<T>(value: T): T {
  const walk = (part: unknown): unknown => {
    if (Array.isArray(part)) return part.map(walk);
    if (!isObject(part)) return part;
    if ('startRowIndex' in part && 'sheetId' in part) return printGridRange(part);
    return Object.fromEntries(Object.entries(part).map(([name, each]) => [name, walk(each)]));
  };
  return walk(value) as T;
}

export function printChart({ position = {}, ...chart }: EmbeddedChart): EmbeddedChart {
  const { chartId, spec, ...rest } = withPrintedRanges(chart);
  return {
    ...(chartId !== undefined && { chartId }),
    ...(spec && { spec }),
    position: printPosition(position),
    ...rest,
  };
}

export function printSlicer({ position = {}, ...slicer }: Slicer): Slicer {
  return { ...withPrintedRanges(slicer), position: printPosition(position) };
}

/** True when comments are shown. Refuses a mask that names them when they are not asked for. */
function showsComments({ commentsViewMode = '', mask }: ShowOptions): boolean {
  const shown = /_(INCLUDED|DEFAULT_FOR_CURRENT_ACCESS)$/.test(commentsViewMode);
  const names = (fields: Mask | undefined, name: string) => fields instanceof Map && fields.has(name);
  if (!shown && (names(mask, 'comments') || names(mask && below(mask, 'sheets'), 'commentAnchors'))) {
    throw invalid('Field mask may not contain comment-specific fields if comments are not requested');
  }
  return shown;
}

/** Where the threads of a sheet are; one whose cell is gone has an empty range. */
function printAnchors(sheet: Sheet): object {
  const anchored = threadsOf(sheet.book).filter((one) => one.sheet === sheet && one.range);
  if (anchored.length === 0) return {};
  return {
    commentAnchors: anchored.map(({ thread, range }) => ({
      anchorId: thread.anchorId,
      range: withoutZeros(range ?? {}),
    })),
  };
}

/** Tables, charts, slicers and anchors of a sheet; tables stand among its banded ranges too, unless they are excluded. */
export function printObjects(sheet: Sheet, options: ShowOptions): object {
  const { tables = [], charts = [], slicers = [], bandedRanges = [] } = sheet.parts;
  const shown = options.excludeTablesInBandedRanges ? [] : tables.map((table) => tableBanding(sheet, table));
  const bands = [...bandedRanges.map((banding) => printBandedRange(sheet, banding)), ...shown];
  return {
    ...(bands.length > 0 && { bandedRanges: bands }),
    ...(charts.length > 0 && { charts: charts.map(printChart) }),
    ...(slicers.length > 0 && { slicers: slicers.map(printSlicer) }),
    ...(tables.length > 0 && { tables: tables.map((table) => printTable(sheet, table)) }),
    ...(showsComments(options) && printAnchors(sheet)),
  };
}

/**
 * The threads of a workbook, if they are asked for. With places only threads that are anchored in them; one whose cell
 * is gone is in none.
 */
export function printComments(book: Book, places: readonly Place[], options: ShowOptions): object {
  if (!showsComments(options)) return {};
  const threads = threadsOf(book).filter(({ sheet, range = {} }) => {
    if (places.length === 0) return true;
    const rect = rectOf(sheet, range);
    return isAnchored(range) && places.some((place) => place.sheet === sheet && overlaps(place.rect, rect));
  });
  return {
    ...(threads.length > 0 && { comments: threads.map(({ thread }) => printThread(thread)) }),
    commentsViewMode: 'COMMENTS_VIEW_MODE_INCLUDED',
  };
}
