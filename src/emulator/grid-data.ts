// Reading: a rectangle of a sheet as GridData, cell by cell what the field mask asks for. Alters nothing.

import { COLUMN_PIXELS, ROW_PIXELS } from './defaults.ts';
import { type Effective, effectiveAt } from './evaluate.ts';
import { below, type Mask, pick } from './mask.ts';
import type { CellData } from './messages/cells.ts';
import type { CellFormat, NumberFormat } from './messages/format.ts';
import type { ExtendedValue } from './messages/pivot.ts';
import { metadataOfDimension } from './metadata.ts';
import { type Paint, type Painter, painterOf } from './painting.ts';
import { printPivot } from './pivot/check.ts';
import type { Rect } from './ranges.ts';
import { lastColumn, lastRow, shownText } from './render.ts';
import { propertiesBetween, runsOf } from './runs.ts';
import type { Book, Cell, Sheet } from './workbook.ts';

function extended(value: Effective): ExtendedValue | undefined {
  if (value === undefined) return undefined;
  if (typeof value === 'number') return { numberValue: value };
  if (typeof value === 'string') return { stringValue: value };
  return typeof value === 'boolean' ? { boolValue: value } : { errorValue: value };
}

function alignment(value: Effective): 'LEFT' | 'RIGHT' | 'CENTER' {
  if (typeof value === 'number') return 'RIGHT';
  return typeof value === 'string' || value === undefined ? 'LEFT' : 'CENTER';
}

/** What a cell's format is made of beside its own. */
interface Surface {
  readonly value: Effective;
  readonly shown: NumberFormat | undefined;
  readonly paint: Paint | undefined;
  readonly linked: boolean;
}

type EffectiveFormats = (cell: Cell | undefined, surface: Surface) => CellFormat;

/**
 * The default format of the spreadsheet and alternating colours under the cell's own, conditional formats above it;
 * objects are shared between cells of one call.
 */
function effectiveFormats(book: Book): EffectiveFormats {
  const made = new Map<string, CellFormat>();
  const base = book.properties.defaultFormat ?? {};
  return (cell, { value, shown, paint, linked }) => {
    const side = alignment(value);
    const type = `${value === undefined ? '' : side}${shown?.type ?? ''}${linked}`;
    const key = `${cell?.format ?? 0}${type}${paint?.key ?? ''}`;
    const known = made.get(key);
    if (known) return known;
    const own = book.formats.get(cell?.format ?? 0) ?? {};
    const format: CellFormat = {
      ...base,
      ...(shown && { numberFormat: shown }),
      ...(value !== undefined && { horizontalAlignment: side }),
      hyperlinkDisplayType: linked ? 'LINKED' : 'PLAIN_TEXT',
      ...paint?.beneath,
      ...own,
      ...paint?.above,
      textFormat: { ...base.textFormat, fontFamily: 'Arial', ...own.textFormat, ...paint?.above?.textFormat },
    };
    made.set(key, format);
    return format;
  };
}

/** The one address that a cell's format or the runs of its text point to. */
function linkOf(cell: Cell | undefined, own: CellFormat | undefined): string | undefined {
  if (own?.textFormat?.link?.uri) return own.textFormat.link.uri;
  const uris = new Set((cell?.extra?.textFormatRuns ?? []).flatMap(({ format }) => format?.link?.uri ?? []));
  return uris.size === 1 ? [...uris][0] : undefined;
}

