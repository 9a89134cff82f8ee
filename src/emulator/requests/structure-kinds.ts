// Requests that move cells or whole sheets about: the table of their handlers.

import { autoFill } from './auto-fill.ts';
import type { Handlers } from './context.ts';
import { duplicateSheet } from './copy-sheet.ts';
import { deleteDimension, deleteRange, insertDimension, insertRange, moveDimension } from './dimensions.ts';
import { copyPaste, cutPaste } from './paste.ts';
import { addSheet, appendDimension, deleteSheet, updateSheetProperties } from './sheets.ts';

export const STRUCTURE_KINDS: Handlers = {
  addSheet,
  appendDimension,
  autoFill,
  copyPaste,
  cutPaste,
  deleteDimension,
  deleteRange,
  deleteSheet,
  duplicateSheet,
  insertDimension,
  insertRange,
  moveDimension,
  updateSheetProperties,
};
