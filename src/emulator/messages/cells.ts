// A cell and a grid of them. Data only.

import { list, message, type Of, oneOf } from '../schema.ts';
import { DimensionRange } from './base.ts';
import { CellFormat, ChipRun, TextFormatRun } from './format.ts';
import { ExtendedValue, PivotTable } from './pivot.ts';
import { DataValidationRule } from './rules.ts';

export const CellData = message('CellData', {
  chipRuns: list(ChipRun),
  dataSourceFormula: 'json',
  dataSourceTable: 'json',
  dataValidation: DataValidationRule,
  effectiveFormat: CellFormat,
  effectiveValue: ExtendedValue,
  formattedValue: 'string',
  hyperlink: 'string',
  note: 'string',
  pivotTable: PivotTable,
  textFormatRuns: list(TextFormatRun),
  userEnteredFormat: CellFormat,
  userEnteredValue: ExtendedValue,
});
export type CellData = Of<typeof CellData>;

export const RowData = message('RowData', { values: list(CellData) });

export const DeveloperMetadataLocationType = oneOf(
  'DeveloperMetadataLocation.DeveloperMetadataLocationType',
  'DEVELOPER_METADATA_LOCATION_TYPE_UNSPECIFIED',
  'ROW',
  'COLUMN',
  'SHEET',
  'SPREADSHEET',
);

export const DeveloperMetadataLocation = message('DeveloperMetadataLocation', {
  dimensionRange: DimensionRange,
  locationType: DeveloperMetadataLocationType,
  sheetId: 'int',
  spreadsheet: 'bool',
});
export type DeveloperMetadataLocation = Of<typeof DeveloperMetadataLocation>;

export const DeveloperMetadataVisibility = oneOf(
  'DeveloperMetadata.DeveloperMetadataVisibility',
  'DEVELOPER_METADATA_VISIBILITY_UNSPECIFIED',
  'DOCUMENT',
  'PROJECT',
);

export const DeveloperMetadata = message('DeveloperMetadata', {
  location: DeveloperMetadataLocation,
  metadataId: 'int',
  metadataKey: 'string',
  metadataValue: 'string',
  visibility: DeveloperMetadataVisibility,
});
export type DeveloperMetadata = Of<typeof DeveloperMetadata>;

export const DimensionProperties = message('DimensionProperties', {
  dataSourceColumnReference: 'json',
  developerMetadata: list(DeveloperMetadata),
  hiddenByFilter: 'bool',
  hiddenByUser: 'bool',
  pixelSize: 'int',
});
export type DimensionProperties = Of<typeof DimensionProperties>;

export const GridData = message('GridData', {
  columnMetadata: list(DimensionProperties),
  rowData: list(RowData),
  rowMetadata: list(DimensionProperties),
  startColumn: 'int',
  startRow: 'int',
});
