// What a chart shows: its specification, one type of chart each. Data only.

import { list, message, type Of, oneOf } from '../schema.ts';
import { Color, ColorStyle } from './base.ts';
import { BasicChartSpec, ChartAggregateType, ChartData, DataLabel, LineStyle } from './chart-parts.ts';
import { TextFormat, TextPosition } from './format.ts';
import { FilterSpec, SortSpec } from './rules.ts';

export const BubbleChartLegendPosition = oneOf(
  'BubbleChartLegendPosition',
  'BUBBLE_CHART_LEGEND_POSITION_UNSPECIFIED',
  'BOTTOM_LEGEND',
  'LEFT_LEGEND',
  'RIGHT_LEGEND',
  'TOP_LEGEND',
  'NO_LEGEND',
  'INSIDE_LEGEND',
);

export const BubbleChartSpec = message('BubbleChartSpec', {
  bubbleBorderColor: Color,
  bubbleBorderColorStyle: ColorStyle,
  bubbleLabels: ChartData,
  bubbleMaxRadiusSize: 'int',
  bubbleMinRadiusSize: 'int',
  bubbleOpacity: 'double',
  bubbleSizes: ChartData,
  bubbleTextStyle: TextFormat,
  domain: ChartData,
  groupIds: ChartData,
  legendPosition: BubbleChartLegendPosition,
  series: ChartData,
});

export const CandlestickSeries = message('CandlestickSeries', { data: ChartData });

export const CandlestickData = message('CandlestickData', {
  closeSeries: CandlestickSeries,
  highSeries: CandlestickSeries,
  lowSeries: CandlestickSeries,
  openSeries: CandlestickSeries,
});

export const CandlestickDomain = message('CandlestickDomain', { data: ChartData, reversed: 'bool' });

export const CandlestickChartSpec = message('CandlestickChartSpec', {
  data: list(CandlestickData),
  domain: CandlestickDomain,
});

export const HistogramSeries = message('HistogramSeries', {
  barColor: Color,
  barColorStyle: ColorStyle,
  data: ChartData,
});

export const HistogramChartLegendPosition = oneOf(
  'HistogramChartLegendPosition',
  'HISTOGRAM_CHART_LEGEND_POSITION_UNSPECIFIED',
  'BOTTOM_LEGEND',
  'LEFT_LEGEND',
  'RIGHT_LEGEND',
  'TOP_LEGEND',
  'NO_LEGEND',
  'INSIDE_LEGEND',
);

export const HistogramChartSpec = message('HistogramChartSpec', {
  bucketSize: 'double',
  legendPosition: HistogramChartLegendPosition,
  outlierPercentile: 'double',
  series: list(HistogramSeries),
  showItemDividers: 'bool',
});

export const OrgChartNodeSize = oneOf(
  'OrgChartNodeSize',
  'ORG_CHART_LABEL_SIZE_UNSPECIFIED',
  'SMALL',
  'MEDIUM',
  'LARGE',
);

export const OrgChartSpec = message('OrgChartSpec', {
  labels: ChartData,
  nodeColor: Color,
  nodeColorStyle: ColorStyle,
  nodeSize: OrgChartNodeSize,
  parentLabels: ChartData,
  selectedNodeColor: Color,
  selectedNodeColorStyle: ColorStyle,
  tooltips: ChartData,
});

export const PieChartLegendPosition = oneOf(
  'PieChartLegendPosition',
  'PIE_CHART_LEGEND_POSITION_UNSPECIFIED',
  'BOTTOM_LEGEND',
  'LEFT_LEGEND',
  'RIGHT_LEGEND',
  'TOP_LEGEND',
  'NO_LEGEND',
  'LABELED_LEGEND',
);

export const PieChartSpec = message('PieChartSpec', {
  domain: ChartData,
  legendPosition: PieChartLegendPosition,
  pieHole: 'double',
  series: ChartData,
  threeDimensional: 'bool',
});

export const BaselineValueComparisonType = oneOf(
  'BaselineValueComparisonType',
  'COMPARISON_TYPE_UNDEFINED',
  'ABSOLUTE_DIFFERENCE',
  'PERCENTAGE_DIFFERENCE',
);

export const BaselineValueFormat = message('BaselineValueFormat', {
  comparisonType: BaselineValueComparisonType,
  description: 'string',
  negativeColor: Color,
  negativeColorStyle: ColorStyle,
  position: TextPosition,
  positiveColor: Color,
  positiveColorStyle: ColorStyle,
  textFormat: TextFormat,
});

export const ChartCustomNumberFormatOptions = message('ChartCustomNumberFormatOptions', {
  prefix: 'string',
  suffix: 'string',
});

export const KeyValueFormat = message('KeyValueFormat', { position: TextPosition, textFormat: TextFormat });

