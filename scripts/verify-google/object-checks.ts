// What the tools for charts, tables and pivot tables rely on: what goes with a table and comes back, where its columns
// have their names from, that a pivot table overwrites nothing, that a chart is told as it was drawn.

import { z } from 'zod';
import { gridReply } from '../../src/sheets/decode.ts';
import { stateRequests } from '../../src/sheets/requests.ts';
import type { Bench, Sheet } from './bench.ts';
import { at, cornerOf, own, put, text } from './cells.ts';
import { type Check, differs, unless } from './check.ts';

const cells = ({ id: sheetId }: Sheet, endRowIndex: number, startColumnIndex: number, endColumnIndex: number) => {
  return { sheetId, startRowIndex: 0, endRowIndex, startColumnIndex, endColumnIndex };
};

const tablesReply = z.object({
  sheets: z.array(
    z.object({
      tables: z
        .array(
          z.object({
            tableId: z.string(),
            columnProperties: z
              .array(z.object({ columnName: z.string().optional(), columnType: z.string().optional() }))
              .default([]),
          }),
        )
        .default([]),
    }),
  ),
});

async function tableOf(bench: Bench, tableId: string) {
  const reply = await bench.send(bench.call('spreadsheets.get', { fields: 'sheets.tables(tableId,columnProperties)' }));
  const tables = tablesReply.parse(reply).sheets.flatMap((sheet) => sheet.tables);
  return tables.find((table) => table.tableId === tableId);
}

export const namesTableColumns: Check = {
  number: 56,
  sheets: 1,
  run: async (bench, sheets) => {
    const sheet = own(sheets);
    const tableId = String(bench.newId());
    const table = {
      tableId,
      name: `T${tableId}`,
      range: cells(sheet, 3, 2, 4),
      columnProperties: [{ columnIndex: 1, columnType: 'TEXT' }],
    };
    await bench.batch([
      put(sheet, 0, 2, [
        ['a', 'b'],
        ['x', 'y'],
      ]),
    ]);
    await bench.batch([{ addTable: { table } }, put(sheet, 0, 3, [['b']])]);
    const [values] = await bench.values([at(sheet, 'A1:H2')]);
    const made = await tableOf(bench, tableId);
    await bench.batch([{ deleteTable: { tableId } }]);
    return unless(
      [
        differs('the cells', values?.values, [
          ['', '', 'a', 'b'],
          ['', '', 'x', 'y'],
        ]),
        differs(
          'the columns',
          made?.columnProperties.map(({ columnName, columnType }) => [columnName, columnType ?? null]),
          [
            ['a', null],
            ['b', 'TEXT'],
          ],
        ),
      ],
      'columns are called as their header cells, away from the first column too',
    );
  },
};

export const keepsCellsOfTable: Check = {
  number: 57,
  sheets: 1,
  run: async (bench, sheets) => {
    const sheet = own(sheets);
    const fields = 'userEnteredValue,userEnteredFormat,note,dataValidation,textFormatRuns,chipRuns';
    const condition = { type: 'ONE_OF_LIST', values: [{ userEnteredValue: 'rich' }] };
    const rich = {
      ...text('rich'),
      note: 'kept',
      userEnteredFormat: { textFormat: { bold: true } },
      dataValidation: { condition },
      textFormatRuns: [{ startIndex: 2, format: { italic: true } }],
    };
    const rows = [{ values: [text('h')] }, { values: [rich] }];
    await bench.batch([{ updateCells: { start: cornerOf(sheet), fields: '*', rows } }]);
    const tableId = String(bench.newId());
    await bench.batch([{ addTable: { table: { tableId, name: `T${tableId}`, range: cells(sheet, 3, 0, 1) } } }]);
    const look = async () => {
      const params = { ranges: [at(sheet, 'A1:A2')], fields: `sheets.data.rowData.values(${fields})` };
      return statesReply.parse(await bench.send(bench.call('spreadsheets.get', params))).sheets[0]?.data[0]?.rowData;
    };
    const before = await look();
    const block = { sheetId: sheet.id, row: 0, column: 0, cells: (before ?? []).map(({ values }) => values) };
    await bench.batch([{ deleteTable: { tableId } }, ...stateRequests(block, fields)]);
    return unless(
      [differs('the cells', await look(), before), differs('the table', await tableOf(bench, tableId), undefined)],
      'a table goes, and in the same batch its cells get back what they held',
    );
  },
};

const statesReply = z.object({
  sheets: z.array(
    z.object({
      data: z.array(
        z.object({ rowData: z.array(z.object({ values: z.array(z.record(z.string(), z.unknown())) })).default([]) }),
      ),
    }),
  ),
});

