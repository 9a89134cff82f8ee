// What a chart shows, as the API has it: built from ranges of cells, taken apart again when a chart changes its type,
// and altered. Pure.

import { z } from 'zod';
import { invalid } from '../errors.ts';
import { type GridRange, gridRange } from './decode.ts';

const BASIC_TYPES = ['column', 'bar', 'line', 'area', 'stepped_area', 'scatter', 'combo'] as const;
export const CHART_TYPES = [...BASIC_TYPES, 'pie', 'doughnut', 'histogram', 'waterfall'] as const;
export type ChartType = (typeof CHART_TYPES)[number];

/** How the series of a combo are drawn. */
export const SERIES_TYPES = ['column', 'line', 'area', 'stepped_area'] as const;
export const LEGENDS = ['bottom', 'left', 'right', 'top', 'none'] as const;

/** As Google draws a doughnut that somebody makes by hand. */
const DOUGHNUT_HOLE = 0.5;

const part = z.looseObject({ sourceRange: z.looseObject({ sources: z.array(gridRange).default([]) }).optional() });
export type ChartData = z.output<typeof part>;

/** As far as it is read; what else it says stays as it is. */
export const chartSpec = z.looseObject({
  title: z.string().optional(),
  basicChart: z
    .looseObject({
      chartType: z.string().default(''),
      headerCount: z.number().default(0),
      domains: z.array(z.looseObject({ domain: part })).default([]),
      series: z
        .array(
          z.looseObject({
            series: part,
            type: z.string().optional(),
            targetAxis: z.string().optional(),
            color: z.unknown().optional(),
            colorStyle: z.unknown().optional(),
          }),
        )
        .default([]),
      axis: z.array(z.looseObject({ position: z.string().default('') })).default([]),
    })
    .optional(),
  pieChart: z.looseObject({ domain: part, series: part }).optional(),
  histogramChart: z.looseObject({ series: z.array(z.looseObject({ data: part })).default([]) }).optional(),
  waterfallChart: z
    .looseObject({
      domain: z.looseObject({ data: part }),
      series: z.array(z.looseObject({ data: part })).default([]),
    })
    .optional(),
});
export type ChartSpec = z.output<typeof chartSpec>;

export interface Series {
  readonly data: ChartData;
  readonly type?: (typeof SERIES_TYPES)[number] | undefined;
  readonly axis?: 'left' | 'right' | undefined;
  /** Of a series that is there: its colour, as the API has it. */
  readonly look?: object | undefined;
}

export interface Sources {
  readonly domain?: ChartData | undefined;
  /** One at least. */
  readonly series: readonly Series[];
  /** Header cells at the start of each. */
  readonly headers: number;
}

export interface ChartStyle {
  /** Empty takes it away, as it does the titles of axes. */
  readonly title?: string | undefined;
  readonly legend?: (typeof LEGENDS)[number] | undefined;
  readonly stacked?: boolean | undefined;
  /** Titles of the axes at the bottom and at the left. */
  readonly xTitle?: string | undefined;
  readonly yTitle?: string | undefined;
}

export function chartData(range: GridRange): ChartData {
  return { sourceRange: { sources: [range] } };
}

function isBasic(type: ChartType): type is (typeof BASIC_TYPES)[number] {
  return BASIC_TYPES.some((one) => one === type);
}

/** The part of a spec that says what is drawn. Throws `invalid_argument` for what the type cannot draw. */
export function drawing(type: ChartType, { domain, series, headers }: Sources): Partial<ChartSpec> {
  if (series.some((one) => one.type !== undefined) && type !== 'combo') {
    throw invalid(`series: only a combo draws its series in several ways, and this is a ${type}.`);
  }
  if (isBasic(type)) {
    return {
      basicChart: {
        chartType: type.toUpperCase(),
        headerCount: headers,
        legendPosition: 'BOTTOM_LEGEND',
        domains: domain ? [{ domain }] : [],
        series: series.map((one, index) => ({
          ...one.look,
          series: one.data,
          targetAxis: type === 'bar' ? 'BOTTOM_AXIS' : one.axis === 'right' ? 'RIGHT_AXIS' : 'LEFT_AXIS',
          ...(type === 'combo' && { type: (one.type ?? usualType(index, series.length)).toUpperCase() }),
        })),
        axis: [],
      },
    };
  }
  if (series.some((one) => one.axis === 'right')) throw invalid(`series: a ${type} chart has no axis at the right.`);
  if (type === 'histogram') return { histogramChart: { series: series.map(({ data }) => ({ data })) } };
  if (!domain) throw invalid(`data: a ${type} chart needs two columns, labels and values.`);
  // These kinds are not told of headers, and would draw them.
  const labels = body(domain, headers);
  const values = series.map(({ data }) => ({ data: body(data, headers) }));
  if (type === 'waterfall') return { waterfallChart: { domain: { data: labels }, series: values } };
  const [first, second] = values;
  if (second || !first) throw invalid(`data: a ${type} chart shows one column of values.`, 'Name it by series.');
  const hole = type === 'doughnut' && { pieHole: DOUGHNUT_HOLE };
  return { pieChart: { legendPosition: 'RIGHT_LEGEND', domain: labels, series: first.data, ...hole } };
}

/** Without the header cells at the start of a column, or of a row. */
function body(data: ChartData, headers: number): ChartData {
  const sources = data.sourceRange?.sources.map((range) => {
    const { startRowIndex = 0, startColumnIndex = 0, endColumnIndex } = range;
    return endColumnIndex === startColumnIndex + 1
      ? { ...range, startRowIndex: startRowIndex + headers }
      : { ...range, startColumnIndex: startColumnIndex + headers };
  });
  return sources ? { ...data, sourceRange: { ...data.sourceRange, sources } } : data;
}

