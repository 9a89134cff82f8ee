// Pivot tables: what is grouped and summed up, anchored in a cell that must be free. Two reads and one write; Sheets
// draws the table, right of and below its anchor, and overwrites nothing.

import { invalid, ServalError } from '../errors.ts';
import { cut, shown } from '../words.ts';
import { closeGrid } from './a1.ts';
import { findColumn, type NamedColumns } from './columns.ts';
import type { GridBlock, GridCell } from './decode.ts';
import { apiSummary } from './describe-objects.ts';
import { apply, type Desk, type Outcome, withWarnings } from './desk.ts';
import { headerNames } from './header.ts';
import { liveSpreadsheet } from './live.ts';
import { findCell, findCells, overlap, readHeaders } from './objects.ts';
import { blockCell, readBlocks } from './read.ts';
import { gridRange, type Request } from './requests.ts';

/** Ways to sum up a column; `count` counts what is not blank. */
export const SUMMARIZE = [
  'sum',
  'count',
  'count_numbers',
  'count_unique',
  'average',
  'max',
  'min',
  'median',
  'product',
  'stdev',
  'stdevp',
  'var',
  'varp',
] as const;

/** Parts of a date or time by which a column is grouped. */
export const DATE_GROUPS = [
  'year',
  'quarter',
  'month',
  'year_quarter',
  'year_month',
  'year_month_day',
  'day_of_year',
  'day_of_month',
  'day_of_week',
  'day_month',
  'hour',
  'minute',
  'second',
  'hour_minute',
  'hour_minute_ampm',
] as const;

export interface PivotGroup {
  /** Header or letter, as everywhere here. */
  readonly column: string;
  readonly order?: 'asc' | 'desc' | undefined;
  /** Place among the values, from 1, of the one by whose totals the groups are ordered. */
  readonly byValue?: number | undefined;
  /** Default true. */
  readonly totals?: boolean | undefined;
  readonly date?: (typeof DATE_GROUPS)[number] | undefined;
  /** At most so many groups, the first ones. */
  readonly limit?: number | undefined;
}

export interface PivotValue {
  readonly column: string;
  readonly summarize?: (typeof SUMMARIZE)[number] | undefined;
  readonly name?: string | undefined;
  readonly percentOf?: 'row' | 'column' | 'total' | undefined;
}

export interface Pivot {
  readonly source: string;
  readonly rows?: readonly (string | PivotGroup)[] | undefined;
  readonly columns?: readonly (string | PivotGroup)[] | undefined;
  readonly values?: readonly PivotValue[] | undefined;
  /** Per column the values, as they are shown, whose rows count. */
  readonly filter?: Readonly<Record<string, readonly string[]>> | undefined;
}

export interface PivotSet extends Outcome {
  readonly anchor: string;
  /** There was a pivot table in the anchor: this one stands in its place. */
  readonly replaced?: true;
}

