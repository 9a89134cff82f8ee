// The parts that charts are made of. Data only.

import { list, message, type Of, oneOf } from '../schema.ts';
import { Color, ColorStyle, GridRange } from './base.ts';
import { TextFormat, TextPosition } from './format.ts';
import { DateTimeRuleType } from './pivot.ts';

export const ChartDateTimeRule = message('ChartDateTimeRule', { type: DateTimeRuleType });

export const ChartHistogramRule = message('ChartHistogramRule', {
  intervalSize: 'double',
  maxValue: 'double',
  minValue: 'double',
});

export const ChartGroupRule = message('ChartGroupRule', {
  dateTimeRule: ChartDateTimeRule,
  histogramRule: ChartHistogramRule,
});

export const ChartSourceRange = message('ChartSourceRange', { sources: list(GridRange) });

export const ChartAggregateType = oneOf(
  'ChartAggregateType',
  'CHART_AGGREGATE_TYPE_UNSPECIFIED',
  'AVERAGE',
  'COUNT',
  'MAX',
  'MEDIAN',
  'MIN',
  'SUM',
);

export const ChartData = message(
  'ChartData',
  {
    aggregateType: ChartAggregateType,
    columnReference: 'json',
    groupRule: ChartGroupRule,
    sourceRange: ChartSourceRange,
  },
  { type: ['sourceRange', 'columnReference'] },
);
export type ChartData = Of<typeof ChartData>;

export const ViewWindowMode = oneOf(
  'ViewWindowMode',
  'DEFAULT_VIEW_WINDOW_MODE',
  'VIEW_WINDOW_MODE_UNSUPPORTED',
  'EXPLICIT',
  'PRETTY',
);

export const ChartAxisViewWindowOptions = message('ChartAxisViewWindowOptions', {
  viewWindowMax: 'double',
  viewWindowMin: 'double',
  viewWindowMode: ViewWindowMode,
});

export const BasicChartAxisPosition = oneOf(
  'BasicChartAxisPosition',
  'BASIC_CHART_AXIS_POSITION_UNSPECIFIED',
  'BOTTOM_AXIS',
  'LEFT_AXIS',
  'RIGHT_AXIS',
);

export const BasicChartAxis = message('BasicChartAxis', {
  format: TextFormat,
  position: BasicChartAxisPosition,
  title: 'string',
  titleTextPosition: TextPosition,
  viewWindowOptions: ChartAxisViewWindowOptions,
});

export const BasicChartDomain = message('BasicChartDomain', { domain: ChartData, reversed: 'bool' });

export const DataLabelPlacement = oneOf(
  'DataLabelPlacement',
  'DATA_LABEL_PLACEMENT_UNSPECIFIED',
  'CENTER',
  'LEFT',
  'RIGHT',
  'ABOVE',
  'BELOW',
  'INSIDE_END',
  'INSIDE_BASE',
  'OUTSIDE_END',
);

export const DataLabelType = oneOf('DataLabelType', 'DATA_LABEL_TYPE_UNSPECIFIED', 'NONE', 'DATA', 'CUSTOM');

export const DataLabel = message('DataLabel', {
  customLabelData: ChartData,
  placement: DataLabelPlacement,
  textFormat: TextFormat,
  type: DataLabelType,
});

export const LineDashType = oneOf(
  'LineDashType',
  'LINE_DASH_TYPE_UNSPECIFIED',
  'INVISIBLE',
  'CUSTOM',
  'SOLID',
  'DOTTED',
  'MEDIUM_DASHED',
  'MEDIUM_DASHED_DOTTED',
  'LONG_DASHED',
  'LONG_DASHED_DOTTED',
);

export const LineStyle = message('LineStyle', { type: LineDashType, width: 'int' });

export const PointShape = oneOf(
  'PointShape',
  'POINT_SHAPE_UNSPECIFIED',
  'CIRCLE',
  'DIAMOND',
  'HEXAGON',
  'PENTAGON',
  'SQUARE',
  'STAR',
  'TRIANGLE',
  'X_MARK',
);

export const PointStyle = message('PointStyle', { shape: PointShape, size: 'double' });

export const BasicSeriesDataPointStyleOverride = message('BasicSeriesDataPointStyleOverride', {
  color: Color,
  colorStyle: ColorStyle,
  index: 'int',
  pointStyle: PointStyle,
});

export const BasicChartType = oneOf(
  'BasicChartType',
  'BASIC_CHART_TYPE_UNSPECIFIED',
  'BAR',
  'LINE',
  'AREA',
  'COLUMN',
  'SCATTER',
  'COMBO',
  'STEPPED_AREA',
);

export const BasicChartSeries = message('BasicChartSeries', {
  color: Color,
  colorStyle: ColorStyle,
  dataLabel: DataLabel,
  lineStyle: LineStyle,
  pointStyle: PointStyle,
  series: ChartData,
  styleOverrides: list(BasicSeriesDataPointStyleOverride),
  targetAxis: BasicChartAxisPosition,
  type: BasicChartType,
});

export const BasicChartCompareMode = oneOf(
  'BasicChartCompareMode',
  'BASIC_CHART_COMPARE_MODE_UNSPECIFIED',
  'DATUM',
  'CATEGORY',
);

export const BasicChartLegendPosition = oneOf(
  'BasicChartLegendPosition',
  'BASIC_CHART_LEGEND_POSITION_UNSPECIFIED',
  'BOTTOM_LEGEND',
  'LEFT_LEGEND',
  'RIGHT_LEGEND',
  'TOP_LEGEND',
  'NO_LEGEND',
  'INSIDE_LEGEND',
);

export const BasicChartStackedType = oneOf(
  'BasicChartStackedType',
  'BASIC_CHART_STACKED_TYPE_UNSPECIFIED',
  'NOT_STACKED',
  'STACKED',
  'PERCENT_STACKED',
);

export const BasicChartSpec = message('BasicChartSpec', {
  axis: list(BasicChartAxis),
  chartType: BasicChartType,
  compareMode: BasicChartCompareMode,
  domains: list(BasicChartDomain),
  headerCount: 'int',
  interpolateNulls: 'bool',
  legendPosition: BasicChartLegendPosition,
  lineSmoothing: 'bool',
  series: list(BasicChartSeries),
  stackedType: BasicChartStackedType,
  threeDimensional: 'bool',
  totalDataLabel: DataLabel,
});
