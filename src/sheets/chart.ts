// Charts: one is drawn from a range of cells, or one that is there is changed where something is given. One or two
// reads and one write.

import { z } from 'zod';
import { invalid } from '../errors.ts';
import { formatA1 } from './a1.ts';
import { type ColumnChoice, sourcesOf } from './chart-data.ts';
import {
  type ChartSpec,
  type ChartStyle,
  type ChartType,
  chartSpec,
  drawing,
  drawn,
  redrawn,
  styled,
} from './chart-spec.ts';
import { decode } from './decode.ts';
import { chartText } from './describe-objects.ts';
import { apply, type ChangedReply, type Desk, type Outcome } from './desk.ts';
import { liveSpreadsheet } from './live.ts';
import type { Resolved, Sheet, Spreadsheet } from './metadata.ts';
import { findCell, noSuch, withHeader } from './objects.ts';
import type { Request } from './requests.ts';

export interface ChartChanges extends ChartStyle, ColumnChoice {
  /** The chart that is changed; a new one when absent. */
  readonly chartId?: number | undefined;
  readonly type?: ChartType | undefined;
  /** Headers in the first row. */
  readonly data?: string | undefined;
  /** A cell, or NEW_SHEET; of a new chart beside the data when absent. */
  readonly position?: string | undefined;
  readonly widthPixels?: number | undefined;
  readonly heightPixels?: number | undefined;
}

export interface ChartSet extends Outcome {
  readonly chartId: number;
  /** The cell under its top left corner, or the title of its own sheet. */
  readonly position?: string;
}

/** In the place of a cell: a sheet of its own. */
export const NEW_SHEET = 'new sheet';

/** Draws a chart, or changes of one what is given. */
export async function setChart(desk: Desk, changes: ChartChanges): Promise<ChartSet> {
  const live = await liveSpreadsheet(desk);
  const { chartId } = changes;
  return chartId === undefined ? addChart(desk, live, changes) : updateChart(desk, live, changes, chartId);
}

async function addChart(desk: Desk, live: Spreadsheet, changes: ChartChanges): Promise<ChartSet> {
  const { type, data } = changes;
  if (type === undefined || data === undefined) {
    throw invalid('set_chart: a new chart needs type and data.', 'To change a chart give its chartId.');
  }
  const range = withHeader(live, data);
  const spec = styled({ ...drawing(type, await sourcesOf(desk, range, type, changes)) }, changes);
  const wanted = placeOf(live, changes);
  const place = wanted ?? besides(range);
  const covers = wanted === undefined && (range.grid.endColumn ?? range.sheet.columns) >= range.sheet.columns;
  const chartId = desk.newId();
  const position = place === NEW_SHEET ? undefined : cellText(place);
  const answer: ChartSet = {
    status: 'applied',
    chartId,
    ...(position !== undefined && { position }),
    ...(covers && { warnings: ['There is no column beside the data: the chart covers cells of it.'] }),
  };
  return apply<ChartSet>(desk, {
    requests: [{ addChart: { chart: { chartId, spec, position: positionOf(place, changes) } } }],
    answer,
    sheets: [range.sheet],
    told: (reply) => ({ ...answer, ...ownSheet(reply, addedChart.safeParse(reply.replies[0]?.addChart).data?.chart) }),
  });
}

const object = z.object({ position: z.object({ sheetId: z.number().optional() }).prefault({}) });
const addedChart = z.object({ chart: object });

async function updateChart(desk: Desk, live: Spreadsheet, changes: ChartChanges, id: number): Promise<ChartSet> {
  const sheet = findChart(live, id);
  const { type, data, domain, series, title, legend, stacked, xTitle, yTitle, widthPixels, heightPixels } = changes;
  const given = (...values: unknown[]) => values.some((value) => value !== undefined);
  const place = placeOf(live, changes);
  const isAlone = place === NEW_SHEET || (!place && sheet.reply.properties.sheetType !== 'GRID');
  if (isAlone && given(widthPixels, heightPixels)) throw noSize();
  if (data === undefined && given(domain, series)) {
    throw invalid('domain and series choose columns of data, and data is not given.', 'Give data as well.');
  }
  const requests: Request[] = [];
  if (given(type, data, title, legend, stacked, xTitle, yTitle)) {
    const old = await readSpec(desk, id);
    const spec = given(type, data) ? await redraw(desk, live, changes, old) : old;
    requests.push({ updateChartSpec: { chartId: id, spec: styled(spec, changes) } });
  }
  if (place || given(widthPixels, heightPixels)) requests.push(moveRequest(id, place, changes));
  if (requests.length === 0) {
    throw invalid('Nothing is given to change.', 'Give what is to be another: type, data, title, position.');
  }
  const position = place && place !== NEW_SHEET ? cellText(place) : undefined;
  const answer: ChartSet = { status: 'applied', chartId: id, ...(position !== undefined && { position }) };
  return apply<ChartSet>(desk, {
    requests,
    answer,
    sheets: [sheet],
    told: (reply) => {
      const moved = reply.replies.at(-1)?.updateEmbeddedObjectPosition;
      return { ...answer, ...ownSheet(reply, object.safeParse(moved).data) };
    },
  });
}

