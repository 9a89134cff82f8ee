// What a chart's specification must be before it is kept: one type, sources that lie on grids and fit together.
// Alters nothing.

import { rangeOf } from './areas.ts';
import { pairColors } from './colors.ts';
import { invalid } from './errors.ts';
import type { ChartData } from './messages/chart-parts.ts';
import { CHART_KINDS, type ChartSpec } from './messages/charts.ts';
import { resolveGridRange } from './ranges.ts';
import type { Book } from './workbook.ts';

/** As Google spells it. */
const NO_KIND =
  'One of basicChart, pieChart, bubbleChart, candelstickChart, histogramChart, or orgChart must be set on chartSpec.';

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

type Range = ReturnType<typeof rangeOf>;

/** The ranges of one domain or series, closed: all are single columns, or all are single rows. */
function checkedSources(book: Book, sources: readonly object[]): Range[] {
  if (sources.length === 0) throw invalid('ChartSourceRange.sources must not be empty.');
  const ranges = sources.map((source) => {
    const { sheet, rect } = resolveGridRange(book, source);
    return rangeOf(sheet, rect);
  });
  const rows = ranges.every((range) => range.endRowIndex - range.startRowIndex === 1);
  const columns = ranges.every((range) => range.endColumnIndex - range.startColumnIndex === 1);
  if (!rows && !columns) {
    throw invalid('ChartSourceRange ranges require all rows or all columns to have length of 1');
  }
  return ranges;
}

/** A copy with every `sourceRange` in it checked and closed; each is told to `seen`. */
function withSources(book: Book, value: unknown, seen: (ranges: Range[]) => void): unknown {
  if (Array.isArray(value)) return value.map((each) => withSources(book, each, seen));
  if (!isObject(value)) return value;
  const copy: Record<string, unknown> = {};
  for (const [name, part] of Object.entries(value)) {
    if (name === 'columnReference') throw invalid('this backend has no data source charts.');
    if (name === 'sourceRange' && isObject(part)) {
      const sources = checkedSources(book, Array.isArray(part.sources) ? part.sources : []);
      seen(sources);
      copy.sourceRange = { sources };
    } else copy[name] = withSources(book, part, seen);
  }
  return copy;
}

function need(part: ChartData | undefined, name: string): void {
  if (!part?.sourceRange) throw invalid(`${name} must be specified.`);
}

/** What each type cannot be drawn without. */
function checkParts(spec: ChartSpec): void {
  const { basicChart, pieChart, bubbleChart, candlestickChart, histogramChart, orgChart } = spec;
  if (basicChart) {
    const { chartType, domains = [], series = [] } = basicChart;
    if (!chartType || chartType === 'BASIC_CHART_TYPE_UNSPECIFIED') throw invalid('No chartType specified.');
    if (domains.length === 0 && series.length === 0) throw invalid('basicChart must have a domain or a series.');
    for (const { domain } of domains) need(domain, 'BasicChartDomain.domain');
    for (const each of series) need(each.series, 'BasicChartSeries.series');
  }
  if (pieChart) {
    need(pieChart.domain, 'PieChartSpec.domain');
    need(pieChart.series, 'PieChartSpec.series');
  }
  if (bubbleChart) {
    need(bubbleChart.domain, 'BubbleChartSpec.domain');
    need(bubbleChart.series, 'BubbleChartSpec.series');
  }
  if (candlestickChart) {
    const [prices = {}, second] = candlestickChart.data ?? [];
    if (second) throw invalid('Only one CandlestickData is supported.');
    need(candlestickChart.domain?.data, 'CandlestickChartSpec.domain');
    for (const name of ['lowSeries', 'openSeries', 'closeSeries', 'highSeries'] as const) {
      need(prices[name]?.data, `CandlestickData.${name}`);
    }
  }
  if (histogramChart) {
    if (!histogramChart.series?.length) throw invalid('HistogramChartSpec.series must be specified.');
    for (const { data } of histogramChart.series) need(data, 'HistogramSeries.data');
  }
  if (orgChart) need(orgChart.labels, 'OrgChartSpec.labels');
  if (spec.treemapChart) need(spec.treemapChart.labels, 'TreemapChartSpec.labels');
  if (spec.scorecardChart) need(spec.scorecardChart.keyValueData, 'ScorecardChartSpec.keyValueData');
  if (spec.waterfallChart) {
    need(spec.waterfallChart.domain?.data, 'WaterfallChartSpec.domain');
    if (!spec.waterfallChart.series?.length) throw invalid('WaterfallChartSpec.series must be specified.');
    for (const { data } of spec.waterfallChart.series) need(data, 'WaterfallChartSeries.data');
  }
}

/** The specification as it is kept. Throws Google's refusals, and clear ones where Google's are not known. */
export function checkedSpec(book: Book, spec: ChartSpec = {}): ChartSpec {
  const kind = CHART_KINDS.find((name) => spec[name]);
  if (!kind) throw invalid(NO_KIND);
  if (spec.dataSourceChartProperties) throw invalid('this backend has no data source charts.');
  checkParts(spec);
  const counts = new Set<number>();
  // Labels of bars may come from anywhere; what is drawn must fit together.
  const checked = withSources(book, spec[kind], (ranges) => counts.add(ranges.length));
  if (counts.size > 1) throw invalid('The domain and all series must have the same number of source ranges.');
  return pairColors({
    ...spec,
    hiddenDimensionStrategy: spec.hiddenDimensionStrategy ?? 'SKIP_HIDDEN_ROWS_AND_COLUMNS',
    [kind]: checked,
  });
}
