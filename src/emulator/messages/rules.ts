// Conditions and what is built of them: validation, conditional formats, filters, sorting. Data only.

import { list, message, type Of, oneOf } from '../schema.ts';
import { Color, ColorStyle, GridRange } from './base.ts';
import { CellFormat } from './format.ts';

export const RelativeDate = oneOf(
  'RelativeDate',
  'RELATIVE_DATE_UNSPECIFIED',
  'PAST_YEAR',
  'PAST_MONTH',
  'PAST_WEEK',
  'YESTERDAY',
  'TODAY',
  'TOMORROW',
);

export const ConditionValue = message(
  'ConditionValue',
  { relativeDate: RelativeDate, userEnteredValue: 'string' },
  { value: ['relativeDate', 'userEnteredValue'] },
);
export type ConditionValue = Of<typeof ConditionValue>;

export const ConditionType = oneOf(
  'ConditionType',
  'CONDITION_TYPE_UNSPECIFIED',
  'NUMBER_GREATER',
  'NUMBER_GREATER_THAN_EQ',
  'NUMBER_LESS',
  'NUMBER_LESS_THAN_EQ',
  'NUMBER_EQ',
  'NUMBER_NOT_EQ',
  'NUMBER_BETWEEN',
  'NUMBER_NOT_BETWEEN',
  'TEXT_CONTAINS',
  'TEXT_NOT_CONTAINS',
  'TEXT_STARTS_WITH',
  'TEXT_ENDS_WITH',
  'TEXT_EQ',
  'TEXT_IS_EMAIL',
  'TEXT_IS_URL',
  'DATE_EQ',
  'DATE_BEFORE',
  'DATE_AFTER',
  'DATE_ON_OR_BEFORE',
  'DATE_ON_OR_AFTER',
  'DATE_BETWEEN',
  'DATE_NOT_BETWEEN',
  'DATE_IS_VALID',
  'ONE_OF_RANGE',
  'ONE_OF_LIST',
  'BLANK',
  'NOT_BLANK',
  'CUSTOM_FORMULA',
  'BOOLEAN',
  'TEXT_NOT_EQ',
  'DATE_NOT_EQ',
  'FILTER_EXPRESSION',
);

export const BooleanCondition = message('BooleanCondition', { type: ConditionType, values: list(ConditionValue) });
export type BooleanCondition = Of<typeof BooleanCondition>;

export const DataValidationRule = message('DataValidationRule', {
  condition: BooleanCondition,
  inputMessage: 'string',
  showCustomUi: 'bool',
  strict: 'bool',
});
export type DataValidationRule = Of<typeof DataValidationRule>;

export const BooleanRule = message('BooleanRule', { condition: BooleanCondition, format: CellFormat });
export type BooleanRule = Of<typeof BooleanRule>;

export const InterpolationPointType = oneOf(
  'InterpolationPointType',
  'INTERPOLATION_POINT_TYPE_UNSPECIFIED',
  'MIN',
  'MAX',
  'NUMBER',
  'PERCENT',
  'PERCENTILE',
);

export const InterpolationPoint = message('InterpolationPoint', {
  color: Color,
  colorStyle: ColorStyle,
  type: InterpolationPointType,
  value: 'string',
});
export type InterpolationPoint = Of<typeof InterpolationPoint>;

export const GradientRule = message('GradientRule', {
  maxpoint: InterpolationPoint,
  midpoint: InterpolationPoint,
  minpoint: InterpolationPoint,
});
export type GradientRule = Of<typeof GradientRule>;

export const ConditionalFormatRule = message(
  'ConditionalFormatRule',
  { booleanRule: BooleanRule, gradientRule: GradientRule, ranges: list(GridRange) },
  { rule: ['booleanRule', 'gradientRule'] },
);
export type ConditionalFormatRule = Of<typeof ConditionalFormatRule>;

export const SortOrder = oneOf('SortOrder', 'SORT_ORDER_UNSPECIFIED', 'ASCENDING', 'DESCENDING');

export const SortSpec = message(
  'SortSpec',
  {
    backgroundColor: Color,
    backgroundColorStyle: ColorStyle,
    dataSourceColumnReference: 'json',
    dimensionIndex: 'int',
    foregroundColor: Color,
    foregroundColorStyle: ColorStyle,
    sortOrder: SortOrder,
  },
  { reference: ['dimensionIndex', 'dataSourceColumnReference'] },
);
export type SortSpec = Of<typeof SortSpec>;

export const FilterCriteria = message('FilterCriteria', {
  condition: BooleanCondition,
  hiddenValues: list('string'),
  visibleBackgroundColor: Color,
  visibleBackgroundColorStyle: ColorStyle,
  visibleForegroundColor: Color,
  visibleForegroundColorStyle: ColorStyle,
});
export type FilterCriteria = Of<typeof FilterCriteria>;

export const FilterSpec = message(
  'FilterSpec',
  { columnIndex: 'int', dataSourceColumnReference: 'json', filterCriteria: FilterCriteria },
  { reference: ['columnIndex', 'dataSourceColumnReference'] },
);
export type FilterSpec = Of<typeof FilterSpec>;

export const BasicFilter = message('BasicFilter', {
  criteria: { map: FilterCriteria },
  filterSpecs: list(FilterSpec),
  range: GridRange,
  sortSpecs: list(SortSpec),
  tableId: 'string',
});
export type BasicFilter = Of<typeof BasicFilter>;

export const FilterView = message('FilterView', {
  criteria: { map: FilterCriteria },
  filterSpecs: list(FilterSpec),
  filterViewId: 'int',
  namedRangeId: 'string',
  range: GridRange,
  sortSpecs: list(SortSpec),
  tableId: 'string',
  title: 'string',
});
export type FilterView = Of<typeof FilterView>;