/** CellData of one place, only the top-level fields that `wants` accepts. */
function cellData(
  sheet: Sheet,
  row: number,
  column: number,
  wants: (field: keyof CellData) => boolean,
  effectiveFormat: EffectiveFormats,
  paint: Painter | undefined,
): CellData {
  const { book } = sheet;
  const cell = sheet.rows[row]?.[column];
  const value = effectiveAt(sheet, row, column);
  const out: CellData = {};
  const entered = cell?.formula === undefined ? extended(cell?.value) : { formulaValue: cell.formula };
  if (entered && wants('userEnteredValue')) out.userEnteredValue = entered;
  if (value !== undefined) {
    if (wants('effectiveValue')) out.effectiveValue = extended(value) ?? {};
    if (wants('formattedValue')) out.formattedValue = shownText(sheet, row, column);
  }
  const own = book.formats.get(cell?.format ?? 0);
  if (own && wants('userEnteredFormat')) out.userEnteredFormat = own;
  const shows = book.calc.shown(sheet);
  const isAsked = wants('hyperlink') || wants('effectiveFormat');
  const link = isAsked ? (shows.linkAt(row, column) ?? linkOf(cell, own)) : undefined;
  if (wants('effectiveFormat')) {
    const shown = shows.formatAt(row, column);
    const surface = { value, shown, paint: paint?.(row, column), linked: link !== undefined };
    out.effectiveFormat = effectiveFormat(cell, surface);
  }
  if (link !== undefined && wants('hyperlink')) out.hyperlink = link;
  const { pivotTable, ...extra } = cell?.extra ?? {};
  if (pivotTable && wants('pivotTable')) out.pivotTable = printPivot(pivotTable);
  for (const [name, part] of Object.entries(extra)) {
    if (wants(name as keyof CellData)) Object.assign(out, { [name]: part });
  }
  return out;
}

function rowData(sheet: Sheet, rect: Rect, mask: Mask): object[] {
  const wants = (field: keyof CellData) => below(mask, field) !== undefined;
  const whole = mask === true || [...mask.values()].every((part) => part === true);
  const formats = effectiveFormats(sheet.book);
  const paint = wants('effectiveFormat') ? painterOf(sheet) : undefined;
  const data: object[] = [];
  let filled = 0;
  const end = lastRow(sheet, rect);
  for (let r = rect.startRow; r < end; r++) {
    const values: unknown[] = [];
    const last = lastColumn(sheet, rect, r);
    for (let c = rect.startColumn; c < last; c++) {
      if (!sheet.rows[r]?.[c] && effectiveAt(sheet, r, c) === undefined) continue;
      while (values.length < c - rect.startColumn) values.push({});
      const data = cellData(sheet, r, c, wants, formats, paint);
      values.push(whole ? data : pick(mask, data));
    }
    data.push(values.length > 0 ? { values } : {});
    if (values.length > 0) filled = data.length;
  }
  data.length = filled;
  return data;
}

function dimension(sheet: Sheet, name: 'ROWS' | 'COLUMNS', from: number, to: number, pixelSize: number): object[] {
  const marked = metadataOfDimension(sheet, name);
  return Array.from(propertiesBetween(runsOf(sheet, name), from, to), (properties, offset) => {
    const developerMetadata = marked.get(from + offset);
    return { pixelSize, ...properties, ...(developerMetadata && { developerMetadata }) };
  });
}

/** One GridData; starts of 0 are left out, rows after the last one with content too. */
export function gridData(sheet: Sheet, rect: Rect, mask: Mask): object {
  const cells = below(mask, 'rowData', 'values');
  const rows = below(mask, 'rowData') !== undefined ? rowData(sheet, rect, cells ?? new Map()) : [];
  const has = (name: string) => below(mask, name) !== undefined;
  return {
    ...(rect.startRow > 0 && has('startRow') && { startRow: rect.startRow }),
    ...(rect.startColumn > 0 && has('startColumn') && { startColumn: rect.startColumn }),
    ...(rows.length > 0 && { rowData: rows }),
    ...(has('rowMetadata') && { rowMetadata: dimension(sheet, 'ROWS', rect.startRow, rect.endRow, ROW_PIXELS) }),
    ...(has('columnMetadata') && {
      columnMetadata: dimension(sheet, 'COLUMNS', rect.startColumn, rect.endColumn, COLUMN_PIXELS),
    }),
  };
}
