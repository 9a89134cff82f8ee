// The messages of Sheets v4 that the emulator understands: the one place where their fields are named. Data only.

import { list, message, type Of, oneOf } from './schema.ts';

export const Dimension = oneOf('Dimension', 'DIMENSION_UNSPECIFIED', 'ROWS', 'COLUMNS');
export const ValueInputOption = oneOf('ValueInputOption', 'INPUT_VALUE_OPTION_UNSPECIFIED', 'RAW', 'USER_ENTERED');
export const ValueRenderOption = oneOf('ValueRenderOption', 'FORMATTED_VALUE', 'UNFORMATTED_VALUE', 'FORMULA');
export const DateTimeRenderOption = oneOf('DateTimeRenderOption', 'SERIAL_NUMBER', 'FORMATTED_STRING');
export const InsertDataOption = oneOf('InsertDataOption', 'OVERWRITE', 'INSERT_ROWS');

export const GridRange = message('GridRange', {
  sheetId: 'int',
  startRowIndex: 'int',
  endRowIndex: 'int',
  startColumnIndex: 'int',
  endColumnIndex: 'int',
});
export type GridRange = Of<typeof GridRange>;

const GridCoordinate = message('GridCoordinate', { sheetId: 'int', rowIndex: 'int', columnIndex: 'int' });
const DimensionRange = message('DimensionRange', {
  sheetId: 'int',
  dimension: Dimension,
  startIndex: 'int',
  endIndex: 'int',
});

export const Color = message('Color', { red: 'double', green: 'double', blue: 'double', alpha: 'double' });
const ColorStyle = message('ColorStyle', { rgbColor: Color, themeColor: 'string' });

const TextFormat = message('TextFormat', {
  foregroundColor: Color,
  foregroundColorStyle: ColorStyle,
  fontFamily: 'string',
  fontSize: 'int',
  bold: 'bool',
  italic: 'bool',
  strikethrough: 'bool',
  underline: 'bool',
  link: message('Link', { uri: 'string' }),
});
export const NumberFormat = message('NumberFormat', {
  type: oneOf(
    'NumberFormat.NumberFormatType',
    ...['NUMBER_FORMAT_TYPE_UNSPECIFIED', 'TEXT', 'NUMBER', 'PERCENT', 'CURRENCY'],
    ...['DATE', 'TIME', 'DATE_TIME', 'SCIENTIFIC'],
  ),
  pattern: 'string',
});
export type NumberFormat = Of<typeof NumberFormat>;

const Border = message('Border', { style: 'string', width: 'int', color: Color, colorStyle: ColorStyle });
export const CellFormat = message('CellFormat', {
  numberFormat: NumberFormat,
  backgroundColor: Color,
  backgroundColorStyle: ColorStyle,
  borders: message('Borders', { top: Border, bottom: Border, left: Border, right: Border }),
  padding: message('Padding', { top: 'int', right: 'int', bottom: 'int', left: 'int' }),
  horizontalAlignment: oneOf('HorizontalAlign', 'HORIZONTAL_ALIGN_UNSPECIFIED', 'LEFT', 'CENTER', 'RIGHT'),
  verticalAlignment: oneOf('VerticalAlign', 'VERTICAL_ALIGN_UNSPECIFIED', 'TOP', 'MIDDLE', 'BOTTOM'),
  wrapStrategy: oneOf('WrapStrategy', 'WRAP_STRATEGY_UNSPECIFIED', 'OVERFLOW_CELL', 'LEGACY_WRAP', 'CLIP', 'WRAP'),
  textDirection: oneOf('TextDirection', 'TEXT_DIRECTION_UNSPECIFIED', 'LEFT_TO_RIGHT', 'RIGHT_TO_LEFT'),
  textFormat: TextFormat,
  hyperlinkDisplayType: oneOf(
    'HyperlinkDisplayType',
    ...['HYPERLINK_DISPLAY_TYPE_UNSPECIFIED', 'LINKED', 'PLAIN_TEXT'],
  ),
  textRotation: message('TextRotation', { angle: 'int', vertical: 'bool' }),
});
export type CellFormat = Of<typeof CellFormat>;

const ExtendedValue = message('ExtendedValue', {
  numberValue: 'double',
  stringValue: 'string',
  boolValue: 'bool',
  formulaValue: 'string',
  errorValue: 'json',
});
export type ExtendedValue = Of<typeof ExtendedValue>;

export const CellData = message('CellData', {
  userEnteredValue: ExtendedValue,
  effectiveValue: ExtendedValue,
  formattedValue: 'string',
  userEnteredFormat: CellFormat,
  effectiveFormat: CellFormat,
  hyperlink: 'string',
  note: 'string',
  textFormatRuns: list('json'),
  dataValidation: 'json',
  pivotTable: 'json',
  dataSourceTable: 'json',
  dataSourceFormula: 'json',
  chipRuns: list('json'),
});
export type CellData = Of<typeof CellData>;

