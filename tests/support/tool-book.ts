// A small book that has something of everything a tool may be about. Data for tests of the tools.

import { SPREADSHEET } from './every-kind.ts';

/** Ids in the book. Its sheets 0 `Data` and 7 `Other` are those of every-kind.ts. */
export const IDS = {
  sheet1: 3,
  tasks: 4,
  chart: 112,
  filterView: 113,
  protection: 114,
  namedRange: 'rain1',
  table: 'tasks1',
} as const;

const area = (sheetId: number, endRowIndex: number, endColumnIndex: number, startColumnIndex = 0) => {
  return { sheetId, startRowIndex: 0, endRowIndex, startColumnIndex, endColumnIndex };
};
const source = (startColumnIndex: number) => ({
  sourceRange: { sources: [area(IDS.sheet1, 5, startColumnIndex + 1, startColumnIndex)] },
});

function row(...values: (string | number)[]) {
  return {
    values: values.map((value) => ({
      userEnteredValue: typeof value === 'number' ? { numberValue: value } : { stringValue: value },
    })),
  };
}

function sheet(sheetId: number, title: string, ...rowData: object[]) {
  const gridProperties = { rowCount: 20, columnCount: 9, frozenRowCount: 1 };
  return { properties: { sheetId, title, gridProperties }, data: [{ rowData }] };
}

/** `Sheet1` has the columns that the tools' examples name. */
export const BOOK = {
  properties: { title: 'Every tool' },
  sheets: [
    ...(SPREADSHEET.sheets ?? []),
    sheet(
      IDS.sheet1,
      'Sheet1',
      row('date', 'precipitation', 'temp_max', 'temp_min', 'wind', 'weather'),
      row(46344, 0, 12.8, 5, 4.7, 'drizzle'),
      row(46345, 10.9, 10.6, 2.8, 4.5, 'rain'),
      row(46346, 0.8, 11.7, 7.2, 2.3, 'rain'),
      row(46347, 20.3, 12.2, 5.6, 4.7, 'sun'),
    ),
    sheet(IDS.tasks, "To do's", row('Task', 'Owner', 'Hours'), row('Paint', 'Ann', 3), row('Sand', 'Bob', 5)),
  ],
};

/** What the book gets beside cells: one of each kind of object. */
export const OBJECTS = [
  { addTable: { table: { tableId: IDS.table, name: 'Tasks', range: area(IDS.tasks, 3, 3) } } },
  { addNamedRange: { namedRange: { namedRangeId: IDS.namedRange, name: 'Rain', range: area(IDS.sheet1, 5, 2, 1) } } },
  {
    addProtectedRange: {
      protectedRange: { protectedRangeId: IDS.protection, range: area(IDS.sheet1, 1, 6), warningOnly: true },
    },
  },
  { addFilterView: { filter: { filterViewId: IDS.filterView, title: 'Dry', range: area(IDS.sheet1, 5, 6) } } },
  {
    addChart: {
      chart: {
        chartId: IDS.chart,
        spec: {
          title: 'Rain by day',
          basicChart: {
            chartType: 'COLUMN',
            headerCount: 1,
            domains: [{ domain: source(0) }],
            series: [{ series: source(1), targetAxis: 'LEFT_AXIS' }],
          },
        },
        position: { overlayPosition: { anchorCell: { sheetId: IDS.sheet1, rowIndex: 7, columnIndex: 1 } } },
      },
    },
  },
  {
    addConditionalFormatRule: {
      index: 0,
      rule: {
        ranges: [area(IDS.sheet1, 5, 2, 1)],
        booleanRule: {
          condition: { type: 'NUMBER_GREATER', values: [{ userEnteredValue: '5' }] },
          format: { textFormat: { bold: true } },
        },
      },
    },
  },
  {
    setDataValidation: {
      range: { ...area(IDS.sheet1, 5, 6, 5), startRowIndex: 1 },
      rule: {
        condition: {
          type: 'ONE_OF_LIST',
          values: ['rain', 'sun', 'drizzle'].map((userEnteredValue) => ({ userEnteredValue })),
        },
      },
    },
  },
  {
    updateCells: {
      start: { sheetId: IDS.tasks, rowIndex: 0, columnIndex: 5 },
      fields: 'pivotTable',
      rows: [
        {
          values: [
            {
              pivotTable: {
                source: area(IDS.sheet1, 5, 6),
                rows: [{ sourceColumnOffset: 5, showTotals: true, sortOrder: 'ASCENDING' }],
                values: [{ sourceColumnOffset: 1, summarizeFunction: 'SUM' }],
              },
            },
          ],
        },
      ],
    },
  },
  { mergeCells: { range: { ...area(IDS.tasks, 12, 2), startRowIndex: 10 }, mergeType: 'MERGE_ALL' } },
  {
    updateCells: {
      start: { sheetId: IDS.sheet1, rowIndex: 0, columnIndex: 6 },
      fields: 'userEnteredValue,note',
      rows: [
        { values: [{ userEnteredValue: { stringValue: 'twice' }, note: 'As a check.' }] },
        { values: [{ userEnteredValue: { formulaValue: '=B2*2' } }] },
      ],
    },
  },
];
