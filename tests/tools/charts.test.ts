// Charts through the front door: drawn from ranges, read back, changed where something is given, refused in words.

import { describe, expect, test } from 'vitest';
import { type Bench, objectBench } from '../support/objects.ts';

const SALES = [
  ['month', 'sales', 'costs', 'margin'],
  ['Jan', 10, 6, 0.4],
  ['Feb', 14, 9, 0.35],
  ['Mar', 9, 7, 0.2],
];

const specs = async ({ raw }: Bench) => {
  const { sheets } = await raw('sheets.charts(chartId,spec,position)');
  return sheets.flatMap((sheet: { charts?: unknown[] }) => sheet.charts ?? []);
};
/** Zero-based columns of the ranges that a part of a spec draws, with the rows of the first. */
const columnsOf = (part: unknown): string[] =>
  [...JSON.stringify(part).matchAll(/"startRowIndex":(\d+),"endRowIndex":(\d+),"startColumnIndex":(\d+)/g)].map(
    ([, from, to, column]) => `${'ABCDEF'[Number(column)]}${Number(from) + 1}:${to}`,
  );

describe('a new chart', () => {
  test('draws the first column against the others, beside its data, and is described', async () => {
    const bench = await objectBench(SALES);
    const answer = await bench.call('set_chart', { type: 'column', data: 'S!A1:C4', title: 'Sales' });
    expect(answer).toEqual({ status: 'applied', chartId: expect.any(Number), position: "'S'!D1" });
    const [{ spec, position, chartId }] = await specs(bench);
    expect(chartId).toBe(answer.chartId);
    expect(spec).toMatchObject({ title: 'Sales', basicChart: { chartType: 'COLUMN', headerCount: 1 } });
    expect(columnsOf(spec.basicChart.domains)).toEqual(['A1:4']);
    expect(columnsOf(spec.basicChart.series)).toEqual(['B1:4', 'C1:4']);
    expect(position.overlayPosition.anchorCell).toEqual({ sheetId: 7, columnIndex: 3 });
    expect((await bench.described()).charts).toEqual([`${chartId}: column "Sales" at D1`]);
  });

  test.each([
    ['bar', 'BAR', ['BOTTOM_AXIS', 'BOTTOM_AXIS']],
    ['line', 'LINE', ['LEFT_AXIS', 'LEFT_AXIS']],
    ['area', 'AREA', ['LEFT_AXIS', 'LEFT_AXIS']],
    ['stepped_area', 'STEPPED_AREA', ['LEFT_AXIS', 'LEFT_AXIS']],
    ['scatter', 'SCATTER', ['LEFT_AXIS', 'LEFT_AXIS']],
  ])('of type %s', async (type, chartType, axes) => {
    const bench = await objectBench(SALES);
    await bench.call('set_chart', { type, data: 'S!A1:C4' });
    const [{ spec }] = await specs(bench);
    expect(spec.basicChart.chartType).toBe(chartType);
    expect(spec.basicChart.series.map((one: { targetAxis: string }) => one.targetAxis)).toEqual(axes);
    expect((await bench.described()).charts[0]).toMatch(new RegExp(`^\\d+: ${type} at D1$`));
  });

  test('of type pie, doughnut, histogram and waterfall', async () => {
    const bench = await objectBench(SALES);
    for (const type of ['pie', 'doughnut', 'waterfall', 'histogram']) {
      expect(await bench.call('set_chart', { type, data: 'S!A1:B4' })).toMatchObject({ status: 'applied' });
    }
    expect(await bench.call('set_chart', { type: 'histogram', data: 'S!D1:D4' })).toMatchObject({ status: 'applied' });
    const [pie, doughnut, waterfall, histogram, lone] = (await specs(bench)).map(({ spec }: { spec: object }) => spec);
    // Kinds that are not told of headers do not get them.
    expect([columnsOf(pie.pieChart.domain), columnsOf(pie.pieChart.series)]).toEqual([['A2:4'], ['B2:4']]);
    expect(doughnut.pieChart).toMatchObject({ pieHole: 0.5 });
    expect(columnsOf(waterfall.waterfallChart)).toEqual(['A2:4', 'B2:4']);
    expect(columnsOf(histogram.histogramChart)).toEqual(['B1:4']);
    expect(columnsOf(lone.histogramChart)).toEqual(['D1:4']);
    const kinds = (await bench.described()).charts.map((text: string) => text.split(' ')[1]);
    expect(kinds).toEqual(['pie', 'pie', 'waterfall', 'histogram', 'histogram']);
  });

  test('takes columns by header and letter, with types and axes of a combo, and styles', async () => {
    const bench = await objectBench(SALES);
    const combo = {
      type: 'combo',
      data: 'S!A1:D4',
      domain: 'month',
      series: ['B', { column: 'margin', type: 'line', axis: 'right' }],
      xTitle: 'Month',
      yTitle: 'EUR',
      legend: 'top',
      position: 'S!F2',
      width: 500,
      height: 300,
    };
    expect(await bench.call('set_chart', combo)).toMatchObject({ status: 'applied', position: "'S'!F2" });
    const [{ spec, position }] = await specs(bench);
    expect(spec.basicChart).toMatchObject({
      legendPosition: 'TOP_LEGEND',
      axis: [
        { position: 'BOTTOM_AXIS', title: 'Month' },
        { position: 'LEFT_AXIS', title: 'EUR' },
      ],
      series: [
        { targetAxis: 'LEFT_AXIS', type: 'COLUMN' },
        { targetAxis: 'RIGHT_AXIS', type: 'LINE' },
      ],
    });
    expect(columnsOf(spec.basicChart.series)).toEqual(['B1:4', 'D1:4']);
    expect(position.overlayPosition).toMatchObject({ widthPixels: 500, heightPixels: 300 });
  });

  test('of a combo draws the last series as a line when nothing is said', async () => {
    const bench = await objectBench(SALES);
    await bench.call('set_chart', { type: 'combo', data: 'S!A1:D4', stacked: true });
    const [{ spec }] = await specs(bench);
    expect(spec.basicChart).toMatchObject({
      stackedType: 'STACKED',
      series: [{ type: 'COLUMN' }, { type: 'COLUMN' }, { type: 'LINE' }],
    });
  });

  test('of a whole sheet takes the columns that have a header, of a table column its header too', async () => {
    const bench = await objectBench(SALES);
    await bench.call('set_chart', { type: 'line', data: 'S' });
    expect(columnsOf((await specs(bench))[0].spec.basicChart.series)).toEqual(['B1:1000', 'C1:1000', 'D1:1000']);
    await bench.call('set_table', { range: 'S!A1:D4', name: 'Sales' });
    await bench.call('set_chart', { type: 'histogram', data: 'Sales[costs]' });
    expect(columnsOf((await specs(bench))[1].spec.histogramChart)).toEqual(['C1:4']);
  });

  test('stands on a sheet of its own, or over the last column where there is none beside the data', async () => {
    const bench = await objectBench(SALES);
    const own = await bench.call('set_chart', { type: 'line', data: 'S!A1:B4', position: 'new sheet' });
    expect(own).toMatchObject({ status: 'applied', position: 'Chart1' });
    expect((await bench.described('Chart1')).charts).toEqual([`${own.chartId}: line`]);
    await bench.update({ deleteDimension: { range: { sheetId: 7, dimension: 'COLUMNS', startIndex: 4 } } });
    expect(await bench.call('set_chart', { type: 'line', data: 'S!A1:D4' })).toMatchObject({
      position: "'S'!D1",
      warnings: [expect.stringMatching(/no column beside the data/)],
    });
  });
});

