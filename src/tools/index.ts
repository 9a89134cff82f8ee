// The list of all tools, in the order in which every face shows them.

import { addComment } from './add-comment.ts';
import { addSheet } from './add-sheet.ts';
import { appendRows } from './append-rows.ts';
import { batchUpdate } from './batch-update.ts';
import { clearRange } from './clear-range.ts';
import { createSpreadsheet } from './create-spreadsheet.ts';
import { deleteDimension } from './delete-dimension.ts';
import { deleteObject } from './delete-object.ts';
import { deleteSheet } from './delete-sheet.ts';
import { describeSpreadsheet } from './describe-spreadsheet.ts';
import { exportSpreadsheet } from './export-spreadsheet.ts';
import { findCells } from './find-cells.ts';
import { formatRange } from './format-range.ts';
import { getWrite } from './get-write.ts';
import { insertDimension } from './insert-dimension.ts';
import { listComments } from './list-comments.ts';
import { moveDimension } from './move-dimension.ts';
import { queryRows } from './query-rows.ts';
import { readFormat } from './read-format.ts';
import { readRange } from './read-range.ts';
import { replaceText } from './replace-text.ts';
import { searchSpreadsheets } from './search-spreadsheets.ts';
import { setChart } from './set-chart.ts';
import { setConditionalFormat } from './set-conditional-format.ts';
import { setFilter } from './set-filter.ts';
import { setNamedRange } from './set-named-range.ts';
import { setPivotTable } from './set-pivot-table.ts';
import { setProtection } from './set-protection.ts';
import { setTable } from './set-table.ts';
import { setValidation } from './set-validation.ts';
import { shareSpreadsheet } from './share-spreadsheet.ts';
import { sortRange } from './sort-range.ts';
import type { Tool } from './tool.ts';
import { undoWrite } from './undo-write.ts';
import { updateSheet } from './update-sheet.ts';
import { upsertRows } from './upsert-rows.ts';
import { writeRange } from './write-range.ts';

export const TOOLS: readonly Tool[] = [
  searchSpreadsheets,
  describeSpreadsheet,
  readRange,
  findCells,
  queryRows,
  createSpreadsheet,
  writeRange,
  appendRows,
  upsertRows,
  clearRange,
  batchUpdate,
  undoWrite,
  getWrite,
  addSheet,
  updateSheet,
  deleteSheet,
  insertDimension,
  deleteDimension,
  moveDimension,
  replaceText,
  sortRange,
  setFilter,
  readFormat,
  formatRange,
  setConditionalFormat,
  setValidation,
  setChart,
  setPivotTable,
  setTable,
  setNamedRange,
  setProtection,
  deleteObject,
  listComments,
  addComment,
  shareSpreadsheet,
  exportSpreadsheet,
];
