// The payloads of every kind of request that spreadsheets.batchUpdate takes. Data only.

import { list, message, type Of, oneOf } from '../schema.ts';
import { Dimension, DimensionRange, GridCoordinate, GridRange } from './base.ts';
import { CellData, DeveloperMetadata, DimensionProperties, RowData } from './cells.ts';
import { ChartSpec } from './charts.ts';
import { EmbeddedChart, EmbeddedObjectBorder, EmbeddedObjectPosition, Slicer, SlicerSpec } from './embedded.ts';
import { BandedRange, DimensionGroup, NamedRange, Post, ProtectedRange, Table } from './features.ts';
import { Border } from './format.ts';
import { DataFilter } from './metadata.ts';
import { BasicFilter, ConditionalFormatRule, DataValidationRule, FilterView, SortSpec } from './rules.ts';
import { SheetProperties, SpreadsheetProperties } from './sheet.ts';

const SourceAndDestination = message('SourceAndDestination', {
  dimension: Dimension,
  fillLength: 'int',
  source: GridRange,
});

const PasteOrientation = oneOf('PasteOrientation', 'NORMAL', 'TRANSPOSE');

const PasteType = oneOf(
  'PasteType',
  'PASTE_NORMAL',
  'PASTE_VALUES',
  'PASTE_FORMAT',
  'PASTE_NO_BORDERS',
  'PASTE_FORMULA',
  'PASTE_DATA_VALIDATION',
  'PASTE_CONDITIONAL_FORMATTING',
);

const MergeType = oneOf('MergeType', 'MERGE_ALL', 'MERGE_COLUMNS', 'MERGE_ROWS');

const DelimiterType = oneOf(
  'DelimiterType',
  'DELIMITER_TYPE_UNSPECIFIED',
  'COMMA',
  'SEMICOLON',
  'PERIOD',
  'SPACE',
  'CUSTOM',
  'AUTODETECT',
);

