// One valid request of every kind that spreadsheets.batchUpdate takes, against a spreadsheet made for them. Data for
// tests of the embedded backend and of the tool that passes requests on.

import type { sheets_v4 } from '@googleapis/sheets';

type Request = sheets_v4.Schema$Request;
export type Kind = keyof Request & string;

/** Sheet 0 `Data`: a header and nine rows of five columns; sheet 7 `Other`: blank. */
export const SPREADSHEET: sheets_v4.Schema$Spreadsheet = {
  properties: { title: 'Every kind' },
  sheets: [
    {
      properties: { sheetId: 0, title: 'Data', gridProperties: { rowCount: 40, columnCount: 12 } },
      data: [{ rowData: [row('Name', 'Town', 'Amount', 'When', 'Note'), ...people()] }],
    },
    { properties: { sheetId: 7, title: 'Other', gridProperties: { rowCount: 20, columnCount: 8 } } },
  ],
};

function cell(value: string | number): sheets_v4.Schema$CellData {
  return { userEnteredValue: typeof value === 'number' ? { numberValue: value } : { stringValue: value } };
}

function row(...values: (string | number)[]): sheets_v4.Schema$RowData {
  return { values: values.map(cell) };
}

function people(): sheets_v4.Schema$RowData[] {
  const towns = ['Bonn', 'Kiel', 'Ulm'];
  return Array.from({ length: 9 }, (_, n) =>
    row(`Person ${n % 7}`, towns[n % 3] ?? '', n * 10, 45000 + n, ` a,b ${n} `),
  );
}

const range = (
  startRowIndex: number,
  endRowIndex: number,
  startColumnIndex: number,
  endColumnIndex: number,
  sheetId = 0,
) => ({
  sheetId,
  startRowIndex,
  endRowIndex,
  startColumnIndex,
  endColumnIndex,
});
const rows = (startIndex: number, endIndex: number, sheetId = 0) => ({
  sheetId,
  dimension: 'ROWS',
  startIndex,
  endIndex,
});
const columns = (startIndex: number, endIndex: number, sheetId = 0) => ({
  ...rows(startIndex, endIndex, sheetId),
  dimension: 'COLUMNS',
});
const source = (startColumnIndex: number) => ({
  sourceRange: { sources: [range(0, 10, startColumnIndex, startColumnIndex + 1)] },
});
const chartSpec = {
  title: 'Amounts',
  basicChart: {
    chartType: 'COLUMN',
    headerCount: 1,
    domains: [{ domain: source(0) }],
    series: [{ series: source(2), targetAxis: 'LEFT_AXIS' }],
  },
};
const red = { rgbColor: { red: 1 } };
const rule = {
  ranges: [range(1, 10, 2, 3)],
  booleanRule: {
    condition: { type: 'NUMBER_GREATER', values: [{ userEnteredValue: '50' }] },
    format: { backgroundColorStyle: red },
  },
};
const criteria = { 2: { condition: { type: 'NUMBER_GREATER', values: [{ userEnteredValue: '20' }] } } };

type CommentKind = 'addCommentReply' | 'updateCommentPost' | 'deleteComment' | 'deleteCommentReply';

/** Kinds that name a comment, whose id Google chooses: `commentId` of an insertComment and `postId` of a reply to it. */
export const OF_COMMENT: { readonly [K in CommentKind]: (commentId: string, postId: string) => Request } = {
  addCommentReply: (commentId) => ({ addCommentReply: { commentId, post: { content: 'Because.' } } }),
  updateCommentPost: (commentId, postId) => ({ updateCommentPost: { commentId, postId, content: 'Changed.' } }),
  deleteComment: (commentId) => ({ deleteComment: { commentId } }),
  deleteCommentReply: (commentId, postId) => ({ deleteCommentReply: { commentId, postId } }),
};

