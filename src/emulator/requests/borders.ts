// Borders of cells: how one is kept in a format, and the request that draws them. A border between two cells is kept
// in both.

import { requiredPlace } from '../areas.ts';
import { pairColors, type Theme, themeOf } from '../colors.ts';
import { invalid } from '../errors.ts';
import type { Border, CellFormat } from '../messages/format.ts';
import type { Payload } from '../messages/requests.ts';
import type { Rect } from '../ranges.ts';
import { type Book, type Cell, cell, type Row } from '../workbook.ts';
import { trimmed } from '../write.ts';
import type { Handler } from './context.ts';

const SIDES = ['top', 'bottom', 'left', 'right'] as const;
type Side = (typeof SIDES)[number];
/** What to do to the sides of one cell; a border of style NONE takes the side away. */
type Edits = { readonly [S in Side]?: Border };

/** Pixels; Google derives the width from the style. */
const WIDTHS: Readonly<Record<string, number>> = {
  DOTTED: 1,
  DASHED: 1,
  SOLID: 1,
  SOLID_MEDIUM: 2,
  SOLID_THICK: 3,
  DOUBLE: 3,
};

/** A border with its width and both spellings of its colour, black unless given; undefined for none. */
function tidyBorder(border: Border, theme?: Theme): Border | undefined {
  const width = WIDTHS[border.style ?? ''];
  if (border.style === undefined || width === undefined) return undefined;
  const { color = {}, colorStyle = { rgbColor: color } } = pairColors(border, theme);
  return { style: border.style, width, color, colorStyle };
}

/** A format whose borders are as Google keeps them: none without a style, none of style NONE. */
export function tidyFormat(format: CellFormat): CellFormat {
  if (!format.borders) return format;
  const { borders, ...rest } = format;
  const kept = SIDES.flatMap((side) => {
    const border = borders[side] && tidyBorder(borders[side]);
    return border ? [[side, border] as const] : [];
  });
  return kept.length > 0 ? { ...rest, borders: Object.fromEntries(kept) } : rest;
}

/** Where an index lies: before the area, after it, or in it, at an edge or not. */
type Zone = 'before' | 'after' | 'only' | 'first' | 'last' | 'middle';

function zoneOf(index: number, start: number, end: number): Zone {
  if (index < start) return 'before';
  if (index >= end) return 'after';
  if (end - start === 1) return 'only';
  if (index === start) return 'first';
  return index === end - 1 ? 'last' : 'middle';
}

const isInside = (zone: Zone) => zone !== 'before' && zone !== 'after';

type Pair = readonly [Border | undefined, Border | undefined];

/** The borders on both sides of an index along one axis; outside of the area only the one it shares with it. */
function along(zone: Zone, outer: Pair, inner: Border | undefined): Pair {
  if (zone === 'before') return [undefined, outer[0]];
  if (zone === 'after') return [outer[1], undefined];
  const isFirst = zone === 'first' || zone === 'only';
  const isLast = zone === 'last' || zone === 'only';
  return [isFirst ? outer[0] : inner, isLast ? outer[1] : inner];
}

function editsOf(asked: Payload<'updateBorders'>, row: Zone, column: Zone): Edits | undefined {
  if (!isInside(row) && !isInside(column)) return undefined;
  const [top, bottom] = isInside(column) ? along(row, [asked.top, asked.bottom], asked.innerHorizontal) : [];
  const [left, right] = isInside(row) ? along(column, [asked.left, asked.right], asked.innerVertical) : [];
  if (!top && !bottom && !left && !right) return undefined;
  return { ...(top && { top }), ...(bottom && { bottom }), ...(left && { left }), ...(right && { right }) };
}

/** A function that gives a format with the edits done; each pair of format and edits is worked out once. */
function painter(book: Book): (format: number, edits: Edits) => number {
  const known = new Map<Edits, Map<number, number>>();
  return (format, edits) => {
    let byFormat = known.get(edits);
    if (!byFormat) known.set(edits, (byFormat = new Map()));
    const done = byFormat.get(format);
    if (done !== undefined) return done;
    const present = book.formats.get(format) ?? {};
    const id = book.formats.idOf(tidyFormat({ ...present, borders: { ...present.borders, ...edits } }));
    byFormat.set(format, id);
    return id;
  };
}

interface Touched {
  readonly column: number;
  readonly edits: Edits;
}

/** The columns in which a row of that zone changes. */
function touchedColumns(asked: Payload<'updateBorders'>, row: Zone, rect: Rect, columnCount: number): Touched[] {
  const byZone = new Map<Zone, Edits | undefined>();
  const touched: Touched[] = [];
  for (let c = Math.max(rect.startColumn - 1, 0); c < Math.min(rect.endColumn + 1, columnCount); c++) {
    const zone = zoneOf(c, rect.startColumn, rect.endColumn);
    if (!byZone.has(zone)) byZone.set(zone, editsOf(asked, row, zone));
    const edits = byZone.get(zone);
    if (edits) touched.push({ column: c, edits });
  }
  return touched;
}

export const updateBorders: Handler<'updateBorders'> = ({ book, change }, payload) => {
  const { sheet, rect } = requiredPlace(book, payload.range);
  const given = Object.entries(payload).filter(([name]) => name !== 'range') as [string, Border][];
  for (const [name, { style }] of given) {
    if (style === undefined || style === 'STYLE_UNSPECIFIED') throw invalid(`The style of ${name} must be specified.`);
  }
  const theme = themeOf(book.properties);
  const asked: Payload<'updateBorders'> = Object.fromEntries(
    given.map(([name, border]) => [name, tidyBorder(border, theme) ?? { style: 'NONE' }]),
  );
  const { rowCount, columnCount } = sheet.properties.gridProperties;
  const paint = painter(book);
  const columns = new Map<Zone, Touched[]>();
  // Rows that were empty share one object, so that drawing on a whole grid costs no memory.
  const blanks = new Map<Zone, Row | undefined>();
  const painted = (present: Row | undefined, touched: readonly Touched[]) => {
    const row: (Cell | undefined)[] = present?.slice() ?? [];
    for (const { column, edits } of touched) {
      const one = row[column];
      const next = cell(one?.value, one?.formula, paint(one?.format ?? 0, edits), one?.extra);
      if (one || next) row[column] = next;
    }
    return trimmed(row);
  };
  for (let r = Math.max(rect.startRow - 1, 0); r < Math.min(rect.endRow + 1, rowCount); r++) {
    const zone = zoneOf(r, rect.startRow, rect.endRow);
    let touched = columns.get(zone);
    if (!touched) columns.set(zone, (touched = touchedColumns(asked, zone, rect, columnCount)));
    if (touched.length === 0) continue;
    const present = sheet.rows[r];
    if (!present && !blanks.has(zone)) blanks.set(zone, painted(undefined, touched));
    change.setRow(sheet, r, present ? painted(present, touched) : blanks.get(zone));
  }
  return undefined;
};