const shownReply = z.object({ updatedSpreadsheet: gridReply });

export const pivotsOverNothing: Check = {
  number: 58,
  sheets: 1,
  run: async (bench, sheets) => {
    const sheet = own(sheets);
    await bench.batch([put(sheet, 0, 0, [['h'], ['x'], ['y']]), put(sheet, 2, 3, [['mine']])]);
    const pivotTable = {
      source: cells(sheet, 3, 0, 1),
      rows: [{ sourceColumnOffset: 0, sortOrder: 'ASCENDING', showTotals: true }],
    };
    const draw = (rowIndex: number, columnIndex: number) =>
      bench.batch(
        [
          {
            updateCells: {
              start: cornerOf(sheet, rowIndex, columnIndex),
              rows: [{ values: [{ pivotTable }] }],
              fields: 'pivotTable',
            },
          },
        ],
        {
          includeSpreadsheetInResponse: true,
          responseIncludeGridData: true,
          responseRanges: [at(sheet, columnIndex === 3 ? 'D1' : 'F1')],
        },
        'updatedSpreadsheet.sheets(properties(sheetId,title),data(startRow,startColumn,rowData.values(effectiveValue,formattedValue)))',
      );
    const shown = (reply: unknown) => {
      const mine = shownReply.parse(reply).updatedSpreadsheet.sheets.find((one) => one.properties.sheetId === sheet.id);
      return mine?.data[0]?.rowData[0]?.values[0];
    };
    const cramped = shown(await draw(0, 3));
    const free = shown(await draw(0, 5));
    const [kept] = await bench.values([at(sheet, 'D3')]);
    const { message } = z
      .object({ message: z.string().default('') })
      .catch({ message: '' })
      .parse(cramped?.effectiveValue?.errorValue);
    return unless(
      [
        cramped?.effectiveValue?.errorValue === undefined && 'a pivot table without room shows no error',
        differs('the cell in its way', kept?.values, [['mine']]),
        differs('a pivot table with room', free?.formattedValue, 'h'),
      ],
      `a pivot table without room shows an error and overwrites nothing: ${message}`,
    );
  },
};

const chartsReply = z.object({
  sheets: z.array(
    z.object({
      charts: z.array(z.object({ chartId: z.number(), spec: z.record(z.string(), z.unknown()) })).default([]),
    }),
  ),
});

export const tellsCharts: Check = {
  number: 59,
  sheets: 1,
  run: async (bench, sheets) => {
    const sheet = own(sheets);
    await bench.batch([
      put(sheet, 0, 0, [
        ['h', 'n'],
        ['x', '1'],
        ['y', '2'],
      ]),
    ]);
    const data = (column: number, from = 0) => ({
      sourceRange: { sources: [{ ...cells(sheet, 3, column, column + 1), startRowIndex: from }] },
    });
    const position = { overlayPosition: { anchorCell: cornerOf(sheet, 0, 3) } };
    const basic = {
      title: 'one',
      basicChart: {
        chartType: 'BAR',
        headerCount: 1,
        domains: [{ domain: data(0) }],
        series: [{ series: data(1), targetAxis: 'BOTTOM_AXIS' }],
        axis: [{ position: 'BOTTOM_AXIS', title: 'n' }],
      },
    };
    const pie = { pieChart: { legendPosition: 'RIGHT_LEGEND', domain: data(0, 1), series: data(1, 1) } };
    const ids = [bench.newId(), bench.newId()];
    await bench.batch([basic, pie].map((spec, at) => ({ addChart: { chart: { chartId: ids[at], spec, position } } })));
    const specsOf = async (fields: string) => {
      const reply = await bench.send(bench.call('spreadsheets.get', { fields: `sheets.charts(chartId,${fields})` }));
      const charts = chartsReply.parse(reply).sheets.flatMap((one) => one.charts);
      return ids.map((id) => charts.find(({ chartId }) => chartId === id)?.spec ?? {});
    };
    const kinds = await specsOf('spec(title,basicChart.chartType,pieChart.domain,histogramChart.series.data)');
    const [before = {}] = await specsOf('spec');
    await bench.batch([{ updateChartSpec: { chartId: ids[0], spec: { ...before, title: 'two' } } }]);
    const [after = {}] = await specsOf('spec');
    return unless(
      [
        differs(
          'the parts of each',
          kinds.map((spec) => Object.keys(spec).sort()),
          [['basicChart', 'title'], ['pieChart']],
        ),
        differs('the spec sent back', { ...after, title: 'one' }, before),
      ],
      'a chart is of the one kind whose part comes back, and its spec is taken as it was told',
    );
  },
};
