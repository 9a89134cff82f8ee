// Sheets and spreadsheets as a whole. Data only.

import { list, message, type Of, oneOf } from '../schema.ts';
import { Color, ColorStyle, GridRange, ThemeColorType } from './base.ts';
import { DeveloperMetadata, GridData } from './cells.ts';
import { EmbeddedChart, Slicer } from './embedded.ts';
import { BandedRange, CommentThread, DimensionGroup, NamedRange, ProtectedRange, Table } from './features.ts';
import { CellFormat } from './format.ts';
import { BasicFilter, ConditionalFormatRule, FilterView } from './rules.ts';

export const GridProperties = message('GridProperties', {
  columnCount: 'int',
  columnGroupControlAfter: 'bool',
  frozenColumnCount: 'int',
  frozenRowCount: 'int',
  hideGridlines: 'bool',
  rowCount: 'int',
  rowGroupControlAfter: 'bool',
});

export const SheetType = oneOf('SheetType', 'SHEET_TYPE_UNSPECIFIED', 'GRID', 'OBJECT', 'DATA_SOURCE');

export const SheetProperties = message('SheetProperties', {
  dataSourceSheetProperties: 'json',
  gridProperties: GridProperties,
  hidden: 'bool',
  index: 'int',
  rightToLeft: 'bool',
  sheetId: 'int',
  sheetType: SheetType,
  tabColor: Color,
  tabColorStyle: ColorStyle,
  title: 'string',
});
export type SheetProperties = Of<typeof SheetProperties>;

export const IterativeCalculationSettings = message('IterativeCalculationSettings', {
  convergenceThreshold: 'double',
  maxIterations: 'int',
});

export const ThemeColorPair = message('ThemeColorPair', { color: ColorStyle, colorType: ThemeColorType });
export type ThemeColorPair = Of<typeof ThemeColorPair>;

export const SpreadsheetTheme = message('SpreadsheetTheme', {
  primaryFontFamily: 'string',
  themeColors: list(ThemeColorPair),
});

export const RecalculationInterval = oneOf(
  'RecalculationInterval',
  'RECALCULATION_INTERVAL_UNSPECIFIED',
  'ON_CHANGE',
  'MINUTE',
  'HOUR',
);

export const SpreadsheetProperties = message('SpreadsheetProperties', {
  autoRecalc: RecalculationInterval,
  defaultFormat: CellFormat,
  importFunctionsExternalUrlAccessAllowed: 'bool',
  iterativeCalculationSettings: IterativeCalculationSettings,
  locale: 'string',
  spreadsheetTheme: SpreadsheetTheme,
  timeZone: 'string',
  title: 'string',
});
export type SpreadsheetProperties = Of<typeof SpreadsheetProperties>;

export const CommentAnchor = message('CommentAnchor', { anchorId: 'string', range: GridRange });

export const Sheet = message('Sheet', {
  bandedRanges: list(BandedRange),
  basicFilter: BasicFilter,
  charts: list(EmbeddedChart),
  columnGroups: list(DimensionGroup),
  commentAnchors: list(CommentAnchor),
  conditionalFormats: list(ConditionalFormatRule),
  data: list(GridData),
  developerMetadata: list(DeveloperMetadata),
  filterViews: list(FilterView),
  merges: list(GridRange),
  properties: SheetProperties,
  protectedRanges: list(ProtectedRange),
  rowGroups: list(DimensionGroup),
  slicers: list(Slicer),
  tables: list(Table),
});
export type Sheet = Of<typeof Sheet>;

export const Spreadsheet = message('Spreadsheet', {
  comments: list(CommentThread),
  commentsViewMode: 'string',
  dataSources: list('json'),
  dataSourceSchedules: list('json'),
  developerMetadata: list(DeveloperMetadata),
  namedRanges: list(NamedRange),
  properties: SpreadsheetProperties,
  sheets: list(Sheet),
  spreadsheetId: 'string',
  spreadsheetUrl: 'string',
});
