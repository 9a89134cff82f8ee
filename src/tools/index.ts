// The list of all tools, in the order in which every face shows them.

import { appendRows } from './append-rows.ts';
import { clearRange } from './clear-range.ts';
import { createSpreadsheet } from './create-spreadsheet.ts';
import { describeSpreadsheet } from './describe-spreadsheet.ts';
import { formatRange } from './format-range.ts';
import { getWrite } from './get-write.ts';
import { readFormat } from './read-format.ts';
import { readRange } from './read-range.ts';
import { searchSpreadsheets } from './search-spreadsheets.ts';
import { setConditionalFormat } from './set-conditional-format.ts';
import { setValidation } from './set-validation.ts';
import type { Tool } from './tool.ts';
import { undoWrite } from './undo-write.ts';
import { upsertRows } from './upsert-rows.ts';
import { writeRange } from './write-range.ts';

export const TOOLS: readonly Tool[] = [
  searchSpreadsheets,
  describeSpreadsheet,
  readRange,
  createSpreadsheet,
  writeRange,
  appendRows,
  upsertRows,
  clearRange,
  undoWrite,
  getWrite,
  readFormat,
  formatRange,
  setConditionalFormat,
  setValidation,
];
