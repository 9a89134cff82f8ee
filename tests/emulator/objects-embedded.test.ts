import type { sheets_v4 } from '@googleapis/sheets';
import { expect, test } from 'vitest';
import { newSpreadsheet, openBench, refusal } from './clients.ts';

const bench = openBench();
type Request = sheets_v4.Schema$Request;

async function batch(spreadsheetId: string, ...requests: Request[]) {
  return (await bench.sheets.spreadsheets.batchUpdate({ spreadsheetId, requestBody: { requests } })).data.replies;
}

async function sheetsOf(spreadsheetId: string) {
  return (await bench.sheets.spreadsheets.get({ spreadsheetId })).data.sheets ?? [];
}

const twoSheets = () =>
  newSpreadsheet(bench, [
    { properties: { sheetId: 0, title: 'Data', gridProperties: { rowCount: 20, columnCount: 6 } } },
    { properties: { sheetId: 7, title: 'Other', gridProperties: { rowCount: 10, columnCount: 5 } } },
  ]);
const column = (index: number, rows = 5, sheetId = 0) => ({
  sheetId,
  startRowIndex: 0,
  endRowIndex: rows,
  startColumnIndex: index,
  endColumnIndex: index + 1,
});
const from = (...sources: sheets_v4.Schema$GridRange[]) => ({ sourceRange: { sources } });
const spec = (title = 'Amounts'): sheets_v4.Schema$ChartSpec => ({
  title,
  basicChart: { chartType: 'COLUMN', domains: [{ domain: from(column(0)) }], series: [{ series: from(column(1)) }] },
});
const over = (rowIndex = 0, columnIndex = 0, sheetId = 0) => ({
  overlayPosition: { anchorCell: { sheetId, rowIndex, columnIndex } },
});
const printed = ({ sheetId: _, ...bounds }: ReturnType<typeof column>) => bounds;

test('a chart over a grid has the default size and is listed by its sheet', async () => {
  const id = await twoSheets();
  const replies = await batch(id, { addChart: { chart: { chartId: 5, spec: spec(), position: over(2, 0, 7) } } });
  const chart = {
    chartId: 5,
    spec: {
      title: 'Amounts',
      basicChart: {
        chartType: 'COLUMN',
        domains: [{ domain: from(printed(column(0))) }],
        series: [{ series: from(printed(column(1))) }],
      },
      hiddenDimensionStrategy: 'SKIP_HIDDEN_ROWS_AND_COLUMNS',
    },
    position: { overlayPosition: { anchorCell: { sheetId: 7, rowIndex: 2 }, widthPixels: 600, heightPixels: 371 } },
  };
  expect(replies).toEqual([{ addChart: { chart } }]);
  const [data, other] = await sheetsOf(id);
  expect([data?.charts, other?.charts]).toEqual([undefined, [chart]]);
});

test('a chart on a sheet of its own: the sheet has no grid, and goes with the chart', async () => {
  const id = await twoSheets();
  const replies = await batch(id, { addChart: { chart: { spec: spec(), position: { newSheet: true } } } });
  const { chartId = 0, position } = replies?.[0]?.addChart?.chart ?? {};
  const own = (await sheetsOf(id))[2];
  expect(own?.properties).toEqual({ sheetId: position?.sheetId, title: 'Chart1', index: 2, sheetType: 'OBJECT' });
  expect(own?.charts).toMatchObject([{ chartId, position: { sheetId: position?.sheetId } }]);
  const whole = await bench.sheets.spreadsheets.get({ spreadsheetId: id, includeGridData: true });
  expect(whole.data.sheets?.map((sheet) => 'data' in sheet)).toEqual([true, true, false]);
  const values = bench.sheets.spreadsheets.values.get({ spreadsheetId: id, range: 'Chart1' });
  expect((await refusal(values)).message).toBe('Unable to parse range: Chart1');
  const rename = { properties: { sheetId: position?.sheetId ?? 0, title: 'Mine' }, fields: 'title' };
  await batch(id, { updateSheetProperties: rename });
  expect((await sheetsOf(id))[2]?.properties).toMatchObject({ title: 'Mine', sheetType: 'OBJECT' });
  await batch(id, {
    updateEmbeddedObjectPosition: { objectId: chartId ?? 0, newPosition: over(1, 1, 7), fields: 'anchorCell' },
  });
  expect((await sheetsOf(id)).map(({ charts = [] }) => charts.length)).toEqual([0, 1]);
  await batch(id, { updateEmbeddedObjectPosition: { objectId: chartId ?? 0, newPosition: { sheetId: 99 } } });
  expect((await sheetsOf(id))[2]?.properties?.sheetId).toBe(99);
  await batch(id, { deleteEmbeddedObject: { objectId: chartId ?? 0 } });
  expect(await sheetsOf(id)).toHaveLength(2);
});

