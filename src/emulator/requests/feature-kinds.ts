// Requests about cells' data and about what a sheet shows and allows beside them: the table of their handlers.

import { addBanding, deleteBanding, updateBanding } from './banding.ts';
import { updateBorders } from './borders.ts';
import { repeatCell, updateCells } from './cells.ts';
import type { Handlers } from './context.ts';
import { createDeveloperMetadata, deleteDeveloperMetadata, updateDeveloperMetadata } from './developer-metadata.ts';
import { autoResizeDimensions, updateDimensionProperties } from './dimension-properties.ts';
import {
  addFilterView,
  clearBasicFilter,
  deleteFilterView,
  duplicateFilterView,
  setBasicFilter,
  updateFilterView,
} from './filters.ts';
import { addDimensionGroup, deleteDimensionGroup, updateDimensionGroup } from './groups.ts';
import { mergeCells, unmergeCells } from './merges.ts';
import { addNamedRange, deleteNamedRange, updateNamedRange } from './names.ts';
import { addProtectedRange, deleteProtectedRange, updateProtectedRange } from './protection.ts';
import { addConditionalFormatRule, deleteConditionalFormatRule, updateConditionalFormatRule } from './rules.ts';
import { updateSpreadsheetProperties } from './sheets.ts';
import { setDataValidation } from './validation.ts';

export const FEATURE_KINDS: Handlers = {
  addBanding,
  addConditionalFormatRule,
  addDimensionGroup,
  addFilterView,
  addNamedRange,
  addProtectedRange,
  autoResizeDimensions,
  clearBasicFilter,
  createDeveloperMetadata,
  deleteBanding,
  deleteConditionalFormatRule,
  deleteDeveloperMetadata,
  deleteDimensionGroup,
  deleteFilterView,
  deleteNamedRange,
  deleteProtectedRange,
  duplicateFilterView,
  mergeCells,
  repeatCell,
  setBasicFilter,
  setDataValidation,
  unmergeCells,
  updateBanding,
  updateBorders,
  updateCells,
  updateConditionalFormatRule,
  updateDeveloperMetadata,
  updateDimensionGroup,
  updateDimensionProperties,
  updateFilterView,
  updateNamedRange,
  updateProtectedRange,
  updateSpreadsheetProperties,
};