export const ChartNumberFormatSource = oneOf(
  'ChartNumberFormatSource',
  'CHART_NUMBER_FORMAT_SOURCE_UNDEFINED',
  'FROM_DATA',
  'CUSTOM',
);

export const ScorecardChartSpec = message('ScorecardChartSpec', {
  aggregateType: ChartAggregateType,
  baselineValueData: ChartData,
  baselineValueFormat: BaselineValueFormat,
  customFormatOptions: ChartCustomNumberFormatOptions,
  keyValueData: ChartData,
  keyValueFormat: KeyValueFormat,
  numberFormatSource: ChartNumberFormatSource,
  scaleFactor: 'double',
});

export const TreemapChartColorScale = message('TreemapChartColorScale', {
  maxValueColor: Color,
  maxValueColorStyle: ColorStyle,
  midValueColor: Color,
  midValueColorStyle: ColorStyle,
  minValueColor: Color,
  minValueColorStyle: ColorStyle,
  noDataColor: Color,
  noDataColorStyle: ColorStyle,
});

export const TreemapChartSpec = message('TreemapChartSpec', {
  colorData: ChartData,
  colorScale: TreemapChartColorScale,
  headerColor: Color,
  headerColorStyle: ColorStyle,
  hideTooltips: 'bool',
  hintedLevels: 'int',
  labels: ChartData,
  levels: 'int',
  maxValue: 'double',
  minValue: 'double',
  parentLabels: ChartData,
  sizeData: ChartData,
  textFormat: TextFormat,
});

export const WaterfallChartDomain = message('WaterfallChartDomain', { data: ChartData, reversed: 'bool' });

export const WaterfallChartCustomSubtotal = message('WaterfallChartCustomSubtotal', {
  dataIsSubtotal: 'bool',
  label: 'string',
  subtotalIndex: 'int',
});

export const WaterfallChartColumnStyle = message('WaterfallChartColumnStyle', {
  color: Color,
  colorStyle: ColorStyle,
  label: 'string',
});

export const WaterfallChartSeries = message('WaterfallChartSeries', {
  customSubtotals: list(WaterfallChartCustomSubtotal),
  data: ChartData,
  dataLabel: DataLabel,
  hideTrailingSubtotal: 'bool',
  negativeColumnsStyle: WaterfallChartColumnStyle,
  positiveColumnsStyle: WaterfallChartColumnStyle,
  subtotalColumnsStyle: WaterfallChartColumnStyle,
});

export const WaterfallStackedType = oneOf(
  'WaterfallStackedType',
  'WATERFALL_STACKED_TYPE_UNSPECIFIED',
  'STACKED',
  'SEQUENTIAL',
);

export const WaterfallChartSpec = message('WaterfallChartSpec', {
  connectorLineStyle: LineStyle,
  domain: WaterfallChartDomain,
  firstValueIsTotal: 'bool',
  hideConnectorLines: 'bool',
  series: list(WaterfallChartSeries),
  stackedType: WaterfallStackedType,
  totalDataLabel: DataLabel,
});

export const ChartHiddenDimensionStrategy = oneOf(
  'ChartHiddenDimensionStrategy',
  'CHART_HIDDEN_DIMENSION_STRATEGY_UNSPECIFIED',
  'SKIP_HIDDEN_ROWS_AND_COLUMNS',
  'SKIP_HIDDEN_ROWS',
  'SKIP_HIDDEN_COLUMNS',
  'SHOW_ALL',
);

/** The chart types, of which a spec has exactly one. */
export const CHART_KINDS = [
  'basicChart',
  'bubbleChart',
  'candlestickChart',
  'histogramChart',
  'orgChart',
  'pieChart',
  'scorecardChart',
  'treemapChart',
  'waterfallChart',
] as const;

export const ChartSpec = message(
  'ChartSpec',
  {
    altText: 'string',
    backgroundColor: Color,
    backgroundColorStyle: ColorStyle,
    basicChart: BasicChartSpec,
    bubbleChart: BubbleChartSpec,
    candlestickChart: CandlestickChartSpec,
    dataSourceChartProperties: 'json',
    filterSpecs: list(FilterSpec),
    fontName: 'string',
    hiddenDimensionStrategy: ChartHiddenDimensionStrategy,
    histogramChart: HistogramChartSpec,
    maximized: 'bool',
    orgChart: OrgChartSpec,
    pieChart: PieChartSpec,
    scorecardChart: ScorecardChartSpec,
    sortSpecs: list(SortSpec),
    subtitle: 'string',
    subtitleTextFormat: TextFormat,
    subtitleTextPosition: TextPosition,
    title: 'string',
    titleTextFormat: TextFormat,
    titleTextPosition: TextPosition,
    treemapChart: TreemapChartSpec,
    waterfallChart: WaterfallChartSpec,
  },
  { chart: CHART_KINDS },
);
export type ChartSpec = Of<typeof ChartSpec>;
