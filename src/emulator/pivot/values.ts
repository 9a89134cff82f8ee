// What a pivot table draws: its headings, groups, figures and totals as a matrix from its anchor cell. A pure function
// of the source; what it cannot compute is a stated error in the anchor.

import { compareValues, keyOf, textOf } from '../formula/functions/order.ts';
import { type CellError, isError, type Value } from '../formula/value.ts';
import type { PivotGroup, PivotTable, PivotValue } from '../messages/pivot.ts';
import { type Bucket, bucketOf, compareBuckets, headingOf } from './groups.ts';
import { DIVIDED_BY_ZERO, isTestable, passes, summarize } from './summarize.ts';

export interface PivotSource {
  /** The cells of the source range, headings first, rows of equal length. */
  readonly rows: readonly (readonly Value[])[];
  /** The text a cell of `rows` shows: filters list values by it. */
  readonly shown: (row: number, column: number) => string;
}

/** A row or a column of the drawn table: its labels by level and the source rows behind it. */
interface Line {
  readonly labels: readonly Value[];
  readonly rows: readonly number[];
}

interface Node extends Bucket {
  readonly rows: number[];
}

/** What the figures are computed from. */
interface Figures {
  readonly source: PivotSource['rows'];
  readonly values: readonly PivotValue[];
  readonly all: readonly number[];
}

function unsupported(what: string): CellError {
  return { type: 'ERROR', message: `The embedded backend does not compute pivot tables with ${what}.` };
}

/** Why the table cannot be drawn. */
function faultOf({ rows = [], columns = [], values = [], filterSpecs = [] }: PivotTable, width: number) {
  if (values.some(({ formula }) => formula !== undefined)) return unsupported('calculated values');
  const untestable = filterSpecs.find(({ filterCriteria = {} }) => {
    return filterCriteria.condition && !isTestable(filterCriteria.condition);
  });
  if (untestable) return unsupported(`a filter by ${untestable.filterCriteria?.condition?.type}`);
  const unknown = values.find(({ summarizeFunction = '' }) => summarize(summarizeFunction, []) === undefined);
  if (unknown) return unsupported(`the function ${unknown.summarizeFunction}`);
  const offsets = [...rows, ...columns, ...values].map(({ sourceColumnOffset = 0 }) => sourceColumnOffset);
  offsets.push(...filterSpecs.map(({ columnOffsetIndex = 0 }) => columnOffsetIndex));
  const missing: CellError = { type: 'REF', message: 'A column of the pivot table is not in its source range.' };
  return offsets.some((offset) => offset >= width) ? missing : undefined;
}

function figure({ source }: Figures, value: PivotValue, rows: readonly number[]): Value {
  const { sourceColumnOffset = 0, summarizeFunction = '' } = value;
  const values = rows.map((row) => source[row]?.[sourceColumnOffset] ?? null);
  return summarize(summarizeFunction, values) ?? null;
}

/** The figure as it is shown: itself, or its part of a total. */
function shownFigure(of: Figures, value: PivotValue, rows: readonly number[], row: Line, column: Line): Value {
  if (rows.length === 0) return null;
  const found = figure(of, value, rows);
  const wholes: Readonly<Record<string, readonly number[]>> = {
    PERCENT_OF_ROW_TOTAL: row.rows,
    PERCENT_OF_COLUMN_TOTAL: column.rows,
    PERCENT_OF_GRAND_TOTAL: of.all,
  };
  const whole = wholes[value.calculatedDisplayType ?? ''];
  if (!whole || typeof found !== 'number') return found;
  const total = figure(of, value, whole);
  if (typeof total !== 'number') return total;
  return total === 0 ? DIVIDED_BY_ZERO : found / total;
}

/** The source rows in the bucket of the opposite groups that a group is sorted by. */
function inBucket({ source }: Figures, group: PivotGroup, opposite: readonly PivotGroup[], rows: readonly number[]) {
  const buckets = group.valueBucket?.buckets ?? [];
  return rows.filter((row) =>
    buckets.every(({ stringValue, numberValue, boolValue }, level) => {
      const other = opposite[level];
      if (!other) return true;
      const value = source[row]?.[other.sourceColumnOffset ?? 0] ?? null;
      return keyOf(bucketOf(other, value).label) === keyOf(stringValue ?? numberValue ?? boolValue ?? null);
    }),
  );
}

/** The groups of some rows at one level, in order. */
function nodesOf(of: Figures, group: PivotGroup, opposite: readonly PivotGroup[], rows: readonly number[]): Node[] {
  const nodes = new Map<string, Node>();
  for (const row of rows) {
    const bucket = bucketOf(group, of.source[row]?.[group.sourceColumnOffset ?? 0] ?? null);
    const key = keyOf(bucket.label);
    const node = nodes.get(key);
    if (node) node.rows.push(row);
    else nodes.set(key, { ...bucket, rows: [row] });
  }
  const sorted = [...nodes.values()].sort(compareBuckets);
  const by = group.valueBucket && of.values[group.valueBucket.valuesIndex ?? 0];
  if (by) {
    const sums = new Map(sorted.map((node) => [node, figure(of, by, inBucket(of, group, opposite, node.rows))]));
    sorted.sort((a, b) => compareValues(sums.get(a) ?? null, sums.get(b) ?? null));
  }
  if (group.sortOrder === 'DESCENDING') sorted.reverse();
  return sorted.slice(0, group.groupLimit?.countLimit ?? sorted.length);
}

