// Objects whose write lost its answer: the id was chosen before, so that what is told in the end has it all the same.

import { describe, expect, test } from 'vitest';
import { failureOf } from '../support/fake-google.ts';
import { objectBench } from '../support/objects.ts';

const POST = { method: 'POST', path: ':batchUpdate' } as const;
const ROWS = [
  ['month', 'sales'],
  ['Jan', 10],
  ['Feb', 14],
];

const WRITES: Record<string, [tool: string, input: object, id: string, fields: string]> = {
  chart: ['set_chart', { type: 'line', data: 'S!A1:B3' }, 'chartId', 'sheets.charts.chartId'],
  'chart on its own sheet': [
    'set_chart',
    { type: 'line', data: 'S!A1:B3', position: 'new sheet' },
    'chartId',
    'sheets.charts.chartId',
  ],
  table: [
    'set_table',
    { range: 'S!A1:B3', name: 'Sales', columns: { sales: 'currency' } },
    'tableId',
    'sheets.tables.tableId',
  ],
  'named range': ['set_named_range', { name: 'sales', range: 'S!B2:B3' }, 'namedRangeId', 'namedRanges.namedRangeId'],
  protection: ['set_protection', { range: 'S!A1:B1' }, 'protectedRangeId', 'sheets.protectedRanges.protectedRangeId'],
  'pivot table': [
    'set_pivot_table',
    { anchor: 'S!D1', source: 'S!A1:B3', rows: ['month'] },
    'anchor',
    'sheets.data.rowData.values.pivotTable.source',
  ],
};

describe.each(Object.entries(WRITES))('the answer to a %s', (_, [tool, input, id, fields]) => {
  const env = { REQUEST_DEADLINE_MS: '10000', API_TIMEOUT_MS: '15000' };

  test.each([true, false])(
    'that is lost, applied %s, is told in the end with its id, and the object is there once',
    async (applied) => {
      const { world, app, id: spreadsheet, raw } = await objectBench(ROWS, env);
      world.emulator.setFaults({ rules: [{ ...POST, count: 1, fault: { hang: true, applied } }] });
      const run = () => app.run(tool, { spreadsheet, ...input }, { key: 'k' });
      const error = await world.until(failureOf(run()));
      expect(error.code).toBe('outcome_unknown');
      const told = await world.until(run());
      expect(told).toMatchObject({ status: 'applied', writeId: error.details.writeId });
      const shown = JSON.stringify(await raw(fields));
      if (id === 'anchor') expect(shown.match(/"pivotTable"/g)).toHaveLength(1);
      else
        expect([...shown.matchAll(new RegExp(`"${id}":"?(\\w+)`, 'g'))].map(([, one]) => one)).toEqual([`${told[id]}`]);
    },
  );
});

test('the answer that is lost but sent again within the deadline has the id too', async () => {
  const { world, app, id: spreadsheet, raw } = await objectBench(ROWS);
  world.emulator.setFaults({ rules: [{ ...POST, count: 1, fault: { status: 503, applied: true } }] });
  const told = await world.until(app.run('set_chart', { spreadsheet, type: 'line', data: 'S!A1:B3' }));
  expect((await raw('sheets.charts.chartId')).sheets[0].charts).toEqual([{ chartId: told.chartId }]);
});