describe('a chart that is there', () => {
  async function drawn() {
    const bench = await objectBench(SALES);
    const { chartId } = await bench.call('set_chart', {
      type: 'column',
      data: 'S!A1:C4',
      title: 'Sales',
      legend: 'top',
      stacked: true,
      xTitle: 'Month',
      yTitle: 'EUR',
    });
    const change = async (input: object) => {
      expect(await bench.call('set_chart', { chartId, ...input })).toMatchObject({ status: 'applied', chartId });
      return (await specs(bench))[0];
    };
    return { bench, chartId, change, before: (await specs(bench))[0] };
  }

  test('gets another title and keeps all else, and loses it', async () => {
    const { change, before } = await drawn();
    expect(await change({ title: 'Costs' })).toEqual({ ...before, spec: { ...before.spec, title: 'Costs' } });
    const { title: _, ...rest } = before.spec;
    expect((await change({ title: '' })).spec).toEqual(rest);
  });

  test('moves, grows, goes to a sheet of its own and back, its spec untouched', async () => {
    const { bench, change, before, chartId } = await drawn();
    const moved = await change({ position: 'S!H9' });
    expect(moved.spec).toEqual(before.spec);
    expect(moved.position.overlayPosition).toMatchObject({
      anchorCell: { rowIndex: 8, columnIndex: 7 },
      widthPixels: 600,
    });
    expect((await change({ width: 900 })).position.overlayPosition).toMatchObject({
      anchorCell: { rowIndex: 8, columnIndex: 7 },
      widthPixels: 900,
    });
    expect(await bench.call('set_chart', { chartId, position: 'new sheet' })).toMatchObject({ position: 'Chart1' });
    expect(await bench.call('set_chart', { chartId, width: 900 })).toMatchObject({ code: 'invalid_argument' });
    expect((await change({ position: 'S!F1', height: 200 })).position.overlayPosition.heightPixels).toBe(200);
    expect((await bench.described()).charts).toEqual([`${chartId}: column "Sales" at F1`]);
  });

  test('draws other data in its way, and the same data in another', async () => {
    const { change } = await drawn();
    const { spec } = await change({ data: 'S!A1:D3', series: ['margin'] });
    expect(spec).toMatchObject({
      title: 'Sales',
      basicChart: { chartType: 'COLUMN', legendPosition: 'TOP_LEGEND', stackedType: 'STACKED' },
    });
    expect(columnsOf(spec.basicChart)).toEqual(['A1:3', 'D1:3']);
    const bar = (await change({ type: 'bar' })).spec.basicChart;
    expect(bar).toMatchObject({ chartType: 'BAR', stackedType: 'STACKED', series: [{ targetAxis: 'BOTTOM_AXIS' }] });
    expect(bar.axis).toEqual([
      { position: 'LEFT_AXIS', title: 'Month' },
      { position: 'BOTTOM_AXIS', title: 'EUR' },
    ]);
    const line = (await change({ type: 'line' })).spec.basicChart;
    expect(line.axis[0]).toEqual({ position: 'BOTTOM_AXIS', title: 'Month' });
    expect(line).not.toHaveProperty('stackedType');
    const pie = (await change({ type: 'pie' })).spec;
    expect([pie.title, columnsOf(pie.pieChart), pie.basicChart]).toEqual(['Sales', ['A2:3', 'D2:3'], undefined]);
    expect(columnsOf((await change({ type: 'histogram' })).spec.histogramChart)).toEqual(['D2:3']);
  });

  test('keeps the colours of its series when it is drawn in another way', async () => {
    const { bench, change, before, chartId } = await drawn();
    const { basicChart } = before.spec;
    const [first, ...others] = basicChart.series;
    const red = { ...first, colorStyle: { rgbColor: { red: 1 } } };
    const spec = { ...before.spec, basicChart: { ...basicChart, series: [red, ...others] } };
    await bench.update({ updateChartSpec: { chartId, spec } });
    const { series } = (await change({ type: 'line' })).spec.basicChart;
    expect([series[0].colorStyle, series[1].colorStyle]).toEqual([{ rgbColor: { red: 1 } }, undefined]);
  });

  test('of a kind that is not drawn here is titled and placed, and drawn anew only from data', async () => {
    const bench = await objectBench(SALES);
    const range = { sheetId: 7, startRowIndex: 1, endRowIndex: 4, startColumnIndex: 1, endColumnIndex: 2 };
    const spec = { orgChart: { labels: { sourceRange: { sources: [range] } } } };
    const anchorCell = { sheetId: 7, rowIndex: 0, columnIndex: 5 };
    await bench.update({ addChart: { chart: { chartId: 5, spec, position: { overlayPosition: { anchorCell } } } } });
    expect((await bench.described()).charts).toEqual(['5: org at F1']);
    await bench.call('set_chart', { chartId: 5, title: 'Who' });
    expect((await specs(bench))[0].spec).toMatchObject({ title: 'Who', orgChart: spec.orgChart });
    expect(await bench.call('set_chart', { chartId: 5, type: 'pie' })).toMatchObject({ code: 'invalid_argument' });
    expect(await bench.call('set_chart', { chartId: 5, legend: 'top' })).toMatchObject({ code: 'invalid_argument' });
    await bench.call('set_chart', { chartId: 5, type: 'pie', data: 'S!A1:B4' });
    expect((await specs(bench))[0].spec.orgChart).toBeUndefined();
  });

  test('that is not there is told with those there are', async () => {
    const { bench, chartId } = await drawn();
    expect(await bench.call('set_chart', { chartId: 1, title: 'x' })).toMatchObject({
      code: 'not_found',
      detail: 'There is no chart 1.',
      hint: `There are: ${chartId}: column "Sales" at D1 on S.`,
    });
  });
});