/** Draws a pivot table from its anchor on, in the place of one that is anchored there. */
export async function setPivotTable(desk: Desk, anchor: string, pivot: Pivot): Promise<PivotSet> {
  const { rows = [], columns = [], values = [], filter = {} } = pivot;
  if (rows.length + columns.length + values.length === 0) {
    throw invalid('set_pivot_table: neither rows, columns nor values are given.', 'Give one at least.');
  }
  const live = await liveSpreadsheet(desk);
  const cell = findCell(live, anchor, 'anchor');
  const source = findCells(live, pivot.source);
  const area = closeGrid(source.grid, source.sheet);
  if (area.endRow - area.startRow < 2) throw invalid('source: one row is no data: the first holds the headers.');
  if (source.sheet === cell.sheet && overlap(area, cell.grid)) {
    throw invalid(`anchor: ${cell.a1} is a cell of the source ${source.a1}.`, 'Anchor it beside, or on another sheet.');
  }
  const [block] = await readBlocks(desk.google, live.id, [cell], true);
  const replaced = block !== undefined && checkFree(block, cell);
  const names = headerNames(await readHeaders(desk, source), area.startColumn);
  const named: NamedColumns = { start: area.startColumn, end: area.endColumn, names, from: area.startColumn };
  const offset = (column: string, where: string) => findColumn(column, named, where) - area.startColumn;

  const pivotTable = {
    source: gridRange(source.sheet.sheetId, source.grid),
    rows: rows.map((group, index) => groupOf(group, values.length, `rows[${index}]`, offset)),
    columns: columns.map((group, index) => groupOf(group, values.length, `columns[${index}]`, offset)),
    values: values.map((value, index) => apiValue(value, `values[${index}]`, offset)),
    filterSpecs: Object.entries(filter).map(([column, visibleValues]) => ({
      columnOffsetIndex: offset(column, 'filter'),
      filterCriteria: { visibleValues },
    })),
  };
  const start = { sheetId: cell.sheet.sheetId, rowIndex: cell.row, columnIndex: cell.column };
  const answer: PivotSet = withWarnings(
    { status: 'applied', anchor: cell.a1, ...(replaced && { replaced }) },
    source.grid.endRow === undefined ? ['The source is open below: blank rows make a group. Close it, or filter.'] : [],
  );
  return apply<PivotSet>(desk, {
    requests: [{ updateCells: { start, rows: [{ values: [{ pivotTable }] }], fields: 'pivotTable' } }],
    answer,
    sheets: [cell.sheet, source.sheet],
    show: { ranges: [cell.a1], fields: 'data(startRow,startColumn,rowData.values(effectiveValue,formattedValue))' },
    told: ({ updatedSpreadsheet }) => {
      const own = updatedSpreadsheet?.sheets.find(({ properties }) => properties.sheetId === cell.sheet.sheetId);
      const error = errorOf(own?.data[0] && blockCell(own.data[0], cell.row, cell.column));
      return withWarnings(answer, error === undefined ? [] : [`It shows ${error}`]);
    },
  });
}

/** True when a pivot table is anchored there; throws `conflict` for anything else that the cell holds or shows. */
function checkFree(
  block: GridBlock,
  { row, column, a1 }: { row: number; column: number; a1: string },
): true | undefined {
  const cell = blockCell(block, row, column);
  if (cell?.pivotTable) return true;
  const { userEnteredValue: entered, effectiveValue, formattedValue = '' } = cell ?? {};
  if (entered === undefined && effectiveValue === undefined) return undefined;
  const what =
    entered?.formulaValue === undefined ? shown(formattedValue) : `the formula ${shown(entered.formulaValue)}`;
  throw new ServalError(
    'conflict',
    entered === undefined
      ? `anchor: ${a1} shows ${shown(formattedValue)}, of a formula or a pivot table in another cell: nothing was changed.`
      : `anchor: ${a1} holds ${what}: nothing was changed.`,
    { hint: 'Anchor it at a blank cell with room right of it and below, such as A1 of a new sheet.', outcome: 'none' },
  );
}

type Offset = (column: string, where: string) => number;

function groupOf(given: string | PivotGroup, values: number, where: string, offset: Offset): Request {
  const group: PivotGroup = typeof given === 'string' ? { column: given } : given;
  const { column, order = 'asc', byValue, totals = true, date, limit } = group;
  if (byValue !== undefined && byValue > values) {
    throw invalid(`${where}.byValue: there is no value ${byValue}: ${values} are given.`);
  }
  return {
    sourceColumnOffset: offset(column, where),
    sortOrder: order === 'asc' ? 'ASCENDING' : 'DESCENDING',
    showTotals: totals,
    ...(byValue !== undefined && { valueBucket: { valuesIndex: byValue - 1 } }),
    ...(date !== undefined && { groupRule: { dateTimeRule: { type: date.toUpperCase() } } }),
    ...(limit !== undefined && { groupLimit: { countLimit: limit } }),
  };
}

function apiValue({ column, summarize = 'sum', name, percentOf }: PivotValue, where: string, offset: Offset): Request {
  const whole = percentOf === 'total' ? 'GRAND' : percentOf?.toUpperCase();
  return {
    sourceColumnOffset: offset(column, where),
    summarizeFunction: apiSummary(summarize),
    ...(name !== undefined && { name }),
    ...(whole !== undefined && { calculatedDisplayType: `PERCENT_OF_${whole}_TOTAL` }),
  };
}

/** What an anchor shows in place of a table, in words. */
function errorOf(cell: GridCell | undefined): string | undefined {
  const error = cell?.effectiveValue?.errorValue;
  if (typeof error !== 'object' || error === null) return undefined;
  const message = 'message' in error ? `: ${cut(String(error.message))}` : '';
  return `${cell?.formattedValue ?? 'an error'}${message}`;
}
