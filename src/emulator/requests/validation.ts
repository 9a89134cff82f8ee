// What cells accept: data validation rules as they are kept, and the request that sets them. Rules bind people who
// type; the API writes past them.

import { overlaps, rectOf, requiredPlace } from '../areas.ts';
import { checkedCondition } from '../conditions.ts';
import { invalid } from '../errors.ts';
import { fillCells } from '../fill.ts';
import type { DataValidationRule } from '../messages/rules.ts';
import type { Rect } from '../ranges.ts';
import { propertiesBetween, runsOf } from '../runs.ts';
import { type Book, type CellExtra, cell, type Sheet } from '../workbook.ts';
import type { Handler } from './context.ts';

/** A rule as it is kept, false parts left out. */
export function checkedRule(book: Book, rule: DataValidationRule): DataValidationRule {
  const { inputMessage, strict, showCustomUi } = rule;
  return {
    condition: checkedCondition(book, rule.condition, 'validation'),
    ...(inputMessage && { inputMessage }),
    ...(strict && { strict }),
    ...(showCustomUi && { showCustomUi }),
  };
}

function checkTables(sheet: Sheet, rect: Rect): void {
  for (const { range = {}, columnProperties = [] } of sheet.parts.tables ?? []) {
    const table = rectOf(sheet, range);
    for (const { columnIndex = 0, columnType = 'COLUMN_TYPE_UNSPECIFIED' } of columnProperties) {
      const startColumn = table.startColumn + columnIndex;
      const column = { ...table, startColumn, endColumn: startColumn + 1 };
      if (columnType !== 'COLUMN_TYPE_UNSPECIFIED' && overlaps(column, rect)) {
        throw invalid('This operation is not allowed on cells in typed columns.');
      }
    }
  }
}

/** True for rows that a filter hides. */
function filteredRows(sheet: Sheet, rect: Rect): (row: number) => boolean {
  const properties = [...propertiesBetween(runsOf(sheet, 'ROWS'), rect.startRow, rect.endRow)];
  return (row) => properties[row - rect.startRow]?.hiddenByFilter === true;
}

export const setDataValidation: Handler<'setDataValidation'> = ({ book, change }, payload) => {
  const { range, rule, filteredRowsIncluded } = payload;
  const { sheet, rect } = requiredPlace(book, range);
  checkTables(sheet, rect);
  const dataValidation = rule && checkedRule(book, rule);
  const skips = filteredRowsIncluded ? undefined : filteredRows(sheet, rect);
  fillCells(
    change,
    sheet,
    rect,
    (present) => {
      const { dataValidation: _, ...rest } = present?.extra ?? {};
      const extra: CellExtra = dataValidation ? { ...rest, dataValidation } : rest;
      const kept = Object.keys(extra).length > 0 ? extra : undefined;
      return cell(present?.value, present?.formula, present?.format ?? 0, kept);
    },
    skips,
  );
  return undefined;
};
