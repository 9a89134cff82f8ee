// A pivot table as it is kept: Google's refusals, the source closed, filters in both spellings. Computes nothing.

import { rangeOf, requiredPlace } from '../areas.ts';
import { checkedCondition } from '../conditions.ts';
import { invalid } from '../errors.ts';
import type {
  PivotFilterCriteria,
  PivotFilterSpec,
  PivotGroup,
  PivotGroupRule,
  PivotTable,
  PivotValue,
} from '../messages/pivot.ts';
import { printGridRange } from '../ranges.ts';
import type { Book } from '../workbook.ts';

function checkValue({ summarizeFunction, formula, sourceColumnOffset, dataSourceColumnReference }: PivotValue): void {
  if (dataSourceColumnReference) throw invalid('this backend has no data source pivot tables.');
  if (!summarizeFunction || summarizeFunction === 'PIVOT_STANDARD_VALUE_FUNCTION_UNSPECIFIED') {
    throw invalid('No PivotValue.summarizeFunction specified.');
  }
  if (formula === undefined) {
    if (sourceColumnOffset !== undefined && sourceColumnOffset < 0) throw invalid('Invalid sourceColumnOffset.');
    if (summarizeFunction === 'CUSTOM') {
      const where = 'PivotValue.summarizeFunction unless PivotValue.calculatedField is set.';
      throw invalid(`"CUSTOM" may not be used in ${where}`);
    }
    return;
  }
  if (!formula.startsWith('=')) throw invalid('PivotValue.formula must start with =.');
  if (summarizeFunction !== 'SUM' && summarizeFunction !== 'CUSTOM') {
    const allowed = 'Only "CUSTOM" or "SUM" are valid if PivotValue.calculatedField is set.';
    throw invalid(`Invalid summarizeFunction: ${summarizeFunction}. ${allowed}`);
  }
}

function checkRule({ histogramRule, manualRule, dateTimeRule }: PivotGroupRule): void {
  if (histogramRule) {
    const { interval = 0, start, end } = histogramRule;
    if (!(interval > 0)) throw invalid('Histogram group rules require a positive value for interval.');
    if (start !== undefined && end !== undefined && start >= end) throw invalid('Start must be less than end.');
  }
  if (dateTimeRule && (!dateTimeRule.type || dateTimeRule.type === 'DATE_TIME_RULE_TYPE_UNSPECIFIED')) {
    throw invalid('No DateTimeRule.type specified.');
  }
  const names = new Set<string>();
  const items = new Set<string>();
  for (const { groupName = {}, items: members = [] } of manualRule?.groups ?? []) {
    const type = 'numberValue' in groupName ? 'number' : 'boolValue' in groupName ? 'boolean' : undefined;
    if (type) throw invalid(`Found a manual group name of type ${type}. Manual group names must be strings.`);
    const { stringValue: name = '' } = groupName;
    if (name === '' || names.has(name)) throw invalid('Each manual group must have a unique name.');
    names.add(name);
    for (const item of members) {
      const key = JSON.stringify(item);
      if (items.has(key)) throw invalid('Items may appear in at most one group within a manual rule.');
      items.add(key);
    }
  }
}

function checkGroup({ sortOrder, sourceColumnOffset = 0, groupRule, groupLimit, ...rest }: PivotGroup): void {
  if (rest.dataSourceColumnReference) throw invalid('this backend has no data source pivot tables.');
  if (!sortOrder || sortOrder === 'SORT_ORDER_UNSPECIFIED') throw invalid('No sort order specified.');
  if (sourceColumnOffset < 0) throw invalid('Invalid sourceColumnOffset.');
  if (groupRule) checkRule(groupRule);
  if (groupLimit && !((groupLimit.countLimit ?? 0) > 0)) throw invalid('countLimit must be greater than 0');
}

/** The list, or what the older map by column says; the list wins. */
function filtersOf({ filterSpecs = [], criteria = {} }: PivotTable): readonly PivotFilterSpec[] {
  if (filterSpecs.length > 0) return filterSpecs;
  return Object.entries(criteria).map(([column, filterCriteria]) => {
    if (!/^\d{1,9}$/.test(column)) throw invalid(`Invalid column offset: ${column}`);
    return { columnOffsetIndex: Number(column), filterCriteria };
  });
}

function checkedFilter(book: Book, { columnOffsetIndex = 0, filterCriteria = {}, ...rest }: PivotFilterSpec) {
  if (rest.dataSourceColumnReference) throw invalid('this backend has no data source pivot tables.');
  if (columnOffsetIndex < 0) throw invalid('Invalid columnOffsetIndex.');
  const { condition, ...shown } = filterCriteria;
  const kept: PivotFilterCriteria = {
    ...shown,
    ...(condition && { condition: checkedCondition(book, condition, 'filter') }),
  };
  return { columnOffsetIndex, filterCriteria: kept };
}

/** The pivot table as it is kept in its anchor cell. */
export function checkedPivot(book: Book, pivot: PivotTable): PivotTable {
  const { source, rows = [], columns = [], values = [], valueLayout } = pivot;
  if (pivot.dataSourceId !== undefined || pivot.dataExecutionStatus !== undefined) {
    throw invalid('this backend has no data source pivot tables.');
  }
  if (!source) throw invalid('At least one source data must be specified');
  const { sheet, rect } = requiredPlace(book, source);
  for (const group of [...rows, ...columns]) checkGroup(group);
  for (const value of values) checkValue(value);
  const filterSpecs = filtersOf(pivot).map((filter) => checkedFilter(book, filter));
  const criteria = filterSpecs.map(({ columnOffsetIndex, filterCriteria }) => [columnOffsetIndex, filterCriteria]);
  return {
    source: rangeOf(sheet, rect),
    ...(rows.length > 0 && { rows }),
    ...(columns.length > 0 && { columns }),
    ...(filterSpecs.length > 0 && { criteria: Object.fromEntries(criteria), filterSpecs }),
    ...(values.length > 0 && { values }),
    ...(valueLayout === 'VERTICAL' && { valueLayout }),
  };
}

/** As Google prints it: a source on the sheet with id 0 does not name it. */
export function printPivot({ source, ...rest }: PivotTable): PivotTable {
  return { ...(source && { source: printGridRange(source) }), ...rest };
}
