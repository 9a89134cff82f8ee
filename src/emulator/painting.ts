// What alternating colours and conditional formats paint cells with, beneath and above their own format. Alters
// nothing.

import { covers, rectOf } from './areas.ts';
import { conditionHolds } from './condition-tests.ts';
import { isFormula } from './conditions.ts';
import { effectiveAt } from './evaluate.ts';
import { parseLiteral } from './literals.ts';
import type { Color } from './messages/base.ts';
import type { BandedRange, BandingProperties } from './messages/features.ts';
import type { CellFormat } from './messages/format.ts';
import type { ConditionalFormatRule, GradientRule, InterpolationPoint } from './messages/rules.ts';
import type { Rect } from './ranges.ts';
import { lastColumn, lastRow } from './render.ts';
import type { Sheet } from './workbook.ts';

export interface Paint {
  /** Equal paints have one key. */
  readonly key: string;
  readonly beneath: CellFormat | undefined;
  readonly above: CellFormat | undefined;
}

export type Painter = (row: number, column: number) => Paint | undefined;

/** Rank (header and footer, first band, second band) and name of the colour of an index in its band. */
function bandOf(bands: BandingProperties, index: number, size: number): readonly [number, string] {
  const hasHeader = bands.headerColor !== undefined;
  if (hasHeader && index === 0) return [0, 'headerColor'];
  if (bands.footerColor !== undefined && index === size - 1) return [0, 'footerColor'];
  return (index - (hasHeader ? 1 : 0)) % 2 === 0 ? [1, 'firstBandColor'] : [2, 'secondBandColor'];
}

/** Headers and footers come before bands, first bands before second ones, rows before columns. */
function bandFormat({ rowProperties, columnProperties }: BandedRange, rect: Rect, row: number, column: number) {
  const byRow = rowProperties && bandOf(rowProperties, row - rect.startRow, rect.endRow - rect.startRow);
  const byColumn =
    columnProperties && bandOf(columnProperties, column - rect.startColumn, rect.endColumn - rect.startColumn);
  const rows = byRow !== undefined && (byColumn === undefined || byRow[0] <= byColumn[0]);
  const bands: Readonly<Record<string, unknown>> = (rows ? rowProperties : columnProperties) ?? {};
  const name = (rows ? byRow : byColumn)?.[1] ?? '';
  return { backgroundColor: bands[name], backgroundColorStyle: bands[`${name}Style`] } as CellFormat;
}

function numbersIn(sheet: Sheet, rects: readonly Rect[]): number[] {
  const numbers: number[] = [];
  for (const rect of rects) {
    for (let row = rect.startRow; row < lastRow(sheet, rect); row++) {
      for (let column = rect.startColumn; column < lastColumn(sheet, rect, row); column++) {
        const value = effectiveAt(sheet, row, column);
        if (typeof value === 'number') numbers.push(value);
      }
    }
  }
  return numbers.sort((a, b) => a - b);
}

/** The number at which a point has its colour; `sorted` are the numbers of the rule's ranges. */
function pointAt(sheet: Sheet, { type, value = '' }: InterpolationPoint, sorted: readonly number[]): number {
  const [least = 0, most = 0] = [sorted[0], sorted.at(-1)];
  if (type === 'MIN') return least;
  if (type === 'MAX') return most;
  const literal = isFormula(value) ? undefined : parseLiteral(value, 2000, sheet.book.properties.locale);
  const given = literal ? 'value' in literal && literal.value : sheet.book.calc.tried(sheet, 0, 0, value);
  const number = typeof given === 'number' ? given : Number.NaN;
  if (type === 'NUMBER') return number;
  const part = number / 100;
  if (type === 'PERCENT') return least + (most - least) * part;
  const at = (sorted.length - 1) * part;
  const [low = 0, high = low] = [sorted[Math.floor(at)], sorted[Math.ceil(at)]];
  return low + (high - low) * (at - Math.floor(at));
}

function mixed(from: Color, to: Color, part: number): Color {
  const mix = (a = 0, b = 0) => a + (b - a) * part;
  const [red, green, blue] = [mix(from.red, to.red), mix(from.green, to.green), mix(from.blue, to.blue)];
  return { ...(red !== 0 && { red }), ...(green !== 0 && { green }), ...(blue !== 0 && { blue }) };
}

/** The background that a colour scale gives a number. */
function scaleOf(sheet: Sheet, { minpoint, midpoint, maxpoint }: GradientRule, rects: readonly Rect[]) {
  const sorted = numbersIn(sheet, rects);
  const stops = [minpoint, midpoint, maxpoint].flatMap((point) =>
    point ? [{ at: pointAt(sheet, point, sorted), color: point.color ?? {} }] : [],
  );
  return (number: number): CellFormat => {
    const next = stops.findIndex(({ at }) => number <= at);
    const [low, high] = [
      stops[next < 0 ? stops.length - 1 : Math.max(next - 1, 0)],
      stops[next < 0 ? stops.length - 1 : next],
    ];
    const width = (high?.at ?? 0) - (low?.at ?? 0);
    const part = width > 0 ? (number - (low?.at ?? 0)) / width : 0;
    const color = mixed(low?.color ?? {}, high?.color ?? {}, part);
    return { backgroundColor: color, backgroundColorStyle: { rgbColor: color } };
  };
}

type Rule = (row: number, column: number) => { readonly key: string; readonly format: CellFormat } | undefined;

function ruleOf(sheet: Sheet, { ranges = [], booleanRule, gradientRule }: ConditionalFormatRule, index: number): Rule {
  const rects = ranges.map((range) => rectOf(sheet, range));
  const anchor = { row: rects[0]?.startRow ?? 0, column: rects[0]?.startColumn ?? 0 };
  let scale: ReturnType<typeof scaleOf> | undefined;
  return (row, column) => {
    if (!rects.some((rect) => covers(rect, row, column))) return undefined;
    if (booleanRule) {
      const holds = conditionHolds(sheet, booleanRule.condition ?? {}, anchor, row, column);
      return holds ? { key: `rule ${index}`, format: booleanRule.format ?? {} } : undefined;
    }
    const value = effectiveAt(sheet, row, column);
    if (!gradientRule || typeof value !== 'number') return undefined;
    scale ??= scaleOf(sheet, gradientRule, rects);
    return { key: `rule ${index} ${value}`, format: scale(value) };
  };
}

/** Undefined for a sheet that has neither. The first rule that holds is the one that paints. */
export function painterOf(sheet: Sheet): Painter | undefined {
  const { bandedRanges = [], conditionalFormats = [] } = sheet.parts;
  if (bandedRanges.length === 0 && conditionalFormats.length === 0) return undefined;
  const bands = bandedRanges.map((banding) => ({ banding, rect: rectOf(sheet, banding.range ?? {}) }));
  const rules = conditionalFormats.map((rule, index) => ruleOf(sheet, rule, index));
  return (row, column) => {
    const band = bands.find(({ rect }) => covers(rect, row, column));
    const beneath = band && bandFormat(band.banding, band.rect, row, column);
    let hit: ReturnType<Rule>;
    for (const rule of rules) if ((hit = rule(row, column))) break;
    if (!beneath && !hit) return undefined;
    const bandKey = beneath ? JSON.stringify(beneath.backgroundColor) : '';
    return { key: `${bandKey} ${hit?.key ?? ''}`, beneath, above: hit?.format };
  };
}