const RowData = message('RowData', { values: list(CellData) });
const GridData = message('GridData', {
  startRow: 'int',
  startColumn: 'int',
  rowData: list(RowData),
  rowMetadata: 'json',
  columnMetadata: 'json',
});

export const SheetProperties = message('SheetProperties', {
  sheetId: 'int',
  title: 'string',
  index: 'int',
  sheetType: oneOf('SheetType', 'SHEET_TYPE_UNSPECIFIED', 'GRID', 'OBJECT', 'DATA_SOURCE'),
  gridProperties: message('GridProperties', {
    rowCount: 'int',
    columnCount: 'int',
    frozenRowCount: 'int',
    frozenColumnCount: 'int',
    hideGridlines: 'bool',
    rowGroupControlAfter: 'bool',
    columnGroupControlAfter: 'bool',
  }),
  hidden: 'bool',
  tabColor: Color,
  tabColorStyle: ColorStyle,
  rightToLeft: 'bool',
  dataSourceSheetProperties: 'json',
});
export type SheetProperties = Of<typeof SheetProperties>;

export const SpreadsheetProperties = message('SpreadsheetProperties', {
  title: 'string',
  locale: 'string',
  autoRecalc: oneOf('RecalculationInterval', 'RECALCULATION_INTERVAL_UNSPECIFIED', 'ON_CHANGE', 'MINUTE', 'HOUR'),
  timeZone: 'string',
  defaultFormat: CellFormat,
  iterativeCalculationSettings: 'json',
  spreadsheetTheme: 'json',
  importFunctionsExternalUrlAccessAllowed: 'bool',
});
export type SpreadsheetProperties = Of<typeof SpreadsheetProperties>;

export const NamedRange = message('NamedRange', { namedRangeId: 'string', name: 'string', range: GridRange });
export type NamedRange = Of<typeof NamedRange>;

const LocationType = oneOf(
  'DeveloperMetadataLocation.DeveloperMetadataLocationType',
  ...['DEVELOPER_METADATA_LOCATION_TYPE_UNSPECIFIED', 'ROW', 'COLUMN', 'SHEET', 'SPREADSHEET'],
);
const Visibility = oneOf(
  'DeveloperMetadata.DeveloperMetadataVisibility',
  ...['DEVELOPER_METADATA_VISIBILITY_UNSPECIFIED', 'DOCUMENT', 'PROJECT'],
);
const MetadataLocation = message('DeveloperMetadataLocation', {
  locationType: LocationType,
  spreadsheet: 'bool',
  sheetId: 'int',
  dimensionRange: DimensionRange,
});
export type MetadataLocation = Of<typeof MetadataLocation>;
export const DeveloperMetadata = message('DeveloperMetadata', {
  metadataId: 'int',
  metadataKey: 'string',
  metadataValue: 'string',
  location: MetadataLocation,
  visibility: Visibility,
});
export type DeveloperMetadata = Of<typeof DeveloperMetadata>;

export const DataFilter = message('DataFilter', {
  developerMetadataLookup: message('DeveloperMetadataLookup', {
    locationType: LocationType,
    metadataLocation: MetadataLocation,
    locationMatchingStrategy: oneOf(
      'DeveloperMetadataLookup.DeveloperMetadataLocationMatchingStrategy',
      ...['DEVELOPER_METADATA_LOCATION_MATCHING_STRATEGY_UNSPECIFIED', 'EXACT_LOCATION', 'INTERSECTING_LOCATION'],
    ),
    metadataId: 'int',
    metadataKey: 'string',
    metadataValue: 'string',
    visibility: Visibility,
  }),
  a1Range: 'string',
  gridRange: GridRange,
});
export type DataFilter = Of<typeof DataFilter>;

const Sheet = message('Sheet', {
  properties: SheetProperties,
  data: list(GridData),
  merges: list(GridRange),
  conditionalFormats: 'json',
  filterViews: 'json',
  protectedRanges: 'json',
  basicFilter: 'json',
  charts: 'json',
  bandedRanges: 'json',
  developerMetadata: list(DeveloperMetadata),
  rowGroups: 'json',
  columnGroups: 'json',
  slicers: 'json',
  tables: 'json',
});
export const Spreadsheet = message('Spreadsheet', {
  spreadsheetId: 'string',
  properties: SpreadsheetProperties,
  sheets: list(Sheet),
  namedRanges: list(NamedRange),
  spreadsheetUrl: 'string',
  developerMetadata: list(DeveloperMetadata),
  dataSources: 'json',
  dataSourceSchedules: 'json',
});