test('moving takes what the mask covers, between sheets too', async () => {
  const id = await twoSheets();
  const wide = { overlayPosition: { ...over(3, 1).overlayPosition, widthPixels: 300, offsetXPixels: 4 } };
  await batch(id, { addChart: { chart: { chartId: 5, spec: spec(), position: wide } } });
  const move = (fields: string, newPosition: sheets_v4.Schema$EmbeddedObjectPosition): Request => ({
    updateEmbeddedObjectPosition: { objectId: 5, fields, newPosition },
  });
  expect(await batch(id, move('anchorCell', { overlayPosition: { anchorCell: { sheetId: 7, rowIndex: 1 } } }))).toEqual(
    [
      {
        updateEmbeddedObjectPosition: {
          position: {
            overlayPosition: {
              anchorCell: { sheetId: 7, rowIndex: 1 },
              offsetXPixels: 4,
              widthPixels: 300,
              heightPixels: 371,
            },
          },
        },
      },
    ],
  );
  expect((await sheetsOf(id)).map(({ charts = [] }) => charts.length)).toEqual([0, 1]);
  await batch(id, move('*', over(2, 2)));
  expect((await sheetsOf(id))[0]?.charts?.[0]?.position).toEqual({
    overlayPosition: { anchorCell: { rowIndex: 2, columnIndex: 2 }, widthPixels: 600, heightPixels: 371 },
  });
});

test('a specification is replaced whole; a border by its mask', async () => {
  const id = await twoSheets();
  await batch(id, { addChart: { chart: { chartId: 5, spec: { ...spec(), altText: 'bars' }, position: over() } } });
  await batch(
    id,
    { updateChartSpec: { chartId: 5, spec: { pieChart: { domain: from(column(0)), series: from(column(1)) } } } },
    {
      updateEmbeddedObjectBorder: {
        objectId: 5,
        border: { colorStyle: { rgbColor: { red: 1 } } },
        fields: 'colorStyle',
      },
    },
  );
  const chart = (await sheetsOf(id))[0]?.charts?.[0];
  expect(Object.keys(chart?.spec ?? {}).sort()).toEqual(['hiddenDimensionStrategy', 'pieChart']);
  expect(chart?.border).toEqual({ color: { red: 1 }, colorStyle: { rgbColor: { red: 1 } } });
});

test('slicers are added, changed by mask, moved and deleted', async () => {
  const id = await twoSheets();
  const dataRange = { ...column(0), endColumnIndex: 3 };
  const slicer = { slicerId: 6, spec: { dataRange, columnIndex: 1, title: 'Town' }, position: over(0, 4) };
  expect(await batch(id, { addSlicer: { slicer } })).toMatchObject([
    {
      addSlicer: {
        slicer: { slicerId: 6, spec: { columnIndex: 1, dataRange: { ...printed(column(0)), endColumnIndex: 3 } } },
      },
    },
  ]);
  const criteria = { hiddenValues: ['Bonn'] };
  await batch(id, { updateSlicerSpec: { slicerId: 6, spec: { filterCriteria: criteria }, fields: 'filterCriteria' } });
  expect((await sheetsOf(id))[0]?.slicers).toMatchObject([{ spec: { title: 'Town', filterCriteria: criteria } }]);
  await batch(id, { deleteEmbeddedObject: { objectId: 6 } });
  expect((await sheetsOf(id))[0]?.slicers).toBeUndefined();
});

const NO_KIND =
  'One of basicChart, pieChart, bubbleChart, candelstickChart, histogramChart, or orgChart must be set on chartSpec.';
