// Requests about groups of rows and columns. Groups are the levels of one depth per row or column: adding a group
// deepens its rows, deleting one makes them shallower, and neighbours of one depth are one group.

import { requiredSpan, type Span } from '../areas.ts';
import type { Change } from '../change.ts';
import { invalid } from '../errors.ts';
import { DimensionGroup } from '../messages/features.ts';
import { replaceParts } from '../parts.ts';
import { printGroups } from '../print-features.ts';
import type { Sheet } from '../workbook.ts';
import { type Context, fieldsOf, type Handler } from './context.ts';
import { editSpan } from './dimension-properties.ts';

/** Sheets' own limit of nested groups. */
const MAX_DEPTH = 8;

type Groups = readonly DimensionGroup[];

function groupsOf({ sheet, dimension }: Pick<Span, 'sheet' | 'dimension'>): Groups {
  return (dimension === 'ROWS' ? sheet.parts.rowGroups : sheet.parts.columnGroups) ?? [];
}

function boundsOf({ range }: DimensionGroup): readonly [start: number, end: number] {
  return [range?.startIndex ?? 0, range?.endIndex ?? 0];
}

/** How deep each index of the span is, as far as groups and the span reach. */
function depthsOf(groups: Groups, end: number): number[] {
  const last = groups.reduce((most, group) => Math.max(most, boundsOf(group)[1]), end);
  const depths = new Array<number>(last).fill(0);
  for (const group of groups) {
    const [from, to] = boundsOf(group);
    for (let at = from; at < to; at++) depths[at] = Math.max(depths[at] ?? 0, group.depth ?? 1);
  }
  return depths;
}

/** What a collapsed group became: the group of its range, at its depth if there is one, or else one of its depth. */
function successorOf(groups: Groups, old: DimensionGroup): DimensionGroup | undefined {
  const [start, end] = boundsOf(old);
  const sameRange = groups.filter((one) => boundsOf(one)[0] === start && boundsOf(one)[1] === end);
  return (
    sameRange.find(({ depth }) => depth === old.depth) ??
    sameRange[0] ??
    groups.find((one) => one.depth === old.depth && boundsOf(one)[0] < end && start < boundsOf(one)[1])
  );
}

/** The groups that the depths make, outer ones first. */
function groupsFrom(depths: readonly number[], span: Span, before: Groups): DimensionGroup[] {
  const { sheet, dimension } = span;
  const groups: DimensionGroup[] = [];
  const open: number[] = [];
  const close = (depth: number, end: number) => {
    while (open.length > depth) {
      const level = open.length;
      const startIndex = open.pop() ?? 0;
      groups.push({ range: { sheetId: sheet.id, dimension, startIndex, endIndex: end }, depth: level });
    }
  };
  depths.forEach((depth, index) => {
    close(depth, index);
    while (open.length < depth) open.push(index);
  });
  close(0, depths.length);
  const collapsed = new Set(before.filter((one) => one.collapsed).map((one) => successorOf(groups, one)));
  return groups
    .sort((a, b) => boundsOf(a)[0] - boundsOf(b)[0] || (a.depth ?? 0) - (b.depth ?? 0))
    .map((one) => (collapsed.has(one) ? { ...one, collapsed: true } : one));
}

function replaceGroups(change: Change, sheet: Sheet, dimension: Span['dimension'], groups: Groups): void {
  replaceParts(change, sheet, dimension === 'ROWS' ? { rowGroups: groups } : { columnGroups: groups });
}

/** Adds `by` to the depth of each index of the span; gives all groups of the dimension then. */
function deepen({ change }: Context, span: Span, by: 1 | -1): DimensionGroup[] {
  const { sheet, dimension, start, end } = span;
  const before = groupsOf(span);
  const depths = depthsOf(before, end);
  const within = depths.slice(start, end);
  if (by > 0 && within.some((depth) => depth >= MAX_DEPTH)) {
    throw invalid(`Cannot add a group: the depth of groups is limited to ${MAX_DEPTH}.`);
  }
  if (by < 0 && within.every((depth) => depth === 0)) {
    const name = dimension === 'ROWS' ? 'row' : 'column';
    throw invalid(`Cannot delete a ${name} group that doesn't exist. There is no group in range [${start}, ${end}).`);
  }
  for (let at = start; at < end; at++) depths[at] = Math.max((depths[at] ?? 0) + by, 0);
  const groups = groupsFrom(depths, span, before);
  replaceGroups(change, sheet, dimension, groups);
  return groups;
}

function reply(sheet: Sheet, groups: Groups): object {
  return groups.length > 0 ? { dimensionGroups: printGroups(sheet, groups) } : {};
}

/** A sheet's first group of a dimension puts the control after the group. */
function placeControl(change: Change, { sheet, dimension }: Span): void {
  const { gridProperties } = sheet.properties;
  const name = dimension === 'ROWS' ? 'rowGroupControlAfter' : 'columnGroupControlAfter';
  if (gridProperties[name] !== undefined) return;
  change.setSheetProperties(sheet, { ...sheet.properties, gridProperties: { ...gridProperties, [name]: true } });
}

export const addDimensionGroup: Handler<'addDimensionGroup'> = (context, { range }) => {
  const span = requiredSpan(context.book, range);
  const groups = deepen(context, span, 1);
  placeControl(context.change, span);
  return reply(span.sheet, groups);
};

export const deleteDimensionGroup: Handler<'deleteDimensionGroup'> = (context, { range }) => {
  const span = requiredSpan(context.book, range);
  return reply(span.sheet, deepen(context, span, -1));
};

export const updateDimensionGroup: Handler<'updateDimensionGroup'> = ({ book, change }, payload) => {
  const { dimensionGroup = {}, fields } = payload;
  const span = requiredSpan(book, dimensionGroup.range);
  const { depth = 0, collapsed = false } = dimensionGroup;
  if (depth <= 0) throw invalid('dimensionGroup.depth must be > 0');
  const mask = fieldsOf(fields, DimensionGroup);
  const groups = groupsOf(span);
  const index = groups.findIndex(
    (one) => one.depth === depth && boundsOf(one)[0] === span.start && boundsOf(one)[1] === span.end,
  );
  const group = groups[index];
  if (!group) throw invalid(`No group with depth: ${depth} and range: [${span.start}, ${span.end})`);
  if (mask !== true && !mask.has('collapsed')) return undefined;
  const { collapsed: _, ...rest } = group;
  const next = groups.with(index, collapsed ? { ...rest, collapsed } : rest);
  replaceGroups(change, span.sheet, span.dimension, next);
  editSpan(change, span, ({ hiddenByUser: __, ...others }) => (collapsed ? { ...others, hiddenByUser: true } : others));
  return undefined;
};
