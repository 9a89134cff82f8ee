// The columns of a range that a chart draws, named by header or letter. Reads headers only; what is made of the columns is
// the chart's.

import { invalid } from '../errors.ts';
import { columnName } from './a1.ts';
import { type ChartType, chartData, type Series, type Sources } from './chart-spec.ts';
import { findColumn } from './columns.ts';
import type { Desk } from './desk.ts';
import { headerNames } from './header.ts';
import type { Resolved } from './metadata.ts';
import { readHeaders } from './objects.ts';
import { gridRange } from './requests.ts';

export interface SeriesChoice extends Pick<Series, 'type' | 'axis'> {
  /** Header or letter. */
  readonly column: string;
}

export interface ColumnChoice {
  /** The first column when absent. */
  readonly domain?: string | undefined;
  /** All other columns when absent. */
  readonly series?: readonly (string | SeriesChoice)[] | undefined;
}

/**
 * The columns that are drawn, of a range whose first row has the headers. These are read only where columns are told by
 * them, or the range is open at its right.
 */
export async function sourcesOf(
  desk: Desk,
  { sheet, grid }: Resolved,
  type: ChartType,
  { domain, series }: ColumnChoice,
): Promise<Sources> {
  const { startRow = 0, endRow = sheet.rows, startColumn: start = 0, endColumn } = grid;
  if (endRow - startRow < 2) throw invalid('data: one row is no data: the first holds the headers.');
  const isNamed = domain !== undefined || series !== undefined || endColumn === undefined;
  const texts = isNamed ? await readHeaders(desk, { sheet, grid, a1: '' }) : [];
  // Of an open range the columns up to the last header.
  const end = endColumn ?? start + texts.findLastIndex((text) => text !== '') + 1;
  if (end === start) throw invalid(`data: row ${startRow + 1} of ${sheet.title} has no headers.`);
  const columns = { start, end, names: headerNames(texts.slice(0, end - start), start), from: start };
  const at = (column: number) =>
    chartData(gridRange(sheet.sheetId, { ...grid, startColumn: column, endColumn: column + 1 }));
  const first = domain === undefined ? start : findColumn(domain, columns, 'domain');
  const hasDomain = domain !== undefined || end - start > 1;
  const rest = Array.from({ length: end - start }, (_, index) => start + index).filter(
    (column) => !hasDomain || column !== first,
  );
  const chosen = series?.map((one, index): Series => {
    const { column, ...how } = typeof one === 'string' ? { column: one } : one;
    return { ...how, data: at(findColumn(column, columns, `series[${index}]`)) };
  });
  const values = chosen ?? rest.map((column): Series => ({ data: at(column) }));
  if (values.length === 0) throw invalid(`data: there is no column beside the domain, ${columnName(first)}.`);
  return { ...(hasDomain && type !== 'histogram' && { domain: at(first) }), series: values, headers: 1 };
}