/** Every kind but those of BigQuery. */
export const Payloads = {
  addBanding: message('AddBandingRequest', { bandedRange: BandedRange }),
  addChart: message('AddChartRequest', { chart: EmbeddedChart }),
  addCommentReply: message('AddCommentReplyRequest', { commentId: 'string', post: Post }),
  addConditionalFormatRule: message('AddConditionalFormatRuleRequest', { index: 'int', rule: ConditionalFormatRule }),
  addDimensionGroup: message('AddDimensionGroupRequest', { range: DimensionRange }),
  addFilterView: message('AddFilterViewRequest', { filter: FilterView }),
  addNamedRange: message('AddNamedRangeRequest', { namedRange: NamedRange }),
  addProtectedRange: message('AddProtectedRangeRequest', { protectedRange: ProtectedRange }),
  addSheet: message('AddSheetRequest', { properties: SheetProperties }),
  addSlicer: message('AddSlicerRequest', { slicer: Slicer }),
  addTable: message('AddTableRequest', { table: Table }),
  appendCells: message('AppendCellsRequest', {
    fields: 'mask',
    rows: list(RowData),
    sheetId: 'int',
    tableId: 'string',
  }),
  appendDimension: message('AppendDimensionRequest', { dimension: Dimension, length: 'int', sheetId: 'int' }),
  autoFill: message('AutoFillRequest', {
    range: GridRange,
    sourceAndDestination: SourceAndDestination,
    useAlternateSeries: 'bool',
  }),
  autoResizeDimensions: message('AutoResizeDimensionsRequest', {
    dataSourceSheetDimensions: 'json',
    dimensions: DimensionRange,
  }),
  clearBasicFilter: message('ClearBasicFilterRequest', { sheetId: 'int' }),
  copyPaste: message('CopyPasteRequest', {
    destination: GridRange,
    pasteOrientation: PasteOrientation,
    pasteType: PasteType,
    source: GridRange,
  }),
  createDeveloperMetadata: message('CreateDeveloperMetadataRequest', { developerMetadata: DeveloperMetadata }),
  cutPaste: message('CutPasteRequest', { destination: GridCoordinate, pasteType: PasteType, source: GridRange }),
  deleteBanding: message('DeleteBandingRequest', { bandedRangeId: 'int' }),
  deleteComment: message('DeleteCommentRequest', { commentId: 'string' }),
  deleteCommentReply: message('DeleteCommentReplyRequest', { commentId: 'string', postId: 'string' }),
  deleteConditionalFormatRule: message('DeleteConditionalFormatRuleRequest', { index: 'int', sheetId: 'int' }),
  deleteDeveloperMetadata: message('DeleteDeveloperMetadataRequest', { dataFilter: DataFilter }),
  deleteDimension: message('DeleteDimensionRequest', { range: DimensionRange }),
  deleteDimensionGroup: message('DeleteDimensionGroupRequest', { range: DimensionRange }),
  deleteDuplicates: message('DeleteDuplicatesRequest', { comparisonColumns: list(DimensionRange), range: GridRange }),
  deleteEmbeddedObject: message('DeleteEmbeddedObjectRequest', { objectId: 'int' }),
  deleteFilterView: message('DeleteFilterViewRequest', { filterId: 'int' }),
  deleteNamedRange: message('DeleteNamedRangeRequest', { namedRangeId: 'string' }),
  deleteProtectedRange: message('DeleteProtectedRangeRequest', { protectedRangeId: 'int' }),
  deleteRange: message('DeleteRangeRequest', { range: GridRange, shiftDimension: Dimension }),
  deleteSheet: message('DeleteSheetRequest', { sheetId: 'int' }),
  deleteTable: message('DeleteTableRequest', { tableId: 'string' }),
  duplicateFilterView: message('DuplicateFilterViewRequest', { filterId: 'int' }),
  duplicateSheet: message('DuplicateSheetRequest', {
    insertSheetIndex: 'int',
    newSheetId: 'int',
    newSheetName: 'string',
    sourceSheetId: 'int',
  }),
  findReplace: message('FindReplaceRequest', {
    allSheets: 'bool',
    find: 'string',
    includeFormulas: 'bool',
    matchCase: 'bool',
    matchEntireCell: 'bool',
    range: GridRange,
    replacement: 'string',
    searchByRegex: 'bool',
    sheetId: 'int',
  }),
  insertComment: message('InsertCommentRequest', {
    assigneeEmailAddress: 'string',
    content: 'string',
    coordinate: GridCoordinate,
  }),
  insertDimension: message('InsertDimensionRequest', { inheritFromBefore: 'bool', range: DimensionRange }),
  insertRange: message('InsertRangeRequest', { range: GridRange, shiftDimension: Dimension }),
  mergeCells: message('MergeCellsRequest', { mergeType: MergeType, range: GridRange }),
  moveDimension: message('MoveDimensionRequest', { destinationIndex: 'int', source: DimensionRange }),
  pasteData: message('PasteDataRequest', {
    coordinate: GridCoordinate,
    data: 'string',
    delimiter: 'string',
    html: 'bool',
    type: PasteType,
  }),
  randomizeRange: message('RandomizeRangeRequest', { range: GridRange }),
  repeatCell: message('RepeatCellRequest', { cell: CellData, fields: 'mask', range: GridRange }),
  setBasicFilter: message('SetBasicFilterRequest', { filter: BasicFilter }),
  setDataValidation: message('SetDataValidationRequest', {
    filteredRowsIncluded: 'bool',
    range: GridRange,
    rule: DataValidationRule,
  }),
  sortRange: message('SortRangeRequest', { range: GridRange, sortSpecs: list(SortSpec) }),
  textToColumns: message('TextToColumnsRequest', {
    delimiter: 'string',
    delimiterType: DelimiterType,
    source: GridRange,
  }),
  trimWhitespace: message('TrimWhitespaceRequest', { range: GridRange }),
  unmergeCells: message('UnmergeCellsRequest', { range: GridRange }),
  updateBanding: message('UpdateBandingRequest', { bandedRange: BandedRange, fields: 'mask' }),
  updateBorders: message('UpdateBordersRequest', {
    bottom: Border,
    innerHorizontal: Border,
    innerVertical: Border,
    left: Border,
    range: GridRange,
    right: Border,
    top: Border,
  }),
  updateCells: message(
    'UpdateCellsRequest',
    { fields: 'mask', range: GridRange, rows: list(RowData), start: GridCoordinate },
    { area: ['start', 'range'] },
  ),
  updateChartSpec: message('UpdateChartSpecRequest', { chartId: 'int', spec: ChartSpec }),
  updateCommentPost: message('UpdateCommentPostRequest', { commentId: 'string', content: 'string', postId: 'string' }),
  updateConditionalFormatRule: message(
    'UpdateConditionalFormatRuleRequest',
    { index: 'int', newIndex: 'int', rule: ConditionalFormatRule, sheetId: 'int' },
    { instruction: ['rule', 'newIndex'] },
  ),
  updateDeveloperMetadata: message('UpdateDeveloperMetadataRequest', {
    dataFilters: list(DataFilter),
    developerMetadata: DeveloperMetadata,
    fields: 'mask',
  }),
  updateDimensionGroup: message('UpdateDimensionGroupRequest', { dimensionGroup: DimensionGroup, fields: 'mask' }),
  updateDimensionProperties: message('UpdateDimensionPropertiesRequest', {
    dataSourceSheetRange: 'json',
    fields: 'mask',
    properties: DimensionProperties,
    range: DimensionRange,
  }),
  updateEmbeddedObjectBorder: message('UpdateEmbeddedObjectBorderRequest', {
    border: EmbeddedObjectBorder,
    fields: 'mask',
    objectId: 'int',
  }),
  updateEmbeddedObjectPosition: message('UpdateEmbeddedObjectPositionRequest', {
    fields: 'mask',
    newPosition: EmbeddedObjectPosition,
    objectId: 'int',
  }),
  updateFilterView: message('UpdateFilterViewRequest', { fields: 'mask', filter: FilterView }),
  updateNamedRange: message('UpdateNamedRangeRequest', { fields: 'mask', namedRange: NamedRange }),
  updateProtectedRange: message('UpdateProtectedRangeRequest', { fields: 'mask', protectedRange: ProtectedRange }),
  updateSheetProperties: message('UpdateSheetPropertiesRequest', { fields: 'mask', properties: SheetProperties }),
  updateSlicerSpec: message('UpdateSlicerSpecRequest', { fields: 'mask', slicerId: 'int', spec: SlicerSpec }),
  updateSpreadsheetProperties: message('UpdateSpreadsheetPropertiesRequest', {
    fields: 'mask',
    properties: SpreadsheetProperties,
  }),
  updateTable: message('UpdateTableRequest', { fields: 'mask', table: Table }),
} as const;
export type Kind = keyof typeof Payloads;
export type Payload<K extends Kind> = Of<(typeof Payloads)[K]>;

/** Kinds of data sources in BigQuery: known by name and refused. */
export const DATA_SOURCE_KINDS = [
  'addDataSource',
  'cancelDataSourceRefresh',
  'deleteDataSource',
  'refreshDataSource',
  'updateDataSource',
];