const chart = (more: sheets_v4.Schema$EmbeddedChart): Request => ({
  addChart: { chart: { spec: spec(), position: over(), ...more } },
});
const basic = (more: sheets_v4.Schema$BasicChartSpec): Request =>
  chart({ spec: { basicChart: { ...spec().basicChart, ...more } } });

test.each<[string, string, Request]>([
  ['no kind', `addChart: ${NO_KIND}`, chart({ spec: { title: 'x' } })],
  ['a title alone', `updateChartSpec: ${NO_KIND}`, { updateChartSpec: { chartId: 5, spec: { title: 'x' } } }],
  [
    'no position',
    'addChart: One of EmbeddedObjectPosition.overlayPosition or EmbeddedObjectPosition.sheetId must be set',
    { addChart: { chart: { spec: spec() } } },
  ],
  [
    'a block as a series',
    'addChart: ChartSourceRange ranges require all rows or all columns to have length of 1',
    basic({ series: [{ series: from({ ...column(1), endColumnIndex: 3 }) }] }),
  ],
  ['an unknown grid', 'addChart: No grid with id: 99', basic({ series: [{ series: from(column(1, 5, 99)) }] })],
  [
    'sources that do not fit',
    'addChart: The domain and all series must have the same number of source ranges.',
    basic({ series: [{ series: from(column(1), column(2)) }] }),
  ],
  ['nothing to draw', 'addChart: basicChart must have a domain or a series.', basic({ domains: [], series: [] })],
  ['no type', 'addChart: No chartType specified.', basic({ chartType: 'BASIC_CHART_TYPE_UNSPECIFIED' })],
  ['a used id', 'addChart: Cannot add chart with id: 5, a chart with that id already exists.', chart({ chartId: 5 })],
  [
    'an anchor beyond the grid',
    'addChart: GridCoordinate.rowIndex[20] is after last row in grid[19]',
    chart({ position: over(20) }),
  ],
  ['a used sheet id', 'addChart: Sheet with id 7 already exists.', chart({ position: { sheetId: 7 } })],
  ['an unknown chart', 'updateChartSpec: No chart with id: 8', { updateChartSpec: { chartId: 8, spec: spec() } }],
  [
    'an unknown object',
    'deleteEmbeddedObject: No embedded object with id: 8',
    { deleteEmbeddedObject: { objectId: 8 } },
  ],
  [
    'a move without fields',
    "updateEmbeddedObjectPosition: At least one field must be listed in 'fields'. (Use '*' to indicate all fields.)",
    { updateEmbeddedObjectPosition: { objectId: 5, newPosition: over(1) } },
  ],
  [
    'a slicer column outside',
    'addSlicer: Slicer column must be within range bounds',
    { addSlicer: { slicer: { spec: { dataRange: column(0), columnIndex: 1 }, position: over() } } },
  ],
  [
    'a slicer without data',
    'addSlicer: No range specified.',
    { addSlicer: { slicer: { spec: { title: 'x' }, position: over() } } },
  ],
  [
    'an unknown slicer',
    'updateSlicerSpec: No slicer with id: 5',
    { updateSlicerSpec: { slicerId: 5, fields: 'title' } },
  ],
  [
    'a data source',
    'addDataSource: this backend has no data sources, and addDataSource is about one in BigQuery.',
    { addDataSource: { dataSource: {} } },
  ],
])('refused: %s', async (_, message, request) => {
  const id = await twoSheets();
  await batch(id, { addChart: { chart: { chartId: 5, spec: spec(), position: over() } } });
  const before = await sheetsOf(id);
  expect(await refusal(batch(id, request))).toEqual({ status: 400, message: `Invalid requests[0].${message}` });
  expect(await sheetsOf(id)).toEqual(before);
});

test('two kinds of chart, two places and two kinds of value are refused by the parser', async () => {
  const id = await twoSheets();
  const both = { ...spec(), pieChart: {} };
  expect((await refusal(batch(id, chart({ spec: both })))).message).toBe(
    "Invalid value at 'requests[0].add_chart.chart.spec' (oneof), oneof field 'chart' is already set. Cannot set 'pieChart'",
  );
  expect((await refusal(batch(id, chart({ position: { ...over(), newSheet: true } })))).message).toContain(
    "oneof field 'location' is already set. Cannot set 'newSheet'",
  );
});