/** Requests that must come before the kind's own, and its own. The ids in them are the callers' choice. */
export const EVERY_KIND: { readonly [K in Exclude<Kind, CommentKind>]: readonly [...Request[], Request] } = {
  addBanding: [
    {
      addBanding: {
        bandedRange: {
          bandedRangeId: 11,
          range: range(0, 10, 0, 5),
          rowProperties: { firstBandColorStyle: red, secondBandColorStyle: { rgbColor: {} } },
        },
      },
    },
  ],
  addChart: [
    {
      addChart: {
        chart: {
          chartId: 12,
          spec: chartSpec,
          position: { overlayPosition: { anchorCell: { sheetId: 7, rowIndex: 1, columnIndex: 1 } } },
        },
      },
    },
  ],
  addConditionalFormatRule: [{ addConditionalFormatRule: { rule, index: 0 } }],
  addDimensionGroup: [{ addDimensionGroup: { range: rows(2, 5) } }],
  addFilterView: [
    { addFilterView: { filter: { filterViewId: 13, title: 'Large', range: range(0, 10, 0, 5), criteria } } },
  ],
  addNamedRange: [
    { addNamedRange: { namedRange: { namedRangeId: 'named1', name: 'Amounts', range: range(1, 10, 2, 3) } } },
  ],
  addProtectedRange: [
    { addProtectedRange: { protectedRange: { protectedRangeId: 14, range: range(0, 1, 0, 5), warningOnly: true } } },
  ],
  addSheet: [{ addSheet: { properties: { sheetId: 15, title: 'Added' } } }],
  addSlicer: [
    {
      addSlicer: {
        slicer: {
          slicerId: 16,
          spec: { dataRange: range(0, 10, 0, 5), columnIndex: 1, title: 'Town' },
          position: { overlayPosition: { anchorCell: { sheetId: 0, rowIndex: 0, columnIndex: 6 } } },
        },
      },
    },
  ],
  addTable: [{ addTable: { table: { tableId: 'table1', name: 'People', range: range(0, 10, 0, 5) } } }],
  appendCells: [{ appendCells: { sheetId: 0, rows: [row('New', 'Bonn', 1)], fields: 'userEnteredValue' } }],
  appendDimension: [{ appendDimension: { sheetId: 0, dimension: 'ROWS', length: 5 } }],
  autoFill: [{ autoFill: { sourceAndDestination: { source: range(1, 4, 2, 3), dimension: 'ROWS', fillLength: 3 } } }],
  autoResizeDimensions: [{ autoResizeDimensions: { dimensions: columns(0, 2) } }],
  clearBasicFilter: [
    { setBasicFilter: { filter: { range: range(0, 10, 0, 5) } } },
    { clearBasicFilter: { sheetId: 0 } },
  ],
  copyPaste: [
    { copyPaste: { source: range(0, 2, 0, 5), destination: range(0, 2, 0, 5, 7), pasteType: 'PASTE_NORMAL' } },
  ],
  createDeveloperMetadata: [
    {
      createDeveloperMetadata: {
        developerMetadata: {
          metadataId: 17,
          metadataKey: 'key',
          metadataValue: 'value',
          location: { spreadsheet: true },
          visibility: 'DOCUMENT',
        },
      },
    },
  ],
  cutPaste: [
    {
      cutPaste: {
        source: range(1, 2, 0, 5),
        destination: { sheetId: 7, rowIndex: 3, columnIndex: 0 },
        pasteType: 'PASTE_NORMAL',
      },
    },
  ],
  deleteBanding: [
    {
      addBanding: {
        bandedRange: {
          bandedRangeId: 11,
          range: range(0, 10, 0, 5),
          rowProperties: { firstBandColorStyle: red, secondBandColorStyle: { rgbColor: {} } },
        },
      },
    },
    { deleteBanding: { bandedRangeId: 11 } },
  ],
  deleteConditionalFormatRule: [
    { addConditionalFormatRule: { rule, index: 0 } },
    { deleteConditionalFormatRule: { sheetId: 0, index: 0 } },
  ],
  deleteDeveloperMetadata: [
    {
      createDeveloperMetadata: {
        developerMetadata: { metadataId: 17, metadataKey: 'key', location: { sheetId: 0 }, visibility: 'DOCUMENT' },
      },
    },
    { deleteDeveloperMetadata: { dataFilter: { developerMetadataLookup: { metadataId: 17 } } } },
  ],
  deleteDimension: [{ deleteDimension: { range: rows(3, 5) } }],
  deleteDimensionGroup: [{ addDimensionGroup: { range: rows(2, 5) } }, { deleteDimensionGroup: { range: rows(2, 5) } }],
  deleteDuplicates: [{ deleteDuplicates: { range: range(0, 10, 0, 5), comparisonColumns: [columns(0, 1)] } }],
  deleteEmbeddedObject: [
    {
      addChart: {
        chart: { chartId: 12, spec: chartSpec, position: { overlayPosition: { anchorCell: { sheetId: 7 } } } },
      },
    },
    { deleteEmbeddedObject: { objectId: 12 } },
  ],
  deleteFilterView: [
    { addFilterView: { filter: { filterViewId: 13, title: 'Large', range: range(0, 10, 0, 5) } } },
    { deleteFilterView: { filterId: 13 } },
  ],
  deleteNamedRange: [
    { addNamedRange: { namedRange: { namedRangeId: 'named1', name: 'Amounts', range: range(1, 10, 2, 3) } } },
    { deleteNamedRange: { namedRangeId: 'named1' } },
  ],
  deleteProtectedRange: [
    { addProtectedRange: { protectedRange: { protectedRangeId: 14, range: range(0, 1, 0, 5) } } },
    { deleteProtectedRange: { protectedRangeId: 14 } },
  ],
  deleteRange: [{ deleteRange: { range: range(2, 4, 0, 2), shiftDimension: 'ROWS' } }],
  deleteSheet: [{ deleteSheet: { sheetId: 7 } }],
  deleteTable: [
    { addTable: { table: { tableId: 'table1', name: 'People', range: range(0, 10, 0, 5) } } },
    { deleteTable: { tableId: 'table1' } },
  ],
  duplicateFilterView: [
    { addFilterView: { filter: { filterViewId: 13, title: 'Large', range: range(0, 10, 0, 5) } } },
    { duplicateFilterView: { filterId: 13 } },
  ],
  duplicateSheet: [{ duplicateSheet: { sourceSheetId: 0, insertSheetIndex: 1, newSheetId: 18, newSheetName: 'Twin' } }],
  findReplace: [{ findReplace: { find: 'Bonn', replacement: 'Köln', sheetId: 0, matchCase: true } }],
  insertDimension: [{ insertDimension: { range: rows(3, 5), inheritFromBefore: true } }],
  insertRange: [{ insertRange: { range: range(2, 4, 0, 2), shiftDimension: 'ROWS' } }],
  mergeCells: [{ mergeCells: { range: range(12, 14, 0, 3), mergeType: 'MERGE_ALL' } }],
  moveDimension: [{ moveDimension: { source: rows(1, 3), destinationIndex: 6 } }],
  pasteData: [
    {
      pasteData: {
        coordinate: { sheetId: 7, rowIndex: 0, columnIndex: 0 },
        data: 'a,1\nb,2',
        type: 'PASTE_NORMAL',
        delimiter: ',',
      },
    },
  ],
  randomizeRange: [{ randomizeRange: { range: range(1, 10, 0, 5) } }],
  repeatCell: [
    {
      repeatCell: {
        range: range(0, 1, 0, 5),
        cell: { userEnteredFormat: { textFormat: { bold: true } } },
        fields: 'userEnteredFormat.textFormat.bold',
      },
    },
  ],
  setBasicFilter: [{ setBasicFilter: { filter: { range: range(0, 10, 0, 5), criteria } } }],
  setDataValidation: [
    {
      setDataValidation: {
        range: range(1, 10, 1, 2),
        rule: {
          condition: { type: 'ONE_OF_LIST', values: [{ userEnteredValue: 'Bonn' }, { userEnteredValue: 'Kiel' }] },
          strict: true,
          showCustomUi: true,
        },
      },
    },
  ],
  sortRange: [
    { sortRange: { range: range(1, 10, 0, 5), sortSpecs: [{ dimensionIndex: 2, sortOrder: 'DESCENDING' }] } },
  ],
  textToColumns: [{ textToColumns: { source: range(1, 10, 4, 5), delimiterType: 'COMMA' } }],
  trimWhitespace: [{ trimWhitespace: { range: range(1, 10, 4, 5) } }],
  unmergeCells: [
    { mergeCells: { range: range(12, 14, 0, 3), mergeType: 'MERGE_ALL' } },
    { unmergeCells: { range: range(12, 14, 0, 3) } },
  ],
  updateBanding: [
    {
      addBanding: {
        bandedRange: {
          bandedRangeId: 11,
          range: range(0, 10, 0, 5),
          rowProperties: { firstBandColorStyle: red, secondBandColorStyle: { rgbColor: {} } },
        },
      },
    },
    { updateBanding: { bandedRange: { bandedRangeId: 11, range: range(0, 8, 0, 5) }, fields: 'range' } },
  ],
  updateBorders: [
    {
      updateBorders: {
        range: range(0, 10, 0, 5),
        top: { style: 'SOLID', colorStyle: { rgbColor: {} } },
        innerHorizontal: { style: 'DASHED' },
      },
    },
  ],
  updateCells: [
    {
      updateCells: {
        start: { sheetId: 7, rowIndex: 0, columnIndex: 0 },
        rows: [row('x', 1)],
        fields: 'userEnteredValue',
      },
    },
  ],
  updateChartSpec: [
    {
      addChart: {
        chart: { chartId: 12, spec: chartSpec, position: { overlayPosition: { anchorCell: { sheetId: 7 } } } },
      },
    },
    { updateChartSpec: { chartId: 12, spec: { ...chartSpec, title: 'New title' } } },
  ],
  updateConditionalFormatRule: [
    { addConditionalFormatRule: { rule, index: 0 } },
    { updateConditionalFormatRule: { sheetId: 0, index: 0, rule: { ...rule, ranges: [range(1, 5, 2, 3)] } } },
  ],
  updateDeveloperMetadata: [
    {
      createDeveloperMetadata: {
        developerMetadata: { metadataId: 17, metadataKey: 'key', location: { sheetId: 0 }, visibility: 'DOCUMENT' },
      },
    },
    {
      updateDeveloperMetadata: {
        dataFilters: [{ developerMetadataLookup: { metadataId: 17 } }],
        developerMetadata: { metadataValue: 'new' },
        fields: 'metadataValue',
      },
    },
  ],
  updateDimensionGroup: [
    { addDimensionGroup: { range: rows(2, 5) } },
    { updateDimensionGroup: { dimensionGroup: { range: rows(2, 5), depth: 1, collapsed: true }, fields: 'collapsed' } },
  ],
  updateDimensionProperties: [
    { updateDimensionProperties: { range: columns(0, 1), properties: { pixelSize: 240 }, fields: 'pixelSize' } },
  ],
  updateEmbeddedObjectBorder: [
    {
      addChart: {
        chart: { chartId: 12, spec: chartSpec, position: { overlayPosition: { anchorCell: { sheetId: 7 } } } },
      },
    },
    { updateEmbeddedObjectBorder: { objectId: 12, border: { colorStyle: red }, fields: 'colorStyle' } },
  ],
  updateEmbeddedObjectPosition: [
    {
      addChart: {
        chart: { chartId: 12, spec: chartSpec, position: { overlayPosition: { anchorCell: { sheetId: 7 } } } },
      },
    },
    {
      updateEmbeddedObjectPosition: {
        objectId: 12,
        newPosition: { overlayPosition: { anchorCell: { sheetId: 0, rowIndex: 3, columnIndex: 6 } } },
        fields: 'anchorCell',
      },
    },
  ],
  updateFilterView: [
    { addFilterView: { filter: { filterViewId: 13, title: 'Large', range: range(0, 10, 0, 5) } } },
    { updateFilterView: { filter: { filterViewId: 13, title: 'Small' }, fields: 'title' } },
  ],
  updateNamedRange: [
    { addNamedRange: { namedRange: { namedRangeId: 'named1', name: 'Amounts', range: range(1, 10, 2, 3) } } },
    { updateNamedRange: { namedRange: { namedRangeId: 'named1', name: 'Sums' }, fields: 'name' } },
  ],
  updateProtectedRange: [
    { addProtectedRange: { protectedRange: { protectedRangeId: 14, range: range(0, 1, 0, 5), warningOnly: true } } },
    {
      updateProtectedRange: { protectedRange: { protectedRangeId: 14, description: 'header' }, fields: 'description' },
    },
  ],
  updateSheetProperties: [{ updateSheetProperties: { properties: { sheetId: 7, title: 'Renamed' }, fields: 'title' } }],
  updateSlicerSpec: [
    {
      addSlicer: {
        slicer: {
          slicerId: 16,
          spec: { dataRange: range(0, 10, 0, 5), columnIndex: 1, title: 'Town' },
          position: { overlayPosition: { anchorCell: { sheetId: 0, rowIndex: 0, columnIndex: 6 } } },
        },
      },
    },
    { updateSlicerSpec: { slicerId: 16, spec: { title: 'Towns' }, fields: 'title' } },
  ],
  updateSpreadsheetProperties: [
    { updateSpreadsheetProperties: { properties: { title: 'New title' }, fields: 'title' } },
  ],
  updateTable: [
    { addTable: { table: { tableId: 'table1', name: 'People', range: range(0, 10, 0, 5) } } },
    { updateTable: { table: { tableId: 'table1', name: 'Persons' }, fields: 'name' } },
  ],
  insertComment: [
    { insertComment: { coordinate: { sheetId: 0, rowIndex: 1, columnIndex: 2 }, content: 'Why so much?' } },
  ],
  addDataSource: [{ addDataSource: { dataSource: {} } }],
  updateDataSource: [{ updateDataSource: { dataSource: {}, fields: '*' } }],
  deleteDataSource: [{ deleteDataSource: { dataSourceId: 'x' } }],
  refreshDataSource: [{ refreshDataSource: { isAll: true } }],
  cancelDataSourceRefresh: [{ cancelDataSourceRefresh: { isAll: true } }],
};

/** Kinds that this product's embedded backend refuses by name. */
export const REFUSED_KINDS: readonly Kind[] = [
  'addDataSource',
  'updateDataSource',
  'deleteDataSource',
  'refreshDataSource',
  'cancelDataSourceRefresh',
];
