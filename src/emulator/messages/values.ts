// Bodies and replies of spreadsheets.values, of the data filters and of batchUpdate as a whole. Data only.

import { list, message, type Of, oneOf } from '../schema.ts';
import { Dimension } from './base.ts';
import { CommentsViewMode } from './features.ts';
import { DataFilter } from './metadata.ts';
import { DATA_SOURCE_KINDS, Payloads } from './requests.ts';
import { Spreadsheet } from './sheet.ts';

export const ValueInputOption = oneOf('ValueInputOption', 'INPUT_VALUE_OPTION_UNSPECIFIED', 'RAW', 'USER_ENTERED');
export const ValueRenderOption = oneOf('ValueRenderOption', 'FORMATTED_VALUE', 'UNFORMATTED_VALUE', 'FORMULA');
export const DateTimeRenderOption = oneOf('DateTimeRenderOption', 'SERIAL_NUMBER', 'FORMATTED_STRING');
export const InsertDataOption = oneOf('InsertDataOption', 'OVERWRITE', 'INSERT_ROWS');

export const ValueRange = message('ValueRange', { range: 'string', majorDimension: Dimension, values: 'rows' });
export type ValueRange = Of<typeof ValueRange>;

/** What a write by batch says of its reply. */
const ECHO = {
  includeValuesInResponse: 'bool',
  responseValueRenderOption: ValueRenderOption,
  responseDateTimeRenderOption: DateTimeRenderOption,
} as const;

export const BatchUpdateValues = message('BatchUpdateValuesRequest', {
  valueInputOption: ValueInputOption,
  data: list(ValueRange),
  ...ECHO,
});
export const BatchClearValues = message('BatchClearValuesRequest', { ranges: list('string') });
export const SearchMetadata = message('SearchDeveloperMetadataRequest', { dataFilters: list(DataFilter) });
export const CopySheet = message('CopySheetToAnotherSpreadsheetRequest', { destinationSpreadsheetId: 'string' });

export const GetByDataFilter = message('GetSpreadsheetByDataFilterRequest', {
  dataFilters: list(DataFilter),
  includeGridData: 'bool',
  excludeTablesInBandedRanges: 'bool',
  commentsViewMode: CommentsViewMode,
});
export const BatchGetByDataFilter = message('BatchGetValuesByDataFilterRequest', {
  dataFilters: list(DataFilter),
  majorDimension: Dimension,
  valueRenderOption: ValueRenderOption,
  dateTimeRenderOption: DateTimeRenderOption,
});
export const BatchUpdateByDataFilter = message('BatchUpdateValuesByDataFilterRequest', {
  valueInputOption: ValueInputOption,
  data: list(message('DataFilterValueRange', { dataFilter: DataFilter, majorDimension: Dimension, values: 'rows' })),
  ...ECHO,
});
export const BatchClearByDataFilter = message('BatchClearValuesByDataFilterRequest', {
  dataFilters: list(DataFilter),
});

const Request = message('BatchUpdateSpreadsheetRequest.Request', {
  ...Payloads,
  ...Object.fromEntries(DATA_SOURCE_KINDS.map((kind) => [kind, 'json'] as const)),
});
export const BatchUpdate = message('BatchUpdateSpreadsheetRequest', {
  requests: list(Request),
  includeSpreadsheetInResponse: 'bool',
  responseRanges: list('string'),
  responseIncludeGridData: 'bool',
  commentsViewMode: CommentsViewMode,
});

/** The reply of batchUpdate, against which `fields` is checked. */
export const BatchUpdateReply = message('BatchUpdateSpreadsheetResponse', {
  spreadsheetId: 'string',
  replies: 'json',
  updatedSpreadsheet: Spreadsheet,
  commentUpdateState: 'string',
});