test.each<[string, object, RegExp]>([
  ['neither type nor data', {}, /needs type and data/],
  ['a type that is none', { type: 'columns', data: 'S!A1:B4' }, /type: .*"column"\|"bar"/],
  ['a sheet that is none', { type: 'line', data: 'SS!A1:B4' }, /There is no sheet "SS"/],
  [
    'a column that is none',
    { type: 'line', data: 'S!A1:D4', series: ['profit'] },
    /series\[0\]: "profit" is no column/,
  ],
  ['a letter outside', { type: 'line', data: 'S!A1:B4', domain: 'D' }, /domain: "D" is no column .* A to B/],
  ['one row', { type: 'line', data: 'S!A1:B1' }, /one row is no data/],
  ['no headers', { type: 'line', data: 'S!9:12' }, /row 9 of S has no headers/],
  ['beyond the sheet', { type: 'line', data: 'S!A1:B5000' }, /1000 rows and 26 columns/],
  ['several values of a pie', { type: 'pie', data: 'S!A1:C4' }, /one column of values/],
  ['types of a line', { type: 'line', data: 'S!A1:B4', series: [{ column: 'B', type: 'line' }] }, /only a combo/],
  ['a stack of lines', { type: 'line', data: 'S!A1:B4', stacked: true }, /is not stacked/],
  ['axes of a pie', { type: 'pie', data: 'S!A1:B4', xTitle: 'x' }, /charts with axes/],
  ['a range for a place', { type: 'line', data: 'S!A1:B4', position: 'S!F1:G9' }, /position: .* is not one cell/],
  ['a sheet for a place', { type: 'line', data: 'S!A1:B4', position: 'S' }, /position: "S" is not one cell/],
  ['a size of its own sheet', { type: 'line', data: 'S!A1:B4', position: 'new sheet', width: 99 }, /fills it/],
  ['columns of no data', { chartId: 5, series: ['B'] }, /no chart 5/],
  [
    'an unknown key',
    { type: 'line', data: 'S!A1:B4', seris: ['B'] },
    /unknown key "seris" \(did you mean "series"\?\)/,
  ],
])('%s: refused, and nothing is drawn', async (_, input, says) => {
  const bench = await objectBench(SALES);
  expect((await bench.call('set_chart', input)).detail).toMatch(says);
  expect([bench.world.writes(), await specs(bench)]).toEqual([[], []]);
});
