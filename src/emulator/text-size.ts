// How many pixels the text of cells takes: an estimate from Arial's widths, for automatic sizes. Alters nothing.

import { COLUMN_PIXELS, ROW_PIXELS } from './defaults.ts';
import { shownText } from './render.ts';
import { propertiesBetween, runsOf } from './runs.ts';
import { hasValue, type Sheet } from './workbook.ts';

/** Thousandths of the font size by letter (Adobe's metrics of Helvetica, which Arial shares). */
const WIDTHS: readonly (readonly [letters: string, width: number])[] = [
  ["'", 191],
  ['ijl', 222],
  ['|', 260],
  [' !,./:;I[\\]ft', 278],
  ['()-`r{}', 333],
  ['"', 355],
  ['*', 389],
  ['^', 469],
  ['Jcksvxyz', 500],
  ['+<=>~', 584],
  ['FTZ', 611],
  ['&ABEKPSVXY', 667],
  ['CDHNRUw', 722],
  ['GOQ', 778],
  ['Mm', 833],
  ['%', 889],
  ['W', 944],
  ['@', 1015],
];
const USUAL_WIDTH = 556;
const WIDE_WIDTH = 1000;
/** From here on scripts have letters as wide as they are high. */
const FIRST_WIDE = 0x1100;
const BOLD = 1.06;
/** So that 1,024 times A in 10 points is 8,691 pixels wide, as recorded. */
const PIXELS_PER_POINT = 1.27;
const PADDING_PIXELS = 17;
const LINE_HEIGHT = 1.6;
const ROW_PADDING_PIXELS = 5;

const widthOf = new Map(WIDTHS.flatMap(([letters, width]) => [...letters].map((letter) => [letter, width] as const)));

interface Look {
  readonly lines: readonly string[];
  readonly fontSize: number;
  readonly bold: boolean;
  readonly wraps: boolean;
}

function lookOf(sheet: Sheet, row: number, column: number): Look {
  const { formats, properties } = sheet.book;
  const format = formats.get(sheet.rows[row]?.[column]?.format ?? 0) ?? {};
  return {
    lines: shownText(sheet, row, column).split('\n'),
    fontSize: format.textFormat?.fontSize ?? properties.defaultFormat?.textFormat?.fontSize ?? 10,
    bold: format.textFormat?.bold ?? false,
    wraps: (format.wrapStrategy ?? properties.defaultFormat?.wrapStrategy) === 'WRAP',
  };
}

function linePixels(line: string, { fontSize, bold }: Look): number {
  let thousandths = 0;
  for (const letter of line) {
    const wide = (letter.codePointAt(0) ?? 0) >= FIRST_WIDE;
    thousandths += widthOf.get(letter) ?? (wide ? WIDE_WIDTH : USUAL_WIDTH);
  }
  return (thousandths / 1000) * fontSize * PIXELS_PER_POINT * (bold ? BOLD : 1);
}

/** Pixels that show the widest text of a column; undefined for a column without values. */
export function fittingWidth(sheet: Sheet, column: number): number | undefined {
  let widest: number | undefined;
  for (const [row, cells] of sheet.rows.entries()) {
    if (!hasValue(cells?.[column])) continue;
    const look = lookOf(sheet, row, column);
    for (const line of look.lines) widest = Math.max(widest ?? 0, linePixels(line, look));
  }
  return widest === undefined ? undefined : Math.round(widest + PADDING_PIXELS);
}

/** Pixels that show all lines of a row's texts, those that wrap at the width of their column. */
export function fittingHeight(sheet: Sheet, row: number): number {
  const cells = sheet.rows[row] ?? [];
  const widths = [...propertiesBetween(runsOf(sheet, 'COLUMNS'), 0, cells.length)];
  let highest = ROW_PIXELS;
  cells.forEach((one, column) => {
    if (!hasValue(one)) return;
    const look = lookOf(sheet, row, column);
    const room = Math.max((widths[column]?.pixelSize ?? COLUMN_PIXELS) - PADDING_PIXELS, 1);
    const lines = look.wraps
      ? look.lines.reduce((sum, line) => sum + Math.max(1, Math.ceil(linePixels(line, look) / room)), 0)
      : look.lines.length;
    highest = Math.max(highest, ROW_PADDING_PIXELS + Math.ceil(lines * look.fontSize * LINE_HEIGHT));
  });
  return highest;
}
