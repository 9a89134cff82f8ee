// Requests about cells' data and about what a sheet shows and allows beside them: the table of their handlers.

import { repeatCell, updateCells } from './cells.ts';
import type { Handlers } from './context.ts';
import { addNamedRange, createDeveloperMetadata, deleteDeveloperMetadata, deleteNamedRange } from './names.ts';
import { updateSpreadsheetProperties } from './sheets.ts';

export const FEATURE_KINDS: Handlers = {
  addNamedRange,
  createDeveloperMetadata,
  deleteDeveloperMetadata,
  deleteNamedRange,
  repeatCell,
  updateCells,
  updateSpreadsheetProperties,
};