/** Columns and one line, the last series. */
function usualType(index: number, count: number): (typeof SERIES_TYPES)[number] {
  return index > 0 && index === count - 1 ? 'line' : 'column';
}

/** The type of a chart and what it draws; undefined for kinds that are not in CHART_TYPES. */
export function drawn(spec: ChartSpec): { readonly type: ChartType; readonly sources: Sources } | undefined {
  const { basicChart, pieChart, histogramChart, waterfallChart } = spec;
  if (basicChart) {
    const type = BASIC_TYPES.find((one) => one.toUpperCase() === basicChart.chartType);
    const series = basicChart.series.map(
      ({ color, colorStyle, ...one }): Series => ({
        data: one.series,
        look: { ...(color !== undefined && { color }), ...(colorStyle !== undefined && { colorStyle }) },
        type: SERIES_TYPES.find((name) => name.toUpperCase() === one.type),
        axis: one.targetAxis === 'RIGHT_AXIS' ? 'right' : 'left',
      }),
    );
    return (
      type && { type, sources: { domain: basicChart.domains[0]?.domain, series, headers: basicChart.headerCount } }
    );
  }
  if (pieChart) {
    const type = Number(pieChart.pieHole ?? 0) > 0 ? 'doughnut' : 'pie';
    return { type, sources: { domain: pieChart.domain, series: [{ data: pieChart.series }], headers: 0 } };
  }
  if (histogramChart) return { type: 'histogram', sources: { series: histogramChart.series, headers: 1 } };
  if (waterfallChart) {
    const { domain, series } = waterfallChart;
    return { type: 'waterfall', sources: { domain: domain.data, series, headers: 0 } };
  }
  return undefined;
}

/** The spec with another drawing in the place of its own. What both kinds know, such as the legend, stays. */
export function redrawn(spec: ChartSpec, type: ChartType, sources: Sources): ChartSpec {
  const series = sources.series.map(
    (one): Series => ({
      data: one.data,
      look: one.look,
      ...(isBasic(type) && type !== 'bar' && { axis: one.axis }),
      ...(type === 'combo' && { type: one.type }),
    }),
  );
  const next = drawing(type, { ...sources, series });
  const { basicChart } = spec;
  // Its kind is told by the one part of that name.
  const rest = Object.fromEntries(Object.entries(spec).filter(([name]) => !name.endsWith('Chart')));
  if (!next.basicChart || !basicChart) return { ...rest, ...next };
  const { stackedType, ...old } = basicChart;
  const turned = (type === 'bar') !== (old.chartType === 'BAR');
  const kept = {
    axis: turned ? old.axis.map(turn) : old.axis,
    ...(old.legendPosition !== undefined && { legendPosition: old.legendPosition }),
    ...(stackedType !== undefined && !UNSTACKED.test(type) && { stackedType }),
  };
  return { ...rest, basicChart: { ...old, ...next.basicChart, ...kept } };
}

const UNSTACKED = /^(line|scatter)$/i;

/** The axis of a bar chart for that of the others, and back. */
function turn<A extends { position: string }>(axis: A): A {
  const to: Readonly<Record<string, string>> = { BOTTOM_AXIS: 'LEFT_AXIS', LEFT_AXIS: 'BOTTOM_AXIS' };
  return { ...axis, position: to[axis.position] ?? axis.position };
}

/** The spec with what is given of a style. Throws `invalid_argument` for what its kind of chart does not have. */
export function styled(spec: ChartSpec, { title, legend, stacked, xTitle, yTitle }: ChartStyle): ChartSpec {
  const next: ChartSpec = { ...spec };
  if (title === '') delete next.title;
  else if (title !== undefined) next.title = title;
  if (legend !== undefined) {
    const legendPosition = legend === 'none' ? 'NO_LEGEND' : `${legend.toUpperCase()}_LEGEND`;
    const kind = (['basicChart', 'pieChart', 'histogramChart'] as const).find((name) => spec[name]);
    if (!kind) throw invalid('legend: this kind of chart has none that can be placed.');
    Object.assign(next, { [kind]: { ...spec[kind], legendPosition } });
  }
  if (stacked === undefined && xTitle === undefined && yTitle === undefined) return next;
  const { basicChart } = next;
  if (!basicChart) throw invalid('stacked, xTitle and yTitle are for charts with axes, which this is not.');
  if (stacked && UNSTACKED.test(basicChart.chartType)) {
    throw invalid(`stacked: a ${basicChart.chartType.toLowerCase()} chart is not stacked.`);
  }
  const axis = titled(titled(basicChart.axis, 'BOTTOM_AXIS', xTitle), 'LEFT_AXIS', yTitle);
  next.basicChart = {
    ...basicChart,
    axis,
    ...(stacked !== undefined && { stackedType: stacked ? 'STACKED' : 'NOT_STACKED' }),
  };
  return next;
}

type Axis = NonNullable<ChartSpec['basicChart']>['axis'];

function titled(axes: Axis, position: string, title: string | undefined): Axis {
  if (title === undefined) return axes;
  const { title: _, ...own } = axes.find((axis) => axis.position === position) ?? { position };
  return [...axes.filter((axis) => axis.position !== position), { ...own, ...(title !== '' && { title }) }];
}
