// What cells look like and accept in the terms in which it is written: what has one look is one entry with its ranges.
// Pure; it can be told of the first rows alone.

import type { z } from 'zod';
import { closeGrid, formatA1, type Grid } from './a1.ts';
import { borderRuns } from './border-runs.ts';
import { ruleOf } from './conditional.ts';
import type { GridRange } from './decode.ts';
import { type RangeFormat, USUAL_COLUMN_PIXELS, USUAL_ROW_PIXELS } from './format.ts';
import { type Layer, layersOf } from './format-layers.ts';
import { gridOf } from './metadata.ts';
import type { formatReply } from './read-format.ts';
import { type Rectangle, rectanglesOf } from './rectangles.ts';
import type { ValidationRule } from './validation.ts';

type Ranges = string | string[];

export interface FormatReport {
  /** The cells that are told. */
  readonly range: string;
  /** For format_range, in any order. */
  readonly formats: (Omit<RangeFormat, 'range'> & { readonly range: Ranges })[];
  /** For set_validation. */
  readonly validation: { readonly range: Ranges; readonly rule: ValidationRule }[];
  /** For set_conditional_format: the rules that reach into these cells, the first that holds wins. */
  readonly conditional: { readonly index: number; readonly ranges: string[]; readonly rule: object }[];
  /** What was asked for and is not told here. */
  readonly rest?: string;
  /** What these cells have and there are no words for. */
  readonly warnings: string[];
}

/** The formats of a range, of which the first rows can be told alone. */
export interface FormatReading {
  readonly rows: number;
  report(rows: number): FormatReport;
}

export interface Reading {
  readonly title: string;
  readonly locale: string;
  /** Closed, and perhaps larger than what was read. */
  readonly asked: Rectangle;
  /** What was read, within the sheet. */
  readonly area: Rectangle;
  readonly sheet: z.output<typeof formatReply>['sheets'][number];
}

export function readingOf({ title, locale, asked, area, sheet }: Reading): FormatReading {
  const { rowCount: rows, columnCount: columns } = sheet.properties.gridProperties;
  const { startRow, startColumn } = area;
  const width = area.endColumn - startColumn;
  const [block] = sheet.data;
  const layers = layersOf(block?.rowData ?? [], area.endRow - startRow, width, locale);

  /** A side that is the whole sheet's is left out: `A:A`, `1:1`, the sheet. */
  const text = (grid: Grid): string => {
    const { startRow: top, endRow: bottom, startColumn: left, endColumn: right } = closeGrid(grid, { rows, columns });
    return formatA1(title, {
      ...(top === 0 && bottom >= rows ? {} : { startRow: top, endRow: bottom }),
      ...(left === 0 && right >= columns ? {} : { startColumn: left, endColumn: right }),
    });
  };
  const ranges = (found: readonly Rectangle[]): Ranges =>
    oneOrMore(
      found.map((one) =>
        text({
          startRow: one.startRow + startRow,
          endRow: one.endRow + startRow,
          startColumn: one.startColumn + startColumn,
          endColumn: one.endColumn + startColumn,
        }),
      ),
    );
  const entries = <T>({ kinds, values }: Layer<T>, height: number) =>
    [...rectanglesOf(kinds.slice(0, height))].flatMap(([kind, found]) =>
      values.slice(kind - 1, kind).map((value) => ({ range: ranges(found), value })),
    );

  function formatsOf(height: number, within: (range: GridRange) => boolean): FormatReport['formats'] {
    const { kinds, values } = layers.borders;
    const lines = borderRuns(height, width, (row, column) => values[(kinds[row]?.[column] ?? 0) - 1]);
    const merges = sheet.merges.filter(within).map((merge) => text(gridOf(merge)));
    const widths = sizesOf(block?.columnMetadata ?? [], USUAL_COLUMN_PIXELS, (from, to) =>
      text({ startColumn: startColumn + from, endColumn: startColumn + to }),
    );
    const heights = sizesOf(block?.rowMetadata.slice(0, height) ?? [], USUAL_ROW_PIXELS, (from, to) =>
      text({ startRow: startRow + from, endRow: startRow + to }),
    );
    return joined([
      ...entries(layers.styles, height).map(({ range, value }) => ({ range, ...value })),
      ...lines.map(({ borders, rectangles }) => ({ range: ranges(rectangles), borders })),
      ...(merges.length > 0 ? [{ range: oneOrMore(merges), merge: 'all' as const }] : []),
      ...entries(layers.notes, height).map(({ range, value }) => ({ range, note: value })),
      ...widths.map(([columnWidth, range]) => ({ range, columnWidth })),
      ...heights.map(([rowHeight, range]) => ({ range, rowHeight })),
    ]);
  }

  function report(height: number): FormatReport {
    const told = { ...area, endRow: startRow + height };
    layers.look(height);
    const untold = layers.untold();
    const within = (range: GridRange) => overlap(closeGrid(gridOf(range), { rows, columns }), told);
    const banded = sheet.bandedRanges.flatMap(({ range }) => (range && within(range) ? [text(gridOf(range))] : []));
    const endRow = Math.min(asked.endRow, rows);
    return {
      range: text(told),
      formats: formatsOf(height, within),
      validation: entries(layers.rules, height).map(({ range, value }) => ({ range, rule: value })),
      conditional: sheet.conditionalFormats.flatMap((rule, index) => {
        if (!rule.ranges.some(within)) return [];
        return [{ index, ranges: rule.ranges.map((range) => text(gridOf(range))), rule: ruleOf(rule, locale) }];
      }),
      ...(told.endRow < endRow && { rest: formatA1(title, { ...area, startRow: told.endRow, endRow }) }),
      warnings: [
        ...(untold.length > 0 ? [`Not told here, though some cells have it: ${untold.join(', ')}.`] : []),
        ...(banded.length > 0 ? [`Not told here: alternating colours beneath ${banded.join(', ')}.`] : []),
      ],
    };
  }

  return { rows: area.endRow - startRow, report };
}

function oneOrMore(texts: string[]): Ranges {
  const [one, ...more] = texts;
  return one !== undefined && more.length === 0 ? one : texts;
}

/** Entries of the same ranges as one. None of them says of a property what another says otherwise. */
function joined(formats: FormatReport['formats']): FormatReport['formats'] {
  const byRange = new Map<string, FormatReport['formats'][number]>();
  for (const one of formats) {
    const key = JSON.stringify(one.range);
    const known = byRange.get(key);
    const borders = known?.borders && one.borders && { borders: { ...known.borders, ...one.borders } };
    byRange.set(key, { ...known, ...one, ...borders });
  }
  return [...byRange.values()];
}

function overlap(a: Rectangle, b: Rectangle): boolean {
  return a.startRow < b.endRow && b.startRow < a.endRow && a.startColumn < b.endColumn && b.startColumn < a.endColumn;
}

/** Sizes that are not the usual one, each with the stretches of rows or columns that have it. */
function sizesOf(
  sizes: readonly { readonly pixelSize?: number | undefined }[],
  usual: number,
  textOf: (from: number, to: number) => string,
): [pixels: number, range: Ranges][] {
  const found = rectanglesOf([sizes.map(({ pixelSize = usual }) => (pixelSize === usual ? 0 : pixelSize))]);
  return [...found].map(([pixels, stretches]) => [
    pixels,
    oneOrMore(stretches.map(({ startColumn, endColumn }) => textOf(startColumn, endColumn))),
  ]);
}