/** The lines of an axis from a level down; a group's total follows the groups within it. */
function linesOf(
  of: Figures,
  groups: readonly PivotGroup[],
  opposite: readonly PivotGroup[],
  rows: readonly number[],
  level = 0,
): Line[] {
  const group = groups[level];
  if (!group) return [{ labels: [], rows }];
  const inner = groups[level + 1];
  const lines = nodesOf(of, group, opposite, rows).flatMap((node): Line[] => {
    if (!inner) return [{ labels: [node.label], rows: node.rows }];
    const within = linesOf(of, groups, opposite, node.rows, level + 1).map((line, at) => ({
      labels: [at === 0 || group.repeatHeadings ? node.label : null, ...line.labels],
      rows: line.rows,
    }));
    if (!inner.showTotals) return within;
    return [...within, { labels: [`${textOf(node.label)} Total`], rows: node.rows }];
  });
  if (level > 0 || !group.showTotals) return lines;
  return [...lines, { labels: ['Grand Total'], rows }];
}

/** For each source row the columns it counts in. */
function columnsByRow(columns: readonly Line[]): Map<number, number[]> {
  const found = new Map<number, number[]>();
  columns.forEach(({ rows }, index) => {
    for (const row of rows) {
      const counted = found.get(row);
      if (counted) counted.push(index);
      else found.set(row, [index]);
    }
  });
  return found;
}

function padded(cells: readonly Value[], width: number): Value[] {
  return Array.from({ length: width }, (_, at) => cells[at] ?? null);
}

/** Rows of equal length, at least one cell. */
export function pivotValues(pivot: PivotTable, { rows: source, shown }: PivotSource): readonly (readonly Value[])[] {
  const { rows: rowGroups = [], columns: columnGroups = [], values = [], filterSpecs = [] } = pivot;
  const fault = faultOf(pivot, source[0]?.length ?? 0);
  if (fault) return [[fault]];
  const heading = (offset = 0) => {
    const value = source[0]?.[offset] ?? null;
    return isError(value) ? '' : textOf(value);
  };
  const all = source.flatMap((row, at) => {
    if (at === 0) return [];
    const keeps = filterSpecs.every((filter) => {
      const column = filter.columnOffsetIndex ?? 0;
      return passes(filter, row[column] ?? null, shown(at, column));
    });
    return keeps ? [at] : [];
  });
  const of: Figures = { source, values, all };
  const rowLines = linesOf(of, rowGroups, columnGroups, all);
  const columnLines = linesOf(of, columnGroups, rowGroups, all);
  const counted = columnsByRow(columnLines);
  const named = values.map(({ name, summarizeFunction, sourceColumnOffset }) => {
    return name || `${summarizeFunction} of ${heading(sourceColumnOffset)}`;
  });
  const headings = rowGroups.map((group) => headingOf(group, heading(group.sourceColumnOffset)));
  // Values stand side by side in each column, or below each other in each row.
  const stacked = pivot.valueLayout === 'VERTICAL' && values.length > 1;
  const across = stacked ? 1 : Math.max(values.length, columnGroups.length > 0 ? 1 : 0);
  const left = stacked ? rowGroups.length + 1 : Math.max(rowGroups.length, columnGroups.length > 0 ? 1 : 0);
  const width = Math.max(left + columnLines.length * across, left + columnGroups.length, 1);

  const drawn: Value[][] = [];
  if (columnGroups.length > 0) {
    const corner = values.length === 1 && rowGroups.length > 0 ? (named[0] ?? null) : null;
    const titles = columnGroups.map((group) => headingOf(group, heading(group.sourceColumnOffset)));
    drawn.push([...padded([corner], left), ...titles]);
    for (const level of columnGroups.keys()) {
      const labels = columnLines.flatMap((line) => padded([line.labels[level] ?? null], across));
      drawn.push([...padded([], left), ...labels]);
    }
  }
  if (!stacked && (columnGroups.length === 0 || values.length > 1)) {
    drawn.push([...padded([], left), ...columnLines.flatMap(() => named)]);
  } else if (drawn.length === 0) drawn.push(padded([], left));
  const head = stacked ? [...headings, 'Values'] : headings;
  drawn.splice(-1, 1, [...padded(head, left), ...(drawn.at(-1) ?? []).slice(left)]);

  for (const row of rowLines) {
    const cells = columnLines.map((): number[] => []);
    for (const at of row.rows) for (const column of counted.get(at) ?? []) cells[column]?.push(at);
    const figures = (value: PivotValue) =>
      columnLines.map((column, at) => shownFigure(of, value, cells[at] ?? [], row, column));
    if (stacked) {
      values.forEach((value, at) => {
        const labels = padded(at === 0 ? row.labels : [], left - 1);
        drawn.push([...labels, named[at] ?? null, ...figures(value)]);
      });
      continue;
    }
    const each = values.map(figures);
    const name = rowGroups.length === 0 && values.length === 1 ? named : row.labels;
    const body = columnLines.flatMap((_, at) =>
      padded(
        each.map((one) => one[at] ?? null),
        across,
      ),
    );
    drawn.push([...padded(name, left), ...body]);
  }
  return drawn.map((cells) => padded(cells, width));
}
