// The list of all tools, in the order in which every face shows them.

import { addComment } from './add-comment.ts';
import { appendRows } from './append-rows.ts';
import { batchUpdate } from './batch-update.ts';
import { clearRange } from './clear-range.ts';
import { createSpreadsheet } from './create-spreadsheet.ts';
import { describeSpreadsheet } from './describe-spreadsheet.ts';
import { exportSpreadsheet } from './export-spreadsheet.ts';
import { findCells } from './find-cells.ts';
import { getWrite } from './get-write.ts';
import { listComments } from './list-comments.ts';
import { readRange } from './read-range.ts';
import { searchSpreadsheets } from './search-spreadsheets.ts';
import { shareSpreadsheet } from './share-spreadsheet.ts';
import type { Tool } from './tool.ts';
import { undoWrite } from './undo-write.ts';
import { upsertRows } from './upsert-rows.ts';
import { writeRange } from './write-range.ts';

export const TOOLS: readonly Tool[] = [
  searchSpreadsheets,
  describeSpreadsheet,
  readRange,
  findCells,
  createSpreadsheet,
  writeRange,
  appendRows,
  upsertRows,
  clearRange,
  batchUpdate,
  undoWrite,
  getWrite,
  listComments,
  addComment,
  shareSpreadsheet,
  exportSpreadsheet,
];
