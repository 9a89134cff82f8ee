// Pivot tables. Data only.

import { list, message, type Of, oneOf } from '../schema.ts';
import { GridRange } from './base.ts';
import { BooleanCondition, SortOrder } from './rules.ts';

export const PivotGroupLimit = message('PivotGroupLimit', { applyOrder: 'int', countLimit: 'int' });

export const DateTimeRuleType = oneOf(
  'DateTimeRuleType',
  'DATE_TIME_RULE_TYPE_UNSPECIFIED',
  'SECOND',
  'MINUTE',
  'HOUR',
  'HOUR_MINUTE',
  'HOUR_MINUTE_AMPM',
  'DAY_OF_WEEK',
  'DAY_OF_YEAR',
  'DAY_OF_MONTH',
  'DAY_MONTH',
  'MONTH',
  'QUARTER',
  'YEAR',
  'YEAR_MONTH',
  'YEAR_QUARTER',
  'YEAR_MONTH_DAY',
);

export const DateTimeRule = message('DateTimeRule', { type: DateTimeRuleType });

export const HistogramRule = message('HistogramRule', { end: 'double', interval: 'double', start: 'double' });

export const ErrorType = oneOf(
  'ErrorType',
  'ERROR_TYPE_UNSPECIFIED',
  'ERROR',
  'NULL_VALUE',
  'DIVIDE_BY_ZERO',
  'VALUE',
  'REF',
  'NAME',
  'NUM',
  'N_A',
  'LOADING',
);

export const ErrorValue = message('ErrorValue', { message: 'string', type: ErrorType });

export const ExtendedValue = message(
  'ExtendedValue',
  {
    boolValue: 'bool',
    errorValue: ErrorValue,
    formulaValue: 'string',
    numberValue: 'double',
    stringValue: 'string',
  },
  { value: ['boolValue', 'errorValue', 'formulaValue', 'numberValue', 'stringValue'] },
);
export type ExtendedValue = Of<typeof ExtendedValue>;

export const ManualRuleGroup = message('ManualRuleGroup', { groupName: ExtendedValue, items: list(ExtendedValue) });

export const ManualRule = message('ManualRule', { groups: list(ManualRuleGroup) });

export const PivotGroupRule = message(
  'PivotGroupRule',
  { dateTimeRule: DateTimeRule, histogramRule: HistogramRule, manualRule: ManualRule },
  { rule: ['dateTimeRule', 'histogramRule', 'manualRule'] },
);
export type PivotGroupRule = Of<typeof PivotGroupRule>;

export const PivotGroupSortValueBucket = message('PivotGroupSortValueBucket', {
  buckets: list(ExtendedValue),
  valuesIndex: 'int',
});

export const PivotGroupValueMetadata = message('PivotGroupValueMetadata', { collapsed: 'bool', value: ExtendedValue });

export const PivotGroup = message('PivotGroup', {
  dataSourceColumnReference: 'json',
  groupLimit: PivotGroupLimit,
  groupRule: PivotGroupRule,
  label: 'string',
  repeatHeadings: 'bool',
  showTotals: 'bool',
  sortOrder: SortOrder,
  sourceColumnOffset: 'int',
  valueBucket: PivotGroupSortValueBucket,
  valueMetadata: list(PivotGroupValueMetadata),
});
export type PivotGroup = Of<typeof PivotGroup>;

export const PivotFilterCriteria = message('PivotFilterCriteria', {
  condition: BooleanCondition,
  visibleByDefault: 'bool',
  visibleValues: list('string'),
});
export type PivotFilterCriteria = Of<typeof PivotFilterCriteria>;

export const PivotFilterSpec = message('PivotFilterSpec', {
  columnOffsetIndex: 'int',
  dataSourceColumnReference: 'json',
  filterCriteria: PivotFilterCriteria,
});
export type PivotFilterSpec = Of<typeof PivotFilterSpec>;

export const PivotValueCalculatedDisplayType = oneOf(
  'PivotValueCalculatedDisplayType',
  'PIVOT_VALUE_CALCULATED_DISPLAY_TYPE_UNSPECIFIED',
  'PERCENT_OF_ROW_TOTAL',
  'PERCENT_OF_COLUMN_TOTAL',
  'PERCENT_OF_GRAND_TOTAL',
);

export const PivotStandardValueFunction = oneOf(
  'PivotStandardValueFunction',
  'PIVOT_STANDARD_VALUE_FUNCTION_UNSPECIFIED',
  'SUM',
  'COUNTA',
  'COUNT',
  'COUNTUNIQUE',
  'AVERAGE',
  'MAX',
  'MIN',
  'MEDIAN',
  'PRODUCT',
  'STDEV',
  'STDEVP',
  'VAR',
  'VARP',
  'CUSTOM',
  'NONE',
);

export const PivotValue = message(
  'PivotValue',
  {
    calculatedDisplayType: PivotValueCalculatedDisplayType,
    dataSourceColumnReference: 'json',
    formula: 'string',
    name: 'string',
    sourceColumnOffset: 'int',
    summarizeFunction: PivotStandardValueFunction,
  },
  { value: ['sourceColumnOffset', 'formula', 'dataSourceColumnReference'] },
);
export type PivotValue = Of<typeof PivotValue>;

export const PivotValueLayout = oneOf('PivotValueLayout', 'HORIZONTAL', 'VERTICAL');

export const PivotTable = message('PivotTable', {
  columns: list(PivotGroup),
  criteria: { map: PivotFilterCriteria },
  dataExecutionStatus: 'json',
  dataSourceId: 'string',
  filterSpecs: list(PivotFilterSpec),
  rows: list(PivotGroup),
  source: GridRange,
  valueLayout: PivotValueLayout,
  values: list(PivotValue),
});
export type PivotTable = Of<typeof PivotTable>;