/** The sheet of the chart. Throws `not_found` with those there are. */
export function findChart({ sheets }: Spreadsheet, id: string | number): Sheet {
  const found = sheets.find(({ reply }) => reply.charts.some(({ chartId }) => String(chartId) === String(id)));
  if (found) return found;
  const all = sheets.flatMap(({ title, reply }) => reply.charts.map((chart) => ({ title, chart })));
  throw noSuch(
    'chart',
    id,
    all.map(({ title, chart }) => ({ name: String(chart.chartId), text: `${chartText(chart)} on ${title}` })),
  );
}

const specsReply = z.object({
  sheets: z
    .array(z.object({ charts: z.array(z.object({ chartId: z.number(), spec: chartSpec })).default([]) }))
    .default([]),
});

/** All that the chart shows: a change of it is told to Google as a whole. */
async function readSpec({ google, spreadsheet: { id } }: Desk, chartId: number): Promise<ChartSpec> {
  const params = { spreadsheetId: id, fields: 'sheets.charts(chartId,spec)' };
  const reply = await google('spreadsheets.get', id, params, { live: true });
  const charts = decode(specsReply, reply, 'spreadsheets.get').sheets.flatMap((sheet) => sheet.charts);
  const found = charts.find((chart) => chart.chartId === chartId);
  if (!found) throw noSuch('chart', chartId, []);
  return found.spec;
}

async function redraw(desk: Desk, live: Spreadsheet, changes: ChartChanges, old: ChartSpec): Promise<ChartSpec> {
  const before = drawn(old);
  const { data, type = before?.type } = changes;
  if (type === undefined) throw invalid('type: the kind of this chart is not drawn here.', 'Give type and data.');
  if (data !== undefined) return redrawn(old, type, await sourcesOf(desk, withHeader(live, data), type, changes));
  if (!before) throw invalid('data: what this kind of chart shows is not known here.', 'Give data as well.');
  return redrawn(old, type, before.sources);
}

interface Cell {
  readonly sheet: Sheet;
  /** Zero-based. */
  readonly row: number;
  readonly column: number;
}

function placeOf(live: Spreadsheet, { position }: ChartChanges): Cell | typeof NEW_SHEET | undefined {
  if (position === undefined) return undefined;
  return position.trim().toLowerCase() === NEW_SHEET ? NEW_SHEET : findCell(live, position, 'position');
}

/** Right of the data where the sheet has a column there, else over its last column. */
function besides({ sheet, grid: { startRow = 0, endColumn = sheet.columns } }: Resolved): Cell {
  return { sheet, row: startRow, column: Math.min(endColumn, sheet.columns - 1) };
}

function overlayOf(cell: Cell | undefined, { widthPixels, heightPixels }: ChartChanges): Request {
  return {
    ...(cell && { anchorCell: { sheetId: cell.sheet.sheetId, rowIndex: cell.row, columnIndex: cell.column } }),
    ...(widthPixels !== undefined && { widthPixels }),
    ...(heightPixels !== undefined && { heightPixels }),
  };
}

function positionOf(place: Cell | typeof NEW_SHEET, changes: ChartChanges): Request {
  if (place !== NEW_SHEET) return { overlayPosition: overlayOf(place, changes) };
  if (changes.widthPixels === undefined && changes.heightPixels === undefined) return { newSheet: true };
  throw noSize();
}

function noSize() {
  return invalid('width and height are for charts over cells: one on a sheet of its own fills it.');
}

function moveRequest(objectId: number, place: ReturnType<typeof placeOf>, changes: ChartChanges): Request {
  if (place === NEW_SHEET) {
    return { updateEmbeddedObjectPosition: { objectId, newPosition: { newSheet: true }, fields: '*' } };
  }
  const overlayPosition = overlayOf(place, changes);
  // At another cell it begins in its corner.
  const fields = [...Object.keys(overlayPosition), ...(place ? ['offsetXPixels', 'offsetYPixels'] : [])].join(',');
  return { updateEmbeddedObjectPosition: { objectId, newPosition: { overlayPosition }, fields } };
}

function cellText({ sheet: { title }, row, column }: Cell): string {
  return formatA1(title, { startRow: row, endRow: row + 1, startColumn: column, endColumn: column + 1 });
}

/** The title of the sheet that the change made for the chart alone; nothing where it made none. */
function ownSheet({ updatedSpreadsheet }: ChangedReply, placed: z.output<typeof object> | undefined) {
  const id = placed?.position.sheetId;
  const own = updatedSpreadsheet?.sheets.find(({ properties }) => properties.sheetId === id);
  return own && { position: own.properties.title };
}
