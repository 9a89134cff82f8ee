// The kinds of requests that spreadsheets.batchUpdate takes, by name, and which of them are about comments. Data only.

/** All of @googleapis/sheets 18.1.1; a test holds them against the client's own list. */
export const REQUEST_KINDS: readonly string[] = `
  addBanding addChart addCommentReply addConditionalFormatRule addDataSource addDimensionGroup addFilterView
  addNamedRange addProtectedRange addSheet addSlicer addTable appendCells appendDimension autoFill
  autoResizeDimensions cancelDataSourceRefresh clearBasicFilter copyPaste createDeveloperMetadata cutPaste
  deleteBanding deleteComment deleteCommentReply deleteConditionalFormatRule deleteDataSource
  deleteDeveloperMetadata deleteDimension deleteDimensionGroup deleteDuplicates deleteEmbeddedObject
  deleteFilterView deleteNamedRange deleteProtectedRange deleteRange deleteSheet deleteTable duplicateFilterView
  duplicateSheet findReplace insertComment insertDimension insertRange mergeCells moveDimension pasteData
  randomizeRange refreshDataSource repeatCell setBasicFilter setDataValidation sortRange textToColumns
  trimWhitespace unmergeCells updateBanding updateBorders updateCells updateChartSpec updateCommentPost
  updateConditionalFormatRule updateDataSource updateDeveloperMetadata updateDimensionGroup
  updateDimensionProperties updateEmbeddedObjectBorder updateEmbeddedObjectPosition updateFilterView
  updateNamedRange updateProtectedRange updateSheetProperties updateSlicerSpec updateSpreadsheetProperties
  updateTable`
  .trim()
  .split(/\s+/);

/** They change no cell, and Google keeps them apart: it may lose them in a batch that it has accepted. */
export const COMMENT_KINDS: ReadonlySet<string> = new Set(REQUEST_KINDS.filter((kind) => kind.includes('Comment')));
