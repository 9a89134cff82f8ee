// Rows or columns that have properties of their own, as runs of equal ones: reading and editing. Data in, data out.

import type { DimensionProperties } from './messages/cells.ts';
import type { DimensionRun, Sheet } from './workbook.ts';

/** Sorted by start, disjoint. */
export type Runs = readonly DimensionRun[];

export function runsOf({ parts }: Sheet, dimension: 'ROWS' | 'COLUMNS'): Runs {
  return (dimension === 'ROWS' ? parts.rowRuns : parts.columnRuns) ?? [];
}

const NONE: DimensionProperties = {};

/** The properties of each index from `start` to `end`, exclusive, in order; shared between equal neighbours. */
export function* propertiesBetween(runs: Runs, start: number, end: number): Generator<DimensionProperties> {
  let at = start;
  for (const run of runs) {
    for (; at < Math.min(run.start, end); at++) yield NONE;
    for (; at < Math.min(run.end, end); at++) yield run.properties;
  }
  for (; at < end; at++) yield NONE;
}

function same(a: DimensionProperties, b: DimensionProperties): boolean {
  return a.pixelSize === b.pixelSize && a.hiddenByUser === b.hiddenByUser && a.hiddenByFilter === b.hiddenByFilter;
}

/** Equal neighbours joined, empty ones left out. The pieces must be sorted and disjoint. */
function joined(pieces: readonly DimensionRun[]): DimensionRun[] {
  const runs: DimensionRun[] = [];
  for (const piece of pieces) {
    if (piece.end <= piece.start || same(piece.properties, NONE)) continue;
    const last = runs.at(-1);
    if (last && last.end === piece.start && same(last.properties, piece.properties)) {
      runs[runs.length - 1] = { ...last, end: piece.end };
    } else runs.push(piece);
  }
  return runs;
}

/** Without the properties that are false or absent. */
function tidy({ pixelSize, hiddenByUser, hiddenByFilter }: DimensionProperties): DimensionProperties {
  return {
    ...(pixelSize !== undefined && { pixelSize }),
    ...(hiddenByUser && { hiddenByUser }),
    ...(hiddenByFilter && { hiddenByFilter }),
  };
}

function outside(runs: Runs, start: number, end: number): { before: DimensionRun[]; after: DimensionRun[] } {
  return {
    before: runs.filter((run) => run.start < start).map((run) => ({ ...run, end: Math.min(run.end, start) })),
    after: runs.filter((run) => run.end > end).map((run) => ({ ...run, start: Math.max(run.start, end) })),
  };
}

/** The runs with the properties from `start` to `end` edited, all in the same way. */
export function editRuns(
  runs: Runs,
  start: number,
  end: number,
  edit: (properties: DimensionProperties) => DimensionProperties,
): DimensionRun[] {
  const { before, after } = outside(runs, start, end);
  const within: DimensionRun[] = [];
  let at = start;
  for (const run of runs) {
    const from = Math.max(run.start, start);
    const to = Math.min(run.end, end);
    if (from >= to) continue;
    within.push({ start: at, end: from, properties: tidy(edit(NONE)) });
    within.push({ start: from, end: to, properties: tidy(edit(run.properties)) });
    at = to;
  }
  within.push({ start: at, end, properties: tidy(edit(NONE)) });
  return joined([...before, ...within, ...after]);
}

/** The runs with the properties of each index from `start` to `end` edited one by one. */
export function editEach(
  runs: Runs,
  start: number,
  end: number,
  edit: (properties: DimensionProperties, index: number) => DimensionProperties,
): DimensionRun[] {
  const { before, after } = outside(runs, start, end);
  const within: DimensionRun[] = [];
  let at = start;
  for (const properties of propertiesBetween(runs, start, end)) {
    const edited = edit(properties, at);
    if (edited !== NONE) within.push({ start: at, end: at + 1, properties: tidy(edited) });
    at++;
  }
  return joined([...before, ...within, ...after]);
}

/** How many indices below `size` are not hidden in that way. */
export function countVisible(runs: Runs, size: number, by: 'hiddenByUser' | 'hiddenByFilter'): number {
  const hidden = runs.filter(({ properties }) => properties[by]);
  return size - hidden.reduce((sum, { start, end }) => sum + Math.max(0, Math.min(end, size) - start), 0);
}