export const ValueRange = message('ValueRange', { range: 'string', majorDimension: Dimension, values: 'rows' });
export type ValueRange = Of<typeof ValueRange>;
export const BatchUpdateValues = message('BatchUpdateValuesRequest', {
  valueInputOption: ValueInputOption,
  data: list(ValueRange),
  includeValuesInResponse: 'bool',
  responseValueRenderOption: ValueRenderOption,
  responseDateTimeRenderOption: DateTimeRenderOption,
});
export const BatchClearValues = message('BatchClearValuesRequest', { ranges: list('string') });
export const SearchMetadata = message('SearchDeveloperMetadataRequest', { dataFilters: list(DataFilter) });

/** The payloads of the request kinds that have an effect; every other kind's is not looked into. */
export const Payloads = {
  addSheet: message('AddSheetRequest', { properties: SheetProperties }),
  deleteSheet: message('DeleteSheetRequest', { sheetId: 'int' }),
  updateSheetProperties: message('UpdateSheetPropertiesRequest', { properties: SheetProperties, fields: 'mask' }),
  updateSpreadsheetProperties: message('UpdateSpreadsheetPropertiesRequest', {
    properties: SpreadsheetProperties,
    fields: 'mask',
  }),
  appendCells: message('AppendCellsRequest', {
    sheetId: 'int',
    rows: list(RowData),
    fields: 'mask',
    tableId: 'string',
  }),
  appendDimension: message('AppendDimensionRequest', { sheetId: 'int', dimension: Dimension, length: 'int' }),
  updateCells: message('UpdateCellsRequest', {
    rows: list(RowData),
    fields: 'mask',
    start: GridCoordinate,
    range: GridRange,
  }),
  repeatCell: message('RepeatCellRequest', { range: GridRange, cell: CellData, fields: 'mask' }),
  addNamedRange: message('AddNamedRangeRequest', { namedRange: NamedRange }),
  deleteNamedRange: message('DeleteNamedRangeRequest', { namedRangeId: 'string' }),
  createDeveloperMetadata: message('CreateDeveloperMetadataRequest', { developerMetadata: DeveloperMetadata }),
  deleteDeveloperMetadata: message('DeleteDeveloperMetadataRequest', { dataFilter: DataFilter }),
} as const;
export type Kind = keyof typeof Payloads;
export type Payload<K extends Kind> = Of<(typeof Payloads)[K]>;

/** The kinds of the API as of October 2026 (client 18.1) that this backend knows by name only. */
const NAMED_ONLY = `addBanding addChart addCommentReply addConditionalFormatRule addDataSource addDimensionGroup
  addFilterView addProtectedRange addSlicer addTable autoFill autoResizeDimensions cancelDataSourceRefresh
  clearBasicFilter copyPaste cutPaste deleteBanding deleteComment deleteCommentReply deleteConditionalFormatRule
  deleteDataSource deleteDimension deleteDimensionGroup deleteDuplicates deleteEmbeddedObject deleteFilterView
  deleteProtectedRange deleteRange deleteTable duplicateFilterView duplicateSheet findReplace insertComment
  insertDimension insertRange mergeCells moveDimension pasteData randomizeRange refreshDataSource setBasicFilter
  setDataValidation sortRange textToColumns trimWhitespace unmergeCells updateBanding updateBorders updateChartSpec
  updateCommentPost updateConditionalFormatRule updateDataSource updateDeveloperMetadata updateDimensionGroup
  updateDimensionProperties updateEmbeddedObjectBorder updateEmbeddedObjectPosition updateFilterView
  updateNamedRange updateProtectedRange updateSlicerSpec updateTable`.split(/\s+/);

const Request = message('BatchUpdateSpreadsheetRequest.Request', {
  ...Payloads,
  ...Object.fromEntries(NAMED_ONLY.map((kind) => [kind, 'json'] as const)),
});
export const BatchUpdate = message('BatchUpdateSpreadsheetRequest', {
  requests: list(Request),
  includeSpreadsheetInResponse: 'bool',
  responseRanges: list('string'),
  responseIncludeGridData: 'bool',
  commentsViewMode: 'string',
});

/** Shapes of replies, against which `fields` is checked. */
export const Replies = {
  spreadsheet: Spreadsheet,
  valueRange: ValueRange,
  batchUpdate: message('BatchUpdateSpreadsheetResponse', {
    spreadsheetId: 'string',
    replies: 'json',
    updatedSpreadsheet: Spreadsheet,
    commentUpdateState: 'string',
  }),
  any: 'json',
} as const;
